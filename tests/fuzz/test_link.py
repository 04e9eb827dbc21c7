"""Anything as the link of a screen: preset, settings, repeated and unknown parameters."""

from __future__ import annotations

from collections import Counter
from urllib.parse import parse_qs, urlencode

from hypothesis import example, given
from hypothesis import strategies as st

from rnnlab import config
from rnnlab.form import STARTS, read_link
from rnnlab.presets import PRESETS
from rnnlab.ui.state.address import read_parameters
from rnnlab.ui.table import PLAYED
from tests.fuzz.budget import examples
from tests.fuzz.hostile import NAMES, STRANGE_NAMES, URL_TEXT, one_setting
from tests.fuzz.verdict import check_meaning, check_number, check_sentence, names

START = st.fixed_dictionaries(
    {},
    optional={
        "preset": st.lists(st.sampled_from(list(PRESETS)) | URL_TEXT, min_size=1, max_size=2),
        "data": st.lists(st.sampled_from([*config.DATA_KINDS]) | URL_TEXT, min_size=1, max_size=2),
    },
)
WRITTEN = one_setting(URL_TEXT).map(lambda pair: (pair[0], str(pair[1])))
PARAMETERS = st.lists(WRITTEN | st.tuples(STRANGE_NAMES.map(lambda n: n.encode(errors="replace").decode()), URL_TEXT))

DECIDES = {"num_steps": ("problem", "time_lag")}
"""By which others it is decided whether a parameter counts."""


def as_a_browser_sends(parameters):
    """A query string there and back: a parameter may come several times."""
    return parse_qs(urlencode(parameters, doseq=True), keep_blank_values=True, max_num_fields=None)


def collected(pairs):
    parameters: dict[str, list[str]] = {}
    for name, text in pairs:
        parameters.setdefault(name, []).append(text)
    return parameters


@examples("link")
@given(START, PARAMETERS)
@example({}, [("corpus", "grammar")])
@example({}, [("units", "3"), ("units", "4")])
@example({"preset": ["sine"], "data": ["text"]}, [])
@example({"preset": ["delayed-recall"]}, [("carry_state", "True"), ("sequences", "1"), ("batch_size", "0")])
@example({"preset": ["delayed-recall"]}, [("num_steps", "11"), ("time_lag", "9")])
@example({"data": ["\U000e0001" * 60]}, [("\U000e0001" * 60, "1")])
def test_each_parameter_of_a_link_counts_or_has_a_sentence(start, pairs):
    parameters = as_a_browser_sends(start | collected(pairs))
    form, notes = read_link(parameters)
    for note in notes:
        check_sentence(note)
    start = {name: texts for name, texts in parameters.items() if name in STARTS}
    before = read_link(start)
    said = Counter(before[1])
    for name, texts in parameters.items():
        if name in start:
            continue
        others = {one: parameters[one] for one in (*start, *DECIDES.get(name, ())) if one in parameters}
        without, others_notes = read_link(others)
        alone, alone_notes = read_link(others | {name: texts})
        mine = Counter(alone_notes) - Counter(others_notes)
        said += mine
        if mine:
            (note,) = mine.elements()
            assert names(note, name) if name in NAMES else config.shown(name) in note
            assert alone.values == without.values
        else:
            assert len({*texts}) == 1, f"{texts} were taken for {name} without a word"
            check_meaning(name, texts[0], form.values[name])
    assert Counter(notes) == said, "a parameter changes what is said of another"
    for name in start:
        chosen = {"preset": form.preset, "data": form.kind}[name]
        assert parameters[name] == [chosen] * len(parameters[name]) or any(names(note, name) for note in notes)
    again, none = read_link(as_a_browser_sends(form.link()))
    assert none == []
    assert (again.preset, again.values) == (form.preset, form.values)


def told_of(note):
    """The parameter that a sentence begins with; one label may be the beginning of another."""
    return max(
        (name for name in PLAYED if note.startswith(PLAYED[name][0].label)), key=lambda name: len(PLAYED[name][0].label)
    )


@examples("link: comparison")
@example({"draw": ["2147483647"], "horizon": ["1_0"], "prime": ["5", "6"]})
@given(
    st.dictionaries(
        st.sampled_from(sorted(PLAYED)), st.lists(URL_TEXT | st.integers(-1, 3000).map(str), min_size=1, max_size=2)
    )
)
def test_each_parameter_of_a_comparison_counts_or_has_a_sentence(parameters):
    kept, notes = read_parameters(as_a_browser_sends(parameters))
    for note in notes:
        check_sentence(note)
    for name, texts in as_a_browser_sends(parameters).items():
        about = [note for note in notes if told_of(note) == name]
        assert len(about) == (name not in kept)
        if name in kept and PLAYED[name][1] is str:
            assert kept[name] == texts[0]
        elif name in kept:
            check_number(texts[0], kept[name])
