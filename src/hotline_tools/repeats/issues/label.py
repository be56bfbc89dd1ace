"""What an issue is called (place · subject), and its most typical texts."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hotline_tools.places import DISTRICT_PREFIX
from hotline_tools.repeats.issues.headline import Headline, headline
from hotline_tools.repeats.issues.place import as_written
from hotline_tools.repeats.issues.wording import FORMULA, SAMPLE, Corpus, Members, pairs_of
from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.repeats.text.names import LONGEST, Name, core, find_names
from hotline_tools.repeats.text.normalisation import normalise
from hotline_tools.repeats.text.sites import is_reliable_site
from hotline_tools.repeats.text.tokens import KIND_SHIFT, KINDS, Tokenizer

_LONG_NAME = 6
"""A name so long is also named by all but its last two characters (中信创金融平台: 中信创金融)."""
_TELLING = 4
"""Characters of a subject that tells enough: 建设 alone does not."""
_ACTOR_ALONE = re.compile(r"^\w{0,6}(?:开发商|物业|公司|学校|医院|领导|小区|项目)$")
"""A subject that names somebody and nothing that he does."""
_SEVERAL = (
    r"(?:相关|有关|一些|几[个点项]?|若干|诸多|种种|多[个项]|[两二三四五六七八九十\d][个点项大]?)\w{0,2}"
    r"(?:问题|情况|事宜|事项|疑问|疑惑|建议|意见)$"
)
_VAGUE = re.compile(rf"^(?:请求|咨询|建议|举报|反映|解决|处理|的)*\w{{0,4}}?{_SEVERAL}")
"""A subject that does not say what it is about: 多项问题, 咨询相关问题, 开发商相关违规问题."""
_HALF_VAGUE = re.compile(rf"的{_SEVERAL}")
"""One that says of what, and not what is wrong: 204公交车的两点问题. Better than none."""
_GENERAL = re.compile(
    r"^(?:请求|咨询|建议|举报|反映|小区|楼盘|物业|公司|存在|[很较]?多|严重|[重很]?大|诸多|各种|涉嫌|的)*"
    r"(?:安全隐患|隐患|服务|业务|欺骗(?:消费者|业主|群众)|违[规法纪]|不作为|乱作为|侵害(?:业主|群众|消费者)?权益)+"
    r"(?:问题|现象|行为|态度|[很较]?多|严重|大|的)*$"
)
"""A subject that says how bad it is and not what: 安全隐患多, 服务问题, 欺骗消费者."""
_SHOP = re.compile(
    r"(?:店|馆|酒楼|饭庄|餐厅|家具城|建材城|美容院|台球厅|歌厅|ktv|网吧|浴池|浴场|乐园|超市|商场|商行|酒店|宾馆|旅社|健身房|门市部?)$"
)
"""Endings of businesses that the list of actors does not have."""
_ALLEGED = re.compile("举报|反映")
_ASKED = re.compile("请求|建议|咨询|举报|反映")
"""What a subject begins with when its title asks for something or reports an offence."""
_LEAST_SUBJECT = 3
"""A shorter subject (住院) gives way to the category's name."""
_AREA_IN_TEXT = re.compile(r"[A-Za-z]\d{0,2}[市区县]|[\u4e00-\u9fff]{2}[市区县](?![民场域])")
_OPENING = 200
"""Characters of a content in which its place is looked for."""
_TYPICAL = 3
_BORNE_OUT, _PLACED, _BEHIND = 0.7, 0.5, 0.3
"""A title is kept of whose characters the contents hold so much; one that says a place is trusted further.

A title so far behind the best of them gives way to it."""
_LIKE, _AGREED = 0.5, 0.25
"""Titles that share so much of the longer one's pairs of characters say the same; what most say is kept with
so little of it in the contents, for callers put one trouble in many words."""
_BEST = 5
"""Of so many most typical titles the first that says where stands for the issue."""
_BARE = re.compile(
    r"^(?:(?:群众|市民|居民|村民|业主|来电人?|其他|有关|相关|一些|几个|反映|请求|请|我的|的|\d)*"
    r"(?:工单|诉求|留言|来电|问题|反映|投诉|举报|求助|帮助|处理|咨询|情况|无标题)?)$"
)
"""A title that says nothing: 反映问题, 市民求助, 请求帮助."""
_ANOTHER = re.compile("[、和与及至到]")
"""What follows a place where another is named beside it: 甲村、乙村一带."""
_LEADING = frozenset(
    re.findall(
        r"\w+",
        "一次 两次 多次 再次 可以 申请 拿到 居住 建于 旗下 有关 相关 立即 全部 公布 部分 近期 现有 原有"
        " 附近 沿线 楼道 责令 处理 答复 并且 一直 尽快 稳步 推进 不得 违反 已 到期 表扬",
    )
)
"""Words that a name is not begun with: the run of words to the left went too far."""
_NO_PLACE = re.compile(
    r"^(?:[我你您贵该本此某各](?![a-z])|楼道|家里)|(?:公布|有限|分)$|^(?:实业发展|物业管理|供暖|食品|通知)$"
)
"""Would-be names that are fragments of sentences or of companies' names: 我局, 大连分(公司), 实业发展."""
_WIDE = ("road", "line", "district")
"""Kinds of names that locate less than an estate, a village or a school."""
_KIND_ORDER = ("estate", "village", "school", "road", "actor", "line", "district")


@dataclass(frozen=True)
class IssueName:
    """``label`` is what a leader reads (place · subject); ``place`` its place, if any is known."""

    label: str
    place: str | None


def issue_name(
    titles: Sequence[str | None],
    contents: Sequence[str | None],
    place: str | None,
    problem: str | None,
    tokenizer: Tokenizer,
    *,
    area: str | None = None,
    corpus: Corpus | None = None,
) -> IssueName:
    """Name an issue by a typical title that its contents bear out, else by the clause most of them share.

    ``place`` (of the addresses) is put before a title that does not hold it, unless the contents name
    another place of the store; ``area`` (community, street or district) stands where nothing says a place.
    ``problem`` (a category's name) names an issue whose texts do not. ``corpus`` tells what is common in
    the store.
    """
    members = Members(contents, corpus or Corpus())
    place = _place(place, titles, members, tokenizer, area)
    best = _subject([title for title in titles if title], members, place, tokenizer, problem)
    if best is None:
        place = place or common_place(contents, tokenizer) or area
        return IssueName(str(Headline(place or "", problem or "同类诉求")), place)
    if problem and len(best.subject) < _LEAST_SUBJECT:
        best = Headline(best.place, problem)
    if not best.place and not _AREA_IN_TEXT.search(best.subject):
        place = place or area
    if not place or _holds(str(best), place):
        return IssueName(str(best), place or best.place or area)
    asked = _ASKED.match(best.subject)
    asks = asked.group() if asked and best.place else ""
    return IssueName(str(Headline(place, asks + best.place + best.subject.removeprefix(asks))), place)


def _subject(
    titles: Sequence[str], members: Members, place: str | None, tokenizer: Tokenizer, problem: str | None
) -> Headline | None:
    """Return the headline of a title that the contents bear out, else their own clause; None without any."""
    found = [headline(title, tokenizer, place) for title in titles]
    found = [each for each in found if not _BARE.match(each.subject)]
    telling = [each for each in found if _tells(each.subject)] or [
        each for each in found if not _VAGUE.match(each.subject)
    ]
    of = {str(each): each for each in telling}
    ranked = [of[text] for text in typical([str(each) for each in telling], _BEST)]
    ranked = [each for each in ranked if len(each.subject) >= _LEAST_SUBJECT] or ranked
    share = {each: members.bear_out(each.subject) for each in ranked}
    agreed = [each for each in ranked if share[each] >= _AGREED and _agree(each, found)]
    ranked = agreed or [each for each in ranked if share[each] >= max(share.values()) - _BEHIND]
    borne_out = agreed or [each for each in ranked if share[each] >= _least_borne_out(each)]
    too_short = all(len(each.subject) < _LEAST_SUBJECT for each in ranked)
    if (too_short or not borne_out) and (clause := members.clause(place, alone=too_short)):
        titled = "" if place else next((each.place for each in ranked if each.place), "")
        told = _of_clause(clause, place, found, problem)
        return Headline("" if titled and _holds(clause, titled) else titled, told)
    ranked = borne_out or ranked
    return next((each for each in ranked if each.place), next(iter(ranked), None))


def _agree(title: Headline, titles: Sequence[Headline]) -> bool:
    """Tell whether most of several titles say what this one says."""
    subjects = normalise([title.subject, *(each.subject for each in titles)])
    own, *others = (pairs_of(FORMULA.sub("", subject)) for subject in subjects)
    return len(titles) > 1 and _most(
        bool(own and other) and len(own & other) >= _LIKE * max(len(own), len(other)) for other in others
    )


def _least_borne_out(title: Headline) -> float:
    return _PLACED if title.place or _AREA_IN_TEXT.search(title.subject) else _BORNE_OUT


def _of_clause(clause: str, place: str | None, titles: Sequence[Headline], problem: str | None) -> str:
    """Return a clause without the place it begins with; marked where most titles say that it is alleged.

    The category's name goes before a clause that shares no pair of characters with it, nor with most titles,
    where most titles share one with the category: 再不管就封顶了 tells how bad it is, 违法建设 what it is.
    """
    is_led = bool(place) and clause.startswith(place or "") and not _ANOTHER.match(clause, len(place or ""))
    own = clause[len(place or "") :].lstrip("的，, ") if is_led else clause
    alleged = Counter(found.group() for each in titles if (found := _ALLEGED.match(each.subject)))
    mark = next((mark for mark, count in alleged.items() if 2 * count > len(titles)), "")
    pairs, matter = map(pairs_of, normalise([own, problem or ""]))
    subjects = map(pairs_of, normalise([each.subject for each in titles]))
    whole = map(pairs_of, normalise([str(each) for each in titles]))
    says_it = bool(pairs & matter) or _most(bool(pairs & subject) for subject in subjects)
    is_borne_out = _most(bool(matter & title) for title in whole)
    return mark + (f"{problem}：{own}" if is_borne_out and not says_it else own)


def _most(held: Iterable[bool]) -> bool:
    answers = list(held)
    return 2 * sum(answers) > len(answers)


def _place(
    place: str | None, titles: Sequence[str | None], members: Members, tokenizer: Tokenizer, area: str | None
) -> str | None:
    """Return the place of the addresses, unless most contents name another place of the store.

    A shop or a company that no text names is where somebody lives or works: the area takes its place.
    """
    if not place:
        return _named_place(members.written, members.corpus.places, tokenizer)
    if not members.written:
        return place
    named = _named(members.texts, place)
    entitled = _named(normalise(titles[:SAMPLE]), place)
    if 2 * max(named, entitled) >= len(members.written):
        return place
    kind = _kind(place, tokenizer)
    other = _named_place(members.written, members.corpus.places, tokenizer)
    if other and (_kind(other, tokenizer) not in _WIDE or kind in ("actor", *_WIDE)):
        return other
    return area if kind == "actor" and not named + entitled and area else place


def _kind(place: str, tokenizer: Tokenizer) -> str:
    """Return the kind of a name by its last word; a name without a known ending is taken for an estate's."""
    name = normalise([place])[0]
    if _SHOP.search(name):
        return "actor"
    return KINDS[tokenizer.tokenize(name).marks[-1] >> KIND_SHIFT] or "estate"


def _named_place(contents: Sequence[str], places: frozenset[str], tokenizer: Tokenizer) -> str | None:
    """Return the place of the store that most of the contents name, the first of those they name."""
    held: Counter[str] = Counter()
    texts = normalise([text[:_OPENING] for text in contents])
    for text in texts:
        runs = ("".join(name.words) for name in find_names(tokenizer.tokenize(text)))
        parts = (run[start:] for run in runs for start in range(len(run) - 2))
        held.update(list(dict.fromkeys(part for part in parts if part in places)))
    name, count = held.most_common(1)[0] if held else ("", 0)
    if 2 * count <= len(contents):
        return None
    return as_written(name, next(raw for raw, text in zip(contents, texts, strict=True) if name in text))


def _tells(subject: str) -> bool:
    vague = _VAGUE.match(subject) or _HALF_VAGUE.search(subject)
    nothing = _ACTOR_ALONE.match(subject) or _GENERAL.match(subject) or vague
    return len(subject) >= _TELLING and not nothing


def _holds(text: str, place: str) -> bool:
    """Tell whether a text names the place."""
    return _named(normalise([text]), place) > 0


def _named(folded: Sequence[str], place: str) -> int:
    """Return how many normalised texts name the place, be it without its district or its last word.

    The last word is 小区 or 平台; of a long name its last two characters, whatever they are.
    """
    name = normalise([place])[0]
    bare = DISTRICT_PREFIX.sub("", name)
    forms = {part for part in (name, bare, core(bare)) if len(part) >= 3 or part == name}
    forms |= {bare[:-2]} if len(bare) >= _LONG_NAME else set()
    return sum(any(form in text for form in forms) for text in folded)


def typical(texts: Sequence[str], wanted: int = _TYPICAL) -> list[str]:
    """Return the texts that share most with the others, different ones, best first.

    A text's score is the mean number of texts that hold its pairs of characters; long texts gain nothing.
    """
    sample = list(dict.fromkeys(texts))[:SAMPLE]
    folded = [{t[k : k + 2] for k in range(len(t) - 1)} for t in normalise(sample)]
    held = Counter(pair for pairs in folded for pair in pairs)
    # Repeated word for word counts for every copy.
    copies = Counter(texts)

    def score(number: int) -> float:
        pairs = folded[number]
        return sum(held[pair] for pair in pairs) / (len(pairs) + 8) + 0.1 * copies[sample[number]]

    order = sorted(range(len(sample)), key=lambda number: (-score(number), number))
    return [sample[number] for number in order[:wanted]]


def common_place(contents: Sequence[str | None], tokenizer: Tokenizer) -> str | None:
    """Return the name that most contents hold, as it is written there; a closer kind before a wider one.

    Two of three must hold it, and two at least: fragments of long texts are easily taken for names.
    """
    texts = [(text or "")[:_OPENING] for text in contents[:SAMPLE]]
    held: Counter[str] = Counter()
    kind: dict[str, str] = {}
    for text in normalise(texts):
        named = {_place_name(n): n.kind for n in find_names(tokenizer.tokenize(text)) if n.is_specific}
        named.pop("", None)
        held.update(named.keys())
        kind |= named
    least = max(2, -(-2 * len(texts) // 3))
    often = [name for name, count in held.items() if count >= least]
    name = min(often, key=lambda n: (-held[n], _KIND_ORDER.index(kind[n]), -len(n)), default=None)
    return None if name is None else as_written(name, next(t for t in texts if name in normalise([t])[0]))


def _place_name(name: Name) -> str:
    """Return a name as it may stand in a label, without words that are not its own; or nothing."""
    begin = 0
    while begin < len(name.words) and name.words[begin] in _LEADING:
        begin += 1
    text = name.text[sum(map(len, name.words[:begin])) :]
    if len(text) > LONGEST or text in lexicon().not_a_name or _NO_PLACE.search(text):
        return ""
    return text if is_reliable_site(text, name.words[-1]) else ""
