//! One subscription to grading's feed per gateway, fanned out to all browsers.
//!
//! Live events say only which resource changed; the page re-reads it. A ring of
//! the last events serves browsers that come back with `Last-Event-ID`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use chassis::client::Peers;
use chassis::task::Task;
use serde::Serialize;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use zhurnal_proto::grading::v1::grading_event::Change;
use zhurnal_proto::grading::v1::grading_service_client::GradingServiceClient;
use zhurnal_proto::grading::v1::{GradingEvent, WatchGradingEventsRequest};

/// What browsers are told of: the changes that [`live_events`] knows.
const LIVE: [&str; 3] = ["cells_changed", "lesson_recorded", "correction_changed"];

/// What a browser is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiveEvent {
    /// Topic that the browser follows: `pupil:per_…`.
    pub topic: String,
    /// What happened: `cellsChanged`, `lessonRecorded`, `correctionChanged`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Resource to read again.
    pub resource: String,
    /// Cursor of the event; also the SSE id.
    pub revision: String,
}

/// Fans grading's events out.
#[derive(Clone)]
pub struct Hub {
    live: broadcast::Sender<Arc<LiveEvent>>,
    ring: Arc<Mutex<Ring>>,
}

struct Ring {
    events: VecDeque<Arc<LiveEvent>>,
    /// Cursor before the oldest kept event: older ones cannot be resumed from.
    floor: Option<String>,
    capacity: usize,
}

/// What a returning browser has missed.
#[derive(Debug, PartialEq, Eq)]
pub enum Missed {
    /// These events, oldest first.
    Events(Vec<Arc<LiveEvent>>),
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
                floor: None,
                capacity,
            })),
        }
    }

    /// Live events from now on, with what was missed since `last`.
    pub fn follow(&self, last: Option<&str>) -> (broadcast::Receiver<Arc<LiveEvent>>, Missed) {
        // Subscribed under the lock: nothing falls between the ring and the live part.
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.live.subscribe();
        let missed = match last {
            None => Missed::Events(Vec::new()),
            Some(last) => ring.since(last),
        };
        (receiver, missed)
    }

    /// The task that feeds the hub.
    pub fn task(&self, peers: Peers) -> Task {
        let hub = self.clone();
        let position = Arc::new(tokio::sync::Mutex::new("now".to_owned()));
        Task::new("live", move |stop: CancellationToken| {
            let (hub, peers, position) = (hub.clone(), peers.clone(), position.clone());
            async move {
                let mut position = position.lock().await;
                tokio::select! {
                    () = stop.cancelled() => Ok(()),
                    ended = hub.pump(&peers, &mut position) => ended,
                }
            }
        })
    }

    async fn pump(&self, peers: &Peers, position: &mut String) -> anyhow::Result<()> {
        let mut grading = GradingServiceClient::new(peers.channel("grading"));
        let request = WatchGradingEventsRequest {
            cursor: position.clone(),
            changes: LIVE.map(str::to_owned).to_vec(),
            ..Default::default()
        };
        let mut stream = match grading.watch_grading_events(request).await {
            Ok(response) => response.into_inner(),
            Err(refused) => {
                if chassis::status::reason(&refused) == "CURSOR_EXPIRED" {
                    *position = "now".to_owned();
                    self.forget();
                }
                return Err(refused.into());
            }
        };
        while let Some(message) = stream.message().await? {
            if let Some(event) = message.event {
                for live in live_events(&event, &message.cursor) {
                    self.publish(live);
                }
            }
            *position = message.cursor;
        }
        anyhow::bail!("grading ended the feed")
    }

    fn publish(&self, event: LiveEvent) {
        let event = Arc::new(event);
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if ring.events.len() == ring.capacity
            && let Some(dropped) = ring.events.pop_front()
        {
            ring.floor = Some(dropped.revision.clone());
        }
        ring.events.push_back(event.clone());
        // Nobody listening is no error.
        let _ = self.live.send(event);
    }

    fn forget(&self) {
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.events.clear();
        ring.floor = None;
    }
}

impl Ring {
    fn since(&self, last: &str) -> Missed {
        let Some(last) = order(last) else {
            return Missed::TooOld;
        };
        let known = self
            .floor
            .as_deref()
            .and_then(order)
            .or_else(|| self.events.front().and_then(|e| order(&e.revision)));
        match known {
            Some(floor) if floor.0 == last.0 && floor.1 <= last.1 => Missed::Events(
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

/// The topics that an event touches.
fn live_events(event: &GradingEvent, cursor: &str) -> Vec<LiveEvent> {
    let live = |topic: String, kind, resource: String| LiveEvent {
        topic,
        kind,
        resource,
        revision: cursor.to_owned(),
    };
    match &event.change {
        Some(Change::CellsChanged(cells)) => {
            let mut pupils: Vec<&str> = cells
                .cells
                .iter()
                .filter_map(|c| c.cell.as_ref())
                .map(|c| c.pupil_id.as_str())
                .collect();
            pupils.sort_unstable();
            pupils.dedup();
            let journal = live(
                format!("journal:{}", cells.journal_id),
                "cellsChanged",
                cells.journal_id.clone(),
            );
            let of_pupil = |p: &str| live(format!("pupil:{p}"), "cellsChanged", p.to_owned());
            std::iter::once(journal)
                .chain(pupils.into_iter().map(of_pupil))
                .collect()
        }
        Some(Change::LessonRecorded(lesson)) => {
            vec![live(
                format!("journal:{}", lesson.journal_id),
                "lessonRecorded",
                lesson.lesson_id.clone(),
            )]
        }
        Some(Change::CorrectionChanged(correction)) => vec![live(
            format!("corrections:{}", event.school_id),
            "correctionChanged",
            correction.correction_request_id.clone(),
        )],
        Some(Change::LedgerCheckpointSigned(_) | Change::JournalOpened(_)) | None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(position: u64) -> LiveEvent {
        LiveEvent {
            topic: "pupil:per_1".into(),
            kind: "cellsChanged",
            resource: "per_1".into(),
            revision: format!("e1.{position}"),
        }
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
            hub.publish(event(position));
        }
        assert_eq!(positions(hub.follow(Some("e1.2")).1), ["e1.3"]);
        assert_eq!(positions(hub.follow(Some("e1.3")).1), [""; 0]);
        hub.publish(event(4));
        assert_eq!(
            positions(hub.follow(Some("e1.1")).1),
            ["e1.2", "e1.3", "e1.4"]
        );
        hub.publish(event(5));
        assert_eq!(positions(hub.follow(Some("e1.1")).1), ["too old"]);
        assert_eq!(positions(hub.follow(Some("e2.1")).1), ["too old"]);
        assert_eq!(positions(hub.follow(Some("nonsense")).1), ["too old"]);
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
        let topics: Vec<_> = live_events(&event, "e1.1")
            .into_iter()
            .map(|e| e.topic)
            .collect();
        assert_eq!(topics, ["journal:jrn_1", "pupil:per_1", "pupil:per_2"]);
    }
}
