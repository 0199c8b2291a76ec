"""The organisation (组织): a tenant's profile, calendar, members and their roles. Its stream id is the tenant's.

Passwords and keys are not here: they are secrets, not facts to be kept for ever.
"""

from domain.kernel import CommandSpec, Decider, Text
from domain.organisation import days, handlers, messages
from domain.organisation.state import Member, OrganisationState, calendar, evolve, office

__all__ = ["ORGANISATION", "Member", "OrganisationState", "calendar", "office"]

ORGANISATION = Decider(
    noun="organisation",
    plural="organisations",
    title=Text(zh="组织", en="organisation"),
    state=OrganisationState,
    statuses=("active", "suspended"),
    commands=(
        CommandSpec(
            command=messages.ProvisionOrganisation,
            handler=handlers.provision,
            permission="organisation.provision_organisation",
            summary=Text(zh="开通组织", en="Provision an organisation"),
            creates=True,
            audience="internal",
            stream_id=lambda tenant_id, _: tenant_id,
        ),
        CommandSpec(
            command=messages.SuspendOrganisation,
            handler=handlers.suspend,
            permission="organisation.suspend_organisation",
            summary=Text(zh="停用组织", en="Suspend the organisation"),
            audience="internal",
        ),
        CommandSpec(
            command=messages.ResumeOrganisation,
            handler=handlers.resume,
            permission="organisation.resume_organisation",
            summary=Text(zh="恢复组织", en="Resume the organisation"),
            audience="internal",
        ),
        CommandSpec(
            command=messages.ReviseProfile,
            handler=handlers.revise_profile,
            permission="organisation.revise_profile",
            summary=Text(zh="修改组织资料", en="Revise the profile"),
        ),
        CommandSpec(
            command=messages.SetCalendar,
            handler=days.set_calendar,
            permission="organisation.set_calendar",
            summary=Text(zh="设置工作日历", en="Set the calendar"),
        ),
        CommandSpec(
            command=messages.SetNumbering,
            handler=handlers.set_numbering,
            permission="organisation.set_numbering",
            summary=Text(zh="设置文号", en="Say how documents are numbered"),
        ),
        CommandSpec(
            command=messages.AdoptStatutoryYear,
            handler=days.adopt_statutory_year,
            permission="organisation.adopt_statutory_year",
            summary=Text(zh="启用法定节假日安排", en="Adopt an announced year"),
        ),
        CommandSpec(
            command=messages.AddMember,
            handler=handlers.add_member,
            permission="organisation.add_member",
            summary=Text(zh="增加成员", en="Add a member"),
        ),
        CommandSpec(
            command=messages.RenameMember,
            handler=handlers.rename_member,
            permission="organisation.rename_member",
            summary=Text(zh="修改成员姓名", en="Rename a member"),
        ),
        CommandSpec(
            command=messages.AssignDepartment,
            handler=handlers.assign_department,
            permission="organisation.assign_department",
            summary=Text(zh="调整部门", en="Assign a department"),
        ),
        CommandSpec(
            command=messages.GrantRole,
            handler=handlers.grant_role,
            permission="organisation.grant_role",
            summary=Text(zh="授予角色", en="Grant a role"),
        ),
        CommandSpec(
            command=messages.RevokeRole,
            handler=handlers.revoke_role,
            permission="organisation.revoke_role",
            summary=Text(zh="撤销角色", en="Revoke a role"),
        ),
        CommandSpec(
            command=messages.DisableMember,
            handler=handlers.disable_member,
            permission="organisation.disable_member",
            summary=Text(zh="停用成员", en="Disable a member"),
        ),
        CommandSpec(
            command=messages.EnableMember,
            handler=handlers.enable_member,
            permission="organisation.enable_member",
            summary=Text(zh="启用成员", en="Enable a member"),
        ),
    ),
    events=(
        messages.OrganisationProvisioned,
        messages.OrganisationSuspended,
        messages.OrganisationResumed,
        messages.ProfileRevised,
        messages.CalendarSet,
        messages.NumberingSet,
        messages.StatutoryYearAdopted,
        messages.MemberAdded,
        messages.MemberRenamed,
        messages.DepartmentAssigned,
        messages.RoleGranted,
        messages.RoleRevoked,
        messages.MemberDisabled,
        messages.MemberEnabled,
    ),
    evolve=evolve,
    configuration=True,
)
