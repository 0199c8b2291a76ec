"""Numbers while workers are killed: no gap, no repeat, in the order of the ledger, whoever asks at the same time."""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from infra.discovery import behind
from services.api.requests import PROJECTION_NAMES
from services.settings import to_environment
from tests.services.conftest import Api, Caller
from tests.services.test_documents import COMPLAINT, office
from tests.workshop import events_of, rows_of

pytestmark = pytest.mark.fault
ROOT = Path(__file__).parent.parent.parent
COMPLAINTS = 60
KILLED = 6
WITHIN_S = 90.0


def start(api: Api) -> "subprocess.Popen[bytes]":
    """A worker of the whole domain in a process of its own."""
    environment = to_environment(msgspec.structs.replace(api.desk.settings, sweep_s=0.2, poll_s=0.1))
    return subprocess.Popen(
        [sys.executable, "-m", "services.worker"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(worker: "subprocess.Popen[bytes]") -> None:
    """End it as a power cut would."""
    worker.kill()
    worker.wait()


async def harass(api: Api, workers: "list[subprocess.Popen[bytes]]") -> None:
    """Kill one of the workers at random and start another, again and again."""
    chance = random.Random(5)
    for _ in range(KILLED):
        await asyncio.sleep(chance.uniform(0.5, 2.0))
        victim = chance.randrange(len(workers))
        end(workers[victim])
        workers[victim] = start(api)


async def lodge_and_ask(caller: Caller, number: int) -> None:
    """Lodge a complaint, have it assigned, and ask for another form of it twice at the same time."""
    lodged = await caller.post("/v1/complaints", {**COMPLAINT, "subject": f"第{number}件"})
    assert lodged.status_code == 201, lodged.text
    complaint = lodged.json()["id"]
    joint = [
        {"role": role, "person": str(UUID(int=1 + place))}
        for place, role in enumerate(("sales_director", "director_assistant"))
    ]
    assigned = await caller.post(
        f"/v1/complaints/{complaint}/assign-complaint", {"responsible": str(caller.member), "joint": joint}
    )
    assert assigned.status_code == 200, assigned.text
    ask = {"kind": "complaint_form", "subject_id": complaint}
    answers = await asyncio.gather(*(caller.post("/v1/documents", ask) for _ in range(2)))
    assert {answer.json()["id"] for answer in answers} == {answers[0].json()["id"]}
    assert sorted(answer.status_code for answer in answers) in ([200, 201], [201, 201], [200, 200])


async def require_numbers(api: Api, tenant: UUID, forms: int) -> None:
    """Every document has its number; each register counts from 1 in the order in which documents were drawn up."""
    database = api.desk.runtime.database
    drawn = await events_of(database, tenant, "document.drawn")
    assigned = await events_of(database, tenant, "document_register.number_assigned")
    issued = await events_of(database, tenant, "document.issued")
    assert len(drawn) == len(assigned) == len(issued)
    kinds = Counter(msgspec.json.decode(row["state"])["contents"]["kind"] for row in drawn)
    assert kinds["complaint_form"] == forms
    positions = {row["originator_id"]: row["position"] for row in drawn}
    by_register: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in assigned:
        by_register[row["originator_id"]].append(msgspec.json.decode(row["state"]))
    numbers: dict[UUID, int] = {}
    for events in by_register.values():
        assert [event["number"] for event in events] == list(range(1, len(events) + 1))
        at = [positions[UUID(event["document_id"])] for event in events]
        assert at == sorted(at) == [event["drawn_at"] for event in events]
        numbers |= {UUID(event["document_id"]): event["number"] for event in events}
    assert {row["originator_id"]: msgspec.json.decode(row["state"])["number"] for row in issued} == numbers
    codes = [msgspec.json.decode(row["state"])["verification"] for row in issued]
    assert len(set(codes)) == len(codes)
    assert await rows_of(database, tenant, "reaction_refusals") == []


async def test_numbers_have_no_gap_while_workers_are_killed(api: Api) -> None:
    """Two workers are killed at random while forms are drawn up by what happens and on demand, many at once."""
    api.clock.now = datetime.now(UTC)  # the workers know no other
    _, clerk = await office(api)
    workers = [start(api), start(api)]
    trouble = asyncio.create_task(harass(api, workers))
    try:
        for batch in range(0, COMPLAINTS, 10):
            await asyncio.gather(*(lodge_and_ask(clerk, number) for number in range(batch, batch + 10)))
            await asyncio.sleep(0.3)
        await trouble
        give_up_at = time.monotonic() + WITHIN_S
        while clerk.tenant in {found.tenant for found in await behind(api.desk.runtime.database, PROJECTION_NAMES)}:
            assert time.monotonic() < give_up_at, "documents stay without numbers"
            await asyncio.sleep(0.1)
        await require_numbers(api, clerk.tenant, COMPLAINTS * 2)
    finally:
        trouble.cancel()
        for worker in workers:
            end(worker)
