//! Who may act, who looked, and other ministry systems, through the gateway.

use std::time::{Duration, Instant};

use roster_client::RosterServiceClient;
use serde_json::{Value, json};
use zhurnal_proto::grading::v1::GetDiaryWeekRequest;
use zhurnal_proto::grading::v1::grading_service_client::GradingServiceClient;
use zhurnal_proto::roster::v1::{
    ListClassesRequest, WatchRosterEventsRequest, roster_service_client as roster_client,
};

use super::browser::Browser;
use super::school::{School, until};
use super::town::Town;

/// `path` demands a fresh proof, and the last one is long ago.
pub async fn a_proof_is_asked_and_changes_the_secret(by: &Browser, path: &str) {
    let refused = by.get(path).await;
    assert_eq!(refused.status, 403, "{}", refused.body);
    assert_eq!(refused.body["code"], "STEP_UP_REQUIRED");
    assert_eq!(refused.body["metadata"]["method"], "PASSWORD");
    let stolen = by.copied();
    stolen.get("/v1/me").await.ok();
    by.step_up().await;
    by.get("/v1/me").await.ok();
    until("the secret of before is over", async || {
        (stolen.get("/v1/me").await.status == 401).then_some(())
    })
    .await;
}

pub async fn the_family_sees_who_looked(school: &School) {
    let log = format!("/v1/pupils/{}/looks", school.maria);
    let report = until("the looks of the day", async || {
        let answer = school.mother.get(&log).await.ok();
        let looks = answer["looks"].as_array()?.clone();
        looks
            .into_iter()
            .find(|look| look["record"] == "LOOK_RECORD_REPORT")
    })
    .await;
    assert_eq!(report["name"]["surname"], "Завучева", "{report}");
    assert_eq!(report["purpose"], "LOOK_PURPOSE_CONTROL");
    assert_eq!(report["subject"], "LOOK_SUBJECT_CLASS");
    assert_eq!(report["classTitle"], "5-А");
    let all = school.mother.get(&log).await.ok();
    let teaching = |look: &Value| {
        look["record"] == "LOOK_RECORD_JOURNAL" && look["purpose"] == "LOOK_PURPOSE_TEACHING"
    };
    assert!(
        all["looks"].as_array().unwrap().iter().any(teaching),
        "{all}"
    );
    let other = format!("/v1/pupils/{}/looks", school.pyotr);
    assert_eq!(school.mother.get(&other).await.refused().0, 404);
    assert_eq!(school.gonchar.get(&log).await.refused().0, 403);
    let whole = school.director.get(&school.path("looks")).await.ok();
    assert!(!whole["looks"].as_array().unwrap().is_empty());
    assert_eq!(
        school.deputy.get(&school.path("looks")).await.refused().0,
        403
    );
}

pub async fn another_system_reads_what_it_may_until_it_is_revoked(town: &Town, school: &School) {
    school.chief.step_up().await;
    let body = json!({
        "title": "Региональный сегмент", "scopes": ["roster.read", "roster.events"],
        "schoolIds": [school.id], "endsOn": "2027-08-31", "ratePerMinute": 600,
    });
    let made = school.chief.post("/v1/serviceClients:register", body).await;
    let made = made.ok();
    let id = made["client"]["clientId"].as_str().unwrap();
    let secret = made["clientSecret"].as_str().unwrap();

    let http = reqwest::Client::new();
    let base = format!("http://{}", town.http);
    let metadata: Value = {
        let path = format!("{base}/.well-known/oauth-authorization-server");
        http.get(path).send().await.unwrap().json().await.unwrap()
    };
    assert_eq!(metadata["issuer"], base);
    let endpoint = metadata["token_endpoint"].as_str().unwrap();
    let keys = metadata["jwks_uri"].as_str().unwrap();
    let keys: Value = http.get(keys).send().await.unwrap().json().await.unwrap();
    assert_eq!(keys["keys"][0]["crv"], "Ed25519");

    let ask = async |secret: &str, form: &str| {
        let request = http
            .post(endpoint)
            .basic_auth(id, Some(secret))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned());
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let body: Value = response.json().await.unwrap();
        (status, headers, body)
    };
    let (status, headers, issued) = ask(secret, "grant_type=client_credentials").await;
    assert_eq!(status, 200, "{issued}");
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(issued["token_type"], "Bearer");
    assert_eq!(issued["scope"], "roster.read roster.events");
    let (status, headers, wrong) = ask("wrong", "grant_type=client_credentials").await;
    assert_eq!((status, &wrong["error"]), (401, &json!("invalid_client")));
    assert!(headers.contains_key("www-authenticate"));
    for (form, error) in [
        ("grant_type=password", "unsupported_grant_type"),
        ("scope=roster.read", "invalid_request"),
        (
            "grant_type=client_credentials&scope=grading.events",
            "invalid_scope",
        ),
    ] {
        let (status, _, body) = ask(secret, form).await;
        assert_eq!((status, &body["error"]), (400, &json!(error)), "{form}");
    }

    let token = issued["access_token"].as_str().unwrap().to_owned();
    let read = async |path: String| {
        let request = http.get(format!("{base}{path}")).bearer_auth(&token);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(read(school.path("classes")).await, 200);
    let other = format!("/v1/schools/sch_{}/classes", "0".repeat(31) + "1");
    assert_eq!(read(other).await, 403, "another school");
    assert_eq!(read(school.path("pupils")).await, 403, "no people");
    assert_eq!(read("/v1/serviceClients".to_owned()).await, 403);
    over_grpc(town, school, &token).await;

    let revoke = format!("/v1/serviceClients/{id}:revoke");
    school.chief.post(&revoke, json!({})).await.ok();
    let ended = Instant::now();
    until("the token is refused", async || {
        (read(school.path("classes")).await == 401).then_some(())
    })
    .await;
    let within = ended.elapsed();
    assert!(within < Duration::from_secs(5), "{within:?}");
    let (status, _, body) = ask(secret, "grant_type=client_credentials").await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
}

/// The same token straight at a service.
async fn over_grpc(town: &Town, school: &School, token: &str) {
    let running = town.host_of("roster");
    let channel = running.peers("gateway").channel("roster");
    let mut roster = RosterServiceClient::new(channel.with_bearer(token).unwrap());
    let classes = ListClassesRequest {
        school_id: school.id.clone(),
        ..Default::default()
    };
    let classes = roster.list_classes(classes).await.unwrap().into_inner();
    assert!(!classes.classes.is_empty());
    let request = WatchRosterEventsRequest::default();
    let mut feed = roster
        .watch_roster_events(request)
        .await
        .unwrap()
        .into_inner();
    let first = feed.message().await.unwrap().expect("an event");
    assert!(!first.cursor.is_empty());
    let running = town.host_of("grading");
    let channel = running.peers("gateway").channel("grading");
    let mut grading = GradingServiceClient::new(channel.with_bearer(token).unwrap());
    let diary = GetDiaryWeekRequest {
        pupil_id: school.maria.clone(),
        ..Default::default()
    };
    let refused = grading.get_diary_week(diary).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::PermissionDenied);
}
