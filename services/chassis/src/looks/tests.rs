//! What is noted once, what is kept, what waits for a log that is away.

use jiff::SignedDuration;
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;

use super::*;
use crate::caller::tests::{family, staff};
use crate::db::{chassis_migrations, statement};
use crate::testing::TestDb;

fn school() -> SchoolId {
    SchoolId::from_uuid(Uuid::from_u128(7))
}

fn pupil(n: u128) -> PersonId {
    PersonId::from_uuid(Uuid::from_u128(100 + n))
}

fn looks(db: &TestDb) -> Looks {
    Looks::new(db, &Ids::seeded(1))
}

fn facts() -> Facts {
    Facts::object("Pupil", pupil(1), school()).pupil(pupil(1))
}

fn deputy() -> Caller {
    Caller::User(staff(school(), &["DEPUTY"]))
}

async fn stored(db: &TestDb) -> i64 {
    let sql = "SELECT count(*) FROM look_spool";
    let row = db
        .read()
        .query_one_raw(statement(db.backend(), sql, []))
        .await
        .unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn looks_within_a_quarter_of_an_hour_are_one() {
    let db = TestDb::sqlite(chassis_migrations()).await;
    let looks = looks(&db);
    let look = |n| {
        let subject = [Subject::Pupil(pupil(n))];
        looks.note(&deputy(), &facts(), LookRecord::Diary, subject);
    };
    look(1);
    look(1);
    assert_eq!(looks.noted().len(), 1);
    look(2);
    assert_eq!(looks.noted().len(), 2, "another child is another look");
    db.clock.advance(SignedDuration::from_mins(15));
    look(1);
    let noted = looks.noted();
    assert_eq!(noted.len(), 3, "another quarter of an hour");
    let first = &noted[0];
    assert_eq!(first.school_id, school().to_string());
    assert_eq!(first.subject_id, pupil(1).to_string());
    assert_eq!(first.subject(), LookSubject::Pupil);
    assert_eq!(first.purpose(), LookPurpose::Control);
    assert_eq!(first.role, "DEPUTY");
}

#[tokio::test]
async fn the_purpose_follows_from_the_facts_that_opened_the_record() {
    let db = TestDb::sqlite(chassis_migrations()).await;
    let user = staff(school(), &["TEACHER"]);
    let card = user.person.unwrap();
    let purpose = |facts: &Facts| facts.purpose_of(&user);
    assert_eq!(purpose(&facts().teachers([card])), LookPurpose::Teaching);
    let own_class = facts().class_teachers([card]);
    assert_eq!(purpose(&own_class), LookPurpose::ClassTeaching);
    assert_eq!(purpose(&facts()), LookPurpose::School);
    let secretary = staff(school(), &["SECRETARY"]);
    assert_eq!(facts().purpose_of(&secretary), LookPurpose::Office);
    let looks = looks(&db);
    let parent = Caller::User(family(&[pupil(9)]));
    for caller in [parent, Caller::service("grading"), Caller::Anonymous] {
        looks.note(&caller, &facts(), LookRecord::Diary, [Subject::School]);
    }
    assert_eq!(looks.noted(), [], "only staff is noted");
}

crate::on_both_databases! { chassis_migrations();
    async fn what_is_taken_away_is_stored_before_the_answer(db) {
        let looks = looks(&db);
        let (deputy, facts) = (deputy(), facts());
        let take = || looks.keep(&deputy, &facts, LookRecord::Report, [Subject::School]);
        take().await.unwrap();
        assert_eq!(stored(&db).await, 1);
        take().await.unwrap();
        assert_eq!(stored(&db).await, 2, "each file that leaves");
        assert_eq!(looks.noted(), []);
    }

    async fn while_the_log_is_away_looks_wait_in_the_database(db) {
        let looks = looks(&db);
        let many = (0..1_200).map(|n| Subject::Pupil(pupil(n)));
        looks.note(&deputy(), &facts(), LookRecord::PupilList, many);
        let key = crate::token::SigningKey::ephemeral().unwrap();
        let tokens = crate::token::Tokens::from_key(key, db.clock().clone());
        let peers = Peers::local("grading", tokens);
        let stop = tokio_util::sync::CancellationToken::new();
        let before = db.statements();
        let running = tokio::spawn(looks.carrier(&peers).start(stop.clone()));
        crate::testing::eventually("the looks are stored", async || stored(&db).await == 1_200).await;
        stop.cancel();
        running.await.unwrap().unwrap();
        assert_eq!(looks.noted(), []);
        assert_eq!(stored(&db).await, 1_200, "nothing is lost while nobody takes them");
        let sent = db.statements() - before;
        assert_eq!(sent.commits, 0, "beside the requests");
    }
}
