//! Timetable of the demo school: the one in force, and a draft in which a lesson stands in
//! the way of another.

use anyhow::Context;
use chassis::lifecycle::Running;
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;
use zhurnal_proto::schedule::v1::timetable_operation::Action;

/// Puts the draft as the school's deputy, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let cx = running.context("schedule").context("schedule runs here")?;
    let Some(deputy) = super::person(seeded, DemoRole::Deputy) else {
        return Ok(());
    };
    let channel = super::channel(running, seeded, (deputy, "DEPUTY"), "schedule")?;
    let mut calls = ScheduleServiceClient::new(channel);
    let school_id = seeded.school_id.to_string();
    let request = pb::ListTimetablesRequest {
        school_id: school_id.clone(),
        academic_year: String::new(),
    };
    let versions = calls
        .list_timetables(request)
        .await?
        .into_inner()
        .timetables;
    let [imported] = &versions[..] else {
        return Ok(());
    };
    let request = pb::CreateTimetableRequest {
        school_id: school_id.clone(),
        source_timetable_id: imported.timetable_id.clone(),
        title: "Пробный черновик с ошибкой".to_owned(),
        request_id: cx.ids.uuid().to_string(),
    };
    let draft = calls
        .create_timetable(request)
        .await?
        .into_inner()
        .timetable;
    let draft = draft.context("the draft")?;
    let request = pb::GetTimetableVersionRequest {
        school_id: school_id.clone(),
        timetable_id: draft.timetable_id.clone(),
    };
    let entries = calls
        .get_timetable_version(request)
        .await?
        .into_inner()
        .entries;
    let Some(clash) = clash(&entries) else {
        return Ok(());
    };
    let request = pb::ChangeTimetableRequest {
        school_id,
        timetable_id: draft.timetable_id,
        etag: draft.etag,
        operations: vec![pb::TimetableOperation {
            action: Some(Action::Move(clash)),
        }],
        request_id: cx.ids.uuid().to_string(),
    };
    calls.change_timetable(request).await?;
    Ok(())
}

/// Moves a group's last lesson of the week onto its first one, where teacher and room differ.
fn clash(entries: &[pb::TimetableEntry]) -> Option<pb::MoveTimetableEntry> {
    let first = entries.first()?;
    let moved = entries.iter().rev().find(|one| {
        one.group_id == first.group_id
            && one.weekday != first.weekday
            && one.teacher_id != first.teacher_id
            && one.room != first.room
    });
    let moved = moved.or_else(|| {
        entries
            .iter()
            .rev()
            .find(|one| one.group_id == first.group_id)
    })?;
    Some(pb::MoveTimetableEntry {
        timetable_entry_id: moved.timetable_entry_id.clone(),
        weekday: first.weekday,
        lesson_number: first.lesson_number,
        week: 0,
    })
}
