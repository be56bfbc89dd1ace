"""A document as Markdown and as a page: headings, sentences, tables and charts in order, texts escaped."""

import io
import re
import zipfile
from dataclasses import replace

import pytest

from hotline_tools.document import Chart, Document, Section, Sentence
from hotline_tools.errors import UsageError
from hotline_tools.render.registry import chosen_form, form_for, names, render, render_chart
from hotline_tools.table import ChartHint, Field, Note, NoteKind, ReportTable

TABLE = ReportTable(
    "categories",
    "类别占比",
    (Field("category", "类别"), Field("orders", "工单数", "integer", "件")),
    [{"category": "物业|管理", "orders": 1234}],
    period="2025年6月",
    totals={"orders": 1234},
    chart=ChartHint("bars", "category", "orders"),
)
DOCUMENT = Document(
    "六月月报",
    (
        Section("总体", (Sentence("共受理 1,234 件 <b>工单</b>。"), TABLE)),
        Section("分类", (Chart(TABLE, "物业最多", "条形图：<物业> 1,234 件"),), level=2),
    ),
    period="2025年6月",
    notes=(Note(NoteKind.SCOPE, "截至 7 月 1 日。"),),
)


def test_markdown_has_all_parts_in_order_and_no_markup_of_callers() -> None:
    lines = [line for line in render(DOCUMENT, "md").decode().splitlines() if line]
    assert lines == [
        "# 六月月报（2025年6月）",
        "## 总体",
        "共受理 1,234 件 \\<b\\>工单\\</b\\>。",
        "### 类别占比（2025年6月）",
        "| 类别 | 工单数（件） |",
        "| --- | ---: |",
        "| 物业\\|管理 | 1,234 |",
        "| 合计 | 1,234 |",
        "### 分类",
        "**物业最多**",
        "#### 类别占比（2025年6月）",
        "| 类别 | 工单数（件） |",
        "| --- | ---: |",
        "| 物业\\|管理 | 1,234 |",
        "| 合计 | 1,234 |",
        "- 截至 7 月 1 日。",
    ]


def test_each_form_says_what_it_draws() -> None:
    assert {"md", "html"} <= set(names("document")) and not {"csv", "json", "png"} & set(names("document"))
    assert {"png", "svg", "pdf"} <= set(names("chart")) and not {"csv", "html"} & set(names("chart"))
    assert not {"png", "svg"} & set(names("table"))


@pytest.mark.parametrize("form", names("document"))
def test_every_document_form_is_repeatable(form: str) -> None:
    if form == "pdf":
        pytest.importorskip("typst")
    assert render(DOCUMENT, form) == render(DOCUMENT, form)


def test_an_unknown_form_is_refused_with_the_nearest_known_one() -> None:
    from pathlib import Path

    with pytest.raises(UsageError) as refused:
        render(TABLE, "xslx")
    assert refused.value.remedy == f"是不是 xlsx？可用：{'、'.join(names('table'))}。"
    with pytest.raises(UsageError) as refused:
        render(DOCUMENT, "csv")
    assert "md、html" in str(refused.value.remedy)
    with pytest.raises(UsageError) as refused:
        render_chart(TABLE, "pngg")
    assert str(refused.value.remedy).startswith("是不是 png？")
    with pytest.raises(UsageError) as refused:
        form_for(Path("图.jpg"), "chart")
    assert "png、svg、pdf" in str(refused.value.remedy)
    with pytest.raises(UsageError) as refused:
        chosen_form("parqet", None)
    assert "是不是 parquet？" in str(refused.value.remedy)


@pytest.mark.parametrize("form", ["docx", "html", "md", "xlsx"])
def test_a_long_attachment_is_cut_where_it_is_read_and_whole_in_the_workbook(form: str) -> None:
    rows = [{"category": f"第{n}类", "orders": n} for n in range(1, 6)]
    long = ReportTable("categories", "类别", TABLE.columns, list(rows), totals={"orders": 15})
    document = Document(
        "月报",
        (
            Section("正文", (replace(long, title="正文表"),)),
            Section("类别", (long,), is_attachment=True, most_rows=3),
            Section("短表", (replace(long, title="短表", rows=rows[:3]),), is_attachment=True, most_rows=3),
        ),
    )
    said = text_of(render(document, form), form)
    note = "共5行，此处列前3行；其余2行见本简报的电子表格。"
    is_whole = form == "xlsx"
    assert said.count("第4类") == 1 + is_whole and said.count("第3类") == 3
    assert said.count(note) == (not is_whole) and said.count("此处列前") == (not is_whole)


def text_of(blob: bytes, form: str) -> str:
    if form in ("html", "md"):
        return blob.decode()
    with zipfile.ZipFile(io.BytesIO(blob)) as package:
        names = [name for name in package.namelist() if name.endswith(("document.xml", "sharedStrings.xml"))]
        texts = [package.read(name).decode() for name in names]
        if form == "xlsx":  # a text stands once among the shared; the sheets count
            shared = re.findall(r"<si><t[^>]*>(.*?)</t></si>", texts[0], re.DOTALL)
            sheets = [package.read(n).decode() for n in package.namelist() if "worksheets/sheet" in n]
            used = [shared[int(number)] for s in sheets for number in re.findall(r't="s"><v>(\d+)<', s)]
            return "\n".join(used)
    return re.sub(r"<[^>]+>", "", texts[0])
