//! A client that never forgets: one save after another, each until it is known.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use http::StatusCode;

use super::record::{Line, Outcome, Recorder, Wanted};
use crate::http::{Answer, Browser};
use crate::work::{Pile, Save, body};

/// Marks of the saves, in turn.
const SIZES: [usize; 4] = [1, 1, 5, 1];
/// Pause before a save is sent again.
const AGAIN: Duration = Duration::from_millis(25);

/// What all writers of a run share.
#[derive(Debug, Clone, Default)]
pub(super) struct Load {
    /// No new saves are begun.
    pub stop: Arc<AtomicBool>,
    /// Saves that are sent and not answered.
    pub in_flight: Arc<AtomicUsize>,
    /// Saves that were answered.
    pub answered: Arc<AtomicUsize>,
}

/// One client.
#[derive(Debug)]
pub(super) struct Writer {
    browser: Browser,
    pile: Pile,
    recorder: Recorder,
    turn: usize,
    /// Sent and not known.
    pub pending: Option<(Browser, Save)>,
    /// How many saves had to be sent again.
    pub unknown: usize,
}

impl Writer {
    pub fn new(browser: Browser, pile: Pile, recorder: Recorder) -> Self {
        Self {
            browser,
            pile,
            recorder,
            turn: 0,
            pending: None,
            unknown: 0,
        }
    }

    /// Saves until told to stop. `patient`: after an unknown outcome it goes on
    /// asking; else it returns, for the service is gone.
    pub async fn work(&mut self, load: &Load, patient: bool) -> anyhow::Result<()> {
        loop {
            if !self.resolve(load, patient).await? && !patient {
                return Ok(());
            }
            if load.stop.load(Ordering::SeqCst) {
                return Ok(());
            }
            let size = SIZES[self.turn % SIZES.len()];
            self.turn += 1;
            let Some((who, mut save)) = self.pile.next(size) else {
                anyhow::bail!("the school has no empty cells left");
            };
            for (nth, target) in save.targets.iter_mut().enumerate() {
                target.comment = format!("{}.{nth}", save.key);
            }
            self.pending = Some((who, save));
        }
    }

    /// Sends the pending save until its outcome is known; false = still unknown.
    pub async fn resolve(&mut self, load: &Load, patient: bool) -> anyhow::Result<bool> {
        let mut again = false;
        while let Some((who, save)) = self.pending.take() {
            match self.send(&who, &save, load).await? {
                Some(outcome) => {
                    self.recorder
                        .write(Line::Answered {
                            key: save.key,
                            outcome,
                        })
                        .await?;
                    load.answered.fetch_add(1, Ordering::SeqCst);
                }
                None => {
                    self.unknown += usize::from(!again);
                    again = true;
                    self.pending = Some((who, save));
                    if !patient {
                        return Ok(false);
                    }
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
        Ok(true)
    }

    /// Sends a save once; `None` = the outcome is unknown.
    async fn send(
        &mut self,
        who: &Browser,
        save: &Save,
        load: &Load,
    ) -> anyhow::Result<Option<Outcome>> {
        let marks = save.targets.iter().map(|target| Wanted {
            lesson: target.lesson.clone(),
            pupil: target.pupil.clone(),
            value: target.value.to_owned(),
            comment: target.comment.clone(),
        });
        let line = Line::Sent {
            key: save.key,
            marks: marks.collect(),
        };
        self.recorder.write(line).await?;
        self.browser.act_as(who);
        load.in_flight.fetch_add(1, Ordering::SeqCst);
        let answer = self
            .browser
            .post(&save.path, Some(save.key), body(&save.targets))
            .await;
        load.in_flight.fetch_sub(1, Ordering::SeqCst);
        Ok(answer
            .ok()
            .and_then(|answer| outcome(&answer, save.targets.len())))
    }
}

/// What an answer says; refusals that a repeat may change say nothing.
fn outcome(answer: &Answer, marks: usize) -> Option<Outcome> {
    #[derive(serde::Deserialize)]
    struct Results {
        #[serde(default)]
        results: Vec<Result>,
    }
    #[derive(serde::Deserialize)]
    struct Result {
        #[serde(default)]
        verdict: String,
    }
    match answer.status {
        StatusCode::OK => {
            // An answer that was cut off is none.
            let results: Results = serde_json::from_slice(&answer.body).ok()?;
            let applied = results
                .results
                .iter()
                .filter(|r| r.verdict == "MARK_VERDICT_APPLIED")
                .count();
            Some(if applied == marks {
                Outcome::Applied
            } else {
                Outcome::Strange
            })
        }
        StatusCode::BAD_REQUEST
        | StatusCode::FORBIDDEN
        | StatusCode::NOT_FOUND
        | StatusCode::PRECONDITION_FAILED
        | StatusCode::UNPROCESSABLE_ENTITY => Some(Outcome::Refused),
        _ => None,
    }
}
