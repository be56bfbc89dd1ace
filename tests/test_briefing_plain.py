"""Briefings speak to readers without the software, and point only to what is printed."""

import re
from pathlib import Path
from typing import Any

import pytest

import hotline_tools as ht
from hotline_tools.briefing.chapters.repeats import private
from hotline_tools.briefing.material import readable
from hotline_tools.briefing.tables import first_rows, with_range
from hotline_tools.briefing.words import step_names, step_words
from hotline_tools.document import Chart, Document, Sentence
from hotline_tools.render.chart import draw
from hotline_tools.render.docx.tables import BROAD_WIDTH, TEXT_WIDTH, needs_broad_page
from hotline_tools.render.fitting import fitted, left_out_notes
from hotline_tools.table import Field, ReportTable

SIZES = (12, 10.5, 9)
EDITIONS = {
    "monthly": "2021-06",
    "quarterly": "2021Q2",
    "half-yearly": "2021H1",
    "yearly": "2021",
}
CODES = re.compile(
    r"--|hotline |repeat-rates|default|Farrington|\d{4}-W\d\d|\d{4}-\d\d-\d\d|内置|本工具|静音"
)


@pytest.fixture(scope="module")
def store(briefing_year: Path) -> ht.Store:
    return ht.Store.open(briefing_year / "hotline-store")


@pytest.fixture(scope="module")
def made(store: ht.Store) -> dict[str, Document]:
    return {name: ht.brief(store, period=period, edition=name).document for name, period in EDITIONS.items()}


def said(document: Document) -> list[str]:
    """Sentences, captions, and the notes beside tables."""
    parts = [part for section in document.sections for part in section.parts]
    texts = [part.text for part in parts if isinstance(part, Sentence)]
    texts += [part.title + part.alt for part in parts if isinstance(part, Chart)]
    return [*texts, *(str(note) for table in document.tables for note in table.notes)]


def table_called(document: Document, title: str) -> ReportTable:
    return next(table for table in document.tables if table.title == title)


def printed_labels(table: ReportTable) -> list[str]:
    width = (BROAD_WIDTH if needs_broad_page(table) else TEXT_WIDTH) / 20
    return [column.label for page in fitted(table, width, SIZES) for column in page.columns]


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_text_has_a_name_that_only_the_software_knows(made: dict[str, Document], edition: str) -> None:
    assert [text for text in said(made[edition]) if CODES.search(text)] == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_notes_name_no_column_that_the_table_has_not(made: dict[str, Document], edition: str) -> None:
    for table in made[edition].tables:
        labels = {column.label for column in table.columns}
        cited = re.findall(r"见“([^”]*)”", "".join(map(str, table.notes)))
        assert set(cited) <= labels
        assert "列出占比" in labels or "列出占比" not in "".join(map(str, table.notes))
        assert "按类别标准化" not in "".join(map(str, table.notes))


@pytest.mark.parametrize("edition", EDITIONS)
def test_places_and_their_ranges_are_printed_where_the_text_points_to_them(
    made: dict[str, Document], edition: str
) -> None:
    printed = printed_labels(table_called(made[edition], "承办单位统计表"))
    assert {"名次", "名次区间"} <= set(printed)
    assert not {"名次区间起", "名次区间止"} & set(printed)
    assert "其中超期未办结" not in printed or "未办结（结转下期）" in printed


def test_both_ends_of_a_range_are_one_cell() -> None:
    columns = (
        Field("unit", "单位"),
        Field("a", "起", "integer"),
        Field("b", "止", "integer"),
        Field("c", "丙"),
    )
    rows: list[dict[str, Any]] = [
        {"unit": "甲", "a": 3, "b": 12, "c": "x"},
        {"unit": "乙", "a": 1, "b": 1, "c": "x"},
        {"unit": "丙", "a": None, "b": None, "c": "x"},
    ]
    made = with_range(ReportTable("r", "表", columns, rows), "a", "b", "range", "区间")
    assert [column.label for column in made.columns] == ["单位", "区间", "丙"]
    assert [row["range"] for row in made.rows] == ["3—12", "1", None]


def test_columns_left_out_are_in_the_workbook() -> None:
    columns = tuple(Field(f"c{number}", f"一个很长的列名{number}", "text") for number in range(12))
    rows: list[dict[str, Any]] = [{column.name: "一段说明文字" * 3 for column in columns}]
    (page,) = fitted(ReportTable("r", "表", (Field("n", "件数", "integer"), *columns), rows), 200, SIZES)
    (note,) = left_out_notes(page)
    assert note.endswith("；见电子表格。")


NOTES = {
    "a name behind a title": ("考核口径：通用口径（default）。", "考核口径：通用口径。"),
    "a week": ("2020-W53只含部分天数", "2020年第53周（2020年12月28日至2021年1月3日）只含部分天数"),
    "a day": ("2021-06-30 及以前受理", "2021年6月30日及以前受理"),
    "midnight is the end of the day before": ("统计截至 2021-07-01 00:00（", "统计截至2021年6月30日24时（"),
    "what only looks like a date": ("编号2021-13-45与2021-W60", "编号2021-13-45与2021-W60"),
    "an abbreviation of the field stays": ("PM（PM2.5）与手机（APP）", "PM（PM2.5）与手机（APP）"),
}


@pytest.mark.parametrize("name", NOTES)
def test_notes_of_reports_as_a_briefing_has_them(name: str) -> None:
    note, text = NOTES[name]
    assert readable(note) == text


def test_steps_of_a_trend_in_words() -> None:
    assert step_words("2021-W19") == "2021年第19周（5月10日至5月16日）"
    assert list(step_names(["2020-W53", "2021-W01"]).values()) == ["第53周", "第1周"]
    assert list(step_names(["2020-12", "2021-01", "2021-12"]).values()) == [
        "2020年12月",
        "2021年1月",
        "2021年12月",
    ]
    assert list(step_names(["2021-06-01", "2021-06-02"]).values()) == ["6月1日", "6月2日"]


def test_charts_of_a_briefing_name_no_command(made: dict[str, Document]) -> None:
    charts = [
        part for section in made["yearly"].sections for part in section.parts if isinstance(part, Chart)
    ]
    assert charts
    for chart in charts:
        drawn = [text.get_text() for axes in draw(chart.table).axes for text in axes.texts]
        assert any("来源：工单库。" in text for text in drawn) and not any(
            "hotline" in text for text in drawn
        )


@pytest.mark.parametrize("edition", ["half-yearly", "yearly"])
def test_what_was_carried_in_is_not_printed_where_it_is_not_known(
    made: dict[str, Document], edition: str
) -> None:
    document = made[edition]
    assert any("上期结转不详" in text for text in said(document))
    labels = {column.label for table in document.tables for column in table.columns}
    items = {row.get("item") for table in document.tables for row in table.rows}
    assert "上期结转" not in labels | items


def test_an_unknown_base_of_what_was_carried_in_is_not_compared(store: ht.Store) -> None:
    document = ht.brief(store, period="2021-02", edition="monthly").document
    flows = table_called(document, "受理、办结与结转")
    assert flows.column("then").label == "上月"
    row = next(row for row in flows.rows if row["item"] == "上期结转")
    assert row["now"] and [row["then"], row["change"], row["change_rate"]] == [None, None, None]
    assert "库中没有上月以前的工单，上月的上期结转不详。" in flows.notes
    assert next(row for row in flows.rows if row["item"] == "受理")["then"]


def test_lists_and_pictures_of_first_rows_say_so(made: dict[str, Document]) -> None:
    document = made["yearly"]
    (chart,) = [
        part for section in document.sections for part in section.parts
        if isinstance(part, Chart) and part.table.report == "categories"
    ]  # fmt: skip
    whole = len(table_called(document, "诉求分类统计表").rows)
    assert len(chart.table.rows) == 10 < whole
    assert chart.title.endswith("（图列前10类）")
    assert chart.table.title == "各类诉求件数"  # beside the number of all: "各类诉求件数，共…件"
    assert re.fullmatch(r"共\d+类，只列前10类；合计含未列出的。", chart.table.notes[0])
    assert sum(row["orders"] for row in chart.table.rows) < chart.table.totals["orders"]


def test_a_list_that_is_whole_says_nothing() -> None:
    rows: list[dict[str, Any]] = [{"item": "甲"}, {"item": "乙"}]
    table = ReportTable("r", "表", (Field("item", "项目"),), rows)
    assert first_rows(table, 2, "项") is table
    cut = first_rows(table, 1, "项")
    assert (cut.title, cut.notes, cut.rows) == ("表（前1项）", ["共2项，只列前1项。"], rows[:1])


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_issue_has_one_name_in_a_document(made: dict[str, Document], edition: str) -> None:
    names: dict[Any, set[Any]] = {}
    for title in ("重复事项", "提级建议事项"):
        for row in table_called(made[edition], title).rows:
            names.setdefault(row["issue_id"], set()).add(row["label"])
    assert {len(found) for found in names.values()} == {1}
    assert not [name for found in names.values() for name in found if re.search("某事项|不足以判断", name)]


def test_names_without_a_place_are_explained_once(made: dict[str, Document]) -> None:
    notes = [str(note) for table in made["monthly"].tables for note in table.notes]
    assert len([note for note in notes if note.startswith("已知来电人不足3人的事项，名称只写")]) == 1


@pytest.mark.parametrize(
    ("subcategory", "category", "name"),
    [
        ("广场舞", "噪声扰民", "桃山村广场舞问题"),
        ("历史遗留问题", "其他", "桃山村历史遗留问题"),
        ("内容不足以判断", "其他", "桃山村其他事项"),
        (None, "其他", "桃山村其他事项"),
        (None, None, "桃山村其他事项"),
    ],
)
def test_the_name_of_an_issue_of_few_callers(subcategory: str, category: str, name: str) -> None:
    row: dict[str, Any] = {"label": "桃山村 · 3号楼张某家", "callers": 2, "community": "桃山村"}
    row |= {"subcategory": subcategory, "category": category}
    (shown,) = private(ReportTable("repeats", "重复事项", (), [row])).rows
    assert shown["label"] == name


@pytest.mark.parametrize(
    ("edition", "asked", "begins"),
    [
        ("special", {"category": "噪声扰民"}, "2021年6月共受理“噪声扰民”类群众诉求"),
        ("department", {"department": "区公安分局"}, "2021年6月区公安分局共受理群众诉求"),
        ("special", {"area": "望河街道"}, "2021年6月望河街道共受理群众诉求"),
        ("monthly", {"channel": "12345热线"}, "2021年6月共受理“12345热线”渠道群众诉求"),
        ("monthly", {}, "2021年6月共受理群众诉求"),
    ],
)
def test_the_number_received_names_its_scope(
    store: ht.Store, edition: str, asked: dict[str, str], begins: str
) -> None:
    found = ht.brief(store, period="2021-06", edition=edition, **asked)
    assert found.to_verify == ()
    assert any(text.startswith(begins) for text in said(found.document))


@pytest.mark.parametrize("report", ["departments", "loop", "ledger"])
def test_reports_say_that_what_was_carried_in_is_not_known(store: ht.Store, report: str) -> None:
    def told(period: str) -> list[str]:
        return [str(note) for note in ht.report(store, report, period=period).notes if "上期结转不详" in note]

    assert told("2021-02") == []
    assert told("2021-01") == ["库中没有时间段以前的工单：上期结转不详，结转与未办结只数库里的。"]


def test_the_answers_that_send_an_order_to_supervision_are_named(made: dict[str, Document]) -> None:
    (told,) = [text for text in said(made["monthly"]) if "须督办的工单：" in text]
    assert re.search(r"回访基本满意或不满意转督办\d+件", told) and "未满意" not in told
