//! Schools find their municipality: an imported one by the title in its workbook, those of
//! an installation of an earlier version by what they called it.

use chassis::db::{UnitOfWork, background, micros};
use chassis::task::Task;
use sea_orm::DbErr;
use tokio_util::sync::CancellationToken;
use zhurnal_proto::id::MunicipalityId;

use crate::domain::record::{Municipality, School};
use crate::store::municipalities;
use crate::{Roster, announce};

/// The school with its municipality; one that is not there yet is made and announced.
pub(crate) async fn found(
    roster: &Roster,
    uow: &mut UnitOfWork,
    school: &School,
) -> Result<School, DbErr> {
    let found = titled(roster, uow, &school.municipality).await?;
    Ok(School {
        municipality_id: Some(found.id),
        municipality: found.title,
        ..school.clone()
    })
}

/// The municipality of a title, held until the end of the transaction.
async fn titled(roster: &Roster, uow: &mut UnitOfWork, title: &str) -> Result<Municipality, DbErr> {
    if let Some(found) = municipalities::lock_titled(uow.conn(), title).await? {
        return Ok(found);
    }
    let now = roster.cx.clock.now();
    let new = Municipality {
        id: MunicipalityId::from_uuid(roster.cx.ids.uuid()),
        title: title.to_owned(),
        version: 1,
    };
    if municipalities::add(uow.conn(), &new, micros(now)).await? {
        announce::municipality(uow, now, &new);
        return Ok(new);
    }
    // Somebody has made it meanwhile.
    let found = municipalities::lock_titled(uow.conn(), title).await?;
    found.ok_or_else(|| DbErr::RecordNotFound(format!("municipality {title}")))
}

/// At the start: schools that an earlier version wrote find their municipality, and the
/// feed hears of municipalities that a migration made and of the schools in them.
pub(crate) fn telling_task(roster: &Roster) -> Task {
    let roster = roster.clone();
    Task::new("municipalities", move |stop: CancellationToken| {
        let roster = roster.clone();
        background(async move {
            gather(&roster).await?;
            while tell_one(&roster).await? {}
            stop.cancelled().await;
            Ok(())
        })
    })
}

async fn gather(roster: &Roster) -> Result<(), DbErr> {
    for title in municipalities::unfound(roster.cx.db.read()).await? {
        let mut uow = roster.cx.db.begin().await?;
        let found = titled(roster, &mut uow, &title).await?;
        municipalities::gather(uow.conn(), &found).await?;
        uow.commit().await?;
    }
    Ok(())
}

async fn tell_one(roster: &Roster) -> Result<bool, DbErr> {
    let mut uow = roster.cx.db.begin().await?;
    let Some(untold) = municipalities::lock_untold(uow.conn()).await? else {
        uow.rollback().await?;
        return Ok(false);
    };
    tell(roster, &mut uow, &untold).await?;
    municipalities::set_told(uow.conn(), untold.id, true).await?;
    uow.commit().await?;
    Ok(true)
}

/// Announces a municipality and the schools in it.
pub(crate) async fn tell(
    roster: &Roster,
    uow: &mut UnitOfWork,
    of: &Municipality,
) -> Result<(), DbErr> {
    let now = roster.cx.clock.now();
    announce::municipality(uow, now, of);
    for school in municipalities::schools_of(uow.conn(), of.id).await? {
        announce::school(uow, now, &school);
    }
    Ok(())
}
