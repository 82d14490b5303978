//! WatchGradingEvents: services follow grading's feed, clients with the scope those
//! of their schools. Why a pupil was absent never leaves the suite.

use chassis::{
    access::Facts,
    caller::Caller,
    feed::{self, Filter, Item},
    status,
};
use futures::stream::BoxStream;
use prost::Message;
use tonic::Status;
use zhurnal_proto::{
    grading::v1::{
        Attendance, GradingEvent, WatchGradingEventsRequest, WatchGradingEventsResponse,
        grading_event::Change,
    },
    id::SchoolId,
};

use super::facts;
use crate::Grading;

const PERMISSION: &str = "grading.events.watch";

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: WatchGradingEventsRequest,
) -> Result<BoxStream<'static, Result<WatchGradingEventsResponse, Status>>, Status> {
    let asked: Option<SchoolId> = match request.school_id.as_str() {
        "" => None,
        text => Some(facts::id(text, "School")?),
    };
    let scope = grading.cx.access.check(caller, PERMISSION, &Facts::own())?;
    let schools = match (asked, scope.only_schools()) {
        (Some(school), Some(own)) if !own.contains(&school) => {
            return Err(status::not_found("School"));
        }
        (Some(school), _) => Some(vec![school.uuid()]),
        (None, own) => own.map(|own| own.into_iter().map(SchoolId::uuid).collect()),
    };
    let filter = Filter {
        schools,
        ..Filter::default()
    }
    .changes("zhurnal.grading.v1.GradingEvent", &request.changes)?;
    let outside = matches!(caller, Caller::Client(_));
    feed::serve(
        &grading.cx.db,
        &grading.cx.stop,
        &request.cursor,
        filter,
        move |item| {
            let cursor = item.cursor().to_string();
            let event = match item {
                Item::Progress(_) => None,
                Item::Event(row) => {
                    let event =
                        GradingEvent::decode(row.payload.as_slice()).map_err(status::internal)?;
                    Some(if outside {
                        without_attendance(event)
                    } else {
                        event
                    })
                }
            };
            Ok(WatchGradingEventsResponse { event, cursor })
        },
    )
    .await
}

/// Attendance is a restricted class of data: other systems get the marks only.
fn without_attendance(mut event: GradingEvent) -> GradingEvent {
    if let Some(Change::CellsChanged(changed)) = &mut event.change {
        for changed in &mut changed.cells {
            changed.absent_with_mark = false;
            if let Some(cell) = &mut changed.cell {
                cell.attendance = Attendance::Unspecified.into();
                cell.late_minutes = 0;
                cell.attendance_revision = 0;
            }
        }
    }
    event
}
