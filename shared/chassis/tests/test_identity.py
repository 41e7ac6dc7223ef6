"""Tokens against a real JWKS server."""

import asyncio
import base64
import json
import time
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vinyl_chassis.identity import LONGEST_TOKEN, PublishedKeys, TokenVerifier, bearer_token
from vinyl_contracts.errors import Invalid, Unauthenticated, Unavailable
from vinyl_contracts.ids import new_id
from vinyl_devstack.token_issuer import TokenIssuer

TokenFor = Callable[..., str]


@pytest.fixture
def verifier(jwks_url: str) -> TokenVerifier:
    return TokenVerifier(PublishedKeys(jwks_url))


def tampered(token: str, **changed: object) -> str:
    head, body, signature = token.split(".")
    payload = json.loads(base64.urlsafe_b64decode(body + "==")) | changed
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip('=')}.{signature}"


def resigned(token: str, key: object, algorithm: str, **header: object) -> str:
    kid = jwt.get_unverified_header(token)["kid"]
    payload = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(payload, key, algorithm, headers={"kid": kid, "typ": "at+jwt", **header})


async def test_a_good_token_names_its_bearer(verifier: TokenVerifier, token_for: TokenFor) -> None:
    user_id = new_id()
    token = token_for("ada", user_id=user_id, roles=("listener", "curator"))
    listener = await verifier.verify(token)
    assert (listener.id, listener.username) == (user_id, "ada")
    assert await verifier.verify(token) is listener


async def test_bad_tokens_are_refused(verifier: TokenVerifier, token_for: TokenFor) -> None:
    good = token_for("ada")
    stranger = Ed25519PrivateKey.generate()
    bad = [
        "",
        "a.b.c",
        "x" * (LONGEST_TOKEN + 1),
        token_for("ada", expires_in=-1),
        tampered(good, username="admin"),
        tampered(good, exp=int(time.time()) + 9_999_999),
        resigned(good, stranger, "EdDSA"),
        resigned(good, stranger, "EdDSA", typ="JWT"),
        resigned(
            good,
            stranger,
            "EdDSA",
            jwk=jwt.algorithms.OKPAlgorithm.to_jwk(stranger.public_key(), as_dict=True),
        ),
        resigned(good, "a secret that is long enough for it", "HS256"),
        jwt.encode(jwt.decode(good, options={"verify_signature": False}), None, "none"),
    ]
    for token in bad:
        with pytest.raises(Unauthenticated):
            await verifier.verify(token)


async def test_a_remembered_token_still_expires(verifier: TokenVerifier, token_for: TokenFor) -> None:
    token = token_for("ada", expires_in=2)  # whole seconds: one of them may be nearly over
    await verifier.verify(token)
    expires_at = jwt.decode(token, options={"verify_signature": False})["exp"]
    while time.time() <= expires_at:
        time.sleep(0.05)  # noqa: ASYNC251 - nothing else runs here
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


async def test_keys_that_cannot_be_had_are_no_verdict(token_for: TokenFor) -> None:
    with pytest.raises(Unavailable):
        await TokenVerifier(PublishedKeys("http://127.0.0.1:1/jwks")).verify(token_for("ada"))


async def test_known_keys_outlive_the_absence_of_their_publisher() -> None:
    with TokenIssuer() as issuer:
        verifier = TokenVerifier(PublishedKeys(issuer.jwks_url, live_seconds=0.0), remembered_seconds=0.0)
        assert (await verifier.verify(issuer.token_for("ada"))).username == "ada"
    assert (await verifier.verify(issuer.token_for("eve"))).username == "eve"


class Ring:
    """Keys in the hand, to be added and retired."""

    def __init__(self, *keys: jwt.PyJWK) -> None:
        self.keys = list(keys)

    async def find(self, kid: str) -> jwt.PyJWK | None:
        return next((key for key in self.keys if key.key_id == kid), None)


async def test_a_retired_key_vouches_for_nobody() -> None:
    with TokenIssuer() as issuer:
        token = issuer.token_for("ada")
        ring = Ring(*jwt.PyJWKSet.from_dict(issuer.key_set()).keys)
    verifier = TokenVerifier(ring, remembered_seconds=0.2)
    await verifier.verify(token)
    ring.keys.clear()
    assert (await verifier.verify(token)).username == "ada"
    await asyncio.sleep(0.25)
    with pytest.raises(Unauthenticated):
        await verifier.verify(token)


def test_two_tokens_are_ambiguous_and_another_scheme_is_none() -> None:
    with pytest.raises(Invalid):
        bearer_token([(b"authorization", b"Bearer a"), (b"authorization", b"Bearer b")])
    for other in (b"Basic abc", b"Bearer", b"Bearer  "):
        with pytest.raises(Unauthenticated):
            bearer_token([(b"authorization", other)])
    assert bearer_token([]) is None
