//! The client's own record: on the disk before a save is sent and after its answer.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

/// One mark of a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Lesson.
    pub lesson: String,
    /// Pupil.
    pub pupil: String,
    /// Mark.
    pub value: String,
    /// Comment, different in every mark of every save.
    pub comment: String,
}

/// What a save's answer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every mark was applied.
    Applied,
    /// Refused for good.
    Refused,
    /// An answer that a save of empty cells never gets, such as DUPLICATE.
    Strange,
}

/// A line of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// About to be sent; written again when it is sent again.
    Sent {
        /// Idempotency key.
        key: Uuid,
        /// Marks.
        marks: Vec<Wanted>,
    },
    /// Answered.
    Answered {
        /// Idempotency key.
        key: Uuid,
        /// What the answer said.
        outcome: Outcome,
    },
}

/// Writes the record; cheap to clone.
#[derive(Debug, Clone)]
pub struct Recorder {
    lines: mpsc::Sender<(Line, oneshot::Sender<()>)>,
}

impl Recorder {
    /// Appends to a file, from a thread of its own.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let file = File::options().create(true).append(true).open(path);
        let file = file.with_context(|| path.display().to_string())?;
        let (lines, waiting) = mpsc::channel(1_024);
        std::thread::spawn(move || write(file, waiting));
        Ok(Self { lines })
    }

    /// Returns when the line is on the disk.
    pub async fn write(&self, line: Line) -> anyhow::Result<()> {
        let (done, told) = oneshot::channel();
        let gone = || anyhow::anyhow!("the client's record cannot be written");
        self.lines.send((line, done)).await.map_err(|_| gone())?;
        told.await.map_err(|_| gone())
    }
}

/// Everything that waits goes to the disk together.
fn write(mut file: File, mut waiting: mpsc::Receiver<(Line, oneshot::Sender<()>)>) {
    let mut batch = Vec::new();
    while waiting.blocking_recv_many(&mut batch, 1_024) > 0 {
        let mut text = Vec::new();
        for (line, _) in &batch {
            if serde_json::to_writer(&mut text, line).is_err() {
                return;
            }
            text.push(b'\n');
        }
        if file
            .write_all(&text)
            .and_then(|()| file.sync_data())
            .is_err()
        {
            return;
        }
        for (_, done) in batch.drain(..) {
            let _ = done.send(());
        }
    }
}

/// A save as the record tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Marks.
    pub marks: Vec<Wanted>,
    /// Last answer; `None` = still unknown.
    pub outcome: Option<Outcome>,
    /// How often it was sent.
    pub sent: usize,
    /// Two answers to one save said different things.
    pub contradicted: bool,
}

/// All saves of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History(pub BTreeMap<Uuid, Told>);

impl History {
    /// Reads a record.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let lines = text
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<Vec<Line>, _>>()?;
        Self::of(lines)
    }

    /// The history that lines tell.
    pub fn of(lines: impl IntoIterator<Item = Line>) -> anyhow::Result<Self> {
        let mut all: BTreeMap<Uuid, Told> = BTreeMap::new();
        for line in lines {
            match line {
                Line::Sent { key, marks } => {
                    let fresh = Told {
                        marks: marks.clone(),
                        outcome: None,
                        sent: 0,
                        contradicted: false,
                    };
                    let told = all.entry(key).or_insert(fresh);
                    anyhow::ensure!(told.marks == marks, "{key} was sent with two contents");
                    told.sent += 1;
                }
                Line::Answered { key, outcome } => {
                    let told = all
                        .get_mut(&key)
                        .with_context(|| format!("{key} was answered but never sent"))?;
                    told.contradicted |= told.outcome.is_some_and(|before| before != outcome);
                    told.outcome = Some(outcome);
                }
            }
        }
        Ok(Self(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(key: u128) -> Line {
        let mark = Wanted {
            lesson: "les_1".into(),
            pupil: "per_1".into(),
            value: "5".into(),
            comment: format!("{key}"),
        };
        Line::Sent {
            key: Uuid::from_u128(key),
            marks: vec![mark],
        }
    }

    fn answered(key: u128, outcome: Outcome) -> Line {
        Line::Answered {
            key: Uuid::from_u128(key),
            outcome,
        }
    }

    #[tokio::test]
    async fn a_record_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record.jsonl");
        let recorder = Recorder::open(&path).unwrap();
        for line in [sent(1), sent(2), answered(1, Outcome::Applied), sent(2)] {
            recorder.write(line).await.unwrap();
        }
        let history = History::read(&path).unwrap();
        assert_eq!(
            history.0[&Uuid::from_u128(1)].outcome,
            Some(Outcome::Applied)
        );
        let second = &history.0[&Uuid::from_u128(2)];
        assert_eq!((second.outcome, second.sent), (None, 2));
    }

    #[test]
    fn two_answers_that_differ_are_noticed() {
        let lines = [
            sent(1),
            answered(1, Outcome::Applied),
            sent(1),
            answered(1, Outcome::Strange),
        ];
        assert!(History::of(lines).unwrap().0[&Uuid::from_u128(1)].contradicted);
    }

    #[test]
    fn an_answer_to_nothing_is_an_error() {
        assert!(History::of([answered(7, Outcome::Applied)]).is_err());
    }
}
