//! The two screens that are opened most: a journal page and a diary week.

use anyhow::Context as _;

use super::writes::Stage;
use super::{Options, settled};
use crate::figures::Figures;
use crate::http::Browser;
use crate::install::Install;
use crate::open_loop::{Arrivals, Caller, Plan, run};
use crate::output::say;
use crate::postgres::Postgres;
use crate::school::School;
use crate::statements::{Statements, per_request};
use crate::usage;
use crate::work::{Pile, body, empty_columns};

/// Share of the own peak at which latencies are taken.
const CALM: f64 = 0.7;

/// Opens one path after another.
#[derive(Clone)]
pub(super) struct Reader {
    browser: Browser,
    paths: Vec<(Browser, String)>,
    next: usize,
}

impl Reader {
    /// Who opens what, in turn.
    pub(super) fn of(browser: Browser, paths: Vec<(Browser, String)>) -> Self {
        Self {
            browser,
            paths,
            next: 0,
        }
    }
}

impl Caller for Reader {
    async fn call(&mut self) -> anyhow::Result<()> {
        let (who, path) = &self.paths[self.next % self.paths.len()];
        self.browser.act_as(who);
        self.next += 1;
        let answer = self.browser.get(path).await?;
        anyhow::ensure!(
            answer.status.is_success(),
            "{}: {}",
            answer.status,
            answer.reason()
        );
        Ok(())
    }
}

pub(super) async fn measure(
    stage: &Stage,
    install: &Install,
    postgres: &Postgres,
    options: &Options,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let school = &stage.school;
    let (who, path) = full_page(school, figures).await?;
    // The page is the only call of the screen.
    figures.take("journal page: API calls", 1.0, "calls");
    let journal = vec![(who, path)];
    screen("journal page", journal, install, postgres, options, figures).await?;

    let weeks = school.pupils.iter().map(|(card, browser)| {
        let path = format!("/v1/pupils/{card}/diaryWeek?date={}", school.today);
        (browser.clone(), path)
    });
    figures.take("diary week: API calls", 1.0, "calls");
    screen(
        "diary week",
        weeks.collect(),
        install,
        postgres,
        options,
        figures,
    )
    .await
}

/// The largest journal, with a mark in every cell that its teacher may fill.
pub(super) async fn full_page(
    school: &School,
    figures: &mut Figures,
) -> anyhow::Result<(Browser, String)> {
    let mut best: Option<(usize, &String, Browser, String)> = None;
    for (card, browser) in &school.teachers {
        let mut browser = browser.clone();
        for journal in school.journals(&mut browser).await? {
            if journal.teacher_ids.contains(card) {
                let page = school.page(&mut browser, &journal.journal_id).await?;
                let size = page.rows.len() * page.columns.len();
                if !page.without_marks && best.as_ref().is_none_or(|(most, ..)| size > *most) {
                    best = Some((size, card, browser.clone(), journal.journal_id));
                }
            }
        }
    }
    let (size, card, mut browser, journal) = best.context("no teacher has a journal")?;
    fill(school, card, &mut browser, &journal).await?;
    let page = school.page(&mut browser, &journal).await?;
    let cells: usize = page.rows.iter().map(|row| row.cells.len()).sum();
    let (rows, columns) = (page.rows.len(), page.columns.len());
    say(format!(
        "journal page: {rows} × {columns} with {cells} cells that hold a mark"
    ));
    figures.take("journal page: pupils × lessons", size as f64, "cells");
    figures.take("journal page: cells with a mark", cells as f64, "cells");
    Ok((browser, school.page_path(&journal)))
}

async fn fill(
    school: &School,
    card: &str,
    browser: &mut Browser,
    journal: &str,
) -> anyhow::Result<()> {
    let page = school.page(browser, journal).await?;
    let mut pile = Pile::new(empty_columns(school, card, browser, journal, page));
    while pile.left() > 0 {
        let (_, save) = pile
            .next(pile.left().min(100))
            .context("cells that are left can be saved")?;
        let answer = browser
            .post(&save.path, Some(save.key), body(&save.targets))
            .await?;
        anyhow::ensure!(
            answer.status.is_success(),
            "{}: {}",
            answer.status,
            answer.reason()
        );
    }
    Ok(())
}

async fn screen(
    name: &str,
    paths: Vec<(Browser, String)>,
    install: &Install,
    postgres: &Postgres,
    options: &Options,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let browser = Browser::new(install.http())?;
    let mut reader = Reader::of(browser, paths);
    cost(name, &mut reader, postgres, figures).await?;
    let callers: Vec<Reader> = (0..options.callers)
        .map(|next| Reader {
            next,
            ..reader.clone()
        })
        .collect();
    let (suite, server) = (install.pid()?, postgres.pid());
    let before = [suite, server].map(usage::cpu);
    let flood = Plan {
        arrivals: Arrivals::Flood,
        length: options.round,
    };
    let (peak, callers) = run(flood, callers).await?;
    let after = [suite, server].map(usage::cpu);
    checked(name, &peak)?;
    let per_call =
        |at: usize| (after[at] - before[at]).as_secs_f64() * 1_000.0 / peak.served.max(1) as f64;
    figures.take(format!("{name}: rate"), peak.rate(), "1/s");
    figures.take(format!("{name}: CPU of the suite"), per_call(0), "ms");
    figures.take(format!("{name}: CPU of PostgreSQL"), per_call(1), "ms");
    settled(suite).await?;
    let calm = Plan {
        arrivals: Arrivals::Rate(peak.rate() * CALM),
        length: options.round,
    };
    let (calm, _) = run(calm, callers).await?;
    checked(name, &calm)?;
    let at = format!("{name} at {:.0} % of its peak", CALM * 100.0);
    figures.take(format!("{at}: p50"), calm.percentile_ms(50.0), "ms");
    figures.take(format!("{at}: p99"), calm.percentile_ms(99.0), "ms");
    Ok(())
}

fn checked(name: &str, outcome: &crate::open_loop::Outcome) -> anyhow::Result<()> {
    let error = outcome.error.clone().unwrap_or_default();
    anyhow::ensure!(
        outcome.failed == 0,
        "{name}: {} failed: {error}",
        outcome.failed
    );
    Ok(())
}

/// SQL statements of one opening, told by the database.
async fn cost(
    name: &str,
    reader: &mut Reader,
    postgres: &Postgres,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    const REQUESTS: u64 = 50;
    let statements = Statements::of(postgres).await?;
    for _ in 0..10 {
        reader.call().await?;
    }
    let before = statements.now().await?;
    for _ in 0..REQUESTS {
        reader.call().await?;
    }
    let cost = per_request(&before, &statements.now().await?, "grading", REQUESTS);
    for (sql, calls) in &cost.which {
        say(format!("  {calls:5.2} × {sql}"));
    }
    figures.take(format!("{name}: statements"), cost.statements, "statements");
    Ok(())
}
