"""Settings: which source wins, where each value comes from, mistakes, and a file that nobody named."""

import json
from pathlib import Path

import pytest

from cli import hotline
from hotline_tools.errors import DataFileError
from hotline_tools.settings import Settings, load_settings, read_configuration


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HOTLINE_{name.upper()}", raising=False)
    return tmp_path


def shown(desk: Path, *options: str) -> dict[str, tuple[str, str]]:
    ran = hotline(*options, "config", "show", "--format", "json", cwd=desk)
    assert ran.code == 0, ran.err
    return {row["key"]: (row["value"], row["origin"]) for row in json.loads(ran.out)["rows"]}


def test_option_before_environment_before_file_before_default(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk / "hotline.toml").write_text('store = "甲"\nprofile = "three-rates"\nissuer = "市办"\n', "utf-8")
    monkeypatch.setenv("HOTLINE_STORE", "乙")
    monkeypatch.setenv("HOTLINE_PROFILE", "default")
    found = shown(desk, "--store", "丙")
    assert set(found) == set(Settings.model_fields)
    assert found["store"] == ("丙", "选项 --store")
    assert found["profile"] == ("default", "环境变量 HOTLINE_PROFILE")
    assert found["issuer"] == ("市办", "hotline.toml：issuer")
    assert found["lock_timeout_seconds"] == ("60.0", "默认")
    assert shown(desk)["store"] == ("乙", "环境变量 HOTLINE_STORE")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_of_notepad_are_read(desk: Path, encoding: str) -> None:
    (desk / "hotline.toml").write_bytes('issuer = "某市热线办"\r\nstore = "库"\r\n'.encode(encoding))
    assert shown(desk)["issuer"] == ("某市热线办", "hotline.toml：issuer")


WRONG = [
    ("a key that is none", 'stor = "a"', "hotline.toml：配置有误：stor 不认识，是不是 store？"),
    ("a wrong type", 'engine_threads = "two"', "engine_threads 须是整数"),
    ("too small", "engine_threads = 0", "engine_threads：须不小于 1"),
    ("no size", 'engine_memory = "much"', "engine_memory：须写成数和单位，如 800MB、4GB，不能是 much"),
    ("no path", "store = 1", "store 须是路径（文字），不能是 1"),
    ("no path in a list", "layouts = [1]", "layouts[1] 须是路径（文字），不能是 1"),
    ("not true or false", 'keep_personal_data = "x"', "keep_personal_data 须是真假值（true 或 false）"),
    ("no TOML", "store = ", "hotline.toml：不是有效的 TOML"),
]


@pytest.mark.parametrize(("what", "text", "said"), WRONG, ids=[case[0] for case in WRONG])
def test_mistakes_name_the_file_and_the_key(desk: Path, what: str, text: str, said: str) -> None:
    (desk / "hotline.toml").write_text(text, "utf-8")
    ran = hotline("config", "show", cwd=desk)
    assert ran.code == 1 and said in ran.err and len(ran.err.splitlines()) == 1


def test_a_mistake_of_a_variable_names_it(desk: Path) -> None:
    with pytest.raises(DataFileError, match="HOTLINE_LOCK_TIMEOUT_SECONDS"):
        read_configuration(None, environment={"HOTLINE_LOCK_TIMEOUT_SECONDS": "soon"})
    with pytest.raises(DataFileError, match="环境变量 HOTLINE_ENGINE_THREADS：须不小于 1，不能是 0"):
        read_configuration(None, environment={"HOTLINE_ENGINE_THREADS": "0"})
    with pytest.raises(DataFileError, match="环境变量 HOTLINE_ENGINE_MEMORY：须写成数和单位"):
        read_configuration(None, environment={"HOTLINE_ENGINE_MEMORY": "lots"})
    with pytest.raises(DataFileError, match=r"无\.toml"):
        load_settings(desk / "无.toml")


UNTRUSTED = [
    ("a store above", "store", '"../别处"'),
    ("an absolute place", "taxonomy", '"/etc/passwd"'),
    ("one of several", "layouts", '["版式", "../../版式"]'),
    ("a profile's file", "profile", '"../口径.toml"'),
    ("through a link", "model", '"链接/模型"'),
    ("privacy", "keep_personal_data", "true"),
]


@pytest.mark.parametrize(("what", "key", "value"), UNTRUSTED, ids=[case[0] for case in UNTRUSTED])
def test_a_found_file_cannot_point_outside_or_change_privacy(
    desk: Path, what: str, key: str, value: str
) -> None:
    (desk / "链接").symlink_to("/usr", target_is_directory=True)
    (desk / "hotline.toml").write_text(f'{key} = {value}\nissuer = "市办"\n', "utf-8")
    found = read_configuration(None, environment={})
    assert getattr(found.settings, key) == Settings.model_fields[key].default
    assert found.origins[key] == "默认" and found.settings.issuer == "市办"
    (warning,) = found.warnings
    assert f"hotline.toml 的 {key}" in warning and "--config" in warning
    ran = hotline("-q", "config", "show", cwd=desk)
    assert ran.err.count(warning) == 1
    named = read_configuration(Path("hotline.toml"), environment={})
    assert named.warnings == () and named.origins[key] == f"hotline.toml：{key}"
    assert getattr(named.settings, key) != Settings.model_fields[key].default


def test_paths_of_a_file_count_from_its_folder(desk: Path) -> None:
    (desk / "配置").mkdir()
    (desk / "配置" / "市.toml").write_text(
        'store = "库"\nlayouts = ["版式"]\nprofile = "口径.toml"\n', "utf-8"
    )
    found = load_settings(Path("配置/市.toml"))
    assert (found.store, found.layouts) == (Path("配置/库"), (Path("配置/版式"),))
    assert Path(found.profile) == Path("配置/口径.toml")


def test_no_variable_turns_masking_off_and_a_named_file_says_it_every_time(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "工单编号,受理时间,诉求标题\n1,2025-06-01 08:00,请回电13800138000\n"
    (desk / "a.csv").write_text(text, "utf-8")
    monkeypatch.setenv("HOTLINE_KEEP_PERSONAL_DATA", "true")
    ran = hotline("--store", "甲", "import", "a.csv", cwd=desk)
    assert "HOTLINE_KEEP_PERSONAL_DATA" in ran.err
    assert "13800138000" not in hotline("--store", "甲", "sql", "SELECT title FROM orders", cwd=desk).out
    monkeypatch.delenv("HOTLINE_KEEP_PERSONAL_DATA")
    (desk / "市.toml").write_text("keep_personal_data = true\n", "utf-8")
    for _ in range(2):
        assert (
            "不脱敏" in hotline("-q", "--config", "市.toml", "--store", "乙", "import", "a.csv", cwd=desk).err
        )
    assert "13800138000" in hotline("--store", "乙", "sql", "SELECT title FROM orders", cwd=desk).out


def test_issuer_and_calendar_are_used(desk: Path) -> None:
    rows = [f"{i},2026-06-{i:02d} 10:00,电梯坏了,东风路小区电梯坏了" for i in range(1, 29)]
    (desk / "a.csv").write_text("\n".join(["工单编号,受理时间,诉求标题,诉求内容", *rows]), "utf-8")
    assert hotline("import", "a.csv", cwd=desk).code == 0
    assert hotline("brief", "--period", "2026-06", "-o", "甲.docx", cwd=desk).err.count("发文单位") == 1
    (desk / "hotline.toml").write_text('issuer = "市热线办"\ncalendar = "日历.csv"\n', "utf-8")
    ran = hotline("brief", "--period", "2026-06", "-o", "乙.docx", cwd=desk)
    assert "日历.csv" in ran.err  # it is read, and is not there
    (desk / "日历.csv").write_text("2031-06-02,休\n", "utf-8")
    ran = hotline("brief", "--period", "2026-06", "-o", "乙.docx", cwd=desk)
    assert ran.code in (0, 3), ran.err
    assert "发文单位" not in ran.err
