"""The pages for people who see little, hear them read aloud, or use no mouse: names, roles, sizes and contrast."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page, expect

from conversations.messages import Button, Message
from handlers.web_assets import FOLDER
from tests.handlers.browser import Site, phone, photo

TEXT: Final = 4.5  # WCAG 2.2, 1.4.3, level AA
SHAPE: Final = 3.0  # 1.4.11: borders and focus marks that carry meaning
PAIRS: Final = [
    ("ink", "paper", TEXT),
    ("ink", "surface", TEXT),
    ("faint", "paper", TEXT),
    ("faint", "surface", TEXT),
    ("accent", "surface", TEXT),
    ("accent", "paper", TEXT),
    ("accent-ink", "accent", TEXT),
    ("head-ink", "head", TEXT),
    ("head-faint", "head", TEXT),
    ("own-ink", "own", TEXT),
    ("choice-ink", "choice", TEXT),
    ("officer", "paper", TEXT),
    ("secret-ink", "secret", TEXT),
    ("secret-ink", "paper", SHAPE),
    ("alarm", "paper", TEXT),
    ("alarm", "alarm-ground", TEXT),
    ("bar-ink", "bar", TEXT),
    ("focus", "paper", SHAPE),
    ("focus", "surface", SHAPE),
]


def palettes() -> dict[str, dict[str, str]]:
    """The colours of the style sheet: the light ones, and with the dark ones over them."""
    style = (FOLDER / "chat.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6});", part)) for part in style.split("color-scheme: dark")[:2]
    )
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_colours_can_be_told_apart(scheme: str, ink: str, ground: str, least: float) -> None:
    colours = palettes()[scheme]
    assert contrast(colours[ink], colours[ground]) >= least


@pytest.mark.parametrize("name", ["index.html", "staff.html", "link.html", "upload.html", "figures.html"])
def test_pages_speak_vietnamese_and_hold_no_script_or_style_of_their_own(name: str) -> None:
    page = (FOLDER / name).read_text(encoding="utf-8")
    assert '<html lang="vi"' in page
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son[a-z]+=|\sstyle=|https?://", page) == []
    assert page.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.js")), ids=lambda path: path.name)
def test_scripts_make_no_markup_from_strings(path: Any) -> None:
    code = path.read_text(encoding="utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", code) == []


@pytest.mark.parametrize("name", ["index.html", "staff.html"])
def test_every_icon_used_is_drawn_and_none_is_left_over(name: str) -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (FOLDER / "icons.svg").read_text(encoding="utf-8")))
    parts = [path.read_text(encoding="utf-8") for path in sorted(FOLDER.iterdir()) if path.suffix in (".html", ".js")]
    used = set(re.findall(r'icons\.svg#([a-z]+)"|icon\("([a-z]+)"\)', "\n".join(parts)))
    assert {one or other for one, other in used} == drawn


# in the browser

AUDIT: Final = """() => {
  const every = (what) => Array.from(document.querySelectorAll(what));
  const seen = (e) => e.checkVisibility({ checkVisibilityCSS: true });
  const start = (e) => e.outerHTML.slice(0, 80);
  const told = (ids) => ids.split(' ').map((id) => document.getElementById(id)?.innerText || '').join(' ');
  const name = (e) => (e.getAttribute('aria-label') || told(e.getAttribute('aria-labelledby') || '').trim()
    || e.labels?.[0]?.textContent || e.innerText || e.title || '').trim();
  const all = every('button, a[href], input, textarea, dialog[open], [role=log]').filter(seen);
  const targets = all.filter((e) => e.matches('button, textarea') && !e.closest('.meta'));
  const stray = '[tabindex]:not([tabindex="0"]):not([tabindex="-1"])';
  return {
    nameless: all.filter((e) => !name(e)).map(start),
    small: targets.filter((e) => Math.min(e.offsetWidth, e.offsetHeight) < 34).map(start),
    pictures: every('img:not([alt])').map(start),
    drawings: every('svg:not([aria-hidden=true])').map(start),
    fake: every('div[onclick], span[onclick], ' + stray).map(start),
    headings: every('h1, h2').filter(seen).map((e) => e.tagName),
  };
}"""
GOOD: Final[dict[str, list[str]]] = {"nameless": [], "small": [], "pictures": [], "drawings": [], "fake": []}

browsing = pytest.mark.asyncio(loop_scope="module")


async def fill(site: Site, page: Page, address: str) -> None:
    """One message of every kind."""
    file = await site.live.keep(next(iter(site.live.sessions.values())), photo(), "image/jpeg", "a.jpg")
    site.live.put(address, "a", Message("Chào", (Button("Một", "1"), Button("Hai", "2")), (file,), "Hoa"), private=True)
    site.live.put(address, "b", Message("Trả lời", reply_to="a"), own=True)
    site.live.put(address, "c", Message("Thẻ", (Button("Nhận", "3"),), card="dossier:1"))
    await site.live.wake()
    await expect(page.get_by_text("Thẻ", exact=True)).to_be_visible()


@browsing
@pytest.mark.parametrize("where", ["citizen", "officer"])
async def test_everything_has_a_name_and_is_large_enough(browser: Browser, site: Site, where: str) -> None:
    context = await phone(browser)
    page = await context.new_page()
    if where == "officer":
        await page.goto(f"{site.url}/canbo/vao/mot-lan")
        await page.get_by_role("button", name="Đăng nhập").click()
        await expect(page.locator("#log")).to_have_attribute("aria-busy", "false")
        await fill(site, page, "officer")
    else:
        await page.goto(site.url)
        await expect(page.get_by_text("Chào bạn!")).to_be_visible()
        await fill(site, page, "citizen-0")
    found = await page.evaluate(AUDIT)
    assert found.pop("headings") == ["H1"]
    assert found == GOOD
    log = page.get_by_role("log")
    assert [await log.get_attribute(name) for name in ("aria-live", "aria-busy", "tabindex")] == [
        "polite",
        "false",
        "0",
    ]
    await page.get_by_role("button", name="Menu").click()
    found = await page.evaluate(AUDIT)
    assert found.pop("headings") == ["H1", "H2"]
    assert found == GOOD
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Xem ảnh: a.jpg").click()
    found = await page.evaluate(AUDIT)
    found.pop("headings")
    assert found == GOOD
    await context.close()


@browsing
async def test_motion_stops_for_those_who_ask(browser: Browser, site: Site) -> None:
    context = await phone(browser)
    page = await context.new_page()
    await page.emulate_media(reduced_motion="reduce")
    await page.goto(site.url)
    await page.get_by_role("button", name="Menu").click()
    duration = await page.locator("#menu").evaluate("(e) => parseFloat(getComputedStyle(e).animationDuration)")
    assert duration < 0.001
    await context.close()
