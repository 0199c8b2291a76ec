"""Whatever is posted to a command's address, the answer is a success or a problem of the client's: never a 500."""

import json
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.catalogue import DECIDERS
from domain.kernel import CommandSpec, Decider, derived_id
from services.api.commands import command_path
from services.worker.settling import settle
from tests.domain.generate import commands
from tests.services.conftest import Api, Caller
from tests.services.crowd import FINDING, adopt, assessment_of, book_of, problem_of, register
from tests.services.test_api_isolation import EVERY_ROLE

JSON = {"Content-Type": "application/json"}
SENT: list[tuple[Decider[Any], CommandSpec]] = [
    (decider, spec) for decider in DECIDERS for spec in decider.commands if spec.audience == "member"
]
UNSUITED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
SURROGATES = st.text(
    st.characters(min_codepoint=0xD7F0, max_codepoint=0xE010, categories=["Cs", "Co", "Lo"]), max_size=5
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(),
    st.text(max_size=30),
    SURROGATES,
    st.sampled_from(
        ["NaN", "1e999999", "2026-03-01", "2026-03", "\x00", "9" * 5000, "../..", "00000000-0000-0000-0000-0"]
    ),
)
KEYS = st.one_of(st.text(max_size=10), st.sampled_from(["type", "name", "month", "group", "changes", "__class__"]))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)


class Furnished(msgspec.Struct):
    """A member with every role, and an address that exists for every noun."""

    caller: Caller
    admin: Caller
    streams: dict[str, str]
    ids: tuple[str, ...] = ()
    """Identifiers of the month's things, which stand in for those that commands are made with."""

    def at(self, decider: Decider[Any], spec: CommandSpec) -> str:
        """The address of a command to a stream that exists, or does not where there is none of its noun."""
        stream = self.streams.get(decider.noun, str(derived_id("nothing")))
        return command_path(decider, spec).replace("{stream_id:str}", stream)

    async def read(self, decider: Decider[Any]) -> httpx.Response:
        """The state of the noun's stream."""
        reader = self.admin if decider.noun == "organisation" else self.caller
        return await reader.get(f"/v1/{decider.plural}/{self.streams[decider.noun]}")

    async def post(self, decider: Decider[Any], spec: CommandSpec, body: bytes) -> httpx.Response:
        """Post raw bytes as somebody who may."""
        sender = self.admin if decider.noun == "organisation" else self.caller
        return await sender.post(self.at(decider, spec), content=body, headers=JSON)


@pytest.fixture
async def furnished(api: Api) -> Furnished:
    """Streams of R14's nouns. The organisation is another one, so that nobody loses a role on the way."""
    admin, other = await api.tenant(), await api.tenant()
    await adopt(admin)
    caller = await api.member(admin, *EVERY_ROLE)
    project = await register(caller)
    assert (await caller.post(f"/v1/property-projects/{project}/open-month", {"month": "2026-03"})).status_code == 200
    await settle(api.desk.runtime, admin.tenant)
    streams = {
        "organisation": str(other.tenant),
        "rule_book": str(book_of(admin)),
        "property_project": project,
        "assessment": str(assessment_of(project)),
        "contract_deposit": str(derived_id(project, "deposit")),
    }
    month = f"/v1/assessments/{assessment_of(project)}"
    assert (await caller.post(f"{month}/record-finding", {**FINDING, "minor": True})).status_code == 200
    assert (await caller.post(f"{month}/cast-ballot", {"group": "staff", "score": "90"})).status_code == 200
    state = (await caller.get(month)).json()["state"]
    return Furnished(caller, other, streams, (*state["findings"], *state["ballots"], str(other.member)))


def _sound(answer: httpx.Response) -> bool:
    """A success as JSON, or a problem of the client's; what else it is, the assertion says."""
    if answer.status_code in (200, 201):
        return answer.headers["content-type"] == "application/json"
    assert 400 <= answer.status_code < 500, f"{answer.status_code} {answer.text[:300]}"
    return bool(problem_of(answer, answer.status_code))


@settings(max_examples=15, deadline=None, suppress_health_check=UNSUITED)
@given(body=st.binary(max_size=300))
async def test_arbitrary_bytes_to_every_command(furnished: Furnished, body: bytes) -> None:
    """Bytes that are hardly ever JSON."""
    for decider, spec in SENT:
        assert _sound(await furnished.post(decider, spec, body))


@settings(max_examples=30, deadline=None, suppress_health_check=UNSUITED)
@given(value=VALUES, ascii_only=st.booleans())
async def test_arbitrary_json_to_every_command(furnished: Furnished, value: Any, ascii_only: bool) -> None:
    """JSON of any shape, with the numbers and texts that a lenient encoder lets pass."""
    body = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")

    for decider, spec in SENT:
        assert _sound(await furnished.post(decider, spec, body))


def _made(pair: tuple[Decider[Any], CommandSpec]) -> st.SearchStrategy[tuple[Decider[Any], CommandSpec, Any]]:
    return st.tuples(st.just(pair[0]), st.just(pair[1]), commands(pair[1].command).map(msgspec.to_builtins))


MADE = st.sampled_from(SENT).flatmap(_made)


@settings(max_examples=300, deadline=None, suppress_health_check=UNSUITED)
@given(made=MADE, odd=VALUES, place=st.integers(0, 20))
async def test_one_odd_field_in_a_command(furnished: Furnished, made: Any, odd: Any, place: int) -> None:
    """A command as its type asks for, with one field replaced by anything at all, or one too many."""
    decider, spec, fields = made
    names = [*fields, "unknown"]
    body = {**fields, names[place % len(names)]: odd}

    assert _sound(await furnished.post(decider, spec, json.dumps(body).encode("utf-8", "surrogatepass")))


@settings(max_examples=600, deadline=None, suppress_health_check=UNSUITED)
@given(made=MADE)
async def test_a_command_made_from_its_type(furnished: Furnished, made: Any) -> None:
    """Well-typed commands to streams that exist are accepted or refused with a reason, and states stay readable."""
    decider, spec, fields = made
    body = json.dumps(fields).encode("utf-8", "surrogatepass")
    for number, known in enumerate(furnished.ids):
        body = body.replace(str(UUID(int=number + 1)).encode(), known.encode())

    assert _sound(await furnished.post(decider, spec, body))

    if decider.noun in furnished.streams:
        assert (await furnished.read(decider)).status_code == 200
