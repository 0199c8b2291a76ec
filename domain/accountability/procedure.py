"""The procedure up to the opinion: verification, proposal, initiation, team, investigation (R4.14 to R4.16)."""

from uuid import UUID

from domain.accountability import commands as c
from domain.accountability import events as e
from domain.accountability.clocks import begun, is_late, key_of, lengthened
from domain.accountability.guards import (
    bounded,
    coded,
    not_to_come,
    official,
    rules_of,
    standing,
    uninterested,
)
from domain.accountability.state import AccountabilityCaseState, Team
from domain.kernel import Context, Event, Refusal

MAX_OBSTRUCTIONS = 1000
INVESTIGATION = key_of("investigation")


def verify(state: AccountabilityCaseState, command: c.RecordVerification, context: Context) -> tuple[Event, ...]:
    """The office verifies: the matter holds on some ground and is to be proposed, or it ends here."""
    person = official(state, context)
    standing(state, "reported")
    if not command.founded:
        return (e.CaseDismissed(stage="verification", reason=command.findings, by=person),)
    rules = rules_of(state, context)
    grounds = coded(rules, command.grounds or state.grounds, state.about_case)
    if not grounds:
        raise Refusal(
            "ground_missing",
            zh="须列明问责事由",
            en="A verified matter names its ground.",
            clause="R4.10",
            kind="value",
            field="grounds",
        )
    verified = e.ReportVerified(findings=command.findings, grounds=grounds, rule_version=state.rule_version, by=person)
    return (verified, begun("proposal", rules, state.rule_version, context))


def propose(state: AccountabilityCaseState, command: c.ProposeAccountability, context: Context) -> tuple[Event, ...]:
    """The office proposes in writing, and says against whom."""
    person = official(state, context)
    standing(state, "verified")
    if not state.parties:
        raise Refusal(
            "respondent_missing", zh="尚未列明问责对象", en="No respondent has been named yet.", clause="R4.14"
        )
    proposed = e.AccountabilityProposed(proposal=command.proposal, by=person)
    return (proposed, begun("initiation", rules_of(state, context), state.rule_version, context))


def decide_initiation(
    state: AccountabilityCaseState, command: c.DecideInitiation, context: Context
) -> tuple[Event, ...]:
    """The leading group initiates the case, or it ends here."""
    person = official(state, context)
    standing(state, "proposed")
    if not command.initiate:
        return (e.CaseDismissed(stage="initiation", reason=command.reason, by=person),)
    rules = rules_of(state, context)
    accused = (each.respondent.answering for each in state.parties.values())
    initiated = e.CaseInitiated(
        reason=command.reason,
        accused=tuple(dict.fromkeys(one for one in accused if one is not None)),
        about_case=state.about_case,
        by=person,
    )
    team = begun("team", rules, state.rule_version, context)
    if rules.investigation_start == "team":
        return (initiated, team)
    return (initiated, team, _investigation(state, context))


def form_team(state: AccountabilityCaseState, command: c.FormTeam, context: Context) -> tuple[Event, ...]:
    """Form the team, or form it anew; nobody interested sits in it (R4.21)."""
    person = official(state, context)
    standing(state, "investigating")
    uninterested(state, command.members, "members")
    least = rules_of(state, context).team_minimum
    if len(command.members) < least:
        raise Refusal(
            "team_too_small",
            zh=f"调查组至少{least}人",
            en=f"A team has at least {least} members.",
            clause="R4.14",
            kind="value",
            field="members",
            details={"least": least},
        )
    if command.leader not in command.members:
        raise Refusal(
            "leader_not_a_member",
            zh="组长须为成员之一",
            en="The leader is one of the members.",
            clause="R4.14",
            kind="value",
            field="leader",
        )
    formed = e.TeamFormed(members=command.members, leader=command.leader, by=person)
    return (formed,) if INVESTIGATION in state.clocks else (formed, _investigation(state, context))


def request_extension(
    state: AccountabilityCaseState, command: c.RequestExtension, context: Context
) -> tuple[Event, ...]:
    """The team asks for more time while it still has some (R4.16)."""
    person = official(state, context)
    standing(state, "investigating")
    _on_the_team(state, person)
    if state.extension_pending is not None:
        raise Refusal("extension_pending", zh="延期申请待审批", en="A request is pending.", clause="R4.16")
    if rules_of(state, context).extension == "once" and state.extensions:
        raise Refusal(
            "extended_already", zh="调查期限只能延长一次", en="The time may be extended once only.", clause="R4.16"
        )
    if is_late(state, INVESTIGATION):
        raise Refusal(
            "too_late_to_extend", zh="调查期限已届满", en="The time to investigate has passed.", clause="R4.16"
        )
    return (e.ExtensionRequested(reason=command.reason, by=person),)


def decide_extension(state: AccountabilityCaseState, command: c.DecideExtension, context: Context) -> tuple[Event, ...]:
    """Approve or decline; never by whoever asked. What is approved counts from the limit, not from today (R4.16)."""
    person = official(state, context)
    standing(state, "investigating")
    if state.extension_pending is None:
        raise Refusal("no_extension_requested", zh="没有待审批的延期", en="No request is pending.", clause="R4.16")
    if person == state.extension_pending:
        raise Refusal(
            "own_request",
            zh="申请人不得自行审批",
            en="Nobody approves his own request.",
            clause="R4.16",
            kind="forbidden",
        )
    if not command.approved:
        return (e.ExtensionDeclined(reason=command.reason, by=person),)
    rules = rules_of(state, context)
    clock = lengthened(state.clocks[INVESTIGATION], rules.extension_days, rules, context)
    return (
        e.ExtensionApproved(
            reason=command.reason,
            days=rules.extension_days,
            clock=clock,
            rule_version=state.rule_version,
            readings={"R4.16.extend": rules.extension},
            by=person,
        ),
    )


def record_obstruction(
    state: AccountabilityCaseState, command: c.RecordObstruction, context: Context
) -> tuple[Event, ...]:
    """Record that somebody stood in the way; the first level of the ladder learns of it at once (R4.15)."""
    person = official(state, context)
    standing(state, "investigating", "investigated")
    not_to_come(command.happened_on, context, "happened_on")
    bounded(state.obstructions + 1, MAX_OBSTRUCTIONS, "妨碍记录", "records of obstruction")
    if command.person == person:
        raise Refusal(
            "own_obstruction",
            zh="不得记录本人妨碍调查",
            en="Nobody records his own obstruction and goes on.",
            clause="R4.15",
            kind="value",
            field="person",
        )
    told = rules_of(state, context).escalation[0]
    return (
        e.ObstructionRecorded(
            kind=command.kind,
            by_whom=command.by_whom,
            person=command.person,
            happened_on=command.happened_on,
            description=command.description,
            role=told.role,
            channel=told.channel,
            rule_version=state.rule_version,
            by=person,
        ),
    )


def submit_report(
    state: AccountabilityCaseState, command: c.SubmitInvestigationReport, context: Context
) -> tuple[Event, ...]:
    """The team reports in writing; the time to resolve runs from then (R4.16)."""
    person = official(state, context)
    standing(state, "investigating")
    team = _on_the_team(state, person)
    rules = rules_of(state, context)
    if len(team.members) < rules.team_minimum or team.leader not in team.members:
        raise Refusal(
            "team_incomplete",
            zh="调查组因回避已不完整，须重新组成",
            en="Recusals have left the team incomplete; it is to be formed anew.",
            clause="R4.21",
        )
    reported = e.InvestigationReported(
        report=command.report, evidence=command.evidence, late=is_late(state, INVESTIGATION), by=person
    )
    return (reported, begun("resolution", rules, state.rule_version, context))


def give_opinion(state: AccountabilityCaseState, command: c.GiveOpinion, context: Context) -> tuple[Event, ...]:
    """The leading group puts the matter before the body that resolves, with the hearing report; or it ends here."""
    person = official(state, context)
    standing(state, "investigated")
    if not command.accountable:
        return (e.CaseDismissed(stage="opinion", reason=command.opinion, by=person),)
    return (e.OpinionGiven(opinion=command.opinion, hearing_report=command.hearing_report, by=person),)


def _investigation(state: AccountabilityCaseState, context: Context) -> Event:
    rules = rules_of(state, context)
    readings = {"R4.16.start": rules.investigation_start}
    return begun("investigation", rules, state.rule_version, context, readings=readings)


def _on_the_team(state: AccountabilityCaseState, person: UUID) -> Team:
    if state.team is None or person not in state.team.members:
        raise Refusal(
            "not_on_the_team",
            zh="操作人不是调查组成员",
            en="Only a member of the investigation team does this.",
            clause="R4.14",
            kind="forbidden",
        )
    return state.team
