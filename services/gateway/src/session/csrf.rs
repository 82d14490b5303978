//! Cross-site request forgery: a change by cookie must come from our own page.
//!
//! Three independent signs: `Sec-Fetch-Site: same-origin` (or a matching `Origin`
//! where a browser does not send it), our own header, and a content type that a
//! foreign form cannot send.

use chassis::status::Refusal;
use http::{HeaderMap, Method, header};
use tonic::{Code, Status};

/// Header that only our page's script sets.
pub const HEADER: &str = "x-zhurnal-csrf";

/// Refuses a change that another site's page could have sent.
pub fn check(method: &Method, headers: &HeaderMap) -> Result<(), Status> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let same_origin = match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => match (text("origin"), text("host")) {
            (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, o)| o == host),
            _ => false,
        },
    };
    let simple = text(header::CONTENT_TYPE.as_str()).is_none_or(|kind| {
        let kind = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        matches!(
            kind.as_str(),
            "application/x-www-form-urlencoded" | "multipart/form-data" | "text/plain"
        )
    });
    if same_origin && text(HEADER).is_some() && !simple {
        return Ok(());
    }
    Err(Refusal::new(
        Code::PermissionDenied,
        "CSRF",
        "Запрос отправлен не со страницы журнала",
    )
    .of_service("gateway")
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(n, v)| (http::HeaderName::from_static(n), v.parse().unwrap()))
            .collect()
    }

    #[test]
    fn our_own_page_may_change() {
        let own = headers(&[
            ("sec-fetch-site", "same-origin"),
            (HEADER, "1"),
            ("content-type", "application/json"),
        ]);
        assert!(check(&Method::POST, &own).is_ok());
        let old = headers(&[
            ("origin", "https://j.ru"),
            ("host", "j.ru"),
            (HEADER, "1"),
            ("content-type", "application/json"),
        ]);
        assert!(check(&Method::POST, &old).is_ok());
    }

    #[test]
    fn every_missing_sign_refuses() {
        for broken in [
            headers(&[
                ("sec-fetch-site", "cross-site"),
                (HEADER, "1"),
                ("content-type", "application/json"),
            ]),
            headers(&[
                ("sec-fetch-site", "same-site"),
                (HEADER, "1"),
                ("content-type", "application/json"),
            ]),
            headers(&[
                ("sec-fetch-site", "same-origin"),
                ("content-type", "application/json"),
            ]),
            headers(&[
                ("sec-fetch-site", "same-origin"),
                (HEADER, "1"),
                ("content-type", "text/plain;charset=utf-8"),
            ]),
            headers(&[("sec-fetch-site", "same-origin"), (HEADER, "1")]),
            headers(&[
                ("origin", "https://evil.ru"),
                ("host", "j.ru"),
                (HEADER, "1"),
                ("content-type", "application/json"),
            ]),
            headers(&[(HEADER, "1"), ("content-type", "application/json")]),
        ] {
            assert!(check(&Method::POST, &broken).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn reading_needs_no_sign() {
        assert!(check(&Method::GET, &HeaderMap::new()).is_ok());
    }
}
