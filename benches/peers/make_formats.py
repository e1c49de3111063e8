"""Writes an image of 12 megapixels as HEIC, AVIF and JPEG XL, and a minute of video: IMAGE FOLDER. What is there is left as it is."""

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

# Of 1 to 2 MB, as phones write them, and a lossless one.
STILLS = {
    "photo.heic": {"quality": 60},
    "photo.avif": {"quality": 75, "speed": 8},
    "photo.jxl": {"quality": 88, "effort": 4},
    "lossless.jxl": {"lossless": True, "effort": 3},
}
VIDEO_SECONDS, VIDEO_RATE, PAINTED = 60, 30, 240


def stills(source, folder):
    """The files of `STILLS`, made of the image `source`."""
    image = Image.open(source).convert("RGB")
    paths = [Path(folder) / name for name in STILLS]
    for path in paths:
        if not path.exists():
            image.save(path, **STILLS[path.name])
    return paths


def grid(source, folder):
    """A HEIC of 200 megapixels."""
    path = Path(folder) / "grid.heic"
    if not path.exists():
        make_grid.write(path, Image.open(source).convert("RGB"))
    return path


def video(folder):
    """A minute of H.264 in 1280x720 of what moves and comes again."""
    path = Path(folder) / "720p.mp4"
    if not path.exists():
        # In as many threads as x264 takes by itself; the small ones have one.
        videos.write(path, 1280, 720, VIDEO_SECONDS * VIDEO_RATE, Fraction(VIDEO_RATE), options={"threads": "auto"}, again=PAINTED)
    return path


if __name__ == "__main__":
    stills(*sys.argv[1:])
