//! What is counted for the sheets, as of a day.

use jiff::civil::Date;

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Of {
    /// What there is.
    pub have: u32,
    /// What there should be.
    pub needed: u32,
}

impl Of {
    /// `have` of `needed`.
    pub const fn new(have: u32, needed: u32) -> Self {
        Self { have, needed }
    }

    /// Counts one more that there should be, and whether it is there.
    pub fn add(&mut self, there: bool) {
        self.needed += 1;
        self.have += u32::from(there);
    }

    /// Of a list that must not be empty: none of none is none of one.
    pub fn of_some(self) -> Self {
        Self {
            needed: self.needed.max(1),
            ..self
        }
    }

    /// Per cent, rounded down so that 100 means all; nothing to do is all.
    pub fn percent(self) -> u32 {
        if self.needed == 0 {
            return 100;
        }
        let percent = u64::from(self.have) * 100 / u64::from(self.needed);
        u32::try_from(percent).unwrap_or(u32::MAX)
    }
}

/// A person who answers for something, by an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Responsible {
    /// Post.
    pub post: String,
    /// Number of the order; empty = none.
    pub order: String,
    /// Date of the order.
    pub ordered_on: Option<Date>,
}

/// A local act in force.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Act {
    /// Title.
    pub title: String,
    /// Number.
    pub number: String,
    /// Date.
    pub dated_on: Option<Date>,
    /// Where it is published.
    pub link: String,
}

/// A measure that was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// Title.
    pub title: String,
    /// Day.
    pub on: Option<Date>,
    /// Evidence.
    pub link: String,
}

/// Where teachers fill in the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessPoint {
    /// Room.
    pub place: String,
    /// Devices.
    pub devices: u32,
}

/// Everything that is counted of a school.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Devices that the journal can be filled in on, of teachers.
    pub devices: Of,
    /// Employees with a post, of all.
    pub staff: Of,
    /// Classes with a class teacher.
    pub class_teachers: Of,
    /// Pupils whose card has a name, of those enrolled.
    pub pupils: Of,
    /// Pupils with a guardian.
    pub guardians: Of,
    /// The calendar of the year is there.
    pub calendar: Of,
    /// Grades that have periods.
    pub periods: Of,
    /// Days off in the calendar, of one at least.
    pub days_off: Of,
    /// Teachers with a load.
    pub loads: Of,
    /// Pupils in a class with name and birth date.
    pub cards: Of,
    /// Classes with class teacher and pupils.
    pub classes: Of,
    /// Groups with a teacher.
    pub groups: Of,
    /// Enrolments that rest on an order.
    pub orders: Of,
    /// Teachers with a load who have lessons.
    pub teacher_timetables: Of,
    /// Classes with lessons.
    pub class_timetables: Of,
    /// Pupils taught at home who have lessons of their own.
    pub home_timetables: Of,
    /// Pupils taught at home with entries in the journal.
    pub home_pupils: Of,
    /// Shifts with bells.
    pub bells: Of,
    /// Employees with an account.
    pub staff_accounts: Of,
    /// Pupils with an account.
    pub pupil_accounts: Of,
    /// Guardians with an account.
    pub guardian_accounts: Of,
    /// Codes issued: employees, pupils, guardians.
    pub issued: [u32; 3],
    /// Loads with an approved lesson plan.
    pub lesson_plans: Of,
    /// Teachers with a questionnaire on ICT competence.
    pub questionnaires: Of,
    /// Teachers with a training held.
    pub trainings: Of,
    /// Teachers with a course held.
    pub courses: Of,
    /// Where teachers fill in the journal.
    pub access_points: Vec<AccessPoint>,
    /// Acts on assessment in force.
    pub assessment_acts: Vec<Act>,
    /// Job descriptions in force.
    pub job_descriptions: Vec<Act>,
    /// Work with families that was done this year.
    pub families: Vec<Done>,
    /// Control that was done this year.
    pub control: Vec<Done>,
    /// Who answers for the journal.
    pub administrators: Vec<Responsible>,
    /// Who keeps the health sheet.
    pub health_sheet: Vec<Responsible>,
    /// Who keeps attendance.
    pub attendance: Vec<Responsible>,
    /// When an entry is due, in words.
    pub entry_due: String,
}
