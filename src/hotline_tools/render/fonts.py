"""A font with Chinese glyphs for charts, also on a machine that has none.

A Chinese font of the system wins; else the Noto Sans SC that ``pylopdf-fonts-zh-cn`` carries (OFL).
"""

from functools import cache
from importlib.resources import files

from matplotlib import font_manager

_SYSTEM = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "SimHei",
)  # fmt: skip


@cache
def chinese_font() -> str:
    """Return the family name of a registered font that has Chinese glyphs."""
    present = {entry.name for entry in font_manager.fontManager.ttflist}
    for family in _SYSTEM:
        if family in present:
            return family
    path = files("pylopdf_fonts_zh_cn").joinpath("NotoSansSC-Regular.otf")
    font_manager.fontManager.addfont(str(path))
    return str(font_manager.FontProperties(fname=str(path)).get_name())
