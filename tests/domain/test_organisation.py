"""An organisation: profile, calendar, members and roles, and never without an administrator."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from domain.calendar import Calendar, statutory
from domain.kernel import Actor, Context, Refusal
from domain.organisation import ORGANISATION, calendar
from domain.organisation import messages as m

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
NOBODY = UUID(int=0)


def context(kind="member", nonce=0):
    """A context whose new ids differ by their nonce."""
    return Context(actor=Actor(kind=kind), now=NOW, calendar=Calendar(), entropy=nonce.to_bytes(32))


def given(*commands):
    """The organisation after its provisioning and these commands."""
    provision = m.ProvisionOrganisation(name="甲学院", admin_username="admin", admin_display_name="管理员")
    state = ORGANISATION.fold(None, ORGANISATION.decide(None, provision, context("operator")))
    for nonce, command in enumerate(commands, start=1):
        state = ORGANISATION.fold(state, ORGANISATION.decide(state, command, context(nonce=nonce)))
    return state


def refused(state, command, kind="member"):
    """The refusal a command meets."""
    with pytest.raises(Refusal) as caught:
        ORGANISATION.decide(state, command, context(kind, nonce=99))
    return caught.value


def admin_of(state):
    """The first administrator's id."""
    return state.usernames["admin"]


def member(username="li.si", roles=("department",)):
    """A command that adds a member."""
    return m.AddMember(username=username, display_name="李四", roles=roles)


def test_provisioning_sets_up_an_administrator_in_shanghai():
    """A new organisation can be run at once."""
    state = given()
    assert state.member_named("admin").roles == ("tenant_admin",)
    assert (state.timezone, state.locale, state.status) == ("Asia/Shanghai", "zh", "active")


@pytest.mark.parametrize("kind", ["member", "api_key", "ballot_link"])
def test_only_the_operator_provisions(kind):
    """No tenant can make another."""
    command = m.ProvisionOrganisation(name="乙", admin_username="admin", admin_display_name="乙")
    assert refused(None, command, kind).kind == "forbidden"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "", "asia/shanghai"])
def test_an_unknown_zone_is_refused(zone):
    """Only zones that exist."""
    refusal = refused(given(), m.ReviseProfile(name="甲", timezone=zone, locale="en"))
    assert (refusal.code, refusal.field) == ("unknown_timezone", "timezone")


def test_a_username_is_unique():
    """Two people never share one, even when the first is disabled."""
    state = given(member())
    state = ORGANISATION.fold(
        state,
        ORGANISATION.decide(state, m.DisableMember(member_id=state.usernames["li.si"], reason="离职"), context()),
    )
    assert refused(state, member()).code == "username_taken"


def test_an_unknown_role_is_refused():
    """A role is one of the shipped ones, when added and when granted."""
    assert refused(given(), member(roles=("emperor",))).code == "unknown_role"
    state = given()
    assert refused(state, m.GrantRole(member_id=admin_of(state), role="emperor")).code == "unknown_role"


def test_roles_are_granted_and_revoked():
    """A member holds what was granted and not revoked."""
    state = given(member())
    li = state.usernames["li.si"]
    for command in (m.GrantRole(member_id=li, role="auditor"), m.RevokeRole(member_id=li, role="department")):
        state = ORGANISATION.fold(state, ORGANISATION.decide(state, command, context()))
    assert state.members[li].roles == ("auditor",)
    assert refused(state, m.GrantRole(member_id=li, role="auditor")).code == "role_held"
    assert refused(state, m.RevokeRole(member_id=li, role="finance")).code == "role_not_held"


def test_the_last_administrator_stays():
    """Neither revoking the role nor disabling the person leaves an organisation without an administrator."""
    state = given(member())
    assert refused(state, m.RevokeRole(member_id=admin_of(state), role="tenant_admin")).code == "last_admin"
    assert refused(state, m.DisableMember(member_id=admin_of(state), reason="离职")).code == "last_admin"


def test_a_disabled_administrator_does_not_count():
    """The second administrator counts only while active."""
    state = given(member(roles=("tenant_admin",)))
    disable = m.DisableMember(member_id=state.usernames["li.si"], reason="离职")
    state = ORGANISATION.fold(state, ORGANISATION.decide(state, disable, context()))
    assert refused(state, m.DisableMember(member_id=admin_of(state), reason="离职")).code == "last_admin"
    assert refused(state, disable).code == "member_disabled"


def test_a_stranger_can_not_be_changed():
    """A member id that is none is a value error that names its field."""
    refusal = refused(given(), m.RenameMember(member_id=NOBODY, display_name="无名"))
    assert (refusal.code, refusal.field) == ("no_such_member", "member_id")


def test_a_member_has_a_department_from_the_beginning_or_is_assigned_one():
    """Added with one, moved to another, moved to none; to where he is already is refused."""
    state = given(m.AddMember(username="wang.wu", display_name="王五", roles=("department",), department="销售部"))
    wang = state.usernames["wang.wu"]
    assert state.members[wang].department == "销售部"
    for department in ("财务部", None):
        move = m.AssignDepartment(member_id=wang, department=department)
        state = ORGANISATION.fold(state, ORGANISATION.decide(state, move, context()))
        assert state.members[wang].department == department
        assert refused(state, move).code == "same_department"
    assert refused(state, m.AssignDepartment(member_id=NOBODY, department="财务部")).code == "no_such_member"


def test_the_calendar_joins_announced_and_own_days():
    """Own days win over announced ones, both ways."""
    state = given(m.SetCalendar(holidays=(date(2026, 2, 14),), makeup_days=(date(2026, 10, 7),)))
    days = calendar(state)
    assert not days.is_working_day(date(2026, 2, 14))
    assert days.is_working_day(date(2026, 10, 7))
    assert not days.is_working_day(date(2026, 10, 6))


def test_an_organisation_may_do_without_the_announced_days():
    """Then only its own days count."""
    state = given(m.SetCalendar(use_statutory=False))
    assert calendar(state).is_working_day(date(2026, 10, 1))


def test_the_announced_years_of_its_beginning_are_known():
    """No event is needed for them, and no other year is, whatever is shipped."""
    assert calendar(given()).complete_years == {2025, 2026}
    assert calendar(given(m.SetCalendar(use_statutory=False))).complete_years == frozenset()


def test_a_year_is_known_once_the_organisation_declares_it_complete():
    """The event names the years that became known by it, and only those; declared no more, a year is unknown again."""
    state = given()
    (event,) = ORGANISATION.decide(state, m.SetCalendar(complete_years=(2027, 2026, 2027)), context())
    assert (event.complete_years, event.newly_known) == ((2026, 2027), (2027,))
    declared = ORGANISATION.fold(state, (event,))
    assert calendar(declared).complete_years == {2025, 2026, 2027}
    (withdrawn,) = ORGANISATION.decide(declared, m.SetCalendar(), context())
    assert withdrawn.newly_known == ()
    assert calendar(ORGANISATION.fold(declared, (withdrawn,))).complete_years == {2025, 2026}


def test_an_announced_year_that_is_adopted_is_held_by_the_event():
    """Its days and the notice they come from; what is shipped later changes nothing of it."""
    (event,) = ORGANISATION.decide(given(), m.AdoptStatutoryYear(year=2026), context())
    holidays, makeup_days = statutory(2026)
    assert (set(event.holidays), set(event.makeup_days)) == (holidays, makeup_days)
    assert "2026" in event.source_zh
    assert event.newly_known == ()


def test_a_year_that_a_later_version_brought_is_used_from_its_event_alone():
    """An event of a later version folds into days that this version does not ship."""
    event = m.StatutoryYearAdopted(
        year=2027,
        source_zh="通知",
        source_en="notice",
        holidays=(date(2027, 1, 1),),
        makeup_days=(date(2027, 1, 3),),
        newly_known=(2027,),
    )
    days = calendar(ORGANISATION.fold(given(), (event,)))
    assert days.complete_years == {2025, 2026, 2027}
    assert not days.is_working_day(date(2027, 1, 1))
    assert days.is_working_day(date(2027, 1, 3))


@pytest.mark.parametrize(
    ("before", "year", "code"),
    [
        ((m.AdoptStatutoryYear(year=2026),), 2026, "year_adopted_already"),
        ((), 2099, "year_not_shipped"),
        ((m.SetCalendar(use_statutory=False),), 2026, "statutory_not_used"),
    ],
)
def test_a_year_is_adopted_once_and_only_where_it_is_used_and_known(before, year, code):
    """No year is invented."""
    assert refused(given(*before), m.AdoptStatutoryYear(year=year)).code == code


def test_a_day_is_not_both():
    """A rest day that is also a make-up day is refused by name."""
    day = date(2026, 7, 1)
    refusal = refused(given(), m.SetCalendar(holidays=(day,), makeup_days=(day,)))
    assert refusal.details == {"days": ["2026-07-01"]}


def test_rest_ends():
    """Half a year of vacation is thinkable, a year without working days is not."""
    days = tuple(date(2026, 1, 1) + timedelta(n) for n in range(365))
    assert refused(given(), m.SetCalendar(holidays=days)).code == "rest_without_end"
    assert given(m.SetCalendar(holidays=days[:90])).holidays == days[:90]


def test_a_suspended_organisation_stands_still():
    """Members change nothing until the operator resumes it."""
    state = given()
    events = ORGANISATION.decide(state, m.SuspendOrganisation(reason="欠费"), context("operator"))
    suspended = ORGANISATION.fold(state, events)
    assert refused(suspended, member()).code == "organisation_suspended"
    resumed = ORGANISATION.fold(
        suspended, ORGANISATION.decide(suspended, m.ResumeOrganisation(reason="已缴"), context("operator"))
    )
    assert resumed.status == "active"
    assert refused(suspended, m.ResumeOrganisation(reason="x")).kind == "forbidden"
    assert refused(state, m.ResumeOrganisation(reason="x"), "operator").code == "not_suspended"
