"""Anything that a widget may send for a setting."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

from hypothesis import given
from hypothesis import strategies as st

from rnnlab import config
from rnnlab.config import CORPORA
from rnnlab.form import Form, read_link
from rnnlab.presets import PRESETS
from rnnlab.ui.widgets.dial import typed
from rnnlab.ui.widgets.fields import FRONT, FRONT_DATA, NOT_TYPED, drawer_groups
from tests.fuzz.budget import examples
from tests.fuzz.hostile import URL_TEXT, value_of
from tests.fuzz.verdict import ROWS, check_meaning, check_sentence

FORMS = {name: Form.of_preset(name) for name in PRESETS}


@st.composite
def messages(draw):
    """A form, and what its widgets send one after another: texts of fields, choices of lists, switches."""
    form = Form.of_preset(draw(st.sampled_from(list(PRESETS))))
    names = [name for name in form.values if name != "data" and name not in NOT_TYPED]
    sent = draw(st.lists(st.sampled_from(names).flatmap(lambda n: st.tuples(st.just(n), what_widgets_send(n)))))
    if form.kind == "text":
        form.set("corpus", draw(st.sampled_from(tuple(CORPORA))))
    return form, sent


def what_widgets_send(name):
    row, kind = ROWS[name]
    if kind is bool:
        return st.booleans()
    if row.choices:
        return st.sampled_from(row.choices)
    return value_of(name, URL_TEXT).map(str)


def drawn(form, complaints):
    """The settings that have a field on Train."""
    front = [*FRONT_DATA[form.kind], *(name for names in FRONT.values() for name in names)]
    return {*front, *(name for names in drawer_groups(form, complaints).values() for name in names)}


@examples("form")
@given(messages())
def test_what_is_typed_is_taken_as_it_was_meant_or_kept_with_a_sentence_beside_it(message):
    form, sent = message
    for name, value in sent:
        form.set(name, value)
    complaints = form.complaints()
    assert set(complaints) <= drawn(form, complaints), "a complaint has no place on the screen"
    for name, sentence in complaints.items():
        check_sentence(sentence, name)
    for name, value in dict(sent).items():
        if form.values[name] is value and not is_taken(name, value):
            assert name in complaints
            assert typed(form.values[name]) == value  # the field still shows it
        else:
            check_meaning(name, value, form.values[name])
    linked, notes = read_link(parse_qs(urlencode(form.link()), keep_blank_values=True))
    assert notes == []
    wrong = {name for name in form.values if name != "data" and not is_taken(name, form.values[name])}
    if form.kind == "memory":  # Their data decide these, whatever a form still has of others.
        wrong |= {"num_steps", "carry_state"}
    assert all(linked.values[name] == value for name, value in form.values.items() if name not in wrong)
    if not complaints:
        assert linked.experiment() == form.experiment()


def is_taken(name, value):
    try:
        return config.parse_setting(name, value) == value
    except config.InvalidSetting:
        return False
