"""A taxonomy in TOML as it is written: what each key may hold, so that every mistake is told at once."""

from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo, field_validator

from hotline_tools.datafile import DataModel
from hotline_tools.text import repeated

WEIGHTS = {"strong": 3.0, "terms": 2.0, "keywords": 2.0, "weak": 1.0}
"""Key of a list of words → what each of its words counts."""


def split_words(text: str) -> list[str]:
    """Return the words of a text that separates them by spaces, commas or 、; (lower case)."""
    for mark in "、，,；;|\n\t\u3000":
        text = text.replace(mark, " ")
    return text.lower().split()


def _text(value: Any) -> Any:
    """Return a number as its digits: people write ``code = 1`` as well as ``code = "01"``."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


def _words(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(split_words(value))
    if not isinstance(value, tuple):
        return value
    words = (_text(word) for word in value)
    words = (word.strip().lower() if isinstance(word, str) else word for word in words)
    return tuple(word for word in words if word != "")


Text = Annotated[str, BeforeValidator(_text)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
"""A list of words, or one text with the words in it."""


class WordLists(DataModel):
    """Words by what they count; a word stands once."""

    strong: Words = ()
    terms: Words = ()
    keywords: Words = ()
    weak: Words = ()

    @field_validator(*WEIGHTS)
    @classmethod
    def _once(cls, words: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        seen: set[str] = set()
        for earlier in info.data.values():  # a subclass has other fields, but they come after these
            seen.update(earlier)
        if len(seen.union(words)) < len(seen) + len(words):
            raise ValueError(f"词语重复（{'、'.join(repeated([*seen, *words]))}）")
        return words

    def weights(self) -> dict[str, float]:
        """Return word → weight, the words that count most first."""
        return {word: weight for key, weight in WEIGHTS.items() for word in getattr(self, key)}


class CategoryTable(WordLists):
    """One category: its words, and either its subcategories or the code of its parent."""

    code: Text = ""
    name: Text = ""
    definition: str = ""
    patterns: tuple[str, ...] = ()
    parent: Text = ""
    subcategory: tuple["CategoryTable", ...] | None = None

    @field_validator("subcategory")
    @classmethod
    def _some(cls, tables: tuple["CategoryTable", ...] | None) -> tuple["CategoryTable", ...] | None:
        if tables == ():
            raise ValueError("是空的")
        return tables


class Head(DataModel):
    """What stands above the categories: ``taxonomy.toml`` of a folder, the first lines of a file."""

    name: Text = ""
    version: Text = ""
    levels: tuple[Text, ...] = ()


class TaxonomyFile(Head):
    """A taxonomy in one file; each category is checked as a ``CategoryTable``."""

    category: tuple[dict[str, Any], ...] = ()
