//! SendControlSheet: the director signs; the sheet is counted once more and stays.

use chassis::caller::Caller;
use chassis::status::{Refusal, from_db, violation};
use chassis::{caller, idempotency, status};
use prost::Message;
use sea_orm::ConnectionTrait;
use tonic::{Code, Request, Response, Status};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::checked;
use super::{Answer, control_sheet};
use crate::Shared;
use crate::domain::sheet::{self, Broken, Statement};
use crate::store::sheets::{self, Change, Monitoring, Sheet, State};
use crate::store::{School, sheet_facts};

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::SendControlSheetRequest>,
) -> Answer<pb::SendControlSheetResponse> {
    let caller = caller::of(&request)?.clone();
    let request = request.into_inner();
    checked(&request)?;
    let names = (request.school_id.as_str(), request.monitoring_id.as_str());
    let (school, monitoring) =
        control_sheet::open(shared, &caller, "reporting.controlSheets.send", names).await?;
    let id = monitoring.id;
    let change = Change {
        by: caller.actor(),
        at: shared.cx.clock.now(),
    };
    let key = idempotency::key(
        &caller.actor(),
        "reporting.SendControlSheet",
        &request.request_id,
        &request,
    )?;
    let seen = request.etag.as_str();
    let response = idempotency::once(&shared.cx.db, &key, |uow| async move {
        let known = sheets::lock_sheet(uow.conn(), school, id)
            .await
            .map_err(from_db)?;
        control_sheet::same_version(known.as_ref(), seen)?;
        let statements = sheets::statements(uow.conn(), school, id)
            .await
            .map_err(from_db)?;
        let sender = Sender {
            shared,
            school,
            caller: &caller,
            change: &change,
        };
        let sheet = sender
            .sign(uow.conn(), &monitoring, known, &statements)
            .await?;
        control_sheet::written(sheets::put_sheet(uow.conn(), school, id, &sheet, &change).await)?;
        let shown =
            control_sheet::show(shared, uow.conn(), school, &monitoring, Some(&sheet)).await?;
        let control_sheet = Some(shown);
        Ok((uow, pb::SendControlSheetResponse { control_sheet }))
    })
    .await?;
    Ok(Response::new(response))
}

struct Sender<'a> {
    shared: &'a Shared,
    school: School,
    caller: &'a Caller,
    change: &'a Change,
}

impl Sender<'_> {
    /// The sheet as it is sent, in the next version.
    async fn sign(
        &self,
        conn: &impl ConnectionTrait,
        monitoring: &Monitoring,
        known: Option<Sheet>,
        statements: &[Statement],
    ) -> Result<Sheet, Status> {
        if known
            .as_ref()
            .is_some_and(|sheet| sheet.state == State::Sent)
        {
            return Err(control_sheet::sheet_sent());
        }
        let counted = control_sheet::count(self.shared, conn, self.school).await?;
        let lines = sheet::lines(monitoring.kind, &counted.facts);
        let missing = sheet::incomplete(&lines, statements, counted.today);
        if !missing.is_empty() {
            return Err(incomplete(missing));
        }
        let mut sent =
            control_sheet::draft(conn, self.school, monitoring.kind, &counted, statements).await?;
        if sent.responsible.is_none() {
            return Err(status::precondition(
                "RESPONSIBLE_MISSING",
                "Назначьте приказом администратора электронного журнала в реестре ответственных лиц",
            ));
        }
        sent.head = self.head(conn).await?;
        let (problems, version) = known.map_or_else(
            || (String::new(), 0),
            |sheet| (sheet.problems, sheet.version),
        );
        Ok(Sheet {
            state: State::Sent,
            problems,
            remark: String::new(),
            sent_at: Some(self.change.at),
            late: counted.today > monitoring.due_on,
            total: sheet::total(&lines, statements),
            sent: Some(sent.encode_to_vec()),
            version: version + 1,
        })
    }

    /// The director who sends, without name and contacts.
    async fn head(&self, conn: &impl ConnectionTrait) -> Result<Option<pb::SheetContact>, Status> {
        let Some(person) = self.caller.user().and_then(|user| user.person) else {
            return Ok(None);
        };
        let post = sheet_facts::post(conn, self.school, person)
            .await
            .map_err(from_db)?;
        Ok(Some(pb::SheetContact {
            person_id: person.to_string(),
            post,
            ..Default::default()
        }))
    }
}

fn incomplete(missing: Vec<Broken>) -> Status {
    let all = missing
        .into_iter()
        .map(|(field, rule, message)| violation(field, rule, message));
    Refusal::new(
        Code::FailedPrecondition,
        "SHEET_INCOMPLETE",
        "Лист заполнен не полностью",
    )
    .violations(all)
    .into()
}
