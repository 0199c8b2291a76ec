"""Whoever holds a paper learns whether it is genuine, and nothing else (no account, no tenant to be guessed)."""

import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.documents.codes import MAX_LENGTH, code_of, parse_code
from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of
from tests.services.test_documents import form_of, lodge, office, sent

TOLD = {
    "kind",
    "kind_label",
    "reference",
    "organisation",
    "issued_on",
    "digest",
    "status",
    "status_label",
    "counts",
    "replaced_by",
    "taken_back",
}


async def code_on(caller: Caller, document: UUID) -> str:
    """The code that stands on a document's page."""
    page = (await caller.get(f"/v1/documents/{document}/html")).text
    found = re.search(r"核验码：<code>([0-9A-Z-]+)</code>", page)
    assert found is not None
    return found[1]


async def test_a_paper_is_verified_without_an_account(api: Api) -> None:
    """Kind, number, organisation, date, digest and that it counts: for programs and for people."""
    admin, clerk = await office(api)
    complaint = await lodge(api, clerk)
    code = await code_on(clerk, form_of(complaint))
    state = (await clerk.get(f"/v1/documents/{form_of(complaint)}")).json()["state"]

    told = await api.http.get(f"/v1/documents/verify/{code}")
    page = await api.http.get(f"/d/{code}")

    assert told.status_code == page.status_code == 200
    assert told.json().keys() == TOLD
    assert told.json()["digest"] == state["digest"]
    assert (told.json()["reference"], told.json()["counts"]) == ("诉〔2026〕1号", True)
    assert told.json()["organisation"] == f"组织 {admin.slug}"
    assert "诉〔2026〕1号" in page.text
    assert state["digest"] in page.text
    assert "现行有效" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_nothing_of_what_the_paper_is_about_is_told(api: Api) -> None:
    """Neither the subject, nor its text, nor anybody's name or id."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk, subject="机密事由", description="不应外泄的内容")
    code = await code_on(clerk, form_of(complaint))
    for address in (f"/v1/documents/verify/{code}", f"/d/{code}"):
        text = (await api.http.get(address)).text
        for secret in ("机密事由", "不应外泄", str(complaint), str(clerk.member), str(form_of(complaint)), "销售部"):
            assert secret not in text


async def test_a_code_is_read_as_people_type_it(api: Api) -> None:
    """In small letters, without dashes, with blanks, an O for a zero."""
    _, clerk = await office(api)
    code = await code_on(clerk, form_of(await lodge(api, clerk)))
    for typed in (
        code.lower(),
        code.replace("-", ""),
        code.replace("-", " "),
        code.replace("0", "O").replace("1", "l"),
    ):
        assert (await api.http.get(f"/v1/documents/verify/{typed}")).status_code == 200, typed


async def test_a_void_and_a_superseded_paper_say_so(api: Api) -> None:
    """They are genuine, and no longer count; what stands in their place is named by its number."""
    _, clerk = await office(api)
    complaint = await lodge(api, clerk)
    old = form_of(complaint)
    code = await code_on(clerk, old)
    ask = {"kind": "complaint_form", "subject_id": str(complaint), "replaces": str(old)}
    new = UUID((await sent(clerk.post("/v1/documents", ask))).json()["id"])
    await settle(api.desk.runtime, clerk.tenant)
    later = await code_on(clerk, new)
    await sent(clerk.post(f"/v1/documents/{new}/void-document", {"reason": "误制"}))
    await settle(api.desk.runtime, clerk.tenant)

    first = (await api.http.get(f"/v1/documents/verify/{code}")).json()
    second = (await api.http.get(f"/v1/documents/verify/{later}")).json()
    assert (first["status"], first["counts"], first["replaced_by"]) == ("superseded", False, "诉〔2026〕2号")
    assert (second["status"], second["counts"]) == ("voided", False)
    assert "已不再有效" in (await api.http.get(f"/d/{later}")).text
    assert "误制" not in (await api.http.get(f"/d/{later}")).text


async def test_wrong_and_foreign_codes_look_alike(api: Api) -> None:
    """A changed sign, another tenant, one that there is not, nonsense: one and the same 404."""
    _, clerk = await office(api)
    code = await code_on(clerk, form_of(await lodge(api, clerk)))
    other, _ = await office(api)
    right = parse_code(code)
    assert right is not None
    wrong = [
        code[:-2] + ("00" if code[-2:] != "00" else "44"),
        code_of(other.tenant, right.verification),
        code_of(uuid4(), right.verification),
        code_of(clerk.tenant, "00" * 10),
        "nonsense",
        "U" * 42,
        "x" * (MAX_LENGTH + 1),
        code + "0",
    ]
    answers = [problem_of(await api.http.get(f"/v1/documents/verify/{each}"), 404, "not_found") for each in wrong]
    assert len({(answer["detail"], answer["detail_en"], answer.get("details") is None) for answer in answers}) == 1
    pages = {(await api.http.get(f"/d/{each}")).text for each in wrong}
    assert len(pages) == 1


async def test_guessing_is_slowed_down(api: Api) -> None:
    """After a burst from one address further codes are turned away, right or wrong."""
    limited = replace(api.desk.settings, login_rate=0.001, login_burst=3)
    api.desk.logins = type(api.desk.logins)(limited.login_rate, limited.login_burst, lambda: 0.0)
    answers = [await api.http.get(f"/v1/documents/verify/{code_of(uuid4(), '00' * 10)}") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
    assert "retry-after" in answers[-1].headers


@given(tenant=st.uuids(), secret=st.binary(min_size=10, max_size=10))
def test_a_code_leads_back_to_tenant_and_secret(tenant: UUID, secret: bytes) -> None:
    """Written and read, it is the same; seven groups of six signs none of which is taken for another."""
    code = code_of(tenant, secret.hex())
    read = parse_code(code)
    assert read is not None
    assert (read.tenant, read.verification) == (tenant, secret.hex())
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{6}-){6}[0-9A-HJKMNP-TV-Z]{6}", code)


@given(st.text(max_size=90))
def test_any_text_is_a_code_or_none(text: str) -> None:
    """Nothing that is typed breaks the reading of it."""
    found = parse_code(text)
    assert found is None or len(bytes.fromhex(found.verification)) == 10


@pytest.mark.parametrize("method", ["post", "put", "delete"])
async def test_verification_is_only_read(api: Api, method: str) -> None:
    """Other methods are not taken."""
    answer = await getattr(api.http, method)(f"/v1/documents/verify/{code_of(uuid4(), '00' * 10)}")
    assert problem_of(answer, 405)
