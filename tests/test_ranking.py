"""Ranks, boards, items and standardised rates: counted by hand, and never taken from noise."""

import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import combinations
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import database_of
from hotline_tools.reports.catalog.departments import REPORT, compute
from hotline_tools.reports.compare.tables import Base, compare
from hotline_tools.reports.compare.variation import plain
from hotline_tools.reports.coverage import covered_needs, uncovered_sources
from hotline_tools.reports.kpi.cells import UnitCells, unit_cells
from hotline_tools.reports.kpi.dispersion import Dispersion, TimeCells, between, homogeneity_p, within
from hotline_tools.reports.kpi.profile import Profile, Rate, UnitGroup
from hotline_tools.reports.kpi.profile_file import find_profile, load_profile
from hotline_tools.reports.kpi.ranking import ABOVE, BELOW, BETWEEN, RankedUnit, rank_intervals, standings
from hotline_tools.reports.kpi.score_model import Board, Item, Score
from hotline_tools.reports.kpi.standardised import standardise
from hotline_tools.reports.kpi.statement import profile_of
from hotline_tools.reports.kpi.unit_score import UnitScore, plain_part
from hotline_tools.reports.period import Period, month
from hotline_tools.reports.query import Query
from hotline_tools.table import Note, NoteKind, ReportTable

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
SATISFIED = Rate("satisfied_rate", "满意率", ("satisfied",), ("rated",), score=Score("share", 100))
DISSATISFIED = Rate("dissatisfied_rate", "不满意率", ("dissatisfied",), ("rated",), lower_is_better=True)
JUNE = month(2025, 6)


def rated(unit: str, satisfied: int, others: int, **more: Any) -> list[dict[str, Any]]:
    """Orders of June, day after day, the dissatisfied ones spread evenly among them."""
    orders = satisfied + others
    return [
        {
            "department": unit,
            "received_at": f"2025-06-{1 + number % 28:02} 09:00",
            "satisfaction": "dissatisfied"
            if (number + 1) * others // orders > number * others // orders
            else "satisfied",
            **more,
        }
        for number in range(orders)
    ]


def table_of(rows: list[dict[str, Any]], *rates: Rate, **profile: Any) -> ReportTable:
    return compute(
        database_of(rows), Query(period=JUNE, profile=Profile("p", "p", rates or (SATISFIED,), **profile))
    )


def row_of(table: ReportTable, unit: str) -> dict[str, Any]:
    (row,) = [row for row in table.rows if row["unit"] == unit]
    return dict(row)


def said(table: ReportTable, part: str) -> Note:
    (note,) = [note for note in table.notes if part in note]
    return note


ALIKE = [row for number in range(8) for row in rated(f"u{number}", 180 - number, 20 + number)]
BOARDS = [
    ("one far below is named, nobody else", rated("bad", 120, 80), {"bad": "黑榜"}, "红 0 个、黑 1 个"),
    ("one far above is named", rated("good", 400, 0), {"good": "红榜"}, "红 1 个、黑 0 个"),
    ("no difference beyond chance, no board", [], {}, "没有超出偶然"),
    ("one far below but of few orders is not told apart", rated("few", 9, 3), {}, "没有超出偶然"),
]


@pytest.mark.parametrize(("what", "rows", "named", "note"), BOARDS, ids=[case[0] for case in BOARDS])
def test_a_board_names_only_who_differs(
    what: str, rows: list[dict[str, Any]], named: dict[str, str], note: str
) -> None:
    table = table_of(ALIKE + rows)
    assert {row["unit"]: row["board"] for row in table.rows if row["board"]} == named
    assert note in said(table, "红黑榜：")
    for row in table.rows:
        standing = {"红榜": ABOVE, "黑榜": BELOW, None: BETWEEN}[named.get(str(row["unit"]))]
        assert row["standing"] == standing


def test_five_units_have_no_board_however_far_apart() -> None:
    rows = [row for number in range(5) for row in rated(f"u{number}", 40 * number + 10, 190 - 40 * number)]
    table = table_of(rows)
    assert not any(row["board"] for row in table.rows)
    assert "参加的单位只有 5 个，不足 6 个" in said(table, "红黑榜：")


def test_equal_scores_at_the_last_place_are_all_named() -> None:
    rows = ALIKE + rated("bad", 120, 80) + rated("as bad", 120, 80)
    table = table_of(rows, board_size=1)
    assert {row["unit"] for row in table.rows if row["board"] == "黑榜"} == {"bad", "as bad"}
    assert "全部黑榜 2 个：末位同分，并列上榜。" in table.notes


def test_clusters_within_a_week_make_a_difference_chance() -> None:
    """The same counts: 60 % satisfied, but the 80 dissatisfied ones of each unit fall into one week."""
    spread = [row for n in range(8) for row in rated(f"u{n}", 180 - 8 * n, 20 + 8 * n)]
    assert "没有超出偶然" not in said(table_of(spread), "红黑榜：")
    clustered = [
        {
            **row,
            "received_at": "2025-06-03 09:00"
            if row["satisfaction"] == "dissatisfied"
            else row["received_at"],
        }
        for row in spread
    ]
    assert "没有超出偶然" in said(table_of(clustered), "红黑榜：")


def test_without_times_only_who_stands_out_is_named() -> None:
    rows = [{**row, "received_at": None} for row in ALIKE + rated("bad", 60, 140)]
    table = compute(database_of(rows), Query(profile=Profile("p", "p", (SATISFIED,))))
    assert {row["unit"] for row in table.rows if row["board"]} == {"bad"}
    assert any("只能由各单位之间的起伏估计" in note for note in table.notes)


def test_a_board_of_its_own_goes_by_its_rate() -> None:
    boards = (Board("score", "得分榜"), Board("angry", "不满意榜", by="dissatisfied_rate"))
    table = table_of(ALIKE + rated("bad", 120, 80), SATISFIED, DISSATISFIED, own_boards=boards)
    assert [column.name for column in table.columns if "board" in column.name] == ["board", "angry_board"]
    assert {row["unit"]: row["angry_board"] for row in table.rows if row["angry_board"]} == {"bad": "黑榜"}


def test_without_a_board_units_are_told_apart_all_the_same() -> None:
    table = table_of(ALIKE + rated("bad", 120, 80), board_size=0)
    assert row_of(table, "bad")["standing"] == BELOW
    assert not [column.name for column in table.columns if "board" in column.name]


def test_groups_by_the_orders_of_a_unit() -> None:
    groups = (UnitGroup("大", ("*",), orders_from=100), UnitGroup("小", ("*",), orders_from=20))
    rows = rated("a", 90, 10) + rated("b", 90, 9) + rated("c", 10, 9)
    found = {row["unit"]: row["group"] for row in table_of(rows, groups=groups).rows}
    assert found == {"a": "大", "b": "小", "c": "其他"}


def test_wilson_intervals_of_each_rate() -> None:
    row = row_of(table_of(rated("a", 8, 2)), "a")
    # z = 1.96: (0.8 + 0.19207 -+ 0.31362) / 1.38415
    assert (row["satisfied_rate_low"], row["satisfied_rate_high"]) == pytest.approx(
        (0.4902, 0.9433), abs=1e-4
    )


def test_a_small_denominator_is_not_scored() -> None:
    resolved = Rate(
        "resolved_rate", "解决率", ("resolved",), ("resolution_known",), score=Score("share", 100)
    )
    rows = rated("a", 9, 3) + [{**row, "resolved": "yes"} for row in rated("a", 9, 0)]
    row = row_of(table_of(rows, SATISFIED, resolved), "a")
    # 18 of 21 satisfied; 9 of 9 resolved are too few to be scored: 200 x 18/21 of 200, full mark 100.
    assert (row["score"], row["score_points"], row["small_n"]) == (pytest.approx(171.4286), 100, ["解决率"])


ITEMS = (
    Item("base", "基础分", "basic", 100, marks=(("甲局", 90.0),)),
    Item("angry", "不满意扣分", "deduction", 5, per_order=2, rate="dissatisfied_rate"),
    Item("happy", "满意加分", "bonus", 4, per_order=0.5, rate="satisfied_rate"),
    Item("load", "办件量", "workload", 10),
)
PLAIN = Rate("satisfied_rate", "满意率", ("satisfied",), ("rated",))


def test_items_counted_by_hand() -> None:
    """甲局: 90 - min(5, 3 x 2) + min(4, 17 x 0.5) + 10 x 20/40 = 94; 乙局: 100 - 2 + 4 + 10 = 112."""
    table = table_of(rated("甲局", 17, 3) + rated("乙局", 39, 1), PLAIN, DISSATISFIED, items=ITEMS)
    one, other = row_of(table, "甲局"), row_of(table, "乙局")
    points = ("base_points", "angry_points", "happy_points", "load_points", "score", "score_points", "rank")
    assert [one[name] for name in points] == [90, -5, 4, 5, 94, 110, 2]
    assert [other[name] for name in points] == [100, -2, 4, 10, 112, 110, 1]
    assert "不满意扣分（“不满意率”分子每件扣 2 分，最多扣 5 分）" in said(table, "得分 =")


def test_a_score_is_never_below_zero() -> None:
    items = (Item("angry", "扣分", "deduction", 500, per_order=100, rate="dissatisfied_rate"), ITEMS[3])
    assert row_of(table_of(rated("a", 0, 12), DISSATISFIED, items=items), "a")["score"] == 0


PUBLISHED = [
    ("按时办结 89.82%", "on_time_rate", 0.8982, 14.82),
    ("按时办结 4 of 5", "on_time_rate", 0.8, 5),
    ("按时办结 66.67%", "on_time_rate", 2 / 3, 0),
    ("满意 87.5%, target 98", "satisfied_rate", 0.875, 19.75),
    ("满意 83.33%, target 98", "satisfied_rate", 0.8333, 17.665),
    ("满意 75%, target 98", "satisfied_rate", 0.75, 13.5),
    ("满意 50%: the floor", "satisfied_rate", 0.5, 12.5),
    ("签收 80%", "sign_on_time_rate", 0.8, 0),
    ("签收 77.27%", "sign_on_time_rate", 0.7727, 0),
]


@pytest.mark.parametrize(("what", "name", "rate", "points"), PUBLISHED, ids=[case[0] for case in PUBLISHED])
def test_published_scores_of_lianyungang(what: str, name: str, rate: float, points: float) -> None:
    (score,) = [one.score for one in find_profile("lianyungang-style").rates if one.name == name]
    assert score is not None
    assert score.points_of(rate) == pytest.approx(points)


def test_lianyungang_has_all_its_100_points_and_says_which_are_published() -> None:
    profile = find_profile("lianyungang-style")
    points = {rate.name: rate.score.points for rate in profile.rates if rate.score}
    points |= {item.name: item.points for item in profile.items}
    assert points == {
        "sign_on_time_rate": 20, "on_time_rate": 25, "satisfied_rate": 25, "reply_quality": 10,
        "other_work": 20,
    }  # fmt: skip
    for word in ("公开通报", "推出", "自定"):
        assert word in profile.description


def test_hangzhou_publishes_no_unit_under_20_orders() -> None:
    due = {"due_at": "2025-06-10 00:00", "closed_at": "2025-06-05 09:00", "status": "closed"}
    rows = rated("甲局", 18, 1, **due) + rated("乙局", 18, 2, **due)
    for row in rows:
        row["received_at"] = "2025-06-02 09:00"
    table = compute(
        database_of(rows), Query(profile=find_profile("hangzhou-style"), as_of=datetime(2025, 7, 1))
    )
    assert row_of(table, "甲局")["unranked_because"] == "工单数不足 20 件"
    assert (row_of(table, "乙局")["rank"], row_of(table, "乙局")["group"]) == (1, "月承办量20至79件")


def test_marks_are_read_from_a_file_beside_the_profile(tmp_path: Path) -> None:
    (tmp_path / "评分.csv").write_text("单位,得分\n甲局,9\n乙局,7.5\n", encoding="utf-8-sig")
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "t"\n[[rate]]\nname = "r"\nlabel = "率"\nnumerator = ["closed"]\ndenominator = ["due"]\n'
        '[[item]]\nname = "q"\nlabel = "答复规范"\nkind = "basic"\npoints = 10\nmarks = "评分.csv"\n',
        encoding="utf-8",
    )
    assert load_profile(path).items[0].marks == (("甲局", 9.0), ("乙局", 7.5))


def test_places_are_compared_as_places() -> None:
    now = table_of(rated("a", 10, 10) + rated("b", 15, 5))
    then = table_of(rated("a", 18, 2) + rated("b", 15, 5))
    table = compare(now, then, REPORT.keys, Base("5月", plain(30, 31)))
    row = row_of(table, "a")
    assert (row["rank"], row["rank_then"], row["rank_change"]) == (2, 1, -1)
    assert row_of(table, "b")["rank_change"] == 1, "a rise is positive"
    assert "rank_change_rate" not in row
    assert "rank_change_is_noise" not in row


def labelled(unit: str, category: str, satisfied: int, others: int) -> list[dict[str, Any]]:
    return rated(unit, satisfied, others, category=category)


SIMPSON = [
    *labelled("难局", "易", 190, 10), *labelled("难局", "难", 480, 320),
    *labelled("易局", "易", 720, 80), *labelled("易局", "难", 100, 100),
]  # fmt: skip
"""难局 is better in both categories (95 and 60 % against 90 and 50 %) and worse in all (67 against 82 %)."""


def test_rates_standardised_by_hand() -> None:
    """The scope: 91 % of 易, 58 % of 难, 74.5 % of all; the dissatisfied are the rarer side.

    难局: 330 of 200 x 0.09 + 800 x 0.42 = 354 expected; 易局: 180 of 800 x 0.09 + 200 x 0.42 = 156.
    """
    table = table_of(SIMPSON)
    found = {row["unit"]: row["satisfied_rate_standardised"] for row in table.rows}
    assert found["难局"] == pytest.approx(1 - 0.255 * 330 / 354)
    assert found["易局"] == pytest.approx(1 - 0.255 * 180 / 156)


def test_simpsons_paradox_is_warned_of() -> None:
    note = said(table_of(SIMPSON), "同类工单相比，先后与名次相反")
    assert note.kind is NoteKind.QUALITY
    # Both categories weigh alike (200 x 800 / 1000): the mean of 5 and 10 points.
    assert "满意率难局（67.0%）低于易局（82.0%），同类工单相比却高 7.5 个百分点" in note


NO_PARADOX = [
    ("the order is the same within categories", labelled("难局", "易", 160, 40) + SIMPSON[200:]),
    ("too few to say", SIMPSON[::20]),
    ("no category in common", labelled("a", "易", 720, 80) + labelled("b", "难", 480, 320)),
]


@pytest.mark.parametrize(("what", "rows"), NO_PARADOX, ids=[case[0] for case in NO_PARADOX])
def test_no_paradox_no_warning(what: str, rows: list[dict[str, Any]]) -> None:
    if what.startswith("the order"):
        rows = [row for row in rows if not (row["department"] == "难局" and row["category"] == "难")]
        rows += labelled("难局", "难", 300, 500)
    assert not any("先后与名次相反" in note for note in table_of(rows).notes)


def test_without_labels_nothing_is_standardised() -> None:
    table = table_of(ALIKE)
    assert not [column.name for column in table.columns if column.name.endswith("_standardised")]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=6))
def test_standardised_rates_stay_rates_and_alike_units_keep_theirs(cells: list[tuple[int, int]]) -> None:
    counts = {f"c{n}": {"r": (min(a, b), max(a, b))} for n, (a, b) in enumerate(cells)}
    rows: list[dict[str, Any]] = [{"unit": "a"}, {"unit": "b"}, {"unit": "c"}]
    other = {name: {"r": (0, cell["r"][1])} for name, cell in counts.items()}
    standardise(
        rows, [Rate("r", "率", ("x",), ("y",))], UnitCells(by_category={"a": counts, "b": counts, "c": other})
    )
    values = [row["r_standardised"] for row in rows]
    assert all(value is None or 0 <= value <= 1 for value in values)
    assert values[0] == values[1]
    if values[0] is not None:
        assert values[2] <= values[0]


def weeks(*units: list[tuple[int, int]]) -> TimeCells:
    """The weeks of each unit, (numerator, denominator)."""
    cells = [(unit, *counts) for unit, of_unit in enumerate(units) for counts in of_unit]
    unit, numerators, denominators = (np.array(column) for column in zip(*cells, strict=True))
    names = tuple(f"u{number}" for number in range(len(units)))
    return TimeCells(names, unit, {"r": (numerators, denominators)})


def of_all(cells: TimeCells, weight: float = 1.0) -> dict[str, dict[str, float]]:
    return {"r": dict.fromkeys(cells.units, weight)}


@pytest.mark.parametrize("weight", [1.0, -40.0])
def test_the_dispersion_of_a_unit_by_hand(weight: float) -> None:
    """4 of 4 and 0 of 4: squares 8 x 2 x (2/8)^2 = 1, by chance 8 x 0.25 x 8/7 x 4/64 = 1/7."""
    cells = weeks([(4, 4), (0, 4)])
    found = within(cells, of_all(cells, weight))
    assert found is not None
    assert (found.factor, found.freedom) == (pytest.approx(7), pytest.approx(1))


def test_two_rates_that_move_together_are_more_dispersed_than_one_each() -> None:
    """The same counts twice: the sum has four times the variance of one, by chance it would have twice."""
    one = weeks([(4, 4), (0, 4)])
    both = TimeCells(one.units, one.unit, {"a": one.counts["r"], "b": one.counts["r"]})
    found = within(both, {"a": {"u0": 1.0}, "b": {"u0": 1.0}})
    assert found is not None
    assert found.factor == pytest.approx(14)


def arrangements(sizes: tuple[int, ...], hits: int) -> Iterator[list[tuple[int, int]]]:
    """Every way in which so many of the orders can be hits."""
    of_week = [week for week, size in enumerate(sizes) for _ in range(size)]
    for chosen in combinations(range(sum(sizes)), hits):
        yield [(sum(of_week[i] == w for i in chosen), size) for w, size in enumerate(sizes)]


@pytest.mark.parametrize(("sizes", "hits"), [((2, 3), 2), ((1, 2, 4), 3), ((3, 3), 1)])
def test_independent_orders_have_a_dispersion_of_one(sizes: tuple[int, ...], hits: int) -> None:
    """Over all arrangements of the hits the mean is 1: put together as units of one table, they give 1."""
    cells = weeks(*arrangements(sizes, hits))
    assert len(cells.units) == comb(sum(sizes), hits)
    found = within(cells, of_all(cells))
    assert found is not None
    assert found.factor == pytest.approx(1)


def test_no_dispersion_without_two_weeks() -> None:
    assert within(weeks([(3, 5)]), of_all(weeks([(3, 5)]))) is None
    assert within(TimeCells(), {"r": {"u0": 1.0}}) is None
    assert between([(1, 10), (2, 10)]) == Dispersion()


HOMOGENEITY = [
    ("all the same", [(9, 10)] * 8, 1.0, 1.0, 1.0),
    ("one of eight far off", [(180, 200)] * 7 + [(120, 200)], 1.0, 0.0, 1e-6),
    ("the same at a dispersion of 30", [(180, 200)] * 7 + [(120, 200)], 30.0, 0.05, 1.0),
    ("nobody is ever late", [(10, 10)] * 8, 1.0, 1.0, 1.0),
]


@pytest.mark.parametrize(
    ("what", "units", "factor", "low", "high"), HOMOGENEITY, ids=[h[0] for h in HOMOGENEITY]
)
def test_homogeneity(what: str, units: list[tuple[int, int]], factor: float, low: float, high: float) -> None:
    assert low <= homogeneity_p(units, Dispersion(factor, 100)) <= high


def scores(*counts: tuple[int, int]) -> list[UnitScore]:
    return [UnitScore((plain_part(PLAIN, count),)) for count in counts]


def test_rank_intervals_of_units_far_apart_are_narrow_and_of_alike_ones_wide() -> None:
    apart = scores(*((500 * n, 5000) for n in range(1, 10)))
    assert rank_intervals(apart, 1.0) == [(10 - n, 10 - n) for n in range(1, 10)]
    alike = rank_intervals(scores(*[(90, 100)] * 20), 1.0)
    assert all((low == 1 and high >= 19) or high == 20 for low, high in alike)
    assert rank_intervals(scores((1, 2)), 1.0) == [(1, 1)]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(60, 90)), min_size=2, max_size=12))
def test_rank_intervals_are_ranks_the_same_each_time(counts: list[tuple[int, int]]) -> None:
    found = rank_intervals(scores(*counts), 1.5)
    assert found == rank_intervals(scores(*counts), 1.5)
    assert all(1 <= low <= high <= len(counts) for low, high in found)


def test_one_bad_giant_does_not_make_the_others_look_good() -> None:
    giant = [RankedUnit({}, one) for one in scores((6000, 10000), *[(9000, 10000)] * 7)]
    assert standings(giant, 1.0, {"satisfied_rate": Dispersion()}) == [BELOW, *[BETWEEN] * 7]


@pytest.fixture(scope="module")
def boards() -> Iterator[Any]:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import boards

        yield boards
    finally:
        sys.path.remove(str(BENCHMARKS))


@pytest.mark.parametrize("dispersion", [1, 3])
def test_boards_name_no_noise(boards: Any, dispersion: int) -> None:
    """The small form of benchmarks/boards.py: 60 months of 69 units alike; 5 % would be 3 months."""
    assert boards.false_months(boards.City.alike(), dispersion, 60) <= 0.05


def test_boards_find_who_is_worse(boards: Any) -> None:
    hits, others = boards.found(boards.worse(boards.City.alike(), (60,), 0.10), (60,), 1, 20)
    assert hits >= 0.9
    assert others <= 0.05


def test_rank_intervals_hold_the_true_rank(boards: Any) -> None:
    share, width = boards.coverage(2, 15)
    assert share >= 0.93
    assert width < 60


def test_a_planted_paradox_is_warned_of_and_chance_is_not(boards: Any) -> None:
    assert boards.simpson(20, planted=True) >= 0.9
    assert boards.simpson(60, planted=False) <= 0.05


@pytest.mark.parametrize("period", [None, JUNE])
def test_the_cells_of_a_unit_add_up_to_its_counts(period: Period | None) -> None:
    """By category all orders are there, by week those with a time of receipt; one source has no ratings."""
    rows = [
        *({**row, "source": "hotline"} for row in SIMPSON + rated("甲局", 20, 5)),
        *({**row, "satisfaction": None, "source": "board"} for row in rated("甲局", 30, 0)),
        *rated("甲局", 7, 1, received_at=None, source="hotline"),
    ]
    rates = (SATISFIED, DISSATISFIED)
    database, query = database_of(rows), Query(period=period, profile=Profile("p", "p", rates))
    table = compute(database, query)
    uncovered = uncovered_sources(database, covered_needs(rates, profile_of(query)))
    assert uncovered
    units = "SELECT department AS unit, * FROM facts"
    cells = unit_cells(database, query, rates, units, uncovered)
    for row in table.rows:
        unit = str(row["unit"])
        for name in ("satisfied_rate", "dissatisfied_rate"):
            counts = (int(str(row[f"{name}_numerator"])), int(str(row[f"{name}_denominator"])))
            of_categories = [cell[name] for cell in cells.by_category[unit].values()]
            assert tuple(map(sum, zip(*of_categories, strict=True))) == counts
            _, rated_in_weeks = cells.by_time.counts[name]
            timed = cells.by_time.sums(rated_in_weeks)[cells.by_time.units.index(unit)]
            assert timed == counts[1] - (8 if unit == "甲局" and period is None else 0)
