//! How long a call may take: header `grpc-timeout` in.

use std::time::{Duration, Instant};

use http::HeaderMap;
use tonic::{Code, Status};

use crate::status::Refusal;

/// Name of the header.
pub(crate) const GRPC_TIMEOUT: &str = "grpc-timeout";

/// tonic's own server timer starts earlier and answers without details; ours has
/// to fire first.
const MARGIN: Duration = Duration::from_millis(2);

/// Limits on deadlines.
#[derive(Debug, Clone, Copy)]
pub(super) struct DeadlineRules {
    pub default: Duration,
    pub longest: Duration,
}

/// The deadline of a unary call. Streams have none of ours: they live until
/// either side ends them.
pub(super) fn of_call(
    headers: &HeaderMap,
    unary: bool,
    rules: DeadlineRules,
) -> Result<Option<Instant>, Status> {
    if !unary {
        return Ok(None);
    }
    let Some(value) = headers.get(GRPC_TIMEOUT) else {
        return Ok(Some(Instant::now() + rules.default));
    };
    let asked = value.to_str().ok().and_then(parse).ok_or_else(|| {
        Status::from(Refusal::new(
            Code::InvalidArgument,
            "DEADLINE_MALFORMED",
            "Заголовок grpc-timeout записан неверно",
        ))
    })?;
    if asked > rules.longest {
        return Err(Refusal::new(
            Code::InvalidArgument,
            "DEADLINE_TOO_LONG",
            "Время ожидания больше допустимого",
        )
        .with("longest_ms", rules.longest.as_millis())
        .into());
    }
    let margin = MARGIN.min(asked / 10);
    Ok(Some(Instant::now() + asked - margin))
}

/// Reads at most eight digits and a unit (gRPC over HTTP/2, "Timeout").
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(n * 3600)),
        "M" => Some(Duration::from_secs(n * 60)),
        "S" => Some(Duration::from_secs(n)),
        "m" => Some(Duration::from_millis(n)),
        "u" => Some(Duration::from_micros(n)),
        "n" => Some(Duration::from_nanos(n)),
        _ => None,
    }
}

/// Writes a duration in the finest unit that fits eight digits.
pub(crate) fn format(d: Duration) -> String {
    let micros = d.as_micros();
    if micros < 100_000_000 {
        format!("{micros}u")
    } else if d.as_millis() < 100_000_000 {
        format!("{}m", d.as_millis())
    } else {
        format!("{}S", d.as_secs().min(99_999_999))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: DeadlineRules = DeadlineRules {
        default: Duration::from_secs(30),
        longest: Duration::from_secs(60),
    };

    fn with(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(GRPC_TIMEOUT, http::HeaderValue::from_static(value));
        headers
    }

    fn left(headers: &HeaderMap) -> Duration {
        let end = of_call(headers, true, RULES).unwrap().unwrap();
        end.saturating_duration_since(Instant::now())
    }

    #[test]
    fn timeouts_of_every_unit_are_read() {
        for (text, wanted) in [
            ("1H", Duration::from_secs(3600)),
            ("2M", Duration::from_secs(120)),
            ("3S", Duration::from_secs(3)),
            ("250m", Duration::from_millis(250)),
            ("7u", Duration::from_micros(7)),
            ("99999999n", Duration::from_nanos(99_999_999)),
        ] {
            assert_eq!(parse(text), Some(wanted), "{text}");
        }
        for bad in ["", "S", "1", "1s", "-1S", "1.5S", "999999999S", " 1S", "٣S"] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for d in [
            Duration::ZERO,
            Duration::from_micros(1),
            Duration::from_millis(9_995),
            Duration::from_secs(60),
            Duration::from_secs(86_400),
        ] {
            assert_eq!(parse(&format(d)), Some(d));
        }
    }

    #[test]
    fn a_call_without_a_deadline_gets_the_default() {
        let left = left(&HeaderMap::new());
        assert!(
            left > Duration::from_secs(29) && left <= Duration::from_secs(30),
            "{left:?}"
        );
    }

    #[test]
    fn the_callers_deadline_is_kept() {
        let left = left(&with("500m"));
        assert!(left <= Duration::from_millis(498) && left > Duration::from_millis(400));
    }

    #[test]
    fn more_than_a_minute_is_refused() {
        assert!(of_call(&with("60S"), true, RULES).is_ok());
        let status = of_call(&with("61S"), true, RULES).unwrap_err();
        assert_eq!(crate::status::reason(&status), "DEADLINE_TOO_LONG");
    }

    #[test]
    fn a_malformed_deadline_is_refused_and_a_stream_has_none() {
        let status = of_call(&with("soon"), true, RULES).unwrap_err();
        assert_eq!(crate::status::reason(&status), "DEADLINE_MALFORMED");
        assert_eq!(of_call(&with("soon"), false, RULES).unwrap(), None);
    }
}
