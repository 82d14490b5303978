//! A school's profile between the contract and the domain, and what is shown beside it.

use std::collections::BTreeSet;

use chassis::status;
use jiff::civil::Date;
use sea_orm::ConnectionTrait;
use tonic::Status;
use zhurnal_proto::roster::v1 as pb;

use super::convert;
use crate::Roster;
use crate::domain::duty::Duty;
use crate::domain::record;
use crate::domain::school_profile::{Changed, Confirmation, Field, Profile, State, state};
use crate::store::profiles::{self, Version};
use crate::store::{School, classes, staff};

/// What a request writes.
pub(super) fn wanted(entry: &pb::SchoolProfileEntry) -> Result<Profile, Status> {
    let entry = entry.clone();
    let profile = Profile {
        full_title: entry.full_title,
        short_title: entry.short_title,
        inn: entry.inn,
        ogrn: entry.ogrn,
        legal_address: entry.legal_address,
        actual_address: entry.actual_address,
        phone: entry.phone,
        email: entry.email,
        site: entry.site,
        journal_page: entry.journal_page,
        buildings: entry.building_count,
    };
    profile.checked().map_err(|broken| {
        let violations = broken.into_iter().map(|(field, rule, message)| {
            status::violation(format!("entry.{field}"), rule, message)
        });
        status::invalid(violations)
    })
}

/// The profile as answers show it.
pub(super) async fn show(
    roster: &Roster,
    conn: &impl ConnectionTrait,
    (school, found): (School, &record::School),
    may_write: bool,
) -> Result<pb::SchoolProfile, Status> {
    let today = roster.today(&found.time_zone);
    let latest = profiles::latest(conn, school).await;
    let latest = latest.map_err(status::from_db)?;
    let confirmed = profiles::last_confirmed(conn, school).await;
    let confirmed = confirmed.map_err(status::from_db)?;
    let director = staff::first_with(conn, school, (Duty::Director, today)).await;
    let director = director.map_err(status::from_db)?;
    let classes = classes::of_year(conn, school, &found.academic_year).await;
    let classes = classes.map_err(status::from_db)?;
    let shifts: BTreeSet<u8> = classes.iter().map(|class| class.shift).collect();
    let mut shown = pb::SchoolProfile {
        school_id: school.id().to_string(),
        director_name: director.as_ref().map(convert::name),
        shift_count: u32::try_from(shifts.len()).unwrap_or(u32::MAX),
        may_write,
        state: pb::SchoolProfileState::Empty.into(),
        ..Default::default()
    };
    let Some(latest) = latest else {
        shown.missing = Field::ALL
            .into_iter()
            .map(|one| field(one).into())
            .collect();
        return Ok(shown);
    };
    let confirmation = confirmed.as_ref().and_then(|version| {
        Some(Confirmation {
            on: version.confirmed_on?,
            changed_later: version.number != latest.number,
        })
    });
    shown.state = state_of(roster, Some(confirmation), today).into();
    if let Some(confirmed) = confirmed {
        shown.confirmed_on = convert::date(confirmed.confirmed_on);
        shown.confirmed_by = confirmed.by;
    }
    let missing = latest.profile.missing();
    shown.missing = missing.into_iter().map(|one| field(one).into()).collect();
    shown.etag = chassis::etag::of(latest.number);
    shown.entry = Some(entry(latest.profile));
    Ok(shown)
}

/// How current a profile is; without any: nobody has filled it in.
pub(super) fn state_of(
    roster: &Roster,
    profile: Option<Option<Confirmation>>,
    today: Date,
) -> pb::SchoolProfileState {
    let days = roster.config.profile_confirm_days;
    match profile.map_or(State::Empty, |last| state(last, today, days)) {
        State::Empty => pb::SchoolProfileState::Empty,
        State::Unconfirmed => pb::SchoolProfileState::Unconfirmed,
        State::Confirmed => pb::SchoolProfileState::Confirmed,
        State::Changed => pb::SchoolProfileState::Changed,
        State::Due => pb::SchoolProfileState::Due,
    }
}

/// A version as the history shows it, beside the one before it.
pub(super) fn version(of: &Version, before: Option<&Version>) -> pb::SchoolProfileVersion {
    let empty = Profile::default();
    let before = before.map_or(&empty, |version| &version.profile);
    let changed = before.changed_to(&of.profile);
    pb::SchoolProfileVersion {
        etag: chassis::etag::of(of.number),
        at: Some(convert::stored(of.at_us)),
        by: of.by.clone(),
        confirmed: of.confirmed_on.is_some(),
        changes: changed.into_iter().map(change).collect(),
    }
}

fn change((what, old_value, new_value): Changed) -> pb::SchoolProfileChange {
    pb::SchoolProfileChange {
        field: field(what).into(),
        old_value,
        new_value,
    }
}

fn entry(profile: Profile) -> pb::SchoolProfileEntry {
    pb::SchoolProfileEntry {
        full_title: profile.full_title,
        short_title: profile.short_title,
        inn: profile.inn,
        ogrn: profile.ogrn,
        legal_address: profile.legal_address,
        actual_address: profile.actual_address,
        phone: profile.phone,
        email: profile.email,
        site: profile.site,
        journal_page: profile.journal_page,
        building_count: profile.buildings,
    }
}

const fn field(field: Field) -> pb::SchoolProfileField {
    match field {
        Field::FullTitle => pb::SchoolProfileField::FullTitle,
        Field::ShortTitle => pb::SchoolProfileField::ShortTitle,
        Field::Inn => pb::SchoolProfileField::Inn,
        Field::Ogrn => pb::SchoolProfileField::Ogrn,
        Field::LegalAddress => pb::SchoolProfileField::LegalAddress,
        Field::ActualAddress => pb::SchoolProfileField::ActualAddress,
        Field::Phone => pb::SchoolProfileField::Phone,
        Field::Email => pb::SchoolProfileField::Email,
        Field::Site => pb::SchoolProfileField::Site,
        Field::JournalPage => pb::SchoolProfileField::JournalPage,
        Field::Buildings => pb::SchoolProfileField::BuildingCount,
    }
}
