//! Columns of journals kept in memory: lessons and members change seldom, marks
//! are written often.
//!
//! A kept column is used only when the version of the school's facts, read inside
//! the transaction of the write, is the one that it was made of. So another
//! process may apply a feed, and nobody has to be told.

use std::{collections::HashMap, sync::Arc};

use sea_orm::{ConnectionTrait, DbErr};
use zhurnal_proto::id::{LessonId, SchoolId};

use crate::store::columns::{self, CellKey, KnownColumn, Loaded, LoadedCells};

type Key = (SchoolId, LessonId);
type Known = HashMap<LessonId, Arc<KnownColumn>>;

/// What one of several requests needs.
pub struct Wanted<'a> {
    /// School.
    pub school: SchoolId,
    /// Lessons.
    pub lessons: &'a [LessonId],
    /// Cells of these lessons.
    pub cells: &'a [CellKey],
}

/// The columns that this process knows.
#[derive(Clone)]
pub struct KnownColumns {
    kept: moka::sync::Cache<Key, Arc<KnownColumn>>,
}

impl KnownColumns {
    /// Keeps at most so many.
    pub fn new(most: u64) -> KnownColumns {
        KnownColumns {
            kept: moka::sync::Cache::builder()
                .max_capacity(most)
                .support_invalidation_closures()
                .build(),
        }
    }

    /// Facts of the school are about to change: saves the next read a second look.
    pub fn forget(&self, school: SchoolId) {
        if self.kept.entry_count() == 0 {
            // The count lags behind; an import need not leave thousands of notes.
            self.kept.run_pending_tasks();
            if self.kept.entry_count() == 0 {
                return;
            }
        }
        // Refused only by a cache built without closures.
        let _ = self
            .kept
            .invalidate_entries_if(move |key, _| key.0 == school);
    }

    /// Columns of the lessons and the wanted cells, as of one statement: the cells
    /// alone when everything else is kept and in force, else everything anew.
    pub async fn read(
        &self,
        conn: &impl ConnectionTrait,
        school: SchoolId,
        lessons: &[LessonId],
        cells: &[CellKey],
    ) -> Result<Loaded, DbErr> {
        let request = Wanted {
            school,
            lessons,
            cells,
        };
        let mut loaded = self.read_all(conn, &[request]).await?;
        Ok(loaded.pop().unwrap_or_default())
    }

    /// The same for several requests: one statement for the cells of all whose
    /// columns are kept, and one for each of the others. No cell is wanted twice.
    pub async fn read_all(
        &self,
        conn: &impl ConnectionTrait,
        requests: &[Wanted<'_>],
    ) -> Result<Vec<Loaded>, DbErr> {
        let known: Vec<Option<Known>> = requests
            .iter()
            .map(|wanted| self.all(wanted.school, wanted.lessons))
            .collect();
        let mut wanted = Vec::new();
        for (request, known) in requests.iter().zip(&known) {
            for key in request.cells {
                if let Some(column) = known.as_ref().and_then(|known| known.get(&key.0)) {
                    let year = column.column.lesson.academic_year;
                    wanted.push((request.school, year, *key));
                }
            }
        }
        let mut found = match wanted.as_slice() {
            [] => LoadedCells::default(),
            wanted => columns::cells(conn, wanted).await?,
        };
        let mut all = Vec::with_capacity(requests.len());
        for (request, known) in requests.iter().zip(known) {
            let version = found.versions.get(&request.school).copied();
            let good = known.filter(|known| {
                !request.cells.is_empty() && known.values().all(|k| Some(k.version) == version)
            });
            all.push(match good {
                Some(columns) => found.of(request.cells, columns),
                None => self.load(conn, request.school, request.lessons).await?,
            });
        }
        Ok(all)
    }

    fn all(&self, school: SchoolId, lessons: &[LessonId]) -> Option<Known> {
        lessons
            .iter()
            .map(|lesson| Some((*lesson, self.kept.get(&(school, *lesson))?)))
            .collect()
    }

    async fn load(
        &self,
        conn: &impl ConnectionTrait,
        school: SchoolId,
        lessons: &[LessonId],
    ) -> Result<Loaded, DbErr> {
        let loaded = columns::load(conn, school, lessons).await?;
        for (lesson, known) in &loaded.columns {
            self.kept.insert((school, *lesson), known.clone());
        }
        Ok(loaded)
    }
}
