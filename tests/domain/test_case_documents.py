"""The papers of accountability cases: report, decisions, proof of service, review decision (R4.16 to R4.18)."""

from collections import Counter
from datetime import date

import pytest

from domain.accountability import events as e
from domain.accountability import events_after as a
from domain.document import messages as m
from domain.documents import kind_of
from domain.reactions.drawing import document_id
from tests.domain import story
from tests.domain import story_accountability as cases

CASE = cases.CASE


@pytest.fixture(scope="module")
def year():
    """The world after the whole story."""
    return story.whole_year()


def event_of(world, kind, stream=CASE):
    """The event of a kind in a case."""
    return next(event for _, other, _, event in world.log if other == stream and isinstance(event, kind))


def of_respondent(world, kind, name):
    """The document of a kind about one respondent of the case."""
    return world.state("document", document_id(kind, CASE, cases.by_name(world, CASE, name)))


def text_of(state):
    """All that a document says, in one text."""
    sheet = kind_of(state.contents).sheet(state.contents)
    rows = [f"{row.label.zh}={row.value}" for row in sheet.rows]
    return "\n".join([*rows, *(each.text for each in sheet.passages), *(each.zh for each in sheet.statement)])


@pytest.mark.clause("R4.16")
def test_the_report_has_its_cover(year):
    """Matter, respondents, the team and its leader, whether it was late, the digests of the evidence."""
    (report,) = [
        state for (noun, _), state in year.states.items() if noun == "document" and state.kind == "investigation_report"
    ]
    event = event_of(year, e.InvestigationReported)
    assert (report.clause, report.status, report.subject_id) == ("R4.16", "issued", CASE)
    assert report.contents.evidence == event.evidence
    assert report.contents.late is event.late is True
    assert [person.id for person in report.contents.members] == list(year.state(cases.NOUN, CASE).team.members)
    assert "期限=逾期提交" in text_of(report)


@pytest.mark.clause("R4.17")
def test_each_who_is_held_accountable_has_a_decision_with_his_rights(year):
    """Forms, grounds and severity in the words of the rules, the days to ask for a review, and that nothing waits."""
    event = event_of(year, e.CaseResolved)
    for verdict in event.verdicts:
        decision = of_respondent(year, "accountability_decision", verdict.respondent.name)
        text = text_of(decision)
        assert decision.contents.holding.forms == tuple(form.zh for form in verdict.forms)
        assert f"{event.review_days}个工作日" in text
        assert "不停止执行" in text
        assert all(ground.zh in text for ground in event.grounds)
        assert (decision.clause, decision.rule_version) == ("R4.17", event.rule_version)
        assert decision.readings == verdict.readings
    drawn = Counter(
        event.contents.__struct_config__.tag for *_, event in year.log if isinstance(event, m.DocumentDrawn)
    )
    accountable = sum(
        verdict.outcome == "accountable"
        for *_, event in year.log
        if isinstance(event, e.CaseResolved)
        for verdict in event.verdicts
    )
    assert drawn["accountability_decision"] == accountable


@pytest.mark.clause("R4.17")
def test_the_proof_of_service_is_first_to_be_signed_and_then_recorded(year):
    """The recorded one stands in the place of the one that was to be signed; both cite the decision."""
    event = event_of(year, a.DecisionServed)
    name = event.respondent.name
    to_sign = of_respondent(year, "proof_of_service", name)
    recorded = year.state("document", to_sign.replaced_by)
    decision = document_id("accountability_decision", CASE, event.respondent_id)
    assert (to_sign.status, to_sign.contents.service) == ("superseded", None)
    assert "□直接送达" in text_of(to_sign)
    assert recorded.contents.service.received_on == event.received_on
    assert recorded.contents.service.proof == event.proof
    assert "送达方式=直接送达" in text_of(recorded)
    for each in (to_sign, recorded):
        assert [one.document for one in kind_of(each.contents).sheet(each.contents).cited] == [decision]


@pytest.mark.clause("R4.18")
def test_a_review_has_its_decision(year):
    """What stood before, what stands now, what was in force meanwhile, and that nothing was suspended."""
    event = event_of(year, a.ReviewDecided)
    review = of_respondent(year, "review_decision", "李某")
    text = text_of(review)
    assert review.contents.outcome == event.outcome == "changed"
    assert review.contents.holding.forms == tuple(form.zh for form in event.verdict.forms)
    assert "复核结果=变更原决定" in text
    assert "从轻：主动整改" in text
    assert "未停止执行" in text
    assert review.readings == event.readings


def test_reading_a_case_s_papers_needs_the_permission_to_read_cases(year):
    """Whoever does not see cases does not see their papers."""
    decision = of_respondent(year, "accountability_decision", "李某")
    assert f"{kind_of(decision.contents).subject}.read" == "accountability_case.read"


def test_the_reporter_stands_on_no_paper(year):
    """Neither by id nor otherwise is anybody named who reported."""
    for (noun, _), state in year.states.items():
        if noun == "document" and state.subject_noun == cases.NOUN:
            assert str(cases.REPORTER) not in repr(state)
            assert state.issued_on >= date(2026, 3, 1)
