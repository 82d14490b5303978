//! What a row of the sheet of groups refers to, and that rows of one group agree.

use std::collections::BTreeMap;

use super::{super::repeated, People, Resolver};
use crate::domain::{
    school_import::{
        findings::{Problem, Reason, RowRef},
        rows::GroupRow,
        template::{SheetKind, col::groups},
        value::{Code, GroupName, Part},
    },
    text,
};

impl Resolver<'_, '_> {
    pub(super) fn groups(&mut self, rows: &mut [GroupRow], pupils: &People) {
        let mut first: BTreeMap<String, (u32, GroupName)> = BTreeMap::new();
        let mut seen: BTreeMap<(GroupName, Option<Code>), RowRef> = BTreeMap::new();
        for row in rows {
            let at = RowRef {
                sheet: SheetKind::Groups,
                row: row.row,
            };
            if let Some(Some(pupil)) = &mut row.pupil {
                self.code(
                    at,
                    groups::PUPIL,
                    pupil,
                    pupils,
                    Reason::UnknownPupil,
                    "Ученика с таким кодом нет",
                    SheetKind::Pupils,
                );
            }
            let Some(name) = &row.name else { continue };
            if !matches!(&name.part, Part::Titled(of) if of.several.is_some()) {
                self.class(at, groups::CLASS, &name.class);
            }
            let key = text::search_key(&name.to_string());
            let (above, same) = first.entry(key).or_insert_with(|| (row.row, name.clone()));
            if same != name {
                let problem = Problem::new(
                    Reason::GroupMismatch,
                    format!("Группа описана иначе, чем в строке {above}"),
                    "Вид, класс, параллель, смена и отметки у одной группы одинаковы",
                );
                self.context.error(at, groups::TITLE, problem);
                continue;
            }
            let mut pupil = row.pupil.iter().flatten().map(|code| code.value.clone());
            let key = (name.clone(), pupil.next());
            if let Some(earlier) = seen.get(&key) {
                let problem = repeated(Reason::DuplicateRow, "Ученик в группе", *earlier);
                self.context.error(at, groups::PUPIL, problem);
                self.links.repeated.insert(at);
                continue;
            }
            seen.insert(key, at);
            let links = &mut self.links;
            let list = *self
                .listed
                .entry(name.clone())
                .or_insert_with(|| links.new_list(Vec::new()));
            if let Some(rows) = self.links.list_mut(list) {
                rows.push(at);
            }
        }
    }
}
