//! What keeps a lesson of a workbook from being held though its row is sound: without
//! a study period of the grade a weekly lesson has no dates. Schedule would refuse the
//! whole plan, so an import says it beforehand. (Bells are checked by the engine.)

use super::school_import::SchoolPlan;

/// Rows of «Расписание» whose class has no study period, in the order of the file.
pub fn lessons_without_period(plan: &SchoolPlan) -> Vec<u32> {
    let has_period = |grade: u8| {
        plan.periods
            .iter()
            .any(|period| period.value.grades.contains(grade))
    };
    let held = plan
        .timetable
        .iter()
        .filter(|lesson| !has_period(lesson.value.group.class.grade()));
    held.map(|lesson| lesson.row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::school_import::{Selection, SheetKind, preview};
    use crate::testing::SmallSchool;

    #[test]
    fn a_grade_without_periods_has_no_lessons() {
        let rows = |school: &SmallSchool| {
            let book = school.book();
            lessons_without_period(
                &preview(&book, None)
                    .choose(&Selection::WithoutErrors)
                    .unwrap()
                    .plan,
            )
        };
        let mut school = SmallSchool::new();
        assert!(rows(&school).is_empty());
        school.remove_row(SheetKind::Periods, 4);
        assert_eq!(rows(&school), [6]);
    }
}
