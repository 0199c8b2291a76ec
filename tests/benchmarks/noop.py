"""What the API is compared with over HTTP: a Litestar application that does nothing."""

from litestar import Litestar, post


@post("/noop")
async def noop() -> None:
    """Answer."""


app = Litestar([noop], logging_config=None, openapi_config=None)
