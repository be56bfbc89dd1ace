"""Presentations: the finding as title, native charts, few rows a slide, the source in the notes."""

import io
import zipfile
from typing import Any

import pptx
import pytest
from lxml import etree

from document_samples import CLEAN, HEAT, HOSTILE
from hotline_tools.document import Chart, Document, Letterhead, Section, Sentence
from hotline_tools.render.registry import render
from hotline_tools.table import ChartHint, Counts, Field, Grid, Note, NoteKind, ReportTable

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def bars(count: int) -> ReportTable:
    rows: list[dict[str, Any]] = [
        {"unit": HOSTILE if n == 0 else f"第{n}单位", "orders": 100 - n} for n in range(count)
    ]
    return ReportTable(
        "departments",
        "承办情况",
        (Field("unit", "单位"), Field("orders", "工单数", "integer", "件")),
        rows,
        period="2025年6月",
        totals={"orders": 4000},
        notes=[Note(NoteKind.SCOPE, "截至 7 月 1 日。")],
        chart=ChartHint("bars", "unit", "orders"),
    )


DOCUMENT = Document(
    "六月月报",
    (
        Section("办理情况", (Sentence("承办 4,000 件。", source="departments"), Chart(bars(23), "甲局最多"))),
        Section("时段", (Chart(HEAT, "上午最集中", "热力图"),)),
        Section("说明", (Sentence("无。"),)),
        Section("单位", (bars(23),)),
        Section("单位统计表", (bars(23),), is_attachment=True),
    ),
    period="2025年6月",
    notes=(Note(NoteKind.SCOPE, "以受理时间计。"),),
    letterhead=Letterhead("月报", "某市热线中心", date="2025年7月2日"),
    to_verify=("占比合计 101%。",),
)


@pytest.fixture(scope="module")
def blob() -> bytes:
    return render(DOCUMENT, "pptx")


@pytest.fixture(scope="module")
def slides(blob: bytes) -> list[Any]:
    return list(pptx.Presentation(io.BytesIO(blob)).slides)


def test_attachments_are_named_and_not_drawn(slides: list[Any]) -> None:
    assert slides[-1].placeholders[1].text_frame.text == "1. 单位统计表"


def notes_of(slide: Any) -> list[str]:
    return slide.notes_slide.notes_text_frame.text.split("\n") if slide.has_notes_slide else []


def test_every_slide_has_the_finding_as_its_title(slides: list[Any]) -> None:
    assert [slide.shapes.title.text for slide in slides] == [
        "六月月报",
        "办理情况：甲局最多",
        "时段：上午最集中",
        "说明",
        "单位：承办情况（2025年6月）（1/3）",
        "承办情况（2025年6月）（2/3）",
        "承办情况（2025年6月）（3/3）",
        "口径说明",
        "附件（见文字版）",
    ]


def test_slides_on_which_a_text_goes_on_say_so() -> None:
    sentences = tuple(Sentence("应办结2928件，其中按时办结2486件。" * 6) for _ in range(9))
    deck = pptx.Presentation(
        io.BytesIO(render(Document("报", (Section("一、总体情况", sentences),)), "pptx"))
    )
    titles = [slide.shapes.title.text for slide in deck.slides][1:]
    assert len(titles) > 2
    assert titles == ["一、总体情况", *["一、总体情况（续）"] * (len(titles) - 1)]


def test_a_slide_explains_its_mark_and_why_shares_do_not_add_up() -> None:
    columns = (
        Field("name", "类别"), Field("orders", "工单数", "integer"),
        Field("change", "增减", "integer", change_of="orders", base="previous"),
        Field("noise", "可能只是偶然波动", "boolean", noise_of="orders", base="previous"),
        Field("share", "占比", "rate", counts=Counts("orders", "orders", of_total=True)),
    )  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"name": f"类{n}", "orders": 1, "change": 1, "noise": n < 10, "share": 1 / 12} for n in range(12)
    ]
    table = ReportTable("t", "表", columns, rows, totals={"orders": 12})
    deck = pptx.Presentation(io.BytesIO(render(Document("报", (Section("", (table,)),)), "pptx")))
    feet = [
        [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame][1:]
        for slide in list(deck.slides)[1:]
    ]
    rounded = "各项占比分别四舍五入到一位小数，相加可能不等于 100.0%。"
    assert feet == [[f"变化后带 ≈ 的：可能只是偶然波动。 {rounded}"], [rounded]]
    shares = [
        c.text for s in deck.slides for f in s.shapes if f.has_table for r in f.table.rows for c in r.cells
    ]
    assert shares.count("8.3%") == 12


def test_the_first_slide_says_who_and_when_and_what_is_to_verify(slides: list[Any]) -> None:
    texts = [shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame]
    assert "2025年6月\n某市热线中心\n2025年7月2日" in texts
    assert "待核：以下各处经检查有误，核实前请勿使用。\n1. 占比合计 101%。" in texts


def test_a_chart_is_native_with_its_sentences_beside_it(slides: list[Any]) -> None:
    slide = slides[1]
    (frame,) = [shape for shape in slide.shapes if shape.has_chart]
    plot = frame.chart.plots[0]
    assert list(plot.categories)[:2] == [CLEAN, "第1单位"] and len(list(plot.categories)) == 15
    assert list(plot.series[0].values)[:2] == [100, 99]
    assert frame.chart.category_axis.reverse_order and not frame.chart.value_axis.visible
    beside = [
        shape for shape in slide.shapes if shape.has_text_frame and "承办 4,000 件。" in shape.text_frame.text
    ]
    assert beside[0].left >= frame.left + frame.width
    assert notes_of(slide)[:2] == [
        "数据：承办情况（2025年6月），共 4,000 件；另有 8 项未画出。",
        "办理情况：departments",
    ]
    workbook = frame.chart.part.chart_workbook.xlsx_part.blob
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_a_kind_without_native_form_is_a_picture_that_says_what_it_shows(slides: list[Any]) -> None:
    (picture,) = [shape for shape in slides[2].shapes if not shape.has_text_frame]
    assert picture._element.nvPicPr.cNvPr.get("descr") == "热力图"


def test_a_table_has_ten_rows_a_slide_each_with_the_head(slides: list[Any]) -> None:
    tables = [shape.table for slide in slides[4:7] for shape in slide.shapes if shape.has_table]
    cells = [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]
    assert [len(rows) for rows in cells] == [11, 11, 5]  # the last: head, three rows, the total line
    assert all(rows[0] == ["单位", "工单数（件）"] for rows in cells)
    assert cells[0][1] == [CLEAN, "100"] and cells[2][3:] == [["第22单位", "78"], ["合计", "4,000"]]


def test_nothing_stands_outside_a_slide(blob: bytes) -> None:
    deck = pptx.Presentation(io.BytesIO(blob))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= deck.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= deck.slide_height


def test_rows_of_long_texts_take_more_slides() -> None:
    rows: list[dict[str, Any]] = [
        {"place": f"{n}", "content": "群众反映夜间施工噪声扰民" * 20} for n in range(10)
    ]
    long = ReportTable("cases", "案例", (Field("place", "地点"), Field("content", "内容")), rows)
    deck = pptx.Presentation(io.BytesIO(render(Document("题", (Section("章", (long,)),)), "pptx")))
    frames = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert len(frames) > 1
    for frame in frames:
        heights = sum(row.height for row in frame.table.rows)
        assert frame.top + heights <= deck.slide_height or len(frame.table.rows) == 2
    told = [row.cells[0].text for frame in frames for row in frame.table.rows if row.cells[0].text != "地点"]
    assert told == [str(n) for n in range(10)]


def test_long_sentences_take_more_slides_and_none_is_lost() -> None:
    sentences = tuple(Sentence(f"{n}、" + "本月诉求总量平稳" * 20) for n in range(12))
    deck = pptx.Presentation(io.BytesIO(render(Document("题", (Section("章", sentences),)), "pptx")))
    texts = [slide.placeholders[1].text_frame.text.split("\n") for slide in list(deck.slides)[1:]]
    assert len(texts) > 2
    assert [line for lines in texts for line in lines] == [sentence.text for sentence in sentences]


@pytest.mark.parametrize("count", range(1, 16))
def test_slides_of_a_chapter_are_about_equally_full(count: int) -> None:
    sentences = tuple(Sentence(f"{n}、本月诉求总量平稳。") for n in range(count))
    deck = pptx.Presentation(io.BytesIO(render(Document("题", (Section("章", sentences),)), "pptx")))
    filled = [len(slide.placeholders[1].text_frame.paragraphs) for slide in list(deck.slides)[1:]]
    assert sum(filled) == count
    assert max(filled) - min(filled) <= len(filled)


def test_a_matrix_keeps_its_columns() -> None:
    rows: list[dict[str, Any]] = [
        {"area": f"区{a}", "category": f"类{c}", "orders": 7} for a in range(5) for c in range(3)
    ]
    matrix = ReportTable(
        "cross", "交叉",
        (Field("area", "区"), Field("category", "类"), Field("orders", "工单数", "integer")),
        rows, grid=Grid("category", "area", "orders"),
    )  # fmt: skip
    deck = pptx.Presentation(io.BytesIO(render(Document("题", (Section("章", (matrix,)),)), "pptx")))
    (table,) = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert [cell.text for cell in table.rows[0].cells] == ["类", "区0", "区1", "区2", "区3", "区4", "合计"]


def test_every_run_and_chart_names_a_chinese_font(blob: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        for name in package.namelist():
            if name.startswith("ppt/slides/slide"):
                for run in etree.fromstring(package.read(name)).iter(f"{A}r"):
                    assert run.find(f"{A}rPr/{A}ea").get("typeface") == "微软雅黑"
            if name.startswith("ppt/charts/chart") and name.endswith(".xml"):
                chart = etree.fromstring(package.read(name))
                assert chart.find(f"{C}txPr//{A}ea").get("typeface") == "微软雅黑"


def test_the_file_has_nothing_foreign_and_gives_the_same_bytes(blob: bytes) -> None:
    assert render(DOCUMENT, "pptx") == blob
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = package.namelist()
        everything = b"".join(package.read(name) for name in names)
    assert not [name for name in names if "thumbnail" in name or "printerSettings" in name]
    for foreign in (b"Steve Canny", b"Macintosh", b"PowerPoint Presentation", b"python-pptx"):
        assert foreign not in everything
    core = pptx.Presentation(io.BytesIO(blob)).core_properties
    assert (core.title, core.author, core.last_modified_by) == ("六月月报", "", "")


def test_every_relation_leads_to_a_part(blob: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        names = set(package.namelist())
        for name in names:
            if name.endswith(".rels"):
                folder = name.rpartition("_rels/")[0]
                for relation in etree.fromstring(package.read(name)):
                    target = relation.get("Target")
                    parts = [] if target.startswith("/") else folder.rstrip("/").split("/")
                    for step in target.lstrip("/").split("/"):
                        parts = parts[:-1] if step == ".." else [*parts, step]
                    assert "/".join(filter(None, parts)) in names, (name, target)
