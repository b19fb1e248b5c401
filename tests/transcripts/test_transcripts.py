"""Every transcript in this folder reads today exactly as it was written and approved."""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Final

import pytest

from conversations.render import text
from storage.sealed import Keys
from tests.transcripts import script
from tests.transcripts.stage import perform

FOLDER: Final = Path(__file__).parent
SCRIPTS: Final = {path.stem: script.read(path) for path in sorted(FOLDER.glob("*.txt"))}
MODES: Final = ("full", "collect-then-appointment", "collect-and-forward", "collective-intake")
DECISIONS: Final = ("accept", "ask-more", "refuse", "invite", "forward", "done", "hand-over", "send-back", "stop")
CASES: Final = [(name, database) for name, read in SCRIPTS.items() for database in read.databases]


@pytest.mark.parametrize(("name", "url"), CASES, ids=[f"{n}-{database}" for n, database in CASES], indirect=["url"])
async def test_transcript(name: str, url: str, tmp_path: Path, keys: Keys) -> None:
    asked = SCRIPTS[name]
    lines = await perform(asked, script.steps_before(asked, FOLDER), url, tmp_path)
    path = FOLDER / f"{name}.txt"
    now, written = "\n".join(lines) + "\n", path.read_text(encoding="utf-8")
    if os.environ.get("REWRITE_TRANSCRIPTS"):
        path.write_text(now, encoding="utf-8")
        return
    if now != written:
        changed = difflib.unified_diff(
            written.splitlines(), now.splitlines(), "as written", "as it is", lineterm="", n=2
        )
        pytest.fail("\n".join(changed) + "\n\nIf the new words are right: make transcripts", pytrace=False)


def test_every_intake_mode_and_every_decision_can_be_read_somewhere() -> None:
    read = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.txt"))
    told = [text(f"notices.submit-{mode}", {"authority": "\n"}).partition("\n")[0] for mode in MODES]
    for tag in DECISIONS:
        about = {"decision": text(f"cards.decision-{tag}"), "code": "\n"}
        told.append(text("desk.told", about).partition("\n")[0])
    assert [words for words in told if words not in read] == []
