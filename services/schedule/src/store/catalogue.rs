//! Catalogues that grow with the plans: subjects of the region, rooms of a school.
//! A title is known by its folded form; the first spelling is the one shown.

use std::collections::{BTreeMap, HashMap};

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;
use zhurnal_proto::id::SubjectId;

use super::School;
use super::entity::{room, subject};
use crate::domain::subject::{clean_title, fold_title};

/// Titles asked for at once.
const CHUNK: usize = 1_000;

/// A subject of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Id.
    pub id: SubjectId,
    /// Title as shown.
    pub title: String,
}

/// A room of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Id, of the store only.
    pub id: Uuid,
    /// Title as shown.
    pub title: String,
}

/// Entries by the titles as they were asked for.
#[derive(Debug, Clone)]
pub struct ByTitle<T> {
    by_folded: HashMap<String, T>,
    folded: HashMap<String, String>,
}

impl<T> ByTitle<T> {
    /// The entry of one of the titles asked for.
    pub fn get(&self, title: &str) -> Option<&T> {
        self.by_folded.get(self.folded.get(title)?)
    }
}

/// The subjects of these titles; unknown ones are added.
pub async fn ensure_subjects(
    conn: &impl ConnectionTrait,
    titles: impl Iterator<Item = &str> + Send,
    new_id: &mut (impl FnMut() -> Uuid + Send),
) -> Result<ByTitle<Subject>, DbErr> {
    let wanted = Wanted::of(titles);
    let mut by_folded = HashMap::new();
    for chunk in wanted.chunks() {
        let new = chunk.iter().map(|(folded, title)| subject::ActiveModel {
            subject_id: Set(new_id()),
            title: Set(title.clone()),
            folded_title: Set(folded.clone()),
        });
        subject::Entity::insert_many(new)
            .on_conflict(
                OnConflict::column(subject::Column::FoldedTitle)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(conn)
            .await?;
        let folded = chunk.iter().map(|(folded, _)| folded.as_str());
        let rows = subject::Entity::find()
            .filter(subject::Column::FoldedTitle.is_in(folded))
            .all(conn)
            .await?;
        by_folded.extend(rows.into_iter().map(|row| {
            (
                row.folded_title,
                Subject {
                    id: SubjectId::from_uuid(row.subject_id),
                    title: row.title,
                },
            )
        }));
    }
    Ok(ByTitle {
        by_folded,
        folded: wanted.folded,
    })
}

/// The school's rooms of these titles; unknown ones are added. Empty titles are no rooms.
pub async fn ensure_rooms(
    conn: &impl ConnectionTrait,
    school: School,
    titles: impl Iterator<Item = &str> + Send,
    new_id: &mut (impl FnMut() -> Uuid + Send),
) -> Result<ByTitle<Room>, DbErr> {
    let wanted = Wanted::of(titles);
    let mut by_folded = HashMap::new();
    for chunk in wanted.chunks() {
        let new = chunk.iter().map(|(folded, title)| room::ActiveModel {
            school_id: Set(school.uuid()),
            room_id: Set(new_id()),
            title: Set(title.clone()),
            folded_title: Set(folded.clone()),
        });
        let known = OnConflict::columns([room::Column::SchoolId, room::Column::FoldedTitle])
            .do_nothing()
            .to_owned();
        room::Entity::insert_many(new)
            .on_conflict(known)
            .exec_without_returning(conn)
            .await?;
        let rows = room::Entity::find()
            .filter(room::Column::SchoolId.eq(school.uuid()))
            .filter(
                room::Column::FoldedTitle.is_in(chunk.iter().map(|(folded, _)| folded.as_str())),
            )
            .all(conn)
            .await?;
        by_folded.extend(rows.into_iter().map(|row| {
            (
                row.folded_title,
                Room {
                    id: row.room_id,
                    title: row.title,
                },
            )
        }));
    }
    Ok(ByTitle {
        by_folded,
        folded: wanted.folded,
    })
}

/// Titles without repeats. Sorted: two transactions that add the same titles wait
/// for each other instead of dead-locking.
struct Wanted {
    titles: Vec<(String, String)>,
    folded: HashMap<String, String>,
}

impl Wanted {
    fn of<'a>(titles: impl Iterator<Item = &'a str>) -> Self {
        let mut by_folded = BTreeMap::new();
        let mut folded = HashMap::new();
        for title in titles {
            if folded.contains_key(title) {
                continue;
            }
            let key = fold_title(title);
            if !key.is_empty() {
                by_folded
                    .entry(key.clone())
                    .or_insert_with(|| clean_title(title));
                folded.insert(title.to_owned(), key);
            }
        }
        Self {
            titles: by_folded.into_iter().collect(),
            folded,
        }
    }

    fn chunks(&self) -> impl Iterator<Item = &[(String, String)]> {
        self.titles.chunks(CHUNK)
    }
}
