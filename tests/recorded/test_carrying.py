"""The measurement of carrying against resetting: how it is kept, and the one that is shipped."""

import json
from importlib import resources

from rnnlab import recorded
from rnnlab.config import from_flat, to_flat
from rnnlab.presets import PRESETS
from rnnlab.recorded.carrying import (
    FILE,
    ReadBothWays,
    RecordedCarry,
    carry_from_json,
    carry_to_json,
    recorded_carry,
)

MEASURED = RecordedCarry(
    preset="grammar",
    experiment=from_flat({"epochs": 2}, PRESETS["grammar"].experiment),
    command="python -m benchmarks.carry_against_reset --preset grammar --epochs 2",
    machine="an abacus, 2 rods",
    date="2025-01-31",
    trained_carried=ReadBothWays(20.5, 30.25),
    trained_reset=ReadBothWays(22.5, 25.25),
)
SHIPPED = resources.files(recorded) / FILE


def test_a_written_measurement_is_read_as_it_was():
    assert carry_from_json(carry_to_json(MEASURED)) == MEASURED


def test_a_file_from_before_a_setting_existed_has_its_default():
    fields = json.loads(carry_to_json(MEASURED))
    del fields["experiment"]["clip_norm"]
    assert carry_from_json(json.dumps(fields)).experiment.training.clip_norm == 0


def test_the_shipped_measurement_is_of_a_preset_and_can_be_made_again():
    measured = recorded_carry()
    assert (measured is not None) == SHIPPED.is_file()
    if measured is None:
        return
    epochs = measured.experiment.training.epochs
    preset = PRESETS[measured.preset].experiment
    assert to_flat(measured.experiment) == to_flat(from_flat({"epochs": epochs}, preset))
    assert measured.command.startswith(f"python -m benchmarks.carry_against_reset --preset {measured.preset}")
    assert 1 < measured.trained_carried.carried < measured.experiment.data.vocabulary_size


def test_the_measurement_is_not_read_as_a_run(tmp_path, monkeypatch):
    """It lies in the same folder as the runs."""
    (tmp_path / FILE).write_text(carry_to_json(MEASURED))
    monkeypatch.setattr(recorded.runs.resources, "files", lambda _: tmp_path)
    assert recorded.recorded_runs.__wrapped__() == {}
    assert recorded_carry.__wrapped__() == MEASURED
