//! The RPCs, one file each.

mod cancel_report_job;
mod control_sheet;
pub mod convert;
mod download_report;
mod get_completeness;
mod get_control_board;
mod get_control_sheet;
mod get_report_job;
mod list_board_lessons;
mod list_board_pupils;
mod list_control_sheets;
mod list_monitorings;
mod list_report_jobs;
mod list_witnessed_checkpoints;
mod own_job;
mod parse;
mod put_control_sheet;
mod put_monitoring;
mod range;
mod return_control_sheet;
mod run_report;
mod send_control_sheet;
mod watch_reporting_events;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status};
use zhurnal_proto::google::api::HttpBody;
use zhurnal_proto::reporting::v1 as pb;
use zhurnal_proto::reporting::v1::reporting_service_server::ReportingService;

use crate::Shared;

/// Answers the RPCs.
#[derive(Clone)]
pub struct Rpc {
    shared: Shared,
}

impl Rpc {
    /// Over what the service shares.
    pub fn new(shared: Shared) -> Self {
        Self { shared }
    }
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl ReportingService for Rpc {
    async fn get_control_board(
        &self,
        r: Request<pb::GetControlBoardRequest>,
    ) -> Answer<pb::GetControlBoardResponse> {
        get_control_board::handle(&self.shared, r).await
    }

    async fn list_board_lessons(
        &self,
        r: Request<pb::ListBoardLessonsRequest>,
    ) -> Answer<pb::ListBoardLessonsResponse> {
        list_board_lessons::handle(&self.shared, r).await
    }

    async fn list_board_pupils(
        &self,
        r: Request<pb::ListBoardPupilsRequest>,
    ) -> Answer<pb::ListBoardPupilsResponse> {
        list_board_pupils::handle(&self.shared, r).await
    }

    async fn run_report(&self, r: Request<pb::RunReportRequest>) -> Answer<pb::RunReportResponse> {
        run_report::handle(&self.shared, r).await
    }

    async fn get_report_job(
        &self,
        r: Request<pb::GetReportJobRequest>,
    ) -> Answer<pb::GetReportJobResponse> {
        get_report_job::handle(&self.shared, r).await
    }

    async fn list_report_jobs(
        &self,
        r: Request<pb::ListReportJobsRequest>,
    ) -> Answer<pb::ListReportJobsResponse> {
        list_report_jobs::handle(&self.shared, r).await
    }

    async fn cancel_report_job(
        &self,
        r: Request<pb::CancelReportJobRequest>,
    ) -> Answer<pb::CancelReportJobResponse> {
        cancel_report_job::handle(&self.shared, r).await
    }

    async fn download_report(&self, r: Request<pb::DownloadReportRequest>) -> Answer<HttpBody> {
        download_report::handle(&self.shared, r).await
    }

    async fn get_completeness(
        &self,
        r: Request<pb::GetCompletenessRequest>,
    ) -> Answer<pb::GetCompletenessResponse> {
        get_completeness::handle(&self.shared, r).await
    }

    async fn list_monitorings(
        &self,
        r: Request<pb::ListMonitoringsRequest>,
    ) -> Answer<pb::ListMonitoringsResponse> {
        list_monitorings::handle(&self.shared, r).await
    }

    async fn put_monitoring(
        &self,
        r: Request<pb::PutMonitoringRequest>,
    ) -> Answer<pb::PutMonitoringResponse> {
        put_monitoring::handle(&self.shared, r).await
    }

    async fn list_control_sheets(
        &self,
        r: Request<pb::ListControlSheetsRequest>,
    ) -> Answer<pb::ListControlSheetsResponse> {
        list_control_sheets::handle(&self.shared, r).await
    }

    async fn get_control_sheet(
        &self,
        r: Request<pb::GetControlSheetRequest>,
    ) -> Answer<pb::GetControlSheetResponse> {
        get_control_sheet::handle(&self.shared, r).await
    }

    async fn put_control_sheet(
        &self,
        r: Request<pb::PutControlSheetRequest>,
    ) -> Answer<pb::PutControlSheetResponse> {
        put_control_sheet::handle(&self.shared, r).await
    }

    async fn send_control_sheet(
        &self,
        r: Request<pb::SendControlSheetRequest>,
    ) -> Answer<pb::SendControlSheetResponse> {
        send_control_sheet::handle(&self.shared, r).await
    }

    async fn return_control_sheet(
        &self,
        r: Request<pb::ReturnControlSheetRequest>,
    ) -> Answer<pb::ReturnControlSheetResponse> {
        return_control_sheet::handle(&self.shared, r).await
    }

    async fn list_witnessed_checkpoints(
        &self,
        r: Request<pb::ListWitnessedCheckpointsRequest>,
    ) -> Answer<pb::ListWitnessedCheckpointsResponse> {
        list_witnessed_checkpoints::handle(&self.shared, r).await
    }

    type WatchReportingEventsStream =
        BoxStream<'static, Result<pb::WatchReportingEventsResponse, Status>>;

    async fn watch_reporting_events(
        &self,
        r: Request<pb::WatchReportingEventsRequest>,
    ) -> Answer<Self::WatchReportingEventsStream> {
        watch_reporting_events::handle(&self.shared, r).await
    }
}
