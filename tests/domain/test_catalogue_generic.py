"""What every noun of the catalogue gets without writing it."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain import catalogue, clauses
from domain.calendar import Calendar
from domain.kernel import Actor, Context, Refusal, RuleVersion, command_name
from domain.roles import ROLES
from domain.rules import r3, r4, r11, r12, r13, r14, r15
from tests.domain import generate, story
from tests.domain.golden import make as golden
from tests.domain.world import PEOPLE

ALL_EVENTS = [event for decider in catalogue.DECIDERS for event in decider.events]
ACTORS = {"member": "member", "internal": "system", "public": "ballot_link"}
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
STRICT = replace(
    r14.default_values(),
    streak_counts="below_standard",
    streak_reset="passing_month_or_correction",
    streak_gap="breaks",
    reward_kind="credited",
    penalty_base="current",
    no_ballots="refuse",
)
STRICT_SERVICE = replace(
    r11.default_values(),
    day_ends="close_of_business",
    rest_day="counts",
    pause="runs_on",
    promise="before_it_passes",
    joint="shared",
    overlap="both",
    ladder_clock="running",
    anonymous_time="instant",
)
STRICT_ACCOUNTABILITY = replace(
    r4.default_values(),
    indirect_serious="minor",
    attitude="form",
    effect_month="conduct",
    investigation_start="team",
    extension="repeat",
    review_body="uninvolved",
)
STRICT_VEHICLES = replace(
    r3.default_values(),
    day="working",
    day_count="date",
    half_day="working_hours_4",
    late="centre_head",
    rank="equal",
    preempt="first_class",
    individual="centre_head",
    trip="centre_head",
    base="greater",
    tolls="included",
    time_rounding="half_up",
    amount_rounding="yuan",
    receptions="all_free",
    month="day_of_month",
)
STRICT_INSPECTION = replace(
    r12.default_values(),
    window="blocks",
    shift="shift",
    rest_day="skipped",
    few_units="waived",
    same_issue="anywhere",
    uncorrected="plan_passed",
)
STRICT_QUALITY = replace(
    r15.default_values(),
    start_of_month="whole_month",
    rest_day="counts",
    coverage="weights",
    missing_part="zero",
    between="accepted",
    trial="trial_alone",
    concession="approved",
    defective_units="stored",
)
VERSIONS = {
    "R3": (r3.default_values(), STRICT_VEHICLES),
    "R4": (r4.default_values(), STRICT_ACCOUNTABILITY),
    "R11": (r11.default_values(), STRICT_SERVICE),
    "R12": (r12.default_values(), STRICT_INSPECTION),
    "R13": (r13.default_values(), replace(r13.default_values(), statement_months=3, notice="reminder_to_unpaid")),
    "R14": (r14.default_values(), STRICT),
    "R15": (r15.default_values(), STRICT_QUALITY),
}
RULES = {
    regulation: (RuleVersion(1, date(2026, 1, 1), first), RuleVersion(2, date(2026, 6, 1), second))
    for regulation, (first, second) in VERSIONS.items()
}

by_noun = pytest.mark.parametrize("noun", [decider.noun for decider in catalogue.DECIDERS])


@cache
def told():
    """The world after the story, told once."""
    return story.whole_year()


@cache
def stations(noun):
    """The states in which commands left a noun's streams in the story, oldest first; ``None`` before each begins."""
    return (None, *(state for each, state in told().stations if each == noun))


@cache
def accepted(command):
    """The commands of a type that the story sent, each once."""
    return tuple(each for each in told().accepted if type(each) is command)


def some_command(spec, state):
    """A command made from its type or from one of the story, naming what the stream knows."""
    known = () if state is None else generate.worth_using_again(state)
    made = generate.commands(spec.command, known, finite=spec.audience == "internal")
    return st.one_of(made, st.sampled_from(accepted(spec.command)).flatmap(generate.like))


def by_status(noun):
    """For each status that the story's streams of a noun came to, the last state in it."""
    return {state.status: state for state in stations(noun) if state is not None}


@cache
def pairs(noun):
    """Each state, and none, with each command and what may be sent as it: made once for all examples."""
    states = (None, *by_status(noun).values())
    return tuple(
        (state, spec, some_command(spec, state)) for state in states for spec in catalogue.decider_of(noun).commands
    )


def context(now, kind, person=PEOPLE[0], nonce=0):
    """A moment's context under two versions of the rules."""
    return Context(
        actor=Actor(kind=kind, id=person),
        now=now,
        calendar=Calendar(),
        rules=RULES,
        entropy=nonce.to_bytes(32),
        stream_id=story.PROJECT,
    )


def must_be_sound(refusal, command):
    """A refusal has a code, speaks both languages, and names a field of the command where a value is wrong."""
    assert re.fullmatch(r"[a-z][a-z0-9_]*", refusal.code)
    assert CHINESE.search(refusal.text.zh)
    assert refusal.text.en.endswith(".")
    if refusal.field is not None:
        assert re.split(r"[.\[]", refusal.field)[0] in command.__struct_fields__
    assert refusal.kind != "value" or refusal.field is not None
    assert refusal.clause is None or refusal.clause in clauses.load().clauses
    msgspec.json.encode(refusal.details)


def must_survive_storing(value):
    """The canonical bytes read back to an equal value that gives the same bytes."""
    stored = msgspec.json.encode(value, order="sorted")
    read = msgspec.json.decode(stored, type=type(value))
    assert read == value
    assert msgspec.json.encode(read, order="sorted") == stored


def must_be_well_formed(decider, state):
    """A state is in a known status, survives a snapshot, and owes only what its own decider can fire."""
    assert state.status in decider.statuses
    assert msgspec.json.decode(msgspec.json.encode(state), type=decider.state) == state
    deadlines = decider.deadlines(state)
    assert len({deadline.key for deadline in deadlines}) == len(deadlines)
    for deadline in deadlines:
        assert decider.spec(type(deadline.command)).audience == "internal"
        assert deadline.due_at.tzinfo is not None
        must_survive_storing(deadline.command)


def step(decider, state, command, *, kind, now, nonce):
    """Decide and fold one command; the state after it, which is the old one when it was refused."""
    try:
        events = decider.decide(state, command, context(now, kind, PEOPLE[nonce % 3], nonce))
    except Refusal as refusal:
        must_be_sound(refusal, command)
        return state
    for event in events:
        assert type(event) in decider.events
        must_survive_storing(event)
        state = decider.evolve(state, event)
        must_be_well_formed(decider, state)
    return state


def _applies(spec, state):
    """Whether a command has a chance on a stream that does, or does not, exist."""
    return spec.opens or spec.creates == (state is None)


@by_noun
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_sequence_of_commands_is_answered_or_refused(noun, data):
    """Random commands, which often use again what the stream knows, never crash and leave sound states behind."""
    decider = catalogue.decider_of(noun)
    state = data.draw(st.sampled_from(stations(decider.noun)), label="start")
    now = datetime(2026, 3, 1, 3, tzinfo=UTC) + timedelta(days=data.draw(st.integers(0, 300)))
    for nonce in range(data.draw(st.integers(1, 15), label="steps")):
        specs = [spec for spec in decider.commands if _applies(spec, state)] or decider.commands
        spec = data.draw(st.sampled_from(specs))
        command = data.draw(some_command(spec, state))
        kind = data.draw(st.sampled_from([*[ACTORS[spec.audience]] * 4, "operator", "api_key"]))
        now += timedelta(days=data.draw(st.integers(0, 40)))
        state = step(decider, state, command, kind=kind, now=now, nonce=nonce + 1)


@by_noun
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_command_is_answered_in_each_status(noun, data):
    """Every (command, status) pair either succeeds or refuses with a coded reason."""
    decider = catalogue.decider_of(noun)
    assert set(by_status(noun)) == set(decider.statuses)
    for state, spec, commands in pairs(noun):
        step(decider, state, data.draw(commands), kind=ACTORS[spec.audience], now=NEW_YEAR, nonce=7)


@by_noun
def test_every_command_can_succeed(noun):
    """In the story each command of the noun was accepted at least once, so that refusing is never all it does."""
    decider = catalogue.decider_of(noun)
    assert {spec.command for spec in decider.commands} <= {type(command) for command in told().accepted}


@by_noun
def test_a_stream_is_created_once_and_nothing_happens_to_one_that_is_not(noun):
    """Creating twice and acting on nothing are refused with a code."""
    decider = catalogue.decider_of(noun)
    state = next(state for state in stations(decider.noun) if state is not None)
    sent = {type(command): command for command in told().accepted}
    for spec in decider.commands:
        if spec.opens:
            continue
        with pytest.raises(Refusal) as caught:
            decider.decide(state if spec.creates else None, sent[spec.command], context(told().now, "member"))
        assert caught.value.code == ("already_exists" if spec.creates else "not_found")


@by_noun
def test_an_event_of_another_noun_is_not_folded(noun):
    """A stream that holds a stranger's event is broken, and says so."""
    decider = catalogue.decider_of(noun)
    stranger = next(event for noun, *_, event in told().log if noun != decider.noun)
    state = next(state for state in stations(decider.noun) if state is not None)
    with pytest.raises(TypeError):
        decider.evolve(state, stranger)


def test_the_catalogue_does_not_contradict_itself():
    """Names are unique, permissions are held by roles, tags begin with their noun, rules come with a clause."""
    assert catalogue.inconsistencies() == ()


def test_each_member_command_is_granted_to_a_role_and_no_other_command_is():
    """What members send somebody may send; what the system or a link sends nobody holds."""
    granted = {permission for role in ROLES for permission in role.permissions}
    for decider in catalogue.DECIDERS:
        for spec in decider.commands:
            assert (spec.permission in granted) == (spec.audience == "member"), spec.permission


def test_everything_is_found_by_its_name():
    """Nouns, plurals, tags and commands lead back to where they came from."""
    for decider in catalogue.DECIDERS:
        assert catalogue.decider_of(decider.noun) is decider
        assert catalogue.decider_by_plural(decider.plural) is decider
        assert all(catalogue.event_type(catalogue.tag_of(event)) is event for event in decider.events)
        for spec in decider.commands:
            assert catalogue.spec_of(decider.noun, command_name(spec.command)) is spec
    with pytest.raises(KeyError):
        catalogue.event_type("nobody.knows")


def test_each_clause_named_is_one_the_regulations_have():
    """Commands and stored events cite clauses and readings that the service answers for."""
    registry = clauses.load()
    cited = {spec.clause for decider in catalogue.DECIDERS for spec in decider.commands if spec.clause}
    read = set()
    for *_, event in told().log:
        cited |= {getattr(event, "clause", None)} - {None}
        read |= set(getattr(event, "readings", {}))
    assert cited <= set(registry.clauses)
    assert read <= set(registry.readings)


@pytest.mark.parametrize("event", ALL_EVENTS, ids=catalogue.tag_of)
def test_each_event_says_what_it_is(event):
    """A docstring, a stable tag of its noun, no field that would hide the tag."""
    assert event.__doc__
    assert re.fullmatch(r"[a-z_]+\.[a-z_]+", catalogue.tag_of(event))
    assert "type" not in event.__struct_fields__


def test_each_command_and_event_is_immutable():
    """Commands and events are frozen; commands refuse unknown fields."""
    for decider in catalogue.DECIDERS:
        assert all(event.__struct_config__.frozen for event in decider.events)
        for spec in decider.commands:
            assert spec.command.__struct_config__.frozen
            assert spec.command.__struct_config__.forbid_unknown_fields


def test_each_summary_speaks_both_languages():
    """Nouns and commands are named in Chinese and English."""
    for text in [
        text for decider in catalogue.DECIDERS for text in (decider.title, *(s.summary for s in decider.commands))
    ]:
        assert CHINESE.search(text.zh)
        assert text.en


def kept(stored, read):
    """Whether all that was stored is still there, however deep; fields may have been added."""
    if isinstance(stored, dict):
        return isinstance(read, dict) and all(key in read and kept(value, read[key]) for key, value in stored.items())
    if isinstance(stored, list):
        return isinstance(read, list) and len(stored) == len(read) and all(map(kept, stored, read))
    return stored == read


def test_each_stored_event_of_old_is_still_read():
    """Every golden line decodes under its tag, and nothing that was stored is lost."""
    for line in golden.lines():
        event = msgspec.json.decode(line, type=catalogue.event_type(golden.tag_in(line)))
        again = msgspec.json.decode(msgspec.json.encode(event))
        assert kept(msgspec.json.decode(line), again), golden.tag_in(line)


def test_each_kind_of_event_has_a_golden_line():
    """A new event comes with one: ``python -m tests.domain.golden.make``."""
    counted = Counter(golden.tag_in(line) for line in golden.lines())
    assert set(counted) >= {catalogue.tag_of(event) for event in ALL_EVENTS}


def test_a_later_version_of_the_rules_changes_nothing_that_was_decided():
    """Replay consults no rules: the states come out of the events alone."""
    world = told()
    for (noun, stream_id), state in world.states.items():
        decider = catalogue.decider_of(noun)
        events = [event for each, other, _, event in world.log if (each, other) == (noun, stream_id)]
        assert decider.fold(None, events) == state
