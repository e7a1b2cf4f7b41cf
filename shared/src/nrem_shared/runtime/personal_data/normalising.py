"""A text as a reader sees it: compatibility forms folded (NFKC), what is invisible left out, places kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from nrem_shared.runtime.personal_data.values import Kind, PersonalData

_HYPHENS = "‐‑‒–—―−⁃﹘﹣－"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\n\r\v\f"
_PLAIN = str.maketrans(_HYPHENS + _SPACES, "-" * len(_HYPHENS) + " " * len(_SPACES))
_FOLDED = re.compile(f"[{_HYPHENS}{_SPACES}]")

#: What stands for itself: ASCII, letters of Latvian and its neighbours, marks of printed text.
_USUAL = re.compile(r"[ -~À-ÖØ-öø-ıĵ-ľŁ-ňŋ-ž„“”‚‘’«»€§°№]*")


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` to search in; `places[i]` = where its character i stands in what was written; null = at the same place."""

    text: str
    places: tuple[int, ...] | None

    def found(self, kind: Kind, start: int, end: int) -> PersonalData:
        """A find in `text` (`end` behind its last character) as one in what was written."""
        if self.places is None:
            return PersonalData(kind, start, end)
        return PersonalData(kind, self.places[start], self.places[end - 1] + 1)


def normalised(text: str) -> Normalised:
    """The text with plain digits, hyphens and spaces, without what cannot be seen (Unicode category Cf)."""
    plain = text.translate(_PLAIN) if _FOLDED.search(text) else text
    if _USUAL.fullmatch(plain):
        return Normalised(plain, None)
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        folded = _folded(character)
        characters.append(folded)
        places.extend([place] * len(folded))
    return Normalised("".join(characters), tuple(places))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """What one character stands for; nothing where it is invisible."""
    if unicodedata.category(character) in ("Cf", "Mn"):
        return ""
    if (digit := unicodedata.digit(character, None)) is not None:
        return str(digit)
    return unicodedata.normalize("NFKC", character.translate(_PLAIN))
