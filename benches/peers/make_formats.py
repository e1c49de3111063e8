"""Writes an image of 12 megapixels as HEIC, AVIF and JPEG XL. Arguments: IMAGE FOLDER. Existing
files are kept. time_formats.py also uses the functions for a HEIC grid and a video.
"""

import sys
from fractions import Fraction
from pathlib import Path

import pillow_heif
import pillow_jxl  # noqa: F401  (registers itself)
from PIL import Image

import make_grid

sys.path.append(str(Path(__file__).resolve().parents[2] / "conformance/python"))
import videos  # noqa: E402

pillow_heif.register_heif_opener()

# Files of 1 to 2 MB, like those of phones, and a lossless file.
STILLS = {
    "photo.heic": {"quality": 60},
    "photo.avif": {"quality": 75, "speed": 8},
    "photo.jxl": {"quality": 88, "effort": 4},
    "lossless.jxl": {"lossless": True, "effort": 3},
}
VIDEO_SECONDS, VIDEO_RATE, PAINTED = 60, 30, 240


def stills(source, folder):
    """Encodes the image `source` as the files of `STILLS` and returns their paths."""
    image = Image.open(source).convert("RGB")
    paths = [Path(folder) / name for name in STILLS]
    for path in paths:
        if not path.exists():
            image.save(path, **STILLS[path.name])
    return paths


def grid(source, folder):
    """Writes a HEIC of 200 megapixels and returns its path."""
    path = Path(folder) / "grid.heic"
    if not path.exists():
        make_grid.write(path, Image.open(source).convert("RGB"))
    return path


def video(folder):
    """Writes a minute of H.264 at 1280x720 with moving, repeating content; returns its path."""
    path = Path(folder) / "720p.mp4"
    if not path.exists():
        # x264 chooses the number of threads here. The small test videos are encoded on one thread.
        videos.write(path, 1280, 720, VIDEO_SECONDS * VIDEO_RATE, Fraction(VIDEO_RATE), options={"threads": "auto"}, again=PAINTED)
    return path


if __name__ == "__main__":
    stills(*sys.argv[1:])
