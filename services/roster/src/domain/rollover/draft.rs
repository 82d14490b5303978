//! The plan that a present year suggests: each class goes up with its letter, shift and
//! teacher; grades 9 and 11 graduate; grades 1 and 10 wait for their pupils.

use std::collections::HashSet;

use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId};

use super::{Carry, ClassPassage, Facts, GroupPassage, NextClass, Plan, graduates};
use crate::domain::record::{GroupKind, SchoolClass};

/// The first plan of a year.
pub fn draft(facts: &Facts, new_id: &mut impl FnMut() -> Uuid) -> Plan {
    let mut next_classes = Vec::new();
    let mut classes = Vec::new();
    let mut next = |class: &SchoolClass, grade: u8, with_teacher: bool| NextClass {
        id: ClassId::from_uuid(new_id()),
        group: GroupId::from_uuid(new_id()),
        grade,
        letter: class.letter.clone(),
        shift: class.shift,
        class_teacher_id: class.class_teacher_id.filter(|_| with_teacher),
    };
    for class in &facts.classes {
        // Those who begin grade 1, and those who are chosen for grade 10.
        if class.grade == 1 || class.grade == 10 {
            next_classes.push(next(class, class.grade, false));
        }
        let goes_on = !graduates(class.grade);
        let to = goes_on.then(|| next(class, class.grade + 1, true));
        classes.push(ClassPassage {
            class: class.id,
            next: to.as_ref().map(|class| class.id),
        });
        next_classes.extend(to);
    }
    next_classes.sort_by(|one, other| {
        (one.grade, &one.letter, one.id.uuid()).cmp(&(other.grade, &other.letter, other.id.uuid()))
    });
    let mut plan = Plan {
        next_classes,
        classes,
        pupils: Vec::new(),
        groups: Vec::new(),
        graduates_until: facts.year.last_day(),
    };
    catch_up(&mut plan, facts, new_id);
    plan
}

/// Classes and groups that the year has got since the plan was made join it with what is
/// usual for them; what the year has no more leaves it.
pub fn catch_up(plan: &mut Plan, facts: &Facts, new_id: &mut impl FnMut() -> Uuid) {
    let present: HashSet<ClassId> = facts.classes.iter().map(|class| class.id).collect();
    plan.classes.retain(|one| present.contains(&one.class));
    for class in &facts.classes {
        if !plan.classes.iter().any(|one| one.class == class.id) {
            plan.classes.push(ClassPassage {
                class: class.id,
                next: None,
            });
        }
    }
    let usual = |kind: GroupKind| match kind {
        GroupKind::Subgroup | GroupKind::Individual => Carry::WithMembers,
        GroupKind::Club | GroupKind::ExtendedDay => Carry::Empty,
        GroupKind::Elective | GroupKind::Class => Carry::Not,
    };
    let groups: Vec<_> = facts
        .groups
        .iter()
        .filter(|group| group.kind != GroupKind::Class && group.ends_on.is_none())
        .collect();
    plan.groups
        .retain(|one| groups.iter().any(|group| group.id == one.group));
    let known: HashSet<GroupId> = plan.groups.iter().map(|one| one.group).collect();
    for group in groups.into_iter().filter(|one| !known.contains(&one.id)) {
        plan.groups.push(GroupPassage {
            group: group.id,
            next: GroupId::from_uuid(new_id()),
            carry: usual(group.kind),
        });
    }
}
