//! One line per RPC; each lives in a file of its own.

mod account_of;
mod change_password;
mod complete_log_in;
pub mod convert;
mod exchange_session;
mod get_jwks;
mod get_me;
mod invitation_unknown;
mod issue_invitations;
mod issue_password_reset;
mod list_invitations;
mod list_security_entries;
mod log_in;
mod log_out;
mod looks;
mod preview_invitation;
pub(crate) mod register;
mod reset_password;
mod revoke_invitation;
mod role_grants;
mod second_factor;
mod service_clients;
mod sessions;
mod step_up;
mod switch_role;
#[cfg(test)]
mod tests;
mod watch_identity_events;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status};
use zhurnal_proto::identity::v1 as pb;
use zhurnal_proto::identity::v1::identity_service_server::IdentityService;
use zhurnal_proto::validate::{Validate, check};

use crate::Identity;

/// The generated server's implementation.
pub struct Rpc {
    pub(crate) identity: Identity,
}

/// Checks the constraints of the contract, all at once.
fn valid<T: Validate>(request: &Request<T>) -> Result<(), Status> {
    check(request.get_ref()).map_err(chassis::status::invalid)
}

macro_rules! rpcs {
    ($($name:ident($request:ident) -> $response:ident = $handler:path;)*) => {
        #[tonic::async_trait]
        impl IdentityService for Rpc {
            $(
                async fn $name(&self, request: Request<pb::$request>) -> Result<Response<pb::$response>, Status> {
                    valid(&request)?;
                    let caller = chassis::caller::of(&request)?.clone();
                    $handler(&self.identity, &caller, request.into_inner()).await.map(Response::new)
                }
            )*

            type WatchIdentityEventsStream = BoxStream<'static, Result<pb::WatchIdentityEventsResponse, Status>>;

            async fn watch_identity_events(
                &self,
                request: Request<pb::WatchIdentityEventsRequest>,
            ) -> Result<Response<Self::WatchIdentityEventsStream>, Status> {
                valid(&request)?;
                let caller = chassis::caller::of(&request)?.clone();
                watch_identity_events::handle(&self.identity, &caller, request.into_inner()).await.map(Response::new)
            }
        }
    };
}

rpcs! {
    preview_invitation(PreviewInvitationRequest) -> PreviewInvitationResponse = preview_invitation::handle;
    register(RegisterRequest) -> RegisterResponse = register::handle;
    log_in(LogInRequest) -> LogInResponse = log_in::handle;
    complete_log_in(CompleteLogInRequest) -> CompleteLogInResponse = complete_log_in::handle;
    exchange_session(ExchangeSessionRequest) -> ExchangeSessionResponse = exchange_session::handle;
    log_out(LogOutRequest) -> LogOutResponse = log_out::handle;
    get_me(GetMeRequest) -> GetMeResponse = get_me::handle;
    switch_role(SwitchRoleRequest) -> SwitchRoleResponse = switch_role::handle;
    change_password(ChangePasswordRequest) -> ChangePasswordResponse = change_password::handle;
    get_second_factor(GetSecondFactorRequest) -> GetSecondFactorResponse = second_factor::get;
    begin_second_factor(BeginSecondFactorRequest) -> BeginSecondFactorResponse = second_factor::begin;
    confirm_second_factor(ConfirmSecondFactorRequest) -> ConfirmSecondFactorResponse = second_factor::confirm;
    remove_second_factor(RemoveSecondFactorRequest) -> RemoveSecondFactorResponse = second_factor::remove;
    regenerate_recovery_codes(RegenerateRecoveryCodesRequest) -> RegenerateRecoveryCodesResponse = second_factor::regenerate;
    reset_second_factor(ResetSecondFactorRequest) -> ResetSecondFactorResponse = second_factor::reset;
    list_security_entries(ListSecurityEntriesRequest) -> ListSecurityEntriesResponse = list_security_entries::handle;
    list_sessions(ListSessionsRequest) -> ListSessionsResponse = sessions::list;
    end_session(EndSessionRequest) -> EndSessionResponse = sessions::end;
    end_other_sessions(EndOtherSessionsRequest) -> EndOtherSessionsResponse = sessions::end_others;
    issue_password_reset(IssuePasswordResetRequest) -> IssuePasswordResetResponse = issue_password_reset::handle;
    reset_password(ResetPasswordRequest) -> ResetPasswordResponse = reset_password::handle;
    issue_invitations(IssueInvitationsRequest) -> IssueInvitationsResponse = issue_invitations::handle;
    list_invitations(ListInvitationsRequest) -> ListInvitationsResponse = list_invitations::handle;
    revoke_invitation(RevokeInvitationRequest) -> RevokeInvitationResponse = revoke_invitation::handle;
    grant_role(GrantRoleRequest) -> GrantRoleResponse = role_grants::grant;
    revoke_role(RevokeRoleRequest) -> RevokeRoleResponse = role_grants::revoke;
    list_role_grants(ListRoleGrantsRequest) -> ListRoleGrantsResponse = role_grants::list;
    step_up(StepUpRequest) -> StepUpResponse = step_up::handle;
    record_looks(RecordLooksRequest) -> RecordLooksResponse = looks::record;
    list_pupil_looks(ListPupilLooksRequest) -> ListPupilLooksResponse = looks::of_pupil;
    list_school_looks(ListSchoolLooksRequest) -> ListSchoolLooksResponse = looks::of_school;
    issue_client_token(IssueClientTokenRequest) -> IssueClientTokenResponse = service_clients::issue_token;
    register_service_client(RegisterServiceClientRequest) -> RegisterServiceClientResponse = service_clients::register;
    list_service_clients(ListServiceClientsRequest) -> ListServiceClientsResponse = service_clients::list;
    rotate_client_secret(RotateClientSecretRequest) -> RotateClientSecretResponse = service_clients::rotate;
    retire_client_secret(RetireClientSecretRequest) -> RetireClientSecretResponse = service_clients::retire;
    revoke_service_client(RevokeServiceClientRequest) -> RevokeServiceClientResponse = service_clients::revoke;
    get_jwks(GetJwksRequest) -> GetJwksResponse = get_jwks::handle;
}
