"""The same figures as ``reports_by_hand`` in pandas, over the columns needed, read with pyarrow."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from hotline_tools.calendar.days import CALENDAR_FIRST, CALENDAR_LAST, WorkCalendar
from reports_by_hand import Rows, supervised

UNFILLED = "（未填写）"
_ANSWERS, _ASKED = ["satisfied", "basically", "dissatisfied"], ["yes", "partly", "no"]
_CLOCKS = ["received_at", "dispatched_at", "signed_at", "first_contact_at", "closed_at", "revisited_at"]
_OFFICE, _HOUR = 7 * 3600, 3600.0


def in_pandas(case: str, store: Path) -> Rows:
    """Compute the figures of a case."""
    name, _, level = case.partition(" by ")
    return _CASES[name](store, level)


def _orders(store: Path, *columns: str) -> pd.DataFrame:
    return pd.read_parquet(store / "orders", columns=list(columns), engine="pyarrow", partitioning=None)


def _labelled(store: Path, labels: list[str], *columns: str) -> pd.DataFrame:
    table = pd.read_parquet(
        store / "labels" / "model.parquet", columns=["order_key", *labels], engine="pyarrow"
    )
    return _orders(store, "order_key", *columns).merge(table, on="order_key", how="left")


def _rows(frame: pd.DataFrame) -> Rows:
    return {row[0]: tuple(row[1:]) for row in frame.itertuples()}


def _trend(store: Path, level: str) -> Rows:
    orders = _orders(store, "received_at", *([level] if level else []))
    month = orders["received_at"].dt.to_period("M")
    keys = [month, orders[level].fillna(UNFILLED)] if level else [month]
    counts = orders.groupby(keys).size()
    return {"".join(map(str, key)) if level else str(key): (number,) for key, number in counts.items()}


def _hours(store: Path, _level: str) -> Rows:
    moment = _orders(store, "received_at")["received_at"].dt
    counts = (moment.day_of_week * 24 + moment.hour).value_counts()
    return {int(key): (number,) for key, number in counts.items()}


def _categories(store: Path, level: str) -> Rows:
    wanted = ["category", "subcategory", "needs_review"] if level else ["category", "needs_review"]
    grouped = _labelled(store, wanted).groupby(wanted[:-1])["needs_review"].agg(["size", "sum"])
    return {"/".join(row[0]) if level else row[0]: (row[1], int(row[2])) for row in grouped.itertuples()}


def _pareto(store: Path, _level: str) -> Rows:
    return {k: (n,) for k, n in _labelled(store, ["subcategory"])["subcategory"].value_counts().items()}


def _channels(store: Path, _level: str) -> Rows:
    orders = _orders(store, "channel", "status", "closed_at", "satisfaction")
    told = pd.DataFrame(
        {
            "orders": 1,
            "closed": (orders["status"] == "closed") | orders["closed_at"].notna(),
            "satisfied": orders["satisfaction"].isin(_ANSWERS[:2]),
            "rated": orders["satisfaction"].isin(_ANSWERS),
        }
    )
    return _rows(told.groupby(orders["channel"]).sum())


def _areas(store: Path, _level: str) -> Rows:
    orders = _labelled(store, ["category"], "street", "caller_key")
    street = orders["street"].fillna(UNFILLED)
    most = orders.groupby([street, "category"]).size().groupby(level=0).max()
    callers = orders.groupby(street)["caller_key"].agg(["size", "nunique"])
    return _rows(callers.join(most.rename("most")))


def _ledger(store: Path, _level: str) -> Rows:
    orders = _orders(
        store,
        "received_at",
        "closed_at",
        "revisited_at",
        "reply",
        "satisfaction",
        "co_departments",
        "handling_hours",
    )
    cleared = orders[orders["closed_at"].notna()]
    alone = cleared["co_departments"].isna()
    rated = cleared[cleared["satisfaction"].isin(_ANSWERS)]
    closed = {
        "cleared": 1,
        "public": cleared["reply"].notna(),
        "instant": alone & (cleared["handling_hours"] <= 24),
        "timed": alone & (cleared["handling_hours"] > 24),
        "joint": ~alone,
    }
    by_event = (
        (orders["received_at"], {"opened": 1}),
        (cleared[["closed_at", "received_at"]].max(axis=1), closed),
        (
            rated["revisited_at"].fillna(rated["closed_at"]),
            {"settled": rated["satisfaction"] == "satisfied", "rated": 1},
        ),
    )
    parts = [
        pd.DataFrame(told, index=moment.index).groupby(moment.dt.to_period("M")).sum()
        for moment, told in by_event
    ]
    columns = ["opened", "cleared", "public", "settled", "rated", "instant", "timed", "joint"]
    months = pd.concat(parts, axis=1).fillna(0).astype(int)[columns]
    return {str(k): v for k, v in _rows(months).items()}


def _levels(store: Path, _level: str) -> Rows:
    places = ["district", "street", "community", "grid"]
    orders = _labelled(
        store,
        ["category", "subcategory"],
        *places,
        "closed_at",
        "dispatched_at",
        "department",
        "resolved",
        "original_category",
    )
    dispute = pd.Series(False, orders.index)
    for column in ("category", "subcategory", "original_category"):
        dispute |= orders[column].str.contains("医患纠纷|矛盾", na=False)
    closed = orders["closed_at"].notna()
    flowed = closed | orders["dispatched_at"].notna() | orders["department"].notna()
    settled = dispute & closed & (orders["resolved"].fillna("unknown") != "no")
    told = pd.DataFrame({"orders": 1, "flowed": flowed, "disputes": dispute, "settled": settled})
    return {(p, k): v for p in places for k, v in _rows(told.groupby(orders[p]).sum()).items()}


class _Calendar:
    """Working days as arrays by the number of the day."""

    def __init__(self) -> None:
        days = (CALENDAR_LAST - CALENDAR_FIRST).days + 1
        calendar = WorkCalendar()
        first: date = CALENDAR_FIRST
        self.worked = np.array([calendar.is_working_day(first + timedelta(days=i)) for i in range(days)])
        self.through = self.worked.cumsum()
        self.ordered = np.flatnonzero(self.worked)

    def number(self, moments: pd.Series) -> np.ndarray:
        """Number of the day; 0 where there is no moment."""
        return (
            (moments.dt.normalize() - pd.Timestamp(CALENDAR_FIRST))
            .dt.days.fillna(0)
            .astype("int64")
            .to_numpy()
        )

    def office(self, moments: pd.Series) -> np.ndarray:
        """Office seconds from the first day on: 9-12, 14-18."""
        day = self.number(moments)
        second = (moments - moments.dt.normalize()).dt.total_seconds().fillna(0).to_numpy()
        today = np.clip(second, 32400, 43200) - 32400 + np.clip(second, 50400, 64800) - 50400
        worked = self.worked[day]
        return (self.through[day] - worked) * _OFFICE + np.where(worked, today, 0)

    def seconds(self, moments: pd.Series) -> pd.Series:
        """Seconds of working days from the first day on, around the clock."""
        day, second = self.number(moments), (moments - moments.dt.normalize()).dt.total_seconds()
        worked = self.worked[day]
        before = (self.through[day] - worked) * 86400
        return (before + second.where(worked, 0)).where(moments.notna())

    def next_workday(self, moments: pd.Series) -> pd.Series:
        """The same time on the next working day; its end when not received on one."""
        day = self.number(moments)
        last = pd.Timestamp(CALENDAR_FIRST) + pd.to_timedelta(self.ordered[self.through[day]], unit="D")
        time = moments - moments.dt.normalize()
        ends = pd.Series(last, moments.index) + time.where(self.worked[day], pd.Timedelta(days=1))
        return ends.where(moments.notna())


def _departments(store: Path, level: str) -> Rows:
    level = level or "department"
    orders = _orders(
        store, level, *_CLOCKS, "due_at", "resolved", "satisfaction", "returns", "redos", "extensions",
        "responded",
    )  # fmt: skip
    as_of, calendar = orders[_CLOCKS].max().max(), _Calendar()
    sign_by = calendar.next_workday(orders["dispatched_at"])
    closed, due = orders["closed_at"] <= as_of, orders["due_at"] <= as_of
    rated, asked = orders["satisfaction"].isin(_ANSWERS), orders["resolved"].isin(_ASKED)
    revisited = orders["revisited_at"].notna() | rated | asked
    told_so, contact_by = orders["responded"], orders["dispatched_at"] + pd.Timedelta(hours=24)
    timed = orders["closed_at"] >= orders["received_at"]
    hours = (orders["closed_at"] - orders["received_at"]).dt.total_seconds() / _HOUR
    working = pd.Series(
        (calendar.office(orders["closed_at"]) - calendar.office(orders["received_at"])) / _HOUR, orders.index
    )
    told = pd.DataFrame(
        {
            "orders": 1,
            "signed": (orders["signed_at"] <= sign_by) & (sign_by <= as_of),
            "sign_due": sign_by <= as_of,
            "on_time": due & (orders["closed_at"] <= orders["due_at"]),
            "due": due,
            "closed": due & closed,
            "resolved": orders["resolved"] == "yes",
            "asked": asked,
            "satisfied": orders["satisfaction"].isin(_ANSWERS[:2]),
            "rated": rated,
            "dissatisfied": orders["satisfaction"] == "dissatisfied",
            "revisited": revisited,
            "closed_revisited": closed & revisited,
            "returned": orders["returns"] > 0,
            "redone": orders["redos"] > 0,
            "extended": orders["extensions"] > 0,
            "responded": told_so.where(told_so.notna(), orders["first_contact_at"] <= contact_by).astype(
                bool
            ),
            "responding": told_so.notna() | (contact_by <= as_of),
        }
    )
    times = pd.DataFrame({"hours": hours.where(timed), "working": working.where(timed)})
    unit = orders[level].fillna(UNFILLED)
    grouped, taken = told.groupby(unit).sum(), times.groupby(unit)
    parts = [grouped]
    for name in times:
        parts += [taken[name].median(), taken[name].quantile(0.9), taken[name].mean()]
    total = [
        f(times[n]) for n in times for f in (pd.Series.median, lambda s: s.quantile(0.9), pd.Series.mean)
    ]
    return _rows(pd.concat(parts, axis=1)) | {"total": (*told.sum(), *total)}


def _loop(store: Path, _level: str) -> Rows:
    o = _orders(store, *_CLOCKS, "due_at", "returns", "redos", "satisfaction", "resolved")
    as_of = o[_CLOCKS].max().max()
    closed, due = o["closed_at"] <= as_of, o["due_at"] <= as_of
    rated, asked = o["satisfaction"].isin(_ANSWERS), o["resolved"].isin(_ASKED)
    revisited = o["revisited_at"].notna() | rated | asked
    supervised_ = o["satisfaction"].isin(_ANSWERS[1:])
    counts = (
        pd.Series(True, o.index), o["signed_at"].notna(), o["returns"] > 0, closed,
        closed & (o["closed_at"] > o["due_at"]), ~closed,
        due & (o["closed_at"] <= o["due_at"]), closed & revisited, supervised_,
        o["satisfaction"] == "satisfied", o["resolved"] == "yes", due, rated, asked,
        ~closed & o["signed_at"].isna(), ~closed, due & ~closed, closed & ~revisited,
        supervised_ & (o["redos"].fillna(0) == 0),
    )  # fmt: skip
    figures: list[float] = [int(count.sum()) for count in counts]
    spans = (
        ("received", "dispatched"),
        ("dispatched", "signed"),
        ("received", "closed"),
        ("closed", "revisited"),
    )
    for start, end in spans:
        taken = (o[f"{end}_at"] - o[f"{start}_at"]).dt.total_seconds() / _HOUR
        taken = taken[taken >= 0]
        figures += [len(taken), taken.median(), taken.quantile(0.9), taken.mean()]
    return {"loop": tuple(figures)}


_SHOWN = [
    "order_id",
    "department",
    "title",
    "street",
    "community",
    "received_at",
    "due_at",
    "satisfaction",
    "returns",
]


def _supervise(store: Path, _level: str) -> Rows:
    o = _labelled(
        store, ["subcategory"], *_SHOWN, *_CLOCKS[1:], "caller_key", "place", "reply", "responded"
    )  # fmt: skip
    as_of = o[_CLOCKS].max().max()
    asked = o["revisited_at"].fillna(o["closed_at"])
    placed = "p:" + o["department"] + "|" + o["place"] + "|" + o["subcategory"]
    who = ("c:" + o["caller_key"]).fillna(placed)
    rated = o["satisfaction"].isin(_ANSWERS) & who.notna()
    line = pd.DataFrame({"who": who, "asked": asked, "key": o["order_key"], "said": o["satisfaction"]})[rated]
    line["order_id"] = o["order_id"][rated]
    line = line.sort_values(["who", "asked", "key"])
    before = line.groupby("who")[["said", "order_id"]].shift()
    month = as_of - pd.Timedelta(days=30)
    again = (line["said"] == "dissatisfied") & (before["said"] == "dissatisfied") & (line["asked"] >= month)
    day, opened, calendar = pd.Timedelta(hours=24), o["closed_at"].isna(), _Calendar()
    sent, moved = o["dispatched_at"].fillna(o["received_at"]), o[_CLOCKS[:4]].max(axis=1)
    now = calendar.seconds(pd.Series([as_of]))[0]
    flags = [
        opened & (o["due_at"] <= as_of),
        opened & (o["due_at"] > as_of) & (calendar.seconds(o["due_at"]) - now <= 24 * _HOUR),
        opened & o["reply"].isna() & ~o["responded"].fillna(False).astype(bool)
        & o["first_contact_at"].isna() & (sent < as_of - day),
        opened & (now - calendar.seconds(moved) > 72 * _HOUR),
        again.reindex(o.index, fill_value=False),
        (o["returns"] >= 2) & (opened | (o["closed_at"] >= month)),
        o["satisfaction"].isin(_ANSWERS[1:]) & (asked.fillna(o["received_at"]) >= month),
    ]  # fmt: skip
    listed = np.logical_or.reduce(flags)
    shown = o.loc[listed, _SHOWN].assign(before=before["order_id"].reindex(o.index)[listed])
    shown = shown.assign(**{f"flag_{i}": flag[listed] for i, flag in enumerate(flags)})
    for name, since in (("late", o["due_at"]), ("sent", sent), ("still", moved)):
        shown[name] = (as_of - since[listed]).dt.total_seconds() / _HOUR
    shown = shown.sort_values(["department", "due_at", "received_at", "order_id"])
    return supervised(zip(*shown.itertuples(index=False, name=None), strict=True))


_CASES: dict[str, Callable[[Path, str], Rows]] = {
    "departments": _departments,
    "categories": _categories,
    "trend": _trend,
    "channels": _channels,
    "areas": _areas,
    "hours": _hours,
    "pareto": _pareto,
    "ledger": _ledger,
    "loop": _loop,
    "levels": _levels,
    "supervise": _supervise,
}
