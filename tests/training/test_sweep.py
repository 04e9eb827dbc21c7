"""Several experiments in one process, as a table."""

import pytest

import rnnlab
from rnnlab.config import InvalidSetting
from tests.support.labs import small_experiment


def test_each_row_is_the_run_that_fit_trains():
    table = rnnlab.sweep(small_experiment(), {"forget_bias": [0, 4]}, seeds=2)
    assert table[["forget_bias", "seed"]].values.tolist() == [[0, 0], [4, 0], [0, 1], [4, 1]]
    for _, row in table.iterrows():
        alone = rnnlab.fit(
            rnnlab.from_flat({"forget_bias": row["forget_bias"], "seed": int(row["seed"])}, small_experiment())
        )
        for name in ("batch_loss", "train_loss", "valid_loss"):
            assert row[name] == alone.curve(name)[1][-1]
    assert table["steps"].tolist() == [40] * 4
    assert table["error"].tolist() == [""] * 4


def test_a_run_that_explodes_has_its_error_and_leaves_the_others_alone():
    table = rnnlab.sweep(small_experiment(optimizer="sgd"), {"learning_rate": [100, 0.01]})
    assert "training cannot go on" in table["error"][0] or "overflowed" in table["error"][0]
    assert table["steps"][0] < 40
    assert (table["error"][1], table["steps"][1]) == ("", 40)


def test_progress_counts_the_runs():
    seen = []
    rnnlab.sweep(small_experiment(epochs=2), seeds=3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_values_that_make_no_sense_are_refused_before_anything_trains():
    with pytest.raises(InvalidSetting, match="needs at least two values"):
        rnnlab.sweep(small_experiment(), {"units": [4]}, progress=lambda *_: pytest.fail("it trained"))


def test_a_text_of_ones_own_is_learned_in_every_run(tmp_path):
    from rnnlab.presets import PTB_DEMO

    file = tmp_path / "story.txt"
    file.write_text("the cat sat on the mat\n" * 200)
    base = rnnlab.from_flat({"units": 4, "num_layers": 1, "epochs": 1}, PTB_DEMO.experiment)
    table = rnnlab.sweep(base, seeds=2, file=file)
    assert table["epoch_valid_perplexity"].between(1, 20).all()
