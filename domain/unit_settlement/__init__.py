"""A unit's month (月度结算) with the vehicle centre: its orders, objections, corrections and closing (R3.2.1)."""

from domain.commanding import Commands
from domain.kernel import Decider, Text
from domain.unit_settlement import handlers as h
from domain.unit_settlement import messages as m
from domain.unit_settlement.state import SettlementState, deadlines, evolve

__all__ = ["UNIT_SETTLEMENT", "SettlementState"]

_spec = Commands(noun="unit_settlement", clause="R3.2.1")

UNIT_SETTLEMENT = Decider(
    noun="unit_settlement",
    plural="unit-settlements",
    title=Text(zh="用车结算单", en="unit settlement"),
    state=SettlementState,
    statuses=("open", "closed"),
    commands=(
        _spec(m.AddLine, h.add_line, "列入结算单", "Put on the statement", opens=True, audience="internal"),
        _spec(m.ContestLine, h.contest, "对明细提出异议", "Contest a line"),
        _spec(m.DecideLine, h.decide, "裁定异议", "Decide an objection"),
        _spec(m.CorrectLine, h.correct, "更正明细", "Correct a line"),
        _spec(m.CloseSettlement, h.close, "结账", "Close the month"),
        _spec(m.ReopenSettlement, h.reopen, "重新打开", "Reopen the month"),
        _spec(m.LapseCutOff, h.lapse_cut_off, "到期自动结账", "Close by the deadline", audience="internal"),
    ),
    events=(
        m.SettlementOpened,
        m.LineAdded,
        m.LineDeferred,
        m.LineContested,
        m.LineConfirmed,
        m.LineCorrected,
        m.SettlementClosed,
        m.SettlementReopened,
    ),
    evolve=evolve,
    deadlines=deadlines,
)
