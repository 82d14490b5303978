//! How a school keeps its journal (R34, R40, R149, R153): its stage, and classes and pupils
//! that differ from it.
//!
//! Invariant: of one school, class or pupil no two decisions that stand count on one day.

use jiff::civil::Date;
use zhurnal_proto::id::{ClassId, JournalModeId, PersonId, RegistryRecordId};

use super::registry::{Broken, Record, Registry};

/// Way of keeping the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The school prepares.
    Preparation,
    /// Alongside the paper journal.
    Pilot,
    /// Electronically alone.
    Paperless,
    /// On paper alone.
    Paper,
}

/// Whom a decision is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The school.
    School,
    /// A class that differs.
    Class(ClassId),
    /// A pupil who differs.
    Pupil(PersonId),
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mode {
    /// Id.
    pub id: JournalModeId,
    /// Way.
    pub kind: Kind,
    /// About whom.
    pub subject: Subject,
    /// First day.
    pub starts_on: Date,
    /// Last day; a school's decision ends with the next one.
    pub ends_on: Option<Date>,
    /// Regulation or order that it rests on.
    pub local_act: Option<RegistryRecordId>,
    /// Contract with the operator.
    pub contract: Option<RegistryRecordId>,
    /// Number of the order on individual teaching.
    pub order_number: String,
    /// Date of that order.
    pub order_date: Option<Date>,
    /// Why it was withdrawn; `None` = it stands.
    pub withdrawn: Option<String>,
}

/// What a decision cannot rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseless {
    /// No regulation or order that is in force on its first day (R149).
    LocalAct,
    /// No contract that is in force on its first day (R40).
    Contract,
}

/// Kinds of local acts in the contract of the registries.
const REGULATION: i16 = 1;
const RULES: i16 = 2;
const ORDER: i16 = 3;
const CONTRACT: i16 = 7;

impl Mode {
    /// Every rule that the decision breaks in itself.
    pub fn broken(&self) -> Vec<Broken> {
        let mut broken = Vec::new();
        let mut rule = |holds: bool, field, rule, message| {
            if !holds {
                broken.push((field, rule, message));
            }
        };
        let fits = match self.subject {
            Subject::School => self.kind != Kind::Paper,
            Subject::Class(_) => matches!(self.kind, Kind::Pilot | Kind::Paperless),
            Subject::Pupil(_) => self.kind == Kind::Paper,
        };
        rule(
            fits,
            "kind",
            "OF_OTHERS",
            "Подготовка бывает только у школы, бумажный журнал — только у ученика",
        );
        rule(
            self.subject != Subject::School || self.ends_on.is_none(),
            "endsOn",
            "OPEN_ENDED",
            "Этап школы длится до следующего",
        );
        rule(
            self.ends_on.is_none_or(|end| end >= self.starts_on),
            "endsOn",
            "BEFORE_START",
            "Последний день раньше первого",
        );
        let of_pupil = matches!(self.subject, Subject::Pupil(_));
        rule(
            !of_pupil || !self.order_number.is_empty(),
            "orderNumber",
            "REQUIRED",
            "Укажите номер приказа об индивидуальном обучении",
        );
        rule(
            !of_pupil || self.order_date.is_some(),
            "orderDate",
            "REQUIRED",
            "Укажите дату приказа об индивидуальном обучении",
        );
        broken
    }

    /// Whether what it names of the registry carries it: full keeping starts with a
    /// regulation or an order and a contract that are in force then.
    pub fn rests_on(
        &self,
        act: Option<&Record>,
        contract: Option<&Record>,
    ) -> Result<(), Baseless> {
        let full = self.kind == Kind::Paperless;
        let in_force = |record: &&Record, kinds: &[i16]| {
            record.registry == Registry::LocalActs
                && kinds.contains(&record.kind)
                && record.dated_on.is_some()
                && record.is_in_force(self.starts_on)
        };
        let carried = act.filter(|act| in_force(act, &[REGULATION, RULES, ORDER]));
        if carried.is_none() && (full || self.local_act.is_some()) {
            return Err(Baseless::LocalAct);
        }
        let carried = contract.filter(|contract| in_force(contract, &[CONTRACT]));
        if carried.is_none() && (full || self.contract.is_some()) {
            return Err(Baseless::Contract);
        }
        Ok(())
    }

    /// Whether both would count on one day.
    pub fn collides_with(&self, other: &Self) -> bool {
        if self.withdrawn.is_some() || other.withdrawn.is_some() || self.subject != other.subject {
            return false;
        }
        match self.subject {
            Subject::School => self.starts_on == other.starts_on,
            _ => {
                let before = |end: Option<Date>, start| end.is_some_and(|end| end < start);
                !before(self.ends_on, other.starts_on) && !before(other.ends_on, self.starts_on)
            }
        }
    }

    /// The same decision but for its last day.
    pub fn differs_in_end_alone(&self, other: &Self) -> bool {
        let ends_on = other.ends_on;
        Self {
            ends_on,
            ..self.clone()
        } == *other
    }

    fn covers(&self, day: Date) -> bool {
        self.withdrawn.is_none()
            && self.starts_on <= day
            && self.ends_on.is_none_or(|end| end >= day)
    }
}

/// The school's stage on a day: its newest decision.
pub fn stage(modes: &[Mode], day: Date) -> Option<&Mode> {
    let of_school = modes.iter().filter(|mode| mode.subject == Subject::School);
    of_school
        .filter(|mode| mode.covers(day))
        .max_by_key(|mode| mode.starts_on)
}

/// The school's next stage after a day, where one is decided.
pub fn next_stage(modes: &[Mode], day: Date) -> Option<&Mode> {
    let of_school = modes.iter().filter(|mode| mode.subject == Subject::School);
    of_school
        .filter(|mode| mode.withdrawn.is_none() && mode.starts_on > day)
        .min_by_key(|mode| mode.starts_on)
}

/// Whether a decision counts on a day, beside the others of the school.
pub fn counts(mode: &Mode, modes: &[Mode], day: Date) -> bool {
    match mode.subject {
        Subject::School => stage(modes, day).is_some_and(|stage| stage.id == mode.id),
        _ => mode.covers(day),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    const CLASS: Subject = Subject::Class(ClassId::from_uuid(Uuid::from_u128(5)));
    const PUPIL: Subject = Subject::Pupil(PersonId::from_uuid(Uuid::from_u128(6)));

    fn mode(id: u128, kind: Kind, subject: Subject, starts_on: Date) -> Mode {
        Mode {
            id: JournalModeId::from_uuid(Uuid::from_u128(id)),
            kind,
            subject,
            starts_on,
            ends_on: None,
            local_act: None,
            contract: None,
            order_number: "17-у".into(),
            order_date: Some(starts_on),
            withdrawn: None,
        }
    }

    fn record(kind: i16, starts_on: Date, ends_on: Option<Date>) -> Record {
        let id = RegistryRecordId::from_uuid(Uuid::from_u128(1));
        Record {
            ends_on,
            dated_on: Some(starts_on),
            ..Record::new(id, Registry::LocalActs, kind, starts_on)
        }
    }

    fn rules(mode: &Mode) -> Vec<(&'static str, &'static str)> {
        mode.broken()
            .iter()
            .map(|(field, rule, _)| (*field, *rule))
            .collect()
    }

    #[test]
    fn each_subject_has_ways_of_its_own() {
        let day = date(2026, 9, 1);
        for (kind, subject, fits) in [
            (Kind::Preparation, Subject::School, true),
            (Kind::Pilot, Subject::School, true),
            (Kind::Paperless, Subject::School, true),
            (Kind::Paper, Subject::School, false),
            (Kind::Preparation, CLASS, false),
            (Kind::Pilot, CLASS, true),
            (Kind::Paperless, CLASS, true),
            (Kind::Paper, CLASS, false),
            (Kind::Pilot, PUPIL, false),
            (Kind::Paper, PUPIL, true),
        ] {
            let broken = rules(&mode(1, kind, subject, day));
            let expected: &[(&str, &str)] = if fits { &[] } else { &[("kind", "OF_OTHERS")] };
            assert_eq!(broken, expected, "{kind:?} {subject:?}");
        }
    }

    #[test]
    fn a_pupil_differs_by_an_order_and_a_school_has_no_last_day() {
        let day = date(2026, 9, 1);
        let mut pupil = mode(1, Kind::Paper, PUPIL, day);
        pupil.order_number.clear();
        pupil.order_date = None;
        pupil.ends_on = Some(date(2026, 8, 31));
        assert_eq!(
            rules(&pupil),
            [
                ("endsOn", "BEFORE_START"),
                ("orderNumber", "REQUIRED"),
                ("orderDate", "REQUIRED")
            ]
        );
        let mut school = mode(1, Kind::Pilot, Subject::School, day);
        school.ends_on = Some(day);
        assert_eq!(rules(&school), [("endsOn", "OPEN_ENDED")]);
    }

    #[test]
    fn full_keeping_rests_on_an_act_and_a_contract_of_that_day() {
        let day = date(2026, 9, 1);
        let full = mode(1, Kind::Paperless, Subject::School, day);
        let act = record(ORDER, date(2026, 8, 20), None);
        let contract = record(CONTRACT, date(2026, 8, 1), None);
        assert_eq!(full.rests_on(Some(&act), Some(&contract)), Ok(()));
        assert_eq!(
            full.rests_on(None, Some(&contract)),
            Err(Baseless::LocalAct)
        );
        assert_eq!(full.rests_on(Some(&act), None), Err(Baseless::Contract));
        let ended = record(REGULATION, date(2026, 1, 1), Some(date(2026, 8, 31)));
        let later = record(REGULATION, date(2026, 9, 2), None);
        let undated = Record {
            dated_on: None,
            ..act.clone()
        };
        let consent = record(8, date(2026, 8, 20), None);
        for other in [ended, later, undated, consent] {
            assert_eq!(
                full.rests_on(Some(&other), Some(&contract)),
                Err(Baseless::LocalAct)
            );
        }
        assert_eq!(
            full.rests_on(Some(&act), Some(&act)),
            Err(Baseless::Contract)
        );
        let mut pilot = mode(1, Kind::Pilot, Subject::School, day);
        assert_eq!(pilot.rests_on(None, None), Ok(()));
        pilot.local_act = Some(act.id);
        assert_eq!(pilot.rests_on(None, None), Err(Baseless::LocalAct));
    }

    #[test]
    fn of_a_school_the_newest_stage_counts() {
        let modes = [
            mode(1, Kind::Preparation, Subject::School, date(2026, 6, 1)),
            mode(2, Kind::Paperless, Subject::School, date(2027, 1, 11)),
            mode(3, Kind::Pilot, Subject::School, date(2026, 9, 1)),
            Mode {
                withdrawn: Some("ошибка".into()),
                ..mode(4, Kind::Paperless, Subject::School, date(2026, 9, 2))
            },
        ];
        let on = |day| stage(&modes, day).map(|mode| mode.kind);
        assert_eq!(on(date(2026, 5, 31)), None);
        assert_eq!(on(date(2026, 8, 31)), Some(Kind::Preparation));
        assert_eq!(on(date(2026, 9, 2)), Some(Kind::Pilot));
        assert_eq!(on(date(2027, 1, 11)), Some(Kind::Paperless));
        let today = date(2026, 11, 22);
        assert_eq!(
            next_stage(&modes, today).map(|mode| mode.starts_on),
            Some(date(2027, 1, 11))
        );
        assert!(next_stage(&modes, date(2027, 1, 11)).is_none());
        assert!(counts(&modes[2], &modes, today) && !counts(&modes[0], &modes, today));
    }

    #[test]
    fn no_two_decisions_about_one_pupil_count_on_one_day() {
        let first = Mode {
            ends_on: Some(date(2026, 10, 31)),
            ..mode(1, Kind::Paper, PUPIL, date(2026, 9, 1))
        };
        let touching = mode(2, Kind::Paper, PUPIL, date(2026, 10, 31));
        let next = mode(2, Kind::Paper, PUPIL, date(2026, 11, 1));
        assert!(first.collides_with(&touching) && touching.collides_with(&first));
        assert!(!first.collides_with(&next) && !next.collides_with(&first));
        let withdrawn = Mode {
            withdrawn: Some("ошибка".into()),
            ..touching
        };
        assert!(!first.collides_with(&withdrawn));
        assert!(!first.collides_with(&mode(3, Kind::Pilot, CLASS, date(2026, 9, 1))));
        let stage = |id, day| mode(id, Kind::Pilot, Subject::School, day);
        assert!(!stage(1, date(2026, 9, 1)).collides_with(&stage(2, date(2026, 9, 2))));
        assert!(stage(1, date(2026, 9, 1)).collides_with(&stage(2, date(2026, 9, 1))));
    }
}
