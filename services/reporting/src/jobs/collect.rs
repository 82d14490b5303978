//! First stage: the facts of the sheet, from the own copies.

use jiff::civil::Date;
use zhurnal_proto::id::PersonId;

use crate::Shared;
use crate::domain::class_summary::{ClassSummary, NoSheet};
use crate::domain::days::Days;
use crate::domain::period;
use crate::freshness;
use crate::render::{ClassSheet, PRELIMINARY};
use crate::store::checkpoints::Witnessed;
use crate::store::copies::{self, ClassFact, SchoolFact};
use crate::store::jobs::Job;
use crate::store::{calendar, checkpoints, class_facts};

/// Why there is nothing to print.
#[derive(Debug, thiserror::Error)]
pub enum NothingToReport {
    /// The school or the class is gone.
    #[error("Класс не найден")]
    NoClass,
    /// The class has no pupils or lessons.
    #[error(transparent)]
    NoSheet(#[from] NoSheet),
}

/// The sheet of the job's class.
pub async fn collect(
    shared: &Shared,
    job: &Job,
) -> anyhow::Result<Result<ClassSheet, NothingToReport>> {
    let conn = shared.cx.db.read();
    // Asked first: facts read later are at least as fresh.
    let now = shared.cx.clock.now();
    let as_of = freshness::as_of(shared).await?.unwrap_or(now);
    let (school, class) = match (
        copies::school(conn, job.school).await?,
        copies::class(conn, job.school, job.class).await?,
    ) {
        (Some(school), Some(class)) => (school, class),
        _ => return Ok(Err(NothingToReport::NoClass)),
    };
    let day = job.days.latest(shared.cx.clock.today(&school.zone));
    let facts = class_facts::read(conn, job.school, job.class, job.days, day).await?;
    let summary = match ClassSummary::of(&facts) {
        Ok(summary) => summary,
        Err(none) => return Ok(Err(none.into())),
    };
    let period = period_line(shared, job, &class).await?;
    let ledger = checkpoints::newest_until(conn, job.school, &job.days.to().to_string()).await?;
    let class_teacher = teacher(shared, job, class.teacher).await?;
    let SchoolFact {
        title,
        municipality,
        zone,
        ..
    } = school;
    Ok(Ok(ClassSheet {
        school: title,
        place: municipality,
        class: class.title,
        period,
        class_teacher,
        as_of: as_of.to_zoned(zone.clone()),
        made_at: now.to_zoned(zone),
        ledger: ledger.map(ledger_line),
        summary,
    }))
}

/// `1 четверть (01.09.2026 – 14.10.2026), предварительно`.
async fn period_line(shared: &Shared, job: &Job, class: &ClassFact) -> anyhow::Result<String> {
    let periods = calendar::periods(shared.cx.db.read(), job.school).await?;
    let days = days_line(job.days);
    Ok(match period::holding(&periods, class.grade, job.days) {
        Some(period) => format!("{} ({days}), {PRELIMINARY}", period.title),
        None => format!("{days}, {PRELIMINARY}"),
    })
}

fn days_line(days: Days) -> String {
    let day = |day: Date| day.strftime("%d.%m.%Y");
    format!("{} – {}", day(days.from()), day(days.to()))
}

async fn teacher(shared: &Shared, job: &Job, card: Option<PersonId>) -> anyhow::Result<String> {
    let Some(card) = card else {
        return Ok(String::new());
    };
    let names = copies::names(shared.cx.db.read(), job.school, [card]).await?;
    Ok(names
        .get(&card)
        .map(|name| with_initials(&name.surname, &name.given_name, &name.patronymic))
        .unwrap_or_default())
}

/// `Меметова А. И.`
fn with_initials(surname: &str, given_name: &str, patronymic: &str) -> String {
    let initials = [given_name, patronymic]
        .into_iter()
        .filter_map(|part| part.chars().next());
    initials.fold(surname.to_owned(), |line, initial| {
        format!("{line} {initial}.")
    })
}

fn ledger_line(checkpoint: Witnessed) -> (String, String) {
    let day = checkpoint
        .day
        .parse::<Date>()
        .map(|day| day.strftime("%d.%m.%Y").to_string());
    let size = checkpoint.tree_size;
    let covers = format!(
        "{size} {} за {}",
        entries(size),
        day.unwrap_or(checkpoint.day)
    );
    (checkpoint.root, covers)
}

/// The word after a number: 1 запись, 2 записи, 5 записей.
fn entries(number: i64) -> &'static str {
    match (number % 100, number % 10) {
        (11..=14, _) => "записей",
        (_, 1) => "запись",
        (_, 2..=4) => "записи",
        _ => "записей",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_teacher_is_written_with_initials() {
        assert_eq!(
            with_initials("Меметова", "Айше", "Исмаиловна"),
            "Меметова А. И."
        );
        assert_eq!(with_initials("Ким", "Ольга", ""), "Ким О.");
    }

    #[test]
    fn entries_are_counted_in_russian() {
        let words = [1, 2, 5, 11, 12, 21, 104, 18_204, 111].map(entries);
        assert_eq!(
            words,
            [
                "запись",
                "записи",
                "записей",
                "записей",
                "записей",
                "запись",
                "записи",
                "записи",
                "записей",
            ]
        );
    }
}
