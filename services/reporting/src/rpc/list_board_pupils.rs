//! ListBoardPupils: the pupils × subjects behind one figure of the board, page by
//! page (R89, R90).

use chassis::access::Facts;
use chassis::looks::Subject;
use chassis::page::{self, PageFilter};
use chassis::status::from_db;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{ClassId, SchoolId};
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::range::Wanted;
use super::{Answer, convert};
use crate::Shared;
use crate::store::board_pupils::{self, BoardPupil, PairKey};
use crate::store::{calendar, copies};

struct Command {
    school: SchoolId,
    marks: u32,
    range: Wanted,
    class: Option<ClassId>,
    size: u64,
    filter: PageFilter,
    after: Option<PairKey>,
}

impl TryFrom<&pb::ListBoardPupilsRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::ListBoardPupilsRequest) -> Result<Self, Status> {
        checked(request)?;
        let marks = match request.figure() {
            pb::PupilFigure::WithoutMarks => 0,
            pb::PupilFigure::OneMark => 1,
            pb::PupilFigure::Unspecified => {
                return Err(status::invalid_field(
                    "figure",
                    "UNKNOWN",
                    "неизвестный показатель",
                ));
            }
        };
        let filter = PageFilter::of("ListBoardPupils")
            .and(&request.school_id)
            .and(request.figure.to_string())
            .and(&request.from)
            .and(&request.to)
            .and(&request.class_id);
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            marks,
            range: Wanted::read(&request.from, &request.to)?,
            class: parse::optional_id("classId", &request.class_id)?,
            size: page::size(request.page_size)?,
            after: page::decode(&request.page_token, &filter)?,
            filter,
        })
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::ListBoardPupilsRequest>,
) -> Answer<pb::ListBoardPupilsResponse> {
    let caller = caller::of(&request)?;
    let command = Command::try_from(request.get_ref())?;
    let facts = Facts::school(command.school);
    let scope = shared
        .cx
        .access
        .check(caller, "reporting.controlBoard.pupils", &facts)?;
    let school = parse::school(&scope)?;

    let conn = shared.cx.db.read();
    let known = copies::school(conn, school)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("school"))?;
    let cut = shared.cut(&known.zone);
    let periods = calendar::periods(conn, school).await.map_err(from_db)?;
    let Command {
        marks,
        class,
        size,
        filter,
        after,
        ..
    } = command;
    let days = command.range.days(&periods, None, cut.today)?;
    let wanted = board_pupils::Wanted { marks, days, class };
    let mut rows = board_pupils::list(conn, school, &wanted, cut, after, size + 1)
        .await
        .map_err(from_db)?;
    let next_page_token = page::cut(&mut rows, size, &filter, |row| row.key.clone())?;
    let seen = rows.iter().map(|row| Subject::Pupil(row.pupil));
    let looks = &shared.cx.looks;
    looks.note(caller, &facts, LookRecord::Board, seen);
    let pupils = rows.into_iter().map(pupil).collect();
    Ok(Response::new(pb::ListBoardPupilsResponse {
        pupils,
        next_page_token,
    }))
}

fn pupil(row: BoardPupil) -> pb::BoardPupil {
    pb::BoardPupil {
        pupil_id: row.pupil.to_string(),
        name: Some(convert::person_name(&row.name)),
        class_title: row.class_title,
        subject_title: row.subject_title,
        marks: row.marks,
    }
}

#[cfg(test)]
mod tests;
