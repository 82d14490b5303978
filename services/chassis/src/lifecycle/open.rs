//! Opening one hosted service: database, schema, context, stack, probes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use tokio_util::sync::CancellationToken;

use super::host::Host;
use super::suite::Shared;
use crate::config::Common;
use crate::db::{Db, DbOptions};
use crate::feed;
use crate::files::FileStore;
use crate::idempotency;
use crate::looks::Looks;
use crate::outbox;
use crate::server::{Stack, stack};
use crate::service::{Cx, Probe};
use crate::task::Task;

/// A service that is built but whose tasks do not run yet.
pub(super) struct Opened {
    pub name: &'static str,
    pub db: Db,
    pub cx: Cx,
    pub stack: Stack,
    pub tasks: Vec<Task>,
    pub probes: Vec<Probe>,
}

pub(super) async fn open(
    host: &Host,
    shared: &Shared,
    stop: &CancellationToken,
) -> anyhow::Result<Opened> {
    let common = &shared.common;
    let db = database(host, common)
        .await?
        .with_clock(shared.clock.clone());
    let looks = Looks::new(&db, &shared.ids);
    let cx = Cx {
        name: host.name,
        clock: shared.clock.clone(),
        ids: shared.ids.clone(),
        db: db.clone(),
        cache: shared.cache.namespaced(host.name),
        access: shared.guards.access.clone(),
        tokens: shared.guards.tokens.clone(),
        peers: shared.peers.seen_by(host.name),
        files: FileStore::new(common.data.dir.join("files").join(host.name)),
        looks: looks.clone(),
        metrics: shared.guards.metrics.clone(),
        stop: stop.clone(),
    };
    let assembly = (host.build)(cx.clone(), &shared.sources)
        .with_context(|| format!("building {}", host.name))?;
    let stack = stack(
        host.name,
        assembly.routes,
        &shared.guards,
        &common.server.stack,
        Some(&db),
    )?;
    let mut tasks = vec![
        outbox::sequencer(&db),
        idempotency::sweeper(&db),
        looks.carrier(&cx.peers),
    ];
    tasks.extend(assembly.tasks);
    let mut probes = own_probes(host, &db, Duration::from_millis(common.server.ready_lag_ms));
    probes.extend(assembly.probes);
    Ok(Opened {
        name: host.name,
        db,
        cx,
        stack,
        tasks,
        probes,
    })
}

/// The service's database, its schema brought up to date where that is wanted.
pub(super) async fn database(host: &Host, common: &Common) -> anyhow::Result<Db> {
    let url = common.database_url(host.name);
    if url.expose().starts_with("sqlite:") {
        std::fs::create_dir_all(&common.data.dir)
            .with_context(|| format!("data.dir: {}", common.data.dir.display()))?;
    }
    let mut options: DbOptions = common.database.options.clone();
    options.application_name = format!("zhurnal-{}", host.name);
    let db = Db::connect(url.expose(), &options)
        .await
        .with_context(|| format!("database of {}", host.name))?;
    if common.database.migrate {
        db.migrate((host.migrations)())
            .await
            .with_context(|| format!("migrations of {}", host.name))?;
    }
    Ok(db)
}

fn own_probes(host: &Host, db: &Db, lag: Duration) -> Vec<Probe> {
    let (name, migrations) = (host.name, host.migrations);
    let ping = db.clone();
    let database = Probe::new(format!("{name}.database"), move || {
        let db = ping.clone();
        async move { db.ping().await.map_err(|_| "unreachable".to_owned()) }
    });
    let current = Arc::new(AtomicBool::new(false));
    let schema_db = db.clone();
    let schema = Probe::new(format!("{name}.schema"), move || {
        let (db, current) = (schema_db.clone(), current.clone());
        async move {
            if current.load(Ordering::Relaxed) {
                return Ok(());
            }
            let state = db
                .schema_state(&migrations())
                .await
                .map_err(|_| "the schema cannot be read".to_owned())?;
            if !state.pending.is_empty() {
                return Err(format!(
                    "{} migrations are not applied",
                    state.pending.len()
                ));
            }
            current.store(true, Ordering::Relaxed);
            Ok(())
        }
    });
    let lag_db = db.clone();
    let feeds = Probe::new(format!("{name}.feeds"), move || {
        // A producer that is away is no reason to take this service out: it goes
        // on from its copies. Falling behind a producer that is there is one.
        let late: Vec<String> = feed::lag(&lag_db)
            .iter()
            .filter(|l| l.connected && l.behind > lag)
            .map(|l| format!("{} s behind {}", l.behind.as_secs(), l.producer))
            .collect();
        async move {
            if late.is_empty() {
                Ok(())
            } else {
                Err(late.join(", "))
            }
        }
    });
    vec![database, schema, feeds]
}
