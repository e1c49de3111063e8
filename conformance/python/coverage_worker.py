"""What the edit generators of `coverage.py` share: the protocol with it, and how a copy is saved.

A generator runs in its own Python environment. It reads one JSON object per line: `image`, the
path of an image; `folder`, an empty folder; `name`, which seeds its random numbers. It writes the
edited copies to the folder, and prints one JSON array of pairs: the name of the edit, and the path.
"""

import json
import pathlib
import sys
import warnings

from PIL import Image

LONGEST, QUALITY = 1080, 80
"""Services scale images down and save them as JPEG files."""


def saved(image, path):
    """Saves an image, or the bytes of a file."""
    if isinstance(image, bytes):
        path.write_bytes(image)
        return
    image = image.convert("RGB")
    if max(image.size) > LONGEST:
        image.thumbnail((LONGEST, LONGEST), Image.BICUBIC)
    image.save(path, "JPEG", quality=QUALITY)


def serve(edits):
    """Answers every request; `edits` maps a name to a function of an image and a seed."""
    warnings.simplefilter("ignore")
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        image = Image.open(request["image"]).convert("RGB")
        made = []
        for index, (name, edit) in enumerate(edits.items()):
            path = pathlib.Path(request["folder"]) / f"{index}.jpg"
            saved(edit(image.copy(), int(request["name"][:8], 16) + index), path)
            made.append((name, str(path)))
        print(json.dumps(made), file=answers, flush=True)
