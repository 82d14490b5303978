//! Other ministry systems on the machine itself: the command line registers, lists and
//! ends them while nobody can log in, and changes their secrets.

use chassis::db::micros;
use jiff::civil::Date;
use uuid::Uuid;
use zhurnal_proto::id::{SchoolId, ServiceClientId};

use crate::Identity;
use crate::domain::scope;
use crate::store::entity::{client_secret, service_client};
use crate::store::service_clients;

/// Secrets of a client that are good at once.
pub(crate) const MOST_SECRETS: usize = 2;

/// A system to register.
#[derive(Debug, Clone)]
pub struct NewClient {
    /// What it is.
    pub title: String,
    /// What it may, parted by spaces.
    pub scopes: String,
    /// Schools that it reaches; none = the whole region.
    pub schools: Vec<SchoolId>,
    /// Calls a minute.
    pub rate_per_minute: u32,
    /// Last day, inclusive.
    pub ends_on: Date,
}

/// A system with its secret, which is told once.
#[derive(Debug, Clone)]
pub struct ClientCredentials {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: String,
}

impl Identity {
    /// Registers a system.
    pub async fn register_client(&self, new: NewClient) -> anyhow::Result<ClientCredentials> {
        let scopes = scope::parse(&new.scopes, &scope::ALL).filter(|all| !all.is_empty());
        let known = scope::ALL.join(", ");
        let scopes =
            scopes.ok_or_else(|| anyhow::anyhow!("права: одно или несколько из {known}"))?;
        let client_id = self.cx.ids.uuid();
        let schools: Vec<String> = new.schools.iter().map(ToString::to_string).collect();
        let client = service_client::Model {
            client_id,
            title: new.title,
            scopes: scopes.join(" "),
            school_ids: schools.join(" "),
            rate_per_minute: i32::try_from(new.rate_per_minute)?,
            ends_on: new.ends_on.to_string(),
            registered_us: micros(self.cx.clock.now()),
            registered_by: Uuid::nil(),
            revoked_us: None,
        };
        let (row, credentials) = self.fresh_secret(client_id);
        let uow = self.cx.db.begin().await?;
        service_clients::insert(uow.conn(), client).await?;
        service_clients::insert_secret(uow.conn(), row).await?;
        uow.commit().await?;
        Ok(credentials)
    }

    /// A second secret beside the one that there is.
    pub async fn rotate_client(
        &self,
        client: ServiceClientId,
    ) -> anyhow::Result<ClientCredentials> {
        let uow = self.cx.db.begin().await?;
        let found = service_clients::held(uow.conn(), client.uuid()).await?;
        anyhow::ensure!(
            found.is_some_and(|c| c.revoked_us.is_none()),
            "нет действующей системы {client}"
        );
        let secrets = service_clients::secrets_of(uow.conn(), &[client.uuid()]).await?;
        anyhow::ensure!(secrets.len() < MOST_SECRETS, "у системы уже два секрета");
        let (row, credentials) = self.fresh_secret(client.uuid());
        service_clients::insert_secret(uow.conn(), row).await?;
        uow.commit().await?;
        Ok(credentials)
    }

    /// Ends a system for good; false where there is none such.
    pub async fn revoke_client(&self, client: ServiceClientId) -> anyhow::Result<bool> {
        let uow = self.cx.db.begin().await?;
        let known = service_clients::by_id(uow.conn(), client.uuid()).await?;
        service_clients::revoke(uow.conn(), client.uuid(), self.cx.clock.now()).await?;
        uow.commit().await?;
        self.tell_client_ended(client.uuid()).await;
        Ok(known.is_some())
    }

    /// A line for each system: id, state, last day, rights, name.
    pub async fn client_lines(&self) -> anyhow::Result<Vec<String>> {
        let rows = service_clients::page(self.cx.db.read(), None, 1_000).await?;
        let line = |row: service_client::Model| {
            let id = ServiceClientId::from_uuid(row.client_id);
            let state = if row.revoked_us.is_some() {
                "revoked"
            } else {
                "active"
            };
            format!(
                "{id}\t{state}\t{}\t{}\t{}",
                row.ends_on, row.scopes, row.title
            )
        };
        Ok(rows.into_iter().map(line).collect())
    }

    fn fresh_secret(&self, client_id: Uuid) -> (client_secret::Model, ClientCredentials) {
        let client_secret = crate::secrets::fresh(&self.cx.ids);
        let row = client_secret::Model {
            secret_id: self.cx.ids.uuid(),
            client_id,
            secret_hash: self.secrets.client(&client_secret).to_vec(),
            issued_us: micros(self.cx.clock.now()),
            used_us: None,
            retired_us: None,
        };
        let client_id = ServiceClientId::from_uuid(client_id).to_string();
        let credentials = ClientCredentials {
            client_id,
            client_secret,
        };
        (row, credentials)
    }
}
