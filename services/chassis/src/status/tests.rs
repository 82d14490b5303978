//! What statuses look like to a client.

use super::*;

#[test]
fn every_helper_carries_error_info_and_a_russian_message() {
    let second = Duration::from_secs(1);
    let all = [
        invalid([violation("name", "REQUIRED", "Укажите имя")]),
        not_found("class"),
        denied("roster.classes.list"),
        unauthenticated("TOKEN_MISSING"),
        conflict("X", "х"),
        precondition("X", "х"),
        stale_etag("7"),
        already_exists("X", "х"),
        overloaded(second),
        unavailable("X", second),
        deadline_exceeded(),
        out_of_range("CURSOR_EXPIRED", "х"),
        unimplemented("/a/b"),
        internal(anyhow::anyhow!("boom")),
    ];
    for status in all {
        let info = error_info(&status).unwrap_or_else(|| panic!("{status:?} without ErrorInfo"));
        assert!(!info.reason.is_empty());
        assert_eq!(info.domain, "zhurnal");
        let text = status.get_details_localized_message().unwrap();
        assert_eq!(text.locale, "ru");
        assert_eq!(text.message, status.message());
    }
}

#[test]
fn all_violations_are_listed_with_their_rules() {
    let status = invalid([
        violation("surname", "REQUIRED", "Укажите фамилию"),
        violation("birth_date", "FORMAT_DATE", "Дата в виде ГГГГ-ММ-ДД"),
    ]);
    assert_eq!(status.code(), Code::InvalidArgument);
    let fields = violations(&status);
    assert_eq!(fields.len(), 2);
    assert_eq!(fields[1].field, "birth_date");
    assert_eq!(fields[1].reason, "FORMAT_DATE");
}

#[test]
fn not_found_is_the_same_for_every_kind() {
    let (a, b) = (not_found("class"), not_found("journal"));
    assert_eq!(a.code(), b.code());
    assert_eq!(a.message(), b.message());
    assert_eq!(a.details(), b.details());
}

#[test]
fn an_internal_error_hides_its_cause() {
    let status = internal(anyhow::anyhow!("password=hunter2"));
    assert_eq!(status.code(), Code::Internal);
    assert!(!format!("{status:?}").contains("hunter2"));
}

#[tokio::test]
async fn the_domain_names_the_service_of_the_call() {
    let context = crate::context::CallContext {
        service: "grading",
        deadline: None,
        trace: crate::telemetry::TraceParent::random(),
        keeps_tokens: false,
    };
    let status = crate::context::scope(context, async { not_found("mark") }).await;
    assert_eq!(error_info(&status).unwrap().domain, "zhurnal.grading");
}

#[test]
fn overload_says_when_to_come_back() {
    let status = overloaded(Duration::from_millis(250));
    assert_eq!(status.code(), Code::ResourceExhausted);
    assert_eq!(reason(&status), "OVERLOADED");
    assert_eq!(retry_delay(&status), Some(Duration::from_millis(250)));
}

#[test]
fn a_thousand_violations_still_fit_the_trailers() {
    let many = (0..1_000).map(|n| {
        violation(
            format!("operations[{n}].setMark.value"),
            "REQUIRED",
            "поле обязательно",
        )
    });
    let status = invalid(many);
    let told = violations(&status);
    assert!(told.len() >= 10, "{}", told.len());
    assert_eq!(told[0].field, "operations[0].setMark.value");
    assert!(status.details().len() < 6_000, "{}", status.details().len());
    let long = violation("f", "TOO_LONG", "я".repeat(10_000));
    assert_eq!(violations(&invalid([long])).len(), 1, "one is always told");
}
