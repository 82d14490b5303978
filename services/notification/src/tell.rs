//! Makes notices and announces them.

use std::collections::BTreeSet;

use chassis::db::{UnitOfWork, micros, upsert};
use chassis::ids::Ids;
use jiff::Timestamp;
use sea_orm::DbErr;
use uuid::Uuid;
use zhurnal_proto::notification::v1::NoticeKind;

use crate::store::entity::notice;

/// What is told to several cards.
pub struct Telling {
    /// Cards.
    pub to: BTreeSet<Uuid>,
    /// School.
    pub school: Uuid,
    /// Kind.
    pub kind: NoticeKind,
    /// Pupil concerned.
    pub pupil: Option<Uuid>,
    /// Text.
    pub text: String,
    /// Page.
    pub link: String,
}

/// Adds a notice for each card, in this order; each card is announced once.
pub async fn tell(
    uow: &mut UnitOfWork,
    ids: &Ids,
    now: Timestamp,
    tellings: &[Telling],
) -> Result<(), DbErr> {
    let (mut rows, mut told) = (Vec::new(), BTreeSet::new());
    for about in tellings {
        for person_id in &about.to {
            told.insert((about.school, *person_id));
            rows.push(notice::Model {
                person_id: *person_id,
                notice_id: ids.uuid(),
                school_id: about.school,
                kind: about.kind as i16,
                pupil_id: about.pupil,
                text: about.text.clone(),
                link: about.link.clone(),
                created_us: micros(now),
                read_us: None,
            });
        }
    }
    upsert::<notice::Entity, _>(uow.conn(), rows).await?;
    for (school, person_id) in told {
        uow.announce(crate::rpc::convert::added(person_id, school, now));
    }
    Ok(())
}
