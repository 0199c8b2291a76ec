"""From the company's file to steps: the register and posts, each day's inspections and reviews, fees, purchases."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from domain.calendar import Calendar
from domain.fee_account.units import account_id
from domain.fee_period.handlers import period_id
from domain.kernel import derived_id
from domain.periods import first_day, month_of, next_month
from domain.quality_report import report_id
from domain.reactions.fee_books import book_id
from domain.reactions.goods import stock_of
from domain.rules.r12_duties import INSPECT
from services.demo.company import CompanyAct, CompanyStory, PostEntry
from services.demo.company_quality import quality_sends
from services.demo.steps import Born, Send

APART = timedelta(seconds=20)
Target = tuple[str, UUID | Born]
"""A noun, and the stream or where its id comes up."""
PLANNING, GOING_OUT, REVIEWING = time(8, 30), time(9, 0), time(9, 20)
CHARGING = time(17, 0)
LOG = {"points": "按计划路线检查", "analysis": "总体平稳", "measures": "问题已登记并交办", "lessons": "提前安排人手"}
WEEKLY_DAY = 4
"""Friday, on which the head reviews the supervisor's log."""
FEE = "property_fee"


def company_project(tenant: UUID, story: CompanyStory) -> UUID:
    """The id of the company's project."""
    return derived_id(tenant, "demo", story.project)


def good_id(tenant: UUID, name: str) -> UUID:
    """The id of a good that the file knows by a name."""
    return derived_id(tenant, "demo", "purchased_good", name)


def company_steps(story: CompanyStory, tenant: UUID, calendar: Calendar) -> list[Send]:
    """Everything that people of the company do, in the order of time."""
    planner = _Planner(story, tenant, calendar)
    quality = quality_sends(story, tenant, planner.project, calendar)
    found = [*planner.set_up(), *planner.quarter(), *planner.fees(), *quality, *planner.acts()]
    return sorted(found, key=lambda step: step.at)


class _Planner:
    """The steps of one company, with the ids that they are sent to."""

    def __init__(self, story: CompanyStory, tenant: UUID, calendar: Calendar) -> None:
        self.story, self.tenant, self.calendar = story, tenant, calendar
        self.project = company_project(tenant, story)
        self.site = derived_id(self.project, "inspection_site")
        self.planned = 0

    def set_up(self) -> Iterator[Send]:
        """The site with its register and posts, and the accounts of the units."""
        story = self.story
        posts = [{"code": post.code, "level": post.level, "person": f"@{post.person}"} for post in story.posts]
        register = {"areas": story.areas, "units": story.units, "items": story.items}
        named: tuple[tuple[str, dict[str, Any]], ...] = (
            ("register_site", {"project_id": self.project, "name": story.project}),
            ("revise_register", register),
            ("appoint_posts", {"posts": posts, "begins_on": story.begins_on}),
        )
        at = self._at(story.set_up_at)
        for place, (command, fields) in enumerate(named):
            yield self._send(at + place * APART, story.head, ("inspection_site", self.site), command, fields)
        for place, account in enumerate(story.accounts):
            fields = {
                "project_id": self.project,
                "unit": account.unit,
                "owner": account.owner,
                "area_m2": account.area_m2,
            }
            opened = at + timedelta(hours=1) + place * APART
            stream = ("fee_account", self._account(account.unit))
            item = {"item": FEE, "basis": "area", "from_month": month_of(story.begins_on)}
            yield self._send(opened, story.collector, stream, "open_fee_account", fields)
            yield self._send(opened + APART / 2, story.collector, stream, "set_standing_item", item)

    def quarter(self) -> Iterator[Send]:
        """Each working day: plans early, then the inspections, self-checks and reviews."""
        day, number = self.story.begins_on, 0
        while day <= self.story.ends_on:
            if self.calendar.is_working_day(day):
                yield from self._day(day, number)
                number += 1
            day += timedelta(days=1)

    def fees(self) -> Iterator[Send]:
        """Each month is a period that finance closes on its last day; payments come when they come.

        What the closing charges, and the reminders, follow by themselves.
        """
        month = month_of(self.story.begins_on)
        while month <= month_of(self.story.ends_on):
            period = ("fee_period", period_id(self.project, month))
            opened = self.calendar.at(first_day(month), CHARGING)
            closed = self.calendar.at(first_day(next_month(month)) - timedelta(days=1), CHARGING)
            fields = {"project_id": self.project, "name": self.story.project, "first_month": month}
            yield self._send(opened, self.story.finance, period, "open_fee_period", fields)
            yield self._send(closed, self.story.finance, period, "close_fee_period", {})
            month = next_month(month)
        for payment in self.story.payments:
            paid: dict[str, Any] = {"amount_fen": payment.amount_fen, "reference": f"收据 {payment.at:%m%d%H%M}"}
            at = self._at(payment.at)
            yield self._send(
                at, self.story.collector, ("fee_account", self._account(payment.unit)), "receive_fee", paid
            )

    def acts(self) -> Iterator[Send]:
        """What people do about issues and purchases."""
        for act in self.story.acts:
            yield self._act(act)

    def _day(self, day: date, number: int) -> Iterator[Send]:
        done = [(post, place) for post in self.story.posts for place in range(_rounds(post, day, number))]
        at = self.calendar.at(day, PLANNING)
        born: dict[str, list[Born]] = {}
        for place, (post, _) in enumerate(done):
            yield self._send(
                at + place * APART,
                post.person,
                ("inspection_site", self.site),
                "plan_inspection",
                self._plan(post, day),
            )
            self.planned += 1
            found = Born(
                stream=self.site,
                tag="inspection_site.inspection_planned",
                place=self.planned,
                path=("frame", "inspection_id"),
            )
            born.setdefault(post.code, []).append(found)
        moment = self.calendar.at(day, GOING_OUT)
        for post, place in done:
            for command, fields in self._inspection(post, day, place):
                yield self._send(moment, post.person, ("inspection", born[post.code][place]), command, fields)
                moment += APART / 4
        for post in self.story.posts:
            if post.level == "operator":
                duty = derived_id(self.site, "duty", post.code, INSPECT, 1)
                yield self._send(moment, post.person, ("duty", duty), "meet_duty", {})
        reviewed = self.calendar.at(day, REVIEWING)
        for by, of in self._reviews(day):
            if of in born:
                yield self._send(reviewed, by, ("inspection", born[of][-1]), "review_record", {"comment": "已阅"})

    def _plan(self, post: PostEntry, day: date) -> dict[str, Any]:
        story = self.story
        return {
            "post": post.code,
            "planned_for": day,
            "areas": [area["code"] for area in story.areas],
            "units": [unit["code"] for unit in story.units],
            "items": [item["code"] for item in story.items],
            "content": "日常层级检查",
            "method": "现场检查、查看记录",
        }

    def _inspection(self, post: PostEntry, day: date, place: int) -> Iterator[tuple[str, dict[str, Any]]]:
        yield "begin_inspection", {}
        for finding in self.story.findings:
            if (finding.on, finding.post, place) == (day, post.code, 0):
                fields = {"item": finding.item, "area": finding.area, "result": finding.result, "note": finding.note}
                yield "record_point", fields | ({"handling": finding.handling} if finding.handling else {})
        covered = {key: self._plan(post, day)[key] for key in ("areas", "units", "items")}
        yield "complete_inspection", {**covered, "log": LOG}

    def _reviews(self, day: date) -> Iterator[tuple[str, str]]:
        """Who reviews or countersigns whose record on a day, for those who are not away."""
        people = {post.code: post for post in self.story.posts}
        if day not in people["supervisor"].missed:
            yield people["supervisor"].person, "lead"
        if day.weekday() == WEEKLY_DAY and day not in people["head"].missed:
            yield people["head"].person, "supervisor"
        if day in people["manager"].on:
            yield people["manager"].person, "head"

    def _act(self, act: CompanyAct) -> Send:
        fields = act.fields if act.do != "open_fund" else {"project_id": self.project, **act.fields}
        return self._send(self._at(act.at), act.by, self._target(act.on), act.do, fields)

    def _target(self, on: str) -> Target:
        """The stream of what the file calls so."""
        noun, _, name = on.partition(":")
        if noun == "report":
            return "quality_report", report_id(self.tenant, "monthly", name)
        if noun == "issue":
            item, _, area = name.partition("/")
            return "nonconformity", derived_id(self.site, "issue", item, area, "")
        if noun == "delivery":
            born = Born(
                stream=good_id(self.tenant, "lamp"),
                tag="purchased_good.delivery_registered",
                place=int(name),
                path=("delivery", "receipt_id"),
            )
            return "goods_receipt", born
        known: dict[str, Target] = {
            "good": ("purchased_good", good_id(self.tenant, name)),
            "stock": ("goods_stock", stock_of(good_id(self.tenant, name))),
            "goals": ("quality_goal", derived_id(self.tenant, "quality_goal", name)),
            "book": ("fee_book", book_id(self.project)),
            "fund": ("repair_fund", derived_id(self.project, "repair_fund")),
        }
        if noun not in known:
            raise LookupError(f"{on} is nothing that the company knows")
        return known[noun]

    def _account(self, unit: str) -> UUID:
        return account_id(self.project, "", unit)

    def _at(self, moment: datetime) -> datetime:
        return self.calendar.at(moment.date(), moment.time())

    def _send(self, at: datetime, by: str, to: Target, command: str, fields: dict[str, Any]) -> Send:
        noun, where = to
        stream, born = (where.stream, where) if isinstance(where, Born) else (where, None)
        return Send(at=at, by=by, noun=noun, stream=stream, command=command, fields=fields, at_once=True, born=born)


def _rounds(post: PostEntry, day: date, number: int) -> int:
    """How often a post inspects on a working day; the second round is what is missed first."""
    if day in post.on:
        return post.times
    if not post.every or number % post.every:
        return 0
    return post.times - 1 if day in post.missed else post.times
