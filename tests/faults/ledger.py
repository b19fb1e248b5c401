"""What was done, hurt and proven in one run; printed at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

DONE = "done"
HURT = "hurt"
FELT = "felt"
PROVEN = "proven"
_PARTS = {
    DONE: "done by people",
    HURT: "hurt",
    FELT: "felt by people and vendors",
    PROVEN: "proven afterwards",
}


@dataclass
class Ledger:
    """Counts by part and name."""

    title: str
    parts: dict[str, Counter[str]] = field(default_factory=lambda: {part: Counter() for part in _PARTS})

    def note(self, part: str, what: str, count: int = 1) -> None:
        self.parts[part][what] += count

    def words(self) -> str:
        lines = [self.title]
        for part, heading in _PARTS.items():
            lines.append(f"  {heading}:")
            lines += [f"    {count:6} {what}" for what, count in sorted(self.parts[part].items())]
        return "\n".join(lines)
