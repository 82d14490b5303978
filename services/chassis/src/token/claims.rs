//! The payload of a token and its two-way mapping to [`Caller`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{SUITE, TokenError};
use crate::caller::{Caller, Client, Proof, Standing, User, UserKind};

/// What kind of caller the token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Staff,
    Family,
    Service,
    Client,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub knd: Kind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    per: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fam: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sch: Vec<String>,
    /// Municipality of a municipal officer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mun: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    rol: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reg: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    nam: String,
    /// When the session was proved last, as in OpenID Connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
    /// The account has a second factor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sfa: bool,
    /// A second factor is demanded and missing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    lim: bool,
    /// Calls a minute of a client.
    #[serde(default, skip_serializing_if = "is_zero")]
    rpm: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Claims {
    fn empty(sub: String, knd: Kind) -> Self {
        Self {
            iss: String::new(),
            aud: String::new(),
            sub,
            iat: 0,
            nbf: 0,
            exp: 0,
            knd,
            sid: None,
            per: None,
            fam: Vec::new(),
            sch: Vec::new(),
            mun: None,
            rol: Vec::new(),
            reg: false,
            nam: String::new(),
            auth_time: None,
            sfa: false,
            lim: false,
            rpm: 0,
        }
    }

    pub(super) fn user(user: &User, proof: Proof) -> Self {
        let knd = match user.kind {
            UserKind::Staff => Kind::Staff,
            UserKind::Family => Kind::Family,
        };
        Self {
            sid: Some(user.session.to_string()),
            per: user.person.map(|p| p.to_string()),
            fam: user.persons.iter().map(ToString::to_string).collect(),
            sch: user.school.iter().map(ToString::to_string).collect(),
            mun: user.municipality.map(|m| m.to_string()),
            rol: user.roles.clone(),
            reg: user.region,
            nam: user.display.clone(),
            auth_time: proof.given_at.map(Timestamp::as_second),
            sfa: proof.second_factor,
            lim: proof.unfinished,
            ..Self::empty(user.account.to_string(), knd)
        }
    }

    pub(super) fn service(name: &str) -> Self {
        Self::empty(name.to_owned(), Kind::Service)
    }

    pub(super) fn client(client: &Client, rate_per_minute: u32) -> Self {
        Self {
            rpm: rate_per_minute,
            rol: client.scopes.clone(),
            sch: client.schools.iter().map(ToString::to_string).collect(),
            ..Self::empty(client.id.clone(), Kind::Client)
        }
    }

    /// Service tokens are for one service; the others for the whole suite.
    pub(super) fn check_audience(&self, audience: &str) -> Result<(), TokenError> {
        let wanted = if self.knd == Kind::Service {
            audience
        } else {
            SUITE
        };
        if self.aud == wanted {
            Ok(())
        } else {
            Err(TokenError::Audience)
        }
    }

    pub(super) fn standing(&self) -> Result<Standing, TokenError> {
        let given_at = self.auth_time.map(Timestamp::from_second).transpose();
        Ok(Standing {
            proof: Proof {
                given_at: given_at.map_err(|_| TokenError::Invalid)?,
                second_factor: self.sfa,
                unfinished: self.lim,
            },
            rate_per_minute: self.rpm,
        })
    }

    pub(super) fn caller(&self) -> Result<Caller, TokenError> {
        match self.knd {
            Kind::Service => Ok(Caller::Service {
                name: self.sub.clone(),
            }),
            Kind::Client => Ok(Caller::Client(Client {
                id: self.sub.clone(),
                scopes: self.rol.clone(),
                schools: parse_all(&self.sch)?,
            })),
            Kind::Staff => self.as_user(UserKind::Staff),
            Kind::Family => self.as_user(UserKind::Family),
        }
    }

    fn as_user(&self, kind: UserKind) -> Result<Caller, TokenError> {
        let session = self.sid.as_deref().ok_or(TokenError::Invalid)?;
        Ok(Caller::User(User {
            account: parse(&self.sub)?,
            session: parse(session)?,
            kind,
            person: self.per.as_deref().map(parse).transpose()?,
            persons: parse_all(&self.fam)?,
            school: self.sch.first().map(|s| parse(s)).transpose()?,
            municipality: self.mun.as_deref().map(parse).transpose()?,
            roles: self.rol.clone(),
            region: self.reg,
            display: self.nam.clone(),
        }))
    }
}

fn parse<T: std::str::FromStr>(text: &str) -> Result<T, TokenError> {
    text.parse().map_err(|_| TokenError::Invalid)
}

fn parse_all<T: std::str::FromStr>(texts: &[String]) -> Result<Vec<T>, TokenError> {
    texts.iter().map(|t| parse(t)).collect()
}
