//! GetJournalPage: pupils × lessons of some days with all cells, by three
//! statements whatever the size. Teachers of the journal, its class teacher, deputies
//! and the director read all of it; a substitute the own lessons.

use std::collections::{HashMap, HashSet};

use chassis::{caller::Caller, looks::Subject, status};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use prost::Message;
use sha2::{Digest, Sha256};
use tonic::Status;
use zhurnal_proto::{
    grading::v1::{
        GetJournalPageRequest, GetJournalPageResponse, JournalPage, JournalRow, LessonColumn,
        PaperPeriod,
    },
    id::{JournalId, LessonId, PersonId, SchoolId},
    identity::v1::LookRecord,
};

use super::{convert, facts, list_journals::with_names};
use crate::{
    Grading,
    domain::{cell::Cell, clocks::Clocks},
    store::{
        journals::JournalFacts,
        lesson_cards::{self, LessonCard},
        page::{self, PageRows},
        schools,
    },
};

const PERMISSION: &str = "grading.journals.get";
/// Longest page, days.
const LONGEST: i32 = 120;
/// Days before today on the page of a period that is longer.
const PAST: i32 = 90;

pub(super) async fn handle(
    grading: &Grading,
    caller: &Caller,
    request: GetJournalPageRequest,
) -> Result<GetJournalPageResponse, Status> {
    let school: SchoolId = facts::id(&request.school_id, "School")?;
    let journal: JournalId = facts::id(&request.journal_id, "Journal")?;
    let (from, to) = (
        facts::day(&request.from, "from")?,
        facts::day(&request.to, "to")?,
    );

    let db = grading.cx.db.read();
    let found = facts::journal_now(grading, db, caller, school, journal).await?;
    let told = facts::of_journal(&found, caller);
    grading.cx.access.check(caller, PERMISSION, &told)?;
    let class = found.journal.class;
    let zone = schools::zone(&found.time_zone);
    let now = grading.now();
    let period = found.period.as_ref();
    let period = period.and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
    let (from, to) = days(period, from, to, zone.to_datetime(now).date())?;

    let (first, last) = (from.to_string(), to.to_string());
    let days = (first.as_str(), last.as_str());
    let of_substitute = only_as_substitute(grading, caller, &found);
    let cards = lesson_cards::of_journal(db, school, journal, days, of_substitute)
        .await
        .map_err(status::from_db)?;
    let key = (
        journal,
        found.journal.group.uuid(),
        found.journal.academic_year,
    );
    let rows = page::rows(db, school, key, days)
        .await
        .map_err(status::from_db)?;

    let members: Vec<PersonId> = rows.members.iter().map(|member| member.pupil).collect();
    let person = facts::person(caller);
    let columns: Vec<LessonColumn> = cards
        .iter()
        .map(|card| column(grading, card, &zone, now, person))
        .collect();
    let rows = rows_of(&cards, rows);
    let without_marks = found.journal.grade == 1 || found.journal.unmarked;
    let journal = Some(with_names(found));
    let mut page = JournalPage {
        journal,
        from: first,
        to: last,
        columns,
        rows,
        revision: String::new(),
        as_of: None,
        without_marks,
    };
    // A journal of several classes concerns the pupils that are on the page.
    let subjects: Vec<Subject> = match class {
        Some(class) => vec![Subject::Class(class)],
        None => members.into_iter().map(Subject::Pupil).collect(),
    };
    let looks = &grading.cx.looks;
    looks.note(caller, &told, LookRecord::Journal, subjects);
    page.revision = revision(&page);
    page.as_of = Some(convert::timestamp(now));
    Ok(GetJournalPageResponse { page: Some(page) })
}

/// What the page is of: as asked; what is not said comes from the period that has
/// begun last. A period longer than a page is shown around today.
fn days(
    period: Option<(Date, Date)>,
    from: Option<Date>,
    to: Option<Date>,
    today: Date,
) -> Result<(Date, Date), Status> {
    let (begins, ends) = period.unwrap_or((today, today));
    let whole = LONGEST - 1;
    match (from, to) {
        (Some(from), Some(to)) => {
            if from <= to && (to - from).get_days() <= whole {
                return Ok((from, to));
            }
            let message = "Страница журнала: от 1 до 120 дней";
            Err(status::invalid_field("to", "RANGE", message))
        }
        (Some(from), None) => Ok((from, ends.max(from).min(from.saturating_add(whole.days())))),
        (None, Some(to)) => Ok((begins.min(to).max(to.saturating_sub(whole.days())), to)),
        (None, None) => {
            let latest = ends.saturating_sub(whole.days()).max(begins);
            let near = today.saturating_sub(PAST.days());
            let from = near.clamp(begins, latest);
            Ok((from, ends.min(from.saturating_add(whole.days()))))
        }
    }
}

/// The person may read the page as a substitute only: sees the own lessons alone.
fn only_as_substitute(
    grading: &Grading,
    caller: &Caller,
    facts: &JournalFacts,
) -> Option<PersonId> {
    let otherwise = JournalFacts {
        substitutes: false,
        ..facts.clone()
    };
    let told = facts::of_journal(&otherwise, caller);
    if grading.cx.access.permits(caller, PERMISSION, &told) {
        None
    } else {
        facts::person(caller)
    }
}

fn column(
    grading: &Grading,
    card: &LessonCard,
    zone: &TimeZone,
    now: Timestamp,
    person: Option<PersonId>,
) -> LessonColumn {
    let clocks = Clocks::of(&grading.policy, &card.lesson, zone);
    let window = clocks.window(&card.lesson, now, zone);
    convert::column(
        card,
        clocks,
        window,
        person.is_some_and(|person| card.lesson.is_of(person)),
    )
}

fn rows_of(cards: &[LessonCard], mut read: PageRows) -> Vec<JournalRow> {
    let shown: HashSet<LessonId> = cards.iter().map(|card| card.lesson.id).collect();
    let pending: HashSet<(LessonId, PersonId)> = read.pending.into_iter().collect();
    let period = |(starts_on, ends_on)| PaperPeriod { starts_on, ends_on };
    let periods = |days: Vec<_>| days.into_iter().map(period).collect();
    let mut paper: HashMap<PersonId, Vec<PaperPeriod>> = read
        .paper
        .into_iter()
        .map(|(pupil, days)| (pupil, periods(days)))
        .collect();
    read.members
        .into_iter()
        .map(|member| {
            let mut held: Vec<(LessonId, Cell)> =
                read.cells.remove(&member.pupil).unwrap_or_default();
            held.retain(|(lesson, _)| shown.contains(lesson));
            let waits = |lesson: LessonId| pending.contains(&(lesson, member.pupil));
            let mut cells: Vec<_> = held
                .iter()
                .filter(|(lesson, cell)| !cell.is_empty() || waits(*lesson))
                .map(|(lesson, cell)| convert::cell(*lesson, member.pupil, cell, waits(*lesson)))
                .collect();
            // A request may wait on a cell that was never saved.
            let empty = Cell::default();
            let unsaved = cards
                .iter()
                .map(|card| card.lesson.id)
                .filter(|lesson| waits(*lesson));
            for lesson in unsaved.filter(|lesson| !held.iter().any(|(known, _)| known == lesson)) {
                cells.push(convert::cell(lesson, member.pupil, &empty, true));
            }
            JournalRow {
                pupil_id: member.pupil.to_string(),
                name: member.name.map(convert::name),
                member_from: member.from,
                member_to: member.to,
                paper_periods: paper.remove(&member.pupil).unwrap_or_default(),
                average: convert::average(held.iter().map(|(_, cell)| cell)),
                cells,
            }
        })
        .collect()
}

/// Changes with anything that is shown, the windows of the clocks included.
fn revision(page: &JournalPage) -> String {
    hex::encode(&Sha256::digest(page.encode_to_vec())[..16])
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_page_is_as_asked_or_of_the_present_period() {
        let whole = (date(2026, 9, 1), date(2026, 10, 23));
        let quarter = Some(whole);
        let today = date(2026, 9, 20);
        let (first, last) = (date(2026, 9, 7), date(2026, 9, 12));
        assert_eq!(days(quarter, None, None, today).unwrap(), whole);
        assert_eq!(
            days(quarter, Some(first), Some(last), today).unwrap(),
            (first, last)
        );
        assert_eq!(
            days(quarter, Some(first), None, today).unwrap(),
            (first, date(2026, 10, 23))
        );
        assert_eq!(
            days(quarter, None, Some(last), today).unwrap(),
            (date(2026, 9, 1), last)
        );
        assert_eq!(days(None, None, None, today).unwrap(), (today, today));
        assert!(days(quarter, Some(last), Some(first), today).is_err());
        assert!(days(quarter, Some(first), Some(date(2027, 1, 4)), today).is_ok());
        assert!(days(quarter, Some(first), Some(date(2027, 1, 5)), today).is_err());
    }

    #[test]
    fn a_period_longer_than_a_page_is_shown_around_today() {
        let half = Some((date(2027, 1, 11), date(2027, 5, 31)));
        for today in [
            date(2027, 1, 11),
            date(2027, 3, 1),
            date(2027, 5, 31),
            date(2027, 7, 1),
        ] {
            let (from, to) = days(half, None, None, today).unwrap();
            assert_eq!((to - from).get_days(), LONGEST - 1);
            assert!(from >= date(2027, 1, 11) && to <= date(2027, 5, 31));
            assert!((from <= today && today <= to) || today > date(2027, 5, 31));
        }
    }
}
