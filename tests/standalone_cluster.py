"""A standalone Spark cluster on this machine: a master and workers, any of which can be killed."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import pyspark

_HOST = "127.0.0.1"
_HOME = Path(pyspark.__file__).parent
_MASTER, _WORKER = (f"org.apache.spark.deploy.{name}" for name in ("master.Master", "worker.Worker"))
_STARTED = re.compile(r"Starting Spark master at (spark://\S+)")
_BEGUN, _DONE = (re.compile(rf"{word} task .*\(TID (\d+)\)") for word in ("Running", "Finished"))
Task = tuple[str, str]
"""The application, and the number of the attempt at a task within it."""
START_SECONDS = 180
CONF = {
    "spark.driver.host": _HOST,
    "spark.driver.memory": "1g",
    "spark.executor.memory": "1g",
    "spark.scheduler.minRegisteredResourcesRatio": "1.0",  # no task before both workers are there
}


def wait_for(true: Callable[[], object], what: str, seconds: float = START_SECONDS) -> None:
    """Look again and again until ``true()``; raise ``TimeoutError`` after ``seconds``."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.02)


@dataclass
class Worker:
    """A worker of one core, with the executors that it started."""

    process: subprocess.Popen[bytes]
    folder: Path
    """Its executors' logs are in ``app-*/*/stderr``."""

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def done(self) -> frozenset[Task]:
        """Return the tasks that its executors finished."""
        return self._logged(_DONE)

    def running(self) -> frozenset[Task]:
        """Return the tasks that its executors began and did not finish; those that failed are among them."""
        return self._logged(_BEGUN) - self._logged(_DONE)

    def killed_within_a_task(self) -> bool:
        """Kill the worker and its executors (SIGKILL to their process group) if a task runs; else do nothing.

        They stand still while it is looked at, so that the task cannot end before they do.
        """
        if not self.running():
            return False
        os.killpg(self.process.pid, signal.SIGSTOP)
        is_within = bool(self.running())
        os.killpg(self.process.pid, signal.SIGKILL if is_within else signal.SIGCONT)
        if is_within:
            self.process.wait()
        return is_within

    def _logged(self, what: re.Pattern[str]) -> frozenset[Task]:
        logs = self.folder.glob("app-*/*/stderr")
        return frozenset(
            (log.parts[-3], number)
            for log in logs
            for number in what.findall(log.read_text(encoding="utf-8", errors="replace"))
        )


@dataclass
class StandaloneCluster:
    """The master's address and the workers; ``close`` ends every process."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    """What the workers have in their environment besides that of this process."""
    master: str = ""
    workers: list[Worker] = field(default_factory=list)
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def started(cls, folder: Path, workers: int) -> Iterator[Self]:
        """Start a master and its workers, logs and scratch files in ``folder``; end them after."""
        cluster = cls(folder)
        try:
            cluster._start_master()
            for _ in range(workers):
                cluster.add_worker()
            yield cluster
        finally:
            cluster.close()

    @property
    def alive(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.is_alive]

    def add_worker(self) -> Worker:
        """Start a worker of one core and 1 GB, and wait until the master knows it."""
        name = f"worker-{len(self.workers)}"
        folder = self.folder / name
        options = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder), self.master]
        process, log = self._start(name, _WORKER, options)
        self.workers.append(Worker(process, folder))
        self._wait(process, log, re.compile("Successfully registered with master"))
        return self.workers[-1]

    @contextmanager
    def losing_one(self, after: int, seconds: float = 600) -> Iterator[list[Worker]]:
        """Kill one worker that runs a task and has finished ``after`` tasks of what is done within.

        After one task at least, results which other tasks need are lost with it. The list holds the worker;
        it stays empty when the work was over before.
        """
        before = {worker.folder: worker.done() for worker in self.alive}
        lost: list[Worker] = []
        is_over = threading.Event()

        def look() -> bool:
            for worker in self.alive:
                if len(worker.done() - before[worker.folder]) >= after and worker.killed_within_a_task():
                    lost.append(worker)
                    break
            return bool(lost) or is_over.is_set()

        with ThreadPoolExecutor(1) as pool:
            watch = pool.submit(wait_for, look, "a task in the midst", seconds)
            try:
                yield lost
            finally:
                is_over.set()
                watch.result()

    def close(self) -> None:
        """End every process, the executors too."""
        for process in reversed(self._processes):
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            finally:
                process.wait()

    def _start_master(self) -> None:
        process, log = self._start("master", _MASTER, [])
        self.master = self._wait(process, log, _STARTED)[1]

    def _start(self, name: str, main: str, options: list[str]) -> tuple[subprocess.Popen[bytes], Path]:
        """Start a daemon on free ports, in a process group of its own."""
        log = self.folder / f"{name}.log"
        given = {"SPARK_HOME": str(_HOME), "SPARK_LOCAL_IP": _HOST, "SPARK_DAEMON_MEMORY": "256m"}
        given |= {"SPARK_LOCAL_DIRS": str(self.folder / "scratch"), "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [
            str(_HOME / "bin" / "spark-class"),
            main,
            "--host",
            _HOST,
            "--port",
            "0",
            "--webui-port",
            "0",
        ]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, *options],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=os.environ | given | self.environment,
                start_new_session=True,
            )
        self._processes.append(process)
        return process, log

    @staticmethod
    def _wait(process: subprocess.Popen[bytes], log: Path, line: re.Pattern[str]) -> re.Match[str]:
        found: list[re.Match[str]] = []

        def said() -> bool:
            text = log.read_text(encoding="utf-8", errors="replace")
            if process.poll() is not None:
                raise RuntimeError(f"{log.name}: ended\n{text}")
            found.extend(line.finditer(text))
            return bool(found)

        wait_for(said, f"{log.name}: {line.pattern}")
        return found[0]
