"""What a header says: its head (what it is) and its roles (whose, of which step), by a vocabulary.

A Chinese name ends with its head: 责任部门回单时间 is a time, and the word before it, 回单, says which. An
English name is read word by word in the same way; ``created_at`` and ``DATE CREATED`` say the same.
"""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from tomllib import loads

from pydantic import Field

from hotline_tools.datafile import DataModel, parsed
from hotline_tools.text import fold

_FILLER, _IGNORED = "filler", "ignored"
_OTHER_HEADS = frozenset({_IGNORED, "private", "account"})
"""Heads of columns that fill no field."""
_OTHER_ROLES = frozenset({"other", "caller", "official", "extend", "return", "redo", "thing"})
"""Roles that keep a column from the fields of the order."""
_OF_THINGS = frozenset({"id", "category"})
"""Heads that may be of a thing and not of the order: 部门编号, 地址类型."""
_PARTIES = frozenset({"caller", "thing"})
"""Roles that say of whom or of what, not of which step."""
_DECISIVE = frozenset({"due", "contact", "revisit", "assist", "extend", "return", "redo", "other"})
"""Roles that decide wherever they stand: 承诺完成时间 is a limit, 回访完成时间 is of the revisit."""
_GENERIC = frozenset({"text", "reply"})
"""Heads that only say that there is text, so that a head before them decides: 地址描述, 满意情况."""
_SPECIFIC = frozenset({"address", "rating", "solved", "responded", "title", "urgency", "status"})
"""Heads that decide before a generic one: 地址描述, 满意情况, STATUS_DESC."""
_WEAK = frozenset({"grade", "spot"})
"""Heads that any other head before them overrules: 满意等级, Address Street."""
_OF_PEOPLE = frozenset({"名称", "信息"})
"""Words behind a person that leave it a person."""
_PLACES = frozenset({"thing", "unit", "district", "street", "community", "address"})
"""Groups whose names are no person's: STREET_NAME, Agency Name."""
_HANDLERS = frozenset({"official", "handle", "answer", "dispatch", "other", "sign", "reporting", "unit"})
"""Roles of people who handle an order: their names are not a caller's."""
_UNKNOWN, _UNKNOWN_WORD, _MOST_UNKNOWN = 0.04, 0.1, 0.3
"""Share lost for each unknown Han character, for each unknown English word, and for all of them at most."""
_SHORT_TAIL = 2
"""Unknown Han characters behind the head up to which it is still the head: 分类命中关键词 is no 分类."""
_UNKNOWN_KIND = 0.5
"""Factor for the number or the kind of something unknown: 卡号, 权属类型; also for a long unknown tail."""
_BARE_KINDS = frozenset({"号", "类型", "性质", "type"})
_IN_BRACKETS = 0.6
"""Factor for a name whose brackets hold another step: 回复（回退或申请）时间."""
_OF_SOMETHING = 0.5
"""Factor for a value of something unknown inside a JSON object: ``point.type``."""
_WRAPPERS = frozenset({"properties", "attributes", "fields", "data", "record", "item", "items", "row"})
_STEP_ALONE = 0.95
"""Factor for a name that says only the step and leaves it to the values that it is a time."""
_FOREIGN = 0.8
"""Factor for a name with a foreign role farther from the head."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_KEY = re.compile(r"(.*\w)\.(\w[^.]*)", re.DOTALL)
_BRACKETS = re.compile(r"[(\[【〔<（](.*?)[)\]】〕>）]")
_ENGLISH = re.compile(r"[a-z]+|\d+")
_PREPOSITIONS = frozenset({"to", "by", "of", "from", "with"})
_RUN, _PART, _MOST_LEFT = 8, 4, 0.4
"""Letters from which a run may be several words (SERVICEDUEDATE), of a part; share that may be unknown."""
_SHORT_PARTS = frozenset({"sr", "id", "no", "dt", "due", "add"})
_HAN = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""Han, and with it kana and Hangul: scripts without blanks between words."""


class FieldNames(DataModel):
    """How columns of one field are named: groups of head words, groups of role words with a score in 0-1."""

    heads: tuple[str, ...]
    roles: dict[str, float] = Field(default_factory=dict)
    alone: float = 0.0
    """Score of a head without any role."""
    head_roles: dict[str, dict[str, float]] = Field(default_factory=dict)
    """The roles of one of the head groups, in place of ``roles``."""
    head_alone: dict[str, float] = Field(default_factory=dict)
    """The score of one of the head groups without any role, in place of ``alone``."""
    by_values: dict[str, str] = Field(default_factory=dict)
    """Head groups that count only where the cells have a shape (``Values.shapes``)."""


class Vocabulary(DataModel):
    """Group → words, and field → how it is named."""

    words: dict[str, tuple[str, ...]]
    fields: dict[str, FieldNames]


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped vocabulary."""
    where = "vocabulary.toml"
    text = files("hotline_tools.layouts.recognition").joinpath(where).read_text(encoding="utf-8")
    return parsed(Vocabulary, loads(text), where=where)


@dataclass(frozen=True)
class Word:
    """A word of a header and the groups that it is in; no groups for what the vocabulary does not know."""

    text: str
    groups: frozenset[str] = frozenset()


@dataclass(frozen=True)
class HeaderName:
    """A header as read: groups of its head, roles by distance from it, factor for what is not known."""

    heads: frozenset[str] = frozenset()
    roles: tuple[frozenset[str], ...] = ()
    factor: float = 1.0

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
        skipped = frozenset() if head in _OF_THINGS else _PARTIES
        roles = tuple(role for role in self.roles if not role & skipped or role & scores.keys())
        if not roles:
            return rule.head_alone.get(head, rule.alone) * _FOREIGN
        decisive = [role for role in roles if role & _DECISIVE]
        best = (scores[name] for role in decisive or roles[:1] for name in role & scores.keys())
        return max(best, default=0.0)


@cache
def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group, words in vocabulary().words.items():
        for word in words:
            found.setdefault(word, set()).add(group)
    return {word: frozenset(groups) for word, groups in found.items()}


@cache
def _longest() -> int:
    return max(map(len, _groups()))


@cache
def _heads() -> frozenset[str]:
    return _OTHER_HEADS.union(*(rule.heads for rule in vocabulary().fields.values()))


@cache
def _roles() -> frozenset[str]:
    rules = vocabulary().fields.values()
    used = {role for rule in rules for scores in (rule.roles, *rule.head_roles.values()) for role in scores}
    return _OTHER_ROLES | used


def words_of(name: str) -> list[Word]:
    """Cut a header into the longest known words; English by word, unknown Han characters as one run."""
    plain = fold(_CAMEL.sub(" ", name))
    words: list[Word] = []
    unknown, at = "", 0
    while at < len(plain):
        found = _word_at(plain, at)
        if found is None and _HAN.match(plain[at]):
            unknown += plain[at]
        elif unknown:
            words.append(Word(unknown))
            unknown = ""
        if found is not None:
            words += [Word(part, _groups_of(part)) for part in _parts(found)]
        at += len(found or plain[at])
    return _rejoined([*words, Word(unknown)] if unknown else words)


def _rejoined(words: list[Word]) -> list[Word]:
    """Put two English words together that are one: ``sub_district``, ``Last Name``, ``zip code``."""
    joined: list[Word] = []
    for word in words:
        whole = f"{joined[-1].text}{word.text}" if joined else ""
        if whole.isascii() and whole.isalpha() and whole in _groups():
            joined[-1] = Word(whole, _groups_of(whole))
        else:
            joined.append(word)
    return joined


def _groups_of(word: str) -> frozenset[str]:
    """Return the groups of a word, also of an English plural."""
    singular = f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")
    return _groups().get(word) or _groups().get(singular, frozenset())


@cache
def _parts(run: str) -> tuple[str, ...]:
    """Cut English letters without spaces into known words; the run itself where too much stays unknown."""
    if len(run) < _RUN or not run.isalpha() or _groups_of(run):
        return (run,)
    # best[i]: the fewest unknown letters of the first i, and the parts
    best: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    for end in range(1, len(run) + 1):
        unknown, parts = best[end - 1]
        options = [(unknown + 1, parts)]
        for start in range(max(0, end - _longest()), end):
            part = run[start:end]
            if (len(part) >= _PART or part in _SHORT_PARTS) and _groups_of(part):
                options.append((best[start][0], (*best[start][1], part)))
        best.append(min(options, key=lambda option: (option[0], len(option[1]))))
    unknown, parts = best[-1]
    return parts if parts and unknown <= _MOST_LEFT * len(run) else (run,)


def _word_at(text: str, at: int) -> str | None:
    if english := _ENGLISH.match(text, at):
        return english.group()
    sizes = range(min(_longest(), len(text) - at), 0, -1)
    return next((text[at : at + size] for size in sizes if text[at : at + size] in _groups()), None)


@cache
def read_name(name: str) -> HeaderName:
    """Read one header; a name without any known head has no heads."""
    words = _without_agents(_naming_words(_BRACKETS.sub("", name) or name))
    known = [word for word in words if word.groups and _FILLER not in word.groups]
    at = _head_at(_before_preposition(words))
    at = _head_at(known) if at is None else at
    if at is None and (bracket := words_of("".join(_BRACKETS.findall(name)))):  # 事项名称（标题）
        known = [word for word in (*words, *bracket) if word.groups and _FILLER not in word.groups]
        at = _head_at(known)
    if at is None:
        return HeaderName()
    heads = known[at].groups
    if "id" in heads and any(word.groups & {"phone", "caller", "account"} for word in known):
        of_phone = any("phone" in word.groups for word in known)
        of_account = known[at].text == "id" or any("account" in word.groups for word in known)
        heads = frozenset({"account" if of_account and not of_phone else "phone"})
        if of_phone and known[at].text == "id":  # the key of a device or a cell, as cell_id, is no number
            heads = frozenset({_IGNORED})
    others = (*known[:at][::-1], *known[at + 1 :])
    roles = tuple(groups for word in others if (groups := word.groups & _roles()))
    unknown = [word.text for word in words if not word.groups and word.text.isalpha()]
    lost = sum(_UNKNOWN * len(text) if _HAN.match(text) else _UNKNOWN_WORD for text in unknown)
    factor = 1.0 - min(_MOST_UNKNOWN, lost)
    tail = words[-1]
    if not tail.groups and _HAN.match(tail.text) and len(tail.text) > _SHORT_TAIL:
        factor *= _UNKNOWN_KIND
    if unknown and not roles and known[at].text in _BARE_KINDS:
        factor *= _UNKNOWN_KIND
    owner = words_of(_path(name)[0])
    if owner and not any(word.groups or word.text in _WRAPPERS for word in owner):
        factor *= _OF_SOMETHING
    inside = words_of("".join(_BRACKETS.findall(name)))
    if any(word.groups & (_OTHER_ROLES - {"caller", "official"}) for word in inside):
        factor *= _IN_BRACKETS
    return HeaderName(heads, roles, factor)


@cache
def read_step(name: str) -> HeaderName:
    """Read a header whose cells are times though it names no time: ``Closed``, 责任部门签收.

    No heads where it says no step, or the step of a thing (合同到期) or of something unknown (保修到期).
    """
    words = words_of(name)
    of_thing = any("thing" in word.groups and "unit" not in word.groups for word in words)
    if of_thing or any(not word.groups and word.text.isalpha() for word in words):
        return HeaderName()
    roles = tuple(groups for word in words[::-1] if (groups := word.groups & _roles() - _PARTIES))
    return HeaderName(frozenset({"time"}), roles, _STEP_ALONE) if roles else HeaderName()


def _path(name: str) -> tuple[str, str]:
    """Split the path of a JSON value from its last key; ``No. of Returns`` is no path."""
    found = _KEY.fullmatch(name)
    return (found[1], found[2]) if found else ("", name)


def _naming_words(name: str) -> list[Word]:
    """The words of a header; of a JSON path such as ``request_type.title`` those that say what is named."""
    owner, last = _path(name)
    words = words_of(last)
    if not owner or not words or any(not word.groups & {"title", "person", "id"} for word in words):
        return words
    parent = words_of(owner)
    if any("caller" in word.groups for word in parent):
        return [*parent, *words]
    if "id" in words[-1].groups:  # the id of the type is not the id of the order
        return [*words, Word("", frozenset({_IGNORED}))]
    return parent


def _without_agents(words: list[Word]) -> list[Word]:
    """Leave out what says by whom (Accepted By Dept On), and read ``No. of`` as a count."""
    kept: list[Word] = []
    for word, following in zip(words, [*words, Word("")][1:], strict=True):
        if word.text == "by" and following.groups & (_PARTIES | {"unit", "official"}):
            continue
        counts = following.text == "of" and word.text in {"no", "num", "number"}
        kept.append(Word("count", _groups_of("count")) if counts else word)
    return kept


def _before_preposition(words: list[Word]) -> list[Word]:
    """Return the known words before an English preposition: Response to Customer is a response."""
    at = next((at for at, word in enumerate(words) if word.text in _PREPOSITIONS), 0)
    return [word for word in words[:at] if word.groups and _FILLER not in word.groups]


def _head_at(words: list[Word]) -> int | None:
    """Return the place of the word that says what the column is: the last one, or the time it begins with."""
    if len(words) > 1 and words[0].text in {"date", "time"}:  # DATE RESOLVED, Date Sent to Department
        return 0
    for at in range(len(words) - 1, -1, -1):
        is_generic = bool(words[at].groups & _GENERIC) and at > 0 and _is_specific(words[at - 1])
        is_generic |= bool(words[at].groups & _WEAK) and any(word.groups & _heads() for word in words[:at])
        is_name_of_thing = words[at].text == "name" and at > 0 and not _of_a_person(words[:at])
        if words[at].groups & _heads() and not is_name_of_thing and not is_generic:
            return at
    return None


def _is_specific(word: Word) -> bool:
    """Whether a word before 情况 or 描述 says what the column is."""
    return bool(word.groups & _SPECIFIC)


def _of_a_person(words: Iterable[Word]) -> bool:
    return any(word.groups & {"caller", "official", "raiser", "reporting", "person"} for word in words)


def is_personal(name: str) -> bool:
    """Tell whether a header names a caller's name, id number, home, mail or account."""
    heads = read_name(name).heads
    if heads & {"private", "account"}:
        return True
    words = words_of(name)
    if words and words[0].text in {"是否", "有没有"}:  # 是否联系市民
        return False
    if len(words) > 1 and words[-1].text == "by":  # reported_by is who, closed_by an official
        return bool(words[-2].groups & {"receive", "raiser"})
    said = [word for word in words if not word.text.isdigit() and word.text not in _OF_PEOPLE]
    last = said[-1] if said else None  # 联系人1, 客户名称
    if last is not None and "caller" in last.groups:
        return True
    groups = frozenset[str]().union(*(word.groups for word in words))
    return "person" in heads and ("caller" in groups or not groups & (_HANDLERS | _PLACES))
