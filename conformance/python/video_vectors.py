#!/usr/bin/env python3
"""Writes conformance/vectors/videos.json: vPDQ of frames that any language can make.

    python video_vectors.py FILE

PyPI pdqhash computes the hashes and qualities from the colours of docs/vpdq.md's conversion, in
numpy. The selection of frames and the comparison of videos are implemented again here. The samples
of a plane are integer functions of the column x and the row y, modulo 256:

    luma   3*x + 2*y + (x div 9)*(y div 7)*40
    blue   5*x + 3*y + x*y div 9
    red    2000 + 7*y - 2*x

The planes are stored one after another. Blue and red have half the columns and rows, rounded up. If
a frame has pixels instead of planes, all three have the full size: luma is the red (or grey)
channel, blue the green channel, red the blue channel, and alpha is 17. Each row is followed by
`padding` bytes with the value 238.
"""

import itertools
import json
import sys
from pathlib import Path

import numpy

from differential_video import BT601, converted, pdq

MATRICES = {"bt601": BT601, "bt709": (0.2126, 0.0722)}
SIZES = [(96, 80, 0), (97, 65, 13), (640, 360, 64), (5, 7, 1)]
PIXELS = ("l8", "rgb8", "rgba8", "bgra8")
QUALITY, DISTANCE, QUERY_PERCENT = 50, 31, 80


def main():
    frames = [planar(*size, *named) for size in SIZES for named in itertools.product(("i420", "nv12"), (None, *MATRICES), (None, "limited", "full"))]
    frames += [of_pixels(*size, layout) for size in SIZES for layout in PIXELS]
    vectors = {
        "about": "See conformance/README.md and conformance/python/video_vectors.py. Written by `cargo xtask vectors`; do not edit.",
        "frames": frames,
        "by_frames": [by_frames(*rule) for rule in [(30, 1, 100), (30000 / 1001, 1, 100), (25, 0.5, 60), (12, 0.01, 9), (24, 0, 5), (10, 2.5, 80)]],
        "by_seconds": [by_seconds(*rule) for rule in [(1, 0.4, 12), (0.5, 0.3, 9), (2, 1 / 3, 20), (1, 1, 4)]],
        "comparisons": comparisons([frame for frame in frames if frame["quality"] >= QUALITY]),
    }
    Path(sys.argv[1]).write_text(json.dumps(vectors, indent=1) + "\n")


def samples(plane, width, height):
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.int64)
    planes = {"l": 3 * x + 2 * y + (x // 9) * (y // 7) * 40, "b": 5 * x + 3 * y + x * y // 9, "r": 2000 + 7 * y - 2 * x}
    return planes[plane] & 255


def planar(width, height, padding, layout, matrix, colour_range):
    halves = ((width + 1) // 2, (height + 1) // 2)
    whole = lambda plane: numpy.kron(samples(plane, *halves), numpy.ones((2, 2), numpy.int64))[:height, :width] - 128
    is_full = colour_range == "full"
    colours = converted(samples("l", width, height), whole("b"), whole("r"), MATRICES[matrix or "bt601"], is_full)
    return frame(colours, layout, padding, matrix=matrix, range=colour_range)


def of_pixels(width, height, padding, layout):
    names = "lll" if layout == "l8" else "lbr"
    return frame(numpy.stack([samples(name, width, height) for name in names], -1).astype(numpy.uint8), layout, padding)


def frame(colours, layout, padding, **named):
    (height, width, _), (hexadecimal, quality) = colours.shape, pdq(colours)
    return {"format": layout, "width": width, "height": height, "padding": padding, **named, "hex": hexadecimal, "quality": int(quality)}


def by_frames(rate, seconds, count):
    step = max(1, int(seconds * rate))
    return {"frames_per_second": rate, "seconds_per_hash": seconds, "frames": count, "taken": list(range(0, count, step))}


def by_seconds(seconds, apart, count):
    """Returns the times of frames with these intervals, from 0."""
    times = [index * apart for index in range(count)]
    taken, multiple = [], 0
    for index, time in enumerate(times):
        if time >= multiple * seconds:
            taken.append(index)
            multiple = int(time / seconds) + 1
    return {"seconds_per_hash": seconds, "times": times, "taken": taken}


def comparisons(frames):
    """Yields comparisons of videos by the hashes of their frames, and one with frames of low
    quality.
    """
    size = lambda wanted: [{"hex": it["hex"], "quality": it["quality"], "seconds": at} for at, it in enumerate(frames) if it["width"] == wanted]
    small, odd, large = size(96), size(97), size(640)
    plain = [{**feature, "quality": QUALITY - 1} for feature in small]
    videos = [(small, small), (small, small + odd), (small + odd, small), (large, small), (small[:2] + large, large), (plain, small), (small + plain, plain)]
    return [compared(*pair) for pair in videos + edges()]


def edges():
    """Yields comparisons at the thresholds: hashes with an exact distance, and exactly 80 percent
    of a video.
    """
    base = int("0f" * 32, 16)
    video = lambda *flips: [{"hex": f"{base ^ flip:064x}", "quality": QUALITY, "seconds": at} for at, flip in enumerate(flips)]
    # Each hash differs from the others by 64 bits, and is just within or just beyond the threshold
    # of its counterpart.
    far = [((1 << 64) - 1) << (64 * place) for place in range(3)]
    near, beyond = (1 << DISTANCE) - 1, (1 << DISTANCE + 1) - 1
    five = video(0, *far, ((1 << 128) - 1) << 64)
    return [(video(near), video(0)), (video(beyond), video(0)), (five, video(0, *far)), (five, video(0, *far[:2]))]


def compared(query, other):
    ours, theirs = ({it["hex"] for it in video if it["quality"] >= QUALITY} for video in (query, other))
    near = lambda hash, video: any((int(hash, 16) ^ int(it, 16)).bit_count() <= DISTANCE for it in video)
    share = lambda video, others: 100 * sum(near(hash, others) for hash in video) / len(video) if video else 0.0
    of_query, of_other = share(ours, theirs), share(theirs, ours)
    is_match = bool(ours) and bool(theirs) and of_query >= QUERY_PERCENT
    return {"query": query, "compared": other, "query_percent": of_query, "compared_percent": of_other, "is_match": is_match}


if __name__ == "__main__":
    main()
