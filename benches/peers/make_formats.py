"""Writes a picture of 12 megapixels as HEIC, AVIF and JPEG XL, and a minute of film: PICTURE FOLDER. What is there is left as it is."""

import sys
from pathlib import Path

import av
import pillow_heif
import pillow_jxl  # noqa: F401  (registers itself)
from PIL import Image

import make_grid

sys.path.append(str(Path(__file__).resolve().parents[2] / "conformance/python"))
from films import picture  # noqa: E402

pillow_heif.register_heif_opener()

# Of 1 to 2 MB, as phones write them, and a lossless one.
STILLS = {
    "photo.heic": {"quality": 60},
    "photo.avif": {"quality": 75, "speed": 8},
    "photo.jxl": {"quality": 88, "effort": 4},
    "lossless.jxl": {"lossless": True, "effort": 3},
}
FILM_SECONDS, FILM_RATE, PAINTED = 60, 30, 240


def stills(source, folder):
    """The files of `STILLS`, made of the picture `source`."""
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


def film(folder):
    """A minute of H.264 in 1280x720 of what moves and comes again."""
    path = Path(folder) / "720p.mp4"
    if path.exists():
        return path
    frames = [av.VideoFrame.from_ndarray(picture(1280, 720, index / 90), format="rgb24") for index in range(PAINTED)]
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=FILM_RATE)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for index in range(FILM_SECONDS * FILM_RATE):
            frame = frames[index % PAINTED]
            frame.pts = None
            film.mux(stream.encode(frame))
        film.mux(stream.encode())
    return path


if __name__ == "__main__":
    stills(*sys.argv[1:])
