"""The images of the differential tests: batches of (name, path) of pixmaps in a temporary folder.
"""

import pathlib
import subprocess
import warnings

import numpy
from PIL import Image

from reference_pdq import write_pixmap

BATCH = 50
"""The number of images per batch. Each batch starts the compared programs, which takes time.
"""

BATCH_BYTES = 256 << 20


def painted(programs, folder, kind, first, count):
    """Yields batches of generated images of a set of `paint`."""
    for start in range(first, first + count, BATCH):
        size = min(BATCH, first + count - start)
        subprocess.run([programs / "paint", folder, kind, str(start), str(size)], check=True)
        yield from borrowed([(path.stem, path) for path in sorted(pathlib.Path(folder).glob("*.ppm"))])


def decoded(corpus, folder):
    """Yields batches of the images in a folder that Pillow decodes. Orientation is ignored, and
    alpha is dropped.
    """
    corpus = pathlib.Path(corpus)
    batch, held = [], 0
    for index, image in enumerate(sorted(path for path in corpus.rglob("*") if path.is_file())):
        rgb = pixels_of(image)
        if rgb is None:
            continue
        path = pathlib.Path(folder) / f"{index}.ppm"
        write_pixmap(path, rgb)
        batch.append((str(image.relative_to(corpus)), path))
        held += rgb.nbytes
        if len(batch) == BATCH or held > BATCH_BYTES:
            yield from borrowed(batch)
            batch, held = [], 0
    if batch:
        yield from borrowed(batch)


def borrowed(batch):
    """Yields one batch. Its files are deleted before the next batch."""
    yield batch
    for _, path in batch:
        path.unlink()


def pixels_of(image):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(image) as image:
                return numpy.ascontiguousarray(numpy.asarray(image.convert("RGB")))
    # Files that Pillow cannot decode, such as damaged files, cannot be compared.
    except Exception:
        return None
