//! «Звонки», «Учебные периоды», «Выходные дни».

use jiff::civil::{Date, Time};

use super::{BellRow, Read};
use crate::domain::school_import::{
    fields::Fields,
    findings::{Problem, Reason},
    plan::{Bell, DayOff, StudyPeriod},
    template::col::{bells, days_off, periods},
    value::{AcademicYear, GradeSet, Label, LessonNumber, PeriodName, Shift},
};

pub(super) fn bell(fields: &mut Fields<'_, '_>, row: u32) -> BellRow {
    let number = fields.required::<LessonNumber>(bells::NUMBER);
    let starts = fields.required::<Time>(bells::STARTS);
    let ends = fields.required::<Time>(bells::ENDS);
    let shift = fields.optional::<Shift>(bells::SHIFT);
    if starts
        .zip(ends)
        .is_some_and(|(starts, ends)| ends <= starts)
    {
        fields.refuse(bells::ENDS, backwards());
    }
    let bell = || {
        Some(Bell {
            shift: shift?.map(Shift::get),
            number: number?.get(),
            starts: starts?,
            ends: ends?,
        })
    };
    BellRow {
        row,
        number: number.map(LessonNumber::get),
        shift: shift.flatten().map(Shift::get),
        value: bell(),
    }
}

pub(super) fn period(
    fields: &mut Fields<'_, '_>,
    row: u32,
    year: Option<AcademicYear>,
) -> Read<StudyPeriod> {
    let name = fields.required::<PeriodName>(periods::NAME);
    let starts = fields.required::<Date>(periods::STARTS);
    let ends = fields.required::<Date>(periods::ENDS);
    let grades = fields.required::<GradeSet>(periods::GRADES);
    for (column, day) in [(periods::STARTS, starts), (periods::ENDS, ends)] {
        in_year(fields, column, day, year);
    }
    if starts
        .zip(ends)
        .is_some_and(|(starts, ends)| ends <= starts)
    {
        fields.refuse(periods::ENDS, backwards());
    }
    let period = || {
        Some(StudyPeriod {
            name: name?,
            starts: starts?,
            ends: ends?,
            grades: grades?,
        })
    };
    Read {
        row,
        value: period(),
    }
}

pub(super) fn day_off(
    fields: &mut Fields<'_, '_>,
    row: u32,
    year: Option<AcademicYear>,
) -> Read<DayOff> {
    let date = fields.required::<Date>(days_off::DATE);
    let title = fields.required::<Label>(days_off::TITLE);
    in_year(fields, days_off::DATE, date, year);
    let day = || {
        Some(DayOff {
            date: date?,
            title: title?.into_string(),
        })
    };
    Read { row, value: day() }
}

fn in_year(
    fields: &mut Fields<'_, '_>,
    column: usize,
    day: Option<Date>,
    year: Option<AcademicYear>,
) {
    if day.zip(year).is_some_and(|(day, year)| !year.contains(day)) {
        fields.refuse(
            column,
            Problem::new(
                Reason::DateOutsideYear,
                "Дата не входит в учебный год",
                "Проверьте год в дате и поле «Учебный год» на листе «Школа»",
            ),
        );
    }
}

fn backwards() -> Problem {
    Problem::new(
        Reason::EndBeforeStart,
        "Конец не позже начала",
        "Проверьте начало и конец",
    )
}
