"""docs/dependencies.md, pyproject.toml and what the code imports say the same."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("bot", "handlers", "conversations", "catalogue", "domain", "documents", "storage")
# What a package is imported as, where that is not its name in small letters.
MODULES: Final = {
    "aiohttp-socks": "aiohttp_socks",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "pillow-heif": "pillow_heif",
    "prometheus-client": "prometheus_client",
    "python-telegram-bot": "telegram",
    "zxing-cpp": "zxingcpp",
}
BY_OTHERS: Final = {"tzdata"}  # by the standard library
BROUGHT: Final = {
    "http_ece": "pywebpush",
    "py_vapid": "pywebpush",
    "pydantic": "aiogram",
    "yarl": "aiohttp",
}  # parts of another package, used with it


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def named(requirements: list[str]) -> list[str]:
    return [re.split(r"[=\[;<>]", requirement)[0] for requirement in requirements]


def table(heading: str) -> list[list[str]]:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def packages(heading: str) -> list[str]:
    return [row[0].strip("`") for row in table(heading)]


def module(package: str) -> str:
    return MODULES.get(package, package.lower())


def imports() -> dict[str, set[str]]:
    """By module that is not ours: which of our packages import it."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module]
                    if isinstance(node, ast.ImportFrom) and node.module and not node.level
                    else []
                )
                for name in names:
                    found.setdefault(name.partition(".")[0], set()).add(package)
    ours = {*PACKAGES, *sys.stdlib_module_names}
    return {name: users for name, users in found.items() if name not in ours}


def test_the_page_names_each_dependency_once_and_in_order() -> None:
    given = project()
    assert packages("Always installed") == sorted(named(given["dependencies"]), key=str.lower)
    assert packages("Where S3 is used") == named(given["optional-dependencies"]["s3"])
    assert packages("For developers") == sorted(named(given["optional-dependencies"]["dev"]))


def test_each_has_a_reason_a_licence_and_a_cost() -> None:
    for heading in ("Always installed", "Where S3 is used", "For developers"):
        assert [row for row in table(heading) if not all(row)] == []


def test_every_dependency_is_used_and_everything_used_is_one() -> None:
    given = project()
    runtime = named(given["dependencies"]) + named(given["optional-dependencies"]["s3"])
    wanted = {module(package) for package in runtime} - BY_OTHERS
    used = {BROUGHT.get(name, name) for name in imports()}
    assert used == wanted


def test_who_imports_it_is_as_the_page_says() -> None:
    used = imports()
    for row in [*table("Always installed"), *table("Where S3 is used")]:
        package, users = row[0].strip("`"), set(re.findall(r"`(\w+)`", row[3]))
        if package in BY_OTHERS or row[3] == "everywhere":
            continue
        assert used[module(package)] == users, package
