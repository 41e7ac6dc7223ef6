import hashlib
import threading
import time
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from vinyl_user.security.signing_keys import SigningKeys


def drop_key(folder: Path, name: str) -> None:
    """As an operator does, with openssl or a copy."""
    draft = folder / f"{name}.draft"
    draft.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    draft.rename(folder / f"{name}.pem")


def wait_for_second_look() -> None:
    time.sleep(1.05)


def test_an_empty_folder_gets_a_private_key_file(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "keys", announced_seconds=0)
    token = keys.sign({"sub": "ada"}, "at+jwt")
    (file,) = (tmp_path / "keys").iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert (tmp_path / "keys").stat().st_mode & 0o077 == 0
    (published,) = keys.published().keys
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["typ"], header["kid"]) == ("EdDSA", "at+jwt", published.kid)


def test_the_kid_is_the_thumbprint(tmp_path: Path) -> None:
    (key,) = SigningKeys(tmp_path, announced_seconds=0).published().keys
    canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{key.x}"}}'.encode()
    assert key.kid == urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    barrier = threading.Barrier(8)

    def start() -> str:
        barrier.wait()
        return SigningKeys(tmp_path, announced_seconds=0).current().public.kid

    with ThreadPoolExecutor(8) as pool:
        kids = {future.result() for future in [pool.submit(start) for _ in range(8)]}
    assert len(kids) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_the_newest_key_signs_and_the_previous_is_still_published(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path, announced_seconds=0)
    first = keys.current().public.kid
    wait_for_second_look()
    drop_key(tmp_path, "second")
    second = keys.current().public.kid
    assert second != first
    assert [key.kid for key in keys.published().keys] == [second, first]


def test_a_key_is_announced_before_it_signs(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path, announced_seconds=2)
    first = keys.current().public.kid
    wait_for_second_look()
    drop_key(tmp_path, "second")
    assert keys.current().public.kid == first
    assert len(keys.published().keys) == 2
    time.sleep(2.1)
    assert keys.current().public.kid != first


def test_a_retired_key_is_published_no_more(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path, announced_seconds=0)
    first = keys.current().public.kid
    drop_key(tmp_path, "second")
    (tmp_path / "first.pem").unlink()
    wait_for_second_look()
    (left,) = keys.published().keys
    assert left.kid != first


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nMC4CAQ", b"\xff\xfe"])
def test_a_file_that_is_no_key_is_passed_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "torn.pem").write_bytes(content)
    drop_key(tmp_path, "whole")
    assert len(SigningKeys(tmp_path, announced_seconds=0).published().keys) == 1


def test_a_key_of_another_kind_is_passed_over(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec

    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "other.pem").write_bytes(other)
    keys = SigningKeys(tmp_path, announced_seconds=0).published().keys
    assert [key.crv for key in keys] == ["Ed25519"]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["first.pem", "other.pem"]
