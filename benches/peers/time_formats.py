"""Compares ownprint with the usual decoders for the image and video formats of phones. Each program
uses one thread. Arguments: PROGRAM IMAGE FOLDER TURNS.

PROGRAM is the `ownprint` program. IMAGE is an image of 12 megapixels. make_formats.py writes its
files into FOLDER. The time of ownprint is that of a whole process, from the file to its hash; the
time of the other decoder is decoding alone. Both run alternately, each turn gives a ratio, and the
table has the medians.
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

from make_formats import grid, made_videos, stills

pillow_heif.options.DECODE_THREADS = 1
pillow_heif.options.DISABLE_SECURITY_LIMITS = True
Image.MAX_IMAGE_PIXELS = None
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pillow_jxl.JpegXLImagePlugin.DECODE_THREADS = 1

PEERS = {".heic": "libheif", ".avif": "libavif with dav1d", ".jxl": "libjxl"}


def main():
    program, source, folder, turns = sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
    print("| file to `pdq`, videos to `vpdq`; other decoder | MB | ownprint, ms | other decoder, ms | ratio | memory, MiB |\n|---|---|---|---|---|---|")
    rows = [(f"12 megapixels, {file.name}; {PEERS[file.suffix]}", file, "pdq", decode_still, turns) for file in stills(source, folder)]
    rows += [(f"{name}, one hash per second; PyAV", file, "vpdq", decode_video, turns) for name, file in made_videos(folder)]
    # One turn only: each of the two takes about 15 seconds.
    rows.append(("HEIC of 200 megapixels, a grid of 768 tiles (one turn); libheif", grid(source, folder), "pdq", decode_still, 1))
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
"""A separate small interpreter starts the process, because the peak memory of a child process
includes the memory of its parent at the time of the fork.
"""


def run(command):
    """Runs a command and returns its time in milliseconds and its peak memory in KiB."""
    printed = subprocess.run([sys.executable, "-S", "-c", RUN, *command], stdout=subprocess.PIPE, check=True).stdout
    milliseconds, memory = map(float, printed.split())
    if not milliseconds:
        sys.exit(f"{command[-1]} could not be hashed")
    return milliseconds, memory


if __name__ == "__main__":
    main()
