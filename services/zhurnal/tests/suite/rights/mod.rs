//! Who may do what: docs/rights.md against the running suite.
//!
//! The table was written from the requirements, not from the policies. Every caller of
//! [`cast`] makes every call on every target of [`target`], over HTTP and over gRPC: what
//! the table does not open is refused as if it did not exist, what it opens is not refused,
//! and a refusal holds nothing of the other school.

mod cast;
mod duties;
mod expect;
mod request;
mod stage;
mod sweep;
mod table;
mod target;
mod wire;

use stage::Stage;
use sweep::sweep;
use wire::Way;

/// The fewest cells that a run has to compare: fewer, and something was left out.
const CELLS: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_anybody_may_over_http_is_what_the_table_says() {
    compare(Way::Http).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_anybody_may_over_grpc_is_what_the_table_says() {
    compare(Way::Grpc).await;
}

async fn compare(way: Way) {
    let stage = Stage::set().await;
    let found = sweep(&stage, way).await;
    assert!(found.differences.is_empty(), "{found}");
    assert!(found.cells >= CELLS, "{found}");
    stage.town.stop().await;
}
