//! Takes a workbook and answers with the verdicts; nothing is applied. Administrators
//! of the region: the workbook is of a school that is not there yet.

use chassis::access::{Facts, Reach};
use chassis::{caller, idempotency, status};
use tonic::{Request, Status};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::validate::check;

use crate::Roster;
use crate::import::{self, Upload};
use crate::workbook::{Limits, ReadError};

const PERMISSION: &str = "roster.schoolImports.upload";

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::UploadSchoolImportRequest>,
) -> Result<pb::UploadSchoolImportResponse, Status> {
    let caller = caller::of(&request)?.clone();
    let scope = roster.cx.access.check(&caller, PERMISSION, &Facts::own())?;
    if scope.reach() != &Reach::Region {
        return Err(status::denied(PERMISSION));
    }
    let request = request.into_inner();
    let limit = Limits::default().file_bytes;
    if request.content.len() > limit {
        return Err(import::refused(&ReadError::FileTooLarge { limit }));
    }
    check(&request).map_err(status::invalid)?;
    let key = idempotency::key(
        &caller.actor(),
        "roster.UploadSchoolImport",
        &request.request_id,
        &request,
    )?;
    let upload = Upload {
        content: request.content,
        file_name: request.file_name,
        actor: caller.actor(),
    };
    import::upload(roster, upload, &key).await
}
