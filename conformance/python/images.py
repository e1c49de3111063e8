"""Where the images of the differential tests come from: batches of (name, path) of pixmaps in a scratch folder."""

import pathlib
import subprocess
import warnings

import numpy
from PIL import Image

from reference_pdq import write_pixmap

BATCH = 50
"""Images on disk at a time: each batch starts the programs that are compared, and their start is not free."""

BATCH_BYTES = 256 << 20


def painted(programs, folder, kind, first, count):
    """Batches of generated images of a kind that `paint` knows."""
    for start in range(first, first + count, BATCH):
        size = min(BATCH, first + count - start)
        subprocess.run([programs / "paint", folder, kind, str(start), str(size)], check=True)
        yield from borrowed([(path.stem, path) for path in sorted(pathlib.Path(folder).glob("*.ppm"))])


def decoded(corpus, folder):
    """Batches of what Pillow decodes of a folder, as stored, alpha dropped."""
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
    """One batch, whose files go when the next one is asked for."""
    yield batch
    for _, path in batch:
        path.unlink()


def pixels_of(image):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(image) as image:
                return numpy.ascontiguousarray(numpy.asarray(image.convert("RGB")))
    # Whatever Pillow objects to, damaged and strange files among them, is no material for this comparison.
    except Exception:
        return None
