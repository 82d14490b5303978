//! «Классы», «Нагрузка», «Расписание».

use super::{ClassRow, LessonRow, LoadRow, groups::Titles};
use crate::domain::school_import::{
    fields::{Fields, Spelled},
    findings::{Problem, Reason},
    template::col::{classes, loads, timetable},
    value::{
        ClassName, Code, DayName, Grade, GroupName, LessonNumber, Level, Room, Shift, Subject,
        WeeklyHours,
    },
};
use crate::domain::text;

pub(super) fn class(fields: &mut Fields<'_, '_>, row: u32) -> ClassRow {
    let name = fields.required::<ClassName>(classes::NAME);
    if name
        .as_ref()
        .is_some_and(|name| !(1..=11).contains(&name.grade()))
    {
        fields.refuse(
            classes::NAME,
            Problem::new(
                Reason::BadClass,
                "Такой параллели нет",
                "Параллель: число от 1 до 11",
            ),
        );
    }
    let grade = fields.optional::<Grade>(classes::GRADE);
    let letter = fields.optional::<ClassLetter>(classes::LETTER);
    if let (Some(name), Some(Some(grade))) = (&name, grade)
        && grade.get() != name.grade()
    {
        fields.refuse(
            classes::GRADE,
            mismatch("Параллель не та, что в названии класса"),
        );
    }
    if let (Some(name), Some(Some(ClassLetter(letter)))) = (&name, letter)
        && letter != name.letter()
    {
        fields.refuse(
            classes::LETTER,
            mismatch("Литера не та, что в названии класса"),
        );
    }
    let teacher = fields.spelled_optional::<Code>(classes::TEACHER).flatten();
    let written_level = fields.optional::<Level>(classes::LEVEL).flatten();
    let level = name.as_ref().map(|name| Level::of_grade(name.grade()));
    if let Some((written, level)) = written_level.zip(level)
        && written != level
    {
        fields.warn(
            classes::LEVEL,
            Problem::new(
                Reason::LevelMismatch,
                "Уровень не соответствует параллели, взят по параллели",
                "1–4 начальное, 5–9 основное, 10–11 среднее",
            ),
        );
    }
    let shift = fields
        .or_usual(classes::SHIFT, Shift::FIRST)
        .map(Shift::get);
    ClassRow {
        row,
        name,
        teacher,
        level,
        shift,
    }
}

fn mismatch(message: &'static str) -> Problem {
    Problem::new(Reason::ClassMismatch, message, "Исправьте одно из двух")
}

/// The letter of a class in a cell of its own.
struct ClassLetter(String);

impl crate::domain::school_import::value::Value for ClassLetter {
    const FORM: Reason = Reason::ClassForm;
    const BAD: Reason = Reason::BadClass;

    fn parse(text: &str) -> Result<Self, Problem> {
        // Any grade does: a letter is a letter if it makes a class together with one.
        let class = ClassName::parse(&format!("1-{text}")).map_err(|_| {
            Problem::new(
                Reason::BadClass,
                "Это не литера класса",
                "Одна или две буквы: А",
            )
        })?;
        Ok(Self(class.letter().to_owned()))
    }

    fn canonical(&self) -> String {
        self.0.clone()
    }
}

pub(super) fn load(fields: &mut Fields<'_, '_>, row: u32, titles: &Titles) -> LoadRow {
    LoadRow {
        row,
        group: group(fields, loads::GROUP, titles),
        class: fields.optional::<ClassName>(loads::CLASS).flatten(),
        subject: fields.spelled_required::<Subject>(loads::SUBJECT),
        hours: fields.required::<WeeklyHours>(loads::HOURS),
        teacher: fields.spelled_required::<Code>(loads::TEACHER),
    }
}

/// A group by a title of the sheet of groups, or by its own name.
fn group(
    fields: &mut Fields<'_, '_>,
    column: usize,
    titles: &Titles,
) -> Option<Spelled<GroupName>> {
    let listed = fields.text(column).and_then(|text| {
        let value = titles.get(&text::search_key(text))?.clone();
        let before = text.to_owned();
        Some(Spelled { value, before })
    });
    listed.or_else(|| fields.spelled_required::<GroupName>(column))
}

pub(super) fn lesson(fields: &mut Fields<'_, '_>, row: u32, titles: &Titles) -> LessonRow {
    LessonRow {
        row,
        day: fields.required::<DayName>(timetable::DAY),
        number: fields
            .required::<LessonNumber>(timetable::NUMBER)
            .map(LessonNumber::get),
        group: group(fields, timetable::GROUP, titles),
        subject: fields.spelled_required::<Subject>(timetable::SUBJECT),
        teacher: fields.spelled_required::<Code>(timetable::TEACHER),
        room: fields.optional::<Room>(timetable::ROOM).flatten(),
    }
}
