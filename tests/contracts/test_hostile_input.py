"""Whatever is sent to a documented operation, the answer is one that the document allows."""

import operator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from vinyl_devstack.stack import Stack

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "openapi.json"
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_path(DOCUMENT).get_all_operations()]
LABEL = operator.attrgetter("label")
PASSWORD = "dead wax and run-outs"
PROBLEM = {"type", "title", "status", "detail", "instance", "code", "request_id"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
HOSTILE = settings(
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
Ids = dict[str, str]


@pytest.fixture(scope="module")
def listener(stack: Stack) -> dict[str, str]:
    """Somebody's Authorization header."""
    account = {"username": "fuzz-ada", "email": "fuzz-ada@example.org", "password": PASSWORD}
    answer = httpx.post(f"{stack.gateway_url}/api/v1/auth/signup", json=account, timeout=10)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture(scope="module")
def owned(stack: Stack, listener: dict[str, str]) -> Ids:
    """Path variables that name something which is there."""
    with httpx.Client(base_url=f"{stack.gateway_url}/api/v1", headers=listener, timeout=10) as client:
        search = client.post("/searches", json={"name": "anything"}).json()
        seller = client.post("/sellers", json={"provider": "discogs", "username": "second-spin"}).json()
        session = client.get("/auth/sessions").json()["items"][0]
    return {
        "search_id": search["id"],
        "seller_id": seller["id"],
        "session_id": session["id"],
        "username": "fuzz-ada",
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=LABEL)
def test_a_stranger(stack: Stack, operation: Any) -> None:
    is_public = {} in operation.definition.raw["security"]
    attack(stack, operation, {}, {}, examples=12 if is_public else 4)


@pytest.mark.parametrize("operation", OPERATIONS, ids=LABEL)
def test_a_listener(stack: Stack, operation: Any, listener: dict[str, str], owned: Ids) -> None:
    attack(stack, operation, listener, {} if operation.method == "delete" else owned, examples=18)


def attack(stack: Stack, operation: Any, headers: dict[str, str], owned: Ids, examples: int) -> None:
    """`owned` is what path variables may be besides invented."""
    cases = st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))

    @seed(1)
    @settings(HOSTILE, max_examples=examples)
    @given(cases, st.booleans())
    def send(case: Case, is_real: bool) -> None:
        if is_real:
            case.path_parameters = {
                name: owned.get(name, value) for name, value in case.path_parameters.items()
            }
        answer = case.call(base_url=stack.gateway_url, headers=headers, allow_redirects=False)
        check(case, answer)

    send()


def check(case: Case, answer: Response) -> None:
    case.validate_response(answer, checks=CHECKS)
    assert answer.headers["x-request-id"]
    if answer.status_code >= 400:
        problem = answer.json()
        assert set(problem) >= PROBLEM
        assert problem["status"] == answer.status_code
        assert [problem["request_id"]] == answer.headers["x-request-id"]
