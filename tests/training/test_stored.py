"""The arrays that a trainer stores: their names, refusals, and the files of earlier versions."""

import numpy as np
import pytest

from rnnlab.config import ModelConfig, from_flat
from rnnlab.data import load_dataset
from rnnlab.models import Network
from rnnlab.store.artifacts import pack_arrays, unpack_arrays
from rnnlab.training import load_weights
from rnnlab.training.stored import named_slots
from tests.support.earlier import as_stored_before_names

SINE = {"data": "sine", "samples": 60, "num_steps": 20, "units": 5, "num_layers": 2, "epochs": 8, "seed": 3}
KINDS = {
    "adam": SINE,
    "sgd": SINE | {"optimizer": "sgd", "cell": "gru"},
    "state_saving": SINE | {"unrolling": "state_saving"},
    "text": {
        **{"data": "text", "corpus": "upload", "units": 8, "num_layers": 2, "batch_size": 4, "num_steps": 10},
        **{"epochs": 2, "optimizer": "adam", "output_dropout": 0.3, "seed": 1},
    },
}
WORDS = " ".join(np.random.default_rng(0).choice(["the", "cat", "sees", "a", "dog", "and", "runs"], 600))


@pytest.fixture
def trainer(make_trainer):
    def make(flat, after=None):
        experiment = from_flat(flat)
        return make_trainer(experiment, load_dataset(experiment.data, experiment.seed, upload_text=WORDS), after)

    return make


def train(trainer, until):
    measurements = []
    while trainer.step < until:
        measurements += trainer.advance(1)
    return [(r.step, r.name, r.value) for r in measurements if r.name in ("batch_loss", "grad_norm")]


def swapped(arrays, one, other):
    assert arrays[one].shape == arrays[other].shape
    return arrays | {one: arrays[other], other: arrays[one]}


def test_every_array_has_a_name_that_says_what_it_is(trainer):
    arrays = trainer(SINE).state_dict()
    weights = [f"layer_{layer}/{part}" for layer in (0, 1) for part in ("kernel", "recurrent_kernel", "bias")]
    weights += ["head/kernel", "head/bias"]
    slots = [f"adam/{slot}/{weight}" for weight in weights for slot in ("momentum", "velocity")]
    state = [f"state/layer_{layer}/{part}" for layer in (0, 1) for part in "hc"]
    rest = ["step", "epoch_loss", "arithmetic", "fingerprints"]
    assert list(arrays) == [*weights, "adam/iteration", "adam/learning_rate", *slots, *state, *rest]
    assert arrays["layer_1/recurrent_kernel"].shape == arrays["adam/velocity/layer_1/recurrent_kernel"].shape == (5, 20)


@pytest.mark.parametrize(
    ("settings", "vocabulary", "names"),
    [
        ({"use_peepholes": True, "num_proj": 2}, 7, {"embedding", "layer_0/peepholes", "layer_0/projection"}),
        ({"tie_embeddings": True}, 7, {"embedding", "head/bias"}),
        ({"tie_embeddings": True, "num_layers": 2}, 7, {"embedding", "layer_1/bias", "head/bias"}),
        ({"unrolling": "bidirectional"}, 0, {"layer_0/kernel", "backward_0/kernel", "head/kernel"}),
        ({"cell": "gru", "reset_after": True, "num_layers": 3}, 7, {"layer_2/bias"}),
    ],
)
def test_names_lie_in_the_order_in_which_earlier_versions_numbered(settings, vocabulary, names):
    network = Network(ModelConfig(units=4, **settings), vocabulary, tags=0 if vocabulary else 2)
    assert names <= network.named_weights.keys()
    assert [id(weight) for weight in network.named_weights.values()] == [id(weight) for weight in network.weights]


def test_each_slot_is_the_one_that_keras_keeps_for_its_weight(trainer):
    """Keras calls a slot by the path of its weight, with lines for strokes, and the kind of the slot."""
    one = trainer(SINE)
    for name, slot in named_slots("adam", one.updater.optimizer, one.network.named_weights).items():
        kind, _, weight = name.removeprefix("adam/").partition("/")
        path = one.network.named_weights[weight].path.replace("/", "_") + "_" if weight else ""
        assert slot.name == path + kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("arithmetic", [True, False])
def test_what_an_earlier_version_stored_goes_on_to_the_same_bits(trainer, kind, arithmetic):
    flat = KINDS[kind]
    undisturbed = trainer(flat)
    expected = train(undisturbed, 9)
    weights = undisturbed.network.get_weights()

    first = trainer(flat, after=undisturbed)
    before = train(first, 4)
    stored = unpack_arrays(pack_arrays(as_stored_before_names(first, arithmetic)))
    second = trainer(flat, after=first)
    second.load_state_dict(stored)
    assert before + train(second, 9) == expected
    for ours, theirs in zip(second.network.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert second.state_dict().keys() == undisturbed.state_dict().keys()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("layer_0/recurrent_kernel", "layer_1/recurrent_kernel"),
        ("layer_0/bias", "layer_1/bias"),
        ("adam/momentum/layer_0/bias", "adam/velocity/layer_0/bias"),
        ("state/layer_0/h", "state/layer_0/c"),
    ],
)
def test_two_arrays_of_one_shape_that_were_exchanged_are_refused(trainer, one, other):
    first = trainer(SINE)
    train(first, 3)
    arrays = first.state_dict()
    before = first.network.get_weights()
    with pytest.raises(ValueError, match=f"The array called {one} is not the one that was stored under this name"):
        first.load_state_dict(swapped(arrays, one, other))
    for ours, theirs in zip(first.network.get_weights(), before, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    if one.startswith("layer"):
        with pytest.raises(ValueError, match="is not the one that was stored under this name"):
            load_weights(first.network, swapped(arrays, one, other))


def test_the_order_of_the_arrays_does_not_matter(trainer):
    first = trainer(SINE)
    train(first, 3)
    weights, arrays = first.network.get_weights(), first.state_dict()
    second = trainer(SINE, after=first)
    second.load_state_dict(dict(sorted(arrays.items(), reverse=True)))
    for ours, theirs in zip(second.network.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("load", ["trainer", "weights"])
@pytest.mark.parametrize(
    ("old", "new"), [("layer_1/bias", "layer_2/bias"), ("head/kernel", "kernel"), ("layer_0/kernel", "weight/0x")]
)
def test_a_name_that_does_not_belong_is_refused(trainer, load, old, new):
    one = trainer(SINE)
    arrays = one.state_dict()
    arrays[new] = arrays.pop(old)
    with pytest.raises(ValueError, match=f"{old} missing; {new} not needed; load them with the settings"):
        one.load_state_dict(arrays) if load == "trainer" else load_weights(one.network, arrays)


@pytest.mark.parametrize("name", ["adam/velocity/head/bias", "adam/iteration", "state/layer_1/c", "step", "epoch_loss"])
def test_an_array_that_is_missing_is_named(trainer, name):
    one = trainer(SINE)
    arrays = one.state_dict()
    del arrays[name]
    with pytest.raises(ValueError, match=f"do not fit this network: {name} missing; load them"):
        one.load_state_dict(arrays)


def test_the_arrays_of_another_optimizer_or_depth_are_refused(trainer):
    adam = trainer(SINE)
    with pytest.raises(ValueError, match="sgd/iteration, sgd/learning_rate not needed"):
        adam.load_state_dict(trainer(SINE | {"optimizer": "sgd"}).state_dict())
    with pytest.raises(ValueError, match="layer_1/bias, layer_1/kernel, layer_1/recurrent_kernel not needed"):
        load_weights(Network(ModelConfig(units=5)), adam.state_dict())


def test_the_numbered_weights_of_another_network_are_refused(trainer):
    stored = as_stored_before_names(trainer(SINE))
    with pytest.raises(ValueError, match="not needed"):
        load_weights(Network(ModelConfig(units=5)), stored)
    with pytest.raises(ValueError, match="missing"):
        load_weights(Network(ModelConfig(units=5, num_layers=3)), stored)
    with pytest.raises(ValueError, match=r"layer_0/kernel has the shape \(1, 20\), but must have the shape \(1, 24\)"):
        load_weights(Network(ModelConfig(units=6, num_layers=2)), stored)


def test_the_weights_of_a_stored_run_make_the_same_network(trainer):
    one = trainer(KINDS["text"])
    train(one, 3)
    for arrays in (one.state_dict(), as_stored_before_names(one)):
        network = Network.for_experiment(one.experiment, len(one.dataset.vocabulary), seed=99)
        load_weights(network, unpack_arrays(pack_arrays(arrays)))
        for name, weight in network.named_weights.items():
            np.testing.assert_array_equal(weight, one.network.named_weights[name])
