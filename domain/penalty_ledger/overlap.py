"""One act that drew two clauses: the heavier fine alone, or both (R11.overlap)."""

from collections.abc import Iterator

from domain.kernel import Event
from domain.penalty_ledger import events as e
from domain.penalty_ledger.state import PenaltyEntry, PenaltyLedgerState

READING = "R11.overlap"


def settled_anew(state: PenaltyLedgerState, act: str) -> tuple[Event, ...]:
    """What changes among the fines for an act, after one was issued or reversed."""
    fines = [entry for entry in state.entries.values() if _takes_part(entry, act)]
    if not fines:
        return ()
    heaviest = max(fines, key=lambda entry: entry.amount_fen)
    return tuple(event for place, entry in enumerate(fines) for event in _moved(entry, place, fines, heaviest))


def _takes_part(entry: PenaltyEntry, act: str) -> bool:
    """A reversed fine leaves the field to the lighter; a waived one does not: the act was forgiven by its worst."""
    return entry.act == act and entry.kind == "fine" and entry.status != "reversed"


def _moved(entry: PenaltyEntry, place: int, fines: list[PenaltyEntry], heaviest: PenaltyEntry) -> Iterator[Event]:
    later = entry if place > fines.index(heaviest) else heaviest
    gives_way = entry.clause != heaviest.clause and later.overlap == "heavier" and entry.status != "waived"
    if gives_way and entry.displaced_by != heaviest.entry_key:
        yield e.EntryDisplaced(
            entry_key=entry.entry_key,
            by_key=heaviest.entry_key,
            amount_fen=entry.amount_fen,
            act=entry.act,
            readings={READING: "heavier"},
            rule_version=later.rule_version,
            clause=heaviest.clause,
        )
    if not gives_way and entry.displaced_by is not None:
        yield e.EntryReinstated(entry_key=entry.entry_key, after_key=entry.displaced_by, amount_fen=entry.displaced_fen)
