//! The first administrator: a one-time code that the command line prints while
//! nobody can log in yet, or when the operator asks for one on the machine itself.

use chassis::db::{UnitOfWork, micros};
use jiff::SignedDuration;
use zhurnal_proto::id::{MunicipalityId, PersonId, SchoolId};
use zhurnal_proto::identity::v1::GrantSource;

use crate::Identity;
use crate::domain::code;
use crate::domain::login::Login;
use crate::domain::role::Role;
use crate::rpc::register;
use crate::store::entity::{account, account_card, invitation, role_grant};
use crate::store::{accounts, grants, invitations};

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

    /// Accounts with one known password, for demo schools and load runs. Never
    /// offered over the network.
    pub async fn load_accounts(
        &self,
        accounts: &[LoadAccount],
        password: &str,
    ) -> anyhow::Result<()> {
        let hash = self
            .hasher
            .hash(password.to_owned())
            .await
            .map_err(|s| anyhow::anyhow!(s.to_string()))?;
        let mut uow = self.cx.db.begin().await?;
        for account in accounts {
            self.load_account(&mut uow, account, &hash).await?;
        }
        uow.commit().await?;
        Ok(())
    }

    async fn load_account(
        &self,
        uow: &mut UnitOfWork,
        account: &LoadAccount,
        hash: &str,
    ) -> anyhow::Result<()> {
        let now = micros(self.cx.clock.now());
        let account_id = self.cx.ids.uuid();
        let login = Login::parse(&account.login)?;
        let row = account::Model {
            account_id,
            login: login.shown().to_owned(),
            login_key: login.key().to_owned(),
            password_hash: hash.to_owned(),
            created_us: now,
        };
        accounts::insert(uow.conn(), row).await?;
        let (school, person, role) = match account.holder {
            Holder::Region | Holder::Municipality(_) => {
                let (role, municipality_id) = match account.holder {
                    Holder::Municipality(id) => (Role::MunicipalOfficer, Some(id.uuid())),
                    _ => (Role::Administrator, None),
                };
                let grant = role_grant::Model {
                    role_grant_id: self.cx.ids.uuid(),
                    account_id,
                    role: role.number(),
                    school_id: None,
                    municipality_id,
                    source: GrantSource::Bootstrap as i16,
                    granted_us: now,
                    ends_on: None,
                    revoked_us: None,
                };
                return Ok(grants::insert(uow.conn(), grant).await?);
            }
            Holder::Staff { school, person } => (school, person, Role::Teacher),
            Holder::Pupil { school, person } => (school, person, Role::Pupil),
            Holder::Guardian { school, person } => (school, person, Role::Guardian),
        };
        let card = account_card::Model {
            school_id: school.uuid(),
            person_id: person.uuid(),
            account_id,
            role: role.number(),
            registered_us: now,
        };
        accounts::put_card(uow.conn(), card.clone()).await?;
        register::announce(self, uow, &card);
        self.used_code(uow.conn(), school, person, role).await
    }

    /// The code that the person would have registered with: lists of codes tell who has.
    async fn used_code(
        &self,
        conn: &impl sea_orm::ConnectionTrait,
        school: SchoolId,
        person: PersonId,
        role: Role,
    ) -> anyhow::Result<()> {
        let now = micros(self.cx.clock.now());
        let row = invitation::Model {
            invitation_id: self.cx.ids.uuid(),
            school_id: Some(school.uuid()),
            person_id: Some(person.uuid()),
            role: role.number(),
            code_hash: self.cx.ids.secret(32),
            issued_us: now,
            expires_us: now,
            used_us: Some(now),
            revoked_us: None,
        };
        Ok(invitations::insert(conn, vec![row]).await?)
    }
}

/// An account for a demo school or a load run.
#[derive(Debug, Clone)]
pub struct LoadAccount {
    /// Login.
    pub login: String,
    /// Who holds it.
    pub holder: Holder,
}

/// Who holds an account.
#[derive(Debug, Clone, Copy)]
pub enum Holder {
    /// An administrator of the region.
    Region,
    /// An officer of a municipality.
    Municipality(MunicipalityId),
    /// An employee.
    Staff {
        /// School of the card.
        school: SchoolId,
        /// The card.
        person: PersonId,
    },
    /// A pupil.
    Pupil {
        /// School of the card.
        school: SchoolId,
        /// The card.
        person: PersonId,
    },
    /// A guardian.
    Guardian {
        /// School of the card.
        school: SchoolId,
        /// The card.
        person: PersonId,
    },
}
