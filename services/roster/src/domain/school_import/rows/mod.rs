//! One function per sheet: from cells to typed rows. What a row refers to is resolved later.
//!
//! A field that was refused is `None` and its row is known to be bad; what could be read of a bad
//! row stays, so that rows which refer to it are told apart from rows that refer to nothing.

mod calendar;
mod groups;
mod people;
mod school;
mod teaching;

use jiff::civil::Date;

use super::{
    context::Context,
    fields::{Fields, Spelled},
    plan::{Bell, DayOff, School, StaffMember, StudyPeriod},
    template::SheetKind,
    value::{
        AcademicYear, ClassName, Code, DayName, Email, GroupName, Informing, Level, PersonName,
        Phone, Relation, Room, Sex, Snils, StudyForm, Subject, WeeklyHours,
    },
};

/// Everything that could be read.
pub(super) struct Rows {
    pub(super) school: Option<School>,
    /// Known even where the rest of «Школа» is not.
    pub(super) year: Option<AcademicYear>,
    pub(super) study_days: Option<u8>,
    pub(super) staff: Vec<StaffRow>,
    pub(super) classes: Vec<ClassRow>,
    pub(super) pupils: Vec<PupilRow>,
    pub(super) guardians: Vec<GuardianRow>,
    pub(super) groups: Vec<GroupRow>,
    pub(super) loads: Vec<LoadRow>,
    pub(super) bells: Vec<BellRow>,
    pub(super) periods: Vec<Read<StudyPeriod>>,
    pub(super) days_off: Vec<Read<DayOff>>,
    pub(super) lessons: Vec<LessonRow>,
}

/// A row that refers to nothing.
pub(super) struct Read<T> {
    pub(super) row: u32,
    pub(super) value: Option<T>,
}

/// A row of bells. Lessons refer to it by number and shift, even where its times are refused.
pub(super) struct BellRow {
    pub(super) row: u32,
    pub(super) number: Option<u8>,
    pub(super) shift: Option<u8>,
    pub(super) value: Option<Bell>,
}

pub(super) struct StaffRow {
    pub(super) row: u32,
    pub(super) code: Option<Code>,
    pub(super) value: Option<StaffMember>,
}

pub(super) struct ClassRow {
    pub(super) row: u32,
    pub(super) name: Option<ClassName>,
    pub(super) teacher: Option<Spelled<Code>>,
    pub(super) level: Option<Level>,
    pub(super) shift: Option<u8>,
}

pub(super) struct PupilRow {
    pub(super) row: u32,
    pub(super) code: Option<Code>,
    pub(super) class: Option<ClassName>,
    pub(super) name: Option<PersonName>,
    pub(super) born: Option<Date>,
    pub(super) sex: Option<Sex>,
    pub(super) form: Option<StudyForm>,
    pub(super) subgroup: Option<u8>,
    pub(super) snils: Option<Snils>,
}

pub(super) struct GuardianRow {
    pub(super) row: u32,
    pub(super) pupil: Option<Spelled<Code>>,
    pub(super) facts: Option<GuardianFacts>,
}

pub(super) struct GuardianFacts {
    pub(super) name: PersonName,
    pub(super) phone: Option<Phone>,
    pub(super) email: Option<Email>,
    pub(super) relation: Relation,
    pub(super) representative: bool,
    pub(super) informing: Informing,
}

pub(super) struct GroupRow {
    pub(super) row: u32,
    pub(super) name: Option<GroupName>,
    /// The outer `None` is a refusal.
    #[allow(clippy::option_option)]
    pub(super) pupil: Option<Option<Spelled<Code>>>,
}

pub(super) struct LoadRow {
    pub(super) row: u32,
    pub(super) group: Option<Spelled<GroupName>>,
    pub(super) class: Option<ClassName>,
    pub(super) subject: Option<Spelled<Subject>>,
    pub(super) hours: Option<WeeklyHours>,
    pub(super) teacher: Option<Spelled<Code>>,
}

pub(super) struct LessonRow {
    pub(super) row: u32,
    pub(super) day: Option<DayName>,
    pub(super) number: Option<u8>,
    pub(super) group: Option<Spelled<GroupName>>,
    pub(super) subject: Option<Spelled<Subject>>,
    pub(super) teacher: Option<Spelled<Code>>,
    pub(super) room: Option<Room>,
}

/// Reads every sheet that was found.
pub(super) fn read(context: &mut Context<'_>) -> Rows {
    let (school, year, study_days) = school::read(context);
    let groups = each(context, SheetKind::Groups, groups::member);
    let titles = groups::titles(&groups);
    Rows {
        school,
        year,
        study_days,
        staff: each(context, SheetKind::Staff, people::staff),
        classes: each(context, SheetKind::Classes, teaching::class),
        pupils: each(context, SheetKind::Pupils, people::pupil),
        guardians: each(context, SheetKind::Guardians, people::guardian),
        groups,
        loads: each(context, SheetKind::Loads, |fields, row| {
            teaching::load(fields, row, &titles)
        }),
        bells: each(context, SheetKind::Bells, calendar::bell),
        periods: each(context, SheetKind::Periods, |fields, row| {
            calendar::period(fields, row, year)
        }),
        days_off: each(context, SheetKind::DaysOff, |fields, row| {
            calendar::day_off(fields, row, year)
        }),
        lessons: each(context, SheetKind::Timetable, |fields, row| {
            teaching::lesson(fields, row, &titles)
        }),
    }
}

fn each<T>(
    context: &mut Context<'_>,
    sheet: SheetKind,
    read: impl Fn(&mut Fields<'_, '_>, u32) -> T,
) -> Vec<T> {
    let rows: Vec<u32> = context
        .tables
        .get(&sheet)
        .map(|t| t.rows.iter().map(|row| row.number).collect())
        .unwrap_or_default();
    rows.into_iter()
        .map(|row| read(&mut Fields::new(context, sheet, row), row))
        .collect()
}
