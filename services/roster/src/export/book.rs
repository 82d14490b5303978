//! A school as the book of the form: the rows that an import of it would read.

use std::collections::HashMap;

use zhurnal_proto::id::{ClassId, PersonId};
use zhurnal_proto::schedule::v1 as schedule;

use super::persons::{form, informing, phone, sex, yes_no};
use super::snapshot::Snapshot;
use crate::domain::record::{GroupKind, Name};
use crate::domain::school_import::SheetKind;
use crate::domain::school_import::book::{Book, Cell, Row, Sheet};
use crate::domain::school_import::value::{DayName, GroupWord, Level};

type Line = Vec<String>;

/// Every sheet of the form, with headers also where there is nothing.
pub(super) fn of(snapshot: &Snapshot) -> Book {
    let rows = Rows::of(snapshot);
    let sheets = SheetKind::ALL.into_iter().map(|kind| {
        let headers: Line = kind
            .columns()
            .iter()
            .map(|one| one.header.to_owned())
            .collect();
        let lines = std::iter::once(headers).chain(rows.of_sheet(kind));
        let rows = lines.zip(1u32..).map(|(cells, number)| Row {
            number,
            cells: cells
                .into_iter()
                .zip(0u16..)
                .filter(|(cell, _)| !cell.is_empty())
                .map(|(cell, at)| (at, Cell::Text(cell)))
                .collect(),
        });
        Sheet {
            title: kind.title().to_owned(),
            rows: rows.collect(),
        }
    });
    Book {
        sheets: sheets.collect(),
        other_sheets: Vec::new(),
    }
}

struct Rows<'a> {
    of: &'a Snapshot,
    classes: HashMap<ClassId, &'a str>,
    staff: HashMap<String, &'a str>,
    pupils: HashMap<PersonId, &'a str>,
    titles: HashMap<String, &'a str>,
}

impl<'a> Rows<'a> {
    fn of(of: &'a Snapshot) -> Self {
        let classes = of.classes.iter().map(|one| (one.id, one.title.as_str()));
        let staff = of
            .staff
            .iter()
            .map(|one| (one.card.id.to_string(), one.code.as_str()));
        let pupils = of.pupils.iter().map(|one| (one.card.id, one.code.as_str()));
        let titles = of
            .titles
            .iter()
            .map(|(id, title)| (id.to_string(), title.as_str()));
        Self {
            of,
            classes: classes.collect(),
            staff: staff.collect(),
            pupils: pupils.collect(),
            titles: titles.collect(),
        }
    }

    fn of_sheet(&self, kind: SheetKind) -> Vec<Line> {
        match kind {
            SheetKind::School => self.school(),
            SheetKind::Staff => self.staff(),
            SheetKind::Classes => self.classes(),
            SheetKind::Pupils => self.pupils(),
            SheetKind::Guardians => self.guardians(),
            SheetKind::Groups => self.groups(),
            SheetKind::Loads => self.loads(),
            SheetKind::Bells => self.bells(),
            SheetKind::Periods => self.periods(),
            SheetKind::DaysOff => self.days_off(),
            SheetKind::Timetable => self.timetable(),
        }
    }

    fn class(&self, id: ClassId) -> String {
        self.classes
            .get(&id)
            .copied()
            .unwrap_or_default()
            .to_owned()
    }

    fn school(&self) -> Vec<Line> {
        let school = &self.of.school;
        [
            ("Полное наименование", school.title.clone()),
            ("Муниципалитет", school.municipality.clone()),
            ("Учебный год", school.academic_year.clone()),
            ("Учебная неделя", school.study_week_days.to_string()),
            ("Часовой пояс", school.time_zone.clone()),
        ]
        .map(|(field, value)| vec![field.to_owned(), value])
        .into()
    }

    fn staff(&self) -> Vec<Line> {
        let line = |one: &super::Employee| {
            let [surname, given, patronymic] = parts(&one.card.name);
            let (post, phone, email) = (
                one.member.post.clone(),
                phone(&one.card),
                one.card.email.clone(),
            );
            vec![
                one.code.clone(),
                surname,
                given,
                patronymic,
                post,
                phone,
                email,
            ]
        };
        self.of.staff.iter().map(line).collect()
    }

    fn classes(&self) -> Vec<Line> {
        let line = |one: &crate::domain::record::SchoolClass| {
            let teacher = one.class_teacher_id.map(|id| id.to_string());
            let teacher = teacher.and_then(|id| self.staff.get(&id).copied());
            vec![
                one.title.clone(),
                one.grade.to_string(),
                one.letter.clone(),
                teacher.unwrap_or_default().to_owned(),
                Level::of_grade(one.grade).word().to_owned(),
                one.shift.to_string(),
            ]
        };
        self.of.classes.iter().map(line).collect()
    }

    fn pupils(&self) -> Vec<Line> {
        let line = |one: &super::Learner| {
            let [surname, given, patronymic] = parts(&one.card.name);
            let born = one
                .card
                .birth_date
                .map(|day| day.strftime("%d.%m.%Y").to_string());
            vec![
                one.code.clone(),
                surname,
                given,
                patronymic,
                sex(one.card.sex),
                born.unwrap_or_default(),
                self.class(one.enrolment.class_id),
                form(one.enrolment.form).to_owned(),
                one.subgroup
                    .map(|number| number.to_string())
                    .unwrap_or_default(),
            ]
        };
        self.of.pupils.iter().map(line).collect()
    }

    fn guardians(&self) -> Vec<Line> {
        let cards: HashMap<PersonId, _> =
            self.of.guardians.iter().map(|one| (one.id, one)).collect();
        let line = |tie: &crate::domain::record::GuardianLink| {
            let card = cards.get(&tie.guardian_id)?;
            let [surname, given, patronymic] = parts(&card.name);
            Some(vec![
                (*self.pupils.get(&tie.pupil_id)?).to_owned(),
                surname,
                given,
                patronymic,
                tie.relation.clone(),
                phone(card),
                card.email.clone(),
                informing(tie.informing).to_owned(),
                yes_no(tie.is_representative).to_owned(),
            ])
        };
        self.of.ties.iter().filter_map(line).collect()
    }

    /// Groups that neither classes nor subgroup numbers say; one without pupils has one row.
    fn groups(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        for one in self.of.groups.iter().filter(|one| !one.by_number) {
            let group = &one.group;
            let place = group.place;
            let head = vec![
                group.title.clone(),
                word(group.kind).word().to_owned(),
                group.class_id.map(|id| self.class(id)).unwrap_or_default(),
                place.map(|it| it.grade.to_string()).unwrap_or_default(),
                place.map(|it| it.shift.to_string()).unwrap_or_default(),
                yes_no(!group.unmarked).to_owned(),
            ];
            let codes = one
                .members
                .iter()
                .filter_map(|it| self.pupils.get(&it.pupil_id));
            let codes: Vec<&str> = codes.copied().collect();
            let codes = if codes.is_empty() { vec![""] } else { codes };
            for code in codes {
                let mut line = head.clone();
                line.push(code.to_owned());
                lines.push(line);
            }
        }
        lines
    }

    fn loads(&self) -> Vec<Line> {
        let classes: HashMap<String, String> = self.class_of_groups();
        let mut lines: Vec<Line> = Vec::new();
        for one in &self.of.plan.loads {
            let Some((group, teacher)) = self.taught(&one.group_id, &one.teacher_id) else {
                continue;
            };
            let halves = one.weekly_hours_hundredths / 50;
            let hours = match halves % 2 {
                0 => (halves / 2).to_string(),
                _ => format!("{},5", halves / 2),
            };
            let class = classes.get(&one.group_id).cloned().unwrap_or_default();
            lines.push(vec![group, class, one.subject.clone(), hours, teacher]);
        }
        lines.sort_by_cached_key(|line| line.iter().map(|it| order(it)).collect::<Vec<_>>());
        lines
    }

    /// Titles of groups and codes of teachers that are still there.
    fn taught(&self, group: &str, teacher: &str) -> Option<(String, String)> {
        let (group, teacher) = (self.titles.get(group)?, self.staff.get(teacher)?);
        Some(((*group).to_owned(), (*teacher).to_owned()))
    }

    fn class_of_groups(&self) -> HashMap<String, String> {
        let whole = self.of.whole.iter().map(|(id, class)| (*id, *class));
        let beside = self
            .of
            .groups
            .iter()
            .filter_map(|one| Some((one.group.id, one.group.class_id?)));
        let all = whole.chain(beside);
        all.map(|(id, class)| (id.to_string(), self.class(class)))
            .collect()
    }

    fn bells(&self) -> Vec<Line> {
        let mut bells: Vec<&schedule::Bell> = self.of.plan.bells.iter().collect();
        bells.sort_by_key(|one| (one.shift, one.lesson_number));
        let line = |one: &schedule::Bell| {
            let (from, to) = (one.starts_at.clone(), one.ends_at.clone());
            vec![
                one.lesson_number.to_string(),
                from,
                to,
                one.shift.to_string(),
            ]
        };
        bells.into_iter().map(line).collect()
    }

    fn periods(&self) -> Vec<Line> {
        let mut periods: Vec<&schedule::PlannedPeriod> = self.of.plan.periods.iter().collect();
        periods.sort_by_key(|one| (one.grade_from, one.starts_on.clone(), one.grade_to));
        let line = |one: &schedule::PlannedPeriod| {
            let (from, to) = (day(&one.starts_on), day(&one.ends_on));
            vec![
                one.title.clone(),
                from,
                to,
                grades(one.grade_from, one.grade_to),
            ]
        };
        periods.into_iter().map(line).collect()
    }

    fn days_off(&self) -> Vec<Line> {
        let mut days: Vec<&schedule::DayOff> = self.of.plan.days_off.iter().collect();
        days.sort_by_key(|one| one.date.clone());
        let line = |one: &schedule::DayOff| vec![day(&one.date), one.title.clone()];
        days.into_iter().map(line).collect()
    }

    fn timetable(&self) -> Vec<Line> {
        let mut lessons: Vec<&schedule::PlannedLesson> =
            self.of.plan.weekly_lessons.iter().collect();
        lessons.sort_by_cached_key(|one| {
            let title = self.titles.get(&one.group_id).copied().unwrap_or_default();
            (
                one.weekday,
                one.lesson_number,
                order(title),
                one.subject.clone(),
            )
        });
        let line = |one: &schedule::PlannedLesson| {
            let (group, teacher) = self.taught(&one.group_id, &one.teacher_id)?;
            let at = usize::try_from(one.weekday).ok()?.checked_sub(1)?;
            let (day, number) = (DayName::ALL.get(at)?.word(), one.lesson_number.to_string());
            let (subject, room) = (one.subject.clone(), one.room.clone());
            Some(vec![day.to_owned(), number, group, subject, teacher, room])
        };
        lessons.into_iter().filter_map(line).collect()
    }
}

fn parts(of: &Name) -> [String; 3] {
    [
        of.surname.clone(),
        of.given_name.clone(),
        of.patronymic.clone(),
    ]
}

fn order(text: &str) -> String {
    crate::domain::text::sort_key(text)
}

/// `2026-09-01` as people write it.
fn day(iso: &str) -> String {
    let parsed: Result<jiff::civil::Date, _> = iso.parse();
    parsed.map_or_else(
        |_| iso.to_owned(),
        |day| day.strftime("%d.%m.%Y").to_string(),
    )
}

/// `1-9`, and `5` for one grade.
pub(crate) fn grades(from: u32, to: u32) -> String {
    if from == to {
        from.to_string()
    } else {
        format!("{from}-{to}")
    }
}

/// The word of the form for a kind; a class is no row of the sheet.
pub(crate) fn word(of: GroupKind) -> GroupWord {
    match of {
        GroupKind::Class | GroupKind::Subgroup => GroupWord::Subgroup,
        GroupKind::Elective => GroupWord::Elective,
        GroupKind::Club => GroupWord::Club,
        GroupKind::ExtendedDay => GroupWord::ExtendedDay,
        GroupKind::Individual => GroupWord::Individual,
    }
}
