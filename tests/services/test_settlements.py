"""Units' months over HTTP: from the signed order to the closed statement, its workbook and its paper."""

from io import BytesIO

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from services.settings import Settings
from tests.services.centre import Centre, a_centre
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of

NEXT_DAY = {"starts_at": "2026-03-05T09:00:00+08:00", "ends_at": "2026-03-05T12:00:00+08:00"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Sessions that outlast the months these tests let pass."""
    return replace(settings, session_hours=24 * 365)


@pytest.fixture
async def centre(api: Api) -> Centre:
    """A centre with two cars and two drivers."""
    return await a_centre(api)


@pytest.fixture
async def finance(centre: Centre) -> Caller:
    """Whoever closes and corrects."""
    return await centre.api.member(centre.admin, "finance")


async def trips(centre: Centre) -> tuple[str, str, str]:
    """Two units' charged trips and a free reception, made and signed; their bookings."""
    made = (
        await centre.dispatched(0, 0),
        await centre.dispatched(1, 1, unit="=卫生局"),
        await centre.waiting(
            starts_at="2026-03-05T09:00:00+08:00", ends_at="2026-03-05T12:00:00+08:00", category="four_bodies"
        ),
    )
    assert (await centre.dispatch(made[2])).status_code == 200
    centre.api.clock.forward(days=4)
    for number, booking in enumerate(made):
        day = "2026-03-05" if number == 2 else "2026-03-04"
        times = {"out_at": f"{day}T09:00:00+08:00", "back_at": f"{day}T12:00:00+08:00"}
        await centre.signed(booking, km=40 + number, unit="=卫生局" if number == 1 else "教育局", **times)
    await centre.settle()
    return made


async def months(centre: Centre, query: str = "month=2026-03") -> dict[str, dict]:
    """The units' months, by unit."""
    answer = await centre.handler.get(f"/v1/unit-settlements?{query}")
    assert answer.status_code == 200, answer.text
    return {each["unit"]: each for each in answer.json()["items"]}


@pytest.mark.clause("R3.2.1", "R3.1.1")
async def test_signed_orders_stand_on_their_units_month(centre: Centre) -> None:
    """40 km at 1.50 and three hours at 20 are 120 yuan; a reception is accounted beside the sum."""
    order, other, reception = await trips(centre)
    found = await months(centre)
    assert {unit: each["amount_fen"] for unit, each in found.items()} == {"教育局": 12_000, "=卫生局": 12_150}
    shown = (await centre.handler.get(f"/v1/unit-settlements/{found['教育局']['settlement_id']}/statement")).json()
    assert [(each["booking_id"], each["now_fen"]) for each in shown["lines"]] == [(order, 12_000)]
    assert [(each["booking_id"], each["amount_fen"], each["worth_fen"]) for each in shown["left_out"]] == [
        (reception, 0, 12_300)
    ]
    assert other not in str(shown)


@pytest.mark.clause("R3.2.1")
async def test_a_month_is_closed_by_the_deadline_and_its_bookings_are_settled(centre: Centre, finance: Caller) -> None:
    """Finance cannot close before the month is over; after the days the rules give, the worker does."""
    order, _, _ = await trips(centre)
    settlement = (await months(centre))["教育局"]["settlement_id"]
    problem = problem_of(await finance.post(f"/v1/unit-settlements/{settlement}/close-settlement"), 409)
    assert (problem["code"], problem["clause"]) == ("before_cut_off", "R3.2.1")
    centre.api.clock.forward(days=40)
    await centre.settle()
    assert {each["status"] for each in (await months(centre)).values()} == {"closed"}
    booking = (await centre.unit.get(f"/v1/vehicle-bookings/{order}")).json()
    assert (booking["state"]["status"], booking["state"]["settlement_id"]) == ("settled", settlement)


@pytest.mark.clause("R3.2.1")
async def test_an_objection_after_closing_is_corrected_in_the_next_month(centre: Centre, finance: Caller) -> None:
    """The closed month stays what it was, the next one gives the difference back, together they are right."""
    order, _, _ = await trips(centre)
    settlement = (await months(centre))["教育局"]["settlement_id"]
    centre.api.clock.forward(days=40)
    await centre.settle()
    line = {"line_key": f"{order}:order"}
    path = f"/v1/unit-settlements/{settlement}"
    contested = await centre.handler.post(f"{path}/contest-line", {**line, "reason": "里程不符"})
    assert contested.status_code == 200
    decided = await finance.post(f"{path}/decide-line", {**line, "amount_fen": 9_000, "reason": "核减"})
    assert decided.status_code == 200
    await centre.settle()
    by_month = {each: (await months(centre, f"unit=教育局&month={each}"))["教育局"] for each in ("2026-03", "2026-04")}
    assert [each["amount_fen"] for each in by_month.values()] == [12_000, -3_000]
    assert by_month["2026-03"]["contested"] == 0


@pytest.mark.clause("R3.2.1")
async def test_the_statement_is_exported_as_a_workbook(centre: Centre) -> None:
    """Each line with its amount in yuan, and the sum; a unit's name is text whatever it begins with."""
    await trips(centre)
    found = await months(centre)
    for unit, amount in (("教育局", 120), ("=卫生局", 121.5)):
        answer = await centre.handler.get(f"/v1/unit-settlements/{found[unit]['settlement_id']}/statement.xlsx")
        assert answer.status_code == 200
        sheet = load_workbook(BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0][0].startswith(unit)
        assert sheet["A1"].data_type == "s"
        assert [row[4] for row in rows if row[0] == "合计"] == [amount]
    problem_of(await centre.handler.get(f"/v1/unit-settlements/{centre.cars[0]}/statement.xlsx"), 404, "not_found")


@pytest.mark.clause("R3.2.1")
async def test_dispatches_and_closed_months_are_numbered_and_printed(centre: Centre) -> None:
    """A dispatch order for each car given, a statement for each closed month, each with a number of its register."""
    await trips(centre)
    centre.api.clock.forward(days=40)
    await centre.settle()
    for kind, count in (("dispatch_order", 3), ("unit_statement", 2)):
        listed = (await centre.dispatcher.get(f"/v1/documents?kind={kind}")).json()["items"]
        assert [each["number"] for each in listed] == list(range(1, count + 1))
        paper = f"/v1/documents/{listed[0]['document_id']}"
        page = await centre.dispatcher.get(f"{paper}/html")
        assert listed[0]["reference"] in page.text
        assert "教育局" in page.text
        assert (await centre.dispatcher.get(f"{paper}/pdf")).content.startswith(b"%PDF")


@pytest.mark.clause("R3.2.1")
async def test_a_swapped_order_is_replaced_and_a_cancelled_one_void(centre: Centre) -> None:
    """The register keeps all three numbers; one order counts for each car that goes."""
    booking = await centre.dispatched()
    swap = {"vehicle": centre.cars[1], "driver": centre.drivers[1], "reason": "故障"}
    assert (await centre.dispatcher.post(f"/v1/vehicle-bookings/{booking}/swap-dispatch", swap)).status_code == 200
    other = await centre.dispatched()
    given_up = await centre.unit.post(f"/v1/vehicle-bookings/{other}/cancel-booking", {"by": "unit", "reason": "取消"})
    assert given_up.status_code == 200
    await centre.settle()
    listed = (await centre.dispatcher.get("/v1/documents?kind=dispatch_order")).json()["items"]
    assert sorted(each["status"] for each in listed) == ["issued", "superseded", "voided"]
