"""Word documents: layout by GB/T 9704, native tables and charts, the same bytes again, nothing foreign."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from lxml import etree

import hotline_tools as ht
from document_samples import BARS, CLEAN, DOCUMENT
from hotline_tools.document import Chart, Document, Letterhead, Section, Sentence
from hotline_tools.render.columns import DETAIL, drawn_columns
from hotline_tools.render.fitting import fitted
from hotline_tools.render.native import figures_below
from hotline_tools.render.registry import render
from hotline_tools.table import ChartHint, Counts, Field, Grid, Note, NoteKind, ReportTable

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"


def parts_of(blob: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def blob() -> bytes:
    return render(DOCUMENT, "docx")


@pytest.fixture(scope="module")
def parts(blob: bytes) -> dict[str, bytes]:
    return parts_of(blob)


@pytest.fixture(scope="module")
def body(parts: dict[str, bytes]) -> Any:
    return etree.fromstring(parts["word/document.xml"])


def text_of(element: Any) -> str:
    return "".join(element.itertext(f"{W}t"))


def paragraphs(body: Any) -> list[tuple[str, str]]:
    """Style and text of every paragraph outside tables."""
    found = body.find(f"{W}body").findall(f"{W}p")
    return [(p.find(f"{W}pPr/{W}pStyle").get(f"{W}val"), text_of(p)) for p in found]


def test_the_parts_come_in_the_order_of_a_bulletin(body: Any) -> None:
    assert [(style, text) for style, text in paragraphs(body) if text] == [
        ("BulletinIssuer", "某市热线中心"),
        ("BulletinName", "12345热线月报"),
        ("BulletinNumber", "2025年第6期（总第42期）"),
        ("BulletinRule", "某市热线办2025年7月2日"),
        ("ToVerify", "待核：以下 1 处经检查有误，核实前请勿印发。"),
        ("ToVerify", "1. 占比合计 101%。"),
        ("Title", "六月月报"),
        ("Subtitle", "（2025年6月）"),
        ("Heading1", "总体情况"),
        ("BodyText", "共受理1,240件，“咨询”最多……"),
        ("Caption", "图1　三月最高"),
        ("FigureNote", "数据：走势。"),
        ("Heading1", "分类情况"),
        ("TableCaption", "表1　类别占比（2025年6月）"),
        ("Caption", "图2　类别占比（2025年6月）"),
        ("FigureNote", "数据：类别占比（2025年6月），共 1,240 件。"),
        ("Heading2", "细项"),
        ("Caption", "图3　得分（镇街）"),
        ("FigureNote", "数据：得分。"),
        ("Caption", "图4　得分（部门）"),
        ("FigureNote", "数据：得分。"),
        ("Caption", "图5　上午最集中"),
        ("Note", "注：以受理时间计。"),
        ("BodyText", "附件：1. 单位统计表"),
        ("AttachmentList", "2. 时段统计表"),
        ("AttachmentMark", "附件1"),
        ("Title", "单位统计表"),
        ("TableCaption", "表2　得分"),
        ("AttachmentMark", "附件2"),
        ("Title", "时段统计表"),
        ("TableCaption", "表3　时段"),
        ("Distribution", "报：市政府。"),
        ("Distribution", "某市热线办2025年7月2日印发"),
    ]


def test_what_is_empty_is_left_out() -> None:
    plain = Document("月报", (Section("总体", (Sentence("无。"),)),), letterhead=Letterhead("月报简报"))
    found = paragraphs(etree.fromstring(parts_of(render(plain, "docx"))["word/document.xml"]))
    assert [item for item in found if item[1]] == [
        ("BulletinName", "月报简报"), ("Title", "月报"), ("Heading1", "总体"), ("BodyText", "无。"),
    ]  # fmt: skip


def test_the_page_and_the_styles_keep_to_the_standard(blob: bytes) -> None:
    word = docx.Document(io.BytesIO(blob))
    section = word.sections[0]
    millimetres = [
        round(length.mm)
        for length in (
            section.page_width, section.page_height, section.top_margin, section.bottom_margin,
            section.left_margin, section.right_margin,
        )
        if length is not None
    ]  # fmt: skip
    assert millimetres == [210, 297, 37, 35, 28, 26]
    assert word.settings.odd_and_even_pages_header_footer
    assert section.footer.paragraphs[0].text == section.even_page_footer.paragraphs[0].text == "— 1 —"
    sides = [footer.paragraphs[0].alignment for footer in (section.footer, section.even_page_footer)]
    assert [str(side).split(" ")[0] for side in sides] == ["RIGHT", "LEFT"]
    faces = {
        "Normal": "仿宋_GB2312", "Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312",
        "Caption": "黑体",
    }  # fmt: skip
    defaults = word.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}rFonts")
    for name, face in faces.items():
        fonts = word.styles[name].element.find(f"{W}rPr/{W}rFonts")
        assert (fonts if fonts is not None else defaults).get(f"{W}eastAsia") == face, name
    spacing = word.styles["Normal"].element.find(f"{W}pPr/{W}spacing")
    assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("579", "exact")  # 28.95 pt
    assert word.styles["Body Text"].element.find(f"{W}pPr/{W}ind").get(f"{W}firstLineChars") == "200"


def test_every_run_hints_at_the_chinese_font(parts: dict[str, bytes]) -> None:
    for name in ("word/document.xml", "word/footer1.xml", "word/footer2.xml"):
        for run in etree.fromstring(parts[name]).iter(f"{W}r"):
            if run.find(f"{W}drawing") is None:
                assert run.find(f"{W}rPr/{W}rFonts").get(f"{W}hint") == "eastAsia"


def test_headings_are_numbered_by_word(parts: dict[str, bytes]) -> None:
    numbering = etree.fromstring(parts["word/numbering.xml"])
    levels = [
        (
            level.find(f"{W}pStyle").get(f"{W}val"),
            level.find(f"{W}numFmt").get(f"{W}val"),
            level.find(f"{W}lvlText").get(f"{W}val"),
        )
        for level in numbering.iter(f"{W}lvl")
    ]
    assert levels[:2] == [
        ("Heading1", "chineseCountingThousand", "%1、"), ("Heading2", "chineseCountingThousand", "（%2）"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "level", "text"),
    [
        ("一、总体情况", 1, "总体情况"),
        ("十二、说明", 1, "说明"),
        ("（三）细项", 2, "细项"),
        ("一件事", 1, "一件事"),
    ],
)
def test_a_heading_is_not_numbered_twice(title: str, level: int, text: str) -> None:
    content = render(Document("月报", (Section(title, level=level),)), "docx")
    found = paragraphs(etree.fromstring(parts_of(content)["word/document.xml"]))
    assert (f"Heading{level}", text) in found


def table_cells(table: Any) -> list[list[str]]:
    return [[text_of(cell) for cell in row.findall(f"{W}tc")] for row in table.findall(f"{W}tr")]


def test_a_table_repeats_its_head_and_sets_figures_flush_right(body: Any) -> None:
    table = body.find(f"{W}body").findall(f"{W}tbl")[0]
    assert table_cells(table) == [
        ["类别", "工单数（件）", "工单数（上月）"],
        ['=HYPERLINK("http://x")<img onerror=a>"><svg onload>$x_1$[31m', "1,234", "1,000"],
        ["（未分类）", "6", "—"],
        ["合计", "1,240", ""],
        ["注：截至 7 月 1 日。"],
    ]
    *rows, below = table.findall(f"{W}tr")
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False, False]
    assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows)
    grid = [int(column.get(f"{W}w")) for column in table.iter(f"{W}gridCol")]
    assert sum(grid) == 8844  # 156 mm
    for row in rows:
        assert [int(cell.find(f"{W}tcPr/{W}tcW").get(f"{W}w")) for cell in row.findall(f"{W}tc")] == grid
    sides = [cell.find(f"{W}p/{W}pPr/{W}jc") for cell in rows[1].findall(f"{W}tc")]
    assert [None if side is None else side.get(f"{W}val") for side in sides] == [None, "right", "right"]
    assert table.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") == "类别占比（2025年6月）"
    assert below.find(f"{W}tc/{W}tcPr/{W}gridSpan").get(f"{W}val") == "3"
    sides = below.find(f"{W}tc/{W}tcPr/{W}tcBorders")
    assert {side.tag.removeprefix(W): side.get(f"{W}val") for side in sides} == dict.fromkeys(
        ("left", "bottom", "right"), "nil"
    )


def kept_rows(rows: int, *, total: bool = True, text: str = "甲", notes: tuple[str, ...] = ()) -> list[int]:
    """Numbers of a table's rows that stay on the page of the next one; 0 is the head."""
    fields = (Field("name", "名称"), Field("orders", "工单数", "integer"))
    cells = [{"name": text, "orders": n} for n in range(rows)]
    below = [Note(NoteKind.SHOWN, note) for note in notes]
    table = ReportTable("t", "表", fields, cells, totals={"orders": 9} if total else {}, notes=below)
    body = etree.fromstring(parts_of(render(table, "docx"))["word/document.xml"])
    drawn = body.find(f"{W}body/{W}tbl").findall(f"{W}tr")
    return [n for n, row in enumerate(drawn) if row.find(f".//{W}keepNext") is not None]


@pytest.mark.parametrize(
    ("rows", "options", "kept"),
    [
        (3, {}, [0, 1, 2, 3]),  # all on the page of the total
        (3, {"total": False}, [0, 1, 2]),
        (3, {"text": "长" * 90}, [0, 2, 3]),  # few rows, but of many lines
        (10, {}, [0, 9, 10]),  # no third of a page stays white above
        (40, {}, [0, 39, 40]),
        # LibreOffice loses the rest behind a first row that is kept.
        (40, {"total": False}, [0, 38, 39]),
        (4, {"text": "长" * 120, "total": False}, [0, 2, 3]),
        # Notes are a row of their own, with which the last ones are kept.
        (3, {"notes": ("一", "二")}, [0, 1, 2, 3, 4]),
        (40, {"notes": ("一", "二")}, [0, 39, 40, 41]),
        (40, {"notes": ("一",), "total": False}, [0, 38, 39, 40]),
        (40, {"notes": ("长" * 40,) * 11}, [0, 40, 41]),  # 22 lines and the last two rows
        (40, {"notes": ("长" * 40,) * 12}, [0, 39, 40]),  # more than stay with a row
    ],
)
def test_short_tables_stay_on_a_page_and_long_ones_keep_their_head_and_end(
    rows: int, options: dict[str, Any], kept: list[int]
) -> None:
    assert kept_rows(rows, **options) == kept


def series_of(chart: Any) -> list[tuple[str, list[str], list[str]]]:
    """Name, categories and values of every series."""
    return [
        (
            series.findtext(f"{C}tx//{C}v"),
            [point.text for point in series.iterfind(f"{C}cat//{C}v")],
            [point.text for point in series.iterfind(f"{C}val//{C}v")],
        )
        for series in chart.iter(f"{C}ser")
    ]


CHARTS: list[tuple[int, str, list[tuple[str, list[str], list[str]]]]] = [
    (1, "lineChart", [("工单数", ["1月", "2月", "3月"], ["5", "7"])]),
    (2, "barChart", [
        ("工单数", [CLEAN, "（未分类）"], ["1234", "6"]),
        ("工单数（上月）", [CLEAN, "（未分类）"], ["1000"]),
    ]),
    (3, "barChart", [("得分", ["甲街道"], ["90.5"])]),
    (4, "barChart", [("得分", ["乙局"], ["88.0"])]),
]  # fmt: skip
"""Number, kind and series of the native charts; who is set apart is not drawn."""


@pytest.mark.parametrize(("number", "kind", "series"), CHARTS)
def test_a_chart_is_native_and_has_its_figures_behind_it(
    parts: dict[str, bytes], number: int, kind: str, series: list[tuple[str, list[str], list[str]]]
) -> None:
    chart = etree.fromstring(parts[f"word/charts/chart{number}.xml"])
    assert chart.find(f".//{C}{kind}") is not None
    assert series_of(chart) == series
    assert chart.find(f"{C}chart/{C}autoTitleDeleted").get("val") == "1"
    assert all(int(axis.get("val")) > 0 for axis in chart.iter(f"{C}axId", f"{C}crossAx"))
    sheet = openpyxl.load_workbook(io.BytesIO(parts[f"word/embeddings/chart{number}.xlsx"])).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0][1:] == [name for name, _, _ in series]
    assert [row[0] for row in rows[1:]] == series[0][1]
    for place, (_, _, values) in enumerate(series, 1):
        assert [row[place] for row in rows[1:] if row[place] is not None] == [float(v) for v in values]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_every_picture_says_what_it_shows_and_has_an_id_of_its_own(body: Any) -> None:
    drawn = list(body.iter(f"{WP}docPr"))
    assert [item.get("descr") for item in drawn] == [
        "折线图", "条形图：" + CLEAN, "得分（镇街）", "得分（部门）", "热力图",
    ]  # fmt: skip
    assert len({item.get("id") for item in drawn}) == len(drawn)
    assert [item.getnext().tag for item in drawn].count(f"{WP}cNvGraphicFramePr") == len(drawn)


def test_every_relation_leads_to_a_part_and_every_part_has_a_type(parts: dict[str, bytes]) -> None:
    types = parts["[Content_Types].xml"].decode()
    for name, content in parts.items():
        if name.endswith(".rels"):
            folder = name.rpartition("_rels/")[0]
            used = parts.get(folder + name.rpartition("/")[2].removesuffix(".rels"), b"").decode(
                "utf-8", "replace"
            )
            for relation in etree.fromstring(content):
                target = relation.get("Target")
                path = target.lstrip("/") if target.startswith("/") else folder + target
                while "/../" in path:
                    path = re.sub(r"[^/]+/\.\./", "", path, count=1)
                assert path in parts, (name, target)
                if relation.get("Type").rpartition("/")[2] in ("chart", "image", "package", "footer"):
                    assert f'"{relation.get("Id")}"' in used
        elif name != "[Content_Types].xml":
            assert f'PartName="/{name}"' in types or f'Extension="{name.rpartition(".")[2]}"' in types


ORDER = {
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange"
    ),
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect "
        "bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription"
    ),
    "tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
        "vAlign hideMark"
    ),
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
        "docGrid"
    ),
    "style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed "
        "qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr "
        "tblStylePr"
    ),
    "lvl": ("start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr"),
    "pBdr": ("top left bottom right between bar"),
}
"""Children of elements in the order that ECMA-376 (wml.xsd) demands; Word refuses files that differ."""


def test_properties_stand_in_the_order_of_the_schema(parts: dict[str, bytes]) -> None:
    seen = set()
    for name, content in parts.items():
        if name.startswith("word/") and name.endswith(".xml") and "/charts/" not in name:
            for element in etree.fromstring(content).iter():
                order = ORDER.get(etree.QName(element).localname, "").split()
                if order and element.tag.startswith(W):
                    places = [order.index(etree.QName(child).localname) for child in element]
                    assert places == sorted(places), etree.tostring(element)
                    seen.add(etree.QName(element).localname)
    assert seen == set(ORDER)


def test_every_style_that_is_used_exists(parts: dict[str, bytes], body: Any) -> None:
    styles = etree.fromstring(parts["word/styles.xml"])
    known = {style.get(f"{W}styleId") for style in styles.iter(f"{W}style")}
    used = {item.get(f"{W}val") for item in [*body.iter(f"{W}pStyle"), *body.iter(f"{W}tblStyle")]}
    used |= {item.get(f"{W}val") for item in [*styles.iter(f"{W}basedOn"), *styles.iter(f"{W}next")]}
    assert used <= known


def test_the_file_has_nothing_foreign_and_no_time_of_writing(blob: bytes, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.namelist()[0] == "[Content_Types].xml"
    everything = b"".join(parts.values())
    for foreign in (b"ja-JP", b"Macintosh", b"MS Mincho", b"python-docx", b"python-pptx", b"Steve Canny"):
        assert foreign not in everything
    assert not [name for name in parts if "thumbnail" in name or "theme" in name]
    core = docx.Document(io.BytesIO(blob)).core_properties
    assert (core.title, core.author, core.last_modified_by, core.language) == ("六月月报", "", "", "zh-CN")
    for name, content in parts.items():
        if name.endswith(".xlsx"):
            properties = openpyxl.load_workbook(io.BytesIO(content)).properties
            assert properties.created == datetime(1980, 1, 1) and not properties.creator


def test_the_same_document_gives_the_same_bytes(blob: bytes) -> None:
    assert render(DOCUMENT, "docx") == blob


def test_one_report_is_a_word_file_too() -> None:
    word = docx.Document(io.BytesIO(render(BARS, "docx")))
    assert [p.text for p in word.paragraphs if p.text][:2] == ["类别占比", "表1　类别占比（2025年6月）"]
    assert word.tables[0].cell(2, 1).text == "6"


def test_an_empty_report_says_so() -> None:
    empty = ReportTable(
        "none", "空表", (Field("a", "甲"),), [], notes=[Note(NoteKind.EMPTY, "范围内没有工单。")]
    )
    word = docx.Document(io.BytesIO(render(empty, "docx")))
    assert not word.tables
    texts = [p.text for p in word.paragraphs]
    assert "（没有数据）" in texts and "注：范围内没有工单。" in texts


def wide(columns: int, **roles: Any) -> ReportTable:
    """A table of a name and so many columns of figures."""
    fields = [
        Field(f"c{n}", f"指标{n:02}", "integer", **{k: v(n) for k, v in roles.items()})
        for n in range(columns)
    ]
    rows: list[dict[str, Any]] = [{"unit": "甲局", **{f.name: 123456 for f in fields}}]
    return ReportTable("wide", "宽表", (Field("unit", "单位"), *fields), rows)


CASES: list[tuple[str, ReportTable, Callable[[list[str]], bool], str]] = [
    ("all columns fit", wide(5), lambda heads: len(heads) == 6, ""),
    ("details are left out", wide(5, detail=lambda n: n == 2), lambda heads: "指标02" not in heads, ""),
    (
        "columns that decide stay, others give way",
        wide(20, decides=lambda n: n > 15),
        lambda heads: heads[0] == "单位" and {f"指标{n}" for n in (16, 17, 18, 19)} <= set(heads),
        "版面所限，未列",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("case", "table", "holds", "note"), CASES, ids=[case[0] for case in CASES])
def test_a_wide_table_keeps_what_matters(
    case: str, table: ReportTable, holds: Callable[[list[str]], bool], note: str
) -> None:
    word = docx.Document(io.BytesIO(render(table, "docx")))
    heads = [cell.text for cell in word.tables[0].rows[0].cells]
    assert holds(heads), (case, heads)
    assert (f"注：{note}" in "".join(word.element.body.itertext(f"{W}t"))) == bool(note)


def test_a_rate_has_its_counts_beside_or_below_it() -> None:
    def table(rates: int) -> ReportTable:
        fields = [
            item
            for n in range(rates)
            for item in (
                Field(f"r{n}", f"率{n}", "rate", counts=Counts(f"a{n}", f"b{n}")),
                Field(f"a{n}", "分子", "integer"),
                Field(f"b{n}", "分母", "integer"),
            )
        ]
        row: dict[str, Any] = {"unit": "甲局"}
        for n in range(rates):
            row |= {f"r{n}": 0.5, f"a{n}": 10000, f"b{n}": 20000}
        return ReportTable("rates", "率", (Field("unit", "单位"), *fields), [row])

    def cells(rates: int) -> list[str]:
        return [
            cell.text
            for cell in docx.Document(io.BytesIO(render(table(rates), "docx"))).tables[0].rows[1].cells
        ]

    assert cells(2) == ["甲局", "50.0% 10,000/20,000", "50.0% 10,000/20,000"]
    assert cells(8) == ["甲局", *["50.0%\n10,000/20,000"] * 8]
    # in a briefing, whose sentences state counts, a rate goes without them before a column gives way
    brief = Document("月报", (Section("", (table(8),)),))
    row = docx.Document(io.BytesIO(render(brief, "docx"))).tables[0].rows[1]
    assert [cell.text for cell in row.cells] == ["甲局", *["50.0%"] * 8]


def test_the_name_behind_a_compared_rank_stays() -> None:
    fields = (
        Field("rank", "名次", "integer", names_row=True),
        Field("rank_then", "上期名次", "integer", then_of="rank"),
        Field("rank_change", "名次升降", "integer", change_of="rank"),
        Field("unit", "单位"),
        *(Field(f"c{n}", f"指标{n:02}", "integer", decides=True) for n in range(20)),
    )
    row: dict[str, Any] = {field.name: 123456 for field in fields} | {"unit": "甲区综合行政执法局"}
    word = docx.Document(io.BytesIO(render(ReportTable("x", "题", fields, [row]), "docx")))
    heads = [cell.text for cell in word.tables[0].rows[0].cells]
    assert heads[:2] == ["名次", "单位"] and "上期名次" not in heads


def test_a_matrix_too_wide_comes_in_several_tables_with_its_names() -> None:
    rows: list[dict[str, Any]] = [
        {"area": f"第{area:02}街道办事处", "category": f"类别{category:02}", "orders": 1000}
        for area in range(40)
        for category in range(40)
    ]
    table = ReportTable(
        "cross",
        "交叉",
        (Field("area", "镇街"), Field("category", "类别"), Field("orders", "工单数", "integer")),
        rows,
        grid=Grid("category", "area", "orders"),
    )
    word = docx.Document(io.BytesIO(render(table, "docx")))
    heads = [[cell.text for cell in item.rows[0].cells] for item in word.tables]
    assert len(heads) > 1 and all(head[0] == "类别" for head in heads)
    assert [name for head in heads for name in head[1:]] == [
        *(f"第{n:02}街道办事处" for n in range(40)),
        "合计",
    ]
    assert [p.text for p in word.paragraphs].count("表1（续）") == len(heads) - 1


@pytest.mark.parametrize(
    ("broad", "to", "orientations"),
    [
        ((), (), ["portrait"]),
        ((0,), (), ["portrait", "landscape", "portrait"]),
        ((1,), (), ["portrait", "landscape"]),  # nothing follows: no empty page
        ((1,), ("报：市政府。",), ["portrait", "landscape", "portrait"]),
        ((0, 1), (), ["portrait", "landscape"]),
    ],
)
def test_a_broad_attachment_lies_on_pages_of_its_own(
    broad: tuple[int, ...], to: tuple[str, ...], orientations: list[str]
) -> None:
    columns = [Field("unit", "单位"), *(Field(f"c{n}", f"指标第{n}", "integer") for n in range(20))]
    wide = ReportTable("x", "宽表", tuple(columns), [{"unit": "甲", **{f"c{n}": 12345 for n in range(20)}}])
    sections = (
        Section("正文", (Sentence("一句。"),)),
        *(Section(f"表{n}", (wide if n in broad else BARS,), is_attachment=True) for n in range(2)),
    )
    document = Document("题", sections, letterhead=Letterhead("月报", to=to))
    body = etree.fromstring(parts_of(render(document, "docx"))["word/document.xml"])
    sizes = [size.get(f"{W}orient", "portrait") for size in body.iter(f"{W}pgSz")]
    assert sizes == orientations
    assert [int(size.get(f"{W}w")) > int(size.get(f"{W}h")) for size in body.iter(f"{W}pgSz")] == [
        name == "landscape" for name in orientations
    ]
    widths = [sum(int(c.get(f"{W}w")) for c in grid.iter(f"{W}gridCol")) for grid in body.iter(f"{W}tblGrid")]
    assert widths == [12756 if n in broad else 8844 for n in range(2)]
    margins = [[int(m.get(f"{W}{side}")) for side in ("bottom", "footer")] for m in body.iter(f"{W}pgMar")]
    assert {bottom - footer for bottom, footer in margins} == {680}  # the page number below the text


@pytest.mark.parametrize("broad", [(), (0,), (1,)])
def test_a_table_that_fills_its_page_has_no_empty_one_behind_it(broad: tuple[int, ...]) -> None:
    """No space where the next page begins by itself; what ends a section is a point high."""
    columns = [Field("unit", "单位"), *(Field(f"c{n}", f"指标第{n}", "integer") for n in range(20))]
    wide = ReportTable("x", "宽表", tuple(columns), [{"unit": "甲", **{f"c{n}": 12345 for n in range(20)}}])
    sections = tuple(Section(f"表{n}", (wide if n in broad else BARS,), is_attachment=True) for n in range(2))
    body = etree.fromstring(parts_of(render(Document("题", sections), "docx"))["word/document.xml"])
    blocks = list(body.find(f"{W}body"))
    second = next(place for place, block in enumerate(blocks) if text_of(block) == "附件2")
    if not broad:
        assert blocks[second - 1].tag == f"{W}tbl"
    else:
        spacing = blocks[second - 1].find(f"{W}pPr/{W}spacing")
        assert blocks[second - 1].find(f"{W}pPr/{W}sectPr") is not None
        assert (spacing.get(f"{W}line"), spacing.get(f"{W}lineRule")) == ("20", "exact")


def test_no_page_holds_the_list_of_attachments_alone() -> None:
    sections = (
        Section("正文", (Sentence("一句。"), Sentence("又一句。"))),
        Section("表", (BARS,), is_attachment=True),
    )
    body = etree.fromstring(parts_of(render(Document("题", sections), "docx"))["word/document.xml"])
    found = body.find(f"{W}body").findall(f"{W}p")
    kept = {text_of(p): p.find(f"{W}pPr/{W}keepNext") is not None for p in found}
    assert (kept["一句。"], kept["又一句。"]) == (False, True)


def test_names_do_not_fold_while_less_important_columns_can_give_way() -> None:
    name = "某区住房和城乡建设管理局"
    columns = (
        Field("unit", "单位"),
        *(Field(f"c{n}", f"指标{n}", "integer", decides=True) for n in range(6)),
        *(Field(f"d{n}", f"细项{n}", "integer") for n in range(9)),
    )
    row = {"unit": name, **{f"{kind}{n}": 1234567 for kind in "cd" for n in range(9)}}
    page = fitted(ReportTable("t", "表", columns, [row]), 442, (12, 10.5, 9))[0]
    labels = [column.label for column in page.columns]
    assert labels[:7] == ["单位", *(f"指标{n}" for n in range(6))]
    assert "细项8" in page.left_out
    assert page.widths[0] * page.room >= len(name) * 2
    assert page.lines[1] == 1


def test_the_lines_of_a_row_are_those_of_its_longest_cell() -> None:
    columns = (Field("a", "名称"), Field("b", "说明"))
    rows = [{"a": "甲", "b": "短"}, {"a": "甲", "b": "长" * 100}, {"a": "甲", "b": "一行\n两行\n三行"}]
    page = fitted(ReportTable("t", "表", columns, rows), 442, (12, 10.5, 9))[0]
    room = page.widths[1] * page.room - 2
    assert page.lines == [1, 1, -(-200 // int(room)), 3]


@pytest.mark.parametrize(
    ("values", "below"),
    [
        ((2263, 1382, 2454, 2347, 2676), [1, 3]),  # the line rises on both sides
        ((230, 500, 598, 590, 323), [0, 4]),  # the ends
        ((2347, 2676, 2928, 3716, 3222, 2515, 2330), [0, 2, 5, 6]),  # rising or falling, where it bends up
        ((5, 5, 5), []),
        ((None, 4, None), []),  # no line
        ((100, 3, 100), []),  # below it stands the scale
    ],
)
def test_a_figure_stands_where_no_line_crosses_it(values: tuple[float | None, ...], below: list[int]) -> None:
    assert figures_below(values) == below
    table = ReportTable(
        "trend", "走势", (Field("month", "月"), Field("orders", "工单数", "integer")),
        [{"month": f"{n}月", "orders": value} for n, value in enumerate(values, 1)],
        chart=ChartHint("lines", "month", "orders"),
    )  # fmt: skip
    document = Document("报", (Section("", (Chart(table),)),))
    chart = etree.fromstring(parts_of(render(document, "docx"))["word/charts/chart1.xml"])
    labels = chart.findall(f".//{C}dLbls/{C}dLbl")
    assert [int(label.find(f"{C}idx").get("val")) for label in labels] == below
    white = chart.findall(f".//{C}dLbls//{C}spPr/{A}solidFill/{A}srgbClr[@val='FFFFFF']")
    assert len(white) == len(below) + 1  # a steep line runs behind the figures
    assert {label.find(f"{C}dLblPos").get("val") for label in labels} <= {"b"}
    assert all(label.find(f"{C}numFmt") is not None for label in labels)


@pytest.mark.parametrize(("names", "slant"), [(10, None), (27, "-2700000")])
def test_many_names_below_a_line_are_slanted_instead_of_folded(names: int, slant: str | None) -> None:
    table = ReportTable(
        "trend", "走势", (Field("week", "周"), Field("orders", "工单数", "integer")),
        [{"week": f"第{n}周", "orders": n} for n in range(1, names + 1)],
        chart=ChartHint("lines", "week", "orders"),
    )  # fmt: skip
    document = Document("报", (Section("", (Chart(table),)),))
    for form, part in (("docx", "word/charts/chart1.xml"), ("xlsx", "xl/charts/chart1.xml")):
        chart = etree.fromstring(parts_of(render(document, form))[part])
        body = chart.find(f".//{C}catAx/{C}txPr/{A}bodyPr")
        assert (None if body is None else body.get("rot")) == slant


def test_a_moment_is_not_folded() -> None:
    fields = [Field("id", "工单编号"), Field("why", "督办原因"), Field("at", "受理时间", "datetime")]
    row = {"id": "YH20210621013095", "why": "已超期54小时" * 8, "at": datetime(2021, 6, 21, 9, 47)}
    (page,) = fitted(ReportTable("t", "表", tuple(fields), [row]), 442, (12, 10.5, 9))
    moment = page.columns[2]
    assert moment.cells == ["2021-06-21 09:47"]
    assert page.widths[2] * page.room >= 16 + 2  # its letters, and the margins


@pytest.mark.parametrize(
    ("rows", "name", "points"),
    [
        (30, "甲" * 6, 12),  # nothing folds
        (30, "甲" * 15, 10.5),  # two lines each, one in smaller type
        (30, "甲" * 20, 9),
        (30, "甲" * 100, 10.5),  # many lines in any type; the smallest saves little more
        (3, "甲" * 15, 12),  # there is room for a short one
    ],
)
def test_a_long_table_whose_names_fold_has_smaller_type(rows: int, name: str, points: float) -> None:
    columns = (Field("name", "名称"), *(Field(f"f{n}", "工单数", "integer") for n in range(6)))
    cells = [{"name": name, **{f"f{n}": 1234 for n in range(6)}} for _ in range(rows)]
    (page,) = fitted(ReportTable("t", "表", columns, cells), 442, (12, 10.5, 9))
    assert page.points == points


@pytest.mark.parametrize(("name", "why", "lines"), [(14, 8, 2), (14, 90, 6), (20, 90, 6), (40, 8, 3)])
def test_what_is_left_of_the_width_goes_where_it_saves_most_lines(name: int, why: int, lines: int) -> None:
    columns = (Field("name", "名称"), Field("orders", "工单数", "integer"), Field("why", "理由"))
    cells = {"name": "甲" * name, "why": "乙" * why, "orders": 5}
    (page,) = fitted(ReportTable("t", "表", columns, [cells] * 30), 330, (12,))
    assert page.lines == [1, *[lines] * 30]


@pytest.mark.parametrize("name", ["categories", "departments", "ledger", "loop", "repeat-rates", "areas"])
def test_a_report_alone_states_the_counts_of_each_rate(name: str, briefing_year: Path) -> None:
    """As every other form does: a rate beside it, or below it where there is no room."""
    table = ht.report(ht.Store.open(briefing_year / "hotline-store"), name)
    word = docx.Document(io.BytesIO(render(table, "docx")))
    (grid,) = word.tables[:1]
    heads = [cell.text for cell in grid.rows[0].cells]
    columns = [item for item in drawn_columns(table) if item.importance < DETAIL]
    rates = [item for item in columns if table.counts_of(item.field)]
    shown = [item for item in rates if item.field.label in heads]
    assert shown
    for number, row in enumerate(table.rows, 1):
        cells = grid.rows[number].cells
        for item in shown:
            text = cells[heads.index(item.field.label)].text
            assert " ".join(text.split("\n")) == item.text(row)
