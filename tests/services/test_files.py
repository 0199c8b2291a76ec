"""Evidence files over HTTP: stored once, named in commands, downloaded by who may read the case, each look logged."""

import hashlib
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from PIL import Image

from domain.rules.r11 import default_values
from services.files.storing import purge_uploads
from services.settings import Settings
from services.worker.settling import settle
from tests.buckets import bucket
from tests.conftest import TestDatabase
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of

NONE = "0" * 64
COMPLAINT = {"complainant": "customer", "kind": "contract", "subject": "合同", "description": "未办"}


@pytest.fixture
def settings(module_database: TestDatabase, valkey_url: str, tmp_path: Path) -> Settings:
    """Settings with a folder for files."""
    return Settings(
        database_url=module_database.url,
        redis_url=valkey_url,
        tenant_rate=100_000,
        tenant_burst=100_000,
        files_url=(tmp_path / "files").as_uri(),
        max_file_bytes=200_000,
        file_types="image/png, text/plain",
    )


def picture(colour: str = "red") -> bytes:
    """A small image."""
    target = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(target, "PNG")
    return target.getvalue()


def digest_of(content: bytes) -> str:
    """The SHA-256."""
    return hashlib.sha256(content).hexdigest()


async def send(caller: Caller, content: bytes, **headers: str) -> httpx.Response:
    """Send a file."""
    return await caller.post("/v1/files", content=content, headers=headers)


async def office(api: Api) -> tuple[Caller, Caller]:
    """A tenant's administrator, and its service desk; the rules of customer service are adopted."""
    admin = await api.tenant()
    adopted = await admin.post("/v1/rule-books", {"regulation": "R11", "effective_from": "2026-01-01"})
    assert adopted.status_code == 201, adopted.text
    return admin, await api.member(admin, "service_desk")


async def lodged(desk: Caller, *digests: str) -> str:
    """A complaint that rests on files; its id."""
    answer = await desk.post("/v1/complaints", {**COMPLAINT, "evidence": list(digests)})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


async def limited(api: Api, admin: Caller, *scopes: str) -> Caller:
    """A key that may read the organisation, and what else is asked for."""
    member = await api.member(admin, "service_desk")
    until = api.clock() + timedelta(days=1)
    wanted = {"name": "narrow", "scopes": ["organisation.read", *scopes], "expires_at": until.isoformat()}
    made = await member.post("/v1/me/api-keys", wanted)
    assert made.status_code == 201, made.text
    return Caller(member.http, member.tenant, member.slug, made.json()["key"], member.member)


def stored(tmp_path: Path) -> list[str]:
    """The names of the contents in the store."""
    return sorted(path.name for path in (tmp_path / "files").rglob("*") if path.is_file())


async def test_a_file_is_stored_under_its_hash_and_the_hash_is_in_the_ledger(api: Api, tmp_path: Path) -> None:
    """The answer says what it is by its content, whatever the header says; the event holds the digest."""
    _, desk = await office(api)
    content = picture()

    answer = await send(desk, content, **{"Content-Type": "text/html"})

    assert answer.status_code == 201
    assert answer.json() == {"digest": digest_of(content), "size": len(content), "media_type": "image/png"}
    assert stored(tmp_path) == [digest_of(content)]
    async with api.desk.runtime.database.tenant_transaction(desk.tenant) as connection:
        [event] = await connection.fetch(
            "select state from events where tenant_id = $1 and topic = 'evidence_file.stored'", desk.tenant
        )
    assert digest_of(content).encode() in event["state"]


async def test_the_same_content_twice_is_one_file(api: Api, tmp_path: Path) -> None:
    """By the same member nothing more is recorded, by another it is noted once; there is one content."""
    admin, desk = await office(api)
    other = await api.member(admin, "handler")
    answers = [await send(caller, picture()) for caller in (desk, desk, other, other)]

    assert len({answer.content for answer in answers}) == 1
    assert stored(tmp_path) == [digest_of(picture())]
    async with api.desk.runtime.database.tenant_transaction(desk.tenant) as connection:
        topics = await connection.fetch(
            "select topic from events where tenant_id = $1 and topic like 'evidence_file.%' order by position",
            desk.tenant,
        )
    assert [row["topic"] for row in topics] == ["evidence_file.stored", "evidence_file.stored_again"]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "file_empty"),
        (b"MZ\x90\x00\x03", 415, "file_type_refused"),
        (b"%PDF-1.7", 415, "file_type_refused"),
        (b"a" * 200_001, 413, "file_too_large"),
    ],
)
async def test_what_is_too_large_or_of_another_kind_is_refused(
    api: Api, tmp_path: Path, content: bytes, status: int, code: str
) -> None:
    """Nothing of it is kept."""
    _, desk = await office(api)

    problem_of(await send(desk, content), status, code)
    assert stored(tmp_path) == []


async def test_a_file_without_a_length_is_cut_off_at_the_limit(api: Api, tmp_path: Path) -> None:
    """A body in chunks says no length; it is counted as it comes."""
    _, desk = await office(api)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"a" * 10_000

    problem_of(await desk.post("/v1/files", content=endless()), 413, "file_too_large")
    assert stored(tmp_path) == []


async def test_whoever_may_attach_nothing_may_store_nothing(api: Api) -> None:
    """A key without a command that takes files is refused, as is nobody at all."""
    admin, _ = await office(api)

    assert problem_of(await send(await limited(api, admin), picture()), 403, "forbidden")
    assert problem_of(await api.http.post("/v1/files", content=picture()), 401, "unauthenticated")


async def test_a_command_that_names_an_unknown_file_is_refused_with_its_place(api: Api) -> None:
    """Also when the file is another tenant's."""
    _, desk = await office(api)
    _, stranger = await office(api)
    await send(desk, picture())
    await send(stranger, picture("blue"))

    for unknown in (NONE, digest_of(picture("blue"))):
        answer = await desk.post("/v1/complaints", {**COMPLAINT, "evidence": [digest_of(picture()), unknown]})
        problem = problem_of(answer, 422, "evidence_unknown")
        assert problem["field"] == "/evidence/1"
        assert problem["details"] == {"index": 1, "digest": unknown}


async def test_a_digest_alone_opens_nothing(api: Api) -> None:
    """Whoever neither sent a file nor reads what it is attached to can't name it, and so learns nothing of it."""
    admin, desk = await office(api)
    other = await limited(api, admin, "complaint.lodge_complaint")
    await send(desk, picture())
    named = {**COMPLAINT, "evidence": [digest_of(picture())]}
    unknown = {**COMPLAINT, "evidence": [NONE]}

    before = [
        problem_of(await other.post("/v1/complaints", body), 422, "evidence_unknown") for body in (named, unknown)
    ]
    await lodged(desk, digest_of(picture()))
    await settle(api.desk.runtime, desk.tenant)
    problem_of(await other.post("/v1/complaints", named), 422, "evidence_unknown")
    await send(other, picture())

    assert before[0]["detail"] == before[1]["detail"]
    assert (await other.post("/v1/complaints", named)).status_code == 201
    problem_of(await other.get(f"/v1/files/{digest_of(picture())}"), 404, "not_found")


async def test_who_may_read_the_case_may_download_its_files(api: Api) -> None:
    """Until it is attached its sender alone has it; then whoever reads the case; never anybody of another tenant."""
    admin, desk = await office(api)
    reader, other = await api.member(admin, "auditor"), await limited(api, admin)
    _, stranger = await office(api)
    content = picture()
    at = f"/v1/files/{digest_of(content)}"
    await send(desk, content)

    before = [(await caller.get(at)).status_code for caller in (desk, reader, other, stranger)]
    await lodged(desk, digest_of(content))
    await settle(api.desk.runtime, desk.tenant)
    after = [(await caller.get(at)).status_code for caller in (desk, reader, other, stranger)]

    assert before == [200, 404, 404, 404]
    assert after == [200, 200, 404, 404]


@pytest.mark.clause("R4.21")
async def test_the_files_of_a_case_are_kept_from_whom_the_case_is_kept_from(api: Api) -> None:
    """Whoever reported has an interest: once it is attached, an officer can't have back even what he sent himself."""
    admin, _ = await office(api)
    await admin.post("/v1/rule-books", {"regulation": "R4", "effective_from": "2026-01-01"})
    reporter, officer = [await api.member(admin, "accountability_office") for _ in range(2)]
    await send(reporter, picture())
    at = f"/v1/files/{digest_of(picture())}"
    before = [(await caller.get(at)).status_code for caller in (reporter, officer)]
    matter = {"matter": "违规收费", "account": "三月二日", "evidence": [digest_of(picture())]}
    reported = await reporter.post("/v1/accountability-cases/report-matter", matter)
    assert reported.status_code == 201, reported.text
    await settle(api.desk.runtime, admin.tenant)

    assert before == [200, 404]
    assert [(await caller.get(at)).status_code for caller in (reporter, officer)] == [404, 200]


async def test_a_download_is_saved_and_not_shown(api: Api) -> None:
    """The content comes as an attachment that no browser guesses at, runs or keeps."""
    _, desk = await office(api)
    await send(desk, picture())

    answer = await desk.get(f"/v1/files/{digest_of(picture())}")

    assert answer.content == picture()
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["cache-control"]


async def test_a_file_that_is_not_there_and_one_that_may_not_be_seen_look_alike(api: Api) -> None:
    """Same status and body, also for what is no digest."""
    admin, desk = await office(api)
    other = await api.member(admin, "service_desk")
    await send(desk, picture())

    answers = [await other.get(f"/v1/files/{name}") for name in (digest_of(picture()), NONE, "nonsense")]
    told = [{**problem_of(answer, 404, "not_found"), "correlation_id": "", "instance": ""} for answer in answers]
    assert told[0] == told[1] == told[2]


async def test_each_download_is_logged(api: Api) -> None:
    """Who had which file, where auditors look; a refused one is none."""
    admin, desk = await office(api)
    other = await api.member(admin, "service_desk")
    await send(desk, picture())
    at = f"/v1/files/{digest_of(picture())}"
    for caller in (desk, desk, other):
        await caller.get(at)

    reader = await api.member(admin, "auditor")
    noted = (await reader.get("/v1/access-log?what=file")).json()["items"]
    assert [(one["actor_id"], one["noun"], one["detail"]) for one in noted] == [
        (str(desk.member), "evidence_file", digest_of(picture()))
    ] * 2


async def test_a_content_that_changed_in_the_store_is_not_handed_out(api: Api, tmp_path: Path) -> None:
    """One that is gone is a problem for operators; of one that changed the end never comes."""
    _, desk = await office(api)
    await send(desk, picture())
    at = f"/v1/files/{digest_of(picture())}"
    path = tmp_path / "files" / str(desk.tenant) / digest_of(picture())

    path.write_bytes(path.read_bytes()[:-1] + b"!")
    changed = await desk.get(at)
    path.unlink()

    assert changed.content != path.name
    assert len(changed.content) < len(picture())
    problem_of(await desk.get(at), 503, "file_missing")


async def test_an_installation_without_a_place_for_files_says_so(api: Api) -> None:
    """A problem that clients can tell from their own faults."""
    _, desk = await office(api)
    bare = replace(api.desk.runtime, blobs=None)
    api.desk.runtime = bare

    assert problem_of(await send(desk, picture()), 503, "files_unavailable")


async def test_the_purge_removes_what_was_never_recorded_and_nothing_else(api: Api, tmp_path: Path) -> None:
    """A content whose event never came goes after a day; one that is recorded stays, and may be sent again."""
    _, desk = await office(api)
    runtime, lost = api.desk.runtime, picture("blue")
    assert runtime.blobs is not None
    await send(desk, picture())
    async with runtime.database.tenant_transaction(desk.tenant) as connection:
        await connection.execute(
            "insert into evidence_uploads values ($1, $2, $3)", desk.tenant, digest_of(lost), api.clock().date()
        )
    await runtime.blobs.put(desk.tenant, digest_of(lost), lost, api.clock().date())

    assert await purge_uploads(runtime, desk.tenant) == 0
    api.clock.forward(days=1)
    assert await purge_uploads(runtime, desk.tenant) == 0
    api.clock.forward(days=1)
    assert await purge_uploads(runtime, desk.tenant) == 1

    assert stored(tmp_path) == [digest_of(picture())]
    async with runtime.database.tenant_transaction(desk.tenant) as connection:
        left = await connection.fetchval("select count(*) from evidence_uploads where tenant_id = $1", desk.tenant)
    assert left == 0


async def test_a_content_that_is_sent_again_in_time_is_not_purged(api: Api, tmp_path: Path) -> None:
    """Announcing it anew keeps it, though the first upload of it broke off long ago."""
    _, desk = await office(api)
    runtime, content = api.desk.runtime, picture("green")
    assert runtime.blobs is not None
    old = api.clock().date() - timedelta(days=9)
    async with runtime.database.tenant_transaction(desk.tenant) as connection:
        await connection.execute(
            "insert into evidence_uploads values ($1, $2, $3)", desk.tenant, digest_of(content), old
        )
    await runtime.blobs.put(desk.tenant, digest_of(content), content, old)

    await send(desk, content)

    assert await purge_uploads(runtime, desk.tenant) == 0
    assert stored(tmp_path) == [digest_of(content)]


async def test_files_are_kept_in_a_bucket_by_setting_alone(api: Api) -> None:
    """The same upload, command, download and purge against a real S3 server."""
    with bucket() as made:
        from infra.blobs import Blobs  # noqa: PLC0415 - the one test that needs it

        api.desk.runtime = replace(api.desk.runtime, blobs=Blobs.open(made.url, made.access))
        _, desk = await office(api)
        content = picture("yellow")

        sent = await send(desk, content)
        await lodged(desk, digest_of(content))
        answer = await desk.get(f"/v1/files/{digest_of(content)}")

        assert sent.status_code == 201
        assert answer.content == content
        api.clock.forward(days=3)
        assert await purge_uploads(api.desk.runtime, desk.tenant) == 0
        assert await api.desk.runtime.blobs.sound(desk.tenant, digest_of(content))


def test_the_rules_of_the_office_are_those_that_are_shipped() -> None:
    """The kind of complaint that these tests use exists."""
    assert COMPLAINT["kind"] in {kind.code for kind in default_values().kinds}
