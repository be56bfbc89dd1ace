"""The lexicon of names and complaints, read once from ``lexicon.toml``."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Lexicon:
    """``kind_of``: ending → kind of name; ``aspects``: name → regular expression."""

    kind_of: dict[str, str]
    never_inside: frozenset[str]
    not_a_name: frozenset[str]
    tails: re.Pattern[str]
    whole_areas: tuple[str, ...]
    aspects: dict[str, str]

    @property
    def longest_ending(self) -> int:
        """Characters of the longest ending."""
        return max(map(len, self.kind_of))


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that comes with the toolkit."""
    data = tomllib.loads(
        files("hotline_tools.repeats.text").joinpath("lexicon.toml").read_text(encoding="utf-8")
    )
    words = data["words"]
    # The longest tail first, so that 有限责任公司 goes as a whole.
    tails = sorted(words["dropped_tails"], key=len, reverse=True)
    return Lexicon(
        kind_of={ending: kind for kind, endings in data["endings"].items() for ending in endings},
        never_inside=frozenset(words["never_inside"]),
        not_a_name=frozenset(words["not_a_name"]),
        tails=re.compile(f"(?:{'|'.join(map(re.escape, tails))})+$"),
        whole_areas=tuple(words["whole_areas"]),
        aspects=data["aspects"],
    )
