//! GetJwks: anybody reads the public keys of access tokens.

use chassis::access::Facts;
use chassis::caller::Caller;
use tonic::Status;
use zhurnal_proto::identity::v1::{GetJwksRequest, GetJwksResponse, JsonWebKey};

use crate::Identity;

pub(super) async fn handle(
    identity: &Identity,
    caller: &Caller,
    _: GetJwksRequest,
) -> Result<GetJwksResponse, Status> {
    identity
        .cx
        .access
        .check(caller, "identity.jwks.get", &Facts::own())?;
    let set = identity.cx.tokens.jwks();
    let text =
        |key: &serde_json::Value, name: &str| key[name].as_str().unwrap_or_default().to_owned();
    let keys = set["keys"].as_array().map_or_else(Vec::new, |keys| {
        keys.iter()
            .map(|key| JsonWebKey {
                kty: text(key, "kty"),
                crv: text(key, "crv"),
                x: text(key, "x"),
                kid: text(key, "kid"),
                r#use: text(key, "use"),
                alg: text(key, "alg"),
            })
            .collect()
    });
    Ok(GetJwksResponse { keys })
}
