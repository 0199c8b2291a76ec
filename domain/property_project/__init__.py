"""The property project (物业项目): a contract assessed month by month, and what a run of months leads to."""

from domain.kernel import CommandSpec, Decider, Text
from domain.property_project import commands as c
from domain.property_project import contract, events, registering, results
from domain.property_project.evolve import evolve
from domain.property_project.state import PropertyProjectState, deadlines

__all__ = ["PROPERTY_PROJECT", "PropertyProjectState"]

PROPERTY_PROJECT = Decider(
    noun="property_project",
    plural="property-projects",
    title=Text(zh="物业项目", en="property project"),
    state=PropertyProjectState,
    statuses=("active", "terminated", "ended"),
    commands=(
        CommandSpec(
            command=c.RegisterProject,
            handler=registering.register,
            permission="property_project.register_project",
            summary=Text(zh="登记物业项目", en="Register a project"),
            creates=True,
        ),
        CommandSpec(
            command=c.ReviseProject,
            handler=registering.revise,
            permission="property_project.revise_project",
            summary=Text(zh="修改物业项目", en="Revise a project"),
        ),
        CommandSpec(
            command=c.ReplaceRoster,
            handler=registering.replace_roster,
            permission="property_project.replace_roster",
            summary=Text(zh="更新抽选名册", en="Replace a roster"),
            clause="R14.4",
        ),
        CommandSpec(
            command=c.OpenMonth,
            handler=registering.open_month,
            permission="property_project.open_month",
            summary=Text(zh="开启月度考核", en="Open a month"),
            clause="R14.3",
        ),
        CommandSpec(
            command=c.DrawRepresentatives,
            handler=registering.draw_representatives,
            permission="property_project.draw_representatives",
            summary=Text(zh="抽取代表", en="Draw the representatives"),
            clause="R14.4",
        ),
        CommandSpec(
            command=c.RecordMonthResult,
            handler=results.record_result,
            permission="property_project.record_month_result",
            summary=Text(zh="记录月度结果", en="Record a month's result"),
            clause="R14.5.1",
            audience="internal",
        ),
        CommandSpec(
            command=c.ConfirmCorrection,
            handler=contract.confirm_correction,
            permission="property_project.confirm_correction",
            summary=Text(zh="确认整改完成", en="Confirm a correction"),
            clause="R14.5.1",
        ),
        CommandSpec(
            command=c.LapseCorrection,
            handler=contract.lapse_correction,
            permission="property_project.lapse_correction",
            summary=Text(zh="整改逾期", en="Note that a correction is overdue"),
            clause="R14.5.1",
            audience="internal",
        ),
        CommandSpec(
            command=c.TerminateContract,
            handler=contract.terminate,
            permission="property_project.terminate_contract",
            summary=Text(zh="终止合同", en="Terminate the contract"),
            clause="R14.5.1",
        ),
        CommandSpec(
            command=c.DisposeEquipment,
            handler=contract.dispose_equipment,
            permission="property_project.dispose_equipment",
            summary=Text(zh="处置设备", en="Dispose of equipment"),
            clause="R14.5.1",
        ),
        CommandSpec(
            command=c.ReinstateContract,
            handler=contract.reinstate,
            permission="property_project.reinstate_contract",
            summary=Text(zh="恢复合同", en="Reinstate the contract"),
            clause="R14.5.1",
        ),
        CommandSpec(
            command=c.EndContract,
            handler=contract.end,
            permission="property_project.end_contract",
            summary=Text(zh="合同到期终结", en="End the contract"),
        ),
    ),
    events=(
        events.ProjectRegistered,
        events.ProjectRevised,
        events.RosterReplaced,
        events.MonthOpened,
        events.RepresentativesDrawn,
        events.MonthRecorded,
        events.MonthRevised,
        events.CorrectionOrdered,
        events.CorrectionWithdrawn,
        events.CorrectionConfirmed,
        events.CorrectionOverdue,
        events.TerminationRightArose,
        events.TerminationRightLapsed,
        events.TenderPriorityMarked,
        events.TenderPriorityWithdrawn,
        events.ContractTerminated,
        events.EquipmentDisposed,
        events.TerminationGroundLost,
        events.TerminationGroundRestored,
        events.ContractReinstated,
        events.ContractEnded,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
