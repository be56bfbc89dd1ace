"""A readable noun phrase for an issue, and its most typical texts."""

import re
from collections import Counter
from collections.abc import Sequence

from hotline_tools.places import DISTRICT_PREFIX
from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.repeats.text.names import LONGEST, Name, core, find_names
from hotline_tools.repeats.text.normalisation import normalise
from hotline_tools.repeats.text.sites import is_reliable_site
from hotline_tools.repeats.text.tokens import Tokenizer
from hotline_tools.text import clean

LONGEST_LABEL = 40
_LONG_NAME = 6
"""A name so long is also named by all but its last two characters (中信创金融平台: 中信创金融)."""
_SAMPLE = 40
"""Members looked at: enough to tell what is common."""
_TYPICAL = 3
_ASKING = re.compile(
    r"^(?:(?:再次|再|强烈|恳请|请求|请问|请|咨询|投诉|举报|反映|关于|对于|质疑|建议|求助|希望|要求|市民|来电|诉求|有关|一下)"
    r"[:：，, ]*)+"
)
_ENDING = re.compile(r"(?:的?(?:问题|情况|投诉|咨询|建议|诉求|反映))?[?？!！。.,，、~ ]*$")
_CLAUSE = re.compile(r"[\n。！？!?；;，,]")
_BARE = re.compile(r"^(?:\w{0,4}(?:工单|诉求|留言|来电|问题|反映|投诉|求助|咨询|无标题))?$")
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
_KIND_ORDER = ("estate", "village", "school", "road", "actor", "line", "district")


def issue_label(
    titles: Sequence[str | None],
    place: str | None,
    problem: str | None,
    contents: Sequence[str | None] = (),
) -> str:
    """Return a noun phrase: the most typical title without its verbs, with the place before it.

    ``problem`` (a category's name) replaces titles without content, else the contents' first clauses do.
    """
    sources = titles if problem or any(titles) else [_CLAUSE.split(text)[0] for text in contents if text]
    phrases = [_phrase(title) for title in sources if title]
    phrases = [text for text in phrases if len(text) >= 4 and not _BARE.match(text)]
    ranked = typical(phrases, 1)
    if ranked:
        text = ranked[0]
        if not place or _holds(text, place):
            return text
        return _after(place, text)[: LONGEST_LABEL + len(place)]
    return _after(place or "", problem or "同类诉求")


def _after(place: str, text: str) -> str:
    """Put the place before the text, with a space where either is Latin: "08 BROOKLYN Illegal Parking"."""
    apart = place and text and (place[-1].isascii() or text[0].isascii())
    return f"{place} {text}" if apart else f"{place}{text}"


def _phrase(title: str) -> str:
    return _ENDING.sub("", _ASKING.sub("", clean(title).replace("\n", " ")))[:LONGEST_LABEL]


def _holds(text: str, place: str) -> bool:
    """Tell whether a text names the place, be it without its district or without 小区 or 平台 at its end."""
    folded, name = normalise([text])[0], normalise([place])[0]
    bare = DISTRICT_PREFIX.sub("", name)
    return any(part in folded for part in (name, bare, core(bare)) if len(part) >= 3 or part == name) or (
        len(bare) >= _LONG_NAME and bare[:-2] in folded
    )


def typical(texts: Sequence[str], wanted: int = _TYPICAL) -> list[str]:
    """Return the texts that share most with the others, different ones, best first.

    A text's score is the mean number of texts that hold its pairs of characters; long texts gain nothing.
    """
    sample = list(dict.fromkeys(texts))[:_SAMPLE]
    folded = [{t[k : k + 2] for k in range(len(t) - 1)} for t in normalise(sample)]
    held = Counter(pair for pairs in folded for pair in pairs)
    # Repeated word for word counts for every copy.
    copies = Counter(texts)

    def score(number: int) -> float:
        pairs = folded[number]
        return sum(held[pair] for pair in pairs) / (len(pairs) + 8) + 0.1 * copies[sample[number]]

    order = sorted(range(len(sample)), key=lambda number: (-score(number), number))
    return [sample[number] for number in order[:wanted]]


def common_place(
    titles: Sequence[str | None], contents: Sequence[str | None], tokenizer: Tokenizer
) -> str | None:
    """Return the name that most titles hold, else most contents; a closer kind before a wider one.

    In contents, half of them must hold it: fragments of long texts are easily taken for names.
    """
    heads, bodies = list(titles)[:_SAMPLE], [(text or "")[:200] for text in contents[:_SAMPLE]]
    return _common(heads, 3, tokenizer) or _common(bodies, 2, tokenizer)


def _common(texts: Sequence[str | None], share: int, tokenizer: Tokenizer) -> str | None:
    """Return the name held by one in ``share`` texts, and by two at least."""
    held: Counter[str] = Counter()
    kind: dict[str, str] = {}
    for text in normalise(texts):
        named = {_place_name(n): n.kind for n in find_names(tokenizer.tokenize(text)) if n.is_specific}
        named.pop("", None)
        held.update(named.keys())
        kind |= named
    least = max(2, -(-len(texts) // share))
    often = [name for name, count in held.items() if count >= least]
    return min(often, key=lambda n: (-held[n], _KIND_ORDER.index(kind[n]), -len(n)), default=None)


def _place_name(name: Name) -> str:
    """Return a name as it may stand in a label, without words that are not its own; or nothing."""
    begin = 0
    while begin < len(name.words) and name.words[begin] in _LEADING:
        begin += 1
    text = name.text[sum(map(len, name.words[:begin])) :]
    if len(text) > LONGEST or text in lexicon().not_a_name or _NO_PLACE.search(text):
        return ""
    return text if is_reliable_site(text, name.words[-1]) else ""
