"""Purchased goods over HTTP: from the procedure to the store, and back to the supplier, as each role would."""

import asyncio
from typing import Any

import pytest

from domain.kernel import derived_id
from services.worker.settling import settle
from tests.services.conftest import Api, Caller
from tests.services.crowd import problem_of

ROLES = {
    "keeper": "storekeeper",
    "buyer": "buyer",
    "inspector": "goods_inspector",
    "user": "goods_user",
    "quality": "quality_department",
}
CHECK = {"method": "目测", "criteria": "无破损、与订单相符"}
CHECKS = [
    {"code": "appearance", "name": "外观", "extent": "sample", **CHECK},
    *(
        {"code": code, "name": name, "extent": "lot", **CHECK}
        for code, name in (("kind", "品种"), ("quantity", "数量"))
    ),
    {"code": "certificate", "name": "合格证", "extent": "lot", **CHECK},
]
PLAN = [
    {"lot_to": 50, "sample": 5, "accept": 0, "reject": 1},
    {"lot_to": None, "sample": 20, "accept": 1, "reject": 2},
]
GOOD = {"name": "平板拖把", "unit": "把", "department": "环境部"}


class Store:
    """A property company's store with one person in each role."""

    def __init__(self, api: Api, admin: Caller, people: dict[str, Caller]) -> None:
        self.api = api
        self.admin = admin
        self.people = people
        self.good = ""

    def __getitem__(self, who: str) -> Caller:
        return self.people[who]

    async def settle(self) -> None:
        """Let happen what is to happen by now."""
        await settle(self.api.desk.runtime, self.admin.tenant)

    async def send(self, who: str, noun: str, stream: str, command: str, body: object = None) -> dict[str, Any]:
        """Send a command as somebody; its last event."""
        answer = await self[who].post(f"/v1/{noun}/{stream}/{command}", body)
        assert answer.status_code == 200, answer.text
        await self.settle()
        found: dict[str, Any] = answer.json()["events"][-1]
        return found

    async def read(self, path: str, who: str = "keeper", **query: str) -> list[dict[str, Any]]:
        """A list as somebody reads it."""
        answer = await self[who].get(path, params=query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def deliver(self, lot: str = "L1", quantity: int = 40, supplier: str = "洁净用品公司") -> str:
        """Register a delivery; the id of its receipt."""
        body = {"supplier": supplier, "buyer": str(self["buyer"].member), "lot": lot, "quantity": quantity}
        event = await self.send("keeper", "purchased-goods", self.good, "register-delivery", body)
        found: str = event["delivery"]["receipt_id"]
        return found

    async def inspect(self, receipt: str, *failing: str) -> dict[str, Any]:
        """Draw, record every check and judge; the verdict."""
        await self.send("inspector", "goods-receipts", receipt, "draw-sample", {"seed": "0f" * 8})
        for check in CHECKS:
            body = {"check": check["code"], "conforming": check["code"] not in failing}
            await self.send("inspector", "goods-receipts", receipt, "record-check", body)
        return await self.send("inspector", "goods-receipts", receipt, "conclude-inspection")

    async def stored(self, quantity: int = 40) -> str:
        """A lot in the store; its receipt."""
        receipt = await self.deliver(quantity=quantity)
        await self.inspect(receipt)
        await self.send("keeper", "goods-receipts", receipt, "store-goods", {"place": "A-01"})
        return receipt

    @property
    def stock(self) -> str:
        """The id of the good's stock."""
        return str(derived_id(self.good, "stock"))


@pytest.fixture
async def store(api: Api) -> Store:
    """A company under the shipped rules, with a good whose procedure is approved."""
    admin = await api.tenant()
    people = {who: await api.member(admin, role) for who, role in ROLES.items()}
    store = Store(api, admin, people)
    adopted = await admin.post("/v1/rule-books", {"regulation": "R15", "effective_from": "2026-03-01"})
    assert adopted.status_code == 201, adopted.text
    registered = await store["user"].post("/v1/purchased-goods", GOOD)
    assert registered.status_code == 201, registered.text
    store.good = registered.json()["id"]
    draft = {"procedure": {"checks": CHECKS, "plan": PLAN}, "note": "新编"}
    await store.send("user", "purchased-goods", store.good, "draft-procedure", draft)
    await store.send("quality", "purchased-goods", store.good, "approve-procedure", {"effective_from": "2026-03-02"})
    return store


@pytest.mark.clause("R15.5.2")
async def test_goods_are_found_again_with_the_procedure_in_force(store: Store, api: Api) -> None:
    """The version in force today, a draft beside it, none once withdrawn; by status and department, page by page."""
    await store.deliver()
    later = {**GOOD, "name": "灭火器", "department": "工程部"}
    assert (await store["user"].post("/v1/purchased-goods", later)).status_code == 201
    await store.settle()
    [mop, extinguisher] = await store.read("/v1/purchased-goods")
    assert (mop["good_id"], mop["status_label"]["zh"], mop["clause"]["id"]) == (store.good, "规程已批准", "R15.5.2")
    assert (mop["version"], mop["effective_from"], mop["deliveries"]) == (1, "2026-03-02", 1)
    assert (extinguisher["status"], extinguisher["version"], extinguisher["drafted"]) == ("drafting", None, False)
    draft = {"procedure": {"checks": CHECKS, "plan": PLAN}, "note": "修订"}
    await store.send("user", "purchased-goods", store.good, "draft-procedure", draft)
    await store.send("quality", "purchased-goods", store.good, "approve-procedure", {"effective_from": "2026-05-01"})
    await store.send("user", "purchased-goods", store.good, "draft-procedure", draft)
    [mop] = await store.read("/v1/purchased-goods", status="approved")
    assert (mop["version"], mop["drafted"]) == (1, True)
    await store.send("quality", "purchased-goods", store.good, "withdraw-procedure", {"reason": "停用"})
    [mop] = await store.read("/v1/purchased-goods", department="环境部")
    assert (mop["status"], mop["version"], mop["effective_from"]) == ("withdrawn", None, None)
    first = (await store["keeper"].get("/v1/purchased-goods", params={"limit": 1})).json()
    rest = (await store["keeper"].get("/v1/purchased-goods", params={"cursor": first["next"]})).json()
    assert ([one["name"] for one in first["items"] + rest["items"]], rest["next"]) == (["平板拖把", "灭火器"], None)
    stranger = await api.member(await api.tenant(), "storekeeper")
    await settle(api.desk.runtime, stranger.tenant)
    assert (await stranger.get("/v1/purchased-goods")).json()["items"] == []


@pytest.mark.clause("R15.5.2")
async def test_from_the_delivery_to_the_store_and_out_of_it(store: Store) -> None:
    """Awaiting inspection, then storage, then in the stock; issued, taken back, written off."""
    receipt = await store.deliver()
    [awaiting] = await store.read("/v1/goods-receipts", awaiting="inspection")
    assert (awaiting["receipt_id"], awaiting["status_label"]["zh"], awaiting["late"]) == (receipt, "待检验", False)
    assert awaiting["due_by"] == "2026-03-05T00:00:00+08:00"
    passed = await store.inspect(receipt)
    assert (passed["basis"], passed["storable"], passed["clause"]) == ("checks", 40, "R15.5.2")
    assert [one["receipt_id"] for one in await store.read("/v1/goods-receipts", awaiting="storage")] == [receipt]
    await store.send("keeper", "goods-receipts", receipt, "store-goods", {"place": "A-01"})
    issue = {"quantity": 15, "recipient": "东校区保洁组", "purpose": "楼道保洁"}
    issued = await store.send("keeper", "goods-stocks", store.stock, "issue-goods", issue)
    back = {"issue": issued["number"], "quantity": 5, "fit": True, "note": "余量"}
    await store.send("keeper", "goods-stocks", store.stock, "return-goods", back)
    spoilt = {"receipt_id": receipt, "quantity": 2, "reason": "受潮"}
    await store.send("keeper", "goods-stocks", store.stock, "write-off-goods", spoilt)
    [stock] = await store.read("/v1/goods-stocks", good=store.good)
    counted = {name: stock[name] for name in ("on_hand", "stored", "issued", "returned", "written_off")}
    assert counted == {"on_hand": 28, "stored": 40, "issued": 15, "returned": 5, "written_off": 2}
    assert await store.read("/v1/goods-receipts", awaiting="inspection") == []


@pytest.mark.clause("R15.5.2")
async def test_what_failed_goes_back_to_its_buyer_and_is_a_nonconformity(store: Store) -> None:
    """Notified by the storekeeper, answered by the buyer, replaced, inspected anew; the supplier's record shows it."""
    receipt = await store.deliver("L2")
    failed = await store.inspect(receipt, "certificate")
    assert (failed["reasons"], failed["clause"]) == (["certificate"], "R15.5.2")
    [raised] = await store.read("/v1/nonconformities")
    assert (raised["clause"]["id"], raised["subject"]) == ("R15.5.2", "平板拖把 L2")
    refusal = await store["keeper"].post(f"/v1/goods-receipts/{receipt}/store-goods", {})
    assert problem_of(refusal, 409, "not_passed")["clause"] == "R15.5.2"
    await store.send("keeper", "goods-receipts", receipt, "notify-buyer", {"note": "合格证不符"})
    mine = await store["buyer"].get("/v1/inbox")
    assert any("待您答复" in one["subject"]["zh"] for one in mine.json()["items"])
    answer = {"disposal": "concession", "note": "急用"}
    problem_of(
        await store["buyer"].post(f"/v1/goods-receipts/{receipt}/answer-rejection", answer), 409, "no_concession"
    )
    await store.send("buyer", "goods-receipts", receipt, "answer-rejection", {"disposal": "replace", "note": "换货"})
    replacement = {"lot": "L2-2", "quantity": 40, "certificate": "合格证-2"}
    event = await store.send("keeper", "goods-receipts", receipt, "receive-replacement", replacement)
    [again] = await store.read("/v1/goods-receipts", awaiting="inspection")
    assert (again["receipt_id"], again["replaces"]) == (event["receipt_id"], receipt)
    await store.stored()
    await store.deliver("L5", supplier="另一公司")
    [supplier] = await store.read("/v1/reports/rejected-deliveries", **{"from": "2026-03"})
    kept = {key: supplier[key] for key in ("supplier", "deliveries", "failed", "replaced", "unsettled", "rate")}
    assert kept == {
        "supplier": "洁净用品公司",
        "deliveries": 3,
        "failed": 1,
        "replaced": 1,
        "unsettled": 0,
        "rate": "33.3",
    }
    both = await store.read("/v1/reports/rejected-deliveries", **{"from": "2026-03", "all": "true"})
    assert [one["supplier"] for one in both] == sorted(("洁净用品公司", "另一公司"), key=lambda name: name.encode())
    [rejected] = await store.read("/v1/goods-receipts", rejected="true", supplier="洁净用品公司")
    assert (rejected["receipt_id"], rejected["disposal"], rejected["reasons"]) == (receipt, "replace", ["certificate"])


@pytest.mark.clause("R15.6")
async def test_the_receipt_form_is_printed_with_its_number(store: Store) -> None:
    """QR-019-01 as a page, with a number of its own, the rule version and the boxes where people sign."""
    receipt = await store.deliver()
    await store.inspect(receipt)
    [form] = await store.read("/v1/documents", subject_id=receipt)
    assert form["kind"] == "goods_receipt_form"
    page = await store["keeper"].get(f"/v1/documents/{form['document_id']}/html")
    assert page.status_code == 200, page.text
    for words in ("进货验收单", "QR-019-01", "验〔2026〕1号", "平板拖把", "仓库管理员", "抽5把"):
        assert words in page.text, words
    pdf = await store["keeper"].get(f"/v1/documents/{form['document_id']}/pdf")
    assert pdf.content.startswith(b"%PDF")


@pytest.mark.clause("R15.5.2")
async def test_two_at_once_never_take_more_than_there_is(store: Store) -> None:
    """Ten ask for six of forty at the same time: six get them, four are refused with the clause."""
    await store.stored(40)
    issue = {"quantity": 6, "recipient": "保洁组", "purpose": "保洁"}
    path = f"/v1/goods-stocks/{store.stock}/issue-goods"
    answers = await asyncio.gather(*(store["keeper"].post(path, issue) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] * 6 + [409] * 4
    for answer in answers:
        if answer.status_code == 409:
            assert problem_of(answer, 409, "stock_too_small")["clause"] == "R15.5.2"
    await store.settle()
    [stock] = await store.read("/v1/goods-stocks")
    assert (stock["on_hand"], stock["issued"]) == (4, 36)


@pytest.mark.clause("R15.5.2")
async def test_a_lot_is_stored_once_however_many_ask_and_never_while_it_is_judged(store: Store) -> None:
    """Before the verdict storing is refused; of those who store what passed one is first and the others are refused."""
    receipt = await store.deliver()
    await store.send("inspector", "goods-receipts", receipt, "draw-sample")
    for check in CHECKS:
        body = {"check": check["code"], "conforming": check["code"] != "kind"}
        await store.send("inspector", "goods-receipts", receipt, "record-check", body)
    path = f"/v1/goods-receipts/{receipt}"
    racing = [store["keeper"].post(f"{path}/store-goods", {}) for _ in range(4)]
    verdict, *answers = await asyncio.gather(store["inspector"].post(f"{path}/conclude-inspection", {}), *racing)
    assert verdict.status_code == 200
    assert {problem_of(answer, 409)["code"] for answer in answers} == {"not_passed"}
    good = await store.deliver("L2")
    await store.inspect(good)
    racing = [store["keeper"].post(f"/v1/goods-receipts/{good}/store-goods", {}) for _ in range(4)]
    answers = await asyncio.gather(*racing)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    await store.settle()
    [stock] = await store.read("/v1/goods-stocks")
    assert stock["stored"] == 40


@pytest.mark.clause("R15.5.2")
async def test_each_does_what_his_role_may_and_nobody_judges_what_he_bought(store: Store, api: Api) -> None:
    """Wrong roles 403, the buyer as inspector 403, bad bodies 422, wrong status 409, a stranger's ids 404."""
    receipt = await store.deliver()
    path = f"/v1/goods-receipts/{receipt}"
    problem_of(await store["buyer"].post(f"{path}/draw-sample", {}), 403, "forbidden")
    problem_of(await store["inspector"].post(f"{path}/store-goods", {}), 403, "forbidden")
    problem_of(await store["keeper"].post(f"{path}/record-check", {"check": "kind", "conforming": True}), 403)
    both = await api.member(store.admin, "goods_inspector", "buyer")
    own = {"supplier": "供货单位", "buyer": str(both.member), "lot": "L9", "quantity": 5}
    event = await store.send("keeper", "purchased-goods", store.good, "register-delivery", own)
    mine = f"/v1/goods-receipts/{event['delivery']['receipt_id']}/draw-sample"
    problem_of(await both.post(mine, {}), 403, "own_purchase")
    inspector = store["inspector"]
    problem_of(
        await inspector.post(f"{path}/record-check", {"check": "smell", "conforming": True}), 422, "no_such_check"
    )
    problem_of(await inspector.post(f"{path}/draw-sample", {"seed": "zz"}), 422)
    problem_of(await inspector.post(f"{path}/conclude-inspection", {}), 409, "checks_missing")
    problem_of(await store["keeper"].post(f"{path}/record-return", {"reference": "退-1"}), 409, "wrong_status")
    nothing = {"supplier": "供货单位", "buyer": str(both.member), "lot": "L9", "quantity": 0}
    problem_of(await store["keeper"].post(f"/v1/purchased-goods/{store.good}/register-delivery", nothing), 422)
    stranger = await api.member(await api.tenant(), "storekeeper", "goods_inspector")
    await settle(api.desk.runtime, stranger.tenant)
    problem_of(await stranger.post(f"{path}/draw-sample", {}), 404, "not_found")
    problem_of(await stranger.get(path), 404, "not_found")
    issue = {"quantity": 1, "recipient": "某", "purpose": "某"}
    problem_of(await stranger.post(f"/v1/goods-stocks/{store.stock}/issue-goods", issue), 404, "not_found")
    for listed in ("/v1/goods-receipts", "/v1/goods-stocks", "/v1/reports/rejected-deliveries"):
        assert (await stranger.get(listed)).json()["items"] == [], listed


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("/v1/purchased-goods", {"status": "gone"}, "/status"),
        ("/v1/goods-receipts", {"awaiting": "rain"}, "/awaiting"),
        ("/v1/goods-receipts", {"good": "mop"}, "/good"),
        ("/v1/reports/rejected-deliveries", {"from": "2026-03", "to": "2026-02"}, "/to"),
        ("/v1/reports/rejected-deliveries", {"from": "2020-01", "to": "2029-01"}, "/to"),
        ("/v1/goods-stocks", {"good": "mop"}, "/good"),
    ],
)
async def test_a_question_that_makes_no_sense_is_told_so(store: Store, path: str, query: dict, field: str) -> None:
    """400 with the parameter that does not fit."""
    problem = problem_of(await store["keeper"].get(path, params=query), 400, "bad_parameter")
    assert problem["field"] == field
