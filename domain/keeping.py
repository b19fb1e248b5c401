"""For how long what is kept of people stays: the longest of each kind, in days.

Only drafts have a time that people are told beforehand. What a dossier was decided on is an archive's business (Luật
Lưu trữ 33/2024/QH15), which begins at the office: here lie copies, and copies go. The row, its history and the slips
stay, since the ledger and the check page are made of them. The numbers are the program's own, no law's.
"""

from __future__ import annotations

from typing import Final

PAPERS: Final = 365  # answers and photos of a dossier, after its end; an operator may set another number
SHORTEST: Final = 30  # for which an operator may set it: a slip of the finger must not take a year's papers
WARNED: Final = 30  # after an update, before what is long due goes for the first time
KNOWN: Final = 365  # persons on earlier forms that nobody has used since
WORDS: Final = 365  # lines of a chat, and of an office's group
SENT: Final = 180  # what was sent where, and the text of a notice; that it was ours is known for good
MISSED: Final = 365  # what was asked in vain
PACKED: Final = 7  # the file with all of one's own data
AUDIT: Final = 730  # who guessed, and what a person had to prove; who looked at a dossier
CODE: Final = 1  # one-time codes and counted attempts
