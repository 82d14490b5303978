//! ListBoardLessons: the lessons behind one figure of the board, page by page.

use chassis::access::Facts;
use chassis::page::{self, PageFilter};
use chassis::status::from_db;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::range::Wanted;
use super::{Answer, convert};
use crate::Shared;
use crate::store::board_lessons::{self, BoardLesson, Figure, LessonKey};
use crate::store::{calendar, copies};

struct Command {
    school: SchoolId,
    figure: Figure,
    range: Wanted,
    class: Option<ClassId>,
    teacher: Option<PersonId>,
    size: u64,
    filter: PageFilter,
    after: Option<LessonKey>,
}

impl TryFrom<&pb::ListBoardLessonsRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::ListBoardLessonsRequest) -> Result<Self, Status> {
        checked(request)?;
        let figure = match request.figure() {
            pb::LessonFigure::Unfilled => Figure::Unfilled,
            pb::LessonFigure::Late => Figure::Late,
            pb::LessonFigure::WithoutHomework => Figure::WithoutHomework,
            pb::LessonFigure::WithoutMarks => Figure::WithoutMarks,
            pb::LessonFigure::Unspecified => {
                return Err(status::invalid_field(
                    "figure",
                    "UNKNOWN",
                    "неизвестный показатель",
                ));
            }
        };
        let filter = PageFilter::of("ListBoardLessons")
            .and(&request.school_id)
            .and(request.figure.to_string())
            .and(&request.from)
            .and(&request.to)
            .and(&request.class_id)
            .and(&request.teacher_id);
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            figure,
            range: Wanted::read(&request.from, &request.to)?,
            class: parse::optional_id("classId", &request.class_id)?,
            teacher: parse::optional_id("teacherId", &request.teacher_id)?,
            size: page::size(request.page_size)?,
            after: page::decode(&request.page_token, &filter)?,
            filter,
        })
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::ListBoardLessonsRequest>,
) -> Answer<pb::ListBoardLessonsResponse> {
    let caller = caller::of(&request)?;
    let command = Command::try_from(request.get_ref())?;
    let facts = Facts::school(command.school);
    let scope = shared
        .cx
        .access
        .check(caller, "reporting.controlBoard.lessons", &facts)?;
    let school = parse::school(&scope)?;

    let conn = shared.cx.db.read();
    let known = copies::school(conn, school)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("school"))?;
    let cut = shared.cut(&known.zone);
    let periods = calendar::periods(conn, school).await.map_err(from_db)?;
    let Command {
        figure,
        class,
        teacher,
        size,
        filter,
        after,
        ..
    } = command;
    let days = command.range.days(&periods, None, cut.today)?;
    let wanted = board_lessons::Wanted {
        figure,
        days,
        class,
        teacher,
    };
    let mut rows = board_lessons::list(conn, school, &wanted, cut, after, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, BoardLesson::key)?;
    let lessons = rows.into_iter().map(lesson).collect();
    Ok(Response::new(pb::ListBoardLessonsResponse {
        lessons,
        next_page_token,
    }))
}

fn lesson(row: BoardLesson) -> pb::BoardLesson {
    pb::BoardLesson {
        lesson_id: row.id.to_string(),
        journal_id: row
            .journal
            .map(|journal| journal.to_string())
            .unwrap_or_default(),
        date: row.date,
        lesson_number: row.number.try_into().unwrap_or_default(),
        group_title: row.group_title,
        subject_title: row.subject_title,
        teacher_name: row.teacher.as_ref().map(convert::person_name),
    }
}

#[cfg(test)]
mod tests;
