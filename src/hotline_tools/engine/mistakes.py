"""What is wrong with a statement: a sentence with the place and a remedy, then the engine's own words."""

import re

from hotline_tools.errors import HotlineError, UsageError

_COLUMNS = '各视图的列用 hotline sql "DESCRIBE orders" 查看。'
_FUNCTIONS = "请检查函数名与参数的类型；需要时用 CAST(… AS …) 转换。"
_KNOWN = (
    (r"syntax error at or near \"(.*?)\"", "语法有误，在 {} 附近", "请检查拼写、逗号、括号和引号。"),
    (r"syntax error at end of input|unterminated", "语法有误，语句不完整", "请检查引号与括号是否成对。"),
    (r"(?i)referenced column \"?(.+?)\"? (?:was )?not found", "没有列 {}", _COLUMNS),
    (r"(?i)does not have a column named \"(.+?)\"", "没有列 {}", _COLUMNS),
    (r"(?i)table with name (\S+) does not exist", "没有视图 {}", "工单视图名为 orders。"),
    (r"(?i)function with name (\S+) does not exist", "没有函数 {}", _FUNCTIONS),
    (r"(?i)no function matches .*?'(.+?)'", "函数 {} 不接受这些类型的参数", _FUNCTIONS),
    (
        r"(?i)column \"(.+?)\" must appear in the group by",
        "列 {} 既没有分组也没有合计",
        "请把它写进 GROUP BY，或用 GROUP BY ALL。",
    ),
    (
        r"(?i)could not convert \S+ '(.*?)' to",
        "值 {} 不能转换成所要的类型",
        "不能转换的要留空时请用 TRY_CAST。",
    ),
    (r"(?i)permission error|file system operations are disabled", "不能读工单库以外的文件", _COLUMNS),
)
"""A pattern of the engine's words, what it means, and what to do."""
_LINE = re.compile(r"^LINE (\d+):", re.MULTILINE)
_CANDIDATES = re.compile(r"^(?:Candidate bindings:|Did you mean)(.+)$", re.MULTILINE)
_NAME, _MOST_NAMES = re.compile(r'"([^"]+)"'), 3


def not_a_query(statements: int = 1) -> HotlineError:
    """Return the error of what is not one statement that only reads."""
    if statements > 1:
        return UsageError(f"只能执行一条查询语句，这里有 {statements} 条", remedy="请只留一条 SELECT。")
    return UsageError("只能执行一条查询语句", remedy="请写一条 SELECT；数据只能由 hotline import 修改。")


def wrong_sql(error: object) -> HotlineError:
    """Return the error of a statement that the engine refuses."""
    text = str(error).strip()
    own = text.splitlines()[0] if text else type(error).__name__
    line, near = _LINE.search(text), _CANDIDATES.search(text)
    where = f"第 {line[1]} 行，" if line else ""
    names = [name for name in _NAME.findall(near[1]) if "pg_" not in name] if near else []
    hint = f"是不是 {'、'.join(names[:_MOST_NAMES]).replace(' or ', '、')}？" if names else ""
    for pattern, sentence, remedy in _KNOWN:
        if found := re.search(pattern, text):
            said = sentence.format(*found.groups())
            return _wrong(said, where, f"{hint}{remedy}", own)
    return _wrong("不能执行", where, f"{hint}请检查语句。{_COLUMNS}", own)


def _wrong(said: str, where: str, remedy: str, own: str) -> HotlineError:
    return UsageError(f"SQL 有误：{where}{said}", remedy=f"{remedy}（引擎原话：{own}）")
