"""A driver (驾驶员) of the centre: licences, duty times, absences (R3.2.2)."""

from domain.commanding import Commands
from domain.driver import handlers as h
from domain.driver import messages as m
from domain.driver.state import DriverState, evolve, reservations
from domain.kernel import Decider, Text

__all__ = ["DRIVER", "DriverState"]

_spec = Commands(noun="driver", clause="R3.2.2")

DRIVER = Decider(
    noun="driver",
    plural="drivers",
    title=Text(zh="驾驶员", en="driver"),
    state=DriverState,
    statuses=("on_duty", "suspended", "left"),
    commands=(
        _spec(m.RegisterDriver, h.register, "驾驶员登记", "Register a driver", creates=True),
        _spec(m.ReviseDriver, h.revise, "更正驾驶员信息", "Change licences or duty"),
        _spec(m.PlanAbsence, h.plan_absence, "请假", "Plan an absence"),
        _spec(m.EndAbsence, h.end_absence, "销假", "End an absence"),
        _spec(m.SuspendDriver, h.suspend, "停驾", "Suspend"),
        _spec(m.ReinstateDriver, h.reinstate, "恢复驾驶", "Reinstate"),
        _spec(m.LetDriverGo, h.let_go, "离岗", "Let go"),
        _spec(m.IssueFeed, h.issue_feed, "发放日历订阅地址", "Give out a calendar address", own_route=True),
        _spec(m.RevokeFeed, h.revoke_feed, "停用日历订阅地址", "Revoke a calendar address"),
    ),
    events=(
        m.DriverRegistered,
        m.DriverRevised,
        m.AbsencePlanned,
        m.AbsenceEnded,
        m.DriverSuspended,
        m.DriverReinstated,
        m.DriverLeft,
        m.FeedIssued,
        m.FeedRevoked,
    ),
    evolve=evolve,
    reservations=reservations,
    sealed=frozenset({"token_hash"}),
)
