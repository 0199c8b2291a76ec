"""Where an organisation stands: its profile, its calendar, its members."""

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from domain.calendar import BASE_YEARS, Calendar, statutory
from domain.kernel import Event, State
from domain.office import Numbering, Office
from domain.organisation.messages import (
    CalendarSet,
    DepartmentAssigned,
    MemberAdded,
    MemberDisabled,
    MemberEnabled,
    MemberRenamed,
    NumberingSet,
    OrganisationProvisioned,
    OrganisationResumed,
    OrganisationSuspended,
    ProfileRevised,
    RoleGranted,
    RoleRevoked,
    StatutoryYearAdopted,
)
from domain.roles import ADMIN


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the organisation (成员). ``roles`` are sorted."""

    id: UUID
    username: str
    display_name: str
    roles: tuple[str, ...]
    disabled: bool = False
    department: str | None = None

    @property
    def administers(self) -> bool:
        """Whether this member can run the organisation today."""
        return ADMIN in self.roles and not self.disabled


class AdoptedYear(msgspec.Struct, frozen=True, kw_only=True):
    """An announced year as it was taken over."""

    source_zh: str
    source_en: str
    holidays: tuple[date, ...]
    makeup_days: tuple[date, ...]


class OrganisationState(State, frozen=True, kw_only=True):
    """One organisation; ``usernames`` finds a member by the name they sign in with.

    ``complete_years`` are those it declared complete, ``adopted_years`` the announced ones taken over by an event.
    """

    name: str
    timezone: str
    locale: Literal["zh", "en"]
    use_statutory: bool = True
    holidays: tuple[date, ...] = ()
    makeup_days: tuple[date, ...] = ()
    complete_years: tuple[int, ...] = ()
    adopted_years: dict[int, AdoptedYear] = msgspec.field(default_factory=dict)
    members: dict[UUID, Member] = msgspec.field(default_factory=dict)
    usernames: dict[str, UUID] = msgspec.field(default_factory=dict)
    numbering: Numbering = Numbering()
    words: dict[str, str] = msgspec.field(default_factory=dict)
    """The words that kinds of documents ever had in their numbers, and whose they were."""

    def member_named(self, username: str) -> Member | None:
        """The member who signs in with a name, or none."""
        member_id = self.usernames.get(username)
        return None if member_id is None else self.members[member_id]


def calendar(state: OrganisationState) -> Calendar:
    """The organisation's days: its own, on top of the announced years that it uses.

    Decisions store the dates they computed, so a year that is adopted later changes none of them by itself.
    """
    own_rest, own_work = frozenset(state.holidays), frozenset(state.makeup_days)
    declared = frozenset(state.complete_years)
    if not state.use_statutory:
        return Calendar(timezone=state.timezone, holidays=own_rest, makeup_days=own_work, complete_years=declared)
    announced = {year: statutory(year) for year in BASE_YEARS}
    announced |= {
        year: (frozenset(adopted.holidays), frozenset(adopted.makeup_days))
        for year, adopted in state.adopted_years.items()
    }
    rest = frozenset[date]().union(*(holidays for holidays, _ in announced.values()))
    work = frozenset[date]().union(*(makeup for _, makeup in announced.values()))
    return Calendar(
        timezone=state.timezone,
        holidays=(rest - own_work) | own_rest,
        makeup_days=(work - own_rest) | own_work,
        complete_years=declared | frozenset(announced),
    )


def office(state: OrganisationState) -> Office:
    """The organisation as its papers name it."""
    people = {member.id: member.display_name for member in state.members.values()}
    departments = {member.id: member.department for member in state.members.values() if member.department}
    return Office(name=state.name, numbering=state.numbering, people=people, departments=departments)


def evolve(state: OrganisationState | None, event: Event) -> OrganisationState:  # noqa: C901, PLR0911 - a branch an event
    """Fold one event into the organisation."""
    if isinstance(event, OrganisationProvisioned):
        return OrganisationState(status="active", name=event.name, timezone=event.timezone, locale=event.locale)
    if state is None:
        raise TypeError(f"an organisation does not begin with {type(event).__name__}")
    match event:
        case OrganisationSuspended():
            return msgspec.structs.replace(state, status="suspended")
        case OrganisationResumed():
            return msgspec.structs.replace(state, status="active")
        case ProfileRevised():
            return msgspec.structs.replace(state, name=event.name, timezone=event.timezone, locale=event.locale)
        case CalendarSet():
            return msgspec.structs.replace(
                state,
                use_statutory=event.use_statutory,
                holidays=event.holidays,
                makeup_days=event.makeup_days,
                complete_years=event.complete_years,
            )
        case NumberingSet():
            numbering = Numbering(agency=event.agency, pattern=event.pattern, codes=event.codes)
            words = {**state.words, **{word: kind for kind, word in event.codes.items()}}
            return msgspec.structs.replace(state, numbering=numbering, words=words)
        case StatutoryYearAdopted():
            adopted = AdoptedYear(
                source_zh=event.source_zh,
                source_en=event.source_en,
                holidays=event.holidays,
                makeup_days=event.makeup_days,
            )
            return msgspec.structs.replace(state, adopted_years={**state.adopted_years, event.year: adopted})
        case MemberAdded():
            member = Member(
                id=event.member_id,
                username=event.username,
                display_name=event.display_name,
                roles=event.roles,
                department=event.department,
            )
            named = {**state.usernames, event.username: event.member_id}
            return msgspec.structs.replace(_with(state, member), usernames=named)
        case (
            MemberRenamed() | DepartmentAssigned() | RoleGranted() | RoleRevoked() | MemberDisabled() | MemberEnabled()
        ):
            return _with(state, _member(state.members[event.member_id], event))
        case _:
            raise TypeError(f"an organisation knows no {type(event).__name__}")


def _member(
    member: Member,
    event: MemberRenamed | DepartmentAssigned | RoleGranted | RoleRevoked | MemberDisabled | MemberEnabled,
) -> Member:
    match event:
        case MemberRenamed():
            return msgspec.structs.replace(member, display_name=event.display_name)
        case DepartmentAssigned():
            return msgspec.structs.replace(member, department=event.department)
        case RoleGranted():
            return msgspec.structs.replace(member, roles=tuple(sorted({*member.roles, event.role})))
        case RoleRevoked():
            return msgspec.structs.replace(member, roles=tuple(role for role in member.roles if role != event.role))
        case MemberDisabled():
            return msgspec.structs.replace(member, disabled=True)
        case MemberEnabled():
            return msgspec.structs.replace(member, disabled=False)


def _with(state: OrganisationState, member: Member) -> OrganisationState:
    return msgspec.structs.replace(state, members={**state.members, member.id: member})
