"""The page from which a form is copied: one file without any part from elsewhere, so that it opens without a line."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from typing import Final

from conversations.plans import title
from conversations.render import text
from documents.portal_fields import Field

_STYLE: Final = """
body{font:17px/1.45 system-ui,sans-serif;margin:0 auto;max-width:52rem;padding:1rem;color:#111;background:#fff}
h1{font-size:1.4rem;margin:.2rem 0}h2{font-size:1.1rem;margin:1.6rem 0 .3rem;border-bottom:2px solid #999}
.f{display:grid;grid-template-columns:15rem 1fr 6rem;gap:.3rem 1rem;padding:.4rem 0;border-bottom:1px solid #ddd}
.v{font-weight:600;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all}.n{color:#666;font-style:italic}
.t{color:#a3201d;font-weight:600}button{font:inherit;min-height:2.75rem;cursor:pointer}
button.d{background:#d9efdc}.r{font-weight:600;margin:.8rem 0 0}.w{color:#a3201d}
@media(max-width:40rem){.f{grid-template-columns:1fr 6rem}.f>:first-child{grid-column:1/-1}}
"""
# A page opened from disk may lack the clipboard's newer door: then the words are selected and copied as by hand.
_SCRIPT: Final = """
const all=[...document.querySelectorAll("button")];
async function copy(b){
  const v=b.parentElement.querySelector(".v");
  try{await navigator.clipboard.writeText(v.textContent)}catch{
    const s=getSelection(),r=document.createRange();
    r.selectNodeContents(v);s.removeAllRanges();s.addRange(r);
    if(!document.execCommand("copy"))return;
  }
  b.className="d";b.textContent=document.body.dataset.copied;
  all[all.indexOf(b)+1]?.focus();
}
all.forEach(b=>b.addEventListener("click",()=>copy(b)));
"""
_HEAD: Final = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
)


def page(heading: str, lines: Sequence[str], fields: Sequence[Field]) -> bytes:
    """UTF-8 HTML: `lines` stand under the heading, then all fields in their groups."""
    name = text("portal-archive.title")
    body = [
        f"<h1>{escape(name)}</h1>",
        f"<p><b>{escape(heading)}</b></p>",
        *(f"<p>{escape(line)}</p>" for line in lines),
        f"<p>{escape(text('portal-archive.how'))}</p>",
        f'<p class="w">{escape(text("portal-archive.private"))}</p>',
    ]
    for group, some in groupby(fields, key=lambda field: field.group):
        body.append(f"<h2>{escape(title(group))}</h2>")
        row = 0
        for field in some:
            if field.row and field.row != row:
                row = field.row
                body.append(f'<p class="r">{escape(text("portal-archive.row", {"row": row}))}</p>')
            body.append(_field(field))
    copied = escape(text("portal-archive.copied"), quote=True)
    made = (
        f'<!doctype html>\n<html lang="vi"><head>{_HEAD}<title>{escape(name)}</title><style>{_STYLE}</style></head>\n'
        f'<body data-copied="{copied}">\n' + "\n".join(body) + f"\n<script>{_SCRIPT}</script>\n</body></html>\n"
    )
    return made.encode()


def shown(field: Field) -> str:
    """The value, or in brackets why there is none."""
    if field.value:
        return field.value
    if field.desk:
        typed = {"typed": field.stored}
        return text("portal-archive.desk", typed) if field.stored else text("portal-archive.desk-nothing")
    return text("portal-archive.to-type" if field.to_type else "portal-archive.empty")


def _field(field: Field) -> str:
    label, value = escape(field.label), escape(shown(field))
    if not field.value:
        style = "t" if field.to_type else "n"
        return f'<div class="f"><span>{label}</span><span class="{style}">{value}</span></div>'
    named = escape(f"{text('portal-archive.copy')}: {field.label}", quote=True)
    press = f'<button type="button" aria-label="{named}">{escape(text("portal-archive.copy"))}</button>'
    return f'<div class="f"><span>{label}</span><span class="v">{value}</span>{press}</div>'
