"""The rule book: adopting the pack, drafting, and publishing by a second person."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.calendar import Calendar
from domain.kernel import Actor, Command, Context, Event, Refusal, derived_id
from domain.rule_book import RULE_BOOK, RuleBookState, timeline
from domain.rule_book.messages import (
    AdoptPack,
    DraftVersion,
    PublishVersion,
    RecordReviewWithoutChange,
    ReviseDraft,
    VersionPublished,
    WithdrawDraft,
)
from domain.rules.r14 import R14Rules, default_values

DRAFTER = Actor(kind="member", id=UUID(int=1), roles=frozenset({"rules_drafter"}))
COLLEAGUE = Actor(kind="member", id=UUID(int=2), roles=frozenset({"rules_drafter"}))
PUBLISHER = Actor(kind="api_key", id=UUID(int=3), roles=frozenset({"rules_publisher"}))
NOW = datetime(2026, 4, 10, 2, tzinfo=UTC)

ADOPT = AdoptPack(regulation="R14", effective_from=date(2026, 3, 1))
DRAFT = DraftVersion(changes={"penalty_percent": "2"}, note="stricter")
PUBLISH = PublishVersion(version=2, effective_from=date(2026, 5, 1))


def by(actor: Actor, now: datetime = NOW) -> Context:
    """A decision by an actor at an instant."""
    return Context(actor=actor, now=now, calendar=Calendar())


def after(*steps: tuple[Actor, Command]) -> RuleBookState:
    """The state that these commands, each by its actor, lead to after the adoption."""
    state = RULE_BOOK.fold(None, RULE_BOOK.decide(None, ADOPT, by(DRAFTER)))
    for actor, command in steps:
        state = RULE_BOOK.fold(state, RULE_BOOK.decide(state, command, by(actor)))
    assert state is not None
    return state


def decide(state: RuleBookState | None, actor: Actor, command: Command) -> tuple[Event, ...]:
    """The events of one command."""
    return RULE_BOOK.decide(state, command, by(actor))


def refusal(state: RuleBookState | None, actor: Actor, command: Command) -> Refusal:
    """The refusal that a command meets."""
    with pytest.raises(Refusal) as refused:
        decide(state, actor, command)
    return refused.value


@pytest.mark.clause("R14.6")
def test_adopting_the_pack_makes_version_one_of_the_shipped_values():
    """One person adopts, from any date, also one already past."""
    versions = timeline(after())
    assert [(version.version, version.effective_from) for version in versions] == [(1, date(2026, 3, 1))]
    assert versions[0].values == default_values()


def test_a_tenant_has_one_rule_book_a_regulation():
    """The stream id follows from tenant and regulation, and a second adoption is refused."""
    tenant = UUID(int=9)
    stream_id = RULE_BOOK.spec(AdoptPack).stream_id
    assert stream_id is not None
    assert stream_id(tenant, ADOPT) == derived_id(tenant, "rule_book", "R14")
    assert refusal(after(), DRAFTER, ADOPT).code == "already_exists"


def test_an_unknown_regulation_can_not_be_adopted():
    """Only regulations that the product carries have a pack."""
    refused = refusal(None, DRAFTER, AdoptPack(regulation="R99", effective_from=date(2026, 3, 1)))
    assert (refused.code, refused.field) == ("regulation_unknown", "regulation")


@pytest.mark.clause("R14.6", "R0.7")
def test_a_draft_published_by_a_second_person_becomes_the_next_version():
    """Drafted by one, published by another: in force from the date given, the old version kept."""
    state = after((DRAFTER, DRAFT), (PUBLISHER, PUBLISH))
    first, second = timeline(state)
    assert isinstance(first.values, R14Rules)
    assert isinstance(second.values, R14Rules)
    assert (second.version, second.effective_from) == (2, date(2026, 5, 1))
    assert (first.values.penalty_percent, second.values.penalty_percent) == (Decimal(1), Decimal(2))
    assert (state.status, state.draft) == ("published", None)


def test_a_published_version_records_who_did_what():
    """The event names drafters, publisher and the fields that changed."""
    state = after((DRAFTER, DRAFT), (COLLEAGUE, ReviseDraft(changes={"top_up": "none"}, note="and no top-up")))
    (event,) = decide(state, PUBLISHER, PUBLISH)
    assert isinstance(event, VersionPublished)
    assert event.drafted_by == (DRAFTER.id, COLLEAGUE.id)
    assert event.published_by == PUBLISHER.id
    assert set(event.changes) == {"penalty_percent", "top_up"}
    assert event.clause == "R14.6"


@pytest.mark.parametrize("author", [DRAFTER, COLLEAGUE])
def test_no_author_of_a_draft_can_publish_it(author: Actor):
    """Neither who opened the draft nor who revised it may put it into force."""
    state = after((DRAFTER, DRAFT), (COLLEAGUE, ReviseDraft(changes={"top_up": "none"}, note="no top-up")))
    refused = refusal(state, author, PUBLISH)
    assert (refused.code, refused.kind) == ("second_person_required", "forbidden")


@pytest.mark.parametrize("command", [DRAFT, PUBLISH, ReviseDraft(changes={"top_up": "none"}, note="n")])
def test_a_nameless_actor_can_neither_draft_nor_publish(command: Command):
    """Persons who can not be told apart can not watch over each other."""
    state = after() if command is DRAFT else after((DRAFTER, DRAFT))
    assert refusal(state, Actor(kind="system"), command).code == "person_required"


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"no_such": 1}, "rule_value_unknown", "changes.no_such"),
        ({"penalty_percent": "-1"}, "rule_value_senseless", "changes.penalty_percent"),
        ({"penalty_percent": "NaN"}, "rule_value_senseless", "changes.penalty_percent"),
        ({"centre_weight": "0.7"}, "rule_value_senseless", "changes.centre_weight"),
        ({"qualified_at": "60"}, "rule_value_senseless", "changes.qualified_at"),
        ({"penalty_percent": "a lot"}, "rule_value_malformed", "changes.penalty_percent"),
        ({"penalty_percent": True}, "rule_value_malformed", "changes.penalty_percent"),
        ({"top_up_days": "15"}, "rule_value_malformed", "changes.top_up_days"),
        ({"trim": "some"}, "rule_value_malformed", "changes.trim"),
        ({"contents": [{"code": "x"}]}, "rule_value_malformed", "changes.contents[0]"),
        ({"contents": []}, "rule_value_senseless", "changes.contents"),
        ({"penalty_percent": "1.0"}, "nothing_changes", "changes"),
    ],
)
def test_changes_that_make_no_sense_are_refused_with_the_field_named(changes: dict[str, Any], code: str, field: str):
    """Unknown, malformed, senseless and empty changes are told apart."""
    refused = refusal(after(), DRAFTER, DraftVersion(changes=changes, note="n"))
    assert (refused.code, refused.field, refused.kind) == (code, field, "value")


@pytest.mark.clause("R14.1")
def test_the_item_catalogue_is_replaced_like_any_value():
    """A tenant's own contents take the place of the shipped ones."""
    contents = [
        {
            "code": "all",
            "zh": "全部",
            "en": "Everything",
            "items": [{"code": "all.one", "zh": "一", "en": "One", "points": "100", "deduction": "5"}],
        }
    ]
    state = after((DRAFTER, DraftVersion(changes={"contents": contents}, note="ours")), (PUBLISHER, PUBLISH))
    values = timeline(state)[-1].values
    assert isinstance(values, R14Rules)
    found = values.item("all.one")
    assert found is not None
    assert found[1].deduction == 5


def test_only_one_draft_is_open_at_a_time():
    """A second draft waits until the first is published or withdrawn."""
    assert refusal(after((DRAFTER, DRAFT)), COLLEAGUE, DRAFT).code == "draft_open"
    state = after((DRAFTER, DRAFT), (DRAFTER, WithdrawDraft(reason="too early")), (COLLEAGUE, DRAFT))
    assert state.draft is not None
    assert state.draft.authors == (COLLEAGUE.id,)


@pytest.mark.parametrize(
    "command", [PUBLISH, ReviseDraft(changes={"top_up": "none"}, note="n"), WithdrawDraft(reason="r")]
)
def test_without_a_draft_there_is_nothing_to_revise_withdraw_or_publish(command: Command):
    """Each answers that there is no draft."""
    assert refusal(after(), PUBLISHER, command).code == "no_draft"


@pytest.mark.clause("R14.6")
@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2026, 4, 9), "effective_in_the_past"),
        (date(2026, 4, 10), None),
        (date(2026, 6, 1), None),
    ],
)
def test_a_version_takes_effect_today_or_later(day: date, code: str | None):
    """Today is the earliest day."""
    state = after((DRAFTER, DRAFT))
    command = PublishVersion(version=2, effective_from=day)
    if code is None:
        assert len(decide(state, PUBLISHER, command)) == 1
    else:
        assert refusal(state, PUBLISHER, command).code == code


@pytest.mark.clause("R14.6")
def test_a_version_takes_effect_after_the_one_before():
    """Effective dates follow the version numbers, so that one version holds each day."""
    state = after(
        (DRAFTER, DRAFT),
        (PUBLISHER, PUBLISH),
        (DRAFTER, DraftVersion(changes={"penalty_percent": "3"}, note="n")),
    )
    refused = refusal(state, PUBLISHER, PublishVersion(version=3, effective_from=date(2026, 5, 1)))
    assert (refused.code, refused.field) == ("effective_before_previous", "effective_from")


def test_publishing_names_the_version_it_means():
    """A publisher who looked at another draft is told."""
    refused = refusal(after((DRAFTER, DRAFT)), PUBLISHER, PublishVersion(version=3, effective_from=date(2026, 5, 1)))
    assert (refused.code, refused.field) == ("not_the_draft", "version")


@pytest.mark.clause("R0.7")
def test_a_review_without_change_is_recorded():
    """The day of the last review moves, the versions stay."""
    state = after()
    later = by(PUBLISHER, datetime(2027, 3, 1, 2, tzinfo=UTC))
    (event,) = RULE_BOOK.decide(state, RecordReviewWithoutChange(note="still right"), later)
    reviewed = RULE_BOOK.evolve(state, event)
    assert (reviewed.reviewed_on, reviewed.versions) == (date(2027, 3, 1), state.versions)


@pytest.mark.parametrize("command", [spec.command for spec in RULE_BOOK.commands], ids=lambda one: one.__name__)
@pytest.mark.parametrize("status", RULE_BOOK.statuses)
def test_each_command_in_each_status_succeeds_or_says_why_not(command: type[Command], status: str):
    """The whole table of commands and statuses."""
    samples: dict[type[Command], Command] = {
        AdoptPack: ADOPT,
        DraftVersion: DRAFT,
        ReviseDraft: ReviseDraft(changes={"top_up": "none"}, note="n"),
        WithdrawDraft: WithdrawDraft(reason="r"),
        PublishVersion: PUBLISH,
        RecordReviewWithoutChange: RecordReviewWithoutChange(note="n"),
    }
    expected = {
        "published": {
            AdoptPack: "already_exists",
            ReviseDraft: "no_draft",
            WithdrawDraft: "no_draft",
            PublishVersion: "no_draft",
        },
        "drafting": {AdoptPack: "already_exists", DraftVersion: "draft_open"},
    }
    state = after((DRAFTER, DRAFT)) if status == "drafting" else after()
    assert state.status == status
    code = expected[status].get(command)
    if code is None:
        assert decide(state, PUBLISHER, samples[command])
    else:
        assert refusal(state, PUBLISHER, samples[command]).code == code


def test_events_and_state_survive_being_stored():
    """Every event and the state come back the same from JSON."""
    state = after((DRAFTER, DRAFT))
    assert msgspec.json.decode(msgspec.json.encode(state), type=RuleBookState) == state
    for event in decide(state, PUBLISHER, PUBLISH):
        assert msgspec.json.decode(msgspec.json.encode(event), type=type(event)) == event


def test_an_unknown_event_is_a_fault():
    """A rule book does not swallow what it does not know."""

    class Strange(Event, tag="test.strange"):
        pass

    with pytest.raises(TypeError):
        RULE_BOOK.evolve(after(), Strange())
