//! Safe accounts through the gateway: sessions that end, the second step, lost passwords.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::browser::Browser;
use super::school::{School, until};
use super::town::Town;

const PASSWORD: &str = "три синих чайника";
const NEW: &str = "четыре жёлтых зонта";

async fn log_in(town: &Town, login: &str, password: &str) -> Browser {
    let mut browser = Browser::new(town.http);
    let body = json!({"login": login, "password": password});
    browser.enter("/session/logIn", body).await;
    browser
}

async fn is_refused(browser: &Browser, path: &str) -> bool {
    browser.get(path).await.status == 401
}

pub async fn an_ended_session_is_refused_within_five_seconds(town: &Town, school: &School) {
    let lost = log_in(town, "mother", PASSWORD).await;
    // Every service and the gateway's memory of the session are warm.
    let diary = format!("/v1/pupils/{}/diaryWeek", school.maria);
    let paths = ["/v1/me", "/v1/me/notices", &diary];
    for path in paths {
        lost.get(path).await.ok();
    }
    let own = school.mother.get("/v1/me/sessions").await.ok();
    let sessions = own["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{own}");
    let other = sessions.iter().find(|s| s["current"] != true).unwrap();
    let id = other["sessionId"].as_str().unwrap();
    let path = format!("/v1/me/sessions/{id}:end");
    school.mother.post(&path, json!({})).await.ok();
    let ended = Instant::now();
    for path in paths {
        until("the ended session is refused", async || {
            is_refused(&lost, path).await.then_some(())
        })
        .await;
    }
    assert!(
        ended.elapsed() < Duration::from_secs(5),
        "{:?}",
        ended.elapsed()
    );
    school.mother.get(&diary).await.ok();
}

pub async fn a_second_factor_guards_the_way_in(town: &Town, school: &School, now: Timestamp) {
    let mother = &school.mother;
    let password = json!({"password": PASSWORD});
    let begun = mother
        .post("/v1/me/secondFactor:begin", password)
        .await
        .ok();
    let application = totp_rs::Totp::from_url(begun["otpauthUri"].as_str().unwrap()).unwrap();
    let code = |at: Timestamp| {
        application
            .generate(at.as_second().unsigned_abs())
            .to_string()
    };
    let confirmed = mother
        .post("/v1/me/secondFactor:confirm", json!({"code": code(now)}))
        .await
        .ok();
    assert_eq!(confirmed["recoveryCodes"].as_array().unwrap().len(), 10);

    let mut browser = log_in(town, "mother", PASSWORD).await;
    assert!(browser.me["secondFactor"]["expiresInSeconds"].is_number());
    assert!(
        is_refused(&browser, "/v1/me").await,
        "half a log-in opens nothing"
    );
    let complete = "/session/completeLogIn";
    let used = browser.post(complete, json!({"code": code(now)})).await;
    assert_eq!(used.refused(), (401, "CODE_WRONG".to_owned()));
    let stranger = Browser::new(town.http);
    let next = now + SignedDuration::from_secs(30);
    town.clock.advance(SignedDuration::from_secs(30));
    let elsewhere = stranger.post(complete, json!({"code": code(next)})).await;
    assert_eq!(elsewhere.refused(), (401, "CHALLENGE_UNKNOWN".to_owned()));
    browser.enter(complete, json!({"code": code(next)})).await;
    assert_eq!(browser.me["login"], "mother");
    let log = browser.get("/v1/me/securityEntries").await.ok();
    let kinds: Vec<&Value> = log["securityEntries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["kind"])
        .collect();
    assert_eq!(
        kinds,
        [
            "SECURITY_KIND_SECOND_FACTOR_ON",
            "SECURITY_KIND_SESSION_ENDED"
        ]
    );
}

/// What answers a session answers none to a browser that has one in its cookie.
pub async fn no_page_sees_the_secret_of_its_session(school: &School) {
    let password = json!({"password": PASSWORD});
    let refused = school.mother.post("/v1/sessions:stepUp", password).await;
    assert_eq!(refused.refused().0, 403);
    let role = json!({"role": "ROLE_GUARDIAN"});
    let refused = school.mother.post("/v1/sessions:switchRole", role).await;
    assert_eq!(refused.refused().1, "SESSION_IN_COOKIE");
}

pub async fn a_lost_password_is_set_anew(town: &Town, school: &School) {
    let mother = school.mother.me["personId"].as_str().unwrap();
    let path = school.path(&format!("people/{mother}:issuePasswordReset"));
    school.gonchar.step_up().await;
    school.aliev.step_up().await;
    let refused = school.gonchar.post(&path, json!({})).await.refused();
    assert_eq!(refused.0, 404, "not the class teacher: {refused:?}");
    let issued = school.aliev.post(&path, json!({})).await.ok();
    let code = &issued["passwordReset"]["code"];
    let stranger = Browser::new(town.http);
    let using = json!({"code": code, "newPassword": NEW});
    let done = stranger.post("/v1/passwordResets:use", using).await.ok();
    assert_eq!(done["login"], "mother");
    until("the old session is refused", async || {
        is_refused(&school.mother, "/v1/me").await.then_some(())
    })
    .await;
    let browser = log_in(town, "mother", NEW).await;
    assert!(
        browser.me["secondFactor"].is_object(),
        "the second factor stays: {}",
        browser.me
    );
}
