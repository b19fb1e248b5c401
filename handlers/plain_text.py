"""What messengers bring as text, as databases take it."""

from __future__ import annotations


def clean(text: str) -> str:
    """Databases refuse what goes, the null character and halves of surrogate pairs, and people never mean it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "").strip()
