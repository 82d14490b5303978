//! RecordLooks: a service hands over what its staff looked at.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::db::{background, micros};
use chassis::looks::WINDOW;
use chassis::status::from_db;
use jiff::Timestamp;
use tonic::Status;
use zhurnal_proto::id::{AccountId, ClassId, PersonId, SchoolId};
use zhurnal_proto::identity::v1::{
    LookNote, LookPurpose, LookRecord, LookSubject, RecordLooksRequest, RecordLooksResponse,
};

use crate::Identity;
use crate::domain::role::Role;
use crate::store::entity::access_look;
use crate::store::looks;

pub(in crate::rpc) async fn handle(
    identity: &Identity,
    caller: &Caller,
    request: RecordLooksRequest,
) -> Result<RecordLooksResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.looks.record", &Facts::own())?;
    let count = request.looks.len();
    let notes = request.looks.into_iter();
    let rows: Vec<_> = notes.filter_map(|note| row(identity, &note)).collect();
    if rows.len() < count {
        // The service would send them for ever if one spoilt the rest.
        let lost = count - rows.len();
        tracing::error!(caller = caller.actor(), lost, "looks that cannot be read");
    }
    if !rows.is_empty() {
        let uow = identity.cx.db.begin().await.map_err(from_db)?;
        background(looks::put(uow.conn(), rows))
            .await
            .map_err(from_db)?;
        uow.commit().await.map_err(from_db)?;
    }
    Ok(RecordLooksResponse {})
}

fn row(identity: &Identity, note: &LookNote) -> Option<access_look::Model> {
    let school: SchoolId = note.school_id.parse().ok()?;
    let account: AccountId = note.account_id.parse().ok()?;
    let person: Option<PersonId> = match note.person_id.as_str() {
        "" => None,
        text => Some(text.parse().ok()?),
    };
    let subject_id = match note.subject() {
        LookSubject::Pupil => note.subject_id.parse::<PersonId>().ok()?.uuid(),
        LookSubject::Class => note.subject_id.parse::<ClassId>().ok()?.uuid(),
        LookSubject::School => school.uuid(),
        LookSubject::Unspecified => return None,
    };
    if note.record() == LookRecord::Unspecified || note.purpose() == LookPurpose::Unspecified {
        return None;
    }
    let at = note.looked_at.as_ref()?;
    let at = Timestamp::new(at.seconds, at.nanos).ok()?;
    let role = Role::ALL.into_iter().find(|role| role.name() == note.role);
    let seconds = i64::try_from(WINDOW.as_secs()).ok()?;
    Some(access_look::Model {
        school_id: school.uuid(),
        subject_id,
        window_no: at.as_second().div_euclid(seconds),
        account_id: account.uuid(),
        record: i16::try_from(note.record).ok()?,
        purpose: i16::try_from(note.purpose).ok()?,
        look_id: identity.cx.ids.uuid(),
        subject: i16::try_from(note.subject).ok()?,
        person_id: person.map(|p| p.uuid()),
        role: role.map_or(0, Role::number),
        first_us: micros(at),
        last_us: micros(at),
    })
}
