"""What people predict in lessons, as the store keeps it."""

import csv
import io

import pytest

from rnnlab.engine.workers import Workers
from rnnlab.errors import LabError
from rnnlab.lab import Lab
from rnnlab.store.predictions import HEAD, as_csv, visitor_name
from rnnlab.visitor import HOST, Visitor

pytestmark = pytest.mark.both_databases


@pytest.fixture
def lab(location, store, monkeypatch):
    monkeypatch.setattr(Workers, "get_runs_going", lambda self: None)
    return Lab(location)


def test_the_newest_prediction_of_a_step_counts_and_is_kept_for_its_visitor_alone(lab):
    ada, bob = (lab.for_visitor(Visitor(name)) for name in ("ada", "bob"))
    ada.predict("own-voice", "voice", "on")
    ada.predict("own-voice", "voice", "still")
    ada.predict("floor", "line", "9.5")
    bob.predict("own-voice", "voice", "unknown")
    assert ada.predicted("own-voice") == {"voice": "still"}
    assert bob.predicted("own-voice") == {"voice": "unknown"}
    assert bob.predicted("floor") == {}
    again = Lab(lab.location).for_visitor(Visitor("ada"))
    assert again.predicted("floor") == {"line": "9.5"}


def test_the_file_has_every_prediction_and_nothing_else_about_a_person(lab):
    ada, bob = (lab.for_visitor(Visitor(name)) for name in ("ada-secret-key", "bob-secret-key"))
    ada.predict("own-voice", "voice", "on")
    bob.predict("own-voice", "voice", "still")
    ada.predict("floor", "line", "9.5")
    rows = list(csv.DictReader(io.StringIO(as_csv(lab.predictions()))))
    assert tuple(rows[0]) == HEAD == ("lesson", "step", "visitor", "choice", "when")
    assert [(row["lesson"], row["step"], row["choice"]) for row in rows] == [
        ("own-voice", "voice", "on"),
        ("own-voice", "voice", "still"),
        ("floor", "line", "9.5"),
    ]
    assert rows[0]["visitor"] == rows[2]["visitor"] != rows[1]["visitor"]
    assert "secret-key" not in str(rows)
    assert rows[0]["visitor"] == visitor_name("ada-secret-key")
    mine = list(csv.DictReader(io.StringIO(as_csv(ada.my_predictions()))))
    assert [row["choice"] for row in mine] == ["on", "9.5"]


def test_everybodys_predictions_are_for_the_host(lab):
    lab.for_visitor(Visitor("ada")).predict("own-voice", "voice", "on")
    assert len(lab.for_visitor(Visitor("teacher", HOST)).everybodys_predictions()) == 1
    with pytest.raises(LabError, match="own machine"):
        lab.for_visitor(Visitor("ada")).everybodys_predictions()
