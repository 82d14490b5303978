//! ExportSchool: the school leaves as a file, for administrators and the director. The access
//! log has it before the file goes.

use chassis::access::Facts;
use chassis::looks::Subject;
use chassis::status;
use tonic::{Request, Status};
use zhurnal_proto::google::api::HttpBody;
use zhurnal_proto::identity::v1::LookRecord;
use zhurnal_proto::roster::v1 as pb;

use super::parse;
use crate::Roster;
use crate::export::{self, Format};

pub(super) async fn handle(
    roster: &Roster,
    request: Request<pb::ExportSchoolRequest>,
) -> Result<HttpBody, Status> {
    let (caller, request) = parse::accept(request)?;
    let format = match request.format() {
        pb::SchoolExportFormat::Workbook => Format::Workbook,
        pb::SchoolExportFormat::Oneroster => Format::Oneroster,
        pb::SchoolExportFormat::Unspecified => {
            let message = "неизвестный формат файла";
            return Err(status::invalid_field("format", "UNKNOWN", message));
        }
    };
    let permission = "roster.schools.export";
    let (school, found) = parse::school(roster, &caller, permission, &request.school_id).await?;
    let data = export::file(roster, (school, found), format).await?;
    let (looks, facts) = (&roster.cx.looks, Facts::school(school.id()));
    looks
        .keep(&caller, &facts, LookRecord::Export, [Subject::School])
        .await?;
    let content_type = format.content_type().to_owned();
    Ok(HttpBody { content_type, data })
}
