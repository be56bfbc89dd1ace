"""What single cells look like: RE2 patterns, of whole cells unless said."""

from hotline_tools.surnames import COMPOUND_SURNAMES, SURNAMES

NUMBER = r"^\s*-?\d[\d,]*(?:\.\d+)?\s*(?:次|天|个|件|%)?\s*$"
PHONE = (
    r"^\s*(?:\+?86[- ]?)?(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|[2-9]\d{6,7}|[6-9]\d{9}"
    r"|\(?\d{3}\)?[- .]\d{3}[- .]\d{4})\s*$"
)
DATED = r"^\s*1\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{5}\s*$"
"""Eleven digits that begin with a day: 16050100033 is the number of an order, whatever else it looks like."""
LINK = r"^\s*https?://"
URGENT = (
    r"^\s*(?:\d[-_.、: ]*)?(?:(?:非常|特别|次|不|较|一般)?(?:紧急|急)(?:件|类|级)?|特急|平急|平件|加急"
    r"|重[要大]|普通(?:件)?|一般(?:件|类|级)?|常规|[高中低]|low|medium|middle|normal|moderate|high|urgent"
    r"|emergency|critical|routine|standard|non-?urgent)\s*$"
)
"""Words of urgency."""
STREET = r"(?:街道|街道办|办事处|镇|乡|街办)\s*$"
ROAD = (
    r"(?i)\b(?:st|street|ave?|avenue|rd|road|blvd|boulevard|drive|ln|lane|hwy|highway|pkwy)\.?\s*$"
    r"|^\s*(?:\d+\S* +)?(?:rue|calle|avenida|avda|rua)\b"
)
"""A road, and no part of a district."""
HOUSE = (
    r"^\s*(?:\p{Han}{4}.*(?:\d|[一二三四五六七八九十])(?:号|栋|幢|室|单元|弄|号楼)"
    r"|\d+[A-Z]? .*\b(?:st|street|ave|avenue|rd|road|blvd|dr|drive|ln|lane|ct|pl|way|hwy|pkwy|ter|cir)\b.*)"
    r"\s*$"
)
"""An address with its house."""
STARS = r"^\s*[*＊×xX#]{3,}\s*$"
OBJECT = r"^\s*[\[{]"
CODE = r"^\s*[A-Za-z0-9_\-#/.]*\d[A-Za-z0-9_\-#/.]*\s*$"
ABBREVIATION = r"^\s*[A-Z]{2,6}\s*$"
IDENTITY = r"^\s*(?:\d{15}|\d{17}[\dXx])\s*$"
OF_ADULTS = r"^\s*[1-9]\d{5}(?:19\d\d|200\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]\s*$"
"""Identity numbers by the day of birth: a number of an order that begins with its area has a later day."""
PERSON = (
    rf"^\s*(?:(?:{COMPOUND_SURNAMES}|[{SURNAMES}])(?:[\p{{Han}}*＊]{{1,2}}|某{{1,2}})|.*[*＊].*"
    r"|\p{Han}{1,4}(?:先生|女士|小姐|同志)|[A-Z][a-z]+(?: [A-Z][a-z.]*)+|[A-Z][a-z]+, [A-Z][a-z]+)\s*$"
)
"""张三, 张*, 王女士, Ann Lee."""
SURNAME = rf"(?:{COMPOUND_SURNAMES}|[{SURNAMES}])"
PLACE_ENDS = "区县市镇乡村路街里园局处科所站队厅办社巷道河桥楼店城"
CITIZEN = (
    rf"^\s*{SURNAME}(?:\p{{Han}}?[^\P{{Han}}{PLACE_ENDS}]|\p{{Han}}?[*＊某]+"
    r"|\p{Han}{0,2}(?:先生|女士|小姐|同志))\s*$"
)
"""张三, 张*, 王女士, but not 高新区: for columns whose header does not say that they are of people."""
SENTENCE = r"(?:\p{Han}.*){6}|[\p{Hiragana}\p{Katakana}\p{Hangul}].{7}|(?:\S+\s+){4}\S"
"""Words enough to say something: six of Han, or five between blanks. Places and names have fewer."""
ANSWER = (
    r"收悉|[您你](?:反映|来信|咨询|留言|投诉)|(?:答复|回复|回答)如下|[您你]的(?:留言|来信|诉求|问题|投诉|建议|意见)"
    r"|感谢[您你]|经(?:我|查|核|调|了解|现场)|(?:工作|执法|维修)人员(?:已|现场|到|赴|前往|上门)"
    r"|^\s*(?:目前)?已(?:安排|联系|责令|要求|督促|派|组织|约谈|整改|处理|修复)"
)
"""What who answers a citizen writes."""
UNIT = (
    r"(?:局|委|办|办公室|办事处|处|科|站|所|大队|支队|中队|中心|公司|集团|街道|镇|乡|政府)\s*$"
    r"|(?i:\b(?:department|dept|bureau|division|public works|services|agency|authority|office|utility)\b)"
)
"""Names of units."""
RATED = r"^\s*(?:(?:非常|很|十分|基本|比较|较)?(?:不)?满意)\s*$"
RATING = (
    rf"{RATED}|^\s*(?:未|不予?|拒绝?|放弃|暂无)(?:评价?|接通?|回访)\s*$"
    r"|^\s*(?:一般|无法联系|无人接听|弃权)\s*$"
)
STATE = (
    r"^\s*(?:(?:已|未|待|正在)(?:办结|办理|处理|处置|回复|答复|完成|受理|解决|结案|签收|派单|分派|审核|反馈)"
    r"|(?:办理|处理|受理|处置|进行|整改)中|办结|结案|完结|在办"
    r"|open|closed(?: with .*| - .*)?|untimely .*|pending|in progress|resolved|new|assigned|completed"
    r"|abierto|cerrado|en proceso|pendiente|resuelto)\s*$"
)
"""Words of how far an order has come."""
CHANNEL = (
    r"^\s*(?:来?电话?|热线|\d{5}(?:热线|电话)?|人工电话|语音|微信|微博|(?:微信)?公众号|(?:微信)?小程序|抖音"
    r"|网站|门户网站|网络|网上|网信|网上信访|网页|互联网|手机|手机端|移动端|.{0,6}app|短信|邮件|电子邮件|邮箱|.{0,4}信箱"
    r"|来信|信件|信函|来访|上访|走访|现场|窗口|现场窗口|传真|留言|在线留言|自助|自助终端"
    r"|(?:上级|部门|领导)(?:转[送办交]|交办|批示)|媒体|(?:311|12345)[- ]?\w+"
    r"|phone|telephone|call(?: ?in)?|web|website|web ?form|online|internet|portal|e-?mail|mail|letter"
    r"|mobile(?: app)?|walk-?in|visit|in ?person|counter|twitter|facebook|social ?media|api|fax|sms|text|chat"
    r"|whatsapp|kiosk)(?:渠道|方式|途径|反映|投诉|受理|上报|来源)?\s*$"
)
"""Words of how an order came in."""
YES_NO = r"^\s*(?:是|否|有|无|y|n|yes|no|true|false|0|1|不?保密|不?回复)\s*$"
ID = r"^\s*['‘’`=\"]*[\w\-#/()（）〔〕\[\]年第号]{1,40}\s*$"
