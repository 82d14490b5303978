//! What the plan of an order rests on.

use sea_orm::{ConnectionTrait, DbErr};
use zhurnal_proto::id::PersonId;

use crate::domain::orders::{Facts, Known, Order, OrderKind};
use crate::domain::record;
use crate::store::{School, arrivals, classes, groups, people, pupils};

/// Reads it; `hold` the cards and arrivals that the order may admit against other schools.
pub(crate) async fn load(
    conn: &impl ConnectionTrait,
    (school, found): (School, &record::School),
    order: &Order,
    hold: bool,
) -> Result<Facts, DbErr> {
    let cards: Vec<PersonId> = order.pupils.iter().filter_map(|one| one.pupil).collect();
    let mut facts = Facts {
        year: found.academic_year.clone(),
        ..Facts::default()
    };
    for class in classes::all(conn, school).await? {
        facts.classes.insert(class.id, class);
    }
    for group in groups::all(conn, school).await? {
        facts.groups.insert(group.id, group);
    }
    for card in people::known(conn, school, &cards).await? {
        known(&mut facts, card).card = true;
    }
    for one in pupils::enrolments_of(conn, school, &cards).await? {
        known(&mut facts, one.pupil_id).enrolments.push(one);
    }
    for one in groups::memberships(conn, school, &cards).await? {
        known(&mut facts, one.pupil_id).memberships.push(one);
    }
    if order.kind == OrderKind::Admission {
        of_admission(conn, school, order, &mut facts, hold).await?;
    }
    Ok(facts)
}

async fn of_admission(
    conn: &impl ConnectionTrait,
    school: School,
    order: &Order,
    facts: &mut Facts,
    hold: bool,
) -> Result<(), DbErr> {
    let cards: Vec<PersonId> = order.pupils.iter().filter_map(|one| one.pupil).collect();
    if hold {
        people::hold(conn, &cards).await?;
    }
    for (at, arrival) in arrivals::waiting(conn, &cards, hold).await? {
        let known = known(facts, arrival.pupil);
        if at == school.id() {
            known.arrival = Some(arrival);
        } else {
            known.waits_elsewhere = true;
        }
    }
    // After the cards are held: no other school admits them meanwhile.
    for card in pupils::enrolled_elsewhere(conn, school, &cards, order.effective_on).await? {
        known(facts, card).elsewhere = true;
    }
    for (place, entry) in order.pupils.iter().enumerate() {
        if let Some(new) = &entry.new
            && people::is_namesake(conn, school, &new.name, new.birth_date).await?
        {
            facts.namesakes.insert(place);
        }
    }
    Ok(())
}

fn known(facts: &mut Facts, card: PersonId) -> &mut Known {
    facts.pupils.entry(card).or_default()
}
