"""The OpenAPI document is committed, complete and sound."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from services.api.app import create_litestar, routes
from services.api.golden import GOLDEN, current
from services.api.openapi import document
from services.api.requests import Desk
from services.settings import Settings
from tests.services.conftest import Api

NOWHERE = Settings(database_url="", redis_url="redis://127.0.0.1")
UNDOCUMENTED = {
    *("/openapi.json", "/b/{token}"),
    *("/d/{code}", "/prices/{slug}"),
    *("/r/{slug}", "/r/{slug}/complaints", "/r/{slug}/accountability-reports"),
    *("/receipt", "/receipt/additions", "/receipt/ratings", "/receipt/identity"),
    "/a/{slug}/{project_id}",
}
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """Today's document."""
    return document(routes(Desk(NOWHERE)))


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            assert method in METHODS
            yield path, method, operation


def _routed() -> set[tuple[str, str]]:
    return {
        (re.sub(r":\w+}", "}", route.path_format), method.lower())
        for route in create_litestar(Desk(NOWHERE)).routes
        for method in route.methods  # type: ignore[union-attr]
        if method != "OPTIONS"
    }


def test_the_committed_document_is_todays():
    """A change of the surface shows in review, because it changes this file."""
    assert GOLDEN.read_bytes() == current(), "run `make openapi` and look at the difference"


async def test_the_served_document_is_the_committed_one(api: Api):
    """What a client reads is what was reviewed."""
    served = await api.http.get("/openapi.json")

    assert served.status_code == 200
    assert served.content == GOLDEN.read_bytes()


def test_every_route_is_documented_and_every_operation_routed(described: dict[str, Any]):
    """Nothing is served in secret, and nothing is promised that is not there."""
    documented = {(path, method) for path, method, _ in _operations(described)}

    routed = _routed()
    assert {(path, method) for path, method in routed if path not in UNDOCUMENTED} == documented
    assert {path for path, _ in routed} >= UNDOCUMENTED


def test_every_reference_resolves(described: dict[str, Any]):
    """Each ``$ref`` names a part of the document."""

    def references(part: object) -> Iterator[str]:
        if isinstance(part, dict):
            if isinstance(part.get("$ref"), str):
                yield part["$ref"]
            for inner in part.values():
                yield from references(inner)
        elif isinstance(part, list):
            for inner in part:
                yield from references(inner)

    found = set(references(described))
    assert len(found) > 50
    for reference in found:
        part: Any = described
        for step in reference.removeprefix("#/").split("/"):
            part = part[step.replace("~1", "/").replace("~0", "~")]
        assert isinstance(part, dict)


def test_operations_are_named_once_and_complete(described: dict[str, Any]):
    """Each has an identifier of its own, a summary, a success, and every problem as problem+json."""
    names = [operation["operationId"] for _, _, operation in _operations(described)]

    assert len(names) == len(set(names))
    for _, _, operation in _operations(described):
        assert operation["summary"]
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers)
        for status in ("400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "429", "500", "503"):
            assert list(answers[status]["content"]) == ["application/problem+json"]


def test_every_path_parameter_is_declared(described: dict[str, Any]):
    """Those in the address, each once and required; and no others."""
    for path, _, operation in _operations(described):
        declared = [p for p in operation.get("parameters", ()) if p["in"] == "path"]
        assert sorted(p["name"] for p in declared) == sorted(re.findall(r"{(\w+)}", path))
        assert all(p["required"] for p in declared)
        named = [(p["in"], p["name"]) for p in operation.get("parameters", ())]
        assert len(named) == len(set(named))


def test_every_operation_that_takes_something_says_what(described: dict[str, Any]):
    """Each POST has a body whose schema is there; commands forbid fields they do not know."""
    for path, method, operation in _operations(described):
        if method != "post":
            assert "requestBody" not in operation
            continue
        content = operation["requestBody"]["content"]
        if "import-" in path or path == "/v1/files":
            assert all(one["schema"] for one in content.values())
            continue
        reference = content["application/json"]["schema"]["$ref"]
        schema = described["components"]["schemas"][reference.rsplit("/", 1)[1]]
        assert schema["type"] == "object"
        assert schema["additionalProperties"] is False


def test_the_document_is_openapi_3_1(described: dict[str, Any]):
    """The members that the specification asks for are there, and the credential is described."""
    assert described["openapi"].startswith("3.1.")
    assert described["info"].keys() >= {"title", "version"}
    assert described["security"] == [{"bearer": []}]
    assert described["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    for path, method, operation in _operations(described):
        assert path.startswith("/")
        for parameter in operation.get("parameters", ()):
            assert parameter.keys() >= {"name", "in", "schema"}, (path, method)
        for answer in operation["responses"].values():
            assert "description" in answer
    assert re.fullmatch(rb"[\x20-\x7e\n\x80-\xff]*", msgspec.json.encode(described))


def test_what_needs_no_credential_says_so(described: dict[str, Any]):
    """Signing in, ballots, papers by code, calendars, price lists, the anonymous channel, health, metrics."""
    public = {path for path, _, operation in _operations(described) if operation.get("security") == []}

    assert public == {
        *("/healthz", "/readyz", "/metrics", "/v1/sessions", "/v1/platform/sessions", "/v1/ballots/{token}"),
        *("/v1/documents/verify/{code}", "/v1/price-lists/{slug}"),
        *("/v1/anonymous/{slug}", "/v1/anonymous/{slug}/complaints", "/v1/anonymous/{slug}/accountability-reports"),
        *("/feeds/{token}", "/v1/receipt", "/v1/receipt/additions", "/v1/receipt/ratings", "/v1/receipt/identity"),
        "/v1/public-accounts/{slug}/{project_id}",
    }
