//! PutControlSheet: what the school states of the lines takes the place of what it stated.

use chassis::db::UnitOfWork;
use chassis::status::{from_db, violation};
use chassis::{caller, idempotency, status};
use tonic::{Request, Response, Status};
use zhurnal_proto::id::MonitoringId;
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::{Answer, control_sheet};
use crate::Shared;
use crate::domain::sheet::{self, Presence, Statement, Total};
use crate::store::School;
use crate::store::sheets::{self, Change, Sheet, State};

struct Command {
    statements: Vec<Statement>,
}

impl TryFrom<&pb::PutControlSheetRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::PutControlSheetRequest) -> Result<Self, Status> {
        checked(request)?;
        let statements = request.statements.iter().enumerate().map(|(at, one)| {
            let field = format!("statements[{at}].dueOn");
            Ok(Statement {
                number: one.number.clone(),
                percent: one.percent,
                due_on: parse::optional_date(&field, &one.due_on)?,
                presence: match one.presence() {
                    pb::Presence::Unspecified => None,
                    pb::Presence::Yes => Some(Presence::Yes),
                    pb::Presence::No => Some(Presence::No),
                },
                note: one.note.trim().to_owned(),
            })
        });
        Ok(Self {
            statements: statements.collect::<Result<_, Status>>()?,
        })
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::PutControlSheetRequest>,
) -> Answer<pb::PutControlSheetResponse> {
    let caller = caller::of(&request)?.clone();
    let request = request.into_inner();
    let command = Command::try_from(&request)?;
    let names = (request.school_id.as_str(), request.monitoring_id.as_str());
    let (school, monitoring) =
        control_sheet::open(shared, &caller, "reporting.controlSheets.put", names).await?;
    let broken = sheet::broken(monitoring.kind, &command.statements);
    if !broken.is_empty() {
        let all = broken
            .into_iter()
            .map(|(field, rule, message)| violation(field, rule, message));
        return Err(status::invalid(all));
    }
    let change = Change {
        by: caller.actor(),
        at: shared.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "reporting.PutControlSheet",
        &request.request_id,
        &request,
    )?;
    let (seen, problems) = (request.etag.as_str(), request.problems.trim());
    let response = idempotency::once(&shared.cx.db, &key, |uow| async move {
        let known = sheets::lock_sheet(uow.conn(), school, monitoring.id)
            .await
            .map_err(from_db)?;
        control_sheet::same_version(known.as_ref(), seen)?;
        let sheet = changed(known, problems)?;
        write(
            &uow,
            school,
            monitoring.id,
            &sheet,
            &command.statements,
            &change,
        )
        .await?;
        let shown =
            control_sheet::show(shared, uow.conn(), school, &monitoring, Some(&sheet)).await?;
        let control_sheet = Some(shown);
        Ok((uow, pb::PutControlSheetResponse { control_sheet }))
    })
    .await?;
    Ok(Response::new(response))
}

/// The sheet with other problem questions, in the next version.
fn changed(known: Option<Sheet>, problems: &str) -> Result<Sheet, Status> {
    let known = known.unwrap_or(Sheet {
        state: State::Draft,
        problems: String::new(),
        remark: String::new(),
        sent_at: None,
        late: false,
        total: Total::default(),
        sent: None,
        version: 0,
    });
    if known.state == State::Sent {
        return Err(control_sheet::sheet_sent());
    }
    Ok(Sheet {
        problems: problems.to_owned(),
        version: known.version + 1,
        ..known
    })
}

async fn write(
    uow: &UnitOfWork,
    school: School,
    monitoring: MonitoringId,
    sheet: &Sheet,
    statements: &[Statement],
    change: &Change,
) -> Result<(), Status> {
    control_sheet::written(sheets::put_sheet(uow.conn(), school, monitoring, sheet, change).await)?;
    sheets::put_statements(uow.conn(), school, monitoring, statements)
        .await
        .map_err(from_db)
}
