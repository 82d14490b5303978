//! Registries of the rollout: what a school has to do, who answers for it, by which
//! documents, who has been taught, on which devices. One form for all five; each uses
//! what it needs. Municipalities and the ministry keep the same registries.

mod model_plan;

use jiff::civil::Date;
use zhurnal_proto::id::{PersonId, RegistryRecordId};

use super::link::https_host;
use super::record::Name;

pub use model_plan::{ModelMeasure, model_list, model_plan};

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

/// Who keeps a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Keeper {
    /// A school: people are cards of its staff.
    School,
    /// A municipality: people are named.
    Municipality,
    /// The ministry: people are named, acts are on its site (R214).
    Ministry,
}

/// A person without a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Name.
    pub name: Name,
    /// Post.
    pub post: String,
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
    /// The employee concerned; only in a school.
    pub person: Option<PersonId>,
    /// The person concerned; only above schools.
    pub named: Option<Named>,
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
            named: None,
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
    pub fn broken(&self, today: Date, keeper: Keeper) -> Vec<Broken> {
        let mut broken = match keeper {
            Keeper::School => self.broken_in_school(),
            Keeper::Municipality | Keeper::Ministry => self.broken_above_schools(keeper),
        };
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

    /// What holds in a school alone.
    fn broken_in_school(&self) -> Vec<Broken> {
        if self.is_of_person() && self.person.is_none() {
            return vec![("personId", "REQUIRED", "Выберите сотрудника")];
        }
        Vec::new()
    }

    /// What holds above schools alone.
    fn broken_above_schools(&self, keeper: Keeper) -> Vec<Broken> {
        let mut broken = Vec::new();
        if self.person.is_some() {
            broken.push((
                "personId",
                "ONLY_OF_SCHOOL",
                "Карточки есть только у сотрудников школ",
            ));
        }
        if self.registry == Registry::ResponsiblePersons && self.named.is_none() {
            broken.push((
                "personName",
                "REQUIRED",
                "Напишите фамилию, имя и должность",
            ));
        }
        if self
            .named
            .as_ref()
            .is_some_and(|named| named.post.is_empty())
        {
            broken.push(("post", "REQUIRED", "Напишите должность"));
        }
        if self.to_acknowledge {
            broken.push((
                "toAcknowledge",
                "ONLY_OF_SCHOOL",
                "С документом знакомят в школе",
            ));
        }
        if keeper == Keeper::Ministry
            && self.registry == Registry::LocalActs
            && self.link.is_empty()
        {
            broken.push(("link", "REQUIRED", "Укажите ссылку на сайт министерства"));
        }
        broken
    }

    /// It is about one person.
    fn is_of_person(&self) -> bool {
        matches!(
            self.registry,
            Registry::ResponsiblePersons | Registry::Trainings
        )
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
        Record {
            person: Some(PersonId::from_uuid(Uuid::from_u128(2))),
            ..Record::new(id, registry, 1, date(2026, 11, 1))
        }
    }

    fn rules(record: &Record) -> Vec<(&'static str, &'static str)> {
        rules_of(record, Keeper::School)
    }

    fn rules_of(record: &Record, keeper: Keeper) -> Vec<(&'static str, &'static str)> {
        let broken = record.broken(TODAY, keeper);
        broken.iter().map(|(f, r, _)| (*f, *r)).collect()
    }

    fn named(post: &str) -> Named {
        Named {
            name: Name {
                surname: "Примерова".into(),
                given_name: "Анна".into(),
                patronymic: String::new(),
            },
            post: post.into(),
        }
    }

    #[test]
    fn a_person_is_an_employee_in_a_school_and_named_above_schools() {
        let mut person = record(Registry::ResponsiblePersons);
        assert_eq!(
            rules_of(&person, Keeper::Municipality),
            [("personId", "ONLY_OF_SCHOOL"), ("personName", "REQUIRED")]
        );
        person.person = None;
        person.named = Some(named(""));
        assert_eq!(rules(&person), [("personId", "REQUIRED")]);
        assert_eq!(rules_of(&person, Keeper::Ministry), [("post", "REQUIRED")]);
        person.named = Some(named("Методист"));
        assert!(rules_of(&person, Keeper::Ministry).is_empty());
        let mut training = record(Registry::Trainings);
        training.person = None;
        assert_eq!(rules(&training), [("personId", "REQUIRED")]);
        assert!(
            rules_of(&training, Keeper::Municipality).is_empty(),
            "a seminar is for many"
        );
    }

    #[test]
    fn an_act_of_the_ministry_is_on_its_site_and_none_above_schools_is_acknowledged() {
        let mut act = record(Registry::LocalActs);
        act.person = None;
        assert_eq!(rules_of(&act, Keeper::Ministry), [("link", "REQUIRED")]);
        assert!(rules_of(&act, Keeper::Municipality).is_empty());
        act.link = "https://ministry.example/order".into();
        assert!(rules_of(&act, Keeper::Ministry).is_empty());
        act.to_acknowledge = true;
        assert_eq!(
            rules_of(&act, Keeper::Municipality),
            [("toAcknowledge", "ONLY_OF_SCHOOL")]
        );
        assert!(rules(&act).is_empty());
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
