//! Curriculum, load and tariff order to proto and back, nothing else.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::schedule::v1 as pb;

use crate::domain::academic_year::AcademicYear;
use crate::domain::load::Load;
use crate::domain::study_document::{Kind, StudyDocument, approved};
use crate::store::ground::Titles;
use crate::store::study_documents::Line;

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn timestamp(at: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: at.as_second(),
        nanos: at.subsec_nanosecond(),
    }
}

/// A kind as sent; not said = none.
pub fn read_kind(kind: pb::StudyDocumentKind) -> Option<Kind> {
    match kind {
        pb::StudyDocumentKind::Unspecified => None,
        pb::StudyDocumentKind::Curriculum => Some(Kind::Curriculum),
        pb::StudyDocumentKind::TeachingLoad => Some(Kind::TeachingLoad),
        pb::StudyDocumentKind::Tariff => Some(Kind::Tariff),
        pb::StudyDocumentKind::Calendar => Some(Kind::Calendar),
    }
}

fn kind(kind: Kind) -> pb::StudyDocumentKind {
    match kind {
        Kind::Curriculum => pb::StudyDocumentKind::Curriculum,
        Kind::TeachingLoad => pb::StudyDocumentKind::TeachingLoad,
        Kind::Tariff => pb::StudyDocumentKind::Tariff,
        Kind::Calendar => pb::StudyDocumentKind::Calendar,
    }
}

/// A version among `all` of its year.
pub fn document(
    school: SchoolId,
    one: &StudyDocument,
    all: &[StudyDocument],
    (today, zone): (Date, &TimeZone),
) -> pb::StudyDocument {
    let last = approved(all, one.kind);
    let state = match one.approval {
        None => pb::StudyDocumentState::Draft,
        Some(_) if last.is_some_and(|last| last.number > one.number) => {
            pb::StudyDocumentState::Replaced
        }
        Some(_) => pb::StudyDocumentState::Approved,
    };
    let load = approved(all, Kind::TeachingLoad).map(|load| load.id);
    let approved_on = one.approval.map(|it| zone.to_datetime(it.at).date());
    pb::StudyDocument {
        study_document_id: one.id.to_string(),
        school_id: school.to_string(),
        academic_year: one.year.to_string(),
        kind: kind(one.kind).into(),
        number: u32::try_from(one.number).unwrap_or_default(),
        state: state.into(),
        title: one.terms.title.clone(),
        order_number: one.terms.order_number.clone(),
        ordered_on: text(one.terms.ordered_on),
        approve_by: text(one.terms.approve_by),
        overdue: one.is_overdue(approved_on, today),
        approved_by: text(one.approval.and_then(|it| it.by)),
        approved_at: one.approval.map(|it| timestamp(it.at)),
        outdated: one.based_on.is_some() && one.based_on != load,
        etag: chassis::etag::of(one.version),
        saved_at: Some(timestamp(one.saved_at)),
    }
}

/// A line of a curriculum.
pub fn line(line: &Line, titles: &Titles) -> pb::CurriculumLine {
    pb::CurriculumLine {
        grade: line.grade.into(),
        subject_title: titles
            .subjects
            .get(&line.subject)
            .cloned()
            .unwrap_or_default(),
        weekly_hours_hundredths: line.weekly_hours_hundredths,
        yearly_hours: line.yearly_hours,
        subject_id: line.subject.to_string(),
    }
}

/// A load.
pub fn load(
    school: SchoolId,
    year: AcademicYear,
    load: &Load,
    titles: &Titles,
) -> pb::TeachingLoad {
    pb::TeachingLoad {
        teaching_load_id: load.id.to_string(),
        school_id: school.to_string(),
        academic_year: year.to_string(),
        group_id: load.group.to_string(),
        subject_id: load.subject.to_string(),
        subject_title: titles
            .subjects
            .get(&load.subject)
            .cloned()
            .unwrap_or_default(),
        teacher_id: load.teacher.to_string(),
        weekly_hours_hundredths: load.weekly_hours_hundredths,
        starts_on: load.starts_on.to_string(),
        ends_on: text(load.ends_on),
    }
}
