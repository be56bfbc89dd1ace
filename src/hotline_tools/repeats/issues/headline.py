"""The headline of a complaint: its place and its subject, in the complaint's own words.

A title is only ever cut, never put together anew: 关于请解决A市碧水嘉园电梯困人的问题 becomes the place
A市碧水嘉园 and the subject 请求解决电梯困人的问题. What somebody asks for stays a request, a doubt a doubt
and an enquiry an enquiry; 问题 and 建议 stay, since what is left without them (饮水) often says nothing.
"""

import re
from dataclasses import dataclass

from hotline_tools.repeats.text.lexicon import lexicon
from hotline_tools.repeats.text.names import find_names
from hotline_tools.repeats.text.normalisation import normalise
from hotline_tools.repeats.text.sites import is_reliable_site
from hotline_tools.repeats.text.tokens import Tokenizer
from hotline_tools.text import clean

LONGEST = 40
_AT = re.compile(
    r"(?:(?:再次|再|第[一二三四五六七八九十\d]+次|多次|就|关于|对于|有关|反映|反应|投诉|举报|控诉|求助|咨询|询问|请问"
    r"|请教|想问|问问?(?![题政责])|市民|群众|来电(?!人)|诉求|一下)[:：，, ]*)+"
)
"""What only says that something is told or asked."""
_REQUEST = re.compile(
    r"(?:(?:强烈|迫切|诚恳|衷心)?(?:请求|恳请|恳求|希望|要求|呼吁|盼望|期盼|期待|建议)|请(?![问教假客示柬])|求(?!助|职|学|购))"
    r"(?:(?:领导|政府|有关部门|相关部门|能够|能否|能|帮忙|帮助)(?!们?的))*[:：，, ]*"
)
_DEED = re.compile(
    r"(?:坚决|尽快|尽早|早日|加快|加强|加大|立即|彻底|依法|严厉|严格)*"
    r"(?:解决|处理|督促|敦促|严查|查处|查办|取缔|整治|治理|规范|公布|公开|明确|落实|增加|增设|增开|完善|提高|提升|改善|重视|关注"
    r"|制止|打击|归还|退还|返还|修复|修建|恢复|延长|开通|加快|加强|加大|拆除|新建|设立|设置|优化|调整|推进|推动|允许|取消|停止"
    r"|询查|调查|彻查|监管|维护|保护|帮助|创建|缓解|减少|更换|清理|清运|安装|疏通|建设(?!银行|局|部|单位|方|公司|集团|[东南西北中]?[大一二三]?[路街巷]|大道|小区|家园|新村|花园|工程))"
)
"""A verb that at the beginning asks for something to be done."""
DEMAND = re.compile(
    rf"(?!建议)(?:{_REQUEST.pattern}|{_DEED.pattern}|望|诉求|就?求|麻烦|给个|快|赶紧|尽快|撤销|核[查实定]|检查|追究|赔偿|抢修|履行"
    r"|兑现|补[发缴办]|放开|安排|协调|鉴定|倒查)"
)
"""A clause that begins so asks for something; a proposal is a matter of its own."""
_STANCE = re.compile(r"(?:强烈|坚决)?(?:质疑|反对|抗议|怀疑|抵制)")
_MARKS = r"[?？!！。.,，、~… ]*$"
_ENDING = re.compile(rf"(?:的?(?:投诉|举报|咨询|诉求|反映|请求|求助|报告))?{_MARKS}")
"""What only says once more that something is told or asked."""
_QUESTION = re.compile(
    r"什么|怎[么样]|如何|为何|何[时日年故]|哪[里个些]|能否|能不能|可否|可不可以|是否|是不是|有没有|多[少久]|几[时号]|吗"
)
_DOUBT = re.compile(r"[?？]\W*$")
_OFFENCE = re.compile(
    r"诈骗|骗[取局子]|侵占(?:公|资|维|款)|侵吞|贪污|受贿|行贿|挪用|涉[黑恶]|黑恶|黑社会|恶势力|保护伞|洗钱|传销|敲诈|勒索|官商勾结|以权谋私"
    r"|卖淫|嫖娼|赌博|猥亵"
)
"""Crimes: a title that says one without doubt is marked as what somebody reports."""
_UNSURE = re.compile(r"案|举报后|涉嫌|疑似|疑为|质疑|怀疑|是否|是不是|防[范止]|[?？]")
_AREA = re.compile(
    r"(?:[\u4e00-\u9fff]{2}省|西地省)?(?:(?:[A-Za-z]\d{0,2}|[\u4e00-\u9fff]{2,3})[市縣县](?!民|场|場|政|里|长|長|内))?"
    r"(?:(?:[A-Za-z]\d{0,2}|[\u4e00-\u9fff]{2,3})(?<![小社园园校景厂片街库院宅辖灾业])[区區县縣](?![域块间分别]))?"
    r"(?:[\u4e00-\u9fff]{2,4}(?:街道|镇|鄉|乡)(?!卫|政|府|办|医|人))?"
)
_TAIL = re.compile(
    r"[^的业等在被和与，,]{0,3}?(?:小区|社区|楼盘|项目(?!部)|公寓|花园|有限公司|分公司|公司)"
    r"|(?:[A-Za-z\d]+|[一二三四五六七八九十]+|[东南西北])(?:期|栋|幢|号楼|标段|号线|区|单元|座|门|号)(?!别)"
    r"|城(?![区市管镇])|[苑府园湾郡墅邸轩阁院坊汇](?![林区内子长校上])|组(?!织)|(?:路|街|大道)(?![面边况障灯上])"
    r"|国际|中心(?!主任)|时代|新城|广场|公馆|大厦|家园|华庭|机构|(?:实验|未来|外国语|附属|配套|第[一二三四五六七八九十]+)*"
    r"(?:小学|中学|幼儿园|学校)|医院|公园|市场|派出所|地铁站|公交站台?|工地|路口|交叉口|附近|周边|门口|楼下|对面"
    r"|旁边?|内(?!部)|沿线|一带|地段|[东南西北]侧"
)
"""What may follow a name and still belongs to the place."""
_NO_PART = re.compile(
    r"[给让把被将不未没]|对(?!面)|距(?!离)|成(?![都功人立长])|为何|收回|申请|调整|公开|协调|取消|增加|增设|加快|加强|整治|拆除"
    r"|脱落|损坏|破损|断裂|开裂|老化|漏水|渗水|积水|坏了?|无人"
    r"|修路|跑路|断头路|停运|要求|希望|我们?|.[a-z]\d{0,2}[市区县]|[还仍又竟]有|尽[快早]|[能可是]否|能不能|恢复|什么|怎么|如何"
)
"""A would-be place that holds one of these is a clause."""
_GENERIC = frozenset(["农村", "旧城", "老城", "市政道路", "人行道路"])
_TOWN = re.compile(r"(?:街道|[镇乡鄉])$")
_HAN = re.compile(r"[\u4e00-\u9fff]*")
_NO_SUBJECT = re.compile(r"^(?:上?[和与及至到、/（(-]|之间|到底$|的$|的?(?:几[点个])?问题$)")
"""What follows here belongs to the place: A路与B路交叉口."""
_LEAD = re.compile(r"^(?:[的，,:：;；。 ·\-—]|存在(?=[\u4e00-\u9fff]{4}))+")
_FARTHEST = 3
"""Characters that may stand between the area and the name: 涉外|经济学院."""


@dataclass(frozen=True)
class Headline:
    """``place`` is empty when the title does not begin with one."""

    place: str
    subject: str

    def __str__(self) -> str:
        """Join place and subject as a label shows them."""
        return f"{self.place} · {self.subject}" if self.place else self.subject


def headline(title: str, tokenizer: Tokenizer, known: str | None = None) -> Headline:
    """Return the headline of a title; the subject is empty when the title says none.

    ``known`` is the place of the address: a title that begins with it is cut there.
    """
    whole = clean(title).replace("\n", " ")
    text = re.sub(_MARKS, "", whole) if whole.startswith("对") else _ENDING.sub("", whole)
    mark = "？" if _DOUBT.search(whole) and not _QUESTION.search(text) else ""
    asks, text = _asked(text)
    if not asks and _OFFENCE.search(text) and not _UNSURE.search(whole):
        asks = "举报" if "举报" in whole else "反映"
    deed = None if asks == "咨询" else _DEED.match(text)
    asks = asks or ("请求" if deed else "")
    begins = deed if deed and asks else _STANCE.match(text)
    verb = begins.group() if begins else ""
    rest = text[len(verb) :]
    end = len(known) if known and rest.startswith(known) else _end_of_place(rest, tokenizer)
    subject = _LEAD.sub("", rest[end:])
    if not end or len(subject) < 2 or _NO_SUBJECT.match(rest[end:]):
        return Headline("", _shortened(asks + text) + mark if text else "")
    return Headline(rest[:end], _shortened(asks + verb + subject) + mark)


def _asked(text: str) -> tuple[str, str]:
    """Return what is asked (请求, 建议, 咨询 or nothing) and the text without the words that say so."""
    asks, before = "", None
    while text != before:
        before = text
        if at := _AT.match(text):
            asks = "咨询" if "咨询" in at.group() and not _QUESTION.search(text) else asks
            text = text[at.end() :]
        if found := _REQUEST.match(text):
            asks = "建议" if "建议" in found.group() else "请求"
            text = text[found.end() :]
    return asks, text


def _end_of_place(text: str, tokenizer: Tokenizer) -> int:
    """Return where the place that the text begins with ends; 0 when there is none."""
    found = _AREA.match(text)
    area = found.end() if found else 0
    folded = normalise([text[:k] for k in range(len(text) + 1)])
    whole, end, seen = folded[-1], area, 0
    names = find_names(tokenizer.tokenize(whole))
    for name in names:
        run = "".join(name.words)
        start, reached = whole.find(run, seen), len(folded[end])
        gap = whole[reached : max(start, reached)]
        farthest = _FARTHEST if area and end == area else 0
        if start < 0 or len(gap) > farthest or not _HAN.fullmatch(gap):
            break
        if not end and not (is_reliable_site(name.text, name.words[-1]) or _TAIL.match(whole, len(run))):
            break
        own = run[max(0, reached - start) :]
        if (
            own in lexicon().not_a_name
            or own in _GENERIC
            or _NO_PART.search(whole[reached : start + len(run)])
            or _DEED.search(whole[reached : start + len(run)])
        ):
            break
        seen = start + len(run)
        end = max(end, next(k for k in range(len(text) + 1) if len(folded[k]) >= seen))
    if end == area and not _TOWN.search(text[:area]):
        return 0
    while tail := _TAIL.match(text, end):
        end = tail.end()
    return end


def _shortened(text: str) -> str:
    """``text`` of at most ``LONGEST`` characters, cut where a clause ends."""
    if len(text) <= LONGEST:
        return text
    cut = max(text.rfind(mark, 0, LONGEST) for mark in "，,。；;！!？? ")
    return text[:cut] if cut >= LONGEST // 2 else text[: LONGEST - 1] + "…"
