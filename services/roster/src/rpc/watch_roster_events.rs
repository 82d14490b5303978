//! The feed. Our services get all of it; a client of another system what its scopes and
//! schools let it have, names and contacts only with `roster.people`.

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::feed::{self, Filter, Item};
use chassis::status;
use futures::stream::BoxStream;
use prost::Message;
use tonic::{Request, Status};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::Roster;
use crate::announce::IMPERSONAL;

const PERMISSION: &str = "roster.events.watch";
/// Scope that opens the personal part of the feed.
const PEOPLE: &str = "roster.people";

type Events = BoxStream<'static, Result<pb::WatchRosterEventsResponse, Status>>;

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::WatchRosterEventsRequest>,
) -> Result<Events, Status> {
    let (caller, request) = parse::accept(request)?;
    let wanted: Option<SchoolId> = parse::optional_id("school_id", &request.school_id)?;
    let scope = roster.cx.access.check(&caller, PERMISSION, &Facts::own())?;
    let schools = match (scope.only_schools(), wanted) {
        (None, None) => None,
        (None, Some(school)) => Some(vec![school]),
        (Some(allowed), None) => Some(allowed),
        (Some(allowed), Some(school)) if allowed.contains(&school) => Some(vec![school]),
        (Some(_), Some(_)) => return Err(status::denied(PERMISSION)),
    };
    let schools = schools.map(|list| list.into_iter().map(SchoolId::uuid).collect());
    let mut filter = Filter {
        schools,
        ..Filter::all()
    };
    if !sees_people(&caller) {
        filter = filter.kinds(&IMPERSONAL);
    }
    filter = filter.changes("zhurnal.roster.v1.RosterEvent", &request.changes)?;
    feed::serve(
        &roster.cx.db,
        &roster.cx.stop,
        &request.cursor,
        filter,
        |item| match item {
            Item::Event(row) => {
                let event =
                    pb::RosterEvent::decode(row.payload.as_slice()).map_err(status::internal)?;
                Ok(pb::WatchRosterEventsResponse {
                    event: Some(event),
                    cursor: row.cursor.to_string(),
                })
            }
            Item::Progress(cursor) => Ok(pb::WatchRosterEventsResponse {
                event: None,
                cursor: cursor.to_string(),
            }),
        },
    )
    .await
}

fn sees_people(caller: &Caller) -> bool {
    match caller {
        Caller::Service { .. } => true,
        Caller::Client(client) => client.scopes.iter().any(|scope| scope == PEOPLE),
        Caller::User(_) | Caller::Anonymous => false,
    }
}
