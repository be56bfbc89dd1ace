"""Names of places and actors, found without a gazetteer.

A name is a run of words that ends in a known ending (小区, 路, 村, 学校, 公司 …). The run is extended
to the left until a function word, a punctuation mark, a verb of complaint or another name.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from hotline_tools.places import is_district
from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.repeats.text.tokens import KIND_SHIFT, KINDS, LETTERS, STOP, TokenizedText

LONGEST = 9
"""Characters of the longest run taken for a name."""
_CLOSES = 1 << KIND_SHIFT
"""Marks of a word that may close a name are at least this."""


@dataclass(frozen=True)
class Name:
    """``text`` without generic tail; ``words`` it is made of."""

    kind: str
    text: str
    words: tuple[str, ...]

    @cached_property
    def inside(self) -> tuple[str, ...]:
        """The words that stand before the generic tail."""
        kept, size = [], 0
        for word in self.words:
            if size >= len(self.text):
                break
            kept.append(word)
            size += len(word)
        return tuple(kept)

    @cached_property
    def is_specific(self) -> bool:
        """Whether the name is narrower than a district: evidence of a place or an organisation."""
        whole_area = self.kind == "district" and self.text.endswith(lexicon().whole_areas)
        return not whole_area and not is_district(self.text)


def find_names(cut: TokenizedText) -> list[Name]:
    """Return the names in order of appearance, of two characters or more, generic ones dropped."""
    found: list[Name] = []
    words, marks, barrier = cut.words, cut.marks, 0
    for i in [at for at, mark in enumerate(marks) if mark >= _CLOSES]:
        size, j = len(words[i]), i - 1
        while j >= barrier and marks[j] & (STOP | LETTERS) == LETTERS and size + len(words[j]) <= LONGEST:
            size += len(words[j])
            j -= 1
        barrier = i + 1
        name = _name(tuple(words[j + 1 : barrier]), marks[i] >> KIND_SHIFT)
        if name is not None:
            found.append(name)
    return found


@lru_cache(maxsize=1 << 17)
def _name(run: tuple[str, ...], kind: int) -> Name | None:
    """Return the name that a run of words forms, or None; cached, since few names are frequent."""
    known = lexicon()
    name = "".join(run)
    short = core(name)
    generic = short in known.not_a_name or name in known.not_a_name or short.isdigit()
    return Name(KINDS[kind], short, run) if len(short) >= 2 and not generic else None


def core(name: str) -> str:
    """Return a name without its generic tail: 丽发新城小区 → 丽发新城."""
    short = lexicon().tails.sub("", name)
    return short if len(short) >= 2 else name
