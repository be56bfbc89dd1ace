"""The normalised work order: every column, its type, unit and meaning, and the code lists.

Times are local wall-clock timestamps without zone (Asia/Shanghai unless the layout says otherwise).
A missing value is null, never an empty string. The column order here is the order in the store.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import pyarrow as pa

SCHEMA_VERSION = 2


class KeyOrigin(StrEnum):
    """Where ``order_key`` comes from."""

    ID = "id"
    CONTENT_NO_ID = "content:no-id"
    CONTENT_DAMAGED_ID = "content:damaged-id"
    CONTENT_REPEATED_ID = "content:repeated-id"


class Status(StrEnum):
    """Where an order stands."""

    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Resolved(StrEnum):
    """What the caller said on revisit: was it resolved?"""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class Satisfaction(StrEnum):
    """What the caller said on revisit: 满意 / 基本满意 / 不满意 / 未评价."""

    SATISFIED = "satisfied"
    BASICALLY = "basically"
    DISSATISFIED = "dissatisfied"
    UNRATED = "unrated"


class RequestType(StrEnum):
    """诉求类型, kept in Chinese as every platform writes it."""

    CONSULT = "咨询"
    HELP = "求助"
    COMPLAINT = "投诉"
    REPORT = "举报"
    SUGGESTION = "建议"
    PRAISE = "表扬"
    OTHER = "其他"


class QualityFlag(StrEnum):
    """Marks in ``quality_flags`` (joined by ``;``), each counted in the import report."""

    REPLY_BEFORE_LETTER = "reply-before-letter"
    REPLY_WHILE_OPEN = "reply-while-open"
    CLOSED_BEFORE_RECEIVED = "closed-before-received"
    DATE_INVALID = "date-invalid"
    DATE_SENTINEL = "date-sentinel"
    RECEIVED_INFERRED = "received-inferred"
    ID_DAMAGED = "id-damaged"
    ID_REPEATED = "id-repeated"
    COLUMNS_REPAIRED = "columns-repaired"
    AREA_ONLY_DISTRICT = "area-only-district"
    UNDECODABLE = "undecodable"
    MASKED = "masked"


ColumnKind = Literal["text", "code", "time", "integer", "number", "boolean"]

_ARROW: dict[ColumnKind, pa.DataType] = {
    "text": pa.string(),
    "code": pa.string(),
    "time": pa.timestamp("us"),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One column of the work order; ``label`` is its Chinese field name."""

    name: str
    kind: ColumnKind
    label: str
    meaning: str
    codes: tuple[str, ...] = ()
    mapped: bool = True
    """True when a layout may fill it from an export's column; False when the toolkit derives it."""

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type of the column."""
        return _ARROW[self.kind]


def _codes(enum: type[StrEnum]) -> tuple[str, ...]:
    return tuple(item.value for item in enum)


ORDER_COLUMNS: tuple[Column, ...] = (
    Column("order_key", "text", "工单键", "unique in the store; see order_key_origin", mapped=False),
    Column(
        "order_key_origin",
        "code",
        "工单键来源",
        "id, or why content was used",
        _codes(KeyOrigin),
        mapped=False,
    ),
    Column("source", "text", "来源", "the platform or file family, the id's name space", mapped=False),
    Column("channel", "text", "诉求渠道", "phone, web, WeChat, grid worker … as the export writes it"),
    Column("order_id", "text", "工单编号", "the platform's own id, as exported"),
    Column("received_at", "time", "受理时间", "when the request came in; its month is the partition"),
    Column("dispatched_at", "time", "派单时间", "when it was sent to the department"),
    Column("signed_at", "time", "签收时间", "when the department signed for it"),
    Column("first_contact_at", "time", "首次联系时间", "when the caller was first contacted"),
    Column("due_at", "time", "应办结时间", "the export's own deadline; wins over a computed one"),
    Column("closed_at", "time", "办结时间", "when it was closed, or replied to on a message board"),
    Column("revisited_at", "time", "回访时间", "when the caller was asked"),
    Column("title", "text", "标题", "cleaned, masked"),
    Column("content", "text", "内容", "cleaned, masked"),
    Column("request_type", "code", "诉求类型", "from the export, or the classifier's", _codes(RequestType)),
    Column("original_category", "text", "原分类", "the export's own category, levels joined by /"),
    Column("urgency", "text", "紧急程度", "as the export writes it"),
    Column("district", "text", "区县", "level 1 of the area"),
    Column("street", "text", "镇街", "level 2 of the area"),
    Column("community", "text", "社区", "level 3 of the area; village or community"),
    Column("grid", "text", "网格", "level 4 of the area"),
    Column("address", "text", "地址", "the address as written, cleaned"),
    Column("place", "text", "地点", "derived: the address reduced to estate, road or village", mapped=False),
    Column("department", "text", "主办单位", "who handles it"),
    Column("co_departments", "text", "协办单位", "others, joined by ;"),
    Column("status", "code", "状态", "open / closed / cancelled / unknown", _codes(Status)),
    Column("status_raw", "text", "原状态", "as exported", mapped=False),
    Column("reply", "text", "答复", "what the department answered, masked"),
    Column("responded", "boolean", "是否响应", "the caller was contacted in time, as the export says"),
    Column("resolved", "code", "是否解决", "yes / partly / no / unknown, asked on revisit", _codes(Resolved)),
    Column("satisfaction", "code", "满意度", "as said on revisit", _codes(Satisfaction)),
    Column("satisfaction_raw", "text", "原满意度", "as exported", mapped=False),
    Column("extensions", "integer", "延期次数", "times the deadline was extended"),
    Column("returns", "integer", "退回次数", "times the department sent it back"),
    Column("redos", "integer", "重办次数", "times it was ordered to be done again"),
    Column("handling_level", "text", "处置层级", "the level at which it was settled"),
    Column("reporter", "text", "上报人", "grid worker or staff code; never a caller's name"),
    Column("caller_key", "text", "来电人标识", "keyed hash of the caller's number or account"),
    Column("likes", "integer", "点赞数", "supporters on a message board"),
    Column(
        "handling_hours",
        "number",
        "办理时长（小时）",
        "closed_at - received_at; null when negative",
        mapped=False,
    ),
    Column(
        "overdue",
        "boolean",
        "是否超期",
        "closed after due_at; null while open or without due_at",
        mapped=False,
    ),
    Column("quality_flags", "text", "质量标记", "QualityFlag values joined by ;", mapped=False),
    Column("extra", "text", "其他列", "JSON object of the columns the schema does not know", mapped=False),
    Column("content_hash", "text", "内容摘要", "of all values but import_id and row_number", mapped=False),
    Column("import_id", "text", "导入批次", "which import wrote this row last", mapped=False),
    Column("row_number", "integer", "行号", "1-based row in the file or sheet", mapped=False),
)

LABEL_COLUMNS: tuple[Column, ...] = (
    Column("order_key", "text", "工单键", "the order", mapped=False),
    Column("category", "text", "类别", "level-1 category, or the model's label", mapped=False),
    Column("subcategory", "text", "子类", "level-2 category; lower levels joined by /", mapped=False),
    Column("confidence", "number", "置信度", "calibrated probability of the category, 0-1", mapped=False),
    Column("evidence", "text", "依据", "the words that decided, strongest first, joined by ;", mapped=False),
    Column("alternatives", "text", "备选", "runners-up as name:probability joined by ;", mapped=False),
    Column(
        "request_type", "code", "诉求类型", "as the classifier sees it", _codes(RequestType), mapped=False
    ),
    Column("needs_review", "boolean", "需复核", "the classifier is unsure", mapped=False),
    Column("origin", "code", "标注来源", "model or person", ("model", "person"), mapped=False),
    Column("taxonomy", "text", "分类体系", "taxonomy name and version", mapped=False),
    Column("model", "text", "模型", "model name and version", mapped=False),
    Column("text_digest", "text", "文本摘要", "of the text that the model classified", mapped=False),
)

REJECT_COLUMNS: tuple[Column, ...] = (
    Column("import_id", "text", "导入批次", "the import that rejected it", mapped=False),
    Column("file", "text", "文件", "file, and member of an archive", mapped=False),
    Column("sheet", "text", "工作表", "sheet of a workbook", mapped=False),
    Column("row_number", "integer", "行号", "1-based row in the file or sheet", mapped=False),
    Column("reason", "text", "原因", "why, in Chinese", mapped=False),
    Column("raw", "text", "原文", "the row as JSON, masked", mapped=False),
)


def arrow_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """The Arrow (and so the Parquet and DuckDB) schema of a column list."""
    return pa.schema([pa.field(c.name, c.arrow, metadata={"label": c.label}) for c in columns])


ORDERS = arrow_schema(ORDER_COLUMNS)
LABELS = arrow_schema(LABEL_COLUMNS)
REJECTS = arrow_schema(REJECT_COLUMNS)

MAPPABLE: dict[str, Column] = {c.name: c for c in ORDER_COLUMNS if c.mapped}
"""The fields a layout may fill."""

TEXT_DIGEST = (32, 48)
"""Where ``content_hash`` has the digest of title, content and address: from, up to (counted from 0)."""
EVENT_TIMES = ("received_at", "dispatched_at", "signed_at", "first_contact_at", "closed_at", "revisited_at")
"""When something happened to an order, in the order in which it does."""
BEGINNINGS = ("dispatched_at", "signed_at", "first_contact_at")
"""Times at which work on an order begins: the earliest stands in for a receipt that nothing tells."""
STABLE_FIELDS = ("received_at", "title", "content", "address", "caller_key", "channel", "original_category")
"""What does not change while an order is handled: the content key is made of these."""
TELLING_FIELDS = frozenset({"title", "content", "address", "original_category"})
"""What tells one case from another; a table without any of these is a list of ids and states."""
UNKNOWN_SOURCE = "unknown"
"""The source of a table whose layout was guessed: its orders may be those of any other source."""
UNDATED = "{:,} 件没有可读的受理时间，按时间段的报表不含这些工单"
"""Said of the orders of a file that no period finds."""
