//! GetDiaryWeek: a pupil's week with homework, marks and absences. The pupil, the
//! guardians who are legal representatives, the class teacher, deputies, director.

use chassis::{caller::Caller, looks::Subject, status};
use jiff::civil::Date;
use prost::Message;
use sea_orm::{ConnectionTrait, DbErr};
use sha2::{Digest, Sha256};
use tonic::Status;
use zhurnal_proto::{
    grading::v1::{DiaryDay, DiaryLesson, DiaryWeek, GetDiaryWeekRequest, GetDiaryWeekResponse},
    id::PersonId,
    identity::v1::LookRecord,
};

use super::{convert, facts};
use crate::{
    Grading,
    domain::{
        cell::Cell,
        week::{days_of, monday_of},
    },
    store::{
        calendar::{self, Period},
        diary::{self, DiaryRow},
        pupils::PupilFacts,
        schools,
    },
};

const PERMISSION: &str = "grading.diary.get";

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: GetDiaryWeekRequest,
) -> Result<GetDiaryWeekResponse, Status> {
    let pupil: PersonId = facts::id(&request.pupil_id, "Pupil")?;
    let day = facts::day(&request.date, "date")?;

    let db = grading.cx.db.read();
    let found = facts::pupils(grading, db, &[pupil])
        .await?
        .pop()
        .ok_or_else(|| status::not_found("Pupil"))?;
    let told = facts::of_pupil(&found);
    grading.cx.access.check(caller, PERMISSION, &told)?;
    let now = grading.now();
    let day = day.unwrap_or_else(|| schools::zone(&found.time_zone).to_datetime(now).date());
    let monday = monday_of(day);
    let sunday = days_of(monday).last().unwrap_or(monday);

    let lessons = lessons(db, &found, (monday, sunday))
        .await
        .map_err(status::from_db)?;
    let known = calendar::of_days(db, (found.school, pupil), found.grade, monday, sunday)
        .await
        .map_err(status::from_db)?;
    let mut week = DiaryWeek {
        pupil_id: pupil.to_string(),
        name: found.name.map(convert::name),
        class_title: found.class_title,
        monday: monday.to_string(),
        days: days(pupil, monday, lessons, &known.periods, &known.days_off),
        as_of: None,
        revision: String::new(),
        paper_journal: known.on_paper,
    };
    week.revision = hex::encode(&Sha256::digest(week.encode_to_vec())[..16]);
    week.as_of = Some(convert::timestamp(now));
    let looks = &grading.cx.looks;
    looks.note(caller, &told, LookRecord::Diary, [Subject::Pupil(pupil)]);
    Ok(GetDiaryWeekResponse { week: Some(week) })
}

/// Of the present school, and in the weeks before a transfer of the earlier ones.
async fn lessons(
    db: &impl ConnectionTrait,
    pupil: &PupilFacts,
    (monday, sunday): (Date, Date),
) -> Result<Vec<DiaryRow>, DbErr> {
    let mut lessons = diary::lessons(db, pupil.school, pupil.pupil, monday, sunday).await?;
    let earlier = pupil.earlier_schools(db, &monday.to_string()).await?;
    for school in &earlier {
        lessons.extend(diary::lessons(db, *school, pupil.pupil, monday, sunday).await?);
    }
    if !earlier.is_empty() {
        lessons.sort_by_key(|row| (row.date, row.number));
    }
    Ok(lessons)
}

fn days(
    pupil: PersonId,
    monday: Date,
    lessons: Vec<DiaryRow>,
    periods: &[Period],
    days_off: &[(Date, String)],
) -> Vec<DiaryDay> {
    let mut lessons = lessons.into_iter().peekable();
    let mut days = Vec::new();
    for date in days_of(monday) {
        let mut of_day = Vec::new();
        while let Some(row) = lessons.next_if(|row| row.date <= date) {
            of_day.push(lesson(pupil, row));
        }
        let day_off_title = if of_day.is_empty() {
            day_off(date, periods, days_off)
        } else {
            String::new()
        };
        if !of_day.is_empty() || !day_off_title.is_empty() {
            days.push(DiaryDay {
                date: date.to_string(),
                day_off_title,
                lessons: of_day,
            });
        }
    }
    days
}

/// A day off of the calendar, or a gap between periods. Without any period near
/// nothing is known, and nothing is said.
fn day_off(date: Date, periods: &[Period], days_off: &[(Date, String)]) -> String {
    if let Some((_, title)) = days_off.iter().find(|(day, _)| *day == date) {
        return title.clone();
    }
    let studied = periods
        .iter()
        .any(|period| period.starts_on <= date && date <= period.ends_on);
    let between = !periods.is_empty() && !studied && date.weekday() != jiff::civil::Weekday::Sunday;
    if between {
        "Каникулы".to_owned()
    } else {
        String::new()
    }
}

fn lesson(pupil: PersonId, row: DiaryRow) -> DiaryLesson {
    DiaryLesson {
        lesson_id: row.lesson.to_string(),
        lesson_number: u32::try_from(row.number).unwrap_or(0),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        subject_title: row.subject_title,
        room: row.room,
        teacher_name: row.teacher.map(convert::name),
        substituted: row.substituted,
        remote: row.remote,
        cancelled: row.cancelled,
        topic: row.topic,
        homework: row.homework,
        cell: row
            .cell
            .filter(|cell: &Cell| !cell.is_empty())
            .map(|cell| convert::cell(row.lesson, pupil, &cell, false)),
    }
}
