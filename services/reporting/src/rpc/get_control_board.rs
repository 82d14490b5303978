//! GetControlBoard: deputies, the director and the administrator see in one call
//! what is not filled in, what is late, who has no marks (R88-R93).

use std::collections::BTreeMap;

use chassis::access::Facts;
use chassis::status::from_db;
use chassis::{caller, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::range::Wanted;
use super::{Answer, convert};
use crate::Shared;
use crate::domain::days::Days;
use crate::domain::pairs::{self, PairFigures};
use crate::freshness;
use crate::store::board::{self, LessonFigures, Share};
use crate::store::calendar;
use crate::store::copies::{self, ClassFact, Name};

struct Command {
    school: SchoolId,
    wanted: Wanted,
}

impl TryFrom<&pb::GetControlBoardRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::GetControlBoardRequest) -> Result<Self, Status> {
        checked(request)?;
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            wanted: Wanted::read(&request.from, &request.to)?,
        })
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::GetControlBoardRequest>,
) -> Answer<pb::GetControlBoardResponse> {
    let caller = caller::of(&request)?;
    let Command { school, wanted } = Command::try_from(request.get_ref())?;
    let scope =
        shared
            .cx
            .access
            .check(caller, "reporting.controlBoard.get", &Facts::school(school))?;
    let school = parse::school(&scope)?;

    let conn = shared.cx.db.read();
    // Asked before the figures: they are at least as fresh.
    let as_of = freshness::as_of(shared).await.map_err(from_db)?;
    let known = copies::school(conn, school)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("school"))?;
    let cut = shared.cut(&known.zone);
    let periods = calendar::periods(conn, school).await.map_err(from_db)?;
    let days = wanted.days(&periods, None, cut.today)?;
    let lessons = board::lessons(conn, school, days, cut)
        .await
        .map_err(from_db)?;
    let pairs = board::pairs(conn, school, None, days, cut)
        .await
        .map_err(from_db)?;
    let pairs = pairs::by_class(&pairs);
    let classes = copies::classes(conn, school).await.map_err(from_db)?;
    let teachers = by_teacher(&lessons);
    let names = copies::names(conn, school, teachers.keys().copied())
        .await
        .map_err(from_db)?;

    let mut board = summed(days, &lessons, &pairs);
    board.classes = class_figures(&classes, &lessons, &pairs);
    board.teachers = teacher_figures(teachers, |card| names.get(&card));
    board.as_of = as_of.map(convert::timestamp);
    Ok(Response::new(pb::GetControlBoardResponse {
        board: Some(board),
    }))
}

/// The whole school.
fn summed(
    days: Days,
    lessons: &[Share],
    pairs: &BTreeMap<ClassId, PairFigures>,
) -> pb::ControlBoard {
    let mut all = LessonFigures::default();
    lessons.iter().for_each(|share| all += share.figures);
    let mut all_pairs = PairFigures::default();
    pairs.values().for_each(|class| all_pairs += *class);
    pb::ControlBoard {
        from: days.from().to_string(),
        to: days.to().to_string(),
        school: Some(figures(all, all_pairs)),
        ..Default::default()
    }
}

fn by_teacher(lessons: &[Share]) -> BTreeMap<PersonId, LessonFigures> {
    let mut teachers: BTreeMap<PersonId, LessonFigures> = BTreeMap::new();
    for share in lessons {
        if let Some(teacher) = share.teacher {
            *teachers.entry(teacher).or_default() += share.figures;
        }
    }
    teachers
}

/// Classes by grade and letter; those without lessons and pupils are left out.
fn class_figures(
    classes: &[ClassFact],
    lessons: &[Share],
    pairs: &BTreeMap<ClassId, PairFigures>,
) -> Vec<pb::ClassFigures> {
    let mut by_class: BTreeMap<ClassId, LessonFigures> = BTreeMap::new();
    for share in lessons {
        if let Some(class) = share.class {
            *by_class.entry(class).or_default() += share.figures;
        }
    }
    let row = |class: &ClassFact| {
        let (lessons, own) = (by_class.get(&class.id), pairs.get(&class.id));
        (lessons.is_some() || own.is_some()).then(|| pb::ClassFigures {
            class_id: class.id.to_string(),
            class_title: class.title.clone(),
            figures: Some(figures(
                lessons.copied().unwrap_or_default(),
                own.copied().unwrap_or_default(),
            )),
        })
    };
    classes.iter().filter_map(row).collect()
}

/// Teachers by name.
fn teacher_figures<'a>(
    teachers: BTreeMap<PersonId, LessonFigures>,
    name: impl Fn(PersonId) -> Option<&'a Name>,
) -> Vec<pb::TeacherFigures> {
    let mut rows: Vec<(PersonId, LessonFigures)> = teachers.into_iter().collect();
    rows.sort_by_key(|(card, _)| (name(*card).map(|name| name.sort_key.clone()), *card));
    let row = |(card, own): (PersonId, LessonFigures)| pb::TeacherFigures {
        teacher_id: card.to_string(),
        name: name(card).map(convert::person_name),
        figures: Some(figures(own, PairFigures::default())),
    };
    rows.into_iter().map(row).collect()
}

fn figures(lessons: LessonFigures, pairs: PairFigures) -> pb::BoardFigures {
    pb::BoardFigures {
        lessons_due: lessons.due,
        lessons_recorded: lessons.recorded,
        lessons_unfilled: lessons.unfilled,
        lessons_late: lessons.late,
        lessons_without_homework: lessons.without_homework,
        pupil_subjects: pairs.pairs,
        without_marks: pairs.without_marks,
        with_one_mark: pairs.with_one_mark,
        marks: lessons.marks,
        absences: lessons.absences,
    }
}

#[cfg(test)]
mod tests;
