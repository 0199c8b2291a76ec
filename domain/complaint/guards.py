"""The refusals that several of a complaint's commands share."""

from uuid import UUID

from domain.complaint.state import OPEN, ComplaintState
from domain.fine_shares import Joint, Liable, in_their_roles
from domain.kernel import Context, Refusal
from domain.rules.r11 import R11Rules, version

STATUS_NAMES = {
    "lodged": ("已登记", "lodged"),
    "assigned": ("已指派", "assigned"),
    "working": ("处理中", "being worked on"),
    "proposed": ("待签字", "awaiting signatures"),
    "signed": ("已签字", "signed"),
    "answered": ("已答复", "answered"),
    "settled": ("已办结", "settled"),
    "withdrawn": ("已撤回", "withdrawn"),
    "unfounded": ("不成立", "closed as unfounded"),
}


def rules_of(state: ComplaintState, context: Context) -> R11Rules:
    """The rule values the complaint began under."""
    return version(context, state.rule_version).values


def must_be(state: ComplaintState, *statuses: str) -> None:
    """The complaint is in one of these statuses."""
    if state.status not in statuses:
        zh, en = STATUS_NAMES[state.status]
        raise Refusal(
            "wrong_status",
            zh=f"投诉{zh}，不能这样办理",
            en=f"The complaint is {en}; this can not be done now.",
            clause="R11.2.1",
            details={"status": state.status, "needed": sorted(statuses)},
        )


def must_be_open(state: ComplaintState) -> None:
    """The complaint is not closed."""
    must_be(state, *OPEN)


def must_run(state: ComplaintState) -> None:
    """The customer is not being waited for."""
    if state.pause is not None:
        raise Refusal(
            "complaint_paused", zh="正在等待客户，请先恢复处理", en="The customer is waited for; resume first."
        )


def person_of(context: Context) -> UUID:
    """Who acts, by id."""
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    return context.actor.id


def answerable(responsible: UUID, joint: Joint, rules: R11Rules) -> tuple[Liable, ...]:
    """The jointly liable in the order of the rules' roles, one person for each."""
    return in_their_roles(joint, rules.late_joint_roles, responsible, "R11.2.2")
