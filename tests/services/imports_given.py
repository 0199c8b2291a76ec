"""Files as people would send them, and a month to import them into."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
from openpyxl import Workbook, load_workbook

from domain.assessment import ASSESSMENT
from domain.assessment.commands import OpenAssessment
from domain.kernel import derived_id
from services.runtime.commands import CommandRequest
from services.runtime.config import TenantConfig
from services.runtime.principal import SYSTEM, Principal
from tests.services.conftest import Api, Caller
from tests.services.crowd import adopt

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FINDINGS = ("记录编号", "细目编码", "数量", "检查日期", "部门", "说明", "证据", "轻微")
BALLOTS = ("选票编号", "群体", "评分", "意见", "填写日期")


def csv_of(*rows: Sequence[object], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_of(*rows: Sequence[Any]) -> bytes:
    """A workbook with one sheet."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_rows(template: bytes, *rows: Sequence[Any]) -> bytes:
    """A workbook's first sheet with rows added below."""
    book = load_workbook(io.BytesIO(template))
    for row in rows:
        book.worksheets[0].append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def finding(reference: str = "", **changes: object) -> tuple[object, ...]:
    """A row under `FINDINGS`."""
    fields = {
        "item": "hygiene.corridors",
        "count": 2,
        "day": "2026-03-09",
        "department": "后勤",
        "note": "楼道有垃圾",
        "evidence": "",
        "minor": "",
    }
    return (reference, *{**fields, **changes}.values())


def ballot(reference: str, group: str = "学生", score: object = 90, comment: str = "", day: str = "2026-03-09") -> Any:
    """A row under `BALLOTS`."""
    return (reference, group, score, comment, day)


class OpenMonth(msgspec.Struct):
    """March 2026 of a project, on its 20th, with an assessor who imports."""

    api: Api
    admin: Caller
    assessor: Caller
    assessment: UUID

    @property
    def path(self) -> str:
        """The assessment's address."""
        return f"/v1/assessments/{self.assessment}"

    async def send(
        self, kind: str, content: bytes, media_type: str = "text/csv", query: str = "", **headers: str
    ) -> httpx.Response:
        """Import a file as the assessor."""
        sent = {"Content-Type": media_type, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await self.assessor.post(f"{self.path}/import-{kind}{query}", content=content, headers=sent)

    async def state(self) -> dict[str, Any]:
        """The assessment as it stands."""
        answer = await self.assessor.get(self.path)
        assert answer.status_code == 200, answer.text
        view: dict[str, Any] = answer.json()
        return view


async def open_month(api: Api) -> OpenMonth:
    """A tenant with the shipped rules and an open month."""
    api.clock.now = datetime(2026, 3, 20, 2, tzinfo=UTC)
    admin = await api.tenant()
    await adopt(admin)
    assessor = await api.member(admin, "assessor")
    project = uuid4()
    assessment = derived_id(project, "assessment", "2026-03")
    await api.desk.runtime.bus.execute(
        CommandRequest(
            tenant=admin.tenant,
            decider=ASSESSMENT,
            stream=assessment,
            command=OpenAssessment(project_id=project, project_name="东校区", contractor="Acme", month="2026-03"),
            authorise=as_system,
        )
    )
    return OpenMonth(api, admin, assessor, assessment)


async def as_system(_: TenantConfig) -> Principal:
    """The service itself acts."""
    return SYSTEM
