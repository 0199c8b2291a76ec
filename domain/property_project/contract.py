"""How a project answers for corrections, the termination and the end of its contract (R14.5.1)."""

from domain.kernel import Context, Event, Refusal
from domain.periods import month_of, next_month
from domain.property_project.commands import (
    ConfirmCorrection,
    DisposeEquipment,
    EndContract,
    LapseCorrection,
    ReinstateContract,
    TerminateContract,
)
from domain.property_project.events import (
    ContractEnded,
    ContractReinstated,
    ContractTerminated,
    CorrectionConfirmed,
    CorrectionOverdue,
    EquipmentDisposed,
)
from domain.property_project.evolve import evolve
from domain.property_project.guards import must_be_a_person, must_be_active
from domain.property_project.results import difference, readings
from domain.property_project.state import PropertyProjectState, assessed
from domain.rules import r14

MAX_EQUIPMENT = 5000


def confirm_correction(state: PropertyProjectState, command: ConfirmCorrection, context: Context) -> tuple[Event, ...]:
    """A person confirms an ordered correction.

    Where a completed correction resets the streak, the next streak starts with the month of the confirmation,
    or with the first month not recorded yet: what was counted stays counted.
    """
    must_be_a_person(context)
    must_be_active(state)
    correction = state.corrections.get(command.month)
    if correction is None:
        raise Refusal(
            "no_correction",
            zh=f"{command.month}没有责令整改",
            en=f"No correction stands ordered at {command.month}.",
            clause="R14.5.1",
        )
    if correction.status == "confirmed":
        raise Refusal("correction_confirmed", zh="整改已确认完成", en="It is confirmed already.", clause="R14.5.1")
    rules = r14.version(context, correction.rule_version).values
    latest = assessed(state)[-1].month
    resets = rules.streak_reset == "passing_month_or_correction"
    return (
        CorrectionConfirmed(
            month=command.month,
            confirmed_on=context.today,
            resets_from=max(month_of(context.today), next_month(latest)) if resets else None,
            note=command.note,
            readings=readings(rules),
            rule_version=correction.rule_version,
        ),
    )


def lapse_correction(state: PropertyProjectState, command: LapseCorrection, context: Context) -> tuple[Event, ...]:
    """Mark a correction late once its time has passed; nothing when it is no longer owed."""
    correction = state.corrections.get(command.month)
    if state.status != "active" or correction is None or correction.status != "open":
        return ()
    if context.now < correction.due_at:
        raise Refusal("not_due_yet", zh="期限未到", en="The time has not passed yet.", clause="R14.5.1")
    return (CorrectionOverdue(month=correction.month, due_on=correction.due_on, rule_version=correction.rule_version),)


def terminate(state: PropertyProjectState, command: TerminateContract, context: Context) -> tuple[Event, ...]:
    """A person uses the standing right; what remains of the deposit is forfeited by the reaction to it."""
    must_be_a_person(context)
    must_be_active(state)
    if state.right is None:
        raise Refusal(
            "no_termination_right",
            zh="连续不合格月数未达到终止合同的条件",
            en="The streak does not give the right to terminate.",
            clause="R14.5.1",
            details={"streak": state.streak},
        )
    terminated = ContractTerminated(
        reason=command.reason,
        right_since=state.right.month,
        ground_month=assessed(state)[-1].month,
        streak=state.streak,
        rule_version=state.right.rule_version,
    )
    if not command.equipment:
        return (terminated,)
    return (terminated, EquipmentDisposed(items=command.equipment))


def dispose_equipment(state: PropertyProjectState, command: DisposeEquipment, _: Context) -> tuple[Event, ...]:
    """Record further equipment of a terminated contract."""
    _must_be_terminated(state)
    if len(state.equipment) + len(command.items) > MAX_EQUIPMENT:
        raise Refusal(
            "too_much_equipment",
            zh=f"设备最多{MAX_EQUIPMENT}项",
            en=f"At most {MAX_EQUIPMENT} pieces of equipment are recorded.",
            kind="value",
            field="items",
        )
    return (EquipmentDisposed(items=command.items),)


def reinstate(state: PropertyProjectState, command: ReinstateContract, context: Context) -> tuple[Event, ...]:
    """A person takes back a termination that lost its ground; what the months now lead to follows at once."""
    must_be_a_person(context)
    _must_be_terminated(state)
    if state.termination is None or not state.termination.ground_lost:
        raise Refusal(
            "termination_stands",
            zh="终止合同的依据仍然成立",
            en="The ground of the termination still holds.",
            clause="R14.5.1",
        )
    reinstated = ContractReinstated(
        reason=command.reason,
        ground_month=state.termination.ground_month,
        rule_version=state.termination.rule_version,
    )
    return (reinstated, *difference(evolve(state, reinstated), context))


def end(state: PropertyProjectState, command: EndContract, context: Context) -> tuple[Event, ...]:
    """Close the contract on its last day or later; months without a result need a reason."""
    must_be_active(state)
    if context.today < state.contract_to:
        raise Refusal(
            "contract_runs", zh=f"合同至{state.contract_to}止", en=f"The contract runs until {state.contract_to}."
        )
    lacking = tuple(sorted(month for month, each in state.months.items() if each.result is None))
    if lacking and command.despite_open_months is None:
        raise Refusal(
            "months_without_result",
            zh="尚有已开启而无结果的考核月",
            en="Some opened months have no result yet.",
            field="despite_open_months",
            details={"months": list(lacking)},
        )
    return (
        ContractEnded(
            ended_on=context.today,
            note=command.note,
            months_without_result=lacking,
            despite_open_months=command.despite_open_months if lacking else None,
        ),
    )


def _must_be_terminated(state: PropertyProjectState) -> None:
    if state.status != "terminated":
        raise Refusal(
            "contract_not_terminated", zh="合同未终止", en="The contract was not terminated.", clause="R14.5.1"
        )
