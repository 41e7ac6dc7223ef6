import pytest
from hypothesis import given
from hypothesis import strategies as st

from vinyl_contracts.errors import Invalid
from vinyl_user.domain.emails import canonical_email


def test_case_does_not_tell_addresses_apart() -> None:
    assert canonical_email("Ada.L+records@Example.ORG") == "ada.l+records@example.org"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@localhost",
        "ada@@example.org",
        "a da@example.org",
        "ada@exam ple.org",
        "ada@example..org",
        "ada@-example.org",
        ".ada@example.org",
        "ada@127.0.0.1",
        "ada@example.org\n",
        "ada@example.org\r\nBcc: all@example.org",
        "аda@example.org",
        "ada@exämple.org",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 250 + ".org",
    ],
)
def test_what_is_no_mailbox_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        canonical_email(typed)
    assert [error.field for error in refused.value.errors] == ["email"]


@given(st.emails() | st.text(max_size=60))
def test_what_is_accepted_is_stable(typed: str) -> None:
    try:
        address = canonical_email(typed)
    except Invalid:
        return
    assert canonical_email(address) == address
    assert address.isascii()
    assert address == address.lower()
