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
        let known = if cells.is_empty() {
            None
        } else {
            self.all(school, lessons)
        };
        let Some(known) = known else {
            return self.load(conn, school, lessons).await;
        };
        let mut years = known
            .values()
            .map(|known| known.column.lesson.academic_year);
        let year = years.next().unwrap_or_default();
        if years.any(|other| other != year) {
            return self.load(conn, school, lessons).await;
        }
        let LoadedCells {
            version,
            cells,
            pending,
        } = columns::cells(conn, school, year, cells).await?;
        if known.values().all(|known| Some(known.version) == version) {
            return Ok(Loaded {
                columns: known,
                cells,
                pending,
            });
        }
        self.load(conn, school, lessons).await
    }

    fn all(
        &self,
        school: SchoolId,
        lessons: &[LessonId],
    ) -> Option<HashMap<LessonId, Arc<KnownColumn>>> {
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
