//! The cookies of a browser: the session, the known device, and for minutes the second
//! step of a log-in.

use http::{HeaderMap, HeaderValue, header};

/// Name of the session cookie; the prefix makes browsers refuse it without
/// `Secure`, with `Domain` or with another path.
pub const SESSION: &str = "__Host-sid";
/// Name of the cookie that a log-in's second step rides on.
pub const CHALLENGE: &str = "__Host-challenge";
/// Name of the known-device cookie.
pub const DEVICE: &str = "__Host-device";

/// Value of a cookie of the request.
pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, v)| *n == name && !v.is_empty())
        .map(|(_, v)| v.to_owned())
}

/// `Set-Cookie` of a secret; `days` = 0 deletes it. `None` where the value does
/// not fit a cookie.
pub fn set(name: &str, value: &str, days: u32) -> Option<HeaderValue> {
    for_seconds(name, value, u64::from(days) * 86_400)
}

/// The same for a time in seconds.
pub fn for_seconds(name: &str, value: &str, seconds: u64) -> Option<HeaderValue> {
    if !value
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    {
        return None;
    }
    HeaderValue::from_str(&format!(
        "{name}={value}; Max-Age={seconds}; Path=/; Secure; HttpOnly; SameSite=Lax"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others_and_empty_ones_do_not_count() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, "a=1; __Host-sid=abc; b=2".parse().unwrap());
        assert_eq!(read(&headers, SESSION).as_deref(), Some("abc"));
        headers.insert(header::COOKIE, "__Host-sid=".parse().unwrap());
        assert_eq!(read(&headers, SESSION), None);
    }

    #[test]
    fn a_value_that_could_break_the_header_is_refused() {
        assert!(set(SESSION, "a;Domain=evil", 30).is_none());
        let cookie = set(SESSION, "abc", 30).unwrap();
        assert_eq!(
            cookie,
            "__Host-sid=abc; Max-Age=2592000; Path=/; Secure; HttpOnly; SameSite=Lax"
        );
    }
}
