//! Tests: jobs among workers that race, die, stall and stop.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::time::Duration;

use calamine::{Data, Reader, Xlsx};
use chassis::db::{Db, statement};
use chassis::on_both_databases;
use chassis::service::Cx;
use chassis::testing::{TestDb, eventually};
use sea_orm::ConnectionTrait;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use zhurnal_proto::id::{ReportJobId, SchoolId};
use zhurnal_proto::reporting::v1::{self as pb, ReportJobState};

use super::files::{self, Format};
use super::sweeper::sweep;
use super::worker;
use crate::Shared;
use crate::store::jobs::{self, Job};
use crate::store::queue::{self, Run};
use crate::store::{School, migrations};
use crate::testing::{World, cell, cells, checkpoint, entry, id};

/// A worker at work.
struct Working {
    stop: CancellationToken,
    handle: JoinHandle<anyhow::Result<()>>,
}

impl Working {
    fn start(shared: &Shared) -> Self {
        let stop = CancellationToken::new();
        let handle = tokio::spawn(worker(shared, 1).start(stop.clone()));
        Self { stop, handle }
    }

    /// As the lifecycle stops it.
    async fn stop(self) {
        self.stop.cancel();
        self.handle.await.unwrap().unwrap();
    }

    /// As kill -9 stops it.
    async fn kill(self) {
        self.handle.abort();
        assert!(self.handle.await.unwrap_err().is_cancelled());
    }
}

fn school() -> School {
    School::told_by_feed(id::<SchoolId>("12"))
}

/// The row of a job.
async fn row(world: &World, job: &pb::ReportJob) -> Job {
    let id: ReportJobId = job.report_job_id.parse().unwrap();
    jobs::find(world.harness.db().read(), school(), id)
        .await
        .unwrap()
        .unwrap()
}

async fn until(world: &World, job: &pb::ReportJob, state: ReportJobState) -> pb::ReportJob {
    let ask =
        || async { Some(world.job(&job.report_job_id).await).filter(|job| job.state() == state) };
    eventually(state.as_str_name(), ask).await
}

async fn until_percent(world: &World, job: &pb::ReportJob, percent: u32) {
    eventually("the stage", || async {
        world.job(&job.report_job_id).await.progress_percent == percent
    })
    .await;
}

/// Lets the job's lease run out, as the time would.
async fn expire(world: &World) {
    let uow = world.harness.db().begin().await.unwrap();
    let backend = uow.db().backend();
    uow.conn()
        .execute_raw(statement(
            backend,
            "UPDATE report_job SET lease_until = 1",
            [],
        ))
        .await
        .unwrap();
    uow.commit().await.unwrap();
}

async fn download(world: &World, job: &pb::ReportJob, format: pb::ReportFormat) -> Vec<u8> {
    let request = pb::DownloadReportRequest {
        school_id: job.school_id.clone(),
        report_job_id: job.report_job_id.clone(),
        format: format.into(),
    };
    world
        .deputy()
        .download_report(request)
        .await
        .unwrap()
        .into_inner()
        .data
}

async fn file(shared: &Shared, job: &Job, run: u16) -> Option<Vec<u8>> {
    files::read(
        &shared.cx.files,
        &Job {
            runs: run,
            ..job.clone()
        },
        Format::Xlsx,
    )
    .await
    .unwrap()
}

async fn some_marks(world: &World) {
    let day = "2026-09-01";
    world
        .grading(entry("вт алгебра 5-А", day, "5-А", "Алгебра", true, false))
        .await;
    let filled = vec![
        cell("вт алгебра 5-А", day, "Ёлкин", &["4/5", "5"], "оп"),
        cell("вт алгебра 5-А", day, "Жуков", &["2"], "н"),
    ];
    world.grading(cells("5-А", "Алгебра", filled)).await;
    world
        .grading(cells(
            "5-А",
            "Физика",
            vec![cell("вт физика 5-А", day, "Жуков", &[], "б")],
        ))
        .await;
    world.grading(checkpoint(day, 3, "9f3a11c2")).await;
}

async fn take(db: &Db, worker: &str) -> Option<Run> {
    let uow = db.begin().await.unwrap();
    let run = queue::take(&uow, worker, Duration::from_secs(30))
        .await
        .unwrap();
    uow.commit().await.unwrap();
    run
}

on_both_databases! { migrations();
    async fn a_job_runs_through_its_stages_and_its_files_say_what_is_in_the_journal(db) {
        let world = World::on(db).told().await;
        world.at("2026-09-01T16:00");
        some_marks(&world).await;
        let job = world.queue("5-А").await;
        let working = Working::start(&world.shared());
        let done = until(&world, &job, ReportJobState::Done).await;
        working.stop().await;
        assert_eq!((done.progress_percent, done.stage.as_str()), (100, ""));

        let told: Vec<(u32, String)> =
            world.announced().await.into_iter().map(|job| (job.progress_percent, job.stage)).collect();
        let stages = ["", "Сбор данных", "Таблица XLSX", "Печатная форма PDF", "Открытые данные CSV", ""];
        assert_eq!(told, [0, 5, 30, 50, 90, 100].into_iter().zip(stages.map(str::to_owned)).collect::<Vec<_>>());

        let bytes = download(&world, &done, pb::ReportFormat::Xlsx).await;
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let page = book.worksheet_range("Сводная ведомость").unwrap();
        let shown = |row, column| page.get_value((row, column)).cloned().unwrap_or(Data::Empty);
        assert_eq!(shown(2, 0), Data::String("5-А класс, 1 четверть (01.09.2026 – 01.09.2026), предварительно".into()));
        assert_eq!(shown(3, 0), Data::String("По состоянию на 01.09.2026 16:00. Классный руководитель: Ким О. С.".into()));
        let names: Vec<String> = (8..11).map(|row| shown(row, 1).to_string()).collect();
        assert_eq!(names, ["Алиев Амет Русланович", "Ёлкин Матвей Денисович", "Жуков Лев"]);
        assert_eq!((shown(6, 2), shown(6, 4)), (Data::String("Алгебра".into()), Data::String("Физика".into())));
        assert_eq!((shown(9, 2), shown(9, 3)), (Data::Float(4.75), Data::Float(2.0)));
        assert_eq!((shown(10, 2), shown(10, 7), shown(10, 8), shown(10, 10)),
            (Data::Float(2.0), Data::Float(2.0), Data::Float(1.0), Data::Float(1.0)));
        assert_eq!(shown(12, 2), Data::Float(50.0), "success in algebra: one of two");

        let csv = String::from_utf8(download(&world, &done, pb::ReportFormat::Csv).await).unwrap();
        assert!(csv.contains("5-А;Ёлкин Матвей Денисович;Алгебра;2;2;9,5;4,75;5;0;0;0;0;1\r\n"), "{csv}");
        assert!(download(&world, &done, pb::ReportFormat::Pdf).await.starts_with(b"%PDF-"));
    }

    async fn a_job_that_two_workers_want_runs_once(db) {
        let other_db = db.another_process().await;
        let world = World::on(db).told().await;
        let mut queued = Vec::new();
        for class in ["5-А", "5-Б", "5-А", "5-Б", "5-А", "5-А"] {
            queued.push(world.queue(class).await);
        }
        let here = world.shared();
        let there = Shared::new(Cx { db: other_db, ..world.harness.cx().clone() }, here.config.clone()).unwrap();
        let working = [Working::start(&here), Working::start(&there), Working::start(&here), Working::start(&there)];
        for job in &queued {
            until(&world, job, ReportJobState::Done).await;
        }
        for one in working {
            one.stop().await;
        }
        let mut begun: BTreeMap<String, u32> = BTreeMap::new();
        for job in world.announced().await.into_iter().filter(|job| job.progress_percent == 5) {
            *begun.entry(job.report_job_id).or_default() += 1;
        }
        for job in &queued {
            assert_eq!(begun.get(&job.report_job_id), Some(&1));
            assert_eq!(row(&world, job).await.runs, 1);
        }
    }

    async fn workers_that_ask_at_once_get_different_jobs(db) {
        let other = db.another_process().await;
        let world = World::on(db).told().await;
        for _ in 0..3 {
            world.queue("5-А").await;
        }
        world.harness.ignore_announced().await;
        let here = world.harness.cx().db.clone();
        // A rival that found the same job locked gets nothing and asks again: so do these.
        let ask = |number: u32| {
            let db = if number.is_multiple_of(2) { here.clone() } else { other.clone() };
            async move {
                let mut taken = Vec::new();
                while queue::any(&db).await.unwrap() {
                    taken.extend(take(&db, &format!("worker {number}")).await.map(|run| run.job.id));
                }
                taken
            }
        };
        let taken = futures::future::join_all((0..6).map(ask)).await;
        let mut all: Vec<ReportJobId> = taken.into_iter().flatten().collect();
        assert_eq!(all.len(), 3);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 3);
    }

    async fn a_job_whose_worker_died_mid_way_is_made_by_another(db) {
        let world = World::on(db).told().await;
        some_marks(&world).await;
        let job = world.queue("5-А").await;
        let first = world.shared();
        let held = first.print.clone().acquire_owned().await.unwrap();
        let working = Working::start(&first);
        until_percent(&world, &job, 50).await;
        working.kill().await;
        drop(held);
        assert_eq!(world.job(&job.report_job_id).await.state(), ReportJobState::Running, "nobody has told");

        let second = world.shared();
        let working = Working::start(&second);
        assert!(!queue::any(world.harness.db()).await.unwrap(), "the lease still holds");
        expire(&world).await;
        let done = until(&world, &job, ReportJobState::Done).await;
        working.stop().await;
        let row = row(&world, &done).await;
        assert_eq!((row.runs, row.failures), (2, 1));
        assert!(download(&world, &done, pb::ReportFormat::Pdf).await.starts_with(b"%PDF-"));
        world.harness.ignore_announced().await;
    }

    async fn a_worker_that_was_given_up_changes_nothing_when_it_comes_back(db) {
        let world = World::on(db).told().await;
        let job = world.queue("5-А").await;
        let slow = world.shared();
        let held = slow.print.clone().acquire_owned().await.unwrap();
        let stalled = Working::start(&slow);
        until_percent(&world, &job, 50).await;
        expire(&world).await;
        let quick = world.shared();
        let working = Working::start(&quick);
        let done = until(&world, &job, ReportJobState::Done).await;
        working.stop().await;
        world.harness.ignore_announced().await;

        assert!(file(&slow, &row(&world, &done).await, 1).await.is_some(), "what the first run has left so far");
        drop(held);
        let row = row(&world, &done).await;
        eventually("the first run to tidy up", || async { file(&slow, &row, 1).await.is_none() }).await;
        stalled.stop().await;
        assert_eq!(world.job(&job.report_job_id).await, done);
        assert!(file(&slow, &row, 2).await.is_some(), "the files of the run that counts");
        assert!(world.announced().await.is_empty());
    }

    async fn a_running_job_that_is_cancelled_stops_and_leaves_no_files(db) {
        let world = World::on(db).told().await;
        let job = world.queue("5-А").await;
        let shared = world.shared_with(|config| config.lease_seconds = 1);
        let _held = shared.print.clone().acquire_owned().await.unwrap();
        let working = Working::start(&shared);
        until_percent(&world, &job, 50).await;
        let at_print = row(&world, &job).await;
        assert!(file(&shared, &at_print, 1).await.is_some());
        let cancel = pb::CancelReportJobRequest { school_id: job.school_id.clone(), report_job_id: job.report_job_id.clone() };
        let cancelled = world.deputy().cancel_report_job(cancel).await.unwrap().into_inner().report_job.unwrap();
        assert_eq!(cancelled.state(), ReportJobState::Cancelled);
        // The worker waits for the printer; its heartbeat finds out.
        eventually("the files to go", || async { file(&shared, &at_print, 1).await.is_none() }).await;
        assert_eq!(world.job(&job.report_job_id).await, cancelled);
        working.stop().await;
        assert_eq!(world.announced().await.last().unwrap().state(), ReportJobState::Cancelled);
    }

    async fn a_process_that_stops_gives_its_job_back(db) {
        let world = World::on(db).told().await;
        let job = world.queue("5-А").await;
        let shared = world.shared();
        let _held = shared.print.clone().acquire_owned().await.unwrap();
        let working = Working::start(&shared);
        until_percent(&world, &job, 50).await;
        working.stop().await;
        let back = world.job(&job.report_job_id).await;
        assert_eq!((back.state(), back.progress_percent), (ReportJobState::Queued, 0));
        let row = row(&world, &job).await;
        assert_eq!(row.failures, 0, "stopping is no failure");
        assert!(file(&shared, &row, 1).await.is_none());
        assert_eq!(world.announced().await.last(), Some(&back));
        assert!(queue::any(world.harness.db()).await.unwrap(), "and anybody may take it at once");
    }

    async fn schools_take_turns(db) {
        let world = World::on(db).told().await;
        for class in ["5-А", "5-А", "5-А"] {
            world.queue(class).await;
        }
        world.roster_of("13", crate::testing::a_school("13")).await;
        world.roster_of("13", crate::testing::a_class("5-А", 5, "А", "")).await;
        let theirs = pb::RunReportRequest { school_id: id::<SchoolId>("13").to_string(), ..world.report_of("5-А") };
        world.staff("13", &["DEPUTY"], "Завуч").run_report(theirs).await.unwrap();
        world.harness.ignore_announced().await;
        let mut turns = Vec::new();
        while let Some(run) = take(world.harness.db(), "worker").await {
            turns.push(run.job.school == school());
        }
        assert_eq!(turns.len(), 4);
        let theirs = turns.iter().position(|ours| !ours).unwrap();
        assert!(theirs <= 1, "one job does not wait behind three of another school: {turns:?}");
    }

    async fn a_job_that_keeps_breaking_is_given_up(db) {
        let world = World::on(db).told().await;
        // A file where the folder of reports should be.
        world.harness.cx().files.put("reports", b"in the way").await.unwrap();
        let job = world.queue("5-А").await;
        let shared = world.shared_with(|config| config.first_rest_seconds = 0);
        let working = Working::start(&shared);
        let failed = until(&world, &job, ReportJobState::Failed).await;
        working.stop().await;
        assert_eq!(failed.failure, crate::jobs::BROKEN);
        assert!(failed.ended_at.is_some());
        assert_eq!(row(&world, &job).await.runs, 3);
        world.harness.ignore_announced().await;
    }

    async fn a_job_that_kills_its_workers_is_given_up(db) {
        let world = World::on(db).told().await;
        let job = world.queue("5-А").await;
        for death in 1..=3 {
            assert_eq!(take(world.harness.db(), "doomed").await.unwrap().job.runs, death);
            expire(&world).await;
        }
        let working = Working::start(&world.shared());
        let failed = until(&world, &job, ReportJobState::Failed).await;
        working.stop().await;
        assert_eq!(failed.failure, crate::jobs::CRASHED);
        let told = world.announced().await;
        assert_eq!(told.last(), Some(&failed));
        assert!(told.iter().all(|job| job.progress_percent == 0), "no fourth run has begun");
    }
}

#[tokio::test]
async fn a_failed_job_rests_before_it_is_tried_again() {
    let world = World::sqlite().await;
    world
        .harness
        .cx()
        .files
        .put("reports", b"in the way")
        .await
        .unwrap();
    let job = world.queue("5-А").await;
    let shared = world.shared_with(|config| config.first_rest_seconds = 3_600);
    let working = Working::start(&shared);
    eventually("the first failure", || async {
        row(&world, &job).await.failures == 1
    })
    .await;
    assert_eq!(
        world.job(&job.report_job_id).await.state(),
        ReportJobState::Queued
    );
    assert!(!queue::any(world.harness.db()).await.unwrap());
    working.stop().await;
    assert_eq!(row(&world, &job).await.runs, 1);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn a_class_with_nothing_to_report_on_fails_at_once_and_says_why() {
    let world = World::sqlite().await;
    world.at("2026-11-20T16:00");
    let job = world.queue("5-А").await;
    world
        .roster(crate::testing::a_class("6-А", 6, "А", ""))
        .await;
    let empty = world.queue("6-А").await;
    let working = Working::start(&world.shared());
    let failed = until(&world, &job, ReportJobState::Failed).await;
    assert_eq!(failed.failure, "За выбранные дни у класса нет уроков");
    let failed = until(&world, &empty, ReportJobState::Failed).await;
    assert_eq!(failed.failure, "В классе нет учеников");
    working.stop().await;
    assert_eq!(row(&world, &job).await.runs, 1);
    world.harness.ignore_announced().await;
}

#[tokio::test]
async fn reports_are_removed_when_they_are_old() {
    let world = World::on(TestDb::sqlite(migrations()).await).told().await;
    let job = world.queue("5-А").await;
    let shared = world.shared();
    let working = Working::start(&shared);
    let done = until(&world, &job, ReportJobState::Done).await;
    working.stop().await;
    world.harness.ignore_announced().await;
    let row = row(&world, &done).await;
    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_hours(30 * 24 - 1));
    assert_eq!(sweep(&shared).await.unwrap(), 0);
    world
        .harness
        .clock()
        .advance(jiff::SignedDuration::from_hours(2));
    assert_eq!(sweep(&shared).await.unwrap(), 1);
    assert!(file(&shared, &row, row.runs).await.is_none());
    assert!(
        jobs::find(world.harness.db().read(), school(), row.id)
            .await
            .unwrap()
            .is_none()
    );
}
