//! HTTP request → protobuf request: body, path, query, headers, in this order;
//! later ones win, unknown names are refused.

use chassis::status;
use prost_reflect::{
    DeserializeOptions, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage,
    Value,
};
use tonic::Status;

use super::route::{Body, Route};

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

/// Builds the request message of a route.
pub fn build(route: &Route, http: HttpInput<'_>) -> Result<DynamicMessage, Status> {
    let mut message = body(route, &http)?;
    for (name, value) in form_urlencoded(http.query)? {
        let field = field_by_any_name(&route.input, &name)
            .ok_or_else(|| bad_field(&name, "UNKNOWN_FIELD", "неизвестный параметр запроса"))?;
        set(&mut message, &field, &name, &value)?;
    }
    for (name, value) in &http.path {
        if let Some(field) = route.input.get_field_by_name(name) {
            set(&mut message, &field, field.json_name(), value)?;
        }
    }
    header(
        &mut message,
        "request_id",
        http.idempotency_key,
        "IDEMPOTENCY_KEY_DIFFERS",
    )?;
    header(&mut message, "etag", http.if_match, "IF_MATCH_DIFFERS")?;
    if route.needs_idempotency_key() && text(&message, "request_id").is_empty() {
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

fn body(route: &Route, http: &HttpInput<'_>) -> Result<DynamicMessage, Status> {
    match &route.body {
        Body::None if http.body.is_empty() => Ok(DynamicMessage::new(route.input.clone())),
        Body::None => Err(bad_field(
            "body",
            "UNEXPECTED_BODY",
            "у этого запроса не бывает тела",
        )),
        Body::Whole if http.body.is_empty() => Ok(DynamicMessage::new(route.input.clone())),
        Body::Whole if !http.json => Err(bad_field(
            "Content-Type",
            "NOT_JSON",
            "ожидается application/json",
        )),
        Body::Whole => parse_json(route.input.clone(), http.body),
        Body::Field(field) if field.kind() == Kind::Bytes => {
            let mut message = DynamicMessage::new(route.input.clone());
            message.set_field(field, Value::Bytes(http.body.to_vec().into()));
            Ok(message)
        }
        Body::Field(field) => {
            let mut message = DynamicMessage::new(route.input.clone());
            if let Kind::Message(inner) = field.kind() {
                message.set_field(field, Value::Message(parse_json(inner, http.body)?));
            }
            Ok(message)
        }
    }
}

fn parse_json(descriptor: MessageDescriptor, body: &[u8]) -> Result<DynamicMessage, Status> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let message = DynamicMessage::deserialize_with_options(descriptor, &mut json, &options)
        .and_then(|m| json.end().map(|()| m))
        .map_err(|e| {
            bad_field(
                "body",
                "INVALID_JSON",
                format!("тело запроса не разобрано: {e}"),
            )
        })?;
    Ok(message)
}

fn header(
    message: &mut DynamicMessage,
    name: &str,
    value: Option<&str>,
    reason: &'static str,
) -> Result<(), Status> {
    let Some(value) = value else { return Ok(()) };
    let Some(field) = message.descriptor().get_field_by_name(name) else {
        return Ok(());
    };
    let given = text(message, name);
    if !given.is_empty() && given != value {
        return Err(bad_field(
            field.json_name(),
            reason,
            "заголовок и поле тела различаются",
        ));
    }
    message.set_field(&field, Value::String(value.to_owned()));
    Ok(())
}

fn text(message: &DynamicMessage, name: &str) -> String {
    message
        .get_field_by_name(name)
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn field_by_any_name(message: &MessageDescriptor, name: &str) -> Option<FieldDescriptor> {
    message
        .get_field_by_json_name(name)
        .or_else(|| message.get_field_by_name(name))
}

fn set(
    message: &mut DynamicMessage,
    field: &FieldDescriptor,
    name: &str,
    text: &str,
) -> Result<(), Status> {
    let value = scalar(&field.kind(), text)
        .ok_or_else(|| bad_field(name, "INVALID_VALUE", "значение не того вида"))?;
    if field.is_list() {
        if let Value::List(items) = message.get_field_mut(field) {
            items.push(value);
        }
    } else if field.is_map() {
        return Err(bad_field(name, "INVALID_VALUE", "значение не того вида"));
    } else {
        message.set_field(field, value);
    }
    Ok(())
}

fn scalar(kind: &Kind, text: &str) -> Option<Value> {
    Some(match kind {
        Kind::String => Value::String(text.to_owned()),
        Kind::Bool => Value::Bool(text.parse().ok()?),
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => Value::I32(text.parse().ok()?),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => Value::I64(text.parse().ok()?),
        Kind::Uint32 | Kind::Fixed32 => Value::U32(text.parse().ok()?),
        Kind::Uint64 | Kind::Fixed64 => Value::U64(text.parse().ok()?),
        Kind::Enum(e) => Value::EnumNumber(match text.parse::<i32>() {
            Ok(number) => number,
            Err(_) => e.get_value_by_name(text)?.number(),
        }),
        _ => return None,
    })
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
            assert_eq!(text(&message, "school_id"), "sch_1");
            assert_eq!(text(&message, "class_id"), "cls_2");
            assert_eq!(text(&message, "search"), "Ёж");
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
                assert_eq!(text(&message, "school_id"), "sch_1");
                assert_eq!(text(&message, "request_id"), KEY);
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
                assert_eq!(status::violations(&refusal)[0].reason, "INVALID_JSON");
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
            let content = message.get_field_by_name("content").unwrap().into_owned();
            assert_eq!(content.as_bytes().unwrap().as_ref(), b"PK\x03\x04\xff");
        });
    }
}
