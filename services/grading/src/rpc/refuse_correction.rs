//! RefuseCorrection: the deputy in charge (else the director, never the author)
//! refuses a request in writing; announces it.

use chassis::{caller::Caller, idempotency};
use tonic::Status;
use zhurnal_proto::grading::v1::{RefuseCorrectionRequest, RefuseCorrectionResponse};

use super::facts;
use crate::{
    Grading,
    domain::correction::Verdict,
    ops::decide_correction::{self, Command},
};

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: RefuseCorrectionRequest,
) -> Result<RefuseCorrectionResponse, Status> {
    let key = idempotency::key(
        &caller.actor(),
        "RefuseCorrection",
        &request.request_id,
        &request,
    )?;
    let command = Command {
        school: facts::id(&request.school_id, "School")?,
        request: facts::id(&request.correction_request_id, "CorrectionRequest")?,
        verdict: Verdict::Refuse,
        note: request.note.trim().to_owned(),
    };
    idempotency::once(&grading.cx.db, &key, |uow| async {
        let (uow, decided) = decide_correction::decide(grading, caller, &command, uow).await?;
        Ok((
            uow,
            RefuseCorrectionResponse {
                correction_request: Some(decided),
            },
        ))
    })
    .await
}
