//! The plan of the year as schedule takes it.

use std::collections::{BTreeMap, BTreeSet};

use zhurnal_proto::id::SchoolImportId;
use zhurnal_proto::schedule::v1 as pb;

use crate::domain::admission::Admission;
use crate::domain::school_import::value::{
    ClassName, GroupName, Part, PeriodKind, Room, Subject, Value,
};
use crate::domain::school_import::{Bell, SchoolPlan, StudyPeriod};

/// Makes the request of schedule's step. What the plan names without an id, which the
/// import engine rules out, is left out.
pub(super) fn request(
    import: SchoolImportId,
    plan: &SchoolPlan,
    new: &Admission,
) -> pb::PutSchoolPlanRequest {
    let shifts: BTreeMap<&ClassName, u8> = plan
        .classes
        .iter()
        .map(|c| (&c.value.name, c.value.shift))
        .collect();
    // One spelling of a subject and of a room wherever it is named.
    let subjects: BTreeMap<&Subject, &str> =
        plan.subjects.iter().map(|s| (s, s.as_str())).collect();
    let rooms: BTreeMap<&Room, &str> = plan.rooms.iter().map(|r| (r, r.as_str())).collect();
    let spelled = |subject: &Subject| {
        subjects
            .get(subject)
            .copied()
            .unwrap_or(subject.as_str())
            .to_owned()
    };
    let groups = plan.groups.iter().filter_map(|group| {
        let class = &group.name.class;
        let class_id = match &group.name.part {
            Part::Titled(of) if of.several.is_some() => String::new(),
            _ => new.named.classes.get(class)?.to_string(),
        };
        Some(pb::PlannedGroup {
            group_id: new.named.groups.get(&group.name)?.to_string(),
            title: group.name.to_string(),
            class_id,
            grade: class.grade().into(),
            shift: shift(&group.name, &shifts).into(),
        })
    });
    let loads = plan
        .loads
        .iter()
        .map(|entry| &entry.value)
        .filter_map(|load| {
            Some(pb::PlannedLoad {
                group_id: new.named.groups.get(&load.group)?.to_string(),
                subject: spelled(&load.subject),
                teacher_id: new.named.staff.get(&load.teacher)?.to_string(),
                weekly_hours_hundredths: u32::from(load.hours.halves()) * 50,
            })
        });
    let lessons = plan
        .timetable
        .iter()
        .map(|entry| &entry.value)
        .filter_map(|lesson| {
            let room = lesson
                .room
                .as_ref()
                .map(|room| rooms.get(room).copied().unwrap_or(room.as_str()));
            Some(pb::PlannedLesson {
                weekday: u32::try_from(lesson.day.weekday().to_monday_one_offset()).ok()?,
                lesson_number: lesson.number.into(),
                group_id: new.named.groups.get(&lesson.group)?.to_string(),
                subject: spelled(&lesson.subject),
                teacher_id: new.named.staff.get(&lesson.teacher)?.to_string(),
                room: room.unwrap_or_default().to_owned(),
            })
        });
    pb::PutSchoolPlanRequest {
        school_import_id: import.to_string(),
        school_id: new.school.id.to_string(),
        academic_year: new.school.academic_year.clone(),
        study_week_days: new.school.study_week_days.into(),
        time_zone: new.school.time_zone.clone(),
        groups: groups.collect(),
        periods: plan
            .periods
            .iter()
            .flat_map(|entry| periods(&entry.value))
            .collect(),
        days_off: plan
            .days_off
            .iter()
            .map(|d| pb::DayOff {
                date: d.value.date.to_string(),
                title: d.value.title.clone(),
                regional: false,
            })
            .collect(),
        bells: bells(plan),
        loads: loads.collect(),
        weekly_lessons: lessons.collect(),
    }
}

/// The shift of a class, and of a group of several classes its own.
fn shift(group: &GroupName, shifts: &BTreeMap<&ClassName, u8>) -> u8 {
    let own = match &group.part {
        Part::Titled(of) => of.several,
        Part::Whole | Part::Subgroup { .. } => None,
    };
    own.or_else(|| shifts.get(&group.class).copied())
        .unwrap_or(1)
}

/// One period per run of grades: schedule takes a first and a last grade.
fn periods(period: &StudyPeriod) -> Vec<pb::PlannedPeriod> {
    let kind = match period.name.kind {
        PeriodKind::Quarter => pb::PeriodKind::Quarter,
        PeriodKind::HalfYear => pb::PeriodKind::HalfYear,
        PeriodKind::Trimester => pb::PeriodKind::Trimester,
    };
    let mut runs: Vec<(u8, u8)> = Vec::new();
    for grade in period.grades.iter() {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == grade => *last = grade,
            _ => runs.push((grade, grade)),
        }
    }
    let planned = runs.into_iter().map(|(first, last)| pb::PlannedPeriod {
        title: period.name.canonical(),
        kind: kind.into(),
        starts_on: period.starts.to_string(),
        ends_on: period.ends.to_string(),
        grade_from: first.into(),
        grade_to: last.into(),
        period_id: String::new(),
    });
    planned.collect()
}

/// Bells for all shifts ring in each shift that the school has, unless the shift has
/// its own for that number.
fn bells(plan: &SchoolPlan) -> Vec<pb::Bell> {
    let shifts: BTreeSet<u8> = plan.classes.iter().map(|c| c.value.shift).collect();
    let shifts = if shifts.is_empty() {
        BTreeSet::from([1])
    } else {
        shifts
    };
    let own: BTreeSet<(u8, u8)> = plan
        .bells
        .iter()
        .filter_map(|b| Some((b.value.shift?, b.value.number)))
        .collect();
    let bell = |bell: &Bell, shift: u8| pb::Bell {
        lesson_number: bell.number.into(),
        starts_at: bell.starts.canonical(),
        ends_at: bell.ends.canonical(),
        shift: shift.into(),
    };
    let mut bells = Vec::new();
    for one in plan.bells.iter().map(|entry| &entry.value) {
        match one.shift {
            Some(shift) => bells.push(bell(one, shift)),
            None => {
                let common = shifts
                    .iter()
                    .filter(|shift| !own.contains(&(**shift, one.number)));
                bells.extend(common.map(|shift| bell(one, *shift)));
            }
        }
    }
    bells
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;
    use zhurnal_proto::validate::check;

    use super::*;
    use crate::domain::admission::admit;
    use crate::domain::school_import::{Selection, SheetKind, preview};
    use crate::testing::SmallSchool;

    fn of(school: &SmallSchool) -> pb::PutSchoolPlanRequest {
        let book = school.book();
        let plan = preview(&book, None)
            .choose(&Selection::Everything)
            .unwrap()
            .plan;
        let mut next = 0u128;
        let new = admit(&plan, date(2026, 9, 1), &mut || {
            next += 1;
            Uuid::from_u128(next)
        });
        request(SchoolImportId::from_uuid(Uuid::from_u128(99)), &plan, &new)
    }

    #[test]
    fn the_whole_plan_goes_out_and_keeps_the_contract() {
        let request = of(&SmallSchool::new());
        assert_eq!(check(&request), Ok(()));
        assert_eq!(
            (
                request.groups.len(),
                request.loads.len(),
                request.weekly_lessons.len(),
                request.bells.len()
            ),
            (4, 4, 5, 3)
        );
        assert_eq!(request.loads[0].weekly_hours_hundredths, 200);
        assert_eq!(request.weekly_lessons[0].weekday, 1);
        assert_eq!(request.periods[2].title, "1 полугодие");
        assert_eq!(
            (request.periods[2].grade_from, request.periods[2].grade_to),
            (10, 11)
        );
    }

    #[test]
    fn common_bells_ring_in_every_shift_that_has_no_own() {
        let mut school = SmallSchool::new();
        school.set(SheetKind::Classes, "F", 3, "2");
        school.set(SheetKind::Bells, "D", 1, "Смена");
        school.push(SheetKind::Bells, &["1", "13:00", "13:40", "2"]);
        let bells = of(&school).bells;
        let rung: Vec<(u32, u32, &str)> = bells
            .iter()
            .map(|b| (b.shift, b.lesson_number, b.starts_at.as_str()))
            .collect();
        assert_eq!(
            rung,
            [
                (1, 1, "08:00"),
                (1, 2, "08:50"),
                (2, 2, "08:50"),
                (1, 3, "09:45"),
                (2, 3, "09:45"),
                (2, 1, "13:00")
            ]
        );
    }

    #[test]
    fn grades_that_do_not_follow_each_other_become_several_periods() {
        let mut school = SmallSchool::new();
        school.set(SheetKind::Periods, "D", 2, "1,3,5-7");
        let periods = of(&school).periods;
        let first: Vec<(u32, u32)> = periods
            .iter()
            .filter(|p| p.title == "1 четверть")
            .map(|p| (p.grade_from, p.grade_to))
            .collect();
        assert_eq!(first, [(1, 1), (3, 3), (5, 7)]);
    }
}
