"""The tokens of a passage on the screen."""

import numpy as np

from rnnlab.data.vocabulary import visible
from rnnlab.ui.markdown import WORD_JOINER
from rnnlab.ui.widgets.passage import pick_labels


def test_what_would_be_blank_has_a_sign():
    assert [visible(token) for token in (" ", "\t", "<eos>", "the")] == ["␣", "⇥", "⏎", "the"]


def test_each_word_has_a_label_of_its_own_that_shows_its_surprise():
    labels = pick_labels(["e", "e", "<unk>", "e"], np.array([1.0, 1.0, 12.34, 2.0]))
    assert len(set(labels)) == 4
    shown = [label.replace(WORD_JOINER, "") for label in labels]
    assert shown[0] == shown[1] == "e :small[1.0]"
    assert shown[2] == "\\<unk\\> :small[12.3]"
