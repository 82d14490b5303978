//! The web interface, embedded at build time from `web/dist`.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Dist;

/// A file of the web interface; paths that are no file get the start page, whose
/// script routes them.
pub fn serve(path: &str, headers: &HeaderMap) -> Response {
    let wanted = path.trim_start_matches('/');
    let name = match wanted {
        "docs" => "docs/index.html",
        "docs/problems" => "docs/problems.html",
        file if file.contains('.') || (!file.is_empty() && Dist::get(file).is_some()) => file,
        _ => "index.html",
    };
    let Some(file) = Dist::get(name) else {
        return missing(name);
    };
    let tag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|v| v.to_str().ok());
    if known == Some(tag.as_str()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let cache = if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut response = file.data.into_owned().into_response();
    let out = response.headers_mut();
    out.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(name)),
    );
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    response
}

fn missing(name: &str) -> Response {
    if name == "index.html" {
        let text = "The web interface was not built: run `make web`, then build again.\n";
        return (StatusCode::NOT_FOUND, text).into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
