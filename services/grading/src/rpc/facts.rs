//! Facts of own copies as the access policies ask for them.

use std::str::FromStr;

use chassis::{
    access::Facts,
    caller::{Caller, User},
    status,
};
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::id::{JournalId, PersonId, SchoolId};

use crate::{
    Grading,
    domain::lesson::Lesson,
    store::{
        journals::{self, JournalFacts},
        pupils::{self, PupilFacts},
        schools::{self, School},
    },
};

/// Reads an id of a request. One that is no id names nothing that exists.
pub fn id<I: FromStr>(text: &str, kind: &'static str) -> Result<I, Status> {
    text.parse().map_err(|_| status::not_found(kind))
}

/// A date of a request; empty = none.
pub fn day(text: &str, field: &str) -> Result<Option<Date>, Status> {
    match text {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| status::invalid_field(field, "DATE", "Нужна дата ГГГГ-ММ-ДД")),
    }
}

/// The card of a staff session in its school; services and regional officers have none.
pub fn person(caller: &Caller) -> Option<PersonId> {
    caller.user().and_then(|user| user.person)
}

/// The user of a staff session with its card.
pub fn employee<'a>(caller: &'a Caller, permission: &str) -> Result<(&'a User, PersonId), Status> {
    let user = caller.user().ok_or_else(|| status::denied(permission))?;
    let person = user.person.ok_or_else(|| status::denied(permission))?;
    Ok((user, person))
}

/// The session is a director's of the school.
pub fn is_director(caller: &Caller) -> bool {
    caller.user().is_some_and(|user| user.has_role("DIRECTOR"))
}

/// A school that the copies know, or the NOT_FOUND that anything of an unknown
/// school gets.
pub async fn school(conn: &impl ConnectionTrait, id: SchoolId) -> Result<School, Status> {
    schools::find(conn, id)
        .await
        .map_err(status::from_db)?
        .ok_or_else(|| status::not_found("School"))
}

/// Facts of journals with what the caller has to do with them.
pub async fn journals(
    grading: &Grading,
    conn: &impl ConnectionTrait,
    caller: &Caller,
    school: &School,
    ids: &[JournalId],
) -> Result<Vec<JournalFacts>, Status> {
    let today = grading.cx.clock.today(&school.zone).to_string();
    let person = person(caller).unwrap_or_else(|| PersonId::from_uuid(Uuid::nil()));
    journals::facts(conn, school.id, ids, person, &today)
        .await
        .map_err(status::from_db)
}

/// One journal as of today in its school, by one statement: the school's zone comes
/// with the facts, and is nearly always the region's.
pub async fn journal_now(
    grading: &Grading,
    conn: &impl ConnectionTrait,
    caller: &Caller,
    school: SchoolId,
    journal: JournalId,
) -> Result<JournalFacts, Status> {
    let person = person(caller).unwrap_or_else(|| PersonId::from_uuid(Uuid::nil()));
    let today = |zone: &str| grading.cx.clock.today(&schools::zone(zone)).to_string();
    let read = |day: String| async move {
        let found = journals::facts(conn, school, &[journal], person, &day).await;
        found
            .map_err(status::from_db)?
            .pop()
            .ok_or_else(|| status::not_found("Journal"))
    };
    let guess = today("");
    let found = read(guess.clone()).await?;
    let day = today(&found.time_zone);
    if day == guess {
        Ok(found)
    } else {
        read(day).await
    }
}

/// What the policies want to know of a journal.
pub fn of_journal(facts: &JournalFacts, caller: &Caller) -> Facts {
    let related = if facts.teaches || facts.substitutes {
        person(caller)
    } else {
        None
    };
    Facts::object("Journal", facts.journal.id, facts.journal.school)
        .teachers(
            facts
                .teachers
                .iter()
                .map(|(teacher, _)| *teacher)
                .chain(related),
        )
        .class_teachers(facts.class_teacher)
}

/// What the policies want to know of a lesson: who holds it, and whose journal it is in.
pub fn of_lesson(lesson: &Lesson, journal: Option<&JournalFacts>) -> Facts {
    Facts::object("Lesson", lesson.id, lesson.school)
        .teachers(lesson.responsible())
        .teachers(lesson.teacher)
        .teachers(
            journal
                .into_iter()
                .flat_map(|facts| facts.teachers.iter().map(|(teacher, _)| *teacher)),
        )
        .class_teachers(journal.and_then(|facts| facts.class_teacher))
}

/// What the policies want to know of a pupil.
pub fn of_pupil(facts: &PupilFacts) -> Facts {
    Facts::object("Pupil", facts.pupil, facts.school)
        .pupil(facts.pupil)
        .guardians(facts.guardians.iter().copied())
        .class_teachers(facts.class_teachers.iter().copied())
}

/// Facts of pupils as of today in their schools.
pub async fn pupils(
    grading: &Grading,
    conn: &impl ConnectionTrait,
    ids: &[PersonId],
) -> Result<Vec<PupilFacts>, Status> {
    let today = |zone: &str| grading.cx.clock.today(&schools::zone(zone));
    // The day depends on the school's zone, which comes with the facts: nearly
    // always it is the region's.
    let guess = today("");
    let read = |day: Date, ids: Vec<PersonId>| async move {
        pupils::facts(conn, &ids, &day.to_string())
            .await
            .map_err(status::from_db)
    };
    let mut found = read(guess, ids.to_vec()).await?;
    let elsewhere: Vec<(Date, PersonId)> = found
        .iter()
        .map(|facts| (today(&facts.time_zone), facts.pupil))
        .filter(|(day, _)| *day != guess)
        .collect();
    for (day, pupil) in elsewhere {
        let again = read(day, vec![pupil]).await?;
        found.retain(|facts| facts.pupil != pupil);
        found.extend(again);
    }
    Ok(found)
}
