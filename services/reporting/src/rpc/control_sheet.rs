//! What the RPCs of control sheets share: counting a school, a sheet as the contract shows
//! it, versions.

use chassis::access;
use chassis::caller::Caller;
use chassis::status::{self, from_db};
use jiff::civil::Date;
use prost::Message;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::id::{MonitoringId, PersonId, SchoolId};
use zhurnal_proto::reporting::v1 as pb;

use super::{convert, parse};
use crate::Shared;
use crate::domain::due::EntryDue;
use crate::domain::sheet::{self, Facts, Figure, Kind, Line, Presence, Source, Statement};
use crate::store::copies;
use crate::store::sheets::{self, Monitoring, Sent, Sheet, State};
use crate::store::{School, sheet_facts};

/// What is counted of a school today.
pub(super) struct Counted {
    /// Today, in its zone.
    pub today: Date,
    /// Everything that is counted.
    pub facts: Facts,
}

/// Counts a school; NOT_FOUND before roster has told of it.
pub(super) async fn count(
    shared: &Shared,
    conn: &impl ConnectionTrait,
    school: School,
) -> Result<Counted, Status> {
    let known = copies::school(conn, school)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("school"))?;
    let today = shared.cx.clock.today(&known.zone);
    let when = sheet_facts::When {
        academic_year: &known.academic_year,
        day: today,
    };
    let mut facts = sheet_facts::facts(conn, school, when)
        .await
        .map_err(from_db)?;
    facts.entry_due = match shared.entry_due {
        EntryDue::AfterLastLesson(minutes) => {
            format!("Не позднее {minutes} минут после последнего урока класса")
        }
        EntryDue::At(time) => format!("До {} дня урока", time.strftime("%H:%M")),
    };
    Ok(Counted { today, facts })
}

/// Lets a caller to the sheet of a school: the school and the monitoring.
pub(super) async fn open(
    shared: &Shared,
    caller: &Caller,
    permission: &'static str,
    (school_id, monitoring_id): (&str, &str),
) -> Result<(School, Monitoring), Status> {
    let school: SchoolId = parse::id("schoolId", school_id)?;
    let id: MonitoringId = parse::id("monitoringId", monitoring_id)?;
    let facts = within_municipality(shared, caller, school).await?;
    let scope = shared.cx.access.check(caller, permission, &facts)?;
    let school = parse::school(&scope)?;
    Ok((school, monitoring(shared.cx.db.read(), id).await?))
}

/// The school, and for an officer of a municipality that it lies there; one that does not
/// is NOT_FOUND as one that is not there.
async fn within_municipality(
    shared: &Shared,
    caller: &Caller,
    school: SchoolId,
) -> Result<access::Facts, Status> {
    let facts = access::Facts::school(school);
    let Some(own) = caller.user().and_then(|user| user.municipality) else {
        return Ok(facts);
    };
    let known = copies::school(shared.cx.db.read(), School::to_decide_about(school)).await;
    known
        .map_err(from_db)?
        .filter(|known| known.municipality_id == Some(own))
        .ok_or_else(|| status::not_found("school"))?;
    Ok(facts.in_municipality(own))
}

/// The monitoring that a request names.
pub(super) async fn monitoring(
    conn: &impl ConnectionTrait,
    id: MonitoringId,
) -> Result<Monitoring, Status> {
    sheets::monitoring(conn, id)
        .await
        .map_err(from_db)?
        .ok_or_else(|| status::not_found("Monitoring"))
}

/// Refuses a version that is not the present one; empty = nothing was saved.
pub(super) fn same_version(sheet: Option<&Sheet>, seen: &str) -> Result<(), Status> {
    let present = sheet.map(|sheet| sheet.version);
    if chassis::etag::version(seen) == present && seen.is_empty() == present.is_none() {
        return Ok(());
    }
    Err(status::stale_etag(&etag(sheet)))
}

/// A write that lost a race for the first version.
pub(super) fn written(result: Result<(), sea_orm::DbErr>) -> Result<(), Status> {
    result.map_err(|err| {
        if chassis::db::is_unique_violation(&err) {
            status::stale_etag(&chassis::etag::of(1))
        } else {
            from_db(err)
        }
    })
}

pub(super) fn sheet_sent() -> Status {
    status::precondition("SHEET_SENT", "Лист уже отправлен и не меняется")
}

/// The sheet of a school as the contract shows it.
pub(super) async fn show(
    shared: &Shared,
    conn: &impl ConnectionTrait,
    school: School,
    monitoring: &Monitoring,
    sheet: Option<&Sheet>,
) -> Result<pb::ControlSheet, Status> {
    let mut shown = match sheet.and_then(|sheet| sheet.sent.as_deref()) {
        Some(sent) => pb::ControlSheet::decode(sent).map_err(status::internal)?,
        None => {
            let statements = sheets::statements(conn, school, monitoring.id)
                .await
                .map_err(from_db)?;
            let counted = count(shared, conn, school).await?;
            draft(conn, school, monitoring.kind, &counted, &statements).await?
        }
    };
    let known = copies::school(conn, school).await.map_err(from_db)?;
    shown.school_title = known.map(|known| known.title).unwrap_or_default();
    shown.monitoring = Some(self::announced(monitoring, 0, Sent::default()));
    if let Some(sheet) = sheet {
        shown.state = state(sheet.state).into();
        shown.problems.clone_from(&sheet.problems);
        shown.remark.clone_from(&sheet.remark);
        shown.sent_at = sheet.sent_at.map(convert::timestamp);
        shown.late = sheet.late;
    }
    shown.etag = etag(sheet);
    name(conn, school, &mut shown).await?;
    Ok(shown)
}

/// A sheet that is being filled in, without names: lines counted now, who answers.
pub(super) async fn draft(
    conn: &impl ConnectionTrait,
    school: School,
    kind: Kind,
    counted: &Counted,
    statements: &[Statement],
) -> Result<pb::ControlSheet, Status> {
    let lines = sheet::lines(kind, &counted.facts);
    Ok(pb::ControlSheet {
        school_id: school.id().to_string(),
        state: pb::ControlSheetState::Draft.into(),
        lines: lines
            .iter()
            .map(|one| line(kind, one, statements))
            .collect(),
        responsible: responsible(conn, school, counted.today).await?,
        counted_on: counted.today.to_string(),
        ..Default::default()
    })
}

/// Who answers for the journal, without name and contacts.
pub(super) async fn responsible(
    conn: &impl ConnectionTrait,
    school: School,
    today: Date,
) -> Result<Option<pb::SheetContact>, Status> {
    let found = sheet_facts::administrator(conn, school, today)
        .await
        .map_err(from_db)?;
    Ok(found.map(|(person, post)| pb::SheetContact {
        person_id: person.to_string(),
        post,
        ..Default::default()
    }))
}

/// Writes names and contacts in: they are kept with the cards alone.
async fn name(
    conn: &impl ConnectionTrait,
    school: School,
    shown: &mut pb::ControlSheet,
) -> Result<(), Status> {
    for contact in [&mut shown.responsible, &mut shown.head]
        .into_iter()
        .flatten()
    {
        name_contact(conn, school, contact).await?;
    }
    Ok(())
}

/// Writes name and contacts of one person in.
pub(super) async fn name_contact(
    conn: &impl ConnectionTrait,
    school: School,
    contact: &mut pb::SheetContact,
) -> Result<(), Status> {
    let Ok(person) = contact.person_id.parse::<PersonId>() else {
        return Ok(());
    };
    if let Some((name, contacts)) = copies::contact(conn, school, person)
        .await
        .map_err(from_db)?
    {
        contact.name = Some(convert::person_name(&name));
        contact.phone = contacts.phone;
        contact.email = contacts.email;
    }
    Ok(())
}

/// A line as the contract shows it.
pub(super) fn line(kind: Kind, line: &Line, statements: &[Statement]) -> pb::SheetLine {
    let said = Statement::of(statements, line.title.number);
    let counted = match line.figure {
        Figure::Counted(of) => of,
        _ => sheet::Of::default(),
    };
    pb::SheetLine {
        number: line.title.number.to_owned(),
        title: line.title.text.to_owned(),
        source: match line.source() {
            Source::Counted => pb::LineSource::Counted.into(),
            Source::Stated => pb::LineSource::Stated.into(),
        },
        have: counted.have,
        needed: counted.needed,
        percent: match kind {
            Kind::Databases => line.percent(said),
            Kind::Documents => 0,
        },
        presence: presence(line.presence(said)).into(),
        found: line.found.clone(),
        statement: said.map(statement),
    }
}

fn statement(said: &Statement) -> pb::LineStatement {
    pb::LineStatement {
        number: said.number.clone(),
        percent: said.percent,
        due_on: said.due_on.map(|day| day.to_string()).unwrap_or_default(),
        presence: presence(said.presence).into(),
        note: said.note.clone(),
    }
}

fn presence(presence: Option<Presence>) -> pb::Presence {
    match presence {
        None => pb::Presence::Unspecified,
        Some(Presence::Yes) => pb::Presence::Yes,
        Some(Presence::No) => pb::Presence::No,
    }
}

/// A monitoring as the contract shows it.
pub(super) fn announced(one: &Monitoring, schools: u32, sent: Sent) -> pb::Monitoring {
    pb::Monitoring {
        monitoring_id: one.id.to_string(),
        kind: match one.kind {
            Kind::Databases => pb::ControlSheetKind::Databases.into(),
            Kind::Documents => pb::ControlSheetKind::Documents.into(),
        },
        title: one.title.clone(),
        as_of: one.as_of.to_string(),
        due_on: one.due_on.to_string(),
        school_count: schools,
        sent_count: sent.sent,
        late_count: sent.late,
        etag: chassis::etag::of(one.version),
        own_state: pb::ControlSheetState::Unspecified.into(),
    }
}

/// A state as the contract numbers it.
pub(super) fn state(state: State) -> pb::ControlSheetState {
    match state {
        State::Draft => pb::ControlSheetState::Draft,
        State::Sent => pb::ControlSheetState::Sent,
        State::Returned => pb::ControlSheetState::Returned,
    }
}

fn etag(sheet: Option<&Sheet>) -> String {
    sheet.map_or_else(String::new, |sheet| chassis::etag::of(sheet.version))
}
