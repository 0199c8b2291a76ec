"""What is asked of an organisation and what happened in it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from domain.kernel import Command, Event
from domain.office import PATTERN, Agency, KindName, Pattern, Word

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
DisplayName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Username = Annotated[str, msgspec.Meta(min_length=2, max_length=64, pattern=r"^[a-z0-9][a-z0-9._@-]+$(?!\n)")]
"""Lower case only, so that two names that look alike are one."""
RoleName = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Roles = Annotated[tuple[RoleName, ...], msgspec.Meta(min_length=1, max_length=20)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
Timezone = Annotated[str, msgspec.Meta(min_length=1, max_length=64, description="An IANA zone, e.g. Asia/Shanghai.")]
Days = Annotated[tuple[date, ...], msgspec.Meta(max_length=1000)]
Year = Annotated[int, msgspec.Meta(ge=2000, le=2100)]
Years = Annotated[tuple[Year, ...], msgspec.Meta(max_length=20)]
Department = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Locale = Literal["zh", "en"]


class ProvisionOrganisation(Command, frozen=True, kw_only=True):
    """Set up a tenant with its first administrator (开通组织)."""

    name: Name
    timezone: Timezone = "Asia/Shanghai"
    locale: Locale = "zh"
    admin_username: Username
    admin_display_name: DisplayName


class SuspendOrganisation(Command, frozen=True, kw_only=True):
    """Stop an organisation from acting until it is resumed (停用组织)."""

    reason: Reason


class ResumeOrganisation(Command, frozen=True, kw_only=True):
    """Let a suspended organisation act again (恢复组织)."""

    reason: Reason


class ReviseProfile(Command, frozen=True, kw_only=True):
    """Replace the organisation's name, zone and language (修改组织资料)."""

    name: Name
    timezone: Timezone
    locale: Locale


class SetCalendar(Command, frozen=True, kw_only=True):
    """Replace the organisation's own rest days and make-up days (设置工作日历).

    With ``use_statutory`` they are added to the announced ones, and win where the two contradict. ``complete_years``
    are those of which the organisation declares that these days are all there is to know; an announced year that it
    uses needs no such declaration.
    """

    use_statutory: bool = True
    holidays: Days = ()
    makeup_days: Days = ()
    complete_years: Years = ()


class AdoptStatutoryYear(Command, frozen=True, kw_only=True):
    """Take over an announced year's holidays as this version of the program knows them (启用法定节假日安排)."""

    year: Year


class SetNumbering(Command, frozen=True, kw_only=True):
    """Say how documents are numbered from now on (设置文号).

    ``agency`` is the organisation's own word (机关代字). ``pattern`` holds ``{code}``, ``{year}`` and ``{number}``
    once each, and ``{agency}`` at most once. ``codes`` names the words of those kinds that differ from the shipped.
    """

    agency: Agency = ""
    pattern: Pattern = PATTERN
    codes: Annotated[dict[KindName, Word], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=dict)


class AddMember(Command, frozen=True, kw_only=True):
    """Take a person into the organisation (增加成员)."""

    username: Username
    display_name: DisplayName
    roles: Roles
    department: Department | None = None


class AssignDepartment(Command, frozen=True, kw_only=True):
    """Say in which department a member works, or in none (调整部门)."""

    member_id: UUID
    department: Department | None


class RenameMember(Command, frozen=True, kw_only=True):
    """Change the name a member is shown under (修改成员姓名)."""

    member_id: UUID
    display_name: DisplayName


class GrantRole(Command, frozen=True, kw_only=True):
    """Give a member a role (授予角色)."""

    member_id: UUID
    role: RoleName


class RevokeRole(Command, frozen=True, kw_only=True):
    """Take a role from a member (撤销角色)."""

    member_id: UUID
    role: RoleName


class DisableMember(Command, frozen=True, kw_only=True):
    """Shut a member out from the next request on (停用成员)."""

    member_id: UUID
    reason: Reason


class EnableMember(Command, frozen=True, kw_only=True):
    """Let a disabled member in again (启用成员)."""

    member_id: UUID


class OrganisationProvisioned(Event, tag="organisation.provisioned", frozen=True, kw_only=True):
    """A tenant was set up."""

    name: str
    timezone: str
    locale: Locale


class OrganisationSuspended(Event, tag="organisation.suspended", frozen=True, kw_only=True):
    """The organisation may not act for now."""

    reason: str


class OrganisationResumed(Event, tag="organisation.resumed", frozen=True, kw_only=True):
    """The organisation may act again."""

    reason: str


class ProfileRevised(Event, tag="organisation.profile_revised", frozen=True, kw_only=True):
    """Name, zone and language are now these."""

    name: str
    timezone: str
    locale: Locale


class CalendarSet(Event, tag="organisation.calendar_set", frozen=True, kw_only=True):
    """The organisation's own rest and make-up days are now these, each in order.

    ``complete_years`` are declared complete, ``newly_known`` are the years whose calendar is known by this event.
    """

    use_statutory: bool
    holidays: tuple[date, ...]
    makeup_days: tuple[date, ...]
    complete_years: tuple[int, ...] = ()
    newly_known: tuple[int, ...] = ()


class StatutoryYearAdopted(Event, tag="organisation.statutory_year_adopted", frozen=True, kw_only=True):
    """An announced year's rest and make-up days are in use, with the notice they come from, whatever is shipped later.

    ``newly_known`` holds the year unless its calendar was known before.
    """

    year: int
    source_zh: str
    source_en: str
    holidays: tuple[date, ...]
    makeup_days: tuple[date, ...]
    newly_known: tuple[int, ...]


class NumberingSet(Event, tag="organisation.numbering_set", frozen=True, kw_only=True):
    """Documents are numbered like this from now on; see `SetNumbering`."""

    agency: str
    pattern: str
    codes: dict[str, str]


class MemberAdded(Event, tag="organisation.member_added", frozen=True, kw_only=True):
    """A person became a member."""

    member_id: UUID
    username: str
    display_name: str
    roles: tuple[str, ...]
    department: str | None = None


class DepartmentAssigned(Event, tag="organisation.department_assigned", frozen=True, kw_only=True):
    """A member works in another department from now on, or in none."""

    member_id: UUID
    department: str | None


class MemberRenamed(Event, tag="organisation.member_renamed", frozen=True, kw_only=True):
    """A member is shown under another name."""

    member_id: UUID
    display_name: str


class RoleGranted(Event, tag="organisation.role_granted", frozen=True, kw_only=True):
    """A member holds one role more."""

    member_id: UUID
    role: str


class RoleRevoked(Event, tag="organisation.role_revoked", frozen=True, kw_only=True):
    """A member holds one role less."""

    member_id: UUID
    role: str


class MemberDisabled(Event, tag="organisation.member_disabled", frozen=True, kw_only=True):
    """A member is shut out."""

    member_id: UUID
    reason: str


class MemberEnabled(Event, tag="organisation.member_enabled", frozen=True, kw_only=True):
    """A member is in again."""

    member_id: UUID
