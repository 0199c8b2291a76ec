"""A property company's part of the printed page: duties kept, issues and who answered, fees, deliveries and stock."""

from collections.abc import Iterator

from rich.table import Table

from services.demo.company_report import CompanyReport
from services.demo.tables import table, yuan

ROLES = {
    "company_manager": "公司经理 manager",
    "project_head": "项目负责人 project head",
    "supervisor": "专业主管 supervisor",
    "area_lead": "区域负责人 area lead",
    "operator": "操作员工 operator",
}


def company_tables(found: CompanyReport) -> Iterator[Table]:
    """The tables of one company."""
    yield _duties(found)
    yield _issues(found)
    yield _accounts(found)
    yield _deliveries(found)
    yield _reports(found)


def _duties(found: CompanyReport) -> Table:
    amounts = ("已履行\nmet", "未履行\nmissed", "履职率 %\nrate")
    shown = table(
        f"{found.project} · 层级检查履职 · duties kept", ("月份\nmonth", "层级\nlevel", *amounts), right=amounts
    )
    for row in found.compliance:
        rate = "" if row.rate is None else str(row.rate)
        shown.add_row(row.month, ROLES.get(row.role, row.role), str(row.met), str(row.missed), rate)
    return shown


def _issues(found: CompanyReport) -> Table:
    amounts = ("查出次数\nfound", "责任\nliable", "天数\ndays")
    headings = ("不合格\nissue", "位置\nplace", "条款\nclause", "状态\nstatus")
    shown = table("不合格项 · nonconformities", (*headings, *amounts), right=amounts)
    for issue in found.issues:
        label = f"{issue.status_label.zh} {issue.status_label.en}"
        counted = (str(issue.times_found), str(issue.liabilities or ""), str(issue.age_days))
        shown.add_row(issue.subject, issue.area or "", issue.clause.id, label, *counted)
    return shown


def _accounts(found: CompanyReport) -> Table:
    amounts = ("计费\ncharged", "已缴\npaid", "欠缴（负为预缴）\nowed")
    shown = table("收费账户 · fees", ("单元\nunit", "业主\nowner", *amounts), right=amounts)
    for each in found.accounts:
        shown.add_row(each.unit, each.owner, yuan(each.charged_fen), yuan(each.paid_fen), yuan(each.balance_fen))
    return shown


def _deliveries(found: CompanyReport) -> Table:
    headings = ("物品\ngood", "批号\nlot", "供货单位\nsupplier", "状态\nstatus", "原因\nreasons")
    shown = table("到货与库存 · deliveries and stock", headings)
    for each in found.deliveries:
        label = f"{each.status_label.zh} {each.status_label.en}"
        shown.add_row(f"{each.good} {each.quantity}{each.unit}", each.lot, each.supplier, label, " ".join(each.reasons))
    for stock in found.stocks:
        shown.caption = f"库存 in stock：{stock.good} {stock.on_hand}{stock.unit}（R15.5.2）"
    return shown


def _reports(found: CompanyReport) -> Table:
    shown = table("服务质量报告 · quality reports", ("月份\nmonth", "状态\nstatus", "批准\napproved", "措施\nmeasures"))
    for each in found.reports:
        label = f"{each.status_label.zh} {each.status_label.en}"
        shown.add_row(each.period, label, str(each.approved_on or ""), str(each.measures))
    return shown
