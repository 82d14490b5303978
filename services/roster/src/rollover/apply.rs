//! Applying: the year is closed and the next opened by orders, in one transaction.

use std::collections::{HashMap, HashSet};

use chassis::db::UnitOfWork;
use jiff::civil::Date;
use sea_orm::DbErr;
use uuid::Uuid;
use zhurnal_proto::id::{EnrolmentId, OrderId, PersonId};

use super::Words;
use crate::Roster;
use crate::announce::{self, Moved};
use crate::domain::orders::{Act, Effect, Effects, Entry, Order, OrderKind};
use crate::domain::record::{Enrolment, GroupMembership};
use crate::domain::rollover::{Facts, Outcome, Passed, Passing};
use crate::store::orders::{self, Kept as KeptOrder};
use crate::store::registries::Change;
use crate::store::rollovers::{self, Applied, Counts, Kept};
use crate::store::{School, classes, groups, order_effects, pupils, schools};

/// Numbers of the two orders.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    /// Of promotion.
    pub promotion: String,
    /// Of graduation.
    pub graduation: String,
}

/// Applies a plan that nothing is in the way of, in a book that is held.
pub(crate) async fn apply(
    roster: &Roster,
    uow: &mut UnitOfWork,
    school: School,
    (kept, facts, passing): (Kept, &Facts, &Passing),
    (words, numbers): (&Words, Numbers),
    change: &Change,
) -> Result<Kept, DbErr> {
    let conn = uow.conn();
    let Some(now) = schools::set_year(conn, school, &facts.next_year()).await? else {
        return Err(DbErr::RecordNotFound("school".to_owned()));
    };
    classes::add(conn, school, &passing.classes).await?;
    groups::add(conn, school, &passing.groups).await?;
    let (graduating, going_on): (Vec<&Passed>, Vec<&Passed>) = passing
        .pupils
        .iter()
        .partition(|one| one.outcome == Outcome::Graduates);
    let mut moved = Moved::default();
    let mut work = Work {
        roster,
        school,
        facts,
        passing,
        words,
        change,
        moved: &mut moved,
    };
    let promotion = (OrderKind::Promotion, numbers.promotion);
    let promotion = work.post(uow, promotion, &going_on).await?;
    let graduation = (OrderKind::Graduation, numbers.graduation);
    let graduation = work.post(uow, graduation, &graduating).await?;
    let conn = uow.conn();
    let staying = going_on
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::Stays(_)));
    let staying = staying.count();
    let applied = Applied {
        at_us: chassis::db::micros(change.at),
        promotion,
        graduation,
        counts: Counts {
            promoted: count(going_on.len() - staying),
            staying: count(staying),
            graduating: count(graduating.len()),
            ..counts(passing)
        },
    };
    let kept = Kept {
        applied: Some(applied),
        version: kept.version + 1,
        ..kept
    };
    // The plan too: groups that came after it was saved have joined it.
    rollovers::put(conn, school, &kept, change).await?;
    let made = (passing.classes.as_slice(), passing.groups.as_slice());
    announce::year_opened(uow, change.at, &now, made, &moved);
    Ok(kept)
}

fn counts(passing: &Passing) -> Counts {
    Counts {
        classes: count(passing.classes.len()),
        groups: count(passing.groups.len()),
        opened: count(passing.joined.len()),
        ended: count(passing.left.len() + passing.removed.len()),
        ..Counts::default()
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

struct Work<'a> {
    roster: &'a Roster,
    school: School,
    facts: &'a Facts,
    passing: &'a Passing,
    words: &'a Words,
    change: &'a Change,
    moved: &'a mut Moved,
}

impl Work<'_> {
    /// One posted order over these pupils, with everything that it does; none over nobody.
    async fn post(
        &mut self,
        uow: &UnitOfWork,
        (kind, number): (OrderKind, String),
        passed: &[&Passed],
    ) -> Result<Option<OrderId>, DbErr> {
        let Some(first) = passed.first() else {
            return Ok(None);
        };
        let conn = uow.conn();
        let order = Order {
            id: OrderId::from_uuid(self.roster.cx.ids.uuid()),
            number,
            date: self.words.date,
            kind,
            effective_on: first.last_day.tomorrow().unwrap_or(first.last_day),
            basis: self.words.basis.clone(),
            pupils: passed.iter().map(|one| entry(one)).collect(),
        };
        let id = order.id;
        let seq = orders::next_seq(conn, self.school).await?;
        let kept = KeptOrder::draft(order, self.facts.year.starts_in());
        let kept = kept.posted(self.change.at, seq);
        orders::add(conn, self.school, &kept, self.change).await?;
        let mut effects = self.enrolments(uow, id, passed).await?;
        effects.extend(self.memberships(uow, passed).await?);
        order_effects::add(conn, self.school, id, &effects).await?;
        Ok(Some(id))
    }

    async fn enrolments(
        &mut self,
        uow: &UnitOfWork,
        order: OrderId,
        passed: &[&Passed],
    ) -> Result<Effects, DbErr> {
        let conn = uow.conn();
        let mut effects = Effects::new();
        let (mut ended, mut opened) = (Vec::new(), Vec::new());
        for one in passed {
            let left = Enrolment {
                ends_on: Some(one.last_day),
                ..one.enrolment.clone()
            };
            effects.push(of_enrolment(Act::EnrolmentEnded, &left));
            if let Some(class) = one.outcome.class() {
                let entered = Enrolment {
                    id: EnrolmentId::from_uuid(self.roster.cx.ids.uuid()),
                    class_id: class,
                    starts_on: self.facts.first_day(),
                    ends_on: None,
                    order_id: order,
                    ..one.enrolment.clone()
                };
                effects.push(of_enrolment(Act::EnrolmentAdded, &entered));
                opened.push(entered);
            }
            ended.push(left);
        }
        pupils::put_all(conn, self.school, &ended).await?;
        pupils::enrol(conn, self.school, &opened).await?;
        self.moved.enrolments.extend(ended);
        self.moved.enrolments.extend(opened);
        Ok(effects)
    }

    async fn memberships(
        &mut self,
        uow: &UnitOfWork,
        passed: &[&Passed],
    ) -> Result<Effects, DbErr> {
        let conn = uow.conn();
        let own: HashSet<PersonId> = passed.iter().map(|one| one.enrolment.pupil_id).collect();
        let mut effects = Effects::new();
        let mut ended = Vec::new();
        for (one, was) in &self.passing.left {
            if own.contains(&one.pupil_id) {
                effects.push(of_membership(Act::MembershipEnded, one, *was, one.ends_on));
                ended.push(one.clone());
            }
        }
        groups::put_all(conn, self.school, &ended).await?;
        for one in &self.passing.removed {
            if own.contains(&one.pupil_id) {
                effects.push(of_membership(
                    Act::MembershipRemoved,
                    one,
                    one.ends_on,
                    None,
                ));
                groups::remove(conn, self.school, one).await?;
                ended.push(GroupMembership {
                    ends_on: Some(announce::NEVER),
                    ..one.clone()
                });
            }
        }
        let joined: Vec<GroupMembership> = self
            .passing
            .joined
            .iter()
            .filter(|one| own.contains(&one.pupil_id))
            .cloned()
            .collect();
        let opened = joined.iter();
        effects.extend(opened.map(|one| of_membership(Act::MembershipAdded, one, None, None)));
        groups::join(conn, self.school, &joined).await?;
        self.moved.memberships.extend(ended);
        self.moved.memberships.extend(joined);
        Ok(effects)
    }
}

fn of_enrolment(act: Act, one: &Enrolment) -> Effect {
    Effect {
        act,
        pupil: one.pupil_id,
        record: one.id.uuid(),
        starts_on: one.starts_on,
        was: None,
        now: one.ends_on,
    }
}

fn of_membership(act: Act, one: &GroupMembership, was: Option<Date>, now: Option<Date>) -> Effect {
    Effect {
        act,
        pupil: one.pupil_id,
        record: one.group_id.uuid(),
        starts_on: one.starts_on,
        was,
        now,
    }
}

fn entry(passed: &Passed) -> Entry {
    let reason = match (passed.outcome, passed.grade) {
        (Outcome::Promoted(_), _) => "",
        (Outcome::Stays(_), _) => "Оставлен на повторное обучение",
        (Outcome::Graduates, 9) => "Получение основного общего образования",
        (Outcome::Graduates, _) => "Получение среднего общего образования",
    };
    Entry {
        class: passed.outcome.class(),
        form: passed.enrolment.form,
        reason: reason.to_owned(),
        ..Entry::of(passed.enrolment.pupil_id)
    }
}

/// Effects by pupil and record, to look at what is there now.
pub(super) type Key = (PersonId, Uuid, Date);

/// What is there now under the keys of effects.
pub(super) fn by_key<T>(
    records: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> Key,
) -> HashMap<Key, T> {
    records.into_iter().map(|one| (key(&one), one)).collect()
}
