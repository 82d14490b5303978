//! Who calls: `authorization: Bearer <token>`.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use jiff::{SignedDuration, Timestamp};
use tonic::{Code, Status};

use crate::access::{Access, Rule};
use crate::caller::{Caller, Proof, Standing};
use crate::status::{self, Refusal};
use crate::token::Tokens;

/// How long a proof of who is in a session opens what demands one.
pub const PROOF_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// The caller of the request: anonymous without the header; a header that is not
/// a good token is refused even where anonymous callers may come.
pub(super) fn authenticate(
    headers: &HeaderMap,
    tokens: &Tokens,
    service: &str,
) -> Result<(Caller, Standing), Status> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok((Caller::Anonymous, Standing::default()));
    };
    if values.next().is_some() {
        return Err(status::unauthenticated("TOKEN_INVALID"));
    }
    let token = value
        .to_str()
        .ok()
        .and_then(bearer)
        .ok_or_else(|| status::unauthenticated("TOKEN_INVALID"))?;
    tokens
        .examine(token, service)
        .map_err(|e| status::unauthenticated(e.reason()))
}

/// The token of a `Bearer` header value; the scheme's case does not matter.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}

/// Whether the caller may try the method at all: the rule names its kind, and
/// some facts could open the permission. The answer does not depend on any
/// object, so it gives none away.
pub(super) fn admit(rule: &Rule, access: &Access, caller: &Caller) -> Result<(), Status> {
    if rule.admits(caller) && access.could(caller, rule.permission) {
        return Ok(());
    }
    Err(match caller {
        Caller::Anonymous => status::unauthenticated("TOKEN_MISSING"),
        _ => status::denied(rule.permission),
    })
}

/// Whether the session has proved enough: SECOND_FACTOR_MISSING for one that has yet to
/// set up its second factor, STEP_UP_REQUIRED where a fresh proof is demanded. Asked
/// after [`admit`]: who may not try at all learns nothing of it.
pub(super) fn proven(rule: &Rule, proof: Proof, now: Timestamp) -> Result<(), Status> {
    if proof.unfinished && !rule.without_second_factor {
        let text = "Ваша роль требует второго фактора: сначала включите его";
        let refusal = Refusal::new(Code::PermissionDenied, "SECOND_FACTOR_MISSING", text);
        return Err(refusal.into());
    }
    let fresh = |at: Timestamp| now.duration_since(at) < PROOF_LIFE;
    if !rule.step_up || proof.given_at.is_some_and(fresh) {
        return Ok(());
    }
    let (method, text) = if proof.second_factor {
        (
            "SECOND_FACTOR",
            "Подтвердите действие кодом второго фактора",
        )
    } else {
        ("PASSWORD", "Подтвердите действие паролем")
    };
    let refusal = Refusal::new(Code::PermissionDenied, "STEP_UP_REQUIRED", text)
        .with("method", method)
        .with("max_age_seconds", PROOF_LIFE.as_secs());
    Err(refusal.into())
}
