//! HTTP request → protobuf request: body, path, query, headers, in this order;
//! later ones win, unknown names are refused.

use chassis::status;
use prost_reflect::FieldDescriptor;
use tonic::Status;

use super::from_json;
use super::layout::Field;
use super::route::{Body, Route};
use super::to_json::Encoded;

/// What of an HTTP request goes into the message.
pub struct HttpInput<'a> {
    /// Values of the path's variables.
    pub path: Vec<(&'a str, String)>,
    /// Raw query string.
    pub query: &'a str,
    /// Body.
    pub body: &'a [u8],
    /// The body is JSON.
    pub json: bool,
    /// `Idempotency-Key`.
    pub idempotency_key: Option<&'a str>,
    /// `If-Match` without quotes.
    pub if_match: Option<&'a str>,
}

/// Encodes the request message of a route.
pub fn build(route: &Route, http: HttpInput<'_>) -> Result<Vec<u8>, Status> {
    let layout = route.request.message();
    let mut message = body(route, &http)?;
    // On the wire the last occurrence of a field counts.
    for (name, value) in form_urlencoded(http.query)? {
        let field = layout
            .field(&name)
            .ok_or_else(|| bad_field(&name, "UNKNOWN_FIELD", "неизвестный параметр запроса"))?;
        set(&mut message, field, &name, &value)?;
    }
    for (name, value) in &http.path {
        if let Some(field) = layout.field(name) {
            set(&mut message, field, &field.json_name, value)?;
        }
    }
    header(
        route,
        &mut message,
        "request_id",
        http.idempotency_key,
        "IDEMPOTENCY_KEY_DIFFERS",
    )?;
    header(
        route,
        &mut message,
        "etag",
        http.if_match,
        "IF_MATCH_DIFFERS",
    )?;
    if route.needs_idempotency_key() && text(route, &message, "request_id")?.is_empty() {
        return Err(bad_field(
            "Idempotency-Key",
            "IDEMPOTENCY_KEY_REQUIRED",
            "нужен заголовок Idempotency-Key с UUID",
        ));
    }
    Ok(message)
}

/// Most bytes that a bytes field may hold, from its constraint.
pub fn max_bytes(field: &FieldDescriptor) -> Option<usize> {
    let rules =
        zhurnal_proto::descriptor_pool().get_extension_by_name("zhurnal.validate.v1.field")?;
    let options = field.options();
    let rules = options.get_extension(&rules);
    let limit = rules
        .as_message()?
        .get_field_by_name("max_bytes")?
        .as_u32()?;
    (limit > 0).then_some(usize::try_from(limit).ok()?)
}

fn body(route: &Route, http: &HttpInput<'_>) -> Result<Vec<u8>, Status> {
    match &route.body {
        Body::None | Body::Whole if http.body.is_empty() => Ok(Vec::new()),
        Body::None => Err(bad_field(
            "body",
            "UNEXPECTED_BODY",
            "у этого запроса не бывает тела",
        )),
        Body::Whole if !http.json => Err(bad_field(
            "Content-Type",
            "NOT_JSON",
            "ожидается application/json",
        )),
        Body::Whole => from_json::read(&route.request, http.body),
        Body::File(field) => {
            let mut message = Vec::with_capacity(http.body.len() + 16);
            from_json::put_bytes(&mut message, field.number(), http.body);
            Ok(message)
        }
    }
}

fn header(
    route: &Route,
    message: &mut Vec<u8>,
    name: &str,
    value: Option<&str>,
    reason: &'static str,
) -> Result<(), Status> {
    let (Some(value), Some(field)) = (value, route.request.message().field(name)) else {
        return Ok(());
    };
    let given = text(route, message, name)?;
    if !given.is_empty() && given != value {
        return Err(bad_field(
            &field.json_name,
            reason,
            "заголовок и поле тела различаются",
        ));
    }
    set(message, field, &field.json_name, value)
}

fn text<'m>(route: &'m Route, message: &'m [u8], name: &str) -> Result<&'m str, Status> {
    Encoded::new(&route.request, message)
        .text(name)
        .map(Option::unwrap_or_default)
        .map_err(|e| status::internal(anyhow::Error::from(e)))
}

fn set(message: &mut Vec<u8>, field: &Field, name: &str, text: &str) -> Result<(), Status> {
    from_json::put_text(message, field, text)
        .ok_or_else(|| bad_field(name, "INVALID_VALUE", "значение не того вида"))
}

fn form_urlencoded(query: &str) -> Result<Vec<(String, String)>, Status> {
    let decode = |part: &str| {
        percent_encoding::percent_decode_str(&part.replace('+', " "))
            .decode_utf8()
            .map(|s| s.into_owned())
            .map_err(|_| bad_field("query", "INVALID_ENCODING", "строка запроса не в UTF-8"))
    };
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

fn bad_field(field: &str, rule: &'static str, message: impl Into<String>) -> Status {
    status::invalid_field(field, rule, &message.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcode::route::{Matched, Routes};
    use http::Method;
    use prost::Message as _;
    use zhurnal_proto::roster::v1::UploadSchoolImportRequest;

    const KEY: &str = "0192f0c1-0000-7000-8000-0000000000ff";

    fn with_route<T>(
        method: Method,
        path: &str,
        run: impl FnOnce(&Route, Vec<(&str, String)>) -> T,
    ) -> T {
        let routes = Routes::from_pool(zhurnal_proto::descriptor_pool()).unwrap();
        match routes.find(&method, path) {
            Matched::Route(route, values) => run(route, values),
            other => panic!("{other:?}"),
        }
    }

    fn input<'a>(
        path: Vec<(&'a str, String)>,
        query: &'a str,
        body: &'a [u8],
        key: Option<&'a str>,
    ) -> HttpInput<'a> {
        HttpInput {
            path,
            query,
            body,
            json: true,
            idempotency_key: key,
            if_match: None,
        }
    }

    #[test]
    fn path_query_and_key_fill_the_message() {
        with_route(Method::GET, "/v1/schools/sch_1/pupils", |route, path| {
            let message = build(
                route,
                input(
                    path,
                    "classId=cls_2&pageSize=7&search=%D0%81%D0%B6",
                    b"",
                    None,
                ),
            )
            .unwrap();
            assert_eq!(text(route, &message, "school_id").unwrap(), "sch_1");
            assert_eq!(text(route, &message, "class_id").unwrap(), "cls_2");
            assert_eq!(text(route, &message, "search").unwrap(), "Ёж");
        });
    }

    #[test]
    fn the_path_wins_over_the_body() {
        with_route(
            Method::POST,
            "/v1/schools/sch_1/lessons/les_2:cancel",
            |route, path| {
                let body = br#"{"schoolId":"sch_9","reason":"x"}"#;
                let message = build(route, input(path, "", body, Some(KEY))).unwrap();
                assert_eq!(text(route, &message, "school_id").unwrap(), "sch_1");
                assert_eq!(text(route, &message, "request_id").unwrap(), KEY);
            },
        );
    }

    #[test]
    fn a_change_without_key_and_unknown_names_are_refused() {
        with_route(
            Method::POST,
            "/v1/schools/sch_1/lessons/les_2:cancel",
            |route, path| {
                let refusal = build(route, input(path.clone(), "", b"{}", None)).unwrap_err();
                assert_eq!(
                    status::violations(&refusal)[0].reason,
                    "IDEMPOTENCY_KEY_REQUIRED"
                );
                let refusal = build(
                    route,
                    input(path.clone(), "", br#"{"reeson":"x"}"#, Some(KEY)),
                )
                .unwrap_err();
                let violation = &status::violations(&refusal)[0];
                assert_eq!(
                    (violation.field.as_str(), violation.reason.as_str()),
                    ("reeson", "UNKNOWN_FIELD")
                );
                let refusal = build(route, input(path, "x=1", b"{}", Some(KEY))).unwrap_err();
                assert_eq!(status::violations(&refusal)[0].reason, "UNKNOWN_FIELD");
            },
        );
    }

    #[test]
    fn a_key_that_differs_from_the_body_is_refused() {
        with_route(
            Method::POST,
            "/v1/schools/sch_1/lessons/les_2:cancel",
            |route, path| {
                let body = br#"{"requestId":"0192f0c1-0000-7000-8000-000000000001"}"#;
                let refusal = build(route, input(path, "", body, Some(KEY))).unwrap_err();
                assert_eq!(
                    status::violations(&refusal)[0].reason,
                    "IDEMPOTENCY_KEY_DIFFERS"
                );
            },
        );
    }

    #[test]
    fn a_bytes_body_is_taken_as_it_is() {
        with_route(Method::POST, "/v1/schoolImports:upload", |route, path| {
            let mut http = input(path, "fileName=a.xlsx", b"PK\x03\x04\xff", Some(KEY));
            http.json = false;
            let message = build(route, http).unwrap();
            let message = UploadSchoolImportRequest::decode(message.as_slice()).unwrap();
            assert_eq!(message.content, b"PK\x03\x04\xff");
            assert_eq!(message.file_name, "a.xlsx");
        });
    }
}
