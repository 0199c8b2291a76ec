"""Who an anonymous reporter is lies under seal: a custodian without a part in the case opens it, for a reason."""

from datetime import UTC, datetime

import pytest

from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal
from domain.roles import ROLES, permissions_of
from domain.sealed_identity import MAX_SEALINGS, SEALED_IDENTITY, OpenIdentity, SealIdentity, identity_id
from tests.domain.story_service import ANONYMOUS
from tests.domain.world import PEOPLE

pytestmark = pytest.mark.clause("R4.12", "R0.3")
CUSTODIAN, HANDLER, _ = PEOPLE
SEAL = SealIdentity(report_id=ANONYMOUS, report_noun="complaint", sealed="gAAAAA-sealed")


def context(person=None, kind="member"):
    """A moment's context."""
    return Context(actor=Actor(kind=kind, id=person), now=datetime(2026, 3, 2, 1, tzinfo=UTC), calendar=Calendar())


def sealed():
    """The state once a name lies under seal."""
    return SEALED_IDENTITY.fold(None, SEALED_IDENTITY.decide(None, SEAL, context(kind="reporter")))


def refusal(state, command, **who):
    """The refusal a command meets."""
    with pytest.raises(Refusal) as caught:
        SEALED_IDENTITY.decide(state, command, context(**who))
    return caught.value


def test_the_seal_is_opened_for_a_recorded_reason():
    """Who, when and why stand in the event; the name does not."""
    command = OpenIdentity(reason="须核实证言", barred=(HANDLER,))

    (opened,) = SEALED_IDENTITY.decide(sealed(), command, context(CUSTODIAN))

    assert (opened.reason, opened.opened_by, str(opened.opened_on)) == ("须核实证言", CUSTODIAN, "2026-03-02")
    assert SEALED_IDENTITY.evolve(sealed(), opened).openings == 1


@pytest.mark.clause("R4.21")
def test_whoever_has_a_part_in_the_case_does_not_open_it():
    """The refusal is coded, and forbidden rather than a matter of the state."""
    found = refusal(sealed(), OpenIdentity(reason="想知道", barred=(HANDLER, CUSTODIAN)), person=CUSTODIAN)

    assert (found.code, found.kind, found.clause) == ("custodian_has_a_part", "forbidden", "R4.21")


@pytest.mark.parametrize("who", [{"kind": "system"}, {"kind": "api_key", "person": CUSTODIAN}, {"kind": "reporter"}])
def test_a_person_opens_it_and_nothing_else(who):
    """No key, no receipt and not the service itself."""
    assert refusal(sealed(), OpenIdentity(reason="x", barred=()), **who).code == "person_required"


def test_a_name_may_be_left_anew_and_is_sealed_again():
    """The latest counts, a bounded number of times."""
    state = sealed()
    for number in range(MAX_SEALINGS - 1):
        again = SealIdentity(report_id=ANONYMOUS, report_noun="complaint", sealed=f"gAAAAA-{number}")
        state = SEALED_IDENTITY.fold(state, SEALED_IDENTITY.decide(state, again, context(kind="reporter")))

    assert state.sealed == f"gAAAAA-{MAX_SEALINGS - 2}"
    assert refusal(state, SEAL, kind="reporter").code == "too_many"


def test_no_other_role_may_open_the_seal():
    """The custodian's office is one of its own, and sees no case by it."""
    assert [role.name for role in ROLES if "sealed_identity.open" in role.permissions] == ["custodian"]
    assert not [one for one in permissions_of(["custodian"]) if one.startswith(("complaint.", "accountability_case."))]


def test_what_is_sealed_is_never_shown():
    """Readings leave the sealed text out, show no hour of it, and are noted."""
    assert SEALED_IDENTITY.sealed == {"sealed"}
    assert SEALED_IDENTITY.private
    assert SEALED_IDENTITY.day_only(None, SEALED_IDENTITY.decide(None, SEAL, context(kind="reporter"))[0])
    assert identity_id(ANONYMOUS) != ANONYMOUS
