//! Protobuf answer → HTTP answer: canonical ProtoJSON, entity tags, files.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use prost::Message;
use sha2::{Digest, Sha256};
use tonic::Status;
use zhurnal_proto::google::api::HttpBody;

use super::route::Route;
use super::to_json::{Encoded, Unreadable};

/// iCalendar (RFC 5545).
const CALENDAR: &str = "text/calendar";

/// Builds the HTTP answer of a successful call; 304 when the client holds it already.
pub fn build(route: &Route, answer: Bytes, request: &HeaderMap) -> Result<Response<Bytes>, Status> {
    let Some(layout) = &route.answer else {
        return file(answer, request);
    };
    let message = Encoded::new(layout, &answer);
    let etag = entity_tag(message).map_err(|e| {
        chassis::status::internal(anyhow::anyhow!(
            "{}: undecodable answer: {e}",
            route.grpc_path
        ))
    })?;
    if holds(request, etag.as_deref()) {
        return Ok(unchanged(etag));
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

/// A file as its bytes, with a tag made of them; 304 when the client holds it already.
fn file(answer: Bytes, request: &HeaderMap) -> Result<Response<Bytes>, Status> {
    let body = HttpBody::decode(answer)
        .map_err(|e| chassis::status::internal(anyhow::anyhow!("undecodable file: {e}")))?;
    // Weak: on its way the answer may be compressed.
    let hash = Sha256::digest(&body.data);
    let etag = Some(format!("W/\"{}\"", hex::encode(&hash[..16])));
    let mut response = if holds(request, etag.as_deref()) {
        unchanged(etag)
    } else {
        with_tag(Response::new(Bytes::from(body.data)), StatusCode::OK, etag)
    };
    let kind = HeaderValue::from_str(&body.content_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let name = match body.content_type.split(';').next().unwrap_or_default() {
        "application/pdf" => "attachment; filename=\"report.pdf\"",
        "text/csv" => "attachment; filename=\"report.csv\"",
        CALENDAR => "attachment; filename=\"calendar.ics\"",
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
    // A calendar is asked for again and again, by a program that may keep it; other files
    // are kept by nobody.
    if body.content_type.starts_with(CALENDAR) {
        let kept = HeaderValue::from_static("private, max-age=900");
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
    }
    Ok(response)
}

/// Whether the client says that it holds what has the tag.
fn holds(request: &HeaderMap, tag: Option<&str>) -> bool {
    let known = request.get(header::IF_NONE_MATCH);
    let known = known.and_then(|v| v.to_str().ok());
    known.zip(tag).is_some_and(|(known, tag)| names(known, tag))
}

fn unchanged(etag: Option<String>) -> Response<Bytes> {
    let empty = Response::new(Bytes::new());
    with_tag(empty, StatusCode::NOT_MODIFIED, etag)
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

    #[test]
    fn a_calendar_has_a_tag_of_its_bytes_and_may_be_kept_by_its_reader() {
        let path = "/v1/schools/sch_1/calendarFeeds/secret/calendar.ics";
        let body = HttpBody {
            content_type: "text/calendar; charset=utf-8".into(),
            data: b"BEGIN:VCALENDAR".to_vec(),
        };
        let first = answer(path, &body, None);
        assert_eq!(
            first.headers()[header::CONTENT_TYPE],
            "text/calendar; charset=utf-8"
        );
        assert_eq!(
            first.headers()[header::CACHE_CONTROL],
            "private, max-age=900"
        );
        let tag = first.headers()[header::ETAG].to_str().unwrap();
        let second = answer(path, &body, Some(tag));
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert!(second.body().is_empty());
        assert_eq!(second.headers()[header::ETAG], tag);
        let changed = HttpBody {
            data: b"BEGIN:VCALENDAR\r\n".to_vec(),
            ..body
        };
        assert_eq!(answer(path, &changed, Some(tag)).status(), StatusCode::OK);
    }
}
