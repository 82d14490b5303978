//! What a verification finds.

use jiff::civil::Date;
use zhurnal_proto::id::{LessonId, PersonId};

/// Kind of a finding; the names are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// An entry differs from what the tree says.
    EntryChanged,
    /// An entry of the tree, or of the chain of a cell, is gone.
    EntryMissing,
    /// An entry that the service did not write.
    EntryInvented,
    /// A stored mark, attendance, lesson entry or request is not what the entries say.
    StateDiffers,
    /// A checkpoint is gone, or entries stand outside any for too long.
    CheckpointMissing,
    /// A root is not that of its entries, or a witness keeps another one.
    RootDiffers,
    /// A checkpoint's note is not signed by this ledger.
    SignatureWrong,
    /// A witness could not be asked: its checkpoints are not compared.
    WitnessUnreachable,
    /// A witness lacks a checkpoint that it should have had for minutes.
    WitnessBehind,
}

impl Reason {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Reason::EntryChanged => "ENTRY_CHANGED",
            Reason::EntryMissing => "ENTRY_MISSING",
            Reason::EntryInvented => "ENTRY_INVENTED",
            Reason::StateDiffers => "STATE_DIFFERS",
            Reason::CheckpointMissing => "CHECKPOINT_MISSING",
            Reason::RootDiffers => "ROOT_DIFFERS",
            Reason::SignatureWrong => "SIGNATURE_WRONG",
            Reason::WitnessUnreachable => "WITNESS_UNREACHABLE",
            Reason::WitnessBehind => "WITNESS_BEHIND",
        }
    }
}

/// One thing that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Kind.
    pub reason: Reason,
    /// Which record: table and key.
    pub record: String,
    /// What is wrong, in Russian.
    pub message: String,
    /// Day of the tree, where known.
    pub day: Option<Date>,
    /// Lesson, where known.
    pub lesson: Option<LessonId>,
    /// Pupil, where known.
    pub pupil: Option<PersonId>,
}

impl Finding {
    /// A finding about a record.
    pub fn new(reason: Reason, record: impl Into<String>, message: impl Into<String>) -> Finding {
        Finding {
            reason,
            record: record.into(),
            message: message.into(),
            day: None,
            lesson: None,
            pupil: None,
        }
    }

    /// With the day of the tree.
    #[must_use]
    pub fn on(mut self, day: Date) -> Finding {
        self.day = Some(day);
        self
    }

    /// With the cell that it concerns.
    #[must_use]
    pub fn at(mut self, lesson: LessonId, pupil: Option<PersonId>) -> Finding {
        self.lesson = Some(lesson);
        self.pupil = pupil;
        self
    }
}
