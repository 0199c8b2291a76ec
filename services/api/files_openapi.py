"""How files stand in the OpenAPI document: bodies and answers that are not JSON."""

from dataclasses import dataclass

from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from services.files.sniffing import MEDIA_TYPES

_FILE = Schema(type=OpenAPIType.STRING, content_media_type="application/octet-stream")


@dataclass
class UploadOperation(Operation):
    """Takes a file as the body itself."""

    def __post_init__(self) -> None:
        """Add what the handler reads from the request itself."""
        content = {"application/octet-stream": OpenAPIMediaType(schema=_FILE)}
        self.request_body = RequestBody(required=True, content=content, description="The content itself.")


@dataclass
class DownloadOperation(Operation):
    """Answers a file."""

    def __post_init__(self) -> None:
        """Say that the answer is a file, of any type that is taken."""
        content = {media_type: OpenAPIMediaType(schema=_FILE) for media_type in MEDIA_TYPES}
        self.responses = {"200": OpenAPIResponse(description="The content, as an attachment.", content=content)}
