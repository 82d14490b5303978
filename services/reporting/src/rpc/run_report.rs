//! RunReport: deputies, the director and the administrator queue a report of any
//! class, a class teacher of the own one. Announces the job.

use std::time::Duration;

use chassis::access::Facts;
use chassis::caller::Caller;
use chassis::status::{Refusal, from_db};
use chassis::{caller, idempotency, status};
use tonic::{Code, Request, Response, Status};
use zhurnal_proto::id::{ClassId, ReportJobId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;

use super::parse::{self, checked};
use super::range::Wanted;
use super::{Answer, convert};
use crate::Shared;
use crate::domain::days::Days;
use crate::domain::job::JobState;
use crate::jobs::announce;
use crate::store::copies::{self, ClassFact};
use crate::store::jobs::{self, Job};
use crate::store::{School, calendar};

/// When a school with too many open jobs may ask again.
const LATER: Duration = Duration::from_secs(60);

struct Command {
    school: SchoolId,
    class: ClassId,
    range: Wanted,
}

impl TryFrom<&pb::RunReportRequest> for Command {
    type Error = Status;

    fn try_from(request: &pb::RunReportRequest) -> Result<Self, Status> {
        checked(request)?;
        if request.kind() != pb::ReportKind::ClassSummary {
            return Err(status::invalid_field(
                "kind",
                "UNKNOWN",
                "неизвестный вид отчёта",
            ));
        }
        Ok(Self {
            school: parse::id("schoolId", &request.school_id)?,
            class: parse::id("classId", &request.class_id)?,
            range: Wanted::read(&request.from, &request.to)?,
        })
    }
}

pub(super) async fn handle(
    shared: &Shared,
    request: Request<pb::RunReportRequest>,
) -> Answer<pb::RunReportResponse> {
    let caller = caller::of(&request)?.clone();
    let message = request.into_inner();
    let command = Command::try_from(&message)?;
    let conn = shared.cx.db.read();
    let asked = School::to_decide_about(command.school);
    let class = copies::class(conn, asked, command.class)
        .await
        .map_err(from_db)?;
    let teacher = class.as_ref().and_then(|class| class.teacher);
    let facts = Facts::school(command.school).class_teachers(teacher);
    let scope = shared
        .cx
        .access
        .check(&caller, "reporting.reportJobs.run", &facts)?;
    let school = parse::school(&scope)?;
    let class = class.ok_or_else(class_not_found)?;

    let known = copies::school(conn, school)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("school"))?;
    let periods = calendar::periods(conn, school).await.map_err(from_db)?;
    let days = command.range.days(
        &periods,
        Some(class.grade),
        shared.cx.clock.today(&known.zone),
    )?;
    let job = job(shared, &caller, school, class, days)?;

    let key = idempotency::key(
        &caller.actor(),
        "reporting.RunReport",
        &message.request_id,
        &message,
    )?;
    let most = u64::from(shared.config.most_open_jobs);
    let response = idempotency::once(&shared.cx.db, &key, |mut uow| async move {
        if jobs::open(uow.conn(), school).await.map_err(from_db)? >= most {
            return Err(too_many_jobs());
        }
        jobs::insert(uow.conn(), &job).await.map_err(from_db)?;
        announce(&mut uow, &job, job.queued_at)
            .await
            .map_err(from_db)?;
        Ok((
            uow,
            pb::RunReportResponse {
                report_job: Some(convert::report_job(&job)),
            },
        ))
    })
    .await?;
    shared.queued.notify_one();
    Ok(Response::new(response))
}

fn job(
    shared: &Shared,
    caller: &Caller,
    school: School,
    class: ClassFact,
    days: Days,
) -> Result<Job, Status> {
    let user = caller
        .user()
        .ok_or_else(|| status::denied("reporting.reportJobs.run"))?;
    Ok(Job {
        id: ReportJobId::from_uuid(shared.cx.ids.uuid()),
        school,
        class: class.id,
        class_title: class.title,
        days,
        state: JobState::Queued,
        percent: 0,
        stage: String::new(),
        failure: String::new(),
        runs: 0,
        failures: 0,
        author: user.account,
        author_card: user.person,
        queued_at: shared.cx.clock.now(),
        ended_at: None,
    })
}

fn class_not_found() -> Status {
    Refusal::new(Code::NotFound, "CLASS_NOT_FOUND", "Класс не найден").into()
}

fn too_many_jobs() -> Status {
    status::exhausted(
        "TOO_MANY_JOBS",
        "Слишком много отчётов в очереди, дождитесь готовых",
        LATER,
    )
}

#[cfg(test)]
mod tests;
