//! Registries of the rollout: what a school has to do, who answers for it, by which
//! documents, who has been taught, on which devices. One form for all five; each uses
//! what it needs.

mod model_plan;

use jiff::civil::Date;
use zhurnal_proto::id::{PersonId, RegistryRecordId};

use super::link::https_host;
pub use model_plan::{ModelMeasure, model_plan};

/// Registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Registry {
    /// Plan of measures.
    Measures,
    /// Responsible persons and the working group.
    ResponsiblePersons,
    /// Local acts and contracts.
    LocalActs,
    /// Training of staff.
    Trainings,
    /// Equipment and access points.
    Equipment,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Id.
    pub id: RegistryRecordId,
    /// Registry.
    pub registry: Registry,
    /// Kind within the registry, as numbered in the contract.
    pub kind: i16,
    /// Title; empty for a responsible person.
    pub title: String,
    /// The employee concerned.
    pub person: Option<PersonId>,
    /// Result of a measure or a training, duties of a responsible person, when an access
    /// point is open.
    pub note: String,
    /// Evidence of a measure, place of a local act.
    pub link: String,
    /// Number of the order or of the act.
    pub number: String,
    /// Date of the order or of the act.
    pub dated_on: Option<Date>,
    /// Version of a local act.
    pub edition: String,
    /// First day: in force from, or the day that a measure or a training is due.
    pub day: Date,
    /// Last day in force.
    pub ends_on: Option<Date>,
    /// Day on which a measure or a training was done.
    pub done_on: Option<Date>,
    /// Hours of a training.
    pub hours: u32,
    /// The whole staff has to be acquainted with it.
    pub to_acknowledge: bool,
    /// Where equipment stands.
    pub place: String,
    /// How many devices.
    pub quantity: u32,
    /// Teachers may fill in the journal there.
    pub is_access_point: bool,
}

/// A rule that a record breaks: field of the entry, rule, what a person is told.
pub type Broken = (&'static str, &'static str, &'static str);

impl Record {
    /// A record that says nothing yet but what it is and its day.
    pub fn new(id: RegistryRecordId, registry: Registry, kind: i16, day: Date) -> Self {
        Self {
            id,
            registry,
            kind,
            title: String::new(),
            person: None,
            note: String::new(),
            link: String::new(),
            number: String::new(),
            dated_on: None,
            edition: String::new(),
            day,
            ends_on: None,
            done_on: None,
            hours: 0,
            to_acknowledge: false,
            place: String::new(),
            quantity: 0,
            is_access_point: false,
        }
    }

    /// Every rule that the record breaks.
    pub fn broken(&self, today: Date) -> Vec<Broken> {
        let mut broken = Vec::new();
        let mut rule = |holds: bool, field, rule, message| {
            if !holds {
                broken.push((field, rule, message));
            }
        };
        rule(
            self.done_on.is_none_or(|done| done <= today),
            "doneOn",
            "IN_FUTURE",
            "Дата исполнения не может быть позже сегодняшней",
        );
        rule(
            self.ends_on.is_none_or(|end| end >= self.day),
            "endsOn",
            "BEFORE_START",
            "Последний день раньше первого",
        );
        rule(
            self.link.is_empty() || https_host(&self.link).is_some(),
            "link",
            "NOT_HTTPS",
            "Ссылка должна начинаться с https://",
        );
        match self.registry {
            Registry::Measures => rule(
                self.done_on.is_none() || !self.note.is_empty(),
                "result",
                "REQUIRED_WHEN_DONE",
                "Напишите результат: приказ, протокол, справка",
            ),
            Registry::ResponsiblePersons => rule(
                self.number.is_empty() == self.dated_on.is_none(),
                "orderDate",
                "ORDER_INCOMPLETE",
                "Номер и дата приказа указываются вместе",
            ),
            Registry::Equipment => rule(
                !self.is_access_point || !self.note.is_empty(),
                "schedule",
                "REQUIRED_AT_ACCESS_POINT",
                "Напишите, когда учителя могут здесь заполнять журнал",
            ),
            Registry::LocalActs | Registry::Trainings => {}
        }
        broken
    }

    /// Due and not done.
    pub fn is_overdue(&self, today: Date) -> bool {
        self.has_term() && self.done_on.is_none() && self.day < today
    }

    /// In force on a day.
    pub fn is_in_force(&self, today: Date) -> bool {
        !self.has_term() && self.day <= today && self.ends_on.is_none_or(|end| end >= today)
    }

    /// It is to be done by a day, rather than in force from one.
    fn has_term(&self) -> bool {
        matches!(self.registry, Registry::Measures | Registry::Trainings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use uuid::Uuid;

    const TODAY: Date = date(2026, 11, 22);

    fn record(registry: Registry) -> Record {
        let id = RegistryRecordId::from_uuid(Uuid::from_u128(1));
        Record::new(id, registry, 1, date(2026, 11, 1))
    }

    fn rules(record: &Record) -> Vec<(&'static str, &'static str)> {
        let broken = record.broken(TODAY);
        broken.iter().map(|(f, r, _)| (*f, *r)).collect()
    }

    #[test]
    fn a_measure_is_done_with_a_result_and_not_in_the_future() {
        let mut measure = record(Registry::Measures);
        assert!(rules(&measure).is_empty());
        assert!(measure.is_overdue(TODAY));
        assert!(!measure.is_overdue(measure.day), "the last day is in time");
        measure.done_on = Some(date(2026, 11, 23));
        assert_eq!(
            rules(&measure),
            [("doneOn", "IN_FUTURE"), ("result", "REQUIRED_WHEN_DONE")]
        );
        measure.done_on = Some(TODAY);
        measure.note = "Протокол № 3".into();
        assert!(rules(&measure).is_empty());
        assert!(!measure.is_overdue(TODAY));
    }

    #[test]
    fn a_person_is_named_by_an_order_with_number_and_date() {
        let mut person = record(Registry::ResponsiblePersons);
        person.number = "17-к".into();
        assert_eq!(rules(&person), [("orderDate", "ORDER_INCOMPLETE")]);
        person.dated_on = Some(TODAY);
        person.ends_on = Some(date(2026, 10, 31));
        assert_eq!(rules(&person), [("endsOn", "BEFORE_START")]);
        person.ends_on = Some(date(2026, 11, 21));
        assert!(!person.is_in_force(TODAY));
        assert!(person.is_in_force(date(2026, 11, 21)));
        assert!(!person.is_overdue(TODAY), "a person is never overdue");
    }

    #[test]
    fn an_access_point_says_when_it_is_open() {
        let mut equipment = record(Registry::Equipment);
        assert!(rules(&equipment).is_empty());
        assert!(equipment.is_in_force(TODAY));
        equipment.is_access_point = true;
        assert_eq!(
            rules(&equipment),
            [("schedule", "REQUIRED_AT_ACCESS_POINT")]
        );
        equipment.note = "пн–пт 14:00–17:00".into();
        assert!(rules(&equipment).is_empty());
    }

    #[test]
    fn a_link_is_https_with_a_host() {
        let mut act = record(Registry::LocalActs);
        for link in [
            "",
            "https://school.example/act.pdf",
            "https://a.example?x=1",
        ] {
            link.clone_into(&mut act.link);
            assert!(rules(&act).is_empty(), "{link}");
        }
        for link in [
            "http://school.example",
            "javascript:alert(1)",
            "https://",
            "https://localhost/a",
            "https://a.example/b c",
        ] {
            link.clone_into(&mut act.link);
            assert_eq!(rules(&act), [("link", "NOT_HTTPS")], "{link}");
        }
    }
}
