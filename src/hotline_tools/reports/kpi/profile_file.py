"""Read KPI profiles from TOML; every mistake of a file is gathered and told at once.

``docs/kpi.md`` explains the file; the shipped ones lie in ``profiles/``.
"""

import tomllib
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

from hotline_tools.calendar import OfficeHours, WorkCalendar, read_overrides
from hotline_tools.errors import DataFileError
from hotline_tools.reports.kpi.facts import FACTS
from hotline_tools.reports.kpi.profile import Conditions, Group, Limit, OwnFact, Patterns, Profile
from hotline_tools.reports.kpi.profile_rates import read_rate
from hotline_tools.reports.kpi.profile_rules import COLUMNS, read_limit
from hotline_tools.reports.toml_reader import TomlReader, hint

_REMEDY = "请按 docs/kpi.md 改正，再用 hotline profile check 检查。"
_GROUP_LEVELS = ("department", "district", "street", "community", "grid")
_SPANS = [["09:00", "12:00"], ["14:00", "18:00"]]


def shipped_profiles() -> list[str]:
    """Return the names of the profiles that come with the package."""
    return sorted(
        item.name.removesuffix(".toml") for item in _folder().iterdir() if item.name.endswith(".toml")
    )


def find_profile(name_or_path: str) -> Profile:
    """Return the profile of that name, or in that file; raise ``DataFileError`` otherwise."""
    if name_or_path in shipped_profiles():
        return _shipped(name_or_path)
    path = Path(name_or_path)
    if path.suffix.lower() != ".toml" and not path.is_file():
        raise DataFileError(
            f"没有名为 {name_or_path} 的考核口径",
            remedy=f"{hint(name_or_path, shipped_profiles())}；也可以给出 .toml 文件的路径。",
        )
    return load_profile(path)


def load_profile(path: Path) -> Profile:
    """Read a profile file; raise ``DataFileError`` naming every mistake in it."""
    profile, problems = _read(path)
    if problems:
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


def _read(path: Path) -> tuple[Profile, list[str]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(
            "读不了考核口径文件", where=str(path), remedy="请检查路径，文件须为 UTF-8。"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise DataFileError(f"不是有效的 TOML：{error}", where=str(path), remedy=_REMEDY) from error
    problems: list[str] = []
    return _profile(TomlReader(data, "", problems), path), problems


def _profile(reader: TomlReader, path: Path) -> Profile:
    facts = _own_facts(reader)
    known = [*FACTS, *(fact.name for fact in facts)]
    profile = Profile(
        name=reader.text("name", path.stem),
        title=reader.text("title"),
        description=reader.text("description", ""),
        minimum_orders=reader.whole("minimum_orders", 10, low=1),
        board_size=reader.whole("board_size", 3),
        missing="rescale"
        if reader.text("missing", "rescale", among=("rescale", "unranked")) == "rescale"
        else "unranked",
        rates=tuple(read_rate(item, known) for item in reader.tables("rate")),
        deadline=_limit(reader, Limit("deadline", "received_at")),
        sign=_limit(reader, Limit("sign", "dispatched_at")),
        contact=_limit(reader, Limit("contact", "dispatched_at")),
        facts=facts,
        exclude=conditions(reader.table("exclude")),
        groups=tuple(_group(item) for item in reader.tables("group")),
        office=_office(reader),
        calendar=_calendar(reader, path),
        path=str(path),
    )
    reader.done()
    _whole(profile, reader)
    return profile


def _whole(profile: Profile, reader: TomlReader) -> None:
    """Check what single tables cannot show."""
    if not profile.rates:
        reader.wrong("没有一个 [[rate]]")
    for names, what in (
        ([rate.name for rate in profile.rates], "rate"),
        ([group.name for group in profile.groups], "group"),
        ([*FACTS, *(fact.name for fact in profile.facts)], "fact"),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            reader.wrong(f"{what} {name} 重复")


def conditions(reader: TomlReader) -> Conditions:
    """Read column = [patterns] pairs."""
    found: list[tuple[str, Patterns]] = []
    for column, patterns in reader.rest(COLUMNS).items():
        if any("%" in pattern or "_" in pattern for pattern in patterns if "*" in pattern):
            reader.wrong(f"{column} 的写法里 * 不能与 % 或 _ 同用")
        found.append((column, patterns))
    return tuple(found)


def _limit(reader: TomlReader, default: Limit) -> Limit:
    table = reader.table(default.name)
    limit = read_limit(table, default, conditions)
    table.done()
    return limit


def _own_facts(reader: TomlReader) -> tuple[OwnFact, ...]:
    found = []
    table = reader.table("fact")
    for name in table.names():
        own = table.table(name)
        label = own.text("label")
        when = conditions(own)
        if not name.isidentifier() or not name.isascii():
            own.wrong("名字须由英文字母、数字与下划线组成")
        if not when:
            own.wrong("没有写任何列")
        found.append(OwnFact(name, label, when))
    return tuple(found)


def _group(reader: TomlReader) -> Group:
    group = Group(
        name=reader.text("name"),
        match=reader.texts("match", needed=True),
        level=reader.text("level", "department", among=_GROUP_LEVELS),
    )
    reader.done()
    return group


def _office(reader: TomlReader) -> OfficeHours:
    spans: list[tuple[int, int]] = []
    raw = reader.raw("office_hours", _SPANS)
    for span in raw if isinstance(raw, list) else [raw]:
        ends = [_seconds(end) for end in span] if isinstance(span, list) and len(span) == 2 else [None, None]
        start, end = ends
        if start is None or end is None or start >= end or (spans and start < spans[-1][1]):
            reader.wrong(f'office_hours 里的 {span} 须写作 ["09:00", "12:00"]，先后有序、互不重叠')
        else:
            spans.append((start, end))
    return OfficeHours(tuple(spans))


def _seconds(clock: object) -> int | None:
    hours, _, minutes = str(clock).partition(":")
    if not (hours.isdigit() and minutes.isdigit()) or int(minutes) > 59:
        return None
    seconds = int(hours) * 3600 + int(minutes) * 60
    return seconds if seconds <= 86400 else None


def _calendar(reader: TomlReader, path: Path) -> WorkCalendar:
    name = reader.text("calendar", "")
    if not name:
        return WorkCalendar()
    try:
        return WorkCalendar.with_overrides(read_overrides(path.parent / name))
    except DataFileError as error:
        reader.wrong(f"calendar：{error}")
        return WorkCalendar()
