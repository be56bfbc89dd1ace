"""The lexicon (``lexicon.toml``): endings of names, words no name holds or is, aspects of complaints."""

import re
from functools import cache, cached_property
from importlib.resources import as_file, files
from itertools import chain
from pathlib import Path
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from hotline_tools.datafile import DataModel, parsed, read_toml
from hotline_tools.text import repeated

WHAT = "词表"


def _regular(pattern: str) -> str:
    """Refuse what is no regular expression, and what would find every text."""
    try:
        found = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"不是有效的正则表达式（{error}）") from error
    if found.match(""):
        raise ValueError("有一个分支是空的，会与所有文本相符")
    return pattern


Word = Annotated[str, Field(min_length=1)]
Pattern = Annotated[str, AfterValidator(_regular)]


class Endings(DataModel):
    """Endings of names by kind."""

    estate: tuple[Word, ...]
    road: tuple[Word, ...]
    line: tuple[Word, ...]
    village: tuple[Word, ...]
    district: tuple[Word, ...]
    school: tuple[Word, ...]
    actor: tuple[Word, ...]

    @model_validator(mode="after")
    def _each_of_one_kind(self) -> Self:
        if twice := repeated(chain.from_iterable(endings for _, endings in self)):
            raise ValueError(f"词尾写了两次：{'、'.join(twice)}")
        return self


class Words(DataModel):
    """Words that names do not contain, are not, or lose."""

    never_inside: tuple[Word, ...]
    not_a_name: tuple[Word, ...]
    dropped_tails: tuple[Word, ...] = Field(min_length=1)
    whole_areas: tuple[Word, ...]


class Lexicon(DataModel):
    """The file as it is, and what is derived from it."""

    endings: Endings
    words: Words
    aspects: dict[str, Pattern]
    """Aspect → regular expression of words set apart by ``|``."""

    @cached_property
    def kind_of(self) -> dict[str, str]:
        """Ending → kind of name."""
        return {ending: kind for kind, endings in self.endings for ending in endings}

    @cached_property
    def longest_ending(self) -> int:
        """Characters of the longest ending."""
        return max(map(len, self.kind_of))

    @cached_property
    def tails(self) -> re.Pattern[str]:
        """Matches the generic words at the end of a name."""
        # The longest first, so that 有限责任公司 goes as a whole.
        tails = sorted(self.words.dropped_tails, key=len, reverse=True)
        return re.compile(f"(?:{'|'.join(map(re.escape, tails))})+$")

    @cached_property
    def never_inside(self) -> frozenset[str]:
        """Words that a name does not contain."""
        return frozenset(self.words.never_inside)

    @cached_property
    def not_a_name(self) -> frozenset[str]:
        """Words that end like a name and are none."""
        return frozenset(self.words.not_a_name)

    @property
    def whole_areas(self) -> tuple[str, ...]:
        """Endings of areas as large as a district."""
        return self.words.whole_areas


def read_lexicon(path: Path) -> Lexicon:
    """Read a lexicon file; raise ``DataFileError`` naming every mistake with its key."""
    return parsed(Lexicon, read_toml(path), where=str(path), what=WHAT)


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that comes with the toolkit."""
    with as_file(files("hotline_tools.repeats.text").joinpath("lexicon.toml")) as path:
        return read_lexicon(path)
