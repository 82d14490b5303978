//! Saves of one mark and of thirty through the gateway, in turn with pgbench
//! writing the same rows.

use std::path::PathBuf;

use anyhow::Context as _;

use super::{Options, settled};
use crate::figures::{Figures, median};
use crate::http::Browser;
use crate::install::{DATABASES, Install};
use crate::open_loop::{Arrivals, Caller, Outcome, Plan, run};
use crate::output::say;
use crate::pgbench::{Bench, Measured, Sample, Shape, script};
use crate::postgres::Postgres;
use crate::school::School;
use crate::statements::{Statements, per_request};
use crate::usage;
use crate::work::{Pile, Save, arrived, body, deal};

/// Marks of a class save.
const CLASS: usize = 30;
/// Share of the own peak at which latencies are compared.
const CALM: f64 = 0.7;
/// The database that pgbench writes to.
const BENCH: &str = "bench";

/// The school with callers ready to write.
pub(super) struct Stage {
    pub school: School,
    singles: Vec<Teacher>,
    classes: Vec<Teacher>,
}

impl Stage {
    pub async fn enter(install: &Install, options: &Options) -> anyhow::Result<Self> {
        let school = School::enter(install.settings(), install.http(), options.callers).await?;
        let mut columns = arrived(&school).await?;
        settled(install.pid()?).await?;
        // Single marks need few cells: every sixth journal is enough for them.
        columns.sort_by(|a, b| {
            (&a.journal, &a.date, &a.lesson).cmp(&(&b.journal, &b.date, &b.lesson))
        });
        let mut journals: Vec<String> = columns.iter().map(|c| c.journal.clone()).collect();
        journals.dedup();
        let for_singles = |journal: &str| {
            journals
                .iter()
                .position(|j| j == journal)
                .is_some_and(|at| at % 6 == 0)
        };
        let (few, many): (Vec<_>, Vec<_>) =
            columns.into_iter().partition(|c| for_singles(&c.journal));
        let teachers = |piles: Vec<Pile>, size| {
            let browser = Browser::new(install.http())?;
            anyhow::Ok(
                piles
                    .into_iter()
                    .map(|pile| Teacher {
                        browser: browser.clone(),
                        pile,
                        size,
                    })
                    .collect(),
            )
        };
        for (what, columns) in [("single marks", &few), ("classes", &many)] {
            let cells: usize = columns.iter().map(|c| c.pupils.len()).sum();
            say(format!(
                "  for {what}: {} lessons with {cells} cells",
                columns.len()
            ));
        }
        Ok(Self {
            school,
            singles: teachers(deal(few, options.callers), 1)?,
            classes: teachers(deal(many, options.callers), CLASS)?,
        })
    }
}

/// Statistics as autovacuum would have made them within a minute.
pub(super) async fn analyze(postgres: &Postgres) -> anyhow::Result<()> {
    use sea_orm::ConnectionTrait as _;
    for database in DATABASES {
        let admin = postgres.admin(database).await?;
        admin.execute_unprepared("VACUUM (ANALYZE)").await?;
        admin.close().await?;
    }
    postgres.checkpoint().await
}

/// One caller: an open page of the journal.
struct Teacher {
    browser: Browser,
    pile: Pile,
    size: usize,
}

impl Teacher {
    async fn save(&mut self) -> anyhow::Result<Save> {
        let (who, save) = self
            .pile
            .next(self.size)
            .context("the school has no empty cells left")?;
        self.browser.act_as(&who);
        let answer = self
            .browser
            .post(&save.path, Some(save.key), body(&save.targets))
            .await?;
        let applied = count(&answer.body, b"MARK_VERDICT_APPLIED");
        anyhow::ensure!(
            applied == self.size,
            "{} and {applied} of {} applied: {}",
            answer.status,
            self.size,
            String::from_utf8_lossy(&answer.body)
        );
        Ok(save)
    }
}

impl Caller for Teacher {
    async fn call(&mut self) -> anyhow::Result<()> {
        self.save().await.map(|_| ())
    }
}

fn count(text: &[u8], word: &[u8]) -> usize {
    text.windows(word.len())
        .filter(|window| *window == word)
        .count()
}

/// One kind of save with everything that is measured of it.
struct Kind {
    name: String,
    teachers: Vec<Teacher>,
    transaction: Bench,
    one_statement: Bench,
    rounds: Vec<Round>,
}

struct Round {
    suite: SuiteTurn,
    bench: BenchTurn,
    one_statement: f64,
}

/// What the suite did in its turn; milliseconds are of CPU, per save.
struct SuiteTurn {
    rate: f64,
    suite_ms: f64,
    postgres_ms: f64,
    caller_ms: f64,
    catch_up: f64,
}

/// What pgbench did in its turn.
struct BenchTurn {
    rate: f64,
    postgres_ms: f64,
}

/// Both kinds of saves, round by round.
pub(super) async fn measure(
    stage: Stage,
    install: &mut Install,
    postgres: &Postgres,
    options: &Options,
    figures: &mut Figures,
) -> anyhow::Result<Stage> {
    let Stage {
        school,
        singles,
        classes,
    } = stage;
    let mut kinds = Vec::new();
    for (name, mut teachers) in [("mark save", singles), ("class save of 30", classes)] {
        cost(name, &mut teachers[0], postgres, figures).await?;
        let save = teachers[0].save().await?;
        let (transaction, one_statement) = scripts(name, &save, postgres, install, options).await?;
        kinds.push(Kind {
            name: name.to_owned(),
            teachers,
            transaction,
            one_statement,
            rounds: Vec::new(),
        });
    }
    settled(install.pid()?).await?;
    analyze(postgres).await?;
    copy_database(install, postgres, options).await?;
    for round in 1..=options.rounds {
        for kind in &mut kinds {
            say(format!(
                "round {round} of {}: {}",
                options.rounds, kind.name
            ));
            one_round(kind, round, install, postgres, options).await?;
        }
    }
    let mut back = Vec::new();
    for mut kind in kinds {
        if !options.services.is_empty() {
            kind.name = format!("{} ({} alone)", kind.name, options.services.join(", "));
        }
        report(&kind, figures);
        latencies(&mut kind, install, postgres, options, figures).await?;
        back.push(kind.teachers);
    }
    let classes = back.pop().unwrap_or_default();
    let singles = back.pop().unwrap_or_default();
    Ok(Stage {
        school,
        singles,
        classes,
    })
}

/// Statements and commits of one save, told by the database itself.
async fn cost(
    name: &str,
    teacher: &mut Teacher,
    postgres: &Postgres,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    const REQUESTS: u64 = 60;
    let statements = Statements::of(postgres).await?;
    // The first ones fill caches and prepare statements.
    for _ in 0..20 {
        teacher.save().await?;
    }
    let before = statements.now().await?;
    for _ in 0..REQUESTS {
        teacher.save().await?;
    }
    let cost = per_request(&before, &statements.now().await?, "grading", REQUESTS);
    for (sql, calls) in &cost.which {
        say(format!("  {calls:5.2} × {sql}"));
    }
    figures.take(format!("{name}: statements"), cost.statements, "statements");
    figures.take(format!("{name}: commits"), cost.commits, "commits");
    Ok(())
}

async fn scripts(
    name: &str,
    save: &Save,
    postgres: &Postgres,
    install: &Install,
    options: &Options,
) -> anyhow::Result<(Bench, Bench)> {
    let grading = postgres.admin("grading").await?;
    let sample = Sample::of(&grading, save.key).await?;
    grading.close().await?;
    for table in ["cell", "ledger_entry"] {
        let (rows, marks) = (sample.count(table), save.targets.len());
        anyhow::ensure!(rows == marks, "{rows} rows of {table} for {marks} marks");
    }
    let folder = install.place().folder("pgbench")?;
    let bench = |shape: Shape, what: &str| -> anyhow::Result<Bench> {
        let file: PathBuf =
            folder.join(format!("{} {what}.sql", name.replace(' ', "-")).replace(' ', "-"));
        std::fs::write(&file, script(&sample, shape))?;
        let (server, database, clients) = (postgres.address(), BENCH.to_owned(), options.callers);
        Ok(Bench {
            server,
            database,
            script: file,
            clients,
        })
    };
    Ok((
        bench(Shape::Transaction, "transaction")?,
        bench(Shape::OneStatement, "one-statement")?,
    ))
}

/// A copy of grading's database for pgbench: the same tables, indexes and rows.
/// Then the services that take part start again.
async fn copy_database(
    install: &mut Install,
    postgres: &Postgres,
    options: &Options,
) -> anyhow::Result<()> {
    settled(install.pid()?).await?;
    install.stop().await?;
    postgres.create_database(BENCH, Some("grading")).await?;
    let services: Vec<&str> = options.services.iter().map(String::as_str).collect();
    install.serve(&services).await?;
    settled(install.pid()?).await?;
    Ok(())
}

/// Both in turn, each after a checkpoint of its own. Who is first changes with the
/// round: what the machine does meanwhile meets both alike.
async fn one_round(
    kind: &mut Kind,
    nth: usize,
    install: &Install,
    postgres: &Postgres,
    options: &Options,
) -> anyhow::Result<()> {
    let (bench, suite) = if nth.is_multiple_of(2) {
        let suite = suite_turn(kind, install, postgres, options).await?;
        (bench_turn(kind, postgres, options).await?, suite)
    } else {
        let bench = bench_turn(kind, postgres, options).await?;
        (bench, suite_turn(kind, install, postgres, options).await?)
    };
    let one_statement = kind.one_statement.flood(options.round).await?;
    say(format!(
        "  service {:.0}/s, pgbench {:.0}/s ({:.2}), in one statement {:.0}/s ({:.2})",
        suite.rate,
        bench.rate,
        suite.rate / bench.rate,
        one_statement.rate,
        suite.rate / one_statement.rate
    ));
    kind.rounds.push(Round {
        one_statement: one_statement.rate,
        suite,
        bench,
    });
    Ok(())
}

async fn bench_turn(
    kind: &Kind,
    postgres: &Postgres,
    options: &Options,
) -> anyhow::Result<BenchTurn> {
    postgres.checkpoint().await?;
    let before = usage::cpu(postgres.pid());
    let measured = kind.transaction.flood(options.round).await?;
    let cpu = usage::cpu(postgres.pid()) - before;
    Ok(BenchTurn {
        rate: measured.rate,
        postgres_ms: cpu.as_secs_f64() * 1_000.0 / measured.count.max(1) as f64,
    })
}

async fn suite_turn(
    kind: &mut Kind,
    install: &Install,
    postgres: &Postgres,
    options: &Options,
) -> anyhow::Result<SuiteTurn> {
    let (suite, server) = (install.pid()?, postgres.pid());
    postgres.checkpoint().await?;
    let used = || [usage::cpu(suite), usage::cpu(server), usage::own_cpu()];
    let before = used();
    let plan = Plan {
        arrivals: Arrivals::Flood,
        length: options.round,
    };
    let service = flood(kind, plan).await?;
    let cpu = used();
    let per_save =
        |at: usize| (cpu[at] - before[at]).as_secs_f64() * 1_000.0 / service.served.max(1) as f64;
    let catch_up = settled(suite).await?;
    Ok(SuiteTurn {
        rate: service.rate(),
        suite_ms: per_save(0),
        postgres_ms: per_save(1),
        caller_ms: per_save(2),
        catch_up: catch_up.as_secs_f64(),
    })
}

async fn flood(kind: &mut Kind, plan: Plan) -> anyhow::Result<Outcome> {
    let (outcome, back) = run(plan, std::mem::take(&mut kind.teachers)).await?;
    kind.teachers = back;
    let error = outcome.error.clone().unwrap_or_default();
    anyhow::ensure!(
        outcome.failed == 0,
        "{} of {} saves failed: {error}",
        outcome.failed,
        outcome.served
    );
    Ok(outcome)
}

fn report(kind: &Kind, figures: &mut Figures) {
    let name = &kind.name;
    let all = |pick: fn(&Round) -> f64| kind.rounds.iter().map(pick).collect::<Vec<_>>();
    let of = |pick: fn(&Round) -> f64| median(&all(pick));
    // Turns are equally long: the quotient of the sums is what was served in all of them.
    let served = |pick: fn(&Round) -> f64| all(pick).iter().sum::<f64>();
    let suite = served(|r| r.suite.rate);
    let mut ratios = all(|r| r.suite.rate / r.bench.rate);
    ratios.sort_by(f64::total_cmp);
    let ratios: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
    say(format!(
        "  {name} / pgbench in the rounds: {}",
        ratios.join(", ")
    ));
    for (what, value, unit) in [
        (
            "/ pgbench, same transaction",
            suite / served(|r| r.bench.rate),
            "ratio",
        ),
        (
            "/ pgbench, one statement",
            suite / served(|r| r.one_statement),
            "ratio",
        ),
    ] {
        figures.take(format!("{name} {what}"), value, unit);
    }
    for (what, value, unit) in [
        ("rate", of(|r| r.suite.rate), "1/s"),
        ("rate of pgbench", of(|r| r.bench.rate), "1/s"),
        ("CPU of the suite", of(|r| r.suite.suite_ms), "ms"),
        ("CPU of PostgreSQL", of(|r| r.suite.postgres_ms), "ms"),
        ("CPU of the callers", of(|r| r.suite.caller_ms), "ms"),
        (
            "CPU of PostgreSQL under pgbench",
            of(|r| r.bench.postgres_ms),
            "ms",
        ),
        ("followers caught up after", of(|r| r.suite.catch_up), "s"),
    ] {
        figures.take(format!("{name}: {what}"), value, unit);
    }
}

/// Latencies below the peak, at one rate for both.
async fn latencies(
    kind: &mut Kind,
    install: &Install,
    postgres: &Postgres,
    options: &Options,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let peak = median(&kind.rounds.iter().map(|r| r.suite.rate).collect::<Vec<_>>());
    let rate = peak * CALM;
    postgres.checkpoint().await?;
    let bench: Measured = kind.transaction.at_rate(options.round, rate).await?;
    postgres.checkpoint().await?;
    let plan = Plan {
        arrivals: Arrivals::Rate(rate),
        length: options.round,
    };
    let service = flood(kind, plan).await?;
    settled(install.pid()?).await?;
    let name = format!("{} at {:.0} % of its peak", kind.name, CALM * 100.0);
    figures.take(format!("{name}: p50"), service.percentile_ms(50.0), "ms");
    figures.take(format!("{name}: p99"), service.percentile_ms(99.0), "ms");
    figures.take(format!("{name}: p50 of pgbench"), bench.p50_ms, "ms");
    figures.take(format!("{name}: p99 of pgbench"), bench.p99_ms, "ms");
    if service.unserved > 0 {
        say(format!(
            "  {} arrivals were not begun in time: the rate was too much",
            service.unserved
        ));
    }
    Ok(())
}
