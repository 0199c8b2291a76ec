"""How a lot is inspected: drawn, checked, tried, and passed or failed by the results alone (R15.5.2)."""

from datetime import timedelta

from domain.goods_frame import Check, not_the_buyer, value_refusal
from domain.goods_receipt import commands as c
from domain.goods_receipt import events as e
from domain.goods_receipt.guards import CLAUSE, in_time, must_be, must_owe, person_of, rules_of, within
from domain.goods_receipt.state import GoodsReceiptState
from domain.goods_sampling import METHOD, PlanRow, accepts, draw, row_of
from domain.kernel import Context, Event, Refusal
from domain.rules.r15 import version


def open_receipt(_: None, command: c.OpenReceipt, context: Context) -> tuple[Event, ...]:
    """Begin the receipt: it is to be inspected in so many working days."""
    delivery = command.delivery
    rules = version(context, delivery.rule_version).values
    return (
        e.ReceiptOpened(
            delivery=delivery,
            inspect_by=within(context, rules.inspect_working_days),
            rule_version=delivery.rule_version,
        ),
    )


def sample(state: GoodsReceiptState, command: c.DrawSample, context: Context) -> tuple[Event, ...]:
    """Draw the sample by the row of the plan that the lot falls under, once."""
    must_be(state, "registered")
    person, delivery = person_of(context), state.delivery
    not_the_buyer(person, delivery.buyer)
    if not (delivery.procedure.samples and delivery.procedure.plan):
        raise Refusal("no_sampling", zh="该规程不抽样", en="The procedure draws no sample.", clause=CLAUSE)
    if state.sample is not None:
        raise Refusal("drawn_already", zh="已抽样", en="The sample is drawn already.", clause=CLAUSE)
    row = row_of(delivery.procedure.plan, delivery.quantity)
    seed = command.seed or context.entropy.hex()
    return (
        e.SampleDrawn(
            seed=seed,
            seed_given=command.seed is not None,
            method=METHOD,
            lot=delivery.quantity,
            accept=row.accept,
            reject=row.reject,
            units=draw(seed, delivery.receipt_id, delivery.quantity, row.sample),
            drawn_by=person,
        ),
    )


def record(state: GoodsReceiptState, command: c.RecordCheck, context: Context) -> tuple[Event, ...]:
    """Record a check of the procedure, as it says: of the lot, or of each unit of the sample."""
    must_be(state, "registered")
    person = person_of(context)
    not_the_buyer(person, state.delivery.buyer)
    check = next((one for one in state.delivery.procedure.checks if one.code == command.check), None)
    if check is None:
        raise value_refusal("no_such_check", "规程中没有该项目", "The procedure has no such check.", "check")
    _must_fit(state, check, command)
    return (
        e.CheckRecorded(
            check=check.code,
            conforming=command.conforming,
            defective=tuple(sorted(set(command.defective))),
            equipment=command.equipment,
            note=command.note,
            evidence=command.evidence,
            inspected_by=person,
        ),
    )


def conclude(state: GoodsReceiptState, _: c.ConcludeInspection, context: Context) -> tuple[Event, ...]:
    """Judge the lot by what was recorded: it failed, passed, or goes on to trial use."""
    must_be(state, "registered")
    person, delivery = person_of(context), state.delivery
    not_the_buyer(person, delivery.buyer)
    missing = [check.code for check in delivery.procedure.checks if check.code not in state.results]
    if missing:
        raise Refusal(
            "checks_missing",
            zh=f"尚有{len(missing)}个项目未检测",
            en="Checks are still to be recorded.",
            clause=CLAUSE,
            details={"missing": missing},
        )
    rules = rules_of(state, context)
    units = {unit for result in state.results.values() for unit in result.defective}
    reasons = [
        check.code
        for check in delivery.procedure.checks
        if check.extent == "lot" and not state.results[check.code].conforming
    ]
    if state.sample is not None:
        row = PlanRow(sample=len(state.sample.units), accept=state.sample.accept, reject=state.sample.reject)
        if not accepts(row, len(units), delivery.quantity, rules.between):
            reasons.append("sample")
    if reasons:
        return (failed(state, context, tuple(reasons), len(units)),)
    trial = delivery.procedure.trial
    if trial is None:
        return (passed(state, context, "checks", len(units)),)
    until = context.today + timedelta(days=trial.days)
    due_on = context.calendar.add_working_days(until, rules.trial_answer_working_days)
    return (
        e.TrialBegun(
            until=until,
            due_by=context.calendar.end_of_day(due_on),
            evaluator=trial.evaluator,
            defective=len(units),
            rule_version=delivery.rule_version,
        ),
    )


def evaluate(state: GoodsReceiptState, command: c.RecordTrial, context: Context) -> tuple[Event, ...]:
    """The evaluator judges the trial: unsuitable at any time, suitable once it has lasted as long as it was to."""
    must_be(state, "on_trial")
    owed, person, trial = must_owe(state, "trial"), person_of(context), state.delivery.procedure.trial
    assert trial is not None
    assert state.trial_until is not None
    not_the_buyer(person, state.delivery.buyer)
    if person != trial.evaluator:
        raise Refusal(
            "not_the_evaluator",
            zh="只能由规程指定的试用人评价",
            en="Only the procedure's evaluator judges the trial.",
            clause=CLAUSE,
            kind="forbidden",
        )
    if command.suitable and context.today < state.trial_until:
        raise Refusal("trial_not_over", zh="试用期未满", en="The trial is not over.", clause=CLAUSE)
    if command.consumed >= state.delivery.quantity - (state.defective if command.suitable else 0):
        raise value_refusal(
            "consumes_too_much", "试用不得用完整批", "A trial does not use up the whole lot.", "consumed"
        )
    recorded = e.TrialRecorded(
        suitable=command.suitable,
        consumed=command.consumed,
        evaluation=command.evaluation,
        evidence=command.evidence,
        evaluated_by=person,
        in_time=in_time(owed, context),
    )
    if command.suitable:
        return (recorded, passed(state, context, "trial", state.defective, consumed=command.consumed))
    return (recorded, failed(state, context, ("trial",), state.defective))


def passed(
    state: GoodsReceiptState, context: Context, basis: e.Basis, defective: int, *, consumed: int = 0
) -> e.GoodsPassed:
    """The lot may be stored, but for what a trial used up and, by the reading, for the units found defective."""
    rules, delivery = rules_of(state, context), state.delivery
    left_out = defective if rules.defective_units == "left_out" and basis != "concession" else 0
    return e.GoodsPassed(
        basis=basis,
        defective=defective,
        storable=delivery.quantity - left_out - consumed,
        decided_by=person_of(context),
        decided_on=context.today,
        readings=delivery.readings,
        rule_version=delivery.rule_version,
    )


def failed(state: GoodsReceiptState, context: Context, reasons: tuple[str, ...], defective: int) -> e.GoodsFailed:
    """The lot failed; the storekeeper notifies the buyer in so many working days."""
    delivery = state.delivery
    return e.GoodsFailed(
        good=delivery.good,
        supplier=delivery.supplier,
        lot=delivery.lot,
        reasons=reasons,
        defective=defective,
        notify_by=within(context, rules_of(state, context).notify_working_days),
        decided_by=person_of(context),
        decided_on=context.today,
        readings=delivery.readings,
        rule_version=delivery.rule_version,
    )


def _must_fit(state: GoodsReceiptState, check: Check, command: c.RecordCheck) -> None:
    """The result is one that the check can have."""
    if check.equipment and not command.equipment.strip():
        raise value_refusal("equipment_needed", "须注明所用检测设备", "Name the equipment that was used.", "equipment")
    if check.extent == "lot":
        if command.defective:
            raise value_refusal("not_sampled", "该项目按批判定", "The check is of the lot as a whole.", "defective")
        return
    if state.sample is None:
        raise Refusal("sample_first", zh="须先抽样", en="Draw the sample first.", clause=CLAUSE)
    strangers = set(command.defective) - set(state.sample.units)
    if strangers:
        raise value_refusal(
            "not_in_sample",
            f"样本中没有第{min(strangers)}件",
            f"Unit {min(strangers)} is not in the sample.",
            "defective",
        )
    if command.conforming == bool(command.defective):
        raise value_refusal(
            "result_contradicts",
            "结论与不合格件不符",
            "What conforms has no defective units, what does not names them.",
            "conforming",
        )
