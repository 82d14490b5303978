//! Pools, transactions, migrations, counters.

use chassis::{
    db::{
        Db, DbOptions, MigrateError, background, chassis_migrations, is_transient,
        is_unique_violation, statement,
    },
    on_both_databases,
    testing::TestDb,
};
use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait};

use crate::support::{migrations, notes, write_note};

async fn scalar<T: sea_orm::TryGetable>(db: &impl ConnectionTrait, sql: &str) -> T {
    let query = statement(db.get_database_backend(), sql, []);
    db.query_one_raw(query)
        .await
        .unwrap()
        .unwrap()
        .try_get_by_index(0)
        .unwrap()
}

on_both_databases! { migrations();
    async fn a_snapshot_sees_one_state_and_cannot_write(db) {
        let count = "SELECT count(*) FROM note";
        let snapshot = db.snapshot().await.unwrap();
        assert_eq!(scalar::<i64>(&snapshot, count).await, 0);
        let uow = db.begin().await.unwrap();
        write_note(&uow, 1, "meanwhile").await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(scalar::<i64>(&snapshot, count).await, 0);
        assert_eq!(scalar::<i64>(db.read(), count).await, 1);
        snapshot.execute_unprepared("DELETE FROM note").await.unwrap_err();
    }

    async fn a_unit_of_work_commits_or_leaves_nothing(db) {
        let uow = db.begin().await.unwrap();
        write_note(&uow, 1, "kept").await.unwrap();
        uow.commit().await.unwrap();
        let uow = db.begin().await.unwrap();
        write_note(&uow, 2, "dropped").await.unwrap();
        drop(uow);
        let uow = db.begin().await.unwrap();
        write_note(&uow, 3, "rolled back").await.unwrap();
        uow.rollback().await.unwrap();
        assert_eq!(notes(&db).await, [(1, "kept".to_owned())]);
    }

    async fn many_writers_at_once_never_see_a_locked_database(db) {
        let writers: Vec<_> = (0..24)
            .map(|nth| {
                let db = db.db().clone();
                tokio::spawn(async move {
                    let uow = db.begin().await.unwrap();
                    notes(&db).await;
                    write_note(&uow, nth, "n").await.unwrap();
                    uow.commit().await.unwrap();
                })
            })
            .collect();
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(notes(&db).await.len(), 24);
    }

    async fn what_reads_cannot_write(db) {
        let write = statement(db.backend(), "INSERT INTO note VALUES (1, 'x')", []);
        let err = db.read().execute_raw(write).await.unwrap_err().to_string();
        assert!(err.contains("readonly") || err.contains("read-only"), "{err}");
    }

    async fn what_is_sent_is_counted_and_upkeep_apart(db) {
        let before = db.statements();
        notes(&db).await;
        let uow = db.begin().await.unwrap();
        write_note(&uow, 1, "a").await.unwrap();
        write_note(&uow, 2, "b").await.unwrap();
        let mut uow = uow;
        uow.announce(crate::support::event(db.clock(), "k", "e"));
        uow.commit().await.unwrap();
        let sent = db.statements() - before;
        assert_eq!((sent.statements, sent.commits, sent.failed), (4, 1, 0));
        assert_eq!((sent.background_statements, sent.background_commits), (0, 0));

        let before = db.statements();
        background(async {
            notes(&db).await;
            let uow = db.begin().await.unwrap();
            write_note(&uow, 1, "there already").await.unwrap_err();
            uow.rollback().await.unwrap();
        })
        .await;
        let sent = db.statements() - before;
        assert_eq!((sent.statements, sent.commits), (0, 0));
        assert_eq!((sent.background_statements, sent.failed), (2, 1));
    }

    async fn a_second_row_with_the_same_key_is_told_from_other_errors(db) {
        let uow = db.begin().await.unwrap();
        write_note(&uow, 1, "a").await.unwrap();
        let err = write_note(&uow, 1, "b").await.unwrap_err();
        assert!(is_unique_violation(&err) && !is_transient(&err), "{err}");
        drop(uow);
        let nonsense = statement(db.backend(), "SELECT * FROM nowhere", []);
        let err = db.read().query_all_raw(nonsense).await.unwrap_err();
        assert!(!is_unique_violation(&err) && !is_transient(&err), "{err}");
    }

    async fn waiting_too_long_for_a_lock_is_of_the_moment(db) {
        let impatient = DbOptions { lock_timeout_ms: 50, ..DbOptions::named("impatient") };
        let other = Db::connect(db.url(), &impatient).await.unwrap();
        let holder = db.begin().await.unwrap();
        write_note(&holder, 1, "held").await.unwrap();
        let err = match other.begin().await {
            Ok(uow) => write_note(&uow, 1, "late").await.unwrap_err(),
            Err(err) => err,
        };
        assert!(chassis::db::is_lock_timeout(&err) && is_transient(&err), "{err}");
        holder.commit().await.unwrap();
    }

    async fn migrating_again_changes_nothing(db) {
        assert_eq!(db.migrate(migrations()).await.unwrap(), Vec::<String>::new());
        let state = db.schema_state(&migrations()).await.unwrap();
        assert_eq!((state.applied.len(), state.pending.len(), state.unknown.len()), (migrations().len(), 0, 0));
    }

    async fn a_schema_newer_than_the_program_is_refused_by_name(db) {
        let err = db.migrate(chassis_migrations()).await.unwrap_err();
        assert!(matches!(&err, MigrateError::Newer(names) if names == &["0001_note"]), "{err}");
        assert!(err.to_string().contains("0001_note"), "{err}");
        let state = db.schema_state(&chassis_migrations()).await.unwrap();
        assert_eq!(state.unknown, ["0001_note"]);
    }

    async fn a_migration_that_fails_takes_the_whole_run_with_it(db) {
        let mut more = migrations();
        more.push(Box::new(Step("0002_fine", "CREATE TABLE fine (id bigint)")));
        more.push(Box::new(Step("0003_broken", "CREATE TABLE fine (id bigint)")));
        let err = db.migrate(more).await.unwrap_err();
        assert!(matches!(&err, MigrateError::Failed(name, _) if name == "0003_broken"), "{err}");
        let state = db.schema_state(&migrations()).await.unwrap();
        assert!(state.unknown.is_empty(), "0002 is not recorded: {state:?}");
        let mut fixed = migrations();
        fixed.push(Box::new(Step("0002_fine", "CREATE TABLE fine (id bigint)")));
        assert_eq!(db.migrate(fixed).await.unwrap(), ["0002_fine"]);
    }

    async fn a_migration_listed_twice_is_refused(db) {
        let mut twice = migrations();
        twice.extend(chassis_migrations());
        assert!(matches!(db.migrate(twice).await, Err(MigrateError::Unsound(_, _))));
    }
}

struct Step(&'static str, &'static str);

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .get_connection()
            .execute_unprepared(self.1)
            .await
            .map(|_| ())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_together_migrate_once() {
    let db = TestDb::postgres(Vec::new()).await;
    let mut processes = Vec::new();
    for _ in 0..4 {
        let process = db.another_process().await;
        processes.push(tokio::spawn(async move {
            process.migrate(migrations()).await.unwrap().len()
        }));
    }
    let mut applied = Vec::new();
    for process in processes {
        applied.push(process.await.unwrap());
    }
    applied.sort_unstable();
    assert_eq!(applied, [0, 0, 0, migrations().len()]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_transaction_is_never_reported_as_committed() {
    // PostgreSQL turns COMMIT into ROLLBACK here and says so only in the answer's tag.
    let db = TestDb::postgres(migrations()).await;
    let uow = db.begin().await.unwrap();
    write_note(&uow, 1, "a").await.unwrap();
    write_note(&uow, 1, "b").await.unwrap_err();
    uow.commit().await.unwrap_err();
    assert_eq!(notes(&db).await, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_serializable_unit_refuses_to_lose_an_update() {
    let db = TestDb::postgres(migrations()).await;
    let (one, two) = (
        db.begin_serializable().await.unwrap(),
        db.begin_serializable().await.unwrap(),
    );
    let count = "SELECT count(*) FROM note";
    let seen: (i64, i64) = (
        scalar(one.conn(), count).await,
        scalar(two.conn(), count).await,
    );
    assert_eq!(seen, (0, 0));
    write_note(&one, 1, "the only one, I think").await.unwrap();
    one.commit().await.unwrap();
    let second = match write_note(&two, 2, "the only one, I think").await {
        Ok(()) => two.commit().await,
        Err(err) => Err(err),
    };
    assert!(is_transient(&second.unwrap_err()));
}

#[tokio::test]
async fn sqlite_is_durable_and_checks_foreign_keys() {
    let db = TestDb::sqlite(migrations()).await;
    let uow = db.begin().await.unwrap();
    assert_eq!(
        scalar::<String>(uow.conn(), "PRAGMA journal_mode").await,
        "wal"
    );
    assert_eq!(
        scalar::<i32>(uow.conn(), "PRAGMA synchronous").await,
        2,
        "FULL"
    );
    assert_eq!(scalar::<i32>(uow.conn(), "PRAGMA foreign_keys").await, 1);
}

#[tokio::test]
async fn postgresql_limits_statements_locks_and_idle_transactions() {
    let db = TestDb::postgres(Vec::new()).await;
    assert_eq!(
        scalar::<String>(db.read(), "SHOW statement_timeout").await,
        "15s"
    );
    assert_eq!(scalar::<String>(db.read(), "SHOW lock_timeout").await, "5s");
    assert_eq!(
        scalar::<String>(db.read(), "SHOW idle_in_transaction_session_timeout").await,
        "30s"
    );
    assert_eq!(
        scalar::<String>(db.read(), "SHOW application_name").await,
        "zhurnal-test"
    );
}

#[tokio::test]
async fn an_unknown_database_is_named() {
    let err = Db::connect("mysql://x", &DbOptions::default())
        .await
        .unwrap_err();
    assert!(err.to_string().contains("`mysql`"), "{err}");
}
