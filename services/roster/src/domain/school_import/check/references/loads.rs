//! What a row of load refers to, and the subgroups that it makes.

use std::collections::BTreeMap;

use super::{
    super::{Need, repeated},
    Resolver,
};
use crate::domain::school_import::{
    findings::{Problem, Reason, RowRef},
    rows::LoadRow,
    template::{SheetKind, col::loads},
    value::{Code, GroupName, Part, Subject},
};

impl Resolver<'_, '_> {
    pub(super) fn load(
        &mut self,
        load: &mut LoadRow,
        seen: &mut BTreeMap<(GroupName, Subject, Code), RowRef>,
    ) {
        let at = RowRef {
            sheet: SheetKind::Loads,
            row: load.row,
        };
        if let Some(subject) = &mut load.subject {
            self.subject(at, loads::SUBJECT, subject);
        }
        if let Some(group) = &mut load.group {
            let listed = self.listed.get(&group.value).copied();
            let known = match (listed, &group.value.part) {
                (Some(list), Part::Titled(_)) => {
                    self.links.need(at, Need::OneOf(list));
                    true
                }
                _ => self.class(at, loads::GROUP, &group.value.class),
            };
            self.spell_group(at, loads::GROUP, group);
            if let Some(class) = &load.class
                && !matches!(group.value.part, Part::Titled(_))
                && *class != group.value.class
            {
                let problem = Problem::new(
                    Reason::ClassMismatch,
                    "Класс не тот, что в названии группы",
                    "Исправьте одно из двух",
                );
                self.context.error(at, loads::CLASS, problem);
            }
            self.subgroup_has_its_subject(at, loads::GROUP, &group.value, load.subject.as_ref());
            if known && matches!(group.value.part, Part::Subgroup { .. }) {
                let links = &mut self.links;
                let new = || links.new_list(Vec::new());
                let list = *self
                    .subgroups
                    .entry(group.value.clone())
                    .or_insert_with(new);
                if let Some(rows) = self.links.list_mut(list) {
                    rows.push(at);
                }
            }
        }
        if let Some(teacher) = &mut load.teacher {
            self.staff_code(at, loads::TEACHER, teacher);
        }
        if let (Some(group), Some(subject), Some(teacher)) =
            (&load.group, &load.subject, &load.teacher)
        {
            let key = (
                group.value.clone(),
                subject.value.clone(),
                teacher.value.clone(),
            );
            if let Some(first) = seen.get(&key) {
                self.context.error(
                    at,
                    loads::SUBJECT,
                    repeated(Reason::DuplicateRow, "Такая нагрузка", *first),
                );
                self.links.repeated.insert(at);
            } else {
                seen.insert(key, at);
            }
        }
    }
}
