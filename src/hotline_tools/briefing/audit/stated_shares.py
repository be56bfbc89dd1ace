"""The shares of a sentence as they are stated: of what, and which count each is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from hotline_tools.briefing.audit.changes import is_plain
from hotline_tools.briefing.audit.of_which import whole_of
from hotline_tools.briefing.audit.quantities import Quantity, ratio_fits

SHARE = re.compile(r"占(?P<of>[^，。；、（）]*?)(?:的|之)?(?:比例|比重|比|有率)?(?:分别)?(?:为|达|到|约)*$")
NEW_LIST = re.compile(r"其中|按[^，。；]*分|从[^，。；]*看")
_OF_ITS_OWN = re.compile(r"[，、（]?(?:所|约)?占")
"""A share of the figure before it, and of nothing that stands between."""
_SUM = re.compile(r"(?:合计|共计|总计)$")
_SEVERAL = re.compile(r"分别占|分别为")
_NEAR = 8
"""A count and what share it is stand no more characters apart."""


@dataclass(frozen=True)
class Share:
    """A share that is printed: of what, and the count that it is."""

    stated: Quantity
    of: str
    """What stands between 占 and the figure; empty for a bare 占比."""
    part: Quantity
    whole: Quantity | None = None
    """The denominator where the sentence names its figure: 占全部3128件的13.3%."""
    list_sum: float | None = None
    """The sum of the list before it, which may be the numerator as well."""
    of_which: Quantity | None = None
    """The total that the numerator is told to be of: 受理200件，其中投诉100件，占50%."""

    def fits(self, whole: Quantity) -> bool:
        """Tell whether the count, or the sum of its list, is the stated share of ``whole``."""
        if ratio_fits(self.part, whole, self.stated):
            return True
        if self.list_sum is None:
            return False
        return abs(self.list_sum / whole.value * 100 - self.stated.value) <= self.stated.step * 1.001


def shares_of(found: Sequence[Quantity], earlier: Sequence[Quantity] = ()) -> list[Share]:
    """Return the shares of a sentence that have a count; ``earlier`` are the figures of the one before."""
    shares = []
    for index, stated in enumerate(found):
        if stated.kind != "percent" or stated.is_vague:
            continue
        before = list(found[:index])
        match = SHARE.search(stated.lead)
        whole = None
        if (
            match is None
            and before
            and before[-1].kind == "count"
            and re.fullmatch(r"的|的比例为|的比重为", stated.lead)
        ):
            match = SHARE.search(before[-1].lead)
            whole = before.pop() if match else None
        if match is None or match.start() > _NEAR:
            continue
        if whole is not None and (whole.is_vague or whole.unit == "个"):
            continue
        part = _of_several(found, index) if _SEVERAL.search(stated.lead) else _numerator(before)
        if part is not None and not part.is_vague:
            run = [part] if _SEVERAL.search(stated.lead) else _run_before(before, part)
            total = sum(q.value for q in run) if len(run) > 1 else None
            is_plain_share = whole is None and not match["of"] and _OF_ITS_OWN.match(stated.lead)
            of_which = whole_of(before, part, earlier) if is_plain_share else None
            shares.append(Share(stated, match["of"], part, whole, total, of_which))
    return shares


def _numerator(before: Sequence[Quantity]) -> Quantity | None:
    """Return the last count that counts something itself; none where another share stands nearer."""
    for quantity in reversed(before):
        if quantity.kind == "percent" and SHARE.search(quantity.lead):
            return None
        if quantity.kind == "count" and is_plain(quantity):
            return quantity
    return None


def _of_several(found: Sequence[Quantity], index: int) -> Quantity | None:
    """Return the count of the first share of 甲3件、乙2件，分别占60%和40%; None where the numbers differ."""
    shares = 1
    while index + shares < len(found) and re.fullmatch(r"[、，和及与]", found[index + shares].lead):
        shares += 1
    counts = [q for q in found[:index] if q.kind == "count" and is_plain(q) and not _SUM.search(q.lead)]
    return counts[-shares] if shares > 1 and len(counts) >= shares else None


def _run_before(before: Sequence[Quantity], last: Quantity) -> list[Quantity]:
    """Return the counts of the list that ends with ``last``: 甲3件、乙2件、丙1件."""
    run = [last]
    for quantity in reversed(before[: before.index(last)]):
        if (
            quantity.kind != "count"
            or not is_plain(quantity)
            or quantity.unit != last.unit
            or quantity.is_vague
        ):
            break
        if not re.match(r"[、，；和及与]", run[0].lead) or NEW_LIST.search(run[0].lead):
            break
        run.insert(0, quantity)
    return run
