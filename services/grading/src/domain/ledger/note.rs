//! Checkpoints as signed notes: C2SP `signed-note` with the body of `tlog-checkpoint`.
//!
//! ```text
//! zhurnal/grading/sch_…/2026-09-01
//! 128
//! <root, base64>
//! signed 2026-09-01T07:00:00Z
//!
//! — zhurnal/grading <base64(key id ‖ signature)>
//! ```

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{Timestamp, civil::Date};
use sha2::{Digest, Sha256};
use zhurnal_proto::id::SchoolId;

use super::tree::Hash;

/// Type byte of Ed25519 in a key id.
const ED25519: u8 = 1;

/// What a checkpoint says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// School.
    pub school: SchoolId,
    /// Day of the tree.
    pub day: Date,
    /// Entries covered.
    pub size: u64,
    /// Root.
    pub root: Hash,
    /// When it was signed.
    pub signed_at: Timestamp,
}

impl Checkpoint {
    /// The signed text, with its last line break.
    pub fn body(&self, key_name: &str) -> String {
        let Checkpoint {
            school,
            day,
            size,
            root,
            signed_at,
        } = self;
        let root = BASE64_STANDARD.encode(root);
        format!("{key_name}/{school}/{day}\n{size}\n{root}\nsigned {signed_at}\n")
    }

    /// Reads the body back; `None` when it is not one.
    pub fn read(key_name: &str, body: &str) -> Option<Checkpoint> {
        let mut lines = body.strip_suffix('\n')?.split('\n');
        let origin = lines.next()?.strip_prefix(key_name)?.strip_prefix('/')?;
        let (school, day) = origin.split_once('/')?;
        let checkpoint = Checkpoint {
            school: school.parse().ok()?,
            day: day.parse().ok()?,
            size: lines.next()?.parse().ok()?,
            root: BASE64_STANDARD
                .decode(lines.next()?)
                .ok()?
                .try_into()
                .ok()?,
            signed_at: lines.next()?.strip_prefix("signed ")?.parse().ok()?,
        };
        // One checkpoint has one text.
        (checkpoint.body(key_name) == body).then_some(checkpoint)
    }
}

/// First four bytes of SHA-256(name ‖ "\n" ‖ type ‖ public key).
pub fn key_id(key_name: &str, public: &[u8; 32]) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(key_name.as_bytes())
        .chain_update(b"\n")
        .chain_update([ED25519])
        .chain_update(public)
        .finalize();
    std::array::from_fn(|at| digest[at])
}

/// The note of a body and its signature.
pub fn note(body: &str, key_name: &str, key_id: [u8; 4], signature: &[u8; 64]) -> String {
    let signature = BASE64_STANDARD.encode([key_id.as_slice(), signature.as_slice()].concat());
    format!("{body}\n— {key_name} {signature}\n")
}

/// A note taken apart: body and the signatures under the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenNote {
    /// The signed text.
    pub body: String,
    /// Key id and signature of each line that names the key.
    pub signatures: Vec<([u8; 4], [u8; 64])>,
}

/// Takes a note apart; `None` when it has not the form of one.
pub fn open(note: &str, key_name: &str) -> Option<OpenNote> {
    let (body, lines) = note.split_once("\n\n")?;
    let mut signatures = Vec::new();
    for line in lines.strip_suffix('\n')?.split('\n') {
        let (name, encoded) = line.strip_prefix("— ")?.rsplit_once(' ')?;
        let bytes = BASE64_STANDARD.decode(encoded).ok()?;
        if name != key_name {
            continue;
        }
        let (id, signature) = bytes.split_at_checked(4)?;
        signatures.push((id.try_into().ok()?, signature.try_into().ok()?));
    }
    Some(OpenNote {
        body: format!("{body}\n"),
        signatures,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::{ledger::tree::leaf_hash, lesson::tests::a_lesson};

    const NAME: &str = "zhurnal/grading";

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            school: a_lesson().school,
            day: date(2026, 9, 1),
            size: 128,
            root: leaf_hash(b"root"),
            signed_at: "2026-09-01T07:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_note_is_read_back() {
        let body = checkpoint().body(NAME);
        let id = key_id(NAME, &[5; 32]);
        let opened = open(&note(&body, NAME, id, &[9; 64]), NAME).unwrap();
        assert_eq!(opened.signatures, [(id, [9; 64])]);
        assert_eq!(Checkpoint::read(NAME, &opened.body), Some(checkpoint()));
    }

    #[test]
    fn signatures_of_others_are_passed_over() {
        let body = checkpoint().body(NAME);
        let mut text = note(&body, "witness.example", [1; 4], &[1; 64]);
        assert_eq!(open(&text, NAME).unwrap().signatures, []);
        text.push_str(note("", NAME, [2; 4], &[2; 64]).trim_start_matches('\n'));
        assert_eq!(open(&text, NAME).unwrap().signatures, [([2; 4], [2; 64])]);
    }

    #[test]
    fn an_altered_body_is_no_checkpoint() {
        let body = checkpoint().body(NAME);
        for (from, to) in [
            ("128", "0128"),
            ("128", "-1"),
            ("signed", "Signed"),
            ("2026-09-01\n", "2026-9-1\n"),
            (NAME, "x"),
        ] {
            assert_eq!(
                Checkpoint::read(NAME, &body.replacen(from, to, 1)),
                None,
                "{to}"
            );
        }
        assert_eq!(Checkpoint::read(NAME, &format!("{body}more\n")), None);
        for text in ["", "\n\n", "a\n\nb", "a\n\n— \n", "a\n\n— x y\n"] {
            assert_eq!(open(text, NAME), None, "{text:?}");
        }
    }
}
