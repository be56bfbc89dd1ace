"""Names in running text, where what stands beside them tells that they are a citizen's."""

from hotline_tools.privacy.personal_pattern import Kind, PersonalPattern

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
