from datetime import UTC, datetime, timedelta

import pytest

from vinyl_contracts.ids import SessionId, UserId, new_id
from vinyl_user.domain.login_limits import WINDOW, seconds_until_free
from vinyl_user.domain.sessions import RefreshToken, Session, Verdict, judge

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def session(*, revoked: bool = False, expires_in: timedelta = timedelta(days=1)) -> Session:
    return Session(
        id=SessionId(new_id()),
        user_id=UserId(new_id()),
        user_agent=None,
        address=None,
        created_at=NOW - timedelta(days=2),
        last_used_at=NOW,
        expires_at=NOW + expires_in,
        revoked_at=NOW if revoked else None,
    )


def token(*, spent_seconds_ago: float | None = None) -> RefreshToken:
    spent_at = None if spent_seconds_ago is None else NOW - timedelta(seconds=spent_seconds_ago)
    return RefreshToken(
        token_hash=b"", session_id=SessionId(new_id()), issued_at=NOW - timedelta(hours=1), spent_at=spent_at
    )


@pytest.mark.parametrize(
    ("presented", "family", "successor_spent", "verdict"),
    [
        (token(), session(), False, Verdict.ROTATE),
        (token(spent_seconds_ago=0), session(), False, Verdict.REPEAT),
        (token(spent_seconds_ago=10), session(), False, Verdict.REPEAT),
        (token(spent_seconds_ago=10.1), session(), False, Verdict.REVOKE),
        (token(spent_seconds_ago=1), session(), True, Verdict.REVOKE),
        (token(), session(revoked=True), False, Verdict.REFUSE),
        (token(spent_seconds_ago=1), session(revoked=True), True, Verdict.REFUSE),
        (token(), session(expires_in=timedelta(0)), False, Verdict.REFUSE),
    ],
)
def test_a_refresh_token_gets_what_it_deserves(
    presented: RefreshToken, family: Session, successor_spent: bool, verdict: Verdict
) -> None:
    assert judge(presented, family, successor_spent=successor_spent, now=NOW) is verdict


@pytest.mark.parametrize(("age", "wait"), [(0.0, 900), (0.5, 900), (899.5, 1), (900.0, 1), (600.0, 300)])
def test_the_wait_ends_when_the_oldest_failure_is_forgotten(age: float, wait: int) -> None:
    assert seconds_until_free(NOW - timedelta(seconds=age), NOW) == wait
    assert timedelta(minutes=15) == WINDOW
