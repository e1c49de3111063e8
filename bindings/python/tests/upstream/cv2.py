"""The two functions of OpenCV that the tests of pdqhash call, by Pillow."""

import numpy as np
from PIL import Image

COLOR_BGR2RGB = 4


def imread(path):
    """Return the pixels of a file: blue, green, red."""
    return np.asarray(Image.open(path).convert("RGB"))[..., ::-1]


def cvtColor(image, code):
    """Return the pixels with red first."""
    assert code == COLOR_BGR2RGB
    return np.ascontiguousarray(image[..., ::-1])
