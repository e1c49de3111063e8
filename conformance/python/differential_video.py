"""Compares vPDQ of videos with PyAV (ffmpeg's decoder) and PyPI pdqhash.

* The hashed frames and their times follow vPDQ's rule for the frames that PyAV decodes.
* PDQ equals that of PyAV's planes after the conversion of docs/vpdq.md, which is implemented again
  here in numpy. This shows that the planes are those of ffmpeg.
* PDQ of PyAV's RGB frames (libswscale) differs by a maximum of 12 bits per frame at a quality of 50
  or more. Every difference is printed.
* Videos that cannot be decoded give their MD5 and a warning.
* Random combinations of the options of x264 and of MP4 (video_matrix.py) have PyAV's planes in
  every frame, or are refused by name.

The videos are generated here, or come from a corpus. `--combinations 2500` takes minutes.

    python conformance/python/differential_video.py --programs target/release
"""

import argparse
import collections
import functools
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from fractions import Fraction

import av
import numpy as np
import pdqhash

import codec_matrix
import video_matrix
import videos

MOST_BITS = 12
MOST_QUALITY = 50

BT601 = (0.299, 0.114)
"""The luma weights of red and blue."""

MADE = {
    "high.mp4": dict(width=320, height=240, frames=100),
    "baseline.mp4": dict(width=176, height=144, frames=70, options={"profile": "baseline"}),
    "main.mp4": dict(width=200, height=120, frames=70, options={"profile": "main", "coder": "vlc"}),
    "b-frames.mov": dict(width=322, height=182, frames=95, rate=Fraction(30000, 1001), options={"bf": "4", "b-pyramid": "normal"}),
    "short-gops.mp4": dict(width=160, height=90, frames=60, rate=Fraction(12), options={"g": "7"}),
    "open-gops.mp4": dict(width=160, height=90, frames=90, rate=Fraction(24), options={"g": "12", "x264-params": "open-gop=1"}),
    "slices.mp4": dict(width=256, height=144, frames=60, rate=Fraction(25), options={"x264-params": "slices=4"}),
    "intra.mp4": dict(width=128, height=128, frames=40, rate=Fraction(10), options={"g": "1"}),
    "coarse.mp4": dict(width=320, height=240, frames=60, options={"crf": "45"}),
    "weighted.mp4": dict(width=320, height=240, frames=60, options={"x264-params": "weightp=2:weightb=1:ref=5"}),
    "full-range.mp4": dict(width=192, height=108, frames=60, pixels="yuvj420p"),
    "fragments.mp4": dict(width=160, height=90, frames=40, container={"movflags": "frag_keyframe+empty_moov"}),
    "front.mp4": dict(width=160, height=90, frames=40, container={"movflags": "faststart"}),
}
REFUSED = {
    "mpeg4.mp4": dict(width=64, height=64, frames=30, codec="mpeg4"),
    "ten-bit.mp4": dict(width=64, height=64, frames=30, pixels="yuv420p10le"),
    "full-chroma.mp4": dict(width=64, height=64, frames=30, pixels="yuv444p"),
    "interlaced.mp4": dict(width=64, height=64, frames=30, options={"flags": "+ildct+ilme"}),
}

DAMAGED = ("crop_wrap_lr.mp4", "refs_gap_60000.mp4")
"""Files of the corpus with invalid parameter sets."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True, help="the folder with `ownprint`")
    parser.add_argument("--combinations", type=int, default=250, help="the number of combinations of options")
    parser.add_argument("--codecs", type=int, default=120, help="the number of combinations of codecs and containers")
    parser.add_argument("--seed", type=int, default=2)
    arguments = parser.parse_args()
    program = pathlib.Path(arguments.programs) / "ownprint"
    counts = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="ownprint-videos-") as folder:
        for name, video in MADE.items():
            path = pathlib.Path(folder) / name
            videos.write(path, **video)
            for seconds in (1, 0.25, 0):
                hold(program, path, seconds, counts)
        for name, video in REFUSED.items():
            path = pathlib.Path(folder) / name
            videos.write(path, **video)
            refused(program, path)
        by_planes = lambda frame: pdq(rgb(frame))
        video_matrix.compare(functools.partial(every_frame, program), pathlib.Path(folder), arguments.combinations, arguments.seed, by_planes)
        codec_matrix.compare(functools.partial(every_frame, program), pathlib.Path(folder), arguments.codecs, arguments.seed, by_planes)
        video_matrix.compare_changed(functools.partial(every_frame, program), pathlib.Path(folder), by_planes)
    corpus = os.environ.get("OWNPRINT_CORPUS")
    found = [it for it in (pathlib.Path(corpus).rglob("*") if corpus else []) if it.suffix in (".mp4", ".mov")]
    for path in sorted(found):
        if path.name in DAMAGED:
            [record] = every_frame(program, [path])
            assert record["error"]["code"] == "damaged-video", (path.name, record)
        else:
            hold(program, path, 1, counts)
    print(f"{len(MADE)} generated videos, {len(found)} of the corpus, {sum(counts.values())} frames; distances to libswscale's RGB:")
    print(", ".join(f"{bits}: {count}" for bits, count in sorted(counts.items())))
    return 0


def hold(program, path, seconds, counts):
    video = hashed(program, path, seconds)["video"]
    expected = list(reference(path, seconds))
    given = [(it["frame"], it["seconds"]) for it in video["vpdq"]]
    differences = []
    # Times in records are rounded to microseconds.
    assert given == [(number, int(time * 1e6 + 0.5) / 1e6) for number, time, *_ in expected], (path.name, seconds, given)
    for ours, (number, _, (value, quality), (swscale, swscale_quality)) in zip(video["vpdq"], expected):
        bits = distance(ours["hex"], value)
        assert (bits, ours["quality"]) == (0, quality), f"{path.name}, frame {number}: {bits} bits, {ours['quality']} {quality}"
        bits = distance(ours["hex"], swscale)
        counts[bits] += 1
        if bits or quality != swscale_quality:
            differences.append(f"{number}: {bits} ({quality}, {swscale_quality})")
        assert bits <= MOST_BITS or quality < MOST_QUALITY, (path.name, number, bits)
    print(f"{path.name} by {seconds} s, {len(given)} frames; distances to libswscale's RGB (qualities): {', '.join(differences) or 'none'}")


def hashed(program, path, seconds):
    command = [program, "hash", "--algorithms", "vpdq,md5", "--format", "jsonl", "--seconds-per-hash", str(seconds), path]
    record = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    assert record["digests"]["md5"] == hashlib.md5(path.read_bytes()).hexdigest()
    return record


def every_frame(program, paths):
    """Returns the records of videos with the hash of every frame."""
    command = [program, "hash", "--algorithms", "vpdq,md5", "--format", "jsonl", "--seconds-per-hash", "0", *paths]
    printed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return [json.loads(line) for line in printed.splitlines()]


def refused(program, path):
    record = hashed(program, path, 1)
    assert "video" not in record, path.name
    [warning] = record["warnings"]
    assert warning["code"] == "unsupported-video", (path.name, warning)
    print(f"{path.name}: {warning['message']}")


def reference(path, seconds):
    """Yields the number, the time, PDQ by the conversion of docs/vpdq.md, and PDQ of libswscale's
    RGB, for each frame that vPDQ hashes.
    """
    with av.open(str(path)) as video:
        rate = video.streams.video[0].average_rate
        step = max(int(seconds * float(rate)), 1)
        for number, frame in enumerate(video.decode(video=0)):
            if number % step == 0:
                yield number, number / float(rate), pdq(rgb(frame)), pdq(frame.to_ndarray(format="rgb24"))


def rgb(frame):
    """Converts planes as in docs/vpdq.md: BT.601 with integers, one chroma sample for four pixels.
    """
    full = frame.format.name == "yuvj420p"
    planes = [samples(frame, plane) for plane in frame.planes]
    blue, red = (np.kron(plane.astype(np.int64) - 128, np.ones((2, 2), np.int64))[: frame.height, : frame.width] for plane in planes[1:])
    return converted(planes[0].astype(np.int64), blue, red, BT601, full)


def samples(frame, plane):
    """Returns the samples of a plane, or the upper 8 bits of each."""
    depth = frame.format.components[0].bits
    kind = np.uint8 if depth == 8 else np.uint16
    rows = np.frombuffer(plane, kind).reshape(plane.height, -1)[:, : plane.width]
    return (rows >> (depth - 8)).astype(np.uint8)


def converted(luma, blue, red, weights, is_full):
    """Converts luma and chroma differences around 0 to colours, as in docs/vpdq.md."""
    scale, chroma = (1.0, 1.0) if is_full else (255 / 219, 255 / 224)
    factor = lambda exact: int(np.floor(exact * 65536 + 0.5))
    (kr, kb), black = weights, 0 if is_full else 16
    kg = 1 - kr - kb
    luma = factor(scale) * (luma - black) + 32768
    colours = [
        luma + factor(2 * (1 - kr) * chroma) * red,
        luma - factor(2 * (1 - kb) * kb / kg * chroma) * blue - factor(2 * (1 - kr) * kr / kg * chroma) * red,
        luma + factor(2 * (1 - kb) * chroma) * blue,
    ]
    return np.clip(np.stack(colours, -1) >> 16, 0, 255).astype(np.uint8)


def pdq(pixels):
    """Returns the hash in hexadecimal and the quality."""
    bits, quality = pdqhash.compute(np.ascontiguousarray(pixels))
    return format(int("".join(map(str, bits)), 2), "064x"), quality


def distance(first, second):
    return (int(first, 16) ^ int(second, 16)).bit_count()


if __name__ == "__main__":
    sys.exit(main())
