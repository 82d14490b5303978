//! OpenAPI 3.1 of every route, written from the same descriptor set that the
//! transcoder runs on, so that the two cannot differ.

mod comments;
mod schema;

use prost_reflect::DescriptorPool;
use serde_json::{Map, Value as Json, json};

use crate::transcode::route::{Body, Route, Routes};
use comments::Comments;
use schema::Schemas;

/// The whole document.
pub fn document(routes: &Routes, pool: &DescriptorPool, encoded: &[u8]) -> Json {
    let comments = Comments::read(encoded);
    let mut schemas = Schemas::new(
        &comments,
        pool.get_extension_by_name("zhurnal.validate.v1.field"),
    );
    let mut paths: Map<String, Json> = Map::new();
    for route in routes.iter() {
        let path = route.template.openapi(|name| json_name(route, name));
        let operation = operation(route, &comments, &mut schemas);
        let method = route.http_method.as_str().to_ascii_lowercase();
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[method] = operation;
    }
    let mut components: Map<String, Json> = schemas.finish().into_iter().collect();
    components.insert("Problem".into(), problem_schema());
    let mut sorted: Vec<_> = paths.into_iter().collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Журнал",
            "version": "1",
            "description": "Электронный журнал и дневник: HTTP/JSON-представление gRPC-контракта zhurnal.*.v1.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}, {"session": []}],
        "paths": sorted.into_iter().collect::<Map<_, _>>(),
        "components": {
            "schemas": components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-sid"}
            }
        }
    })
}

fn operation(route: &Route, comments: &Comments, schemas: &mut Schemas<'_>) -> Json {
    let mut parameters = Vec::new();
    let path_fields: Vec<&str> = route.template.variables().collect();
    for field in route.input.fields() {
        let in_path = path_fields.contains(&field.name());
        let whole_body = matches!(route.body, Body::Whole);
        let is_body_field = matches!(&route.body, Body::File(f) if f.name() == field.name());
        let from_header = matches!(field.name(), "request_id" | "etag") && !in_path;
        if is_body_field
            || (whole_body && !in_path)
            || (from_header && !matches!(route.body, Body::None))
        {
            continue;
        }
        let mut schema = schemas.field(&field);
        let description = comments.of_field(&field).map(str::to_owned);
        if let Some(object) = schema.as_object_mut() {
            object.remove("description");
            if in_path && let Some(Json::String(pattern)) = object.get_mut("pattern") {
                *pattern = pattern.replace("^(", "^").replace(")?$", "$");
            }
        }
        parameters.push(json!({
            "name": field.json_name(),
            "in": if in_path { "path" } else { "query" },
            "required": in_path || schemas.is_required(&field),
            "description": description.unwrap_or_default(),
            "schema": schema
        }));
    }
    if route.needs_idempotency_key() {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "UUID; the same key with the same body replays the first answer for 30 days.",
            "schema": {"type": "string", "format": "uuid"}
        }));
    }
    let comment = comments.of(route.method.full_name()).unwrap_or_default();
    let mut operation = json!({
        "operationId": format!("{}_{}", route.service, route.method.name()),
        "tags": [route.service],
        "summary": comment.split(". ").next().unwrap_or_default().trim_end_matches('.'),
        "description": comment,
        "parameters": parameters,
        "responses": {
            "200": success(route, schemas),
            "default": {
                "description": "Refused; see `code`.",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            }
        }
    });
    match &route.body {
        Body::None => {}
        Body::Whole => {
            let schema = body_schema(route, &path_fields, schemas);
            operation["requestBody"] =
                json!({"required": true, "content": {"application/json": {"schema": schema}}});
        }
        Body::File(_) => {
            operation["requestBody"] = json!({
                "required": true,
                "content": {"application/octet-stream": {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}}
            });
        }
    }
    if matches!(route.method.input().full_name(), n if n.ends_with("LogInRequest") || n.ends_with("RegisterRequest") || n.ends_with("PreviewInvitationRequest") || n.ends_with("ExchangeSessionRequest") || n.ends_with("GetJwksRequest"))
    {
        operation["security"] = json!([]);
    }
    operation
}

/// The request without what comes from the path and the headers.
fn body_schema(route: &Route, path_fields: &[&str], schemas: &mut Schemas<'_>) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in route.input.fields() {
        if path_fields.contains(&field.name()) || field.name() == "request_id" {
            continue;
        }
        properties.insert(field.json_name().to_owned(), schemas.field(&field));
        if schemas.is_required(&field) {
            required.push(field.json_name().to_owned());
        }
    }
    let mut schema =
        json!({"type": "object", "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}

fn success(route: &Route, schemas: &mut Schemas<'_>) -> Json {
    if route.answer.is_none() {
        return json!({"description": "The file.", "content": {"application/octet-stream": {"schema": {"type": "string", "contentMediaType": "application/octet-stream"}}}});
    }
    let schema = schemas.message(&route.output);
    json!({"description": "Done.", "content": {"application/json": {"schema": schema}}})
}

fn json_name(route: &Route, name: &str) -> String {
    route
        .input
        .get_field_by_name(name)
        .map_or_else(|| name.to_owned(), |f| f.json_name().to_owned())
}

fn problem_schema() -> Json {
    json!({
        "type": "object",
        "description": "RFC 9457 problem.",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": {"type": "string", "description": "Address of the page that explains the reason."},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string", "description": "Stable reason, UPPER_SNAKE."},
            "domain": {"type": "string"},
            "errors": {"type": "array", "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "rule": {"type": "string"}, "message": {"type": "string"}}
            }},
            "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
            "traceId": {"type": "string"},
            "retryAfterMs": {"type": "integer"}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Json {
        let pool = zhurnal_proto::descriptor_pool();
        document(
            &Routes::from_pool(pool).unwrap(),
            pool,
            zhurnal_proto::FILE_DESCRIPTOR_SET,
        )
    }

    #[test]
    fn every_route_is_documented_with_summary_and_answer() {
        let spec = spec();
        let mut operations = 0;
        for (path, methods) in spec["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                operations += 1;
                assert!(
                    !operation["summary"].as_str().unwrap().is_empty(),
                    "{method} {path}"
                );
                assert!(operation["responses"]["200"].is_object(), "{method} {path}");
            }
        }
        assert_eq!(
            operations,
            Routes::from_pool(zhurnal_proto::descriptor_pool())
                .unwrap()
                .iter()
                .count()
        );
    }

    #[test]
    fn every_reference_leads_somewhere() {
        fn walk<'a>(value: &'a Json, found: &mut Vec<&'a str>) {
            match value {
                Json::Object(map) => map.iter().for_each(|(k, v)| match v.as_str() {
                    Some(text) if k == "$ref" => found.push(text),
                    _ => walk(v, found),
                }),
                Json::Array(items) => items.iter().for_each(|v| walk(v, found)),
                _ => {}
            }
        }
        let spec = spec();
        let mut found = Vec::new();
        walk(&spec, &mut found);
        for reference in found {
            let name = reference.strip_prefix("#/components/schemas/").unwrap();
            assert!(
                spec["components"]["schemas"][name].is_object(),
                "{reference}"
            );
        }
    }

    #[test]
    fn constraints_of_the_proto_stand_in_the_schema() {
        let spec = spec();
        let operation =
            &spec["paths"]["/v1/schools/{schoolId}/journals/{journalId}/marks:batchSet"]["post"];
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(body["properties"]["operations"]["maxItems"], 200);
        assert_eq!(body["required"], json!(["operations"]));
        assert_eq!(
            operation["parameters"][0]["schema"]["pattern"],
            "^sch_[0-9a-f]{32}$"
        );
    }
}
