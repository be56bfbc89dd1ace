"""What the values of a column say, over a sample of rows: how full and distinct, of which kind."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

import pyarrow as pa
import pyarrow.compute as pc

from hotline_tools.dates import CLOCK_CELL, COLUMN_TIME_CELL, DIGIT_CLOCK_CELL, EPOCH_CELL, WRITTEN_CLOCK
from hotline_tools.layouts.keys import code_of, value_key
from hotline_tools.surnames import COMPOUND_SURNAMES, SURNAMES

_NUMBER = r"^\s*-?\d[\d,]*(?:\.\d+)?\s*(?:次|天|个|件|%)?\s*$"
_PHONE = (
    r"^\s*(?:\+?86[- ]?)?(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|[2-9]\d{6,7}"
    r"|\(?\d{3}\)?[- .]\d{3}[- .]\d{4})\s*$"
)
_LINK = r"^\s*https?://"
_URGENT = (
    r"^\s*(?:\d[-_.、: ]*)?(?:(?:非常|特别|次|不|较|一般)?(?:紧急|急)(?:件|类|级)?|特急|平急|平件|加急"
    r"|重[要大]|普通(?:件)?|一般(?:件|类|级)?|常规|[高中低]|low|medium|middle|normal|moderate|high|urgent"
    r"|emergency|critical|routine|standard|non-?urgent)\s*$"
)
"""Words of urgency."""
_NEAR = 1000
"""How far numbers that are given one after the other lie apart."""
_STREET = r"(?:街道|街道办|办事处|镇|乡|街办)\s*$"
_MOSTLY = 0.9
"""Share of cells from which a column is of a shape."""
_TEXT, _VARIED = 10, 0.3
"""Mean characters and different values per filled cell from which cells are texts."""
_HOUSE = (
    r"^\s*(?:\p{Han}{4}.*(?:\d|[一二三四五六七八九十])(?:号|栋|幢|室|单元|弄|号楼)"
    r"|\d+[A-Z]? .*\b(?:st|street|ave|avenue|rd|road|blvd|dr|drive|ln|lane|ct|pl|way|hwy|pkwy|ter|cir)\b.*)"
    r"\s*$"
)
"""An address with its house."""
_STARS = r"^\s*[*＊×xX#]{3,}\s*$"
_OBJECT = r"^\s*[\[{]"
_CODE = r"^\s*[A-Za-z0-9_\-#/.]*\d[A-Za-z0-9_\-#/.]*\s*$"
_ABBREVIATION = r"^\s*[A-Z]{2,6}\s*$"
_IDENTITY = r"^\s*(?:\d{15}|\d{17}[\dXx])\s*$"
_OF_ADULTS = r"^\s*[1-9]\d{5}(?:19\d\d|200\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\s*$"
"""Identity numbers by the day of birth: a number of an order that begins with its area has a later day."""
_PERSON = (
    rf"^\s*(?:(?:{COMPOUND_SURNAMES}|[{SURNAMES}])(?:[\p{{Han}}*＊]{{1,2}}|某{{1,2}})|.*[*＊].*"
    r"|\p{Han}{1,4}(?:先生|女士|小姐|同志)|[A-Z][a-z]+(?: [A-Z][a-z.]*)+|[A-Z][a-z]+, [A-Z][a-z]+)\s*$"
)
"""张三, 张*, 王女士, Ann Lee."""
_SURNAME = rf"(?:{COMPOUND_SURNAMES}|[{SURNAMES}])"
_PLACE_ENDS = "区县市镇乡村路街里园局处科所站队厅办社巷道河桥楼店城"
_CITIZEN = (
    rf"^\s*{_SURNAME}(?:\p{{Han}}?[^\P{{Han}}{_PLACE_ENDS}]|\p{{Han}}?[*＊某]+"
    r"|\p{Han}{0,2}(?:先生|女士|小姐|同志))\s*$"
)
"""张三, 张*, 王女士, but not 高新区: for columns whose header does not say that they are of people."""
_SENTENCE = r"(?:\p{Han}.*){6}|[\p{Hiragana}\p{Katakana}\p{Hangul}].{7}|(?:\S+\s+){4}\S"
"""Words enough to say something: six of Han, or five between blanks. Places and names have fewer."""
_ANSWER = (
    r"收悉|[您你](?:反映|来信|咨询|留言|投诉)|(?:答复|回复|回答)如下|[您你]的(?:留言|来信|诉求|问题|投诉|建议|意见)"
    r"|感谢[您你]|经(?:我|查|核|调|了解|现场)|(?:工作|执法|维修)人员(?:已|现场|到|赴|前往|上门)"
    r"|^\s*(?:目前)?已(?:安排|联系|责令|要求|督促|派|组织|约谈|整改|处理|修复)"
)
"""What who answers a citizen writes."""
_UNIT = (
    r"(?:局|委|办|办公室|办事处|处|科|站|所|大队|支队|中队|中心|公司|集团|街道|镇|乡|政府)\s*$"
    r"|(?i:\b(?:department|dept|bureau|division|public works|services|agency|authority|office|utility)\b)"
)
"""Names of units."""
_MANY_KINDS = 0.8
"""Different values per filled cell from which names are not of a few units."""
_RATED = r"^\s*(?:(?:非常|很|十分|基本|比较|较)?(?:不)?满意)\s*$"
_RATING = (
    rf"{_RATED}|^\s*(?:未|不予?|拒绝?|暂无)(?:评价?|接通?|回访)\s*$|^\s*(?:一般|无法联系|无人接听|弃权)\s*$"
)
_STATE = (
    r"^\s*(?:(?:已|未|待|正在)(?:办结|办理|处理|处置|回复|答复|完成|受理|解决|结案|签收|派单|分派|审核|反馈)"
    r"|(?:办理|处理|受理|处置|进行|整改)中|办结|结案|完结|在办"
    r"|open|closed(?: with .*| - .*)?|untimely .*|pending|in progress|resolved|new|assigned|completed"
    r"|abierto|cerrado|en proceso|pendiente|resuelto)\s*$"
)
"""Words of how far an order has come."""
_CHANNEL = (
    r"^\s*(?:来?电话?|热线|\d{5}(?:热线|电话)?|人工电话|语音|微信|微博|(?:微信)?公众号|(?:微信)?小程序|抖音"
    r"|网站|门户网站|网络|网上|网页|互联网|手机|手机端|移动端|.{0,6}app|短信|邮件|电子邮件|邮箱|.{0,4}信箱"
    r"|来信|信件|信函|来访|走访|现场|窗口|现场窗口|传真|留言|在线留言|自助|自助终端"
    r"|(?:上级|部门|领导)(?:转[送办交]|交办|批示)|媒体|(?:311|12345)[- ]?\w+"
    r"|phone|telephone|call(?: ?in)?|web|website|web ?form|online|internet|portal|e-?mail|mail|letter"
    r"|mobile(?: app)?|walk-?in|in ?person|counter|twitter|facebook|social ?media|api|fax|sms|text|chat"
    r"|whatsapp|kiosk)(?:渠道|方式|途径|反映|投诉|受理|上报|来源)?\s*$"
)
"""Words of how an order came in."""
_YES_NO = r"^\s*(?:是|否|有|无|y|n|yes|no|true|false|0|1|不?保密|不?回复)\s*$"
_ID = r"^\s*[\w\-#/()（）〔〕\[\]年第号]{1,40}\s*$"


@cache
def _years_to_come(now: int) -> str:
    """Return the pattern of the years from the one after next on, up to 2199."""
    return rf"^\s*(?:{'|'.join(map(str, range(now + 2, 2200)))})\D"


@dataclass(frozen=True)
class Values:
    """A column of text cells; shares are of the filled cells unless said."""

    column: pa.Array
    """Filled cells alone."""
    rows: int

    @classmethod
    def of(cls, column: pa.ChunkedArray | pa.Array, placeholders: AbstractSet[str] = frozenset()) -> "Values":
        """Take the filled cells of a column; blanks count as empty, and so do ``placeholders`` (folded)."""
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        trimmed = pc.utf8_trim_whitespace(pc.cast(whole, pa.string()))
        filled = trimmed.filter(pc.fill_null(pc.not_equal(trimmed, ""), False))
        kinds = filled.unique()
        short = kinds.filter(pc.less_equal(pc.utf8_length(kinds), max(map(len, placeholders), default=0)))
        nothing = [text for text in short.to_pylist() if value_key(text) in placeholders]
        if nothing:
            says = pc.invert(pc.is_in(filled, value_set=pa.array(nothing, pa.string())))
            filled = filled.filter(says)
        return cls(filled, len(whole))

    @property
    def count(self) -> int:
        """Filled cells."""
        return len(self.column)

    @property
    def fill(self) -> float:
        """Share of rows that are filled."""
        return self.count / self.rows if self.rows else 0.0

    @cached_property
    def distinct(self) -> int:
        """Different values."""
        return len(self.column.unique())

    @cached_property
    def distinct_share(self) -> float:
        """Different values per filled cell."""
        return self.distinct / self.count if self.count else 0.0

    @cached_property
    def length(self) -> float:
        """Mean length: Han characters count one, other texts by words of five letters."""
        if not self.count:
            return 0.0
        return float(pc.mean(pc.utf8_length(self.column)).as_py())

    @cached_property
    def words(self) -> float:
        """Share of cells that hold words: two characters of Han, kana or Hangul, or three letters."""
        return self.share(r"[\p{Han}\p{Hangul}\p{Hiragana}\p{Katakana}]{2}|[\p{L}\p{M}]{3}")

    def share(self, pattern: str, *, ignore_case: bool = True) -> float:
        """Return the share of cells that match an RE2 pattern."""
        if not self.count:
            return 0.0
        found = pc.match_substring_regex(self.column, pattern, ignore_case=ignore_case)
        return float(pc.sum(found).as_py()) / self.count

    @cached_property
    def times(self) -> float:
        """Share of cells that read as a day, with or without a clock."""
        return self.share(COLUMN_TIME_CELL)

    @cached_property
    def epochs(self) -> float:
        """Share of cells that are seconds or milliseconds since 1970."""
        return self.share(EPOCH_CELL)

    @cached_property
    def future(self) -> float:
        """Share of cells that begin with a year still to come: those of another calendar do."""
        return self.share(_years_to_come(date.today().year))

    @cached_property
    def clocks(self) -> float:
        """Share of cells that are a time of day alone."""
        return self.share(CLOCK_CELL)

    @cached_property
    def digit_clocks(self) -> float:
        """Share of cells whose digits can be a time of day."""
        return self.share(DIGIT_CLOCK_CELL)

    @cached_property
    def clocked(self) -> float:
        """Share of cells with a written clock, beside a day or alone."""
        return self.share(WRITTEN_CLOCK)

    @cached_property
    def numbers(self) -> float:
        """Share of cells that are one number."""
        return self.share(_NUMBER)

    @cached_property
    def phones(self) -> float:
        """Share of cells that are one telephone number."""
        return self.share(_PHONE)

    @cached_property
    def counts_on(self) -> bool:
        """Whether the cells are numbers close together, as those that are given one after the other."""
        numbers = [int(text) for text in self.column.to_pylist() if text and text.strip().isdecimal()]
        return bool(numbers) and max(numbers) - min(numbers) <= _NEAR * len(numbers)

    @cached_property
    def links(self) -> float:
        """Share of cells that are a web address."""
        return self.share(_LINK)

    @cached_property
    def stars(self) -> float:
        """Share of cells that the platform masked whole."""
        return self.share(_STARS)

    @cached_property
    def objects(self) -> float:
        """Share of cells that are a list or an object, in any notation."""
        return self.share(_OBJECT)

    @cached_property
    def identities(self) -> float:
        """Share of cells that are the identity number of a grown person."""
        return self.share(_OF_ADULTS)

    @cached_property
    def codes(self) -> float:
        """Share of cells that are a code, digits among Latin letters, but no identity number."""
        return self.share(_CODE) - self.share(_IDENTITY)

    @cached_property
    def abbreviations(self) -> float:
        """Share of cells of a few capital letters: of a unit, or a person's name written large."""
        return self.share(_ABBREVIATION, ignore_case=False)

    @cached_property
    def units(self) -> float:
        """Share of cells that are the name of a unit."""
        return self.share(_UNIT, ignore_case=False)

    @cached_property
    def people(self) -> float:
        """Share of cells that are a person's name, whole or masked."""
        return self.share(_PERSON, ignore_case=False)

    @cached_property
    def citizens(self) -> float:
        """Share of cells that are the name of a Chinese person and can hardly be anything else."""
        return self.share(_CITIZEN, ignore_case=False)

    @cached_property
    def sentences(self) -> float:
        """Share of cells of words enough to say what happened."""
        return self.share(_SENTENCE)

    @cached_property
    def answers(self) -> float:
        """Share of cells that speak to a citizen as an office does."""
        return self.share(_ANSWER)

    @cached_property
    def yes_no(self) -> float:
        """Share of cells that say yes or no."""
        return self.share(_YES_NO)

    @cached_property
    def id_like(self) -> float:
        """Share of cells that have the shape of a number or code."""
        return self.share(_ID)

    def known(self, words: Mapping[str, str]) -> float:
        """Return the share of cells whose folded text is one of ``words``."""
        if not self.count:
            return 0.0
        counted = self.column.value_counts().to_pylist()
        known = (pair["counts"] for pair in counted if code_of(pair["values"], words))
        return float(sum(known)) / self.count

    @cached_property
    def shapes(self) -> frozenset[str]:
        """What the cells are all like, where that says more than a name: words of urgency, names of streets
        as parts of a district (街道、镇、乡), texts of their own, whole addresses, telephones, states of
        an order, ways of calling, ratings, units, a number for each row.
        """
        urgent = self.distinct > 1 and self.share(_URGENT) > _MOSTLY
        streets = self.share(_STREET) > _MOSTLY
        texts = self.words > _MOSTLY and self.length >= _TEXT and self.distinct_share > _VARIED
        units = self.units + self.abbreviations > _MOSTLY and self.distinct_share < _MANY_KINDS
        states = self.share(_STATE) > _MOSTLY
        shapes = (
            ("urgent", urgent),
            ("streets", streets),
            ("texts", texts),
            ("states", states),
            ("addresses", self.share(_HOUSE) > _MOSTLY and self.distinct_share > _VARIED),
            ("phones", self.phones > _MOSTLY),
            ("channels", self.distinct > 1 and self.share(_CHANNEL) > _MOSTLY),
            ("ratings", self.share(_RATED) > 0 and self.share(_RATING) > _MOSTLY),
            ("units", units),
            ("numbers", self.codes > _MOSTLY and self.count > 1 and self.distinct == self.count),
        )
        return frozenset(name for name, is_so in shapes if is_so)
