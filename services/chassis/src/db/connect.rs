//! Opens the pools with the settings each database needs.

use std::{sync::Arc, time::Duration};

use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbErr,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use super::{DbOptions, count::Counters};

/// A pooled connection unused for this long is pinged before it is handed out.
const PING_AFTER_IDLE: Duration = Duration::from_secs(30);
/// A connection unused for this long is closed.
const CLOSE_AFTER_IDLE: Duration = Duration::from_secs(300);

/// The pool to read from and the pool to write to.
///
/// Two pools on PostgreSQL too: a call that reads while its own unit of work is
/// open then never waits for a connection that others like it hold.
pub(super) async fn pools(
    url: &str,
    options: &DbOptions,
    counters: &Arc<Counters>,
) -> Result<(DatabaseConnection, DatabaseConnection), DbErr> {
    if url.starts_with("sqlite:") {
        // The writer first: it creates the file and switches it to WAL.
        let write = sqlite(url, options, 1, false, counters).await?;
        let read = sqlite(url, options, options.readers, true, counters).await?;
        return Ok((read, write));
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let write = postgres(url, options, options.writers, false, counters).await?;
        let read = postgres(url, options, options.readers, true, counters).await?;
        return Ok((read, write));
    }
    let scheme = url.split(':').next().unwrap_or_default();
    Err(DbErr::Custom(format!(
        "unknown database scheme `{scheme}`: sqlite:// or postgres://"
    )))
}

async fn sqlite(
    url: &str,
    options: &DbOptions,
    connections: u32,
    read_only: bool,
    counters: &Arc<Counters>,
) -> Result<DatabaseConnection, DbErr> {
    let mut connect = common(url, options, connections);
    let busy = options.lock_timeout();
    connect.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: an acknowledged commit survives a power cut (WAL + NORMAL may lose it).
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(busy)
            .pragma("temp_store", "memory")
            .pragma("journal_size_limit", "67108864");
        if read_only {
            sqlite.pragma("query_only", "on")
        } else {
            sqlite
        }
    });
    open(connect, options, counters).await
}

async fn postgres(
    url: &str,
    options: &DbOptions,
    connections: u32,
    read_only: bool,
    counters: &Arc<Counters>,
) -> Result<DatabaseConnection, DbErr> {
    let mut connect = common(url, options, connections);
    let lock = options.lock_timeout_ms.to_string();
    connect
        .set_application_name(options.application_name.clone())
        .statement_timeout(Duration::from_millis(options.statement_timeout_ms))
        .map_sqlx_postgres_opts(move |postgres| {
            postgres.options([
                ("lock_timeout", lock.as_str()),
                ("idle_in_transaction_session_timeout", "30000"),
                // Statements find their rows by an index, and plans are kept: one made
                // while a table was empty (a new year's partition) must hold when it is
                // full. Where no index serves, the scan goes on, so no JIT for its price.
                ("enable_seqscan", "off"),
                // Statements are found by keys: no values make another plan better, and
                // planning anew for each was half of what a mark cost the database.
                ("plan_cache_mode", "force_generic_plan"),
                ("jit", "off"),
                (
                    "default_transaction_read_only",
                    if read_only { "on" } else { "off" },
                ),
            ])
        });
    open(connect, options, counters).await
}

fn common(url: &str, options: &DbOptions, connections: u32) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect
        .max_connections(connections.max(1))
        .min_connections(1)
        .acquire_timeout(options.acquire_timeout())
        .connect_timeout(options.acquire_timeout())
        .idle_timeout(CLOSE_AFTER_IDLE)
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        .test_before_acquire_if_idle_for(PING_AFTER_IDLE);
    connect
}

/// Characters of a slow statement that are logged.
const SLOW_TEXT: usize = 400;

async fn open(
    connect: ConnectOptions,
    options: &DbOptions,
    counters: &Arc<Counters>,
) -> Result<DatabaseConnection, DbErr> {
    let mut connection = Database::connect(connect).await?;
    let counters = counters.clone();
    let slow = Duration::from_millis(options.slow_statement_ms);
    connection.set_metric_callback(move |info| {
        counters.statement(info.failed);
        if info.elapsed >= slow {
            // The text has placeholders only: no values reach the log. Rows of them
            // say nothing.
            let sql: String = info.statement.sql.chars().take(SLOW_TEXT).collect();
            tracing::warn!(%sql, elapsed = ?info.elapsed, "slow statement");
        }
    });
    Ok(connection)
}
