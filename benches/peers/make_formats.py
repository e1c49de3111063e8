"""Writes an image of 12 megapixels as HEIC, AVIF and JPEG XL. Arguments: IMAGE FOLDER. Existing
files are kept. time_formats.py also uses the functions for a HEIC grid and the videos.
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
# Videos of 1280x720 and 1920x1080: name, codec in the table, encoder, options, seconds.
VIDEOS = (
    ("720p.mp4", "H.264", "libx264", {"threads": "auto"}, VIDEO_SECONDS),
    ("720p-hevc.mp4", "HEVC", "libx265", {"threads": "auto", "x265-params": "log-level=none"}, 20),
    ("720p-hevc-10.mp4", "HEVC, 10 bits", "libx265", {"threads": "auto", "x265-params": "log-level=none"}, 20),
    ("720p-vp9.webm", "VP9", "libvpx-vp9", {"deadline": "realtime", "cpu-used": "6", "b": "2M"}, 20),
    ("720p-vp8.webm", "VP8", "libvpx", {"deadline": "realtime", "cpu-used": "8", "b": "2M"}, 20),
    ("720p-av1.mp4", "AV1", "libsvtav1", {"preset": "10"}, 20),
    ("1080p.mp4", "H.264", "libx264", {"threads": "auto"}, 10),
    ("1080p-hevc.mp4", "HEVC", "libx265", {"threads": "auto", "x265-params": "log-level=none"}, 10),
)


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


def made_videos(folder):
    """Writes the videos of `VIDEOS` with moving, repeating content. Returns a description and the
    path of each.
    """
    for name, codec, encoder, options, seconds in VIDEOS:
        path = Path(folder) / name
        size = (1920, 1080) if name.startswith("1080p") else (1280, 720)
        pixels = "yuv420p10le" if "10 bits" in codec else "yuv420p"
        if not path.exists():
            # Encoders choose the number of threads here. The small test videos are encoded on one.
            videos.write(path, *size, seconds * VIDEO_RATE, Fraction(VIDEO_RATE), codec=encoder, options=options, pixels=pixels, again=PAINTED)
        yield f"{seconds} s of {codec} at {size[0]}x{size[1]}", path


if __name__ == "__main__":
    stills(*sys.argv[1:])
