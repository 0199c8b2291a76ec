"""The whole anonymous path over real processes: nothing that could tell who reported is left, anywhere (R0.3, R4.12).

What is searched: the files of the database with its write-ahead log and its own log, every row of every table, the
store of files, what Valkey keeps, what the API and the worker said. What is to be kept is found by the same search.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

import httpx
import psycopg
import pytest
from psycopg import sql

from infra.embedded import postgres, valkey
from infra.migrate import migrate
from infra.sealing import new_key
from services.settings import Settings, to_environment
from tests.pictures import MARKS, telling
from tests.scenarios.test_faults_api import WITHIN_S, ApiProcess, registrar, until
from tests.services.test_anonymous import COMPLAINT, MATTER, by, hidden_receipt

pytestmark = [pytest.mark.fault, pytest.mark.clause("R0.3", "R4.12")]
ADDRESS, FORWARDED = "127.0.0.77", "203.0.113.177"
AGENT, REFERRER = "Distinctive-Agent/77.31", "distinctive-referrer.example"
CORRELATION, COOKIE, KEY = "client-correlation-4711", "distinctive-cookie-9313", "distinctive-key-5521"
LANGUAGE, FILE_NAME = "xx-Distinctive", "wang-xiaoming-at-home"
NAME, CONTACT = "Wang-Under-Seal-4410", "138-0000-4410"
HEADERS = {
    "User-Agent": AGENT,
    "X-Forwarded-For": FORWARDED,
    "Forwarded": f"for={FORWARDED}",
    "X-Real-IP": FORWARDED,
    "Referer": f"https://{REFERRER}/",
    "Cookie": COOKIE,
    "Accept-Language": LANGUAGE,
    "Kaohe-Correlation-Id": CORRELATION,
    "Idempotency-Key": KEY,
}
HIDDEN = (
    *(ADDRESS, FORWARDED, AGENT, REFERRER, CORRELATION, COOKIE, KEY, LANGUAGE, FILE_NAME, NAME, CONTACT),
    *MARKS,
)
WORDS, MORE_WORDS = "Words-of-the-report-2291", "Words-of-a-file-8105"


class Place:
    """Servers, an API process and a worker process, all below one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.files = directory / "files"

    @asynccontextmanager
    async def opened(self) -> AsyncIterator["Place"]:
        """Everything started; everything ended by process id."""
        with (
            postgres(self.directory / "postgres") as self.postgres,
            valkey(self.directory / "valkey") as self.valkey,
            (self.directory / "api.log").open("wb") as said,
            (self.directory / "worker.log").open("wb") as worked,
        ):
            await migrate(self.postgres.url(), login_password=self.postgres.password)
            settings = Settings(
                database_url=self.postgres.url("kaohe"),
                redis_url=self.valkey.url,
                tenant_rate=1e6,
                tenant_burst=1_000_000,
                login_rate=1e6,
                login_burst=1_000_000,
                log_level="debug",
                files_url=self.files.as_uri(),
                secret_key=new_key(),
            )
            self.tenant, self.token = await registrar(settings)
            self.api = ApiProcess(settings, said)
            worker = working(settings, worked)
            try:
                await self.api.start()
                yield self
            finally:
                self.api.kill()
                worker.terminate()
                worker.wait(WITHIN_S)

    @property
    def homes(self) -> tuple[Path, ...]:
        """Where everything lies that any of the processes wrote."""
        return self.directory, self.postgres.home, self.valkey.home

    def rows(self) -> Iterator[tuple[str, dict[str, object]]]:
        """Every row of every table of ours, with its table."""
        with psycopg.connect(self.postgres.url()) as owner:
            tables = owner.execute("select tablename from pg_tables where schemaname = 'kaohe' order by 1").fetchall()
            for (table,) in tables:
                cursor = owner.execute(sql.SQL("select * from kaohe.{}").format(sql.Identifier(table)))
                columns = [column.name for column in cursor.description or ()]
                for row in cursor:
                    yield table, dict(zip(columns, row, strict=True))


def working(settings: Settings, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """A worker process of our own."""
    environment = {**os.environ, **to_environment(settings)}
    return subprocess.Popen([sys.executable, "-m", "services.worker"], env=environment, stdout=output, stderr=output)


@pytest.fixture
async def place(anyio_backend: object, tmp_path: Path) -> AsyncIterator[Place]:
    """The place of one test."""
    async with Place(tmp_path).opened() as opened:
        home = opened.postgres.home
        yield opened
    shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def reporter(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who could be known by his address and by everything that his browser sends."""
    transport = httpx.AsyncHTTPTransport(local_address=ADDRESS)
    async with httpx.AsyncClient(
        base_url=place.api.url, transport=transport, headers=HEADERS, timeout=WITHIN_S
    ) as http:
        yield http


def pictures() -> list[tuple[str, tuple[str, bytes, str]]]:
    """Files whose names and insides tell who made them."""
    kinds = (("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"))
    found = [("files", (f"{FILE_NAME}.{end}", telling(kind), f"image/{kind.lower()}")) for kind, end in kinds]
    return [*found, ("files", (f"{FILE_NAME}.txt", MORE_WORDS.encode(), "text/plain"))]


async def adopted(place: Place, http: httpx.AsyncClient) -> str:
    """Take over the rules that reports are taken in under; the organisation's slug."""
    for regulation in ("R11", "R4"):
        answer = await http.post(
            "/v1/rule-books",
            json={"regulation": regulation, "effective_from": "2026-01-01"},
            headers={"Authorization": f"Bearer {place.token}"},
        )
        assert answer.status_code == 201, answer.text
    return "faults"


async def report_by_page(http: httpx.AsyncClient, slug: str) -> str:
    """The path of a person: door, report with pictures and a name, receipt, look, add; the receipt."""
    assert (await http.get(f"/r/{slug}")).status_code == 200
    fields = {**COMPLAINT, "description": WORDS, "reporter_name": NAME, "reporter_contact": CONTACT}
    made = await http.post(f"/r/{slug}/complaints", data=fields, files=pictures())
    assert made.status_code == 200, made.text
    receipt = made.text.partition("<code>")[2].partition("</code>")[0]
    looked = await http.post("/receipt", data={"receipt": receipt})
    assert hidden_receipt(looked) == receipt
    added = await http.post(
        "/receipt/additions", data={"receipt": receipt, "text": f"{WORDS} again"}, files=pictures()[:1]
    )
    assert added.status_code == 200, added.text
    return receipt


async def report_by_program(http: httpx.AsyncClient, slug: str) -> str:
    """The path of a program; the receipt of an accountability report."""
    sent = await http.post(f"/v1/anonymous/{slug}/accountability-reports", json={**MATTER, "account": WORDS})
    assert sent.status_code == 201, sent.text
    receipt = str(sent.json()["receipt"])
    for path, body in (
        ("additions", {"text": WORDS}),
        ("identity", {"reporter_name": NAME, "reporter_contact": CONTACT}),
    ):
        answer = await http.post(f"/v1/receipt/{path}", json=body, headers=by(receipt))
        assert answer.status_code == 200, answer.text
    assert (await http.get("/v1/receipt", headers=by(receipt))).status_code == 200
    return receipt


async def go_wrong(http: httpx.AsyncClient, slug: str, receipt: str) -> list[int]:
    """Every way to be refused; the statuses."""
    document = [("files", (f"{FILE_NAME}.pdf", f"%PDF-1.7 /Author ({MARKS[0]})".encode(), "application/pdf"))]
    broken = [("files", (f"{FILE_NAME}.jpg", b"\xff\xd8\xff" + MARKS[0].encode(), "image/jpeg"))]
    answers = [
        await http.get("/v1/receipt", headers=by(f"wrong-{KEY}")),
        await http.post("/receipt", data={"receipt": f"wrong-{KEY}"}),
        await http.get("/r/nobody-here"),
        await http.post(f"/r/{slug}/complaints", data=COMPLAINT, files=document),
        await http.post(f"/r/{slug}/complaints", data=COMPLAINT, files=broken),
        await http.post(f"/v1/anonymous/{slug}/complaints", json={**COMPLAINT, "kind": "unknown_kind"}),
        await http.post(f"/v1/anonymous/{slug}/complaints", content=b"{" + KEY.encode()),
        await http.post("/v1/receipt/ratings", json={"score": 3}, headers=by(receipt)),
        await http.put(f"/r/{slug}", content=KEY.encode()),
        await http.post("/v1/receipt/nothing", content=KEY.encode()),
    ]
    return [answer.status_code for answer in answers]


async def settled(place: Place, http: httpx.AsyncClient) -> None:
    """Return once the worker has followed everything."""
    with psycopg.connect(place.postgres.url()) as owner:
        (position,) = owner.execute(
            "select position from kaohe.ledger where tenant_id = %s", [place.tenant]
        ).fetchone() or (0,)
    headers = {"Authorization": f"Bearer {place.token}", "Kaohe-Min-Position": str(position)}

    async def followed() -> bool:
        return (await http.get("/v1/complaints/none", headers=headers)).status_code != httpx.codes.SERVICE_UNAVAILABLE

    await until(followed)


def in_bytes(value: object) -> bytes:
    """A value of a row as it can be searched."""
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def found_in_rows(place: Place, words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Which words stand in which tables, as they are, in hexadecimal, or within an array."""
    return {
        (table, word)
        for table, row in place.rows()
        for value in row.values()
        for word in words
        if word.encode() in in_bytes(value) or word.encode().hex().encode() in in_bytes(value)
    }


def found_in_files(directories: tuple[Path, ...], words: tuple[str, ...]) -> set[tuple[str, str]]:
    """Which words stand in which files below directories, contents and names."""
    return {
        (str(path), word)
        for directory in directories
        for path in directory.rglob("*")
        if path.is_file()
        for content in [path.read_bytes() + str(path).encode()]
        for word in words
        if word.encode() in content
    }


def hours_kept(place: Place, streams: set[UUID], since: datetime) -> list[tuple[str, str, datetime]]:
    """Times of about now in rows that belong to streams: they would tell when somebody reported."""
    soon = timedelta(minutes=30)
    return [
        (table, column, value)
        for table, row in place.rows()
        if streams & {value for value in row.values() if isinstance(value, UUID)}
        for column, value in row.items()
        if isinstance(value, datetime) and since - soon < value < datetime.now(UTC) + soon
    ]


async def test_the_anonymous_path_leaves_nothing_identifying(place: Place) -> None:
    """Address, agent, headers, file names, what pictures carry, and the sealed name: searched for, and not there."""
    began = datetime.now(UTC)
    async with httpx.AsyncClient(base_url=place.api.url, timeout=WITHIN_S) as office:
        slug = await adopted(place, office)
        async with reporter(place) as http:
            receipts = [await report_by_page(http, slug), await report_by_program(http, slug)]
            refused = await go_wrong(http, slug, receipts[0])
        await settled(place, office)
    place.api.kill()
    with psycopg.connect(place.postgres.url(), autocommit=True) as owner:
        owner.execute("checkpoint")
    secrets = tuple(receipt.rsplit(".", 1)[1] for receipt in receipts)

    assert refused == [404, 404, 404, 415, 422, 422, 415, 409, 405, 404]
    assert found_in_rows(place, (*HIDDEN, *secrets)) == set()
    assert await asyncio.to_thread(found_in_files, place.homes, (*HIDDEN, *secrets)) == set()
    # what is meant to be kept is found by the same search
    assert {table for table, _ in found_in_rows(place, (WORDS,))} == {"events"}
    assert found_in_files((place.files,), (MORE_WORDS,))
    assert len([path for path in place.files.rglob("*") if path.is_file()]) == 4
    assert any("pg_wal" in name for name, _ in found_in_files((place.postgres.home,), (WORDS,)))
    # the office's own requests are logged, and none of the reporter's
    log = (place.directory / "api.log").read_text("utf-8")
    assert "/v1/rule-books" in log
    assert not [line for line in log.splitlines() if "receipt" in line or "anonymous" in line or "/r/" in line]
    assert not hours_kept(place, reports(place), began)
    assert hours_kept(place, {place.tenant}, began)


def reports(place: Place) -> set[UUID]:
    """The streams that the reporter's acts made: reports, files, sealed names."""
    topics = ("complaint.lodged", "accountability_case.reported", "evidence_file.stored", "sealed_identity.sealed")
    found = {
        value
        for table, row in place.rows()
        if table == "events" and row["topic"] in topics
        for value in [row["originator_id"]]
        if isinstance(value, UUID)
    }
    assert len(found) == 8
    return found
