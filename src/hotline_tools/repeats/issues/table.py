"""The table of issues: one row an issue, with all that an escalation list needs to be believed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Self, overload

import numpy as np
import pyarrow as pa

from hotline_tools.repeats.clustering.certainty import SURE
from hotline_tools.repeats.encode.ragged import Longs
from hotline_tools.repeats.issues.label import IssueName, issue_name, typical
from hotline_tools.repeats.issues.place import common_site
from hotline_tools.repeats.issues.wording import Corpus, evenly
from hotline_tools.repeats.text.tokens import Tokenizer

PERSISTENT, MANY, UNKNOWN = "一人多次", "多人反映", "来电人不详"
UNCLEAR = "不详"
"""The state of an issue of which an order says neither open nor closed, and none is open."""
_TEXT, _COUNT, _TIME = pa.string(), pa.int64(), pa.timestamp("us")
_TEXTS = pa.list_(_TEXT)
ISSUES = pa.schema(
    [
        ("issue_id", _TEXT), ("label", _TEXT), ("kind", _TEXT), ("status", _TEXT), ("muted", pa.bool_()),
        ("category", _TEXT), ("subcategory", _TEXT), ("place", _TEXT), ("district", _TEXT),
        ("street", _TEXT), ("community", _TEXT), ("orders", _COUNT), ("callers", _COUNT),
        ("unknown_callers", _COUNT), ("channels", _TEXTS), ("departments", _TEXTS), ("first_at", _TIME),
        ("last_at", _TIME), ("first_week", pa.date32()), ("weekly", pa.list_(_COUNT)), ("came_back", _COUNT),
        ("satisfied", _COUNT), ("basically", _COUNT), ("dissatisfied", _COUNT), ("unrated", _COUNT),
        ("open_orders", _COUNT), ("certainty", pa.float64()), ("to_check", pa.bool_()),
        ("typical", _TEXTS), ("order_ids", _TEXTS), ("order_keys", _TEXTS),
    ]
)  # fmt: skip
"""The table ``issues`` of the store. ``weekly``: orders in each week (Monday first) from ``first_week``;
``callers``: distinct known callers; ``unknown_callers``: orders whose caller is not known;
``open_orders`` is null when no order says its state. ``certainty``: the mean of its members' ``closest``;
``to_check``: too unsure to be counted and shown as one issue before somebody has looked."""
MEMBERS = pa.schema(
    [("order_key", _TEXT), ("issue_id", _TEXT), ("order_id", _TEXT), ("closest", pa.float32())]
)
"""The table ``issue_members`` of the store: grouped orders only. ``closest``: how likely the order is of one
issue with the one most like it; 1 where a person said so, null in stores of before it was told."""
_MOST_WEEKS = 520
_NO_TEXTS = pa.table({name: pa.array([], _TEXT) for name in ("title", "content", "address")}).append_column(
    "place", pa.array([], pa.int32())
)
_LARGE = pa.schema([(name, pa.large_string()) for name in ("title", "content", "address")])
"""Beyond two gigabytes of text in a column."""


@cache
def issues_sql() -> str:
    """Return the statement over the views ``orders`` and ``members``."""
    return files("hotline_tools.repeats.issues").joinpath("issues.sql").read_text(encoding="utf-8")


@dataclass
class IssueTexts:
    """Titles, contents and addresses of an issue's orders."""

    titles: list[str | None] = field(default_factory=list)
    contents: list[str | None] = field(default_factory=list)
    addresses: list[str | None] = field(default_factory=list)


class TextsOfIssues(Sequence[IssueTexts]):
    """The texts of all issues, one after another, held as Arrow tables: they are millions in a city."""

    def __init__(self, rows: pa.Table, numbers: dict[str, int], starts: Longs) -> None:
        self._rows, self._numbers, self._starts = rows, numbers, starts

    @classmethod
    def of(cls, batches: Iterable[pa.Table], issues: pa.ChunkedArray) -> Self:
        """Sort the members' texts by issue.

        Batches have title, content, address and ``place``, which of the members it is; ``issues`` has the
        issue of each member.
        """
        rows = pa.concat_tables([_NO_TEXTS, *(batch.select(_NO_TEXTS.column_names) for batch in batches)])
        coded = issues.combine_chunks().dictionary_encode()
        number = coded.indices.to_numpy()[rows["place"].to_numpy()]
        order = np.argsort(number, kind="stable")
        large = rows.drop_columns(["place"]).cast(_LARGE)
        starts = np.searchsorted(number[order], np.arange(len(coded.dictionary) + 1))
        numbers = {issue: at for at, issue in enumerate(coded.dictionary.to_pylist())}
        return cls(large.take(pa.array(order)).combine_chunks(), numbers, starts)

    def of_issue(self, issue: str) -> IssueTexts:
        """Return the texts of an issue, in the store's order; none when it has no member."""
        return self[self._numbers[issue]] if issue in self._numbers else IssueTexts()

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, at: int) -> IssueTexts: ...
    @overload
    def __getitem__(self, at: slice) -> list[IssueTexts]: ...
    def __getitem__(self, at: int | slice) -> IssueTexts | list[IssueTexts]:
        if isinstance(at, slice):
            return [self[each] for each in range(len(self))[at]]
        start, stop = int(self._starts[at]), int(self._starts[at + 1])
        return IssueTexts(*(column.to_pylist() for column in self._rows.slice(start, stop - start).columns))


def issue_table(facts: pa.Table, texts: TextsOfIssues, names: Mapping[str, str], muted: set[str]) -> pa.Table:
    """Return the table of issues (``ISSUES``) from the rows of ``issues.sql`` and the orders' texts."""
    tokenizer = Tokenizer()
    sites = [
        common_site(texts.of_issue(issue).addresses) or place
        for issue, place in zip(facts["issue_id"].to_pylist(), facts["place"].to_pylist(), strict=True)
    ]
    known = [*sites, *facts["community"].to_pylist()]
    corpus = Corpus.of([each.contents for each in evenly(texts)], known)
    batches, first = [], 0
    for part in facts.to_batches(max_chunksize=5_000):
        rows = []
        for row, site in zip(part.to_pylist(), sites[first : first + len(part)], strict=True):
            own = texts.of_issue(row["issue_id"])
            problem = row["subcategory"] or row["category"]
            area = row["community"] or row["street"] or row["district"]
            name = issue_name(own.titles, own.contents, site, problem, tokenizer, area=area, corpus=corpus)
            rows.append(_row(row, own, name, names, muted))
        first += len(part)
        batches.append(pa.RecordBatch.from_pylist(rows, schema=ISSUES))
    return pa.Table.from_batches(batches, schema=ISSUES)


def _row(
    row: dict[str, Any], texts: IssueTexts, name: IssueName, names: Mapping[str, str], muted: set[str]
) -> dict[str, Any]:
    issue = row["issue_id"]
    first_week, weekly = orders_by_week(row.pop("times") or [])
    unclear = row.pop("unclear_orders")
    row |= {
        "label": names.get(issue) or name.label,
        "kind": caller_kind(row["callers"], row["unknown_callers"]),
        "status": issue_status(row["open_orders"], unclear),
        "open_orders": row["open_orders"] if unclear < row["orders"] else None,
        "muted": issue in muted,
        "to_check": is_to_check(row),
        "place": name.place,
        "first_week": first_week,
        "weekly": weekly,
        "typical": typical([text for text in texts.contents if text] or [t for t in texts.titles if t]),
        "channels": row["channels"] or [],
        "departments": row["departments"] or [],
    }
    return row


def is_to_check(row: Mapping[str, Any]) -> bool:
    """Tell whether an issue is too unsure; what one caller brings again and again is one matter as a rule."""
    alone = caller_kind(row["callers"], row["unknown_callers"]) == PERSISTENT
    return not alone and row["certainty"] is not None and row["certainty"] < SURE


def issue_status(open_orders: int, unclear_orders: int) -> str:
    """Tell whether an issue is open; an order without a state and a closing time leaves it unclear."""
    if open_orders:
        return "未办结"
    return UNCLEAR if unclear_orders else "已办结"


def caller_kind(callers: int, unknown: int) -> str:
    """Tell one persistent caller from many people; orders without a caller decide nothing."""
    if callers >= 2:
        return MANY
    return PERSISTENT if callers == 1 and not unknown else UNKNOWN


def orders_by_week(times: list[datetime]) -> tuple[Any, list[int]]:
    """Return the Monday of the first week and the orders of each week from then to the last."""
    if not times:
        return None, []
    mondays = [(time - timedelta(days=time.weekday())).date() for time in times]
    first = min(mondays)
    weeks = [(monday - first).days // 7 for monday in mondays]
    counts = [0] * min(_MOST_WEEKS, max(weeks) + 1)
    for week in weeks:
        if week < len(counts):
            counts[week] += 1
    return first, counts
