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
/// entry it is late when all its cells are. Grade 1 has no marks to miss, a journal without
/// marks neither marks nor homework.
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
        CASE WHEN (f.entered OR f.cells > 0) AND NOT f.has_homework AND NOT COALESCE(j.unmarked, FALSE)
            THEN 1 ELSE 0 END AS without_homework,
        CASE WHEN (f.entered OR f.cells > 0) AND f.marks = 0 AND l.grade > 1 AND NOT COALESCE(j.unmarked, FALSE)
            THEN 1 ELSE 0 END AS without_marks
    FROM lesson AS l CROSS JOIN clock AS c
    LEFT JOIN lesson_fill AS f ON f.school_id = l.school_id AND f.lesson_id = l.lesson_id
    LEFT JOIN journal AS j ON j.school_id = f.school_id AND j.journal_id = f.journal_id
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
