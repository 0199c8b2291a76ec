"""What became of the story's complaints and cases, read from the store."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from domain.accountability import AccountabilityCaseState
from domain.accountability.guards import STAGES
from domain.accountability.state import Party
from domain.complaint import ComplaintState
from domain.complaint.events import ComplaintFined
from domain.complaint.guards import STATUS_NAMES
from domain.kernel import Text
from domain.rules import r4
from infra.eventstore import select_stream
from services.demo.plan import Receipts, matter_id
from services.demo.story import Organisation
from services.runtime.config import TenantConfig
from services.runtime.runtime import Runtime

NOUNS = ("complaint", "accountability_case")
GROUNDS = {
    "no_notice": Text(zh="当日未解决也未告知", en="neither settled nor notified that day"),
    "promise_passed": Text(zh="超过约定日期", en="the promised date passed"),
}
REVIEWS = {
    "upheld": Text(zh="复核维持", en="upheld on review"),
    "changed": Text(zh="复核变更", en="changed on review"),
    "revoked": Text(zh="复核撤销", en="revoked on review"),
}


class MatterLine(msgspec.Struct, frozen=True, kw_only=True):
    """One complaint or case: what it is about, where it stands, what came of it. ``fined_fen`` is what all bear."""

    noun: str
    stream: UUID
    title: str
    status: Text
    outcome: tuple[Text, ...]
    fined_fen: int = 0


async def matters(
    runtime: Runtime, tenant: UUID, organisation: Organisation, receipts: Receipts
) -> tuple[MatterLine, ...]:
    """Every complaint and case of an organisation, in the order in which the files tell of them."""
    config = await runtime.configs.refresh(tenant)
    named = dict.fromkeys(act.on for act in organisation.matters.acts)
    listed = [on.partition(":")[::2] for on in named]
    ids = [(noun, matter_id(tenant, noun, name, receipts)) for noun, name in listed if noun in NOUNS]
    return tuple([await _line(runtime, tenant, noun, stream, config) for noun, stream in ids])


async def _line(runtime: Runtime, tenant: UUID, noun: str, stream: UUID, config: TenantConfig) -> MatterLine:
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        state = (await runtime.states.read(connection, tenant, noun, stream)).state
        rows = await select_stream(connection, tenant, stream)
    if isinstance(state, ComplaintState):
        events = [runtime.mapper.decode(row.topic, row.state) for row in rows]
        fines = [event for event in events if isinstance(event, ComplaintFined)]
        return MatterLine(
            noun=noun,
            stream=stream,
            title=state.subject,
            status=Text(*STATUS_NAMES[state.status]),
            outcome=tuple(GROUNDS[ground] for ground in state.late),
            fined_fen=sum(share.amount_fen for fine in fines for share in fine.shares),
        )
    assert isinstance(state, AccountabilityCaseState)
    rules = next(version.values for version in config.rules[r4.REGULATION] if version.version == state.rule_version)
    assert isinstance(rules, r4.R4Rules)
    return MatterLine(
        noun=noun,
        stream=stream,
        title=state.matter,
        status=STAGES[state.status],
        outcome=tuple(_of_party(state.parties.values(), rules)),
    )


def _of_party(parties: Iterable[Party], rules: r4.R4Rules) -> Iterable[Text]:
    """For each respondent the forms that stand, and what a review made of the decision."""
    for party in parties:
        forms = [form for form in rules.forms if form.code in party.sanctions]
        zh = "、".join(form.zh for form in forms) or "无"
        en = ", ".join(form.en for form in forms) or "nothing"
        name = party.respondent.name
        yield Text(zh=f"{name}：{zh}", en=f"{name}: {en}")
        if party.review is not None and party.review.outcome is not None:
            yield REVIEWS[party.review.outcome]
