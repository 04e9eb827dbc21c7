"""The engine and its workers as real processes, and what becomes of runs when they are killed."""

import importlib.metadata
import os
import re
import signal
import subprocess
import sys
import time
from datetime import datetime

import numpy as np
import psutil
import pytest
from distributed import Client

from rnnlab.analyses.cost import GenerationCost
from rnnlab.analyses.series import CompareSeries
from rnnlab.analyses.text import SampleText
from rnnlab.config import Sweep
from rnnlab.engine.engine import WORKERS
from rnnlab.engine.engine_file import EngineFile, log_path, read_engine, start_engine
from rnnlab.engine.keys import read_keys
from rnnlab.lab import Lab, NoAnswer
from rnnlab.store.claim import claim_run
from rnnlab.visitor import LOCAL_OWNER
from rnnlab.worker.preload import LOADED
from tests.support.evidence import ROOT
from tests.support.labs import (
    FIRST_OWNER,
    SECOND_OWNER,
    endless_experiment,
    listens_at,
    long_experiment,
    processes_of,
    small_experiment,
    submit_group_slowly,
    submit_slowly,
    wait_until_ahead,
    workers_below,
)
from tests.support.questions import CountAnswers, Endless
from tests.support.server import mapped_files
from tests.support.waiting import wait_for

pytestmark = pytest.mark.slow

SUBMIT_AND_DIE = """
import os, signal
from rnnlab.config import Sweep
from rnnlab.lab import Lab
from tests.support.labs import long_experiment, submit_group_slowly
print(submit_group_slowly(Lab.open(), Sweep(long_experiment(), {"forget_bias": [0, 4]})), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


RUN_SECONDS = 240.0
"""Until a run that trains counts as one that nobody trains."""


def wait_for_state(lab: Lab, run_id: str, *states: str):
    """The run as soon as it is in one of these states."""

    def look():
        run = lab.run(run_id)
        assert run.state in states or run.is_waiting_or_live or run.can_go_on, run
        return run if run.state in states else None

    return wait_for(look, f"the run to be {' or '.join(states)}", RUN_SECONDS, there=lambda: lab.run(run_id))


def wait_for_step(lab: Lab, run_id: str, step: int):
    wait_for(lambda: lab.run(run_id).step >= step, f"step {step}", RUN_SECONDS, there=lambda: lab.run(run_id))


def curves(lab: Lab, run_id: str) -> dict:
    return {name: (c.steps.tolist(), c.values.tolist()) for name, c in lab.curves(run_id).by_name.items()}


def weights(lab: Lab, run_id: str) -> bytes:
    return lab.files.read(lab.store.checkpoints(run_id)[0])


GIVEN = r"(?m)^(\S+ \S+) .*run (\S+), submission (\d+): given to (tls://127.0.0.1:(\d+))$"
"""In the engine's log: when which run was given to which worker."""


def given_to_workers(lab: Lab) -> list[str]:
    """The ids of the runs in the order in which the engine first gave them to a worker."""
    return list(dict.fromkeys(run_id for _, run_id, *_ in re.findall(GIVEN, log_path(lab.location).read_text())))


def kill_worker(lab: Lab, run_id: str) -> None:
    """Kill the worker that has the run: it listens where the engine's log says that the run was given to."""
    run = lab.run(run_id)

    def look():
        found = re.findall(GIVEN, log_path(lab.location).read_text())
        return [int(port) for _, given, number, _, port in found if (given, int(number)) == (run.id, run.submission)]

    (port,) = wait_for(look, "the line that says who was given the run", there=log_path(lab.location).read_text)
    (worker,) = [process for process in workers_below(read_engine(lab.location).pid) if port in listens_at(process)]
    worker.kill()


def kill_engine(lab: Lab) -> None:
    """Kill the engine; its workers end by themselves."""
    processes = processes_of(lab.location)
    processes[0].kill()
    assert psutil.wait_procs(processes, timeout=20)[1] == []


@pytest.fixture(autouse=True)
def _nothing_left_running(request):
    """A test that fails leaves runs without an end; the next one needs the workers."""
    yield
    if "shared_lab" in request.fixturenames:
        lab = request.getfixturevalue("shared_lab")
        for run in lab.everybodys_runs():
            if run.is_waiting_or_live:
                lab.stop(run.id)
                wait_for_state(lab, run.id, "stopped", "finished", "failed")


@pytest.fixture(scope="module")
def undisturbed(shared_lab):
    """Curves and weights of a run that nothing happened to."""
    run_id = shared_lab.submit(long_experiment())
    wait_for_state(shared_lab, run_id, "finished")
    return curves(shared_lab, run_id), weights(shared_lab, run_id)


def assert_undisturbed(lab: Lab, run_id: str, undisturbed) -> None:
    assert curves(lab, run_id) == undisturbed[0]
    assert weights(lab, run_id) == undisturbed[1]


GROUP = Sweep(long_experiment(), {"forget_bias": [0, 4]})


def wait_for_group(lab: Lab, group_id: str) -> None:
    for run in lab.members(group_id):
        wait_for_state(lab, run.id, "finished")


def group_results(lab: Lab, group_id: str) -> list:
    return [(curves(lab, run.id), weights(lab, run.id)) for run in lab.members(group_id)]


@pytest.fixture(scope="module")
def undisturbed_group(shared_lab):
    """Curves and weights of the runs of a group that nothing happened to."""
    group_id = shared_lab.submit_group(GROUP)
    wait_for_group(shared_lab, group_id)
    return group_results(shared_lab, group_id)


def test_the_main_job_on_postgresql_and_s3_ends_with_the_same_numbers(class_lab, undisturbed):
    """Submit, train, a killed worker, go on, compare: against a run on SQLite and in a folder. Then all leave."""
    run_id = submit_slowly(class_lab, long_experiment())
    step = wait_until_ahead(class_lab, run_id)
    kill_worker(class_lab, run_id)
    run = wait_for_state(class_lab, run_id, "finished")
    assert run.execution == 2
    assert step < run.total_steps
    assert_undisturbed(class_lab, run_id, undisturbed)
    assert class_lab.ask(run_id, CompareSeries(10, 20)).step == run.total_steps
    assert class_lab.files.paths(run_id)
    here = {file.suffix for file in class_lab.location.home.rglob("*")}
    assert not {".sqlite", ".npz"} & here

    processes = processes_of(class_lab.location)
    class_lab.close()
    assert psutil.wait_procs(processes, timeout=30)[1] == []
    assert read_engine(class_lab.location) is None


def test_pause_and_go_on_ends_with_the_same_numbers(shared_lab, undisturbed):
    run_id = submit_slowly(shared_lab, long_experiment())
    wait_for_step(shared_lab, run_id, 2)
    shared_lab.pause(run_id)
    paused = wait_for_state(shared_lab, run_id, "paused")
    assert paused.step < paused.total_steps
    shared_lab.resume(run_id)
    wait_for_state(shared_lab, run_id, "finished")
    assert_undisturbed(shared_lab, run_id, undisturbed)


def test_stop_stops_and_keeps_what_was_learned(shared_lab):
    """That it stops within one call is tested in test_execution.py, without a clock."""
    run_id = shared_lab.submit(endless_experiment())
    wait_for_step(shared_lab, run_id, 100)
    shared_lab.stop(run_id)
    stopped = wait_for_state(shared_lab, run_id, "stopped")
    assert shared_lab.store.checkpoints(run_id)[0].step == stopped.step
    assert shared_lab.ask(run_id, CompareSeries(10, 20)).step == stopped.step


def test_a_group_goes_on_when_who_submitted_it_is_killed_and_a_worker_too(shared_lab, undisturbed_group):
    process = subprocess.run(
        [sys.executable, "-c", SUBMIT_AND_DIE],
        env=os.environ | shared_lab.location.environment(),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert process.returncode == -signal.SIGKILL
    group_id = process.stdout.strip()
    first = shared_lab.members(group_id)[0].id
    wait_until_ahead(shared_lab, first)
    kill_worker(shared_lab, first)
    wait_for_group(shared_lab, group_id)
    assert shared_lab.run(first).execution == 2
    assert group_results(shared_lab, group_id) == undisturbed_group


def test_a_run_that_kills_its_workers_again_and_again_fails_with_a_sentence(shared_lab):
    run_id = shared_lab.submit(endless_experiment())
    killed = 0

    def look():
        run = shared_lab.run(run_id)
        return run if run.state == "failed" or run.execution > killed else None

    while (run := wait_for(look, "another execution, or its end", RUN_SECONDS)).state != "failed":
        assert killed < 10  # An execution that has saved something before it is killed does not count.
        kill_worker(shared_lab, run_id)
        killed = run.execution
    assert killed >= 3
    assert run.error.startswith("The worker process died 3 times during this run")


def test_more_runs_than_workers_wait_and_all_finish(shared_lab):
    runs = [shared_lab.submit(small_experiment()) for _ in range(4)]
    for run_id in runs:
        wait_for_state(shared_lab, run_id, "finished")


def assert_the_next_place_is_somebody_elses(lab, of_one_owner):
    """The runs of one owner wait and work without an end; when one of those at work is stopped, bob's has its place."""
    wait_for_state(lab, of_one_owner[0], "running")
    bobs = lab.submit(small_experiment(), "bob")
    lab.stop(of_one_owner[0])

    def given():
        return [run_id for run_id in given_to_workers(lab) if run_id in (bobs, *of_one_owner)]

    wait_for(lambda: bobs in given() or len(given()) > 2, "the next run to be given to a worker")
    assert bobs in given()[:3]
    wait_for_state(lab, bobs, "finished")
    for run_id in reversed(of_one_owner):
        lab.stop(run_id)


def test_somebody_elses_run_does_not_wait_behind_twenty_of_one_owner(shared_lab):
    anns = [shared_lab.submit(endless_experiment(seed), "ann") for seed in range(20)]
    assert_the_next_place_is_somebody_elses(shared_lab, anns)


def test_somebody_elses_run_does_not_wait_behind_a_group_of_twenty(shared_lab):
    group_id = shared_lab.submit_group(Sweep(endless_experiment(), {"forget_bias": [0, 1, 2, 4]}, 5), "ann")
    anns = [run.id for run in shared_lab.members(group_id)]
    assert len(anns) == 20
    assert_the_next_place_is_somebody_elses(shared_lab, anns)


def test_workers_are_copies_of_one_process_that_has_loaded_tensorflow_and_nothing_for_tables(shared_lab):
    engine = read_engine(shared_lab.location)
    wait_for(lambda: len(workers_below(engine.pid)) == 2, "two workers")
    (template,) = {worker.ppid() for worker in workers_below(engine.pid)}
    assert template != engine.pid
    assert "tensorflow" in mapped_files(template)
    assert [pid for pid in (engine.pid, template) if "/pandas/" in mapped_files(pid)] == []
    # A series from a file is a table: a worker can still load what its template left out.
    with Client(engine.address, security=read_keys(shared_lab.location), set_as_default=False) as client:
        found = client.run(lambda: importlib.import_module("pandas").__version__)
    assert [*found.values()] == [importlib.metadata.version("pandas")] * 2


def test_on_a_cold_engine_too_the_seconds_owner_begins_before_the_firsts_third(shared_lab):
    """The shared lab's was cold; its second worker still loaded TensorFlow while the first one was at work."""
    owners = {run.id: run.owner for run in shared_lab.everybodys_runs()}
    given = [owners[run_id] for run_id in given_to_workers(shared_lab) if run_id in owners]
    assert SECOND_OWNER in [owner for owner in given if owner in (FIRST_OWNER, SECOND_OWNER)][:3]

    # A worker that still loads would have kept its run waiting, while others began.
    engine = read_engine(shared_lab.location).address
    with Client(engine, security=read_keys(shared_lab.location), set_as_default=False) as client:
        loaded = {address: moment for moment, address in client.get_events(LOADED)}
    for moment, _, _, address, _ in re.findall(GIVEN, log_path(shared_lab.location).read_text()):
        # The log cuts its moments to milliseconds.
        assert loaded[address] <= datetime.strptime(moment, "%Y-%m-%d %H:%M:%S,%f").timestamp() + 0.001


def test_two_endless_runs_of_one_owner_do_not_shut_everybody_else_out(shared_lab, undisturbed):
    endless = [shared_lab.submit(endless_experiment(seed), "ann") for seed in (1, 2)]
    for run_id in endless:
        wait_for_state(shared_lab, run_id, "running")
        shared_lab.set_pace(run_id, 1)
    run_id = shared_lab.submit(long_experiment(), "bob")
    wait_for_state(shared_lab, run_id, "finished")
    assert_undisturbed(shared_lab, run_id, undisturbed)
    # The run that stepped back goes on where it was.
    for run_id in endless:
        wait_for(
            lambda run_id=run_id: shared_lab.run(run_id).state == "running", "the endless run to go on", RUN_SECONDS
        )
    assert sorted(shared_lab.run(run_id).submission for run_id in endless) == [1, 2]


def test_a_view_is_answered_while_every_worker_trains(shared_lab, undisturbed):
    finished = shared_lab.submit(small_experiment())
    wait_for_state(shared_lab, finished, "finished")
    busy = [shared_lab.submit(endless_experiment(seed)) for seed in (1, 2)]
    for run_id in busy:
        wait_for_state(shared_lab, run_id, "running")
    view = shared_lab.ask(finished, CompareSeries(10, 30))
    assert view.target.shape == (40,)
    assert view.free_running.shape == (30,)
    assert np.isfinite(view.free_running_rmse)
    for run_id in busy:
        shared_lab.stop(run_id)
        wait_for_state(shared_lab, run_id, "stopped")


def test_a_question_to_a_run_that_has_just_begun_waits_for_its_first_weights(shared_lab):
    run_id = shared_lab.submit(endless_experiment())
    wait_for_state(shared_lab, run_id, "starting", "running")
    assert shared_lab.ask(run_id, CompareSeries(10, 20)).prime == 10
    assert shared_lab.run(run_id).state == "running"


def test_views_that_make_no_sense_get_a_sentence(shared_lab):
    run_id = shared_lab.submit(small_experiment())
    wait_for_state(shared_lab, run_id, "finished")
    with pytest.raises(NoAnswer, match="prime was 0, but must be at least 1"):
        shared_lab.ask(run_id, CompareSeries(prime=0))
    with pytest.raises(NoAnswer, match="trained on a wave, and text was asked for"):
        shared_lab.ask(run_id, SampleText())


class Enough(Exception):
    """The one who asked does not wait any longer."""


def leave_after_three(done, total):
    if done >= 3:
        raise Enough


def test_a_cancelled_question_frees_its_worker(shared_lab):
    run_id = shared_lab.submit(small_experiment())
    wait_for_state(shared_lab, run_id, "finished")
    for _ in range(WORKERS + 1):  # one more than there are workers: it can only begin when another one has ended
        with pytest.raises(Enough):
            shared_lab.ask(run_id, Endless(), timeout=RUN_SECONDS, progress=leave_after_three)
    assert shared_lab.ask(run_id, CompareSeries(10, 20)).prime == 10


ASK_AND_WAIT = """
import sys
from rnnlab.lab import Lab
from tests.support.questions import Endless
Lab.open().ask(sys.argv[1], Endless(), progress=lambda done, total: done and print(done, flush=True))
"""


def test_a_question_ends_when_the_process_that_asked_is_killed(shared_lab):
    run_id = shared_lab.submit(small_experiment())
    wait_for_state(shared_lab, run_id, "finished")
    environment = os.environ | shared_lab.location.environment()
    asks = subprocess.Popen(
        [sys.executable, "-c", ASK_AND_WAIT, run_id], env=environment, stdout=subprocess.PIPE, cwd=ROOT
    )
    with asks:
        assert asks.stdout.readline()  # the worker has reported: it is at work
        asks.kill()
    cancelled = f"Endless() of run {run_id}: cancelled"
    wait_for(lambda: cancelled in log_path(shared_lab.location).read_text(), "the question to end", 60)


def test_a_kept_answer_is_not_computed_twice(shared_lab, tmp_path):
    run_id = submit_slowly(shared_lab, long_experiment())
    wait_until_ahead(shared_lab, run_id)
    shared_lab.stop(run_id)
    first = wait_for_state(shared_lab, run_id, "stopped")
    question = CountAnswers(str(tmp_path / "answered"))
    answers = [shared_lab.ask(run_id, question) for _ in range(2)]
    assert [answer.times for answer in answers] == [1, 1]
    assert [int(answer.step[0]) for answer in answers] == [first.step, first.step]
    assert (tmp_path / "answered").read_text() == "answered\n"

    shared_lab.resume(run_id)
    finished = wait_for_state(shared_lab, run_id, "finished")
    assert finished.step > first.step
    again = shared_lab.ask(run_id, question)
    assert (again.times, int(again.step[0])) == (2, finished.step)

    shared_lab.delete(run_id)
    assert shared_lab.files.paths(f"answers/{run_id}") == []


def test_measured_costs_are_kept(shared_lab):
    run_id = shared_lab.submit(small_experiment())
    wait_for_state(shared_lab, run_id, "finished")
    reports = []
    first = shared_lab.ask(run_id, GenerationCost(), RUN_SECONDS, lambda *report: reports.append(report))
    # Measured twice, the seconds would differ.
    assert shared_lab.ask(run_id, GenerationCost()) == first
    assert shared_lab.ask(run_id, GenerationCost(), RUN_SECONDS, anew=True).carried != first.carried
    assert reports == sorted(reports)


def test_one_engine_after_another_takes_what_the_one_before_it_left(own_lab, undisturbed, undisturbed_group):
    """Killed, killed, and told to end: in one lab, because each engine takes seconds to come."""
    group_id = submit_group_slowly(own_lab, GROUP)
    wait_until_ahead(own_lab, own_lab.members(group_id)[0].id)
    kill_engine(own_lab)
    assert [run.state for run in own_lab.members(group_id)] == ["interrupted", "queued"]
    own_lab.resume_group(group_id)
    wait_for_group(own_lab, group_id)
    assert group_results(own_lab, group_id) == undisturbed_group

    run_id = submit_slowly(own_lab, long_experiment())
    wait_until_ahead(own_lab, run_id)
    kill_engine(own_lab)
    interrupted = own_lab.run(run_id)
    assert interrupted.state == "interrupted"
    assert "press Go on to continue" in interrupted.error
    # Nobody asks for these two: the next engine sees them.
    lost, queued = (own_lab.store.create(small_experiment(), "ada") for _ in range(2))
    claim_run(own_lab.location.database, lost, 1, own_lab.location.engine_name, None).start(0, 40)
    own_lab.resume(run_id)
    wait_for_state(own_lab, run_id, "finished")
    assert_undisturbed(own_lab, run_id, undisturbed)
    wait_for_state(own_lab, queued, "finished")
    assert own_lab.store.get(lost).state == "interrupted"

    # Both have one owner. For another owner's run, the first would step back if it took long to get here.
    run_id, queued = own_lab.submit(endless_experiment()), own_lab.store.create(small_experiment(), LOCAL_OWNER)
    wait_for_step(own_lab, run_id, 100)
    processes = processes_of(own_lab.location)
    processes[0].terminate()
    assert psutil.wait_procs(processes, timeout=30)[1] == []
    saved = own_lab.store.get(run_id)
    assert saved.state == "interrupted"
    assert own_lab.store.checkpoints(run_id)[0].step == saved.step
    assert own_lab.store.get(queued).state == "queued"


def test_a_second_engine_leaves_the_first_alone(shared_lab):
    before = read_engine(shared_lab.location)
    second = start_engine(shared_lab.location)
    assert second.wait(60) == 0
    assert read_engine(shared_lab.location) == before


def test_an_engine_file_of_a_process_that_is_no_engine_any_more_counts_for_nothing(location):
    location.engine_folder.mkdir(parents=True)
    EngineFile("tcp://127.0.0.1:1", os.getpid(), time.time() - 10_000, "0").write(location)
    assert read_engine(location) is None


def test_the_page_process_stays_without_tensorflow(shared_lab):
    check = (
        "import sys; from rnnlab.analyses.series import CompareSeries; from rnnlab.lab import Lab;"
        "from rnnlab.presets import SINE; lab = Lab.open(); lab.prepare();"
        "print(lab.everybodys_runs()[0].id);"
        "lab.ask(sys.argv[1], CompareSeries(5, 5)); lab.close();"
        "assert 'tensorflow' not in sys.modules; assert 'alembic' not in sys.modules"
    )
    run_id = shared_lab.submit(small_experiment())
    wait_for_state(shared_lab, run_id, "finished")
    environment = os.environ | shared_lab.location.environment()
    done = subprocess.run([sys.executable, "-c", check, run_id], env=environment, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


def test_workers_log_in_the_engines_log(shared_lab):
    run_id = shared_lab.submit(small_experiment())
    wait_for_state(shared_lab, run_id, "finished")
    wait_for(
        lambda: f"run {run_id}, execution 1: finished" in log_path(shared_lab.location).read_text(), "the log's line"
    )
