"""Who read what is noted, shown to auditors alone, and can not be changed by the service."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.kernel import Actor
from services.runtime.access_log import MAX_DETAIL, note
from services.settings import SettingsError, from_environment
from services.worker.purge import purge
from services.worker.work import work_of
from tests.services.conftest import Api, Caller
from tests.services.crowd import adopt, book_of, problem_of
from tests.services.lived import pages

LOG = "/v1/access-log"


async def logged(auditor: Caller, **filters: str) -> list[dict]:
    """The entries of a filter, without the readings of the log itself unless those are asked for."""
    items = await pages(auditor, LOG, **filters)
    return [each for each in items if filters.get("what") or each["what"] != "access_log"]


async def people(api: Api) -> tuple[Caller, Caller]:
    """An administrator with a rule book, and an auditor."""
    admin = await api.tenant()
    await adopt(admin)
    return admin, await api.member(admin, "auditor")


async def kept_contact(api: Api, admin: Caller) -> UUID:
    """A contact of the desk's."""
    desk = await api.member(admin, "service_desk")
    complaint = str(uuid4())
    body = {"complaint_id": complaint, "name": "王五", "phone": "010-1234567"}
    kept = await desk.post("/v1/contacts", body)
    assert kept.status_code == 201, kept.text
    return UUID(kept.json()["id"])


async def test_reading_a_history_is_noted(api: Api):
    """Who, when, in which roles, of which stream, and which versions."""
    admin, auditor = await people(api)
    book = book_of(admin)
    assert (await auditor.get(f"/v1/rule-books/{book}/history")).status_code == 200
    [entry] = await logged(auditor)
    assert (entry["what"], entry["noun"], entry["stream_id"]) == ("history", "rule_book", str(book))
    assert (entry["actor_id"], entry["roles"], entry["detail"]) == (
        str(auditor.member),
        ["auditor"],
        "after=0 limit=50",
    )
    assert datetime.fromisoformat(entry["at"]) == api.clock()
    assert entry["correlation"]


async def test_reading_an_earlier_moment_is_noted_and_the_present_is_not(api: Api):
    """The moment asked for stands in the note; what everybody may see of today is not noted."""
    admin, auditor = await people(api)
    address = f"/v1/rule-books/{book_of(admin)}"
    assert (await auditor.get(address)).status_code == 200
    assert await logged(auditor) == []
    assert (await auditor.get(address, params={"as_of": "3"})).status_code == 200
    [entry] = await logged(auditor)
    assert (entry["what"], entry["detail"]) == ("as_of", "as_of=3")


@pytest.mark.clause("R11.2.1")
async def test_each_reading_of_a_contact_is_noted(api: Api):
    """Personal data is noted whoever reads it; what it says is not in the note."""
    admin, auditor = await people(api)
    contact = await kept_contact(api, admin)
    assert (await auditor.get(f"/v1/contacts/{contact}")).status_code == 200
    [entry] = await logged(auditor)
    assert (entry["what"], entry["noun"], entry["stream_id"]) == ("personal_data", "contact", str(contact))
    assert "010-1234567" not in str(entry)


async def test_reading_the_log_is_noted_with_what_was_asked(api: Api):
    """The next reader sees it."""
    _, auditor = await people(api)
    assert (await auditor.get(LOG, params={"noun": "contact"})).status_code == 200
    entries = (await auditor.get(LOG)).json()["items"]
    assert [(each["what"], each["detail"]) for each in entries] == [("access_log", "noun=contact")]


async def test_what_was_not_answered_is_not_noted(api: Api):
    """Nothing was read of a stream that does not exist, nor without permission."""
    admin, auditor = await people(api)
    contact = await kept_contact(api, admin)
    problem_of(await admin.get(f"/v1/contacts/{contact}"), 403, "forbidden")
    for path in ("/history", "?as_of=1", ""):
        problem_of(await auditor.get(f"/v1/contacts/{uuid4()}{path}"), 404, "not_found")
    assert await logged(auditor) == []


async def test_auditors_alone_read_the_log(api: Api):
    """An administrator does not."""
    admin, _ = await people(api)
    assert problem_of(await admin.get(LOG), 403, "forbidden")


async def test_the_log_is_filtered_and_paged(api: Api):
    """By person, kind, noun, stream and date; latest first, one page after the other."""
    api.clock.forward(hours=6)
    admin, auditor = await people(api)
    contact, book = await kept_contact(api, admin), book_of(admin)
    for turn, address in enumerate(
        (f"contacts/{contact}", f"rule-books/{book}/history", f"contacts/{contact}/history")
    ):
        api.clock.forward(hours=5 * bool(turn))
        assert (await auditor.get(f"/v1/{address}")).status_code == 200
        assert (await admin.get(f"/v1/rule-books/{book}/history")).status_code == 200
    every = await logged(auditor)
    assert [each["at"] for each in every] == sorted((each["at"] for each in every), reverse=True)
    own = await logged(auditor, person=str(auditor.member))
    assert [each["noun"] for each in own] == ["contact", "rule_book", "contact"]
    assert len(await logged(auditor, what="history", person=str(auditor.member))) == 2
    assert len(await logged(auditor, noun="contact")) == 2
    assert len(await logged(auditor, stream_id=str(book))) == 4
    # three and eight in the afternoon, and one in the night of the next day in Shanghai
    assert len(await logged(auditor, to="2026-03-02", noun="contact")) == 1
    assert len(await logged(auditor, **{"from": "2026-03-03"})) == 2


async def test_another_tenants_log_is_not_shown(api: Api):
    """Nor can its streams be asked for."""
    admin, auditor = await people(api)
    assert (await auditor.get(f"/v1/rule-books/{book_of(admin)}/history")).status_code == 200
    _, stranger = await people(api)
    assert await logged(stranger) == []
    assert await logged(stranger, stream_id=str(book_of(admin))) == []


@pytest.mark.parametrize("asked", ["what=nothing", "noun=A%27", "person=1", "from=yesterday", "cursor=W10", "who=me"])
async def test_what_the_log_does_not_know_is_refused(api: Api, asked: str):
    """A filter that does not fit is a problem of the request."""
    _, auditor = await people(api)
    assert problem_of(await auditor.get(f"{LOG}?{asked}"), 400)


async def test_the_detail_of_a_note_is_bounded(api: Api):
    """However long what was asked for is."""
    admin, auditor = await people(api)
    async with api.desk.runtime.database.tenant_transaction(admin.tenant) as connection:
        long = "x" * (MAX_DETAIL + 1)
        await note(connection, admin.tenant, Actor(kind="system"), api.clock(), "file", noun="file", detail=long)
    [entry] = await logged(auditor)
    assert len(entry["detail"]) == MAX_DETAIL


async def test_old_notes_go_and_no_young_one_can(api: Api):
    """The worker lets go what is older than the setting; the database keeps half a year whatever the setting says."""
    database, today = api.desk.runtime.database, datetime.now(UTC)
    api.clock.now = today
    admin, auditor = await people(api)
    noun = {"old": 2_000, "kept": 1_000, "young": 1}
    async with database.tenant_transaction(admin.tenant) as connection:
        for name, days in noun.items():
            at = today - timedelta(days=days)
            await note(connection, admin.tenant, Actor(kind="system"), at, "file", noun=name)
    await purge(work_of(api.desk.runtime), admin.tenant)
    assert [each["noun"] for each in await logged(auditor)] == ["young", "kept"]
    async with database.platform() as connection:
        await connection.execute("delete from access_log where tenant_id = $1 and at < 'infinity'", admin.tenant)
    assert [each["noun"] for each in await logged(auditor)] == ["young"]


def test_the_log_is_kept_half_a_year_at_least():
    """A shorter setting is refused."""
    given = {"KAOHE_DATABASE_URL": "postgresql://x", "KAOHE_REDIS_URL": "redis://x"}
    assert from_environment(given).access_log_days == 1096
    with pytest.raises(SettingsError):
        from_environment({**given, "KAOHE_ACCESS_LOG_DAYS": "30"})
