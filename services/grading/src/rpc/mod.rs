//! One line per RPC; each lives in a file of its own.

mod approve_correction;
mod authorize_topics;
pub mod convert;
pub mod facts;
mod get_cell_history;
mod get_diary_week;
mod get_journal_page;
mod get_teacher_day;
pub mod instruments;
mod list_correction_requests;
mod list_journals;
mod list_ledger_checkpoints;
mod list_pupil_marks;
mod record_lesson;
pub mod record_marks;
mod refuse_correction;
mod request_correction;
#[cfg(test)]
mod tests;
mod verify_ledger;
mod watch_grading_events;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status};
use zhurnal_proto::{
    grading::v1::{self as pb, grading_service_server::GradingService},
    validate::{Validate, check},
};

use crate::Grading;

/// The generated server's implementation.
pub struct Rpc {
    /// What the handlers need.
    pub grading: Grading,
}

/// Checks the constraints of the contract, all at once.
fn valid<T: Validate>(request: &Request<T>) -> Result<(), Status> {
    check(request.get_ref()).map_err(chassis::status::invalid)
}

macro_rules! rpcs {
    ($($name:ident($request:ident) -> $response:ident;)*) => {
        #[tonic::async_trait]
        impl GradingService for Rpc {
            $(
                async fn $name(&self, request: Request<pb::$request>) -> Result<Response<pb::$response>, Status> {
                    valid(&request)?;
                    let caller = chassis::caller::of(&request)?.clone();
                    $name::handle(&self.grading, &caller, request.into_inner()).await.map(Response::new)
                }
            )*

            type WatchGradingEventsStream = BoxStream<'static, Result<pb::WatchGradingEventsResponse, Status>>;

            async fn watch_grading_events(
                &self,
                request: Request<pb::WatchGradingEventsRequest>,
            ) -> Result<Response<Self::WatchGradingEventsStream>, Status> {
                valid(&request)?;
                let caller = chassis::caller::of(&request)?.clone();
                watch_grading_events::handle(&self.grading, &caller, request.into_inner()).await.map(Response::new)
            }
        }
    };
}

rpcs! {
    get_teacher_day(GetTeacherDayRequest) -> GetTeacherDayResponse;
    list_journals(ListJournalsRequest) -> ListJournalsResponse;
    get_journal_page(GetJournalPageRequest) -> GetJournalPageResponse;
    record_marks(RecordMarksRequest) -> RecordMarksResponse;
    record_lesson(RecordLessonRequest) -> RecordLessonResponse;
    request_correction(RequestCorrectionRequest) -> RequestCorrectionResponse;
    list_correction_requests(ListCorrectionRequestsRequest) -> ListCorrectionRequestsResponse;
    approve_correction(ApproveCorrectionRequest) -> ApproveCorrectionResponse;
    refuse_correction(RefuseCorrectionRequest) -> RefuseCorrectionResponse;
    get_cell_history(GetCellHistoryRequest) -> GetCellHistoryResponse;
    get_diary_week(GetDiaryWeekRequest) -> GetDiaryWeekResponse;
    list_pupil_marks(ListPupilMarksRequest) -> ListPupilMarksResponse;
    verify_ledger(VerifyLedgerRequest) -> VerifyLedgerResponse;
    list_ledger_checkpoints(ListLedgerCheckpointsRequest) -> ListLedgerCheckpointsResponse;
    authorize_topics(AuthorizeTopicsRequest) -> AuthorizeTopicsResponse;
}
