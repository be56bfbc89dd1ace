"""The notebooks run from top to bottom; their own assertions hold. They use only the public face."""

import ast
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def test_there_are_the_notebooks_that_the_docs_name() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["custom-chapter", "own-figures", "walkthrough"]


@pytest.mark.filterwarnings("default")  # the kernel's libraries are not ours to judge
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    shown = [output.get("data", {}) for output in outputs]
    assert any("image/png" in data for data in shown), "the chart is shown"
    assert any("<table" in data.get("text/html", "") for data in shown), "a table shows itself"
    assert [output for output in outputs if output.output_type in ("error", "stream")] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs_and_uses_only_the_face(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    plain = "\n".join(line for cell in code for line in cell.source.splitlines() if not line.startswith("%"))
    imports = [node for node in ast.walk(ast.parse(plain)) if isinstance(node, ast.Import | ast.ImportFrom)]
    ours = [ast.unparse(node) for node in imports if "hotline_tools" in ast.unparse(node)]
    assert ours == ["import hotline_tools as ht"]
    headings = [
        c.source.splitlines()[0]
        for c in notebook.cells
        if c.source.startswith("#") and c.cell_type == "markdown"
    ]
    assert all(" · " in heading for heading in headings)
