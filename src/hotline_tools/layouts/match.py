"""Which layout a table has, and which of its columns fill which field."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from hotline_tools.dates import CLOCK_CELL, DAY_CELL, DIGIT_CLOCK_CELL
from hotline_tools.errors import NoHeaderError
from hotline_tools.layouts.doubts import doubts
from hotline_tools.layouts.keys import code_of, header_key, header_keys
from hotline_tools.layouts.legends import explained_rows
from hotline_tools.layouts.load import common
from hotline_tools.layouts.model import ColumnEvidence, Combine, FieldSpec, Layout, Match
from hotline_tools.layouts.recognition import Assigned, recognise
from hotline_tools.layouts.recognition.categories import CATEGORY
from hotline_tools.layouts.recognition.values import Values
from hotline_tools.schema import MAPPABLE, UNKNOWN_SOURCE, Status

_COUNTER = re.compile(r"_\d+$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OTHER_SCRIPTS = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
"""Kana and hangul, beside which characters are not Chinese."""
_CLOCK = re.compile(rf"{CLOCK_CELL}|{DIGIT_CLOCK_CELL}")
_DAY = re.compile(DAY_CELL)
_MOSTLY = 0.9
_MARKED = 0.5
"""Share of a column's values that match a layout's mark."""
_KNOWN, _LATER = 0.97, 0.12
"""Score of the first name of the common list for a field, and what the last one has less."""
REPLY_WORDS = ("回复", "答复", "反馈", "reply", "answer")
"""Words in the header of a time at which an office answered."""
ESSENTIAL = ("title", "content", "address")
"""A table of work orders has at least one of these, or a time."""


class KnownHeaders:
    """Answers whether some layout knows a header name; sources find the header row with it."""

    def __init__(self, layouts: Iterable[Layout]) -> None:
        names: set[str] = set()
        for layout in (*layouts, common()):
            for spec in layout.fields.values():
                names.update(name for part in spec.parts for name in part)
            names.update(name for entry in layout.signature for name in entry.split("|"))
            names.update((*layout.drop, *layout.keep))
        self._keys = {header_key(name) for name in names}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and any(key in self._keys for key in header_keys(name))


class _Header:
    """The names of one table, to be looked up by any of their keys."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        self._by_key: dict[str, str] = {}
        for rank in range(3):
            for name in names:
                keys = header_keys(name)
                if rank < len(keys):
                    self._by_key.setdefault(keys[rank], name)

    def find(self, synonyms: Iterable[str], taken: Iterable[str] = ()) -> str | None:
        """The column that has the first of the synonyms there is."""
        used = set(taken)
        for synonym in synonyms:
            name = self._by_key.get(header_key(synonym))
            if name is not None and name not in used:
                return name
        return None


def match_layout(header: Sequence[str], sample: pa.Table, layouts: Sequence[Layout]) -> Match:
    """The best layout for a table, or a mapping guessed from general synonyms.

    ``sample`` holds the table's first rows (text columns): what no layout says is recognised by names and
    values together.
    """
    names = _Header(header)
    scores = sorted(((_rank(layout, names), layout) for layout in layouts), key=lambda s: s[0], reverse=True)
    candidates = [(layout.id, round(rank[0], 3)) for rank, layout in scores[:5] if rank[0] > 0]
    fitting = [(rank, layout) for rank, layout in scores if _fits(layout, rank[0], names, sample)]
    chosen = fitting[0][1] if fitting else None
    score = fitting[0][0][0] if fitting else (scores[0][0][0] if scores else 0.0)
    return _mapped(chosen, score, names, sample, candidates)


def apply_layout(header: Sequence[str], sample: pa.Table, layout: Layout) -> Match:
    """The mapping under a layout that the user has chosen, whatever its score."""
    names = _Header(header)
    score = _rank(layout, names)[0]
    return _mapped(layout, score, names, sample, [(layout.id, round(score, 3))])


def require_usable(match: Match, where: str) -> None:
    """Raise ``NoHeaderError`` when the mapping has neither title, content, any time nor address.

    What callers said afterwards of numbered orders, with their rating, is a table of orders all the same.
    """
    is_survey = match.says_more and {"order_id", "satisfaction"} <= match.mapping.keys()
    is_order = any(field in ESSENTIAL or MAPPABLE[field].kind == "time" for field in match.mapping)
    if not is_order and not is_survey:
        found = "、".join(name for names in match.mapping.values() for name in names)
        raise NoHeaderError(
            f"表中没有标题、内容、受理时间或地址列，不是工单表（认出的列：{found or '无'}）",
            where=where,
            remedy="如果确实是工单表，请用 hotline layout new 文件 起草一份版式，再用 --layout 指定它。",
        )


def _rank(layout: Layout, names: _Header) -> tuple[float, bool, float, float]:
    """Share of the signature found; the user's own first; how much of the table it explains; its weight."""
    weight = sum(layout.signature.values())
    found = sum(w for entry, w in layout.signature.items() if names.find(entry.split("|")) is not None)
    own = [name for spec in layout.fields.values() for part in spec.parts if (name := names.find(part))]
    explained = len(set(own)) / max(1, len(names.names))
    return (found / weight if weight else 0.0, layout.own, explained, found)


def _fits(layout: Layout, score: float, names: _Header, sample: pa.Table) -> bool:
    """Whether the signature is there, and whatever tells the layout from another city's."""
    if score < layout.min_score or any(names.find(name.split("|")) is None for name in layout.required):
        return False
    marks = [(names.find(header.split("|")), pattern) for header, pattern in layout.marks.items()]
    return all(name is not None and _marked(name, pattern, sample) for name, pattern in marks)


def _marked(name: str, pattern: str, sample: pa.Table) -> bool:
    values = Values.of(sample.column(name)) if name in sample.column_names else None
    return values is None or not values.count or values.share(pattern) >= _MARKED


def _mapped(
    layout: Layout | None, score: float, names: _Header, sample: pa.Table, candidates: list[tuple[str, float]]
) -> Match:
    rules = layout or common()
    sample = explained_rows(sample)
    mapping, specs = _own_fields(rules, names)
    evidence = {name: ColumnEvidence(1.0, "版式写明") for name in mapping}
    reserved = {name for entry in rules.keep if (name := names.find([entry]))}
    used = {name for columns in mapping.values() for name in columns}
    own_drop = set(_dropped(rules, names, used | reserved))
    # A platform that renamed a column is still the platform: what is left is recognised like any table.
    left = [name for name in names.names if name not in used | reserved | own_drop or _is_contact(name)]
    found = recognise(
        left,
        sample,
        synonyms=_synonym_scores(left),
        words=rules.values,
        fields=[name for name in rules.fields if name not in mapping],
        placeholders=frozenset(rules.placeholders),
    )
    for item in found.assigned:
        mapping[item.field] = list(item.headers)
        specs[item.field] = _spec(item, common().fields.get(item.field))
        rivals = tuple(header for header, _ in found.rivals.get(item.field, ()))
        evidence[item.field] = ColumnEvidence(item.score, item.reason, rivals)
    used = {name for columns in mapping.values() for name in columns}
    mapping, specs = _join_dates_and_clocks(mapping, specs, set(names.names) - used, sample)
    used = {name for columns in mapping.values() for name in columns}
    gone = own_drop | set(found.drop)
    drop = [name for name in names.names if name in gone and name not in used | reserved]
    unmapped = [name for name in names.names if name not in used and name not in drop]
    return Match(
        layout=layout,
        score=round(score, 3),
        mapping={name: mapping[name] for name in MAPPABLE if name in mapping},
        specs=specs,
        values=rules.values,
        placeholders=rules.placeholders,
        drop=tuple(drop),
        evidence=evidence,
        unsure=doubts(mapping, specs, sample, evidence),
        says_more=any(_says_more(sample, name) for name in unmapped),
        unmapped=unmapped,
        source=layout.source if layout else UNKNOWN_SOURCE,
        time_zone=rules.time_zone if layout else _zone(mapping, sample),
        channel=rules.channel,
        closes_by_reply=_closes_by_reply(mapping, rules.values, sample),
        candidates=candidates,
    )


def _closes_by_reply(
    mapping: Mapping[str, list[str]], values: Mapping[str, Mapping[str, str]], sample: pa.Table
) -> bool:
    """Whether the closing is a reply's time beside a status that calls some orders closed and others open."""
    headers = mapping.get("closed_at", [])
    if not any(word in header.lower() for header in headers for word in REPLY_WORDS):
        return False
    statuses = [name for name in mapping.get("status", []) if name in sample.column_names]
    if len(statuses) != 1:
        return False
    texts = sample.column(statuses[0]).drop_null().unique().to_pylist()
    codes = {code_of(text, values.get("status", {})) for text in texts}
    return {Status.OPEN, Status.CLOSED} <= codes


def _own_fields(rules: Layout, names: _Header) -> tuple[dict[str, list[str]], dict[str, FieldSpec]]:
    """The fields that the layout itself says, by name; nothing for the common rules."""
    general = common().fields
    mapping: dict[str, list[str]] = {}
    specs: dict[str, FieldSpec] = {}
    for field, spec in rules.fields.items():
        if spec is not general.get(field) and (columns := _columns(spec, names, ())):
            mapping[field], specs[field] = columns, spec
    return mapping, specs


def _synonym_scores(headers: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return field → header → score of the names that the common list knows as they are."""
    found: dict[str, dict[str, float]] = {}
    for field, spec in common().fields.items():
        for part in spec.parts:
            places = {header_key(name): place for place, name in reversed(list(enumerate(part)))}
            for header in headers:
                place = next((places[key] for key in header_keys(header) if key in places), None)
                if place is not None:
                    score = _KNOWN - _LATER * place / max(1, len(part))
                    found.setdefault(field, {})[header] = max(score, found.get(field, {}).get(header, 0.0))
    return found


def _spec(item: Assigned, general: FieldSpec | None) -> FieldSpec:
    """Return how to fill a recognised field: each column a part, put together in order."""
    parts = tuple((header,) for header in item.headers)
    joiner = "/" if item.field == CATEGORY else " "
    base = general or FieldSpec(item.field, parts)
    combine: Combine = "first" if item.alternatives else "join"
    return replace(base, field=item.field, parts=parts, joiner=joiner, combine=combine)


def _is_contact(name: str) -> bool:
    """Whether the column may be the caller's telephone or account."""
    contacts = {header_key(known) for part in common().fields["caller_key"].parts for known in part}
    return bool(contacts & set(header_keys(_COUNTER.sub("", name))))


def _columns(spec: FieldSpec, names: _Header, taken: Iterable[str]) -> list[str]:
    columns: list[str] = []
    for part in spec.parts:
        name = names.find(part, [*taken, *columns])
        if name is not None:
            columns.append(name)
    return columns


def _dropped(rules: Layout, names: _Header, used: Iterable[str]) -> list[str]:
    """Columns of personal data, also when there are two of a name; a second phone number counts as one."""
    mapped = set(used)
    contacts = [name for part in common().fields["caller_key"].parts for name in part]
    keys = {header_key(entry) for entry in (*rules.drop, *contacts)}
    kept = {name for entry in rules.keep if (name := names.find([entry]))}
    return [
        name
        for name in names.names
        if name not in mapped | kept and keys & set(header_keys(_COUNTER.sub("", name)))
    ]


def _join_dates_and_clocks(
    mapping: dict[str, list[str]], specs: Mapping[str, FieldSpec], free: Iterable[str], sample: pa.Table
) -> tuple[dict[str, list[str]], dict[str, FieldSpec]]:
    """Where a time field got a column of clock times, put the date column of the same stem before it."""
    joined, rules = dict(mapping), dict(specs)
    left = set(free)
    for field, columns in mapping.items():
        if MAPPABLE[field].kind != "time" or len(columns) != 1 or not _mostly(sample, columns[0], _CLOCK):
            continue
        stem = re.sub(r"时间|時間|时刻|時刻|time", "", columns[0], flags=re.IGNORECASE)
        for other in sorted(left):
            same = re.sub(r"日期|date", "", other, flags=re.IGNORECASE)
            if same == stem and other != columns[0] and _mostly(sample, other, _DAY):
                joined[field] = [other, columns[0]]
                rules[field] = replace(rules[field], parts=((other,), (columns[0],)), joiner=" ")
                left.discard(other)
                break
    return joined, rules


def _zone(mapping: Mapping[str, list[str]], sample: pa.Table) -> str:
    """Return the zone of a table without a layout: that of its language, where it has one zone; else nothing.

    All of China, Hong Kong, Macao, Taiwan and Singapore keep UTC+8.
    """
    for field in ("content", "title"):
        for column in mapping.get(field, ()):
            if _mostly(sample, column, _HAN) and not _mostly(sample, column, _OTHER_SCRIPTS, 0.1):
                return "Asia/Shanghai"
    return ""


def _says_more(sample: pa.Table, column: str) -> bool:
    return column in sample.column_names and Values.of(sample.column(column)).sentences > _MARKED


def _mostly(sample: pa.Table, column: str, pattern: re.Pattern[str], share: float = _MOSTLY) -> bool:
    if column not in sample.column_names:
        return False
    values = [v for v in sample.column(column).drop_null().slice(0, 100).to_pylist() if v.strip()]
    return bool(values) and sum(1 for v in values if pattern.search(v)) >= share * len(values)
