//! Who calls: `authorization: Bearer <token>`.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use tonic::Status;

use crate::access::{Access, Rule};
use crate::caller::Caller;
use crate::status;
use crate::token::Tokens;

/// The caller of the request: anonymous without the header; a header that is not
/// a good token is refused even where anonymous callers may come.
pub(super) fn authenticate(
    headers: &HeaderMap,
    tokens: &Tokens,
    service: &str,
) -> Result<Caller, Status> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Ok(Caller::Anonymous);
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
        .verify(token, service)
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
