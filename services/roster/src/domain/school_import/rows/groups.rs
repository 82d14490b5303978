//! «Группы»: one row per group and pupil.

use std::collections::BTreeMap;

use super::GroupRow;
use crate::domain::{
    school_import::{
        fields::Fields,
        findings::{Problem, Reason},
        template::col::groups,
        value::{
            ClassName, Code, Grade, GroupName, GroupWord, Label, Part, Shift, Titled, Value, YesNo,
        },
    },
    text,
};

/// Groups by the key of their titles: load and timetable name them so.
pub(super) type Titles = BTreeMap<String, GroupName>;

/// The first row of a title says what the group is.
pub(super) fn titles(rows: &[GroupRow]) -> Titles {
    let mut titles = Titles::new();
    for name in rows.iter().filter_map(|row| row.name.as_ref()) {
        titles
            .entry(text::search_key(&name.to_string()))
            .or_insert_with(|| name.clone());
    }
    titles
}

pub(super) fn member(fields: &mut Fields<'_, '_>, row: u32) -> GroupRow {
    let title = fields.required::<Label>(groups::TITLE);
    let kind = fields.required::<GroupWord>(groups::KIND);
    let class = fields.optional::<ClassName>(groups::CLASS);
    let grade = fields.optional::<Grade>(groups::GRADE);
    let shift = fields.optional::<Shift>(groups::SHIFT);
    let marks = fields.optional::<YesNo>(groups::MARKS);
    let pupil = fields.spelled_optional::<Code>(groups::PUPIL);
    let said = || {
        Some(Said {
            title: title?.into_string(),
            kind: kind?,
            class: class?,
            grade: grade?.map(Grade::get),
            shift: shift?.map_or(1, Shift::get),
            marks: marks?,
        })
    };
    let said = said();
    GroupRow {
        row,
        name: said.and_then(|said| said.name(fields)),
        pupil,
    }
}

/// What a row says of its group.
struct Said {
    title: String,
    kind: GroupWord,
    class: Option<ClassName>,
    grade: Option<u8>,
    shift: u8,
    marks: Option<YesNo>,
}

impl Said {
    fn name(self, fields: &mut Fields<'_, '_>) -> Option<GroupName> {
        let unmarked = match self.marks {
            Some(marks) => marks == YesNo::No,
            None => matches!(self.kind, GroupWord::Club | GroupWord::ExtendedDay),
        };
        let by_number = GroupName::parse(&self.title).ok();
        match by_number {
            Some(name) if name.part == Part::Whole => {
                let problem = Problem::new(
                    Reason::BadGroup,
                    "Это класс, а не группа",
                    "Ученики класса — на листе «Ученики»; у группы своё название",
                );
                fields.refuse(groups::TITLE, problem);
                return None;
            }
            Some(name) if self.kind == GroupWord::Subgroup => return Some(name),
            _ => {}
        }
        let several = self.class.is_none().then_some(self.shift);
        let Some(class) = self.class.or_else(|| self.grade.map(ClassName::of_grade)) else {
            let problem = Problem::new(
                Reason::MissingValue,
                "Не сказано, какого класса группа",
                "Впишите класс, а у группы из нескольких классов — параллель",
            );
            fields.refuse(groups::CLASS, problem);
            return None;
        };
        if several.is_some() && self.kind == GroupWord::Subgroup {
            let problem = Problem::new(
                Reason::MissingValue,
                "Подгруппа — часть одного класса",
                "Впишите класс",
            );
            fields.refuse(groups::CLASS, problem);
            return None;
        }
        let part = Part::Titled(Titled {
            title: self.title,
            kind: self.kind,
            several,
            unmarked,
        });
        Some(GroupName { class, part })
    }
}
