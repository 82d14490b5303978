//! ListLessons: staff of the school and other systems read the dated lessons of
//! at most 31 days, all of them or of a class or a teacher.

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::service::Cx;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, convert};
use crate::store::lessons::{self, LessonFilter, LessonKey};

/// Longest range, days.
const MOST_DAYS: i32 = 31;

struct Command {
    school: SchoolId,
    wanted: LessonFilter,
    size: u64,
    filter: PageFilter,
    after: Option<LessonKey>,
}

impl TryFrom<&pb::ListLessonsRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::ListLessonsRequest) -> Result<Self, Status> {
        checked(request)?;
        let wanted = LessonFilter {
            from: parse::date("from", &request.from)?,
            to: parse::date("to", &request.to)?,
            class: parse::optional_id("classId", &request.class_id)?,
            groups: None,
            teacher: parse::optional_id("teacherId", &request.teacher_id)?,
            only_changed: request.only_changed,
        };
        let days = (wanted.to - wanted.from).get_days() + 1;
        if days < 1 {
            return Err(status::invalid_field(
                "to",
                "REVERSED",
                "последний день раньше первого",
            ));
        }
        if days > MOST_DAYS {
            return Err(status::invalid_field(
                "to",
                "RANGE_TOO_LONG",
                "не больше 31 дня",
            ));
        }
        let filter = PageFilter::of("ListLessons")
            .and(&request.school_id)
            .and(&request.from)
            .and(&request.to)
            .and(&request.class_id)
            .and(&request.teacher_id)
            .and(if request.only_changed { "changed" } else { "" });
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            wanted,
            size: page::size(request.page_size)?,
            after: page::decode(&request.page_token, &filter)?,
            filter,
        })
    }
}

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::ListLessonsRequest>,
) -> Answer<pb::ListLessonsResponse> {
    let caller = caller::of(&request)?;
    let Command {
        school,
        wanted,
        size,
        filter,
        after,
    } = Command::try_from(request.get_ref())?;
    let scope = cx
        .access
        .check(caller, "schedule.lessons.list", &Facts::school(school))?;
    let school = parse::school(&scope)?;

    let mut rows = lessons::list(cx.db.read(), school, &wanted, after, size + 1)
        .await
        .map_err(status::from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, lessons::key_of)?;
    let lessons = rows
        .iter()
        .map(|view| convert::lesson(school.id(), view))
        .collect();
    Ok(Response::new(pb::ListLessonsResponse {
        lessons,
        next_page_token,
    }))
}

#[cfg(test)]
mod tests;
