//! Events as the producers make them, from names: the same name, the same id.

use uuid::Uuid;
use zhurnal_proto::grading::v1 as grading;
use zhurnal_proto::grading::v1::grading_event::Change as Graded;
use zhurnal_proto::id::{
    ClassId, EnrolmentId, GroupId, GuardianLinkId, Id, JournalId, JournalModeId, LessonId,
    MunicipalityId, PeriodId, PersonId, RegistryRecordId, SchoolId, SubjectId, TeachingLoadId,
};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change as Told;
use zhurnal_proto::schedule::v1 as schedule;
use zhurnal_proto::schedule::v1::schedule_event::Change as Planned;
use zhurnal_proto::types::v1::{Fraction, PersonName};

/// The id that stands for a name.
pub fn id<T: Id>(name: &str) -> T {
    let hash = |seed: u64| {
        name.bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
    };
    T::from_uuid(Uuid::from_u64_pair(hash(1), hash(2)))
}

fn text<T: Id>(name: &str) -> String {
    if name.is_empty() {
        String::new()
    } else {
        id::<T>(name).to_string()
    }
}

/// A school.
pub fn a_school(name: &str) -> Told {
    let school = roster::School {
        school_id: text::<SchoolId>(name),
        title: format!("МБОУ «Средняя школа {name}»"),
        municipality: "г. Симферополь".into(),
        academic_year: "2026/2027".into(),
        study_week_days: 5,
        time_zone: "Europe/Simferopol".into(),
        state: roster::SchoolState::Active.into(),
        etag: "v1".into(),
        municipality_id: text::<MunicipalityId>("Симферополь"),
    };
    Told::SchoolChanged(roster::SchoolChanged {
        school: Some(school),
    })
}

/// An employee from the first of September.
pub fn an_employee(name: &str, post: &str, duties: &[roster::Duty]) -> roster::StaffMember {
    roster::StaffMember {
        person_id: text::<PersonId>(name),
        post: post.into(),
        duties: duties.iter().map(|duty| (*duty).into()).collect(),
        starts_on: "2026-09-01".into(),
        ..Default::default()
    }
}

/// A mother from the first of September.
pub fn a_mother(name: &str, pupil: &str) -> roster::GuardianLink {
    roster::GuardianLink {
        guardian_link_id: text::<GuardianLinkId>(&format!("{name} {pupil}")),
        guardian_id: text::<PersonId>(name),
        pupil_id: text::<PersonId>(pupil),
        relation: "мать".into(),
        is_representative: true,
        starts_on: "2026-09-01".into(),
        ..Default::default()
    }
}

/// A record of a registry.
pub fn a_record(name: &str, entry: roster::registry_record::Entry) -> roster::RegistryRecord {
    roster::RegistryRecord {
        record_id: text::<RegistryRecordId>(name),
        entry: Some(entry),
        etag: "v1".into(),
        ..Default::default()
    }
}

/// Records of the registries are added or changed.
pub fn records(records: Vec<roster::RegistryRecord>) -> Told {
    Told::RegistryRecordsChanged(roster::RegistryRecordsChanged {
        records,
        removed_ids: Vec::new(),
    })
}

/// A pupil's journal is kept on paper from a day on.
pub fn a_paper_journal(pupil: &str, starts_on: &str) -> roster::JournalMode {
    roster::JournalMode {
        mode_id: text::<JournalModeId>(pupil),
        kind: roster::JournalModeKind::Paper.into(),
        pupil_id: text::<PersonId>(pupil),
        starts_on: starts_on.into(),
        ..Default::default()
    }
}

/// Decisions on how journals are kept.
pub fn modes(modes: Vec<roster::JournalMode>) -> Told {
    Told::JournalModesChanged(roster::JournalModesChanged { modes })
}

/// A load from the first of September.
pub fn a_load(group: &str, subject: &str, teacher: &str) -> schedule::TeachingLoad {
    schedule::TeachingLoad {
        teaching_load_id: text::<TeachingLoadId>(&format!("{group} {subject} {teacher}")),
        academic_year: "2026/2027".into(),
        group_id: text::<GroupId>(group),
        subject_id: text::<SubjectId>(subject),
        subject_title: subject.into(),
        teacher_id: text::<PersonId>(teacher),
        weekly_hours_hundredths: 400,
        starts_on: "2026-09-01".into(),
        ..Default::default()
    }
}

/// A name: the surname is the name of the card.
pub fn a_card(name: &str, given_name: &str, patronymic: &str) -> Told {
    let card = roster::PersonCard {
        person_id: text::<PersonId>(name),
        name: Some(PersonName {
            surname: name.into(),
            given_name: given_name.into(),
            patronymic: patronymic.into(),
        }),
        // As roster makes it: Ё after Е.
        sort_key: format!("{name} {given_name}")
            .to_lowercase()
            .replace('ё', "е\u{fffd}"),
        ..Default::default()
    };
    Told::PeopleChanged(roster::PeopleChanged { people: vec![card] })
}

/// A class.
pub fn a_class(title: &str, grade: u32, letter: &str, teacher: &str) -> Told {
    let class = roster::SchoolClass {
        class_id: text::<ClassId>(title),
        academic_year: "2026/2027".into(),
        grade,
        letter: letter.into(),
        title: title.into(),
        shift: 1,
        class_teacher_id: text::<PersonId>(teacher),
        ..Default::default()
    };
    Told::ClassesChanged(roster::ClassesChanged {
        classes: vec![class],
        removed_ids: Vec::new(),
    })
}

/// A group.
pub fn a_group(title: &str, kind: roster::GroupKind, class: &str) -> Told {
    let group = roster::Group {
        group_id: text::<GroupId>(title),
        academic_year: "2026/2027".into(),
        title: title.into(),
        kind: kind.into(),
        class_id: text::<ClassId>(class),
        ..Default::default()
    };
    Told::GroupsChanged(roster::GroupsChanged {
        groups: vec![group],
        removed_ids: Vec::new(),
    })
}

/// A pupil of a class, from the first of September, full time.
pub fn a_pupil(name: &str, class: &str) -> roster::Enrolment {
    roster::Enrolment {
        enrolment_id: text::<EnrolmentId>(&format!("{name} {class}")),
        pupil_id: text::<PersonId>(name),
        class_id: text::<ClassId>(class),
        education_form: roster::EducationForm::FullTime.into(),
        starts_on: "2026-09-01".into(),
        ..Default::default()
    }
}

/// A membership from the first of September.
pub fn a_membership(pupil: &str, group: &str) -> roster::GroupMembership {
    roster::GroupMembership {
        group_id: text::<GroupId>(group),
        pupil_id: text::<PersonId>(pupil),
        starts_on: "2026-09-01".into(),
        ..Default::default()
    }
}

/// The year's calendar: quarters for 1–9, half-years for 10–11.
pub fn a_calendar() -> Planned {
    use schedule::PeriodKind::{HalfYear, Quarter};
    let period = |title: &str, kind: schedule::PeriodKind, starts_on: &str, ends_on: &str| {
        let (grade_from, grade_to) = if kind == Quarter { (1, 9) } else { (10, 11) };
        schedule::Period {
            period_id: text::<PeriodId>(title),
            title: title.into(),
            kind: kind.into(),
            starts_on: starts_on.into(),
            ends_on: ends_on.into(),
            grade_from,
            grade_to,
            ..Default::default()
        }
    };
    let calendar = schedule::Calendar {
        academic_year: "2026/2027".into(),
        periods: vec![
            period("1 четверть", Quarter, "2026-09-01", "2026-10-23"),
            period("2 четверть", Quarter, "2026-11-02", "2026-12-30"),
            period("1 полугодие", HalfYear, "2026-09-01", "2026-12-30"),
        ],
        ..Default::default()
    };
    Planned::CalendarChanged(schedule::CalendarChanged {
        calendar: Some(calendar),
    })
}

/// A lesson of a class as a whole: number 1 is 08:30–09:10, an hour for each next.
pub fn a_lesson(
    name: &str,
    date: &str,
    number: u32,
    class: &str,
    subject: &str,
    teacher: &str,
) -> schedule::Lesson {
    let grade = class
        .split('-')
        .next()
        .and_then(|grade| grade.parse().ok())
        .unwrap_or(5);
    schedule::Lesson {
        lesson_id: text::<LessonId>(name),
        academic_year: "2026/2027".into(),
        date: date.into(),
        lesson_number: number,
        starts_at: format!("{:02}:30", 7 + number),
        ends_at: format!("{:02}:10", 8 + number),
        group_id: text::<GroupId>(class),
        group_title: class.into(),
        class_id: text::<ClassId>(class),
        grade,
        subject_id: text::<SubjectId>(subject),
        subject_title: subject.into(),
        teacher_id: text::<PersonId>(teacher),
        state: schedule::LessonState::Planned.into(),
        etag: "v1".into(),
        ..Default::default()
    }
}

/// Lessons as announced.
pub fn lessons(lessons: Vec<schedule::Lesson>) -> Planned {
    Planned::LessonsChanged(schedule::LessonsChanged { lessons })
}

/// Journal of a group and subject.
fn journal(group: &str, subject: &str) -> String {
    text::<JournalId>(&format!("{group} {subject}"))
}

/// A journal is opened.
pub fn opened(group: &str, subject: &str) -> Graded {
    let journal = grading::Journal {
        journal_id: journal(group, subject),
        academic_year: "2026/2027".into(),
        group_id: text::<GroupId>(group),
        subject_id: text::<SubjectId>(subject),
        ..Default::default()
    };
    Graded::JournalOpened(grading::JournalOpened {
        journal: Some(journal),
    })
}

/// A cell with marks as written and «н», «б», «у», «оп» or nothing.
pub fn cell(
    lesson: &str,
    date: &str,
    pupil: &str,
    marks: &[&str],
    attendance: &str,
) -> grading::ChangedCell {
    use grading::Attendance::{Absent, Excused, Ill, Late, Unspecified};
    let attendance = match attendance {
        "н" => Absent,
        "б" => Ill,
        "у" => Excused,
        "оп" => Late,
        "" => Unspecified,
        other => panic!("{other}"),
    };
    let mark = |(slot, value): (u32, &&str)| grading::Mark {
        slot,
        value: (*value).into(),
        exact: exact(value),
        revision: 1,
        ..Default::default()
    };
    let cell = grading::Cell {
        lesson_id: text::<LessonId>(lesson),
        pupil_id: text::<PersonId>(pupil),
        marks: (1..).zip(marks).map(mark).collect(),
        attendance: attendance.into(),
        ..Default::default()
    };
    grading::ChangedCell {
        cell: Some(cell),
        date: date.into(),
        ..Default::default()
    }
}

/// A cell that was cleared.
pub fn present(lesson: &str, date: &str, pupil: &str) -> grading::ChangedCell {
    cell(lesson, date, pupil, &[], "")
}

fn exact(value: &str) -> Option<Fraction> {
    let point = |text: &str| text.parse::<i64>().ok();
    match value.split_once('/') {
        None => Some(Fraction {
            numerator: point(value)?,
            denominator: 1,
        }),
        Some((one, other)) => {
            let sum = point(one)? + point(other)?;
            Some(if sum % 2 == 0 {
                Fraction {
                    numerator: sum / 2,
                    denominator: 1,
                }
            } else {
                Fraction {
                    numerator: sum,
                    denominator: 2,
                }
            })
        }
    }
}

/// Cells of a journal changed.
pub fn cells(group: &str, subject: &str, cells: Vec<grading::ChangedCell>) -> Graded {
    let journal_id = journal(group, subject);
    Graded::CellsChanged(grading::CellsChanged {
        journal_id,
        subject_id: text::<SubjectId>(subject),
        cells,
    })
}

/// A lesson is recorded.
pub fn entry(
    lesson: &str,
    date: &str,
    group: &str,
    subject: &str,
    has_homework: bool,
    late: bool,
) -> Graded {
    Graded::LessonRecorded(grading::LessonRecorded {
        journal_id: journal(group, subject),
        lesson_id: text::<LessonId>(lesson),
        date: date.into(),
        has_topic: true,
        has_homework,
        late,
        ..Default::default()
    })
}

/// A checkpoint is signed.
pub fn checkpoint(day: &str, tree_size: i64, root: &str) -> Graded {
    let checkpoint = grading::LedgerCheckpoint {
        day: day.into(),
        tree_size,
        root: root.into(),
        note: format!("note of {root}"),
        ..Default::default()
    };
    Graded::LedgerCheckpointSigned(grading::LedgerCheckpointSigned {
        checkpoint: Some(checkpoint),
    })
}
