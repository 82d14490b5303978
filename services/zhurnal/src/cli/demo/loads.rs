//! Curriculum and load of the demo school: a curriculum that waits for the director, made of
//! the hours that the classes have.

use std::collections::BTreeMap;

use anyhow::Context;
use chassis::lifecycle::Running;
use roster::demo::{DemoRole, Seeded};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::schedule_service_client::ScheduleServiceClient;

/// Hours of the curriculum above those of the load, so that the sums show something.
const MORE: u32 = 50;

/// Puts both as the school's deputy, once.
pub(super) async fn put(running: &Running, seeded: &Seeded) -> anyhow::Result<()> {
    let cx = running.context("schedule").context("schedule runs here")?;
    let Some(deputy) = super::person(seeded, DemoRole::Deputy) else {
        return Ok(());
    };
    let channel = super::channel(running, seeded, (deputy, "DEPUTY"), "schedule")?;
    let mut calls = ScheduleServiceClient::new(channel);
    let school_id = seeded.school_id.to_string();
    let request = pb::ListStudyDocumentsRequest {
        school_id: school_id.clone(),
        academic_year: String::new(),
    };
    let known = calls.list_study_documents(request).await?.into_inner();
    if !known.study_documents.is_empty() {
        return Ok(());
    }
    let request = pb::GetLoadSummaryRequest {
        school_id: school_id.clone(),
        ..Default::default()
    };
    let sums = calls.get_load_summary(request).await?.into_inner();
    let save = |kind: pb::StudyDocumentKind, title: &str, lines| pb::SaveStudyDocumentRequest {
        school_id: school_id.clone(),
        kind: kind.into(),
        title: title.to_owned(),
        curriculum_lines: lines,
        request_id: cx.ids.uuid().to_string(),
        ..Default::default()
    };
    let curriculum = save(
        pb::StudyDocumentKind::Curriculum,
        "Примерный",
        lines(&sums.classes),
    );
    calls.save_study_document(curriculum).await?;
    let load = save(pb::StudyDocumentKind::TeachingLoad, "", Vec::new());
    calls.save_study_document(load).await?;
    Ok(())
}

/// The most hours of each grade and subject, a little more in the first of them.
fn lines(classes: &[pb::ClassHours]) -> Vec<pb::CurriculumLine> {
    let mut hours: BTreeMap<(u32, &str), u32> = BTreeMap::new();
    for class in classes {
        for subject in &class.subjects {
            let known = hours
                .entry((class.grade, &subject.subject_title))
                .or_default();
            *known = subject.most_hours_hundredths.max(*known);
        }
    }
    let line = |(at, ((grade, title), hours)): (usize, ((u32, &str), u32))| pb::CurriculumLine {
        grade,
        subject_title: title.to_owned(),
        weekly_hours_hundredths: if at == 0 { hours + MORE } else { hours },
        ..Default::default()
    };
    hours.into_iter().enumerate().map(line).collect()
}
