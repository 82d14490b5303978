//! Decisions on how the journal is kept, between the contract and the domain, and what is
//! shown beside them.

use std::collections::HashMap;

use chassis::status;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, DbErr};
use tonic::Status;
use zhurnal_proto::id::{ClassId, JournalModeId, PersonId, RegistryRecordId};
use zhurnal_proto::roster::v1 as pb;

use super::{convert, parse};
use crate::domain::academic_year;
use crate::domain::journal_mode::{self, Baseless, Kind, Mode, Subject};
use crate::domain::record::{Name, SchoolClass};
use crate::domain::registry::Record;
use crate::domain::text::tidy;
use crate::store::journal_modes::Kept;
use crate::store::{School, classes, people, registries};

/// What a caller wants to be decided.
pub(super) fn wanted(id: JournalModeId, mode: &pb::JournalMode) -> Result<Mode, Status> {
    let class: Option<ClassId> = parse::optional_id("mode.classId", &mode.class_id)?;
    let pupil: Option<PersonId> = parse::optional_id("mode.pupilId", &mode.pupil_id)?;
    let subject = match (class, pupil) {
        (None, None) => Subject::School,
        (Some(class), None) => Subject::Class(class),
        (None, Some(pupil)) => Subject::Pupil(pupil),
        (Some(_), Some(_)) => {
            let message = "Выберите либо класс, либо ученика";
            return Err(status::invalid_field(
                "mode.pupilId",
                "ONE_SUBJECT",
                message,
            ));
        }
    };
    let kind = match mode.kind() {
        pb::JournalModeKind::Preparation => Kind::Preparation,
        pb::JournalModeKind::Pilot => Kind::Pilot,
        pb::JournalModeKind::Paperless => Kind::Paperless,
        pb::JournalModeKind::Paper => Kind::Paper,
        pb::JournalModeKind::Unspecified => {
            return Err(status::invalid_field(
                "mode.kind",
                "REQUIRED",
                "Выберите режим",
            ));
        }
    };
    let wanted = Mode {
        id,
        kind,
        subject,
        starts_on: parse::date("mode.startsOn", &mode.starts_on)?,
        ends_on: parse::optional_date("mode.endsOn", &mode.ends_on)?,
        local_act: parse::optional_id("mode.localActId", &mode.local_act_id)?,
        contract: parse::optional_id("mode.contractId", &mode.contract_id)?,
        order_number: tidy(&mode.order_number),
        order_date: parse::optional_date("mode.orderDate", &mode.order_date)?,
        withdrawn: None,
    };
    let broken = wanted.broken();
    if broken.is_empty() {
        return Ok(wanted);
    }
    Err(status::invalid(broken.into_iter().map(
        |(field, rule, message)| status::violation(format!("mode.{field}"), rule, message),
    )))
}

/// The refusal of a decision that rests on nothing.
pub(super) fn baseless(why: Baseless) -> Status {
    match why {
        Baseless::LocalAct => status::precondition(
            "LOCAL_ACT_NEEDED",
            "Назовите положение, регламент или приказ, который в этот день действует",
        ),
        Baseless::Contract => status::precondition(
            "CONTRACT_NEEDED",
            "Назовите договор с оператором, который в этот день действует",
        ),
    }
}

/// A decision as the feed tells it: without names and what depends on the day.
pub(crate) fn announced(kept: &Kept) -> pb::JournalMode {
    let mode = &kept.mode;
    let (class_id, pupil_id) = match mode.subject {
        Subject::School => (String::new(), String::new()),
        Subject::Class(class) => (class.to_string(), String::new()),
        Subject::Pupil(pupil) => (String::new(), pupil.to_string()),
    };
    let id = |id: Option<RegistryRecordId>| id.map(|id| id.to_string()).unwrap_or_default();
    pb::JournalMode {
        mode_id: mode.id.to_string(),
        kind: kind(mode.kind).into(),
        class_id,
        pupil_id,
        starts_on: mode.starts_on.to_string(),
        ends_on: convert::date(mode.ends_on),
        local_act_id: id(mode.local_act),
        contract_id: id(mode.contract),
        order_number: mode.order_number.clone(),
        order_date: convert::date(mode.order_date),
        withdrawn: mode.withdrawn.is_some(),
        withdrawn_reason: mode.withdrawn.clone().unwrap_or_default(),
        changed_at: Some(convert::stored(kept.at_us)),
        etag: chassis::etag::of(kept.version),
        ..Default::default()
    }
}

pub(super) const fn kind(kind: Kind) -> pb::JournalModeKind {
    match kind {
        Kind::Preparation => pb::JournalModeKind::Preparation,
        Kind::Pilot => pb::JournalModeKind::Pilot,
        Kind::Paperless => pb::JournalModeKind::Paperless,
        Kind::Paper => pb::JournalModeKind::Paper,
    }
}

/// What an answer says of decisions beside themselves.
pub(super) struct Beside {
    today: Date,
    modes: Vec<Mode>,
    classes: HashMap<ClassId, SchoolClass>,
    names: HashMap<PersonId, Name>,
    records: HashMap<RegistryRecordId, Record>,
}

impl Beside {
    /// For the decisions shown, of all those of the school.
    pub(super) async fn load(
        conn: &impl ConnectionTrait,
        school: School,
        today: Date,
        (shown, all): (&[Kept], &[Kept]),
    ) -> Result<Self, DbErr> {
        let pupils = shown.iter().filter_map(|kept| match kept.mode.subject {
            Subject::Pupil(pupil) => Some(pupil),
            _ => None,
        });
        let mut found = HashMap::new();
        let mut records = HashMap::new();
        for Kept { mode, .. } in shown {
            if let Subject::Class(id) = mode.subject
                && let Some(class) = classes::get(conn, school, id).await?
            {
                found.insert(id, class);
            }
            for id in [mode.local_act, mode.contract].into_iter().flatten() {
                if !records.contains_key(&id)
                    && let Some(kept) = registries::get(conn, school, id).await?
                {
                    records.insert(id, kept.record);
                }
            }
        }
        Ok(Self {
            today,
            modes: all.iter().map(|kept| kept.mode.clone()).collect(),
            classes: found,
            names: people::names(conn, school, pupils.collect()).await?,
            records,
        })
    }

    /// It is about no class, or about one of the present academic year: a class ends with it.
    fn is_of_present_class(&self, mode: &Mode) -> bool {
        let Subject::Class(id) = mode.subject else {
            return true;
        };
        let year = self.classes.get(&id).map(|class| &class.academic_year);
        year.is_some_and(|year| academic_year::within(year, self.today) == self.today)
    }

    /// A decision as answers show one.
    pub(super) fn show(&self, kept: &Kept) -> pb::JournalMode {
        let mode = &kept.mode;
        let mut shown = announced(kept);
        match mode.subject {
            Subject::School => {}
            Subject::Class(id) => {
                let class = self.classes.get(&id);
                shown.class_title = class.map(|class| class.title.clone()).unwrap_or_default();
            }
            Subject::Pupil(id) => shown.pupil_name = self.names.get(&id).map(convert::name),
        }
        let named = |id: Option<RegistryRecordId>| id.and_then(|id| self.records.get(&id));
        let (act, contract) = (named(mode.local_act), named(mode.contract));
        shown.local_act_title = act.map(title).unwrap_or_default();
        shown.contract_title = contract.map(title).unwrap_or_default();
        shown.in_force =
            self.is_of_present_class(mode) && journal_mode::counts(mode, &self.modes, self.today);
        let ended =
            |record: Option<&Record>| record.is_some_and(|one| !one.is_in_force(self.today));
        shown.basis_ended = shown.in_force && (ended(act) || ended(contract));
        shown.changed_by = kept.by.clone();
        shown
    }
}

/// `Положение об электронном журнале № 12`.
fn title(record: &Record) -> String {
    if record.number.is_empty() {
        record.title.clone()
    } else {
        format!("{} № {}", record.title, record.number)
    }
}
