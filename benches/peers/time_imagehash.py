"""Times PyPI ImageHash on 4000x3000 pixels of noise. Arguments: NAMES... Prints a line
`NAME<tab>MILLISECONDS` for each name: the fastest of three runs.
"""

import sys
import time

import imagehash
import numpy
from PIL import Image

FUNCTIONS = {
    "ahash": imagehash.average_hash,
    "dhash": imagehash.dhash,
    "phash": imagehash.phash,
    "whash": imagehash.whash,
    "colorhash": imagehash.colorhash,
    "crop-resistant": imagehash.crop_resistant_hash,
}
RUNS = 3


def main():
    noise = numpy.random.RandomState(1).randint(0, 256, (3000, 4000, 3), dtype=numpy.uint8)
    image = Image.fromarray(noise)
    for name in sys.argv[1:]:
        print(f"{name}\t{min(milliseconds(FUNCTIONS[name], image) for _ in range(RUNS)):.1f}", flush=True)


def milliseconds(function, image):
    start = time.perf_counter()
    function(image)
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    main()
