"""One cell a row, coloured by its value and with its figure written in it."""

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from rich.cells import cell_len

from hotline_tools.render.columns import with_sign
from hotline_tools.render.drawing.words import base_words, foot, head, said
from hotline_tools.render.drawing.words import figure as number
from hotline_tools.render.values import heading, shown
from hotline_tools.table import ChartHint, NoteKind, ReportTable

_DARK = 0.6
"""From this share of the largest value on, text is white."""


def draw_heat(figure: Figure, table: ReportTable, hint: ChartHint) -> None:
    """Draw the matrix; pairs without a row are blank."""
    axes = figure.add_subplot()
    names = {key: table.column(key) for key in (hint.label, hint.series)}
    across = list(dict.fromkeys(shown(row[hint.label], names[hint.label]) for row in table.rows))
    down = list(dict.fromkeys(shown(row[hint.series], names[hint.series]) for row in table.rows))
    grid = [[0.0] * len(across) for _ in down]
    texts = [[""] * len(across) for _ in down]
    written = table.column(hint.text or hint.value)
    change = table.derived("change", hint.value)
    mark = table.grid.mark if table.grid else ""
    for row in table.rows:
        y, x = (names_.index(shown(row[key], names[key])) for names_, key in
                ((down, hint.series), (across, hint.label)))  # fmt: skip
        grid[y][x] = number(row.get(hint.value))
        texts[y][x] = shown(row.get(written.name), written) if row.get(written.name) else ""
        if mark and row.get(mark):
            texts[y][x] += "*"
        if change and row.get(change.name):
            texts[y][x] += f"\n{with_sign(row[change.name], change)}"
    longest = max((cell_len(part) for line in texts for text in line for part in text.split("\n")), default=1)
    figure.set_size_inches(
        max(6, (0.2 + 0.085 * max(longest, 3)) * len(across) + 2.4),
        max(3, (0.5 if change else 0.36) * len(down) + 1.8),
    )
    image = axes.imshow(grid, cmap="YlOrRd", aspect="auto", vmin=0)
    most = max(map(max, grid)) or 1
    for y, line in enumerate(texts):
        for x, text in enumerate(line):
            colour = "white" if grid[y][x] > _DARK * most else "#333333"
            axes.text(x, y, text, ha="center", va="center", fontsize=7.5, color=colour)
    is_wide = max(map(cell_len, across)) > 5
    axes.set_xticks(range(len(across)), labels=across, fontsize=9, rotation=90 if is_wide else 0)
    axes.set_yticks(range(len(down)), labels=down, fontsize=9)
    axes.set_xlabel(names[hint.label].label)
    axes.tick_params(length=0)
    bar = figure.colorbar(image, ax=axes, label=heading(table.column(hint.value)), pad=0.015)
    if table.column(hint.value).type == "rate":
        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
    below = base_words(table, hint, "格内下行为较{}增减")
    is_marked = bool(mark) and any(row.get(mark) for row in table.rows)
    marks = [f"带 * 的：{table.column(mark).label}"] if is_marked else []
    head(axes, table, hint, f"格内为{heading(written)}", *below, *marks)
    hidden = [note for note in table.notes[1:] if note.kind == NoteKind.SHOWN]
    foot(axes, table, [*said(table), *hidden], 32 + (5 * max(map(cell_len, across)) if is_wide else 12))
