//! A rollover as answers show it: choices with titles and names, and what they do.

use std::collections::HashMap;

use chassis::status;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{ClassId, GroupId, OrderId, PersonId};
use zhurnal_proto::roster::v1 as pb;

use super::convert;
use crate::Roster;
use crate::domain::record::{self, Name};
use crate::domain::rollover::{
    Carry, GroupPassage, NextClass, Obstacle, Outcome, Passing, Plan, PupilPassage, catch_up, pass,
};
use crate::domain::school_import::value::{AcademicYear, Value};
use crate::rollover::{Ground, load};
use crate::store::rollovers::{Counts, Kept};
use crate::store::{School, orders};

/// Most obstacles of an answer.
const OBSTACLES: usize = 200;

/// The present year of a school.
pub(super) fn year_of(school: &record::School) -> Result<AcademicYear, Status> {
    year("academicYear", &school.academic_year)
}

/// A year that a request names.
pub(super) fn year(field: &str, text: &str) -> Result<AcademicYear, Status> {
    AcademicYear::parse(text)
        .map_err(|_| status::invalid_field(field, "YEAR", "Учебный год в виде 2026/2027"))
}

/// A draft with what it would do now.
pub(super) async fn draft(
    roster: &Roster,
    conn: &impl ConnectionTrait,
    at: (School, &record::School),
    plan: Option<(&Plan, i64)>,
) -> Result<pb::Rollover, Status> {
    let (_, found) = at;
    let year = year_of(found)?;
    let today = roster.today(&found.time_zone);
    let ground = load(conn, at, year, today).await.map_err(status::from_db)?;
    let mut new_id = || roster.cx.ids.uuid();
    let (plan, etag) = match plan {
        Some((plan, version)) => {
            let mut plan = plan.clone();
            catch_up(&mut plan, &ground.facts, &mut new_id);
            (plan, chassis::etag::of(version))
        }
        None => {
            let plan = crate::domain::rollover::draft(&ground.facts, &mut new_id);
            (plan, String::new())
        }
    };
    let passing = pass(&plan, &ground.facts);
    let first_day = ground.facts.first_day();
    let view = View {
        plan: &plan,
        ground: &ground,
        passing: &passing,
    };
    let obstacles = passing.obstacles.iter().take(OBSTACLES);
    Ok(pb::Rollover {
        school_id: found.id.to_string(),
        academic_year: found.academic_year.clone(),
        next_academic_year: ground.facts.next_year(),
        state: pb::RolloverState::Draft.into(),
        plan: Some(view.plan()),
        diff: Some(diff(&view.counts())),
        obstacles: obstacles.map(|one| view.obstacle(one)).collect(),
        first_day: first_day.to_string(),
        etag,
        ..Default::default()
    })
}

/// An applied one.
pub(super) async fn applied(
    conn: &impl ConnectionTrait,
    (school, found): (School, &record::School),
    kept: &Kept,
) -> Result<pb::Rollover, Status> {
    let Some(applied) = kept.applied else {
        return Err(status::internal(anyhow::anyhow!("a draft is not applied")));
    };
    let ids: Vec<OrderId> = [applied.promotion, applied.graduation]
        .into_iter()
        .flatten()
        .collect();
    let numbers = orders::numbers_of(conn, school, &ids)
        .await
        .map_err(status::from_db)?;
    let number = |id: Option<OrderId>| id.and_then(|id| numbers.get(&id)).cloned();
    let id = |id: Option<OrderId>| id.map(|id| id.to_string()).unwrap_or_default();
    let years = |begins: i16| format!("{begins}/{}", begins + 1);
    let next = years(kept.year + 1);
    Ok(pb::Rollover {
        school_id: found.id.to_string(),
        academic_year: years(kept.year),
        first_day: year("academicYear", &next)?.first_day().to_string(),
        next_academic_year: next,
        state: pb::RolloverState::Applied.into(),
        plan: Some(bare(&kept.plan)),
        diff: Some(diff(&applied.counts)),
        obstacles: Vec::new(),
        applied_at: Some(convert::stored(applied.at_us)),
        promotion_order_id: id(applied.promotion),
        promotion_number: number(applied.promotion).unwrap_or_default(),
        graduation_order_id: id(applied.graduation),
        graduation_number: number(applied.graduation).unwrap_or_default(),
        etag: chassis::etag::of(kept.version),
    })
}

struct View<'a> {
    plan: &'a Plan,
    ground: &'a Ground,
    passing: &'a Passing,
}

impl View<'_> {
    fn name(&self, card: PersonId) -> Option<&Name> {
        self.ground.names.get(&card)
    }

    fn obstacle(&self, one: &Obstacle) -> pb::RolloverObstacle {
        let name = one.pupil.and_then(|pupil| self.name(pupil));
        pb::RolloverObstacle {
            rule: one.rule.to_owned(),
            about: one.about.clone(),
            pupil_name: name.map(convert::name),
            message: one.message.to_owned(),
        }
    }

    fn counts(&self) -> Counts {
        let of = |wanted: fn(Outcome) -> bool| {
            let pupils = self.passing.pupils.iter();
            count(pupils.filter(|one| wanted(one.outcome)).count())
        };
        Counts {
            promoted: of(|one| matches!(one, Outcome::Promoted(_))),
            staying: of(|one| matches!(one, Outcome::Stays(_))),
            graduating: of(|one| one == Outcome::Graduates),
            classes: count(self.passing.classes.len()),
            groups: count(self.passing.groups.len()),
            opened: count(self.passing.joined.len()),
            ended: count(self.passing.left.len() + self.passing.removed.len()),
        }
    }

    fn plan(&self) -> pb::RolloverPlan {
        let mut shown = bare(self.plan);
        let mut coming: HashMap<ClassId, (u32, u32)> = HashMap::new();
        for one in &self.passing.pupils {
            if let Some(class) = one.outcome.class() {
                let counts = coming.entry(class).or_default();
                counts.0 += 1;
                counts.1 += u32::from(matches!(one.outcome, Outcome::Stays(_)));
            }
        }
        for (shown, class) in shown.next_classes.iter_mut().zip(&self.plan.next_classes) {
            let teacher = class.class_teacher_id.and_then(|id| self.name(id));
            shown.class_teacher_name = teacher.map(convert::name);
            (shown.pupil_count, shown.staying_count) =
                coming.get(&class.id).copied().unwrap_or_default();
        }
        let facts = &self.ground.facts;
        let mut sizes: HashMap<ClassId, u32> = HashMap::new();
        for one in &facts.enrolments {
            *sizes.entry(one.class_id).or_default() += 1;
        }
        // In the order of the school's list.
        let passages: HashMap<ClassId, Option<ClassId>> = self
            .plan
            .classes
            .iter()
            .map(|one| (one.class, one.next))
            .collect();
        shown.classes = facts
            .classes
            .iter()
            .map(|class| pb::ClassPassage {
                class_id: class.id.to_string(),
                next_class_id: optional(passages.get(&class.id).copied().flatten()),
                title: class.title.clone(),
                grade: class.grade.into(),
                pupil_count: sizes.get(&class.id).copied().unwrap_or(0),
            })
            .collect();
        shown.pupils = self.plan.pupils.iter().map(|one| self.pupil(one)).collect();
        let mut members: HashMap<GroupId, u32> = HashMap::new();
        let last = facts.year.last_day();
        let open = facts
            .memberships
            .iter()
            .filter(|one| one.ends_on.is_none_or(|day| day >= last.min(facts.today)));
        for one in open {
            *members.entry(one.group_id).or_default() += 1;
        }
        let mut next_members: HashMap<GroupId, u32> = HashMap::new();
        for one in &self.passing.joined {
            *next_members.entry(one.group_id).or_default() += 1;
        }
        let passages: HashMap<GroupId, &GroupPassage> = self
            .plan
            .groups
            .iter()
            .map(|one| (one.group, one))
            .collect();
        let of_plan = facts
            .groups
            .iter()
            .filter_map(|group| Some((group, *passages.get(&group.id)?)));
        shown.groups = of_plan
            .map(|(group, passage)| {
                let next = self.passing.carried.get(&group.id);
                pb::GroupPassage {
                    title: group.title.clone(),
                    kind: convert::group_kind(group.kind).into(),
                    next_title: next.map(|next| next.title.clone()).unwrap_or_default(),
                    member_count: members.get(&group.id).copied().unwrap_or(0),
                    next_member_count: next_members.get(&passage.next).copied().unwrap_or(0),
                    ..bare_group(passage)
                }
            })
            .collect();
        shown
    }

    fn pupil(&self, one: &PupilPassage) -> pb::PupilPassage {
        let facts = &self.ground.facts;
        let enrolled = facts.enrolments.iter().find(|e| e.pupil_id == one.pupil);
        let class = enrolled.and_then(|e| facts.classes.iter().find(|c| c.id == e.class_id));
        let passed = self.passing.pupils.iter();
        let outcome = passed
            .filter(|passed| passed.enrolment.pupil_id == one.pupil)
            .map(|passed| match passed.outcome {
                Outcome::Promoted(_) => pb::PupilOutcome::Promoted,
                Outcome::Stays(_) => pb::PupilOutcome::Stays,
                Outcome::Graduates => pb::PupilOutcome::Graduates,
            })
            .next();
        pb::PupilPassage {
            name: self.name(one.pupil).map(convert::name),
            class_title: class.map(|class| class.title.clone()).unwrap_or_default(),
            outcome: outcome.unwrap_or_default().into(),
            ..bare_pupil(one)
        }
    }
}

/// The choices alone.
fn bare(plan: &Plan) -> pb::RolloverPlan {
    pb::RolloverPlan {
        next_classes: plan.next_classes.iter().map(next_class).collect(),
        classes: plan
            .classes
            .iter()
            .map(|one| pb::ClassPassage {
                class_id: one.class.to_string(),
                next_class_id: optional(one.next),
                ..Default::default()
            })
            .collect(),
        pupils: plan.pupils.iter().map(bare_pupil).collect(),
        groups: plan.groups.iter().map(bare_group).collect(),
        graduates_until: plan.graduates_until.to_string(),
    }
}

fn next_class(one: &NextClass) -> pb::NextClass {
    let teacher = one.class_teacher_id.as_ref();
    pb::NextClass {
        class_id: one.id.to_string(),
        grade: one.grade.into(),
        letter: one.letter.clone(),
        shift: one.shift.into(),
        class_teacher_id: teacher.map(PersonId::to_string).unwrap_or_default(),
        title: one.title(),
        ..Default::default()
    }
}

fn bare_pupil(one: &PupilPassage) -> pb::PupilPassage {
    pb::PupilPassage {
        pupil_id: one.pupil.to_string(),
        next_class_id: optional(one.next),
        ..Default::default()
    }
}

fn bare_group(one: &GroupPassage) -> pb::GroupPassage {
    let carry = match one.carry {
        Carry::Not => pb::GroupCarry::Not,
        Carry::Empty => pb::GroupCarry::Empty,
        Carry::WithMembers => pb::GroupCarry::WithMembers,
    };
    pb::GroupPassage {
        group_id: one.group.to_string(),
        carry: carry.into(),
        ..Default::default()
    }
}

fn optional(class: Option<ClassId>) -> String {
    class.map(|id| id.to_string()).unwrap_or_default()
}

fn diff(counts: &Counts) -> pb::RolloverDiff {
    pb::RolloverDiff {
        promoted: counts.promoted,
        staying: counts.staying,
        graduating: counts.graduating,
        classes_made: counts.classes,
        groups_made: counts.groups,
        memberships_opened: counts.opened,
        memberships_ended: counts.ended,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
