"""The papers of a case over HTTP: read by whoever may read the case, kept from whom it is kept (R4.17, R4.21)."""

import msgspec
import pytest

from services.settings import Settings
from services.worker.settling import settle
from tests.services.accountability_given import College, college_of, done
from tests.services.conftest import Api
from tests.services.crowd import problem_of
from tests.services.test_documents import listed

DOCUMENTS = "/v1/documents"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while months pass."""
    return msgspec.structs.replace(settings, session_hours=24 * 1000)


@pytest.fixture
async def college(api: Api) -> College:
    """A college that works under the shipped rules."""
    return await college_of(api)


async def papers(college: College, who: str, case: str) -> dict[str, str]:
    """Kind → id of the documents about a case that somebody sees in the list."""
    await settle(college.api.desk.runtime, college[who].tenant)
    return {each["kind"]: each["document_id"] for each in await listed(college[who], f"?subject_id={case}")}


@pytest.mark.clause("R4.16", "R4.17")
async def test_a_served_case_has_its_papers(college: College) -> None:
    """Report, decision with rights, and the proof of service as it was recorded, each with its number."""
    case = await college.served()
    found = await papers(college, "office", case)
    pages = {kind: (await college["office"].get(f"{DOCUMENTS}/{one}/html")).text for kind, one in found.items()}

    assert found.keys() == {"investigation_report", "accountability_decision", "proof_of_service"}
    assert "查明属实" in pages["investigation_report"]
    assert "权利告知" in pages["accountability_decision"]
    assert "李某" in pages["accountability_decision"]
    assert "问责〔" in pages["proof_of_service"]
    assert "本文书更正并代替" in pages["proof_of_service"]
    assert (await college["office"].get(f"{DOCUMENTS}/{found['accountability_decision']}/pdf")).status_code == 200


@pytest.mark.clause("R4.21")
async def test_papers_are_kept_from_whom_the_case_is_kept(college: College) -> None:
    """Whoever comes to have an interest sees none of them any more, in no form and in no list."""
    case = await college.heard()
    report = (await papers(college, "second", case))["investigation_report"]
    assert (await college["second"].get(f"{DOCUMENTS}/{report}")).status_code == 200
    await college.done("office", case, "record-relative", person=college.id("second"), relation="配偶")

    for how in ("", "/html", "/pdf", "/history"):
        problem_of(await college["second"].get(f"{DOCUMENTS}/{report}{how}"), 403, "kept_from_reader")
        assert (await college["lead"].get(f"{DOCUMENTS}/{report}{how}")).status_code == 200
    assert await papers(college, "second", case) == {}
    assert report in (await papers(college, "lead", case)).values()


@pytest.mark.clause("R4.17")
async def test_papers_are_for_those_who_may_read_cases(college: College) -> None:
    """Somebody with every right over documents, but none to cases, reads none and voids none; the office voids."""
    case = await college.heard()
    report = (await papers(college, "office", case))["investigation_report"]
    outsider = await college.api.member(college["admin"], "sales_director")
    for how in ("", "/html", "/pdf", "/history"):
        problem_of(await outsider.get(f"{DOCUMENTS}/{report}{how}"), 403, "forbidden")
    assert await listed(outsider, f"?subject_id={case}") == []
    problem_of(await outsider.post(f"{DOCUMENTS}/{report}/void-document", {"reason": "误制"}), 403, "forbidden")
    problem_of(await college["lead"].post(f"{DOCUMENTS}/{report}/void-document", {"reason": "误制"}), 403, "forbidden")
    voided = await college["office"].post(f"{DOCUMENTS}/{report}/void-document", {"reason": "误制"})
    assert done(voided)["events"][0]["reason"] == "误制"
    again = await college["office"].post(f"{DOCUMENTS}/{report}/void-document", {"reason": "误制"})
    problem_of(again, 409, "document_voided")
    problem_of(await college["office"].post(f"{DOCUMENTS}/{report}/void-document", {}), 422)
