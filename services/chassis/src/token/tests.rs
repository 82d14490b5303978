//! Good tokens open, bad tokens do not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jiff::Timestamp;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};
use uuid::Uuid;
use zhurnal_proto::id::SchoolId;

use super::*;
use crate::caller::tests::{family, staff};

const NOW: i64 = 1_795_000_000;

fn at(second: i64) -> Clock {
    Clock::fixed(Timestamp::from_second(second).unwrap()).0
}

fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&[n; 32]).unwrap()
}

fn tokens() -> Tokens {
    Tokens::from_key(key(1), at(NOW))
}

fn teacher() -> User {
    staff(
        SchoolId::from_uuid(Uuid::from_u128(7)),
        &["TEACHER", "DEPUTY"],
    )
}

#[test]
fn a_staff_token_brings_the_same_user_back() {
    let t = tokens();
    let token = t
        .mint_user(&teacher(), Proof::default(), Duration::from_secs(300))
        .unwrap();
    assert_eq!(
        t.verify(&token, "grading").unwrap(),
        Caller::User(teacher())
    );
}

#[test]
fn a_token_says_how_its_session_was_proved_and_how_often_a_client_may_call() {
    let t = tokens();
    let proof = Proof {
        given_at: Some(Timestamp::from_second(NOW - 60).unwrap()),
        second_factor: true,
        unfinished: true,
    };
    let life = Duration::from_secs(300);
    let token = t.mint_user(&teacher(), proof, life).unwrap();
    let (caller, standing) = t.examine(&token, "grading").unwrap();
    assert_eq!(caller, Caller::User(teacher()));
    assert_eq!(standing.proof, proof);
    let plain = t.mint_user(&teacher(), Proof::default(), life).unwrap();
    let (_, standing) = t.examine(&plain, "grading").unwrap();
    assert_eq!(standing, Standing::default());
    let client = Client {
        id: "cli".into(),
        scopes: vec![],
        schools: vec![],
    };
    let token = t.mint_client(&client, 60, life).unwrap();
    let (_, standing) = t.examine(&token, "grading").unwrap();
    assert_eq!(standing.rate_per_minute, 60);
}

#[test]
fn a_family_token_brings_all_cards_back() {
    let t = tokens();
    let cards: Vec<_> = (1..5)
        .map(|n| zhurnal_proto::id::PersonId::from_uuid(Uuid::from_u128(n)))
        .collect();
    let user = family(&cards);
    let token = t
        .mint_user(&user, Proof::default(), Duration::from_secs(300))
        .unwrap();
    assert_eq!(t.verify(&token, "grading").unwrap(), Caller::User(user));
}

#[test]
fn a_client_token_brings_scopes_and_schools_back() {
    let t = tokens();
    let client = Client {
        id: "edu-region".into(),
        scopes: vec!["roster.read".into()],
        schools: vec![SchoolId::from_uuid(Uuid::from_u128(7))],
    };
    let token = t
        .mint_client(&client, 60, Duration::from_secs(300))
        .unwrap();
    assert_eq!(t.verify(&token, "roster").unwrap(), Caller::Client(client));
}

#[test]
fn a_service_token_opens_only_its_audience() {
    let t = tokens();
    let token = t.mint_service("grading", "roster").unwrap();
    assert_eq!(
        t.verify(&token, "roster").unwrap(),
        Caller::service("grading")
    );
    assert_eq!(t.verify(&token, "identity"), Err(TokenError::Audience));
}

#[test]
fn a_service_token_is_reused_until_a_minute_before_its_end() {
    let (clock, hand) = Clock::fixed(Timestamp::from_second(NOW).unwrap());
    let t = Tokens::from_key(key(1), clock);
    let first = t.mint_service("grading", "roster").unwrap();
    hand.set(Timestamp::from_second(NOW + 200).unwrap());
    assert_eq!(t.mint_service("grading", "roster").unwrap(), first);
    hand.set(Timestamp::from_second(NOW + 245).unwrap());
    assert_ne!(t.mint_service("grading", "roster").unwrap(), first);
}

#[test]
fn a_cached_token_still_expires() {
    let (clock, hand) = Clock::fixed(Timestamp::from_second(NOW).unwrap());
    let t = Tokens::from_key(key(1), clock);
    let token = t
        .mint_user(&teacher(), Proof::default(), Duration::from_secs(300))
        .unwrap();
    assert!(t.verify(&token, "grading").is_ok());
    hand.set(Timestamp::from_second(NOW + 331).unwrap());
    assert_eq!(t.verify(&token, "grading"), Err(TokenError::Expired));
}

#[test]
fn a_process_without_a_key_verifies_but_cannot_mint() {
    let trusted = vec![TrustedKey::any(&key(1))];
    let t = Tokens::new(None, trusted, at(NOW));
    let token = tokens()
        .mint_user(&teacher(), Proof::default(), Duration::from_secs(300))
        .unwrap();
    assert!(t.verify(&token, "grading").is_ok());
    assert_eq!(t.mint_service("a", "b"), Err(TokenError::NoKey));
}

#[test]
fn a_service_key_vouches_only_for_that_service() {
    let owner = key(2);
    let minter = Tokens::from_key(owner.clone(), at(NOW));
    let t = Tokens::new(
        None,
        vec![TrustedKey::of_service("grading", owner.public())],
        at(NOW),
    );
    let own = minter.mint_service("grading", "roster").unwrap();
    let other = minter.mint_service("identity", "roster").unwrap();
    let user = minter
        .mint_user(&teacher(), Proof::default(), Duration::from_secs(60))
        .unwrap();
    assert!(t.verify(&own, "roster").is_ok());
    assert_eq!(t.verify(&other, "roster"), Err(TokenError::Issuer));
    assert_eq!(t.verify(&user, "roster"), Err(TokenError::Issuer));
}

#[test]
fn identity_vouches_for_users() {
    let owner = key(3);
    let minter = Tokens::from_key(owner.clone(), at(NOW));
    let t = Tokens::new(
        None,
        vec![TrustedKey::of_service("identity", owner.public())],
        at(NOW),
    );
    let user = minter
        .mint_user(&teacher(), Proof::default(), Duration::from_secs(60))
        .unwrap();
    assert!(t.verify(&user, "roster").is_ok());
}

#[test]
fn a_generated_key_file_is_private_and_read_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys").join("token.pem");
    let made = SigningKey::from_file(&path, true).unwrap();
    let read = SigningKey::from_file(&path, false).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(made.kid(), read.kid());
    assert_eq!(mode & 0o777, 0o600);
    assert!(SigningKey::from_file(&path, false).is_err());
}

#[test]
fn the_jwk_set_holds_public_halves_only() {
    let set = tokens().jwks();
    let jwk = &set["keys"][0];
    assert_eq!(jwk["crv"], "Ed25519");
    assert_eq!(
        B64.decode(jwk["x"].as_str().unwrap()).unwrap(),
        key(1).public()
    );
    assert!(jwk.get("d").is_none());
}

fn good_claims() -> Value {
    json!({
        "iss": "zhurnal", "aud": "zhurnal", "iat": NOW, "nbf": NOW, "exp": NOW + 300,
        "sub": teacher().account.to_string(), "sid": teacher().session.to_string(),
        "knd": "staff", "rol": ["TEACHER"],
    })
}

fn with(field: &str, value: Value) -> Value {
    let mut claims = good_claims();
    claims[field] = value;
    claims
}

fn without(field: &str) -> Value {
    let mut claims = good_claims();
    claims.as_object_mut().unwrap().remove(field);
    claims
}

fn signed(n: u8, header: Value, claims: &Value) -> String {
    use ed25519_dalek::Signer as _;
    let body = format!(
        "{}.{}",
        B64.encode(header.to_string()),
        B64.encode(claims.to_string())
    );
    let signature = ed25519_dalek::SigningKey::from_bytes(&[n; 32]).sign(body.as_bytes());
    format!("{body}.{}", B64.encode(signature.to_bytes()))
}

fn eddsa(claims: &Value) -> String {
    signed(
        1,
        json!({"alg": "EdDSA", "typ": "JWT", "kid": key(1).kid()}),
        claims,
    )
}

fn hs256_with_public_key() -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(key(1).kid().to_owned());
    let secret = EncodingKey::from_secret(&key(1).public());
    jsonwebtoken::encode(&header, &good_claims(), &secret).unwrap()
}

#[test]
fn the_table_of_bad_tokens_is_refused() {
    let kid = key(1).kid().to_owned();
    let good = eddsa(&good_claims());
    assert!(
        tokens().verify(&good, "grading").is_ok(),
        "the base token must be good"
    );
    let parts: Vec<&str> = good.split('.').collect();
    let none = B64.encode(json!({"alg": "none", "kid": kid}).to_string());
    let stranger =
        B64.encode(with("sub", json!("acc_00000000000000000000000000000bad")).to_string());
    let table: Vec<(&str, String)> = vec![
        ("empty", String::new()),
        ("garbage", "garbage".into()),
        ("dots", "..".into()),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{good}.x")),
        ("spaces", format!(" {good} ")),
        ("long", "a".repeat(100_000)),
        ("null bytes", "\0.\0.\0".into()),
        ("alg none", format!("{none}.{}.", parts[1])),
        (
            "alg none, signed",
            format!("{none}.{}.{}", parts[1], parts[2]),
        ),
        (
            "alg None",
            signed(1, json!({"alg": "None", "kid": kid}), &good_claims()),
        ),
        (
            "alg missing",
            signed(1, json!({"kid": kid}), &good_claims()),
        ),
        (
            "alg ES256",
            signed(1, json!({"alg": "ES256", "kid": kid}), &good_claims()),
        ),
        (
            "alg RS256",
            signed(1, json!({"alg": "RS256", "kid": kid}), &good_claims()),
        ),
        ("alg HS256 with the public key", hs256_with_public_key()),
        (
            "kid missing",
            signed(1, json!({"alg": "EdDSA"}), &good_claims()),
        ),
        (
            "kid unknown",
            signed(1, json!({"alg": "EdDSA", "kid": "x"}), &good_claims()),
        ),
        (
            "kid a path",
            signed(
                1,
                json!({"alg": "EdDSA", "kid": "../../dev/null"}),
                &good_claims(),
            ),
        ),
        (
            "crit header",
            signed(
                1,
                json!({"alg": "EdDSA", "kid": kid, "crit": ["b64"]}),
                &good_claims(),
            ),
        ),
        (
            "wrong key",
            signed(2, json!({"alg": "EdDSA", "kid": kid}), &good_claims()),
        ),
        ("signature cut", good[..good.len() - 4].to_owned()),
        ("signature empty", format!("{}.{}.", parts[0], parts[1])),
        (
            "signature of another",
            format!("{}.{}.{}", parts[0], parts[1], B64.encode([0u8; 64])),
        ),
        (
            "payload changed",
            format!("{}.{stranger}.{}", parts[0], parts[2]),
        ),
        ("expired", eddsa(&with("exp", json!(NOW - 31)))),
        (
            "expired at the edge of the leeway",
            eddsa(&with("exp", json!(NOW - 30))),
        ),
        ("exp missing", eddsa(&without("exp"))),
        ("exp text", eddsa(&with("exp", json!("never")))),
        ("exp fraction", eddsa(&with("exp", json!(1e18)))),
        ("exp null", eddsa(&with("exp", json!(null)))),
        ("from the future", eddsa(&with("nbf", json!(NOW + 31)))),
        ("issued in the future", eddsa(&with("iat", json!(NOW + 31)))),
        ("nbf missing", eddsa(&without("nbf"))),
        ("issuer wrong", eddsa(&with("iss", json!("evil")))),
        ("issuer missing", eddsa(&without("iss"))),
        ("audience wrong", eddsa(&with("aud", json!("other")))),
        ("audience a service", eddsa(&with("aud", json!("grading")))),
        ("audience missing", eddsa(&without("aud"))),
        ("audience a list", eddsa(&with("aud", json!(["zhurnal"])))),
        ("subject missing", eddsa(&without("sub"))),
        (
            "subject of another kind",
            eddsa(&with("sub", json!("per_00000000000000000000000000000001"))),
        ),
        ("subject garbage", eddsa(&with("sub", json!("admin")))),
        ("session missing", eddsa(&without("sid"))),
        ("session garbage", eddsa(&with("sid", json!("x")))),
        ("kind missing", eddsa(&without("knd"))),
        ("kind unknown", eddsa(&with("knd", json!("root")))),
        (
            "service token for the suite",
            eddsa(&with("knd", json!("service"))),
        ),
        ("school garbage", eddsa(&with("sch", json!(["all"])))),
        ("roles a string", eddsa(&with("rol", json!("DIRECTOR")))),
        ("region a string", eddsa(&with("reg", json!("yes")))),
        ("card garbage", eddsa(&with("per", json!("42")))),
        ("proof text", eddsa(&with("auth_time", json!("now")))),
        (
            "proof beyond time",
            eddsa(&with("auth_time", json!(i64::MAX))),
        ),
        ("second factor a word", eddsa(&with("sfa", json!("yes")))),
        ("family cards garbage", eddsa(&with("fam", json!(["42"])))),
        ("payload not JSON", {
            let head = B64.encode(json!({"alg": "EdDSA", "kid": kid}).to_string());
            format!("{head}.{}.{}", B64.encode("{"), parts[2])
        }),
        ("payload a list", eddsa(&json!([1, 2]))),
        (
            "header not JSON",
            format!("{}.{}.{}", B64.encode("{"), parts[1], parts[2]),
        ),
        (
            "standard base64",
            good.replace('-', "+").replace('_', "/") + "==",
        ),
    ];
    for (name, token) in table {
        assert!(
            tokens().verify(&token, "grading").is_err(),
            "{name} was accepted"
        );
    }
}

#[test]
fn the_leeway_is_thirty_seconds_and_no_more() {
    let t = tokens();
    assert!(
        t.verify(&eddsa(&with("exp", json!(NOW - 29))), "grading")
            .is_ok()
    );
    assert_eq!(
        t.verify(&eddsa(&with("exp", json!(NOW - 30))), "grading"),
        Err(TokenError::Expired)
    );
    assert!(
        t.verify(&eddsa(&with("nbf", json!(NOW + 30))), "grading")
            .is_ok()
    );
    assert_eq!(
        t.verify(&eddsa(&with("nbf", json!(NOW + 31))), "grading"),
        Err(TokenError::NotYet)
    );
}

#[test]
fn errors_and_debug_output_never_hold_the_token() {
    let t = tokens();
    let token = t
        .mint_user(&teacher(), Proof::default(), Duration::from_secs(300))
        .unwrap();
    let error = t.verify(&token[1..], "grading").unwrap_err();
    assert!(!format!("{error} {error:?} {t:?}").contains(&token[10..40]));
}
