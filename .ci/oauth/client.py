"""Another ministry system, as a standard client sees the journal. See .ci/client."""

import os
import sys
import tempfile

import grpc
import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from joserfc import jwt
from joserfc.jwk import KeySet
from served import free_port, run, serving


def token_of(base, known, **more):
    """What authlib does with nothing but the address, the id and the secret."""
    metadata = requests.get(f"{base}/.well-known/oauth-authorization-server", timeout=10).json()
    assert metadata["issuer"] == base, metadata
    client = OAuth2Session(known["client_id"], known["client_secret"], **more)
    return metadata, client, client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")


def schools_over_grpc(address, token):
    call = grpc.insecure_channel(address).unary_unary("/zhurnal.roster.v1.RosterService/ListSchools")
    return call(b"", metadata=[("authorization", f"Bearer {token}")], timeout=10)


def check(binary, data):
    http, rpc = free_port(), free_port()
    base = f"http://127.0.0.1:{http}"
    run(binary, "migrate", "--data", data)
    until = ["--until", "2099-12-31", "--data", data]
    known = run(binary, "client", "register", "Проверка", "--scope", "roster.read", *until)
    with serving(binary, data, http, rpc):
        for method in ("client_secret_basic", "client_secret_post"):
            metadata, client, token = token_of(base, known, token_endpoint_auth_method=method)
            assert token["token_type"] == "Bearer" and token["scope"] == "roster.read", token
            schools = client.get(f"{base}/v1/schools", timeout=10)
            assert schools.status_code == 200, schools.text
        keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
        claims = jwt.decode(token["access_token"], keys, algorithms=["EdDSA", "Ed25519"]).claims
        assert claims["sub"] == known["client_id"], claims
        schools_over_grpc(f"127.0.0.1:{rpc}", token["access_token"])
        denied = client.get(f"{base}/v1/serviceClients", timeout=10)
        assert denied.status_code == 403, denied.text
        for wrong, error in (({"client_secret": "wrong"}, "invalid_client"), ({"scope": "grading.events"}, "invalid_scope")):
            try:
                token_of(base, {**known, **{k: v for k, v in wrong.items() if k in known}}, scope=wrong.get("scope"))
            except OAuthError as refused:
                assert refused.error == error, refused
            else:
                raise AssertionError(f"{error} was expected")
    second = run(binary, "client", "rotate", known["client_id"], "--data", data)
    with serving(binary, data, http, rpc):
        token_of(base, known)
        token_of(base, second)
    run(binary, "client", "revoke", known["client_id"], "--data", data)
    with serving(binary, data, http, rpc):
        try:
            token_of(base, second)
        except OAuthError as refused:
            assert refused.error == "invalid_client", refused
        else:
            raise AssertionError("a revoked client got a token")
    print("a standard OAuth 2.0 client: ok")


with tempfile.TemporaryDirectory(prefix="zhurnal-oauth-") as folder:
    check(os.path.abspath(sys.argv[1]), os.path.join(folder, "data"))
