"""What personal data looks like: the one table that the finder and the vectorised prefilter share.

A pattern is what is written (``core``), what must stand before it (``cue``), and what must not touch it
(``before``, ``after``). The core and the cue use only what ``re`` (with ``ASCII``) and RE2 read alike, so
that a whole column can be asked for them: a text without core and cue holds nothing of the kind.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Literal

Author = Literal["caller", "office"]
"""Who wrote the text: an office's own telephone in its reply is not personal."""


class Kind(StrEnum):
    """What was found."""

    ID = "id"
    BANK_CARD = "bank-card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "e-mail"
    PLATE = "plate"
    ACCOUNT = "account"
    NAME = "name"


@dataclass(frozen=True, eq=False)
class PersonalPattern:
    """One way to write personal data; ``match`` is exact, ``necessary`` is implied by every match."""

    kind: Kind
    core: str
    """A group ``value`` is the part that is personal; without it, all of the core is."""
    before: str = ""
    """Lookbehind; RE2 has none, so the prefilter leaves it out."""
    after: str = ""
    """Lookahead; the prefilter leaves it out too."""
    cue: str = ""
    """What the text directly before the core must end with, within ``CUE_WIDTH`` characters."""
    author: Author | None = None
    """Only in texts of this author; None: whoever wrote it."""
    ignore_case: bool = False
    least: int = 0
    """The fewest characters of the run of digits that holds it; 0: it is sought in the whole text."""
    keep: int = 0
    """How many of its first characters may stay readable."""
    words: tuple[str, ...] = ()
    """Every match has one of these; empty: nothing so simple can be asked first."""

    def may_be_in(self, text: str) -> bool:
        """Whether ``text`` has one of the words."""
        return not self.words or any(word in text for word in self.words)

    @cached_property
    def match(self) -> re.Pattern[str]:
        """The pattern with its surroundings, without the cue."""
        flags = re.ASCII | (re.IGNORECASE if self.ignore_case else 0)
        return re.compile(f"{self.before}(?:{self.core}){self.after}", flags)

    @cached_property
    def cue_before(self) -> re.Pattern[str]:
        """The cue at the end of the text before the core."""
        return re.compile(rf"(?:{self.cue})$", re.ASCII)

    @property
    def necessary(self) -> str:
        """RE2 that matches every half-width text in which the pattern is found.

        Which digit it is does not count: each ``[3-6]`` would double the states of the automaton.
        """
        core = re.sub(r"\[\d-\d\]", r"\\d", re.sub(r"\(\?P<\w+>", "(?:", self.core))
        # "$" of the cue stands before a last line break too
        cue = rf"(?:{self.cue})\n?" if self.cue else ""
        return f"{cue}(?{'i' if self.ignore_case else ''}:{core})"


CUE_WIDTH = 24
"""Characters before the core in which a cue is sought."""

_ALONE = r"(?<![\dA-Za-z.])"
_END = r"(?!\d)"
_GAPS = ("", "-", " ")
_PHONE_WORD = "(?:电话|号码|座机|固话|宅电|传真|联系方式)"
_CITIZEN = "市民|来电人|诉求人|反映人|投诉人|举报人|申请人|业主"
OWN_PHONE = (
    rf"(?:我的?|本人|家里?|家庭|住宅|宅|私人|{_CITIZEN}|您的?)[^\d，。；、打拨给]{{0,4}}"
    rf"{_PHONE_WORD}[^\d，。；、]{{0,5}}"
)
BARE_PHONE = r"(?:联系电话|联系方式|固定电话|宅电|电话号码|号码|电话|座机|固话|回电)(?:是|为)?[:： ]{0,2}"
_CITIZEN_PHONE = rf"(?:{_CITIZEN}|您)(?:[的所预本人留提供下登记联系]{{0,6}}){_PHONE_WORD}[^\d，。；、]{{0,6}}"
_LANDLINE = r"(?:[(（]?0\d{2,3}[)）]?[-—– ]?)?[2-8](?:\d{6,7}|\d{2,3}[- ]\d{4})"
_LANDLINE_ALONE = rf"{_ALONE}(?<!400-)(?<!800-)"
_MOBILE = r"1[3-9]\d{9}"
_PLATE_CHARACTER = "A-HJ-NP-Z0-9"
ACCOUNT_WORDS = ("QQ", "qq", "扣扣", "微信", "薇信", "V信", "v信", "vx", "VX", "wx")

EMAIL = PersonalPattern(
    Kind.EMAIL, r"[A-Za-z0-9][\w.%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}", words=("@",)
)
"""With the lengths of RFC 5321: without them a long run of letters is looked through again from each."""
ID = PersonalPattern(
    Kind.ID, r"\d{17}[\dXx]|\d{15}", before=_ALONE, after=r"(?![\dA-Za-z])", least=14
)  # fmt: skip
SPACED_ID = PersonalPattern(
    Kind.ID,
    r"\d{6}[ -]\d{8}[ -]\d{3}[\dXx]|\d{6}[ -]\d{4}[ -]\d{4}[ -]\d{3}[\dXx]",
    before=_ALONE,
    after=r"(?![\dA-Za-z])",
    least=14,
)
"""Area, birth date and rest set apart."""
ID_BY_WORD = PersonalPattern(
    Kind.ID, r"身份证[^\dA-Za-z，。；]{0,8}(?P<value>\d{14,18}[\dXx]?)", after=_END, least=14
)
GLUED_PHONES = PersonalPattern(
    Kind.MOBILE,
    rf"(?:0\d{{2,3}}-?[2-9]\d{{6,7}}|{_MOBILE}){_MOBILE}",
    before=r"(?<!\d)",
    after=_END,
    least=21,
)
"""Two numbers written without a gap."""
PHONE_AND_YEAR = PersonalPattern(
    Kind.MOBILE, _MOBILE, before=r"(?<!\d)", after=r"(?=20[0-3]\d年)", least=15
)  # fmt: skip
"""A number and the year of the signature below it."""
MOBILE = PersonalPattern(
    Kind.MOBILE, "|".join(rf"1[3-9]\d{gap}\d{{4}}{gap}\d{{4}}" for gap in _GAPS), after=_END, least=10, keep=3
)
DOTTED_MOBILE = PersonalPattern(
    Kind.MOBILE,
    r"1[3-9]\d[.·]\d{4}[.·]\d{4}",
    before=r"(?<![\d.])",
    after=r"(?![\d.]\d?)",
    keep=3,
    words=(".", "·"),
)
PERCENT_MOBILE = PersonalPattern(
    Kind.MOBILE, r"%31%3[3-9](?:%3\d){9}", after=r"(?!%3\d)", keep=9, words=("%31",)
)
"""Each digit as an address on the web writes it."""
MOBILE_BY_WORD = PersonalPattern(
    Kind.MOBILE,
    r"(?:电话|电话号码|手机|手机号|手机号码|联系方式)(?:是|为)?[:： ]{0,2}"
    r"(?P<value>1[3-9]\d{8}|1[3-9]\d{10})",
    after=_END,
    least=10,
    keep=3,
)
"""A digit short or one too many."""
TAIWAN_MOBILE = PersonalPattern(
    Kind.MOBILE, r"(?:886[- ]?|0)9\d\d[- ]?\d{3}[- ]?\d{3}", before=_ALONE, after=_END, least=10, keep=3
)  # fmt: skip
INTERNATIONAL_PHONE = PersonalPattern(
    Kind.LANDLINE, r"\+[1-9](?:[- ]?\d){8,14}", before=r"(?<![\dA-Za-z+])", after=_END, least=8, keep=3
)  # fmt: skip
"""ITU-T E.164: a plus sign and 9 to 15 digits."""
AMERICAN_PHONE = PersonalPattern(
    Kind.LANDLINE,
    r"(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])[2-9]\d\d[-.]\d{4}",
    before=r"(?<![\dA-Za-z.-])",
    after=r"(?![\d-])",
    author="caller",
    words=("-", "."),
)
"""North American Numbering Plan: area, exchange, line."""
CARD = PersonalPattern(
    Kind.BANK_CARD,
    "|".join(rf"[3-6]\d{{3}}{gap}\d{{4}}{gap}\d{{4}}{gap}\d{{3,4}}(?:{gap}\d{{1,3}})?" for gap in _GAPS),
    before=_ALONE,
    after=_END,
    least=15,
)
BANK_ACCOUNT = PersonalPattern(
    Kind.BANK_CARD,
    r"(?:卡号|账号|帐号|账户|帐户|开户号)[^\dA-Za-z，。；]{0,10}(?P<value>\d{12,21})",
    after=_END,
    least=12,
)
CALLER_LANDLINE = PersonalPattern(
    Kind.LANDLINE, _LANDLINE, _LANDLINE_ALONE, _END, f"{OWN_PHONE}|{BARE_PHONE}", author="caller", least=7
)
CITIZEN_LANDLINE = PersonalPattern(
    Kind.LANDLINE, _LANDLINE, _LANDLINE_ALONE, _END, _CITIZEN_PHONE, author="office", least=7
)
COLUMN_PHONE = PersonalPattern(
    Kind.LANDLINE,
    _LANDLINE,
    _LANDLINE_ALONE,
    _END,
    r'(?:电话|手机|座机|固话|联系方式|[Pp]hone|PHONE|[Mm]obile|MOBILE)[^"，。；]{0,8}": "',
    author="caller",
    least=7,
)
"""A local number in the JSON of a column of telephones."""
PLATE = PersonalPattern(
    Kind.PLATE,
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•.・ -]?"
    rf"[{_PLATE_CHARACTER}]{{4,5}}[{_PLATE_CHARACTER}挂学警港澳]",
    after=r"(?![A-Za-z0-9])",
    ignore_case=True,
    keep=2,
)
PLATE_BY_WORD = PersonalPattern(
    Kind.PLATE,
    r"(?:车牌|号牌|牌照|车号|[车辆士]牌号)(?:号码?)?(?:是|为)?[^\dA-Za-z，。；]{0,3}"
    rf"(?P<value>[A-HJ-NP-Z][·•.・ -]?[{_PLATE_CHARACTER}]{{4,5}}[{_PLATE_CHARACTER}挂学警港澳])",
    after=r"(?![A-Za-z0-9])",
    ignore_case=True,
    keep=1,
    words=("牌", "车号"),
)
"""Without its province, or with a mistyped one."""
PLATE_BY_CAR = PersonalPattern(
    Kind.PLATE,
    rf"[一-龥][A-HJ-NP-Z][·•.・ -]?[{_PLATE_CHARACTER}]{{5}}",
    after=r"(?![A-Za-z0-9])",
    ignore_case=True,
    keep=2,
    words=("车", "車", "驾驶", "駕駛"),
)
"""Of no province, mistyped or made up, beside a word for a car or another plate."""
ACCOUNT = PersonalPattern(
    Kind.ACCOUNT,
    rf"(?:{'|'.join(ACCOUNT_WORDS)})(?:号码?|[账帐]号|邮箱)?(?:是|为)?[:： ]{{0,2}}"
    r"(?P<value>[A-Za-z0-9_-]{5,20})",
    after=r"(?!\w)",
    words=ACCOUNT_WORDS,
)
CUSTOMER_NUMBER = PersonalPattern(
    Kind.ACCOUNT,
    r"(?:[水电气户]号|用户号|客户号|缴费号|[水电气]表号|(?:用户|客户|缴费|[水电气]表)编号)"
    r"(?:是|为)?[:： ]{0,2}(?P<value>\d{5,14}(?:[和、及/]\d{5,14}){0,4})",
    after=_END,
    words=("号",),
)
"""By which a supplier of water, power, gas or heating knows the household."""

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦昌马苗凤方俞任袁柳鲍史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常乐于傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵湛汪祁毛狄米贝明臧戴宋庞熊纪舒屈项祝董梁杜阮蓝闵季贾路娄江童颜郭梅盛林钟徐邱骆"
    "高夏蔡田樊胡凌霍虞万柯卢莫房解应宗丁邓郁单洪包左石崔吉龚程邢裴陆荣翁荀甄曲封储靳焦巴谷车侯宓全班仰仲宁仇栾甘武符刘景詹龙叶司黎薄白蒲"
    "卓蔺池乔闻党翟谭劳冉桑桂牛边燕冀尚温庄晏柴瞿阎慕连习艾鱼容向易慎戈廖庾衡步都耿满匡文寇广聂晁敖冷訾辛阚简饶曾关沙鞠丰巢查游权付肖代佟"
    "闫占户涂邸苑隋战初原迟宫矫丛滑代于仝郗逯肇锁展苟练井段岳牟衣楚商鹿伦"
)
_AMBIGUOUS = (
    "万东乐于代任何全关初史向和在安容封巢常应强成方时曾满温班白盛石端经查平党闻边连都"
    "金项高宁左通包宫战步展原迟单从游权计车路支明付段岳牟衣楚商鹿伦"
)
COMPOUND_SURNAMES = "欧阳|司马|上官|诸葛|司徒|夏侯|皇甫|尉迟"
_WIDE_BLANK = "\u3000"
_GIVEN = r"(?P<value>[一-龥]{1,2})"
_NAME = rf"(?:{COMPOUND_SURNAMES}|[{_SURNAMES}]){_GIVEN}"
_NAME_IN_SENTENCE = (
    rf"(?:{COMPOUND_SURNAMES}|[{''.join(c for c in _SURNAMES if c not in _AMBIGUOUS)}]){_GIVEN}"
)
"""Where no mark stands before the name, only surnames that begin no other word: 市民向我们反映."""
_NAME_END = (
    r"(?=[\s\u3000\d，,。.；;：:、！!？?（(）)\[【“”\"*—-]|$|身份|性别|联系|电话|手机|地址|住址|家住|住在|实名"
    r"|男|女|今年|现年|年龄|来自|是|被?举报|被?投诉)"
)
_PERSON = "市民|群众|居民|村民|业主|来电人|来信人|诉求人|反映人|投诉人|举报人|求助人|申诉人"
INTRODUCED_NAME = PersonalPattern(
    Kind.NAME,
    rf"(?:(?:我|我名|本人)叫|我的名字[叫是]|(?:本人|我)的?姓名[是为：:，, ]{{0,2}}){_NAME}",
    after=_NAME_END,
    words=("叫", "姓名", "名字"),
)
"""我叫张三"""
LABELLED_NAME = PersonalPattern(
    Kind.NAME,
    rf"(?:联系人(?:姓名)?|姓名|{_PERSON})[：:][ {_WIDE_BLANK}]{{0,2}}{_NAME}",
    after=_NAME_END,
    author="caller",
    words=("：", ":"),
)
"""联系人：张三; in an office's reply it is an official."""
_CALLS = ("来电", "致电", "来信", "来访", "反映", "咨询", "投诉", "求助")
CALLING_NAME = PersonalPattern(
    Kind.NAME,
    rf"(?:{_PERSON}){_NAME_IN_SENTENCE}",
    after=f"(?=(?:先生|女士)?(?:{'|'.join(_CALLS)}))",
    words=_CALLS,
)
"""市民张三来电反映"""
_NO_CALLER = "车主|房[主东]|商[户家]|党员|安保|路人|游客|司[机乘]|员工|全[家体村]|高[校新]|方便"
"""Words that begin as a surname does."""
OPENING_NAME = PersonalPattern(
    Kind.NAME,
    rf"{_NAME}(?:先生|女士|同志)?(?:来电|致电|来信|来访)(?:人|者)?"
    r"(?:反映|咨询|投诉|求助|举报|表示|称|建议|说|询问|要求|[：:，,])",
    before=rf"(?<![^\n。；;】\]])(?!{_NO_CALLER})",
    words=_CALLS[:4],
)
"""张三来电反映, where a text or a sentence begins: how clerks take down a call."""
NAMES = (INTRODUCED_NAME, LABELLED_NAME, CALLING_NAME, OPENING_NAME)
"""Their surname stays."""

PATTERNS = (
    EMAIL, ID, SPACED_ID, ID_BY_WORD, GLUED_PHONES, PHONE_AND_YEAR, MOBILE, DOTTED_MOBILE, PERCENT_MOBILE,
    MOBILE_BY_WORD, TAIWAN_MOBILE, INTERNATIONAL_PHONE, AMERICAN_PHONE, CARD, BANK_ACCOUNT, CALLER_LANDLINE,
    CITIZEN_LANDLINE, COLUMN_PHONE, PLATE, PLATE_BY_WORD, PLATE_BY_CAR, ACCOUNT, CUSTOMER_NUMBER, *NAMES,
)  # fmt: skip
"""In the order of certainty: of two that overlap the earlier one counts."""

FULL_WIDTH = "[０-９＠Ａ-Ｚａ-ｚ－]"
"""A text with one of these is read in its half-width form."""
HALF_WIDTH = {
    wide: wide - 0xFEE0
    for wide in range(0xFF01, 0xFF5F)
    if chr(wide - 0xFEE0).isalnum() or chr(wide - 0xFEE0) in "@._+%-"
} | {0x3000: 0x20, ord("×"): ord("X")}
"""What numbers and names are written in; Chinese punctuation stays, the judges know it by its width."""


@cache
def prefilter(author: Author) -> str:
    """Return RE2 that matches every text in which ``find_personal`` finds something of ``author``."""
    sought = [p.necessary for p in PATTERNS if p.author in (None, author)]
    return "|".join(dict.fromkeys([FULL_WIDTH, *sought]))
