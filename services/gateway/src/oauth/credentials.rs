//! What a client sends to the token endpoint: a form, and its id and secret by HTTP Basic
//! or in the form, never both (RFC 6749 2.3).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;

use super::error::OAuthError;

/// Longest form that is read.
const MOST_BYTES: usize = 8_192;

/// The fields of a form.
pub struct Form(Vec<(String, String)>);

impl Form {
    /// The form of a request; another content type or something longer is refused.
    pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, OAuthError> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.split(';').next())
            .unwrap_or_default();
        let form = "application/x-www-form-urlencoded";
        if !kind.trim().eq_ignore_ascii_case(form) || body.len() > MOST_BYTES {
            return Err(invalid(
                "the body is a form, application/x-www-form-urlencoded",
            ));
        }
        let text = std::str::from_utf8(body).map_err(|_| invalid("the form is not UTF-8"))?;
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let fields: Result<Vec<_>, _> = pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decoded(name)?, decoded(value)?))
            })
            .collect();
        Ok(Self(fields?))
    }

    /// A field; one that is sent twice is refused (RFC 6749 3.2), an empty one is absent.
    pub fn get(&self, name: &str) -> Result<Option<String>, OAuthError> {
        let mut values = self.0.iter().filter(|(n, _)| n == name).map(|(_, v)| v);
        let first = values.next();
        if values.next().is_some() {
            return Err(invalid("a parameter is sent twice"));
        }
        Ok(first.filter(|v| !v.is_empty()).cloned())
    }

    /// `grant_type`, which must be there.
    pub fn grant_type(&self) -> Result<String, OAuthError> {
        self.get("grant_type")?
            .ok_or_else(|| invalid("grant_type is missing"))
    }
}

/// Id and secret of the client.
#[derive(Debug, PartialEq, Eq)]
pub struct Sent {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: String,
    /// By HTTP Basic: a refusal then names the scheme.
    pub basic: bool,
}

impl Sent {
    /// From the header or from the form.
    pub fn of(headers: &HeaderMap, form: &Form) -> Result<Self, OAuthError> {
        let (id, secret) = (form.get("client_id")?, form.get("client_secret")?);
        let Some(value) = headers.get(header::AUTHORIZATION) else {
            let (Some(id), Some(secret)) = (id, secret) else {
                return Err(OAuthError::client(false));
            };
            let basic = false;
            return Ok(Self { id, secret, basic });
        };
        let sent = value.to_str().ok().and_then(by_basic);
        let (own, own_secret) = sent.ok_or_else(|| OAuthError::client(true))?;
        if secret.is_some() || id.is_some_and(|id| id != own) {
            return Err(invalid("the client is named twice"));
        }
        Ok(Self {
            id: own,
            secret: own_secret,
            basic: true,
        })
    }
}

/// Both parts are form-encoded inside (RFC 6749 2.3.1).
fn by_basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let plain = String::from_utf8(plain).ok()?;
    let (id, secret) = plain.split_once(':')?;
    Some((decoded(id).ok()?, decoded(secret).ok()?))
}

fn decoded(text: &str) -> Result<String, OAuthError> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced)
        .decode_utf8()
        .map(|text| text.into_owned())
        .map_err(|_| invalid("the form is not UTF-8"))
}

fn invalid(what: &str) -> OAuthError {
    OAuthError::new("invalid_request", what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";

    fn headers(authorization: Option<&str>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, FORM.parse().unwrap());
        if let Some(value) = authorization {
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        headers
    }

    fn read(body: &str) -> Form {
        Form::read(&headers(None), body.as_bytes()).unwrap_or_else(|e| panic!("{}", e.error))
    }

    fn error<T>(result: Result<T, OAuthError>) -> &'static str {
        result.err().map_or("", |e| e.error)
    }

    #[test]
    fn a_client_names_itself_by_the_header_or_in_the_form() {
        let form = read("grant_type=client_credentials&client_id=cli_1&client_secret=a%2Bb+c");
        let sent = Sent::of(&headers(None), &form);
        let wanted = Sent {
            id: "cli_1".into(),
            secret: "a+b c".into(),
            basic: false,
        };
        assert_eq!(sent.ok(), Some(wanted));
        let basic = format!("Basic {}", BASE64_STANDARD.encode("cli_1:a%2Bb"));
        let sent = Sent::of(&headers(Some(&basic)), &read("grant_type=x"));
        let wanted = Sent {
            id: "cli_1".into(),
            secret: "a+b".into(),
            basic: true,
        };
        assert_eq!(sent.ok(), Some(wanted));
    }

    #[test]
    fn two_ways_at_once_a_field_twice_and_other_bodies_are_refused() {
        let basic = format!("Basic {}", BASE64_STANDARD.encode("cli_1:s"));
        let both = Sent::of(&headers(Some(&basic)), &read("client_secret=s"));
        assert_eq!(error(both), "invalid_request");
        let other = Sent::of(&headers(Some(&basic)), &read("client_id=cli_2"));
        assert_eq!(error(other), "invalid_request");
        let twice = read("scope=a&scope=b").get("scope");
        assert_eq!(error(twice), "invalid_request");
        let nobody = Sent::of(&headers(None), &read("client_id=cli_1"));
        assert_eq!(error(nobody), "invalid_client");
        for scheme in ["Bearer x", "Basic !", "Basic"] {
            let sent = Sent::of(&headers(Some(scheme)), &read(""));
            assert_eq!(error(sent), "invalid_client", "{scheme}");
        }
        let json = Form::read(&HeaderMap::new(), b"{}");
        assert_eq!(error(json), "invalid_request");
        let long = "a".repeat(MOST_BYTES + 1);
        let long = Form::read(&headers(None), long.as_bytes());
        assert_eq!(error(long), "invalid_request");
        assert_eq!(error(read("scope=a").grant_type()), "invalid_request");
    }
}
