"""Which tests one of several test processes takes, in which order, and how each compiles."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

SHARED_SERVER = tuple(
    f"tests/browser/test_{name}.py"
    for name in (
        "main_job",
        "stage",
        "accessible",
        "strangers",
        "transport",
        "benchmark_app",
        "compare",
        "groups",
        "history",
        "home_and_data",
        "inside",
        "lessons",
        "lost_messages",
        "runs",
        "take_away",
    )
)
SHARED_DATABASE = tuple(
    f"tests/runs/test_{name}.py"
    for name in (
        "artifacts",
        "claim",
        "curves",
        "database",
        "fairness",
        "lab",
        "predictions",
        "store",
        "visitor",
    )
)
SHARED_LAB = tuple(f"tests/runs/test_{name}.py" for name in ("engine", "keys", "notebook_groups"))
TENSORFLOW_1 = "tests/tf1_oracle/"
"""Files that share what takes long to make: a server with warm workers; a PostgreSQL server and a stand-in for S3; a
lab with an engine; what TensorFlow 1 computed."""

LONGEST_FIRST = (
    *SHARED_SERVER,
    *SHARED_LAB,
    "tests/models/test_unrolling.py",
    "tests/browser/test_kills.py",
    "tests/browser/test_full_disk.py",
    "tests/runs/test_cluster.py",
    "tests/generation/test_feeding.py",
    "tests/benchmarks/test_smoke.py",
    "tests/runs/test_execution.py",
    "tests/test_cli.py",
)
"""Files that take most of a minute or more: begun first, so that none is left for one process to finish alone."""

QUICK_XLA = " ".join(
    (
        "--xla_backend_optimization_level=0",
        "--xla_cpu_use_fusion_emitters=false",
        "--xla_cpu_parallel_codegen_split_count=1",
    )
)
"""Flags for XLA with which it compiles in half of the time, to slower programs."""

EACH_ALONE = ("tests/benchmarks/test_smoke.py",)
"""Files whose tests have nothing in common that would be made twice when two processes share them."""


def rank(test: str) -> int:
    """Where the file of a test stands in the order; the files that are not named come last."""
    file = _file(test)
    return LONGEST_FIRST.index(file) if file in LONGEST_FIRST else len(LONGEST_FIRST)


class ByFile(LoadScopeScheduling):
    """Gives each file to one process, which makes the fixtures of the file once."""

    def _split_scope(self, nodeid: str) -> str:
        """What goes to one process together with the test of that id."""
        file = _file(nodeid)
        if file in EACH_ALONE:
            return nodeid
        if file.startswith(TENSORFLOW_1):
            return TENSORFLOW_1
        for shared in (SHARED_SERVER, SHARED_DATABASE, SHARED_LAB):
            if file in shared:
                return shared[0]
        return file


def _file(test: str) -> str:
    return test.split("::")[0]
