//! The same request twice: one effect, one answer.

use chassis::{
    db::Db,
    idempotency::{self, IdempotencyKey, RETENTION, key, once, sweep},
    on_both_databases, status,
};
use jiff::SignedDuration;
use sea_orm::DbBackend;
use tonic::{Code, Status};

use crate::support::{announce, event, migrations, notes, write_note};

#[derive(Clone, PartialEq, prost::Message)]
struct WriteNote {
    #[prost(string, tag = "1")]
    request_id: String,
    #[prost(int64, tag = "2")]
    nth: i64,
    #[prost(string, tag = "3")]
    text: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct NoteWritten {
    #[prost(string, tag = "1")]
    answer: String,
}

fn request(id: u128, nth: i64, text: &str) -> WriteNote {
    WriteNote {
        request_id: uuid::Uuid::from_u128(id).to_string(),
        nth,
        text: text.to_owned(),
    }
}

fn key_of(request: &WriteNote) -> IdempotencyKey {
    key("acc_1", "notes.WriteNote", &request.request_id, request).unwrap()
}

/// The operation under test; the answer names who made it.
async fn write(db: &Db, request: &WriteNote, by: &str) -> Result<NoteWritten, Status> {
    let answer = NoteWritten {
        answer: format!("{} by {by}", request.text),
    };
    once(db, &key_of(request), async |mut uow| {
        write_note(&uow, request.nth, &request.text)
            .await
            .map_err(status::from_db)?;
        uow.announce(event(uow.db().clock(), "k", &request.text));
        Ok((uow, answer))
    })
    .await
}

on_both_databases! { migrations();
    async fn a_repeat_gets_the_first_answer_and_changes_nothing(db) {
        let request = request(1, 1, "а");
        let first = write(&db, &request, "first").await.unwrap();
        let again = write(&db, &request, "second").await.unwrap();
        assert_eq!((first.answer.as_str(), again), ("а by first", first.clone()));
        assert_eq!(notes(&db).await, [(1, "а".to_owned())]);
        chassis::outbox::sequence(&db).await.unwrap();
        assert_eq!(chassis::outbox::head(&db).await.unwrap().position, 1);
    }

    async fn the_same_id_with_another_body_is_refused(db) {
        write(&db, &request(1, 1, "а"), "first").await.unwrap();
        for other in [request(1, 2, "б"), request(1, 1, "б")] {
            let refused = write(&db, &other, "second").await.unwrap_err();
            assert_eq!(refused.code(), Code::FailedPrecondition);
            assert_eq!(status::reason(&refused), "IDEMPOTENCY_KEY_REUSED");
        }
        assert_eq!(notes(&db).await.len(), 1);
    }

    async fn sixteen_duplicates_at_once_have_one_effect_and_one_answer(db) {
        let calls: Vec<_> = (0..16)
            .map(|nth| {
                let db = db.db().clone();
                tokio::spawn(async move {
                    write(&db, &request(1, 1, "а"), &format!("call {nth}")).await.unwrap()
                })
            })
            .collect();
        let mut answers = Vec::new();
        for call in calls {
            answers.push(call.await.unwrap());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        assert_eq!(notes(&db).await.len(), 1);
        chassis::outbox::sequence(&db).await.unwrap();
        assert_eq!(chassis::outbox::head(&db).await.unwrap().position, 1);
    }

    async fn duplicates_whose_effects_do_not_collide_still_have_one_answer(db) {
        // Nothing but the idempotency row itself stands between these two.
        let request = request(1, 1, "а");
        let calls: Vec<_> = (0..8)
            .map(|nth| {
                let (db, request) = (db.db().clone(), request.clone());
                tokio::spawn(async move {
                    once(&db, &key_of(&request), async move |mut uow| {
                        uow.announce(event(uow.db().clock(), "k", "e"));
                        Ok((uow, NoteWritten { answer: nth.to_string() }))
                    })
                    .await
                    .unwrap()
                })
            })
            .collect();
        let mut answers = Vec::new();
        for call in calls {
            answers.push(call.await.unwrap());
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
        chassis::outbox::sequence(&db).await.unwrap();
        assert_eq!(chassis::outbox::head(&db).await.unwrap().position, 1);
    }

    async fn other_actors_and_methods_may_use_the_same_id(db) {
        let request = request(1, 1, "а");
        write(&db, &request, "first").await.unwrap();
        for key in [
            key("acc_2", "notes.WriteNote", &request.request_id, &request).unwrap(),
            key("acc_1", "notes.DeleteNote", &request.request_id, &request).unwrap(),
        ] {
            assert_eq!(idempotency::find(&db, &key).await.unwrap(), None);
            let answer = once(&db, &key, async |uow| {
                Ok((uow, NoteWritten { answer: "own".to_owned() }))
            });
            assert_eq!(answer.await.unwrap().answer, "own");
        }
    }

    async fn a_refusal_is_not_remembered(db) {
        let taken = request(1, 1, "а");
        write(&db, &taken, "first").await.unwrap();
        let collides = request(2, 1, "б");
        assert_eq!(write(&db, &collides, "second").await.unwrap_err().code(), Code::AlreadyExists);
        assert_eq!(idempotency::find(&db, &key_of(&collides)).await.unwrap(), None);
        assert_eq!(notes(&db).await, [(1, "а".to_owned())]);
    }

    async fn a_call_given_up_half_way_leaves_nothing_and_can_be_repeated(db) {
        let request = request(1, 1, "а");
        let (reached, wait) = tokio::sync::oneshot::channel();
        let given_up = {
            let (db, request) = (db.db().clone(), request.clone());
            tokio::spawn(async move {
                once::<NoteWritten, _, _>(&db, &key_of(&request), async |uow| {
                    write_note(&uow, request.nth, &request.text).await.map_err(status::from_db)?;
                    reached.send(()).unwrap();
                    std::future::pending().await
                })
                .await
            })
        };
        wait.await.unwrap();
        given_up.abort();
        assert!(given_up.await.unwrap_err().is_cancelled());
        assert_eq!(notes(&db).await, []);
        assert_eq!(write(&db, &request, "second").await.unwrap().answer, "а by second");
    }

    async fn an_answer_costs_one_statement_whatever_it_says(db) {
        // The first statement on a new connection may be prepared; counted is what is sent.
        announce(&db, "k", "warm").await;
        let before = db.statements();
        write(&db, &request(1, 1, "а"), "first").await.unwrap();
        let sent = db.statements() - before;
        // PostgreSQL: the note, then event and answer at once.
        let statements = if db.backend() == DbBackend::Postgres { 2 } else { 3 };
        assert_eq!((sent.statements, sent.commits), (statements, 1));
    }

    async fn answers_are_kept_for_thirty_days(db) {
        let request = request(1, 1, "а");
        write(&db, &request, "first").await.unwrap();
        db.clock.advance(RETENTION - SignedDuration::from_secs(1));
        assert_eq!(sweep(&db).await.unwrap(), 0);
        assert_eq!(write(&db, &request, "second").await.unwrap().answer, "а by first");
        db.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(sweep(&db).await.unwrap(), 1);
        assert_eq!(idempotency::find(&db, &key_of(&request)).await.unwrap(), None);
    }
}

#[test]
fn a_request_id_that_is_no_uuid_is_refused() {
    for id in ["", "1", "00000000-0000-0000-0000-000000000000", "не-uuid"] {
        let request = WriteNote {
            request_id: id.to_owned(),
            ..WriteNote::default()
        };
        let refused = key("acc_1", "notes.WriteNote", &request.request_id, &request).unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{id}");
    }
}
