//! `zhurnal serve --demo` as somebody sees it who wants to look at a school: one process,
//! an empty folder, the logins it prints.

use chassis::testing::eventually;
use jiff::ToSpan;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::Served;

fn count(of: &Value, name: &str) -> u64 {
    of[name].as_u64().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_school_has_lived_its_last_weeks() {
    let data = TempDir::with_prefix("zhurnal-demo-").unwrap();
    let demo = Served::start(data.path(), &["--demo"], "parent").await;
    let deputy = demo.log_in("deputy", &demo.told).await;
    let school = deputy.me["schoolId"].as_str().unwrap().to_owned();
    let zone = jiff::tz::TimeZone::get("Europe/Simferopol").unwrap();
    let today = chassis::clock::Clock::system().today(&zone);
    let from = today.checked_sub(16.days()).unwrap();
    let until = today.yesterday().unwrap();
    let path = |tail: &str| format!("/v1/schools/{school}/{tail}");

    // Followers count in their own time.
    let board = path(&format!("controlBoard?from={from}&to={until}"));
    let seen = eventually("journals that are filled or have no lessons", async || {
        let seen = deputy.get(&board).await.ok()["board"]["school"].clone();
        let (due, recorded) = (count(&seen, "lessonsDue"), count(&seen, "lessonsRecorded"));
        (due == 0 || recorded * 100 > due * 90).then_some(seen)
    })
    .await;
    let (due, recorded) = (count(&seen, "lessonsDue"), count(&seen, "lessonsRecorded"));
    if due == 0 {
        return assert!(is_holiday(from, until), "no lessons: {seen}");
    }
    assert!(recorded < due && recorded * 100 > due * 90, "{seen}");
    let late = count(&seen, "lessonsLate");
    assert!(late > 0 && late * 10 < recorded, "entered in time: {seen}");
    assert!(count(&seen, "marks") > recorded, "{seen}");
    assert!(count(&seen, "absences") > 0, "{seen}");

    let journals = deputy.get(&path("journals?pageSize=500")).await.ok();
    let journals = journals["journals"].as_array().cloned().unwrap_or_default();
    let without_marks = |word: &str| {
        let of = journals.iter().filter(|one| one["subjectTitle"] == word);
        of.map(|one| one["unmarked"] == true).collect::<Vec<bool>>()
    };
    assert_eq!(without_marks("Классный час"), [true; 11]);
    assert_eq!(without_marks("Шахматы"), [true]);
    assert_eq!(without_marks("Финансовая грамотность"), [false]);

    let waiting = deputy.get(&path("correctionRequests")).await.ok();
    let waiting = waiting["correctionRequests"].as_array().cloned();
    assert!(!waiting.unwrap_or_default().is_empty(), "nothing to decide");

    let parent = demo.log_in("parent", &demo.told).await;
    let child = parent.me["children"][0]["pupilId"].as_str().unwrap();
    let marks = parent.get(&format!("/v1/pupils/{child}/marks")).await.ok();
    assert!(marks.to_string().contains("\"value\""), "{marks}");
}

/// Whole weeks without lessons: around the new year and in summer.
fn is_holiday(from: jiff::civil::Date, until: jiff::civil::Date) -> bool {
    matches!(from.month(), 5..=8 | 12) || matches!(until.month(), 1 | 6..=9)
}
