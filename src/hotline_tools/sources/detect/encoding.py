"""Which encoding a text file has, decided on evidence.

A byte order mark decides; then NUL bytes (UTF-16); then strict decoding; and where several encodings can
decode the bytes, the one whose text is made of common Chinese characters (or of kana). A few accented letters
among ASCII are Western European. charset-normalizer is asked only when none of ours reads the file.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from hotline_tools.errors import InputError

HEAD_BYTES = 1 << 20
WHOLE_BYTES = 1 << 23
"""Files up to this size are looked at from end to end."""
SPOT_BYTES = 1 << 16
SPOTS = 32

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CANDIDATES = ("gb18030", "big5hkscs")
_JAPANESE = "cp932"
_SURE = ("utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "ascii")
_KANA = frozenset(map(chr, (*range(0x3041, 0x3097), *range(0x30A1, 0x30FD)))) | frozenset("、。")
_LONE_BYTE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_COMMON = frozenset(
    "的一是不了人在有我他这中大来上个国和也子时道说要出会可你对生能而就那得于着下自之年过发后作里用年行所"
    "然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力"
    "與為這來個國們時說會對過發後裡種經麼學當沒動還進樣開從實間問題長車門電話號樓路街市區縣鎮鄉村社請辦處理"
    "处编号标题内容受理时间单位回复答诉求类型办结工单事件地址区县镇街社区网格满意度解决状态投诉咨询建议举报"
    "小区物业业主停车噪音扰民施工道路垃圾环境卫生水电气供暖房屋质量公司拖欠工资学校教育医院社保公交"
    "案件編號派工項目立案日期查報地點行政故障情形場所設施舉發巷弄號里鄰臺北台灣東西南北中山大安信義松內湖"
    "，。、？！：；“”（）"
)
_MAX_ERRORS = 0.01
"""Errors per non-ASCII character up to which a file counts as valid with a few lost characters."""
_MIN_COMMON = 0.25


@dataclass(frozen=True)
class EncodingFit:
    """How well one encoding reads the probe."""

    encoding: str
    errors: int
    foreign: int
    """Characters that are not ASCII."""
    common: float
    """Share of them that are frequent in Chinese."""

    @property
    def plausible(self) -> bool:
        """Few errors, and the text looks like Chinese (short texts need not)."""
        return self.errors <= max(1, _MAX_ERRORS * self.foreign)


def probe(path: Path) -> bytes:
    """The head of the file, and pieces (from line start) spread over the rest of a large one."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        pieces = [stream.read(WHOLE_BYTES if size <= WHOLE_BYTES else HEAD_BYTES)]
        if size > WHOLE_BYTES and pieces[0][:2] not in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            pieces[0] = pieces[0][: pieces[0].rfind(b"\n") + 1] or pieces[0]
            step = max(SPOT_BYTES, (size - HEAD_BYTES) // SPOTS)
            for offset in range(HEAD_BYTES, size, step):
                stream.seek(offset)
                piece = stream.read(SPOT_BYTES)
                start, end = piece.find(b"\n") + 1, piece.rfind(b"\n") + 1
                pieces.append(piece[start:end])
    return b"".join(pieces)


def decide(sample: bytes, *, where: str) -> str:
    """The Python name of the encoding of ``sample``; raises ``InputError`` when nothing reads it."""
    for mark, name in _BOMS:
        if sample.startswith(mark):
            return name
    wide = _utf16_without_mark(sample)
    if wide:
        return wide
    if sample.isascii():
        return "utf-8"
    fitting = _by_characters(sample)
    if fitting:
        return fitting
    if sample.count(0) > len(sample) // 1000:
        raise _unreadable(where)
    guess = from_bytes(sample[:HEAD_BYTES]).best()
    if guess is None or guess.chaos > 0.2:
        raise _unreadable(where)
    return guess.encoding


def _by_characters(sample: bytes) -> str:
    """The encoding whose text has the characters of its language; empty when none has."""
    utf8 = _weigh(sample, "utf-8")
    if utf8.errors == 0:
        return "utf-8"
    found = [utf8, *(_weigh(sample, name) for name in _CANDIDATES)]
    plausible = [e for e in found if e.plausible and e.common >= _MIN_COMMON]
    if not plausible:
        japanese = _weigh(sample, _JAPANESE)
        plausible = [japanese] if japanese.plausible and japanese.common >= _MIN_COMMON else []
    if not plausible and _is_western(sample):
        return "cp1252"
    plausible = plausible or [e for e in found if e.plausible and e.foreign < 20]
    if not plausible:
        return ""
    return max(plausible, key=lambda e: e.common - 20 * e.errors / max(1, e.foreign)).encoding


def guess_note(encoding: str | None) -> tuple[str, ...]:
    """What to tell people of an encoding that is only likely."""
    if encoding is None or encoding in _SURE:
        return ()
    return (f"文字编码是推测的（{encoding}）；如有乱码，请另存为 UTF-8 再导入",)


def _is_western(sample: bytes) -> bool:
    """Single bytes beyond ASCII among ASCII letters: Chinese comes in pairs and long runs of them."""
    high = len(_HIGH_BYTE.findall(sample))
    if 2 * len(_LONE_BYTE.findall(sample)) < high or sample.count(0):
        return False
    return _weigh(sample, "cp1252").errors == 0


def _unreadable(where: str) -> InputError:
    return InputError(
        "不是可以识别的表格文件，也不是可以识别编码的文本",
        where=where,
        remedy="请从平台重新导出为 xlsx 或 UTF-8/GBK 编码的 csv。",
    )


def _weigh(sample: bytes, encoding: str) -> EncodingFit:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = decoder.decode(sample, final=False)
    errors = text.count("\ufffd") - (sample.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0)
    foreign = [char for char in text[: HEAD_BYTES // 4] if char > "\x7f"]
    usual = _KANA if encoding == _JAPANESE else _COMMON
    common = sum(char in usual for char in foreign) / max(1, len(foreign))
    share = len(text) / max(1, min(len(text), HEAD_BYTES // 4))
    return EncodingFit(encoding, errors, int(len(foreign) * share), common)


def _utf16_without_mark(sample: bytes) -> str:
    """Line ends and delimiters of UTF-16 have a NUL on one side, always the same."""
    head = sample[: 1 << 14]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < len(head) // 100 or min(even, odd) > (even + odd) // 20:
        return ""
    name = "utf-16-be" if even > odd else "utf-16-le"
    text = head[: len(head) // 2 * 2].decode(name, "replace")
    if text.count("\ufffd") > len(text) // 50 or not any(mark in text for mark in ",;\t\n"):
        return ""
    ordinary = sum(char.isprintable() or char in "\r\n\t" for char in text)
    return name if ordinary > 0.97 * len(text) else ""
