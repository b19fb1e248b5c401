"""What an officer may want to look at twice in a document: hints with their reason, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue.model import Procedure
from conversations.staff_state import DossierFile
from conversations.state import Document


def of(document: Document, file: DossierFile, procedure: Procedure, seen: Mapping[str, str]) -> tuple[str, ...]:
    """Sentences for the officer; `seen` gives the code of another dossier with the same picture."""
    return ()
