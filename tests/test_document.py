"""A document as Markdown and as a page: headings, sentences, tables and charts in order, texts escaped."""

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
