"""What codes and columns are called in Chinese: the one place that all texts for people look at.

csv, json and parquet keep the stable English codes; whatever a person reads shows these labels.
"""

from hotline_tools.schema import (
    LABEL_COLUMNS,
    ORDER_COLUMNS,
    KeyOrigin,
    QualityFlag,
    Resolved,
    Satisfaction,
    Status,
)

CODE_LABELS: dict[str, str] = {
    KeyOrigin.ID: "平台编号",
    KeyOrigin.CONTENT_NO_ID: "按内容（没有编号）",
    KeyOrigin.CONTENT_DAMAGED_ID: "按内容（编号损坏）",
    KeyOrigin.CONTENT_REPEATED_ID: "按内容（编号重复）",
    Status.OPEN: "办理中",
    Status.CLOSED: "已办结",
    Status.CANCELLED: "已撤销",
    Status.UNKNOWN: "不明",
    Resolved.YES: "已解决",
    Resolved.PARTLY: "部分解决",
    Resolved.NO: "未解决",
    Satisfaction.SATISFIED: "满意",
    Satisfaction.BASICALLY: "基本满意",
    Satisfaction.DISSATISFIED: "不满意",
    Satisfaction.UNRATED: "未评价",
    QualityFlag.REPLY_BEFORE_LETTER: "答复早于来信",
    QualityFlag.REPLY_WHILE_OPEN: "已答复仍在办理",
    QualityFlag.CLOSED_BEFORE_RECEIVED: "办结早于受理",
    QualityFlag.DATE_INVALID: "日期无效",
    QualityFlag.DATE_SENTINEL: "占位日期",
    QualityFlag.RECEIVED_INFERRED: "受理时间推定",
    QualityFlag.ID_DAMAGED: "编号损坏",
    QualityFlag.ID_REPEATED: "编号重复",
    QualityFlag.COLUMNS_REPAIRED: "错列已修复",
    QualityFlag.AREA_ONLY_DISTRICT: "区域只到区县",
    QualityFlag.UNDECODABLE: "有无法解码的字符",
    QualityFlag.MASKED: "已脱敏",
    "model": "自动",
    "person": "人工",
}
"""Code → label. Codes of different columns that are spelt alike mean alike (``unknown``)."""

COLUMN_LABELS: dict[str, str] = {column.name: column.label for column in (*LABEL_COLUMNS, *ORDER_COLUMNS)}
"""Column of an order or of its label → Chinese field name."""

FILTER_LABELS = {
    "by": "分组",
    "category": "类别",
    "department": "单位",
    "area": "区域",
    "channel": "渠道",
    "top": "只列",
    "compare": "对比",
    "profile": "口径",
    "as_of": "截至",
    "basis": "归期",
    "co": "协办口径",
    "granularity": "粒度",
    "hours": "小时内到期",
    "proactive": "主动发现",
    "population": "人口数据",
    "rules": "规则",
}
"""How people read the filters that a table was made with."""


def code_label(code: str) -> str:
    """Return the label of a code, or of several joined by ``;``; other text as it is."""
    return "、".join(CODE_LABELS.get(part, part) for part in code.split(";"))
