"""The rules beside the words: negators, asking words, shifts between classes, request-type cues."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from hotline_tools.datafile import DataModel, parsed, read_toml
from hotline_tools.suggestions import did_you_mean
from hotline_tools.taxonomy.file import WordLists, Words
from hotline_tools.taxonomy.load import DEFAULT_PATH
from hotline_tools.taxonomy.model import Taxonomy


class Shift(DataModel):
    """``when`` and ``and`` without ``unless`` moves evidence to one class and away from others."""

    model_config = ConfigDict(populate_by_name=True)

    why: str = ""
    when: Words
    both: Words = Field(alias="and")
    unless: Words = ()
    to: str
    away: tuple[str, ...] = ()
    weight: float = 2.0

    @field_validator("to", "away")
    @classmethod
    def _existing(cls, named: str | tuple[str, ...], info: ValidationInfo) -> str | tuple[str, ...]:
        """Refuse a class that is not among the keys of the taxonomy, which are the context."""
        known = named if info.context is None else info.context
        wrong = [key for key in ((named,) if isinstance(named, str) else named) if key not in known]
        if wrong:
            said = "；".join(f"不存在的类别 {key}{_hint(key, known)}" for key in wrong)
            raise ValueError(f"规则“{info.data.get('why', '')}”提到{said}")
        return named


class LexiconRules(DataModel):
    """All rules of a taxonomy folder."""

    model_config = ConfigDict(populate_by_name=True)

    negators: Words
    asks: Words
    shifts: tuple[Shift, ...] = Field(default=(), alias="shift")


def _hint(key: str, known: Iterable[str]) -> str:
    hint = did_you_mean(key, known)
    return f"，{hint}" if hint else ""


def load_rules(taxonomy: Taxonomy) -> LexiconRules:
    """Return the rules beside the built-in taxonomy or in a user's folder, which may leave some out.

    Raises ``DataFileError`` that names every mistake, among them each class the taxonomy does not have.
    """
    default = read_toml(DEFAULT_PATH / "rules.toml")
    path = Path(taxonomy.source or DEFAULT_PATH) / "rules.toml"
    own = read_toml(path) if path.is_file() else {}
    data = {"negators": default["negators"], "asks": default["asks"], **own}
    keys = [category.key for category in taxonomy.walk()]
    return parsed(LexiconRules, data, where=str(path), what="分类规则", context=keys)


def load_request_cues() -> Mapping[str, Mapping[str, float]]:
    """Return request type → word → weight."""
    path = DEFAULT_PATH / "request_types.toml"
    return {
        name: parsed(WordLists, table, where=f"{path}，{name}").weights()
        for name, table in read_toml(path).items()
    }
