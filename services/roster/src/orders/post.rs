//! Posting: every effect of an order, and what is announced of it, in one transaction.

use chassis::db::UnitOfWork;
use sea_orm::DbErr;
use zhurnal_proto::id::{GuardianLinkId, PersonId};

use crate::Roster;
use crate::announce::{self, Moved};
use crate::domain::orders::{
    Act, Arrival, Effect, Effects, Facts, Movement, NewPupil, Obstacle, OrderKind, plan,
};
use crate::domain::record::{GuardianLink, Person};
use crate::store::orders::{self, Kept};
use crate::store::people::Card;
use crate::store::registries::Change;
use crate::store::{School, arrivals, groups, guardians, order_effects, people, pupils};

/// Posts a draft of a book that is held, by facts that were read in the same transaction.
pub(crate) async fn post(
    roster: &Roster,
    uow: &mut UnitOfWork,
    (school, facts): (School, &Facts),
    draft: Kept,
    change: &Change,
) -> Result<Result<Kept, Vec<Obstacle>>, DbErr> {
    let movements = match plan(&draft.order, facts, &mut || roster.cx.ids.uuid()) {
        Ok(movements) => movements,
        Err(obstacles) => return Ok(Err(obstacles)),
    };
    let seq = orders::next_seq(uow.conn(), school).await?;
    let mut kept = Kept {
        version: draft.version + 1,
        ..draft.posted(change.at, seq)
    };
    for (entry, movement) in kept.order.pupils.iter_mut().zip(&movements) {
        entry.pupil = Some(movement.pupil);
    }
    let mut work = Work {
        roster,
        school,
        kept: &kept,
        moved: Moved::default(),
        effects: Effects::new(),
    };
    for movement in &movements {
        work.cards(uow, movement).await?;
        work.places(uow, movement).await?;
        work.schools(uow, movement).await?;
    }
    let Work { moved, effects, .. } = work;
    order_effects::add(uow.conn(), school, kept.order.id, &effects).await?;
    orders::replace(uow.conn(), school, &kept, change).await?;
    announce::moved(uow, change.at, school.id(), &moved);
    Ok(Ok(kept))
}

struct Work<'a> {
    roster: &'a Roster,
    school: School,
    kept: &'a Kept,
    moved: Moved,
    effects: Effects,
}

impl Work<'_> {
    /// The pupil's card, and with one of another school the guardians.
    async fn cards(&mut self, uow: &UnitOfWork, movement: &Movement) -> Result<(), DbErr> {
        if let Some(new) = &movement.new_card {
            let person = person(movement.pupil, new);
            let card = Card {
                person: &person,
                snils: None,
            };
            people::add(uow.conn(), self.school, vec![card]).await?;
            self.card_added(movement.pupil, &person);
            self.moved.people.push(person);
        }
        if let Some(arrival) = &movement.arrival {
            self.family(uow, arrival, movement.copy_card).await?;
            let by = Some(self.kept.order.id);
            let arrival = (arrival.order, arrival.pupil);
            arrivals::set_accepted(uow.conn(), self.school, arrival, by).await?;
        }
        Ok(())
    }

    /// Cards and guardians from the school that the pupil has left. Guardians who are
    /// here already, with a brother or sister, keep their cards.
    async fn family(
        &mut self,
        uow: &UnitOfWork,
        arrival: &Arrival,
        copy_card: bool,
    ) -> Result<(), DbErr> {
        let conn = uow.conn();
        let from = School::sent_by_order(arrival.from_school);
        let first = self.kept.order.effective_on;
        let known = guardians::of_pupil(conn, self.school, arrival.pupil).await?;
        let links: Vec<GuardianLink> = guardians::of_pupil(conn, from, arrival.pupil)
            .await?
            .into_iter()
            .filter(|link| link.is_in_force(first))
            .filter(|link| {
                !known
                    .iter()
                    .any(|own| own.guardian_id == link.guardian_id && own.is_in_force(first))
            })
            .map(|link| GuardianLink {
                id: GuardianLinkId::from_uuid(self.roster.cx.ids.uuid()),
                starts_on: first,
                ..link
            })
            .collect();
        let mut cards: Vec<PersonId> = links.iter().map(|link| link.guardian_id).collect();
        if copy_card {
            cards.push(arrival.pupil);
        }
        for person in people::copy(conn, (from, self.school), &cards).await? {
            self.card_added(arrival.pupil, &person);
            self.moved.people.push(person);
        }
        guardians::add(conn, self.school, &links).await?;
        for link in links {
            self.effects.push(Effect {
                act: Act::GuardianLinkAdded,
                pupil: arrival.pupil,
                record: link.id.uuid(),
                starts_on: link.starts_on,
                was: None,
                now: link.ends_on,
            });
            self.moved.guardian_links.push(link);
        }
        Ok(())
    }

    fn card_added(&mut self, pupil: PersonId, person: &Person) {
        self.effects.push(Effect {
            act: Act::CardAdded,
            pupil,
            record: person.id.uuid(),
            starts_on: self.kept.order.effective_on,
            was: None,
            now: None,
        });
    }

    /// Enrolments and memberships.
    async fn places(&mut self, uow: &UnitOfWork, movement: &Movement) -> Result<(), DbErr> {
        let conn = uow.conn();
        if let Some(left) = &movement.left {
            pupils::end(conn, self.school, left).await?;
            self.moved.enrolments.push(left.clone());
        }
        if let Some(entered) = &movement.entered {
            pupils::enrol(conn, self.school, std::slice::from_ref(entered)).await?;
            self.moved.enrolments.push(entered.clone());
        }
        for (one, _) in &movement.left_groups {
            groups::end(conn, self.school, one).await?;
            self.moved.memberships.push(one.clone());
        }
        for one in &movement.removed_groups {
            groups::remove(conn, self.school, one).await?;
            let mut one = one.clone();
            one.ends_on = Some(announce::NEVER);
            self.moved.memberships.push(one);
        }
        groups::join(conn, self.school, &movement.entered_groups).await?;
        let entered = movement.entered_groups.iter().cloned();
        self.moved.memberships.extend(entered);
        self.effects.extend(movement.effects());
        Ok(())
    }

    /// The way to another school.
    async fn schools(&mut self, uow: &UnitOfWork, movement: &Movement) -> Result<(), DbErr> {
        let (Some(to), Some(left)) = (movement.to_school, &movement.left) else {
            return Ok(());
        };
        if self.kept.order.kind != OrderKind::Departure {
            return Ok(());
        }
        let arrival = Arrival {
            order: self.kept.order.id,
            pupil: movement.pupil,
            from_school: self.school.id(),
            from_class: left.class_id,
            last_day: left.ends_on.unwrap_or(left.starts_on),
        };
        arrivals::open(uow.conn(), School::sent_by_order(to), &arrival).await
    }
}

fn person(id: PersonId, new: &NewPupil) -> Person {
    Person {
        id,
        sort_key: new.name.sort_key(),
        search_key: new.name.search_key(),
        name: new.name.clone(),
        sex: Some(new.sex),
        birth_date: Some(new.birth_date),
        phone: String::new(),
        email: String::new(),
        snils: None,
    }
}
