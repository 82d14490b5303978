//! Databases of earlier versions go on.

use chassis::testing::TestDb;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use uuid::Uuid;

use crate::domain::timetable::cycle::Cycle;
use crate::store::{School, migrations, timetables};

/// The migrations before timetables had versions.
fn earlier() -> chassis::db::Migrations {
    let mut all = migrations();
    all.retain(|one| one.name() < "schedule_0007");
    all
}

chassis::on_both_databases! {
    earlier();

    async fn the_timetable_of_an_earlier_database_becomes_version_1(db) {
        let school = Uuid::from_u128(1);
        fill(&db, school).await;
        db.migrate(migrations()).await.unwrap();

        let school = School::told_by_roster(zhurnal_proto::id::SchoolId::from_uuid(school));
        let year = "2026/2027".parse().unwrap();
        let versions = timetables::of_year(db.read(), school, year).await.unwrap();
        let [version] = &versions[..] else { panic!("{versions:?}") };
        let approval = version.approval.unwrap();
        assert_eq!((version.number, version.entry_count, version.version), (1, 1, 1));
        assert_eq!(approval.valid_from, jiff::civil::date(2026, 9, 2));
        assert_eq!((approval.by, approval.at.as_microsecond()), (None, 5));
        let monday = jiff::civil::date(2026, 8, 31);
        assert_eq!(Some(version.cycle), Cycle::new(1, monday));
        let found = timetables::find(db.read(), school, version.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(version));
        // Roster's feed is read again: memberships of before are wanted.
        let cursor = chassis::feed::position(&db, "roster").await.unwrap();
        assert_eq!(cursor, None);
    }
}

/// A school with one weekly lesson, as it was stored before.
async fn fill(db: &TestDb, school: Uuid) {
    let id = || Uuid::from_u128(7).into();
    let sql = |text: &str, values: Vec<sea_orm::Value>| -> Statement {
        chassis::db::statement(db.backend(), text, values)
    };
    let rows = [
        sql(
            "INSERT INTO school_year VALUES (?, '2026/2027', 5, 'Europe/Simferopol', 1, ?, 1, 5)",
            vec![school.into(), id()],
        ),
        sql(
            "INSERT INTO timetable_version VALUES (?, '2026/2027', 1, '2026-09-02')",
            vec![school.into()],
        ),
        sql(
            "INSERT INTO timetable_entry VALUES (?, ?, '2026/2027', 1, 1, 1, ?, ?, ?, NULL)",
            vec![school.into(), id(), id(), id(), id()],
        ),
        sql(
            "INSERT INTO feed_cursor (producer, epoch, position, owner, lease_until) VALUES ('roster', 1, 9, 'x', 0)",
            vec![],
        ),
    ];
    let uow = db.begin().await.unwrap();
    for row in rows {
        uow.conn().execute_raw(row).await.unwrap();
    }
    uow.commit().await.unwrap();
    assert!(matches!(
        db.backend(),
        DbBackend::Sqlite | DbBackend::Postgres
    ));
}
