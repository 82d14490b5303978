//! One group, one lesson at a time; and no pupil in two places.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::school_import::{
    context::Context,
    findings::{Problem, Reason, RowRef},
    rows::Rows,
    template::{SheetKind, col::timetable},
    value::{ClassName, DayName, GroupName},
};

/// The same group twice in a slot is an error (settled question 7). So is a class together with its
/// own subgroup, or two subgroups of one number: the same children would sit in two lessons at once,
/// no copy of the timetable could be right, and the journal would have two lessons for one pupil in
/// one hour. Subgroups of different numbers beside each other are what subgroups are for.
/// Gives the rows that are refused for this.
pub(in crate::domain::school_import) fn check(
    rows: &Rows,
    context: &mut Context<'_>,
) -> BTreeSet<RowRef> {
    let mut refused = BTreeSet::new();
    let mut taken: BTreeMap<(DayName, u8, ClassName), Vec<(RowRef, GroupName)>> = BTreeMap::new();
    for lesson in &rows.lessons {
        let at = RowRef {
            sheet: SheetKind::Timetable,
            row: lesson.row,
        };
        let (Some(day), Some(number), Some(group)) = (lesson.day, lesson.number, &lesson.group)
        else {
            continue;
        };
        let group = &group.value;
        let others = taken.entry((day, number, group.class.clone())).or_default();
        let same = others.iter().find(|(_, other)| other == group);
        let shared = same.or_else(|| {
            others
                .iter()
                .find(|(_, other)| other.shares_pupils_with(group))
        });
        let Some((first, other)) = shared else {
            others.push((at, group.clone()));
            continue;
        };
        let problem = if other == group {
            Problem::new(
                Reason::GroupTwiceInSlot,
                format!(
                    "У этой группы уже есть урок в этот час: строка {}",
                    first.row
                ),
                "Удалите лишнюю строку или исправьте день, урок или группу",
            )
        } else {
            Problem::new(
                Reason::PupilsTwiceInSlot,
                format!(
                    "Те же ученики заняты в этот час в группе «{other}»: строка {}",
                    first.row
                ),
                "Класс и его подгруппа не могут заниматься одновременно",
            )
        };
        context.error(at, timetable::GROUP, problem);
        refused.insert(at);
    }
    refused
}
