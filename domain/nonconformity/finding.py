"""How an issue is found, found again, and who answers for that it was (R12.5.3.3, R12.5.4)."""

from domain import clauses
from domain.kernel import Context, Event, Refusal
from domain.nonconformity import commands as c
from domain.nonconformity import events as e
from domain.nonconformity.state import NonconformityState, evolve
from domain.rules.r12 import R12Rules, version
from domain.rules.r12_duties import role_of
from domain.rules.r12_parts import LEVELS, Level, LiabilityRule

MAX_CHAIN = 500
REGULATIONS = ("R12", "R14", "R15")


def raise_by_hand(_: None, command: c.RaiseNonconformity, context: Context) -> tuple[Event, ...]:
    """Record a nonconformity under a clause of tiered inspection, of the assessment or of quality monitoring."""
    if command.clause not in clauses.load().clauses or command.clause.partition(".")[0] not in REGULATIONS:
        raise Refusal(
            "no_such_clause",
            zh="须为检查、考核或监测制度的条款",
            en="The clause must be one of R12, R14 or R15.",
            kind="value",
            field="clause",
        )
    return (
        e.NonconformityRaised(
            clause=command.clause,
            subject=command.subject,
            description=command.description,
            place=command.place,
            project_id=command.project_id,
            evidence=command.evidence,
            raised_by=context.actor.id,
            raised_on=context.today,
        ),
    )


def raise_from_source(
    state: NonconformityState | None, command: c.RaiseFromSource, context: Context
) -> tuple[Event, ...]:
    """What a sheet, a self-check or a receipt found; once for each id."""
    if state is not None:
        return ()
    return (
        e.NonconformityRaised(
            clause=command.clause,
            subject=command.subject,
            description=command.description,
            place=None,
            project_id=command.project_id,
            evidence=command.evidence,
            raised_by=command.found_by,
            raised_on=context.today,
            source_noun=command.source_noun,
            source_id=command.source_id,
        ),
    )


def record(state: NonconformityState | None, command: c.RecordIssue, context: Context) -> tuple[Event, ...]:
    """A first finding begins a round; a later one, while it is uncorrected, joins its chain and may make people liable.

    What was verified effective is a new issue; what was only reported done and is found again was not done.
    """
    finding = e.Finding(
        level=command.level,
        found_by=command.found_by,
        found_at=command.found_at,
        inspection_id=command.inspection_id,
        finding_id=command.finding_id,
    )
    rules = version(context, command.rule_version).values
    if state is None or state.status == "effective":
        return (_first(state, command, finding, rules, context),)
    if any(link.finding_id == finding.finding_id for link in state.chain) or len(state.chain) >= MAX_CHAIN:
        return ()
    again = e.IssueFoundAgain(
        finding=finding,
        area=command.area,
        unit=command.unit,
        description=command.description,
        evidence=command.evidence,
        undone=state.status == "done",
        rule_version=command.rule_version,
    )
    if rules.uncorrected == "plan_passed" and state.status == "planned" and not state.overdue:
        return (again,)
    liable = _liability(evolve(state, again), command, rules)
    return (again,) if liable is None else (again, liable)


def _first(
    state: NonconformityState | None, command: c.RecordIssue, finding: e.Finding, rules: R12Rules, context: Context
) -> e.IssueFound:
    return e.IssueFound(
        round=1 if state is None else state.round + 1,
        site_id=command.site_id,
        project_id=command.project_id,
        item=command.item,
        item_class=command.item_class,
        area=command.area,
        unit=command.unit,
        finding=finding,
        description=command.description,
        handling=command.handling,
        # an area lead tells whoever is responsible at once, by word of mouth (R12.5.4)
        tell="oral" if command.level == "area_lead" else "oral_or_written",
        answerable=command.answerable,
        evidence=command.evidence,
        readings={"R12.same_issue": rules.same_issue},
        found_on=context.calendar.local_date(command.found_at),
        rule_version=command.rule_version,
    )


def _liability(state: NonconformityState, command: c.RecordIssue, rules: R12Rules) -> e.LiabilityFound | None:
    """Who answers, by the first rule that fits the latest finding and those before it; once a constellation."""
    *earlier, latest = sorted(state.chain, key=lambda link: link.found_at)
    fitting = next((rule for rule in rules.liability if _fits(rule, latest, earlier)), None)
    if fitting is None or latest.finding_id != command.finding_id:
        return None
    known = [one for one in state.liabilities.values() if one.round == state.round]
    if any({each.level for each in one.liable} == set(fitting.liable) for one in known):
        return None
    return e.LiabilityFound(
        number=len(state.liabilities) + 1,
        found_by=latest.level,
        after=tuple(dict.fromkeys(link.level for link in earlier if link.level in fitting.after)),
        liable=tuple(one for level in fitting.liable for one in _persons(command, level)),
        decided_by=fitting.decided_by,
        approved_by=fitting.approved_by,
        chain=(*earlier, latest),
        may_decide=_entitled(command, fitting.decided_by, rules),
        may_approve=None if fitting.approved_by is None else _entitled(command, fitting.approved_by, rules),
        readings={"R12.same_issue": rules.same_issue, "R12.5.4.uncorrected": rules.uncorrected},
        rule_version=command.rule_version,
    )


def _entitled(command: c.RecordIssue, level: Level, rules: R12Rules) -> e.Entitled:
    """Who handles a liability at a level, by the posts that answer for the place."""
    higher = LEVELS[: LEVELS.index(level)]
    return e.Entitled(
        level=level,
        role=role_of(level, rules),
        persons=tuple(dict.fromkeys(one.person for one in command.answerable if one.level == level)),
        above=tuple(dict.fromkeys(one.person for one in command.answerable if one.level in higher)),
    )


def _fits(rule: LiabilityRule, latest: e.Finding, earlier: list[e.Finding]) -> bool:
    return latest.level in rule.found_by and any(link.level in rule.after for link in earlier)


def _persons(command: c.RecordIssue, level: Level) -> tuple[e.Liable, ...]:
    """The persons who answer for the place at a level; the level alone where nobody is named."""
    people = dict.fromkeys(one.person for one in command.answerable if one.level == level)
    liable = tuple(e.Liable(level=level, person=person) for person in people)
    return liable or (e.Liable(level=level, person=None),)
