//! People with an application for one-time codes, and what tells of their safety.

use chassis::caller::{Caller, User};
use tonic::Status;
use uuid::Uuid;
use zhurnal_proto::identity::v1::{
    Audience, BeginSecondFactorRequest, BeginSecondFactorResponse, CompleteLogInRequest,
    ConfirmSecondFactorRequest, ExchangeSessionRequest, IdentityEvent, ListSecurityEntriesRequest,
    SecondFactorChallenge, SecurityEntry, SecurityKind, Session, identity_event,
};

use super::world::*;

/// A person with an application for one-time codes.
pub struct Owner {
    pub user: User,
    pub application: totp_rs::Totp,
    pub recovery_codes: Vec<String>,
}

impl World {
    /// The caller of a session.
    pub async fn user_of(&self, secret: &str) -> Result<User, Status> {
        let request = ExchangeSessionRequest {
            session_secret: secret.into(),
        };
        let token = self
            .anonymous()
            .exchange_session(request)
            .await?
            .into_inner()
            .access_token;
        match self.harness.cx().tokens.verify(&token, "identity").unwrap() {
            Caller::User(user) => Ok(user),
            other => panic!("{other:?}"),
        }
    }

    /// Registers the holder of a staff card.
    pub async fn employee(&self, card: u128, login: &str) -> User {
        let code = self.code_of(Audience::Staff, None, card).await;
        self.registered(&code, login).await
    }

    /// Registers with a code.
    pub async fn registered(&self, code: &str, login: &str) -> User {
        let session = self.register(code, login).await.unwrap().session.unwrap();
        self.user_of(&session.secret).await.unwrap()
    }

    /// Turns the second factor of a user on. The code of the present step is used then.
    pub async fn protect(&self, user: User) -> Owner {
        let begun = self.begin(&user, uuid(801)).await.unwrap();
        let application = totp_rs::Totp::from_url(&begun.otpauth_uri).unwrap();
        let confirmed = self
            .by(user.clone())
            .confirm_second_factor(ConfirmSecondFactorRequest {
                code: self.code_now(&application),
                request_id: uuid(802).to_string(),
            })
            .await
            .unwrap()
            .into_inner();
        self.harness.ignore_announced().await;
        Owner {
            user,
            application,
            recovery_codes: confirmed.recovery_codes,
        }
    }

    pub async fn begin(
        &self,
        user: &User,
        request_id: Uuid,
    ) -> Result<BeginSecondFactorResponse, Status> {
        let request = BeginSecondFactorRequest {
            password: PASSWORD.into(),
            request_id: request_id.to_string(),
        };
        let answer = self.by(user.clone()).begin_second_factor(request).await?;
        Ok(answer.into_inner())
    }

    /// What the application shows now.
    pub fn code_now(&self, application: &totp_rs::Totp) -> String {
        let now = self.harness.cx().clock.now().as_second();
        application.generate(now.unsigned_abs()).to_string()
    }

    /// Half a minute later: the application shows another code.
    pub fn next_step(&self) {
        self.harness
            .clock()
            .advance(jiff::SignedDuration::from_secs(30));
    }

    /// The challenge after the right password.
    pub async fn challenge(&self, login: &str, device_cookie: &str) -> SecondFactorChallenge {
        let answer = self.log_in(login, PASSWORD, device_cookie).await.unwrap();
        assert_eq!(answer.session, None, "no session before the second step");
        answer.challenge.expect("a challenge")
    }

    pub async fn complete(
        &self,
        challenge: &SecondFactorChallenge,
        code: &str,
    ) -> Result<Session, Status> {
        let request = CompleteLogInRequest {
            challenge: challenge.challenge.clone(),
            code: code.into(),
            device: "тест".into(),
            device_cookie: challenge.device_cookie.clone(),
        };
        let answer = self.anonymous().complete_log_in(request).await?;
        Ok(answer.into_inner().session.unwrap())
    }

    /// Kinds of the entries in the own security log, newest first.
    pub async fn security_log(&self, user: &User) -> Vec<SecurityEntry> {
        self.by(user.clone())
            .list_security_entries(ListSecurityEntriesRequest::default())
            .await
            .unwrap()
            .into_inner()
            .security_entries
    }

    /// What was announced of the safety of accounts since the last look.
    pub async fn security_announced(&self) -> Vec<SecurityKind> {
        let events = self.harness.announced::<IdentityEvent>().await;
        events
            .into_iter()
            .filter_map(|e| match e.change {
                Some(identity_event::Change::SecurityRecorded(entry)) => Some(entry.kind()),
                _ => None,
            })
            .collect()
    }
}

/// A code that the application does not show.
pub fn other_code(code: &str) -> String {
    let number: u32 = code.parse().unwrap();
    format!("{:06}", (number + 1) % 1_000_000)
}
