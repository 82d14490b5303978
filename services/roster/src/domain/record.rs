//! The records that roster owns: what stands on a card, in a class, in an order.
//!
//! Invariant: every record belongs to one school; periods are inclusive on both ends.

use jiff::civil::Date;
use zhurnal_proto::id::{
    ClassId, EnrolmentId, GroupId, GuardianLinkId, MunicipalityId, OrderId, PersonId, SchoolId,
    SupervisionId,
};

use super::duty::Duty;
use super::school_import::value::Snils;

/// A name as in the documents.
#[derive(Clone, PartialEq, Eq)]
pub struct Name {
    /// Фамилия.
    pub surname: String,
    /// Имя.
    pub given_name: String,
    /// Отчество; may be empty.
    pub patronymic: String,
}

impl Name {
    /// Finds a card; see [`super::text::search_key`].
    pub fn search_key(&self) -> String {
        super::text::search_key(&self.full())
    }

    /// Orders lists; see [`super::text::sort_key`].
    pub fn sort_key(&self) -> String {
        super::text::sort_key(&self.full())
    }

    fn full(&self) -> String {
        format!("{} {} {}", self.surname, self.given_name, self.patronymic)
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Name")
    }
}

/// Whether a school can work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchoolState {
    /// An import is under way: the plan is not complete.
    Preparing,
    /// Works.
    Active,
}

/// A school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// Id.
    pub id: SchoolId,
    /// Full title.
    pub title: String,
    /// Title of the municipality.
    pub municipality: String,
    /// The municipality that it belongs to; `None` until an import or a migration has
    /// found it.
    pub municipality_id: Option<MunicipalityId>,
    /// Present academic year, `2026/2027`.
    pub academic_year: String,
    /// Days of the study week.
    pub study_week_days: u8,
    /// IANA time zone.
    pub time_zone: String,
    /// State.
    pub state: SchoolState,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Municipality {
    /// Id.
    pub id: MunicipalityId,
    /// Title, unique however it is spelled.
    pub title: String,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// Sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// Male.
    Male,
    /// Female.
    Female,
}

/// A person card of a school.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Id.
    pub id: PersonId,
    /// Name.
    pub name: Name,
    /// Orders lists; see [`super::text::sort_key`].
    pub sort_key: String,
    /// Finds the card; see [`super::text::search_key`].
    pub search_key: String,
    /// Sex, where it was told.
    pub sex: Option<Sex>,
    /// Birth date, where it was told.
    pub birth_date: Option<Date>,
    /// Phone; may be empty.
    pub phone: String,
    /// E-mail; may be empty.
    pub email: String,
    /// Secret.
    pub snils: Option<Snils>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({})", self.id)
    }
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Card.
    pub person_id: PersonId,
    /// Post as written in the order.
    pub post: String,
    /// Duties in the order of [`Duty::ALL`].
    pub duties: Vec<Duty>,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Option<Date>,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolClass {
    /// Id.
    pub id: ClassId,
    /// Academic year.
    pub academic_year: String,
    /// Grade, 1 to 11.
    pub grade: u8,
    /// Letter.
    pub letter: String,
    /// `5-А`.
    pub title: String,
    /// Shift.
    pub shift: u8,
    /// Card of the class teacher.
    pub class_teacher_id: Option<PersonId>,
}

/// What a group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// The whole class.
    Class,
    /// Part of a class for a subject.
    Subgroup,
    /// Elective.
    Elective,
    /// Club.
    Club,
    /// Extended day.
    ExtendedDay,
    /// One pupil taught alone.
    Individual,
}

/// A group of pupils who have lessons together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Id.
    pub id: GroupId,
    /// Academic year.
    pub academic_year: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: GroupKind,
    /// Class that it is of or a part of; `None` when of several.
    pub class_id: Option<ClassId>,
    /// Grade and shift of a group of several classes; `None`: the class's.
    pub place: Option<GroupPlace>,
    /// Its lessons have no marks.
    pub unmarked: bool,
    /// Last day; `None`: to the end of the year.
    pub ends_on: Option<Date>,
}

/// Where a group of several classes stands among the classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupPlace {
    /// Grade whose periods and deputy in charge it has.
    pub grade: u8,
    /// Shift whose bells it has.
    pub shift: u8,
}

impl GroupPlace {
    /// The same pupils after the rollover.
    pub fn a_year_later(self) -> Self {
        Self {
            grade: (self.grade + 1).min(11),
            ..self
        }
    }
}

/// Membership of a pupil in a group; the key is group, pupil and first day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMembership {
    /// Group.
    pub group_id: GroupId,
    /// Pupil.
    pub pupil_id: PersonId,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Option<Date>,
}

/// Form of education.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EducationForm {
    /// At school.
    FullTime,
    /// At home by the school's teachers.
    Home,
    /// In the family.
    Family,
}

/// Enrolment of a pupil, changed only by orders (R119).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Id.
    pub id: EnrolmentId,
    /// Pupil.
    pub pupil_id: PersonId,
    /// Class.
    pub class_id: ClassId,
    /// Form of education.
    pub form: EducationForm,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Option<Date>,
    /// Order that made it.
    pub order_id: OrderId,
}

/// How a family is informed (R211).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Informing {
    /// In the system.
    Electronic,
    /// On paper.
    Paper,
}

/// A guardian of a pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardianLink {
    /// Id.
    pub id: GuardianLinkId,
    /// Guardian's card.
    pub guardian_id: PersonId,
    /// Pupil's card.
    pub pupil_id: PersonId,
    /// Relation as written.
    pub relation: String,
    /// Legal representative: may read the diary.
    pub is_representative: bool,
    /// How the family is informed.
    pub informing: Informing,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Option<Date>,
}

impl GuardianLink {
    /// Whether the link is in force on the day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| day <= last)
    }
}

/// Which deputy decides on corrections where (R27).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supervision {
    /// Id.
    pub id: SupervisionId,
    /// Deputy's card.
    pub person_id: PersonId,
    /// First grade.
    pub grade_from: u8,
    /// Last grade.
    pub grade_to: u8,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub ends_on: Option<Date>,
}

impl Supervision {
    /// Grades, first to last.
    pub fn grades(&self) -> std::ops::RangeInclusive<u8> {
        self.grade_from..=self.grade_to
    }

    /// Whether it counts on the day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.starts_on <= day && self.ends_on.is_none_or(|last| last >= day)
    }
}
