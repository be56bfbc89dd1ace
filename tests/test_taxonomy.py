"""Taxonomies: the built-in one is whole, a user's file is read or refused with every mistake named."""

from pathlib import Path

import pytest
import xlsxwriter

from hotline_tools.errors import DataFileError
from hotline_tools.taxonomy import (
    DEFAULT_PATH,
    default_taxonomy,
    load_request_cues,
    load_rules,
    load_taxonomy,
)

LEVEL_ONE = [
    "物业管理",
    "住房与房产",
    "征收拆迁与土地",
    "城市管理",
    "市容环卫",
    "市政设施",
    "供水供电供气供热",
    "公共交通与运输",
    "交通管理",
    "生态环境",
    "噪声扰民",
    "园林绿化",
    "市场监管与消费",
    "食品药品安全",
    "教育",
    "医疗卫生",
    "劳动就业",
    "社会保障",
    "民政与社区",
    "公共安全",
    "农业农村",
    "文体旅游",
    "金融财税",
    "通信邮政",
    "政务服务与效能",
    "经济与科技",
    "其他",
]


def test_default_has_the_27_classes_in_order() -> None:
    taxonomy = load_taxonomy()
    assert list(taxonomy.names) == LEVEL_ONE
    assert [c.code for c in taxonomy.categories] == [f"{i:02d}" for i in range(1, 27)] + ["99"]
    assert taxonomy.depth == 2
    assert taxonomy.label == "诉求分类 1"


def test_default_is_rich_enough_and_every_class_is_described() -> None:
    taxonomy = default_taxonomy()
    words = {word for node in taxonomy.walk() for word in node.terms}
    assert len(words) >= 4000
    for node in taxonomy.walk():
        assert node.definition, node.key
        if not node.children and node.path[0] != "其他":
            assert len(node.terms) >= 25, node.key


def test_default_rules_and_cues_load() -> None:
    rules = load_rules(default_taxonomy())
    assert len(rules.shifts) >= 20
    assert "不是" in rules.negators
    assert set(load_request_cues()) == {"咨询", "求助", "投诉", "举报", "建议", "表扬", "其他"}


def test_a_copied_and_edited_folder_is_a_taxonomy(tmp_path: Path) -> None:
    (tmp_path / "taxonomy.toml").write_text('name = "本市"\nversion = "3"\n', encoding="utf-8")
    source = (DEFAULT_PATH / "14-food-drug.toml").read_text(encoding="utf-8")
    (tmp_path / "14.toml").write_text(source, encoding="utf-8")
    (tmp_path / "rules.toml").write_text(
        '[[shift]]\nwhy = "测"\nwhen = "学校"\nand = "食堂"\nto = "食品药品安全/餐饮卫生"\n', encoding="utf-8"
    )
    taxonomy = load_taxonomy(tmp_path)
    assert taxonomy.label == "本市 3"
    assert [c.name for c in taxonomy.leaves()] == ["餐饮卫生", "食品质量", "药品与医疗器械", "化妆品保健品"]
    assert load_rules(taxonomy).shifts[0].to == "食品药品安全/餐饮卫生"


def test_a_rule_for_an_unknown_class_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('name = "甲"\n', encoding="utf-8")
    (tmp_path / "rules.toml").write_text(
        '[[shift]]\nwhy = "测"\nwhen = "a"\nand = "b"\nto = "乙"\n', encoding="utf-8"
    )
    with pytest.raises(DataFileError, match="不存在的类别 乙"):
        load_rules(load_taxonomy(tmp_path))


def write_xlsx(path: Path, rows: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    return path


def test_csv_with_three_levels(tmp_path: Path) -> None:
    file = tmp_path / "本市分类.csv"
    text = "一级分类,二级分类,三级分类\n城建,道路,井盖\n城建,道路,路灯\n城建,供水,\n教育,,\n"
    file.write_bytes(text.encode("gb18030"))
    taxonomy = load_taxonomy(file)
    assert taxonomy.name == "本市分类"
    assert [c.key for c in taxonomy.leaves()] == ["城建/道路/井盖", "城建/道路/路灯", "城建/供水", "教育"]
    assert taxonomy.find("城建/道路").name == "道路"


def test_xlsx_with_keywords_and_codes(tmp_path: Path) -> None:
    rows = [
        ["编码", "一级类别", "关键词", "说明"],
        [1, "道路", "井盖、路灯 坑洼", "修路"],
        [2, "供水", "停水;WIFI", ""],
    ]
    taxonomy = load_taxonomy(write_xlsx(tmp_path / "t.xlsx", rows))
    assert [(c.code, c.name) for c in taxonomy.categories] == [("1", "道路"), ("2", "供水")]
    assert dict(taxonomy.find("道路").terms) == {"井盖": 2.0, "路灯": 2.0, "坑洼": 2.0}
    assert "wifi" in taxonomy.find("供水").terms
    assert taxonomy.find("道路").definition == "修路"


def test_csv_with_parent_codes(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("编码,名称,上级\n1,城建,\n11,道路,1\n111,井盖,11\n", encoding="utf-8")
    assert [c.key for c in load_taxonomy(file).leaves()] == ["城建/道路/井盖"]


def test_toml_in_one_file(tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    file.write_text(
        'name = "测"\n[[category]]\nname = "道路"\nkeywords = ["井盖", "路灯"]\npatterns = ["路+坑"]\n'
        '[[category.subcategory]]\nname = "路灯"\n',
        encoding="utf-8",
    )
    taxonomy = load_taxonomy(file)
    assert [c.key for c in taxonomy.walk()] == ["道路", "道路/路灯"]
    assert str(taxonomy.find("道路").patterns[0]) == "路+坑"


BAD = [
    ("duplicate", "t.csv", "一级分类,二级分类\n甲,乙\n甲,乙\n", "第 3 行与第 2 行重复"),
    ("gap in the levels", "t.csv", "一级分类,二级分类\n,乙\n", "类别名为空"),
    ("cycle", "t.csv", "编码,名称,上级\n1,甲,2\n2,乙,1\n", "成环"),
    ("parent that is missing", "t.csv", "编码,名称,上级\n1,甲,9\n", "上级不存在"),
    ("header only", "t.csv", "一级分类,二级分类\n", "没有任何类别"),
    ("empty file", "t.csv", "", "文件是空的"),
    ("no level column", "t.csv", "时间,地点\n1,2\n", "没有类别列"),
    ("broken toml", "t.toml", "name = \n", "不是有效的 TOML"),
    ("empty class in toml", "t.toml", '[[category]]\nname = "甲"\nsubcategory = []\n', "是空的"),
    ("word twice", "t.toml", '[[category]]\nname = "甲"\nterms = "水 水"\n', "词语重复"),
    ("unknown key", "t.toml", '[[category]]\nname = "甲"\nwordz = "水"\n', "不认识的项 wordz"),
    ("cycle in toml", "t.toml", '[[category]]\nname = "甲"\nparent = "甲"\n', "成环"),
    ("not an xlsx", "t.xlsx", "PNG", "不是能读的 Excel"),
    ("other format", "t.pdf", "x", "不认识的分类体系格式"),
]


@pytest.mark.parametrize(("what", "name", "text", "message"), BAD, ids=[b[0] for b in BAD])
def test_a_bad_taxonomy_is_refused_in_one_line(
    tmp_path: Path, what: str, name: str, text: str, message: str
) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError, match=message) as error:
        load_taxonomy(file)
    assert "\n" not in str(error.value)


def test_all_mistakes_are_named_together(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("一级分类,二级分类\n甲,乙\n甲,乙\n,丙\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="2 处错误") as error:
        load_taxonomy(file)
    assert "第 3 行" in str(error.value)
    assert "第 4 行" in str(error.value)


def test_all_mistakes_of_a_toml_file_are_named_with_their_keys(tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    file.write_text(
        'nmae = "测"\n[[category]]\nname = "甲"\nterms = "水 水"\npatterns = 3\n'
        '[[category.subcategory]]\nname = "乙"\nstrnog = "火"\nsubcategory = []\n'
        '[[category]]\nname = "丙"\nkeywords = ["土", true]\n[[category]]\nname = "丁"\n'
        '[[category]]\nname = "丁"\n',
        encoding="utf-8",
    )
    with pytest.raises(DataFileError, match="7 处错误") as error:
        load_taxonomy(file)
    for said in (
        "不认识的项 nmae，是不是 name？",
        "第 1 个 category 甲：terms：词语重复（水）",
        "第 1 个 category 甲：patterns 须是列表，不能是 3",
        "第 1 个 category 甲：不认识的项 subcategory[1].strnog，是不是 strong？",
        "第 1 个 category 甲：subcategory[1].subcategory：是空的",
        "第 2 个 category 丙：keywords[2] 须是文字，不能是 True",
        "第 4 个 category 与第 3 个 category 重复（丁）",
    ):
        assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('category = "甲"\n', "category 须是列表", id="no list of categories"),
        pytest.param('category = ["甲"]\n', "category[1] 须是表", id="a name for a table"),
        pytest.param('[[category]]\nname = ["甲"]\n', "name 须是文字", id="a list for a name"),
        pytest.param('[[category]]\nname = "甲"\nterms = 1\n', "terms 须是列表", id="a number for words"),
        pytest.param(
            '[[category]]\nname = "甲"\nsubcategory = ["乙"]\n', "subcategory[1] 须是表", id="a name below"
        ),
        pytest.param(
            '[[category]]\nname = "甲"\nparent = "乙"\n[[category]]\nname = "乙"\nterms = 1\n',
            "1 处错误",
            id="a parent that cannot be read is not also missing",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "t.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as error:
        load_taxonomy(file)
    assert said in str(error.value)


def test_a_number_may_stand_for_its_digits(tmp_path: Path) -> None:
    file = tmp_path / "t.toml"
    file.write_text(
        'version = 2\n[[category]]\ncode = 7\nname = "热线"\nkeywords = [12345, "热线 电话"]\n', "utf-8"
    )
    taxonomy = load_taxonomy(file)
    assert (taxonomy.label, taxonomy.categories[0].code) == ("t 2", "7")
    assert list(taxonomy.categories[0].terms) == ["12345", "热线 电话"]


def test_a_folder_names_the_file_of_each_mistake(tmp_path: Path) -> None:
    (tmp_path / "taxonomy.toml").write_text("verison = 1\n", encoding="utf-8")
    (tmp_path / "a.toml").write_text('name = "甲"\nweek = "水"\n', encoding="utf-8")
    with pytest.raises(DataFileError) as error:
        load_taxonomy(tmp_path)
    assert "taxonomy.toml 不认识的项 verison，是不是 version？" in str(error.value)
    assert "a.toml 甲：不认识的项 week，是不是 weak？" in str(error.value)


def test_all_mistakes_of_the_rules_are_named_with_their_keys(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('name = "物业管理"\n', encoding="utf-8")
    (tmp_path / "rules.toml").write_text(
        'negaters = "不是"\n[[shift]]\nwhy = "测"\nwhen = "a"\nto = "物业管里"\n'
        'away = ["物业管理", "乙"]\nweight = "重"\n',
        encoding="utf-8",
    )
    with pytest.raises(DataFileError) as error:
        load_rules(load_taxonomy(tmp_path))
    assert str(error.value).startswith(str(tmp_path / "rules.toml"))
    for said in (
        "negaters 不认识，是不是 negators？",
        "缺 shift[1].and",
        "shift[1].to：规则“测”提到不存在的类别 物业管里，是不是 物业管理？",
        "shift[1].away：规则“测”提到不存在的类别 乙",
        "shift[1].weight 须是数",
    ):
        assert said in str(error.value)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(DataFileError, match="找不到"):
        load_taxonomy("没有/这个.csv")
