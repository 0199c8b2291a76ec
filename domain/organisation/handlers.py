"""How an organisation answers its commands."""

from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from domain.documents import KINDS
from domain.kernel import Context, Event, Refusal
from domain.office import fits
from domain.organisation.days import announced_since
from domain.organisation.guards import must_be_active
from domain.organisation.messages import (
    AddMember,
    AssignDepartment,
    DepartmentAssigned,
    DisableMember,
    EnableMember,
    GrantRole,
    MemberAdded,
    MemberDisabled,
    MemberEnabled,
    MemberRenamed,
    NumberingSet,
    OrganisationProvisioned,
    OrganisationResumed,
    OrganisationSuspended,
    ProfileRevised,
    ProvisionOrganisation,
    RenameMember,
    ResumeOrganisation,
    ReviseProfile,
    RevokeRole,
    RoleGranted,
    RoleRevoked,
    SetNumbering,
    SuspendOrganisation,
)
from domain.organisation.state import Member, OrganisationState
from domain.roles import ADMIN, ROLE_NAMES, role_of

MAX_MEMBERS = 20_000


def provision(_: None, command: ProvisionOrganisation, context: Context) -> tuple[Event, ...]:
    """Set up the organisation with one administrator and all announced years; the platform's operator alone may."""
    _operator_only(context)
    _known_zone(command.timezone)
    return (
        OrganisationProvisioned(name=command.name, timezone=command.timezone, locale=command.locale),
        MemberAdded(
            member_id=context.new_id("member"),
            username=command.admin_username,
            display_name=command.admin_display_name,
            roles=(ADMIN,),
        ),
        *announced_since(),
    )


def suspend(state: OrganisationState, command: SuspendOrganisation, context: Context) -> tuple[Event, ...]:
    """Suspend an active organisation; the platform's operator alone may."""
    _operator_only(context)
    must_be_active(state)
    return (OrganisationSuspended(reason=command.reason),)


def resume(state: OrganisationState, command: ResumeOrganisation, context: Context) -> tuple[Event, ...]:
    """Resume a suspended organisation; the platform's operator alone may."""
    _operator_only(context)
    if state.status != "suspended":
        raise Refusal("not_suspended", zh="该组织未被停用", en="The organisation is not suspended.")
    return (OrganisationResumed(reason=command.reason),)


def revise_profile(state: OrganisationState, command: ReviseProfile, _: Context) -> tuple[Event, ...]:
    """Replace name, zone and language."""
    must_be_active(state)
    _known_zone(command.timezone)
    return (ProfileRevised(name=command.name, timezone=command.timezone, locale=command.locale),)


def set_numbering(state: OrganisationState, command: SetNumbering, _: Context) -> tuple[Event, ...]:
    """Replace how documents are numbered, unless two of them could come to look alike."""
    must_be_active(state)
    if not fits(command.pattern):
        raise Refusal(
            "pattern_ambiguous",
            zh="文号格式须含 {code}、{year}、{number} 各一次，且不含其他数字或花括号",
            en="The pattern holds {code}, {year} and {number} once each, and no other digit or brace.",
            kind="value",
            field="pattern",
        )
    owners = {**state.words, **{kind.code: name for name, kind in KINDS.items()}}
    unknown = sorted(set(command.codes) - set(KINDS))
    taken = sorted(word for name, word in command.codes.items() if owners.get(word, name) != name)
    if unknown or taken or len(set(command.codes.values())) != len(command.codes):
        raise Refusal(
            "codes_ambiguous",
            zh="文书种类须为已有种类；每个字只归一类，曾用于他类的字不得再用",
            en="Each word stands for one known kind of document, and for none that had another before.",
            kind="value",
            field="codes",
            details={"unknown": unknown, "taken": taken, "kinds": list(KINDS)},
        )
    return (NumberingSet(agency=command.agency, pattern=command.pattern, codes=dict(command.codes)),)


def add_member(state: OrganisationState, command: AddMember, context: Context) -> tuple[Event, ...]:
    """Take in a person under a name nobody else has."""
    must_be_active(state)
    if command.username in state.usernames:
        raise Refusal(
            "username_taken", zh="该用户名已被使用", en="This username is taken.", kind="value", field="username"
        )
    if len(state.members) >= MAX_MEMBERS:
        raise Refusal(
            "too_many_members",
            zh=f"成员最多{MAX_MEMBERS}人",
            en=f"An organisation has at most {MAX_MEMBERS} members.",
        )
    for role in command.roles:
        _known_role(role, "roles")
    return (
        MemberAdded(
            member_id=context.new_id("member"),
            username=command.username,
            display_name=command.display_name,
            roles=tuple(sorted(set(command.roles))),
            department=command.department,
        ),
    )


def assign_department(state: OrganisationState, command: AssignDepartment, _: Context) -> tuple[Event, ...]:
    """Move a member to another department; what was recorded for the old one stays there."""
    must_be_active(state)
    member = _member(state, command.member_id)
    if command.department == member.department:
        raise Refusal("same_department", zh="该成员已在此部门", en="The member is there already.")
    return (DepartmentAssigned(member_id=member.id, department=command.department),)


def rename_member(state: OrganisationState, command: RenameMember, _: Context) -> tuple[Event, ...]:
    """Show a member under another name."""
    must_be_active(state)
    member = _member(state, command.member_id)
    return (MemberRenamed(member_id=member.id, display_name=command.display_name),)


def grant_role(state: OrganisationState, command: GrantRole, _: Context) -> tuple[Event, ...]:
    """Give a role the member does not hold yet."""
    must_be_active(state)
    member = _member(state, command.member_id)
    _known_role(command.role, "role")
    if command.role in member.roles:
        raise Refusal("role_held", zh="该成员已有此角色", en="The member holds this role already.")
    return (RoleGranted(member_id=member.id, role=command.role),)


def revoke_role(state: OrganisationState, command: RevokeRole, _: Context) -> tuple[Event, ...]:
    """Take a role the member holds, but not the organisation's last administration."""
    must_be_active(state)
    member = _member(state, command.member_id)
    if command.role not in member.roles:
        raise Refusal("role_not_held", zh="该成员没有此角色", en="The member does not hold this role.")
    if command.role == ADMIN:
        _not_the_last_admin(state, member)
    return (RoleRevoked(member_id=member.id, role=command.role),)


def disable_member(state: OrganisationState, command: DisableMember, _: Context) -> tuple[Event, ...]:
    """Shut a member out, but not the last administrator."""
    must_be_active(state)
    member = _member(state, command.member_id)
    if member.disabled:
        raise Refusal("member_disabled", zh="该成员已停用", en="The member is disabled already.")
    _not_the_last_admin(state, member)
    return (MemberDisabled(member_id=member.id, reason=command.reason),)


def enable_member(state: OrganisationState, command: EnableMember, _: Context) -> tuple[Event, ...]:
    """Let a disabled member in again."""
    must_be_active(state)
    member = _member(state, command.member_id)
    if not member.disabled:
        raise Refusal("member_enabled", zh="该成员未停用", en="The member is not disabled.")
    return (MemberEnabled(member_id=member.id),)


def _operator_only(context: Context) -> None:
    if context.actor.kind not in {"operator", "system"}:
        raise Refusal(
            "operator_only", zh="仅平台运营者可执行", en="Only the platform's operator may do this.", kind="forbidden"
        )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _known_zone(name: str) -> None:
    if name not in _zones():
        raise Refusal("unknown_timezone", zh="未知的时区", en="There is no such zone.", kind="value", field="timezone")


def _known_role(name: str, field: str) -> None:
    if role_of(name) is None:
        raise Refusal(
            "unknown_role",
            zh="没有这个角色",
            en="There is no such role.",
            kind="value",
            field=field,
            details={"role": name, "roles": list(ROLE_NAMES)},
        )


def _member(state: OrganisationState, member_id: UUID) -> Member:
    member = state.members.get(member_id)
    if member is None:
        raise Refusal(
            "no_such_member", zh="没有这名成员", en="There is no such member.", kind="value", field="member_id"
        )
    return member


def _not_the_last_admin(state: OrganisationState, member: Member) -> None:
    others = (other for other in state.members.values() if other.id != member.id)
    if member.administers and not any(other.administers for other in others):
        raise Refusal(
            "last_admin",
            zh="组织必须至少有一名在用的系统管理员",
            en="An organisation keeps at least one active administrator.",
        )
