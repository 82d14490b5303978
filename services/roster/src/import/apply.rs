//! Applies a checked import: roster's part in one transaction.

use chassis::db::{UnitOfWork, is_unique_violation, micros};
use chassis::idempotency::{self, IdempotencyKey};
use chassis::status::{self, Refusal};
use jiff::Timestamp;
use prost::Message;
use sea_orm::DbErr;
use tonic::{Code, Status};
use zhurnal_proto::id::SchoolImportId;
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::schedule::v1::PutSchoolPlanRequest;
use zhurnal_proto::validate;

use super::check::{NotChosen, plan_of_file, school_key};
use super::{plan_request, present};
use crate::domain::academic_year;
use crate::domain::admission::{Admission, admit};
use crate::domain::lesson_estimate::estimate;
use crate::domain::school_import::SchoolPlan;
use crate::domain::school_import_state::{Application, ImportCounts};
use crate::store::imports::{self, Import};
use crate::store::orders::Kept;
use crate::store::people::Card;
use crate::store::registries::Change;
use crate::store::{
    School, classes, groups, guardians, orders, people, pupils, schools, staff, steps, supervisions,
};
use crate::vault::{DoesNotOpen, Kind};
use crate::{Roster, announce, municipalities};

/// Roster's part of an import, ready to write.
pub(super) struct Prepared {
    new: Admission,
    /// Sealed СНИЛС of each person, with its hash.
    snils: Vec<Option<(Vec<u8>, Vec<u8>)>>,
    request: PutSchoolPlanRequest,
    pub(super) counts: ImportCounts,
}

/// Applies an import, or goes on with one that failed; what is under way or done stays.
pub(crate) async fn apply(
    roster: &Roster,
    import: Import,
    skip_refused_rows: bool,
    key: &IdempotencyKey,
) -> Result<pb::ApplySchoolImportResponse, Status> {
    if let Some(answer) = idempotency::find(&roster.cx.db, key).await? {
        return Message::decode(answer.as_slice()).map_err(status::internal);
    }
    let id = import.id;
    let prepared = match import.state.application() {
        Application::Begin => prepare_unless_begun(roster, id, skip_refused_rows).await?,
        Application::Resume | Application::Nothing => None,
    };
    let answer = idempotency::once(&roster.cx.db, key, async |mut uow| {
        match &prepared {
            Some(prepared) => {
                begin(roster, &mut uow, id, prepared).await?;
            }
            None => {
                imports::resume(uow.conn(), id)
                    .await
                    .map_err(status::from_db)?;
            }
        }
        let import = imports::get(uow.conn(), id)
            .await
            .map_err(status::from_db)?;
        let import = import.ok_or_else(|| status::not_found("SchoolImport"))?;
        Ok((
            uow,
            pb::ApplySchoolImportResponse {
                school_import: Some(present(&import)?),
            },
        ))
    });
    let answer = answer.await;
    roster.step_waits.notify_one();
    answer
}

/// Roster's part, or `None` when somebody else has begun the import meanwhile: what
/// that one did (the school is there, the workbook gone) refuses nothing.
async fn prepare_unless_begun(
    roster: &Roster,
    id: SchoolImportId,
    skip_refused_rows: bool,
) -> Result<Option<Prepared>, Status> {
    let refused = match prepare_stored(roster, id, skip_refused_rows).await {
        Ok(prepared) => return Ok(Some(prepared)),
        Err(refused) => refused,
    };
    let now = imports::get(roster.cx.db.read(), id)
        .await
        .map_err(status::from_db)?;
    match now.map(|import| import.state.application()) {
        Some(Application::Begin) | None => Err(refused),
        Some(Application::Resume | Application::Nothing) => Ok(None),
    }
}

async fn prepare_stored(
    roster: &Roster,
    id: SchoolImportId,
    skip_refused_rows: bool,
) -> Result<Prepared, Status> {
    let sealed = imports::workbook(roster.cx.db.read(), id)
        .await
        .map_err(status::from_db)?;
    // Gone when somebody else finished the import just now.
    let sealed = sealed.ok_or_else(|| {
        status::conflict("CONCURRENT_CHANGE", "Одновременное изменение, повторите")
    })?;
    let (vault, owner) = (roster.vault.clone(), id.to_string());
    let plan = roster.workers.run(move || {
        let bytes = vault.open(Kind::Workbook, &owner, &sealed)?;
        Ok(plan_of_file(&bytes, skip_refused_rows))
    });
    let plan = plan
        .await?
        .map_err(|e: DoesNotOpen| status::internal(e))?
        .map_err(|e| refused(&e))?;
    prepare(roster, id, plan).await
}

/// Makes the records of a plan, unless the school is there already.
pub(super) async fn prepare(
    roster: &Roster,
    id: SchoolImportId,
    plan: SchoolPlan,
) -> Result<Prepared, Status> {
    let (title, municipality, year) = school_key(&plan);
    let same = schools::same(roster.cx.db.read(), (&title, &municipality, &year))
        .await
        .map_err(status::from_db)?;
    if same.is_some() {
        return Err(school_exists());
    }
    let today = roster.today(plan.school.zone.as_str());
    let (vault, ids) = (roster.vault.clone(), roster.cx.ids.clone());
    let prepared = roster.workers.run(move || {
        let new = admit(&plan, today, &mut || ids.uuid());
        let sealed = new.people.iter().map(|person| {
            let Some(snils) = &person.snils else {
                return Ok(None);
            };
            let digits = snils.expose_digits();
            let sealed =
                vault.seal(Kind::Snils, &person.id.to_string(), digits.as_bytes(), &ids)?;
            Ok(Some((sealed, vault.snils_hash(&digits))))
        });
        let snils = sealed.collect::<Result<Vec<_>, DoesNotOpen>>()?;
        let request = plan_request::request(id, &plan, &new);
        Ok(Prepared {
            counts: counts(&plan),
            new,
            snils,
            request,
        })
    });
    let prepared = prepared
        .await?
        .map_err(|e: DoesNotOpen| status::internal(e))?;
    validate::check(&prepared.request).map_err(|violations| {
        let refusal = Refusal::new(
            Code::FailedPrecondition,
            "IMPORT_HAS_ERRORS",
            "План школы выходит за пределы, которые принимает расписание",
        );
        Status::from(refusal.violations(violations))
    })?;
    Ok(prepared)
}

fn counts(plan: &SchoolPlan) -> ImportCounts {
    let counts = plan.counts();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ImportCounts {
        staff: count(counts.staff),
        classes: count(counts.classes),
        pupils: count(counts.pupils),
        guardians: count(counts.guardian_links),
        loads: count(counts.loads),
        weekly_lessons: count(counts.weekly_lessons),
        lessons: estimate(plan),
    }
}

/// Writes roster's part and schedule's step, for the one caller that begins the import;
/// false when another has begun it.
pub(super) async fn begin(
    roster: &Roster,
    uow: &mut UnitOfWork,
    id: SchoolImportId,
    prepared: &Prepared,
) -> Result<bool, Status> {
    let now = roster.cx.clock.now();
    let school = School::of_import(prepared.new.school.id);
    if !imports::begin(uow.conn(), id, school, prepared.counts)
        .await
        .map_err(status::from_db)?
    {
        return Ok(false);
    }
    let new = municipalities::found(roster, uow, &prepared.new.school)
        .await
        .map_err(status::from_db)?;
    schools::add(uow.conn(), &new, micros(now))
        .await
        .map_err(|error| {
            if is_unique_violation(&error) {
                school_exists()
            } else {
                status::from_db(error)
            }
        })?;
    write(uow, school, prepared, now)
        .await
        .map_err(status::from_db)?;
    let request = prepared.request.encode_to_vec();
    steps::add(uow.conn(), id, steps::SCHEDULE, request)
        .await
        .map_err(status::from_db)?;
    announce::admission(uow, now, &new, &prepared.new);
    Ok(true)
}

async fn write(
    uow: &UnitOfWork,
    school: School,
    prepared: &Prepared,
    now: Timestamp,
) -> Result<(), DbErr> {
    let (conn, new) = (uow.conn(), &prepared.new);
    let cards = new.people.iter().zip(&prepared.snils);
    let cards = cards
        .map(|(person, snils)| Card {
            person,
            snils: snils.clone(),
        })
        .collect();
    people::add(conn, school, cards).await?;
    staff::add(conn, school, &new.staff).await?;
    classes::add(conn, school, &new.classes).await?;
    groups::add(conn, school, &new.groups).await?;
    if let Some(order) = &new.order {
        let year = academic_year::begins(&new.school.academic_year).unwrap_or_default();
        let kept = Kept {
            of_import: true,
            ..Kept::draft(order.clone(), year).posted(now, 1)
        };
        let change = Change {
            by: "import".to_owned(),
            at: now,
        };
        orders::add(conn, school, &kept, &change).await?;
    }
    pupils::enrol(conn, school, &new.enrolments).await?;
    groups::join(conn, school, &new.memberships).await?;
    guardians::add(conn, school, &new.guardian_links).await?;
    supervisions::put(conn, school, &new.supervisions).await
}

fn school_exists() -> Status {
    status::already_exists("SCHOOL_EXISTS", "Такая школа с этим учебным годом уже есть")
}

fn refused(cause: &NotChosen) -> Status {
    let reason = "IMPORT_HAS_ERRORS";
    let refusal = |message: &str| Refusal::new(Code::FailedPrecondition, reason, message);
    let refusal = match cause {
        NotChosen::Errors(count) => {
            refusal("В файле есть ошибки: исправьте их или загрузите без отклонённых строк")
                .with("errors", count)
        }
        NotChosen::FormBroken => {
            refusal("Форма не читается: исправьте ошибки листов, столбцов и листа «Школа»")
                .with("cause", "IMPORT_FORM_BROKEN")
        }
        NotChosen::Unreadable(why) => {
            refusal(&format!("Файл больше не читается: {why}")).with("cause", "WORKBOOK_UNREADABLE")
        }
    };
    refusal.into()
}
