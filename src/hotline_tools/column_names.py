"""Names of columns as exports write them: scripts without blanks, and remarks behind a name."""

import re

HAN = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Han, and with it kana and Hangul: scripts without blanks between words."""
_REMARK = re.compile(r"\s*[,，;；:：。].*|\s+(?=\d).*|(?<=[\u3400-\u9fff])\s+(?=\S{6}).*", re.DOTALL)
"""What explains a name behind it: 处置状态：1=待受理，2=已受理; 投诉单号，格式…; 状态 0正常 1停用."""


def without_remark(name: str) -> str:
    """Leave out what only explains a Chinese name; the name itself where nothing would be left."""
    bare = _REMARK.sub("", name)
    return bare if bare != name and HAN.search(bare) else name
