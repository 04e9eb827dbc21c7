import dataclasses
from pathlib import Path

import pytest

from rnnlab.store.location import Location, database_in_words


def test_everything_lies_in_the_home_folder_by_default(tmp_path):
    location = Location.from_environment({"RNNLAB_HOME": str(tmp_path)})
    assert location.database == f"sqlite:///{tmp_path}/runs.sqlite"
    assert Path(location.artifacts).parent == tmp_path
    assert location.cluster is None


def test_the_three_settings_move_the_lab_to_a_cluster(tmp_path):
    environment = {
        "RNNLAB_HOME": str(tmp_path),
        "RNNLAB_DATABASE": "postgresql+psycopg://class@server/rnnlab",
        "RNNLAB_ARTIFACTS": "s3://class/rnnlab",
        "RNNLAB_CLUSTER": "tls://server:8786",
    }
    location = Location.from_environment(environment)
    assert (location.database, location.artifacts, location.cluster) == tuple(list(environment.values())[1:])


def test_another_process_makes_the_same_place(tmp_path):
    location = Location(tmp_path, "sqlite:////somewhere/else.sqlite", "/data", "tcp://server:8786")
    assert Location.from_environment(location.environment()) == location


def test_labs_with_other_stores_have_other_engines(tmp_path):
    location = Location.from_environment({"RNNLAB_HOME": str(tmp_path)})
    assert location.engine_folder != dataclasses.replace(location, database="sqlite:////elsewhere.sqlite").engine_folder


@pytest.mark.parametrize("address", ["server:8786", "http://server:8786", "tcp://", "tcp://server:port"])
def test_a_cluster_that_is_no_address_gets_a_sentence(address):
    with pytest.raises(ValueError, match=f"RNNLAB_CLUSTER was '{address}', but must be .* tcp://"):
        Location.from_environment({"RNNLAB_CLUSTER": address})


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////lab/runs.sqlite", "/lab/runs.sqlite"),
        ("sqlite:////what%3F/100%25/runs.sqlite?timeout=3", "/what?/100%/runs.sqlite"),
        ("postgresql://ada:secret@server:5432/rnnlab?password=secret", "postgresql://ada@server:5432/rnnlab"),
        ("postgresql+psycopg://ada:se@cr:et@server/rnnlab", "postgresql+psycopg://ada@server/rnnlab"),
        ("postgresql:///rnnlab?host=/tmp", "postgresql:///rnnlab"),
        ("postgresql://server", "postgresql://server"),
        ("secret", "that RNNLAB_DATABASE names"),
    ],
)
def test_a_sentence_names_the_database_without_its_password(url, words):
    assert database_in_words(url) == words
