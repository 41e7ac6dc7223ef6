from hypothesis import given
from hypothesis import strategies as st

from vinyl_user.security.refresh_tokens import hash_of, new_salt, new_token, successor_of


def test_tokens_are_never_the_same() -> None:
    assert len({new_token() for _ in range(100)}) == 100


def test_a_successor_is_always_the_same_and_needs_token_and_salt() -> None:
    token, salt = new_token(), new_salt()
    successor = successor_of(token, salt)
    assert successor == successor_of(token, salt)
    assert len({successor, token, successor_of(token, new_salt()), successor_of(new_token(), salt)}) == 4
    assert len(successor) == len(token)


@given(st.text(max_size=100))
def test_whatever_is_presented_has_a_hash(presented: str) -> None:
    assert len(hash_of(presented)) == 32
