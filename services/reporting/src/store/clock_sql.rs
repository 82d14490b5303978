//! What the clock says of lessons, as SQL: the same words for the board's sums and
//! for the lists behind them, so that a figure and its list cannot differ.

use sea_orm::Value;

use super::School;
use super::column;
use crate::domain::days::Days;
use crate::domain::due::Cut;

/// `WITH` of a query: table `told` has the lessons of a school in a range that were
/// not cancelled, with flags 0 / 1. Takes [`told_values`] first.
///
/// A lesson is recorded when something was entered or a cell filled. Without an
/// entry it is late when all its cells are. Grade 1 has no marks to miss.
pub(super) const TOLD: &str = "WITH clock AS (
    SELECT CAST(? AS text) AS today, CAST(? AS text) AS over_by, CAST(? AS text) AS overdue_by),
told AS (
    SELECT l.school_id, l.lesson_id, l.date, l.lesson_number, l.academic_year, l.group_id, l.class_id, l.subject_id,
        COALESCE(l.substitute_id, l.teacher_id) AS teacher_id, f.journal_id,
        COALESCE(f.marks, 0) AS marks, COALESCE(f.absences, 0) AS absences,
        CASE WHEN l.date < c.today OR (l.date = c.today AND l.ends_at <= c.over_by)
            THEN 1 ELSE 0 END AS due,
        CASE WHEN f.entered OR f.cells > 0
            THEN 1 ELSE 0 END AS recorded,
        CASE WHEN (l.date < c.today OR (l.date = c.today AND l.ends_at <= c.over_by AND l.last_end <= c.overdue_by))
                AND NOT COALESCE(f.entered OR f.cells > 0, false)
            THEN 1 ELSE 0 END AS unfilled,
        CASE WHEN (f.entered AND f.entered_late) OR (NOT f.entered AND f.cells > 0 AND f.late_cells = f.cells)
            THEN 1 ELSE 0 END AS late,
        CASE WHEN (f.entered OR f.cells > 0) AND NOT f.has_homework
            THEN 1 ELSE 0 END AS without_homework,
        CASE WHEN (f.entered OR f.cells > 0) AND f.marks = 0 AND l.grade > 1
            THEN 1 ELSE 0 END AS without_marks
    FROM lesson AS l CROSS JOIN clock AS c
    LEFT JOIN lesson_fill AS f ON f.school_id = l.school_id AND f.lesson_id = l.lesson_id
    WHERE l.school_id = ? AND l.date >= ? AND l.date <= ? AND l.state <> 3)
";

/// Values of [`TOLD`].
pub(super) fn told_values(school: School, days: Days, cut: Cut) -> Vec<Value> {
    vec![
        cut.today.to_string().into(),
        column::time(cut.over_by).into(),
        cut.overdue_by.map(column::time).unwrap_or_default().into(),
        school.uuid().into(),
        days.from().to_string().into(),
        days.to().to_string().into(),
    ]
}

/// `WITH` of a query: table `pair` has the pupils × subjects of a school, with the
/// number of marks in the range. Takes [`pair_values`] first.
///
/// A pair is a pupil of the day who is in a group that had a lesson of the subject
/// by then; not in grade 1 (no marks), not in family education, not in clubs.
pub(super) const PAIRS: &str = "WITH study AS (
    SELECT DISTINCT l.group_id, l.subject_id
    FROM lesson AS l
    LEFT JOIN study_group AS g ON g.school_id = l.school_id AND g.group_id = l.group_id
    WHERE l.school_id = ? AND l.date >= ? AND l.date <= ?
        AND (l.date < ? OR (l.date = ? AND l.ends_at <= ?))
        AND l.state <> 3 AND l.grade > 1 AND COALESCE(g.kind, 1) NOT IN (4, 5)),
studied AS (
    SELECT DISTINCT e.class_id, m.pupil_id, s.subject_id
    FROM study AS s
    JOIN group_membership AS m ON m.school_id = ? AND m.group_id = s.group_id
        AND m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?)
    JOIN enrolment AS e ON e.school_id = m.school_id AND e.pupil_id = m.pupil_id
        AND e.starts_on <= ? AND (e.ends_on IS NULL OR e.ends_on >= ?) AND e.education_form <> 3),
got AS (
    SELECT p.pupil_id, c.subject_id, SUM(c.marks) AS marks
    FROM (SELECT DISTINCT pupil_id FROM studied) AS p
    JOIN cell_fact AS c ON c.school_id = ? AND c.pupil_id = p.pupil_id AND c.date >= ? AND c.date <= ?
    GROUP BY p.pupil_id, c.subject_id),
pair AS (
    SELECT s.class_id, s.pupil_id, s.subject_id, COALESCE(g.marks, 0) AS marks
    FROM studied AS s LEFT JOIN got AS g ON g.pupil_id = s.pupil_id AND g.subject_id = s.subject_id)
";

/// Values of [`PAIRS`].
pub(super) fn pair_values(school: School, days: Days, cut: Cut) -> Vec<Value> {
    let (from, to) = (days.from().to_string(), days.to().to_string());
    let today = cut.today.to_string();
    let day = days.latest(cut.today).to_string();
    let id = || Value::from(school.uuid());
    let text = |text: &String| Value::from(text.clone());
    vec![
        id(),
        text(&from),
        text(&to),
        text(&today),
        text(&today),
        column::time(cut.over_by).into(),
        id(),
        text(&day),
        text(&day),
        text(&day),
        text(&day),
        id(),
        text(&from),
        text(&to),
    ]
}
