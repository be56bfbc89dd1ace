"""Read KPI profiles from TOML; every mistake of a file is gathered and told at once.

``docs/kpi.md`` explains the file; the shipped ones lie in ``profiles/``.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from hotline_tools.datafile import frozen, mistakes, read_toml
from hotline_tools.errors import DataFileError, UsageError
from hotline_tools.reports.kpi.facts import FACTS, LIMITED_FACTS, SHARED_RATES
from hotline_tools.reports.kpi.profile import Profile
from hotline_tools.suggestions import did_you_mean

_REMEDY = "请按 docs/kpi.zh-CN.md 改正，再用 hotline profile check 检查。"
_SPANS = [["09:00", "12:00"], ["14:00", "18:00"]]


def shipped_profiles() -> list[str]:
    """Return the names of the profiles that come with the package."""
    return sorted(
        item.name.removesuffix(".toml") for item in _folder().iterdir() if item.name.endswith(".toml")
    )


def find_profile(name_or_path: str) -> Profile:
    """Return the profile of that name, or in that file.

    Raises ``UsageError`` for a name that is none, ``DataFileError`` for a file with a mistake in it.
    """
    if name_or_path in shipped_profiles():
        return _shipped(name_or_path)
    path = Path(name_or_path)
    if path.suffix.lower() != ".toml" and not path.is_file():
        known = shipped_profiles()
        listed = f"可用：{'、'.join(known)}"
        raise UsageError(
            f"没有名为 {name_or_path} 的考核口径",
            remedy=f"{did_you_mean(name_or_path, known, otherwise=listed)}；也可以给出 .toml 文件的路径。",
        )
    return load_profile(path)


def load_profile(path: Path) -> Profile:
    """Read a profile file; raise ``DataFileError`` naming every mistake in it."""
    profile, problems = _read(path)
    if profile is None or problems:
        raise DataFileError(f"考核口径有误：{'；'.join(problems)}", where=str(path), remedy=_REMEDY)
    return profile


def check_profile(path: Path) -> list[str]:
    """Return every mistake of a profile file in Chinese; empty when there is none."""
    return _read(path)[1]


def _folder() -> Traversable:
    return files("hotline_tools.reports.kpi").joinpath("profiles")


@cache
def _shipped(name: str) -> Profile:
    with as_file(_folder().joinpath(f"{name}.toml")) as path:
        return load_profile(path)


def _read(path: Path) -> tuple[Profile | None, list[str]]:
    data = read_toml(path, remedy=_REMEDY)
    own = data.get("fact", {})
    context = {"facts": [*FACTS, *own], "folder": path.parent}
    given = {"name": path.stem, "rate": [], "office_hours": _SPANS, **data, "path": str(path)}
    doubled = [f"fact {name} 重复" for name in own if name in FACTS]
    try:
        profile = TypeAdapter(Profile).validate_python(frozen(given), context=context)
    except ValidationError as error:
        return None, [*(_named(mistake, own) for mistake in mistakes(error, Profile)), *doubled]
    return profile, [*doubled, *_not_shared(profile)]


def _not_shared(profile: Profile) -> list[str]:
    """Name the facts that a rate of all reports cannot use: only ``departments`` derives limits."""
    return [
        f"{rate.name} 各报表通用，不能用 {name} 这个事实"
        for rate in profile.rates
        if rate.name in SHARED_RATES
        for name in rate.facts
        if name in LIMITED_FACTS
    ]


def _named(mistake: str, facts: Iterable[str]) -> str:
    """Return a mistake with the keys of the file: own facts are tables by name, conditions have no key."""
    for number, name in enumerate(facts, 1):
        mistake = mistake.replace(f"fact[{number}]：", f"fact.{name}.").replace(
            f"fact[{number}]", f"fact.{name}"
        )
    return mistake.replace(".when：", ".")
