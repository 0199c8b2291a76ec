"""How a penalty ledger answers. What was decided elsewhere enters here; here it is contested, waived, settled."""

from uuid import UUID

from domain.kernel import Context, Event, Refusal
from domain.penalty_ledger import commands as c
from domain.penalty_ledger import events as e
from domain.penalty_ledger.overlap import settled_anew
from domain.penalty_ledger.state import PenaltyEntry, PenaltyLedgerState, evolve

MAX_ENTRIES = 10_000


def issue(state: PenaltyLedgerState | None, command: c.IssueEntry, context: Context) -> tuple[Event, ...]:
    """Enter what another noun decided, opening the ledger where there is none; the same key again is nothing new."""
    _complete(command)
    events: list[Event] = []
    if state is None:
        opened = e.LedgerOpened(subject_kind=command.subject_kind, subject=command.subject)
        events, state = [opened], evolve(None, opened)
    if (command.subject_kind, command.subject) != (state.subject_kind, state.subject):
        raise Refusal(
            "other_subject", zh="这是他人的台账", en="This is another subject's ledger.", kind="value", field="subject"
        )
    if command.entry_key in state.entries:
        return ()
    if len(state.entries) >= MAX_ENTRIES:
        raise Refusal("too_many", zh=f"台账最多{MAX_ENTRIES}条", en=f"A ledger holds at most {MAX_ENTRIES} entries.")
    issued = e.EntryIssued(
        entry_key=command.entry_key,
        kind=command.kind,
        amount_fen=command.amount_fen or 0,
        form=command.form,
        effect=command.effect,
        period=command.period,
        clause=command.clause,
        rule_version=command.rule_version,
        reading=command.reading,
        overlap=command.overlap,
        causes=command.causes,
        act=command.act,
        joint_role=command.joint_role,
        principal_key=command.principal_key,
        issued_on=context.today,
    )
    return (*events, issued, *settled_anew(evolve(state, issued), command.act))


def reverse(state: PenaltyLedgerState, command: c.ReverseEntry, _: Context) -> tuple[Event, ...]:
    """Take an entry back; one that is reversed already stays so."""
    entry = _entry(state, command.entry_key)
    return () if entry.status == "reversed" else _reversal(state, entry, command.reason, command.causes)


def contest(state: PenaltyLedgerState, command: c.ContestEntry, context: Context) -> tuple[Event, ...]:
    """Object once to a fine that counts; a person does so for himself."""
    entry = _entry(state, command.entry_key)
    if state.subject_kind == "person" and str(context.actor.id) != state.subject:
        raise Refusal(
            "not_the_subject", zh="只能由本人申诉", en="Only the person concerned may object.", kind="forbidden"
        )
    _of_money(entry)
    if entry.contests:
        raise Refusal("contested_already", zh="该条目已申诉过", en="This entry has been objected to before.")
    if not entry.stands:
        raise _does_not_stand()
    return (
        e.EntryContested(
            entry_key=entry.entry_key,
            reason=command.reason,
            contested_by=context.actor.id,
            contested_on=context.today,
        ),
    )


def decide_contest(state: PenaltyLedgerState, command: c.DecideContest, context: Context) -> tuple[Event, ...]:
    """Uphold the entry or reverse it; never by whom it concerns."""
    entry = _entry(state, command.entry_key)
    person = _other_person(state, context)
    if entry.status != "contested":
        raise Refusal("not_contested", zh="该条目没有待裁定的申诉", en="No objection to this entry is open.")
    decided = e.ContestDecided(
        entry_key=entry.entry_key,
        upheld=command.upheld,
        reason=command.reason,
        decided_by=person,
        decided_on=context.today,
    )
    if command.upheld:
        return (decided,)
    return (decided, *_reversal(evolve(state, decided), entry, command.reason, entry.causes))


def waive(state: PenaltyLedgerState, command: c.WaiveEntry, context: Context) -> tuple[Event, ...]:
    """Forgive what is still owed of a fine; never by whom it concerns."""
    entry = _entry(state, command.entry_key)
    person = _other_person(state, context)
    _of_money(entry)
    if not entry.stands or entry.status == "settled":
        raise _does_not_stand()
    amount_fen = max(0, entry.owed_fen)
    return (e.EntryWaived(entry_key=entry.entry_key, amount_fen=amount_fen, reason=command.reason, waived_by=person),)


def settle(state: PenaltyLedgerState, command: c.SettleEntry, context: Context) -> tuple[Event, ...]:
    """Book a payment, a repayment or the carrying out of a sanction; each reference once."""
    entry = _entry(state, command.entry_key)
    if entry.status == "contested":
        raise Refusal("contest_open", zh="申诉尚未裁定", en="An objection to this entry is still open.")
    carried_out = entry.kind == "sanction" and entry.status in {"issued", "upheld"}
    if not carried_out and entry.owed_fen == 0:
        raise Refusal("nothing_to_settle", zh="该条目没有待结清的款项或处分", en="Nothing of this entry is open.")
    if command.reference in state.references:
        raise Refusal(
            "reference_used", zh="该凭证已使用", en="This reference was used before.", kind="value", field="reference"
        )
    return (
        e.EntrySettled(
            entry_key=entry.entry_key,
            amount_fen=entry.owed_fen,
            reference=command.reference,
            settled_on=context.today,
        ),
    )


def _reversal(
    state: PenaltyLedgerState, entry: PenaltyEntry, reason: str, causes: tuple[c.CauseRef, ...]
) -> tuple[Event, ...]:
    """The reversal, and the lighter fine that is owed again because of it."""
    reversed_ = e.EntryReversed(
        entry_key=entry.entry_key,
        amount_fen=entry.amount_fen - entry.waived_fen,
        refund_fen=entry.settled_fen,
        reason=reason,
        causes=causes,
    )
    return (reversed_, *settled_anew(evolve(state, reversed_), entry.act))


def _complete(command: c.IssueEntry) -> None:
    needed = {"fine": "amount_fen", "sanction": "form", "effect": "effect"}[command.kind]
    if getattr(command, needed) is None:
        raise Refusal(
            "entry_incomplete",
            zh="条目内容不完整",
            en="The entry lacks what its kind needs.",
            kind="value",
            field=needed,
        )
    if command.kind != "fine" and command.amount_fen is not None:
        raise Refusal(
            "amount_out_of_place",
            zh="只有扣款有金额",
            en="Only a fine has an amount.",
            kind="value",
            field="amount_fen",
        )


def _entry(state: PenaltyLedgerState, key: str) -> PenaltyEntry:
    entry = state.entries.get(key)
    if entry is None:
        raise Refusal(
            "entry_unknown",
            zh="台账中没有这一条目",
            en="The ledger has no such entry.",
            kind="value",
            field="entry_key",
        )
    return entry


def _other_person(state: PenaltyLedgerState, context: Context) -> UUID:
    """Who acts, who must be known and not the one concerned."""
    if context.actor.id is None:
        raise Refusal(
            "person_required", zh="须由具名人员办理", en="This must be done by a known person.", kind="forbidden"
        )
    if state.subject_kind == "person" and str(context.actor.id) == state.subject:
        raise Refusal("own_entry", zh="不得处理本人的条目", en="Nobody decides about his own entry.", kind="forbidden")
    return context.actor.id


def _of_money(entry: PenaltyEntry) -> None:
    """Sanctions and effects are changed where they were decided, so that both always say the same (R4.18, R4.22)."""
    if entry.kind != "fine":
        raise Refusal(
            "decided_elsewhere",
            zh="处分和考核影响只能通过作出决定的程序变更",
            en="A sanction or an effect is changed only by the procedure that decided it.",
            details={"kind": entry.kind, "act": entry.act},
        )


def _does_not_stand() -> Refusal:
    return Refusal("entry_closed", zh="该条目已不再待处理", en="This entry no longer stands.")
