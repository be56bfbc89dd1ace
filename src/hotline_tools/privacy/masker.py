"""Masking of whole columns and the keyed hash of callers."""

import unicodedata
from hashlib import blake2b

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.privacy.spans import Author, mask_text

_D = "[0-9０-９]"
_GAP = "[ -]?"
_CUE = "(?:电话|号码|座机|固话|联系方式|回电)"
_CITIZEN = "(?:市民|来电人|诉求人|反映人|投诉人|举报人|申请人|业主|您)"
_NUMBER = rf"[^0-9０-９，。；、]{{0,6}}[(（]?(?:{_D}{{3,4}}[)）]?[-—–－ \x{{3000}}]?)?{_D}{{7}}"
_ANYWHERE = (
    rf"[1１][3-9３-９]{_D}{_GAP}{_D}{{4}}{_GAP}{_D}{{4}}|09{_D}{{2}}-?{_D}{{3}}-?{_D}{{3}}|{_D}{{15}}"
    rf"|身份证[^0-9０-９A-Za-z，。；]{{0,8}}{_D}{{14}}"
    rf"|(?:卡号|账号|帐号|账户|帐户)[^0-9０-９A-Za-z，。；]{{0,10}}{_D}{{12}}"
    rf"|{_D}{{4}}[ -]{_D}{{4}}[ -]{_D}{{4}}[ -]{_D}{{3}}|[@＠]"
    r"|(?:[QqＱｑ]{2}|[VvＶｖWwＷｗ][XxＸｘ×]|扣扣|微信)[^0-9A-Za-z]{0,4}[0-9A-Za-z０-９Ａ-Ｚａ-ｚ＿_×－-]{5}"
    r"|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-zＡ-Ｚａ-ｚ]"
    r"[·•.・ -]?[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]{5}"
)
_SUSPECT: dict[Author, str] = {
    "caller": f"{_ANYWHERE}|{_CUE}{_NUMBER}",
    "office": f"{_ANYWHERE}|{_CITIZEN}[^0-9０-９，。；]{{0,8}}{_CUE}{_NUMBER}",
}
"""RE2, without the look at the surroundings: whatever ``find_personal`` finds, this matches."""


class Masker:
    """Masks free text and turns callers into keys; ``key`` is the store's secret."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def mask(self, column: pa.Array, author: Author = "caller") -> pa.Array:
        """Return the string column with personal data replaced by asterisks; the same object if none."""
        suspect = pc.fill_null(pc.match_substring_regex(column, _SUSPECT[author]), False)
        if not pc.any(suspect).as_py():
            return column
        before = column.filter(suspect)
        texts = before.to_pylist()
        masked = [mask_text(text, author) for text in texts]
        if masked == texts:
            return column
        return pc.replace_with_mask(column, suspect, pa.array(masked, pa.string()))

    def caller_key(self, column: pa.Array) -> pa.Array:
        """Return 32 hexadecimal digits per caller (keyed BLAKE2b-128); null stays null.

        The same telephone written ``+86 138-0000-0000`` or ``13800000000`` gives the same key.
        """
        encoded = column.dictionary_encode()
        hashed = [self._hash(text) for text in encoded.dictionary.to_pylist()]
        return pa.array(hashed, pa.string()).take(encoded.indices)

    def _hash(self, text: str) -> str:
        return blake2b(_canonical(text).encode(), key=self._key, digest_size=16).hexdigest()


def _canonical(text: str) -> str:
    if len(text) == 11 and text.isascii() and text.isdigit():
        return text
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    digits = "".join(c for c in folded if c.isdigit())
    is_phone = len(digits) >= 7 and not any(c.isalpha() for c in folded)
    if not is_phone:
        return folded
    if folded.endswith(".0"):
        digits = digits[:-1]
    return digits[-11:] if len(digits) in (13, 15) and digits.lstrip("0").startswith("86") else digits
