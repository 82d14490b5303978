//! What a word of the table means for a caller and a target.

use super::cast::{Caller, Kind};
use super::target::Target;

/// Whether one of the words opens the target to the caller.
pub fn opens(words: &[String], caller: &Caller, target: &Target) -> bool {
    words.iter().any(|word| opens_one(word, caller, target))
}

fn opens_one(word: &str, caller: &Caller, target: &Target) -> bool {
    let staff = caller.kind == Kind::Staff;
    let here = staff && caller.school.is_some() && (target.own || caller.school == target.school);
    let role = |role: &str| here && caller.role == role;
    let region =
        |role: &str| staff && caller.region && caller.role == role && target.is_somewhere();
    let among = |cards: &[String]| caller.cards.iter().any(|card| cards.contains(card));
    let client = |scope: &str| {
        let reaches = caller.school.is_none() || caller.school == target.school || target.own;
        caller.kind == Kind::Client && caller.scope == scope && reaches
    };
    match word {
        "anybody" => true,
        "anonymous" => caller.kind == Kind::Anonymous,
        "nobody" => false,
        "staff" => staff,
        "staff of the school" => here,
        "director" => role("DIRECTOR"),
        "deputy" => role("DEPUTY"),
        "administrator" => role("ADMINISTRATOR"),
        "secretary" => role("SECRETARY"),
        "teacher" => here && among(&target.teachers),
        "class teacher" => here && among(&target.class_teachers),
        "deputy in charge" => here && among(&target.supervisors),
        "author" => here && among(&target.authors),
        "family" => opens_one("guardian", caller, target) || opens_one("pupil", caller, target),
        "guardian" => caller.kind == Kind::Guardian && (target.own || among(&target.guardians)),
        "pupil" => caller.kind == Kind::Pupil && (target.own || among(&target.pupils)),
        "region administrator" => region("ADMINISTRATOR"),
        "ministry officer" => region("MINISTRY_OFFICER"),
        "operator" => region("OPERATOR"),
        "municipal officer" => {
            let reaches = target.own || caller.municipality == target.municipality;
            caller.municipality.is_some() && reaches
        }
        "service" => caller.kind == Kind::Service,
        other => match other.split_once(' ') {
            Some(("client", scope)) => client(scope),
            Some(("service", _)) => caller.name == other,
            _ => panic!("{other}"),
        },
    }
}
