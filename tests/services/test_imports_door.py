"""Who may import, in which form, and what is answered to everything else."""

import pytest

from services.imports import import_file
from services.runtime.principal import Forbidden
from services.runtime.tokens import parse
from tests.services.conftest import Api
from tests.services.crowd import problem_of
from tests.services.imports_given import (
    BALLOTS,
    FINDINGS,
    XLSX,
    OpenMonth,
    ballot,
    csv_of,
    finding,
    open_month,
    xlsx_of,
)


@pytest.fixture
async def month(anyio_backend: object, api: Api) -> OpenMonth:
    """An open month."""
    return await open_month(api)


async def test_a_form_with_one_file(month: OpenMonth) -> None:
    """A browser's form with the file is taken, by the file's name; without a file or with two it is not."""
    content = csv_of(FINDINGS, finding("J-1"))
    path = f"{month.path}/import-findings"
    headers = {"Authorization": f"Bearer {month.assessor.token}"}
    http = month.api.http
    file = ("三月.csv", content, "application/vnd.ms-excel")

    taken = await http.post(path, files={"file": file}, headers=headers)
    two = await http.post(path, files={"a": file, "b": file}, headers=headers)
    none = await http.post(path, files={"a": (None, "text")}, headers=headers)
    picture = await http.post(path, files={"a": ("a.png", b"png", "image/png")}, headers=headers)

    assert taken.json()["added"] == 1, taken.text
    problem_of(two, 400, "one_file")
    problem_of(none, 400, "one_file")
    problem_of(picture, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("media_type", "content", "status"),
    [
        ("application/json", b"{}", 415),
        ("", b"", 415),
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=x", b"nonsense", 400),
        ("text/csv", b"x" * 10_485_761, 413),
        ("text/csv", b"x" * 20_000_000, 413),
    ],
)
async def test_bodies_that_are_no_import(month: OpenMonth, media_type, content, status) -> None:
    """What is no file of ours, or too large, is a problem of the client, never of ours."""
    assert problem_of(await month.send("findings", content, media_type), status)


async def test_a_bad_parameter(month: OpenMonth) -> None:
    """A dry run is asked for by true or false."""
    answer = await month.send("findings", csv_of(FINDINGS, finding()), query="?dry_run=maybe")

    assert problem_of(answer, 400, "bad_parameter")


async def test_anothers_assessment_looks_like_none(month: OpenMonth) -> None:
    """An assessment of another tenant and one that does not exist are answered alike, files and templates."""
    stranger = await month.api.tenant()
    assessor = await month.api.member(stranger, "assessor")
    content = csv_of(FINDINGS, finding("J-1"))
    answers = []
    for assessment in (month.assessment, month.api.operator.id):
        at = f"/v1/assessments/{assessment}"
        sent = await assessor.post(f"{at}/import-findings", content=content, headers={"Content-Type": "text/csv"})
        template = await assessor.get(f"{at}/import-templates/findings.csv")
        answers.append([problem_of(answer, 404, "not_found")["detail"] for answer in (sent, template)])

    assert answers[0] == answers[1]
    assert (await month.state())["version"] == 1


async def test_who_may_import(month: OpenMonth) -> None:
    """A department records findings but enters no ballots; an auditor does neither; a stranger is asked who he is."""
    department = await month.api.member(month.admin, "department")
    auditor = await month.api.member(month.admin, "auditor")
    csv_type = {"Content-Type": "text/csv"}
    findings, ballots = csv_of(FINDINGS, finding("J-1")), csv_of(BALLOTS, ballot("A-1"))

    taken = await department.post(f"{month.path}/import-findings", content=findings, headers=csv_type)
    no_ballots = await department.post(f"{month.path}/import-ballots", content=ballots, headers=csv_type)
    neither = await auditor.post(f"{month.path}/import-findings?dry_run=true", content=findings, headers=csv_type)
    nobody = await month.api.http.post(f"{month.path}/import-findings", content=findings, headers=csv_type)

    assert taken.json()["added"] == 1
    assert problem_of(no_ballots, 403, "forbidden")["details"] == {"permission": "assessment.cast_ballot"}
    problem_of(neither, 403, "forbidden")
    problem_of(nobody, 401, "unauthenticated")


async def test_the_command_lines_door(month: OpenMonth) -> None:
    """The same import without HTTP: by the file's name, as an authorised member, with the report as an object."""
    runtime = month.api.desk.runtime
    token = parse(month.assessor.token)
    assert token is not None
    authorise = runtime.authority.authorise(token)
    content = xlsx_of(FINDINGS, finding("J-1"))

    report = await import_file(
        runtime, month.admin.tenant, authorise, month.assessment, "findings", content, "三月.XLSX", False
    )

    assert (report.added, report.error_count) == (1, 0)
    assert report.position > 0
    auditor = parse((await month.api.member(month.admin, "auditor")).token)
    assert auditor is not None
    with pytest.raises(Forbidden):
        await import_file(
            runtime,
            month.admin.tenant,
            runtime.authority.authorise(auditor),
            month.assessment,
            "findings",
            content,
            "三月.xlsx",
            True,
        )


@pytest.mark.parametrize("kind", ["findings", "ballots"])
@pytest.mark.parametrize(("suffix", "media_type"), [("csv", "text/csv"), ("xlsx", XLSX)])
async def test_a_template_can_be_sent_back(month: OpenMonth, kind, suffix, media_type) -> None:
    """What is downloaded reads as a file without rows: its headings are known, its example is passed over."""
    template = await month.assessor.get(f"{month.path}/import-templates/{kind}.{suffix}")

    assert template.status_code == 200
    assert template.headers["content-disposition"] == f'attachment; filename="{kind}.{suffix}"'
    assert template.headers["content-type"].startswith(media_type)
    report = (await month.send(kind, template.content, media_type, "?dry_run=true")).json()
    assert report["ignored"] == 1
    assert [error["code"] for error in report["errors"]] == ["no_rows"]
