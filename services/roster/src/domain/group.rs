//! Groups that people keep beside the classes: electives, clubs, extended day, subgroups, single
//! pupils (R44).
//!
//! Invariant: a pupil is in a group on days of the group's year on which he or she is enrolled,
//! and once.

use std::collections::HashSet;

use jiff::ToSpan as _;
use jiff::civil::Date;
use zhurnal_proto::id::{ClassId, PersonId};

use super::record::{Enrolment, Group, GroupKind, GroupMembership, GroupPlace};
use super::school_import::value::AcademicYear;

/// Most memberships of one group in a year, ended ones counted.
pub const MOST: usize = 500;

/// What is wrong with a request, at its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Field of the request.
    pub field: String,
    /// Rule, UPPER_SNAKE.
    pub rule: &'static str,
    /// For people.
    pub message: &'static str,
}

fn fault(field: impl Into<String>, rule: &'static str, message: &'static str) -> Fault {
    Fault {
        field: field.into(),
        rule,
        message,
    }
}

/// Grade and shift of a group as it is wanted: its class has them, or it has its own.
pub fn place(
    kind: GroupKind,
    class: Option<ClassId>,
    (grade, shift): (u8, u8),
) -> Result<Option<GroupPlace>, Vec<Fault>> {
    if class.is_some() {
        let own = [("grade", grade), ("shift", shift)];
        let own = own.into_iter().filter(|(_, number)| *number > 0);
        let faults: Vec<Fault> = own
            .map(|(field, _)| {
                let message = "У группы одного класса параллель и смена — как у класса";
                fault(field, "OF_CLASS", message)
            })
            .collect();
        return if faults.is_empty() {
            Ok(None)
        } else {
            Err(faults)
        };
    }
    if kind == GroupKind::Subgroup {
        let message = "Подгруппа — часть одного класса: выберите класс";
        return Err(vec![fault("classId", "CLASS_NEEDED", message)]);
    }
    let mut faults = Vec::new();
    if grade == 0 {
        let message = "Укажите, по какой параллели считать четверти";
        faults.push(fault("grade", "REQUIRED", message));
    }
    if shift == 0 {
        faults.push(fault("shift", "REQUIRED", "Укажите смену"));
    }
    if faults.is_empty() {
        Ok(Some(GroupPlace { grade, shift }))
    } else {
        Err(faults)
    }
}

/// Whether groups of the kind may be without marks, or with.
pub fn marking(kind: GroupKind, unmarked: bool) -> Result<(), Fault> {
    let message = match (kind, unmarked) {
        (GroupKind::ExtendedDay, false) => "В группе продлённого дня отметок не ставят",
        (GroupKind::Subgroup | GroupKind::Individual, true) => {
            "Без отметок бывают факультативы, кружки и продлённый день"
        }
        _ => return Ok(()),
    };
    Err(fault("unmarked", "MARKS_OF_KIND", message))
}

/// Who is to come and who is to leave on a day.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// First day of the change.
    pub from: Date,
    /// Who comes.
    pub add: &'a [PersonId],
    /// Who leaves.
    pub remove: &'a [PersonId],
}

/// What is known of the group.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The group.
    pub group: &'a Group,
    /// Its year.
    pub year: AcademicYear,
    /// Its memberships.
    pub members: &'a [GroupMembership],
    /// Enrolments of those who come, of whatever days.
    pub enrolments: &'a [Enrolment],
}

/// What a change does to the memberships.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Those that begin.
    pub joined: Vec<GroupMembership>,
    /// Those that end, with their last day.
    pub ended: Vec<GroupMembership>,
    /// Those that never were.
    pub withdrawn: Vec<GroupMembership>,
}

/// What the wanted change does, or everything that is wrong with it.
pub fn change(known: Known<'_>, wanted: Wanted<'_>) -> Result<Changed, Vec<Fault>> {
    let mut faults = outside(known.year, "from", wanted.from);
    if wanted.add.is_empty() && wanted.remove.is_empty() {
        let message = "Выберите, кого добавить или вывести";
        faults.push(fault("addPupilIds", "REQUIRED", message));
    }
    faults.extend(twice(wanted));
    if !faults.is_empty() {
        return Err(faults);
    }
    let mut changed = Changed::default();
    for (at, pupil) in wanted.remove.iter().enumerate() {
        match left(known, *pupil, wanted.from) {
            Ok((true, one)) => changed.withdrawn.push(one),
            Ok((false, one)) => changed.ended.push(one),
            Err((rule, message)) => {
                faults.push(fault(format!("removePupilIds[{at}]"), rule, message));
            }
        }
    }
    for (at, pupil) in wanted.add.iter().enumerate() {
        match joined(known, *pupil, wanted.from) {
            Ok(one) => changed.joined.push(one),
            Err((rule, message)) => {
                faults.push(fault(format!("addPupilIds[{at}]"), rule, message));
            }
        }
    }
    if faults.is_empty() {
        faults.extend(too_many(known, wanted, &changed));
    }
    if faults.is_empty() {
        Ok(changed)
    } else {
        Err(faults)
    }
}

/// Memberships with the group's last day, or what is wrong with it.
pub fn end(known: Known<'_>, ends_on: Date) -> Result<Vec<GroupMembership>, Vec<Fault>> {
    let mut faults = outside(known.year, "endsOn", ends_on);
    if known.members.iter().any(|one| one.starts_on > ends_on) {
        let message = "После этого дня в группу приходят ученики: сначала выведите их";
        faults.push(fault("endsOn", "END_BEFORE_START", message));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let open = known.members.iter();
    let open = open.filter(|one| one.ends_on.is_none_or(|last| last > ends_on));
    let ended = open.map(|one| GroupMembership {
        ends_on: Some(ends_on),
        ..one.clone()
    });
    Ok(ended.collect())
}

fn outside(year: AcademicYear, field: &str, day: Date) -> Vec<Fault> {
    if year.contains(day) {
        return Vec::new();
    }
    let message = "День не из этого учебного года";
    vec![fault(field, "OUTSIDE_YEAR", message)]
}

fn twice(wanted: Wanted<'_>) -> Vec<Fault> {
    let mut seen = HashSet::new();
    let lists = [
        ("addPupilIds", wanted.add),
        ("removePupilIds", wanted.remove),
    ];
    let mut faults = Vec::new();
    for (list, pupils) in lists {
        for (at, pupil) in pupils.iter().enumerate() {
            if !seen.insert(*pupil) {
                let message = "Ученик назван дважды";
                faults.push(fault(format!("{list}[{at}]"), "TWICE", message));
            }
        }
    }
    faults
}

/// Why one pupil cannot come or leave: rule and message.
type Refusal = (&'static str, &'static str);

fn left(known: Known<'_>, pupil: PersonId, from: Date) -> Result<(bool, GroupMembership), Refusal> {
    let still = known
        .members
        .iter()
        .find(|one| one.pupil_id == pupil && one.ends_on.is_none_or(|last| last >= from));
    let one = still.ok_or(("NOT_MEMBER", "В этот день ученик не входит в группу"))?;
    if one.starts_on > from {
        let message = "Ученик приходит в группу позже этого дня";
        return Err(("END_BEFORE_START", message));
    }
    let last = from.saturating_sub(1.day());
    let ended = GroupMembership {
        ends_on: Some(last),
        ..one.clone()
    };
    Ok((one.starts_on == from, ended))
}

fn joined(known: Known<'_>, pupil: PersonId, from: Date) -> Result<GroupMembership, Refusal> {
    let mut own: Vec<&Enrolment> = known
        .enrolments
        .iter()
        .filter(|one| one.pupil_id == pupil)
        .collect();
    own.sort_by_key(|one| one.starts_on);
    if own.is_empty() {
        return Err(("PUPIL_UNKNOWN", "Такого ученика в школе нет"));
    }
    let covers = |one: &&Enrolment| one.starts_on <= from && one.ends_on.is_none_or(|e| e >= from);
    let at = own.iter().position(covers);
    let at = at.ok_or(("NOT_ENROLLED", "В этот день ученик не зачислен в школу"))?;
    let (present, later) = (own[at], &own[at + 1..]);
    if known
        .group
        .class_id
        .is_some_and(|of| of != present.class_id)
    {
        return Err(("OTHER_CLASS", "В этот день ученик учится в другом классе"));
    }
    let is_member = known
        .members
        .iter()
        .any(|one| one.pupil_id == pupil && one.ends_on.is_none_or(|last| last >= from));
    if is_member {
        let message = "Ученик уже в группе или записан в неё на более поздний день";
        return Err(("ALREADY_MEMBER", message));
    }
    let mut last = present.ends_on;
    for next in later {
        let goes_on = last.is_some_and(|day| next.starts_on <= day.saturating_add(1.day()));
        if known.group.class_id.is_none() && goes_on {
            last = next.ends_on;
        }
    }
    let until = match (last, known.group.ends_on) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    Ok(GroupMembership {
        group_id: known.group.id,
        pupil_id: pupil,
        starts_on: from,
        ends_on: until,
    })
}

fn too_many(known: Known<'_>, wanted: Wanted<'_>, changed: &Changed) -> Option<Fault> {
    let stay = known.members.iter().filter(|one| {
        one.ends_on.is_none_or(|last| last >= wanted.from) && !wanted.remove.contains(&one.pupil_id)
    });
    let alone = known.group.kind == GroupKind::Individual;
    if alone && !changed.joined.is_empty() && stay.count() + changed.joined.len() > 1 {
        let message = "При индивидуальном обучении в группе один ученик";
        return Some(fault("addPupilIds", "ONE_PUPIL", message));
    }
    if known.members.len() + changed.joined.len() > MOST {
        let message = "В группе слишком много записей об учениках";
        return Some(fault("addPupilIds", "TOO_MANY", message));
    }
    None
}

#[cfg(test)]
mod tests;
