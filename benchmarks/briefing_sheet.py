"""All editions of a briefing in all forms, and a contact sheet of them for docs/briefings.png.

    python benchmarks/briefing_sheet.py --folder DIR [-o docs/briefings.png]

The files are written to ``DIR/briefings``; ``DIR`` holds the sample year, as that of benchmarks/briefings.py.
Of everything but HTML and Markdown all pages are printed, and those counted that look unfinished (see
page_faults.py). The sheet needs LibreOffice (soffice), pdftoppm and Chromium; forms whose program or package
is missing are left out, and said so.
"""

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import hotline_tools as ht
import page_faults
from briefings import prepared

UNIT = "区住房和城乡建设局"
EDITIONS: dict[str, tuple[str, dict[str, str]]] = {
    "daily": ("2021-06-15", {}),
    "weekly": ("2021-W24", {}),
    "monthly": ("2021-06", {}),
    "quarterly": ("2021Q2", {}),
    "half-yearly": ("2021H1", {}),
    "yearly": ("2021", {}),
    "special": ("2021-06", {"category": "噪声扰民"}),
    "department": ("2021-06", {"department": UNIT}),
}
FORMS = ("docx", "pptx", "xlsx", "html", "pdf", "md")
TILE, GAP, PER_LINE = (330, 440), 14, 6


def printed(path: Path, folder: Path) -> Path | None:
    """Return the file as a PDF; None where a program is missing, or it is not for paper."""
    if path.suffix in (".html", ".md") or not shutil.which("pdftoppm"):
        return None
    if path.suffix == ".pdf":
        return path
    if not shutil.which("soffice"):
        return None
    profile = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    made = folder / path.name
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(made), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return made / f"{path.stem}.pdf"


def pages_of(made: Path, folder: Path, most: int) -> list[Image.Image]:
    """Return the first pages of a PDF as pictures."""
    name = folder / f"{made.parent.name}-{made.name}"
    subprocess.run(["pdftoppm", "-r", "60", "-l", str(most), "-png", str(made), str(name)], check=True)
    return [Image.open(page) for page in sorted(folder.glob(f"{name.name}-*.png"))]


def count_faults(path: Path, made: Path) -> tuple[int, int]:
    """Print the pages that look unfinished; return how many there are, and of how many pages."""
    pages = page_faults.pages_of(made)
    found = page_faults.faults(pages)
    for number, why in found:
        print(f"{path.name} page {number}: {why}")
    return len(found), len(pages)


def screenshot(path: Path, folder: Path) -> Image.Image:
    out = folder / f"{path.name}.png"
    command = ["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1100,1460"]
    subprocess.run(
        [*command, f"--user-data-dir={folder / 'chromium'}", f"--screenshot={out}", path.as_uri()],
        check=True,
        capture_output=True,
    )
    return Image.open(out)


def tile(page: Image.Image, label: str, font: ImageFont.FreeTypeFont) -> Image.Image:
    made = Image.new("RGB", (TILE[0], TILE[1] + 24), "white")
    shrunk = page.convert("RGB")
    shrunk.thumbnail(TILE, Image.Resampling.LANCZOS)
    made.paste(shrunk, ((TILE[0] - shrunk.width) // 2, 24))
    ImageDraw.Draw(made).text((6, 3), label, fill="#222222", font=font)
    return made


def tiles(store: ht.Store, out: Path, folder: Path) -> list[Image.Image]:
    """Write every edition in every form to ``out``, and print how many pages look unfinished.

    Return pictures of pages, made in ``folder``.
    """
    from importlib.resources import files

    font = ImageFont.truetype(str(files("pylopdf_fonts_zh_cn").joinpath("NotoSansSC-Regular.otf")), 14)
    found, counts = [], []
    for edition, (period, filters) in EDITIONS.items():
        made = ht.brief(store, period=period, edition=edition, **filters)
        for form in FORMS:
            path = out / f"{edition}.{form}"
            try:
                made.write(path)
            except ht.UsageError as error:
                print(f"left out: {error}")
                continue
            paper = printed(path, folder)
            if paper:
                counts.append(count_faults(path, paper))
            if form == "md" or (form != "docx" and edition != "monthly"):
                continue
            shown = (
                pages_of(paper, folder, 4 if form == "docx" and edition == "monthly" else 2) if paper else []
            )
            if form == "html" and shutil.which("chromium"):
                shown = [screenshot(path, folder)]
            last = shown[1:] if form == "pptx" else shown
            found += [tile(page, f"{made.document.title[:16]} .{form}", font) for page in last or shown]
    unfinished, pages = (sum(numbers) for numbers in zip(*counts, strict=True)) if counts else (0, 0)
    print(f"{unfinished} of {pages} pages look unfinished")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/briefings.png"))
    options = parser.parse_args()
    store, out = ht.Store.open(prepared(options.folder, 31_838)), options.folder / "briefings"
    out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        shown = tiles(store, out, Path(temporary).resolve())
        width, height = TILE[0] + GAP, TILE[1] + 24 + GAP
        lines = -(-len(shown) // PER_LINE)
        sheet = Image.new("RGB", (width * PER_LINE + GAP, height * lines + GAP), "#8a939c")
        for number, one in enumerate(shown):
            sheet.paste(one, (GAP + number % PER_LINE * width, GAP + number // PER_LINE * height))
        sheet.quantize(64).save(options.output, optimize=True)
    print(f"{out}: {len(list(out.iterdir()))} files")
    print(f"{options.output}: {len(shown)} pages, {options.output.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
