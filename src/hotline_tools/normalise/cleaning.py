"""``text.clean`` over a whole column: only cells that need it are touched."""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.text import INVISIBLE, clean

_BLANK = r"\t\r\f\v\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
_GUARDED = r'^="(.*)"$'
_UNTIDY = rf'[{_BLANK}{INVISIBLE}]|  |\n\n|\n | \n|^[ \n]|[ \n]$|&[#a-zA-Z]|^="'


def clean_column(column: pa.Array) -> pa.Array:
    """Return the strings of ``column`` as ``text.clean`` would write them; empty becomes null.

    The guard by which a file makes a spreadsheet keep a number as text (``="0012"``) is taken off.
    """
    untidy = pc.fill_null(pc.match_substring_regex(column, _UNTIDY), False)
    if not pc.any(untidy).as_py():
        return nullify_empty(column)
    tidied = _tidy(column.filter(untidy))
    return nullify_empty(pc.replace_with_mask(column, untidy, tidied))


def nullify_empty(column: pa.Array) -> pa.Array:
    """Turn empty strings into nulls."""
    empty = pc.equal(column, "")
    if not pc.any(empty).as_py():
        return column
    return pc.if_else(empty, pa.scalar(None, pa.string()), column)


def _tidy(column: pa.Array) -> pa.Array:
    with_entity = pc.match_substring_regex(column, "&[#a-zA-Z]")
    plain = pc.replace_substring_regex(column, _GUARDED, r"\1")
    plain = pc.replace_substring_regex(plain, f"[{INVISIBLE}]", "")
    plain = pc.replace_substring(plain, "\r\n", "\n")
    plain = pc.replace_substring_regex(plain, f"[ {_BLANK}]+", " ")
    plain = pc.replace_substring_regex(plain, r" ?\n[ \n]*", "\n")
    plain = pc.utf8_trim(plain, " \n")
    if not pc.any(with_entity).as_py():
        return plain
    unescaped = pa.array([clean(text) for text in column.filter(with_entity).to_pylist()], pa.string())
    return pc.replace_with_mask(plain, with_entity, unescaped)


_BREAK = re.compile(r"\s*\n\s*")
_FORMULA, _APOSTROPHE = re.compile(_GUARDED, re.DOTALL), re.compile(r"^['’‘]([^'’‘]+)['’‘]?$")
_LINES_OR_GUARD = r"\n|^['’‘]|^=\""
_HAN = re.compile(r"[\u3400-\u9fff]")
_PUNCTUATION = "，。；：、！？"
_TO_WIDE, _TO_NARROW = str.maketrans("()", "（）"), str.maketrans("（）", "()")


def one_line(text: str) -> str:
    """Join the lines of a short field (a name, a code) with a blank; spreadsheet guards are taken off."""
    text = _FORMULA.sub(r"\1", text)
    return _APOSTROPHE.sub(r"\1", _BREAK.sub(" ", clean(text)))


def one_line_column(column: pa.Array) -> pa.Array:
    """Return the strings of ``column`` as ``one_line`` would write them; empty becomes null."""
    cleaned = clean_column(column)
    odd = pc.fill_null(pc.match_substring_regex(cleaned, _LINES_OR_GUARD), False)
    if not pc.any(odd).as_py():
        return cleaned
    lines = pa.array([one_line(text) or None for text in cleaned.filter(odd).to_pylist()], pa.string())
    return pc.replace_with_mask(cleaned, odd, lines)


def unit_name(text: str) -> str:
    """Write the name of a unit or an area in one form: digits and letters half-width, brackets of Chinese
    names full-width.
    """
    plain = "".join(c if c in _PUNCTUATION else unicodedata.normalize("NFKC", c) for c in one_line(text))
    return plain.translate(_TO_WIDE if _HAN.search(plain) else _TO_NARROW).strip()


def plain_id(text: str) -> str:
    """Write an id in one form (NFKC, no blanks at its ends), without what spreadsheets put around it."""
    plain = unicodedata.normalize("NFKC", one_line(text)).strip()
    return _WHOLE_NUMBER.sub(r"\1", plain)


_WHOLE_NUMBER = re.compile(r"^(\d+)\.0+$")
