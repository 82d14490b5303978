//! Names, and the contacts that sheet № 2 prints (R247).

use chassis::db::{UnitOfWork, upsert};
use zhurnal_proto::id::PersonId;
use zhurnal_proto::roster::v1::PersonCard;

use super::parse;
use crate::store::School;
use crate::store::entity::person_card;

pub(super) async fn apply(
    uow: &UnitOfWork,
    school: School,
    people: &[PersonCard],
) -> anyhow::Result<()> {
    let rows = parse::latest(
        people
            .iter()
            .map(|person| row(school, person).map(|row| (row.person_id, row))),
    )?;
    Ok(upsert::<person_card::Entity, _>(uow.conn(), rows).await?)
}

fn row(school: School, person: &PersonCard) -> anyhow::Result<person_card::Model> {
    let name = person.name.clone().unwrap_or_default();
    Ok(person_card::Model {
        school_id: school.id().uuid(),
        person_id: parse::id::<PersonId>("person_id", &person.person_id)?,
        surname: name.surname,
        given_name: name.given_name,
        patronymic: name.patronymic,
        sort_key: person.sort_key.clone(),
        phone: person.phone.clone(),
        email: person.email.clone(),
        has_birth_date: person.has_birth_date,
    })
}
