//! One subscription to grading's feed per gateway, fanned out to all browsers.
//!
//! Live events say only which resource changed; the page re-reads it. A ring of
//! the last events serves browsers that come back with `Last-Event-ID`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use chassis::client::Peers;
use chassis::task::Task;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use zhurnal_proto::grading::v1::grading_event::Change;
use zhurnal_proto::grading::v1::grading_service_client::GradingServiceClient;
use zhurnal_proto::grading::v1::{GradingEvent, WatchGradingEventsRequest};

/// What browsers are told of: the changes that [`LiveChange::of`] knows.
const LIVE: [&str; 3] = ["cells_changed", "lesson_recorded", "correction_changed"];

/// A change with what it touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveChange {
    /// Cursor of the event; also the SSE id.
    pub revision: String,
    touched: Touched,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Touched {
    /// Pupils in order, each once.
    Cells {
        journal: String,
        pupils: Vec<String>,
    },
    Lesson {
        journal: String,
        lesson: String,
    },
    Correction {
        school: String,
        correction: String,
    },
}

impl LiveChange {
    /// What browsers are told of an event, if anything.
    fn of(event: GradingEvent, cursor: &str) -> Option<Self> {
        let touched = match event.change? {
            Change::CellsChanged(cells) => {
                let cells_of = cells.cells.into_iter().filter_map(|changed| changed.cell);
                let mut pupils: Vec<String> = cells_of.map(|cell| cell.pupil_id).collect();
                pupils.sort_unstable();
                pupils.dedup();
                Touched::Cells {
                    journal: cells.journal_id,
                    pupils,
                }
            }
            Change::LessonRecorded(lesson) => Touched::Lesson {
                journal: lesson.journal_id,
                lesson: lesson.lesson_id,
            },
            Change::CorrectionChanged(correction) => Touched::Correction {
                school: event.school_id,
                correction: correction.correction_request_id,
            },
            Change::LedgerCheckpointSigned(_) | Change::JournalOpened(_) => return None,
        };
        Some(Self {
            revision: cursor.to_owned(),
            touched,
        })
    }

    /// What happened: `cellsChanged`, `lessonRecorded`, `correctionChanged`.
    pub fn kind(&self) -> &'static str {
        match self.touched {
            Touched::Cells { .. } => "cellsChanged",
            Touched::Lesson { .. } => "lessonRecorded",
            Touched::Correction { .. } => "correctionChanged",
        }
    }

    /// Resource that who follows the topic (`pupil:per_…`) reads again; `None` when the
    /// change does not touch it.
    pub fn resource(&self, topic: &str) -> Option<&str> {
        let (kind, id) = topic.split_once(':')?;
        let found = match (&self.touched, kind) {
            (Touched::Cells { journal, .. }, "journal") => Some(journal).filter(|it| *it == id),
            (Touched::Cells { pupils, .. }, "pupil") => {
                let at = pupils.binary_search_by(|pupil| pupil.as_str().cmp(id));
                at.ok().and_then(|at| pupils.get(at))
            }
            (Touched::Lesson { journal, lesson }, "journal") => {
                Some(lesson).filter(|_| journal == id)
            }
            (Touched::Correction { school, correction }, "corrections") => {
                Some(correction).filter(|_| school == id)
            }
            _ => None,
        };
        found.map(String::as_str)
    }
}

#[cfg(test)]
impl LiveChange {
    /// Changed cells of these pupils.
    pub(super) fn of_cells(revision: &str, journal: &str, pupils: &[&str]) -> Self {
        Self {
            revision: revision.to_owned(),
            touched: Touched::Cells {
                journal: journal.to_owned(),
                pupils: pupils.iter().map(|&pupil| pupil.to_owned()).collect(),
            },
        }
    }
}

/// Fans grading's events out.
#[derive(Clone)]
pub struct Hub {
    live: broadcast::Sender<Arc<LiveChange>>,
    ring: Arc<Mutex<Ring>>,
}

struct Ring {
    events: VecDeque<Arc<LiveChange>>,
    /// From where to where grading's feed is known here; `None` before its first word.
    known: Option<Known>,
    capacity: usize,
}

struct Known {
    /// Cursor before the oldest kept event: older ones cannot be resumed from.
    floor: String,
    /// Cursor of the last message.
    newest: String,
}

/// What a returning browser has missed.
#[derive(Debug, PartialEq, Eq)]
pub enum Missed {
    /// These events, oldest first.
    Events(Vec<Arc<LiveChange>>),
    /// Too long ago: read everything again.
    TooOld,
}

impl Hub {
    /// A hub that keeps `capacity` events.
    pub fn new(capacity: usize) -> Self {
        let (live, _) = broadcast::channel(4_096);
        Self {
            live,
            ring: Arc::new(Mutex::new(Ring {
                events: VecDeque::new(),
                known: None,
                capacity,
            })),
        }
    }

    /// Live events from now on, with what was missed since `last`.
    pub fn follow(&self, last: Option<&str>) -> (broadcast::Receiver<Arc<LiveChange>>, Missed) {
        // Subscribed under the lock: nothing falls between the ring and the live part.
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.live.subscribe();
        let missed = match last {
            None => Missed::Events(Vec::new()),
            Some(last) => ring.since(last),
        };
        (receiver, missed)
    }

    /// How far grading's feed has come: what is read after it holds everything up to there.
    pub fn position(&self) -> Option<String> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.known.as_ref().map(|known| known.newest.clone())
    }

    /// The task that feeds the hub.
    pub fn task(&self, peers: Peers) -> Task {
        let hub = self.clone();
        Task::new("live", move |stop: CancellationToken| {
            let (hub, peers) = (hub.clone(), peers.clone());
            async move {
                tokio::select! {
                    () = stop.cancelled() => Ok(()),
                    ended = hub.pump(&peers) => ended,
                }
            }
        })
    }

    /// Takes grading's feed in from where it was left, or from now on.
    async fn pump(&self, peers: &Peers) -> anyhow::Result<()> {
        let mut grading = GradingServiceClient::new(peers.channel("grading"));
        let request = WatchGradingEventsRequest {
            cursor: self.position().unwrap_or_else(|| "now".to_owned()),
            changes: LIVE.map(str::to_owned).to_vec(),
            ..Default::default()
        };
        let mut stream = match grading.watch_grading_events(request).await {
            Ok(response) => response.into_inner(),
            Err(refused) => {
                if chassis::status::reason(&refused) == "CURSOR_EXPIRED" {
                    self.forget();
                }
                return Err(refused.into());
            }
        };
        while let Some(message) = stream.message().await? {
            let live = message
                .event
                .and_then(|event| LiveChange::of(event, &message.cursor));
            self.advance(&message.cursor, live);
        }
        anyhow::bail!("grading ended the feed")
    }

    /// Takes the next message of the feed in.
    fn advance(&self, cursor: &str, change: Option<LiveChange>) {
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        // What came before the first message is not known.
        let known = ring.known.get_or_insert_with(|| Known {
            floor: cursor.to_owned(),
            newest: String::new(),
        });
        cursor.clone_into(&mut known.newest);
        if let Some(change) = change.map(Arc::new) {
            ring.push(change.clone());
            // Nobody listening is no error.
            let _ = self.live.send(change);
        }
    }

    fn forget(&self) {
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.events.clear();
        ring.known = None;
    }
}

impl Ring {
    fn push(&mut self, change: Arc<LiveChange>) {
        if self.events.len() == self.capacity
            && let Some(dropped) = self.events.pop_front()
            && let Some(known) = &mut self.known
        {
            known.floor.clone_from(&dropped.revision);
        }
        self.events.push_back(change);
    }

    fn since(&self, last: &str) -> Missed {
        let floor = self.known.as_ref().and_then(|known| order(&known.floor));
        match (order(last), floor) {
            (Some(last), Some(floor)) if floor.0 == last.0 && floor.1 <= last.1 => Missed::Events(
                self.events
                    .iter()
                    .filter(|e| order(&e.revision).is_some_and(|o| o > last))
                    .cloned()
                    .collect(),
            ),
            _ => Missed::TooOld,
        }
    }
}

/// `e3.42` → (3, 42).
fn order(cursor: &str) -> Option<(u64, u64)> {
    let (epoch, position) = cursor.strip_prefix('e')?.split_once('.')?;
    Some((epoch.parse().ok()?, position.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The feed has come to a position, with a change there.
    fn change(hub: &Hub, position: u64) {
        let cursor = format!("e1.{position}");
        let change = LiveChange::of_cells(&cursor, "jrn_1", &["per_1"]);
        hub.advance(&cursor, Some(change));
    }

    fn positions(missed: Missed) -> Vec<String> {
        match missed {
            Missed::Events(events) => events.iter().map(|e| e.revision.clone()).collect(),
            Missed::TooOld => vec!["too old".into()],
        }
    }

    #[test]
    fn a_returning_browser_gets_exactly_what_it_missed() {
        let hub = Hub::new(3);
        for position in 1..=3 {
            change(&hub, position);
        }
        assert_eq!(positions(hub.follow(Some("e1.2")).1), ["e1.3"]);
        assert_eq!(positions(hub.follow(Some("e1.3")).1), [""; 0]);
        change(&hub, 4);
        assert_eq!(
            positions(hub.follow(Some("e1.1")).1),
            ["e1.2", "e1.3", "e1.4"]
        );
        change(&hub, 5);
        assert_eq!(positions(hub.follow(Some("e1.1")).1), ["too old"]);
        assert_eq!(positions(hub.follow(Some("e2.1")).1), ["too old"]);
        assert_eq!(positions(hub.follow(Some("nonsense")).1), ["too old"]);
    }

    #[test]
    fn an_idle_feed_can_be_resumed_from_where_it_stands() {
        let hub = Hub::new(3);
        assert_eq!(hub.position(), None);
        assert_eq!(positions(hub.follow(Some("e1.7")).1), ["too old"]);
        hub.advance("e1.7", None);
        assert_eq!(hub.position().as_deref(), Some("e1.7"));
        assert_eq!(positions(hub.follow(Some("e1.7")).1), [""; 0]);
        assert_eq!(positions(hub.follow(Some("e1.6")).1), ["too old"]);
        hub.advance("e1.9", None);
        change(&hub, 10);
        assert_eq!(positions(hub.follow(Some("e1.7")).1), ["e1.10"]);
        assert_eq!(hub.position().as_deref(), Some("e1.10"));
        hub.forget();
        assert_eq!(hub.position(), None);
    }

    #[test]
    fn a_changed_cell_touches_its_journal_and_each_pupil_once() {
        use zhurnal_proto::grading::v1::{Cell, CellsChanged, ChangedCell};
        let cell = |pupil: &str| ChangedCell {
            cell: Some(Cell {
                pupil_id: pupil.into(),
                ..Default::default()
            }),
            ..Default::default()
        };
        let change = CellsChanged {
            journal_id: "jrn_1".into(),
            cells: vec![cell("per_2"), cell("per_1"), cell("per_2")],
            ..Default::default()
        };
        let event = GradingEvent {
            change: Some(Change::CellsChanged(change)),
            ..Default::default()
        };
        let live = LiveChange::of(event, "e1.1").unwrap();
        assert_eq!(live.kind(), "cellsChanged");
        let resource = |topic| live.resource(topic);
        assert_eq!(resource("journal:jrn_1"), Some("jrn_1"));
        assert_eq!(resource("pupil:per_1"), Some("per_1"));
        assert_eq!(resource("pupil:per_2"), Some("per_2"));
        for foreign in [
            "pupil:per_3",
            "journal:per_1",
            "corrections:jrn_1",
            "pupil:",
            "per_1",
        ] {
            assert_eq!(resource(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_recorded_lesson_touches_its_journal_and_a_correction_the_school() {
        use zhurnal_proto::grading::v1::{CorrectionChanged, LessonRecorded};
        let event = |change| GradingEvent {
            school_id: "sch_1".into(),
            change: Some(change),
            ..Default::default()
        };
        let lesson = event(Change::LessonRecorded(LessonRecorded {
            journal_id: "jrn_1".into(),
            lesson_id: "les_1".into(),
            ..Default::default()
        }));
        let live = LiveChange::of(lesson, "e1.1").unwrap();
        assert_eq!(live.resource("journal:jrn_1"), Some("les_1"));
        assert_eq!(live.resource("journal:les_1"), None);
        let correction = event(Change::CorrectionChanged(CorrectionChanged {
            correction_request_id: "cor_1".into(),
            ..Default::default()
        }));
        let live = LiveChange::of(correction, "e1.2").unwrap();
        assert_eq!(live.resource("corrections:sch_1"), Some("cor_1"));
        assert_eq!(live.resource("corrections:sch_2"), None);
    }
}
