"""How files are named in commands and events, and how a stored content stands in the ledger."""

from uuid import UUID

import msgspec
import pytest

from domain import catalogue
from domain.complaint import commands as c
from domain.evidence import Evidence, evidence_fields, files_named
from domain.evidence_file import EVIDENCE_FILE, StoreFile, file_id
from domain.kernel import Actor
from tests.domain.world import PEOPLE, TENANT, World

ONE, TWO = "1a" * 32, "2b" * 32
FILE = StoreFile(digest=ONE, size=3, media_type="image/png")


class Inner(msgspec.Struct, frozen=True):
    """Something with files."""

    name: str
    proof: Evidence = ()


class Outer(msgspec.Struct, frozen=True):
    """Something with files at several depths."""

    own: Evidence
    title: str
    one: Inner | None
    many: tuple[Inner, ...] = ()


def send(world, command=FILE, person=PEOPLE[0], kind="member"):
    """Send a command to the stream of the content."""
    return world.send("evidence_file", file_id(TENANT, command.digest), command, kind, person)


def test_files_are_found_wherever_they_are_named():
    """Each file is named with the place of its field, at any depth."""
    value = Outer(own=(ONE, TWO), title="x", one=Inner("a", (TWO,)), many=(Inner("b"), Inner("c", (ONE,))))

    assert files_named(value) == (
        ("own.0", ONE),
        ("own.1", TWO),
        ("one.proof.0", TWO),
        ("many.1.proof.0", ONE),
    )


def test_what_names_no_file_has_no_place_for_one():
    """Most commands have no such field, so that nothing is looked for in them."""
    assert evidence_fields(c.StartWork) == ()
    assert files_named(c.StartWork()) == ()


@pytest.mark.parametrize(
    ("command", "event"),
    [
        ("lodge_complaint", "complaint.lodged"),
        ("report_anonymously", "complaint.lodged"),
        ("add_by_receipt", "complaint.information_added"),
        ("record_progress", "complaint.progress_recorded"),
        ("reply_to_consultation", "complaint.consultation_replied"),
        ("propose_solution", "complaint.solution_proposed"),
        ("answer_customer", "complaint.customer_answered"),
    ],
)
@pytest.mark.clause("R11.2.4")
def test_a_complaint_takes_evidence_where_people_expect_it(command, event):
    """The command has a field for files, and so has the event that it causes."""
    assert evidence_fields(catalogue.spec_of("complaint", command).command) == (("evidence", True),)
    assert evidence_fields(catalogue.event_type(event)) == (("evidence", True),)


def test_the_same_content_is_one_file_with_all_who_sent_it():
    """The first to send it stores it, another is noted once, an anonymous one not at all."""
    world = World()
    first, again = send(world), send(world)
    other, once_more = send(world, person=PEOPLE[1]), send(world, person=PEOPLE[1])
    nobody = send(world, person=None, kind="ballot_link")

    assert [type(event).__name__ for event in (*first, *other)] == ["EvidenceFileStored", "EvidenceFileStoredAgain"]
    assert again == once_more == nobody == ()
    assert world.state("evidence_file", file_id(TENANT, ONE)).holders == PEOPLE[:2]


def test_the_list_of_senders_is_bounded():
    """However many send it, the state stays small."""
    world, state = World(), None
    for number in range(300):
        context = msgspec.structs.replace(world.context(None), actor=Actor(kind="member", id=UUID(int=number + 1)))
        state = EVIDENCE_FILE.fold(state, EVIDENCE_FILE.decide(state, FILE, context))

    assert len(state.holders) == 200


def test_two_tenants_have_streams_of_their_own_for_the_same_content():
    """Nothing about one tenant's file follows from another's."""
    assert file_id(TENANT, ONE) != file_id(UUID(int=9), ONE)
