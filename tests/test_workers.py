"""Tasks in processes: order, errors, what is sent once, and how the processes end."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from hotline_tools.workers import MOST, default_workers, in_processes, in_threads, shared_object


def test_processes_keep_the_order_and_pass_on_errors() -> None:
    assert list(in_processes(pow, [(2, n) for n in range(12)], 2)) == [2**n for n in range(12)]
    with pytest.raises(ZeroDivisionError):
        list(in_processes(divmod, [(1, n) for n in (3, 2, 0, 1)], 2))


@pytest.mark.skipif(os.name == "nt", reason="a process does not learn of its parent's end on Windows")
def test_processes_end_when_their_caller_is_killed() -> None:
    code = (
        "import time\n"
        "from hotline_tools.workers import in_processes\n"
        "print(*next(iter(in_processes(divmod, [(7, 2)] * 99, 2))), flush=True)\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as caller:
        assert caller.stdout is not None
        assert caller.stdout.readline() == b"3 1\n"
        below = psutil.Process(caller.pid).children(recursive=True)
        caller.kill()
    assert len(below) >= 2
    assert psutil.wait_procs(below, timeout=20)[1] == []


def scaled(number: int) -> tuple[int, int]:
    return shared_object() * number, os.getpid()


@pytest.mark.parametrize("workers", [1, 2])
def test_the_shared_object_is_in_every_process(workers: int) -> None:
    found = list(in_processes(scaled, [(n,) for n in range(8)], workers, shared=10))
    assert [value for value, _ in found] == [10 * n for n in range(8)]
    assert ({os.getpid()} == {process for _, process in found}) == (workers == 1)


def test_kept_processes_serve_the_next_call_and_another_object_replaces_them() -> None:
    def processes(shared: int) -> set[int]:
        tasks = [(n,) for n in range(8)]
        return {process for _, process in in_processes(scaled, tasks, 2, shared=shared, keep=True)}

    first, again = processes(1000), processes(1000)
    assert len(first | again) <= 2
    assert not processes(2000) & (first | again)


def test_threads_keep_the_order() -> None:
    assert in_threads(lambda n: n * n, range(9), 2) == in_threads(lambda n: n * n, range(9), 1)


def test_the_default_is_bounded() -> None:
    assert 1 <= default_workers() <= MOST


@pytest.mark.parametrize("workers", [1, 2])
def test_a_script_without_a_main_guard_may_classify_in_processes(tmp_path: Path, workers: int) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from hotline_tools.classify import Classifier\n"
        "texts = [f'第{n}栋电梯坏了没人修' for n in range(9_000)]\n"
        f"print(Classifier.default().classify(texts, texts, workers={workers}).num_rows)\n",
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "9000\n", "")
