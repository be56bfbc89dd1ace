"""A document with every kind of part, and texts that would do harm where they are not escaped."""

from hotline_tools.document import Chart, Document, Letterhead, Section, Sentence
from hotline_tools.table import ROW_KIND, ChartHint, Field, Note, NoteKind, ReportTable, RowKind

HOSTILE = '=HYPERLINK("http://x")<img onerror=a>"><svg onload>$x_1$\x1b[31m\x00'
CLEAN = '=HYPERLINK("http://x")<img onerror=a>"><svg onload>$x_1$[31m'
"""What an Office file holds of it: XML has no place for the rest."""
BARS = ReportTable(
    "categories",
    "类别占比",
    (
        Field("category", "类别"),
        Field("orders", "工单数", "integer", "件"),
        Field("then", "工单数（上月）", "integer", then_of="orders"),
    ),
    [
        {"category": HOSTILE, "orders": 1234, "then": 1000},
        {"category": "（未分类）", "orders": 6, "then": None, ROW_KIND: RowKind.UNFILLED},
    ],
    period="2025年6月",
    totals={"orders": 1240},
    notes=[Note(NoteKind.SCOPE, "截至 7 月 1 日。")],
    chart=ChartHint("bars", "category", "orders"),
)
LINES = ReportTable(
    "trend",
    "走势",
    (Field("step", "月份"), Field("orders", "工单数", "integer"), Field("whole", "整月", "boolean")),
    [
        {"step": "1月", "orders": 5, "whole": True},
        {"step": "2月", "orders": None, "whole": True},
        {"step": "3月", "orders": 7, "whole": False},
    ],
    chart=ChartHint("lines", "step", "orders", whole="whole"),
)
PANELS = ReportTable(
    "departments",
    "得分",
    (Field("group", "组别"), Field("unit", "单位"), Field("score", "得分", "number"), Field("why", "不排名")),
    [
        {"group": "镇街", "unit": "甲街道", "score": 90.5, "why": None},
        {"group": "部门", "unit": "乙局", "score": 88.0, "why": None},
        {"group": "部门", "unit": "丙局", "score": 99.0, "why": "件数不足"},
    ],
    chart=ChartHint("panels", "unit", "score", series="group", apart="why"),
)
HEAT = ReportTable(
    "hours",
    "时段",
    (Field("day", "星期"), Field("hour", "时"), Field("orders", "工单数", "integer")),
    [{"day": "周一", "hour": str(hour), "orders": hour} for hour in range(3)],
    chart=ChartHint("heat", "hour", "orders", series="day"),
)
DOCUMENT = Document(
    "六月月报",
    (
        Section("总体情况", (Sentence("共受理1,240件，“咨询”最多……"), Chart(LINES, "三月最高", "折线图"))),
        Section("分类情况", (BARS, Chart(BARS, alt="条形图：" + HOSTILE))),
        Section("细项", (Chart(PANELS, "得分"), Chart(HEAT, "上午最集中", "热力图")), level=2),
        Section("单位统计表", (PANELS,), is_attachment=True),
        Section("时段统计表", (HEAT,), is_attachment=True),
    ),
    period="2025年6月",
    notes=(Note(NoteKind.SCOPE, "以受理时间计。"),),
    letterhead=Letterhead(
        "12345热线月报",
        "某市热线中心",
        "2025年第6期（总第42期）",
        "2025年7月2日",
        "某市热线办",
        ("报：市政府。",),
    ),
    to_verify=("占比合计 101%。",),
)
