"""How a good's inspection procedure is drafted, approved and withdrawn, and what is delivered under it (R15.5.2)."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from domain.goods_frame import Delivery, Procedure, value_refusal
from domain.goods_sampling import faults
from domain.kernel import Context, Event, Refusal
from domain.purchased_good import messages as m
from domain.purchased_good.state import PurchasedGoodState
from domain.rules.r15 import R15Rules, in_force

MAX_VERSIONS = 500
AHEAD_DAYS = 366


def register(_: None, command: m.RegisterGood, context: Context) -> tuple[Event, ...]:
    """Begin a good; nothing of it is received before its procedure is approved."""
    return (
        m.GoodRegistered(
            name=command.name, unit=command.unit, department=command.department, registered_by=context.actor.id
        ),
    )


def draft(_: PurchasedGoodState, command: m.DraftProcedure, context: Context) -> tuple[Event, ...]:
    """Draft a procedure that covers what the rules ask of its kind."""
    found = in_force(context, context.today)
    _must_make_sense(command.procedure, found.values)
    return (
        m.ProcedureDrafted(
            procedure=command.procedure,
            note=command.note,
            drafted_by=_person(context),
            readings={"R15.5.2.trial": found.values.trial},
            rule_version=found.version,
        ),
    )


def approve(state: PurchasedGoodState, command: m.ApproveProcedure, context: Context) -> tuple[Event, ...]:
    """Approve the draft, by another person than its author, from today or a later day on."""
    person = _person(context)
    if state.draft is None:
        raise Refusal("no_draft", zh="没有待批准的规程", en="There is no draft to approve.", clause="R15.5.2")
    if person == state.draft.drafted_by:
        raise Refusal(
            "own_draft",
            zh="不得批准本人编制的规程",
            en="Nobody approves his own draft.",
            clause="R15.5.2",
            kind="forbidden",
        )
    if not context.today <= command.effective_from <= context.today + timedelta(days=AHEAD_DAYS):
        raise value_refusal(
            "date_out_of_bounds",
            f"须自今天起{AHEAD_DAYS}天之内生效",
            f"A procedure applies from today or within {AHEAD_DAYS} days.",
            "effective_from",
        )
    if state.approved >= MAX_VERSIONS:
        raise Refusal("too_many", zh=f"最多{MAX_VERSIONS}版", en=f"At most {MAX_VERSIONS} versions.", clause="R15.5.2")
    return (
        m.ProcedureApproved(
            number=state.approved + 1,
            effective_from=command.effective_from,
            procedure=state.draft.procedure,
            name=state.name,
            unit=state.unit,
            approved_by=person,
        ),
    )


def withdraw(state: PurchasedGoodState, command: m.WithdrawProcedure, context: Context) -> tuple[Event, ...]:
    """Withdraw what was approved; deliveries under inspection go on by the version they began with."""
    if not state.versions:
        raise Refusal("nothing_approved", zh="没有已批准的规程", en="No version is approved.", clause="R15.5.2")
    return (m.ProcedureWithdrawn(reason=command.reason, withdrawn_by=context.actor.id),)


def deliver(state: PurchasedGoodState, command: m.RegisterDelivery, context: Context) -> tuple[Event, ...]:
    """Register a delivery; without a procedure in force nothing can be received."""
    version, found = state.in_force(context.today), in_force(context, context.today)
    if version is None:
        raise Refusal(
            "no_procedure",
            zh="该物品没有生效的检测规程，不得验收",
            en="No inspection procedure of this good is in force.",
            clause="R15.5.2",
        )
    delivery = Delivery(
        receipt_id=context.new_id("receipt"),
        good_id=context.own_id(),
        good=state.name,
        unit=state.unit,
        department=state.department,
        supplier=command.supplier,
        buyer=command.buyer,
        lot=command.lot,
        quantity=command.quantity,
        certificate=command.certificate,
        version=version.number,
        procedure=version.procedure,
        replaces=None,
        delivered_on=context.today,
        registered_by=context.actor.id,
        readings=_readings(found.values),
        rule_version=found.version,
    )
    return (m.DeliveryRegistered(delivery=delivery, rule_version=found.version),)


def replace_lot(state: PurchasedGoodState, command: m.RegisterReplacement, context: Context) -> tuple[Event, ...]:
    """The lot in a failed one's place: by the procedure of today, or the failed one's where none is in force."""
    found, failed = in_force(context, context.today), command.failed
    version = state.in_force(context.today)
    delivery = Delivery(
        receipt_id=command.receipt_id,
        good_id=failed.good_id,
        good=state.name,
        unit=state.unit,
        department=state.department,
        supplier=failed.supplier,
        buyer=failed.buyer,
        lot=command.lot,
        quantity=command.quantity,
        certificate=command.certificate,
        version=failed.version if version is None else version.number,
        procedure=failed.procedure if version is None else version.procedure,
        replaces=failed.receipt_id,
        delivered_on=context.today,
        registered_by=command.registered_by,
        readings=_readings(found.values),
        rule_version=found.version,
    )
    return (m.DeliveryRegistered(delivery=delivery, rule_version=found.version),)


def _readings(rules: R15Rules) -> dict[str, str]:
    return {
        "R15.5.2.between": rules.between,
        "R15.5.2.concession": rules.concession,
        "R15.5.2.defective_units": rules.defective_units,
    }


def _must_make_sense(procedure: Procedure, rules: R15Rules) -> None:
    """Codes stand once, the plan is one, and what the rules ask of every good is checked."""
    for code, times in Counter(check.code for check in procedure.checks).items():
        if times > 1:
            raise value_refusal(
                "code_twice", f"项目 {code} 重复", f"The check {code} stands twice.", "procedure.checks"
            )
    for field, zh, en in faults(procedure.plan):
        raise value_refusal("plan_senseless", zh, f"{en[0].upper()}{en[1:]}.", f"procedure.{field}")
    if procedure.samples != bool(procedure.plan):
        raise value_refusal(
            "plan_needed",
            "有抽样项目的须有抽样方案，没有的不得设",
            "Checks of a sample need a sampling plan, and there is none without them.",
            "procedure.plan",
        )
    if procedure.trial is not None and rules.trial == "trial_alone":
        return
    covered = {check.code for check in procedure.checks}
    missing = [item for item in rules.ordinary_checks if item.code not in covered]
    if missing:
        raise value_refusal(
            "check_missing",
            f"规程缺少：{'、'.join(item.zh for item in missing)}",
            f"The procedure lacks: {', '.join(item.code for item in missing)}.",
            "procedure.checks",
        )


def _person(context: Context) -> UUID:
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id
