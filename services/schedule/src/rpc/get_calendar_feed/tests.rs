//! What a phone's calendar is given, and when no more.

use chassis::service::Service;
use tonic::Code;
use zhurnal_proto::id::{GroupId, PersonId, SchoolId};
use zhurnal_proto::roster::v1 as roster;
use zhurnal_proto::roster::v1::roster_event::Change;
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::CalendarFeedKind::{Class, Teacher};

use crate::Schedule;
use crate::testing::calendars::{
    Shown, calendar, create_request, delete_request, feed_request, list_request, shown,
};
use crate::testing::days::{change_request, undo_request};
use crate::testing::events::{cancel_request, excursion, of_audience};
use crate::testing::lesson_plans::request_id;
use crate::testing::{World, id, staff_member, text};

/// A Monday of three lessons.
const MONDAY: &str = "20260907";

fn field<'a>(one: &'a Shown, name: &str) -> &'a str {
    one.get(name).map_or("", String::as_str)
}

fn titles(all: &[Shown]) -> Vec<&str> {
    all.iter().map(|one| field(one, "SUMMARY")).collect()
}

async fn cancel(world: &World, number: u32, n: u8) {
    let lesson = world.lesson("2026-09-07", number, "5-А").await;
    let request = pb::CancelLessonRequest {
        school_id: lesson.school_id,
        lesson_id: lesson.lesson_id,
        reason: "карантин".into(),
        etag: lesson.etag,
        request_id: request_id(n),
    };
    world.deputy().cancel_lesson(request).await.unwrap();
    world.harness.ignore_announced().await;
}

async fn substitute(world: &World, number: u32, teacher: &str, n: u8) {
    let lesson = world.lesson("2026-09-07", number, "5-А").await;
    let request = pb::SubstituteTeacherRequest {
        school_id: lesson.school_id,
        lesson_id: lesson.lesson_id,
        teacher_id: text::<PersonId>(teacher),
        reason: "болезнь".into(),
        etag: lesson.etag,
        request_id: request_id(n),
    };
    world.deputy().substitute_teacher(request).await.unwrap();
    world.harness.ignore_announced().await;
}

async fn is_gone(world: &World, path: &str) -> bool {
    let unknown = path.replace("/calendarFeeds/", "/calendarFeeds/x");
    let unknown = world.read_feed(&unknown).await.unwrap_err();
    match world.read_feed(path).await {
        Ok(_) => false,
        Err(refused) => {
            assert_eq!(refused.code(), Code::NotFound);
            // Nothing tells it from a secret that was never made.
            assert_eq!(refused.details(), unknown.details());
            true
        }
    }
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn a_pupils_calendar_has_the_own_lessons_and_names_no_child(db) {
        let world = World::on(db).with_a_family().await;
        let (anya, borya) = (world.calendar_of_pupil("Аня", 1).await, world.calendar_of_pupil("Боря", 2).await);
        let feed = world.read_feed(&anya).await.unwrap();
        assert!(feed.contains("\r\nX-WR-CALNAME:Школа\\, 5-А\r\n"), "{feed}");
        assert!(feed.contains("\r\nX-WR-TIMEZONE:Europe/Simferopol\r\n"));
        let monday = world.on_day(&anya, MONDAY).await;
        assert_eq!(titles(&monday), ["Математика", "Русский язык"]);
        let first = world.lesson("2026-09-07", 1, "5-А").await;
        assert_eq!(field(&monday[0], "UID"), format!("{}@zhurnal", first.lesson_id));
        assert_eq!((field(&monday[0], "DTSTART"), field(&monday[0], "DTEND")), ("20260907T050000Z", "20260907T054000Z"));
        assert_eq!((field(&monday[0], "LOCATION"), field(&monday[0], "SEQUENCE")), ("каб. 1", "0"));
        // The subgroup that the pupil is not in.
        assert!(!feed.contains("Английский"));
        assert_eq!(titles(&world.on_day(&borya, MONDAY).await), ["Алгебра"]);
        for path in [&anya, &borya] {
            let feed = world.read_feed(path).await.unwrap();
            let other = [text::<PersonId>("Аня"), text::<PersonId>("Боря"), text::<PersonId>("Мать"), text::<PersonId>("Иванова")];
            assert!(other.iter().all(|id| !feed.contains(id.as_str())), "nobody's id");
        }
    }

    async fn free_days_are_whole_days(db) {
        let world = World::on(db).with_a_family().await;
        let path = world.calendar_of_pupil("Аня", 1).await;
        let [autumn] = &world.on_day(&path, "20261024").await[..] else { panic!("not one") };
        assert_eq!((field(autumn, "SUMMARY"), field(autumn, "DTEND;VALUE=DATE")), ("Каникулы", "20261102"));
        assert_eq!(field(autumn, "TRANSP"), "TRANSPARENT");
        let [off] = &world.on_day(&path, "20261104").await[..] else { panic!("not one") };
        assert_eq!((field(off, "SUMMARY"), field(off, "DTEND;VALUE=DATE")), ("Выходной: День народного единства", "20261105"));
    }

    async fn what_changes_keeps_its_uid_and_grows_in_sequence_without_the_reason(db) {
        let world = World::on(db).with_a_family().await;
        let path = world.calendar_of_pupil("Аня", 1).await;
        let before = world.on_day(&path, MONDAY).await;
        world.harness.clock().advance(jiff::SignedDuration::from_mins(5));
        cancel(&world, 1, 2).await;
        substitute(&world, 2, "Ким", 3).await;
        let after = world.on_day(&path, MONDAY).await;
        assert_eq!(titles(&after), ["Отменён: Математика", "Русский язык"]);
        assert_eq!((field(&after[0], "STATUS"), field(&after[1], "STATUS")), ("CANCELLED", ""));
        assert_eq!(field(&after[1], "DESCRIPTION"), "Замена");
        for (was, is) in before.iter().zip(&after) {
            assert_eq!(field(was, "UID"), field(is, "UID"));
            assert_eq!((field(was, "SEQUENCE"), field(is, "SEQUENCE")), ("0", "1"));
            assert!(field(was, "DTSTAMP") < field(is, "DTSTAMP"));
        }
        assert_eq!(field(&after[0], "DTSTAMP"), "20260901T053500Z");
        let feed = world.read_feed(&path).await.unwrap();
        assert!(!feed.contains("карантин") && !feed.contains("болезнь"));
        assert_eq!(world.read_feed(&path).await.unwrap(), feed, "the same bytes");
    }

    async fn a_remote_day_says_so_until_it_is_undone(db) {
        let world = World::on(db).with_a_family().await;
        let path = world.calendar_of_pupil("Аня", 1).await;
        let change = world.changed_day(change_request(pb::DayChangeKind::Remote, 2)).await;
        let monday = world.on_day(&path, MONDAY).await;
        assert_eq!((field(&monday[0], "LOCATION"), field(&monday[0], "STATUS")), ("Дистанционно", ""));
        world.deputy().undo_day_change(undo_request(&change, 3)).await.unwrap();
        world.harness.ignore_announced().await;
        let monday = world.on_day(&path, MONDAY).await;
        assert_eq!((field(&monday[0], "LOCATION"), field(&monday[0], "SEQUENCE")), ("каб. 1", "2"));
    }

    async fn a_lesson_that_moves_by_a_new_timetable_stays_the_same_entry(db) {
        let world = World::on(db).with_a_family().await;
        let path = world.calendar_of_pupil("Боря", 1).await;
        let before = world.on_day(&path, MONDAY).await;
        let draft = world.moved_draft(((1, 2), "10-А"), (1, 1), 2).await;
        world.approve_timetable(&draft, "2026-09-02", 4).await.unwrap();
        world.harness.ignore_announced().await;
        let after = world.on_day(&path, MONDAY).await;
        assert_eq!(field(&before[0], "UID"), field(&after[0], "UID"));
        assert_eq!((field(&before[0], "DTSTART"), field(&after[0], "DTSTART")), ("20260907T070000Z", "20260907T061000Z"));
        assert_eq!((field(&after[0], "SEQUENCE"), after.len()), ("1", 1));
    }

    async fn events_of_the_child_are_told_by_title_and_place(db) {
        let world = World::on(db).with_a_family().await;
        let path = world.calendar_of_pupil("Аня", 1).await;
        let told = pb::SchoolEventContent { text: "взять справку".into(), ends_on: "2026-09-09".into(), ..excursion() };
        let seen = world.published(told, 2).await;
        world.published(of_audience(pb::SchoolEventAudience::Staff), 3).await;
        world.drafted(excursion(), 4).await;
        let events = |all: Vec<Shown>| all.into_iter().filter(|one| field(one, "DESCRIPTION") == "Мероприятие").collect::<Vec<_>>();
        let [event] = &events(world.on_day(&path, MONDAY).await)[..] else { panic!("not one event") };
        assert_eq!((field(event, "SUMMARY"), field(event, "LOCATION")), ("Экскурсия", "Музей"));
        assert_eq!((field(event, "DTSTART"), field(event, "RRULE")), ("20260907T070000Z", "FREQ=DAILY;COUNT=3"));
        assert!(!world.read_feed(&path).await.unwrap().contains("справку"));
        world.deputy().cancel_school_event(cancel_request(&seen, 5)).await.unwrap();
        world.harness.ignore_announced().await;
        let [event] = &events(world.on_day(&path, MONDAY).await)[..] else { panic!("not one event") };
        assert_eq!((field(event, "SUMMARY"), field(event, "STATUS")), ("Отменено: Экскурсия", "CANCELLED"));
        assert!(!world.read_feed(&path).await.unwrap().contains("дождь"));
    }

    async fn a_teachers_calendar_has_groups_and_tells_what_was_given_away(db) {
        let world = World::on(db).with_a_family().await;
        let own = calendar(&mut world.teacher("Иванова"), create_request(Teacher, "", 1)).await;
        let stand_in = calendar(&mut world.staff_with_card("school", &["DEPUTY"], id("Ким")), create_request(Teacher, "", 2)).await;
        assert_eq!(titles(&world.on_day(&own, MONDAY).await), ["Математика, 5-А", "Алгебра, 10-А"]);
        assert!(world.on_day(&stand_in, MONDAY).await.is_empty());
        substitute(&world, 1, "Ким", 3).await;
        let given = world.on_day(&own, MONDAY).await;
        assert_eq!((field(&given[0], "SUMMARY"), field(&given[0], "STATUS")), ("Ведёт другой учитель: Математика, 5-А", "CANCELLED"));
        let taken = world.on_day(&stand_in, MONDAY).await;
        assert_eq!((titles(&taken), field(&taken[0], "DESCRIPTION")), (vec!["Математика, 5-А"], "Замена"));
        world.published(of_audience(pb::SchoolEventAudience::Staff), 4).await;
        assert_eq!(titles(&world.on_day(&stand_in, MONDAY).await), ["Математика, 5-А", "Экскурсия"]);
    }

    async fn a_class_is_followed_with_its_parts_and_a_group_of_one_pupil_is_not_named(db) {
        let world = World::on(db).with_a_family().await;
        let path = calendar(&mut world.teacher("Сидорова"), create_request(Class, "5-А", 1)).await;
        let own = calendar(&mut world.teacher("Сидорова"), create_request(Teacher, "", 2)).await;
        world.enrol("5-А Английский гр.1", &["Аня", "Вера"], "").await;
        let tuesday = "20260908";
        assert_eq!(titles(&world.on_day(&path, tuesday).await), ["Английский язык (5-А Английский гр.1)", "Математика"]);
        assert_eq!(titles(&world.on_day(&own, tuesday).await), ["Английский язык, 5-А Английский гр.1"]);
        // Such a group may be called by its pupil.
        let alone = roster::Group {
            group_id: text::<GroupId>("5-А Английский гр.1"),
            school_id: text::<SchoolId>("school"),
            class_id: text::<zhurnal_proto::id::ClassId>("5-А"),
            academic_year: "2026/2027".into(),
            title: "Верин английский".into(),
            ..Default::default()
        };
        let changed = roster::GroupsChanged { groups: vec![alone], ..Default::default() };
        let other = World::on(chassis::testing::TestDb::sqlite(Schedule::migrations()).await).with_a_family().await;
        other.hear(id("school"), Change::GroupsChanged(changed)).await.unwrap();
        other.enrol("5-А Английский гр.1", &["Вера"], "").await;
        let path = calendar(&mut other.teacher("Сидорова"), create_request(Class, "5-А", 1)).await;
        let own = calendar(&mut other.teacher("Сидорова"), create_request(Teacher, "", 2)).await;
        assert_eq!(titles(&other.on_day(&path, tuesday).await), ["Английский язык", "Математика"]);
        assert_eq!(titles(&other.on_day(&own, tuesday).await), ["Английский язык, 5-А"]);
    }

    async fn an_address_ends_with_the_right_to_it(db) {
        let world = World::on(db).with_a_family().await;
        let (anya, borya) = (world.calendar_of_pupil("Аня", 1).await, world.calendar_of_pupil("Боря", 2).await);
        let mut teacher = world.teacher("Иванова");
        let lessons = calendar(&mut teacher, create_request(Teacher, "", 3)).await;
        let class = calendar(&mut teacher, create_request(Class, "10-А", 4)).await;
        for path in [&anya, &borya, &lessons, &class] {
            assert!(!is_gone(&world, path).await);
        }
        // The guardian's link has ended; the other child has left the school.
        world.represent("Мать", "Аня", "2026-08-31").await;
        assert!(is_gone(&world, &anya).await && !is_gone(&world, &borya).await);
        world.enrol("10-А", &["Боря"], "2026-08-31").await;
        assert!(is_gone(&world, &borya).await && !is_gone(&world, &lessons).await);
        let left = roster::StaffMember { ends_on: "2026-08-31".into(), ..staff_member("Иванова", &[]) };
        let changed = roster::StaffChanged { staff: vec![left] };
        world.hear(id("school"), Change::StaffChanged(changed)).await.unwrap();
        assert!(is_gone(&world, &lessons).await && is_gone(&world, &class).await);
    }

    async fn a_revoked_address_is_gone_and_the_last_read_is_told_by_its_day(db) {
        let world = World::on(db).with_a_family().await;
        let mut mother = world.family("Мать");
        let made = mother.create_calendar_subscription(create_request(pb::CalendarFeedKind::Pupil, "Аня", 1)).await.unwrap().into_inner();
        let used = async || {
            let listed = world.family("Мать").list_calendar_subscriptions(list_request()).await.unwrap();
            listed.into_inner().calendar_subscriptions[0].last_used_on.clone()
        };
        assert_eq!(used().await, "");
        world.read_feed(&made.path).await.unwrap();
        assert_eq!(used().await, "2026-09-01");
        world.harness.clock().advance(jiff::SignedDuration::from_hours(24));
        world.read_feed(&made.path).await.unwrap();
        assert_eq!(used().await, "2026-09-02");
        let mut mother = world.family("Мать");
        mother.delete_calendar_subscription(delete_request(&made, 2)).await.unwrap();
        assert!(is_gone(&world, &made.path).await);
    }

    async fn a_feed_takes_the_same_few_statements_however_much_there_is(db) {
        let world = World::on(db).with_a_family().await;
        let pupil = world.calendar_of_pupil("Аня", 1).await;
        let class = calendar(&mut world.teacher("Иванова"), create_request(Class, "5-А", 2)).await;
        let own = calendar(&mut world.teacher("Иванова"), create_request(Teacher, "", 3)).await;
        let mut few = Vec::new();
        for path in [&pupil, &class, &own] {
            let (_, first) = world.harness.counted(world.read_feed(path)).await;
            let (_, again) = world.harness.counted(world.read_feed(path)).await;
            // The day of the read is written once.
            assert_eq!((first.commits, again.commits), (1, 0));
            assert!(again.statements <= 12 && first.statements <= 14, "{first:?} {again:?}");
            few.push(again.statements);
        }
        for n in 4..8 {
            world.published(excursion(), n).await;
        }
        world.enrol("5-А Английский гр.1", &["Аня", "Вера"], "").await;
        for (path, few) in [&pupil, &class, &own].into_iter().zip(few) {
            let (_, more) = world.harness.counted(world.read_feed(path)).await;
            assert_eq!(more.statements, few);
        }
    }
}

#[tokio::test]
async fn whoever_is_logged_in_opens_the_address_too() {
    let world = World::empty().await.with_a_family().await;
    let path = world.calendar_of_pupil("Аня", 1).await;
    for mut calls in [
        world.family("Отец"),
        world.deputy(),
        world.staff("other", &["TEACHER"]),
    ] {
        let answer = calls.get_calendar_feed(feed_request(&path)).await.unwrap();
        assert!(!shown(&String::from_utf8(answer.into_inner().data).unwrap()).is_empty());
    }
}

#[tokio::test]
async fn the_address_of_one_school_is_nothing_at_another() {
    let world = World::empty().await.with_a_family().await;
    let path = world.calendar_of_pupil("Аня", 1).await;
    let elsewhere = path.replace(&text::<SchoolId>("school"), &text::<SchoolId>("other"));
    assert_eq!(
        world.read_feed(&elsewhere).await.unwrap_err().code(),
        Code::NotFound
    );
}
