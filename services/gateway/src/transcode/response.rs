//! Protobuf answer → HTTP answer: canonical ProtoJSON, entity tags, files.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use prost::Message;
use tonic::Status;
use zhurnal_proto::google::api::HttpBody;

use super::route::Route;
use super::to_json::{Encoded, Unreadable};

/// Builds the HTTP answer of a successful call; 304 when the client holds it already.
pub fn build(route: &Route, answer: Bytes, request: &HeaderMap) -> Result<Response<Bytes>, Status> {
    let Some(layout) = &route.answer else {
        return file(answer);
    };
    let message = Encoded::new(layout, &answer);
    let etag = entity_tag(message).map_err(|e| {
        chassis::status::internal(anyhow::anyhow!(
            "{}: undecodable answer: {e}",
            route.grpc_path
        ))
    })?;
    if let Some(tag) = &etag
        && request
            .get(header::IF_NONE_MATCH)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|known| names(known, tag))
    {
        return Ok(with_tag(
            Response::new(Bytes::new()),
            StatusCode::NOT_MODIFIED,
            etag,
        ));
    }
    let json = serde_json::to_vec(&message).map_err(|e| {
        chassis::status::internal(anyhow::anyhow!(
            "{}: answer is not JSON: {e}",
            route.grpc_path
        ))
    })?;
    let mut response = with_tag(Response::new(Bytes::from(json)), StatusCode::OK, etag);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    Ok(response)
}

fn file(answer: Bytes) -> Result<Response<Bytes>, Status> {
    let body = HttpBody::decode(answer)
        .map_err(|e| chassis::status::internal(anyhow::anyhow!("undecodable file: {e}")))?;
    let mut response = Response::new(Bytes::from(body.data));
    let kind = HeaderValue::from_str(&body.content_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let name = match body.content_type.split(';').next().unwrap_or_default() {
        "application/pdf" => "attachment; filename=\"report.pdf\"",
        "text/csv" => "attachment; filename=\"report.csv\"",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => {
            "attachment; filename=\"report.xlsx\""
        }
        "application/zip" => "attachment; filename=\"export.zip\"",
        _ => "attachment",
    };
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, HeaderValue::from_static(name));
    Ok(response)
}

/// `etag` or `revision` of the answer's only message field. A `revision` stands
/// for a composed page, so its tag is weak (RFC 9110 8.8.1).
fn entity_tag(message: Encoded<'_>) -> Result<Option<String>, Unreadable> {
    let Some(inner) = message.first_message()? else {
        return Ok(None);
    };
    for (name, weak) in [("etag", ""), ("revision", "W/")] {
        let text = inner.text(name)?.unwrap_or_default();
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"') {
            return Ok(Some(format!("{weak}\"{text}\"")));
        }
    }
    Ok(None)
}

/// Weak comparison of a tag with an `If-None-Match` list.
fn names(list: &str, tag: &str) -> bool {
    let bare = |t: &str| t.trim().trim_start_matches("W/").to_owned();
    list.trim() == "*" || list.split(',').any(|known| bare(known) == bare(tag))
}

fn with_tag(
    mut response: Response<Bytes>,
    status: StatusCode,
    etag: Option<String>,
) -> Response<Bytes> {
    *response.status_mut() = status;
    if let Some(value) = etag.and_then(|t| HeaderValue::from_str(&t).ok()) {
        response.headers_mut().insert(header::ETAG, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transcode::route::{Matched, Routes};
    use http::Method;
    use zhurnal_proto::grading::v1::{DiaryWeek, GetDiaryWeekResponse};

    fn answer(path: &str, message: &impl Message, known: Option<&str>) -> Response<Bytes> {
        let routes = Routes::from_pool(zhurnal_proto::descriptor_pool()).unwrap();
        let Matched::Route(route, _) = routes.find(&Method::GET, path) else {
            panic!("{path}")
        };
        let mut headers = HeaderMap::new();
        if let Some(tag) = known {
            headers.insert(header::IF_NONE_MATCH, tag.parse().unwrap());
        }
        build(route, message.encode_to_vec().into(), &headers).unwrap()
    }

    #[test]
    fn a_revision_becomes_a_weak_tag_and_saves_the_second_answer() {
        let week = GetDiaryWeekResponse {
            week: Some(DiaryWeek {
                monday: "2026-11-16".into(),
                revision: "e1.5".into(),
                ..Default::default()
            }),
        };
        let first = answer("/v1/pupils/per_1/diaryWeek", &week, None);
        assert_eq!(first.headers()[header::ETAG], "W/\"e1.5\"");
        assert_eq!(
            first.body(),
            r#"{"week":{"monday":"2026-11-16","revision":"e1.5"}}"#
        );
        let second = answer(
            "/v1/pupils/per_1/diaryWeek",
            &week,
            Some("\"x\", W/\"e1.5\""),
        );
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert!(second.body().is_empty());
    }

    #[test]
    fn a_file_leaves_as_its_bytes_and_is_never_shown_inline() {
        let path = "/v1/schools/sch_1/reportJobs/job_1:download";
        let body = HttpBody {
            content_type: "application/pdf".into(),
            data: b"%PDF".to_vec(),
        };
        let response = answer(path, &body, None);
        assert_eq!(response.body().as_ref(), b"%PDF");
        assert!(
            response.headers()[header::CONTENT_DISPOSITION]
                .to_str()
                .unwrap()
                .starts_with("attachment")
        );
    }
}
