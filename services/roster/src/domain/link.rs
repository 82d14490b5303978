//! Links that people write down.

/// The host of a link, when the link is one of https to a public name.
pub fn https_host(link: &str) -> Option<&str> {
    if link.contains(char::is_whitespace) {
        return None;
    }
    let host = link
        .strip_prefix("https://")?
        .split(['/', '?', '#', ':'])
        .next()?;
    (host.contains('.') && !host.starts_with('.') && !host.contains('@')).then_some(host)
}

/// Whether a page belongs to a site: the same host, with or without `www.`.
pub fn is_page_of(page: &str, site: &str) -> bool {
    let host = |link| https_host(link).map(|host: &str| host.to_lowercase());
    let name = |host: &String| host.strip_prefix("www.").unwrap_or(host).to_owned();
    match (host(page), host(site)) {
        (Some(page), Some(site)) => name(&page) == name(&site),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_a_host_only_over_https() {
        assert_eq!(https_host("https://a.example/b?c#d"), Some("a.example"));
        assert_eq!(https_host("https://a.example:8443/"), Some("a.example"));
        for other in [
            "http://a.example",
            "https://localhost",
            "https://.example",
            "https://a.example@b.example",
            "https://a.example/b c",
            "javascript:alert(1)",
            "",
        ] {
            assert_eq!(https_host(other), None, "{other}");
        }
    }

    #[test]
    fn a_page_belongs_to_the_site_of_its_host() {
        let site = "https://www.school.example";
        assert!(is_page_of("https://School.example/journal", site));
        assert!(!is_page_of("https://other.example/journal", site));
        assert!(!is_page_of("https://school.example.evil.example/", site));
        assert!(!is_page_of("https://school.example/", ""));
    }
}
