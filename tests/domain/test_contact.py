"""How a complainant can be reached, apart from the complaint."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from domain.calendar import Calendar
from domain.contact import CONTACT, KeepContact, ReviseContact
from domain.kernel import Actor, Context, Refusal, derived_id
from domain.roles import permissions_of

COMPLAINT = UUID(int=3)
CONTEXT = Context(actor=Actor(kind="member"), now=datetime(2026, 4, 8, tzinfo=UTC), calendar=Calendar())


@pytest.mark.clause("R11.2.1")
def test_a_complaint_has_one_contact_that_can_be_replaced():
    """Its stream follows from the complaint, and what stands is the latest."""
    keep = KeepContact(complaint_id=COMPLAINT, name="王五", phone="010-1234567")
    assert CONTACT.spec(KeepContact).stream_id(UUID(int=9), keep) == derived_id(COMPLAINT, "contact")
    state = CONTACT.fold(None, CONTACT.decide(None, keep, CONTEXT))
    revise = ReviseContact(name="王五", email="wang@example.org", reason="换号")
    state = CONTACT.fold(state, CONTACT.decide(state, revise, CONTEXT))
    assert (state.complaint_id, state.phone, state.email) == (COMPLAINT, None, "wang@example.org")


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (None, KeepContact(complaint_id=COMPLAINT, name="王五")),
        (CONTACT.state(status="kept", complaint_id=COMPLAINT, name="王五", phone="110", email=None, note=""), None),
    ],
)
def test_a_contact_leads_somewhere(state, command):
    """Without number and address it is refused."""
    with pytest.raises(Refusal, match="contact_empty"):
        CONTACT.decide(state, command or ReviseContact(name="王五", reason="删"), CONTEXT)


def test_who_signs_for_a_department_does_not_see_whom_it_is_about():
    """The complaint may be read without its contact."""
    signing = permissions_of(["department"])
    assert "complaint.read" in signing
    assert "contact.read" not in signing
    assert "contact.read" in permissions_of(["handler"])
