"""Whatever is wrong with a request, the answer is a problem document of the right status, never an internal."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from services.runtime.tokens import KEY_PREFIX, OPERATOR_PREFIX, SESSION_PREFIX, mint
from tests.conftest import TestDatabase
from tests.services.conftest import Api, Caller
from tests.services.crowd import FINDING, PROJECT, adopt, assessment_of, problem_of, register

JSON = {"Content-Type": "application/json"}
DEEP = 100_000


@pytest.fixture
async def registrar(api: Api) -> Caller:
    """Somebody who may register projects."""
    return await api.member(await api.tenant(), "registrar", "assessor")


def _body(**fields: str) -> bytes:
    """A project's JSON with some fields written raw."""
    raw = {
        "name": '"东校区"',
        "contractor": '"Acme"',
        "agreed_deposit_fen": "10000000",
        "contract_from": '"2026-03-01"',
        "contract_to": '"2027-02-28"',
        "starts_month": '"2026-03"',
        **fields,
    }
    return ("{" + ",".join(f'"{name}":{value}' for name, value in raw.items()) + "}").encode(errors="surrogatepass")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed_json"),
        (b" ", "malformed_json"),
        (b"{", "malformed_json"),
        (_body() + b"x", "malformed_json"),
        (_body() + b" {}", "malformed_json"),
        (b"\xef\xbb\xbf{}", "malformed_json"),
        (b"{'name': 1}", "malformed_json"),
        (b'{"name": "\x00"}', "malformed_json"),
        (b"\x00", "malformed_json"),
        (_body(name='"\\ud800"'), "malformed_json"),
        (_body(name='"\\udc00\\ud800"'), "malformed_json"),
        (_body(name='"\ud800"'), "malformed_utf8"),
        (_body(name='"\\u0000"'), "nul_character"),
        (_body(name='"a\\\\\\u0000"'), "nul_character"),
        (b'{"name": "\xff\xfe"}', "malformed_utf8"),
        (b'{"name": "\xc0\xaf"}', "malformed_utf8"),
        (_body(agreed_deposit_fen="NaN"), "malformed_json"),
        (_body(agreed_deposit_fen="Infinity"), "malformed_json"),
        (_body(agreed_deposit_fen="01"), "malformed_json"),
        (b"[" * DEEP, "too_deep"),
        (b"[" * DEEP + b"]" * DEEP, "too_deep"),
        (b'{"a":' * DEEP + b"1" + b"}" * DEEP, "too_deep"),
        (b'{"name":' + b"[" * 41 + b"]" * 41 + b"}", "too_deep"),
        (b"[{" * DEEP, "too_deep"),
    ],
)
async def test_a_body_that_can_not_be_read(registrar: Caller, body: bytes, code: str) -> None:
    """400: no JSON, no UTF-8, NUL raw or escaped, a lone surrogate, nesting without end."""
    answer = await registrar.post("/v1/property-projects", content=body, headers=JSON)

    found = problem_of(answer, 400)
    assert found["code"] in {code, "malformed_json" if code == "malformed_utf8" else code}


async def test_brackets_and_escapes_inside_text_are_text(registrar: Caller) -> None:
    """A backslash before u0000, and a name full of brackets, are as good as any other."""
    for name in ('"a\\\\u0000"', '"' + "[{" * 50 + '"', '"\\ud83d\\ude00"'):
        answer = await registrar.post("/v1/property-projects", content=_body(name=name), headers=JSON)
        assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (b"[]", "invalid_value", "/"),
        (b"null", "invalid_value", "/"),
        (b'"x"', "invalid_value", "/"),
        (b"{}", "missing_field", "/name"),
        (_body(extra="1"), "unknown_field", "/extra"),
        (_body(type='"property_project.registered"'), "unknown_field", "/type"),
        (_body(tenant_id='"x"'), "unknown_field", "/tenant_id"),
        (_body(name="1"), "invalid_value", "/name"),
        (_body(name='""'), "invalid_value", "/name"),
        (_body(name="null"), "invalid_value", "/name"),
        (_body(name='"' + "长" * 121 + '"'), "invalid_value", "/name"),
        (_body(agreed_deposit_fen='"1"'), "invalid_value", "/agreed_deposit_fen"),
        (_body(agreed_deposit_fen="1.5"), "invalid_value", "/agreed_deposit_fen"),
        (_body(agreed_deposit_fen="true"), "invalid_value", "/agreed_deposit_fen"),
        (_body(agreed_deposit_fen="-1"), "invalid_value", "/agreed_deposit_fen"),
        (_body(agreed_deposit_fen="9223372036854775808"), "invalid_value", "/agreed_deposit_fen"),
        (_body(agreed_deposit_fen="9" * 30), "invalid_value", "/agreed_deposit_fen"),
        (_body(agreed_deposit_fen="1e999999"), "invalid_value", "/agreed_deposit_fen"),
        (_body(contract_from='"2026-02-30"'), "invalid_value", "/contract_from"),
        (_body(contract_from='"2026-03-01T00:00:00Z"'), "invalid_value", "/contract_from"),
        (_body(starts_month='"2026-13"'), "invalid_value", "/starts_month"),
        (_body(starts_month='"2026-03\\n"'), "invalid_value", "/starts_month"),
    ],
)
async def test_a_value_that_does_not_fit(registrar: Caller, body: bytes, code: str, field: str) -> None:
    """422 with a pointer at the field: unknown, missing, of the wrong type, empty, too long, out of bounds."""
    answer = await registrar.post("/v1/property-projects", content=body, headers=JSON)

    if answer.status_code == 400:  # a number too large for any type is as good as none
        problem_of(answer, 400, "malformed_json")
    else:
        assert problem_of(answer, 422, code)["field"] == field


@pytest.fixture
async def month(api: Api, registrar: Caller) -> str:
    """The address of an open assessment."""
    from services.worker.settling import settle  # noqa: PLC0415 - only what needs an assessment needs the worker

    admin = await api.tenant()
    registrar.tenant, registrar.slug = admin.tenant, admin.slug
    there = await api.member(admin, "registrar", "assessor")
    registrar.token, registrar.member = there.token, there.member
    await adopt(admin)
    project = await register(registrar)
    await registrar.post(f"/v1/property-projects/{project}/open-month", {"month": "2026-03"})
    await settle(api.desk.runtime, admin.tenant)
    return f"/v1/assessments/{assessment_of(project)}"


@pytest.mark.parametrize(
    "score",
    ['"NaN"', '"sNaN"', '"Infinity"', '"-Infinity"', '"1e999999"', '"1e-999999"', '"-0.01"', '"100.01"', '""', '"x"',
     "1e400", "-1", "101", "null", "[]", '"0.' + "1" * 5000 + '"', '"0.12345"', "9" * 5000],
)  # fmt: skip
async def test_a_score_is_a_finite_number_in_bounds(registrar: Caller, month: str, score: str) -> None:
    """Decimals as text or number: not finite, out of range or of absurd precision is refused."""
    body = f'{{"group": "staff", "score": {score}}}'.encode()

    answer = await registrar.post(f"{month}/cast-ballot", content=body, headers=JSON)

    problem_of(answer, 400 if answer.status_code == 400 else 422)
    assert "NaN" not in (await registrar.get(month)).text


@pytest.mark.parametrize("instant", ["2026-03-20T00:00:00", "2026-03-20", "2026-03-20T00:00:00+99:00", "1e9"])
async def test_an_instant_needs_its_offset(registrar: Caller, month: str, instant: str) -> None:
    """A naive time is refused where an instant is asked for."""
    body = {"group": "staff", "count": 1, "expires_at": instant}

    assert problem_of(await registrar.post(f"{month}/ballot-links", body), 422)


@pytest.mark.parametrize("count", [0, 1001, -1, 2**63, 2**64, 10**40])
async def test_a_count_is_in_bounds(registrar: Caller, month: str, count: int) -> None:
    """Also beyond what 64 bits hold."""
    answer = await registrar.post(f"{month}/record-finding", {**FINDING, "count": count})

    assert problem_of(answer, 422, "invalid_value")


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/xml", "application/jsonx", "multipart/form-data; boundary=x",
     "application/x-www-form-urlencoded", "application/json; charset=latin-1", "application/json; charset=utf-16",
     "application/json;charset=gbk", "json", "application/json, text/plain"],
)  # fmt: skip
async def test_a_body_that_is_not_json_by_its_own_word(registrar: Caller, content_type: str | None) -> None:
    """415 for a missing or other media type, and for another charset."""
    headers = {} if content_type is None else {"Content-Type": content_type}

    answer = await registrar.post("/v1/property-projects", content=_body(), headers=headers)

    assert problem_of(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "Application/JSON", "application/json; charset=UTF-8", 'application/json;charset="utf-8"'],
)
async def test_json_in_utf8_in_any_spelling(registrar: Caller, content_type: str) -> None:
    """Media types and charsets are the same in any case."""
    answer = await registrar.post("/v1/property-projects", content=_body(), headers={"Content-Type": content_type})

    assert answer.status_code == 201


async def test_a_body_too_large(api: Api, registrar: Caller) -> None:
    """413, told by its length or found out on the way."""
    most = api.desk.settings.max_body_bytes
    large = _body(name='"' + "x" * most + '"')

    async def pieces() -> Any:
        for start in range(0, len(large), 65_536):
            yield large[start : start + 65_536]

    for content in (large, pieces()):
        answer = await registrar.post("/v1/property-projects", content=content, headers=JSON)
        assert problem_of(answer, 413, "body_too_large")


def _forged(prefix: str, tenant: Any, *more: Any) -> str:
    return mint(prefix, tenant, *more)[0]


async def test_without_a_valid_credential(api: Api, registrar: Caller) -> None:
    """401, alike for none, malformed, unknown and foreign ones, on reads and on commands."""
    good = registrar.token
    operator = mint(OPERATOR_PREFIX)[0]
    headers: list[dict[str, str]] = [
        {},
        *(
            {"Authorization": text}
            for text in (
                "",
                "Bearer",
                "Bearer ",
                f"Basic {good}",
                good,
                f"Bearer {good}x",
                f"Bearer {good[:-1]}",
                f"Bearer {good} {good}",
                f"Bearer {_forged(SESSION_PREFIX, registrar.tenant)}",
                f"Bearer {_forged(SESSION_PREFIX, uuid4())}",
                f"Bearer {_forged(KEY_PREFIX, registrar.tenant, uuid4())}",
                f"Bearer {_forged(KEY_PREFIX, registrar.tenant)}",
                f"Bearer {_forged(SESSION_PREFIX, registrar.tenant, uuid4())}",
                f"Bearer {operator}",
                "Bearer ....",
                "Bearer " + "x" * 5000,
                f"Bearer kss.{'0' * 32}.é",
            )
        ),
    ]
    for sent in headers:
        raw = {name: value.encode("latin-1") for name, value in sent.items()}
        for answer in (
            await api.http.get("/v1/me", headers=raw),  # type: ignore[arg-type]
            await api.http.post("/v1/property-projects", json=PROJECT, headers=raw),  # type: ignore[arg-type]
        ):
            found = problem_of(answer, 401, "unauthenticated")
            assert answer.headers["www-authenticate"] == "Bearer"
            assert found.keys() == {
                "type",
                "title",
                "status",
                "code",
                "detail",
                "detail_en",
                "instance",
                "correlation_id",
            }


@pytest.mark.parametrize(
    "path",
    ["/", "/v1", "/v1/", "/v2/me", "/v1/nothing", "/v1/assessment", "/favicon.ico", "/.env", "/v1/me/", "//v1/me",
     "/v1//me", "/v1/property-projects/%00", "/v1/property-projects/%ff%fe", "/v1/property-projects/..%2f..%2fetc",
     "/v1/property-projects/%ED%A0%80", "/v1/%", "/v1/%zz", "/v1/property-projects/not-an-id",
     "/v1/property-projects/00000000-0000-0000-0000-00000000000g", "/v1/property-projects/" + "a" * 60_000,
     "/schema", "/docs", "/openapi.yaml"],
)  # fmt: skip
async def test_nothing_at_an_address(registrar: Caller, path: str) -> None:
    """404 for an unknown address, an id that is none, percent-encoded garbage and an endless address."""
    answer = await registrar.get(path)

    if answer.status_code == 200:
        assert path in ("/v1/me/", "//v1/me", "/v1//me")  # the router forgives doubled and trailing slashes
    else:
        assert problem_of(answer, 404)["code"] == "not_found"


async def test_an_id_that_is_none_looks_like_one_that_does_not_exist(registrar: Caller) -> None:
    """The same status and shape, on reads and commands."""
    for path, post in (("", False), ("/history", False), ("/open-month", True)):
        known = set()
        for stream in (uuid4(), "x", "123", "{" + str(uuid4()) + "}", "%00"):
            at = f"/v1/property-projects/{stream}{path}"
            answer = await (registrar.post(at, {"month": "2026-03"}) if post else registrar.get(at))
            known.add((answer.status_code, *sorted(problem_of(answer, 404, "not_found"))))
        assert len(known) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/v1/property-projects"), ("DELETE", "/v1/property-projects"), ("PATCH", "/v1/me"), ("POST", "/v1/me"),
     ("GET", "/v1/sessions"), ("TRACE", "/v1/me"), ("BREW", "/v1/me"), ("POST", "/healthz"), ("PUT", "/b/x"),
     ("GET", "/v1/property-projects/x/open-month")],
)  # fmt: skip
async def test_a_method_that_an_address_does_not_take(api: Api, registrar: Caller, method: str, path: str) -> None:
    """405 with what it does take."""
    answer = await api.http.request(method, path, headers={"Authorization": f"Bearer {registrar.token}"})

    problem_of(answer, 405, "method_not_allowed")
    assert set(answer.headers["allow"].replace(" ", "").split(",")) >= {"OPTIONS"}


async def test_options_and_head(api: Api) -> None:
    """OPTIONS says what an address takes; HEAD is answered without a body or as a problem, never as an internal."""
    options = await api.http.options("/v1/property-projects")
    head = await api.http.head("/v1/me")

    assert (options.status_code, "POST" in options.headers["allow"]) == (204, True)
    assert head.status_code in (401, 405)
    assert head.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("accept", ["text/html", "image/png", "*/*", "", "garbage;;q=x"])
async def test_never_html_nor_plain_text(registrar: Caller, accept: str) -> None:
    """Whatever a client would rather have."""
    assert problem_of(await registrar.get("/v1/nothing", headers={"Accept": accept}), 404)


async def test_repeated_headers_do_not_confuse(api: Api, registrar: Caller) -> None:
    """Two credentials, two keys or two content types: one is taken or the request is refused, in order."""
    for doubled in (
        [(b"authorization", f"Bearer {registrar.token}".encode()), (b"authorization", b"Bearer x")],
        [
            (b"authorization", f"Bearer {registrar.token}".encode()),
            (b"idempotency-key", b"a"),
            (b"idempotency-key", b"b c"),
        ],
        [(b"authorization", f"Bearer {registrar.token}".encode()), (b"if-match", b'"1"'), (b"if-match", b"x")],
        [(b"authorization", f"Bearer {registrar.token}".encode()), (b"content-type", b"text/plain")],
    ):
        headers = httpx.Headers([(b"content-type", b"application/json"), *doubled])
        answer = await api.http.post("/v1/property-projects", content=_body(), headers=headers)
        assert answer.status_code in (201, 400, 401, 412, 415), answer.text
        if answer.status_code != 201:
            problem_of(answer, answer.status_code)


@pytest.mark.parametrize("position", ["", "-1", "1.5", "x", "²", "9223372036854775808", "9" * 6000, " 1 2"])
async def test_a_position_is_a_whole_number(registrar: Caller, position: str) -> None:
    """A header that can't be read is refused on reads and on commands."""
    headers = {"Kaohe-Min-Position": position.encode("latin-1")}

    for answer in (
        await registrar.get("/v1/me", headers=headers),
        await registrar.post("/v1/property-projects", PROJECT, headers=headers),
    ):
        assert problem_of(answer, 400, "bad_position")


async def test_a_position_out_of_reach_is_not_waited_for_forever(registrar: Caller) -> None:
    """503 and when to try again, after a few seconds."""
    answer = await registrar.get("/v1/me", headers={"Kaohe-Min-Position": str(2**62)})

    problem_of(answer, 503, "position_not_reached")
    assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize(("sent", "kept"), [("case-1.a:b_2", True), ("x" * 65, False), ("a b", False), ("<x>", False)])
async def test_the_correlation_id_is_echoed_if_it_is_plain(api: Api, sent: str, kept: bool) -> None:
    """On success and on problems; anything odd is replaced, so that logs stay logs."""
    for path in ("/healthz", "/v1/me"):
        answer = await api.http.get(path, headers={"Kaohe-Correlation-Id": sent})
        assert (answer.headers["kaohe-correlation-id"] == sent) is kept
        assert len(answer.headers.get_list("kaohe-correlation-id")) == 1


async def test_a_failure_of_ours_shows_nothing_of_ours(api: Api, module_database: TestDatabase) -> None:
    """500 as a problem: no table, no statement, no trace; and the service goes on."""
    admin = await api.tenant()
    with psycopg.connect(module_database.owner_url, autocommit=True) as owner:
        owner.execute("alter table kaohe.api_keys rename to mislaid")
        try:
            answer = await admin.get("/v1/me/api-keys")
        finally:
            owner.execute("alter table kaohe.mislaid rename to api_keys")

    problem = problem_of(answer, 500, "internal")
    assert problem.keys() == {"type", "title", "status", "code", "detail", "detail_en", "instance", "correlation_id"}
    for internal in ("api_keys", "select", "asyncpg", "Traceback", ".py", "UndefinedTable"):
        assert internal not in answer.text.replace("/v1/me/api-keys", "")
    assert (await admin.get("/v1/me/api-keys")).status_code == 200


async def test_a_refusal_names_clause_code_and_both_languages(api: Api, registrar: Caller) -> None:
    """What a rule refuses carries the rule."""
    at = f"/v1/property-projects/{await register(registrar)}/open-month"

    problem = problem_of(await registrar.post(at, {"month": "2026-03"}), 409, "rules_not_adopted")

    assert problem["clause"] == "R14.6"
    assert problem["detail"] != problem["detail_en"]


async def test_more_readers_than_connections_after_a_change(api: Api) -> None:
    """When the configuration changed, everybody reads it anew; none waits for a connection while holding one."""
    admin = await api.tenant()
    await api.member(admin, "auditor")

    answers = await asyncio.wait_for(
        asyncio.gather(*(admin.get("/v1/me") for _ in range(api.desk.settings.pool_size * 4))), 20
    )

    assert {answer.status_code for answer in answers} == {200}
