//! ListFreeTeachers: who of the school could stand in at a planned lesson (R115), for
//! those who may put a substitute there.

use std::collections::BTreeSet;

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{LessonId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, refused};
use crate::domain::free_teachers::{FreeTeacher, free_teachers};
use crate::domain::lesson::Lesson;
use crate::store::{School, lessons, loads, roster_copy};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListFreeTeachersRequest>,
) -> Answer<pb::ListFreeTeachersResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let lesson: LessonId = parse::id("lessonId", &message.lesson_id)?;
    let facts = Facts::object("Lesson", lesson, school);
    let scope = cx
        .access
        .check(caller, "schedule.freeTeachers.list", &facts)?;
    let school = parse::school(&scope)?;

    let found = lessons::find(cx.db.read(), school, lesson)
        .await
        .map_err(status::from_db)?;
    let lesson = found.ok_or_else(|| status::not_found("lesson"))?.lesson;
    let free = free(cx, school, &lesson).await?;
    let free_teachers = free.into_iter().map(convert).collect();
    Ok(Response::new(pb::ListFreeTeachersResponse {
        free_teachers,
    }))
}

async fn free(cx: &Cx, school: School, lesson: &Lesson) -> Result<Vec<FreeTeacher>, Status> {
    let (conn, day) = (cx.db.read(), lesson.slot.date);
    let of_day = lessons::of_day(conn, school, day)
        .await
        .map_err(status::from_db)?;
    let staff = roster_copy::staff_on(conn, school, day)
        .await
        .map_err(status::from_db)?;
    let loads = loads::teachers(conn, school)
        .await
        .map_err(status::from_db)?;
    let with_load: BTreeSet<PersonId> = loads.iter().map(|(teacher, _)| *teacher).collect();
    let teachers = staff
        .into_iter()
        .filter(|one| one.teaches || with_load.contains(&one.id))
        .map(|one| one.id)
        .collect();
    let of_subject = loads
        .into_iter()
        .filter(|(_, subject)| *subject == lesson.subject)
        .map(|(teacher, _)| teacher)
        .collect();
    free_teachers(lesson, &of_day, &teachers, &of_subject)
        .map_err(|refusal| refused::status(&refusal))
}

fn convert(free: FreeTeacher) -> pb::FreeTeacher {
    pb::FreeTeacher {
        teacher_id: free.id.to_string(),
        teaches_subject: free.teaches_subject,
        lesson_count: u32::try_from(free.lesson_count).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests;
