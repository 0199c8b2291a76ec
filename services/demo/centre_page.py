"""A vehicle centre's part of the printed page: what became of the month's requests, who pays what, what cars did."""

from collections.abc import Iterator

from rich.table import Table

from services.demo.centre_report import CentreReport
from services.demo.tables import table, yuan


def centre_tables(found: CentreReport) -> Iterator[Table]:
    """The tables of one centre."""
    yield _bookings(found)
    yield _settlements(found)
    yield _cars(found)


def _bookings(found: CentreReport) -> Table:
    headings = ("用车申请\nrequests", "次数\ntimes", "单位\nunits", "条款\nclause")
    shown = table(f"车辆服务中心 · vehicle centre · {found.month}", headings, right=headings[1:3])
    for status, times in sorted(found.bookings.items(), key=lambda one: -one[1]):
        label = found.status_labels[status]
        shown.add_row(f"{label.zh} {label.en}", str(times), "", "")
    for refusal in found.refusals:
        shown.add_row(
            f"  不派车 refused：{refusal.label.zh} {refusal.label.en}",
            str(refusal.times),
            str(refusal.units),
            refusal.clause.id,
            style="dim",
        )
    return shown


def _settlements(found: CentreReport) -> Table:
    amounts = ("明细\nlines", "应付\ndue", "不结算\nleft out", "折合\nworth")
    shown = table(
        "单位月度结算 · units' months", ("月份\nmonth", "单位\nunit", "状态\nstatus", *amounts), right=amounts
    )
    for each in sorted(found.settlements, key=lambda one: (one.month, one.unit)):
        shown.add_row(
            each.month,
            each.unit,
            f"{each.status_label.zh} {each.status_label.en}",
            str(each.lines),
            yuan(each.amount_fen),
            str(each.left_out),
            yuan(each.left_out_worth_fen),
        )
    return shown


def _cars(found: CentreReport) -> Table:
    amounts = ("出车\ntrips", "里程\nkm", "小时\nhours", "收费\ndue", "折合\nworth")
    shown = table("车辆使用 · utilisation", ("车牌\nplate", "车型\nclass", *amounts), right=amounts)
    for car in found.cars:
        hours = f"{car.minutes_out / 60:.1f}"
        shown.add_row(
            car.plate, car.vehicle_class, str(car.trips), str(car.km), hours, yuan(car.due_fen), yuan(car.worth_fen)
        )
    return shown
