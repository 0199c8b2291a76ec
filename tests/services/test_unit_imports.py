"""Units from files: dry run, all or none, each once; what is known and the same is left alone, what differs is told."""

import asyncio
import io
import time
from uuid import UUID

import pytest
from openpyxl import load_workbook

from domain.fee_account import account_id
from tests.services.conftest import Api
from tests.services.fee_house import PROJECT, House, house_of
from tests.services.test_fee_imports import csv_of, report, sent

UNITS = "fee-accounts/import-units"
HEADINGS = (
    "楼栋,户号,业主,面积（平方米）,起始月份,收费项目1编码,收费项目1方式,收费项目1数量,"
    "收费项目2编码,收费项目2方式,收费项目2数量"
)
FIRST = "2,2-201,孙八,88.5,2026-03,property_fee,按面积,,water,抄表,"
SECOND = "2,2-202,周九,,2026-03,common_repair,固定,1.5,,,"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MANY = 5_000


@pytest.fixture
async def house(api: Api) -> House:
    """The company, without a unit."""
    return await house_of(api)


async def units(house, who="auditor", **query):
    """Every unit that is listed."""
    return [(each["building"], each["unit"], each["owner"]) for each in await listed(house, who, **query)]


async def listed(house, who, **query):
    """The accounts of the project."""
    return (await house.read(who, "fee-accounts", project_id=PROJECT, **query))["items"]


async def state(house, unit, building="2"):
    """The account of a unit as it stands."""
    stream = account_id(UUID(PROJECT), building, unit)
    return (await house.read("auditor", f"fee-accounts/{stream}"))["state"]


def told(answer):
    """Row, field and code of each error."""
    return [(each["row"], each["field"], each["code"]) for each in answer["errors"]]


@pytest.mark.clause("R13.4.2.1")
async def test_units_are_tried_begun_and_sent_again(house):
    """A dry run begins none; then each unit has its account and items; the same file again finds all of them there."""
    file = csv_of(HEADINGS, FIRST, SECOND)
    tried = await report(house, "collector", UNITS, file, dry_run=True)
    assert (tried["rows"], tried["new"], tried["booked"], tried["errors"]) == (2, 2, 0, [])
    assert await units(house) == []
    done = await report(house, "collector", UNITS, file)
    assert (done["new"], done["booked"], done["skipped"]) == (2, 2, 0)
    assert await units(house) == [("2", "2-201", "孙八"), ("2", "2-202", "周九")]
    first, second = await state(house, "2-201"), await state(house, "2-202")
    assert first["areas"] == [{"from_month": "2000-01", "area_m2": "88.5"}]
    bases = {item: (term["basis"], term["from_month"]) for item, [term] in first["standing"].items()}
    assert bases == {"property_fee": ("area", "2026-03"), "water": ("metered", "2026-03")}
    assert second["standing"]["common_repair"][0]["quantity"] == "1.5"
    again = await report(house, "collector", UNITS, file)
    assert (again["new"], again["skipped"], again["booked"]) == (0, 2, 0)
    more = csv_of(HEADINGS, FIRST, SECOND, "3,3-101,吴十,70,,,,,,,")
    added = await report(house, "collector", UNITS, more)
    assert (added["skipped"], added["booked"]) == (2, 1)


@pytest.mark.clause("R13.4.2.1")
async def test_a_unit_with_other_values_is_told_of_and_not_changed(house):
    """Another owner, area or item: each at its column, with what changes it; what is left out is no matter."""
    await report(house, "collector", UNITS, csv_of(HEADINGS, FIRST))
    other = csv_of(HEADINGS, "2,2-201,钱七,90,2026-03,property_fee,固定,1,common_repair,固定,2", SECOND)
    tried = await report(house, "collector", UNITS, other, dry_run=True, lang="en")
    assert (tried["new"], tried["booked"]) == (1, 0)
    expected = [(2, field, "unit_differs") for field in ("owner", "area_m2", "item_1", "item_2")]
    assert told(tried) == expected
    assert "change_owner" in tried["errors"][0]["message"]
    assert "孙八" not in str(tried)
    assert "88.5" in tried["errors"][1]["message"]
    answer = await sent(house, "collector", UNITS, other)
    assert (answer.status_code, answer.json()["code"]) == (422, "import_has_errors")
    assert await units(house) == [("2", "2-201", "孙八")]
    less = await report(house, "collector", UNITS, csv_of("户号,楼栋,业主", "2-201,2,孙八"))
    assert (less["skipped"], less["errors"]) == (1, [])


@pytest.mark.clause("R13.4.2.1")
async def test_what_is_wrong_with_a_row_keeps_the_whole_file_out(house):
    """Wrong numbers and words, items half said, a unit twice: each at its row and column, and no unit is begun."""
    file = csv_of(
        HEADINGS,
        FIRST,
        "2,2-201,孙八,88.5,2026-03,,,,,,",
        "2,2-203,,88.5,2026-03,,,,,,",
        "2,2-204,郑一,many,soon,property_fee,maybe,,,,",
        "2,2-205,郑一,0,,,,,,,",
        "2,2-206,郑一,88.123,,,,,,,",
        "2,2-207,郑一,80,,water,抄表,,,,",
        "2,2-208,郑一,80,2026-03,water,,,,固定,1",
        "2,2-209,郑一,80,2026-03,water,抄表,,water,抄表,",
        "2,2-210,郑一,,2026-03,property_fee,按面积,,,,",
        "2,2-211,郑一,80,2026-03,gold,固定,1,,,",
        "2,2-212,郑一,80,2026-03,water,抄表,,common_repair,固定,",
        "2,2-213,郑一,80,2026-03,water,抄表,,common_repair,固定,-1",
    )
    answer = await sent(house, "collector", UNITS, file)
    assert answer.status_code == 422
    assert told(answer.json()["details"]) == [
        (3, "unit", "row_repeated"),
        (4, "owner", "missing_value"),
        (5, "area_m2", "not_a_number"),
        (5, "from_month", "bad_month"),
        (5, "basis_1", "bad_basis"),
        (6, "area_m2", "area_out_of_bounds"),
        (7, "area_m2", "area_out_of_bounds"),
        (8, "from_month", "from_month_missing"),
        (9, "basis_1", "basis_missing"),
        (9, "item_2", "item_missing"),
        (10, "item_2", "item_repeated"),
        (11, "basis_1", "area_unknown"),
        (12, "item_1", "not_on_the_list"),
        (13, "quantity_2", "quantity_by_basis"),
        (14, "quantity_2", "quantity_out_of_bounds"),
    ]
    assert await units(house) == []


@pytest.mark.clause("R13.4.2.1")
@pytest.mark.parametrize(
    ("headings", "code"),
    [
        ("楼栋,户号", "missing_column"),
        ("户号,业主,户号", "repeated_column"),
        ("户号,业主,颜色", "unknown_column"),
        ("", "empty_file"),
        ("户号,业主", "no_rows"),
    ],
)
async def test_wrong_headings_are_named(house, headings, code):
    """Nothing is guessed from a heading that is not the template's."""
    rows = () if code in {"empty_file", "no_rows"} else (",".join("x" for _ in headings.split(",")),)
    answer = await sent(house, "collector", UNITS, csv_of(headings, *rows))
    assert answer.status_code == 422
    assert [each["code"] for each in answer.json()["details"]["errors"]] == [code]


@pytest.mark.clause("R13.4.2.1")
async def test_who_may_import_units_and_where(house):
    """Who keeps accounts, in his own organisation: under the same project's id elsewhere it is another's unit."""
    file = csv_of(HEADINGS, FIRST)
    for who in ("auditor", "staff"):
        assert (await sent(house, who, UNITS, file)).status_code == 403
    assert (await sent(house, "collector", UNITS, file, project_id="none")).status_code == 400
    assert (await sent(house, "collector", UNITS, file, media="application/json")).status_code == 415
    without_rules = await sent(house, "stranger", UNITS, file)
    assert [each["code"] for each in without_rules.json()["details"]["errors"]] == ["rules_not_adopted"]
    assert (await report(house, "stranger", UNITS, csv_of("楼栋,户号,业主", "2,2-201,李四")))["booked"] == 1
    assert await units(house) == []
    assert (await report(house, "collector", UNITS, file))["booked"] == 1
    another = await report(house, "collector", UNITS, file, project_id=str(UUID(int=0xF2)))
    assert another["booked"] == 1
    assert len(await listed(house, "auditor")) == 1


@pytest.mark.clause("R13.4.2.1")
async def test_two_imports_at_once_begin_each_unit_once(house):
    """Whatever runs concurrently, a unit has one account."""
    file = csv_of(HEADINGS, *(f"2,2-{n},孙八,80,2026-03,property_fee,按面积,,,," for n in range(40)))
    answers = await asyncio.gather(*(sent(house, "collector", UNITS, file) for _ in range(2)))
    assert {each.status_code for each in answers} <= {200, 503}
    assert sum(each.json()["booked"] for each in answers if each.status_code == 200) == 40
    assert len(await units(house)) == 40


@pytest.mark.clause("R13.4.2.1")
async def test_a_unit_of_no_building_that_a_building_has_is_doubted(house):
    """It is begun, for units of no building there are; but the row says so."""
    await report(house, "collector", UNITS, csv_of(HEADINGS, FIRST))
    done = await report(house, "collector", UNITS, csv_of("户号,业主", "2-201,孙八", "铺-1,吴十"))
    assert done["booked"] == 2
    assert [(each["row"], each["code"]) for each in done["warnings"]] == [(2, "unit_elsewhere")]


@pytest.mark.clause("R13.4.2.1")
async def test_a_template_can_be_imported_as_it_is_and_filled_in(house):
    """Its example row is passed over, in both formats; a workbook filled in is read cell by cell."""
    for suffix, media in (("csv", "text/csv"), ("xlsx", XLSX)):
        template = await house["collector"].get(f"/v1/fee-accounts/import-templates/units.{suffix}")
        assert template.status_code == 200
        answer = await sent(house, "collector", UNITS, template.content, media=media)
        assert answer.json()["details"]["ignored"] == 1
    book = load_workbook(io.BytesIO(template.content))
    book.worksheets[0].append(["", "2", "2-201", "孙八", 88.5, "2026-03", "common_repair", "固定", 2])
    content = io.BytesIO()
    book.save(content)
    assert (await report(house, "collector", UNITS, content.getvalue(), media=XLSX))["booked"] == 1
    assert (await state(house, "2-201"))["standing"]["common_repair"][0]["quantity"] == "2"


@pytest.mark.clause("R13.4.2.1")
async def test_as_many_units_as_a_file_may_have(house):
    """All in one transaction, then all known again; how long it takes is told, not judged."""
    rows = (f"{n // 100},{n},业主{n},88.5,2026-03,property_fee,按面积,,water,抄表," for n in range(MANY))
    file = csv_of(HEADINGS, *rows)
    asked = {"project_id": PROJECT}
    for new in (MANY, 0):
        begun = time.perf_counter()
        headers = {"content-type": "text/csv"}
        answer = await house["collector"].post(f"/v1/{UNITS}", content=file, params=asked, headers=headers)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["booked"], answer.json()["skipped"]) == (new, MANY - new)
        print(f"{new} units begun, {MANY - new} known: {time.perf_counter() - begun:.1f} s")
