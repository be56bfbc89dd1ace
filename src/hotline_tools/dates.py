"""How days and clock times are written: every pattern stands here, once.

All patterns are read alike by ``re`` and RE2, so that one definition serves single cells and whole columns.
``NOTATIONS`` read a time into its parts; the ``*_CELL`` patterns only tell whether a cell looks like one,
from the most lenient (a header says that it is a time) to the strictest (nothing does).
"""

from dataclasses import dataclass
from typing import Literal

NotationKind = Literal["calendar", "roc", "either", "compact", "roc-compact", "seconds", "millis", "serial"]

WRITTEN_DAY = r"\d{2,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"
"""A day with any separators; the year may have two digits, or three of the Republic of China."""
_SLASHED = r"^(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.]"
SLASHED_DAY = _SLASHED + r"(?P<y>\d{4}|\d{2})(?:\D|$)"
"""Day, month and year in an order that the cell does not tell; a year of four digits is last."""
WHOLE_MONTH = r"^(?P<y>(?:19|20)\d\d) *[-/.年] *(?P<m>\d{1,2})\D"
"""A day that begins with its year of four digits: what month it is in."""
_CENTURY_YEAR = r"(?:19|20)\d\d"
_MONTH_AND_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_WHOLE = r"(?:\.0)?"
"""What a spreadsheet leaves behind a number."""

YEARLESS_CELL = r"^\s*\d{1,2} *月 *\d{1,2} *[日号](?:\s*(?:[上下]午)?\s*\d[^年月]*)?$"
"""A day whose year the table's title tells, if anything does: 8月1日, 8月1日 9:30."""
PERIOD_IN_TITLE = (
    r"(?<!\d)(?P<y>20\d\d)(?:\s*[-年./_]\s*(?P<m>1[0-2]|0?[1-9])|(?P<mm>0[1-9]|1[0-2])(?:\d\d)?)?(?!\d)"
)
"""The year, and the month where one follows, that a title or the name of a sheet or file speaks of."""
DAY_CELL = rf"{WRITTEN_DAY}|^\s*\d{{7,8}}{_WHOLE}\s*$"
"""A day by its header."""
TIME_CELL = (
    rf"{WRITTEN_DAY}|^\d{{8}}(?:\d{{6}})?{_WHOLE}$|^\d{{10}}(?:\d{{3}})?$|^\d{{5}}(?:\.\d+)?$|^\d{{7}}$"
    rf"|{YEARLESS_CELL}"
)
"""A time by its header: written, compact, since the epoch, a spreadsheet's serial, or compact ROC."""
TELLING_TIME_CELL = rf"^\s*(?:{WRITTEN_DAY}.*|\d{{14}}|{_CENTURY_YEAR}\d{{4}}|1[5-9]\d{{8}}(?:\d{{3}})?)\s*$"
"""A time although no header says so; numbers only where their size tells."""
STRICT_TIME_CELL = (
    rf"^\s*(?:{_CENTURY_YEAR}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?(?:[ T].*)?"
    r"|\d{1,2}/\d{1,2}/\d{4}(?:[ T].*)?"
    rf"|{_CENTURY_YEAR}{_MONTH_AND_DAY}(?:[ T]?(?:\d\d){{1,3}})?{_WHOLE}"
    rf"|1[0-2]\d{_MONTH_AND_DAY}{_WHOLE})\s*$"
)
"""A whole cell that can be nothing but a time: calendar or compact, with or without a clock."""
STRICT_CLOCK_CELL = rf"^\s*(?:\d{{1,2}}:\d{{2}}(?::\d{{2}})?|\d{{1,6}}{_WHOLE})\s*$"
"""A clock time, also as the digits alone (83000)."""
COLUMN_TIME_CELL = (
    rf"^\s*(?:民[国國]\s*)?\d{{1,4}}\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,4}}\D*.*$"
    rf"|^\s*{_CENTURY_YEAR}\d{{4}}(?:[ T]?\d{{2,6}})?{_WHOLE}\s*$|^\s*1\d{{9}}(?:\d{{3}})?{_WHOLE}\s*$"
    r"|^\s*[34]\d{4}(?:\.\d+)?\s*$|^\s*[A-Za-z]{3,9},? [A-Za-z]{3,9} \d{1,2} .*$"
    r"|^\s*[一二〇○零三四五六七八九]{4}年.*$|^\s*\d{1,2}[-/. ][A-Za-z]{3,9}[-/. ,]+\d{2,4}.*$"
    rf"|^\s*{_CENTURY_YEAR}[- /][A-Za-z]{{3,9}}[- /]\d{{1,2}}(?:\D.*)?$|{YEARLESS_CELL}"
)
"""A time in any notation, for telling what kind of column it is in; numbers of other kinds may fit too."""
WRITTEN_CLOCK = r"\d\s*[:：时]\s*\d"
"""Hours and minutes inside a cell."""
HAS_CLOCK = r"[:：时時點点]|\dT\d|\d{9}|[-/.]\d{1,2} +\d|\d{8} +\d|^\d{5}\.\d*[1-9]"
"""A time that says more than the day."""
WRITTEN_MOMENT = (
    r"^(?=\d)(?:(?:\d{4}年)?\d{1,2}月\d{1,2}[日号])?(?:早上|中午|上午|下午|傍晚|晚上?|夜里|凌晨)?"
    r"(?:\d{1,2}[:：]\d{1,2}(?:[:：]\d{1,2})?分?|\d{1,2}[点时]\d{1,2}分)?(?:左右|许)?"
)
"""Day and clock as a text that begins with them writes them: 2020年11月25日23:32:49."""
MIDNIGHT_CELL = r"[ T]+(?:0{1,2}:00(?::00(?:\.0+)?)?|12:00(?::00)? *[Aa]\.?[Mm]\.?)\s*$"
"""A day with the clock of its beginning, as programs write a date alone: 2020/12/2 0:00:00."""
ZERO_DAY = r"^\s*0{2,4}[-/.年]0{1,2}[-/.月]0{1,2}[日T :.0]*$"
"""What a database writes for a day that there is not: 0000-00-00 00:00:00."""
ZERO_TIME = r"^[0:/. T-]+$"
"""A zero date that systems write for "none"."""

WEEKDAY = r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?"
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
"""The first three letters of an English month → its number."""
_MONTH = r"(?P<m>[A-Za-z]{3,9})"
_WEEKDAY = r"^(?:[A-Za-z]{3,9} )?"
ENGLISH_TIMES = (
    rf"^(?P<y>\d{{4}})[- /]{_MONTH}[- /](?P<d>\d{{1,2}})(?P<clock>(?:[T ].*)?)$",
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})[- /]{_MONTH}[- /](?P<y>\d{{4}}|\d{{2}})(?P<clock>(?: .*)?)$",
    rf"{_WEEKDAY}{_MONTH} (?P<d>\d{{1,2}}) (?P<y>\d{{4}})(?P<clock>.*)$",
    rf"{_WEEKDAY}{_MONTH} (?P<d>\d{{1,2}})(?P<clock> \d[\d:]+(?: [AaPp][Mm])?(?: [A-Z][\w:+-]*)?)"
    r" (?P<y>\d{4})$",
)
"""Without commas and ordinal endings; the last one is what C (ctime) and Java (Date) print."""

HAN_DIGITS = {digit: number for number, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
HAN_YEAR = f"[{''.join(HAN_DIGITS)}]{{4}}(?=年)"
HAN_NUMBER = f"[{''.join(HAN_DIGITS)}十]+"
HALF_HOUR = r"(?<=[点點时時])半"

EARLY_HALF = r"上午|凌晨|早上|早晨|清晨|[Aa]"
LATE_HALF = r"下午|午后|傍晚|中午|[Pp]"
NIGHT = r"晚上|晚间|夜里|夜间|深夜|半夜|午夜"
"""Hours from the evening to the small hours; their twelve o'clock ends the day."""
UTC_ZONE = r"^(?:Z|z|(?:UTC|GMT)?(?:[+-]00?(?::?00)?)?)$"
"""A zone that is no city's own: the time beside it is nobody's wall clock."""
_HALF = rf"{EARLY_HALF}|{LATE_HALF}|{NIGHT}".replace("[Aa]|", "").replace("[Pp]", r"[AaPp](?:\.? ?[Mm]\.?)?")
CLOCK_CELL = (
    rf"^\s*(?:{_HALF})?\s*\d{{1,2}}\s*(?:[:：时時]\s*\d{{1,2}}|[点點](?:\s*\d{{1,2}})?)"
    rf"(?:\s*[:：分]\s*\d{{1,2}}(?:\.\d+)?秒?)?分?\s*(?:{_HALF})?\.?\s*$"
)
"""A clock time without a day, twelve-hour clocks and fractions of a second included."""
DIGIT_CLOCK_CELL = rf"^\s*(?:[01]?\d|2[0-3])[0-5]\d(?:[0-5]\d)?{_WHOLE}\s*$"
"""A clock time of digits alone (1305, 83000), where the header says that it is a time."""
_CLOCK_AND_ZONE = (
    r"(?:[T ]+(?P<clock>\d{3,6})(?:\.0+)?"
    rf"|(?: +- +|[T ]*)(?P<half>{_HALF})? *(?P<H>\d{{1,2}})"
    r"(?:[:时點点時] *(?:(?P<M>\d{1,2})分?(?:[: ]? *(?P<S>\d{1,2})(?:[.,]\d+)?秒?)?)?)?"
    rf"(?: *(?P<half2>{_HALF}))?)"
    r"(?: *(?P<zone>Z|z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?|[A-Z]{3,4}))?"
)
_CLOCK = rf"(?:{_CLOCK_AND_ZONE})?$"
_MONTH_DAY_CLOCK = r" *[-/.年] *(?P<m>\d{1,2}) *[-/.月] *(?P<d>\d{1,2}) *[日号]?" + _CLOCK
_COMPACT_DAY = rf"^(?P<y>{_CENTURY_YEAR})(?P<m>\d\d)(?P<d>\d\d)"
_COMPACT_CLOCK = r"(?:\.0+)?(?:(?P<hms>\d\d|\d{4,6})|[T ]+(?P<clock>\d{1,6}))?(?:\.0+)?$"


@dataclass(frozen=True)
class Notation:
    """One way to write a time; the groups of ``pattern`` are its parts."""

    kind: NotationKind
    pattern: str


MILLIS_CELL = r"^1\d{12}(?:\.0+)?$"
"""Milliseconds since 1970, or a compact ROC time: ``ROC_CELL`` and the other cells tell."""
EPOCH_CELL = r"^\s*1\d{9}(?:\d{3})?(?:\.0+)?\s*$"
"""Seconds or milliseconds since 1970, from September 2001 on."""
ROC_CELL = r"^(?P<y>1[0-2]\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])" + _COMPACT_CLOCK
"""A compact time of the Republic of China's calendar, up to 2040."""
NOTATIONS = (
    Notation("calendar", r"^(?P<y>\d{4})" + _MONTH_DAY_CLOCK),
    Notation("either", _SLASHED + r"(?P<y>\d{4})" + _CLOCK),
    Notation("either", _SLASHED + rf"(?P<y>\d\d)(?:[T ]{_CLOCK_AND_ZONE})?$"),
    Notation("calendar", r"^(?P<y>\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d)" + rf"(?:[T ]{_CLOCK_AND_ZONE})?$"),
    Notation("calendar", r"^(?P<y>\d\d) *年 *(?P<m>\d{1,2}) *月 *(?P<d>\d{1,2}) *[日号]?" + _CLOCK),
    Notation("roc", r"^(?:民[国國] *)?(?P<y>\d{3})" + _MONTH_DAY_CLOCK),
    Notation("roc", r"^民[国國] *(?P<y>\d{2})" + _MONTH_DAY_CLOCK),
    Notation("compact", _COMPACT_DAY + _COMPACT_CLOCK),
    Notation("calendar", _COMPACT_DAY + _CLOCK),
    Notation("seconds", r"^(?P<n>\d{9,10})(?:\.\d+)?$"),
    Notation("roc-compact", ROC_CELL),
    Notation("millis", r"^(?P<n>\d{12,13})(?:\.0+)?$"),
    Notation("serial", r"^(?P<n>[2-7]\d{4}(?:\.\d+)?)$"),
)
"""In the order in which they are tried."""

PERIOD_OF_FILE = (
    rf"{_CENTURY_YEAR}(?:[-_.年]?\d{{1,2}}){{0,2}}(?!\d)[月日号份度]*|[12]?\d月份?|十?[一二三四五六七八九十]月份?"
    r"|\d{1,2}[日号]|第?[一二三四1-4]季度|[上下]半年|全?年度?|\(\d+\)|（\d+）"
)
"""What of a file's name is another one next month."""
_YEAR = r"(?P<y>[12]\d{3})"
_YEAR_AND = rf"{_YEAR}[-年]?"
PERIODS = (
    ("year", rf"{_YEAR}(?:年|年度|年全年)?"),
    ("half-year", rf"{_YEAR_AND}(?:h(?P<n>[12])|(?P<han>[上下])半年)"),
    ("quarter", rf"{_YEAR_AND}(?:q(?P<n>[1-4])|第?(?P<han>[1-4一二三四])季度)"),
    ("month", rf"{_YEAR}[-/.年](?P<n>\d{{1,2}})月?"),
    ("month", rf"{_YEAR}(?P<n>\d\d)"),
    ("week", rf"{_YEAR_AND}(?:w(?P<n>\d{{1,2}})|第?(?P<han>\d{{1,2}})周)"),
    ("day", rf"{_YEAR}[-/.年](?P<n>\d{{1,2}})[-/.月](?P<d>\d{{1,2}})日?"),
    ("day", rf"{_YEAR}(?P<n>\d\d)(?P<d>\d\d)"),
)
"""What people ask for, in small letters without spaces: its year, its number in the year, its day."""
PERIOD_TO = r"\.\.|至|到|[~—–]"
"""Between the first and the last of a range of periods."""
PERIOD_YEAR_MONTH = r"((\d{4}年)\d{1,2}月)\d|(\d{4}年)"
"""What the last of a range may leave out: the year and the month, or the year."""
