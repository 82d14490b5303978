//! Who gets an address, and what is kept of it.

use chassis::db::statement;
use chassis::service::Service;
use sea_orm::ConnectionTrait;
use tonic::Code;
use zhurnal_proto::id::{ClassId, PersonId, SchoolId};
use zhurnal_proto::schedule::v1 as pb;
use zhurnal_proto::schedule::v1::CalendarFeedKind::{Class, Pupil, Teacher};

use crate::Schedule;
use crate::testing::calendars::{create_request, delete_request, feed_request, list_request};
use crate::testing::{World, id, refused, text, violations};

/// All that the database holds of subscriptions and remembered answers, as text.
async fn stored(world: &World) -> Vec<Vec<u8>> {
    let db = world.harness.db();
    let mut all = Vec::new();
    for sql in [
        "SELECT secret_hash FROM calendar_subscription",
        "SELECT response FROM idempotency_key",
    ] {
        let rows = db
            .read()
            .query_all_raw(statement(db.backend(), sql, []))
            .await
            .unwrap();
        assert!(!rows.is_empty(), "{sql}");
        let bytes = rows
            .iter()
            .map(|row| row.try_get_by_index::<Vec<u8>>(0).unwrap());
        all.extend(bytes);
    }
    all
}

chassis::on_both_databases! {
    Schedule::migrations();

    async fn the_address_is_told_once_and_nowhere_kept(db) {
        let world = World::on(db).with_a_family().await;
        let request = create_request(Pupil, "Аня", 1);
        let made = world.family("Мать").create_calendar_subscription(request.clone()).await.unwrap().into_inner();
        let secret = feed_request(&made.path).secret;
        assert_eq!(secret.len(), 43, "256 bits");
        for bytes in stored(&world).await {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()));
        }
        // A repeat gets the same answer, and nothing is made twice.
        let again = world.family("Мать").create_calendar_subscription(request).await.unwrap().into_inner();
        assert_eq!(again, made);
        let listed = world.family("Мать").list_calendar_subscriptions(list_request()).await.unwrap().into_inner();
        assert_eq!(listed.calendar_subscriptions, [made.calendar_subscription.unwrap()]);
        assert_eq!(listed.calendar_subscriptions[0].pupil_id, text::<PersonId>("Аня"));
        assert_eq!(listed.most, 10);
        let other = pb::CreateCalendarSubscriptionRequest { pupil_id: text::<PersonId>("Боря"), ..create_request(Pupil, "Аня", 1) };
        let reused = refused(world.family("Мать").create_calendar_subscription(other).await);
        assert_eq!(reused.1, "IDEMPOTENCY_KEY_REUSED");
    }

    async fn an_account_has_no_more_than_ten_and_ends_its_own_alone(db) {
        let world = World::on(db).with_a_family().await;
        let mut mother = world.family("Мать");
        let mut made = Vec::new();
        for n in 1..=10 {
            made.push(mother.create_calendar_subscription(create_request(Pupil, "Аня", n)).await.unwrap().into_inner());
        }
        let one_more = refused(mother.create_calendar_subscription(create_request(Pupil, "Боря", 11)).await);
        assert_eq!(one_more, (Code::FailedPrecondition, "TOO_MANY_CALENDAR_SUBSCRIPTIONS".to_owned()));
        // Another account neither sees nor ends them.
        let mut teacher = world.teacher("Иванова");
        let seen = teacher.list_calendar_subscriptions(list_request()).await.unwrap().into_inner();
        assert_eq!(seen.calendar_subscriptions, []);
        let foreign = refused(teacher.delete_calendar_subscription(delete_request(&made[0], 12)).await);
        assert_eq!(foreign.0, Code::NotFound);
        for _ in 0..2 {
            mother.delete_calendar_subscription(delete_request(&made[0], 13)).await.unwrap();
        }
        let gone = refused(mother.delete_calendar_subscription(delete_request(&made[0], 14)).await);
        assert_eq!(gone.0, Code::NotFound);
        mother.create_calendar_subscription(create_request(Pupil, "Боря", 15)).await.unwrap();
    }
}

#[tokio::test]
async fn the_pupil_and_the_guardian_get_the_pupils_and_nobody_else_does() {
    let world = World::empty().await.with_a_family().await;
    for (card, n) in [("Мать", 1), ("Аня", 4)] {
        let request = create_request(Pupil, "Аня", n);
        let made = world
            .family(card)
            .create_calendar_subscription(request)
            .await;
        assert!(made.is_ok(), "{card}");
    }
    for card in ["Отец", "Боря"] {
        let other = create_request(Pupil, "Аня", 2);
        let answer = world.family(card).create_calendar_subscription(other).await;
        assert_eq!(refused(answer).0, Code::NotFound, "{card}");
    }
    let request = create_request(Pupil, "Аня", 5);
    let staff = world.deputy().create_calendar_subscription(request).await;
    assert_eq!(refused(staff).0, Code::NotFound);
    let elsewhere = pb::CreateCalendarSubscriptionRequest {
        school_id: text::<SchoolId>("other"),
        ..create_request(Pupil, "Аня", 3)
    };
    let answer = world
        .family("Мать")
        .create_calendar_subscription(elsewhere)
        .await;
    assert_eq!(refused(answer).0, Code::NotFound);
}

#[tokio::test]
async fn lessons_and_classes_are_for_employees_of_the_school() {
    let world = World::empty().await.with_a_family().await;
    for (kind, of, n) in [(Teacher, "", 1), (Class, "5-А", 2)] {
        let request = || create_request(kind, of, n);
        let denied = |answer| assert_eq!(refused(answer).0, Code::PermissionDenied, "{kind:?}");
        denied(
            world
                .family("Мать")
                .create_calendar_subscription(request())
                .await,
        );
        // Without a card of an employee, and of another school.
        denied(world.deputy().create_calendar_subscription(request()).await);
        let mut stranger = world.staff_with_card("other", &["DIRECTOR"], id("Иванова"));
        denied(stranger.create_calendar_subscription(request()).await);
        let made = world
            .teacher("Ким")
            .create_calendar_subscription(request())
            .await;
        assert!(made.is_ok());
    }
    let unknown = create_request(Class, "11-Я", 3);
    let answer = world
        .teacher("Ким")
        .create_calendar_subscription(unknown)
        .await;
    assert_eq!(refused(answer).0, Code::NotFound);
}

#[tokio::test]
async fn fields_of_another_kind_and_missing_ones_are_named() {
    let world = World::empty().await.with_a_family().await;
    let fault = async |request| {
        let answer = world
            .teacher("Ким")
            .create_calendar_subscription(request)
            .await;
        violations(answer).remove(0)
    };
    let named = |field: &str, rule: &str| (field.to_owned(), rule.to_owned());
    let nobody = create_request(Pupil, "", 1);
    assert_eq!(fault(nobody).await, named("pupilId", "REQUIRED"));
    let no_class = create_request(Class, "", 1);
    assert_eq!(fault(no_class).await, named("classId", "REQUIRED"));
    let both = pb::CreateCalendarSubscriptionRequest {
        class_id: text::<ClassId>("5-А"),
        ..create_request(Teacher, "", 1)
    };
    assert_eq!(fault(both).await, named("classId", "NOT_FOR_KIND"));
}
