//! The last weeks of the demo school's journals: its teachers record their lessons and
//! set marks at the time of those lessons. Some lessons are recorded a day late and a few
//! not at all, so that the deputy's board has something to show; some marks are asked to be
//! corrected.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context;
use chassis::client::PeerChannel;
use chassis::lifecycle::Running;
use chassis::status;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use roster::demo::{DemoPerson, DemoRole, Dice, Seeded};
use tokio::task::JoinSet;
use zhurnal_proto::grading::v1 as pb;
use zhurnal_proto::grading::v1::grading_service_client::GradingServiceClient;
use zhurnal_proto::grading::v1::mark_operation::Action;
use zhurnal_proto::id::PersonId;

use super::clock::DemoClock;

/// Days before today whose lessons are recorded.
const DAYS: i64 = 18;
/// Minutes after its end when a lesson is recorded.
const AFTER: i64 = 4;
/// How long grading may take to hear of the school.
const PATIENCE: Duration = Duration::from_secs(120);

type Calls = GradingServiceClient<PeerChannel>;

/// A lesson to record.
#[derive(Clone)]
struct Lesson {
    journal: pb::Journal,
    teacher: PersonId,
    lesson_id: String,
    /// Which of its journal's lessons this is, from 1.
    number: usize,
    pupils: Vec<String>,
    without_marks: bool,
}

/// Lessons by the time at which they are recorded.
type Plan = BTreeMap<Timestamp, Vec<Lesson>>;

/// Fills the journals.
pub async fn fill(running: &Running, seeded: &Seeded, clock: &DemoClock) -> anyhow::Result<()> {
    let cx = running.context("grading").context("grading runs here")?;
    let Some(deputy) = super::person(seeded, DemoRole::Deputy) else {
        return Ok(());
    };
    running.caught_up("schedule", PATIENCE).await?;
    running.caught_up("grading", PATIENCE).await?;
    let zone = TimeZone::get("Europe/Simferopol")?;
    let today = cx.clock.today(&zone);
    let channel = super::channel(running, seeded, (deputy, "DEPUTY"), "grading")?;
    let mut dice = Dice::new(2);
    let mut calls = GradingServiceClient::new(channel);
    let plan = plan(&mut calls, seeded, (today, &zone), &mut dice).await?;
    let lived = live(running, seeded, clock, plan, &mut dice).await;
    clock.let_go();
    lived?;
    corrections(running, seeded, &mut calls, today).await
}

/// Pages of all journals, as the deputy sees them.
async fn plan(
    calls: &mut Calls,
    seeded: &Seeded,
    (today, zone): (Date, &TimeZone),
    dice: &mut Dice,
) -> anyhow::Result<Plan> {
    let (from, to) = (today.checked_sub(DAYS.days())?, today.yesterday()?);
    let mut plan = Plan::new();
    for journal in journals(calls, seeded).await? {
        let Some(teacher) = journal.teacher_ids.first().and_then(|id| id.parse().ok()) else {
            continue;
        };
        let page = page(calls, &journal, from, to).await?;
        for (nth, column) in page.columns.iter().enumerate() {
            // What a substitute holds, the substitute records; what a start that was cut
            // off has recorded is there.
            if column.cancelled || column.substituted || column.conducted || dice.percent(3) {
                continue;
            }
            let pupils = page
                .rows
                .iter()
                .filter(|row| row.member_from <= column.date && column.date <= row.member_to);
            let lesson = Lesson {
                journal: journal.clone(),
                teacher,
                lesson_id: column.lesson_id.clone(),
                number: nth + 1,
                pupils: pupils.map(|row| row.pupil_id.clone()).collect(),
                without_marks: page.without_marks,
            };
            let late = dice.percent(4);
            plan.entry(recorded_at(column, late, zone)?)
                .or_default()
                .push(lesson);
        }
    }
    let now = DateTime::from_parts(today, Time::midnight())
        .to_zoned(zone.clone())?
        .timestamp();
    // A lesson of yesterday cannot be recorded tomorrow.
    plan.retain(|at, _| *at < now);
    Ok(plan)
}

/// Some minutes after the lesson, or in the evening of the next day.
fn recorded_at(
    column: &pb::LessonColumn,
    late: bool,
    zone: &TimeZone,
) -> anyhow::Result<Timestamp> {
    let date: Date = column.date.parse()?;
    let at = if late {
        DateTime::from_parts(date.tomorrow()?, Time::constant(19, 0, 0, 0))
    } else {
        let ends: Time = format!("{}:00", column.ends_at).parse()?;
        DateTime::from_parts(date, ends).checked_add(AFTER.minutes())?
    };
    Ok(at.to_zoned(zone.clone())?.timestamp())
}

async fn journals(calls: &mut Calls, seeded: &Seeded) -> anyhow::Result<Vec<pb::Journal>> {
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = pb::ListJournalsRequest {
            school_id: seeded.school_id.to_string(),
            page_size: 500,
            page_token,
            ..Default::default()
        };
        let answer = calls.list_journals(request).await?.into_inner();
        all.extend(answer.journals);
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            return Ok(all);
        }
    }
}

async fn page(
    calls: &mut Calls,
    journal: &pb::Journal,
    from: Date,
    to: Date,
) -> anyhow::Result<pb::JournalPage> {
    let request = pb::GetJournalPageRequest {
        school_id: journal.school_id.clone(),
        journal_id: journal.journal_id.clone(),
        from: from.to_string(),
        to: to.to_string(),
    };
    let answer = calls.get_journal_page(request).await?.into_inner();
    answer.page.context("a page")
}

/// Puts the clock to each time in turn; lessons of one time are recorded together.
async fn live(
    running: &Running,
    seeded: &Seeded,
    clock: &DemoClock,
    plan: Plan,
    dice: &mut Dice,
) -> anyhow::Result<()> {
    let cx = running.context("grading").context("grading runs here")?;
    for (at, lessons) in plan {
        clock.put_back_to(at);
        let mut together = JoinSet::new();
        for lesson in lessons {
            let calls = as_teacher(running, seeded, lesson.teacher)?;
            let entry = entry(&lesson, cx.ids.uuid().to_string(), dice);
            let marks = marks(&lesson, cx.ids.uuid().to_string(), dice);
            together.spawn(record(calls, entry, marks));
        }
        while let Some(recorded) = together.join_next().await {
            recorded??;
        }
    }
    Ok(())
}

async fn record(
    mut calls: Calls,
    entry: pb::RecordLessonRequest,
    marks: pb::RecordMarksRequest,
) -> anyhow::Result<()> {
    match calls.record_lesson(entry).await {
        // A colleague has the load since then, or had it before.
        Err(refused) if status::reason(&refused) == "LESSON_NOT_OWN" => return Ok(()),
        recorded => recorded?,
    };
    if !marks.operations.is_empty() {
        calls.record_marks(marks).await?;
    }
    Ok(())
}

fn as_teacher(running: &Running, seeded: &Seeded, teacher: PersonId) -> anyhow::Result<Calls> {
    let teacher = DemoPerson {
        role: DemoRole::Teacher,
        person_id: teacher,
        name: String::new(),
        class_title: String::new(),
    };
    let channel = super::channel(running, seeded, (&teacher, "TEACHER"), "grading")?;
    Ok(GradingServiceClient::new(channel))
}

/// Topic and homework: each tenth lesson is a control work, a few are without a task.
fn entry(lesson: &Lesson, request_id: String, dice: &mut Dice) -> pb::RecordLessonRequest {
    let number = lesson.number;
    let (topic, control_kind) = if is_control(lesson) {
        (
            format!("Контрольная работа № {}", number / 10),
            pb::ControlKind::ControlWork,
        )
    } else if number.is_multiple_of(2) {
        (
            format!("Тема {}. Упражнения и задачи", number.div_ceil(2)),
            pb::ControlKind::Unspecified,
        )
    } else {
        (
            format!("Тема {}. Новый материал", number.div_ceil(2)),
            pb::ControlKind::Unspecified,
        )
    };
    let task = lesson.journal.grade > 1 && !is_control(lesson) && !dice.percent(5);
    pb::RecordLessonRequest {
        school_id: lesson.journal.school_id.clone(),
        lesson_id: lesson.lesson_id.clone(),
        topic,
        homework: if task {
            format!("§ {number}, вопросы 1–3")
        } else {
            String::new()
        },
        homework_minutes: if task {
            10 + 2 * lesson.journal.grade
        } else {
            0
        },
        control_kind: control_kind.into(),
        etag: String::new(),
        request_id,
    }
}

fn is_control(lesson: &Lesson) -> bool {
    !lesson.without_marks && lesson.number.is_multiple_of(10)
}

/// Somebody is absent, some have a mark; at a control work everybody who is there.
fn marks(lesson: &Lesson, request_id: String, dice: &mut Dice) -> pb::RecordMarksRequest {
    let operations = lesson.pupils.iter().filter_map(|pupil| {
        let action = if dice.percent(5) {
            let reasons = [
                pb::Attendance::Absent,
                pb::Attendance::Ill,
                pb::Attendance::Excused,
            ];
            let attendance = *dice.pick(&reasons)?;
            Action::SetAttendance(pb::SetAttendance {
                attendance: attendance.into(),
                ..Default::default()
            })
        } else if !lesson.without_marks && (is_control(lesson) || dice.percent(25)) {
            let value = *dice.pick(&["5", "5", "5", "4", "4", "4", "4", "3", "3", "2"])?;
            let kind = if is_control(lesson) {
                pb::ControlKind::ControlWork
            } else {
                pb::ControlKind::Answer
            };
            Action::SetMark(pb::SetMark {
                value: value.to_owned(),
                kind: kind.into(),
                ..Default::default()
            })
        } else {
            return None;
        };
        Some(pb::MarkOperation {
            lesson_id: lesson.lesson_id.clone(),
            pupil_id: pupil.clone(),
            slot: 1,
            action: Some(action),
            ..Default::default()
        })
    });
    pb::RecordMarksRequest {
        school_id: lesson.journal.school_id.clone(),
        journal_id: lesson.journal.journal_id.clone(),
        operations: operations.collect(),
        request_id,
    }
}

/// In each level of the school a teacher asks to correct a mark whose free time is over:
/// whichever level the demo deputy is in charge of, there is something to decide.
async fn corrections(
    running: &Running,
    seeded: &Seeded,
    calls: &mut Calls,
    today: Date,
) -> anyhow::Result<()> {
    let days = (
        today.checked_sub(DAYS.days())?,
        today.checked_sub(2.days())?,
    );
    let journals = journals(calls, seeded).await?;
    for level in [2..=4, 5..=9, 10..=11] {
        for journal in journals.iter().filter(|one| level.contains(&one.grade)) {
            let Some(teacher) = journal.teacher_ids.first().and_then(|id| id.parse().ok()) else {
                continue;
            };
            let page = page(calls, journal, days.0, days.1).await?;
            let Some((mark, cell)) = mark_of(page, "3") else {
                continue;
            };
            let mut calls = as_teacher(running, seeded, teacher)?;
            calls
                .request_correction(request(running, journal, mark, cell)?)
                .await?;
            break;
        }
    }
    Ok(())
}

/// A mark of this value with its cell.
fn mark_of(page: pb::JournalPage, value: &str) -> Option<(pb::Mark, pb::Cell)> {
    let cells = page.rows.into_iter().flat_map(|row| row.cells);
    let cells = cells.filter(|cell| !cell.correction_pending);
    let marked = cells.filter_map(|mut cell| Some((cell.marks.pop()?, cell)));
    marked.into_iter().find(|(mark, _)| mark.value == value)
}

fn request(
    running: &Running,
    journal: &pb::Journal,
    mark: pb::Mark,
    cell: pb::Cell,
) -> anyhow::Result<pb::RequestCorrectionRequest> {
    let cx = running.context("grading").context("grading runs here")?;
    let better = pb::SetMark {
        value: "4".to_owned(),
        kind: mark.kind,
        ..Default::default()
    };
    let operation = pb::MarkOperation {
        lesson_id: cell.lesson_id.clone(),
        pupil_id: cell.pupil_id,
        slot: mark.slot,
        base_revision: mark.revision,
        action: Some(Action::SetMark(better)),
        client_time: None,
    };
    Ok(pb::RequestCorrectionRequest {
        school_id: journal.school_id.clone(),
        lesson_id: cell.lesson_id,
        operation: Some(operation),
        reason: "Ошибка строкой: отметка соседа по списку".to_owned(),
        request_id: cx.ids.uuid().to_string(),
    })
}
