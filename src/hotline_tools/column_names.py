"""Names of columns as exports write them: scripts without blanks, and remarks behind a name."""

import re

HAN = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Han, and with it kana and Hangul: scripts without blanks between words."""
_REMARK = re.compile(r"\s*[,，;；:：。].*|\s+(?=\d).*|(?<=[\u3400-\u9fff])\s+(?=\S{6}).*", re.DOTALL)
"""What explains a name behind it: 处置状态：1=待受理，2=已受理; 投诉单号，格式…; 状态 0正常 1停用."""

_UNCLOSED = re.compile(r"\s*[(\[【〔<（][^)\]】〕>）]*$")
"""Brackets whose end was part of the remark: 投诉类型（1-物业服务，2-设施设备）."""


def without_remark(name: str) -> str:
    """Leave out what only explains a Chinese name; the name itself where nothing would be left."""
    bare = _REMARK.sub("", name)
    bare = _UNCLOSED.sub("", bare) if bare != name else bare
    return bare if bare != name and HAN.search(bare) else name
