"""The twenty stories that give the same result wherever a citizen is.

tests/transcripts plays them on the console and in the web page's protocol, tests/telegram and tests/zalo there; each
compares what everybody reads with the console. They cover finding, each way of handing in, papers, every answer of the
office, words between citizen and officer, appointments, collecting by somebody else, and taking back.
"""

from typing import Final

EVERY_CHANNEL: Final = (
    "cb-bo-sung-khi-dang-noi",
    "cb-de-nghi-sua",
    "cb-moi-den-gap",
    "cb-tiep-nhan-tra-ket-qua",
    "cb-tu-choi",
    "cb-yeu-cau-bo-sung",
    "dan-hoi-bang-loi-minh",
    "dan-huong-dan",
    "dan-khong-dong-y",
    "dan-nhac-bo-sung",
    "dan-nhac-lich-hen",
    "dan-noi-khac",
    "dan-phan-anh",
    "dan-rut-ho-so",
    "dan-rut-roi-co-tin",
    "dan-tra-cuu",
    "nho-nguoi-doi-y",
    "nho-nguoi-nhan-thay",
    "nop-doc-than",
    "nop-khai-tu",
)
