"""Who may not act on a case, and the system that refuses them: declared, requested, ordered, by interest (R4.21)."""

from uuid import UUID

import pytest

from domain.accountability import aftermath as a
from domain.accountability import commands as c
from domain.accountability import events as e
from domain.kernel import Refusal
from tests.domain.accountability_given import (
    ATTENDEE,
    BOSS,
    CLERK,
    GROUND,
    GROUP,
    HEAD,
    LEAD,
    MEMBER,
    OFFICE,
    OTHER,
    OUTSIDER,
    REPORTER,
    SECRETARY,
    Case,
    of,
    person,
    report,
    resolution,
    unit,
)

ACTS = {
    "verify": (None, lambda _: c.RecordVerification(founded=True, findings="属实", grounds=(GROUND,))),
    "answer": (None, lambda _: c.AnswerReporter(text="已受理")),
    "name": (None, lambda _: c.NameRespondent(respondent=person(UUID(int=99)))),
    "relative": (None, lambda _: c.RecordRelative(person=UUID(int=98), relation="配偶")),
    "link": (None, lambda _: c.LinkHandledCase(case_id=OTHER)),
    "merge": (None, lambda _: c.RequestMerge(into=OTHER, reason="同案")),
    "order": (None, lambda _: c.OrderRecusal(person=UUID(int=97), ground="interest", reason="有关")),
    "propose": (Case.verified, lambda _: c.ProposeAccountability(proposal="建议")),
    "initiate": (Case.proposed, lambda _: c.DecideInitiation(initiate=True, reason="应追究")),
    "team": (Case.initiated, lambda _: c.FormTeam(members=(LEAD, MEMBER), leader=LEAD)),
    "obstruct": (
        Case.investigating,
        lambda case: c.RecordObstruction(kind="refusal", by_whom="某人", happened_on=case.today, description="拒绝"),
    ),
    "extend": (Case.investigating, lambda _: c.RequestExtension(reason="复杂")),
    "report": (Case.investigating, lambda _: c.SubmitInvestigationReport(report="属实")),
    "opinion": (
        Case.investigated,
        lambda _: c.GiveOpinion(accountable=True, opinion="追究", hearing_report="清楚"),
    ),
    "resolve": (Case.heard, lambda case: resolution(case.verdict())),
    "serve": (Case.decided, lambda case: case.service(case.id_of(CLERK))),
    "file": (Case.decided, lambda _: a.FileWithPersonnel(reference="备案-1")),
    "execute": (Case.served, lambda case: case.step("talk", "talk_held")),
    "review": (
        lambda case: case.served().send(CLERK, a.RequestReview(respondent_id=case.id_of(CLERK), reasons="不服")),
        lambda case: a.DecideReview(respondent_id=case.id_of(CLERK), outcome="upheld", reason="经复核"),
    ),
    "close": (Case.served, lambda _: a.CloseCase(note="办结")),
}
"""Every act in office, and where the case stands when it is done."""


@pytest.mark.clause("R4.21")
@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize(
    ("who", "interest", "why"), [(CLERK, "respondent", "系问责对象"), (REPORTER, "reporter", "系举报人")]
)
def test_no_interested_person_does_any_act_in_office(act, who, interest, why):
    """Respondent and reporter are refused each act, and the refusal says why."""
    case = Case()
    reach, command = ACTS[act]
    if reach is not None:
        reach(case)
    refusal = case.refuse(who, command(case))
    assert (refusal.code, refusal.kind, refusal.clause) == ("interested_person", "forbidden", "R4.21")
    assert refusal.details == {"interest": interest}
    assert why in refusal.text.zh


@pytest.mark.clause("R4.21")
def test_the_head_of_a_unit_and_relatives_are_as_interested():
    """He answers for the unit; a relative is kept away once recorded, and recorded once."""
    case = Case(report(unit()))
    relative = c.RecordRelative(person=OUTSIDER, respondent_id=case.id_of("logistics"), relation="夫妻")
    case.send(OFFICE, relative)
    verify = c.RecordVerification(founded=False, findings="无")
    assert case.refuse(HEAD, verify).details == {"interest": "respondent"}
    assert case.refuse(OUTSIDER, verify).details == {"interest": "relative"}
    assert case.refuse(OFFICE, relative).code == "interested_already"
    unknown = c.RecordRelative(person=BOSS, respondent_id=OTHER, relation="夫妻")
    assert case.refuse(OFFICE, unknown).code == "respondent_unknown"


@pytest.mark.clause("R4.21")
def test_an_officer_who_is_concerned_does_not_take_the_matter_in():
    """Registering a report against oneself, or one that came from oneself, is refused."""
    register = {"matter": "事项", "account": "经过", "source": "media"}
    for more in ({"respondents": (person(OFFICE),)}, {"reporter": OFFICE}):
        with pytest.raises(Refusal) as caught:
            Case(c.RegisterMatter(**register, **more), by=OFFICE)
        assert caught.value.code == "interested_person"
    assert Case(c.RegisterMatter(**register, reporter=OUTSIDER), by=OFFICE).state.reporter == OUTSIDER


@pytest.mark.clause("R4.21")
def test_whoever_withdraws_acts_no_more():
    """Declared once; afterwards each act is refused because of it."""
    case = Case()
    declare = c.DeclareRecusal(ground="interest", reason="曾共事")
    (recused,) = case.send(OFFICE, declare)
    assert (recused.how, recused.person, recused.by) == ("declared", OFFICE, OFFICE)
    verify = c.RecordVerification(founded=False, findings="无")
    assert case.refuse(OFFICE, verify).details == {"interest": "recused"}
    assert case.refuse(OFFICE, declare).code == "interested_already"
    assert OFFICE not in case.state.handlers


@pytest.mark.clause("R4.21")
@pytest.mark.parametrize("granted", [True, False])
def test_a_recusal_asked_for_is_decided_by_another(granted):
    """The respondent asks; the leading group decides; the one concerned does not."""
    case = Case()
    (asked,) = case.send(CLERK, c.RequestRecusal(person=OFFICE, ground="interest", reason="有矛盾"))
    again = c.RequestRecusal(person=OFFICE, ground="relative", reason="亲属")
    assert case.refuse(REPORTER, again).code == "recusal_asked_already"
    decide = c.DecideRecusal(request_id=asked.request_id, granted=granted, reason="经核实")
    refusal = case.refuse(OFFICE, decide)
    assert (refusal.code, refusal.kind) == ("own_recusal", "forbidden")
    (decided,) = case.send(GROUP, decide)
    assert isinstance(decided, e.PersonRecused if granted else e.RecusalDeclined)
    assert (OFFICE in case.state.interested) == granted
    assert case.refuse(GROUP, decide).code == "recusal_not_asked"


@pytest.mark.clause("R4.21")
def test_a_recusal_may_be_ordered():
    """By the leading group, of another than himself, who is not kept away already."""
    case = Case()
    order = c.OrderRecusal(person=OFFICE, ground="relative", reason="系亲属")
    assert case.refuse(OFFICE, order).code == "declare_instead"
    assert case.send(GROUP, order)[0].how == "ordered"
    assert case.refuse(GROUP, order).code == "interested_already"
    assert case.refuse(GROUP, c.OrderRecusal(person=CLERK, ground="respondent", reason="本人")).details == {
        "interest": "respondent"
    }


@pytest.mark.clause("R4.21")
@pytest.mark.parametrize("who", [CLERK, REPORTER])
def test_nobody_interested_is_seated(who):
    """Neither in the team nor at the resolution; the refusal names the person and why."""
    seated = Case().initiated().refuse(GROUP, c.FormTeam(members=(LEAD, who), leader=LEAD))
    case = Case().heard()
    attending = case.refuse(SECRETARY, resolution(case.verdict(), attendees=(ATTENDEE, who)))
    for refusal, field in ((seated, "members"), (attending, "attendees")):
        assert (refusal.code, refusal.field) == ("interested_person_named", field)
        assert refusal.details["person"] == str(who)


@pytest.mark.clause("R4.21")
@pytest.mark.parametrize("gone", [LEAD, MEMBER])
def test_a_team_that_recusal_left_incomplete_is_formed_anew(gone):
    """Who withdraws leaves the team at once; the rest do not report before it is whole again."""
    case = Case().investigating()
    case.send(gone, c.DeclareRecusal(ground="relative", reason="亲属"))
    left = MEMBER if gone == LEAD else LEAD
    report_now = c.SubmitInvestigationReport(report="属实")
    assert case.refuse(left, report_now).code == "team_incomplete"
    case.send(GROUP, c.FormTeam(members=(left, OUTSIDER), leader=left))
    assert of(case.send(left, report_now), e.InvestigationReported)


@pytest.mark.clause("R4.21")
def test_who_is_named_later_acts_no_more_from_then_on():
    """A member of the team found to be responsible himself leaves it, though what he did before stands."""
    case = Case().investigating()
    case.send(LEAD, c.NameRespondent(respondent=person(MEMBER)))
    assert case.state.team.members == (LEAD,)
    assert case.refuse(MEMBER, c.RequestExtension(reason="复杂")).details == {"interest": "respondent"}


@pytest.mark.clause("R4.12", "R4.21")
def test_interested_people_may_still_speak():
    """Respondent and reporter add information, which makes nobody a handler."""
    case = Case()
    for who in (CLERK, REPORTER):
        assert case.send(who, c.AddInformation(text="情况说明"))[0].by == who
    assert case.state.handlers == ()
