"""Closes fee periods: every account of the project is charged, page by page, each with one notice (R13.4.2.1).

A page is one transaction: the events of its accounts, written in one append, and how far the run has come. Whoever is
killed in between has done nothing, and the next worker goes on from there. What keeps an owner from a second notice is
not that place, however: each account refuses a period that it was charged.

Which accounts have a turn is settled by where the closing stands in the tenant's order: those begun before it, in the
order of their ids. An account that changes meanwhile is charged by its terms when its turn comes; one that is begun
meanwhile belongs to the next period, and is charged singly for this one.

Notices are numbered within the period by the run, which is serial, so the numbers have no gap and none comes twice;
their numbers in the register of the year are given afterwards, in one block.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import structlog

from domain.fee_account import FEE_ACCOUNT, FeeAccountState
from domain.fee_account.commands import ChargePeriod
from domain.fee_account.parts import PeriodPrice
from domain.fee_period import FEE_PERIOD, FeePeriodState
from domain.fee_period.messages import CompleteClosing
from domain.kernel import Command, Refusal
from infra import fee_runs
from infra.claims import claim, read_ledger
from infra.database import Connection
from infra.fee_runs import Run, RunRefusal
from infra.recordings import Appended
from projections.fee_lists import closing_period, count_accounts, page_of_accounts
from services.runtime.commands import ENTROPY_BYTES
from services.runtime.config import TenantConfig
from services.worker.sending import Sending, read_states
from services.worker.work import KeepGoing, Work, always

log = structlog.get_logger(__name__)

TASK = "fee_periods"
"""The name under which a tenant's closings are claimed."""
PAGE = 100
"""Accounts charged in one transaction."""


class _Overtaken(Exception):  # noqa: N818 - not a fault: to be done again with the ledger locked
    """Another append came first."""


async def close_periods(work: Work, tenant: UUID, keep_going: KeepGoing = always) -> int:
    """Go on with what is being closed until nothing is left or another worker is at it; the number of steps taken.

    To be asked after the tenant's projections were followed: which accounts there are, they say.
    """
    steps = 0
    while keep_going():
        try:
            done = await _step(work, tenant, locked=False)
        except _Overtaken:
            done = await _step(work, tenant, locked=True)
        if done is None:
            break
        steps += 1
        work.metrics.charged.inc(done)
    return steps


class _Turn(msgspec.Struct, frozen=True):
    """One transaction of a run, with what is done in it."""

    work: Work
    connection: Connection
    tenant: UUID
    config: TenantConfig
    run: Run
    now: datetime

    async def sending(self, noun: str, streams: Sequence[UUID]) -> Sending:
        """Commands to streams, whose states are read here."""
        states = await read_states(self.work, self.connection, self.tenant, [(noun, stream) for stream in streams])
        return Sending(self.work, self.tenant, self.config, states)

    def send(self, sending: Sending, noun: str, stream: UUID, command: Command) -> bool:
        """Decide a command; whether it caused events. Raises `Refusal`."""
        return sending.send(
            noun,
            stream,
            command,
            entropy=secrets.token_bytes(ENTROPY_BYTES),
            causation=f"fee_period:{self.run.period_id}",
        )

    async def advance(self, run: Run, refused: Sequence[RunRefusal] = ()) -> None:
        """Write how far the run comes by this."""
        run = msgspec.structs.replace(run, last_step_at=self.now)
        await fee_runs.advance(self.connection, self.tenant, run, refused)


async def _step(work: Work, tenant: UUID, *, locked: bool) -> int | None:
    """One transaction: a page of accounts, or the end of a run; nothing where there is nothing to do."""
    runtime = work.runtime
    async with runtime.database.tenant_transaction(tenant) as connection:
        if await claim(connection, tenant, TASK) is None:
            return None
        ledger = await read_ledger(connection, tenant, locked=locked)
        closing = await closing_period(connection, tenant)
        if ledger is None or closing is None:
            return None
        config = await runtime.configs.at_epoch(connection, tenant, ledger.epoch)
        period = await runtime.states.read(connection, tenant, FEE_PERIOD.noun, closing.period_id)
        state = period.state
        if not config.active or not isinstance(state, FeePeriodState) or state.status != "closing":
            return None  # where it is closed already, the projection is yet to see it
        now = runtime.clock()
        run = await fee_runs.find(connection, tenant, closing.period_id)
        if run is None:
            run = Run(closing.period_id, await count_accounts(connection, tenant, closing), now, now)
            await fee_runs.begin(connection, tenant, run)
        turn = _Turn(work, connection, tenant, config, run, now)
        accounts = await page_of_accounts(connection, tenant, closing, after=run.after_account, limit=PAGE)
        sending = await (_charge(turn, state, accounts) if accounts else _complete(turn))
        outcomes = await sending.append(connection)
        if not all(isinstance(outcome, Appended) for outcome in outcomes):
            raise _Overtaken
    await sending.remember()
    runtime.hints.appended(tenant)
    return len(accounts)


async def _charge(turn: _Turn, period: FeePeriodState, accounts: Sequence[UUID]) -> Sending:
    """Charge a page of accounts."""
    run, refused = turn.run, []
    sending = await turn.sending(FEE_ACCOUNT.noun, accounts)
    terms, notices, amount_fen = _terms(period, run.period_id), run.notices, run.amount_fen
    for account in accounts:
        command = msgspec.structs.replace(terms, serial=notices + 1)
        try:
            turn.send(sending, FEE_ACCOUNT.noun, account, command)
        except Refusal as refusal:
            if refusal.code != "charged_already":
                refused.append(RunRefusal(account, refusal.code, f"{refusal.text.zh} {refusal.text.en}"))
                continue
        # whoever was charged before, by a run whose place was lost, has his notice and its number
        after = sending.state(account)
        if isinstance(after, FeeAccountState):
            notices = max(notices, after.periods.get(run.period_id) or 0)
            amount_fen += after.charged_fen(run.period_id)
    advanced = msgspec.structs.replace(
        run,
        after_account=accounts[-1],
        done=run.done + len(accounts),
        notices=notices,
        refused=run.refused + len(refused),
        amount_fen=amount_fen,
    )
    await turn.advance(advanced, refused)
    return sending


async def _complete(turn: _Turn) -> Sending:
    """Every account has had its turn: the period is closed."""
    run = turn.run
    sending = await turn.sending(FEE_PERIOD.noun, [run.period_id])
    command = CompleteClosing(accounts=run.done, notices=run.notices, refused=run.refused, amount_fen=run.amount_fen)
    turn.send(sending, FEE_PERIOD.noun, run.period_id, command)
    await turn.advance(msgspec.structs.replace(run, finished_at=turn.now))
    log.info("fee_period_closed", tenant=str(turn.tenant), period=str(run.period_id), accounts=run.done)
    return sending


def _terms(period: FeePeriodState, period_id: UUID) -> ChargePeriod:
    """The command that every account of the period is sent; all but the notice's number is the same."""
    if period.due_on is None or period.notice is None or period.rule_version is None or period.closed_by is None:
        raise TypeError("a period that is being closed has fixed its terms")
    return ChargePeriod(
        period_id=period_id,
        first_month=period.first_month,
        last_month=period.last_month,
        serial=1,
        prices=tuple(
            PeriodPrice(
                item=one.item,
                kind=one.kind,
                from_month=one.from_month,
                price_fen=one.price_fen,
                label=one.label,
                per=one.per,
            )
            for one in period.prices
        ),
        due_on=period.due_on,
        rule_version=period.rule_version,
        notice=period.notice,
        closed_by=period.closed_by,
    )
