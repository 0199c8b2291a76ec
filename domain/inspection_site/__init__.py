"""An inspection site (检查台账): a project's areas, cleaning units, items and posts; their duties and plans (R12)."""

from domain.inspection_site import commands as c
from domain.inspection_site import events as e
from domain.inspection_site import planning, registering
from domain.inspection_site.state import InspectionSiteState, evolve
from domain.kernel import CommandSpec, Decider, Text, derived_id

__all__ = ["INSPECTION_SITE", "InspectionSiteState"]

INSPECTION_SITE = Decider(
    noun="inspection_site",
    plural="inspection-sites",
    title=Text(zh="检查台账", en="inspection site"),
    state=InspectionSiteState,
    statuses=("open", "closed"),
    commands=(
        CommandSpec(
            command=c.RegisterSite,
            handler=registering.register,
            permission="inspection_site.register_site",
            summary=Text(zh="建立检查台账", en="Begin a project's inspection register"),
            clause="R12.5.1",
            creates=True,
            stream_id=lambda _, command: derived_id(command.project_id, "inspection_site"),
        ),
        CommandSpec(
            command=c.ReviseRegister,
            handler=registering.revise,
            permission="inspection_site.revise_register",
            summary=Text(zh="更新检查台账", en="State areas, units and items anew"),
            clause="R12.5.2",
        ),
        CommandSpec(
            command=c.AppointPosts,
            handler=registering.appoint,
            permission="inspection_site.appoint_posts",
            summary=Text(zh="任命岗位并设立职责", en="State the posts; their duties follow"),
            clause="R12.5.1",
        ),
        CommandSpec(
            command=c.ApplyRules,
            handler=registering.apply_rules,
            permission="inspection_site.apply_rules",
            summary=Text(zh="适用现行制度", en="Let the rules in force apply"),
            clause="R12.5.1",
        ),
        CommandSpec(
            command=c.PlanInspection,
            handler=planning.plan,
            permission="inspection_site.plan_inspection",
            summary=Text(zh="制定检查计划", en="Plan an inspection"),
            clause="R12.5.3",
        ),
        CommandSpec(
            command=c.CloseSite,
            handler=registering.close,
            permission="inspection_site.close_site",
            summary=Text(zh="撤销检查台账", en="End the inspections of a project"),
            clause="R12.5.1",
        ),
    ),
    events=(
        e.SiteRegistered,
        e.RegisterRevised,
        e.PostsAppointed,
        e.RulesApplied,
        e.InspectionPlanned,
        e.SiteClosed,
    ),
    evolve=evolve,
)
