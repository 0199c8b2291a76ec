"""An accountability case over HTTP, from the report to the closed file, each step by the person whose it is (R4)."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from domain.kernel import derived_id
from services.settings import Settings
from tests.services.accountability_given import CASES, MATTER, ROLES, College, college_of, done, verdict
from tests.services.conftest import Api
from tests.services.crowd import another_process, elsewhere, problem_of


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """People stay signed in while months pass."""
    return msgspec.structs.replace(settings, session_hours=24 * 1000)


@pytest.fixture
async def college(api: Api) -> College:
    """A college that works under the shipped rules."""
    return await college_of(api)


async def entries(college: College, kind: str, subject: str) -> list[dict[str, Any]]:
    """The entries of a ledger, as the auditor reads them."""
    ledger = derived_id("penalty_ledger", kind, subject)
    return list(done(await college["auditor"].get(f"/v1/penalty-ledgers/{ledger}"))["state"]["entries"].values())


@pytest.mark.clause("R4.12", "R4.14")
async def test_a_report_goes_to_a_team_step_by_step(college: College) -> None:
    """Reported, verified, proposed, initiated, a team formed; what each gets wrong is said to him."""
    case = await college.reported()
    await college.done("reporter", case, "add-information", text="附合同复印件")
    await college.refused("group", case, "decide-initiation", 409, "case_reported", initiate=True, reason="急")
    unknown = await college.refused(
        "office", case, "record-verification", 422, "ground_unknown", founded=True, findings="属实", grounds=["mood"]
    )
    missing = {"founded": True, "findings": "属实"}
    await college.refused("office", case, "record-verification", 422, "ground_missing", **missing)
    await college.done("office", case, "record-verification", **missing, grounds=["works_and_purchasing"])
    await college.done("office", case, "name-respondent", respondent=college.unit())
    await college.refused("office", case, "name-respondent", 422, "respondent_named_already", respondent=college.unit())
    await college.done("office", case, "propose-accountability", proposal="建议问责")
    await college.done("group", case, "decide-initiation", initiate=True, reason="应予追究")
    team = [college.id("lead"), college.id("clerk")]
    seated = await college.refused(
        "group", case, "form-team", 422, "interested_person_named", members=team, leader=team[0]
    )
    await college.refused("group", case, "form-team", 422, "team_too_small", members=team[:1], leader=team[0])
    team[1] = college.id("second")
    await college.done("group", case, "form-team", members=team, leader=team[0])

    assert unknown["clause"] == "R4.10"
    assert seated["clause"] == "R4.21"
    assert (await college.state(case))["status"] == "investigating"


@pytest.mark.clause("R4.12")
async def test_what_is_wrong_with_a_report_is_said(college: College) -> None:
    """A source that is none, an empty account, a field too many, a person without an id: field and code each."""
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"source": "rumour"}, "source_unknown"),
        ({"account": ""}, "invalid_value"),
        ({"severity": "grave"}, "unknown_field"),
        ({"grounds": ["mood"]}, "ground_unknown"),
        ({"grounds": ["office_abused"]}, "handled_case_missing"),
        ({"respondents": [{"kind": "person", "name": "李某"}]}, "person_missing"),
        ({"respondents": [college.clerk(), college.clerk()]}, "respondent_named_already"),
        ({"evidence": ["abc\n"]}, "invalid_value"),
    ]
    for changes, code in wrong:
        answer = await college["reporter"].post(f"{CASES}/report-matter", {**MATTER, **changes})
        problem = problem_of(answer, 422, code)
        assert problem["field"].startswith(f"/{next(iter(changes))}") or code == "unknown_field", problem


@pytest.mark.clause("R4.12", "R4.21")
async def test_nobody_sees_or_does_what_is_not_his(college: College) -> None:
    """Others do not even read the case; a stranger finds none; a role does not do another's part."""
    case = await college.reported()
    everything = [role for roles in ROLES.values() for role in roles]
    stranger = await college.api.member(await college.api.tenant(), *everything)
    for who in ("reporter", "clerk", "outsider", "admin"):
        assert problem_of(await college[who].get(f"{CASES}/{case}"), 403, "forbidden")
    assert problem_of(await stranger.get(f"{CASES}/{case}"), 404, "not_found")
    assert problem_of(await stranger.post(f"{CASES}/{case}/close-case", {"note": "无"}), 404, "not_found")
    assert await college.refused(
        "outsider", case, "record-verification", 403, "forbidden", founded=False, findings="无"
    )
    assert await college.refused("office", case, "decide-initiation", 403, "forbidden", initiate=True, reason="急")
    assert await college.refused("auditor", case, "add-information", 403, "forbidden", text="内容")
    assert await college.refused("office", case, "lapse-stage", 404, "not_found", key="verification")


@pytest.mark.clause("R4.21")
async def test_interested_people_are_refused_and_told_why(college: College) -> None:
    """An officer who reported, one who withdrew, one recused on request: each act names the interest."""
    body = {**MATTER, "respondents": [college.clerk()]}
    case = done(await college["office"].post(f"{CASES}/report-matter", body))["id"]
    verify = {"founded": False, "findings": "无"}
    own = await college.refused("office", case, "record-verification", 403, "interested_person", **verify)
    other = await college.investigating()
    await college.done("second", other, "declare-recusal", ground="interest", reason="曾共事")
    await college.refused("lead", other, "submit-investigation-report", 409, "team_incomplete", report="属实")
    asked = await college.done(
        "clerk", other, "request-recusal", person=college.id("lead"), ground="interest", reason="有矛盾"
    )
    request = asked["events"][0]["request_id"]
    await college.done("group", other, "decide-recusal", request_id=request, granted=True, reason="属实")
    gone = await college.refused("lead", other, "request-extension", 403, "interested_person", reason="复杂")

    assert (own["clause"], own["details"]["interest"]) == ("R4.21", "reporter")
    assert gone["details"]["interest"] == "recused"


@pytest.mark.clause("R4.21")
async def test_a_case_is_not_read_by_whom_it_concerns(college: College) -> None:
    """An investigator who is named, and an officer who reported, may no longer read it, also not as it stood before."""
    case = await college.investigating()
    before = college.api.clock.now.isoformat()
    assert done(await college["second"].get(f"{CASES}/{case}"))["state"]["reporter"] == college.id("reporter")
    college.api.clock.forward(hours=1)
    named = {"kind": "person", "name": "张某", "person": college.id("second"), "responsibility": "direct"}
    await college.done("lead", case, "name-respondent", respondent=named)
    own = done(await college["office"].post(f"{CASES}/report-matter", {**MATTER, "respondents": [college.clerk()]}))[
        "id"
    ]

    for who, which in (("second", case), ("office", own)):
        for path in (f"{CASES}/{which}", f"{CASES}/{which}/history"):
            problem_of(await college[who].get(path), 403, "kept_from_reader")
    await college.settle()
    for path in (CASES, "/v1/reports/accountability-limits"):
        listed = {
            who: {each["case_id"] for each in done(await college[who].get(path))["items"]} for who in ("second", "lead")
        }
        assert case in listed["lead"]
        assert case not in listed["second"]
    late = {"as_of": before}
    problem_of(await college["second"].get(f"{CASES}/{case}", params=late), 403, "kept_from_reader")
    problem_of(await college["second"].get(f"{CASES}/{case}/history", params=late), 403, "kept_from_reader")
    assert done(await college["lead"].get(f"{CASES}/{case}"))["state"]["status"] == "investigating"


@pytest.mark.clause("R4.16", "R4.11")
async def test_an_investigation_that_is_late_goes_up_the_ladder(college: College) -> None:
    """Extended once on approval; then reminded of, overdue, told to the group and to the committee; each once."""
    case = await college.investigating()
    await college.done("lead", case, "request-extension", reason="复杂")
    await college.refused("lead", case, "request-extension", 409, "extension_pending", reason="复杂")
    await college.done("group", case, "decide-extension", approved=True, reason="同意")
    await college.refused("lead", case, "request-extension", 409, "extended_already", reason="仍复杂")
    due_at = datetime.fromisoformat((await college.state(case))["clocks"]["investigation"]["due_at"])
    for _ in range(70):
        college.api.clock.forward(days=1)
        await college.settle()
    told = [event for event in await college.history(case) if event.get("key") == "investigation"]

    assert due_at > datetime(2026, 4, 10, tzinfo=UTC)
    assert [event["type"].partition(".")[2] for event in told] == [
        "stage_reminded",
        "stage_reminded",
        "stage_overdue",
        "stage_escalated",
        "stage_escalated",
    ]
    assert [event["role"] for event in told] == [
        "investigator",
        "investigator",
        "investigator",
        "leading_group",
        "committee_secretary",
    ]
    reported = await college.done("lead", case, "submit-investigation-report", report="属实")
    assert reported["events"][0]["late"] is True


@pytest.mark.clause("R4.7", "R4.17")
async def test_the_committee_is_held_to_the_matrix_and_the_office_to_the_rights(college: College) -> None:
    """What may not be imposed names its cell; a decision without rights is not served; twice it is not either."""
    case = await college.heard()
    key = await college.respondent(case)
    refused = await college.refused(
        "secretary",
        case,
        "resolve",
        422,
        "form_not_admissible",
        **college.resolution(verdict(key, "minor", "resignation_or_dismissal")),
    )
    biased = {**college.resolution(verdict(key, "minor", "talk")), "attendees": [college.id("reporter")]}
    await college.refused("secretary", case, "resolve", 422, "interested_person_named", **biased)
    await college.done("secretary", case, "resolve", **college.resolution(verdict(key, "minor", "talk")))
    service = college.service(key)
    await college.refused(
        "office", case, "serve-decision", 422, "rights_not_stated", **{**service, "rights_stated": False}
    )
    await college.done("office", case, "serve-decision", **service)
    await college.refused("office", case, "serve-decision", 409, "served_already", **service)

    cell = refused["details"]
    assert refused["field"] == "/verdicts/0/forms/0"
    assert (cell["row"], cell["severity"], cell["admissible"]) == (
        "direct",
        "minor",
        ["talk", "self_criticism"],
    )


@pytest.mark.clause("R4.5", "R4.8", "R4.18", "R4.19", "R4.22")
async def test_a_decision_is_carried_out_reviewed_changed_filed_and_closed(college: College) -> None:
    """The ledger follows: sanctions and effect, their reversal, then the milder ones; at last the case is closed."""
    case = await college.served("serious", ("circulated", "suspension_or_transfer"))
    key = await college.respondent(case)
    await college.settle()
    before = await entries(college, "person", college.id("clerk"))
    ask = {"respondent_id": key, "reasons": "过重"}
    await college.refused("office", case, "request-review", 403, "not_the_respondent", **ask)
    asked = await college.done("clerk", case, "request-review", **ask)
    step = {"respondent_id": key, "done_on": college.today, "note": "已办"}
    moved = {**step, "form": "suspension_or_transfer"}
    await college.done("personnel", case, "record-execution", **moved, step="suspended")
    await college.refused("personnel", case, "record-execution", 422, "step_taken_already", **moved, step="suspended")
    milder = verdict(key, "serious", "self_criticism", attitude="lighter", attitude_reason="主动整改")
    review = {"respondent_id": key, "outcome": "changed", "reason": "酌情从轻"}
    await college.refused("group", case, "decide-review", 422, "verdict_out_of_place", **review)
    await college.refused("clerk", case, "decide-review", 403, "forbidden", **review, verdict=milder)
    decided = (await college.done("group", case, "decide-review", **review, verdict=milder))["events"][0]
    await college.settle()
    after = await entries(college, "person", college.id("clerk"))

    assert asked["events"][0]["execution_suspended"] is False
    assert decided["carried_out_meanwhile"] == ["suspended"]
    assert sorted((one["kind"], one["form"] or one["effect"]) for one in before) == [
        ("effect", "not_competent"),
        ("sanction", "circulated"),
        ("sanction", "suspension_or_transfer"),
    ]
    standing = sorted(one["form"] or one["effect"] for one in after if one["status"] == "issued")
    assert standing == ["not_excellent", "self_criticism"]
    await _finish(college, case, key)


async def _finish(college: College, case: str, key: str) -> None:
    """Carry out what is left, file both decisions, close."""
    owed = await college.refused("office", case, "close-case", 409, "still_owed", note="办结")
    assert owed["details"]["owed"] == [f"correction:{key}:self_criticism", "filing", f"filing:{key}"]
    step = {"respondent_id": key, "done_on": college.today, "note": "已办", "form": "self_criticism"}
    await college.refused(
        "personnel", case, "record-execution", 422, "step_too_early", **step, step="correction_confirmed"
    )
    for done_step in ("self_criticism_received", "correction_confirmed"):
        await college.done("personnel", case, "record-execution", **step, step=done_step)
    await college.done("personnel", case, "file-with-personnel", reference="备案-1")
    await college.refused("personnel", case, "file-with-personnel", 409, "filed_already", reference="备案-1")
    await college.done("personnel", case, "file-with-personnel", respondent_id=key, reference="备案-2")
    await college.done("office", case, "close-case", note="办结")
    await college.refused("office", case, "close-case", 409, "case_closed", note="办结")


@pytest.mark.clause("R4.18")
async def test_a_review_not_asked_for_in_time_is_refused(college: College) -> None:
    """The right lapses with the last second of the tenth working day."""
    case = await college.served()
    key = await college.respondent(case)
    clock = (await college.state(case))["clocks"][f"review_request:{key}"]
    college.api.clock.now = datetime.fromisoformat(clock["due_at"]).astimezone(UTC)
    await college.settle()
    await college.refused("clerk", case, "request-review", 409, "too_late_for_review", respondent_id=key, reasons="迟")
    lapsed = [event for event in await college.history(case) if event["type"].endswith("review_right_lapsed")]
    assert [event["due_on"] for event in lapsed] == [clock["due_on"]]


@pytest.mark.clause("R4.23", "R4.21")
async def test_the_handlers_of_a_case_do_not_handle_the_case_about_them(college: College) -> None:
    """Reported as abuse of the office, with the case named: who handled that is refused here once told."""
    case = await college.investigating()
    abuse = await college.reported(grounds=["office_abused"], about_case=case, respondents=[])
    await college.settle()
    refused = await college.refused(
        "office", abuse, "record-verification", 403, "interested_person", founded=True, findings="属实"
    )
    assert refused["details"]["interest"] == "handler_of_the_case_at_issue"


@pytest.mark.clause("R4.14")
async def test_two_cases_are_merged_by_the_worker(college: College) -> None:
    """The one lives on in the other; into a case of another tenant, as into none, nothing goes."""
    case, other = await college.reported(), await college.reported(respondents=[college.unit()])
    foreign = await (await college_of(college.api)).reported()
    await college.done("office", other, "request-merge", into=case, reason="同案")
    waits = {"founded": False, "findings": "无"}
    await college.refused("office", other, "record-verification", 409, "merge_pending", **waits)
    await college.settle()
    third = await college.reported()
    await college.done("office", third, "request-merge", into=foreign, reason="同案")
    await college.settle()
    college.api.clock.forward(days=2)
    await college.settle()
    await college.done("office", third, "record-verification", **waits)

    assert (await college.state(other))["status"] == "merged"
    assert len((await college.state(case))["parties"]) == 2
    assert (await college.state(third))["status"] == "dismissed"


@pytest.mark.clause("R4.13")
async def test_a_complaint_is_referred_and_becomes_a_case(college: College) -> None:
    """By the office, once; the worker reports the case under the id that the complaint names."""
    done(await college["admin"].post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-03-01"}))
    desk = await college.api.member(college["admin"], "service_desk")
    form = {"complainant": "customer", "kind": "contract", "subject": "收费不开票", "description": "多次"}
    complaint = done(await desk.post("/v1/complaints", form))["id"]
    path = f"/v1/complaints/{complaint}/refer-to-accountability"
    problem_of(await desk.post(path, {"reason": "失职"}), 403, "forbidden")
    case = done(await college["office"].post(path, {"reason": "失职"}))["events"][0]["case_id"]
    problem_of(await college["office"].post(path, {"reason": "失职"}), 409, "referred_already")
    await college.settle()
    state = await college.state(case)

    assert (state["complaint_id"], state["source"], state["matter"]) == (complaint, "complaint", "收费不开票")


@pytest.mark.clause("R4.14")
@pytest.mark.parametrize("act", ["initiation", "review"])
async def test_of_fifty_that_exclude_each_other_one_is_done(college: College, act: str) -> None:
    """From two processes at once, half to one end and half to the other: one outcome, forty-nine clear refusals."""
    if act == "initiation":
        case, command, codes = await college.proposed(), "decide-initiation", {"case_investigating", "case_dismissed"}
        bodies = [{"initiate": answer, "reason": "研究决定"} for answer in (True, False)]
    else:
        case, command, codes = await college.served(), "decide-review", {"no_review_pending"}
        key = await college.respondent(case)
        await college.done("clerk", case, "request-review", respondent_id=key, reasons="不服")
        bodies = [{"respondent_id": key, "outcome": each, "reason": "复核"} for each in ("upheld", "revoked")]
    before = len(await college.history(case))
    async with another_process(college.api) as second:
        answers = await asyncio.gather(
            *(
                one.post(f"{CASES}/{case}/{command}", bodies[number % 2])
                for number in range(25)
                for one in (college["group"], elsewhere(college["deputy"], second))
            )
        )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 49
    assert {problem_of(answer, 409)["code"] for answer in answers if answer.status_code == 409} <= codes
    winner = next(answer for answer in answers if answer.status_code == 200).json()["events"]
    assert [event["type"] for event in (await college.history(case))[before:]] == [event["type"] for event in winner]


@pytest.mark.clause("R4.14")
async def test_an_auditor_reads_the_case_as_it_stood(college: College) -> None:
    """As of a moment before the decision, long after the case was decided."""
    case = await college.investigating()
    moment = college.api.clock.now.isoformat()
    college.api.clock.forward(hours=1)
    await college.done("lead", case, "submit-investigation-report", report="属实")
    college.api.clock.forward(days=300)
    assert (await college.state(case, as_of=moment))["status"] == "investigating"
    assert (await college.state(case))["status"] == "investigated"
