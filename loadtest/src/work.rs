//! What there is to write: empty cells of lessons that their teachers may fill.

use std::collections::{HashSet, VecDeque};

use bytes::Bytes;
use uuid::Uuid;

use crate::http::Browser;
use crate::output::say;
use crate::school::{Page, School, eventually};

const VALUES: [&str; 4] = ["2", "3", "4", "5"];

/// A lesson whose cells are empty.
#[derive(Debug, Clone)]
pub struct EmptyColumn {
    /// Who holds it.
    pub teacher: Browser,
    /// Card of who holds it.
    pub teacher_id: String,
    /// Path that its marks are posted to.
    pub path: String,
    /// Journal.
    pub journal: String,
    /// Lesson.
    pub lesson: String,
    /// Date.
    pub date: String,
    /// Pupils without anything in the cell.
    pub pupils: Vec<String>,
}

/// Reads all pages of all teachers: lessons that can be filled, journal by journal.
pub async fn survey(school: &School) -> anyhow::Result<Vec<EmptyColumn>> {
    let mut all = Vec::new();
    for (card, browser) in &school.teachers {
        let mut browser = browser.clone();
        for journal in school.journals(&mut browser).await? {
            // Class teachers and deputies may open what they do not teach.
            if journal.teacher_ids.contains(card) {
                let page = school.page(&mut browser, &journal.journal_id).await?;
                all.extend(empty_columns(
                    school,
                    card,
                    &browser,
                    &journal.journal_id,
                    page,
                ));
            }
        }
    }
    Ok(all)
}

/// Surveys until a school that was just made has arrived in grading.
pub async fn arrived(school: &School) -> anyhow::Result<Vec<EmptyColumn>> {
    let mut before = 0;
    let found = eventually("a school that stands still", async || {
        let columns = survey(school).await?;
        let same = columns.len() == before && before > 0;
        before = columns.len();
        Ok(same.then_some(columns))
    });
    let columns = found.await?;
    let cells: usize = columns.iter().map(|c| c.pupils.len()).sum();
    say(format!(
        "school {}: {} lessons with {cells} empty cells",
        school.id,
        columns.len()
    ));
    Ok(columns)
}

/// Lessons of a page that the teacher may fill.
pub fn empty_columns(
    school: &School,
    card: &str,
    teacher: &Browser,
    journal: &str,
    page: Page,
) -> Vec<EmptyColumn> {
    if page.without_marks {
        return Vec::new();
    }
    let filled: HashSet<(&str, &str)> = page
        .rows
        .iter()
        .flat_map(|row| {
            row.cells
                .iter()
                .map(|cell| (cell.lesson_id.as_str(), row.pupil_id.as_str()))
        })
        .collect();
    let open = |window: &str| {
        matches!(
            window,
            "ENTRY_WINDOW_OPEN" | "ENTRY_WINDOW_LATE" | "ENTRY_WINDOW_CORRECTION"
        )
    };
    let columns = page
        .columns
        .iter()
        .filter(|column| column.own && open(&column.window));
    let columns = columns.map(|column| {
        let there = page.rows.iter().filter(|row| row.paper_periods.is_empty());
        let there = there.filter(|row| {
            row.member_from.as_str() <= column.date.as_str()
                && column.date.as_str() <= row.member_to.as_str()
        });
        let empty = there
            .filter(|row| !filled.contains(&(column.lesson_id.as_str(), row.pupil_id.as_str())));
        EmptyColumn {
            teacher: teacher.clone(),
            teacher_id: card.to_owned(),
            path: format!(
                "/v1/schools/{}/journals/{journal}/marks:batchSet",
                school.id
            ),
            journal: journal.to_owned(),
            lesson: column.lesson_id.clone(),
            date: column.date.clone(),
            pupils: empty.map(|row| row.pupil_id.clone()).collect(),
        }
    });
    columns.filter(|column| !column.pupils.is_empty()).collect()
}

/// One mark to set in an empty cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Lesson.
    pub lesson: String,
    /// Pupil.
    pub pupil: String,
    /// Mark.
    pub value: &'static str,
    /// Comment; empty = none.
    pub comment: String,
}

/// Body of a request that sets the marks.
pub fn body(targets: &[Target]) -> Bytes {
    let mut text = String::with_capacity(32 + targets.len() * 220);
    text.push_str("{\"operations\":[");
    for (at, target) in targets.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let Target {
            lesson,
            pupil,
            value,
            comment,
        } = target;
        // Ids, marks and our comments hold nothing that JSON would escape.
        text.push_str(&format!(
            "{comma}{{\"lessonId\":\"{lesson}\",\"pupilId\":\"{pupil}\",\"slot\":1,\
             \"setMark\":{{\"value\":\"{value}\",\"comment\":\"{comment}\"}}}}"
        ));
    }
    text.push_str("]}");
    text.into()
}

/// One save, ready to be sent.
#[derive(Debug, Clone)]
pub struct Save {
    /// Idempotency key.
    pub key: Uuid,
    /// Where to.
    pub path: String,
    /// Marks.
    pub targets: Vec<Target>,
}

/// What one caller has to do: saves of a fixed size, lesson by lesson, as a teacher
/// goes through a class.
#[derive(Debug)]
pub struct Pile {
    columns: VecDeque<EmptyColumn>,
    done: usize,
    ids: chassis::ids::Ids,
}

impl Pile {
    /// A pile of columns.
    pub fn new(columns: impl IntoIterator<Item = EmptyColumn>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            done: 0,
            ids: chassis::ids::Ids::random(),
        }
    }

    /// Cells left.
    pub fn left(&self) -> usize {
        self.columns.iter().map(|c| c.pupils.len()).sum()
    }

    /// The next save of `size` marks and who makes it; `None` when the pile is used
    /// up. A save stays in one journal; a journal's rest that is too small is left.
    pub fn next(&mut self, size: usize) -> Option<(Browser, Save)> {
        loop {
            let first = self.columns.front()?;
            let (journal, teacher) = (first.journal.clone(), first.teacher_id.clone());
            let same =
                |column: &EmptyColumn| column.journal == journal && column.teacher_id == teacher;
            let there: usize = self
                .columns
                .iter()
                .take_while(|c| same(c))
                .map(|c| c.pupils.len())
                .sum();
            if there < size {
                while self.columns.front().is_some_and(same) {
                    self.columns.pop_front();
                }
                continue;
            }
            let (browser, path) = (first.teacher.clone(), first.path.clone());
            let mut targets = Vec::with_capacity(size);
            while targets.len() < size {
                let column = self.columns.front_mut()?;
                match column.pupils.pop() {
                    Some(pupil) => {
                        self.done += 1;
                        let value = VALUES[self.done % VALUES.len()];
                        let lesson = column.lesson.clone();
                        targets.push(Target {
                            lesson,
                            pupil,
                            value,
                            comment: String::new(),
                        });
                    }
                    None => {
                        self.columns.pop_front();
                    }
                }
            }
            return Some((
                browser,
                Save {
                    key: self.ids.uuid(),
                    path,
                    targets,
                },
            ));
        }
    }
}

/// Deals columns out, journal by journal, so that every pile holds about as many cells.
pub fn deal(columns: Vec<EmptyColumn>, piles: usize) -> Vec<Pile> {
    let mut journals: Vec<Vec<EmptyColumn>> = Vec::new();
    for column in columns {
        match journals.last_mut() {
            Some(last)
                if last[0].journal == column.journal && last[0].teacher_id == column.teacher_id =>
            {
                last.push(column);
            }
            _ => journals.push(vec![column]),
        }
    }
    let cells = |columns: &[EmptyColumn]| columns.iter().map(|c| c.pupils.len()).sum::<usize>();
    journals.sort_by_key(|columns| std::cmp::Reverse(cells(columns)));
    let mut dealt: Vec<(usize, Vec<EmptyColumn>)> =
        (0..piles.max(1)).map(|_| (0, Vec::new())).collect();
    for columns in journals {
        if let Some(lightest) = dealt.iter_mut().min_by_key(|(cells, _)| *cells) {
            lightest.0 += cells(&columns);
            lightest.1.extend(columns);
        }
    }
    dealt
        .into_iter()
        .map(|(_, columns)| Pile::new(columns))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(journal: &str, lesson: &str, pupils: usize) -> EmptyColumn {
        EmptyColumn {
            teacher: Browser::new(([127, 0, 0, 1], 1).into()).unwrap(),
            teacher_id: "per_1".into(),
            path: format!("/{journal}"),
            journal: journal.into(),
            lesson: lesson.into(),
            date: "2026-09-01".into(),
            pupils: (0..pupils).map(|n| format!("per_{n}")).collect(),
        }
    }

    #[test]
    fn no_cell_comes_twice_and_a_save_stays_in_its_journal() {
        let columns = vec![
            column("a", "a1", 25),
            column("a", "a2", 25),
            column("b", "b1", 40),
        ];
        let mut pile = Pile::new(columns);
        let mut seen = HashSet::new();
        let mut saves = 0;
        while let Some((_, save)) = pile.next(30) {
            saves += 1;
            assert_eq!(save.targets.len(), 30);
            for target in save.targets {
                assert!(
                    target.lesson.starts_with(&save.path[1..]),
                    "{} in {}",
                    target.lesson,
                    save.path
                );
                assert!(seen.insert((target.lesson, target.pupil)));
            }
        }
        assert_eq!(saves, 2);
        assert_eq!(pile.left(), 0);
    }

    #[test]
    fn singles_use_every_cell() {
        let mut pile = Pile::new(vec![column("a", "a1", 3), column("b", "b1", 2)]);
        let saves: Vec<Save> = std::iter::from_fn(|| pile.next(1))
            .map(|(_, save)| save)
            .collect();
        assert_eq!(saves.len(), 5);
    }

    #[test]
    fn piles_are_about_as_high() {
        let columns = (0..20)
            .map(|n| column(&format!("j{n}"), &format!("l{n}"), 10 + n))
            .collect();
        let piles = deal(columns, 4);
        let left: Vec<usize> = piles.iter().map(Pile::left).collect();
        let (least, most) = (left.iter().min().unwrap(), left.iter().max().unwrap());
        assert_eq!(left.iter().sum::<usize>(), 390);
        assert!(most - least <= 10, "{left:?}");
    }

    #[test]
    fn the_body_is_json_with_one_operation_for_each_mark() {
        let target = |n: usize| Target {
            lesson: format!("les_{n}"),
            pupil: "per_1".into(),
            value: "5",
            comment: format!("no. {n}"),
        };
        let json: serde_json::Value =
            serde_json::from_slice(&body(&[target(1), target(2)])).unwrap();
        assert_eq!(json["operations"][1]["lessonId"], "les_2");
        assert_eq!(json["operations"][1]["setMark"]["value"], "5");
        assert_eq!(json["operations"][0]["setMark"]["comment"], "no. 1");
    }
}
