"""The fixtures that every member's tests stand on."""

import socket

import asyncpg
import jwt
import nats
import pytest
from jwt import PyJWKClient

from vinyl_devstack.cloned_databases import PASSWORD
from vinyl_devstack.nats import Nats
from vinyl_devstack.postgres import SERVICES, Postgres
from vinyl_devstack.pytest_plugin import CloneDatabase, TokenFor

# of the server that all tests share, so the one that their databases are cloned with
PASSWORDS = {f"vinyl_{service}": PASSWORD for service in SERVICES}


@pytest.fixture(scope="module")
def walled(postgres: Postgres) -> Postgres:
    postgres.prepare("walls", passwords=PASSWORDS)
    return postgres


async def test_each_role_works_in_its_own_schema_with_the_extensions_at_hand(walled: Postgres) -> None:
    for role, password in PASSWORDS.items():
        connection = await asyncpg.connect(walled.url("walls", role=role, password=password))
        await connection.execute("CREATE TABLE record (title text)")
        await connection.execute("CREATE INDEX ON record USING gin (title gin_trgm_ops)")
        assert await connection.fetchval("SELECT current_schema()") == role
        assert await connection.fetchval("SELECT unaccent('Björk')") == "Bjork"
        assert await connection.fetchval("SHOW timezone") == "UTC"
        await connection.execute("DROP TABLE record")
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM vinyl_user.secret",
        "INSERT INTO vinyl_user.secret VALUES ('x')",
        "CREATE TABLE vinyl_user.mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "CREATE TABLE extensions.mine (x int)",
        "CREATE SCHEMA mine",
        "SET ROLE vinyl_user",
    ],
)
async def test_no_role_reaches_into_anothers_schema(walled: Postgres, statement: str) -> None:
    walled.execute("CREATE TABLE IF NOT EXISTS vinyl_user.secret (x text)", database="walls")
    walled.execute("ALTER TABLE vinyl_user.secret OWNER TO vinyl_user", database="walls")
    connection = await asyncpg.connect(walled.url("walls", role="vinyl_rating", password=PASSWORD))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()


async def test_a_wrong_password_is_refused(walled: Postgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(walled.url("walls", role="vinyl_rating", password="guess"))


async def test_nats_has_jetstream_and_asks_for_its_password(nats_server: Nats) -> None:
    client = await nats.connect(nats_server.url)
    stream = client.jetstream()
    await stream.add_stream(name="records", subjects=["records.>"])
    assert (await stream.publish("records.added", b"1")).seq == 1
    await client.close()
    with socket.create_connection(("127.0.0.1", nats_server.port)) as stranger:
        assert b'"auth_required":true' in stranger.recv(4096)


async def test_each_test_has_a_jetstream_of_its_own(nats_url: str) -> None:
    client = await nats.connect(nats_url)
    assert await client.jetstream().streams_info() == []
    await client.close()


def test_tokens_are_vouched_for_by_the_key_set(jwks_url: str, token_for: TokenFor) -> None:
    token = token_for("ada", roles=("listener", "curator"))
    key = PyJWKClient(jwks_url).get_signing_key_from_jwt(token)
    claims = jwt.decode(token, key, ["EdDSA"], audience="vinylhound", issuer="vinylhound")
    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert (claims["username"], claims["roles"]) == ("ada", ["listener", "curator"])
    assert claims["sub"] == jwt.decode(token_for("ada"), options={"verify_signature": False})["sub"]


def test_a_token_may_be_past_its_time(jwks_url: str, token_for: TokenFor) -> None:
    token = token_for("ada", expires_in=-1)
    key = PyJWKClient(jwks_url).get_signing_key_from_jwt(token)
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(token, key, ["EdDSA"], audience="vinylhound")


async def test_a_database_is_filled_once_for_all_that_clone_it(clone_database: CloneDatabase) -> None:
    filled = []

    async def fill(url: str) -> None:
        filled.append(url)
        connection = await asyncpg.connect(url)
        await connection.execute("create table shelf as select 5 as records")
        await connection.close()

    urls = [clone_database("rating", fill), clone_database("rating", filled_by=fill)]
    assert len(set(urls)) == 2
    assert len(filled) == 1
    for url in urls:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("delete from shelf returning records") == 5
        await connection.close()
