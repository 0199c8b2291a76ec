"""What a noun's maker of commands says of each: permission, clause, and whose handler time goes before."""

from domain.commanding import Commands
from domain.kernel import Command, Text


class LightLamp(Command):
    """Let it burn."""


def light(_state, _command, _context):
    """Nothing happens."""
    return ()


def late(handler):
    """A handler that first records what has fallen due."""

    def decide(*asked):
        return ("due", *handler(*asked))

    return decide


def test_permission_and_clause_follow_from_the_noun():
    """A command is permitted by noun and name, under the noun's clause unless it names its own."""
    spec = Commands(noun="lamp", clause="R0.1")

    lit = spec(LightLamp, light, "点灯", "Light it")

    assert (lit.permission, lit.clause, lit.summary) == ("lamp.light_lamp", "R0.1", Text(zh="点灯", en="Light it"))
    assert (lit.handler, lit.audience, lit.creates, lit.opens) == (light, "member", False, False)
    assert spec(LightLamp, light, "点灯", "Light it", "R0.2").clause == "R0.2"
    assert Commands(noun="lamp")(LightLamp, light, "点灯", "Light it").clause is None


def test_time_goes_before_what_members_send_to_a_stream_that_exists():
    """Neither what begins a stream nor what reactions and deadlines send finds more recorded than there is."""
    spec = Commands(noun="lamp", on_time=late)

    assert spec(LightLamp, light, "点灯", "Light it").handler(None, None, None) == ("due",)
    assert spec(LightLamp, light, "点灯", "Light it", creates=True).handler is light
    assert spec(LightLamp, light, "点灯", "Light it", opens=True).handler is light
    assert spec(LightLamp, light, "点灯", "Light it", audience="internal").handler is light
    assert spec(LightLamp, light, "点灯", "Light it", audience="public").handler is light
