//! Values of the domain as columns, and back.

use chassis::db::Corrupt;
use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::GroupId;

use crate::domain::card::Field;
use crate::domain::consent::{ConsentKind, Decision};
use crate::domain::duty::Duty;
use crate::domain::journal_mode::Kind;
use crate::domain::orders::{Act, OrderKind, OrderState};
use crate::domain::record::{EducationForm, GroupKind, Informing, SchoolState, Sex};
use crate::domain::registry::Registry;
use crate::domain::rollover::Carry;
use crate::domain::school_import_state::ImportState;

/// Table and column.
pub(super) type At = (&'static str, &'static str);

/// A date as stored: `YYYY-MM-DD`, sorts by time.
pub(super) fn date(date: Date) -> String {
    date.to_string()
}

pub(super) fn read_date(at: At, text: &str) -> Result<Date, Corrupt> {
    text.parse().map_err(|_| Corrupt::new(at.0, at.1, text))
}

pub(super) fn read_end(at: At, text: Option<&str>) -> Result<Option<Date>, Corrupt> {
    text.map(|text| read_date(at, text)).transpose()
}

pub(super) fn read_small(at: At, number: i16) -> Result<u8, Corrupt> {
    u8::try_from(number).map_err(|_| Corrupt::new(at.0, at.1, number))
}

/// A count as stored; more than fits is as good as the most that fits.
pub(super) fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

pub(super) fn read_count(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

macro_rules! numbered {
    ($write:ident, $read:ident, $type:ty { $($number:literal = $variant:path),+ $(,)? }) => {
        pub(super) fn $write(value: $type) -> i16 {
            match value { $($variant => $number),+ }
        }

        pub(super) fn $read(at: At, number: i16) -> Result<$type, Corrupt> {
            match number {
                $($number => Ok($variant),)+
                other => Err(Corrupt::new(at.0, at.1, other)),
            }
        }
    };
}

numbered!(school_state, read_school_state, SchoolState { 1 = SchoolState::Preparing, 2 = SchoolState::Active });
numbered!(registry, read_registry, Registry {
    1 = Registry::Measures,
    2 = Registry::ResponsiblePersons,
    3 = Registry::LocalActs,
    4 = Registry::Trainings,
    5 = Registry::Equipment,
});
numbered!(group_kind, read_group_kind, GroupKind {
    1 = GroupKind::Class,
    2 = GroupKind::Subgroup,
    3 = GroupKind::Elective,
    4 = GroupKind::Club,
    5 = GroupKind::ExtendedDay,
    6 = GroupKind::Individual,
});
numbered!(education_form, read_education_form, EducationForm {
    1 = EducationForm::FullTime,
    2 = EducationForm::Home,
    3 = EducationForm::Family,
});
numbered!(order_kind, read_order_kind, OrderKind {
    1 = OrderKind::Admission,
    2 = OrderKind::Transfer,
    3 = OrderKind::Promotion,
    4 = OrderKind::Expulsion,
    5 = OrderKind::Graduation,
    6 = OrderKind::Departure,
    7 = OrderKind::Reversal,
});
numbered!(order_state, read_order_state, OrderState {
    1 = OrderState::Draft,
    2 = OrderState::Posted,
    3 = OrderState::Reversed,
});
numbered!(effect_act, read_effect_act, Act {
    1 = Act::CardAdded,
    2 = Act::GuardianLinkAdded,
    3 = Act::EnrolmentAdded,
    4 = Act::EnrolmentEnded,
    5 = Act::MembershipAdded,
    6 = Act::MembershipEnded,
    7 = Act::MembershipRemoved,
});
numbered!(card_field, read_card_field, Field {
    1 = Field::Name,
    2 = Field::Sex,
    3 = Field::BirthDate,
    4 = Field::Phone,
    5 = Field::Email,
    6 = Field::Address,
    7 = Field::Guardian,
    8 = Field::Relation,
    9 = Field::Representative,
    10 = Field::Informing,
    11 = Field::StartsOn,
    12 = Field::EndsOn,
});
numbered!(carry, read_carry, Carry { 1 = Carry::Not, 2 = Carry::Empty, 3 = Carry::WithMembers });
numbered!(informing, read_informing, Informing { 1 = Informing::Electronic, 2 = Informing::Paper });
numbered!(consent_kind, read_consent_kind, ConsentKind {
    1 = ConsentKind::PersonalData,
    2 = ConsentKind::Informing,
    3 = ConsentKind::Photo,
    4 = ConsentKind::ThirdParty,
});
numbered!(journal_mode_kind, read_journal_mode_kind, Kind {
    1 = Kind::Preparation,
    2 = Kind::Pilot,
    3 = Kind::Paperless,
    4 = Kind::Paper,
});
numbered!(decision, read_decision, Decision { 1 = Decision::Given, 2 = Decision::Refused });
numbered!(import_state, read_import_state, ImportState {
    1 = ImportState::Checked,
    2 = ImportState::Refused,
    3 = ImportState::Applying,
    4 = ImportState::Applied,
    5 = ImportState::Failed,
});

/// 0 = not told.
pub(super) fn sex(sex: Option<Sex>) -> i16 {
    match sex {
        None => 0,
        Some(Sex::Male) => 1,
        Some(Sex::Female) => 2,
    }
}

pub(super) fn read_sex(at: At, number: i16) -> Result<Option<Sex>, Corrupt> {
    match number {
        0 => Ok(None),
        1 => Ok(Some(Sex::Male)),
        2 => Ok(Some(Sex::Female)),
        other => Err(Corrupt::new(at.0, at.1, other)),
    }
}

/// Ids of groups, separated by commas; empty for none.
pub(super) fn ids(groups: &[GroupId]) -> String {
    let ids: Vec<String> = groups.iter().map(|id| id.uuid().to_string()).collect();
    ids.join(",")
}

pub(super) fn read_ids(at: At, text: &str) -> Result<Vec<Uuid>, Corrupt> {
    let ids = text.split(',').filter(|id| !id.is_empty());
    ids.map(|id| id.parse().map_err(|_| Corrupt::new(at.0, at.1, text)))
        .collect()
}

const fn duty_word(duty: Duty) -> &'static str {
    match duty {
        Duty::Director => "DIRECTOR",
        Duty::Deputy => "DEPUTY",
        Duty::Administrator => "ADMINISTRATOR",
        Duty::Secretary => "SECRETARY",
        Duty::Engineer => "ENGINEER",
        Duty::Teacher => "TEACHER",
    }
}

/// `DEPUTY,TEACHER`; empty for none.
pub(super) fn duties(duties: &[Duty]) -> String {
    let words: Vec<&str> = duties.iter().map(|duty| duty_word(*duty)).collect();
    words.join(",")
}

pub(super) fn read_duties(at: At, text: &str) -> Result<Vec<Duty>, Corrupt> {
    let words = text.split(',').filter(|word| !word.is_empty());
    let known = |word: &str| Duty::ALL.into_iter().find(|duty| duty_word(*duty) == word);
    words
        .map(|word| known(word).ok_or_else(|| Corrupt::new(at.0, at.1, text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let at = ("t", "c");
        for state in [
            ImportState::Checked,
            ImportState::Refused,
            ImportState::Applying,
            ImportState::Applied,
            ImportState::Failed,
        ] {
            assert_eq!(read_import_state(at, import_state(state)), Ok(state));
        }
        for some in [None, Some(Sex::Male), Some(Sex::Female)] {
            assert_eq!(read_sex(at, sex(some)), Ok(some));
        }
        assert_eq!(read_duties(at, &duties(&Duty::ALL)), Ok(Duty::ALL.to_vec()));
        assert_eq!(read_duties(at, ""), Ok(vec![]));
    }

    #[test]
    fn a_row_of_nobody_is_named() {
        let error = read_group_kind(("study_group", "kind"), 9).unwrap_err();
        assert_eq!(
            error.to_string(),
            "corrupt row of study_group: kind = \"9\""
        );
    }
}
