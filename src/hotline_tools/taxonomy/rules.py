"""The rules beside the words: negators, asking words, shifts between classes, request-type cues."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline_tools.taxonomy.load import DEFAULT_PATH
from hotline_tools.taxonomy.model import Taxonomy
from hotline_tools.taxonomy.read_toml import WEIGHTS, load_toml, split_words
from hotline_tools.taxonomy.tree import raise_mistakes


@dataclass(frozen=True)
class Shift:
    """``when`` and ``and`` without ``unless`` moves evidence to one class and away from others."""

    why: str
    when: tuple[str, ...]
    both: tuple[str, ...]
    unless: tuple[str, ...]
    to: str
    away: tuple[str, ...]
    weight: float


@dataclass(frozen=True)
class LexiconRules:
    """All rules of a taxonomy folder."""

    negators: tuple[str, ...]
    asks: tuple[str, ...]
    shifts: tuple[Shift, ...]


def load_rules(taxonomy: Taxonomy) -> LexiconRules:
    """The rules beside the built-in taxonomy or in a user's folder; none otherwise.

    Raises ``DataFileError`` when a rule names a class the taxonomy does not have.
    """
    folder = Path(taxonomy.source) if taxonomy.source else DEFAULT_PATH
    path = folder / "rules.toml"
    default = load_toml(DEFAULT_PATH / "rules.toml")
    own = load_toml(path) if path.is_file() else {}
    shifts = tuple(_shift(table) for table in own.get("shift", []))
    known = {c.key for c in taxonomy.walk()}
    mistakes = [
        f"规则“{s.why}”提到不存在的类别 {key}" for s in shifts for key in (s.to, *s.away) if key not in known
    ]
    raise_mistakes(mistakes, str(path))
    return LexiconRules(
        negators=tuple(split_words(own.get("negators", default["negators"]))),
        asks=tuple(split_words(own.get("asks", default["asks"]))),
        shifts=shifts,
    )


def load_request_cues() -> Mapping[str, Mapping[str, float]]:
    """Request type → word → weight."""
    tables = load_toml(DEFAULT_PATH / "request_types.toml")
    return {
        name: {
            word: weight
            for key, weight in reversed(WEIGHTS.items())
            for word in split_words(table.get(key, ""))
        }
        for name, table in tables.items()
    }


def _shift(table: Mapping[str, Any]) -> Shift:
    return Shift(
        why=str(table.get("why", "")),
        when=tuple(split_words(table["when"])),
        both=tuple(split_words(table["and"])),
        unless=tuple(split_words(table.get("unless", ""))),
        to=str(table["to"]),
        away=tuple(table.get("away", [])),
        weight=float(table.get("weight", 2)),
    )
