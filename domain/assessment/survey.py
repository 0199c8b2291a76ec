"""How the satisfaction survey runs: links, ballots, its end."""

from datetime import date, datetime

from domain.assessment import commands as c
from domain.assessment import events as e
from domain.assessment.guards import ballot_score, bounded, not_closed, rules_of, with_reassessment
from domain.assessment.state import AssessmentState, Link
from domain.kernel import Context, Event, Refusal
from domain.periods import first_day

MAX_BALLOTS = 10_000


def latest_link_expiry(state: AssessmentState, context: Context) -> datetime:
    """Until when a link issued now may live: the survey's end, or sooner where the rules bound a link's life."""
    last_day = context.calendar.add_days(context.today, rules_of(state, context).ballot_link_days)
    return min(state.survey_closes_at, context.calendar.end_of_day(last_day))


def issue_links(state: AssessmentState, command: c.IssueBallotLinks, context: Context) -> tuple[Event, ...]:
    """Admit ballots by one-time links, each no longer than the survey runs and the rules let a link live."""
    _survey_runs(state, context)
    bounded(len(state.links) + len(command.links), MAX_BALLOTS, "投票链接", "ballot links")
    hashes = {link.token_hash for link in command.links}
    if len(hashes) < len(command.links) or not hashes.isdisjoint(state.links):
        raise Refusal(
            "ballot_link_duplicate",
            zh="投票链接重复",
            en="A ballot link is listed twice or issued already.",
            kind="value",
            field="links",
        )
    end = latest_link_expiry(state, context)
    if not context.now < command.expires_at <= end:
        raise Refusal(
            "ballot_link_expiry",
            zh="链接有效期须在当前时间之后、调查截止之前",
            en="A link must expire after now and no later than the survey closes.",
            clause="R14.3",
            kind="value",
            field="expires_at",
            details={"latest": end.isoformat()},
        )
    return (e.BallotLinksIssued(links=command.links, expires_at=command.expires_at),)


def cast_ballot(state: AssessmentState, command: c.CastBallot, context: Context) -> tuple[Event, ...]:
    """Enter a paper ballot: now while the survey runs, or later if it was filled in while it ran."""
    not_closed(state)
    if command.cast_on is None:
        _survey_runs(state, context)
        cast_on = context.today
    else:
        cast_on = _cast_in_time(state, command.cast_on, context)
    _room_for_ballot(state)
    if command.ballot_ref is not None and any(one.ref == command.ballot_ref for one in state.ballots.values()):
        raise Refusal(
            "ballot_ref_taken",
            zh="该编号的选票已录入",
            en="A ballot of this reference is entered already.",
            kind="value",
            field="ballot_ref",
        )
    return (
        e.BallotCast(
            ballot_id=context.new_id("ballot"),
            group=command.group,
            score=ballot_score(command.score, rules_of(state, context)),
            comment=command.comment,
            cast_on=cast_on,
            ballot_ref=command.ballot_ref,
        ),
    )


def cast_by_link(state: AssessmentState, command: c.CastBallotByLink, context: Context) -> tuple[Event, ...]:
    """Cast the one ballot of a link."""
    link = _usable_link(state, command.token_hash, context)
    _room_for_ballot(state)
    return (
        e.BallotCast(
            ballot_id=context.new_id("ballot"),
            group=link.group,
            score=ballot_score(command.score, rules_of(state, context)),
            comment=command.comment,
            cast_on=context.today,
            token_hash=command.token_hash,
        ),
    )


def void_ballot(state: AssessmentState, command: c.VoidBallot, context: Context) -> tuple[Event, ...]:
    """Declare a ballot void; a closed month is scored anew."""
    ballot = state.ballots.get(command.ballot_id)
    if ballot is None:
        raise Refusal(
            "ballot_unknown", zh="没有这张选票", en="The month has no such ballot.", kind="value", field="ballot_id"
        )
    if ballot.voided:
        raise Refusal("ballot_void", zh="该选票已作废", en="This ballot is void already.")
    voided = e.BallotVoided(ballot_id=command.ballot_id, reason=command.reason)
    return with_reassessment(state, voided, command.reason, context)


def close_survey(state: AssessmentState, command: c.CloseSurvey, context: Context) -> tuple[Event, ...]:
    """Close the survey before its time, on a person's decision."""
    _survey_open(state)
    last_day = min(context.today, state.survey_closes_on)
    return (e.SurveyClosed(last_day=last_day, lapsed=False, reason=command.reason),)


def lapse_survey(state: AssessmentState, _: c.LapseSurvey, context: Context) -> tuple[Event, ...]:
    """Close the survey when its last day is over."""
    _survey_open(state)
    if context.now < state.survey_closes_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R14.3")
    return (e.SurveyClosed(last_day=state.survey_closes_on, lapsed=True),)


def _survey_open(state: AssessmentState) -> None:
    not_closed(state)
    if state.status != "open":
        raise _closed()


def _survey_runs(state: AssessmentState, context: Context) -> None:
    """The survey ends at its hour, also where the deadline has yet to be fired."""
    _survey_open(state)
    if context.now >= state.survey_closes_at:
        raise _closed()


def _closed() -> Refusal:
    return Refusal("survey_closed", zh="满意度调查已截止", en="The survey is closed.", clause="R14.3")


def _cast_in_time(state: AssessmentState, day: date, context: Context) -> date:
    if day > context.today:
        raise Refusal("in_the_future", zh="日期尚未到来", en="The day is yet to come.", kind="value", field="cast_on")
    if day < first_day(state.month):
        raise Refusal(
            "outside_month",
            zh=f"日期不在{state.month}内",
            en=f"The day is not in {state.month}.",
            clause="R14.3",
            kind="value",
            field="cast_on",
        )
    if day > (state.surveyed_until or state.survey_closes_on):
        raise _closed()
    return day


def _usable_link(state: AssessmentState, token_hash: str, context: Context) -> Link:
    link = state.links.get(token_hash)
    if link is None:
        raise Refusal("ballot_link_unknown", zh="投票链接无效", en="This ballot link is not valid.")
    if link.used:
        raise Refusal("ballot_link_used", zh="该投票链接已使用", en="This ballot link has been used.", clause="R14.2.2")
    if context.now >= link.expires_at:
        raise Refusal("ballot_link_expired", zh="该投票链接已过期", en="This ballot link has expired.", clause="R14.3")
    if state.status != "open":
        raise _closed()
    return link


def _room_for_ballot(state: AssessmentState) -> None:
    bounded(len(state.ballots) + 1, MAX_BALLOTS, "选票", "ballots")
