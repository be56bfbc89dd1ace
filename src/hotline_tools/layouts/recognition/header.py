"""A header as it was read, and how well it says that its column is a field."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from hotline_tools.layouts.recognition.vocabulary import CALLING, MADE, REMARK, FieldNames, vocabulary

_OF_THINGS = frozenset({"id", "category", "status"})
"""Heads that may be of a thing and not of the order: 部门编号, 地址类型, 项目状态."""
LEVEL_WORDS = (
    ("one", "two", "three", "four", "five"),
    ("first", "second", "third", "fourth", "fifth"),
)
"""How English headers number the levels of a category: levelOne, firstLevel."""
PARTIES = frozenset({"caller", "thing"})
"""Roles that say of whom or of what, not of which step."""
_DECISIVE = frozenset(
    {"due", "contact", "revisit", "assist", "extend", "return", "redo", "other", "visit", "precinct", "begin"}
)
"""Roles that decide wherever they stand: 承诺完成时间 is a limit, 处理开始时间 no closing."""
TIMES = frozenset({"time", "limit"})
OWN_TIMES = frozenset({"other", "visit", "extend", "return", "redo", REMARK})
"""Steps whose times are no field's, whatever else the name says: 审核完成时间, 预约上门时间, 添加备注时间."""
_OWN_LIMITS = frozenset({"sign", "contact", "revisit"})
"""Steps whose limits are not the order's: 签收时限, 计划回访时间."""
STAMPED = 0.95
"""Factor for the time at which a record was made, beside the one at which it came in."""
_FOREIGN = 0.8
"""Factor for a name with a foreign role farther from the head."""


@dataclass(frozen=True)
class HeaderName:
    """A header as read: groups of its head, roles by distance from it, factor for what is not known."""

    heads: frozenset[str] = frozenset()
    roles: tuple[frozenset[str], ...] = ()
    factor: float = 1.0

    @property
    def steps(self) -> frozenset[str]:
        """All roles together, wherever they stand."""
        return frozenset[str]().union(*self.roles)

    @property
    def is_stamped(self) -> bool:
        """Whether it is the time at which a record was made: 创建时间."""
        return bool(self.heads & TIMES and self.roles and MADE in self.roles[0])

    def score(self, field: str, shapes: AbstractSet[str] = frozenset()) -> float:
        """Return how well the name says that the column is ``field``, 0-1; ``shapes``: of its cells."""
        rule = vocabulary().fields.get(field)
        if rule is None:  # known by its listed names alone
            return 0.0
        heads = [head for head in rule.heads if rule.by_values.get(head) in {None, *shapes}]
        return self.factor * max((self._with_head(rule, head) for head in heads), default=0.0)

    def _with_head(self, rule: FieldNames, head: str) -> float:
        if head not in self.heads:
            return 0.0
        if not self.roles:
            return rule.head_alone.get(head, rule.alone)
        scores = rule.head_roles.get(head, rule.roles)
        # Who or what it is about says nothing of the step (首次联系诉求人时间), only of its number and kind.
        skipped = frozenset() if head in _OF_THINGS else PARTIES
        roles = tuple(role for role in self.roles if not role & skipped or role & scores.keys())
        if not roles:
            return rule.head_alone.get(head, rule.alone) * _FOREIGN
        if head in TIMES:
            said = frozenset[str]().union(*roles)
            is_own = any(role & OWN_TIMES and not role & scores.keys() for role in roles)
            if is_own or ("due" in said and said & _OWN_LIMITS):
                return 0.0
            # 办结工单时间 is of the closing: the order itself is no step.
            roles = tuple(role for role in roles if role != {"order"}) or roles
        if head == "unit" and CALLING in roles[0]:  # 来电单位, 投诉单位
            return 0.0
        decisive = [role for role in roles if role & _DECISIVE]
        best = (scores[name] for role in decisive or roles[:1] for name in role & scores.keys())
        return max(best, default=0.0) * (STAMPED if self.is_stamped else 1.0)
