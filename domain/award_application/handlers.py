"""How an award is aimed at, checked for, applied for, and filed (R15.5.1.4)."""

from uuid import UUID

from domain.award_application import messages as m
from domain.award_application.state import AwardApplicationState
from domain.kernel import Context, Event, Refusal, derived_id
from domain.quality_terms import person_of, senseless, wrong_status
from domain.rules.r15 import in_force

CLAUSE = "R15.5.1.4"


def prepare(_: None, command: m.PrepareApplication, context: Context) -> tuple[Event, ...]:
    """Aim at an award of a level that the rules know."""
    person = person_of(context, CLAUSE)
    found = in_force(context, context.today)
    level = next((one for one in found.values.award_levels if one.code == command.level), None)
    if level is None:
        raise senseless("no_such_level", "没有该评优级别", "There is no such level.", "level", CLAUSE)
    items = command.items or found.values.award_items
    codes = [item.code for item in items]
    if len(set(codes)) != len(codes):
        raise senseless("code_twice", "自检项目代码重复", "A code stands twice.", "items", CLAUSE)
    return (
        m.ApplicationPrepared(
            award=command.award,
            level=level,
            year=command.year,
            standard=command.standard,
            project_id=command.project_id,
            items=items,
            prepared_by=person,
            rule_version=found.version,
        ),
    )


def check_item(state: AwardApplicationState, command: m.CheckItem, context: Context) -> tuple[Event, ...]:
    """Check an item once; one that does not conform says why."""
    person = person_of(context, CLAUSE)
    _must_be(state, "checking")
    item = next((one for one in state.items if one.code == command.item), None)
    if item is None:
        raise senseless("no_such_item", "没有该自检项目", "There is no such item.", "item", CLAUSE)
    if command.item in state.checked:
        raise Refusal("checked_already", zh="该项目已自检", en="The item is checked.", clause=CLAUSE)
    if not command.conforms and not command.note:
        raise senseless("problem_untold", "须说明问题", "Say what does not conform.", "note", CLAUSE)
    return (
        m.ItemChecked(
            item=command.item,
            subject=item.zh,
            conforms=command.conforms,
            note=command.note,
            evidence=command.evidence,
            project_id=state.project_id,
            nonconformity_id=None if command.conforms else nonconformity_id(context.own_id(), command.item),
            checked_by=person,
            checked_on=context.today,
        ),
    )


def clear(state: AwardApplicationState, command: m.ClearProblem, _: Context) -> tuple[Event, ...]:
    """What was verified effective stands in the way no longer."""
    for item, one in state.checked.items():
        if one.open and one.nonconformity_id == command.nonconformity_id:
            return (m.ProblemCleared(item=item, nonconformity_id=command.nonconformity_id),)
    return ()


def complete(state: AwardApplicationState, command: m.CompleteCheck, context: Context) -> tuple[Event, ...]:
    """End the self-check: nothing unchecked, nothing uncorrected."""
    person = person_of(context, CLAUSE)
    _must_be(state, "checking")
    unchecked = [item.code for item in state.items if item.code not in state.checked]
    if unchecked:
        raise Refusal(
            "items_unchecked",
            zh="自检项目尚未全部完成",
            en="Not every item is checked.",
            clause=CLAUSE,
            details={"items": unchecked},
        )
    if state.problems():
        raise Refusal(
            "problems_open",
            zh="自检发现的问题尚未整改完毕",
            en="Problems of the self-check are not corrected yet.",
            clause=CLAUSE,
            details={"items": list(state.problems())},
        )
    return (
        m.CheckCompleted(
            conclusion=command.conclusion,
            checked=len(state.checked),
            corrected=sum(not one.conforms for one in state.checked.values()),
            completed_by=person,
            completed_on=context.today,
        ),
    )


def submit(state: AwardApplicationState, command: m.SubmitApplication, context: Context) -> tuple[Event, ...]:
    """Apply; only after the self-check."""
    person = person_of(context, CLAUSE)
    _must_be(state, "ready")
    return (
        m.ApplicationSubmitted(
            reference=command.reference,
            evidence=command.evidence,
            submitted_by=person,
            submitted_on=context.today,
        ),
    )


def record(state: AwardApplicationState, command: m.RecordResult, context: Context) -> tuple[Event, ...]:
    """What became of it, on a day between the application and today."""
    person = person_of(context, CLAUSE)
    _must_be(state, "applied")
    if state.submitted_on is None or not state.submitted_on <= command.decided_on <= context.today:
        raise senseless(
            "date_out_of_bounds", "结果日期不当", "The day is before the application or to come.", "decided_on", CLAUSE
        )
    return (
        m.ResultRecorded(result=command.result, decided_on=command.decided_on, note=command.note, recorded_by=person),
    )


def put_on_file(state: AwardApplicationState, command: m.FileApplication, context: Context) -> tuple[Event, ...]:
    """Put its papers on file once there is a result."""
    person = person_of(context, CLAUSE)
    _must_be(state, "decided")
    return (
        m.ApplicationFiled(
            reference=command.reference, evidence=command.evidence, filed_by=person, filed_on=context.today
        ),
    )


def withdraw(state: AwardApplicationState, command: m.WithdrawApplication, context: Context) -> tuple[Event, ...]:
    """Not go on with it, while there is no result."""
    person = person_of(context, CLAUSE)
    _must_be(state, "checking", "ready", "applied")
    return (m.ApplicationWithdrawn(reason=command.reason, withdrawn_by=person),)


def nonconformity_id(application: UUID, item: str) -> UUID:
    """The stream of the nonconformity that an item is followed up as."""
    return derived_id(application, "nonconformity", item)


def _must_be(state: AwardApplicationState, *statuses: str) -> None:
    if state.status not in statuses:
        raise wrong_status(state.status, CLAUSE, *statuses)
