"""A file that an officer sent on a messenger and that never came."""

from __future__ import annotations

from conversations.messages import DocumentChecked
from tests.conversations.desk_world import HOA, Desk


def test_the_officer_hears_of_it() -> None:
    (said,) = Desk().says(HOA, DocumentChecked("", "lost"))
    assert "không tải được" in said.text
    assert Desk().says(HOA, DocumentChecked("document-1", "ok")) == ()
