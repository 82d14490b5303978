//! Orders as answers show them: with names, titles and what posting does.

use std::collections::HashMap;

use chassis::status;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use tonic::Status;
use zhurnal_proto::id::{ClassId, OrderId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as pb;

use super::convert;
use crate::Roster;
use crate::domain::orders::{
    Act, Effect, Effects, Entry, Movement, Obstacle, OrderKind, OrderState, Summary, plan,
};
use crate::domain::record::{self, Name, SchoolClass, Sex};
use crate::orders::facts;
use crate::store::orders::{self, Kept};
use crate::store::{School, arrivals, classes, order_effects, people, pupils, schools};

/// What answers say beside the orders themselves.
pub(super) struct View {
    school: SchoolId,
    names: HashMap<PersonId, Name>,
    classes: HashMap<ClassId, SchoolClass>,
    schools: HashMap<SchoolId, String>,
    numbers: HashMap<OrderId, String>,
}

impl View {
    /// Reads names, titles and numbers for some orders.
    pub(super) async fn load(
        conn: &impl ConnectionTrait,
        school: School,
        kept: &[Kept],
    ) -> Result<Self, DbErr> {
        let entries: Vec<&Entry> = kept.iter().flat_map(|one| &one.order.pupils).collect();
        let cards: Vec<PersonId> = entries.iter().filter_map(|one| one.pupil).collect();
        let mut names = people::names(conn, school, cards.clone()).await?;
        let strangers: Vec<PersonId> = cards
            .into_iter()
            .filter(|card| !names.contains_key(card))
            .collect();
        if !strangers.is_empty() {
            // Those who wait here, and nobody else, are shown before they have a card.
            let limit = u64::try_from(strangers.len()).unwrap_or(u64::MAX);
            for one in arrivals::page(conn, school, Some(&strangers), None, limit).await? {
                names.insert(one.arrival.pupil, one.name);
            }
        }
        let mut titles = HashMap::new();
        for entry in entries {
            let Some(id) = entry.to_school else { continue };
            if let Some(found) = schools::get(conn, School::sent_by_order(id)).await? {
                titles.insert(id, found.title);
            }
        }
        let others: Vec<OrderId> = kept
            .iter()
            .flat_map(|one| [one.reverses, one.reversed_by])
            .flatten()
            .collect();
        let all = classes::all(conn, school).await?;
        Ok(Self {
            school: school.id(),
            names,
            classes: all.into_iter().map(|class| (class.id, class)).collect(),
            schools: titles,
            numbers: orders::numbers_of(conn, school, &others).await?,
        })
    }

    fn class_title(&self, class: Option<ClassId>) -> String {
        let class = class.and_then(|id| self.classes.get(&id));
        class.map(|class| class.title.clone()).unwrap_or_default()
    }

    fn number(&self, order: Option<OrderId>) -> String {
        let number = order.and_then(|id| self.numbers.get(&id));
        number.cloned().unwrap_or_default()
    }

    /// The order as the contract shows it.
    pub(super) fn show(&self, kept: &Kept) -> pb::Order {
        let order = &kept.order;
        let id = |order: Option<OrderId>| order.map(|id| id.to_string()).unwrap_or_default();
        pb::Order {
            order_id: order.id.to_string(),
            school_id: self.school.to_string(),
            number: order.number.clone(),
            date: order.date.to_string(),
            kind: kind(order.kind).into(),
            pupil_count: kept.pupil_count,
            posted_at: (kept.state != OrderState::Draft).then(|| convert::stored(kept.posted_us)),
            state: state(kept.state).into(),
            effective_on: order.effective_on.to_string(),
            basis: order.basis.clone(),
            pupils: order.pupils.iter().map(|one| self.pupil(one)).collect(),
            reverses_order_id: id(kept.reverses),
            reverses_number: self.number(kept.reverses),
            reversed_by_order_id: id(kept.reversed_by),
            reversed_by_number: self.number(kept.reversed_by),
            of_import: kept.of_import,
            etag: chassis::etag::of(kept.version),
        }
    }

    fn pupil(&self, entry: &Entry) -> pb::OrderPupil {
        let card = entry.pupil.and_then(|id| self.names.get(&id));
        let name = card.or(entry.new.as_ref().map(|new| &new.name));
        let to_school = entry.to_school.and_then(|id| self.schools.get(&id));
        pb::OrderPupil {
            pupil_id: entry.pupil.map(|id| id.to_string()).unwrap_or_default(),
            new_pupil: entry.new.as_ref().map(|new| pb::NewPupil {
                name: Some(convert::name(&new.name)),
                sex: sex(new.sex).into(),
                birth_date: new.birth_date.to_string(),
            }),
            class_id: entry.class.map(|id| id.to_string()).unwrap_or_default(),
            education_form: convert::education_form(entry.form).into(),
            group_ids: entry.groups.iter().map(ToString::to_string).collect(),
            reason: entry.reason.clone(),
            destination: entry.destination.clone(),
            to_school_id: entry.to_school.map(|id| id.to_string()).unwrap_or_default(),
            name: name.map(convert::name),
            to_school_title: to_school.cloned().unwrap_or_default(),
            class_title: self.class_title(entry.class),
            effect: None,
        }
    }

    /// One order with what posting it does to every pupil, or what stands in the way.
    pub(super) async fn one(
        roster: &Roster,
        conn: &impl ConnectionTrait,
        (school, found): (School, &record::School),
        kept: &Kept,
    ) -> Result<(pb::Order, Vec<pb::OrderObstacle>), Status> {
        let view = Self::load(conn, school, std::slice::from_ref(kept))
            .await
            .map_err(status::from_db)?;
        let mut shown = view.show(kept);
        let summaries = match kept.state {
            OrderState::Draft => {
                let facts = facts(conn, (school, found), &kept.order, false)
                    .await
                    .map_err(status::from_db)?;
                match plan(&kept.order, &facts, &mut || roster.cx.ids.uuid()) {
                    Ok(movements) => movements.iter().map(|one| view.planned(one)).collect(),
                    Err(obstacles) => {
                        return Ok((shown, obstacles.iter().map(obstacle).collect()));
                    }
                }
            }
            OrderState::Posted | OrderState::Reversed => view
                .done(conn, school, kept)
                .await
                .map_err(status::from_db)?,
        };
        for (pupil, summary) in shown.pupils.iter_mut().zip(summaries) {
            pupil.effect = Some(effect(&summary));
        }
        Ok((shown, Vec::new()))
    }

    fn planned(&self, movement: &Movement) -> Summary {
        let left = movement.left.as_ref();
        let entered = movement.entered.as_ref();
        Summary {
            left_class: self.class_title(left.map(|one| one.class_id)),
            left_groups: count(movement.left_groups.len() + movement.removed_groups.len()),
            last_day: left.and_then(|one| one.ends_on),
            entered_class: self.class_title(entered.map(|one| one.class_id)),
            entered_groups: count(movement.entered_groups.len()),
            first_day: entered.map(|one| one.starts_on),
            card_added: movement.new_card.is_some() || movement.copy_card,
        }
    }

    async fn done(
        &self,
        conn: &impl ConnectionTrait,
        school: School,
        kept: &Kept,
    ) -> Result<Vec<Summary>, DbErr> {
        let effects = order_effects::of(conn, school, kept.order.id).await?;
        let cards: Vec<PersonId> = kept
            .order
            .pupils
            .iter()
            .filter_map(|one| one.pupil)
            .collect();
        let enrolments = pupils::enrolments_of(conn, school, &cards).await?;
        let class_of = |effect: &Effect| {
            let found = enrolments.iter().find(|one| one.id.uuid() == effect.record);
            self.class_title(found.map(|one| one.class_id))
        };
        let done = kept.order.pupils.iter().map(|entry| {
            let own: Effects = effects
                .iter()
                .filter(|one| Some(one.pupil) == entry.pupil)
                .cloned()
                .collect();
            let of = |act: Act| own.iter().filter(move |one| one.act == act);
            let ended = of(Act::EnrolmentEnded).next();
            let first: Option<Date> = entry.class.map(|_| kept.order.effective_on);
            Summary {
                left_class: ended.map(class_of).unwrap_or_default(),
                left_groups: count(
                    of(Act::MembershipEnded).count() + of(Act::MembershipRemoved).count(),
                ),
                last_day: ended.and_then(|one| one.now),
                entered_class: self.class_title(entry.class),
                entered_groups: count(of(Act::MembershipAdded).count()),
                first_day: first,
                card_added: of(Act::CardAdded)
                    .any(|one| Some(one.record) == entry.pupil.map(PersonId::uuid)),
            }
        });
        Ok(done.collect())
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn effect(summary: &Summary) -> pb::OrderEffect {
    pb::OrderEffect {
        left_class_title: summary.left_class.clone(),
        left_group_count: summary.left_groups,
        last_day: convert::date(summary.last_day),
        entered_class_title: summary.entered_class.clone(),
        entered_group_count: summary.entered_groups,
        first_day: convert::date(summary.first_day),
        card_added: summary.card_added,
    }
}

pub(super) fn obstacle(one: &Obstacle) -> pb::OrderObstacle {
    pb::OrderObstacle {
        field: one.field.clone(),
        rule: one.rule.to_owned(),
        message: one.message.to_owned(),
    }
}

fn kind(kind: OrderKind) -> pb::OrderKind {
    match kind {
        OrderKind::Admission => pb::OrderKind::Admission,
        OrderKind::Transfer => pb::OrderKind::Transfer,
        OrderKind::Promotion => pb::OrderKind::Promotion,
        OrderKind::Expulsion => pb::OrderKind::Expulsion,
        OrderKind::Graduation => pb::OrderKind::Graduation,
        OrderKind::Departure => pb::OrderKind::Departure,
        OrderKind::Reversal => pb::OrderKind::Reversal,
    }
}

fn state(state: OrderState) -> pb::OrderState {
    match state {
        OrderState::Draft => pb::OrderState::Draft,
        OrderState::Posted => pb::OrderState::Posted,
        OrderState::Reversed => pb::OrderState::Reversed,
    }
}

fn sex(sex: Sex) -> pb::Sex {
    convert::sex(Some(sex))
}
