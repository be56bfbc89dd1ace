"""The offline bundle: which wheels install on the machines that are promised."""

import os
import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def bundle() -> ModuleType:
    loader = SourceFileLoader("bundle", str(ROOT / ".ci" / "bundle"))
    module = module_from_spec(spec_from_loader("bundle", loader))  # type: ignore[arg-type]
    loader.exec_module(module)
    return module


TAGS = [
    ("pure Python", "any", {"win_amd64", "linux_x86_64", "linux_aarch64"}),
    ("Windows", "win_amd64", {"win_amd64"}),
    ("32 bits", "win32", set()),
    ("Windows on arm", "win_arm64", set()),
    ("glibc 2.28", "manylinux_2_28_x86_64", {"linux_x86_64"}),
    ("glibc 2.28 of arm", "manylinux_2_28_aarch64", {"linux_aarch64"}),
    ("glibc 2.17 by its old name", "manylinux2014_aarch64", {"linux_aarch64"}),
    ("old and new name", "manylinux2014_x86_64.manylinux_2_17_x86_64", {"linux_x86_64"}),
    ("either of two", "manylinux_2_27_x86_64.manylinux_2_34_x86_64", {"linux_x86_64"}),
    ("newer than Kylin V10", "manylinux_2_31_x86_64", set()),
    ("newer than Kylin V10, arm", "manylinux_2_34_aarch64", set()),
    ("musl", "musllinux_1_2_x86_64", set()),
    ("macOS", "macosx_11_0_arm64", set()),
]


@pytest.mark.parametrize(("what", "tag", "targets"), TAGS, ids=[case[0] for case in TAGS])
def test_which_wheels_install_where(bundle: ModuleType, what: str, tag: str, targets: set[str]) -> None:
    assert {target for target in bundle.TARGETS if bundle.fits(tag, target)} == targets
    name = f"thing-1.0-cp312-cp312-{tag}.whl"
    assert [target for target in bundle.TARGETS if bundle.unfit([name], target)] == [
        target for target in bundle.TARGETS if target not in targets
    ]


@pytest.mark.skipif("HOTLINE_BUNDLES" not in os.environ, reason="made by .ci/bundle, which needs PyPI")
@pytest.mark.parametrize("target", ["win_amd64", "linux_x86_64", "linux_aarch64"])
def test_a_bundle_that_was_made_holds_all_that_its_target_needs(bundle: ModuleType, target: str) -> None:
    """``HOTLINE_BUNDLES`` is a folder of bundles by their default names."""
    folder = Path(os.environ["HOTLINE_BUNDLES"]) / f"hotline-{target}"
    wheels = [path.name for path in (folder / "wheels").iterdir()]
    assert bundle.unfit(wheels, target) == []
    held = {re.sub(r"[-_.]+", "-", name.split("-")[0]).lower() for name in wheels}
    (wanted,) = folder.glob("requirements-*.txt")
    named = {line.split("==")[0].split(" ")[0] for line in wanted.read_text("utf-8").splitlines() if line}
    assert named <= held and {"hotline-tools", "pip"} <= held
    assert ({"tzdata", "colorama"} <= held) == (target == "win_amd64")


def test_the_guides_name_the_commands_that_there_are(bundle: ModuleType) -> None:
    for page in ("install.md", "install.zh-CN.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert set(re.findall(r"^\.ci/bundle (\w+)", text, re.MULTILINE)) == set(bundle.TARGETS)
        for name in ("install.sh", "install.bat"):
            assert name in text and (ROOT / ".ci" / name).is_file()
    script = (ROOT / ".ci" / "install.bat").read_bytes()
    assert script.count(b"\r\n") == script.count(b"\n")  # cmd.exe loses labels and lines otherwise
