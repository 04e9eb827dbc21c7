"""The moving picture of Home: what goes where, and when."""

import re
from xml.etree import ElementTree

import pytest

from rnnlab.plots.drawing import Drawing
from rnnlab.plots.unrolled import free_running_picture, teacher_forced_picture


def found(picture, kind):
    elements = ElementTree.fromstring(picture.html).iter("div")
    return [element for element in elements if kind in (element.get("class") or "").split()]


def words(picture):
    return ["".join(text.itertext()) for text in found(picture, "words")]


def style_of(picture):
    return ElementTree.fromstring(picture.html).find("style").text


def visible_frames(picture):
    """Of each motion: the times at which its dot is seen, as shares of a cycle, and where it is then (x, y)."""
    frame = r"([\d.]+)%\{transform:translate\((-?[\d.]+)cqw,(-?[\d.]+)px\)[^;]*;opacity:1\}"
    motions = re.findall(r"@keyframes [\w-]+\{((?:[^{}]*\{[^{}]*\})*)\}", style_of(picture))
    return [[tuple(map(float, found)) for found in re.findall(frame, motion)] for motion in motions]


def test_teacher_forced_reads_the_data_at_every_step():
    assert [label for label in words(teacher_forced_picture()) if label.startswith("x")] == ["x0", "x1", "x2"]


def test_free_running_reads_each_output_at_the_next_step():
    labels = words(free_running_picture())
    assert [label for label in labels if label.startswith("x")] == ["x0"]
    # Each of the first two outputs stands twice: where it comes out, and where it goes in.
    assert sorted(label for label in labels if label.startswith("y")) == ["y0", "y0", "y1", "y1", "y2"]


@pytest.mark.parametrize(("picture", "arrows"), [(teacher_forced_picture(), 9), (free_running_picture(), 11)])
def test_along_each_arrow_moves_a_dot(picture, arrows):
    """Three steps with an input, an output and a state each; two outputs go back."""
    assert len(found(picture, "head")) == len(found(picture, "moving")) == len(visible_frames(picture)) == arrows


def test_an_output_is_read_when_it_has_arrived():
    """In the order of the arrows of one step: input, output, state; the ways back come last."""
    *steps, back, _ = visible_frames(free_running_picture())
    first_output, second_input = steps[1], steps[3]
    assert first_output[-1][0] <= back[0][0]
    assert back[-1][0] <= second_input[0][0]
    assert len({x for _, x, _ in back}) == 3  # to the right, down, to the right


def test_nothing_moves_for_a_person_who_asked_for_less_motion():
    assert re.search(
        r"@media \(prefers-reduced-motion:reduce\)\{\.moving\{display:none\}\}", style_of(free_running_picture())
    )


@pytest.mark.parametrize("picture", [teacher_forced_picture(), free_running_picture()])
def test_the_picture_has_a_text_for_people_who_cannot_see_it(picture):
    root = ElementTree.fromstring(picture.html)
    assert root.get("role") == "img"
    assert "state" in root.get("aria-label")


def test_two_pictures_of_one_page_share_no_motion():
    names = [
        set(re.findall(r"@keyframes ([\w-]+)", style_of(p))) for p in (teacher_forced_picture(), free_running_picture())
    ]
    assert names[0]
    assert names[1]
    assert not names[0] & names[1]


def test_a_dot_passes_its_stops_in_order_and_is_hidden_before_and_after():
    drawing = Drawing((0, 10), (0, 1), 100, "one")
    drawing.moving_dot([(0.25, 0, 1), (0.5, 5, 1), (0.75, 5, 0)], cycle=2, color="red")
    picture = drawing.picture("a dot")
    assert [(t, x, y) for t, x, y in visible_frames(picture)[0]] == [(25.01, 0, 0), (50, 50, 0), (75, 50, 100)]
    hidden = re.findall(r"([\d.]+)%\{[^}]*opacity:0\}", style_of(picture))
    assert [float(time) for time in hidden] == [0, 25, 75.01, 100]


def test_a_still_drawing_has_no_style_of_motion():
    drawing = Drawing((0, 1), (0, 1), 100)
    drawing.box(0, 0, 1, 1, "red")
    assert ElementTree.fromstring(drawing.picture("a box").html).find("style") is None
