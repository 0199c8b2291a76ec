"""Who speaks for a unit: signs its forms and orders, sends them back, objects to its statement (R3.2.1)."""

from uuid import UUID

from domain.kernel import Context, Refusal
from domain.rules.r3 import R3Rules


def must_speak_for(unit: str, rules: R3Rules, context: Context) -> UUID:
    """The person, whose department is the unit.

    Who has no department speaks for none, unless the rules let such people speak for any (R3.2.1.unit): a signature
    binds a unit to pay, so that a department nobody entered must not let everybody sign for everybody.
    """
    person = context.actor.id
    if person is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    department = context.office.departments.get(person)
    if department == unit or (department is None and rules.unit == "or_unassigned"):
        return person
    if department is None:
        raise Refusal(
            "no_department",
            zh=f"尚未登记您所在的部门，不能代表{unit}办理；请管理员先登记",
            en=f"You have no department and do not act for {unit}; let an administrator assign one.",
            clause="R3.2.1",
            kind="forbidden",
            details={"unit": unit},
        )
    raise Refusal(
        "other_unit",
        zh=f"您属于{department}，不能代表{unit}办理",
        en=f"You are of {department} and do not act for {unit}.",
        clause="R3.2.1",
        kind="forbidden",
        details={"unit": unit, "department": department},
    )
