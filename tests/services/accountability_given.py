"""A college over HTTP, for tests of accountability cases: its people, and a case brought to where a test begins."""

from typing import Any

import httpx

from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of

ROLES = {
    "reporter": ("staff",),
    "clerk": ("staff",),
    "head": ("department",),
    "office": ("accountability_office",),
    "group": ("leading_group",),
    "deputy": ("leading_group",),
    "lead": ("investigator",),
    "second": ("investigator",),
    "secretary": ("committee_secretary",),
    "personnel": ("personnel",),
    "auditor": ("auditor",),
    "outsider": ("handler",),
}
CASES = "/v1/accountability-cases"
MATTER = {"matter": "采购未招标", "account": "三次采购均未招标"}


class College(dict[str, Caller]):
    """The people of a college by what they are, and the API they use."""

    api: Api

    def id(self, who: str) -> str:
        """Somebody's id, as commands name it."""
        return str(self[who].member)

    async def do(self, who: str, case: str, command: str, **body: Any) -> httpx.Response:
        """Send one of them with a command to a case."""
        return await self[who].post(f"{CASES}/{case}/{command}", body)

    async def done(self, who: str, case: str, command: str, **body: Any) -> dict[str, Any]:
        """The same, which must succeed."""
        return done(await self.do(who, case, command, **body))

    async def refused(self, who: str, case: str, command: str, status: int, code: str, **body: Any) -> dict[str, Any]:
        """The same, which must be refused so."""
        return problem_of(await self.do(who, case, command, **body), status, code)

    async def reported(self, **changes: Any) -> str:
        """A matter that the reporter reported of the clerk."""
        body = {**MATTER, "respondents": [self.clerk()], **changes}
        found: str = done(await self["reporter"].post(f"{CASES}/report-matter", body))["id"]
        return found

    def clerk(self) -> dict[str, Any]:
        """The clerk as a respondent."""
        return {"kind": "person", "name": "李某", "person": self.id("clerk"), "responsibility": "direct"}

    def unit(self) -> dict[str, Any]:
        """The unit as a respondent, answering through its head."""
        head = self.id("head")
        return {"kind": "unit", "name": "后勤处", "unit": "logistics", "head": head, "responsibility": "unit"}

    async def proposed(self, **changes: Any) -> str:
        """A case before the leading group."""
        case = await self.reported(**changes)
        await self.done(
            "office", case, "record-verification", founded=True, findings="属实", grounds=["works_and_purchasing"]
        )
        await self.done("office", case, "propose-accountability", proposal="建议问责")
        return case

    async def investigating(self, **changes: Any) -> str:
        """A case under investigation."""
        case = await self.proposed(**changes)
        await self.done("group", case, "decide-initiation", initiate=True, reason="应予追究")
        team = [self.id("lead"), self.id("second")]
        await self.done("group", case, "form-team", members=team, leader=team[0])
        return case

    async def heard(self, **changes: Any) -> str:
        """A case before the committee."""
        case = await self.investigating(**changes)
        await self.done("lead", case, "submit-investigation-report", report="查明属实")
        await self.done("group", case, "give-opinion", accountable=True, opinion="追究", hearing_report="事实清楚")
        return case

    async def served(self, severity: str = "minor", forms: tuple[str, ...] = ("talk",), **changes: Any) -> str:
        """A case whose decision was served upon the clerk."""
        case = await self.heard(**changes)
        key = await self.respondent(case)
        await self.done("secretary", case, "resolve", **self.resolution(verdict(key, severity, *forms)))
        await self.done("office", case, "serve-decision", **self.service(key))
        return case

    def resolution(self, *verdicts: dict[str, Any]) -> dict[str, Any]:
        """What the committee resolves."""
        return {"body": "party_committee", "attendees": [self.id("deputy")], "verdicts": list(verdicts)}

    def service(self, respondent: str, **changes: Any) -> dict[str, Any]:
        """The service of a decision today."""
        return {
            "respondent_id": respondent,
            "received_on": self.today,
            "received_by": "本人",
            "method": "in_person",
            "proof": "回证-1",
            "rights_stated": True,
            **changes,
        }

    @property
    def today(self) -> str:
        """The date in Shanghai, in the hours that these tests live in."""
        return self.api.clock.now.date().isoformat()

    async def state(self, case: str, **query: str) -> dict[str, Any]:
        """The case as the auditor reads it."""
        found: dict[str, Any] = done(await self["auditor"].get(f"{CASES}/{case}", params=query))["state"]
        return found

    async def respondent(self, case: str, name: str = "李某") -> str:
        """The id of a respondent in a case."""
        parties = (await self.state(case))["parties"]
        return next(key for key, party in parties.items() if party["respondent"]["name"] == name)

    async def history(self, case: str) -> list[dict[str, Any]]:
        """What happened, event by event."""
        answer = await self["auditor"].get(f"{CASES}/{case}/history", params={"limit": "200"})
        return [one["event"] for one in done(answer)["items"]]

    async def settle(self) -> None:
        """Let happen what is to happen by now."""
        await settle(self.api.desk.runtime, self["office"].tenant)


def verdict(respondent: str, severity: str, *forms: str, **changes: Any) -> dict[str, Any]:
    """A verdict that holds somebody to account."""
    return {
        "respondent_id": respondent,
        "outcome": "accountable",
        "reason": "失职",
        "severity": severity,
        "forms": list(forms),
        **changes,
    }


def done(answer: httpx.Response) -> dict[str, Any]:
    """The body of a success."""
    assert answer.status_code in (200, 201), answer.text
    body: dict[str, Any] = answer.json()
    return body


async def college_of(api: Api) -> College:
    """A college that works under the shipped rules."""
    admin = await api.tenant()
    college = College({who: await api.member(admin, *roles) for who, roles in ROLES.items()})
    college.api = api
    college["admin"] = admin
    done(await admin.post("/v1/rule-books", {"regulation": "R4", "effective_from": "2026-03-01"}))
    return college
