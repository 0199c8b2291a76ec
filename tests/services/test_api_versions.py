"""ETag and If-Match, history and as_of: which version one sees, saw, or insists on."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from tests.services.conftest import Api, Caller
from tests.services.crowd import PROJECT, adopt, book_of, problem_of, register

REVISION = {"name": "新名", "contractor": "Acme", "contract_to": "2027-02-28"}


async def _registrar(api: Api) -> Caller:
    return await api.member(await api.tenant(), "registrar")


async def test_the_etag_is_the_version_of_the_stream(api: Api) -> None:
    """It grows with each event, and reads and writes agree on it."""
    registrar = await _registrar(api)
    made = await registrar.post("/v1/property-projects", PROJECT)
    at = made.headers["location"]

    revised = await registrar.post(f"{at}/revise-project", REVISION, headers={"If-Match": made.headers["etag"]})
    read = await registrar.get(at)

    assert (made.headers["etag"], revised.headers["etag"], read.headers["etag"]) == ('"1"', '"2"', '"2"')
    assert (read.json()["version"], revised.json()["version"]) == (2, 2)


@pytest.mark.parametrize("seen", ['"1"', '"7"', 'W/"1"'])
async def test_another_version_than_the_one_seen_is_refused(api: Api, seen: str) -> None:
    """412 with the version where the stream is, and nothing is done."""
    registrar = await _registrar(api)
    at = f"/v1/property-projects/{await register(registrar)}"
    await registrar.post(f"{at}/revise-project", REVISION)

    answer = await registrar.post(f"{at}/revise-project", {**REVISION, "name": "三"}, headers={"If-Match": seen})

    assert problem_of(answer, 412, "version_mismatch")["details"] == {"current_version": 2}
    assert (await registrar.get(at)).headers["etag"] == '"2"'


@pytest.mark.parametrize("seen", ["*", " * ", 'W/"1"', '"1"'])
async def test_a_matching_condition_is_accepted(api: Api, seen: str) -> None:
    """The version as it is, weak or strong, and any version at all."""
    registrar = await _registrar(api)
    at = f"/v1/property-projects/{await register(registrar)}"

    assert (await registrar.post(f"{at}/revise-project", REVISION, headers={"If-Match": seen})).status_code == 200


@pytest.mark.parametrize("seen", ["", "1", "'1'", '"one"', '"-1"', '"1", "2"', '"' + "9" * 5000 + '"', '"\xb2"'])
async def test_a_malformed_condition_is_refused(api: Api, seen: str) -> None:
    """What is no version is the client's mistake, never ignored."""
    registrar = await _registrar(api)
    at = f"/v1/property-projects/{await register(registrar)}"

    header = seen.encode("latin-1")
    answer = await registrar.post(f"{at}/revise-project", REVISION, headers={"If-Match": header})  # type: ignore[dict-item]

    assert problem_of(answer, 400, "bad_if_match")


async def _lived(api: Api) -> tuple[Caller, str, list[dict[str, Any]]]:
    """A project registered, revised an hour later, and once more after another; its history."""
    registrar = await _registrar(api)
    at = f"/v1/property-projects/{await register(registrar)}"
    for name in ("二", "三"):
        api.clock.forward(hours=1)
        await registrar.post(f"{at}/revise-project", {**REVISION, "name": name})
    history = (await registrar.get(f"{at}/history")).json()["items"]
    return registrar, at, history


@pytest.mark.parametrize(("place", "name"), [(0, "东校区"), (1, "二"), (2, "三")])
async def test_the_state_as_of_a_position(api: Api, place: int, name: str) -> None:
    """After that event of the tenant's order, and before the next."""
    registrar, at, history = await _lived(api)

    read = await registrar.get(f"{at}?as_of={history[place]['position']}")

    assert (read.json()["state"]["name"], read.headers["etag"]) == (name, f'"{place + 1}"')


@pytest.mark.parametrize(("hours", "name"), [(0, "东校区"), (0.99, "东校区"), (1, "二"), (2, "三"), (10_000, "三")])
async def test_the_state_as_of_an_instant(api: Api, hours: float, name: str) -> None:
    """An instant sees what had been recorded by then; one to come sees what is there."""
    start = api.clock.now
    registrar, at, _ = await _lived(api)

    instant = quote((start + timedelta(hours=hours)).isoformat())
    read = await registrar.get(f"{at}?as_of={instant}")

    assert read.json()["state"]["name"] == name


async def test_an_unencoded_offset_is_understood(api: Api) -> None:
    """A plus sign in an address arrives as a space; what is meant is plain."""
    registrar, at, _ = await _lived(api)

    read = await registrar.get(f"{at}?as_of=2099-01-01T00:00:00+08:00")

    assert read.json()["state"]["name"] == "三"


@pytest.mark.parametrize("moment", ["0", "2020-01-01T00:00:00Z", "0001-01-01T00:00:00%2B14:00"])
async def test_before_its_creation_there_is_nothing(api: Api, moment: str) -> None:
    """Not an empty state, but nothing at all."""
    registrar, at, _ = await _lived(api)

    assert problem_of(await registrar.get(f"{at}?as_of={moment}"), 404, "not_found")


@pytest.mark.parametrize(
    "moment",
    ["", "yesterday", "2026-03-02", "2026-03-02T09:00:00", "-1", "1.5", "9" * 19, "9" * 20, "9" * 6000, "%00", "%ff",
     "%ED%A0%80", "2026-13-01T00:00:00Z", "٣"],
)  # fmt: skip
async def test_what_is_no_moment_is_refused(api: Api, moment: str) -> None:
    """Naive times, dates and numbers beyond the store's range among them."""
    registrar, at, _ = await _lived(api)

    assert problem_of(await registrar.get(f"{at}?as_of={moment}"), 400, "bad_as_of")["field"] == "/as_of"


async def test_the_history_says_who_did_what_when_and_under_which_command(api: Api) -> None:
    """Each event with its place, instant in the tenant's zone, actor, roles and the client's correlation id."""
    registrar, at, _ = await _lived(api)
    await registrar.post(f"{at}/revise-project", REVISION, headers={"Kaohe-Correlation-Id": "case-7"})

    entries = (await registrar.get(f"{at}/history")).json()["items"]

    assert [entry["version"] for entry in entries] == [1, 2, 3, 4]
    assert [entry["position"] for entry in entries] == sorted(entry["position"] for entry in entries)
    assert entries[0]["recorded_at"] == "2026-03-02T09:00:00+08:00"
    last = entries[-1]
    assert (last["type"], last["command"]) == ("property_project.revised", "property_project.revise_project")
    assert (last["actor_kind"], last["actor_id"], last["roles"]) == ("member", str(registrar.member), ["registrar"])
    assert last["correlation"] == "case-7"
    assert last["event"]["name"] == "新名"


@pytest.mark.clause("R14.6")
async def test_the_history_names_clause_and_rule_version(api: Api) -> None:
    """An event that applied rules says which clause and which version, in itself and in its metadata."""
    admin = await api.tenant()
    registrar = await api.member(admin, "registrar", "assessor")
    await adopt(admin)
    at = f"/v1/property-projects/{await register(registrar)}"
    await registrar.post(f"{at}/open-month", {"month": "2026-03"})

    opened = (await registrar.get(f"{at}/history")).json()["items"][-1]

    assert opened["type"] == "property_project.month_opened"
    assert opened["event"]["clause"].startswith("R14")
    assert (opened["event"]["rule_version"], opened["rules"]) == (1, {"R14": 1})
    adopted = (await registrar.get(f"/v1/rule-books/{book_of(admin)}/history")).json()["items"][0]
    assert adopted["event"]["version"] == 1


async def test_a_history_is_read_page_by_page(api: Api) -> None:
    """The pages together are the whole, each as long as asked for, and the last one says so."""
    registrar, at, history = await _lived(api)
    pages: list[list[dict[str, Any]]] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await registrar.get(f"{at}/history?limit=2" + (f"&cursor={cursor}" if cursor else ""))).json()
        pages.append(page["items"])
        cursor = page["next"]

    assert [len(page) for page in pages] == [2, 1]
    assert [entry for page in pages for entry in page] == history


@pytest.mark.parametrize("limit", ["0", "-1", "201", "x", "", "1.0", "0000000019999", "9" * 5000, "²"])
async def test_a_page_has_a_bounded_size(api: Api, limit: str) -> None:
    """1 to 200, whatever the number is written with."""
    registrar, at, _ = await _lived(api)

    assert problem_of(await registrar.get(f"{at}/history?limit={limit}"), 400, "bad_limit")


@pytest.mark.parametrize(
    "cursor", ["", "x", "!!!!", "bnVsbA", "LTE", "Ilx1MDAwMCI", "MjE0NzQ4MzY0OA", "%ff", "é", "A" * 9000]
)
async def test_a_cursor_is_one_of_ours(api: Api, cursor: str) -> None:
    """null, -1, a NUL, a number beyond the store's, and what is no cursor at all."""
    registrar, at, _ = await _lived(api)

    assert problem_of(await registrar.get(f"{at}/history?cursor={cursor}"), 400, "bad_cursor")


@pytest.mark.parametrize("query", ["", "?cursor=OTk5"])
async def test_the_history_of_nothing_is_not_found(api: Api, query: str) -> None:
    """Also beyond its end, and under another noun's address."""
    registrar, at, _ = await _lived(api)
    stream = at.rsplit("/", 1)[1]

    problem_of(await registrar.get(f"/v1/property-projects/{uuid4()}/history{query}"), 404, "not_found")
    problem_of(await registrar.get(f"/v1/assessments/{stream}/history{query}"), 404, "not_found")
    problem_of(await registrar.get(f"/v1/assessments/{stream}"), 404, "not_found")
    assert (await registrar.get(f"{at}/history?cursor=OTk5")).json() == {"items": [], "next": None}
