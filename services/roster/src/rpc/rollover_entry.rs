//! The plan of a rollover as a request writes it.

use std::collections::HashMap;

use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, GroupId};
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::domain::rollover::{Carry, ClassPassage, GroupPassage, NextClass, Plan, PupilPassage};
use crate::domain::text::tidy;

/// The plan; classes and groups that `known` has keep the ids of their groups of the next
/// year, so that a plan which is applied, undone and applied again makes the same ones.
pub(super) fn plan(
    plan: &pb::RolloverPlan,
    known: Option<&Plan>,
    new_id: &mut impl FnMut() -> Uuid,
) -> Result<Plan, Status> {
    let mut of_classes: HashMap<ClassId, GroupId> = HashMap::new();
    let mut of_groups: HashMap<GroupId, GroupId> = HashMap::new();
    if let Some(known) = known {
        of_classes.extend(known.next_classes.iter().map(|one| (one.id, one.group)));
        of_groups.extend(known.groups.iter().map(|one| (one.group, one.next)));
    }
    let mut next_classes = Vec::new();
    for (place, one) in plan.next_classes.iter().enumerate() {
        let at = |field: &str| format!("plan.nextClasses[{place}].{field}");
        let id: ClassId = parse::id(&at("classId"), &one.class_id)?;
        next_classes.push(NextClass {
            id,
            group: of_classes
                .get(&id)
                .copied()
                .unwrap_or_else(|| GroupId::from_uuid(new_id())),
            // The contract's constraints hold: both fit.
            grade: u8::try_from(one.grade).unwrap_or(u8::MAX),
            letter: tidy(&one.letter),
            shift: u8::try_from(one.shift).unwrap_or(u8::MAX),
            class_teacher_id: parse::optional_id(&at("classTeacherId"), &one.class_teacher_id)?,
        });
    }
    let mut classes = Vec::new();
    for (place, one) in plan.classes.iter().enumerate() {
        let at = |field: &str| format!("plan.classes[{place}].{field}");
        classes.push(ClassPassage {
            class: parse::id(&at("classId"), &one.class_id)?,
            next: parse::optional_id(&at("nextClassId"), &one.next_class_id)?,
        });
    }
    let mut pupils = Vec::new();
    for (place, one) in plan.pupils.iter().enumerate() {
        let at = |field: &str| format!("plan.pupils[{place}].{field}");
        pupils.push(PupilPassage {
            pupil: parse::id(&at("pupilId"), &one.pupil_id)?,
            next: parse::optional_id(&at("nextClassId"), &one.next_class_id)?,
        });
    }
    let mut groups = Vec::new();
    for (place, one) in plan.groups.iter().enumerate() {
        let group: GroupId = parse::id(&format!("plan.groups[{place}].groupId"), &one.group_id)?;
        groups.push(GroupPassage {
            group,
            next: of_groups
                .get(&group)
                .copied()
                .unwrap_or_else(|| GroupId::from_uuid(new_id())),
            carry: match one.carry() {
                pb::GroupCarry::Not | pb::GroupCarry::Unspecified => Carry::Not,
                pb::GroupCarry::Empty => Carry::Empty,
                pb::GroupCarry::WithMembers => Carry::WithMembers,
            },
        });
    }
    Ok(Plan {
        next_classes,
        classes,
        pupils,
        groups,
        graduates_until: parse::date("plan.graduatesUntil", &plan.graduates_until)?,
    })
}
