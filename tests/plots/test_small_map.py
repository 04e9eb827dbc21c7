"""The image of a small heat map, read by an image library."""

import base64
import io
import re

import numpy as np
from PIL import Image

from rnnlab.plots.small_map import small_map


def pixels(picture):
    (content,) = re.findall(r"base64,([^\"]+)", picture.html)
    return np.array(Image.open(io.BytesIO(base64.b64decode(content))).convert("RGB"))


def test_each_number_is_a_pixel_and_equal_numbers_have_equal_colours():
    levels = np.array([[0, 255, 128], [255, 0, 128]], np.uint8)
    found = pixels(small_map(levels, False, "about", 100))
    assert found.shape == (2, 3, 3)
    np.testing.assert_array_equal(found[0, 0], found[1, 1])
    np.testing.assert_array_equal(found[0, 1], found[1, 0])
    assert found[0, 1].sum() > found[0, 2].sum() > found[0, 0].sum()  # An open gate is bright.


def test_the_middle_of_a_scale_with_a_sign_is_pale():
    found = pixels(small_map(np.array([[0, 127, 255]], np.uint8), True, "a <b>", 100))[0].astype(int)
    assert found[0, 2] > found[0, 0]  # Negative is blue.
    assert found[2, 0] > found[2, 2]  # Positive is red.
    assert found[1].min() > 220
    assert 'alt="a &lt;b&gt;"' in small_map(np.zeros((1, 1), np.uint8), True, "a <b>", 100).html
