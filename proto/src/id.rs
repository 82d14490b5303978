//! Ids: a newtype per thing, shown as `prefix_` and 32 hex digits of a UUIDv7.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A text that is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {expected}_<32 hex digits>")]
pub struct InvalidId {
    /// Wanted prefix.
    pub expected: &'static str,
}

/// What every id can do.
pub trait Id: Copy + fmt::Display + FromStr<Err = InvalidId> {
    /// Prefix without `_`.
    const PREFIX: &'static str;
    /// The id of a UUID.
    fn from_uuid(uuid: Uuid) -> Self;
    /// The UUID, as stored.
    fn uuid(self) -> Uuid;
}

/// Reads `prefix_<32 hex digits>`; upper case and dashes are refused so that one
/// id has one text.
pub fn parse(prefix: &'static str, text: &str) -> Result<Uuid, InvalidId> {
    let invalid = InvalidId { expected: prefix };
    let hex = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .ok_or(invalid.clone())?;
    if hex.len() != 32
        || !hex
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    {
        return Err(invalid);
    }
    Uuid::try_parse(hex).map_err(|_| invalid)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// Prefix without `_`.
            pub const PREFIX: &'static str = $prefix;

            /// The id of a UUID.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID, as stored.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.0.as_simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse($prefix, text).map(Self)
            }
        }
    )*};
}

ids! {
    /// An account.
    AccountId = "acc",
    /// A session.
    SessionId = "ses",
    /// An invitation code.
    InvitationId = "inv",
    /// A role grant.
    RoleGrantId = "grt",
    /// Another ministry system.
    ServiceClientId = "cli",
    /// A secret of such a system; the id, not the secret.
    ClientSecretId = "scr",
    /// An entry of the access log.
    LookId = "lok",
    /// A municipality.
    MunicipalityId = "mun",
    /// A school.
    SchoolId = "sch",
    /// A person card of a school: pupil, employee or guardian.
    PersonId = "per",
    /// A class.
    ClassId = "cls",
    /// A group.
    GroupId = "grp",
    /// An enrolment.
    EnrolmentId = "enr",
    /// A guardian link.
    GuardianLinkId = "gdl",
    /// A supervision.
    SupervisionId = "sup",
    /// An order of the book of orders.
    OrderId = "ord",
    /// A record of a registry.
    RegistryRecordId = "reg",
    /// A consent of a family.
    ConsentId = "cns",
    /// A decision on how the journal is kept.
    JournalModeId = "jmd",
    /// A school import.
    SchoolImportId = "imp",
    /// A study period.
    PeriodId = "prd",
    /// A subject.
    SubjectId = "sub",
    /// A teaching load.
    TeachingLoadId = "tld",
    /// A version of curriculum, load or tariff order.
    StudyDocumentId = "sdc",
    /// A version of a timetable.
    TimetableId = "ttb",
    /// A timetable entry.
    TimetableEntryId = "tte",
    /// A lesson.
    LessonId = "les",
    /// A change of a day of the school.
    DayChangeId = "dch",
    /// An event of classes or of the school.
    SchoolEventId = "evt",
    /// A subscription of a calendar to the timetable.
    CalendarSubscriptionId = "csu",
    /// A theme of a lesson plan.
    ThemeId = "thm",
    /// A journal.
    JournalId = "jrn",
    /// A mark.
    MarkId = "mrk",
    /// A correction request.
    CorrectionRequestId = "cor",
    /// A ledger entry.
    LedgerEntryId = "led",
    /// A notice.
    NoticeId = "ntc",
    /// A report job.
    ReportJobId = "job",
    /// A monitoring.
    MonitoringId = "mon",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_shows() {
        let id = SchoolId::from_uuid(Uuid::from_u128(0x0192_f0c1_0000_7000_8000_0000_0000_00ff));
        assert_eq!(id.to_string(), "sch_0192f0c10000700080000000000000ff");
        assert_eq!(id.to_string().parse::<SchoolId>(), Ok(id));
    }

    #[test]
    fn an_id_of_another_kind_or_form_is_refused() {
        for text in [
            "per_0192f0c10000700080000000000000ff",
            "sch_0192F0C10000700080000000000000FF",
            "sch_0192f0c1-0000-7000-8000-0000000000ff",
            "sch_",
            "sch0192f0c10000700080000000000000ff",
            "",
        ] {
            assert!(text.parse::<SchoolId>().is_err(), "{text}");
        }
    }
}
