"""The house is in order: settings, decisions, commands and words are written down where people look for them."""

import re
from pathlib import Path

from bot import settings
from domain import dossier

ROOT = Path(__file__).parents[2]
DECISIONS = ROOT / "docs" / "decisions"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code_in(page: str) -> str:
    """The code blocks and code spans of a Markdown page: in prose, "make sure" is no command."""
    return "\n".join(re.findall(r"```.*?```|^ {4}[^\n]+|`[^`\n]+`", page, re.DOTALL | re.MULTILINE))


def table_in(page: str, heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def anchor(heading: str) -> str:
    """A heading's address within its page."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# settings


def test_env_example_names_every_setting_and_no_other() -> None:
    named = re.findall(r"^#?\s*(MOTCUA_[A-Z0-9_]+)=", read(".env.example"), re.MULTILINE)
    assert sorted(named) == sorted(settings.NAMES)


def test_operating_explains_every_setting_once_and_no_other() -> None:
    explained = [row[0].strip("`") for row in table_in(read("docs/operating.md"), "Settings")]
    assert explained == list(settings.NAMES)


def test_defaults_in_operating_are_those_of_the_program() -> None:
    usual = settings.Settings()
    for name, default, _ in table_in(read("docs/operating.md"), "Settings"):
        value = getattr(usual, name.strip("`").removeprefix(settings.PREFIX).lower())
        if value != "":  # what is empty is described in words
            shown = f"{value:g}" if isinstance(value, float) else str(int(value) if isinstance(value, bool) else value)
            assert default == f"`{shown}`", name


def test_no_page_names_a_setting_that_does_not_exist() -> None:
    for page in PAGES:
        named = set(re.findall(r"MOTCUA_[A-Z0-9_]*[A-Z0-9]", page.read_text(encoding="utf-8")))
        assert sorted(named - set(settings.NAMES)) == [], page.name


# decisions


def test_every_decision_page_is_listed_once_and_in_order() -> None:
    pages = sorted(page.name for page in DECISIONS.glob("[0-9]*.md"))
    listed = re.findall(r"\]\(([0-9][^)]*\.md)\)", read("docs/decisions/README.md"))
    assert listed == pages


def test_decisions_are_listed_by_their_own_titles() -> None:
    listed = re.findall(r"^(\d+)\. \[(.+)\]\(", read("docs/decisions/README.md"), re.MULTILINE)
    titles = [page.read_text(encoding="utf-8").partition("\n")[0] for page in sorted(DECISIONS.glob("[0-9]*.md"))]
    assert [f"# {number}. {title}" for number, title in listed] == titles


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in DECISIONS.glob("[0-9]*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_decision_has_its_three_parts() -> None:
    for page in DECISIONS.glob("[0-9]*.md"):
        parts = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], page.name


# commands, folders and files


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", read("Makefile"), re.MULTILINE))
    for page in PAGES:
        named = set(re.findall(r"\bmake ([a-z][a-z-]*)", code_in(page.read_text(encoding="utf-8"))))
        assert sorted(named - targets) == [], page.name


def test_every_motcua_command_that_a_page_names_exists() -> None:
    actions = set(re.findall(r'actions\.add_parser\("([a-z]+)"', read("bot/command_line.py")))
    assert actions
    for page in PAGES:
        named = set(re.findall(r"\bmotcua ([a-z]+)\b", code_in(page.read_text(encoding="utf-8"))))
        assert sorted(named - actions) == [], page.name


def test_readme_names_every_folder_of_the_program_and_each_exists() -> None:
    named = [row[0].strip("`/") for row in table_in(read("README.md"), "Where everything lies")]
    assert [name for name in named if not (ROOT / name).is_dir()] == []
    packages = re.findall(r'^    "([a-z]+)", "\1\.\*"', read("pyproject.toml"), re.MULTILINE)
    assert packages
    assert sorted(set(packages) - set(named)) == []


def test_every_file_that_the_code_page_names_exists() -> None:
    spans = re.findall(r"`([\w./-]+)`", read("docs/code.md"))
    paths = [span for span in spans if "/" in span and not span.startswith(("web_page/", "texts/"))]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        words = page.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", words):
            file, _, place = target.partition("#")
            found = page.parent / file if file else page
            assert found.exists(), f"{page.name}: {target}"
            if place:
                headings = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE)
                assert place in map(anchor, headings), f"{page.name}: {target}"


# words


def test_statuses_in_the_glossary_are_those_of_a_dossier_and_none_is_missing() -> None:
    cells = [row[2] for row in table_in(read("docs/glossary.md"), "What happens to a dossier")]
    words = {word.strip().removeprefix("once accepted, ").replace(" ", "-") for c in cells for word in c.split(";")}
    assert words == {status.value for status in dossier.Status}


def test_decisions_in_the_glossary_are_those_of_a_dossier_and_none_is_missing() -> None:
    rows = table_in(read("docs/glossary.md"), "What happens to a dossier")
    kinds = {kind.__struct_config__.tag for kind in dossier.Decision.__args__}
    assert {row[1].replace(" ", "-") for row in rows} == kinds


# threats


def test_every_test_that_the_threat_model_names_exists() -> None:
    page = read("docs/threats.md")
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named
    assert sorted(name for name in named if f"def {name}(" not in tests) == []
    assert sorted(path for path in re.findall(r"`(tests/[\w/]+\.py)`", page) if not (ROOT / path).is_file()) == []


def test_every_threat_names_what_proves_its_answer() -> None:
    rows = [line for line in read("docs/threats.md").splitlines() if line.startswith("|") and "---" not in line]
    assert len(rows) > 25
    headings = [row for row in rows if row.rstrip("| ").endswith("Proven by")]
    assert [row for row in rows if row not in headings and not re.search(r"`tests?[_/]", row)] == []
