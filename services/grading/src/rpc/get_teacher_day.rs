//! GetTeacherDay: the lessons that the caller holds on a day, what is filled in, and
//! both clocks.

use std::collections::HashMap;

use chassis::{access::Facts, caller::Caller, status};
use tonic::Status;
use zhurnal_proto::{
    grading::v1::{GetTeacherDayRequest, GetTeacherDayResponse, TeacherLesson},
    id::{JournalId, LessonId, SchoolId},
};

use super::{convert, facts, list_journals::with_names};
use crate::{
    Grading,
    domain::clocks::Clocks,
    store::{
        journals::JournalFacts,
        lesson_cards,
        page::{cells_of_lessons, member_counts},
    },
};

const PERMISSION: &str = "grading.teacherDay.get";

#[derive(Clone, Copy, Default)]
struct Counts {
    marks: u32,
    absent: u32,
}

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: GetTeacherDayRequest,
) -> Result<GetTeacherDayResponse, Status> {
    let school: SchoolId = facts::id(&request.school_id, "School")?;
    let day = facts::day(&request.date, "date")?;
    let (user, person) = facts::employee(caller, PERMISSION)?;
    grading.cx.access.check(caller, PERMISSION, &Facts::own())?;
    // A session acts in one school: another one's day is nobody's.
    if user.school != Some(school) {
        return Err(status::not_found("School"));
    }

    let db = grading.cx.db.read();
    let known = facts::school(db, school).await?;
    let now = grading.now();
    let day = day.unwrap_or_else(|| known.zone.to_datetime(now).date());
    let cards = lesson_cards::of_person(db, school, person, &day.to_string())
        .await
        .map_err(status::from_db)?;
    if cards.is_empty() {
        return Ok(GetTeacherDayResponse {
            date: day.to_string(),
            lessons: Vec::new(),
        });
    }
    let ids: Vec<LessonId> = cards.iter().map(|card| card.lesson.id).collect();
    let mut journals: Vec<JournalId> = cards.iter().map(|card| card.lesson.journal).collect();
    journals.sort_unstable();
    journals.dedup();
    let found = facts::journals(grading, db, caller, &known, &journals).await?;
    let journals: HashMap<JournalId, JournalFacts> =
        found.into_iter().map(|f| (f.journal.id, f)).collect();
    let members = member_counts(db, school, &ids)
        .await
        .map_err(status::from_db)?;
    let mut counts: HashMap<LessonId, Counts> = HashMap::new();
    for (lesson, _, cell) in cells_of_lessons(db, school, &ids)
        .await
        .map_err(status::from_db)?
    {
        let count = counts.entry(lesson).or_default();
        count.marks += u32::try_from(cell.marks().count()).unwrap_or(0);
        count.absent += u32::from(cell.is_absent());
    }

    let lessons = cards.iter().map(|card| {
        let clocks = Clocks::of(&grading.policy, &card.lesson, &known.zone);
        let window = clocks.window(&card.lesson, now, &known.zone);
        let counted = counts.get(&card.lesson.id).copied().unwrap_or_default();
        TeacherLesson {
            lesson: Some(convert::column(card, clocks, window, true)),
            journal: journals.get(&card.lesson.journal).cloned().map(with_names),
            pupil_count: members.get(&card.lesson.id).copied().unwrap_or(0),
            mark_count: counted.marks,
            absent_count: counted.absent,
            room: card.room.clone(),
        }
    });
    Ok(GetTeacherDayResponse {
        date: day.to_string(),
        lessons: lessons.collect(),
    })
}
