"""A fee notice whose charges were reversed: genuine still, and said to ask for what was taken back, and since when."""

import re
from uuid import UUID

import msgspec
import pytest

from services.settings import Settings
from tests.services.conftest import Api
from tests.services.fees_given import Estate, estate_of
from tests.services.test_fees_http import table, texts

APRIL = (2026, 4, 2)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while months pass."""
    return msgspec.structs.replace(settings, session_hours=24 * 400)


@pytest.fixture
async def estate(api: Api) -> Estate:
    """A company whose one unit was charged for March by the period."""
    estate = await estate_of(api)
    await estate.open_period()
    await estate.units([1])
    await estate.at(*APRIL)
    await estate.close()
    await estate.settle()
    return estate


async def bulk_code(estate: Estate) -> str:
    """The code on the notice that was made in bulk."""
    page = texts((await estate["finance"].get(f"/v1/fee-periods/{estate.period()}/notices.pdf")).content)[0]
    found = re.search(r"核验码：([0-9A-Z-]+)", page)
    assert found is not None
    return found[1]


async def single(estate: Estate) -> tuple[UUID, str]:
    """A notice drawn up by itself, and the code on it."""
    asked = {"kind": "fee_notice", "subject_id": str(estate.account(1))}
    answer = await estate["finance"].post("/v1/documents", asked)
    assert answer.status_code == 201, answer.text
    await estate.settle()
    page = (await estate["finance"].get(f"/v1/documents/{answer.json()['id']}/html")).text
    found = re.search(r"核验码：<code>([0-9A-Z-]+)</code>", page)
    assert found is not None
    return UUID(answer.json()["id"]), found[1]


async def reverse(estate: Estate, number: int) -> None:
    """Finance takes back what the closing charged in the name of its operator, another of finance."""
    other = await estate.api.member(estate.admin, "finance")
    path = f"/v1/fee-accounts/{estate.account(1)}/reverse-fee-entry"
    answer = await other.post(path, {"number": number, "reason": "计费有误"})
    assert answer.status_code == 200, answer.text
    await estate.settle()


async def verified(estate: Estate, code: str) -> tuple[str, bool, object, str]:
    """How a paper stands, whether it counts, what was taken back; and the page for people."""
    told = await estate.api.http.get(f"/v1/documents/verify/{code}")
    assert told.status_code == 200, told.text
    page = await estate.api.http.get(f"/d/{code}")
    return told.json()["status"], told.json()["counts"], told.json()["taken_back"], page.text


@pytest.mark.clause("R13.4.2.1", "R13.4.2.7")
async def test_both_kinds_of_notice_say_what_was_taken_back_and_since_when(estate: Estate) -> None:
    """First a part, then all of it, each with its day; number and digest stay, and the paper is still found."""
    codes = [await bulk_code(estate), (await single(estate))[1]]
    before = [(await estate.api.http.get(f"/v1/documents/verify/{code}")).json() for code in codes]
    assert [(each["status"], each["counts"], each["taken_back"]) for each in before] == [("issued", True, None)] * 2
    await estate.at(2026, 4, 3)
    await reverse(estate, 1)
    for code in codes:
        status, counts, taken, page = await verified(estate, code)
        assert (status, counts) == ("taken_back_in_part", True)
        assert taken == {"extent": "part", "since": "2026-04-03"}
        assert "部分已冲销" in page
        assert "2026-04-03" in page
    await estate.at(2026, 4, 5)
    await reverse(estate, 2)
    for code, old in zip(codes, before, strict=True):
        status, counts, taken, page = await verified(estate, code)
        assert (status, counts, taken) == ("taken_back", False, {"extent": "all", "since": "2026-04-05"})
        assert "由本系统签发" in page
        assert "所列款项已冲销" in page
        now = (await estate.api.http.get(f"/v1/documents/verify/{code}")).json()
        kept = ("kind", "reference", "organisation", "issued_on", "digest")
        assert [now[field] for field in kept] == [old[field] for field in kept]


@pytest.mark.clause("R13.4.2.1", "R13.4.2.7")
async def test_the_list_says_so_and_a_reprint_is_stamped(estate: Estate) -> None:
    """The row of the list, the page of the single notice, the PDF in bulk."""
    document, _ = await single(estate)
    [row] = (await estate.read("/v1/documents", kind="fee_notice"))["items"]
    assert (row["status"], row["taken_back"]) == ("issued", None)
    await reverse(estate, 1)
    await reverse(estate, 2)
    [row] = (await estate.read("/v1/documents", kind="fee_notice"))["items"]
    assert row["document_id"] == str(document)
    assert (row["status"], row["taken_back"]) == ("taken_back", {"extent": "all", "since": "2026-04-02"})
    assert "冲销" in row["status_label"]["zh"]
    assert "已冲销" in (await estate["finance"].get(f"/v1/documents/{document}/html")).text
    printed = await estate["finance"].get(f"/v1/fee-periods/{estate.period()}/notices.pdf")
    assert "已冲销" in texts(printed.content)[0]
    sheet = await table(estate, f"/v1/fee-periods/{estate.period()}/notices.xlsx")
    assert [row[-1] for row in sheet] == ["冲销", "全部 2026-04-02"]


@pytest.mark.clause("R13.4.2.1", "R13.4.2.7")
async def test_other_papers_and_other_reversals_change_nothing(estate: Estate) -> None:
    """A payment that is taken back, or a charge made since, is nothing that the paper asked for; void stays void."""
    document, code = await single(estate)
    at = f"/v1/fee-accounts/{estate.account(1)}"
    await estate.send(f"{at}/receive-fee", {"amount_fen": 500, "reference": "现金"})
    service = {"item": "home_repair", "quantity": "1", "done_on": "2026-04-02", "reference": "工单-1"}
    await estate.send(f"{at}/charge-service", service)
    for number in (3, 4):
        await reverse(estate, number)
    assert (await verified(estate, code))[:3] == ("issued", True, None)
    director = await estate.api.member(estate.admin, "deputy_director", "finance")
    voided = await director.post(f"/v1/documents/{document}/void-document", {"reason": "误制"})
    assert voided.status_code == 200, voided.text
    await reverse(estate, 1)
    assert (await verified(estate, code))[:2] == ("voided", False)
