"""How a fine answers."""

from uuid import UUID

from domain.fine import messages as m
from domain.fine.state import FineState
from domain.fine_shares import in_their_roles, shares_of
from domain.kernel import Context, Event, Refusal
from domain.rules.r11 import R11Rules, in_force


def impose(_: None, command: m.ImposeFine, context: Context) -> tuple[Event, ...]:
    """Fine by the rules of the day on which it happened."""
    person = _person(context)
    if command.happened_on > context.today:
        raise Refusal(
            "in_the_future", zh="日期尚未到来", en="The day is yet to come.", kind="value", field="happened_on"
        )
    found = in_force(context, command.happened_on)
    rules = found.values
    fine_fen, joint_fen, roles = _amounts(command, rules)
    joint = in_their_roles(command.joint, roles, command.person, command.clause)
    if command.clause == "R11.1.13" and person == command.person:
        raise Refusal(
            "own_fine",
            zh="不得自行决定对本人的处罚",
            en="Nobody sets his own fine.",
            clause="R11.1.13",
            kind="forbidden",
        )
    imposed = m.FineImposed(
        clause=command.clause,
        rule_version=found.version,
        readings={"R11.2.2.joint": rules.joint, "R11.overlap": rules.overlap},
        overlap=rules.overlap,
        act=_act(command, context),
        happened_on=command.happened_on,
        matter=command.matter,
        count=command.count,
        shares=shares_of(command.person, fine_fen, joint, joint_fen, rules.joint),
        imposed_by=person,
        imposed_on=context.today,
        complaint_id=command.complaint_id,
    )
    return (imposed,)


def revoke(state: FineState, command: m.RevokeFine, context: Context) -> tuple[Event, ...]:
    """Take the fine back; not by whom it burdens."""
    person = _person(context)
    if state.status == "revoked":
        raise Refusal("fine_revoked", zh="处罚已撤销", en="The fine was revoked already.", clause=state.clause)
    if person in {share.person for share in state.shares}:
        raise Refusal(
            "own_fine",
            zh="不得撤销对本人的处罚",
            en="Nobody revokes his own fine.",
            clause=state.clause,
            kind="forbidden",
        )
    return (m.FineRevoked(clause=state.clause, reason=command.reason, shares=state.shares, revoked_by=person),)


def _amounts(command: m.ImposeFine, rules: R11Rules) -> tuple[int, int, tuple[str, ...]]:
    """The fine, what the jointly liable bear, and in which roles they are."""
    if command.clause == "R11.1.13":
        return _chosen(command, rules), 0, ()
    if command.amount_fen is not None:
        raise Refusal(
            "amount_by_the_rules",
            zh="金额由制度规定，不得自定",
            en="The rules set the amount of this fine.",
            clause=command.clause,
            kind="value",
            field="amount_fen",
        )
    if command.complaint_id is not None:
        raise Refusal(
            "no_complaint_here",
            zh="只有工作延误的处罚可关联投诉",
            en="Only late work is about a complaint.",
            clause=command.clause,
            kind="value",
            field="complaint_id",
        )
    if command.clause == "R11.1.10":
        each, joint, roles = (
            rules.lost_document_fine_fen,
            rules.lost_document_joint_fen,
            rules.lost_document_joint_roles,
        )
    else:
        each, joint, roles = rules.help_fine_fen, rules.help_joint_fen, rules.help_joint_roles
    return each * command.count, joint * command.count, roles


def _chosen(command: m.ImposeFine, rules: R11Rules) -> int:
    """The amount at the director's discretion, within the rules' bounds (R11.1.13)."""
    lowest, highest = rules.late_work_lowest_fen, rules.late_work_highest_fen
    if command.amount_fen is None or not lowest <= command.amount_fen <= highest:
        raise Refusal(
            "amount_out_of_bounds",
            zh="金额须在制度规定的上下限之内",
            en="The amount must lie within the bounds of the rules.",
            clause="R11.1.13",
            kind="value",
            field="amount_fen",
            details={"lowest_fen": lowest, "highest_fen": highest},
        )
    if command.count != 1:
        raise Refusal(
            "one_at_a_time",
            zh="工作延误逐次处罚",
            en="Late work is fined one occasion at a time.",
            clause="R11.1.13",
            kind="value",
            field="count",
        )
    return command.amount_fen


def _act(command: m.ImposeFine, context: Context) -> str:
    """The matter as the ledgers know it: the late complaint where there is one, else this very fine."""
    if command.complaint_id is not None:
        return f"complaint:{command.complaint_id}:late"
    return f"fine:{context.own_id()}"


def _person(context: Context) -> UUID:
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id
