//! How long the rollover of a school of 1,100 pupils and its undo take: 44 classes with
//! their groups. Through the service's whole stack, on SQLite and on PostgreSQL:
//!
//! ```text
//! cargo run -p roster --example rollover
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::time::{Duration, Instant};

use chassis::caller::{Caller, User, UserKind};
use chassis::service::Service;
use chassis::testing::{Harness, TestDb};
use roster::RosterService;
use roster::demo::{Parameters, seed};
use uuid::Uuid;
use zhurnal_proto::id::{AccountId, SessionId};
use zhurnal_proto::roster::v1 as pb;
use zhurnal_proto::roster::v1::roster_service_client::RosterServiceClient;

/// Times each is measured.
const ROUNDS: u128 = 3;

#[tokio::main]
async fn main() {
    measure("SQLite", TestDb::sqlite(RosterService::migrations()).await).await;
    measure(
        "PostgreSQL",
        TestDb::postgres(RosterService::migrations()).await,
    )
    .await;
}

async fn measure(name: &str, db: TestDb) {
    let harness = Harness::<RosterService>::on(db);
    let of = Parameters {
        classes_per_grade: 4,
        pupils_per_class: 25,
        ..Parameters::default()
    };
    let sources = chassis::config::Sources::new();
    let config = chassis::config::load::<RosterService>(&sources).unwrap();
    // Roster's part is there at once; nobody waits for the plan in schedule.
    let unfinished = seed(harness.cx(), &config, &of, Duration::ZERO).await;
    assert!(unfinished.is_err(), "no schedule is here to take the plan");
    harness.clock().set("2027-06-15T09:00:00Z".parse().unwrap());

    let mut office = RosterServiceClient::new(harness.caller(&administrator()))
        .max_decoding_message_size(64 << 20);
    let schools = office.list_schools(pb::ListSchoolsRequest::default()).await;
    let school_id = schools.unwrap().into_inner().schools.remove(0).school_id;
    let drafted = pb::GetRolloverRequest {
        school_id: school_id.clone(),
        academic_year: String::new(),
    };
    let began = Instant::now();
    let drafted = office.get_rollover(drafted).await.unwrap().into_inner();
    let dry_run = began.elapsed();
    let put = pb::PutRolloverRequest {
        school_id: school_id.clone(),
        academic_year: "2026/2027".into(),
        plan: drafted.rollover.unwrap().plan,
        etag: String::new(),
        request_id: request_id(0),
    };
    let saved = office.put_rollover(put).await.unwrap().into_inner();
    let mut now = saved.rollover.unwrap();
    let (mut applying, mut undoing) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let apply = pb::ApplyRolloverRequest {
            school_id: school_id.clone(),
            academic_year: "2026/2027".into(),
            etag: now.etag,
            date: "2027-06-15".into(),
            basis: "Решение педагогического совета".into(),
            request_id: request_id(1 + 2 * round),
            ..Default::default()
        };
        let began = Instant::now();
        let applied = office.apply_rollover(apply).await.unwrap().into_inner();
        applying.push(began.elapsed());
        now = applied.rollover.unwrap();
        let undo = pb::UndoRolloverRequest {
            school_id: school_id.clone(),
            academic_year: "2026/2027".into(),
            etag: now.etag,
            date: "2027-06-15".into(),
            basis: "Ошибка в плане".into(),
            request_id: request_id(2 + 2 * round),
        };
        let began = Instant::now();
        let undone = office.undo_rollover(undo).await.unwrap().into_inner();
        undoing.push(began.elapsed());
        now = undone.rollover.unwrap();
    }
    harness.ignore_announced().await;
    let diff = now.diff.unwrap();
    println!(
        "{name}: {} pupils, {} groups made, {} memberships opened and {} ended; dry run {:.0} ms, applying at most {:.0} ms, undoing at most {:.0} ms of {ROUNDS}",
        diff.promoted + diff.staying + diff.graduating,
        diff.groups_made,
        diff.memberships_opened,
        diff.memberships_ended,
        ms(&[dry_run]),
        ms(&applying),
        ms(&undoing),
    );
}

fn ms(took: &[Duration]) -> f64 {
    let longest = took.iter().max().copied().unwrap_or_default();
    longest.as_secs_f64() * 1e3
}

fn request_id(n: u128) -> String {
    Uuid::from_u128(0x0192_f0c1_0000_7000_8000_0000_0000_0000 + n).to_string()
}

fn administrator() -> Caller {
    Caller::User(User {
        account: AccountId::from_uuid(Uuid::from_u128(1)),
        session: SessionId::from_uuid(Uuid::from_u128(2)),
        kind: UserKind::Staff,
        person: None,
        persons: Vec::new(),
        school: None,
        roles: vec!["ADMINISTRATOR".into()],
        municipality: None,
        region: true,
        display: "Администратор".into(),
    })
}
