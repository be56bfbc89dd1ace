"""All charts of the catalog on one picture, drawn from the sample year.

Run: python benchmarks/contact_sheet.py STORE docs/charts.png
STORE is the one that ``hotline demo`` makes, after ``hotline repeats``. Reports without a chart, and those
that the sample cannot answer, are named on stderr.
"""

import io
import sys
from pathlib import Path

from matplotlib import image
from matplotlib.figure import Figure

from hotline_tools import Store, report
from hotline_tools.errors import HotlineError
from hotline_tools.library import report_names
from hotline_tools.render.registry import render_chart

PERIOD = "2021-06"
_ACROSS = 4
_INCHES, _DOTS = 3.4, 110
_QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    *((name, {"period": PERIOD}) for name in report_names()),
    ("categories", {"period": PERIOD, "compare": "previous"}),
    ("trend", {"period": PERIOD, "compare": "previous"}),
    ("trend", {"by": "category", "step": "month"}),
)


def main(store: Path, output: Path) -> None:
    """Draw each chart and set them side by side, each under its report's name."""
    opened = Store.open(store)
    pictures = []
    for name, filters in _QUESTIONS:
        try:
            table = report(opened, name, **filters)
            pictures.append((name, image.imread(io.BytesIO(render_chart(table)))))
        except HotlineError as error:
            sys.stderr.write(f"{name}: {error}\n")
    down = -(-len(pictures) // _ACROSS)
    sheet = Figure(figsize=(_INCHES * _ACROSS, _INCHES * down), dpi=_DOTS)
    every = list(sheet.subplots(down, _ACROSS, gridspec_kw={"hspace": 0.08, "wspace": 0.04}).flat)
    for axes in every:
        axes.set_axis_off()
    for axes, (name, picture) in zip(every, pictures, strict=False):
        axes.imshow(picture, interpolation="antialiased")
        axes.set_title(name, fontsize=8, pad=2)
    sheet.savefig(output, bbox_inches="tight", pad_inches=0.1, pil_kwargs={"optimize": True})


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
