//! What a request costs in a region of 1, 10, 100 and 550 schools: the screens that are
//! opened most, and lists at their first and their last page. One caller, one request after
//! another: what grows here grows for everybody.

use std::time::Instant;

use anyhow::Context as _;
use hdrhistogram::Histogram;
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::reads::{Reader, full_page};
use super::settled;
use super::writes::{Stage, analyze};
use crate::figures::Figures;
use crate::http::Browser;
use crate::install::Install;
use crate::open_loop::Caller as _;
use crate::output::say;
use crate::postgres::{Postgres, rows};
use crate::region;
use crate::school::School;
use crate::statements::{Statements, per_request};
use crate::usage;

/// Schools of the region at each look.
const SCHOOLS: [usize; 4] = [1, 10, 100, 550];
/// Requests of one look at one screen, after as many to warm up.
const REQUESTS: u64 = 300;
/// Services whose databases grow.
const GROWN: [&str; 2] = ["roster", "grading"];

/// A screen: what it is called, whose database answers, who asks for what.
struct Screen {
    name: &'static str,
    service: &'static str,
    who: Browser,
    path: String,
}

/// What one request cost.
#[derive(Clone, Copy)]
struct Cost {
    statements: f64,
    cpu_ms: f64,
    p50_ms: f64,
    p99_ms: f64,
}

pub(super) async fn measure(
    stage: &Stage,
    install: &Install,
    postgres: &Postgres,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let school = &stage.school;
    let screens = screens(school, figures).await?;
    let own = school.id.trim_start_matches("sch_").parse::<Uuid>()?;
    let mut there = 1;
    let mut first: Vec<Cost> = Vec::new();
    for schools in SCHOOLS {
        if schools > there {
            let began = Instant::now();
            for service in GROWN {
                region::copy(postgres, service, own, there..=schools - 1).await?;
            }
            analyze(postgres).await?;
            there = schools;
            say(format!("{schools} schools after {:?}", began.elapsed()));
        }
        let sizes = sizes(postgres).await?;
        figures.take(format!("{schools} schools: pupils"), sizes.0, "pupils");
        figures.take(format!("{schools} schools: cells"), sizes.1, "cells");
        settled(install.pid()?).await?;
        for (at, screen) in screens.iter().enumerate() {
            let path = last_page(screen).await?;
            let cost = look(screen, &path, install, postgres).await?;
            let name = format!("{} at {schools} schools", screen.name);
            figures.take(format!("{name}: statements"), cost.statements, "statements");
            figures.take(format!("{name}: CPU"), cost.cpu_ms, "ms");
            figures.take(format!("{name}: p50"), cost.p50_ms, "ms");
            figures.take(format!("{name}: p99"), cost.p99_ms, "ms");
            match first.get(at) {
                None => first.push(cost),
                Some(one) => {
                    let (cpu, p99) = (cost.cpu_ms / one.cpu_ms, cost.p99_ms / one.p99_ms);
                    figures.take(format!("{name}: CPU / one school"), cpu, "ratio");
                    figures.take(format!("{name}: p99 / one school"), p99, "ratio");
                }
            }
        }
    }
    Ok(())
}

async fn screens(school: &School, figures: &mut Figures) -> anyhow::Result<Vec<Screen>> {
    let (teacher, journal) = full_page(school, figures).await?;
    let (pupil, family) = school.pupils.iter().next().context("a pupil")?;
    let of_school = |rest: &str| format!("/v1/schools/{}/{rest}", school.id);
    let screen = |name, service, who: &Browser, path| Screen {
        name,
        service,
        who: who.clone(),
        path,
    };
    let week = format!("/v1/pupils/{pupil}/diaryWeek?date={}", school.today);
    let pupils = of_school("pupils?pageSize=50");
    Ok(vec![
        screen("journal page", "grading", &teacher, journal),
        screen("diary week", "grading", family, week),
        screen(
            "pupils, first page",
            "roster",
            &school.director,
            pupils.clone(),
        ),
        screen("pupils, last page", "roster", &school.director, pupils),
        screen("classes", "roster", &school.director, of_school("classes")),
        screen(
            "schools, last page",
            "roster",
            &school.administrator,
            "/v1/schools?pageSize=50".to_owned(),
        ),
    ])
}

/// The path of what a screen opens: where its name says so, of the last page.
async fn last_page(screen: &Screen) -> anyhow::Result<String> {
    let mut path = screen.path.clone();
    let mut browser = screen.who.clone();
    while screen.name.ends_with("last page") {
        let page: serde_json::Value = browser.read(&path).await?;
        match page["nextPageToken"].as_str() {
            Some(token) if !token.is_empty() => {
                path = format!("{}&pageToken={token}", screen.path);
            }
            _ => break,
        }
    }
    Ok(path)
}

async fn look(
    screen: &Screen,
    path: &str,
    install: &Install,
    postgres: &Postgres,
) -> anyhow::Result<Cost> {
    let browser = Browser::new(install.http())?;
    let mut reader = Reader::of(browser, vec![(screen.who.clone(), path.to_owned())]);
    let statements = Statements::of(postgres).await?;
    for _ in 0..REQUESTS {
        reader.call().await?;
    }
    let processes = [install.pid()?, postgres.pid()];
    let (counted, before) = (statements.now().await?, processes.map(usage::cpu));
    let mut latency = Histogram::<u64>::new(3)?;
    for _ in 0..REQUESTS {
        let began = Instant::now();
        reader.call().await?;
        latency.record(u64::try_from(began.elapsed().as_micros())?)?;
    }
    let after = processes.map(usage::cpu);
    let cpu: f64 = (0..2)
        .map(|at| (after[at] - before[at]).as_secs_f64())
        .sum();
    let told = statements.now().await?;
    let cost = per_request(&counted, &told, screen.service, REQUESTS);
    let ms = |share: f64| latency.value_at_quantile(share) as f64 / 1_000.0;
    Ok(Cost {
        statements: cost.statements,
        cpu_ms: cpu * 1_000.0 / REQUESTS as f64,
        p50_ms: ms(0.5),
        p99_ms: ms(0.99),
    })
}

#[derive(FromQueryResult)]
struct Count {
    rows: i64,
}

/// Pupils and cells of the region.
async fn sizes(postgres: &Postgres) -> anyhow::Result<(f64, f64)> {
    let count = async |database: &str, sql: &str| {
        let db = postgres.admin(database).await?;
        let found = rows::<Count>(&db, sql).await?;
        db.close().await?;
        anyhow::Ok(found.first().map_or(0, |count| count.rows) as f64)
    };
    let pupils = "SELECT count(DISTINCT (school_id, pupil_id)) AS rows FROM enrolment";
    Ok((
        count("roster", pupils).await?,
        count("grading", "SELECT count(*) AS rows FROM cell").await?,
    ))
}
