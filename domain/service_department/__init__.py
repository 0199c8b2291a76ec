"""A department that watches over its own quality (受监测部门): its people, its items, and what it owes (R15.5.1.3)."""

from domain.kernel import CommandSpec, Decider, Text
from domain.service_department import handlers
from domain.service_department import messages as m
from domain.service_department.state import ServiceDepartmentState, deadlines, evolve, reservations

__all__ = ["SERVICE_DEPARTMENT", "ServiceDepartmentState"]

SERVICE_DEPARTMENT = Decider(
    noun="service_department",
    plural="service-departments",
    title=Text(zh="受监测部门", en="department"),
    state=ServiceDepartmentState,
    statuses=("active", "closed"),
    commands=(
        CommandSpec(
            command=m.RegisterDepartment,
            handler=handlers.register,
            permission="service_department.register_department",
            summary=Text(zh="登记受监测部门", en="Let a department check itself"),
            clause="R15.5.1.3.1",
            creates=True,
        ),
        CommandSpec(
            command=m.ReviseDepartment,
            handler=handlers.revise,
            permission="service_department.revise_department",
            summary=Text(zh="变更受监测部门", en="State its people and items anew"),
            clause="R15.5.1.3.1",
        ),
        CommandSpec(
            command=m.ApplyRules,
            handler=handlers.apply_rules,
            permission="service_department.apply_rules",
            summary=Text(zh="适用现行制度", en="Let the rules in force apply"),
            clause="R15.5.1.3.1",
        ),
        CommandSpec(
            command=m.CloseDepartment,
            handler=handlers.close,
            permission="service_department.close_department",
            summary=Text(zh="撤销受监测部门", en="Let it owe nothing any longer"),
            clause="R15.5.1.3.1",
        ),
        CommandSpec(
            command=m.TurnMonth,
            handler=handlers.turn_month,
            permission="service_department.turn_month",
            summary=Text(zh="月份更替", en="A month has begun"),
            clause="R15.5.1.3.1",
            audience="internal",
        ),
    ),
    events=(
        m.DepartmentRegistered,
        m.DepartmentRevised,
        m.DepartmentRulesApplied,
        m.MonthTurned,
        m.DepartmentClosed,
    ),
    evolve=evolve,
    deadlines=deadlines,
    reservations=reservations,
)
