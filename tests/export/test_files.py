"""Tables, names, events and the page: read back by programs that others wrote."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
import tensorflow as tf

from rnnlab.config import Experiment, ModelConfig, TextData
from rnnlab.export.event_file import event_file
from rnnlab.export.exported import ExportedRun
from rnnlab.export.names import LONGEST, safe_name
from rnnlab.export.page import page_bytes, pictures
from rnnlab.export.svg import Line, chart
from rnnlab.export.tables import csv_bytes, measures_csv, samples_csv, zip_bytes
from rnnlab.store.curves import Curve
from rnnlab.store.store import Sample

LOSS = Curve(np.array([0, 5, 300]), np.array([1.5, 0.25, 0.1234567890123]))
RATE = Curve(np.array([0, 1]), np.array([0.01, 0.005]))


def run_with(name="A run", experiment=None, samples=()):
    curves = {"train_loss": LOSS, "learning_rate": RATE}
    return ExportedRun(name, experiment or Experiment(), "abc", curves, samples)


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode())))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
def test_no_cell_begins_a_formula(start):
    cell = rows_of(csv_bytes(("token",), [(f"{start}1+cmd|' /C calc'!A0",)]))[1][0]
    assert cell.startswith("'" + start)


@pytest.mark.parametrize("value", [-0.5, -3, "-3", "-1.5e-07", 1e300, "+4"])
def test_negative_numbers_stay_numbers(value):
    assert float(rows_of(csv_bytes(("value",), [(value,)]))[1][0]) == float(value)


def test_what_is_missing_is_an_empty_cell():
    assert rows_of(csv_bytes(("a", "b", "c"), [(None, np.nan, float("-inf"))]))[1] == ["", "", "'-inf"]


def test_all_measures_are_in_the_table_to_the_last_digit():
    head, *rows = rows_of(measures_csv(run_with()))
    assert head == ["step", "measure", "value"]
    found = [(int(step), float(value)) for step, name, value in rows if name == "train_loss"]
    assert found == list(zip(LOSS.steps.tolist(), LOSS.values.tolist(), strict=True))
    assert len(rows) == 5


def test_samples_are_rows_of_numbers_and_words():
    series = Sample(3, {"kind": "series", "prime": [0.5], "values": [-1.0, None], "error": 0.2})
    words = Sample(4, {"kind": "text", "tokens": ["=SUM(A1)", "dog"]})
    tags = Sample(5, {"kind": "tags", "probabilities": [[0.25, 0.75]]})
    rows = rows_of(samples_csv(run_with(samples=[series, words, tags])))[1:]
    assert ["3", "series", "values", "0", "-1.0"] in rows
    assert ["3", "series", "values", "1", ""] in rows
    assert ["4", "text", "tokens", "0", "'=SUM(A1)"] in rows
    assert ["5", "tags", "probabilities[1]", "0", "0.75"] in rows


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Sine wave: units 16", "sine-wave-units-16.csv"),
        ("CON", "run-con.csv"),
        ("nul", "run-nul.csv"),
        ("lpt1 - x", "run-lpt1-x.csv"),
        ("../../etc/passwd", "etc-passwd.csv"),
        ("Überraschung naïve", "uberraschung-naive.csv"),
        ("正弦波", "run.csv"),
        ("...", "run.csv"),
        ("a\x00b<c>:|?*\u202e", "a-b-c.csv"),
    ],
)
def test_a_name_is_one_that_every_system_takes(words, expected):
    assert safe_name(words, ".csv") == expected


def test_a_long_name_is_cut():
    name = safe_name("word " * 100, "-weights.zip")
    assert len(name) <= LONGEST + len("-weights.zip")
    assert re.fullmatch(r"[a-z0-9-]+-weights\.zip", name)


def test_the_archive_of_equal_files_has_equal_bytes():
    content = zip_bytes({"a.txt": b"one", "b/c.txt": b"two"})
    assert content == zip_bytes({"a.txt": b"one", "b/c.txt": b"two"})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {"a.txt": b"one", "b/c.txt": b"two"}


def test_tensorflow_reads_the_event_file(tmp_path):
    file = tmp_path / "events.out.tfevents.0.x"
    file.write_bytes(event_file({"train_loss": LOSS, "learning_rate": RATE}, written=12.5))
    first, *events = tf.compat.v1.train.summary_iterator(str(file))
    assert first.file_version == "brain.Event:2"
    assert {event.wall_time for event in events} == {12.5}
    found = [(event.step, event.summary.value[0].tag, event.summary.value[0].simple_value) for event in events]
    expected = [(step, "train_loss", value) for step, value in zip(LOSS.steps, LOSS.values, strict=True)]
    assert [(step, tag) for step, tag, _ in found[:3]] == [(step, tag) for step, tag, _ in expected]
    np.testing.assert_allclose([value for *_, value in found[:3]], LOSS.values, rtol=1e-6)


class Tags(HTMLParser):
    """The tags of a page and its words."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.words = [], ""
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data


def test_the_page_needs_nothing_else_and_runs_no_name_as_code():
    sample = Sample(3, {"kind": "text", "tokens": ["<script>", "dog", "<eos>"]})
    experiment = Experiment(data=TextData(corpus="grammar"), model=ModelConfig(units=4))
    page = page_bytes(run_with('<img src=x onerror="alert(1)">', experiment, [sample])).decode()
    parsed = Tags(page)
    names = [tag for tag, _ in parsed.tags]
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert all(
        not name.startswith("on") and "://" not in (value or "").replace("http://www.w3.org/2000/svg", "")
        for _, attributes in parsed.tags
        for name, value in attributes.items()
    )
    assert "@media print" in page
    assert parsed.words.count("Notes") == 1
    assert "Units" in parsed.words
    assert "<script> dog" in parsed.words


def test_the_page_shows_the_comparison_of_a_series():
    columns = {
        "time": [0, 1, 2],
        "target": [0.0, 0.5, 1.0],
        "teacher_forced": [None, 0.4, 0.9],
        "free_running": [None, None, 0.7],
    }
    page = page_bytes(run_with(), columns).decode()
    drawn = pictures(run_with(), columns)
    assert {ElementTree.fromstring(content).tag for content in drawn.values()} == {"{http://www.w3.org/2000/svg}svg"}
    assert set(drawn) == {"loss.svg", "comparison.svg"}
    assert page.count("<svg") == 2
    assert "free-running" in page


def test_a_curve_reaches_from_edge_to_edge_and_breaks_where_nothing_was_measured():
    drawn = chart([Line("loss", np.arange(4), np.array([1.0, np.nan, 2.0, 3.0]), "#000")], "Step", "Loss")
    path = re.search(r'<path d="(M[^"]+)" fill="none"', drawn).group(1)
    assert path.count("M") == 2
    assert [float(x) for x in re.findall(r"[ML]([\d.]+) ", path)] == [62.0, 466.0, 668.0]
