"""What a header says: its head (what it is) and its roles (whose, of which step), by a vocabulary.

A Chinese name ends with its head: 责任部门回单时间 is a time, and the word before it, 回单, says which. An
English name is read word by word in the same way; ``created_at`` and ``DATE CREATED`` say the same.
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from hotline_tools.column_names import HAN, without_remark
from hotline_tools.layouts.recognition.header import LEVEL_WORDS, PARTIES, TIMES, HeaderName
from hotline_tools.layouts.recognition.vocabulary import (
    CALLING,
    FILLER,
    IGNORED,
    OTHER_ROLES,
    groups_of,
    head_groups,
    role_groups,
)
from hotline_tools.layouts.recognition.words import Word, words_of

_GENERIC = frozenset({"text", "reply"})
"""Heads that only say that there is text, so that a head before them decides: 地址描述, 满意情况."""
_SPECIFIC = frozenset({"address", "rating", "solved", "responded", "title", "urgency", "status"})
"""Heads that decide before a generic one: 地址描述, 满意情况, STATUS_DESC."""
_WEAK = frozenset({"grade", "spot"})
"""Heads that any other head before them overrules: 满意等级, Address Street."""
_OVERRULE_NONE = frozenset({"matter", "account"})
"""Heads that overrule none: 用户星级 is no account."""
_UNKNOWN, _UNKNOWN_WORD, _MOST_UNKNOWN = 0.04, 0.1, 0.3
"""Share lost for each unknown Han character, for each unknown English word, and for all of them at most."""
_SHORT_TAIL = 2
"""Unknown Han characters behind the head up to which it is still the head: 分类命中关键词 is no 分类."""
_UNKNOWN_KIND = 0.5
"""Factor for the number or the kind of something unknown: 卡号, 权属类型; also for a long unknown tail."""
_BARE_KINDS = frozenset({"号", "类型", "性质", "type"})
_OF_THE_ORDER = frozenset({"order", "receive", "handle", "dispatch", "repair", "apply"})
"""Roles with which a number is the order's: ``case_code``, 报修单编号."""
_KINDS_WITH_IDS = frozenset(
    {"category", "status", "channel", "unit", "district", "street", "community"}
    | {"staff", "official", "urgency", "person"}
)
"""Groups of words whose number is not the order's: 类型编号, ``eventStateId``."""
_CALLS = frozenset({"号", "number", "no", "numbers"})
"""Words of a number that may be a telephone's: 来电号; 来电人编号 is a person's."""
_SERIALS = frozenset({"code", "sn"})
"""Words that are a number only behind the order: ``ticketCode``."""
_NUMBERS_ALONE = [[word] for word in sorted(_SERIALS)]
_KINDS_ALONE = [["service"], ["services"]]
"""Names that say of what kind an order is, where nothing stands beside them."""
_QUESTIONS = frozenset({"是否", "有没有", "is", "has", "whether"})
_ANSWERS = frozenset({"solved", "responded", "rating", "urgency"})
"""Heads that a question may have: 是否满意; ``is_key_case`` has none."""
_NAMES = frozenset({"名称", "name"})
_ORDINALS = frozenset(word for words in LEVEL_WORDS for word in words)
_LONG_REMARK = 8
"""Characters in brackets from which they explain: （用户填写表单时选择的时间）."""
_IN_BRACKETS = 0.6
"""Factor for a name whose brackets hold another step: 回复（回退或申请）时间."""
_OF_SOMETHING = 0.5
"""Factor for a value of something unknown inside a JSON object: ``point.type``."""
_WRAPPERS = frozenset({"properties", "attributes", "fields", "data", "record", "item", "items", "row"})
_STEP_ALONE = 0.95
"""Factor for a name that says only the step and leaves it to the values that it is a time."""
_KEY = re.compile(r"(.*\w)\.(\w[^.]*)", re.DOTALL)
_BRACKETS = re.compile(r"[(\[【〔<（](.*?)[)\]】〕>）]")
_DESCRIBING = frozenset({"desc", "description", "detail", "details"})
_DESCRIBED = frozenset({"category", "channel", "manner", "unit", "district"})
"""Heads of codes whose description is the column: ``sr_type_desc``."""
_CALLER = frozenset({"caller"})
"""Groups of a word for callers and nothing else; an ``owner`` may be who keeps the order."""
_REPLY = frozenset({"reply"})
_CALLERS = frozenset({"caller", "complainant", "complainer", "appealer", "petitioner", "informant"})
_FILING = frozenset({"receive", "record"})
PREPOSITIONS = frozenset({"to", "by", "of", "from", "with", "de", "del"})


@cache
def read_name(name: str) -> HeaderName:
    """Read one header; a name without any known head has no heads."""
    name = without_remark(name)
    bracketed = [text for text in _BRACKETS.findall(name) if not _explains(text)]
    written = _naming_words(_BRACKETS.sub("", name) or name)
    words = _without_agents(written)
    if len(words) > 1 and words[-1].text in _NAMES:
        named = {"order", "repair", "receive"} if HAN.match(words[-2].text) else {"order"}
        if words[-2].groups & named:  # 工作名称, orderName
            words[-1] = Word(words[-1].text, groups_of("title"))
    if any(word.text == "level" for word in words):  # firstLevelName is of no first contact
        words = [Word(w.text, frozenset({FILLER})) if w.text in _ORDINALS else w for w in words]
    if [word.text for word in words] in _NUMBERS_ALONE:
        words = [Word(words[0].text, groups_of(words[0].text) | {"serial"})]
    if [word.text for word in words] in _KINDS_ALONE:
        words = [Word(words[0].text, groups_of("category"))]
    known = _known(words)
    at = _head_at(before_preposition(words))
    at = _head_at(known) if at is None else at
    is_vague = at is None or "matter" in known[at].groups
    if is_vague and (bracket := words_of("".join(bracketed))):  # 事项名称（标题）
        known = _known([*words, *bracket])
        at = _head_at(known)
    if at is None:
        return HeaderName()
    others = (*known[:at][::-1], *known[at + 1 :])
    roles = tuple(groups for word in others if (groups := word.groups & role_groups()))
    heads = _heads(words, known, at)
    of_callers = bool(others) and others[0].groups == _CALLER  # ``caller_department``
    if "unit" in heads and (of_callers or _filed_by(written)):
        roles = (frozenset({CALLING}), *roles)
    factor = _certainty(words, known[at], roles)
    owner = words_of(_path(name)[0])
    if owner and not any(word.groups or word.text in _WRAPPERS for word in owner):
        factor *= _OF_SOMETHING
    inside = words_of("".join(bracketed))
    if any(word.groups & (OTHER_ROLES - {"caller", "official"} | {"apply"}) for word in inside):
        factor *= _IN_BRACKETS
    return HeaderName(heads, roles, factor)


def _filed_by(words: list[Word]) -> bool:
    """Whether a name says who sent in the order: ``createdByOrganization``."""
    return any(one.groups & _FILING and other.text == "by" for one, other in pairwise(words))


def _explains(bracketed: str) -> bool:
    """Whether brackets hold a legend or a sentence, which say nothing of the name."""
    return len(bracketed) > _LONG_REMARK or any(mark.isdigit() for mark in bracketed)


def _known(words: Iterable[Word]) -> list[Word]:
    """Return the words that say something."""
    return [word for word in words if word.groups and FILLER not in word.groups]


def _heads(words: list[Word], known: list[Word], at: int) -> frozenset[str]:
    """Return what the head word says, with what stands beside it."""
    heads, text = known[at].groups, known[at].text
    before = known[at - 1].groups if at else frozenset[str]()
    after = known[at + 1].groups if at + 1 < len(known) else frozenset[str]()
    if words[0].text in _QUESTIONS:  # isSolveAppeal asks what its first word says
        return known[0].groups & _ANSWERS or heads & _ANSWERS or frozenset({IGNORED})
    is_home = "address" in heads and any(map(_is_caller, known))  # the caller's, not the place of the case
    own = [word for word in known if "private" in word.groups]
    if is_home or any("precinct" not in word.groups or word is known[-1] for word in own):  # pwd_district
        return frozenset({"private"})
    if "text" in heads and "reply" in before:  # 结果说明
        heads = before
    elif "solved" in heads:  # 解决结果: whether, or how; 解决情况详情
        heads |= (after if "reply" in after else frozenset()) | (_REPLY if "text" in after else frozenset())
    elif text == "level" and any(word.text.isdigit() or word.text in _ORDINALS for word in words):
        heads |= groups_of("category")  # level1, firstLevelName
    elif "category" in heads:
        heads = _kind(heads, before)
    elif "title" in heads and "category" in before:  # Request_Type_Title
        heads = _kind(before, known[at - 2].groups if at > 1 else frozenset())
    return _number(known, at) if "id" in heads and not text.endswith("单号") else heads


def _is_caller(word: Word) -> bool:
    """Whether a word is for who calls, and not for who owns, lives or buys where the case is."""
    return "caller" in word.groups and (word.text[-1] in "人方" or word.text in _CALLERS)


def _kind(heads: frozenset[str], before: frozenset[str]) -> frozenset[str]:
    """Return what a kind is of, by the word before it: 来源类型, 机构类别, 上报人类型."""
    if "channel" in before:
        return before
    is_of_thing = bool(before & {"unit", "thing"}) and before <= {"unit", "thing", IGNORED}
    is_foreign = is_of_thing or bool(before & {"rating", "person", "staff"})
    return frozenset({IGNORED}) if is_foreign else heads


def _number(known: list[Word], at: int) -> frozenset[str]:
    """Return what the number at ``at`` is: the order's, a telephone, an account, or of some kind."""
    text = known[at].text
    of_order = at > 0 and bool(known[at - 1].groups & {"order"})  # 电话中心业务流水号
    if not of_order and any(word.groups & {"phone", "caller", "account"} for word in known):
        of_phone = any("phone" in word.groups for word in known)
        if of_phone:  # the key of a device or a cell, as cell_id, is no number
            return frozenset({"phone" if text in _CALLS else IGNORED})
        of_account = text not in _CALLS or any("account" in word.groups for word in known)
        return frozenset({"account" if of_account else "phone"})
    if at and known[at - 1].groups & _KINDS_WITH_IDS and not known[at - 1].groups & _OF_THE_ORDER:
        return frozenset({IGNORED})
    return known[at].groups


def _certainty(words: list[Word], head: Word, roles: tuple[frozenset[str], ...]) -> float:
    """Return the share that is left of a name's score for the words that nobody knows."""
    unknown = [word.text for word in words if not word.groups and word.text.isalpha()]
    said = _known(words)
    lost = sum(_UNKNOWN * len(text) if HAN.match(text) else _UNKNOWN_WORD for text in unknown)
    factor = 1.0 - min(_MOST_UNKNOWN, lost)
    tail = words[-1]
    if not tail.groups and HAN.match(tail.text) and len(tail.text) > _SHORT_TAIL:
        factor *= _UNKNOWN_KIND
    at = words.index(head) if head in words else 0
    is_next = at > 0 and words[at - 1].text in unknown and words[at - 1].text != "单"
    of_another = "time" in head.groups and any(word.groups and not word.groups & TIMES for word in said)
    is_bare = head.text in _BARE_KINDS or bool(head.groups & {"id", "time"})
    if not roles and (of_another or (unknown and is_bare)):  # 评价时间, 验真时间, 卡号
        factor *= _UNKNOWN_KIND
    elif (
        is_next
        and "id" in head.groups
        and not head.text.endswith("单号")
        and not any("order" in role for role in roles)
    ):
        factor *= _UNKNOWN_KIND  # 发布明细ID
    return factor


@cache
def read_step(name: str) -> HeaderName:
    """Read a header whose cells are times though it names no time: ``Closed``, 责任部门签收.

    No heads where it says no step, or the step of a thing (合同到期) or of something unknown (保修到期).
    """
    words = words_of(without_remark(name))
    of_thing = any("thing" in word.groups and "unit" not in word.groups for word in words)
    if of_thing or any(not word.groups and word.text.isalpha() for word in words):
        return HeaderName()
    roles = tuple(groups for word in words[::-1] if (groups := word.groups & role_groups() - PARTIES))
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
        return [*words, Word("", frozenset({IGNORED}))]
    return parent


def _without_agents(words: list[Word]) -> list[Word]:
    """Leave out what says by whom (Accepted By Dept On), and read ``No. of`` as a count."""
    kept: list[Word] = []
    for word, following in zip(words, [*words, Word("")][1:], strict=True):
        if word.text == "by" and following.groups & (PARTIES | {"unit", "official"}):
            continue
        counts = following.text == "of" and word.text in {"no", "num", "number"}
        of_order = bool(kept) and word.text in _SERIALS and bool(kept[-1].groups & {"order"})
        said = "count" if counts else "id" if of_order else ""
        kept.append(Word(said, groups_of(said)) if said else word)
    return kept


def before_preposition(words: list[Word]) -> list[Word]:
    """Return the known words before an English preposition: Response to Customer is a response."""
    at = next((at for at, word in enumerate(words) if word.text in PREPOSITIONS), 0)
    return [word for word in words[:at] if word.groups and FILLER not in word.groups]


def _head_at(words: list[Word]) -> int | None:
    """Return the place of the word that says what the column is: the last one, or the time it begins with."""
    if len(words) > 1 and words[0].text in {
        "date",
        "time",
        "fecha",
    }:  # DATE RESOLVED, Date Sent to Department
        return 0
    for at in range(len(words) - 1, -1, -1):
        is_generic = bool(words[at].groups & _GENERIC) and at > 0 and _is_specific(words[at - 1])
        is_generic |= bool(words[at].groups & _WEAK) and any(
            word.groups & head_groups() - _OVERRULE_NONE for word in words[:at]
        )
        is_generic |= words[at].text in _DESCRIBING and any(word.groups & _DESCRIBED for word in words[:at])
        is_name_of_thing = words[at].text == "name" and at > 0 and not _of_a_person(words[:at])
        if words[at].groups & head_groups() and not is_name_of_thing and not is_generic:
            return at
    return None


def _is_specific(word: Word) -> bool:
    """Whether a word before 情况 or 描述 says what the column is."""
    return bool(word.groups & _SPECIFIC)


def _of_a_person(words: Iterable[Word]) -> bool:
    return any(word.groups & {"caller", "official", "raiser", "reporting", "person"} for word in words)
