"""What people without an account see: a ballot, and the shell of every such page, in Chinese and English."""

import html
from typing import TYPE_CHECKING

from litestar import Response

from domain.kernel import Text

if TYPE_CHECKING:
    from services.api.ballots import BallotInvitation

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_SHELL = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
label {{ display: block; margin-top: 1rem; font-weight: 600 }}
input, textarea {{ font: inherit; width: 100%; box-sizing: border-box; padding: .4rem }}
button {{ font: inherit; margin-top: 1.2rem; padding: .5rem 1.5rem }}
.en {{ color: #666; font-weight: 400; font-size: .9em }} .wrong {{ color: #a00 }}
</style></head><body>{body}</body></html>"""


def form_page(invitation: "BallotInvitation", *, invalid: bool = False) -> Response[bytes]:
    """The ballot to fill in."""
    project, contractor, month = (
        html.escape(text) for text in (invitation.project, invitation.contractor, invitation.month)
    )
    wrong = '<p class="wrong">请填写 0 至 100 的分数。 <span class="en">Enter a score from 0 to 100.</span></p>'
    body = f"""<h1>服务满意度测评 <span class="en">Satisfaction ballot</span></h1>
<p>{project} · {contractor} · {month}</p>
{wrong if invalid else ""}
<form method="post">
<label for="score">评分（0–100） <span class="en">Score</span></label>
<input id="score" name="score" type="number" min="0" max="100" step="0.01" required>
<label for="comment">意见 <span class="en">Comment, optional</span></label>
<textarea id="comment" name="comment" rows="4" maxlength="1000"></textarea>
<button>提交 · Submit</button></form>
<p class="en">本链接只能使用一次，不记录您的身份。 This link works once; who you are is not recorded.</p>"""
    return public_page("服务满意度测评", body, 422 if invalid else 200)


def message_page(text: Text | None, status: int) -> Response[bytes]:
    """Thanks, or why the ballot could not be taken."""
    shown = text or Text("已收到您的评分，谢谢", "Your ballot has been counted. Thank you.")
    body = f"<h1>{html.escape(shown.zh)}</h1><p class='en'>{html.escape(shown.en)}</p>"
    return public_page(shown.zh, body, status)


def public_page(title: str, body: str, status: int) -> Response[bytes]:
    """A page for people without an account; ``body`` is markup, everything in it escaped already."""
    content = _SHELL.format(title=html.escape(title), body=body).encode()
    return Response(content, status_code=status, media_type="text/html", headers=_HEADERS)
