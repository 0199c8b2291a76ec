"""Rules published later change nothing that was decided before: neither on replay nor when a month is re-assessed."""

from datetime import date

import pytest

from domain import catalogue
from domain.rule_book import messages as r
from tests.domain.story import DEPOSIT, PROJECT, adopt_rules, assessment_of, failed_month, organise, overturn, register
from tests.domain.world import PEOPLE, RULES, World


def publish(world, changes, effective_from):
    """Draft by one person, publish by another."""
    drafter, publisher, _ = PEOPLE
    world.send("rule_book", RULES, r.DraftVersion(changes=changes, note="从严"), person=drafter)
    number = world.state("rule_book", RULES).draft.version
    command = r.PublishVersion(version=number, effective_from=effective_from)
    world.send("rule_book", RULES, command, person=publisher)
    return number


@pytest.fixture
def world():
    """Two failed months under the first rules, then much harsher ones from June on."""
    told = World()
    organise(told)
    adopt_rules(told)
    register(told)
    failed_month(told, "2026-04")
    failed_month(told, "2026-05")
    told.before = dict(told.states)
    told.harsher = publish(
        told, {"penalty_percent": "9", "penalty_base": "current", "streak_counts": "below_standard"}, date(2027, 2, 1)
    )
    return told


@pytest.mark.clause("R14.6")
def test_replay_under_later_rules_changes_nothing(world):
    """Every stream folded anew from its events is the stream as it was before the rules changed."""
    replayed = {}
    for noun, stream, _, event in world.log:
        replayed[noun, stream] = catalogue.decider_of(noun).evolve(replayed.get((noun, stream)), event)

    assert replayed == world.states
    assert all(replayed[key] == state for key, state in world.before.items() if key[0] != "rule_book")


@pytest.mark.clause("R14.5.1", "R14.6")
def test_a_month_assessed_again_keeps_the_rules_it_began_under(world):
    """The finding overturned after the change is scored, and its penalty taken back, under the month's own version."""
    closed = world.state("assessment", assessment_of("2026-05")).scorecard.rule_version
    paid = [one for one in world.state("contract_deposit", DEPOSIT).entries if one.kind == "penalty"]
    overturn(world, "2026-05")

    card = world.state("assessment", assessment_of("2026-05")).scorecard
    entries = world.state("contract_deposit", DEPOSIT).entries
    [taken_back] = [one for one in entries if one.reverses is not None]
    assert card.rule_version == closed != world.harsher
    assert taken_back.rule_version == closed
    assert taken_back.effect_fen == -paid[-1].effect_fen
    assert world.state("property_project", PROJECT).months["2026-05"].result.rule_version == closed
