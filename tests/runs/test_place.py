import dataclasses
from pathlib import Path

import pytest

from rnnlab.runs.place import Place


def test_everything_lies_in_the_home_folder_by_default(tmp_path):
    place = Place.from_environment({"RNNLAB_HOME": str(tmp_path)})
    assert place.database == f"sqlite:///{tmp_path}/runs.sqlite"
    assert Path(place.artifacts).parent == tmp_path
    assert place.cluster is None


def test_the_three_settings_move_the_lab_to_a_cluster(tmp_path):
    environment = {
        "RNNLAB_HOME": str(tmp_path),
        "RNNLAB_DATABASE": "postgresql+psycopg://class@server/rnnlab",
        "RNNLAB_ARTIFACTS": "s3://class/rnnlab",
        "RNNLAB_CLUSTER": "tls://server:8786",
    }
    place = Place.from_environment(environment)
    assert (place.database, place.artifacts, place.cluster) == tuple(list(environment.values())[1:])


def test_another_process_makes_the_same_place(tmp_path):
    place = Place(tmp_path, "sqlite:////somewhere/else.sqlite", "/data", "tcp://server:8786")
    assert Place.from_environment(place.environment()) == place


def test_labs_with_other_stores_have_other_engines(tmp_path):
    place = Place.from_environment({"RNNLAB_HOME": str(tmp_path)})
    assert place.engine_folder != dataclasses.replace(place, database="sqlite:////elsewhere.sqlite").engine_folder


def test_a_cluster_that_is_no_address_gets_a_sentence():
    with pytest.raises(ValueError, match=r"RNNLAB_CLUSTER was 'server:8786', but must be .* tcp://"):
        Place.from_environment({"RNNLAB_CLUSTER": "server:8786"})
