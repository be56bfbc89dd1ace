"""KPI profiles: every shipped one is sound, mistakes are told together, formulas and limits are exact."""

import math
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import database_of
from hotline_tools.calendar import LimitUnit, OfficeHours, WorkCalendar, deadline, working_hours_between
from hotline_tools.errors import DataFileError, UsageError
from hotline_tools.reports.kpi.durations import clocked_cte
from hotline_tools.reports.kpi.patterns import column_sql, fits
from hotline_tools.reports.kpi.profile import Limit, LimitRule, Profile, Rate, Score
from hotline_tools.reports.kpi.profile_file import check_profile, find_profile, load_profile, shipped_profiles
from hotline_tools.reports.kpi.statement import define_views, facts_ctes
from hotline_tools.reports.period import year
from hotline_tools.reports.query import Query

CHINA = WorkCalendar()
PROFILES = Path(find_profile("default").path).parent


def test_the_shipped_profiles_are_these() -> None:
    assert shipped_profiles() == [
        "deduction-style",
        "default",
        "hangzhou-style",
        "lianyungang-style",
        "message-board",
        "three-rates",
    ]


@pytest.mark.parametrize("name", shipped_profiles())
def test_every_shipped_profile_is_sound(name: str) -> None:
    path = PROFILES / f"{name}.toml"
    assert check_profile(path) == []
    profile = find_profile(name)
    assert profile.name == name
    assert profile.deadline.rules[-1].when == (), "the last rule must fit every order"
    assert profile.points == (105 if name == "deduction-style" else 100)


def test_the_published_weights_and_formulas_are_in_the_files() -> None:
    three = {rate.name: rate.score.points for rate in find_profile("three-rates").rates if rate.score}
    assert three == {"response_rate": 30, "resolved_rate": 35, "satisfied_rate": 35}
    lian = {rate.name: rate.score for rate in find_profile("lianyungang-style").rates if rate.score}
    assert lian["on_time_rate"] == Score("linear_gap", 25, target=1.0, per_point=1.0, floor=0)
    assert lian["satisfied_rate"] == Score("linear_gap", 25, target=0.98, per_point=0.5, floor=12.5)


ON_TIME = Score("linear_gap", 25, target=1.0, per_point=1.0, floor=0)
CONTENT = Score("linear_gap", 25, target=0.95, per_point=0.5, floor=12.5)
STEPS = Score("steps", 20, steps=((0.9, 15), (0.95, 20)), floor=5)
FORMULAS = [
    ("on time 97 %: 25 - 3", 0.97, ON_TIME, False, 22),
    ("on time 100 %", 1.0, ON_TIME, False, 25),
    ("on time 75 %: 25 - 25", 0.75, ON_TIME, False, 0),
    ("on time 40 % is not negative", 0.40, ON_TIME, False, 0),
    ("satisfied 93 %, target 95: 25 - 0.5 x 2", 0.93, CONTENT, False, 24),
    ("satisfied above the target gives no more than 25", 0.99, CONTENT, False, 25),
    ("satisfied 60 %: 25 - 17.5 is below the floor", 0.60, CONTENT, False, 12.5),
    ("a share: 35 x 80 %", 0.8, Score("share", 35), False, 28),
    ("a share of what should be low: 10 x (1 - 20 %)", 0.2, Score("share", 10), True, 8),
    (
        "a gap above the target of what should be low: 10 - 2 x 3",
        0.08,
        Score("linear_gap", 10, target=0.05, per_point=2),
        True,
        4,
    ),
    ("steps: the best one reached", 0.96, STEPS, False, 20),
    ("steps: on the edge", 0.90, STEPS, False, 15),
    ("steps: below all", 0.5, STEPS, False, 5),
    ("steps of what should be low: 3 % is within 5 %", 0.03, Score("steps", 9, steps=((0.05, 9),)), True, 9),
]


@pytest.mark.parametrize(("what", "rate", "score", "low", "points"), FORMULAS, ids=[f[0] for f in FORMULAS])
def test_score_formulas(what: str, rate: float, score: Score, low: bool, points: float) -> None:
    assert score.points_of(rate, lower_is_better=low) == pytest.approx(points)


@settings(max_examples=100, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from([ON_TIME, CONTENT, STEPS, Score("share", 35)]))
def test_a_better_rate_never_scores_less_nor_out_of_bounds(one: float, other: float, score: Score) -> None:
    low, high = sorted((one, other))
    assert 0 <= score.points_of(low) <= score.points_of(high) <= score.points
    assert math.isfinite(score.points_of(low))


GOOD = '[[rate]]\nname = "r"\nlabel = "率"\nnumerator = ["closed"]\ndenominator = ["due"]\n'
ITEM = '[[item]]\nname = "q"\nlabel = "项"\npoints = 5\n'
BOARD = '[[board]]\nname = "b"\nlabel = "榜"\n'
MISTAKES = [
    (
        "a cycle from a day that not every month has",
        "[cycle]\nstart_day = 31\n",
        "cycle.start_day：须在 1 到 28 之间",
    ),
    ("a cycle from no number", '[cycle]\nstart_day = "19"\n', "cycle.start_day 须是整数"),
    ("a cycle without a day", "[cycle]\nstart = 19\n", "是不是 start_day"),
    ("an unknown key, with the closest", 'titel = "x"\n', "titel 不认识，是不是 title"),
    ("an unknown fact, with the closest", GOOD.replace('"closed"', '"colsed"'), "是不是 closed"),
    ("no title", "", "缺 title"),
    ("no rate", "", "没有一个 [[rate]]"),
    ("two rates of one name", GOOD + GOOD, "rate r 重复"),
    ("a target in percent", GOOD + "target = 95\n", "率写作 0.95"),
    ("an unknown formula", GOOD + 'score = { kind = "linear", points = 5 }\n', "是不是 linear_gap"),
    ("a floor above the points", GOOD + 'score = { kind = "linear_gap", points = 5, floor = 6 }\n', "floor"),
    ("steps without edges", GOOD + 'score = { kind = "steps", points = 5, steps = [5] }\n', "steps 须写作"),
    ("text for a number", 'minimum_orders = "ten"\n', "minimum_orders 须是整数"),
    ("a unit of its own", '[[deadline.rules]]\namount = 1\nunit = "weeks"\n', "unit = “weeks” 不认识"),
    (
        "hours from the next day",
        '[[deadline.rules]]\namount = 1\nunit = "hours"\ncount_from = "next-day"\n',
        "hours",
    ),
    (
        "a rule behind one that fits all",
        '[[deadline.rules]]\namount = 1\nunit = "days"\n[[deadline.rules]]\namount = 2\nunit = "days"\n',
        "永远轮不到",
    ),
    ("a condition on no column", '[exclude]\nstatsu = ["open"]\n', "statsu 不认识，是不是 status"),
    ("hours that end before they begin", 'office_hours = [["12:00", "09:00"]]\n', "office_hours"),
    ("a fact without a condition", '[fact.mine]\nlabel = "我的"\n', "fact.mine.没有写任何列"),
    (
        "a rate of all reports that needs a deadline",
        'title = "t"\n' + GOOD.replace('"r"', '"satisfied_rate"'),
        "satisfied_rate 各报表通用，不能用 due",
    ),
    (
        "an item of no rate",
        GOOD + ITEM + 'kind = "bonus"\nrate = "rr"\n',
        "item：q 的 rate = “rr” 不认识，是不是 r",
    ),
    ("an item that counts nothing", GOOD + ITEM + 'kind = "deduction"\n', "须写明 rate"),
    (
        "a key of another kind",
        GOOD + ITEM + 'kind = "basic"\nper_order = 1\n',
        "kind = “basic” 不用 per_order",
    ),
    ("an unknown kind", GOOD + ITEM + 'kind = "bonuss"\n', "是不是 bonus"),
    ("two items of one name", GOOD + (ITEM + 'kind = "workload"\n') * 2, "item q 重复"),
    (
        "an item called like a rate",
        GOOD + ITEM.replace('"q"', '"r"') + 'kind = "workload"\n',
        "item：r 与 rate 重名",
    ),
    ("marks that are not there", GOOD + ITEM + 'kind = "basic"\nmarks = "none.csv"\n', "读不了评分表"),
    (
        "a board by nothing",
        GOOD + BOARD + 'by = "scores"\n',
        "board：b 的 by = “scores” 不认识，是不是 score",
    ),
    (
        "two boards by score",
        GOOD + BOARD + 'by = "score"\n' + BOARD.replace('"b"', '"c"'),
        "只能有一个 by = “score”",
    ),
    ("an override file that is not there", 'calendar = "none.toml"\n', "读不了工作日覆盖文件"),
]


@pytest.mark.parametrize(("what", "text", "part"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_named(tmp_path: Path, what: str, text: str, part: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert part in "\n".join(check_profile(path))


def test_all_mistakes_come_at_once_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("board_size = -1\nminimum_orders = 0\n", encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_profile(path)
    for part in ("mine.toml", "board_size", "minimum_orders", "缺 title", "hotline profile check"):
        assert part in str(caught.value)


def test_a_name_that_is_no_profile() -> None:
    with pytest.raises(UsageError, match="是不是 three-rates"):
        find_profile("three-rate")


def test_a_copy_with_its_own_days(tmp_path: Path) -> None:
    (tmp_path / "days.toml").write_text('working = ["2031-01-04"]\n', encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(f'title = "本地"\ncalendar = "days.toml"\n{GOOD}', encoding="utf-8")
    profile = find_profile(str(path))
    assert profile.name == "mine"
    assert profile.calendar.is_working_day(date(2031, 1, 4))


PATTERNS = [
    ("市公安局", ("*局",)),
    ("局", ("*局",)),
    ("甲街道办", ("*街道", "甲*")),
    ("甲", ("乙",)),
    ("a.b", ("a?b", "a.*")),
]


@pytest.mark.parametrize(("text", "patterns"), PATTERNS)
def test_patterns_fit_alike_in_sql_and_python(text: str, patterns: tuple[str, ...]) -> None:
    with duckdb.connect() as database:
        row = database.execute(f"SELECT {column_sql('x', patterns)} FROM (SELECT '{text}' AS x)").fetchone()
    assert row == (fits(text, patterns),)


STARTS = [datetime(2022, 9, 26, 8, 30) + timedelta(hours=11 * i, seconds=i) for i in range(60)]
RULES = [
    LimitRule((), amount, unit, count_from)
    for unit in ("hours", "days", "workdays")
    for count_from in (("receipt",) if unit == "hours" else ("receipt", "same-day", "next-day"))
    for amount in (1, 5, 13)
]
RATE = Rate("r", "率", ("closed",), ("due",))


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.amount}-{r.unit}-{r.count_from}")
def test_sql_limits_agree_with_the_calendar_over_national_day_2022(rule: LimitRule) -> None:
    profile = Profile("t", "t", (RATE,), deadline=Limit("deadline", "received_at", (rule,)))
    query = Query(period=year(2022), profile=profile)
    database = database_of([{"received_at": start} for start in STARTS])
    define_views(database, query)
    rows = database.query(
        f"WITH {facts_ctes(query, ['due'])} SELECT received_at, due_by FROM facts ORDER BY received_at"
    ).to_pylist()
    assert [row["received_at"] for row in rows] == STARTS
    for row in rows:
        expected = deadline(row["received_at"], rule.amount, rule.unit, rule.count_from, CHINA)
        assert row["due_by"] == expected, row["received_at"]


def test_sql_working_hours_agree_with_the_calendar() -> None:
    office = OfficeHours(((9 * 3600, 12 * 3600), (14 * 3600, 18 * 3600)))
    profile = Profile("t", "t", (RATE,), office=office)
    query = Query(profile=profile)
    spans = [(start, start + timedelta(hours=13 * (i % 17), minutes=i)) for i, start in enumerate(STARTS)]
    database = database_of([{"received_at": a, "closed_at": b} for a, b in spans])
    define_views(database, query)
    ctes = f"{facts_ctes(query, ['due'])}, {clocked_cte(query)}"
    rows = database.query(f"WITH {ctes} SELECT * FROM clocked").to_pylist()
    assert len(rows) == len(spans)
    for row in rows:
        expected = working_hours_between(row["received_at"], row["closed_at"], CHINA, office)
        assert row["working_seconds"] / 3600 == pytest.approx(expected)


UNITS: list[tuple[str, LimitUnit, int, int | None, str]] = [
    ("no extension", "workdays", 5, None, "2025-06-16 23:59:59"),
    ("one extension of 5 days", "workdays", 5, 1, "2025-06-23 23:59:59"),
    ("extended twice, one counts", "workdays", 5, 2, "2025-06-23 23:59:59"),
    ("calendar days", "days", 5, 1, "2025-06-19 23:59:59"),
]


@pytest.mark.parametrize(
    ("what", "unit", "extension", "times", "end"), UNITS, ids=[case[0] for case in UNITS]
)
def test_extensions(what: str, unit: LimitUnit, extension: int, times: int | None, end: str) -> None:
    """Received on Monday 9 June 2025: 5 working days end with Monday the 16th, 10 with the 23rd."""
    rule = LimitRule((), 5, unit, "next-day", extension=extension, max_extensions=1)
    profile = Profile("t", "t", (RATE,), deadline=Limit("deadline", "received_at", (rule,)))
    query = Query(profile=profile)
    database = database_of([{"received_at": "2025-06-09 10:00", "extensions": times}])
    define_views(database, query)
    (row,) = database.query(f"WITH {facts_ctes(query, ['due'])} SELECT due_by FROM facts").to_pylist()
    assert row["due_by"] == datetime.fromisoformat(end)


def test_rules_choose_by_type_urgency_and_channel() -> None:
    """The first rule that fits holds; consultation 1, web 3, everything else 5 days."""
    rules = (
        LimitRule((("request_type", ("咨询",)), ("channel", ("电话",))), 1, "days", "receipt"),
        LimitRule((("channel", ("*网*",)),), 3, "days", "receipt"),
        LimitRule((), 5, "days", "receipt"),
    )
    profile = Profile("t", "t", (RATE,), deadline=Limit("deadline", "received_at", rules))
    orders = [("咨询", "电话", 1), ("咨询", "政府网站", 3), ("投诉", "电话", 5), (None, None, 5)]
    database = database_of(
        {"received_at": "2025-06-09 10:00", "request_type": kind, "channel": channel}
        for kind, channel, _ in orders
    )
    query = Query(profile=profile)
    define_views(database, query)
    rows = database.query(
        f"WITH {facts_ctes(query, ['due'])} SELECT due_by FROM facts ORDER BY order_key"
    ).to_pylist()
    assert [(row["due_by"] - datetime(2025, 6, 9, 10)).days for row in rows] == [days for *_, days in orders]


MARKS = [
    ("a line of three cells", "甲局,1,2\n", "第 1 行须是“单位,得分”两列"),
    ("no number", "单位,得分\n甲局,好\n", "第 2 行须是“单位,得分”两列"),
    ("more than the full mark", "甲局,6\n", "甲局 的得分高于 points"),
]


@pytest.mark.parametrize(("what", "text", "part"), MARKS, ids=[case[0] for case in MARKS])
def test_a_mistake_in_marks_is_named(tmp_path: Path, what: str, text: str, part: str) -> None:
    (tmp_path / "marks.csv").write_text(text, encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(GOOD + ITEM + 'kind = "basic"\nmarks = "marks.csv"\n', encoding="utf-8")
    assert part in "\n".join(check_profile(path))
