"""Names in running text, where what stands beside them tells that they are a citizen's."""

from hotline_tools.privacy.personal_pattern import Kind, PersonalPattern
from hotline_tools.surnames import COMPOUND_SURNAMES, SURNAMES, TRADITIONAL_SURNAMES

_AMBIGUOUS = (
    "万东乐于代任何全关初史向和在安容封巢常应强成方时曾满温班白盛石端经查平党闻边连都"
    "金项高宁左通包宫战步展原迟单从游权计车路支明付段岳牟衣楚商鹿伦"
    "萬連單關項"
)
_SURNAMES = SURNAMES + TRADITIONAL_SURNAMES
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
_BEFORE_FULL_NAME = "曾石金万付方白常何高段史左温边成满封连于任"
"""Surnames that begin other words, but before a whole given name and a call are a caller's."""
_NO_NAME = (
    "曾[多两三数几先经于向在就因被以分为有]|方便|高[度峰龄]|万[分般]|常[常年]|何[时地处人]|白[天日]|连[续日夜]|成[功天]"
    "|满[怀意]|付[款费]|左右|边上|任[何意职期]|于[昨今上下早晚中凌近日当前周元春国五年月半深夜清傍本去同此该刚多某线网]"
)
FULL_CALLING_NAME = PersonalPattern(
    Kind.NAME,
    rf"(?:{_PERSON})[{_BEFORE_FULL_NAME}](?P<value>[一-龥]{{2}})",
    before=rf"(?!(?:{_PERSON})(?:{_NO_NAME}))",
    after="(?=(?:先生|女士)?[来致]电)",
    words=_CALLS[:2],
)
"""市民石子涵来电, and not 市民曾多次来电"""
NO_CALLER = "车主|房[主东]|商[户家]|党员|安保|路人|游客|司[机乘]|员工|全[家体村]|高[校新]|方便"
"""Words that begin as a surname does."""
OPENING_NAME = PersonalPattern(
    Kind.NAME,
    rf"{_NAME}(?:先生|女士|同志)?(?:来电|致电|来信|来访)(?:人|者)?"
    r"(?:反映|咨询|投诉|求助|举报|表示|称|建议|说|询问|要求|[：:，,])",
    before=rf"(?<![^\n。；;】\]])(?!{NO_CALLER})",
    words=_CALLS[:4],
)
"""张三来电反映, where a text or a sentence begins: how clerks take down a call."""
_GREETINGS = ("您好", "你好")
ADDRESSED_NAME = PersonalPattern(
    Kind.NAME,
    rf"{_NAME}(?:先生|女士|同志|网友)[，,：:！! {_WIDE_BLANK}]{{0,2}}(?:{'|'.join(_GREETINGS)})",
    before=r"(?<![一-龥])(?:尊敬的)?",
    words=_GREETINGS,
)
"""张三同志，您好: how a reply begins."""
_REPORTING = (
    "来电人|来信人|来访人|诉求人|反映人|投诉人|举报人|求助人|申诉人|当事人|报修人|信访人|上访人|留言人|陈情人"
    "|來電人|投訴人|檢舉人|陳情人|反映者|當事人"
)
"""Words that a name may follow at once: no 居民楼."""
_NEVER_BEHIND_ROLE = "向应经全都从代"
"""Such a surname is rather what the person does: 诉求人应, 来电人向."""
_SURNAMES_BEHIND_ROLE = "".join(c for c in _SURNAMES + "那时成" if c not in _NEVER_BEHIND_ROLE)
_BEHIND_ROLE = rf"(?:{_REPORTING})(?:{COMPOUND_SURNAMES}|[{_SURNAMES_BEHIND_ROLE}]){_GIVEN}"
ROLE_NAME = PersonalPattern(
    Kind.NAME,
    _BEHIND_ROLE,
    after=r"(?=[\s\u3000\d，,。.；;：:、！!？?（(）)*]|$)",
    words=("人", "者"),
)
"""举报人董丽涛 138…"""
_SAYS = "反映|反應|投诉|投訴|举报|檢舉|咨询|求助|陈情|陳情|来电|致电|來電|来信|表示|称"
REPORTING_NAME = PersonalPattern(
    Kind.NAME, _BEHIND_ROLE, after=rf"(?=(?:先生|女士)?(?:{_SAYS}))", words=ROLE_NAME.words
)
"""来电人于鑫反映: behind such a word a surname that begins other words is one, unless the word is known."""
STATING_NAME = PersonalPattern(
    Kind.NAME,
    rf"{_NAME}(?:先生|女士)?(?:(?:反映|反應|投诉|投訴|举报|檢舉|咨询|来电|來電|求助)[：:]|陈情|陳情)",
    before=r"(?<![^\n])",
    words=("：", ":", "陈情", "陳情"),
)
"""王家豪陳情, where a text begins."""
_NUMBER_IN_BRACKETS = r"[（(](?:1[3-9]\d|0\d\d|\*{3})[\d*-]{4}"
_TOLD_BY = (
    "(?:电话|電話|致电|短信|已)(?:告知|回复|回覆|答复|答覆|回访)[了过]?"
    "|(?:电话|電話)(?:联系|聯繫|沟通|溝通)[了过]?"
)
_TOLD = ("告知", "回复", "回覆", "答复", "答覆", "回访", "联系", "聯繫", "沟通", "溝通")
_NAME_TOLD = rf"(?:{_TOLD_BY})[：: ]?{_NAME}"
TOLD_NAME = PersonalPattern(
    Kind.NAME,
    _NAME_TOLD,
    after=rf"(?=[\s，,。；;）)]|$|先生|女士|其|处理|办理|相关|结果|本人|{_NUMBER_IN_BRACKETS})",
    words=_TOLD,
)
"""已电话告知张三, also 张三（135…）: whom an office tells is who called."""
TOLD_AT_THE_END = PersonalPattern(Kind.NAME, _NAME_TOLD, after=r"(?=(?:先生|女士)?[）)])", words=_TOLD)
"""（已电话告知于洋）: before a closing bracket any surname."""
_BEFORE_NUMBER = r"[，,、：:（( ]{0,2}(?:(?:联系)?(?:电话|方式|手机号?)[：: ]?)?"
NAME_AND_NUMBER = PersonalPattern(
    Kind.NAME,
    rf"(?:我是|本人|联系人?|户主|机主|业主|市民|居民|村民)?{_NAME}(?:先生|女士|同志)?{_BEFORE_NUMBER}(?:1[3-9]\d|0\d\d|\*)",
    before=r"(?<![一-龥\dA-Za-z*])",
    after=r"(?=(?<=[^\d]1\d\d)(?:\d{8}|\*{8}|\d?\*{4}\d{4})"
    r"|(?<=[^\d]0\d\d)\d?[-—– ]?[2-8]\d{6,7}(?!\d)|(?<=\*)\*{6})",
    author="caller",
    words=("1", "0", "*"),
)
"""张三，138…, 张三，0531-…; in an office's reply it may be an official. Only the first digits are in the
core: automata are slow to count."""
_NAME_BEHIND = rf"[\d*]{{4}}[，,、：:（( ]{{0,2}}{_NAME}"
_HAS_NUMBER = r"(?:(?<=1[3-9]\d[\d*]{4})|(?<=\*{3}))"
NUMBER_AND_NAME = PersonalPattern(
    Kind.NAME,
    _NAME_BEHIND,
    before=_HAS_NUMBER,
    after=r"(?=[\s，,。；;、]|$|先生|女士)",
    author="caller",
    words=("1", "*"),
)
"""138… 张三"""
NUMBER_AND_BRACKETS = PersonalPattern(
    Kind.NAME,
    _NAME_BEHIND,
    before=_HAS_NUMBER,
    after=r"(?=(?:先生|女士)?[）)])",
    author="caller",
    words=NUMBER_AND_NAME.words,
)
"""138…（何立夏）"""
_QUOTED_BY = ("网友", "網友", "市民", "群众", "用户")
QUOTED_NAME = PersonalPattern(
    Kind.NAME,
    rf"(?:{'|'.join(_QUOTED_BY)})[“\"「『‘'【]{_NAME}",
    after="(?=(?:先生|女士)?[”\"」』’'】])",
    words=_QUOTED_BY,
)
"""网友“张三”"""
WORD_LIKE_NAMES = (
    CALLING_NAME, ROLE_NAME, REPORTING_NAME, STATING_NAME, TOLD_NAME, TOLD_AT_THE_END, NAME_AND_NUMBER,
    NUMBER_AND_NAME, NUMBER_AND_BRACKETS, QUOTED_NAME,
)  # fmt: skip
"""Where a word may stand that begins as a name does: see ``begins_a_word``."""
SURE_NAMES = (TOLD_NAME, NUMBER_AND_NAME)
"""Of the names before, those where the surname must begin no other word."""


def may_be_a_word(surname: str) -> bool:
    """Whether a surname begins other words, too."""
    return surname in _AMBIGUOUS


NAMES = (
    INTRODUCED_NAME, LABELLED_NAME, FULL_CALLING_NAME, OPENING_NAME, ADDRESSED_NAME,
    *WORD_LIKE_NAMES,
)  # fmt: skip
"""Their surname stays."""
