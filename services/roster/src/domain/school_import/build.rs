//! From the rows that are taken to the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    check::guardians::persons,
    findings::RowRef,
    plan::{
        Class, Entry, Group, Guardian, GuardianLink, ListedMember, Load, Pupil, SchoolPlan,
        StaffMember, WeeklyLesson,
    },
    rows::{ClassRow, GroupRow, GuardianRow, LessonRow, LoadRow, PupilRow, Read, Rows},
    template::SheetKind,
    value::{ClassName, Code, GroupName, Part, Room, Subject},
};

/// The plan of the rows that are taken; they must be closed under references. `None` only where the
/// school itself could not be read.
pub(super) fn plan(rows: &Rows, taken: &dyn Fn(RowRef) -> bool) -> Option<SchoolPlan> {
    let school = rows.school.clone()?;
    let kept = |sheet, row| taken(RowRef { sheet, row });
    let staff: Vec<Entry<StaffMember>> = rows
        .staff
        .iter()
        .filter(|r| kept(SheetKind::Staff, r.row))
        .filter_map(|r| {
            Some(Entry {
                row: r.row,
                value: r.value.clone()?,
            })
        })
        .collect();
    let classes = entries(
        &rows.classes,
        |r| kept(SheetKind::Classes, r.row).then_some(r.row),
        class,
    );
    let pupils = entries(
        &rows.pupils,
        |r| kept(SheetKind::Pupils, r.row).then_some(r.row),
        pupil,
    );
    let listed = entries(
        &rows.groups,
        |r| kept(SheetKind::Groups, r.row).then_some(r.row),
        member,
    );
    let loads = entries(
        &rows.loads,
        |r| kept(SheetKind::Loads, r.row).then_some(r.row),
        load,
    );
    let timetable = entries(
        &rows.lessons,
        |r| kept(SheetKind::Timetable, r.row).then_some(r.row),
        lesson,
    );
    let guardian_rows: Vec<&GuardianRow> = rows
        .guardians
        .iter()
        .filter(|r| kept(SheetKind::Guardians, r.row))
        .collect();
    Some(SchoolPlan {
        groups: groups((&classes, &pupils), &listed, &loads, &timetable),
        subjects: subjects(&loads, &timetable),
        rooms: rooms(&timetable),
        guardians: persons(&guardian_rows)
            .iter()
            .filter_map(|rows| guardian(rows))
            .collect(),
        bells: entries(
            &rows.bells,
            |r| kept(SheetKind::Bells, r.row).then_some(r.row),
            |r| r.value.clone(),
        ),
        periods: read(&rows.periods, SheetKind::Periods, taken),
        days_off: read(&rows.days_off, SheetKind::DaysOff, taken),
        school,
        staff,
        classes,
        pupils,
        listed,
        loads,
        timetable,
    })
}

fn entries<R, T>(
    rows: &[R],
    kept: impl Fn(&R) -> Option<u32>,
    make: impl Fn(&R) -> Option<T>,
) -> Vec<Entry<T>> {
    rows.iter()
        .filter_map(|r| {
            Some(Entry {
                row: kept(r)?,
                value: make(r)?,
            })
        })
        .collect()
}

fn read<T: Clone>(
    rows: &[Read<T>],
    sheet: SheetKind,
    taken: &dyn Fn(RowRef) -> bool,
) -> Vec<Entry<T>> {
    entries(
        rows,
        |r| taken(RowRef { sheet, row: r.row }).then_some(r.row),
        |r| r.value.clone(),
    )
}

fn class(row: &ClassRow) -> Option<Class> {
    Some(Class {
        name: row.name.clone()?,
        teacher: row.teacher.as_ref().map(|t| t.value.clone()),
        level: row.level?,
        shift: row.shift?,
    })
}

fn pupil(row: &PupilRow) -> Option<Pupil> {
    Some(Pupil {
        code: row.code.clone()?,
        name: row.name.clone()?,
        sex: row.sex?,
        born: row.born?,
        class: row.class.clone()?,
        form: row.form?,
        subgroup: row.subgroup,
        snils: row.snils.clone(),
    })
}

fn member(row: &GroupRow) -> Option<ListedMember> {
    Some(ListedMember {
        group: row.name.clone()?,
        pupil: row.pupil.as_ref()?.as_ref().map(|code| code.value.clone()),
    })
}

fn load(row: &LoadRow) -> Option<Load> {
    Some(Load {
        group: row.group.as_ref()?.value.clone(),
        subject: row.subject.as_ref()?.value.clone(),
        hours: row.hours?,
        teacher: row.teacher.as_ref()?.value.clone(),
    })
}

fn lesson(row: &LessonRow) -> Option<WeeklyLesson> {
    Some(WeeklyLesson {
        day: row.day?,
        number: row.number?,
        group: row.group.as_ref()?.value.clone(),
        subject: row.subject.as_ref()?.value.clone(),
        teacher: row.teacher.as_ref()?.value.clone(),
        room: row.room.clone(),
    })
}

fn guardian(rows: &[&GuardianRow]) -> Option<Guardian> {
    let facts = || rows.iter().filter_map(|row| row.facts.as_ref());
    let children = rows
        .iter()
        .filter_map(|row| {
            let facts = row.facts.as_ref()?;
            let link = GuardianLink {
                pupil: row.pupil.as_ref()?.value.clone(),
                relation: facts.relation,
                representative: facts.representative,
                informing: facts.informing,
            };
            Some(Entry {
                row: row.row,
                value: link,
            })
        })
        .collect();
    Some(Guardian {
        name: facts().next()?.name.clone(),
        phone: facts().find_map(|f| f.phone.clone()),
        email: facts().find_map(|f| f.email.clone()),
        children,
    })
}

/// Whole classes first, then what is listed, then subgroups, each in the order of first mention.
fn groups(
    (classes, pupils): (&[Entry<Class>], &[Entry<Pupil>]),
    listed: &[Entry<ListedMember>],
    loads: &[Entry<Load>],
    timetable: &[Entry<WeeklyLesson>],
) -> Vec<Group> {
    let mut members: BTreeMap<&ClassName, Vec<&Pupil>> = BTreeMap::new();
    for pupil in pupils {
        members
            .entry(&pupil.value.class)
            .or_default()
            .push(&pupil.value);
    }
    let whole = classes
        .iter()
        .map(|c| GroupName::whole(c.value.name.clone()));
    let mut of_list: BTreeMap<&GroupName, Vec<Code>> = BTreeMap::new();
    for row in listed.iter().map(|entry| &entry.value) {
        let codes = of_list.entry(&row.group).or_default();
        codes.extend(row.pupil.clone());
    }
    let titled = listed.iter().map(|entry| &entry.value.group);
    let named = loads
        .iter()
        .map(|l| &l.value.group)
        .chain(timetable.iter().map(|l| &l.value.group));
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for name in whole.chain(titled.cloned()).chain(named.cloned()) {
        if !seen.insert(name.clone()) {
            continue;
        }
        if let Some(members) = of_list.remove(&name) {
            groups.push(Group { name, members });
            continue;
        }
        let of_class = members
            .get(&name.class)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let in_group = |pupil: &&&Pupil| match &name.part {
            Part::Whole => true,
            Part::Subgroup { number, .. } => pupil.subgroup == Some(*number),
            Part::Titled(_) => false,
        };
        let codes: Vec<Code> = of_class
            .iter()
            .filter(in_group)
            .map(|p| p.code.clone())
            .collect();
        groups.push(Group {
            name,
            members: codes,
        });
    }
    groups
}

fn subjects(loads: &[Entry<Load>], timetable: &[Entry<WeeklyLesson>]) -> Vec<Subject> {
    let mut seen = BTreeSet::new();
    let named = loads
        .iter()
        .map(|l| &l.value.subject)
        .chain(timetable.iter().map(|l| &l.value.subject));
    named
        .filter(|subject| seen.insert((*subject).clone()))
        .cloned()
        .collect()
}

fn rooms(timetable: &[Entry<WeeklyLesson>]) -> Vec<Room> {
    let mut seen = BTreeSet::new();
    timetable
        .iter()
        .filter_map(|l| l.value.room.as_ref())
        .filter(|room| seen.insert((*room).clone()))
        .cloned()
        .collect()
}
