//! Undoing: everything is again as it was before the year was opened, as long as every
//! record is as the orders left it.

use std::collections::HashSet;

use chassis::db::UnitOfWork;
use sea_orm::{ConnectionTrait, DbErr};
use zhurnal_proto::id::{ClassId, GroupId, OrderId, PersonId};

use super::Words;
use super::apply::by_key;
use crate::Roster;
use crate::announce::{self, Moved, NEVER};
use crate::domain::orders::{Act, Effects, OrderKind, OrderState, next_number, prefix};
use crate::domain::record::{Enrolment, Group, GroupMembership};
use crate::orders::{Reversal, Stays, reversing};
use crate::store::orders::{self, Kept as KeptOrder};
use crate::store::registries::Change;
use crate::store::rollovers::{self, Applied, Kept};
use crate::store::{School, classes, groups, order_effects, pupils, schools};

/// Takes an applied rollover of a book that is held back; `year` is the closed one.
pub(crate) async fn undo(
    roster: &Roster,
    uow: &mut UnitOfWork,
    (school, year): (School, &str),
    (kept, applied): (Kept, Applied),
    words: &Words,
    change: &Change,
) -> Result<Result<Kept, Stays>, DbErr> {
    let conn = uow.conn();
    let mut posted = Vec::new();
    let mut effects = Effects::new();
    for id in [applied.promotion, applied.graduation]
        .into_iter()
        .flatten()
    {
        effects.extend(order_effects::of(conn, school, id).await?);
        posted.extend(orders::get(conn, school, id).await?);
    }
    let (new_classes, new_groups) = made(conn, school, &kept).await?;
    let found = match way_back(
        uow,
        school,
        (&posted, &effects),
        (&new_classes, &new_groups),
    )
    .await?
    {
        Ok(found) => found,
        Err(stays) => return Ok(Err(stays)),
    };
    let Back {
        moved,
        enrolments,
        memberships,
    } = found;
    let conn = uow.conn();
    pupils::leave_classes(conn, school, &new_classes).await?;
    pupils::put_all(conn, school, &enrolments).await?;
    groups::remove_groups(conn, school, &new_groups).await?;
    groups::put_all(conn, school, &memberships).await?;
    classes::remove(conn, school, &new_classes).await?;
    for order in posted {
        reverse(roster, uow, school, (order, kept.year), words, change).await?;
    }
    let conn = uow.conn();
    let Some(now) = schools::set_year(conn, school, year).await? else {
        return Err(DbErr::RecordNotFound("school".to_owned()));
    };
    let kept = Kept {
        applied: None,
        version: kept.version + 1,
        ..kept
    };
    rollovers::put_state(conn, school, &kept, change).await?;
    announce::year_withdrawn(uow, change.at, &now, (&new_classes, &new_groups), &moved);
    Ok(Ok(kept))
}

/// Classes and groups that the rollover made: those of the plan that are there.
async fn made(
    conn: &impl ConnectionTrait,
    school: School,
    kept: &Kept,
) -> Result<(Vec<ClassId>, Vec<GroupId>), DbErr> {
    let classes: Vec<ClassId> = kept.plan.next_classes.iter().map(|one| one.id).collect();
    let planned: HashSet<_> = kept
        .plan
        .next_classes
        .iter()
        .map(|one| one.group.uuid())
        .chain(kept.plan.groups.iter().map(|one| one.next.uuid()))
        .collect();
    let groups = groups::all(conn, school).await?.into_iter();
    let groups = groups.filter(|one| planned.contains(&one.id.uuid()));
    Ok((classes, groups.map(|one| one.id).collect()))
}

/// What goes back to where it was.
#[derive(Default)]
struct Back {
    moved: Moved,
    enrolments: Vec<Enrolment>,
    memberships: Vec<GroupMembership>,
}

/// The records as they were, or why they stay as they are.
async fn way_back(
    uow: &UnitOfWork,
    school: School,
    (posted, effects): (&[KeptOrder], &Effects),
    (new_classes, new_groups): (&[ClassId], &[GroupId]),
) -> Result<Result<Back, Stays>, DbErr> {
    let conn = uow.conn();
    let named: Vec<PersonId> = posted
        .iter()
        .flat_map(|one| &one.order.pupils)
        .filter_map(|one| one.pupil)
        .collect();
    let last = posted.iter().map(|one| one.posted_seq).max().unwrap_or(0);
    let later = orders::later(conn, school, last, &named).await?;
    if !later.is_empty() {
        return Ok(Err(Stays::LaterOrders(later)));
    }
    let mut enrolments = by_key(
        pupils::enrolments_of(conn, school, &named).await?,
        |one: &Enrolment| (one.pupil_id, one.id.uuid(), one.starts_on),
    );
    let mut memberships = by_key(
        groups::memberships(conn, school, &named).await?,
        |one: &GroupMembership| (one.pupil_id, one.group_id.uuid(), one.starts_on),
    );
    let mut back = Back::default();
    let mut opened = (HashSet::new(), 0);
    for effect in effects.iter().rev() {
        let key = (effect.pupil, effect.record, effect.starts_on);
        match effect.act {
            Act::EnrolmentAdded | Act::EnrolmentEnded => {
                let found = enrolments
                    .remove(&key)
                    .filter(|one| one.ends_on == effect.now);
                let Some(mut one) = found else {
                    return Ok(Err(Stays::RecordsChanged));
                };
                if effect.act == Act::EnrolmentAdded {
                    opened.0.insert(one.id);
                    one.ends_on = Some(NEVER);
                } else {
                    one.ends_on = effect.was;
                    back.enrolments.push(one.clone());
                }
                back.moved.enrolments.push(one);
            }
            Act::MembershipAdded | Act::MembershipEnded => {
                let found = memberships
                    .remove(&key)
                    .filter(|one| one.ends_on == effect.now);
                let Some(mut one) = found else {
                    return Ok(Err(Stays::RecordsChanged));
                };
                if effect.act == Act::MembershipAdded {
                    opened.1 += 1;
                    one.ends_on = Some(NEVER);
                } else {
                    one.ends_on = effect.was;
                    back.memberships.push(one.clone());
                }
                back.moved.memberships.push(one);
            }
            Act::MembershipRemoved => {
                let one = GroupMembership {
                    group_id: GroupId::from_uuid(effect.record),
                    pupil_id: effect.pupil,
                    starts_on: effect.starts_on,
                    ends_on: effect.was,
                };
                if memberships.contains_key(&key) {
                    return Ok(Err(Stays::RecordsChanged));
                }
                back.memberships.push(one.clone());
                back.moved.memberships.push(one);
            }
            // Orders of a rollover make neither cards nor links.
            Act::CardAdded | Act::GuardianLinkAdded => return Ok(Err(Stays::RecordsChanged)),
        }
    }
    let strangers = pupils::enrolments_in(conn, school, new_classes).await?;
    let strangers: Vec<OrderId> = strangers
        .into_iter()
        .filter(|one| !opened.0.contains(&one.id))
        .map(|one| one.order_id)
        .collect();
    if !strangers.is_empty() {
        let numbers = orders::numbers_of(conn, school, &strangers).await?;
        let mut numbers: Vec<String> = numbers.into_values().collect();
        numbers.sort();
        return Ok(Err(Stays::LaterOrders(numbers)));
    }
    if is_another_of_the_year(&groups::all(conn, school).await?, new_groups) {
        return Ok(Err(Stays::RecordsChanged));
    }
    if groups::memberships_in(conn, school, new_groups)
        .await?
        .len()
        != opened.1
    {
        return Ok(Err(Stays::RecordsChanged));
    }
    Ok(Ok(back))
}

/// Whether somebody has made a group in the new year beside those of the rollover.
fn is_another_of_the_year(groups: &[Group], new_groups: &[GroupId]) -> bool {
    let of_rollover = |one: &&Group| new_groups.contains(&one.id);
    let year = groups.iter().find(of_rollover);
    year.is_some_and(|of| {
        let of_year = |one: &&Group| one.academic_year == of.academic_year;
        groups.iter().filter(of_year).any(|one| !of_rollover(&one))
    })
}

/// Another order takes one of the rollover back.
async fn reverse(
    roster: &Roster,
    uow: &UnitOfWork,
    school: School,
    (posted, year): (KeptOrder, i16),
    words: &Words,
    change: &Change,
) -> Result<(), DbErr> {
    let conn = uow.conn();
    let kind = OrderKind::Reversal;
    let taken = orders::numbers(conn, school, year, prefix(kind)).await?;
    let words = Reversal {
        id: OrderId::from_uuid(roster.cx.ids.uuid()),
        number: next_number(kind, taken.iter().map(String::as_str)),
        date: words.date,
        basis: words.basis.clone(),
        year,
    };
    let seq = orders::next_seq(conn, school).await?;
    let reversing = KeptOrder {
        reverses: Some(posted.order.id),
        ..KeptOrder::draft(reversing(&posted, &words), year).posted(change.at, seq)
    };
    orders::add(conn, school, &reversing, change).await?;
    let reversed = KeptOrder {
        state: OrderState::Reversed,
        reversed_by: Some(reversing.order.id),
        version: posted.version + 1,
        ..posted
    };
    orders::replace(conn, school, &reversed, change).await
}
