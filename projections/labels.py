"""What stored words mean to people, Chinese and English: bands, statuses, kinds, clauses and readings."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from domain import clauses
from domain.kernel import Text


class ClauseRef(msgspec.Struct, frozen=True):
    """A clause that something rests on."""

    id: str
    label: Text


class ReadingRef(msgspec.Struct, frozen=True):
    """The way an ambiguous clause was read."""

    id: str
    label: Text
    value: str
    value_label: Text


class EventRef(msgspec.Struct, frozen=True):
    """An event: its type, its stream, its place there (``version``) and in the tenant's order (``position``)."""

    type: str
    stream_id: UUID
    version: int
    position: int


BANDS: Mapping[str, Text] = {
    "excellent": Text("优秀", "excellent"),
    "qualified": Text("合格", "qualified"),
    "marginal": Text("临界", "marginal"),
    "failed": Text("不合格", "failed"),
}
MONTH_STATUSES: Mapping[str, Text] = {
    "open": Text("调查进行中", "survey open"),
    "surveyed": Text("调查已截止", "survey closed"),
    "closed": Text("已结算", "closed"),
}
PROJECT_STATUSES: Mapping[str, Text] = {
    "active": Text("履约中", "active"),
    "terminated": Text("已终止", "terminated"),
    "ended": Text("已到期", "ended"),
}
COMPLAINT_STATUSES: Mapping[str, Text] = {
    "lodged": Text("已登记", "lodged"),
    "assigned": Text("已指派", "assigned"),
    "working": Text("处理中", "being worked on"),
    "proposed": Text("待签字", "awaiting signatures"),
    "signed": Text("已签字", "signed"),
    "answered": Text("已答复", "answered"),
    "settled": Text("已办结", "settled"),
    "withdrawn": Text("已撤回", "withdrawn"),
    "unfounded": Text("不成立", "unfounded"),
}
DEPOSIT_STATUSES: Mapping[str, Text] = {
    "awaiting": Text("待缴纳", "awaiting payment"),
    "held": Text("已足额", "held"),
    "releasable": Text("待退还", "to be released"),
    "released": Text("已退还", "released"),
    "forfeited": Text("已没收", "forfeited"),
}
ENTRY_KINDS: Mapping[str, Text] = {
    "received": Text("收取保证金", "deposit received"),
    "penalty": Text("违约金", "penalty"),
    "penalty_reversed": Text("违约金冲回", "penalty reversed"),
    "reward": Text("奖励", "reward"),
    "reward_reversed": Text("奖励冲回", "reward reversed"),
    "shortfall_collected": Text("补扣欠款", "shortfall collected"),
    "top_up": Text("补足保证金", "top-up received"),
    "refund": Text("退还超额", "excess refunded"),
    "forfeiture": Text("没收", "forfeiture"),
    "forfeiture_reversed": Text("没收冲回", "forfeiture reversed"),
    "release": Text("退还保证金", "deposit released"),
}
DEMAND_STATES: Mapping[str, Text] = {
    "open": Text("待补足", "owed"),
    "overdue": Text("逾期未补足", "overdue"),
    "met": Text("已补足", "met"),
    "withdrawn": Text("已撤回", "withdrawn"),
}
CORRECTION_STATUSES: Mapping[str, Text] = {
    "open": Text("整改中", "owed"),
    "overdue": Text("整改逾期", "overdue"),
}
CASE_STATUSES: Mapping[str, Text] = {
    "reported": Text("待初步核实", "to be verified"),
    "verified": Text("待提出建议", "to be proposed"),
    "proposed": Text("待决定提起", "to be initiated"),
    "investigating": Text("调查中", "under investigation"),
    "investigated": Text("待提出意见", "awaiting the opinion"),
    "heard": Text("待形成决议", "awaiting the resolution"),
    "decided": Text("待送达", "to be served"),
    "served": Text("已送达", "served"),
    "closed": Text("已结案", "closed"),
    "dismissed": Text("已终止", "dismissed"),
    "merged": Text("已并案", "merged"),
}
CASE_STAGES: Mapping[str, Text] = {
    "verification": Text("初步核实", "verification"),
    "proposal": Text("提出建议", "proposal"),
    "initiation": Text("决定提起", "initiation"),
    "team": Text("组成调查组", "forming the team"),
    "investigation": Text("调查", "investigation"),
    "resolution": Text("形成决议", "resolution"),
    "service": Text("送达", "service"),
    "review_request": Text("申请复核", "request for review"),
    "review": Text("复核", "review"),
    "correction": Text("限期整改", "correction"),
    "execution": Text("执行", "execution"),
    "filing": Text("人事备案", "filing"),
}
APPRAISAL_EFFECTS: Mapping[str, Text] = {
    "not_excellent": Text("不得评为优秀", "not excellent"),
    "basically_competent": Text("基本称职", "basically competent"),
    "not_competent": Text("不称职", "not competent"),
}
DOCUMENT_STATUSES: Mapping[str, Text] = {
    "drawn": Text("待编号", "awaiting its number"),
    "issued": Text("有效", "valid"),
    "voided": Text("已作废", "void"),
    "superseded": Text("已由新文书代替", "superseded"),
    "taken_back": Text("所列款项已冲销", "genuine, what it asks for was taken back"),
    "taken_back_in_part": Text("所列款项部分已冲销", "genuine, a part of what it asks for was taken back"),
}


def clause_ref(identifier: str) -> ClauseRef:
    """A clause with its label; one that the registry does not list by itself is named after what it belongs to."""
    known, listed = clauses.load(), identifier
    while listed not in known.clauses and listed not in known.regulations and "." in listed:
        listed = listed.rpartition(".")[0]
    found = listed in known.clauses or listed in known.regulations
    return ClauseRef(identifier, known.text(listed) if found else Text(identifier, identifier))


def reading_ref(pair: str) -> ReadingRef:
    """The reading of ``id=value``."""
    identifier, _, value = pair.partition("=")
    reading = clauses.load().readings.get(identifier)
    if reading is None:
        return ReadingRef(identifier, Text(identifier, identifier), value, Text(value, value))
    labels = {option.value: option.label for option in reading.options}
    return ReadingRef(identifier, reading.label, value, labels.get(value, Text(value, value)))


def reading_refs(pairs: str) -> tuple[ReadingRef, ...]:
    """The readings of ``id=value id=value``."""
    return tuple(reading_ref(pair) for pair in pairs.split())


BOOKING_STATUSES: Mapping[str, Text] = {
    "requested": Text("待分管领导签字", "awaiting the unit's leader"),
    "awaiting_head": Text("待中心负责人审批", "awaiting the centre's head"),
    "accepted": Text("待派车", "waiting for a car"),
    "dispatched": Text("已派车", "dispatched"),
    "out": Text("已出车", "under way"),
    "returned": Text("待经办人签认", "awaiting the handler's signature"),
    "signed": Text("已签认", "signed"),
    "settled": Text("已结算", "settled"),
    "refused": Text("未派车", "refused"),
    "cancelled": Text("已取消", "cancelled"),
    "no_show": Text("未乘车", "no-show"),
}
VEHICLE_STATUSES: Mapping[str, Text] = {
    "in_service": Text("在役", "in service"),
    "repair": Text("维修", "in repair"),
    "retired": Text("退役", "retired"),
    "replaced": Text("已更新", "replaced"),
}
DRIVER_STATUSES: Mapping[str, Text] = {
    "on_duty": Text("在岗", "driving"),
    "suspended": Text("停驾", "suspended"),
    "left": Text("离岗", "left"),
}
REFUSAL_GROUNDS: Mapping[str, Text] = {
    "unit_declined": Text("分管领导不同意", "declined by the unit's leader"),
    "late": Text("未按规定提前申请", "asked for too late"),
    "single_in_district": Text("单人区内用车", "a single person within the district"),
    "individual": Text("非集体用车", "not collective"),
    "business_trip": Text("个人出差、开会", "an individual's business trip"),
    "no_vehicle": Text("无车可派", "no car"),
    "no_driver": Text("无驾驶员", "no driver"),
    "outranked": Text("让位于更优先的申请", "others go first"),
    "not_signed": Text("到时未签字", "not signed by departure"),
    "not_decided": Text("到时未审批", "not decided by departure"),
    "not_dispatched": Text("到时无车可派", "no car by departure"),
}
FEE_KINDS: Mapping[str, Text] = {
    "public_service": Text("公共性服务费", "public service fee"),
    "agency": Text("代收代办费", "collected for others"),
    "special": Text("特约服务费", "special service"),
    "repair": Text("修缮费用", "repair"),
}
FEE_HOWS: Mapping[str, Text] = {
    "notice": Text("书面催缴", "notice"),
    "visit": Text("上门催缴", "visit"),
    "letter": Text("发函催缴", "letter"),
}
FEE_PERIOD_STATUSES: Mapping[str, Text] = {
    "open": Text("未结账", "open"),
    "closing": Text("结账中", "being closed"),
    "closed": Text("已结账", "closed"),
}
SETTLEMENT_STATUSES: Mapping[str, Text] = {
    "open": Text("未结账", "open"),
    "closed": Text("已结账", "closed"),
}
LINE_KINDS: Mapping[str, Text] = {
    "order": Text("派车单", "order"),
    "cancellation": Text("逾时取消", "late cancellation"),
    "no_show": Text("未乘车", "no-show"),
    "correction": Text("更正", "correction"),
}
