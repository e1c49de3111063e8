"""Times ownprint over the formats and videos of phones beside the decoders that others use, one thread each: PROGRAM IMAGE FOLDER TURNS.

PROGRAM is the command line, IMAGE one of 12 megapixels, FOLDER is for what make_formats.py makes of it. Ours is a whole process, from the file to its PDQ hash; theirs is
decoding alone. They take turns, each turn gives a ratio, and the medians count.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy
import pillow_heif
import pillow_jxl
from PIL import AvifImagePlugin, Image

from make_formats import video, grid, stills

pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.DISABLE_SECURITY_LIMITS = True
Image.MAX_IMAGE_PIXELS = None
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pillow_jxl.JpegXLImagePlugin.DECODE_THREADS = 1

PEERS = {".heic": "libheif", ".avif": "libavif with dav1d", ".jxl": "libjxl"}


def main():
    program, source, folder, turns = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    print("| file to `pdq`, videos to `vpdq` | MB | ours, ms | theirs, decoding alone, ms | of theirs | memory of ours, MiB |\n|---|---|---|---|---|---|")
    rows = [(f"12 megapixels, {file.name}; {PEERS[file.suffix]}", file, "pdq", decode_still, turns) for file in stills(source, folder)]
    rows.append(("a minute of H.264 in 1280x720, a hash a second; PyAV", video(folder), "vpdq", decode_video, turns))
    # A quarter of a minute each.
    rows.append(("HEIC of 200 megapixels, 768 tiles, one turn; libheif", grid(source, folder), "pdq", decode_still, 1))
    for name, file, algorithm, decode, turns in rows:
        ours, theirs, memory = [], [], 0
        for _ in range(turns):
            milliseconds, memory = run([program, "hash", "--algorithms", algorithm, "--format", "jsonl", str(file)])
            ours.append(milliseconds)
            theirs.append(timed(decode, file))
        ratio = statistics.median(our / their for our, their in zip(ours, theirs, strict=True))
        medians = f"{statistics.median(ours):.0f} | {statistics.median(theirs):.0f} | {ratio:.2f}x"
        print(f"| {name} | {file.stat().st_size / 1e6:.1f} | {medians} | {memory / 1024:.0f} |", flush=True)


def decode_still(path):
    with Image.open(path) as image:
        numpy.asarray(image.convert("RGB"))


def decode_video(path):
    with av.open(str(path)) as video:
        video.streams.video[0].codec_context.thread_count = 1
        for _ in video.decode(video=0):
            pass


def timed(work, *arguments):
    start = time.perf_counter()
    work(*arguments)
    return (time.perf_counter() - start) * 1000


RUN = """
import os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
start = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(process, 0)
print(0 if status else (time.perf_counter() - start) * 1000, usage.ru_maxrss)
"""
"""In an interpreter of its own: a process is counted the memory, too, of the one that it is split off."""


def run(command):
    """Milliseconds and the most memory, in KiB, of a process."""
    printed = subprocess.run([sys.executable, "-S", "-c", RUN, *command], stdout=subprocess.PIPE, check=True).stdout
    milliseconds, memory = map(float, printed.split())
    if not milliseconds:
        sys.exit(f"{command[-1]} could not be hashed")
    return milliseconds, memory


if __name__ == "__main__":
    main()
