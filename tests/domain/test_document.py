"""Documents and their registers: drawn up once, numbered without gaps in the ledger's order, never changed."""

from collections import defaultdict
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.calendar import Calendar
from domain.catalogue import DECIDERS
from domain.complaint import commands as c
from domain.complaint import events as ce
from domain.document import DOCUMENT
from domain.document import messages as m
from domain.document.state import digest_of
from domain.document_register import DOCUMENT_REGISTER, AssignNumber
from domain.documents import KINDS, kind_of
from domain.documents.complaints import ComplaintForm
from domain.documents.sheet import Person, Sheet
from domain.kernel import Actor, Context, Refusal, derived_id
from domain.office import Numbering, Office, fits
from domain.organisation.messages import AddMember, SetNumbering
from domain.penalty_ledger.commands import CauseRef, IssueEntry
from domain.penalty_ledger.events import EntryIssued
from domain.reactions.drawing import document_id
from tests.domain import story, story_documents
from tests.domain import story_service as service
from tests.domain.world import TENANT, World

CLERK = UUID(int=11)
OFFICE = Office(name="示例学院", numbering=Numbering(agency="示学"), people={CLERK: "张三"})
FORM = ComplaintForm(
    complainant="customer",
    complaint_kind="合同与手续",
    subject="合同未办",
    description="两个月未拿到合同",
    place=None,
    departments=("销售部",),
    lodged_on=date(2026, 4, 8),
    due_on=date(2026, 4, 8),
    taken_by=Person(id=CLERK),
)
DRAW = m.DrawDocument(
    subject_noun="complaint", subject_id=UUID(int=1), cause_version=1, contents=FORM, clause="R11.2.1", rule_version=1
)
ISSUE = m.IssueDocument(number=3, year=2026, reference="示学诉〔2026〕3号")


def context(entropy=b"x" * 32, now=datetime(2026, 4, 8, 1, tzinfo=UTC), office=OFFICE):
    """A moment in the office."""
    return Context(actor=Actor(kind="member", id=CLERK), now=now, calendar=Calendar(), entropy=entropy, office=office)


def decided(*commands, **more):
    """The state after these commands, and the events."""
    state, events = None, []
    for command in commands:
        new = DOCUMENT.decide(state, command, context(**more))
        state, events = DOCUMENT.fold(state, new), [*events, *new]
    return state, events


@pytest.fixture(scope="module")
def year():
    """The world after the whole story."""
    return story.whole_year()


def issued_in(world):
    """The documents of a world that have a number, by kind and year, in the order in which they were drawn up."""
    drawn = [stream for _, stream, _, event in world.log if isinstance(event, m.DocumentDrawn)]
    found = defaultdict(list)
    for state in (world.state("document", stream) for stream in drawn):
        found[state.kind, state.year].append(state)
    return found


def test_a_document_holds_the_names_of_its_day():
    """People are named as they are called when it is drawn up; renaming them later changes no paper."""
    state, _ = decided(DRAW)
    assert state.contents.taken_by == Person(id=CLERK, name="张三")
    assert (state.organisation, state.issued_on, state.status) == ("示例学院", date(2026, 4, 8), "drawn")


def test_a_document_is_numbered_once():
    """A second number is not taken, and changes nothing."""
    state, events = decided(DRAW, ISSUE, replace(ISSUE, number=4))
    assert (state.status, state.number, state.reference) == ("issued", 3, "示学诉〔2026〕3号")
    assert len(events) == 2


def test_the_digest_is_of_all_that_the_paper_says():
    """Another word in the contents, another number or another clause is another digest."""
    state, (_, issued) = decided(DRAW, ISSUE)
    assert issued.digest == digest_of(state, ISSUE.reference)
    others = {
        digest_of(replace(state, contents=replace(state.contents, description="x")), ISSUE.reference),
        digest_of(replace(state, clause="R11.2.2"), ISSUE.reference),
        digest_of(state, "示学诉〔2026〕4号"),
    }
    assert len(others | {issued.digest}) == 4


def test_the_code_is_eighty_bits_out_of_the_entropy():
    """The same entropy gives the same code, another gives another; nothing of the contents is in it."""
    codes = {decided(DRAW, ISSUE, entropy=bytes([n]) * 32)[0].verification for n in range(50)}
    assert len(codes) == 50
    assert {len(bytes.fromhex(code)) for code in codes} == {10}
    assert decided(DRAW, ISSUE)[0].verification == decided(replace(DRAW, subject_id=UUID(int=9)), ISSUE)[0].verification


def test_a_void_document_keeps_its_number():
    """Void before or after it was numbered, the number is its own, and it is void once."""
    before, _ = decided(DRAW, m.VoidDocument(reason="误制"), ISSUE)
    after, _ = decided(DRAW, ISSUE, m.VoidDocument(reason="误制"))
    assert (before.status, before.number) == (after.status, after.number) == ("voided", 3)
    with pytest.raises(Refusal) as caught:
        DOCUMENT.decide(after, m.VoidDocument(reason="再次"), context())
    assert caught.value.code == "document_voided"


def test_what_is_drawn_up_already_stays_as_it_is():
    """Asked again under the same id, with whatever contents, nothing happens."""
    state, _ = decided(DRAW)
    assert DOCUMENT.decide(state, replace(DRAW, clause="R11.2.2"), context()) == ()


def test_a_document_of_a_kind_is_about_its_noun():
    """A complaint's form about something else is refused."""
    with pytest.raises(Refusal) as caught:
        decided(replace(DRAW, subject_noun="fine"))
    assert (caught.value.code, caught.value.field) == ("other_subject", "subject_noun")


def test_a_document_says_what_it_is_about():
    """By the noun of its kind: whoever may read that may read the document."""
    state, _ = decided(DRAW)
    assert DOCUMENT.about(state) == ("complaint", UUID(int=1))
    assert {kind.subject for kind in KINDS.values()} <= {decider.noun for decider in DECIDERS}


@given(st.lists(st.integers(1, 60), max_size=60))
def test_a_register_numbers_without_gap_or_repeat(places):
    """Whatever is asked how often, in the order of the ledger or not: 1, 2, 3 …, each place at most once, in order."""
    state, given_numbers = None, []
    for place in places:
        command = AssignNumber(kind="complaint_form", year=2026, document_id=UUID(int=place), drawn_at=place)
        events = DOCUMENT_REGISTER.decide(state, command, context())
        state = DOCUMENT_REGISTER.fold(state, events)
        given_numbers += [(event.number, event.drawn_at) for event in events]
    assert [number for number, _ in given_numbers] == list(range(1, len(given_numbers) + 1))
    at = [place for _, place in given_numbers]
    assert at == sorted(set(at))


def test_a_register_numbers_its_own_kind_and_year():
    """Another kind, another year, or a kind that nobody knows is refused."""
    command = AssignNumber(kind="complaint_form", year=2026, document_id=UUID(int=1), drawn_at=1)
    state = DOCUMENT_REGISTER.fold(None, DOCUMENT_REGISTER.decide(None, command, context()))
    for other in (replace(command, kind="penalty_slip"), replace(command, year=2027), replace(command, kind="x")):
        with pytest.raises(Refusal) as caught:
            DOCUMENT_REGISTER.decide(state, other, context())
        assert caught.value.code == "other_register"


def test_a_word_that_the_tenant_gave_away_is_not_the_shipped_one_of_another_kind():
    """A kind that comes later, and ships with a word that is in use, is numbered by its title."""
    office = replace(OFFICE, numbering=Numbering(codes={"complaint_form": "罚"}))
    references = []
    for kind in ("complaint_form", "penalty_slip"):
        command = AssignNumber(kind=kind, year=2026, document_id=UUID(int=1), drawn_at=1)
        (event,) = DOCUMENT_REGISTER.decide(None, command, context(office=office))
        references.append(event.reference)
    assert references == ["罚〔2026〕1号", "处罚单〔2026〕1号"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["lodge", "withdraw", "void", "year"]), min_size=1, max_size=25))
def test_documents_are_numbered_in_the_order_of_what_caused_them(steps):
    """Complaints come and go over years, papers become void: numbers run from 1 in each year, in the ledger's order."""
    world = World()
    service.adopt(world)
    lodged, new_year = [], 2026
    for step in steps:
        if step == "lodge" or not lodged:
            lodged.append(UUID(int=0xA000 + len(lodged)))
            world.send("complaint", lodged[-1], service.lodged(service.SALES))
        elif step == "withdraw" and world.state("complaint", lodged[-1]).status == "lodged":
            world.send("complaint", lodged[-1], c.WithdrawComplaint(reason="已解决"))
        elif (
            step == "void" and world.state("document", document_id("complaint_form", lodged[-1], 1)).void_reason is None
        ):
            void = m.VoidDocument(reason="误制")
            world.send("document", document_id("complaint_form", lodged[-1], 1), void, "system", None)
        elif step == "year":
            new_year += 1
            world.now = datetime(new_year, 1, 2, 1, tzinfo=UTC)
    for (_, of_year), documents in issued_in(world).items():
        assert [one.number for one in documents] == list(range(1, len(documents) + 1))
        assert {one.issued_on.year for one in documents} == {of_year}


@pytest.mark.clause("R11.2.1", "R11.2.2", "R11.2.4")
def test_the_story_has_its_papers(year):
    """Each complaint its form, each promise its notice, each full round of signatures its sheet, each fine its slip."""
    counted = {kind: len(documents) for (kind, _), documents in issued_in(year).items()}
    told = [event for *_, event in year.log]
    assert counted["complaint_form"] == 1 + sum(isinstance(event, ce.ComplaintLodged) for event in told)
    assert counted["handling_notice"] == sum(isinstance(event, ce.DatePromised) for event in told)
    assert counted["solution_sheet"] == sum(isinstance(event, ce.DepartmentSigned) and event.complete for event in told)
    assert counted["penalty_slip"] == sum(isinstance(event, EntryIssued) and event.kind == "fine" for event in told)
    for documents in issued_in(year).values():
        assert [one.number for one in documents] == list(range(1, len(documents) + 1))
        assert len({one.reference for one in documents}) == len(documents)


def test_a_correction_names_what_it_replaces_and_the_old_one_says_so(year):
    """Both keep their numbers; neither is changed in what it says."""
    correction = year.state("document", story_documents.CORRECTION)
    old = year.state("document", correction.replaces)
    assert (old.status, old.replaced_by) == ("superseded", story_documents.CORRECTION)
    assert old.number < correction.number
    assert old.reference.startswith("示学诉字〔2026〕")


def test_the_slip_of_a_reversed_fine_is_void(year):
    """The ground is gone, the number stays."""
    key = f"{service.LATE}:fine:responsible"
    slip = year.state("document", document_id("penalty_slip", service.ledger_of(service.CLERK), key))
    assert (slip.status, slip.void_reason) == ("voided", "查明另有原因")
    assert slip.number is not None


@pytest.mark.parametrize(("kind", "subject"), [("person", "不是标识"), ("unit", "logistics")])
def test_a_fine_of_somebody_without_an_id_has_its_slip_all_the_same(kind, subject):
    """A unit, or a person whom no member's id names, is printed as the ledger calls them; nothing breaks."""
    world = World()
    ledger = derived_id("penalty_ledger", kind, subject)
    entry = IssueEntry(
        subject_kind=kind,
        subject=subject,
        entry_key="e1",
        kind="fine",
        amount_fen=10_050,
        clause="R11.2.2",
        rule_version=1,
        causes=(CauseRef(UUID(int=1), 1),),
        act="a1",
    )
    world.send("penalty_ledger", ledger, entry, "system", None)
    slip = world.state("document", document_id("penalty_slip", ledger, "e1"))
    rows = {row.label.zh: row.value for row in kind_of(slip.contents).sheet(slip.contents).rows}
    assert rows["被处罚人"] == subject
    assert (rows["金额（小写）"], rows["金额（大写）"]) == ("¥100.50", "人民币壹佰元零伍角整")


def test_every_kind_lays_its_documents_out(year):
    """Every document of the story becomes a sheet with something on it, and every kind is known by its contents."""
    for documents in issued_in(year).values():
        for one in documents:
            kind = kind_of(one.contents)
            sheet = kind.sheet(one.contents)
            assert isinstance(sheet, Sheet)
            assert sheet.rows
            assert all(len(line) == len(grid.columns) for grid in sheet.grids for line in grid.lines)
            stored = msgspec.json.decode(msgspec.json.encode(one.contents), type=kind.contents)
            assert stored == one.contents
    assert all(name == kind.name == str(kind.contents.__struct_config__.tag) for name, kind in KINDS.items())


@pytest.mark.parametrize(
    ("pattern", "good"),
    [
        ("{agency}{code}〔{year}〕{number}号", True),
        ("{code}-{year}-{number}", True),
        ("{code}〔{year}〕", False),
        ("{code}{year}{number}{number}", False),
        ("{agency}{agency}{code}{year}{number}", False),
        ("第1{code}{year}{number}", False),
        ("{code}{year}{number}{agency.name}", False),
        ("{code}{year}{number}\n", False),
    ],
)
def test_a_pattern_tells_documents_apart(pattern, good):
    """It has kind, year and number once each and nothing that could be taken for them."""
    assert fits(pattern) is good


def test_an_organisation_says_how_it_numbers():
    """From then on, for each kind its own word; two kinds never share one."""
    world = World()
    story.organise(world)
    service.adopt(world)
    world.send("organisation", TENANT, SetNumbering(agency="示学", pattern="{agency}·{code}·{year}·{number}"))
    world.send("complaint", service.COMPLAINT, service.lodged(service.SALES))
    form = world.state("document", document_id("complaint_form", service.COMPLAINT, 1))
    assert form.reference == "示学·诉·2026·1"
    world.send("organisation", TENANT, SetNumbering(codes={"complaint_form": "客诉"}))
    world.send("organisation", TENANT, SetNumbering())
    for codes in (
        {"complaint_form": "罚"},
        {"nobody": "甲"},
        {"penalty_slip": "客诉"},
        {"complaint_form": "甲", "penalty_slip": "甲"},
    ):
        wrong = SetNumbering(codes=codes)
        with pytest.raises(Refusal) as caught:
            world.send("organisation", TENANT, wrong)
        assert (caught.value.code, caught.value.field) == ("codes_ambiguous", "codes")


def test_a_renamed_member_keeps_the_name_on_papers_of_before():
    """Names are frozen with the contents."""
    world = World()
    story.organise(world)
    service.adopt(world)
    (added,) = world.send("organisation", TENANT, AddMember(username="li.si", display_name="李四", roles=("handler",)))
    world.send("complaint", service.COMPLAINT, service.lodged(service.SALES), person=added.member_id)
    form = world.state("document", document_id("complaint_form", service.COMPLAINT, 1))
    assert form.contents.taken_by.name == "李四"
