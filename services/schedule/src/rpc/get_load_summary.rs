//! GetLoadSummary: hours of teachers and of classes on a day, the latter beside the curriculum.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chassis::access::Facts;
use chassis::service::Cx;
use chassis::{caller, status};
use jiff::civil::Date;
use tonic::{Request, Response, Status};
use zhurnal_proto::id::{ClassId, GroupId, SchoolId, StudyDocumentId, SubjectId};
use zhurnal_proto::schedule::v1 as pb;

use super::Answer;
use super::parse::{self, checked};
use super::study_document::{Shelf, wanted_year};
use crate::domain::load::summary::{self, Class, Curriculum, Hours, SubjectSum};
use crate::domain::study_document::{Kind, approved, newest};
use crate::domain::timetable::conflicts::{Ground, Group};
use crate::store::ground::{Titles, ground, titles};
use crate::store::{School, roster_copy, study_documents};

pub(super) async fn handle(
    cx: &Cx,
    request: Request<pb::GetLoadSummaryRequest>,
) -> Answer<pb::GetLoadSummaryResponse> {
    let caller = caller::of(&request)?;
    let message = request.get_ref();
    checked(message)?;
    let school: SchoolId = parse::id("schoolId", &message.school_id)?;
    let facts = Facts::school(school);
    let scope = cx
        .access
        .check(caller, "schedule.loadSummaries.get", &facts)?;
    let school = parse::school(&scope)?;

    let Some(year) = wanted_year(cx, school, &message.academic_year).await? else {
        return Ok(Response::new(pb::GetLoadSummaryResponse::default()));
    };
    let conn = cx.db.read();
    let shelf = Shelf::of(cx, conn, school, year).await?;
    let day = match message.date.as_str() {
        "" => shelf.today.min(shelf.year.year.last_day()),
        text => parse::date("date", text)?,
    };
    let facts = Look::at(cx, &shelf, day).await?;
    Ok(Response::new(pb::GetLoadSummaryResponse {
        teachers: facts.teachers(),
        classes: facts.classes(),
        curriculum_id: facts
            .curriculum_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
    }))
}

/// What the sums are made of.
struct Look {
    ground: Ground,
    titles: Titles,
    class_titles: HashMap<ClassId, String>,
    loads: Vec<Hours>,
    curriculum: Curriculum,
    curriculum_id: Option<StudyDocumentId>,
}

impl Look {
    async fn at(cx: &Cx, shelf: &Shelf, day: Date) -> Result<Self, Status> {
        let (conn, school) = (cx.db.read(), shelf.school);
        let ground = ground(conn, school, &shelf.year, day).await;
        let ground = ground.map_err(status::from_db)?;
        let titles = titles(conn, school, &shelf.year).await;
        let classes = roster_copy::class_titles(conn, school, shelf.year.year).await;
        let loads = ground
            .loads
            .iter()
            .map(|((group, subject, teacher), hours)| Hours {
                group: *group,
                subject: *subject,
                teacher: *teacher,
                hundredths: *hours,
            });
        let kind = Kind::Curriculum;
        let curriculum = approved(&shelf.all, kind).or_else(|| newest(&shelf.all, kind));
        let curriculum_id = curriculum.map(|one| one.id);
        Ok(Self {
            loads: loads.collect(),
            ground,
            titles: titles.map_err(status::from_db)?,
            class_titles: classes.map_err(status::from_db)?,
            curriculum: hours_of(cx, school, curriculum_id).await?,
            curriculum_id,
        })
    }

    fn teachers(&self) -> Vec<pb::TeacherHours> {
        let sums = summary::by_teacher(&self.loads).into_iter();
        let row = sums.map(|(teacher, sum)| pb::TeacherHours {
            teacher_id: teacher.to_string(),
            weekly_hours_hundredths: sum.hundredths,
            load_count: sum.loads,
        });
        row.collect()
    }

    fn classes(&self) -> Vec<pb::ClassHours> {
        let mut rows: Vec<_> = self
            .known()
            .values()
            .map(|class| self.class(class))
            .collect();
        rows.sort_by(|a, b| (a.grade, &a.title).cmp(&(b.grade, &b.title)));
        rows
    }

    fn class(&self, class: &Class) -> pb::ClassHours {
        let sums = summary::of_class(class, &self.loads, &self.curriculum);
        let total = |of: fn(&SubjectSum) -> u32| sums.values().map(of).sum();
        let mut subjects: Vec<_> = sums
            .iter()
            .map(|(id, sum)| self.subject(*id, *sum))
            .collect();
        subjects.sort_by(|a, b| a.subject_title.cmp(&b.subject_title));
        pb::ClassHours {
            class_id: class.id.to_string(),
            title: self
                .class_titles
                .get(&class.id)
                .cloned()
                .unwrap_or_default(),
            grade: class.grade.into(),
            curriculum_hours_hundredths: total(|sum| sum.curriculum),
            weekly_hours_hundredths: total(|sum| sum.most),
            subjects,
        }
    }

    fn subject(&self, id: SubjectId, sum: SubjectSum) -> pb::SubjectHours {
        pb::SubjectHours {
            subject_id: id.to_string(),
            subject_title: self.titles.subjects.get(&id).cloned().unwrap_or_default(),
            curriculum_hours_hundredths: sum.curriculum,
            least_hours_hundredths: sum.least,
            most_hours_hundredths: sum.most,
            missing_hours_hundredths: if self.curriculum_id.is_some() {
                sum.missing()
            } else {
                0
            },
            excess_hours_hundredths: if self.curriculum_id.is_some() {
                sum.excess()
            } else {
                0
            },
        }
    }

    /// Classes with their groups. A group of several classes is a part of each whose pupils
    /// are in it.
    fn known(&self) -> BTreeMap<ClassId, Class> {
        let mut classes: BTreeMap<ClassId, Class> = BTreeMap::new();
        for (id, group) in &self.ground.groups {
            if let Some(class) = group.class {
                let class = classes.entry(class).or_insert_with(|| empty(class, group));
                let side = if group.whole {
                    &mut class.whole
                } else {
                    &mut class.parts
                };
                side.insert(*id);
            }
        }
        let of_several = self
            .ground
            .groups
            .iter()
            .filter(|(_, group)| group.class.is_none());
        for (id, _) in of_several {
            for class in classes.values_mut() {
                if class.whole.iter().any(|whole| self.shares(*whole, *id)) {
                    class.parts.insert(*id);
                }
            }
        }
        classes
    }

    fn shares(&self, one: GroupId, other: GroupId) -> bool {
        self.ground
            .shared
            .contains(&(one.min(other), one.max(other)))
    }
}

fn empty(id: ClassId, group: &Group) -> Class {
    Class {
        id,
        grade: group.grade,
        whole: BTreeSet::new(),
        parts: BTreeSet::new(),
    }
}

async fn hours_of(
    cx: &Cx,
    school: School,
    curriculum: Option<StudyDocumentId>,
) -> Result<Curriculum, Status> {
    let Some(id) = curriculum else {
        return Ok(Curriculum::new());
    };
    let lines = study_documents::lines(cx.db.read(), school, id).await;
    let lines = lines.map_err(status::from_db)?.into_iter();
    let hours = lines.map(|line| ((line.grade, line.subject), line.weekly_hours_hundredths));
    Ok(hours.collect())
}

#[cfg(test)]
mod tests;
