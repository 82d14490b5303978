//! kill -9 of the one process on SQLite, again and again, while it writes.

use std::sync::atomic::Ordering;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::checker::{Violation, check};
use super::observe::{board_marks, journal_marks, observe, verify};
use super::record::{History, Outcome, Recorder};
use super::writer::{Load, Writer};
use super::{Options, Summary};
use crate::http::Browser;
use crate::install::Install;
use crate::output::say;
use crate::place::Place;
use crate::school::{School, eventually};
use crate::work::{arrived, deal};

/// Clients of an ordinary round, and of each tenth.
const FEW: usize = 24;
const MANY: usize = 128;
/// Answers that a round waits for before its moment comes.
const ANSWERS: usize = 16;
/// Longest wait for them.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn run(options: &Options) -> anyhow::Result<Summary> {
    let mut install = Install::embedded(Place::temporary()?, options.binary.clone())?;
    let fill: Vec<&str> = options.fill.iter().map(String::as_str).collect();
    say(format!("zhurnal {}", fill.join(" ")));
    install.command(&fill).await?;
    install.start().await?;
    let school = School::enter(install.settings(), install.http(), 1).await?;
    let columns = arrived(&school).await?;
    let (entries_before, _) = verify(&school, &mut school.director.clone()).await?;

    let path = install.place().path().join("record.jsonl");
    let recorder = Recorder::open(&path)?;
    let browser = Browser::new(install.http())?;
    let piles = deal(columns.clone(), MANY).into_iter();
    let mut writers: Vec<Writer> = piles
        .map(|pile| Writer::new(browser.clone(), pile, recorder.clone()))
        .collect();
    let mut random = StdRng::seed_from_u64(options.seed);
    let mut summary = Summary::default();
    for round in 1..=options.rounds {
        let clients = if round % 10 == 0 { MANY } else { FEW };
        // A moment anywhere in the life of some saves, not only between two of them.
        let moment = Duration::from_micros(random.random_range(0..150_000));
        let (in_flight, back) = one_round(&mut install, writers, clients, moment).await?;
        writers = back;
        summary.most_in_flight = summary.most_in_flight.max(in_flight);
        summary.kills += 1;
        install.start().await?;
        if round % 20 == 0 {
            say(format!("{round} of {} kills", options.rounds));
        }
    }
    resolve(&mut writers).await?;
    summary.unknown = writers.iter().map(|w| w.unknown).sum();
    let history = History::read(&path)?;
    summary.violations = judge(&school, &columns, &history, entries_before).await?;
    summary.count(&history);
    install.stop().await?;
    install.place().finish()?;
    Ok(summary)
}

/// Writes, and kills at a moment; gives what was in flight.
async fn one_round(
    install: &mut Install,
    mut writers: Vec<Writer>,
    clients: usize,
    moment: Duration,
) -> anyhow::Result<(usize, Vec<Writer>)> {
    let load = Load::default();
    let resting = writers.split_off(clients.min(writers.len()));
    let mut running = JoinSet::new();
    for mut writer in writers {
        let load = load.clone();
        running.spawn(async move { writer.work(&load, false).await.map(|()| writer) });
    }
    let begun = Instant::now();
    while load.answered.load(Ordering::SeqCst) < ANSWERS && begun.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(moment).await;
    let in_flight = load.in_flight.load(Ordering::SeqCst);
    install.kill().await?;
    load.stop.store(true, Ordering::SeqCst);
    let mut back = resting;
    while let Some(ended) = running.join_next().await {
        back.push(ended??);
    }
    // Those who just waited come first next time: nobody is forgotten.
    Ok((in_flight, back))
}

/// Sends everything unknown again until it is known.
pub(super) async fn resolve(writers: &mut [Writer]) -> anyhow::Result<()> {
    let load = Load::default();
    for writer in writers.iter_mut() {
        writer.resolve(&load, true).await?;
    }
    Ok(())
}

/// All broken promises of a run whose outcomes are known.
pub(super) async fn judge(
    school: &School,
    columns: &[crate::work::EmptyColumn],
    history: &History,
    entries_before: i64,
) -> anyhow::Result<Vec<Violation>> {
    say("reading everything back");
    let observed = observe(school, columns, history, entries_before).await?;
    let mut violations = check(history, &observed);
    let mut director = school.director.clone();
    let wanted = journal_marks(school, &mut director).await?;
    let agree = eventually("a board that agrees with the journals", async || {
        Ok((board_marks(school, &mut director).await? == wanted).then_some(()))
    });
    if agree.await.is_err() {
        let there = board_marks(school, &mut school.director.clone()).await?;
        violations.push(Violation::Copy(format!(
            "the board counts {there} marks, the journals hold {wanted}"
        )));
    }
    Ok(violations)
}

impl Summary {
    /// Counts what was acknowledged.
    pub(super) fn count(&mut self, history: &History) {
        let applied = || {
            history
                .0
                .values()
                .filter(|told| told.outcome == Some(Outcome::Applied))
        };
        self.saves = applied().count();
        self.marks = applied().map(|told| told.marks.len()).sum();
    }
}
