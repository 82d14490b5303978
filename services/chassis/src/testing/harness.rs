//! One service put together as in production, reached through its generated client.

use std::{
    future::Future,
    marker::PhantomData,
    sync::atomic::{AtomicI64, Ordering::SeqCst},
    thread,
    time::Duration,
};

use prost::Message;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tonic::service::Routes;

use super::TestDb;
use crate::{
    access::Access,
    cache::Cache,
    caller::{Caller, Proof},
    client::{PeerChannel, Peers},
    clock::ClockHandle,
    config::{self, Sources},
    db::{Db, DbOptions, StatementCount, statement},
    files::FileStore,
    ids::Ids,
    looks::Looks,
    server::{Guards, StackConfig, stack},
    service::{Cx, Service},
    task::Task,
    telemetry::Metrics,
    token::{SigningKey, Tokens},
};

/// Life of the tokens that [`Harness::caller`] hands out, by the harness's clock.
const TOKEN: Duration = Duration::from_secs(600);

/// Service `S` behind its full server stack, with a clock that stands still, ids
/// that repeat, and a database of its own. Background tasks do not run unless
/// [`Harness::start_tasks`] starts them.
///
/// Dropped, it fails the test when an event was announced that the test did not
/// look at by [`Harness::announced`] (or dismissed by [`Harness::ignore_announced`]).
pub struct Harness<S: Service> {
    cx: Cx,
    guards: Guards,
    tasks: Vec<Task>,
    /// Outbox id of the last event looked at.
    looked_at: AtomicI64,
    // Dropped in this order: the database goes last.
    _files: TempDir,
    db: TestDb,
    _service: PhantomData<fn() -> S>,
}

impl<S: Service> Harness<S> {
    /// On SQLite, with the default configuration.
    pub async fn sqlite() -> Harness<S> {
        Harness::on(TestDb::sqlite(S::migrations()).await)
    }

    /// On PostgreSQL, with the default configuration.
    pub async fn postgres() -> Harness<S> {
        Harness::on(TestDb::postgres(S::migrations()).await)
    }

    /// On a database that has the service's migrations: the `db` of
    /// [`on_both_databases!`](crate::on_both_databases).
    pub fn on(db: TestDb) -> Harness<S> {
        Harness::configured(db, Sources::new())
    }

    /// The same with other configuration: `Sources::new().set("grading.key", "5", "test")`.
    pub fn configured(db: TestDb, sources: Sources) -> Harness<S> {
        let files = TempDir::with_prefix("zhurnal-test-files-").expect("a folder");
        let clock = db.clock().clone();
        let key = SigningKey::ephemeral().expect("a key");
        let tokens = Tokens::from_key(key, clock.clone());
        let access = Access::new().expect("the suite's policies");
        let guards = Guards::new(tokens.clone(), access.clone(), Metrics::detached());
        let cx = Cx {
            name: S::NAME,
            clock,
            looks: Looks::new(db.db(), &Ids::seeded(2)),
            ids: Ids::seeded(1),
            db: db.db().clone(),
            cache: Cache::memory(4).namespaced(S::NAME),
            access,
            tokens: tokens.clone(),
            peers: Peers::local(S::NAME, tokens),
            files: FileStore::new(files.path()),
            metrics: guards.metrics.clone(),
            stop: CancellationToken::new(),
        };
        let configuration = config::load::<S>(&sources).expect("the configuration");
        let assembly = S::build(cx.clone(), configuration).expect("the service");
        let harness = Harness {
            cx,
            guards,
            tasks: assembly.tasks,
            looked_at: AtomicI64::new(0),
            _files: files,
            db,
            _service: PhantomData,
        };
        let own = Some(&harness.cx.db);
        harness.put(S::NAME, assembly.routes, own);
        harness
    }

    /// Makes `routes` (a generated server over a fake) reachable as peer `name`,
    /// behind the same stack as the real service.
    pub fn host(&self, name: &'static str, routes: Routes) {
        self.put(name, routes, None);
    }

    fn put(&self, name: &'static str, routes: Routes, copies: Option<&Db>) {
        let peer = stack(name, routes, &self.guards, &StackConfig::default(), copies);
        self.cx.peers.host([peer.expect("every method has a rule")]);
    }

    /// A channel for the service's generated client, speaking for `caller`, who has
    /// just proved who it is. The token lives ten minutes of the harness's clock, the
    /// proof five: ask again after a jump.
    pub fn caller(&self, caller: &Caller) -> PeerChannel {
        let proof = Proof {
            given_at: Some(self.cx.clock.now()),
            ..Proof::default()
        };
        self.caller_with(caller, proof)
    }

    /// The same with another proof of the session.
    pub fn caller_with(&self, caller: &Caller, proof: Proof) -> PeerChannel {
        let channel = self.cx.peers.channel(S::NAME);
        let tokens = &self.cx.tokens;
        let token = match caller {
            Caller::Anonymous => return channel.anonymous(),
            Caller::User(user) => tokens.mint_user(user, proof, TOKEN),
            Caller::Client(client) => tokens.mint_client(client, 0, TOKEN),
            Caller::Service { name } => tokens.mint_service(name, S::NAME),
        };
        channel
            .with_bearer(&token.expect("a token"))
            .expect("a header")
    }

    /// What the service was given.
    pub fn cx(&self) -> &Cx {
        &self.cx
    }

    /// The service's database.
    pub fn db(&self) -> &TestDb {
        &self.db
    }

    /// Moves the service's clock.
    pub fn clock(&self) -> &ClockHandle {
        &self.db.clock
    }

    /// The tasks that the service asked for.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Runs the service's tasks and the outbox's sequencer until dropped.
    pub fn start_tasks(&self) -> RunningTasks {
        let stop = CancellationToken::new();
        let own = [
            crate::outbox::sequencer(&self.cx.db),
            self.cx.looks.carrier(&self.cx.peers),
        ];
        let all = own.iter().chain(&self.tasks);
        let handles = all
            .map(|task| tokio::spawn(task.start(stop.clone())))
            .collect();
        RunningTasks { stop, handles }
    }

    /// The events announced since the last look, in order, decoded.
    pub async fn announced<E: Message + Default>(&self) -> Vec<E> {
        let rows = unseen(&self.cx.db, self.looked_at.load(SeqCst)).await;
        if let Some((id, _, _)) = rows.last() {
            self.looked_at.store(*id, SeqCst);
        }
        rows.iter()
            .map(|(_, _, payload)| E::decode(payload.as_slice()).expect("an event"))
            .collect()
    }

    /// For what a test does first and does not test: its events need no look.
    pub async fn ignore_announced(&self) {
        if let Some((id, _, _)) = unseen(&self.cx.db, self.looked_at.load(SeqCst))
            .await
            .last()
        {
            self.looked_at.store(*id, SeqCst);
        }
    }

    /// Does something and counts what it sent to the database.
    pub async fn counted<F: Future>(&self, work: F) -> (F::Output, StatementCount) {
        let before = self.cx.db.statements();
        let output = work.await;
        (output, self.cx.db.statements() - before)
    }
}

impl<S: Service> Drop for Harness<S> {
    fn drop(&mut self) {
        if thread::panicking() {
            return;
        }
        let (url, after) = (self.db.url().to_owned(), self.looked_at.load(SeqCst));
        // The pools belong to the test's runtime, which this call may not block on.
        let look = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.expect("a runtime").block_on(async {
                let options = DbOptions {
                    writers: 1,
                    readers: 1,
                    ..DbOptions::named("harness")
                };
                let db = Db::connect(&url, &options)
                    .await
                    .expect("look at the outbox");
                let rows = unseen(&db, after).await;
                db.close().await.expect("close");
                rows
            })
        });
        let rows = look.join().expect("the look at the outbox");
        let kinds: Vec<&str> = rows.iter().map(|(_, kind, _)| kind.as_str()).collect();
        assert!(
            kinds.is_empty(),
            "announced, but the test did not look: {}",
            kinds.join(", ")
        );
    }
}

async fn unseen(db: &Db, after: i64) -> Vec<(i64, String, Vec<u8>)> {
    let sql = "SELECT id, kind, payload FROM outbox WHERE id > ? ORDER BY id";
    let rows = db
        .read()
        .query_all_raw(statement(db.backend(), sql, [after.into()]))
        .await;
    let read = |row: &sea_orm::QueryResult| {
        Ok::<_, sea_orm::DbErr>((
            row.try_get_by_index(0)?,
            row.try_get_by_index(1)?,
            row.try_get_by_index(2)?,
        ))
    };
    rows.and_then(|rows| rows.iter().map(read).collect())
        .expect("read the outbox")
}

/// Tasks that run until this is dropped.
pub struct RunningTasks {
    stop: CancellationToken,
    handles: Vec<JoinHandle<anyhow::Result<()>>>,
}

impl RunningTasks {
    /// Stops them as the lifecycle does; fails when one ended with an error.
    pub async fn stop(mut self) {
        self.stop.cancel();
        for handle in self.handles.drain(..) {
            handle
                .await
                .expect("no panic in a task")
                .expect("no error in a task");
        }
    }
}

impl Drop for RunningTasks {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
