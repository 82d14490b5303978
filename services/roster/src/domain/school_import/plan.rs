//! What an import makes: a whole school, every reference resolved.
//!
//! Invariant: every code, class and group that something here refers to is here too.

use jiff::civil::{Date, Time};

use super::value::{
    AcademicYear, ClassName, Code, DayName, Email, GradeSet, GroupName, Informing, Level,
    PeriodName, PersonName, Phone, Post, Relation, Room, Sex, Snils, StudyForm, StudyWeek, Subject,
    WeeklyHours, ZoneName,
};

/// A value and the row it comes from (1-based, as in the spreadsheet).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<T> {
    /// The row in the spreadsheet.
    pub row: u32,
    /// What it says.
    pub value: T,
}

/// A school as its workbook describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchoolPlan {
    /// Its name and year.
    pub school: School,
    /// Staff, as listed.
    pub staff: Vec<Entry<StaffMember>>,
    /// Classes, as listed.
    pub classes: Vec<Entry<Class>>,
    /// Every whole class, every group that is listed and every subgroup that has load; with their
    /// pupils.
    pub groups: Vec<Group>,
    /// Pupils, as listed.
    pub pupils: Vec<Entry<Pupil>>,
    /// Parents; one person however many children.
    pub guardians: Vec<Guardian>,
    /// The sheet of groups, as listed: one entry per group and pupil.
    pub listed: Vec<Entry<ListedMember>>,
    /// Teaching load.
    pub loads: Vec<Entry<Load>>,
    /// Bells.
    pub bells: Vec<Entry<Bell>>,
    /// Study periods.
    pub periods: Vec<Entry<StudyPeriod>>,
    /// The school's own list of days off.
    pub days_off: Vec<Entry<DayOff>>,
    /// The lessons of a week.
    pub timetable: Vec<Entry<WeeklyLesson>>,
    /// Every subject that load or timetable names, in the order of first mention.
    pub subjects: Vec<Subject>,
    /// Every room that the timetable names, in the order of first mention.
    pub rooms: Vec<Room>,
}

/// Name and year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct School {
    /// Полное наименование.
    pub full_name: String,
    /// Муниципалитет.
    pub municipality: String,
    /// Учебный год.
    pub year: AcademicYear,
    /// Учебная неделя.
    pub week: StudyWeek,
    /// Часовой пояс.
    pub zone: ZoneName,
}

/// A member of staff and the post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffMember {
    /// Unique among staff.
    pub code: Code,
    /// Name.
    pub name: PersonName,
    /// Post.
    pub post: Post,
    /// Telephone.
    pub phone: Option<Phone>,
    /// E-mail.
    pub email: Option<Email>,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// Grade and letter.
    pub name: ClassName,
    /// Code of the class teacher.
    pub teacher: Option<Code>,
    /// Level, from the grade.
    pub level: Level,
    /// Shift, from 1.
    pub shift: u8,
}

/// A teaching group and its pupils.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Whole class or subgroup.
    pub name: GroupName,
    /// Codes of the pupils, in the order of the list.
    pub members: Vec<Code>,
}

/// A row of the sheet of groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedMember {
    /// The group.
    pub group: GroupName,
    /// Code of the pupil; `None`: the row says that the group is there.
    pub pupil: Option<Code>,
}

/// A pupil and the enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pupil {
    /// Unique among pupils.
    pub code: Code,
    /// Name.
    pub name: PersonName,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub born: Date,
    /// Class.
    pub class: ClassName,
    /// Form of study.
    pub form: StudyForm,
    /// The part of a divided class.
    pub subgroup: Option<u8>,
    /// Secret.
    pub snils: Option<Snils>,
}

/// A parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guardian {
    /// Name.
    pub name: PersonName,
    /// The first telephone given.
    pub phone: Option<Phone>,
    /// The first e-mail given.
    pub email: Option<Email>,
    /// The children, at least one.
    pub children: Vec<Entry<GuardianLink>>,
}

/// A parent's tie to one child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuardianLink {
    /// Code of the pupil.
    pub pupil: Code,
    /// Кем приходится.
    pub relation: Relation,
    /// Законный представитель.
    pub representative: bool,
    /// How the family is informed.
    pub informing: Informing,
}

/// Teaching load: who teaches what to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// The group.
    pub group: GroupName,
    /// The subject.
    pub subject: Subject,
    /// Hours a week.
    pub hours: WeeklyHours,
    /// Code of the teacher.
    pub teacher: Code,
}

/// When a lesson begins and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bell {
    /// The shift it is for; `None` for all.
    pub shift: Option<u8>,
    /// The lesson's number.
    pub number: u8,
    /// Begin.
    pub starts: Time,
    /// End, after the begin.
    pub ends: Time,
}

/// A study period of some grades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyPeriod {
    /// Which.
    pub name: PeriodName,
    /// First day.
    pub starts: Date,
    /// Last day, inclusive.
    pub ends: Date,
    /// Grades.
    pub grades: GradeSet,
}

/// A day without lessons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOff {
    /// The day.
    pub date: Date,
    /// Why.
    pub title: String,
}

/// A lesson that is held every week.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeeklyLesson {
    /// The day.
    pub day: DayName,
    /// The lesson's number.
    pub number: u8,
    /// The group.
    pub group: GroupName,
    /// The subject.
    pub subject: Subject,
    /// Code of the teacher.
    pub teacher: Code,
    /// The room.
    pub room: Option<Room>,
}

/// How much there is of everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Members of staff.
    pub staff: usize,
    /// Classes.
    pub classes: usize,
    /// Pupils.
    pub pupils: usize,
    /// Parents as persons.
    pub guardians: usize,
    /// Ties of parents to children: the rows of «Родители».
    pub guardian_links: usize,
    /// Rows of load.
    pub loads: usize,
    /// Lessons of a week.
    pub weekly_lessons: usize,
}

impl SchoolPlan {
    /// How much there is of everything.
    pub fn counts(&self) -> Counts {
        Counts {
            staff: self.staff.len(),
            classes: self.classes.len(),
            pupils: self.pupils.len(),
            guardians: self.guardians.len(),
            guardian_links: self.guardians.iter().map(|g| g.children.len()).sum(),
            loads: self.loads.len(),
            weekly_lessons: self.timetable.len(),
        }
    }
}
