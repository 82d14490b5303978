//! Known passwords for invented people, put in by identity's own code: nothing
//! over the network can do that.

use chassis::config::Common;
use chassis::lifecycle::{Running, Suite};
use chassis::service::Service as _;
use chassis::telemetry::Metrics;
use identity::bootstrap::LoadAccount;
use identity::{Identity, IdentityService};

use crate::settings::Settings;

/// Password of every account made here.
pub const PASSWORD: &str = "Нагрузка-2026-неслабая";

/// Accounts with [`PASSWORD`].
pub async fn make(settings: &Settings, accounts: &[LoadAccount]) -> anyhow::Result<()> {
    let desk = Desk::open(settings).await?;
    let made = desk.identity()?.load_accounts(accounts, PASSWORD).await;
    desk.close().await;
    made
}

/// Identity in this process, beside the running suite.
struct Desk {
    running: Running,
}

impl Desk {
    async fn open(settings: &Settings) -> anyhow::Result<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut own = settings.clone();
        own.set("server.grpc", "")
            .set("server.admin", "")
            .set("database.migrate", false);
        let sources = own.sources();
        let common = Common::load(&sources)?;
        let suite = Suite::new(common, sources, Metrics::detached());
        let running = suite.host::<IdentityService>().start().await?;
        Ok(Self { running })
    }

    fn identity(&self) -> anyhow::Result<Identity> {
        let cx = self.running.context(IdentityService::NAME);
        let cx = cx.ok_or_else(|| anyhow::anyhow!("identity did not start"))?;
        Identity::new(cx, self.running.config::<IdentityService>()?)
    }

    async fn close(self) {
        self.running.stop().await;
    }
}
