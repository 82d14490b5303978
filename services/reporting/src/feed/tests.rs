//! Tests: what the copies hold after any order of events that the feeds allow.

use std::collections::BTreeMap;

use chassis::feed::Consumer;
use chassis::on_both_databases;
use jiff::civil::date;
use zhurnal_proto::grading::v1::grading_event::Change as Graded;
use zhurnal_proto::grading::v1::{self as grading};
use zhurnal_proto::id::{ClassId, SchoolId};
use zhurnal_proto::schedule::v1 as schedule;
use zhurnal_proto::types::v1::Fraction;

use super::{GradingFeed, RosterFeed, ScheduleFeed};
use crate::domain::class_summary::{ClassSummary, Facts};
use crate::domain::days::Days;
use crate::domain::due::{Cut, EntryDue};
use crate::domain::pairs::Pair;
use crate::store::board::{self, Share};
use crate::store::{School, checkpoints, class_facts, migrations};
use crate::testing::{World, a_lesson, cell, cells, checkpoint, entry, id, lessons, present};

const HOUR: EntryDue = EntryDue::AfterLastLesson(60);

/// Everything that people see of the two days, at Wednesday noon.
#[derive(Debug, PartialEq)]
struct Seen {
    shares: Vec<Share>,
    pairs: Vec<Pair>,
    facts: Facts,
}

fn school() -> School {
    School::told_by_feed(id::<SchoolId>("12"))
}

fn september() -> Days {
    Days::new(date(2026, 9, 1), date(2026, 9, 30)).unwrap()
}

async fn seen(world: &World) -> Seen {
    let conn = world.harness.db().read();
    let cut = Cut::at(date(2026, 9, 2).at(16, 0, 0, 0), HOUR);
    let mut shares = board::lessons(conn, school(), september(), cut)
        .await
        .unwrap();
    shares.sort_by_key(|share| (share.class, share.teacher));
    let pairs = board::pairs(conn, school(), None, september(), cut)
        .await
        .unwrap();
    let class = id::<ClassId>("5-А");
    let facts = class_facts::read(conn, school(), class, september(), date(2026, 9, 2))
        .await
        .unwrap();
    Seen {
        shares,
        pairs,
        facts,
    }
}

/// A day's work in two journals: written, mended, cleared, late, split, absent.
fn work() -> Vec<Graded> {
    let (tuesday, wednesday) = ("2026-09-01", "2026-09-02");
    let (algebra, physics) = ("вт алгебра 5-А", "вт физика 5-А");
    let late = |cell: grading::ChangedCell| grading::ChangedCell { late: true, ..cell };
    vec![
        cells(
            "5-А",
            "Алгебра",
            vec![
                cell(algebra, tuesday, "Алиев", &["3"], ""),
                cell(algebra, tuesday, "Ёлкин", &[], "н"),
            ],
        ),
        entry(algebra, tuesday, "5-А", "Алгебра", false, false),
        cells(
            "5-А",
            "Физика",
            vec![late(cell(physics, tuesday, "Жуков", &["2"], ""))],
        ),
        cells(
            "5-А",
            "Алгебра",
            vec![cell(algebra, tuesday, "Алиев", &["4/5", "5"], "")],
        ),
        entry(algebra, tuesday, "5-А", "Алгебра", true, false),
        cells(
            "5-А",
            "Алгебра",
            vec![
                cell(algebra, tuesday, "Ёлкин", &[], "б"),
                cell(algebra, tuesday, "Жуков", &["зач"], "оп"),
            ],
        ),
        cells(
            "5-А",
            "Физика",
            vec![
                present(physics, tuesday, "Жуков"),
                late(cell(physics, tuesday, "Алиев", &["5"], "")),
            ],
        ),
        entry("ср физика 5-А", wednesday, "5-А", "Физика", true, true),
        checkpoint(tuesday, 7, "aa"),
        checkpoint(tuesday, 9, "bb"),
    ]
}

/// The key that keeps events in order.
fn key(change: &Graded) -> String {
    let event = grading::GradingEvent {
        school_id: id::<SchoolId>("12").to_string(),
        change: Some(change.clone()),
        ..Default::default()
    };
    let response = grading::WatchGradingEventsResponse {
        event: Some(event),
        cursor: "e1.1".into(),
    };
    GradingFeed::key_of(&response).unwrap()
}

/// Another order of the events that keeps the order of each key.
fn shuffled(events: &[Graded], seed: u64) -> Vec<Graded> {
    let mut queues: BTreeMap<String, Vec<Graded>> = BTreeMap::new();
    for event in events.iter().rev() {
        queues.entry(key(event)).or_default().push(event.clone());
    }
    let mut random = seed;
    let mut order = Vec::new();
    while !queues.is_empty() {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let at = (random >> 33) as usize % queues.len();
        let chosen = queues.keys().nth(at).unwrap().clone();
        let queue = queues.get_mut(&chosen).unwrap();
        order.extend(queue.pop());
        if queue.is_empty() {
            queues.remove(&chosen);
        }
    }
    order
}

async fn forget_grading(world: &World) {
    let mut uow = world.harness.db().begin().await.unwrap();
    GradingFeed.reset(&mut uow).await.unwrap();
    uow.commit().await.unwrap();
}

on_both_databases! { migrations();
    async fn events_that_come_twice_leave_the_same_board(db) {
        let world = World::on(db).told().await;
        for event in work() {
            world.grading(event).await;
        }
        let once = seen(&world).await;
        assert_eq!(once.facts.tallies.len(), 4, "{:?}", once.facts.tallies);
        forget_grading(&world).await;
        for event in work() {
            world.grading(event.clone()).await;
            world.grading(event).await;
        }
        assert_eq!(seen(&world).await, once);
        for event in work() {
            world.grading(event).await;
        }
        assert_eq!(seen(&world).await, once, "the whole story told again");
    }

    async fn any_order_that_keeps_each_key_in_order_leaves_the_same_board(db) {
        let world = World::on(db).told().await;
        for event in work() {
            world.grading(event).await;
        }
        let told = seen(&world).await;
        let mut orders = 0;
        for seed in 0..12 {
            let other = shuffled(&work(), seed);
            orders += u32::from(other != work());
            forget_grading(&world).await;
            for event in other {
                world.grading(event).await;
            }
            assert_eq!(seen(&world).await, told, "seed {seed}");
        }
        assert!(orders > 6, "the shuffle does shuffle");
    }

    async fn a_feed_that_starts_over_leaves_nothing_but_the_witness(db) {
        let world = World::on(db).told().await;
        for event in work() {
            world.grading(event).await;
        }
        let mut uow = world.harness.db().begin().await.unwrap();
        RosterFeed.reset(&mut uow).await.unwrap();
        ScheduleFeed.reset(&mut uow).await.unwrap();
        GradingFeed.reset(&mut uow).await.unwrap();
        uow.commit().await.unwrap();
        let seen = seen(&world).await;
        assert_eq!(seen, Seen { shares: Vec::new(), pairs: Vec::new(), facts: Facts::default() });
        let kept = checkpoints::newest_by_day(world.harness.db().read(), school(), None, None).await.unwrap();
        assert_eq!(kept.iter().map(|one| (one.tree_size, one.root.as_str())).collect::<Vec<_>>(), [(9, "bb")]);
    }

    async fn cells_follow_a_lesson_that_is_moved_whoever_tells_first(db) {
        let world = World::on(db).told().await;
        let moved = || schedule::Lesson {
            state: schedule::LessonState::Moved.into(),
            ..a_lesson("вт алгебра 5-А", "2026-10-05", 1, "5-А", "Алгебра", "Иванова")
        };
        let five = || cells("5-А", "Алгебра", vec![cell("вт алгебра 5-А", "2026-09-01", "Алиев", &["5"], "")]);
        world.grading(five()).await;
        assert_eq!(seen(&world).await.facts.tallies.len(), 1);
        world.schedule(lessons(vec![moved()])).await;
        let schedule_last = seen(&world).await;
        assert_eq!(schedule_last.facts.tallies.len(), 0, "it counts in October now");
        world.grading(five()).await;
        assert_eq!(seen(&world).await, schedule_last, "grading has not heard of the move");
    }

    async fn a_lesson_that_the_timetable_takes_out_counts_as_one_that_is_cancelled(db) {
        let world = World::on(db).told().await;
        let physics = || a_lesson("вт физика 5-А", "2026-09-01", 3, "5-А", "Физика", "Петров");
        let cancelled = schedule::Lesson { state: schedule::LessonState::Cancelled.into(), ..physics() };
        let removed = schedule::Lesson { state: schedule::LessonState::Removed.into(), ..physics() };
        let whole = seen(&world).await;
        world.schedule(lessons(vec![cancelled])).await;
        let without = seen(&world).await;
        assert_ne!(whole, without);
        world.schedule(lessons(vec![physics()])).await;
        assert_eq!(seen(&world).await, whole);
        world.schedule(lessons(vec![removed])).await;
        assert_eq!(seen(&world).await, without);
    }

    async fn the_class_s_last_lesson_follows_the_timetable(db) {
        let world = World::on(db).told().await;
        // Physics ends at 11:10: entries of 5-А are due at 12:10, those of 5-Б at 10:10.
        let unfilled = async |hour: i8, minute: i8| {
            let cut = Cut::at(date(2026, 9, 1).at(hour, minute, 0, 0), HOUR);
            let day = Days::new(date(2026, 9, 1), date(2026, 9, 1)).unwrap();
            let shares = board::lessons(world.harness.db().read(), school(), day, cut).await.unwrap();
            let of = |class: &str| {
                shares.iter().filter(|s| s.class == Some(id(class))).map(|s| s.figures.unfilled).sum::<u32>()
            };
            (of("5-А"), of("5-Б"))
        };
        assert_eq!(unfilled(10, 9).await, (0, 0));
        assert_eq!(unfilled(10, 10).await, (0, 1));
        assert_eq!(unfilled(12, 9).await, (0, 1));
        assert_eq!(unfilled(12, 10).await, (2, 1));
        let physics = a_lesson("вт физика 5-А", "2026-09-01", 3, "5-А", "Физика", "Петров");
        let cancelled = schedule::Lesson { state: schedule::LessonState::Cancelled.into(), ..physics.clone() };
        world.schedule(lessons(vec![cancelled])).await;
        assert_eq!(unfilled(10, 10).await, (1, 1), "algebra is the last one now");
        let moved = schedule::Lesson { date: "2026-09-03".into(), ..physics };
        world.schedule(lessons(vec![moved])).await;
        assert_eq!(unfilled(10, 10).await, (1, 1), "and when physics is on another day");
    }
}

#[tokio::test]
async fn a_split_mark_is_one_mark_of_nine_halves() {
    let world = World::sqlite().await;
    world
        .grading(cells(
            "5-А",
            "Алгебра",
            vec![cell("вт алгебра 5-А", "2026-09-01", "Алиев", &["4/5"], "")],
        ))
        .await;
    let facts = seen(&world).await.facts;
    let tally = facts.tallies.values().next().unwrap();
    assert_eq!((tally.marks, tally.graded, tally.halves), (1, 1, 9));
    assert_eq!(
        ClassSummary::of(&facts).unwrap().pupils[0]
            .overall
            .unwrap()
            .to_string(),
        "4,50"
    );
}

#[tokio::test]
async fn a_mark_in_thirds_is_put_aside_and_not_counted_wrong() {
    let world = World::sqlite().await;
    let mut odd = cell("вт алгебра 5-А", "2026-09-01", "Алиев", &["5"], "");
    odd.cell.as_mut().unwrap().marks[0].exact = Some(Fraction {
        numerator: 13,
        denominator: 3,
    });
    let refused = world
        .try_grading(cells("5-А", "Алгебра", vec![odd]))
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("a mark in parts of 3"),
        "{refused:#}"
    );
    assert!(seen(&world).await.facts.tallies.is_empty());
}

#[tokio::test]
async fn a_record_named_twice_in_an_event_has_its_last_state() {
    let world = World::sqlite().await;
    let twice = vec![
        cell("вт алгебра 5-А", "2026-09-01", "Алиев", &["2"], ""),
        cell("вт алгебра 5-А", "2026-09-01", "Алиев", &["5", "5"], ""),
    ];
    world.grading(cells("5-А", "Алгебра", twice)).await;
    assert_eq!(
        seen(&world)
            .await
            .facts
            .tallies
            .values()
            .next()
            .unwrap()
            .halves,
        20
    );
}

#[tokio::test]
async fn grading_may_tell_of_a_lesson_before_schedule() {
    let world = World::sqlite().await;
    let friday = "2026-09-04";
    world
        .grading(cells(
            "5-А",
            "Алгебра",
            vec![cell("пт алгебра", friday, "Алиев", &["5"], "")],
        ))
        .await;
    world
        .grading(entry("пт алгебра", friday, "5-А", "Алгебра", true, false))
        .await;
    world
        .schedule(lessons(vec![a_lesson(
            "пт алгебра",
            friday,
            1,
            "5-А",
            "Алгебра",
            "Иванова",
        )]))
        .await;
    let cut = Cut::at(date(2026, 9, 5).at(12, 0, 0, 0), HOUR);
    let days = Days::new(date(2026, 9, 4), date(2026, 9, 4)).unwrap();
    let shares = board::lessons(world.harness.db().read(), school(), days, cut)
        .await
        .unwrap();
    assert_eq!(
        (shares[0].figures.recorded, shares[0].figures.marks),
        (1, 1)
    );
}

#[test]
fn only_events_that_can_touch_one_row_share_a_key() {
    let algebra = key(&cells("5-А", "Алгебра", Vec::new()));
    assert_eq!(
        algebra,
        key(&entry(
            "вт алгебра 5-А",
            "2026-09-01",
            "5-А",
            "Алгебра",
            true,
            false
        ))
    );
    assert_ne!(algebra, key(&cells("5-А", "Физика", Vec::new())));
    assert_ne!(algebra, key(&checkpoint("2026-09-01", 1, "aa")));
    let correction = grading::GradingEvent {
        change: Some(Graded::CorrectionChanged(
            grading::CorrectionChanged::default(),
        )),
        ..Default::default()
    };
    let response = grading::WatchGradingEventsResponse {
        event: Some(correction),
        cursor: "e1.1".into(),
    };
    assert_eq!(
        GradingFeed::key_of(&response),
        None,
        "corrections are no business of reporting"
    );
}

#[tokio::test]
async fn followers_keep_the_copies_and_the_board_says_how_fresh_they_are() {
    use crate::testing::{host_producers, roster_events};
    use zhurnal_proto::reporting::v1::GetControlBoardRequest;
    use zhurnal_proto::roster::v1 as roster;

    let world = World::empty().await;
    let school_id = id::<SchoolId>("12").to_string();
    let told = |change| roster::RosterEvent {
        school_id: school_id.clone(),
        change: Some(change),
        ..Default::default()
    };
    let quiet = || "e1.0".to_owned();
    host_producers(
        &world.harness,
        roster_events(vec![
            told(crate::testing::a_school("12")),
            told(crate::testing::a_class("5-А", 5, "А", "Ким")),
        ]),
        vec![schedule::WatchScheduleEventsResponse {
            event: None,
            cursor: quiet(),
        }],
        vec![grading::WatchGradingEventsResponse {
            event: None,
            cursor: quiet(),
        }],
    );
    let tasks = world.harness.start_tasks();
    let request = GetControlBoardRequest {
        school_id: school_id.clone(),
        ..Default::default()
    };
    let as_of = chassis::testing::eventually("a fresh board", || async {
        let answer = world
            .deputy()
            .get_control_board(request.clone())
            .await
            .ok()?;
        answer.into_inner().board?.as_of
    })
    .await;
    assert_eq!(as_of.seconds, world.harness.cx().clock.now().as_second());
    tasks.stop().await;
}
