"""The printed page: the year's scores, the deposit statements, and where to go on. Chinese first."""

from collections.abc import Iterator, Sequence

import msgspec
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text as Line

from domain.contract_deposit import events as d
from services.demo.centre_page import centre_tables
from services.demo.centre_report import CentreReport
from services.demo.company_page import company_tables
from services.demo.company_report import CompanyReport
from services.demo.credentials import Kept
from services.demo.matters import MatterLine
from services.demo.report import Memo, MonthLine, ProjectReport, StatementLine
from services.demo.tables import table, yuan

BANDS = {
    "excellent": ("优秀 excellent", "bold green"),
    "qualified": ("合格 qualified", "green"),
    "marginal": ("临界 marginal", "yellow"),
    "failed": ("不合格 failed", "red"),
}
STATUSES = {
    "active": "履行中 active",
    "terminated": "已终止 terminated",
    "ended": "已终结 ended",
}
CORRECTIONS = {"open": "整改中 correction open", "overdue": "整改逾期 overdue", "confirmed": "整改完成 corrected"}
POSTINGS: dict[type[d.Posting], str] = {
    d.DepositReceived: "收取 received",
    d.PenaltyImposed: "违约金 penalty",
    d.PenaltyReversed: "撤销违约金 penalty reversed",
    d.RewardGranted: "奖励 reward",
    d.RewardReversed: "撤销奖励 reward reversed",
    d.ShortfallCollected: "补扣 collected",
    d.TopUpReceived: "补足 top-up",
    d.ExcessRefunded: "退还超额 refund",
    d.DepositForfeited: "没收 forfeited",
    d.ForfeitureReversed: "撤销没收 restored",
    d.DepositReleased: "退还 released",
}
MEMOS: dict[type[Memo], str] = {
    d.TopUpDemanded: "要求补足 top-up demanded",
    d.TopUpReduced: "补足减少 demand reduced",
    d.TopUpWithdrawn: "补足撤回 demand withdrawn",
    d.TopUpOverdue: "补足逾期 top-up overdue",
}


class Shown(msgspec.Struct, frozen=True):
    """What there is to show of one organisation."""

    slug: str
    name: str
    projects: tuple[ProjectReport, ...]
    matters: tuple[MatterLine, ...]
    receipts: tuple[str, ...]
    """Of those who reported without an account."""
    centre: CentreReport | None = None
    company: CompanyReport | None = None


def page(organisations: Sequence[Shown], url: str, kept: Kept) -> RenderableType:
    """Everything there is to see."""
    parts: list[RenderableType] = []
    for shown in organisations:
        parts.append(Line(f"\n{shown.name}", style="bold underline"))
        for one in shown.projects:
            parts += [_months(one), _statement(one)]
        if shown.matters:
            parts.append(_matters(shown))
        if shown.centre is not None:
            parts += centre_tables(shown.centre)
        if shown.company is not None:
            parts += company_tables(shown.company)
    return Group(*parts, _go_on(organisations, url, kept))


def _months(one: ProjectReport) -> Table:
    state = one.project
    title = f"{state.name} · {state.contractor} · {STATUSES[state.status]}"
    shown = table(title, ("月份\nmonth", "得分\nscore", "档次\nband", "一票否决\nveto", "连续\nstreak", "规则\nrules"))
    shown.add_column("后果\nconsequence", overflow="fold")
    money = _money_by_month(one)
    for month in one.months:
        label, style = BANDS[month.band]
        shown.add_row(
            month.month,
            month.score,
            Line(label, style=style),
            "；".join(f"{veto.zh} {veto.en}" for veto in month.vetoes),
            str(month.streak or ""),
            f"v{month.rule_version}",
            "；".join((*money.get(month.month, ()), *_consequences(month))),
        )
    if state.termination is not None:
        shown.caption = f"合同终止 terminated：{state.termination.reason}（R14.5.1）" + "".join(
            f"\n设备处置 equipment：{item.name} {item.disposition}" for item in state.equipment
        )
    elif one.open_months:
        shown.caption = f"考核中 under way：{'、'.join(one.open_months)}"
    return shown


def _consequences(month: MonthLine) -> Iterator[str]:
    for score, band in month.previous:
        yield f"复核前 before re-assessment {score} {BANDS[band][0]}"
    if month.priority:
        yield "投标优先 tender priority"
    if month.corrected is not None:
        yield CORRECTIONS[month.corrected]
    if month.right:
        yield "终止权 right to terminate, used"


def _money_by_month(one: ProjectReport) -> dict[str, list[str]]:
    """What stands in the account for each month: penalties and rewards that were not reversed."""
    found: dict[str, list[str]] = {}
    for month, settled in one.deposit.months.items():
        for entry_id in settled.standing:
            entry = one.deposit.entry(entry_id)
            if entry.kind == "penalty":
                found.setdefault(month, []).append(f"扣 penalty {yuan(-entry.effect_fen)}")
            elif entry.kind == "reward":
                given = entry.payout_fen or entry.effect_fen
                found.setdefault(month, []).append(f"奖 reward {yuan(given)}")
    return found


def _statement(one: ProjectReport) -> Table:
    deposit = one.deposit
    agreed, balance = yuan(deposit.agreed_fen), yuan(deposit.balance_fen)
    title = f"履约保证金 deposit statement · 约定 agreed {agreed} · 余额 balance {balance}"
    headings = ("日期\ndate", "分录\nentry", "条款\nclause", "规则\nrules", "月份\nmonth")
    amounts = ("变动\neffect", "支付\npaid out", "余额\nbalance")
    shown = table(title, (*headings, *amounts), right=amounts)
    for line in one.statement:
        shown.add_row(*_cells(line), style=None if isinstance(line.event, d.Posting) else "dim")
    owed = deposit.demanded_fen
    if owed and deposit.status in ("awaiting", "held"):
        shown.caption = f"尚待补足 still owed {yuan(owed)}"
    return shown


def _cells(line: StatementLine) -> tuple[str, ...]:
    event, day = line.event, f"{line.at:%Y-%m-%d}"
    version = "" if event.rule_version is None else f"v{event.rule_version}"
    if isinstance(event, d.Posting):
        paid = yuan(event.payout_fen) if event.payout_fen else ""
        moved = yuan(event.effect_fen)
        booked = yuan(event.balance_after_fen)
        return day, POSTINGS[type(event)], event.clause or "", version, event.month or "", moved, paid, booked
    label = MEMOS[type(event)]
    if isinstance(event, d.TopUpDemanded):
        label += f" {yuan(event.amount_fen)} 至 by {event.due_on}"
    month = event.demand_id[:7]
    return day, label, event.clause, version, month, "", "", ""


def _matters(shown: Shown) -> Table:
    headings = ("事项\nmatter", "状态\nstatus", "结果\noutcome", "扣款\nfined")
    found = table("投诉与问责 · complaints and accountability", headings, right=headings[-1:])
    for line in shown.matters:
        outcome = "；".join(f"{text.zh} {text.en}" for text in line.outcome)
        fined = yuan(line.fined_fen) if line.fined_fen else ""
        found.add_row(line.title, f"{line.status.zh} {line.status.en}", outcome, fined)
    cases = [line for line in shown.matters if line.noun == "accountability_case"]
    found.caption = "\n".join(f"kaohe replay {line.noun}:{line.stream} --tenant {shown.slug}" for line in cases)
    return found


def _go_on(organisations: Sequence[Shown], url: str, kept: Kept) -> Panel:
    """Addresses, people, and a first request."""
    people = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("组织 organisation", "用户名 username", "密码 password", "姓名 name", "职责 role"):
        people.add_column(heading, no_wrap=heading == "密码 password")
    for one in kept.credentials.organisations:
        for member in one.members:
            people.add_row(one.slug, member.username, member.password, member.name, member.note)
    first, member = kept.credentials.organisations[0], kept.credentials.organisations[0].members[-1]
    project = organisations[0].projects[0]
    receipts = [receipt for shown in organisations for receipt in shown.receipts]
    login = (
        f"TOKEN=$(curl -s {url}/v1/sessions -H 'Content-Type: application/json' -d "
        f"""'{{"organisation":"{first.slug}","username":"{member.username}","password":"{member.password}"}}'"""
        ' | sed \'s/.*"token":"\\([^"]*\\)".*/\\1/\')'
    )
    read = f'curl -s {url}/v1/contract-deposits/{project.deposit_id} -H "Authorization: Bearer $TOKEN"'
    return Panel(
        Group(
            Line(f"接口 API      {url}"),
            Line(f"接口文档 docs {url}/openapi.json"),
            Line(f"账号 accounts {kept.path} (0600)\n"),
            people,
            Line("\n登录并查看保证金 · sign in and read a deposit:", style="dim"),
            Line(login, overflow="fold"),
            Line(read, overflow="fold"),
            Line("\n凭回执匿名查看 · read an anonymous report by its receipt alone:", style="dim"),
            *(Line(f'curl -s {url}/v1/receipt -H "Kaohe-Receipt: {receipt}"', overflow="fold") for receipt in receipts),
            Line("\n复盘 · see how a month came about:", style="dim"),
            Line(_replay(first.slug, project), overflow="fold"),
        ),
        title="接下来 · where to go on",
        title_align="left",
    )


def _replay(slug: str, project: ProjectReport) -> str:
    changed = next((month for month in project.months if month.previous), project.months[0])
    return f"kaohe replay assessment:{changed.assessment_id} --as-of 2025-11-01T00:00+08:00 --tenant {slug}"
