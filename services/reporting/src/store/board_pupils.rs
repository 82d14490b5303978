//! Pupils × subjects behind a figure of the board, page by page.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;
use zhurnal_proto::id::{ClassId, PersonId, SubjectId};

use super::School;
use super::copies::{self, ClassFact, Name};
use super::{board, study};
use crate::domain::days::Days;
use crate::domain::due::Cut;
use crate::domain::pairs::Pair;

/// Which pairs are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// With so many marks: 0 (R89) or 1 (R90).
    pub marks: u32,
    /// In these days.
    pub days: Days,
    /// Only this class.
    pub class: Option<ClassId>,
}

/// Place of a pair in the list: class, name, pupil, subject's title, subject.
pub type PairKey = (u8, String, String, Uuid, String, Uuid);

/// A pair of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardPupil {
    /// Pupil.
    pub pupil: PersonId,
    /// Name.
    pub name: Name,
    /// Title of the class.
    pub class_title: String,
    /// Title of the subject.
    pub subject_title: String,
    /// Marks in the range.
    pub marks: u32,
    /// Its place in the list.
    pub key: PairKey,
}

/// Pairs after `after` by class, name and subject; at most `limit`.
pub async fn list(
    conn: &impl ConnectionTrait,
    school: School,
    wanted: &Wanted,
    cut: Cut,
    after: Option<PairKey>,
    limit: u64,
) -> Result<Vec<BoardPupil>, DbErr> {
    let mut pairs = board::pairs(conn, school, wanted.class, wanted.days, cut).await?;
    pairs.retain(|pair| pair.marks == wanted.marks);
    let pupils: BTreeSet<PersonId> = pairs.iter().map(|pair| pair.pupil).collect();
    let names = copies::names(conn, school, pupils).await?;
    let classes = copies::classes(conn, school)
        .await?
        .into_iter()
        .map(|class| (class.id, class))
        .collect();
    let subjects = study::subjects(conn, school).await?.into_iter().collect();
    let titled = Titles {
        names,
        classes,
        subjects,
    };
    let mut rows: Vec<BoardPupil> = pairs.iter().map(|pair| titled.row(pair)).collect();
    if let Some(after) = after {
        rows.retain(|row| row.key > after);
    }
    rows.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(rows)
}

struct Titles {
    names: HashMap<PersonId, Name>,
    classes: HashMap<ClassId, ClassFact>,
    subjects: HashMap<SubjectId, String>,
}

impl Titles {
    fn row(&self, pair: &Pair) -> BoardPupil {
        let name = self.names.get(&pair.pupil).cloned().unwrap_or_default();
        let class = self.classes.get(&pair.class);
        let class_title = class.map(|class| class.title.clone()).unwrap_or_default();
        let subject_title = self
            .subjects
            .get(&pair.subject)
            .cloned()
            .unwrap_or_default();
        let key = (
            class.map_or(0, |class| class.grade),
            class_title.clone(),
            name.sort_key.clone(),
            pair.pupil.uuid(),
            subject_title.clone(),
            pair.subject.uuid(),
        );
        BoardPupil {
            pupil: pair.pupil,
            name,
            class_title,
            subject_title,
            marks: pair.marks,
            key,
        }
    }
}
