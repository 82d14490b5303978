//! What the demo school has beside people and timetable, put by calls of its people.

mod authorities;
pub(super) mod clock;
mod consents;
mod events;
pub(super) mod journals;
mod loads;
mod monitorings;
mod orders;
mod plans;
mod registries;
mod school;
mod timetable;
mod years;

use std::time::Duration;

use anyhow::Context;
use chassis::caller::{Proof, User, UserKind};
use chassis::client::PeerChannel;
use chassis::lifecycle::Running;
use roster::demo::{DemoPerson, DemoRole, Seeded};
use zhurnal_proto::id::{AccountId, SessionId};

/// Role that acts in the region.
const MINISTRY: &str = "MINISTRY_OFFICER";

/// Role that acts in the school's municipality.
const MUNICIPAL: &str = "MUNICIPAL_OFFICER";

/// How long the calls of one person may take.
const TOKEN: Duration = Duration::from_secs(60);

/// Puts all of it, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    plans::put(running, seeded).await?;
    registries::put(running, seeded).await?;
    school::put(running, seeded).await?;
    authorities::put(running, seeded).await?;
    consents::put(running, seeded).await?;
    orders::put(running, seeded).await?;
    timetable::put(running, seeded).await?;
    loads::put(running, seeded).await?;
    years::put(running, seeded).await?;
    events::put(running, seeded).await?;
    monitorings::put(running, seeded).await
}

/// Somebody of the school.
fn person(seeded: &Seeded, role: DemoRole) -> Option<&DemoPerson> {
    seeded.people.iter().find(|person| person.role == role)
}

/// Calls of one service in the name of an employee who acts in a role; the ministry's
/// officer acts in the region, a municipal one in the municipality.
fn channel(
    running: &Running,
    seeded: &Seeded,
    (person, role): (&DemoPerson, &str),
    service: &'static str,
) -> anyhow::Result<PeerChannel> {
    let cx = running.context(service).context("the service runs here")?;
    let user = User {
        account: AccountId::from_uuid(cx.ids.uuid()),
        session: SessionId::from_uuid(cx.ids.uuid()),
        kind: UserKind::Staff,
        person: Some(person.person_id),
        persons: Vec::new(),
        school: (role != MINISTRY && role != MUNICIPAL).then_some(seeded.school_id),
        roles: vec![role.to_owned()],
        municipality: (role == MUNICIPAL).then_some(seeded.municipality_id),
        region: role == MINISTRY,
        display: person.name.clone(),
    };
    // The command runs on the machine itself: that is proof enough.
    let proof = Proof {
        given_at: Some(cx.clock.now()),
        ..Proof::default()
    };
    let token = cx.tokens.mint_user(&user, proof, TOKEN)?;
    let channel = running.peers("gateway").channel(service);
    Ok(channel.with_bearer(&token)?)
}
