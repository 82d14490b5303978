//! People, records of other services and operations, ready to use.

use super::*;

pub fn staff(number: u128, roles: &[&str]) -> User {
    User {
        account: AccountId::from_uuid(uuid(number + 50_000)),
        session: SessionId::from_uuid(uuid(number + 60_000)),
        kind: UserKind::Staff,
        person: Some(person(number)),
        persons: Vec::new(),
        school: Some(school()),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        municipality: None,
        region: false,
        display: String::new(),
    }
}

pub fn family(cards: &[u128]) -> User {
    User {
        account: AccountId::from_uuid(uuid(cards.first().copied().unwrap_or(0) + 50_000)),
        session: SessionId::from_uuid(uuid(70_000)),
        kind: UserKind::Family,
        person: None,
        persons: cards.iter().map(|card| person(*card)).collect(),
        school: None,
        roles: Vec::new(),
        municipality: None,
        region: false,
        display: String::new(),
    }
}

/// Mathematics of 5-А on 1 September, lesson 1.
pub fn a_lesson(id: u128) -> schedule::Lesson {
    schedule::Lesson {
        lesson_id: lesson(id).to_string(),
        school_id: school().to_string(),
        academic_year: "2026/2027".into(),
        date: "2026-09-01".into(),
        lesson_number: 1,
        starts_at: "08:30".into(),
        ends_at: "09:15".into(),
        group_id: group_id(GROUP_5A),
        group_title: "5-А".into(),
        class_id: class_id(CLASS_5A),
        grade: 5,
        subject_id: subject_id(MATHS),
        subject_title: "Математика".into(),
        teacher_id: person(TEACHER).to_string(),
        room: "12".into(),
        state: schedule::LessonState::Planned.into(),
        ..Default::default()
    }
}

pub fn russian(lesson: schedule::Lesson) -> schedule::Lesson {
    schedule::Lesson {
        subject_id: subject_id(RUSSIAN),
        subject_title: "Русский язык".into(),
        teacher_id: person(OTHER_TEACHER).to_string(),
        ..lesson
    }
}

pub fn membership(group: u128, pupil: u128, from: &str, to: &str) -> roster::GroupMembership {
    roster::GroupMembership {
        school_id: school().to_string(),
        group_id: group_id(group),
        pupil_id: person(pupil).to_string(),
        starts_on: from.into(),
        ends_on: to.into(),
    }
}

pub fn guardian(guardian: u128, pupil: u128, is_representative: bool) -> roster::GuardianLink {
    roster::GuardianLink {
        guardian_link_id: GuardianLinkId::from_uuid(uuid(guardian + 20_000)).to_string(),
        school_id: school().to_string(),
        guardian_id: person(guardian).to_string(),
        pupil_id: person(pupil).to_string(),
        is_representative,
        starts_on: "2026-08-30".into(),
        ..Default::default()
    }
}

pub fn supervision(deputy: u128, from: u32, to: u32, ends_on: &str) -> roster::Supervision {
    roster::Supervision {
        supervision_id: SupervisionId::from_uuid(uuid(deputy + 30_000)).to_string(),
        school_id: school().to_string(),
        person_id: person(deputy).to_string(),
        grade_from: from,
        grade_to: to,
        starts_on: "2026-08-30".into(),
        ends_on: ends_on.into(),
    }
}

pub fn class_id(n: u128) -> String {
    ClassId::from_uuid(uuid(n)).to_string()
}

pub fn group_id(n: u128) -> String {
    GroupId::from_uuid(uuid(n)).to_string()
}

pub fn subject_id(n: u128) -> String {
    SubjectId::from_uuid(uuid(n)).to_string()
}

pub fn period_id(n: u128) -> String {
    PeriodId::from_uuid(uuid(n)).to_string()
}

fn operation(of: u128, pupil: u128, action: Action) -> pb::MarkOperation {
    pb::MarkOperation {
        lesson_id: lesson(of).to_string(),
        pupil_id: person(pupil).to_string(),
        slot: 1,
        action: Some(action),
        ..Default::default()
    }
}

pub fn mark(pupil: u128, value: &str) -> pb::MarkOperation {
    operation(
        LESSON,
        pupil,
        Action::SetMark(pb::SetMark {
            value: value.into(),
            ..Default::default()
        }),
    )
}

pub fn commented(pupil: u128, value: &str, comment: &str) -> pb::MarkOperation {
    let set = pb::SetMark {
        value: value.into(),
        comment: comment.into(),
        ..Default::default()
    };
    operation(LESSON, pupil, Action::SetMark(set))
}

pub fn clear(pupil: u128) -> pb::MarkOperation {
    operation(LESSON, pupil, Action::ClearMark(pb::ClearMark {}))
}

pub fn attend(pupil: u128, attendance: pb::Attendance, comment: &str) -> pb::MarkOperation {
    let set = pb::SetAttendance {
        attendance: attendance.into(),
        late_minutes: 0,
        comment: comment.into(),
    };
    operation(LESSON, pupil, Action::SetAttendance(set))
}

/// The same operation at another lesson.
pub fn at_lesson(of: u128, operation: pb::MarkOperation) -> pb::MarkOperation {
    pb::MarkOperation {
        lesson_id: lesson(of).to_string(),
        ..operation
    }
}

/// The same operation by somebody who saw a revision.
pub fn seen(base_revision: i64, operation: pb::MarkOperation) -> pb::MarkOperation {
    pb::MarkOperation {
        base_revision,
        ..operation
    }
}

pub fn verdicts(results: &[pb::MarkResult]) -> Vec<pb::MarkVerdict> {
    results.iter().map(pb::MarkResult::verdict).collect()
}

pub fn reasons(results: &[pb::MarkResult]) -> Vec<&str> {
    results
        .iter()
        .map(|result| result.reason.as_str())
        .collect()
}
