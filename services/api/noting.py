"""Notes a reading that a request made; the reader's transaction must not be read only."""

from uuid import UUID

from projections.access_log import What
from services.api.requests import Desk, HttpRequest, Reader
from services.runtime.access_log import note


async def noted(  # noqa: PLR0913 - who read what, and by which request
    desk: Desk,
    request: HttpRequest,
    reader: Reader,
    what: What,
    *,
    noun: str,
    stream: UUID | None = None,
    detail: str = "",
) -> None:
    """Note that the request's principal read something; see `services.runtime.access_log.note`."""
    await note(
        reader.connection,
        reader.tenant,
        reader.principal.actor,
        desk.runtime.clock(),
        what,
        noun=noun,
        stream=stream,
        detail=detail,
        correlation=request.scope["state"]["correlation"],
    )
