"""What is masked, and what must not be."""

import stat
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hotline_tools.errors import StoreError
from hotline_tools.privacy import (
    Author,
    Masker,
    find_personal,
    fingerprint,
    load_key,
    make_key,
    mask_text,
    prefilter,
    save_key,
)
from hotline_tools.privacy.checks import is_id_number, passes_luhn
from hotline_tools.privacy.patterns import PATTERNS, PLATE_BY_CAR
from hotline_tools.privacy.personal_pattern import PersonalPattern
from hotline_tools.privacy.spans import ANYWHERE

MASKED = [
    ("mobile", "我的电话13812345678。", "我的电话138********。"),
    ("mobile with country code", "电话+86 13812345678", "电话+86 138********"),
    ("mobile with gaps", "138-1234-5678", "138**********"),
    ("mobile in full-width digits", "电话１３８１２３４５６７８", "电话１３８********"),
    ("mobile after letters that mean a phone", "tel13812345678", "tel138********"),
    ("Taiwan mobile", "0912-345-678", "091*********"),
    ("Japanese mobile", "連絡先は090-1234-5678です", "連絡先は*************です"),
    ("Japanese landline", "電話 03-1234-5678 まで", "電話 ************ まで"),
    ("Korean landline", "전화 02-123-4567 로", "전화 *********** 로"),
    ("British landline", "ring 020 7946 0958 after six", "ring ************* after six"),
    ("British mobile", "on 07700 900123 please", "on ************ please"),
    ("Taiwan landline", "電話(02)2720-8889找我", "電話*************找我"),
    ("German landline", "an 030 9018 20000 bitte", "an ************** bitte"),
    ("French mobile", "au 06 12 34 56 78 merci", "au ************** merci"),
    ("Brazilian mobile without brackets", "para 41 9 9902-4567 ok", "para ************** ok"),
    ("Brazilian mobile", "telefone (11) 91234-5678", "telefone ***************"),
    ("identity number", "身份证210202198001011234，", "身份证" + "*" * 18 + "，"),
    ("identity number ending in X", "11010519491231002X", "*" * 18),
    ("old identity number", "身份证210202800101123", "身份证" + "*" * 15),
    ("bank card", "卡 6222020200112230000 ", None),
    ("bank card by its word", "卡号6217000130001234567", "卡号" + "*" * 19),
    ("e-mail", "发到zhang.san@163.com吧", "发到" + "*" * 17 + "吧"),
    ("plate", "车牌辽B12345挡路", "车牌辽B*****挡路"),
    ("green plate", "京AD12345停在门口", "京A******停在门口"),
    ("landline behind who called", "来电人刘*（0531-79577411）反映", "来电人刘*（*************）反映"),
    ("name and landline", "孙桂芳，0571-83626313，反映", "孙**，*************，反映"),
    ("surname that begins words", "市民赖永康致电称信赖政府", "市民赖**致电称信赖政府"),
    ("landline to be called back", "（回电0571-84217400，夏先生）", "（回电*************，夏先生）"),
    ("landline behind a hidden name", "乔**，0571-83626313，阳光", "乔**，*************，阳光"),
    ("English mobile by its word", "my mobile number is 9349887655 ok", "my mobile number is ********** ok"),
    ("English telephone by its word", "Tel: 022 28374655 pls", "Tel: ************ pls"),
    ("own landline", "我家电话0411-82345678", "我家电话" + "*" * 13),
    ("bank account of any kind by its word", "账户21201505810052506203", "账户" + "*" * 20),
    ("two phones without a gap", "电话0411-6266207618104283999(男)", "电话" + "*" * 24 + "(男)"),
    ("phone and the year below it", "电话139411287092018年6月", "电话" + "*" * 11 + "2018年6月"),
    ("mistyped identity number", "身份证号码21022219730208912合同", "身份证号码" + "*" * 17 + "合同"),
    ("chat account", "微信号：zhangsan88", "微信号：**********"),
    ("chat account called so", "QQ账号：12345678", "QQ账号：********"),
    ("chat account in disguise", "加V信abc12345", "加V信********"),
    ("another disguise", "薇信号：abc12345", "薇信号：********"),
    ("mobile with dots", "电话139.1234.5678。", "电话139**********。"),
    ("mobile with middle dots", "请打139·1234·5678", "请打139**********"),
    ("identity number in parts", "身份证110101 19900307 7758，", "身份证" + "*" * 20 + "，"),
    ("identity number with dashes", "我110101-19900307-7758", "我" + "*" * 20),
    ("identity number in four parts", "110101 1990 0307 7758", "*" * 21),
    ("mobile after an escaped colon", "tel%3A13912345678", "tel%3A139********"),
    ("mobile after an escaped blank", "电话%2013912345678", "电话%20139********"),
    ("mobile after an escaped plus", "%2B8613912345678", "%2B86139********"),
    ("mobile in an escaped link", "https://a.cn/?tel%3D13912345678", "https://a.cn/?tel%3D139********"),
    ("mobile escaped digit by digit", "%31%33%39%31%32%33%34%35%36%37%38", "%31%33%39" + "*" * 24),
    ("own landline with a wide dash", "我电话0531－88881234", "我电话" + "*" * 13),
    ("own landline in two parts", "我的电话是 0531-8888 1234", "我的电话是 " + "*" * 14),
    ("landline at home", "请回复我的宅电0531-88881234", "请回复我的宅电" + "*" * 13),
    ("fixed line", "固定电话：0531-88881234", "固定电话：" + "*" * 13),
    ("landline called a number", "固话已迁移，号码是053188881234", "固话已迁移，号码是" + "*" * 12),
    ("mobile a digit short", "电话1381234567，", "电话138*******，"),
    ("mobile a digit too long", "手机号：138123456789", "手机号：138*********"),
    ("Taiwan mobile with its country", "信義區+886912345678", "信義區+886*********"),
    ("Taiwan mobile with blanks", "請打0912 345 678", "請打091*********"),
    ("telephone of another country", "call +44 20 7946 0958", "call +44" + "*" * 13),
    ("American telephone", "call me at (816) 555-0143.", "call me at **************."),
    ("whom to contact", "Cleared. Contact 9845012345", "Cleared. Contact **********"),
    ("whom to call", "pls call me on 617 555 0139 thx", "pls call me on ************ thx"),
    ("a number of three parts", "Mob. No. 044-24567890", "Mob. No. ************"),
    ("American telephone with dots", "816.555.0143", "************"),
    ("plate without its province", "车牌号：B.H12A5，", "车牌号：B.*****，".replace(".", "*")),
    ("plate with another first character", "车牌号为某K0W123小车", "车牌号为某K*****小车"),
    ("plates of no province", "黑车某A12C45，某B12C46、某C12C47", "黑车某A*****，某B*****、某C*****"),
    ("plate of no province before its car", "某A12C45号出租车拒载", "某A*****号出租车拒载"),
    ("customer number of the water works", "（水号：1234567）", "（水号：*******）"),
    ("customer numbers of two flats", "给水号1234567和7654321", "给水号***************"),
    ("customer number of the grid", "用户编号：3100123456", "用户编号：**********"),
    ("trading account", "开户号：012345678901", "开户号：************"),
]
KEPT = [
    ("a line to call", "please call 311 or contact 12345"),
    ("what only ends like a call", "recall 20240101, graph 20240102"),
    ("a word that ends like one for a telephone", "the hotel 88881234 is loud"),
    ("days of another order", "01-02-2024至05-06-2025"),
    ("a number that is called one", "受理编号 010-1234-5678"),
    ("order number with letters", "工单G13812345678已转办"),
    ("order number", "工单编号13812345678"),
    ("order number that starts with a year", "编号202506031234567890"),
    ("compact date", "20250603办理"),
    ("time stamp", "20250603150501"),
    ("building", "12号楼3单元1802室"),
    ("version with dots", "版本1.38.1234.5678"),
    ("order number in parts", "编号110101-20240307-0012"),
    ("escaped time stamp", "t=%32%30%32%35%30%36%30%31%31%30%30"),
    ("amounts with dots", "收费139.12元、1381.5678元"),
    ("the fax of an office", "局传真0531-88881234"),
    ("hotline", "请拨打12345或96123"),
    ("400 number", "客服400-1234567"),
    ("office phone", "请咨询房管局，电话0411-83777777"),
    ("department e-mail", "邮箱fgw@dl.gov.cn"),
    ("unified social credit code", "统一社会信用代码913302196302022148"),
    ("parcel number", "圆通快递单号：802992191501011640"),
    ("phone to be dialled", "让我们打电话52345678回去咨询"),
    ("amount", "欠款138123456元"),
    ("coordinates", "(40.775434349303865, -73.74160068847428)"),
    ("anonymised place", "A市B2区C3小区"),
    ("a road with a letter", "新A区12栋"),
    ("phone of a shop", "店家电话0411-82345678"),
    ("phone in a register of firms", "组织机构代码号012345678电话：041182345678"),
    (
        "the same with another number behind it",
        "组织机构代码号012345678电话：041182345678业务员电话：041182345679",
    ),
    ("sum", "共计100+12345678元"),
    ("order number like a telephone", "order no 816-555-0143"),
    ("standard", "车库通风依据国标。符合gb56789"),
    ("grade of steel", "钢筋牌号HRB400E"),
    ("number of a house", "3号12345热线"),
    ("link", "http://xzfw.dl.gov.cn/detail.jspx?gdId=ff808081679c56900167ee8e3d4c24e7"),
]


@pytest.mark.parametrize(("why", "text", "expected"), MASKED, ids=[c[0] for c in MASKED])
def test_masked(why: str, text: str, expected: str | None) -> None:
    if expected is None:
        assert passes_luhn("6222020200112230000") == ("*" in mask_text(text))
    else:
        assert mask_text(text) == expected


@pytest.mark.parametrize(("why", "text"), KEPT, ids=[c[0] for c in KEPT])
def test_kept(why: str, text: str) -> None:
    assert mask_text(text) == text


INTRODUCED = [
    ("introduces himself", "您好，我叫赵春生，家住春晖路3号", "您好，我叫赵**，家住春晖路3号"),
    ("one character", "我叫钱朵，今年60岁", "我叫钱*，今年60岁"),
    ("two characters of surname", "本人叫欧阳春晖。", "本人叫欧阳**。"),
    ("the name of", "我的名字叫孙小圣，是业主", "我的名字叫孙**，是业主"),
    ("a label", "路灯不亮。联系人：李春晓 电话", "路灯不亮。联系人：李** 电话"),
    ("at the end", "此致敬礼 投诉人: 周冬至", "此致敬礼 投诉人: 周**"),
    ("a citizen calls", "市民吴小满来电反映停水", "市民吴**来电反映停水"),
    ("with a title", "市民刘白露女士来电咨询", "市民刘**女士来电咨询"),
    ("a surname that begins words", "市民石子涵来电，市民高晓明女士致电", "市民石**来电，市民高**女士致电"),
    ("a surname that is a particle, too", "市民于洪涛来电，居民任晓燕致电", "市民于**来电，居民任**致电"),
    ("a day before a call is no name", "市民于昨日来电，群众于上午致电", "市民于昨日来电，群众于上午致电"),
    ("wide blanks", "联系人：\u3000何立夏\u3000\u3000联系电话", "联系人：\u3000何**\u3000\u3000联系电话"),
    ("the next label", "投诉人：冯小寒投诉人地址：春晖路", "投诉人：冯**投诉人地址：春晖路"),
    ("how a call is taken down", "孙秋分来电反映：停水", "孙**来电反映：停水"),
    ("a surname that begins words", "高明来电咨询社保", "高*来电咨询社保"),
    (
        "in the second sentence",
        "【热线】于谷雨来电称停电。欧阳雪来信：",
        "【热线】于**来电称停电。欧阳*来信：",
    ),
    ("how a reply begins", "尊敬的陈立冬先生：您好！", "尊敬的陈**先生：您好！"),
    ("how a reply begins, shorter", "卫小雪同志，您好", "卫**同志，您好"),
    ("several", "举报人：郑谷雨；我叫王立秋。", "举报人：郑**；我叫王**。"),
    ("before a number", "何谷雨，13912345678，请问户口", "何**，139********，请问户口"),
    ("before a hidden number", "于立夏 138********，路灯", "于** 138********，路灯"),
    ("before a number that a platform hid", "李芒种（138****5678）", "李**（138****5678）"),
    ("behind a number", "138******** 张小满，请回电", "138******** 张**，请回电"),
    ("behind a number in brackets", "请联系13912345678（何立夏）", "请联系139********（何**）"),
    ("in a role before a number", "路灯不亮。举报人董立秋 13912345678", "路灯不亮。举报人董** 139********"),
    ("in a role before punctuation", "当事人白露露、报修人高霜，均在场", "当事人白**、报修人高*，均在场"),
    ("who states", "王立春陳情：巷口路燈不亮", "王**陳情：巷口路燈不亮"),
    ("a traditional surname", "張小雪陳情公園遊具，來電人劉白露反映", "張**陳情公園遊具，來電人劉**反映"),
    ("who complains", "秦霜举报：占道经营", "秦*举报：占道经营"),
    ("behind a role a surname that begins words", "来电人于立冬反映停水", "来电人于**反映停水"),
    ("the same with one character", "诉求人高霜反映，来电人何芒种咨询", "诉求人高*反映，来电人何**咨询"),
    ("in quotation marks", "网友“胡小满”APP反映；市民“赵谷雨先生”说", "网友“胡**”APP反映；市民“赵**先生”说"),
]
NO_NAMES = [
    ("hidden already", "市民王某某来电反映，联系人：李某，赵某来电，我叫张某某。"),
    ("surname and title", "市民王先生来电反映，联系人：吴总，投诉人：李女士。"),
    (
        "words that begin like a name",
        "市民向我们反映，业主何时来电咨询，居民于当天投诉，群众都在反映，村民常年投诉"
        "市民曾多次来电，业主方便时来电，居民高度关注致电，群众常常来电，村民白天来电",
    ),
    ("who calls is no name", "车主来电反映违停。房东来电咨询。高新区来电反映。孙先生来电投诉。商户来电："),
    ("inside a sentence", "方便来电咨询的时间，请于当天来电反映"),
    ("a call", "我叫他们马上来，我叫了救护车，物业叫我等"),
    ("who is greeted is no name", "李女士，您好！高新区居民，您好。全体业主同志，您好。请与张主任说您好"),
    ("a place", "联系人：高新区管委会，业主：金地花园二期居民"),
    (
        "words behind a role",
        "诉求人何时反映，来电人高度关注投诉，来电人于昨日反映，来电人和邻居反映，诉求人应依法投诉，诉求人曾电话咨询，来电人孙女反映",
    ),
    (
        "to whom it is told",
        "建议举报人向物业举报，来电人于网上咨询，诉求人任意反映，当事人解释，诉求人常年投诉",
    ),
    ("words beside a number", "139********，谢谢。138********，严重扰民。高峰 138********，安全 138********"),
    ("titles beside a number", "张工 138********，陈主管 138********，李女士，138********"),
    ("words in quotation marks", "群众“满意”，市民“安全”，网友“方便”"),
    ("subjects", "房产证咨询：怎么办\n高新区投诉：停水\n王女士反映：停电"),
    ("sure only before a bracket", "138******** 路车，近来多次"),
]


@pytest.mark.parametrize(("why", "text", "expected"), INTRODUCED, ids=[c[0] for c in INTRODUCED])
def test_the_given_name_of_a_person_is_masked(why: str, text: str, expected: str) -> None:
    assert mask_text(text) == mask_text(expected) == expected


@pytest.mark.parametrize(("why", "text"), NO_NAMES, ids=[c[0] for c in NO_NAMES])
def test_what_is_no_name_stays(why: str, text: str) -> None:
    assert mask_text(text) == text


def test_the_official_to_ask_stays_in_a_reply() -> None:
    text = "请与我局联系，联系人：李春晓，电话82345678"
    assert mask_text(text, "office") == text


TOLD = [
    ("（已电话告知程立秋）", "（已电话告知程**）"),
    ("（已电话告知于谷雨）", "（已电话告知于**）"),
    ("已致电告知王小满，其表示满意", "已致电告知王**，其表示满意"),
    ("电话联系了孙立夏女士，已回复孙立夏。", "电话联系了孙**女士，已回复孙**。"),
    ("已告知李科长，已告知王女士，已告知诉求人，已联系物业，已告知施工方", None),
    ("电话沟通了解到，已告知金诚已办理手续，（已联系万科）", None),
    ("请咨询李春晓 82345678，张谷雨，0531-82345678", None),
]


@pytest.mark.parametrize(("text", "expected"), TOLD, ids=[case[0] for case in TOLD])
def test_whom_an_office_tells_is_a_citizen(text: str, expected: str | None) -> None:
    assert mask_text(text, "office") == (expected or text)


def test_an_office_may_give_its_own_phone() -> None:
    text = "联系电话：0411-83777777"
    assert mask_text(text, "office") == text
    assert mask_text(text, "caller") == "联系电话：*************"
    for kept in (
        "请诉求人拨打经侦大队电话31234567咨询",
        "您可以拨打城东所电话87654321",
        "您直接拨打联系电话：0734—7237198",
    ):
        assert mask_text(kept, "office") == kept
    assert mask_text("已拨打您的电话82345678", "office") == "已拨打您的电话********"
    told = mask_text("已电话告知张芳（0531-83666257），请联系市住建局（0531-66605000）", "office")
    assert told == "已电话告知张*（*************），请联系市住建局（0531-66605000）"


def test_checks() -> None:
    assert is_id_number("110105194912310021")
    assert not is_id_number("990105194912310021")
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")


PIECES = st.sampled_from(
    ["我的电话", "13812345678", "0411-82345678", "联系方式是", "市民", "您的", "座机", " ",
     "，", "。", "身份证", "账号",
     "210202198001011234", "6222 0202 0011 2230", "zhang@163.com", "辽B12345", "微信",
     "abc123", "１３９", "12345678", "编号", "路灯不亮", "×", "(0411)", "－", "86", "（", "８２３４５６７８"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@example("微信１３９１３９", "caller")
@given(st.lists(PIECES, max_size=8).map("".join), st.sampled_from(["caller", "office"]))
def test_the_column_masks_as_the_text(text: str, author: str) -> None:
    masker = Masker(b"k" * 32)
    assert masker.mask(pa.array([text, None]), author).to_pylist() == [mask_text(text, author), None]  # type: ignore[arg-type]


READABLE_BEFORE = [
    (
        "more between the word and the account than the prefilter allowed",
        "微信号码是： zhang88888",
        "微信号码是： **********",
    ),
    ("the same with two colons", "QQ邮箱是::12345678", "QQ邮箱是::********"),
]


@pytest.mark.parametrize(("why", "text", "expected"), READABLE_BEFORE, ids=[c[0] for c in READABLE_BEFORE])
def test_a_column_masks_what_the_text_masks(why: str, text: str, expected: str) -> None:
    assert mask_text(text) == expected
    assert Masker(b"k" * 32).mask(pa.array([text])).to_pylist() == [expected]


FILLERS = st.text(st.sampled_from("号码是为：: \n（(+-—–的了A*，.x0"), max_size=10)
PERSONAL = st.one_of(
    [st.from_regex(pattern.match) for pattern in PATTERNS]
    + [st.from_regex(pattern.cue_before) for pattern in PATTERNS if pattern.cue]
)
"""Texts made from the patterns of the finder themselves."""


def is_let_through(text: str, patterns: tuple[str, ...]) -> bool:
    return any(pc.match_substring_regex(pa.scalar(text), pattern).as_py() for pattern in patterns)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(PIECES, FILLERS, PERSONAL), max_size=6).map("".join),
    st.sampled_from(["caller", "office"]),
)
def test_the_prefilter_lets_through_whatever_is_found(text: str, author: Author) -> None:
    if find_personal(text, author):
        assert is_let_through(text, prefilter(author))
    if not is_let_through(text, prefilter(author, ANYWHERE)):
        assert find_personal(text, author, anywhere=False) == find_personal(text, author)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.one_of(PIECES, FILLERS, PERSONAL), max_size=6).map("".join),
    st.sampled_from(["caller", "office"]),
)
def test_the_words_of_a_pattern_stand_in_whatever_it_finds(text: str, author: Author) -> None:
    found, asked = find_personal(text, author), PersonalPattern.may_be_in

    def may_be_in(pattern: PersonalPattern, where: str) -> bool:
        # a made-up plate beside a true one is sought only where cars are spoken of
        return pattern is not PLATE_BY_CAR or asked(pattern, where)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(PersonalPattern, "may_be_in", may_be_in)
        assert find_personal(text, author) == found


@settings(max_examples=200, deadline=None)
@example("zhang@163.com联系方式是0411-82345678")
@example("微信123abc电话82345678")
@given(st.lists(PIECES, max_size=8).map("".join))
def test_masking_twice_changes_nothing_more_and_keeps_the_length(text: str) -> None:
    once = mask_text(text)
    assert len(once) == len(text)
    assert mask_text(once) == once
    spans = find_personal(text)
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_caller_key() -> None:
    masker = Masker(b"k" * 32)
    same = ["13812345678", "+86 138-1234-5678", "138 1234 5678", "13812345678.0", "０"]
    keys = masker.caller_key(pa.array([*same, None])).to_pylist()
    assert len(set(keys[:4])) == 1
    assert keys[4] != keys[0]
    assert keys[5] is None
    assert Masker(b"x" * 32).caller_key(pa.array(same)).to_pylist()[0] != keys[0]
    assert "138" not in keys[0][:3]


def test_key_file(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "caller.key"
    key = make_key()
    save_key(key, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load_key(path) == key
    assert fingerprint(key) != fingerprint(make_key())
    assert fingerprint(key) not in key.hex()
    path.write_text("zz")
    with pytest.raises(StoreError, match="密钥读不出来"):
        load_key(path)
    path.write_text("ab")
    with pytest.raises(StoreError, match="长度不对"):
        load_key(path)


SIGNED = [pattern for pattern in PATTERNS if pattern.sign]


@pytest.mark.parametrize("pattern", SIGNED, ids=[pattern.core[:24] for pattern in SIGNED])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_sign_is_in_every_match(pattern: PersonalPattern, data: st.DataObject) -> None:
    text = data.draw(st.from_regex(pattern.match))
    cue = data.draw(st.from_regex(pattern.cue_before)) if pattern.cue else ""
    found = pattern.match.search(text)
    assert found is not None
    assert is_let_through(cue + text[found.start() :], (pattern.necessary,))
