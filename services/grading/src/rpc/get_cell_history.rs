//! GetCellHistory: everything that the ledger has of one cell, oldest first, and its
//! correction requests. Teachers of the lesson, the class teacher, deputies, director.

use std::collections::HashMap;

use chassis::{caller::Caller, looks::Subject, status};
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::{
    grading::v1::{GetCellHistoryRequest, GetCellHistoryResponse},
    id::{LessonId, PersonId, SchoolId},
    identity::v1::LookRecord,
};

use super::{convert, facts};
use crate::{
    Grading,
    domain::ledger::entry::EntryKey,
    store::{
        corrections::{self, Viewer},
        ledger, lesson_cards, pupils,
        save::SealedEntry,
    },
};

const PERMISSION: &str = "grading.cells.history";

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: GetCellHistoryRequest,
) -> Result<GetCellHistoryResponse, Status> {
    let school: SchoolId = facts::id(&request.school_id, "School")?;
    let lesson: LessonId = facts::id(&request.lesson_id, "Lesson")?;
    let pupil: PersonId = facts::id(&request.pupil_id, "Pupil")?;

    let db = grading.cx.db.read();
    let card = lesson_cards::find(db, school, lesson)
        .await
        .map_err(status::from_db)?;
    let card = card.ok_or_else(|| status::not_found("Lesson"))?;
    let known = facts::school(db, school).await?;
    let journals = facts::journals(grading, db, caller, &known, &[card.lesson.journal]).await?;
    let told = facts::of_lesson(&card.lesson, journals.first());
    grading.cx.access.check(caller, PERMISSION, &told)?;

    let entries = ledger::of_cell(db, school, lesson, pupil)
        .await
        .map_err(status::from_db)?;
    let today = grading.cx.clock.today(&known.zone).to_string();
    let person = facts::person(caller).unwrap_or_else(|| PersonId::from_uuid(Uuid::nil()));
    let viewer = Viewer {
        person,
        director: facts::is_director(caller),
        today: &today,
    };
    let requests = corrections::listed_of_cell(db, school, &viewer, lesson, pupil)
        .await
        .map_err(status::from_db)?;
    let places = places(db, school, &entries)
        .await
        .map_err(status::from_db)?;
    let mut authors: Vec<PersonId> = entries.iter().map(|sealed| sealed.entry.author).collect();
    authors.sort_unstable();
    authors.dedup();
    let names = pupils::names(db, school, &authors)
        .await
        .map_err(status::from_db)?;
    let names: HashMap<PersonId, pupils::Name> = names.into_iter().collect();

    let shown = entries.iter().map(|sealed| {
        let sequence = places.get(&sealed.entry.key).copied().unwrap_or(-1);
        convert::ledger_entry(sealed, sequence, names.get(&sealed.entry.author).cloned())
    });
    let subject = [Subject::Pupil(pupil)];
    let looks = &grading.cx.looks;
    looks.note(caller, &told, LookRecord::MarkHistory, subject);
    Ok(GetCellHistoryResponse {
        entries: shown.collect(),
        correction_requests: requests.into_iter().map(convert::correction).collect(),
    })
}

/// Numbers of the entries in the trees of their days.
async fn places(
    db: &impl ConnectionTrait,
    school: SchoolId,
    entries: &[SealedEntry],
) -> Result<HashMap<EntryKey, i64>, sea_orm::DbErr> {
    let mut days: Vec<Date> = entries.iter().map(|sealed| sealed.entry.day).collect();
    days.sort_unstable();
    days.dedup();
    let mut places = HashMap::new();
    for day in days {
        for checkpoint in ledger::checkpoints(db, school, day, day).await? {
            let numbers = checkpoint.first_sequence..;
            places.extend(checkpoint.added.iter().map(|(key, _)| *key).zip(numbers));
        }
    }
    Ok(places)
}
