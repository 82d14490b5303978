//! A school of full size over a quarter: 42 classes, 1,134 pupils, 10,080 lessons,
//! some 95,000 filled cells. Run by hand:
//! `cargo test -p reporting --lib -- --ignored --nocapture full_size`

use std::time::Instant;

use chassis::on_both_databases;
use zhurnal_proto::grading::v1::{self as grading, grading_event::Change};
use zhurnal_proto::id::SchoolId;
use zhurnal_proto::reporting::v1 as pb;

use super::events::{a_lesson, a_membership, a_pupil, cell, cells, entry, id, lessons};
use super::world::World;
use crate::feed;
use crate::store::migrations;

const CLASSES: usize = 42;
const PUPILS: usize = 27;
const SUBJECTS: usize = 15;
const LESSONS_A_DAY: u32 = 6;

/// Study days of the first quarter, Monday to Friday.
fn days() -> Vec<String> {
    let first = jiff::civil::date(2026, 9, 1);
    let all = (0..53).map(|after| first.saturating_add(jiff::Span::new().days(after)));
    let studied = all.filter(|day| day.weekday().to_monday_one_offset() <= 5);
    studied.take(40).map(|day| day.to_string()).collect()
}

/// A number that looks random and is the same each time.
fn dice(seed: usize, sides: usize) -> usize {
    let mixed = (seed as u64 ^ 0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) as usize % sides
}

async fn fill(world: &World) -> usize {
    let mut work: Vec<Change> = Vec::new();
    let mut filled = 0;
    for class_number in 0..CLASSES {
        let class = format!("{}-{class_number}", 2 + class_number % 10);
        world
            .roster(super::a_class(
                &class,
                2 + class_number as u32 % 10,
                &class,
                "",
            ))
            .await;
        let pupils: Vec<String> = (0..PUPILS).map(|n| format!("Ученик {n} {class}")).collect();
        world
            .enrol(pupils.iter().map(|pupil| a_pupil(pupil, &class)).collect())
            .await;
        world
            .join(
                pupils
                    .iter()
                    .map(|pupil| a_membership(pupil, &class))
                    .collect(),
            )
            .await;
        let mut told = Vec::new();
        for (day_number, day) in days().iter().enumerate() {
            for number in 1..=LESSONS_A_DAY {
                let seed = (class_number * 64 + day_number) * 8 + number as usize;
                let name = format!("{class} {day} {number}");
                let subject = format!("Предмет {}", dice(seed, SUBJECTS));
                let teacher = format!("Учитель {}", (class_number + dice(seed, SUBJECTS)) % 72);
                told.push(a_lesson(&name, day, number, &class, &subject, &teacher));
                let of = |at: usize, pupil: &String| match dice(seed * 32 + at, 100) {
                    0..28 => Some(cell(
                        &name,
                        day,
                        pupil,
                        &[["5", "4", "3", "4/5"][dice(seed + at, 4)]],
                        "",
                    )),
                    28..35 => Some(cell(
                        &name,
                        day,
                        pupil,
                        &[],
                        ["н", "б", "у"][dice(seed + at, 3)],
                    )),
                    _ => None,
                };
                let row: Vec<_> = pupils
                    .iter()
                    .enumerate()
                    .filter_map(|(at, pupil)| of(at, pupil))
                    .collect();
                filled += row.len();
                work.push(cells(&class, &subject, row));
                work.push(entry(&name, day, &class, &subject, true, false));
            }
        }
        for chunk in told.chunks(500) {
            world.schedule(lessons(chunk.to_vec())).await;
        }
    }
    // As the follower does: 200 events in a transaction.
    let school_id = id::<SchoolId>("12").to_string();
    for batch in work.chunks(200) {
        let uow = world.harness.db().begin().await.unwrap();
        for change in batch {
            let event = grading::GradingEvent {
                school_id: school_id.clone(),
                change: Some(change.clone()),
                ..Default::default()
            };
            feed::apply_grading(&uow, &event).await.unwrap();
        }
        uow.commit().await.unwrap();
    }
    filled
}

async fn timed<T>(what: &str, work: impl AsyncFn() -> T) -> T {
    let mut best = u128::MAX;
    let mut last = None;
    for _ in 0..5 {
        let start = Instant::now();
        last = Some(work().await);
        best = best.min(start.elapsed().as_millis());
    }
    eprintln!("{what}: {best} ms");
    last.unwrap()
}

on_both_databases! { migrations();
    #[ignore = "takes minutes; prints how long the board takes"]
    async fn the_board_of_a_school_of_full_size(db) {
        let world = World::on(db).told().await;
        world.at("2026-10-26T16:00");
        let start = Instant::now();
        let filled = fill(&world).await;
        eprintln!("{filled} cells told in {} ms", start.elapsed().as_millis());
        let school_id = id::<SchoolId>("12").to_string();
        let request = pb::GetControlBoardRequest { school_id: school_id.clone(), ..Default::default() };
        let board = timed("board", async || world.deputy().get_control_board(request.clone()).await.unwrap()).await;
        let school = board.into_inner().board.unwrap().school.unwrap();
        eprintln!("{school:?}");
        assert!(school.lessons_due > 9_000);
        let lists = pb::ListBoardPupilsRequest {
            school_id,
            figure: pb::PupilFigure::OneMark.into(),
            ..Default::default()
        };
        timed("pupils", async || world.deputy().list_board_pupils(lists.clone()).await.unwrap()).await;
        let (job, shared) = (world.queue("5-3").await, world.shared());
        let start = Instant::now();
        let stop = tokio_util::sync::CancellationToken::new();
        let working = tokio::spawn(crate::jobs::worker(&shared, 1).start(stop.clone()));
        chassis::testing::eventually("the report", || async {
            world.job(&job.report_job_id).await.state() == pb::ReportJobState::Done
        })
        .await;
        eprintln!("report of a class: {} ms", start.elapsed().as_millis());
        stop.cancel();
        working.await.unwrap().unwrap();
        world.harness.ignore_announced().await;
    }
}
