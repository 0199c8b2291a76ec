"""What several commands ask first, and the scoring anew that follows a change to a closed month."""

from datetime import date
from decimal import Decimal

from domain.assessment import events as e
from domain.assessment.state import AssessmentState, evolve, inputs
from domain.kernel import Context, Event, Refusal
from domain.periods import first_day, last_day
from domain.rules.fields import number_problem
from domain.rules.r14 import Content, Item, R14Rules, version
from domain.scorecard import Scorecard, score


def rules_of(state: AssessmentState, context: Context) -> R14Rules:
    """The rule values fixed when the month was opened."""
    return version(context, state.rule_version).values


def not_closed(state: AssessmentState) -> None:
    """Refuse what can only happen before the month is closed."""
    if state.status == "closed":
        raise Refusal("assessment_closed", zh="当月考核已结算", en="The month's assessment is closed.", clause="R14.3")


def bounded(count: int, most: int, what_zh: str, what_en: str) -> None:
    """Refuse one more than the most that a month may hold."""
    if count > most:
        raise Refusal(
            "too_many", zh=f"{what_zh}最多{most}条", en=f"At most {most} {what_en} a month.", details={"most": most}
        )


def within_month(state: AssessmentState, day: date, context: Context, field: str) -> None:
    """Refuse a day outside the assessed month or still to come."""
    if not first_day(state.month) <= day <= last_day(state.month):
        raise Refusal(
            "outside_month",
            zh=f"日期不在{state.month}内",
            en=f"The day is not in {state.month}.",
            clause="R14.2.1",
            kind="value",
            field=field,
        )
    if day > context.today:
        raise Refusal("in_the_future", zh="日期尚未到来", en="The day is yet to come.", kind="value", field=field)


def item_of(rules: R14Rules, code: str) -> tuple[Content, Item]:
    """The item of a code, refused where the month's rules have none."""
    found = rules.item(code)
    if found is None:
        raise Refusal(
            "item_unknown",
            zh="考核细目中没有这一项",
            en="The month's catalogue has no such item.",
            clause="R14.1",
            kind="value",
            field="item_code",
        )
    return found


def ballot_score(value: Decimal, rules: R14Rules) -> Decimal:
    """A ballot's score, refused outside zero to the full score."""
    problem = number_problem("score", value, Decimal(0), rules.full_score)
    if problem:
        raise Refusal(
            "score_out_of_range",
            zh=f"评分{problem.zh}",
            en=f"The score {problem.en}.",
            clause="R14.2.2",
            kind="value",
            field="score",
        )
    return value


def scored(state: AssessmentState, rules: R14Rules) -> Scorecard:
    """The month's scorecard; refused without a valid ballot where the rules ask for one."""
    given = inputs(state)
    if not given.ballots and rules.no_ballots == "refuse":
        raise Refusal(
            "no_ballots",
            zh="没有有效选票，不得结算",
            en="Without a valid ballot the month can not be scored.",
            clause="R14.2.3",
            details={"reading": "R14.2.3.no_ballots=refuse"},
        )
    return score(given, rules, state.rule_version)


def with_reassessment(state: AssessmentState, event: Event, reason: str, context: Context) -> tuple[Event, ...]:
    """The event, and for a closed month the new scorecard that follows from it."""
    if state.status != "closed":
        return (event,)
    assert state.scorecard is not None
    return (
        event,
        e.AssessmentReassessed(
            project_id=state.project_id,
            month=state.month,
            scorecard=scored(evolve(state, event), rules_of(state, context)),
            rule_version=state.rule_version,
            revision=state.revision + 1,
            previous_score=state.scorecard.score,
            previous_band=state.scorecard.band,
            reason=reason,
        ),
    )
