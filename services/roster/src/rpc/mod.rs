//! One line per RPC; each lives in a file of its own.

mod acknowledge_local_act;
mod add_model_authority_measures;
mod add_model_measures;
mod apply_rollover;
mod apply_school_import;
mod change_group_members;
mod confirm_school_profile;
mod consent_entry;
pub(crate) mod convert;
mod delete_authority_record;
mod delete_consent;
mod delete_group;
mod delete_registry_record;
mod discard_order;
mod end_group;
mod export_school;
mod found_pupil;
mod get_consent_coverage;
mod get_group;
mod get_journal_stage;
mod get_order;
mod get_pupil;
mod get_pupil_card;
mod get_rollover;
mod get_school;
mod get_school_import;
mod get_school_profile;
mod get_school_supervision;
mod group_entry;
pub(crate) mod journal_mode_entry;
mod list_acknowledgements;
mod list_arrivals;
mod list_authority_records;
mod list_class_consents;
mod list_classes;
mod list_groups;
mod list_import_rows;
mod list_journal_modes;
mod list_ministry_acts;
mod list_municipalities;
mod list_municipality_rollouts;
mod list_orders;
mod list_pupil_consents;
mod list_pupil_local_acts;
mod list_pupils;
mod list_registry_records;
mod list_school_profile_versions;
mod list_school_rollouts;
mod list_schools;
mod list_staff;
mod list_transfer_schools;
mod list_witnessed_checkpoints;
mod order_entry;
mod order_view;
mod parse;
mod post_order;
mod profile_view;
mod pupil_card;
mod put_authority_record;
mod put_card;
mod put_consent;
mod put_group;
mod put_guardian_link;
mod put_journal_mode;
mod put_municipality;
mod put_order;
mod put_registry_record;
mod put_rollover;
mod put_school_profile;
mod put_school_supervision;
pub(crate) mod registry_entry;
mod reverse_order;
mod rollover_entry;
mod rollover_view;
mod suggest_order_number;
#[cfg(test)]
mod tests;
mod undo_rollover;
mod upload_school_import;
mod watch_roster_events;
mod withdraw_consent;
mod withdraw_journal_mode;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status};
use zhurnal_proto::google::api::HttpBody;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_service_server::{RosterService, RosterServiceServer};

use crate::Roster;

/// Longest request: a workbook of 16 MiB and what stands around it.
const LONGEST_REQUEST: usize = (16 << 20) + (64 << 10);

/// The generated server over roster.
pub(crate) fn server(roster: Roster) -> RosterServiceServer<impl RosterService> {
    RosterServiceServer::new(Rpc { roster }).max_decoding_message_size(LONGEST_REQUEST)
}

struct Rpc {
    roster: Roster,
}

macro_rules! rpcs {
    ($($name:ident($request:ident) -> $response:ident;)*) => {
        #[tonic::async_trait]
        impl RosterService for Rpc {
            $(
                async fn $name(&self, request: Request<pb::$request>) -> Result<Response<pb::$response>, Status> {
                    $name::handle(&self.roster, request).await.map(Response::new)
                }
            )*

            async fn export_school(
                &self,
                request: Request<pb::ExportSchoolRequest>,
            ) -> Result<Response<HttpBody>, Status> {
                export_school::handle(&self.roster, request).await.map(Response::new)
            }

            type WatchRosterEventsStream = BoxStream<'static, Result<pb::WatchRosterEventsResponse, Status>>;

            async fn watch_roster_events(
                &self,
                request: Request<pb::WatchRosterEventsRequest>,
            ) -> Result<Response<Self::WatchRosterEventsStream>, Status> {
                watch_roster_events::handle(&self.roster, request).await.map(Response::new)
            }
        }
    };
}

rpcs! {
    list_schools(ListSchoolsRequest) -> ListSchoolsResponse;
    get_school(GetSchoolRequest) -> GetSchoolResponse;
    list_classes(ListClassesRequest) -> ListClassesResponse;
    list_groups(ListGroupsRequest) -> ListGroupsResponse;
    get_group(GetGroupRequest) -> GetGroupResponse;
    put_group(PutGroupRequest) -> PutGroupResponse;
    change_group_members(ChangeGroupMembersRequest) -> ChangeGroupMembersResponse;
    end_group(EndGroupRequest) -> EndGroupResponse;
    delete_group(DeleteGroupRequest) -> DeleteGroupResponse;
    list_staff(ListStaffRequest) -> ListStaffResponse;
    list_pupils(ListPupilsRequest) -> ListPupilsResponse;
    get_pupil(GetPupilRequest) -> GetPupilResponse;
    get_pupil_card(GetPupilCardRequest) -> GetPupilCardResponse;
    put_card(PutCardRequest) -> PutCardResponse;
    put_guardian_link(PutGuardianLinkRequest) -> PutGuardianLinkResponse;
    list_orders(ListOrdersRequest) -> ListOrdersResponse;
    get_order(GetOrderRequest) -> GetOrderResponse;
    put_order(PutOrderRequest) -> PutOrderResponse;
    discard_order(DiscardOrderRequest) -> DiscardOrderResponse;
    post_order(PostOrderRequest) -> PostOrderResponse;
    reverse_order(ReverseOrderRequest) -> ReverseOrderResponse;
    suggest_order_number(SuggestOrderNumberRequest) -> SuggestOrderNumberResponse;
    list_arrivals(ListArrivalsRequest) -> ListArrivalsResponse;
    list_transfer_schools(ListTransferSchoolsRequest) -> ListTransferSchoolsResponse;
    get_rollover(GetRolloverRequest) -> GetRolloverResponse;
    put_rollover(PutRolloverRequest) -> PutRolloverResponse;
    apply_rollover(ApplyRolloverRequest) -> ApplyRolloverResponse;
    undo_rollover(UndoRolloverRequest) -> UndoRolloverResponse;
    list_registry_records(ListRegistryRecordsRequest) -> ListRegistryRecordsResponse;
    put_registry_record(PutRegistryRecordRequest) -> PutRegistryRecordResponse;
    list_class_consents(ListClassConsentsRequest) -> ListClassConsentsResponse;
    get_consent_coverage(GetConsentCoverageRequest) -> GetConsentCoverageResponse;
    list_pupil_consents(ListPupilConsentsRequest) -> ListPupilConsentsResponse;
    list_pupil_local_acts(ListPupilLocalActsRequest) -> ListPupilLocalActsResponse;
    put_consent(PutConsentRequest) -> PutConsentResponse;
    delete_consent(DeleteConsentRequest) -> DeleteConsentResponse;
    withdraw_consent(WithdrawConsentRequest) -> WithdrawConsentResponse;
    delete_registry_record(DeleteRegistryRecordRequest) -> DeleteRegistryRecordResponse;
    add_model_measures(AddModelMeasuresRequest) -> AddModelMeasuresResponse;
    acknowledge_local_act(AcknowledgeLocalActRequest) -> AcknowledgeLocalActResponse;
    list_acknowledgements(ListAcknowledgementsRequest) -> ListAcknowledgementsResponse;
    get_journal_stage(GetJournalStageRequest) -> GetJournalStageResponse;
    list_journal_modes(ListJournalModesRequest) -> ListJournalModesResponse;
    put_journal_mode(PutJournalModeRequest) -> PutJournalModeResponse;
    withdraw_journal_mode(WithdrawJournalModeRequest) -> WithdrawJournalModeResponse;
    get_school_supervision(GetSchoolSupervisionRequest) -> GetSchoolSupervisionResponse;
    put_school_supervision(PutSchoolSupervisionRequest) -> PutSchoolSupervisionResponse;
    get_school_profile(GetSchoolProfileRequest) -> GetSchoolProfileResponse;
    put_school_profile(PutSchoolProfileRequest) -> PutSchoolProfileResponse;
    confirm_school_profile(ConfirmSchoolProfileRequest) -> ConfirmSchoolProfileResponse;
    list_school_profile_versions(ListSchoolProfileVersionsRequest) -> ListSchoolProfileVersionsResponse;
    list_school_rollouts(ListSchoolRolloutsRequest) -> ListSchoolRolloutsResponse;
    list_municipalities(ListMunicipalitiesRequest) -> ListMunicipalitiesResponse;
    put_municipality(PutMunicipalityRequest) -> PutMunicipalityResponse;
    list_municipality_rollouts(ListMunicipalityRolloutsRequest) -> ListMunicipalityRolloutsResponse;
    list_authority_records(ListAuthorityRecordsRequest) -> ListAuthorityRecordsResponse;
    put_authority_record(PutAuthorityRecordRequest) -> PutAuthorityRecordResponse;
    delete_authority_record(DeleteAuthorityRecordRequest) -> DeleteAuthorityRecordResponse;
    add_model_authority_measures(AddModelAuthorityMeasuresRequest) -> AddModelAuthorityMeasuresResponse;
    list_ministry_acts(ListMinistryActsRequest) -> ListMinistryActsResponse;
    upload_school_import(UploadSchoolImportRequest) -> UploadSchoolImportResponse;
    get_school_import(GetSchoolImportRequest) -> GetSchoolImportResponse;
    list_import_rows(ListImportRowsRequest) -> ListImportRowsResponse;
    apply_school_import(ApplySchoolImportRequest) -> ApplySchoolImportResponse;
    list_witnessed_checkpoints(ListWitnessedCheckpointsRequest) -> ListWitnessedCheckpointsResponse;
}
