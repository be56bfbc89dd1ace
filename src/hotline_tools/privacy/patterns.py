"""What personal data looks like: the one table that the finder and the vectorised prefilter share."""

from functools import cache

from hotline_tools.privacy.name_patterns import NAMES
from hotline_tools.privacy.personal_pattern import Author, Kind, PersonalPattern
from hotline_tools.surnames import SURNAMES

CUE_WIDTH = 24
"""Characters before the core in which a cue is sought."""

_LONG = r"\d{15}"
_ALONE = r"(?<![\dA-Za-z.])"
_END = r"(?!\d)"
_GAPS = ("", "-", " ")
_PHONE_WORDS = ("电话", "号码", "座机", "固话", "宅电", "传真", "联系方式")
_PHONE_WORD = f"(?:{'|'.join(_PHONE_WORDS)})"
_CITIZEN = "市民|来电人|诉求人|反映人|投诉人|举报人|申请人|业主"
OWN_PHONE = (
    rf"(?:(?:我的?|本人|家里?|家庭|住宅|宅|私人|{_CITIZEN}|您的?)[^\d，。；、打拨给]{{0,4}}"
    rf"{_PHONE_WORD}[^\d，。；、]{{0,5}}"
    r"|回电(?:至|到|给我)?[:： ]{0,2})"
)
BARE_PHONE = r"(?:联系电话|联系方式|固定电话|宅电|电话号码|号码|电话|座机|固话|回电)(?:是|为)?[:： ]{0,2}"
_CITIZEN_PHONE = rf"(?:{_CITIZEN}|您)(?:[的所预本人留提供下登记联系]{{0,6}}){_PHONE_WORD}[^\d，。；、]{{0,6}}"
_LANDLINE = r"(?:[(（]?0\d{2,3}[)）]?[-—– ]?)?[2-8](?:\d{6,7}|\d{2,3}[- ]\d{4})"
_LANDLINE_SIGN = r"[(（]?\d{3,4}[)） –—-]{0,2}\d{3}"
_BEHIND_A_WORD = rf"(?:{'|'.join(_PHONE_WORDS)}|回电)[^\d，。；、]*{_LANDLINE_SIGN}"
_LANDLINE_ALONE = rf"{_ALONE}(?<!400-)(?<!800-)"
_MOBILE = r"1[3-9]\d{9}"
_PLATE_CHARACTER = "A-HJ-NP-Z0-9"
_BANK_WORDS = ("卡号", "账号", "帐号", "账户", "帐户", "开户号")
ACCOUNT_WORDS = ("QQ", "qq", "扣扣", "微信", "薇信", "V信", "v信", "vx", "VX", "wx")

EMAIL = PersonalPattern(
    Kind.EMAIL,
    r"[A-Za-z0-9][\w.%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,9}",
    sign="@[A-Za-z0-9-]",
    words=("@",),
)
"""With the lengths of RFC 5321: without them a long run of letters is looked through again from each."""
ID = PersonalPattern(
    Kind.ID, r"\d{17}[\dXx]|\d{15}", before=_ALONE, after=r"(?![\dA-Za-z])", least=14, sign=_LONG
)  # fmt: skip
SPACED_ID = PersonalPattern(
    Kind.ID,
    r"\d{6}[ -]\d{8}[ -]\d{3}[\dXx]|\d{6}[ -]\d{4}[ -]\d{4}[ -]\d{3}[\dXx]",
    before=_ALONE,
    after=r"(?![\dA-Za-z])",
    least=14,
    sign=r"\d{6}[ -]\d{4}[ -]?\d{4}",
    words=(" ", "-"),
)
"""Area, birth date and rest set apart."""
ID_BY_WORD = PersonalPattern(
    Kind.ID,
    r"身份证[^\dA-Za-z，。；]{0,8}(?P<value>\d{14,18}[\dXx]?)",
    after=_END,
    least=14,
    sign=r"身份证[^\dA-Za-z，。；]*\d{14}",
    words=("身份证",),
)
GLUED_PHONES = PersonalPattern(
    Kind.MOBILE,
    rf"(?:0\d{{2,3}}-?[2-9]\d{{6,7}}|{_MOBILE}){_MOBILE}",
    before=r"(?<!\d)",
    after=_END,
    least=21,
    sign=_LONG,
)
"""Two numbers written without a gap."""
PHONE_AND_YEAR = PersonalPattern(
    Kind.MOBILE, _MOBILE, before=r"(?<!\d)", after=r"(?=20[0-3]\d年)", least=15, sign=_LONG, words=("年",)
)  # fmt: skip
"""A number and the year of the signature below it."""
MOBILE = PersonalPattern(
    Kind.MOBILE,
    "|".join(rf"1[3-9]\d{gap}\d{{4}}{gap}\d{{4}}" for gap in _GAPS),
    after=_END,
    least=10,
    keep=3,
    sign=r"1\d{10}|1\d\d[- ]\d{4}[- ]\d{4}",
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
    Kind.MOBILE, r"%31%3[3-9](?:%3\d){9}", after=r"(?!%3\d)", keep=9, sign="%31%3", words=("%31",)
)
"""Each digit as an address on the web writes it."""
MOBILE_BY_WORD = PersonalPattern(
    Kind.MOBILE,
    r"(?:电话|电话号码|手机|手机号|手机号码|联系方式)(?:是|为)?[:： ]{0,2}"
    r"(?P<value>1[3-9]\d{8}|1[3-9]\d{10})",
    after=_END,
    least=10,
    keep=3,
    sign=r"(?:电话|号码?|手机|方式)[是为:： ]*1\d{9}",
    words=("电话", "手机", "联系方式"),
)
"""A digit short or one too many."""
TAIWAN_MOBILE = PersonalPattern(
    Kind.MOBILE,
    r"(?:886[- ]?|0)9\d\d[- ]?\d{3}[- ]?\d{3}",
    before=_ALONE,
    after=_END,
    least=10,
    keep=3,
    sign=r"(?:886[- ]?|0)9\d\d[- ]?\d{3}",
    words=("09", "886"),
)
INTERNATIONAL_PHONE = PersonalPattern(
    Kind.LANDLINE,
    r"\+[1-9](?:[- ]?\d){8,14}",
    before=r"(?<![\dA-Za-z+])",
    after=_END,
    least=8,
    keep=3,
    sign=r"\+\d(?:[- ]?\d){3}",
    words=("+",),
)
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
GROUPED_PHONE = PersonalPattern(
    Kind.LANDLINE,
    r"(?:0\d{1,2}[- ]\d{3,4}|0\d{3}[- ]\d{2,3})[- ]\d{4,5}|0\d{4} \d{6}|0\d(?:[ .]\d\d){4}"
    r"|\(0?\d{1,2}\) ?\d{4,5}-\d{4}|[1-9]\d 9 ?\d{4}-\d{4}",
    before=r"(?<![\dA-Za-z.-])",
    after=r"(?![\d-])",
    author="caller",
    least=10,
    sign=r"0\d{1,3}[- ]\d{2,4}[- ]\d{4}|0\d{4} \d{6}|0\d(?:[ .]\d\d){2}|\(0?\d{1,2}\) ?\d{4}|\d\d 9 ?\d{4}",
    words=("-", " "),
)
"""National numbers in groups (090-1234-5678): Japan, Korea, Britain, Germany, France, Taiwan, Brazil."""
CARD = PersonalPattern(
    Kind.BANK_CARD,
    "|".join(rf"[3-6]\d{{3}}{gap}\d{{4}}{gap}\d{{4}}{gap}\d{{3,4}}(?:{gap}\d{{1,3}})?" for gap in _GAPS),
    before=_ALONE,
    after=_END,
    least=15,
    sign=rf"{_LONG}|\d{{4}}[- ]\d{{4}}[- ]\d{{4}}[- ]\d{{3}}",
)
BANK_ACCOUNT = PersonalPattern(
    Kind.BANK_CARD,
    rf"(?:{'|'.join(_BANK_WORDS)})[^\dA-Za-z，。；]{{0,10}}(?P<value>\d{{12,21}})",
    after=_END,
    least=12,
    sign=rf"(?:{'|'.join(_BANK_WORDS)})[^\dA-Za-z，。；]*\d{{12}}",
    words=_BANK_WORDS,
)
CALLER_LANDLINE = PersonalPattern(
    Kind.LANDLINE,
    _LANDLINE,
    _LANDLINE_ALONE,
    _END,
    f"{OWN_PHONE}|{BARE_PHONE}",
    author="caller",
    least=7,
    sign=_BEHIND_A_WORD,
    words=(*_PHONE_WORDS, "回电"),
)
CITIZEN_LANDLINE = PersonalPattern(
    Kind.LANDLINE,
    _LANDLINE,
    _LANDLINE_ALONE,
    _END,
    _CITIZEN_PHONE,
    author="office",
    least=7,
    sign=_BEHIND_A_WORD,
    words=_PHONE_WORDS,
)
NAMED_LANDLINE = PersonalPattern(
    Kind.LANDLINE,
    r"0\d{2,3}[-—– ]?[2-8]\d{6,7}",
    _LANDLINE_ALONE,
    _END,
    rf"(?:{_CITIZEN}|告知|回[复访电]|答复|联系)[了过]?[：: ]?"
    rf"[{SURNAMES}][一-龥*＊]{{1,2}}(?:先生|女士)?[（(，,]|[{SURNAMES}][*＊]{{1,2}}(?:先生|女士)?[（(，,]",
    least=10,
    sign=r"[（(，,]\n?0\d{2,3}[-—– ]?\d{7}",
    words=("（", "(", "，", ","),
)
"""来电人张三（0531-…）, 已电话告知张三（0531-…）, 张**，0531-…: behind who called or a name hidden before."""
ENGLISH_PHONE = PersonalPattern(
    Kind.LANDLINE,
    r"(?:\+?\d{1,3}[- ])?(?:\d{3,5}[- ]?\d{4,7}|\d{3} \d{3} \d{4})",
    before=r"(?<![\dA-Za-z.-])",
    after=r"(?![\dA-Za-z-])",
    cue=r"(?:[Pp]hone|\b[Mm]obile|\b[Cc]ell|\b[Tt]el|\b[Ww]hats[Aa]pp|\b[Pp]h|\b[Mm]ob"
    r"|\b[Cc]all(?: (?:me|us|him|her|back))?|\b[Cc]ontact(?: (?:me|us))?|\b[Rr]each (?:me|us)|\b[Mm]y number)"
    r"\.?(?: ?(?:no|No|number|Number|num|is|at|on)\b\.?){0,2}[:#, -]{0,3}",
    author="caller",
    least=7,
    sign=r"(?:hone|obile|[Cc]ell|[Tt]el|hats[Aa]pp|[Pp]h|[Mm]ob|[Cc]all|ontact|[Rr]each|umber)"
    r"[A-Za-z .:#,\n+-]*\d{1,3}[- ]?\d\d",
    words=("hone", "obile", "ell", "el", "hats", "ph", "Ph", "mob", "Mob", "all", "ontact", "each", "umber"),
)
"""A telephone of any country behind the English word for it."""
COLUMN_PHONE = PersonalPattern(
    Kind.LANDLINE,
    _LANDLINE,
    _LANDLINE_ALONE,
    _END,
    r'(?:电话|手机|座机|固话|联系方式|[Pp]hone|PHONE|[Mm]obile|MOBILE)[^"，。；]{0,8}": "',
    author="caller",
    least=7,
    sign=rf'": "\n?{_LANDLINE_SIGN}',
    words=('": "',),
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
    sign=rf"(?:牌|车号)[^\dA-Za-z，。；]*[A-HJ-NP-Z][·•.・ -]?[{_PLATE_CHARACTER}]{{4}}",
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
    sign=rf"(?:{'|'.join(ACCOUNT_WORDS)})[号码账帐邮箱是为:： ]*[A-Za-z0-9_-]{{5}}",
)
CUSTOMER_NUMBER = PersonalPattern(
    Kind.ACCOUNT,
    r"(?:[水电气户]号|用户号|客户号|缴费号|[水电气]表号|(?:用户|客户|缴费|[水电气]表)编号)"
    r"(?:是|为)?[:： ]{0,2}(?P<value>\d{5,14}(?:[和、及/]\d{5,14}){0,4})",
    after=_END,
    sign=r"号[是为:： ]*\d{5}",
    words=("水号", "电号", "气号", "户号", "费号", "表号", "编号"),
)
"""By which a supplier of water, power, gas or heating knows the household."""

PATTERNS = (
    EMAIL, ID, SPACED_ID, ID_BY_WORD, GLUED_PHONES, PHONE_AND_YEAR, MOBILE, DOTTED_MOBILE, PERCENT_MOBILE,
    MOBILE_BY_WORD, TAIWAN_MOBILE, INTERNATIONAL_PHONE, AMERICAN_PHONE, GROUPED_PHONE, CARD, BANK_ACCOUNT,
    CALLER_LANDLINE, CITIZEN_LANDLINE, NAMED_LANDLINE, ENGLISH_PHONE, COLUMN_PHONE, PLATE, PLATE_BY_WORD,
    PLATE_BY_CAR, ACCOUNT, CUSTOMER_NUMBER, *NAMES,
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
def prefilter(author: Author, sought: tuple[PersonalPattern, ...] = PATTERNS) -> tuple[str, ...]:
    """Return RE2 of which one matches each text in which ``find_personal`` finds one of ``sought``.

    Names are sought apart: the automaton of all together outgrows the memory that RE2
    gives it, and takes ten times as long.
    """
    own = [pattern for pattern in sought if pattern.author in (None, author)]
    named = [pattern for pattern in own if pattern.kind is Kind.NAME]
    others = [pattern for pattern in own if pattern not in named]
    looks = ([FULL_WIDTH, *(p.necessary for p in others)], [p.necessary for p in named])
    return tuple("|".join(dict.fromkeys(look)) for look in looks if look)
