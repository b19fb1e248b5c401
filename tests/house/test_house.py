"""The house is in order: settings, decisions and commands are written down where people look for them."""

import re
from pathlib import Path

from bot import settings

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_in(page: str) -> str:
    """The code blocks and code spans of a Markdown page: in prose, "make sure" is no command."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", page, re.DOTALL))


def test_env_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#?\s*(MOTCUA_[A-Z0-9_]+)=", read(".env.example"), re.MULTILINE)
    assert sorted(named) == sorted(settings.NAMES)


def test_every_decision_page_is_listed_once_and_in_order() -> None:
    pages = sorted(page.name for page in DECISIONS.glob("[0-9]*.md"))
    listed = re.findall(r"\]\(([0-9][^)]*\.md)\)", read("docs/decisions/README.md"))
    assert listed == pages


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in DECISIONS.glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_decision_has_its_three_parts() -> None:
    for page in DECISIONS.glob("[0-9]*.md"):
        parts = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], page.name


def test_every_make_target_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code_in(read("README.md"))))
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))
    assert sorted(named - targets) == []
