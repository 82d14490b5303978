//! Reversal: what an order changed goes back to what was there before, record by record,
//! as long as every record is as the order left it.

use chassis::db::UnitOfWork;
use jiff::civil::Date;
use sea_orm::DbErr;
use zhurnal_proto::id::{EnrolmentId, GroupId, GuardianLinkId, OrderId, PersonId};

use crate::announce::{self, Moved, NEVER};
use crate::domain::orders::{Act, Effect, Effects, Entry, Order, OrderKind, OrderState};
use crate::domain::record::{Enrolment, GroupMembership, GuardianLink};
use crate::store::orders::{self, Kept};
use crate::store::registries::Change;
use crate::store::{School, arrivals, groups, guardians, order_effects, people, pupils};

/// The words of a reversing order.
#[derive(Debug, Clone)]
pub(crate) struct Reversal {
    /// Id.
    pub id: OrderId,
    /// Number.
    pub number: String,
    /// Date.
    pub date: Date,
    /// On what it rests.
    pub basis: String,
    /// Calendar year in which the academic year begins.
    pub year: i16,
}

/// Why an order stays.
#[derive(Debug)]
pub(crate) enum Stays {
    /// Later orders in force name the same pupils.
    LaterOrders(Vec<String>),
    /// The receiving school has admitted a pupil.
    ArrivalAccepted,
    /// A record is not as the order left it.
    RecordsChanged,
}

/// Takes a posted order of a book that is held back: the reversing order and the reversed.
pub(crate) async fn reverse(
    uow: &mut UnitOfWork,
    school: School,
    posted: Kept,
    words: Reversal,
    change: &Change,
) -> Result<Result<(Kept, Kept), Stays>, DbErr> {
    let conn = uow.conn();
    let effects = order_effects::of(conn, school, posted.order.id).await?;
    let named: Vec<PersonId> = posted
        .order
        .pupils
        .iter()
        .filter_map(|one| one.pupil)
        .collect();
    let later = orders::later(conn, school, posted.posted_seq, &named).await?;
    if !later.is_empty() {
        return Ok(Err(Stays::LaterOrders(later)));
    }
    let kind = posted.order.kind;
    if kind == OrderKind::Departure && arrivals::withdraw(conn, posted.order.id).await? > 0 {
        return Ok(Err(Stays::ArrivalAccepted));
    }
    if kind == OrderKind::Admission {
        arrivals::wait_again(conn, school, posted.order.id).await?;
    }
    let Some(moved) = restore(uow, school, &named, &effects).await? else {
        return Ok(Err(Stays::RecordsChanged));
    };
    let conn = uow.conn();
    let seq = orders::next_seq(conn, school).await?;
    let reversing = Kept {
        reverses: Some(posted.order.id),
        ..Kept::draft(reversing(&posted, &words), words.year).posted(change.at, seq)
    };
    let reversed = Kept {
        state: OrderState::Reversed,
        reversed_by: Some(reversing.order.id),
        version: posted.version + 1,
        ..posted
    };
    orders::add(conn, school, &reversing, change).await?;
    orders::replace(conn, school, &reversed, change).await?;
    announce::moved(uow, change.at, school.id(), &moved);
    Ok(Ok((reversing, reversed)))
}

/// The order that takes another back.
pub(crate) fn reversing(posted: &Kept, words: &Reversal) -> Order {
    let pupils = posted.order.pupils.iter().map(|entry| Entry {
        class: None,
        groups: Vec::new(),
        reason: String::new(),
        destination: String::new(),
        to_school: None,
        ..entry.clone()
    });
    Order {
        id: words.id,
        number: words.number.clone(),
        date: words.date,
        kind: OrderKind::Reversal,
        effective_on: posted.order.effective_on,
        basis: words.basis.clone(),
        pupils: pupils.collect(),
    }
}

/// The records that an order touched, as they are now.
struct Present {
    enrolments: Vec<Enrolment>,
    memberships: Vec<GroupMembership>,
    links: Vec<GuardianLink>,
}

/// `None` when a record is not as the order left it.
async fn restore(
    uow: &UnitOfWork,
    school: School,
    pupils: &[PersonId],
    effects: &Effects,
) -> Result<Option<Moved>, DbErr> {
    let conn = uow.conn();
    let links: Vec<GuardianLinkId> = effects
        .iter()
        .filter(|one| one.act == Act::GuardianLinkAdded)
        .map(|one| GuardianLinkId::from_uuid(one.record))
        .collect();
    let present = Present {
        enrolments: pupils::enrolments_of(conn, school, pupils).await?,
        memberships: groups::memberships(conn, school, pupils).await?,
        links: guardians::by_ids(conn, school, &links).await?,
    };
    let mut moved = Moved::default();
    for effect in effects.iter().rev() {
        if !back(uow, school, effect, &present, &mut moved).await? {
            return Ok(None);
        }
    }
    Ok(Some(moved))
}

async fn back(
    uow: &UnitOfWork,
    school: School,
    effect: &Effect,
    present: &Present,
    moved: &mut Moved,
) -> Result<bool, DbErr> {
    let conn = uow.conn();
    match effect.act {
        Act::CardAdded => {
            let card = PersonId::from_uuid(effect.record);
            // A guardian whom another child has brought here meanwhile stays.
            if !guardians::is_guardian(conn, school, card).await? {
                people::remove(conn, school, card).await?;
            }
            Ok(true)
        }
        Act::GuardianLinkAdded => {
            let link = present
                .links
                .iter()
                .find(|one| one.id.uuid() == effect.record);
            let Some(link) = link.filter(|one| one.ends_on == effect.now) else {
                return Ok(false);
            };
            guardians::remove(conn, school, link.id).await?;
            moved.guardian_links.push(GuardianLink {
                ends_on: Some(NEVER),
                ..link.clone()
            });
            Ok(true)
        }
        Act::EnrolmentAdded | Act::EnrolmentEnded => {
            enrolment_back(uow, school, effect, present, moved).await
        }
        Act::MembershipAdded | Act::MembershipEnded | Act::MembershipRemoved => {
            membership_back(uow, school, effect, present, moved).await
        }
    }
}

async fn enrolment_back(
    uow: &UnitOfWork,
    school: School,
    effect: &Effect,
    present: &Present,
    moved: &mut Moved,
) -> Result<bool, DbErr> {
    let found = present
        .enrolments
        .iter()
        .find(|one| one.id.uuid() == effect.record);
    let Some(found) = found.filter(|one| one.ends_on == effect.now) else {
        return Ok(false);
    };
    let mut one = found.clone();
    if effect.act == Act::EnrolmentAdded {
        pupils::remove(uow.conn(), school, EnrolmentId::from_uuid(effect.record)).await?;
        one.ends_on = Some(NEVER);
    } else {
        one.ends_on = effect.was;
        pupils::end(uow.conn(), school, &one).await?;
    }
    moved.enrolments.push(one);
    Ok(true)
}

async fn membership_back(
    uow: &UnitOfWork,
    school: School,
    effect: &Effect,
    present: &Present,
    moved: &mut Moved,
) -> Result<bool, DbErr> {
    let conn = uow.conn();
    let found = present.memberships.iter().find(|one| {
        one.group_id.uuid() == effect.record
            && one.pupil_id == effect.pupil
            && one.starts_on == effect.starts_on
    });
    let mut one = GroupMembership {
        group_id: GroupId::from_uuid(effect.record),
        pupil_id: effect.pupil,
        starts_on: effect.starts_on,
        ends_on: effect.was,
    };
    match (effect.act, found) {
        (Act::MembershipRemoved, None) => {
            groups::join(conn, school, std::slice::from_ref(&one)).await?;
        }
        (Act::MembershipEnded, Some(found)) if found.ends_on == effect.now => {
            groups::end(conn, school, &one).await?;
        }
        (Act::MembershipAdded, Some(found)) if found.ends_on == effect.now => {
            groups::remove(conn, school, &one).await?;
            one.ends_on = Some(NEVER);
        }
        _ => return Ok(false),
    }
    moved.memberships.push(one);
    Ok(true)
}
