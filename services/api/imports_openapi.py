"""How imports and templates stand in the OpenAPI document: bodies that are files, not JSON."""

from dataclasses import dataclass

from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Parameter, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

_FILE = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class ImportOperation(Operation):
    """Takes a file."""

    def __post_init__(self) -> None:
        """Add what the handler reads from the request itself."""
        form = Schema(type=OpenAPIType.OBJECT, properties={"file": _FILE}, required=["file"])
        self.request_body = RequestBody(
            required=True,
            content={
                "text/csv": OpenAPIMediaType(schema=_FILE),
                _XLSX: OpenAPIMediaType(schema=_FILE),
                "multipart/form-data": OpenAPIMediaType(schema=form),
            },
        )
        text = Schema(type=OpenAPIType.STRING)
        self.parameters = [
            *(self.parameters or []),
            Parameter(
                name="dry_run",
                param_in="query",
                description="Add nothing; tell what an import would do.",
                schema=Schema(type=OpenAPIType.BOOLEAN, default=False),
            ),
            Parameter(
                name="lang",
                param_in="query",
                description="The language of `message`; else Accept-Language says it.",
                schema=Schema(type=OpenAPIType.STRING, enum=["zh", "en"]),
            ),
            Parameter(name="Idempotency-Key", param_in="header", schema=text, description="Kept 72 h."),
            Parameter(name="If-Match", param_in="header", schema=text, description="The version you have seen."),
        ]


@dataclass
class FeeImportOperation(ImportOperation):
    """Takes a file for the accounts of a project."""

    def __post_init__(self) -> None:
        """Say which project; no key is needed, for a row is booked once anyway."""
        super().__post_init__()
        kept = [each for each in self.parameters or [] if getattr(each, "name", "") in {"dry_run", "lang"}]
        project = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.UUID)
        described = "The project whose accounts the rows belong to."
        self.parameters = [
            *kept,
            Parameter(name="project_id", param_in="query", required=True, description=described, schema=project),
        ]


@dataclass
class TemplateOperation(Operation):
    """Answers a file."""

    def __post_init__(self) -> None:
        """Say that the answer is a file."""
        for response in (self.responses or {}).values():
            if isinstance(response, OpenAPIResponse) and response.content:
                response.content = {media_type: OpenAPIMediaType(schema=_FILE) for media_type in response.content}
