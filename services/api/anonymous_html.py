"""How the pages of the anonymous channel look: Chinese first, then English."""

import html

from litestar import Response

from domain.kernel import Text
from services.anonymous.forms import MAX_FILES
from services.anonymous.telling import Message, ReportView
from services.api.anonymous import NewReceipt, Offer

_SHELL = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><title>{title}</title>
<style>
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 2rem auto; padding: 0 1rem; color: #222 }}
label {{ display: block; margin-top: 1rem; font-weight: 600 }}
input, textarea, select {{ font: inherit; width: 100%; box-sizing: border-box; padding: .4rem }}
button {{ font: inherit; margin-top: 1.2rem; padding: .5rem 1.5rem }}
code {{ display: block; padding: .8rem; background: #f3f3f3; overflow-wrap: anywhere; font-size: 1.1rem }}
fieldset {{ margin: 1.5rem 0; border: 1px solid #ccc }}
blockquote {{ white-space: pre-wrap; margin: .3rem 0 1rem 1rem }}
.en {{ color: #666; font-weight: 400; font-size: .9em }}
</style></head><body>{body}</body></html>"""
_PROMISE = """<p>无需账号。我们不记录您的网络地址、设备和文件名，图片中的拍摄信息会被清除；时间只记到日。
<span class="en">No account is needed. Your address, device and the names of files are not kept; what pictures carry
besides the picture is removed; of times the day alone is kept.</span></p>
<p class="en">请勿在文字或图片中写出能认出您的内容。
Leave out of words and pictures what you would be recognised by.</p>"""


def door(slug: str, offer: Offer) -> Response[bytes]:
    """What can be reported to an organisation."""
    where = html.escape(slug, quote=True)
    forms = ""
    if offer.complaint_kinds:
        kinds = "".join(
            f'<option value="{html.escape(kind.code, quote=True)}">{_both(kind.label)}</option>'
            for kind in offer.complaint_kinds
        )
        forms += f"""<fieldset><legend>投诉 <span class="en">Complaint</span></legend>
<form method="post" action="/r/{where}/complaints" enctype="multipart/form-data" autocomplete="off">
{_label("kind", "类别", "Kind")}<select id="kind" name="kind" required>{kinds}</select>
{_label("subject", "标题", "Subject")}<input id="subject" name="subject" maxlength="200" required>
{_label("description", "内容", "What happened")}
<textarea id="description" name="description" rows="8" maxlength="4000" required></textarea>
{_label("place", "地点（可不填）", "Place, optional")}<input id="place" name="place" maxlength="200">
{_files()}{_name()}<button>提交投诉 · Complain</button></form></fieldset>"""
    if offer.accountability_grounds:
        forms += f"""<fieldset><legend>举报 <span class="en">Report for accountability</span></legend>
<form method="post" action="/r/{where}/accountability-reports" enctype="multipart/form-data" autocomplete="off">
{_label("matter", "事由", "Matter")}<input id="matter" name="matter" maxlength="200" required>
{_label("account", "经过", "What happened, and who should answer for it")}
<textarea id="account" name="account" rows="8" maxlength="8000" required></textarea>
{_files()}{_name()}<button>提交举报 · Report</button></form></fieldset>"""
    if not forms:
        forms = '<p>目前不接受匿名投诉和举报。 <span class="en">Nothing can be reported here at present.</span></p>'
    body = f"<h1>{html.escape(offer.organisation)}</h1>{_PROMISE}{forms}{_ask_form()}"
    return _page("匿名投诉与举报", body)


def receipt(made: NewReceipt) -> Response[bytes]:
    """The receipt, shown once."""
    body = f"""<h1>已收到 <span class="en">Received</span></h1>
<p>这是您的回执，只显示这一次，请抄下或保存。凭它可以查看答复、补充内容和评价；遗失无法找回。
<span class="en">This is your receipt, shown only now: write it down. With it alone you can read answers, add to the
report and rate. It can not be recovered.</span></p>
<code>{html.escape(made.receipt)}</code>
<p>有效期至 {made.valid_until.isoformat()} <span class="en">Good until the end of that day.</span></p>
<p><a href="/receipt">凭回执查看 · Look by receipt</a></p>"""
    return _page("回执", body)


def ask() -> Response[bytes]:
    """Asks for a receipt."""
    return _page("凭回执查看", f"<h1>凭回执查看 <span class='en'>Look by receipt</span></h1>{_ask_form()}")


def report(text: str, view: ReportView) -> Response[bytes]:
    """A report with its conversation, and what can be done about it."""
    hidden = f'<input type="hidden" name="receipt" value="{html.escape(text, quote=True)}">'
    said = "".join(_message(message) for message in view.messages)
    rating = ""
    if view.may_rate:
        rating = f"""<fieldset><legend>评价 <span class="en">Rate the answer</span></legend>
<form method="post" action="/receipt/ratings" autocomplete="off">{hidden}
{_label("score", "分数", "Score")}<input id="score" name="score" type="number" min="1" max="100" required>
{_label("comment", "意见（可不填）", "Comment, optional")}<input id="comment" name="comment" maxlength="2000">
<button>评价 · Rate</button></form></fieldset>"""
    kept = '<p>您的身份已封存。 <span class="en">Your name lies under seal.</span></p>' if view.identity_sealed else ""
    name = f"""<fieldset><legend>封存身份 <span class="en">Leave your name under seal</span></legend>
<form method="post" action="/receipt/identity" autocomplete="off">{hidden}{_name(required=True)}
<button>封存 · Seal</button></form></fieldset>"""
    body = f"""<h1>{html.escape(view.subject)}</h1>
<p>{_both(view.status_label)} · {view.reported_on.isoformat()}</p>{kept}{said}{rating}
<fieldset><legend>补充 <span class="en">Add to it</span></legend>
<form method="post" action="/receipt/additions" enctype="multipart/form-data" autocomplete="off">{hidden}
{_label("text", "内容", "Text")}<textarea id="text" name="text" rows="6" maxlength="4000" required></textarea>
{_files()}<button>补充 · Add</button></form></fieldset>{name}"""
    return _page("举报进展", body)


def message(text: Text, status: int) -> Response[bytes]:
    """Why something could not be done."""
    return _page(text.zh, f"<h1>{html.escape(text.zh)}</h1><p class='en'>{html.escape(text.en)}</p>", status)


def _message(said: Message) -> str:
    who = "您 · You" if said.by == "reporter" else "答复 · Answer"
    files = f" · {said.files} 个文件 · files" if said.files else ""
    return f"<p><b>{who}</b> {said.said_on.isoformat()}{files}</p><blockquote>{html.escape(said.text)}</blockquote>"


def _ask_form() -> str:
    return f"""<fieldset><legend>已有回执 <span class="en">You have a receipt</span></legend>
<form method="post" action="/receipt" autocomplete="off">
{_label("receipt", "回执", "Receipt")}<input id="receipt" name="receipt" maxlength="300" required>
<button>查看 · Look</button></form></fieldset>"""


def _files() -> str:
    taken = ".jpg,.jpeg,.png,.webp,.txt,.csv"
    label = _label("files", f"图片或纯文本，最多 {MAX_FILES} 个", f"Pictures or plain text, at most {MAX_FILES}")
    return f'{label}<input id="files" name="files" type="file" accept="{taken}" multiple>'


def _name(*, required: bool = False) -> str:
    """Fields for who wants to be known to a custodian, and to nobody else."""
    must = " required" if required else ""
    return f"""<p class="en">愿意让保管员知道您是谁时填写：姓名单独封存，经办人看不到，启封须记录理由。
Only if a custodian may know who you are: it is kept under seal, apart from the report.</p>
{_label("reporter_name", "姓名（可不填）", "Name, optional")}
<input id="reporter_name" name="reporter_name" maxlength="120"{must}>
{_label("reporter_contact", "联系方式（可不填）", "How to reach you, optional")}
<input id="reporter_contact" name="reporter_contact" maxlength="300"{must}>"""


def _label(field: str, zh: str, en: str) -> str:
    return f'<label for="{field}">{zh} <span class="en">{en}</span></label>'


def _both(text: Text) -> str:
    return f"{html.escape(text.zh)} · {html.escape(text.en)}"


def _page(title: str, body: str, status: int = 200) -> Response[bytes]:
    content = _SHELL.format(title=html.escape(title), body=body).encode()
    return Response(content, status_code=status, media_type="text/html")
