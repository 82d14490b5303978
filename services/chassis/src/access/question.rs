//! What is asked of the policies, as the key of a remembered answer.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::facts::Facts;
use crate::caller::Caller;

/// Everything that a decision depends on; different questions have different keys.
pub(super) fn key(caller: &Caller, permission: &str, facts: &Facts) -> [u8; 32] {
    let mut told = Told(Sha256::new());
    (caller, permission, facts).hash(&mut told);
    told.0.finalize().into()
}

/// Reads what is hashed in full: `Hash` of text and of lists marks where they end.
struct Told(Sha256);

impl Hasher for Told {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = self.0.clone().finalize();
        digest
            .iter()
            .take(8)
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;
    use zhurnal_proto::id::{MunicipalityId, PersonId, SchoolId};

    use super::*;
    use crate::caller::{User, tests::staff};

    fn school(number: u128) -> SchoolId {
        SchoolId::from_uuid(Uuid::from_u128(number))
    }

    fn person(number: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(number))
    }

    fn municipality(number: u128) -> MunicipalityId {
        MunicipalityId::from_uuid(Uuid::from_u128(number))
    }

    fn officer(number: u128) -> Caller {
        Caller::User(User {
            municipality: Some(municipality(number)),
            ..staff(school(9), &["MUNICIPAL_OFFICER"])
        })
    }

    #[test]
    fn the_same_question_has_the_same_key() {
        let ask = || {
            let facts = Facts::object("Journal", "jrn", school(9)).teachers([person(3)]);
            key(&Caller::User(staff(school(9), &["TEACHER"])), "p", &facts)
        };
        assert_eq!(ask(), ask());
    }

    #[test]
    fn whatever_a_decision_depends_on_makes_another_key() {
        let caller = |roles: &[&str]| Caller::User(staff(school(9), roles));
        let facts = || Facts::object("Journal", "jrn", school(9));
        let keys = [
            key(&caller(&["TEACHER"]), "p", &facts()),
            key(&caller(&["DEPUTY"]), "p", &facts()),
            key(&Caller::Anonymous, "p", &facts()),
            key(&Caller::service("TEACHER"), "p", &facts()),
            key(&caller(&["TEACHER"]), "q", &facts()),
            key(
                &caller(&["TEACHER"]),
                "p",
                &Facts::object("Lesson", "jrn", school(9)),
            ),
            key(
                &caller(&["TEACHER"]),
                "p",
                &Facts::object("Journal", "other", school(9)),
            ),
            key(
                &caller(&["TEACHER"]),
                "p",
                &Facts::object("Journal", "jrn", school(8)),
            ),
            key(&caller(&["TEACHER"]), "p", &facts().teachers([person(3)])),
            key(
                &caller(&["TEACHER"]),
                "p",
                &facts().teachers([person(3), person(4)]),
            ),
            key(
                &caller(&["TEACHER"]),
                "p",
                &facts().class_teachers([person(3)]),
            ),
            key(&caller(&["TEACHER"]), "p", &facts().flag("ab")),
            key(&caller(&["TEACHER"]), "p", &facts().flag("a").flag("b")),
            key(
                &caller(&["TEACHER"]),
                "p",
                &facts().in_municipality(municipality(1)),
            ),
            key(
                &caller(&["TEACHER"]),
                "p",
                &facts().in_municipality(municipality(2)),
            ),
            key(&officer(1), "p", &facts()),
            key(&officer(2), "p", &facts()),
        ];
        for (at, one) in keys.iter().enumerate() {
            assert!(!keys[at + 1..].contains(one), "question {at}");
        }
    }
}
