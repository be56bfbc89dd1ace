"""An address that stands in several columns: estate, building and entrance; road and house.

Only where no column holds a whole address. The number of the flat is left out: it is a person's home.
"""

import re
from collections.abc import Sequence

from hotline_tools.column_names import without_remark
from hotline_tools.layouts.recognition.column import Candidate

_NAME, _NUMBER = r"(?:名称?|名字)?$", r"(?:号|编号|名称?)?$"
_ORDERS = (
    (
        rf"^(?:所在|所属|项目|物业|事发|报修)?(?:小区|楼盘|住宅区|园区){_NAME}",
        rf"^(?:所在|所属)?(?:楼栋|楼号|楼幢|楼座|楼宇|栋|幢|栋号|幢号){_NUMBER}",
        rf"^(?:所在|所属)?单元{_NUMBER}",
    ),
    (r"^(?:house|street|building)[ _]?(?:number|num|no)\.?$", r"^(?:street|road)[ _]?name$|^road$"),
    (r"^stra(?:ss|ß)e(?:nname)?$|^street[ _]?name$|^rue$|^calle$", r"^haus[ _]?n(?:umme)?r\.?$|^numero$"),
)
"""Names of the parts in the order in which an address is written; the parts of one order go together."""
_PATTERNS = [[re.compile(part, re.IGNORECASE) for part in parts] for parts in _ORDERS]


def address_parts(columns: Sequence[Candidate]) -> tuple[str, ...]:
    """Return the columns that make an address together, in their order; none without the place itself."""
    filled = [column for column in columns if column.values.count]
    for patterns in _PATTERNS:
        found = [
            next((c.header for c in filled if part.search(without_remark(c.said).strip())), None)
            for part in patterns
        ]
        named = [header for header in found if header is not None]
        is_placed = found[0] is not None if len(patterns) > 2 else None not in found
        if is_placed and named:
            return tuple(named)
    return ()
