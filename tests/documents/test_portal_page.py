"""The page to copy from, in a real browser: opened from disk it asks nobody for anything, and copies field by field."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from catalogue.load import load
from documents.portal_fields import fields
from documents.portal_page import page
from tests.documents.test_portal_archive import TODAY, answers
from tests.handlers.browser import PHONE, started

BIRTH = "khai-sinh"


async def test_it_copies_one_field_after_another(tmp_path: Path) -> None:
    procedure = load().procedures[BIRTH]
    asked = fields(procedure, answers(procedure) | {"child_hometown": "Xã Sơn Tiến,\ntỉnh Hà Tĩnh"}, {}, TODAY)
    path = tmp_path / "01-to-khai.html"
    path.write_bytes(page(procedure.display_name, ["Mã hồ sơ: K7P4-9XTM-3WHAC"], asked))
    async with started() as browser:
        context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        await context.grant_permissions(["clipboard-read", "clipboard-write"])
        shown = await context.new_page()
        wanted: list[str] = []
        troubles: list[str] = []
        shown.on("request", lambda request: wanted.append(request.url))
        shown.on("console", lambda message: troubles.append(message.text))
        await shown.goto(path.as_uri())
        assert wanted == [path.as_uri()]
        buttons = shown.get_by_role("button")
        assert await buttons.count() == len(asked)
        copied = []
        await buttons.first.focus()
        for n in range(len(asked)):
            await shown.keyboard.press("Enter")  # the next one has the focus by itself
            await expect(buttons.nth(n)).to_have_class("d")
            copied.append(await shown.evaluate("navigator.clipboard.readText()"))
        assert copied == [field.value for field in asked]
        wide = await shown.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        assert troubles == []
