//! One entry: who changed what, when, from where, old → new.

use hmac::{Hmac, Mac};
use jiff::{Timestamp, civil::Date};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zhurnal_proto::id::{
    CorrectionRequestId, LedgerEntryId, LessonId, PersonId, SchoolId, SessionId,
};

use super::tree::{Hash, leaf_hash};

/// Changes when the bytes of an entry are laid out otherwise.
const LAYOUT: &[u8] = b"zhurnal ledger entry 1\n";
/// Length of a salt, bytes.
pub const SALT: usize = 16;

/// What an entry is about; numbers are those of contract and database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(i16)]
pub enum Subject {
    /// A mark.
    Mark = 1,
    /// Attendance.
    Attendance = 2,
    /// Topic, homework, conducted.
    Lesson = 3,
    /// A correction request or its decision.
    Correction = 4,
}

impl Subject {
    /// Back from the number.
    pub fn from_number(number: i16) -> Option<Subject> {
        [
            Subject::Mark,
            Subject::Attendance,
            Subject::Lesson,
            Subject::Correction,
        ]
        .into_iter()
        .find(|subject| *subject as i16 == number)
    }
}

/// Key of an entry: the change that made it, and its place in that change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryKey {
    /// Lesson.
    pub lesson: LessonId,
    /// Change: all entries of one transaction have the same.
    pub change: Uuid,
    /// Place in the change, from 0.
    pub nth: i16,
}

impl EntryKey {
    /// The id to show, made of the key.
    pub fn id(&self) -> LedgerEntryId {
        let mut bytes = *self.change.as_bytes();
        let [high, low] = self.nth.to_be_bytes();
        bytes[14] ^= high;
        bytes[15] ^= low;
        LedgerEntryId::from_uuid(Uuid::from_bytes(bytes))
    }
}

/// SHA-256(salt ‖ text): proves the text while it is there, says nothing after.
pub fn commitment(salt: &[u8], text: &str) -> Hash {
    Sha256::new()
        .chain_update(salt)
        .chain_update(text.as_bytes())
        .finalize()
        .into()
}

/// Comment, reason or note of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PersonalText {
    /// There was none.
    None,
    /// There is one.
    Kept {
        /// Salt.
        salt: Vec<u8>,
        /// Text.
        text: String,
        /// Commitment stored beside them.
        commitment: Vec<u8>,
    },
    /// There was one; text and salt were erased.
    Erased {
        /// What is left.
        commitment: Vec<u8>,
    },
}

impl PersonalText {
    /// Of a text with a fresh salt; an empty text is none.
    pub fn new(text: &str, salt: impl FnOnce() -> Vec<u8>) -> PersonalText {
        if text.is_empty() {
            return PersonalText::None;
        }
        let salt = salt();
        let commitment = commitment(&salt, text).to_vec();
        PersonalText::Kept {
            salt,
            text: text.to_owned(),
            commitment,
        }
    }

    /// As read from the database: empty = not there.
    pub fn stored(salt: Vec<u8>, text: String, commitment: Vec<u8>) -> PersonalText {
        match (commitment.is_empty(), salt.is_empty() && text.is_empty()) {
            (true, true) => PersonalText::None,
            (false, true) => PersonalText::Erased { commitment },
            _ => PersonalText::Kept {
                salt,
                text,
                commitment,
            },
        }
    }

    /// Bytes that enter the leaf; empty = there was no text.
    pub fn commitment(&self) -> &[u8] {
        match self {
            PersonalText::None => &[],
            PersonalText::Kept { commitment, .. } | PersonalText::Erased { commitment } => {
                commitment
            }
        }
    }

    /// The text, while it is there.
    pub fn text(&self) -> &str {
        match self {
            PersonalText::Kept { text, .. } => text,
            PersonalText::None | PersonalText::Erased { .. } => "",
        }
    }

    /// The salt, while it is there.
    pub fn salt(&self) -> &[u8] {
        match self {
            PersonalText::Kept { salt, .. } => salt,
            PersonalText::None | PersonalText::Erased { .. } => &[],
        }
    }

    /// Text and commitment belong together.
    pub fn is_sound(&self) -> bool {
        match self {
            PersonalText::None => true,
            PersonalText::Kept {
                salt,
                text,
                commitment: kept,
            } => commitment(salt, text).as_slice() == kept.as_slice(),
            PersonalText::Erased { commitment } => commitment.len() == 32,
        }
    }

    /// Another place holds the same text (or nothing, once it is erased).
    pub fn agrees_with(&self, other: &str) -> bool {
        match self {
            PersonalText::None | PersonalText::Erased { .. } => other.is_empty(),
            PersonalText::Kept { text, .. } => text == other,
        }
    }
}

/// Facts of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// School.
    pub school: SchoolId,
    /// First calendar year of the academic year.
    pub academic_year: i16,
    /// Key.
    pub key: EntryKey,
    /// Day of the tree that it belongs to: the day it was recorded, school's zone.
    pub day: Date,
    /// What it is about.
    pub subject: Subject,
    /// Pupil; none for lessons.
    pub pupil: Option<PersonId>,
    /// Slot of the mark; 0 = none.
    pub slot: i16,
    /// Text before; empty = none.
    pub old_value: String,
    /// Text after; empty = cleared.
    pub new_value: String,
    /// Kind of work.
    pub kind: i16,
    /// Revision of the part after the change.
    pub revision: i64,
    /// Comment, reason or note.
    pub personal: PersonalText,
    /// Who did it.
    pub author: PersonId,
    /// Server's time.
    pub recorded_at: Timestamp,
    /// Time on the device: evidence only.
    pub client_time: Option<Timestamp>,
    /// Came after the entry was due.
    pub late: bool,
    /// Correction request that allowed it, or that it is about.
    pub correction: Option<CorrectionRequestId>,
    /// Session that it came from.
    pub session: Option<SessionId>,
    /// Policy that it was decided by.
    pub policy: String,
    /// Cursors of the copies that it was decided on.
    pub copy_cursor: String,
}

impl Entry {
    /// Leaf of the tree at place `sequence`.
    pub fn leaf(&self, sequence: u64) -> Hash {
        let mut bytes = Bytes::with_capacity(256);
        bytes
            .raw(LAYOUT)
            .uuid(self.school.uuid())
            .raw(&sequence.to_be_bytes());
        self.facts(&mut bytes);
        leaf_hash(&bytes.0)
    }

    /// Seal of the service that wrote the entry: rows that somebody else put into
    /// the table have none, before any checkpoint covers them.
    pub fn seal(&self, key: &[u8; 32]) -> Vec<u8> {
        let mut bytes = Bytes::with_capacity(256);
        bytes.raw(LAYOUT).uuid(self.school.uuid());
        self.facts(&mut bytes);
        match Hmac::<Sha256>::new_from_slice(key) {
            Ok(mac) => mac.chain_update(&bytes.0).finalize().into_bytes().to_vec(),
            // HMAC takes keys of any length.
            Err(_) => Vec::new(),
        }
    }

    fn facts(&self, bytes: &mut Bytes) {
        bytes
            .text(self.personal.commitment())
            .raw(&self.academic_year.to_be_bytes())
            .text(self.day.to_string().as_bytes())
            .uuid(self.key.lesson.uuid())
            .uuid(self.key.change)
            .raw(&self.key.nth.to_be_bytes())
            .raw(&(self.subject as i16).to_be_bytes())
            .uuid(self.pupil.map(PersonId::uuid).unwrap_or_default())
            .raw(&self.slot.to_be_bytes())
            .text(self.old_value.as_bytes())
            .text(self.new_value.as_bytes())
            .raw(&self.kind.to_be_bytes())
            .raw(&self.revision.to_be_bytes())
            .uuid(self.author.uuid())
            .raw(&self.recorded_at.as_microsecond().to_be_bytes())
            .raw(
                &self
                    .client_time
                    .map_or(0, Timestamp::as_microsecond)
                    .to_be_bytes(),
            )
            .raw(&[u8::from(self.late)])
            .uuid(
                self.correction
                    .map(CorrectionRequestId::uuid)
                    .unwrap_or_default(),
            )
            .uuid(self.session.map(SessionId::uuid).unwrap_or_default())
            .text(self.policy.as_bytes())
            .text(self.copy_cursor.as_bytes());
    }
}

/// Canonical bytes: big-endian numbers, texts with their length before them.
struct Bytes(Vec<u8>);

impl Bytes {
    fn with_capacity(capacity: usize) -> Bytes {
        Bytes(Vec::with_capacity(capacity))
    }

    fn raw(&mut self, bytes: &[u8]) -> &mut Bytes {
        self.0.extend_from_slice(bytes);
        self
    }

    fn uuid(&mut self, id: Uuid) -> &mut Bytes {
        self.raw(id.as_bytes())
    }

    fn text(&mut self, bytes: &[u8]) -> &mut Bytes {
        self.raw(&(bytes.len() as u64).to_be_bytes()).raw(bytes)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::domain::lesson::tests::{a_lesson, person};

    pub(crate) fn an_entry() -> Entry {
        Entry {
            school: a_lesson().school,
            academic_year: 2026,
            key: EntryKey {
                lesson: a_lesson().id,
                change: Uuid::from_u128(500),
                nth: 0,
            },
            day: date(2026, 9, 1),
            subject: Subject::Mark,
            pupil: Some(person(7)),
            slot: 1,
            old_value: String::new(),
            new_value: "5".to_owned(),
            kind: 0,
            revision: 1,
            personal: PersonalText::new("молодец", || vec![7; SALT]),
            author: person(1),
            recorded_at: "2026-09-01T07:00:00Z".parse().unwrap(),
            client_time: None,
            late: false,
            correction: None,
            session: None,
            policy: "region-default.1".to_owned(),
            copy_cursor: "roster=e1.5".to_owned(),
        }
    }

    /// The layout is fixed for ever: this value may never change.
    #[test]
    fn the_leaf_of_a_known_entry_is_known() {
        assert_eq!(hex::encode(an_entry().leaf(0)), KNOWN_LEAF);
    }

    const KNOWN_LEAF: &str = "c7fb00b85f516828015fa0ccba08aed7ddb60dbe3ca5f97c9fc19fe79bce01c5";

    #[test]
    fn each_fact_changes_the_leaf_and_the_seal() {
        let changes: Vec<fn(&mut Entry)> = vec![
            |e| e.school = SchoolId::from_uuid(Uuid::from_u128(11)),
            |e| e.academic_year += 1,
            |e| e.key.lesson = LessonId::from_uuid(Uuid::from_u128(101)),
            |e| e.key.change = Uuid::from_u128(501),
            |e| e.key.nth = 1,
            |e| e.day = date(2026, 9, 2),
            |e| e.subject = Subject::Attendance,
            |e| e.pupil = Some(person(8)),
            |e| e.pupil = None,
            |e| e.slot = 2,
            |e| e.old_value = "4".to_owned(),
            |e| e.new_value = "4".to_owned(),
            |e| e.kind = 4,
            |e| e.revision = 2,
            |e| e.personal = PersonalText::new("молодец!", || vec![7; SALT]),
            |e| e.personal = PersonalText::None,
            |e| e.author = person(2),
            |e| e.recorded_at += jiff::SignedDuration::from_micros(1),
            |e| e.client_time = Some(e.recorded_at),
            |e| e.late = true,
            |e| e.correction = Some(CorrectionRequestId::from_uuid(Uuid::from_u128(9))),
            |e| e.session = Some(SessionId::from_uuid(Uuid::from_u128(9))),
            |e| e.policy.push('x'),
            |e| e.copy_cursor.push('x'),
        ];
        let (leaf, seal) = (an_entry().leaf(3), an_entry().seal(&[1; 32]));
        for (number, change) in changes.into_iter().enumerate() {
            let mut entry = an_entry();
            change(&mut entry);
            assert_ne!(entry.leaf(3), leaf, "change {number}");
            assert_ne!(entry.seal(&[1; 32]), seal, "change {number}");
        }
        assert_ne!(an_entry().leaf(4), leaf);
        assert_ne!(an_entry().seal(&[2; 32]), seal);
    }

    #[test]
    fn erasing_the_text_leaves_leaf_and_seal_as_they_were() {
        let entry = an_entry();
        let commitment = entry.personal.commitment().to_vec();
        let erased = Entry {
            personal: PersonalText::stored(vec![], String::new(), commitment),
            ..entry.clone()
        };
        assert_eq!(erased.leaf(0), entry.leaf(0));
        assert_eq!(erased.seal(&[1; 32]), entry.seal(&[1; 32]));
        assert!(
            erased.personal.is_sound()
                && erased.personal.agrees_with("")
                && !erased.personal.agrees_with("молодец")
        );
    }

    proptest! {
        #[test]
        fn texts_cannot_flow_into_each_other(old in "[а-я/]{0,6}", new in "[а-я/]{0,6}", shift in 1usize..6) {
            let both = format!("{old}{new}");
            let cut = both.char_indices().map(|(at, _)| at).nth(shift.min(both.chars().count())).unwrap_or(both.len());
            let other = Entry { old_value: both[..cut].to_owned(), new_value: both[cut..].to_owned(), ..an_entry() };
            let entry = Entry { old_value: old, new_value: new, ..an_entry() };
            prop_assert_eq!(entry == other, entry.leaf(0) == other.leaf(0));
        }

        #[test]
        fn a_changed_text_is_noticed(text in ".{1,30}", other in ".{0,30}") {
            let kept = PersonalText::new(&text, || vec![3; SALT]);
            prop_assert!(kept.is_sound());
            let forged = PersonalText::stored(vec![3; SALT], other.clone(), kept.commitment().to_vec());
            prop_assert_eq!(forged.is_sound(), other == text);
        }
    }
}
