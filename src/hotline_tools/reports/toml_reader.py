"""Read a TOML table key by key, gathering every mistake instead of stopping at the first."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

_KINDS = {str: "文字", int: "整数", float: "数", bool: "true 或 false", list: "列表", dict: "表"}


class TomlReader:
    """One table of a file; ``problems`` is shared with the tables below it."""

    def __init__(self, data: dict[str, Any], where: str, problems: list[str]) -> None:
        self._data = dict(data)
        self._asked: list[str] = []
        self.where = where
        self.problems = problems

    def wrong(self, text: str) -> None:
        """Note one mistake."""
        self.problems.append(f"{self.where}{text}")

    def text(self, key: str, default: str | None = None, *, among: Iterable[str] = ()) -> str:
        """Return a text; ``among`` lists what it may be; without ``default`` it must be there."""
        value = str(self._take(key, str, default, ""))
        choices = list(among)
        if choices and value and value not in choices:
            self.wrong(f"{key} = “{value}” 不认识，{hint(value, choices)}")
            return default or choices[0]
        return value

    def number(
        self, key: str, default: float | None = None, *, low: float = 0, high: float | None = None
    ) -> float:
        """Return a number within bounds."""
        value = float(self._take(key, float, default, low))
        if value < low or (high is not None and value > high):
            bounds = f"{low:g} 到 {high:g} 之间" if high is not None else f"不小于 {low:g}"
            self.wrong(f"{key} = {value:g} 须{bounds}{'（率写作 0.95）' if high == 1 else ''}")
            return low
        return value

    def whole(self, key: str, default: int | None = None, *, low: int = 0) -> int:
        """Return a whole number not below ``low``."""
        value = int(self._take(key, int, default, low))
        if value < low:
            self.wrong(f"{key} = {value} 须不小于 {low}")
            return low
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false when absent."""
        return bool(self._take(key, bool, False, False))

    def texts(self, key: str, *, needed: bool = False) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one."""
        raw = self._data.get(key)
        value = [raw] if isinstance(raw, str) else self._take(key, list, None if needed else [], [])
        self._asked.append(key)
        if not all(isinstance(item, str) for item in value) or (needed and not value):
            self.wrong(f"{key} 须是文字的列表")
            return ()
        return tuple(value)

    def table(self, key: str) -> "TomlReader":
        """Return a table below this one, empty when absent."""
        return TomlReader(self._take(key, dict, {}, {}), f"{self.where}{key}.", self.problems)

    def tables(self, key: str) -> list["TomlReader"]:
        """Return a list of tables, empty when absent."""
        found = self._take(key, list, [], [])
        if not all(isinstance(item, dict) for item in found):
            self.wrong(f"{key} 须写作 [[{key}]]")
            return []
        return [
            TomlReader(item, f"{self.where}{key}[{number}].", self.problems)
            for number, item in enumerate(found, 1)
        ]

    def has(self, key: str) -> bool:
        """Tell whether a key is there."""
        return key in self._data

    def names(self) -> list[str]:
        """Return the keys that hold tables, in the file's order."""
        return [key for key, value in self._data.items() if isinstance(value, dict)]

    def raw(self, key: str, default: Any) -> Any:
        """Return a value as it is."""
        self._asked.append(key)
        return self._data.get(key, default)

    def rest(self, allowed: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return the keys not asked for yet, each a list of texts; they must be among ``allowed``."""
        names = [key for key in self._data if key not in self._asked]
        choices = list(allowed)
        for key in names:
            if key not in choices:
                self.wrong(f"{key} 不认识，{hint(key, [*choices, *self._asked])}")
        return {key: self.texts(key, needed=True) for key in names if key in choices}

    def done(self) -> None:
        """Note the keys that nobody asked for."""
        self.rest(())

    def _take(self, key: str, kind: type, default: Any, fallback: Any) -> Any:
        self._asked.append(key)
        if key not in self._data:
            if default is None:
                self.wrong(f"缺 {key}")
                return fallback
            return default
        value = self._data[key]
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return value
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(f"{key} 须是{_KINDS[kind]}")
            return fallback if default is None else default
        return value


def hint(word: str, choices: Iterable[str]) -> str:
    """Say the closest choice, or all of them."""
    known = list(choices)
    close = get_close_matches(word, known, n=1)
    return f"是不是 {close[0]}？" if close else f"可用：{'、'.join(known)}"
