"""The slip of a fine (处罚单): what one person bears of it, in figures and in capitals."""

from domain import clauses
from domain.documents.sheet import Box, Contents, Kind, Person, Row, Sheet
from domain.kernel import Text
from domain.money import capitals, yuan


class PenaltySlip(Contents, frozen=True, kw_only=True, tag="penalty_slip"):
    """A fine as it stands in somebody's ledger; ``joint_role`` where they are liable beside another."""

    subject: str
    """The unit's name; a person's id where ``person`` holds the name."""
    person: Person | None
    amount_fen: int
    clause: str
    period: str | None
    joint_role: str | None
    reading: str | None
    heavier_alone: bool
    """Whether a heavier fine for the same matter stands in this one's place."""
    entry_key: str


_OBJECTION = Text(
    "对本处罚有异议的，可在系统内对该台账条目提出申诉，由人事部门裁定；裁定前不予结清。",
    "Whoever objects does so against the ledger entry; personnel decides, and nothing is settled before.",
)
_HEAVIER = Text(
    "同一事项另有较重处罚的，只执行较重的一项。",
    "Where a heavier fine stands for the same matter, that one alone is carried out.",
)


def _slip(held: PenaltySlip) -> Sheet:
    joint = held.joint_role is not None
    return Sheet(
        rows=(
            Row(Text("被处罚人", "Fined"), held.person.shown if held.person else held.subject),
            Row(Text("处罚依据", "Ground"), f"{held.clause} {_label(held.clause)}"),
            Row(Text("责任", "Liability"), f"连带责任（{held.joint_role}）" if joint else "直接责任"),
            Row(Text("所属期间", "Period"), held.period or "—"),
            Row(Text("金额（小写）", "Amount"), f"¥{yuan(held.amount_fen)}"),
            Row(Text("金额（大写）", "In capitals"), capitals(held.amount_fen)),
            Row(Text("台账条目", "Ledger entry"), held.entry_key),
        ),
        statement=(_OBJECTION, _HEAVIER) if held.heavier_alone else (_OBJECTION,),
        boxes=(
            Box(Text("被处罚人", "Fined")),
            Box(Text("部门负责人", "Head of department")),
            Box(Text("人事部门", "Personnel")),
        ),
    )


def _label(clause: str) -> str:
    """The clause in our own words, or those of what it belongs to."""
    registry = clauses.load()
    while clause not in registry.clauses and clause not in registry.regulations and "." in clause:
        clause = clause.rpartition(".")[0]
    known = clause in registry.clauses or clause in registry.regulations
    return registry.text(clause).zh if known else ""


PENALTY_KINDS = (
    Kind(
        name="penalty_slip",
        code="罚",
        title=Text("处罚单", "Penalty slip"),
        subject="penalty_ledger",
        clause="R11.2.2",
        contents=PenaltySlip,
        sheet=_slip,
    ),
)
