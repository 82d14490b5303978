//! kill -9 of grading in the cluster, while clients write through the gateway and
//! reporting and notification follow its feed.

use std::time::Duration;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use sea_orm::FromQueryResult;
use std::sync::atomic::Ordering;
use tokio::task::JoinSet;

use super::checker::Violation;
use super::embedded::{judge, resolve};
use super::observe::verify;
use super::record::{History, Recorder};
use super::writer::{Load, Writer};
use super::{Options, Summary};
use crate::cluster::{self, Cluster};
use crate::http::Browser;
use crate::output::say;
use crate::postgres::rows;
use crate::school::{School, eventually};
use crate::work::{arrived, deal};

/// Clients.
const CLIENTS: usize = 32;
/// Who is killed.
const VICTIM: &str = "grading";
/// Who follows its feed.
const FOLLOWERS: [&str; 3] = ["reporting", "notification", "roster"];

pub(super) async fn run(options: &Options) -> anyhow::Result<Summary> {
    let mut wanted = cluster::Options::new(options.binary.clone());
    wanted.fill = options.fill.clone();
    say("starting the cluster");
    let mut cluster = Cluster::start(wanted).await?;
    let school = School::enter(cluster.settings(), cluster.http(), 1).await?;
    let columns = arrived(&school).await?;
    let (entries_before, _) = verify(&school, &mut school.director.clone()).await?;

    let path = cluster.place().path().join("record.jsonl");
    let recorder = Recorder::open(&path)?;
    let browser = Browser::new(cluster.http())?;
    let load = Load::default();
    let mut running = JoinSet::new();
    for pile in deal(columns.clone(), CLIENTS) {
        let mut writer = Writer::new(browser.clone(), pile, recorder.clone());
        let load = load.clone();
        running.spawn(async move { writer.work(&load, true).await.map(|()| writer) });
    }
    let mut summary = Summary::default();
    let killed = kill_again_and_again(&mut cluster, &load, options, &mut summary).await;
    load.stop.store(true, Ordering::SeqCst);
    let mut writers = Vec::new();
    while let Some(ended) = running.join_next().await {
        writers.push(ended??);
    }
    killed?;
    resolve(&mut writers).await?;
    summary.unknown = writers.iter().map(|w| w.unknown).sum();
    let history = History::read(&path)?;
    summary.violations = judge(&school, &columns, &history, entries_before).await?;
    summary.violations.extend(followers(&cluster).await?);
    summary.count(&history);
    cluster.stop().await?;
    Ok(summary)
}

async fn kill_again_and_again(
    cluster: &mut Cluster,
    load: &Load,
    options: &Options,
    summary: &mut Summary,
) -> anyhow::Result<()> {
    let mut random = StdRng::seed_from_u64(options.seed);
    for round in 1..=options.cluster_rounds {
        let before = load.answered.load(Ordering::SeqCst);
        eventually("an answer", async || {
            Ok((load.answered.load(Ordering::SeqCst) > before + CLIENTS).then_some(()))
        })
        .await?;
        tokio::time::sleep(Duration::from_micros(random.random_range(0..300_000))).await;
        summary.most_in_flight = summary
            .most_in_flight
            .max(load.in_flight.load(Ordering::SeqCst));
        let launch = cluster.kill(VICTIM).await?;
        summary.kills += 1;
        let took = cluster.restart(launch).await?;
        if round % 10 == 0 {
            say(format!(
                "{round} of {} kills; back after {} ms",
                options.cluster_rounds,
                took.as_millis()
            ));
        }
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Position {
    epoch: i64,
    position: i64,
}

#[derive(FromQueryResult)]
struct Parked {
    parked: i64,
}

/// Every follower has heard everything and set nothing aside.
async fn followers(cluster: &Cluster) -> anyhow::Result<Vec<Violation>> {
    let producer = cluster.postgres().admin(VICTIM).await?;
    let mut violations = Vec::new();
    for follower in FOLLOWERS {
        let copy = cluster.postgres().admin(follower).await?;
        let sql = format!("SELECT epoch, position FROM feed_cursor WHERE producer = '{VICTIM}'");
        let caught_up = eventually("a follower that caught up", async || {
            let head =
                rows::<Position>(&producer, "SELECT epoch, head AS position FROM feed_epoch")
                    .await?;
            let cursor = rows::<Position>(&copy, &sql).await?;
            let same =
                |(a, b): (&Position, &Position)| a.epoch == b.epoch && a.position == b.position;
            Ok(head
                .first()
                .zip(cursor.first())
                .is_some_and(same)
                .then_some(()))
        });
        if caught_up.await.is_err() {
            violations.push(Violation::Copy(format!(
                "{follower} did not catch up with {VICTIM}"
            )));
        }
        let sql =
            format!("SELECT count(*) AS parked FROM feed_quarantine WHERE producer = '{VICTIM}'");
        let parked = rows::<Parked>(&copy, &sql)
            .await?
            .first()
            .map_or(0, |row| row.parked);
        if parked > 0 {
            violations.push(Violation::Copy(format!(
                "{follower} set {parked} events of {VICTIM} aside"
            )));
        }
        copy.close().await?;
    }
    producer.close().await?;
    Ok(violations)
}
