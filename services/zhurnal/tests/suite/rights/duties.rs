//! Duties that the requirements divide, as the table has them; the sweep shows that the
//! system holds the table.

use super::table::{self, Table};

/// Who may, of the calls of one duty.
fn may(table: &Table, who: &str, call: &str) -> bool {
    let mut rows = table.iter().filter(|(row, _)| row.1 == call).peekable();
    assert!(rows.peek().is_some(), "no row: {call}");
    rows.all(|(_, words)| words.iter().any(|word| word == who))
}

/// Administrator and deputy: ten duties (R107 to R116), two posts (R117).
#[test]
fn administrator_and_deputy_have_the_same_ten_duties() {
    let duties: [(&str, &[&str]); 10] = [
        (
            "R107: acts for the site",
            &["PutRegistryRecord", "ListAcknowledgements"],
        ),
        (
            "R108: timetable",
            &["CreateTimetable", "ChangeTimetable", "PreviewTimetable"],
        ),
        (
            "R109: lesson plans",
            &["ApproveLessonPlan", "ReturnLessonPlan", "PutLessonPlan"],
        ),
        (
            "R110: timeliness",
            &["GetControlBoard", "ListBoardLessons", "ListBoardPupils"],
        ),
        (
            "R111: access points",
            &["PutRegistryRecord", "DeleteRegistryRecord"],
        ),
        (
            "R112: announcements",
            &["SaveSchoolEvent", "PublishSchoolEvents", "ChangeDay"],
        ),
        ("R113: results", &["RunReport", "DownloadReport"]),
        ("R114: homework", &["GetJournalPage"]),
        (
            "R115: replaced and missed lessons",
            &["SubstituteTeacher", "CancelLesson", "ListFreeTeachers"],
        ),
        ("R116: timesheet", &["GetTimesheet"]),
    ];
    let table = table::read();
    for (duty, calls) in duties {
        for call in calls {
            for who in ["administrator", "deputy"] {
                assert!(may(&table, who, call), "{duty}: {call} by the {who}");
            }
        }
    }
}

/// Administration, the secretary of studies and the administrator have duties of their own (R161).
#[test]
fn administration_secretary_and_administrator_have_duties_of_their_own() {
    let table = table::read();
    for (call, has, has_not) in [
        ("ApproveTimetable", "director", "administrator"),
        ("ApproveStudyDocument", "director", "secretary"),
        ("SendControlSheet", "director", "deputy"),
        ("PostOrder", "secretary", "deputy"),
        ("ApplyRollover", "secretary", "deputy"),
        ("GrantRole", "administrator", "secretary"),
        ("IssuePasswordReset", "administrator", "director"),
        ("SubstituteTeacher", "deputy", "secretary"),
    ] {
        assert!(may(&table, has, call), "{call} by the {has}");
        assert!(!may(&table, has_not, call), "{call} by the {has_not}");
    }
}
