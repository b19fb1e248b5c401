"""What a Vietnamese syllable can look like without accents, and which ones sound alike."""

from __future__ import annotations

_ONSETS = "b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay e ec em en eng enh eo ep et eu i ia ich iec iem ien ieng iep iet ieu im "
    "in inh ip it iu o oa oac oach oai oam oan oang oanh oao oat oay oc oe oen oeo oet oi om on ong op ot u ua uan "
    "uang uat uay uc ue uech uen uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya uych uyen uyet "
    "uynh uyt uyu y yem yen yet yeu ung oong ooc"
)
_SOUNDS_LIKE = (("ngh", "ng"), ("gh", "g"), ("tr", "ch"), ("x", "s"), ("gi", "d"), ("r", "d"), ("k", "c"))


def _legal() -> frozenset[str]:
    rimes = _RIMES.split()
    listed = {onset + rime for onset in ["", *_ONSETS.split()] for rime in rimes}
    return frozenset(listed | {"gi" + r[1:] for r in rimes if r.startswith("i")} | {"gi"})


LEGAL = _legal()


def sound(syllable: str) -> str:
    """One key for what is heard alike: s/x, ch/tr, d/gi/r, c/k/q, g/gh, ng/ngh, i/y; "ôông" as "ông"."""
    for said, heard in _SOUNDS_LIKE:
        if syllable.startswith(said) and len(syllable) > len(said):
            syllable = heard + syllable[len(said) :]
            break
    syllable = syllable.replace("oo", "o")
    return syllable[:-1] + "i" if syllable.endswith("y") else syllable
