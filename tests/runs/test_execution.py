"""A worker's task in this process: real trainer, real store, no cluster."""

import dataclasses
import re
import threading

import numpy as np
import pytest

from rnnlab import training
from rnnlab.arithmetic import RunArithmetic
from rnnlab.config import Experiment, ModelConfig, SineData, TextData, TrainingConfig
from rnnlab.inspection.samples import gates_at_a_sample
from rnnlab.lab import Lab
from rnnlab.store.artifacts import ArtifactStore, unpack_arrays
from rnnlab.store.claim import Claim, claim_run
from rnnlab.store.weights import newest_weights
from rnnlab.watching.curves import Watched
from rnnlab.worker import execution
from rnnlab.worker.execution import train_run
from tests.support.earlier import as_stored_before_names
from tests.support.fitting import fitted, keep_for_references, reference_trainer
from tests.support.labs import small_experiment
from tests.support.large import LARGE, WORDS, say
from tests.support.waiting import wait_for

LONGER = 1000
"""Updates of a run that is still at work when it is told to end."""


@pytest.fixture
def execute(store, location):
    """Executes a run as a worker would."""

    def run(run_id, submission=None):
        submission = submission or store.get(run_id).submission
        return train_run(run_id, submission, location.database, location.artifacts, location.engine_name)

    return run


@pytest.fixture
def lab_of_the_store(store, location):
    """Reads what the store holds; it starts no engine, because no run is waiting."""
    return Lab(location)


@pytest.fixture(scope="module")
def undisturbed():
    """The curves of `small_experiment`, measured without a store, a task or an interruption."""
    return training.fit(small_experiment())


@pytest.fixture(scope="module")
def longer_undisturbed():
    return fitted(small_experiment(LONGER))


def assert_same_curves(store, run_id, undisturbed):
    curves = store.curves(run_id).by_name
    names = {one.name for one in undisturbed.measurements}
    assert curves.keys() == names
    for name in names:
        steps, values = undisturbed.curve(name)
        assert curves[name].steps.tolist() == steps.tolist()
        assert curves[name].values.tolist() == values.tolist()


def test_a_run_trains_to_its_end_and_keeps_its_weights(store, location, execute, undisturbed):
    run_id = store.create(small_experiment(), "ada")
    assert execute(run_id) == "finished"
    run = store.get(run_id)
    assert (run.state, run.step, run.total_steps, run.error) == ("finished", 40, 40, None)
    assert_same_curves(store, run_id, undisturbed)
    checkpoint, arrays = newest_weights(store, ArtifactStore(location.artifacts), run_id)
    assert checkpoint.step == 40
    for name, weight in undisturbed.network.named_weights.items():
        assert arrays[name].tobytes() == weight.numpy().tobytes()


def test_what_the_network_generates_at_the_end_is_kept(store, execute):
    run_id = store.create(small_experiment(), "ada")
    execute(run_id)
    sample = store.samples(run_id)[-1]
    assert sample.step == 40
    assert len(sample.content["values"]) > 0


ROUND_STEPS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]


@pytest.fixture(scope="module")
def sampled_step_by_step():
    """What the network of each step generates, from a trainer that stops at each and is asked at once: by its step."""
    experiment = small_experiment(1002)
    trainer = reference_trainer(experiment)
    found = {0: trainer.sample(beside=gates_at_a_sample)}
    while not trainer.finished:
        trainer.advance(1)
        if trainer.step in {*ROUND_STEPS, 37, 1002}:
            found[trainer.step] = trainer.sample(beside=gates_at_a_sample)
    keep_for_references(trainer)
    return found


def test_the_first_steps_have_samples_and_each_shows_the_network_of_its_step(store, execute, sampled_step_by_step):
    run_id = store.create(small_experiment(1002), "ada")
    assert execute(run_id) == "finished"
    samples = store.samples(run_id)
    assert {*ROUND_STEPS, 1002} <= {sample.step for sample in samples}
    for sample in samples:
        if sample.step in sampled_step_by_step:
            assert sample.content == sampled_step_by_step[sample.step]
    first, *_, last = samples
    assert first.content != last.content


@pytest.mark.parametrize("pause", [1, 20, 37])
def test_a_run_that_goes_on_has_each_sample_once(store, execute, monkeypatch, sampled_step_by_step, pause):
    monkeypatch.setattr(execution, "SAMPLE_SECONDS", 1000.0)
    run_id = store.create(small_experiment(1002), "ada")

    class Paused(training.Trainer):
        def advance(self, *arguments):
            measurements = super().advance(1)
            if self.step == pause:
                store.ask(store.get(run_id), "pause")
            return measurements

    with monkeypatch.context() as context:
        context.setattr(training, "Trainer", Paused)
        assert execute(run_id) == "paused"
    early = [step for step in ROUND_STEPS if step <= pause]
    assert [sample.step for sample in store.samples(run_id)] == early
    store.queue_again(store.get(run_id))
    assert execute(run_id) == "finished"
    steps = [sample.step for sample in store.samples(run_id)]
    assert steps == sorted(set(steps))
    assert {*ROUND_STEPS} <= {*steps}
    for sample in store.samples(run_id):
        if sample.step in sampled_step_by_step:
            assert sample.content == sampled_step_by_step[sample.step]


def test_no_checkpoint_is_ahead_of_the_samples_before_it(store, execute, monkeypatch):
    """A worker that is killed after a checkpoint leaves nothing out."""
    monkeypatch.setattr(execution, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(execution, "ASIDE_SHARE", 1e9)  # However long one takes, the next one is due.
    monkeypatch.setattr(execution, "SAMPLE_SECONDS", 1000.0)
    run_id = store.create(small_experiment(), "ada")
    seen = []
    add_checkpoint = Claim.add_checkpoint

    def looked_at(claim, checkpoint):
        seen.append((checkpoint.step, [sample.step for sample in store.samples(run_id)]))
        return add_checkpoint(claim, checkpoint)

    monkeypatch.setattr(Claim, "add_checkpoint", looked_at)
    execute(run_id)
    assert len(seen) > 3
    for step, sampled in seen:
        assert [early for early in sampled if early in ROUND_STEPS] == [early for early in ROUND_STEPS if early <= step]


def test_a_task_for_a_run_that_has_ended_returns_at_once(store, execute):
    run_id = store.create(small_experiment(), "ada")
    store.ask(store.get(run_id), "stop")
    assert execute(run_id) == "nothing to do"
    assert store.get(run_id).state == "stopped"


def test_a_task_for_a_deleted_run_returns_at_once(store, execute):
    run_id = store.create(small_experiment(), "ada")
    store.delete(run_id)
    assert execute(run_id, submission=1) == "nothing to do"


def start_in_thread(store, execute, epochs):
    run_id = store.create(small_experiment(epochs), "ada")
    thread = threading.Thread(target=execute, args=(run_id,))
    thread.start()
    wait_for(lambda: store.get(run_id).step > 0, "the first update", there=lambda: store.get(run_id))
    return run_id, thread


@pytest.mark.parametrize(("command", "state"), [("pause", "paused"), ("stop", "stopped"), ("interrupt", "interrupted")])
def test_a_run_that_was_told_to_end_goes_on_to_the_same_numbers(store, execute, longer_undisturbed, command, state):
    run_id, thread = start_in_thread(store, execute, LONGER)
    store.ask(store.get(run_id), command)
    thread.join()
    run = store.get(run_id)
    assert run.state == state
    assert 0 < run.step < LONGER
    assert store.checkpoints(run_id)[0].step == run.step
    store.queue_again(run)
    assert execute(run_id) == "finished"
    assert_same_curves(store, run_id, longer_undisturbed)


def test_a_run_that_an_earlier_version_stored_goes_on_to_the_same_numbers(
    store, location, execute, undisturbed, monkeypatch
):
    run_id = store.create(small_experiment(), "ada")

    class Earlier(training.Trainer):
        def advance(self, *arguments):
            measurements = super().advance(1)
            if self.step == 11:
                store.ask(store.get(run_id), "pause")
            return measurements

        def state_dict(self):
            return as_stored_before_names(self)

    with monkeypatch.context() as context:
        context.setattr(training, "Trainer", Earlier)
        assert execute(run_id) == "paused"
    assert "weight/0" in newest_weights(store, ArtifactStore(location.artifacts), run_id)[1]
    assert store.get(run_id).step == 11
    store.queue_again(store.get(run_id))
    assert execute(run_id) == "finished"
    assert_same_curves(store, run_id, undisturbed)
    _, arrays = newest_weights(store, ArtifactStore(location.artifacts), run_id)
    for name, weight in undisturbed.network.named_weights.items():
        assert arrays[name].tobytes() == weight.numpy().tobytes()


def test_a_run_stops_after_the_call_in_which_it_was_told_to(store, execute, monkeypatch):
    run_id = store.create(small_experiment(epochs=100_000), "ada")
    calls = []

    class ToldInTheThirdCall(training.Trainer):
        def advance(self, *arguments):
            measurements = super().advance(*arguments)
            calls.append(self.step)
            if len(calls) == 3:
                store.ask(store.get(run_id), "stop")
            return measurements

    monkeypatch.setattr(training, "Trainer", ToldInTheThirdCall)
    assert execute(run_id) == "stopped"
    assert len(calls) == 3
    assert store.get(run_id).step == calls[-1]


def test_stop_after_pause_stops(store, execute):
    run_id, thread = start_in_thread(store, execute, epochs=100_000)
    run = store.get(run_id)
    store.ask(run, "pause")
    store.ask(run, "stop")
    thread.join()
    assert store.get(run_id).state == "stopped"


def test_deleting_a_live_run_ends_its_task_and_leaves_no_files(store, location, execute):
    run_id, thread = start_in_thread(store, execute, epochs=100_000)
    wait_for(lambda: store.checkpoints(run_id), "a checkpoint")
    store.delete(run_id)
    ArtifactStore(location.artifacts).delete_folder(run_id)
    thread.join(20)
    assert not thread.is_alive()
    assert ArtifactStore(location.artifacts).paths(run_id) == []


def test_a_replaced_worker_ends_quietly(store, execute):
    run_id, thread = start_in_thread(store, execute, epochs=100_000)
    claim_run(store.url, run_id, 1, "another engine", None)
    thread.join(20)
    assert not thread.is_alive()
    assert (store.get(run_id).state, store.get(run_id).engine) == ("starting", "another engine")


def pause_at_two_checkpoints(store, execute):
    """A paused run with two checkpoints, the newest first."""
    run_id, thread = start_in_thread(store, execute, LONGER)
    for _ in range(2):
        store.ask(store.get(run_id), "pause")
        thread.join()
        before = store.get(run_id).step
        if len(store.checkpoints(run_id)) == 2:
            break
        store.queue_again(store.get(run_id))
        thread = threading.Thread(target=execute, args=(run_id,))
        thread.start()
        wait_for(lambda before=before: store.get(run_id).step > before, "another update")
    return run_id


def damage(location, checkpoint):
    path = f"{location.artifacts}/{checkpoint.path}"
    with open(path, "r+b") as file:
        file.seek(checkpoint.size // 2)
        file.write(b"damaged")


@pytest.mark.parametrize("how_many", [1, 2])
def test_a_damaged_checkpoint_is_noticed_and_the_run_goes_on_from_before_it(
    store, location, execute, longer_undisturbed, how_many
):
    run_id = pause_at_two_checkpoints(store, execute)
    for checkpoint in store.checkpoints(run_id)[:how_many]:
        damage(location, checkpoint)
    store.queue_again(store.get(run_id))
    assert execute(run_id) == "finished"
    assert_same_curves(store, run_id, longer_undisturbed)


def test_an_explosion_fails_with_its_sentence_and_every_step_up_to_it_is_kept(store, lab_of_the_store, execute):
    run_id = store.create(small_experiment(200, optimizer="sgd", learning_rate=100.0), "ada")
    assert execute(run_id) == "failed"
    run = store.get(run_id)
    assert "use a lower learning rate or set a clip norm" in run.error
    overflow = int(re.search(r"The loss became \w+ at step (\d+)", run.error).group(1))
    # Whether an update or an evaluation met it first.
    curves = store.curves(run_id).by_name
    last = {name: (int(curve.steps[-1]), curve.values[-1]) for name, curve in curves.items()}
    assert overflow in [step for step, value in last.values() if not np.isfinite(value)]

    watched = Watched()
    watched.look(lab_of_the_store, run)
    assert watched.overflow_step == overflow
    assert watched.points("batch_loss")[0].tolist() == list(range(overflow))
    finding = watched.diagnosis(run)[0]
    assert finding.kind == "exploded"
    assert f"overflowed at step {overflow}" in finding.sentence
    assert finding.settings == {"learning_rate": 10.0}
    # What the network could do before it, from the untrained one on; and no number of the list of runs is none.
    # On a slow machine there are others between them, taken by the clock.
    sampled = {sample.step for sample in store.samples(run_id)}
    assert {step for step in ROUND_STEPS if step <= overflow} <= sampled <= {*range(overflow + 1)}
    assert all(np.isfinite(summary.last) for summary in run.measured.values())


def test_data_that_cannot_be_had_fail_with_their_sentence(store, execute):
    experiment = Experiment(data=TextData(corpus="upload", upload="0" * 64), training=TrainingConfig(num_steps=5))
    run_id = store.create(experiment, "ada")
    assert execute(run_id) == "failed"
    assert store.get(run_id).error == (
        "The file of your own (upload) that these settings name is not kept here; start a new run from its file."
    )


def test_an_uploaded_text_is_found_by_the_worker(store, location, execute):
    text = "the cat sat on the mat . the dog sat on the log .\n" * 40
    upload = ArtifactStore(location.artifacts).keep_text(text)
    data = TextData(corpus="upload", upload=upload, vocabulary_size=50)
    settings = TrainingConfig(num_steps=5, epochs=1, batch_size=4, evaluate_every=1000)
    run_id = store.create(Experiment(data=data, training=settings), "ada")
    assert execute(run_id) == "finished", store.get(run_id).error
    assert len(store.samples(run_id)[-1].content["tokens"]) > 0


def test_half_written_files_of_earlier_executions_are_swept(store, location, execute):
    run_id = store.create(small_experiment(), "ada")
    files = ArtifactStore(location.artifacts)
    files.write(f"{run_id}/0000-0000000001.npz.abc.part", b"half")
    execute(run_id)
    assert set(files.paths(run_id)) == {checkpoint.path for checkpoint in store.checkpoints(run_id)}


def test_a_heart_beats_while_the_trainer_is_busy(store, execute, monkeypatch):
    run_id = store.create(small_experiment(), "ada")
    compiling, done = threading.Event(), threading.Event()

    class SlowToBuild(training.Trainer):
        def __init__(self, *arguments):
            compiling.set()
            done.wait(30)
            super().__init__(*arguments)

    monkeypatch.setattr(training, "Trainer", SlowToBuild)
    thread = threading.Thread(target=execute, args=(run_id,))
    thread.start()
    compiling.wait(30)
    before = store.get(run_id).heartbeat
    wait_for(lambda: store.get(run_id).heartbeat > before, "another heartbeat")
    done.set()
    thread.join()
    assert store.get(run_id).state == "finished"


def test_weights_are_arrays_without_code(store, location, execute):
    run_id = store.create(small_experiment(), "ada")
    execute(run_id)
    path = f"{location.artifacts}/{store.checkpoints(run_id)[0].path}"
    with np.load(path, allow_pickle=False) as arrays:
        assert int(arrays["step"]) == 40


def test_a_gradient_that_overflows_fails_with_its_sentence_and_leaves_no_weights_that_are_not_finite(
    store, location, execute
):
    """The loss of the first update is an ordinary number; the gradient is none any more."""
    experiment = Experiment(
        SineData(samples=300),
        ModelConfig(cell="simple_rnn", units=64, init_scale=1.0),
        TrainingConfig(num_steps=300, clip_norm=1.0, learning_rate=0.001, epochs=3, full_rate_epochs=3),
    )
    run_id = store.create(experiment, "ada")
    assert execute(run_id) == "failed"
    assert "The gradient overflowed at step" in store.get(run_id).error
    assert "smaller initial scale, a shorter window" in store.get(run_id).error
    for checkpoint in store.checkpoints(run_id):
        arrays = unpack_arrays(ArtifactStore(location.artifacts).read(checkpoint))
        assert all(np.isfinite(array).all() for array in arrays.values())


def test_weights_that_are_not_finite_are_not_stored(store, lab_of_the_store, execute, monkeypatch):
    run_id = store.create(small_experiment(200), "ada")

    class Spoilt(training.Trainer):
        def advance(self, *arguments):
            measurements = super().advance(*arguments)
            if self.step > 50:
                self.network.weights[0].assign(self.network.weights[0] * np.nan)
            return measurements

    monkeypatch.setattr(training, "Trainer", Spoilt)
    assert execute(run_id) == "failed"
    assert "not finite" in store.get(run_id).error or "The loss became nan" in store.get(run_id).error
    watched = Watched()
    watched.look(lab_of_the_store, store.get(run_id))
    assert watched.overflow_step > 50
    assert all(checkpoint.step <= 50 for checkpoint in store.checkpoints(run_id))


@pytest.mark.parametrize("taken", [True, False])
def test_a_run_goes_on_in_its_arithmetic_when_the_machine_says_the_opposite(
    store, location, execute, monkeypatch, taken
):
    """The undisturbed run and the one that was paused, and went on after the file of choices had been changed."""
    monkeypatch.setenv("RNNLAB_HOME", str(location.home))
    data = dataclasses.replace(LARGE.data, upload=ArtifactStore(location.artifacts).keep_text(WORDS))
    experiment = dataclasses.replace(LARGE, data=data)
    undisturbed, paused, opposite = (store.create(experiment, "ada") for _ in range(3))
    say(location.home, taken)
    assert execute(undisturbed) == "finished"

    class PausedInTheThirdCall(training.Trainer):
        def advance(self, *arguments):
            measurements = super().advance(1)
            if self.step == 3:
                store.ask(store.get(paused), "pause")
            return measurements

    with monkeypatch.context() as context:
        context.setattr(training, "Trainer", PausedInTheThirdCall)
        assert execute(paused) == "paused"
    assert store.get(paused).step == 3
    say(location.home, not taken)
    store.queue_again(store.get(paused))
    assert execute(paused) == "finished"
    assert execute(opposite) == "finished"

    assert store.get(paused).arithmetic == store.get(undisturbed).arithmetic != store.get(opposite).arithmetic
    files = ArtifactStore(location.artifacts)
    weights = [
        newest_weights(store, files, run_id)[1]["embedding"].tobytes() for run_id in (undisturbed, paused, opposite)
    ]
    assert weights[0] == weights[1] != weights[2]
    first, second = (store.curves(run_id).by_name["batch_loss"].values.tolist() for run_id in (undisturbed, paused))
    assert first == second


def test_a_run_that_lost_its_checkpoints_begins_again_in_its_arithmetic(store, location, execute, monkeypatch):
    monkeypatch.setenv("RNNLAB_HOME", str(location.home))
    data = dataclasses.replace(LARGE.data, upload=ArtifactStore(location.artifacts).keep_text(WORDS))
    run_id = store.create(dataclasses.replace(LARGE, data=data), "ada")
    recorded = RunArithmetic(output="bfloat16")
    claim_run(store.url, run_id, 1, "engine", None).start(0, 20, recorded)
    say(location.home, False)
    assert execute(run_id) == "finished"
    assert store.get(run_id).arithmetic == recorded
