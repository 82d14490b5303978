//! The first administrator: a one-time code that the command line prints while
//! nobody can log in yet, or when the operator asks for one on the machine itself.

use chassis::db::micros;
use jiff::SignedDuration;

use crate::Identity;
use crate::domain::code;
use crate::domain::role::Role;
use crate::store::entity::invitation;
use crate::store::{accounts, invitations};

impl Identity {
    /// Whether nobody has registered yet.
    pub async fn is_empty(&self) -> anyhow::Result<bool> {
        Ok(!accounts::any(self.cx.db.read()).await?)
    }

    /// A code for an administrator of the region, good for a day and once. Earlier
    /// ones that were not used end.
    pub async fn administrator_code(&self) -> anyhow::Result<String> {
        let now = self.cx.clock.now();
        let bytes: [u8; code::BYTES] = self
            .cx
            .ids
            .secret(code::BYTES)
            .try_into()
            .map_err(|_| anyhow::anyhow!("no random bytes"))?;
        let plain = code::from_bytes(&bytes);
        let normal =
            code::normalise(&plain).ok_or_else(|| anyhow::anyhow!("own code is not readable"))?;
        let uow = self.cx.db.begin().await?;
        invitations::revoke_bootstrap(uow.conn(), now).await?;
        let row = invitation::Model {
            invitation_id: self.cx.ids.uuid(),
            school_id: None,
            person_id: None,
            role: Role::Administrator.number(),
            code_hash: self.secrets.code(&normal).to_vec(),
            issued_us: micros(now),
            expires_us: micros(now + SignedDuration::from_hours(24)),
            used_us: None,
            revoked_us: None,
        };
        invitations::insert(uow.conn(), vec![row]).await?;
        uow.commit().await?;
        Ok(plain)
    }

    /// Sets a password for tests of load, never offered over the network: creates
    /// the accounts of given cards with one known password (see `loadtest/`).
    pub async fn load_accounts(&self, cards: &[LoadAccount], password: &str) -> anyhow::Result<()> {
        let hash = self
            .hasher
            .hash(password.to_owned())
            .await
            .map_err(|s| anyhow::anyhow!(s.to_string()))?;
        let now = micros(self.cx.clock.now());
        let uow = self.cx.db.begin().await?;
        for card in cards {
            let account_id = self.cx.ids.uuid();
            let login = crate::domain::login::Login::parse(&card.login)?;
            let account = crate::store::entity::account::Model {
                account_id,
                login: login.shown().to_owned(),
                login_key: login.key().to_owned(),
                password_hash: hash.clone(),
                created_us: now,
            };
            accounts::insert(uow.conn(), account).await?;
            let role = if card.staff {
                Role::Teacher
            } else if card.pupil {
                Role::Pupil
            } else {
                Role::Guardian
            };
            let row = crate::store::entity::account_card::Model {
                school_id: card.school.uuid(),
                person_id: card.person.uuid(),
                account_id,
                role: role.number(),
                registered_us: now,
            };
            accounts::put_card(uow.conn(), row).await?;
        }
        uow.commit().await?;
        Ok(())
    }
}

/// An account for the demo school and for load runs.
#[derive(Debug, Clone)]
pub struct LoadAccount {
    /// Login.
    pub login: String,
    /// School of the card.
    pub school: zhurnal_proto::id::SchoolId,
    /// Card.
    pub person: zhurnal_proto::id::PersonId,
    /// An employee.
    pub staff: bool,
    /// A pupil; else a guardian.
    pub pupil: bool,
}
