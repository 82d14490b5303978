//! Reads everything back: journals, diaries, ledger, board.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::checker::{CellKey, Observed, Seen};
use super::record::History;
use crate::http::Browser;
use crate::school::{Cell, Mark, Page, School, field};
use crate::work::EmptyColumn;

/// Reads side by side.
const READERS: usize = 8;

/// Everything about the cells that were empty in `columns`, seen by the director.
pub(super) async fn observe(
    school: &School,
    columns: &[EmptyColumn],
    history: &History,
    entries_before: i64,
) -> anyhow::Result<Observed> {
    let mut director = school.director.clone();
    let mut observed = Observed::default();
    for column in columns {
        let cells = column
            .pupils
            .iter()
            .map(|pupil| (column.lesson.clone(), pupil.clone()));
        observed.empty_before.extend(cells);
    }
    let journals: BTreeSet<&str> = columns.iter().map(|c| c.journal.as_str()).collect();
    for journal in journals {
        let page = school.page(&mut director, journal).await?;
        take_page(page, &mut observed);
    }
    let touched: BTreeSet<CellKey> = history
        .0
        .values()
        .flat_map(|told| {
            told.marks
                .iter()
                .map(|m| (m.lesson.clone(), m.pupil.clone()))
        })
        .collect();
    observed.ledger = histories(school, &touched).await?;
    observed.diary = diaries(school, columns, &touched).await?;
    let (entries, findings) = verify(school, &mut director).await?;
    observed.ledger_entries = entries - entries_before;
    observed.findings = findings;
    Ok(observed)
}

fn take_page(page: Page, observed: &mut Observed) {
    for row in page.rows {
        for cell in row.cells {
            let key = (cell.lesson_id.clone(), row.pupil_id.clone());
            if !cell.marks.is_empty() {
                observed.journal.insert(key, seen(cell));
            }
        }
    }
}

fn seen(cell: Cell) -> Vec<Seen> {
    let one = |mark: Mark| Seen {
        value: mark.value,
        comment: mark.comment,
        revision: mark.revision.parse().unwrap_or(0),
    };
    cell.marks.into_iter().map(one).collect()
}

/// Entries checked, and what does not agree.
pub(super) async fn verify(
    school: &School,
    director: &mut Browser,
) -> anyhow::Result<(i64, Vec<String>)> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Answer {
        #[serde(default)]
        entry_count: String,
        #[serde(default)]
        findings: Vec<serde_json::Value>,
    }
    let path = format!("/v1/schools/{}/ledger:verify", school.id);
    let answer: Answer = director.post(&path, None, "{}".into()).await?.json()?;
    let findings = answer.findings.iter().map(ToString::to_string).collect();
    Ok((answer.entry_count.parse().unwrap_or(0), findings))
}

/// Runs reads over several connections.
async fn spread<I, T>(
    school: &School,
    items: Vec<I>,
    read: impl AsyncFn(&mut Browser, I) -> anyhow::Result<T>,
) -> anyhow::Result<Vec<T>> {
    use std::cell::RefCell;
    let queue = RefCell::new(items);
    let done = RefCell::new(Vec::new());
    let worker = async || {
        let mut browser = school.director.clone();
        loop {
            let Some(item) = queue.borrow_mut().pop() else {
                return anyhow::Ok(());
            };
            let found = read(&mut browser, item).await?;
            done.borrow_mut().push(found);
        }
    };
    futures::future::try_join_all((0..READERS).map(|_| worker())).await?;
    Ok(done.into_inner())
}

type Cells = std::collections::HashMap<CellKey, Vec<Seen>>;

/// The ledger's entries about marks of the cells.
async fn histories(school: &School, cells: &BTreeSet<CellKey>) -> anyhow::Result<Cells> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Entry {
        #[serde(default)]
        subject: String,
        #[serde(default)]
        new_value: String,
        #[serde(default)]
        personal_text: String,
    }
    let read = async |browser: &mut Browser, cell: CellKey| {
        let path = format!(
            "/v1/schools/{}/lessons/{}/pupils/{}/history",
            school.id, cell.0, cell.1
        );
        let entries: Vec<Entry> = field(browser.read(&path).await?, "entries")?;
        let marks = entries
            .into_iter()
            .filter(|e| e.subject == "LEDGER_SUBJECT_MARK");
        let seen = marks.map(|e| Seen {
            value: e.new_value,
            comment: e.personal_text,
            revision: 1,
        });
        anyhow::Ok((cell, seen.collect()))
    };
    let all = spread(school, cells.iter().cloned().collect(), read).await?;
    Ok(all.into_iter().collect())
}

/// Cells of the diary weeks that hold the cells.
async fn diaries(
    school: &School,
    columns: &[EmptyColumn],
    cells: &BTreeSet<CellKey>,
) -> anyhow::Result<Cells> {
    #[derive(Default, Deserialize)]
    struct Week {
        #[serde(default)]
        days: Vec<Day>,
    }
    #[derive(Deserialize)]
    struct Day {
        #[serde(default)]
        lessons: Vec<Lesson>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Lesson {
        lesson_id: String,
        cell: Option<Cell>,
    }
    let dates: BTreeMap<&str, &str> = columns
        .iter()
        .map(|c| (c.lesson.as_str(), c.date.as_str()))
        .collect();
    let mut weeks: BTreeSet<(String, Date)> = BTreeSet::new();
    for (lesson, pupil) in cells {
        if let Some(date) = dates.get(lesson.as_str()) {
            weeks.insert((pupil.clone(), monday(date.parse()?)?));
        }
    }
    let read = async |browser: &mut Browser, (pupil, monday): (String, Date)| {
        let path = format!("/v1/pupils/{pupil}/diaryWeek?date={monday}");
        let week: Week = field(browser.read(&path).await?, "week")?;
        let lessons = week.days.into_iter().flat_map(|day| day.lessons);
        let cells = lessons.map(|lesson| {
            let marks = lesson.cell.map(seen).unwrap_or_default();
            ((lesson.lesson_id, pupil.clone()), marks)
        });
        anyhow::Ok(cells.collect::<Vec<_>>())
    };
    let all = spread(school, weeks.into_iter().collect(), read).await?;
    // A cell that the week does not show at all is there as an empty one: lost.
    let mut found: Cells = cells
        .iter()
        .map(|cell| (cell.clone(), Vec::new()))
        .collect();
    found.extend(
        all.into_iter()
            .flatten()
            .filter(|(_, marks)| !marks.is_empty()),
    );
    Ok(found)
}

fn monday(date: Date) -> anyhow::Result<Date> {
    Ok(match date.weekday() {
        Weekday::Monday => date,
        _ => date.nth_weekday(-1, Weekday::Monday)?,
    })
}

/// Marks that the deputy's board counts over the filled days.
pub(super) async fn board_marks(school: &School, director: &mut Browser) -> anyhow::Result<u64> {
    #[derive(Default, Deserialize)]
    struct Board {
        #[serde(default)]
        school: Figures,
    }
    #[derive(Default, Deserialize)]
    struct Figures {
        #[serde(default)]
        marks: u64,
    }
    let path = format!(
        "/v1/schools/{}/controlBoard?from={}&to={}",
        school.id, school.from, school.today
    );
    let board: Board = field(director.read(&path).await?, "board")?;
    Ok(board.school.marks)
}

/// Marks that the journals hold over the filled days.
pub(super) async fn journal_marks(school: &School, director: &mut Browser) -> anyhow::Result<u64> {
    let mut count = 0;
    for journal in school.journals(director).await? {
        let page = school.page(director, &journal.journal_id).await?;
        let cells = page.rows.iter().flat_map(|row| &row.cells);
        count += cells.map(|cell| cell.marks.len() as u64).sum::<u64>();
    }
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_begins_on_monday() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(monday(day("2026-11-22")).unwrap(), day("2026-11-16"));
        assert_eq!(monday(day("2026-11-16")).unwrap(), day("2026-11-16"));
        assert_eq!(monday(day("2026-11-17")).unwrap(), day("2026-11-16"));
    }
}
