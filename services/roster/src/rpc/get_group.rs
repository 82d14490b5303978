//! GetGroup: a group with its members, on a day or of the whole year. Administrator, deputies,
//! director, secretary.

use chassis::access::Facts;
use chassis::looks::Subject;
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::roster::v1 as pb;

use super::{group_entry, parse};
use crate::Roster;
use crate::store::groups;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::GetGroupRequest>,
) -> Result<pb::GetGroupResponse, Status> {
    let (caller, request) = parse::accept(request)?;
    let permission = "roster.groups.get";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let id = parse::id("group_id", &request.group_id)?;
    let day = parse::optional_date("date", &request.date)?;
    let db = roster.cx.db.read();
    let kept = groups::get(db, school, id).await.map_err(status::from_db)?;
    let kept = kept.ok_or_else(|| status::not_found("Group"))?;
    let memberships = groups::memberships_in(db, school, &[id]).await;
    let memberships = memberships.map_err(status::from_db)?;
    let members = group_entry::members(db, school, (&kept.group, &memberships), day).await;
    let looked_at: Vec<Subject> = match kept.group.class_id {
        Some(class) => vec![Subject::Class(class)],
        None => memberships
            .iter()
            .map(|one| Subject::Pupil(one.pupil_id))
            .collect(),
    };
    let looks = &roster.cx.looks;
    looks.note(
        &caller,
        &Facts::school(school.id()),
        LookRecord::PupilList,
        looked_at,
    );
    let shown = (&kept.group, kept.version);
    Ok(pb::GetGroupResponse {
        group: Some(group_entry::show(roster, &found, shown, &memberships)),
        members: members.map_err(status::from_db)?,
    })
}
