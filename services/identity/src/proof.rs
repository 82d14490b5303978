//! Proofs that a person gives again: the password, a code of the second factor.

use chassis::status::{self, Refusal, from_db};
use sea_orm::ConnectionTrait;
use tonic::{Code, Status};
use zhurnal_proto::id::AccountId;

use crate::domain::second_factor::{Generator, Typed};
use crate::hasher::Verdict;
use crate::store::entity::{account, second_factor};
use crate::store::{attempts, second_factors};
use crate::{Identity, guess};

/// What a code was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// Of the application.
    Digits,
    /// A recovery code.
    Recovery,
}

/// The password of a person who is logged in, asked again. CREDENTIALS_WRONG names `field`.
pub async fn password(
    identity: &Identity,
    account: &account::Model,
    password: String,
    field: &'static str,
) -> Result<(), Status> {
    let subject = identity.secrets.again_attempt(&id_of(account));
    guess::password(identity, &subject).await?;
    let stored = Some(account.password_hash.clone());
    if identity.hasher.verify(password, stored).await? == Verdict::Wrong {
        let violation = status::violation(field, "CREDENTIALS_WRONG", "неверный пароль");
        let refusal = Refusal::new(
            Code::InvalidArgument,
            "CREDENTIALS_WRONG",
            "Неверный пароль",
        );
        return Err(refusal.violation(violation).into());
    }
    let uow = identity.cx.db.begin().await.map_err(from_db)?;
    attempts::clear(uow.conn(), &subject)
        .await
        .map_err(from_db)?;
    uow.commit().await.map_err(from_db)?;
    Ok(())
}

/// Uses a code of the account's second factor up; `None` where it is wrong or was used.
/// The guess was counted before; a right code clears the counter `subject`.
pub async fn use_code(
    identity: &Identity,
    conn: &impl ConnectionTrait,
    account: &account::Model,
    factor: &second_factor::Model,
    typed: &str,
    subject: &[u8; 32],
) -> Result<Option<Used>, Status> {
    let used = match Typed::parse(typed) {
        None => None,
        Some(Typed::Digits(digits)) => {
            let step =
                generator(identity, account, factor)?.step_of(&digits, identity.cx.clock.now());
            let fresh = match step {
                Some(step) => second_factors::use_step(conn, account.account_id, step)
                    .await
                    .map_err(from_db)?,
                None => false,
            };
            fresh.then_some(Used::Digits)
        }
        Some(Typed::Recovery(code)) => {
            let hash = identity.secrets.recovery(&id_of(account), &code);
            let now = identity.cx.clock.now();
            second_factors::use_recovery(conn, account.account_id, &hash, now)
                .await
                .map_err(from_db)?
                .then_some(Used::Recovery)
        }
    };
    if used.is_some() {
        attempts::clear(conn, subject).await.map_err(from_db)?;
    }
    Ok(used)
}

/// The generator of codes of an account's second factor.
pub fn generator(
    identity: &Identity,
    account: &account::Model,
    factor: &second_factor::Model,
) -> Result<Generator, Status> {
    let secret = identity
        .secrets
        .open_totp(&id_of(account), &factor.sealed)
        .map_err(status::internal)?;
    Generator::new(&secret, &account.login)
        .ok_or_else(|| status::internal(anyhow::anyhow!("a second factor has no generator")))
}

/// CODE_WRONG of a field, for a person who is logged in.
pub fn code_wrong() -> Status {
    let text = "Код неверный или уже использован";
    let violation = status::violation("code", "CODE_WRONG", text);
    Refusal::new(Code::InvalidArgument, "CODE_WRONG", text)
        .violation(violation)
        .into()
}

/// `acc_...` of an account.
pub fn id_of(account: &account::Model) -> String {
    AccountId::from_uuid(account.account_id).to_string()
}
