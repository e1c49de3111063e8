"""Generates combinations of H.264 options of x264 and of MP4 options of ffmpeg, and compares vPDQ of
each video with PyAV (ffmpeg's decoder) and PyPI pdqhash.

Every frame must have the hash of ffmpeg's planes, or the video must be refused by name.
`differential_video.py` calls it.
"""

import collections
import functools
import random
import struct
from fractions import Fraction

import av
import numpy as np

import videos

FRAMES = 18
"""Frames of a video: several short groups that begin with a key frame, or one long group."""

X264 = {
    "ref": range(1, 17),
    "bframes": range(17),
    "b-pyramid": ("none", "strict", "normal"),
    "b-adapt": (0, 1, 2),
    "weightp": (0, 1, 2),
    "weightb": (0, 1),
    "direct": ("none", "spatial", "temporal", "auto"),
    "cabac": (0, 1),
    "8x8dct": (0, 1),
    "partitions": ("none", "all", "p8x8,b8x8,i8x8,i4x4"),
    "subme": (0, 2, 5, 7, 9),
    "trellis": (0, 1, 2),
    "mixed-refs": (0, 1),
    "slices": (1, 1, 1, 2, 3, 4),
    "slice-max-mbs": (0, 0, 0, 0, 0, 0, 1, 5, 7),
    "keyint": (1, 2, 5, 9, 250),
    "open-gop": (0, 0, 1),
    "intra-refresh": (0, 0, 0, 1),
    "scenecut": (0, 40, 100),
    "constrained-intra": (0, 0, 0, 0, 0, 1),
    "deblock": ("0,0", "-6,-6", "6,6", "-3,4"),
    "no-deblock": (0, 0, 0, 1),
    "qp": (5, 18, 26, 35, 45, 51),
    "chroma-qp-offset": (-12, -3, 0, 5, 12),
    "cqm": ("flat", "flat", "jvt"),
    "sps-id": (0, 1, 5, 31),
    "aud": (0, 1),
    "repeat-headers": (0, 1),
    "fake-interlaced": (0, 0, 0, 1),
    "colormatrix": ("bt709", "smpte170m", "undef"),
    "videoformat": ("pal", "undef"),
}
"""Options of x264. A value that occurs several times is taken more often."""

CONTAINERS = (
    ("mp4", {}),
    ("mov", {}),
    ("mp4", {"movflags": "faststart"}),
    ("mp4", {"movflags": "negative_cts_offsets"}),
    ("mp4", {"use_editlist": "0"}),
    ("mp4", {"video_track_timescale": "90000"}),
)

REFUSED = (
    "constrained intra prediction with the 8x8 transform",
    "slices that begin inside a row, with the 8x8 transform",
)
"""What may be refused, because the decoder's frames were not those of ffmpeg."""


def compare(program_hashes, folder, count, seed, planes_hash):
    """Compares `count` videos. `program_hashes` returns the records of files, `planes_hash` PDQ of
    a frame.
    """
    numbers = random.Random(seed)
    outcomes = collections.Counter()
    for start in range(0, count, 50):
        made = {}
        for index in range(start, min(start + 50, count)):
            combination = choose(numbers)
            path = folder / f"{index}.{combination['container'][0]}"
            if write(path, combination, index):
                made[path] = combination
            else:
                outcomes["not written by x264"] += 1
        for path, record in zip(made, program_hashes(list(made)), strict=True):
            outcome = judge(path, record, planes_hash)
            assert outcome is not None, f"{path.name} differs: {made[path]}"
            outcomes[outcome] += 1
            path.unlink()
    print(f"{count} combinations of options: {dict(outcomes)}")


def compare_changed(program_hashes, folder, planes_hash):
    """Compares videos whose units were changed: those that ffmpeg decodes to the same frames, and
    those that must be refused.
    """
    plain = {"bframes": 0, "keyint": 250, "ref": 3}
    sliced = {"bframes": 0, "slices": 4}
    stream = lambda sample: b"".join(b"\0\0\0\1" + unit for unit in sample)
    prefix = b"\x6e\x80\x80\x3f"
    equal = {
        "the same units": (plain, lambda sets, samples: (sets, samples)),
        "a byte stream in a prefix unit": (
            plain,
            lambda sets, samples: (sets, [[prefix + stream(it)] for it in samples]),
        ),
        "slices in a prefix unit": (
            sliced,
            lambda sets, samples: (sets, [[prefix + stream(it)] for it in samples]),
        ),
        "the first unit in a prefix unit": (
            plain,
            lambda sets, samples: (sets, [[prefix + stream(it[:1]), *it[1:]] for it in samples]),
        ),
        "parameter sets in samples": (
            plain,
            lambda sets, samples: ([], [[*sets, *samples[0]], *samples[1:]]),
        ),
        "a lost frame, one reference": (
            plain | {"ref": 1},
            lambda sets, samples: (sets, samples[:5] + samples[6:]),
        ),
    }
    refused = {
        "a lost frame, three references": (
            plain,
            lambda sets, samples: (sets, samples[:5] + samples[6:]),
            "missing reference frames",
        ),
        "a lost slice": (
            sliced,
            lambda sets, samples: (
                sets,
                [*samples[:4], samples[4][:-3] + samples[4][-2:], *samples[5:]],
            ),
            "missing slice",
        ),
        "two frames in a sample": (
            plain,
            lambda sets, samples: (sets, [samples[0] + samples[1], *samples[2:]]),
            "more than one frame in a sample",
        ),
        "no IDR frame": (
            plain,
            lambda sets, samples: (sets, samples[1:]),
            "does not begin with an IDR frame",
        ),
    }
    for name, (options, change, *reasons) in (equal | refused).items():
        path = folder / "changed.mp4"
        whole = {
            "profile": "high",
            "options": options,
            "size": (96, 80),
            "full": False,
            "rate": Fraction(30),
        }
        assert write(
            path,
            whole | {"container": ("mp4", {}), "scene": "moving", "rotated": False, "tag": None},
            1,
        )
        path.write_bytes(videos.mux(*change(*videos.units_of(path))))
        [record] = program_hashes([path])
        if reasons:
            [problem] = record["warnings"] or [record["error"]]
            assert reasons[0] in problem["message"], (name, record)
        else:
            assert judge(path, record, planes_hash) == "equal", (name, record)
    print(f"{len(equal)} changed videos are equal, {len(refused)} are refused")


def choose(numbers):
    """Returns a random combination. Half of the options keep x264's default."""
    options = {
        name: numbers.choice(values) for name, values in X264.items() if numbers.random() < 0.5
    }
    profile = numbers.choice(("baseline", "main", "high", "high"))
    if options.get("intra-refresh"):
        options.pop("open-gop", None)
    return {
        "profile": profile,
        "options": options,
        "size": (2 * numbers.randint(8, 65), 2 * numbers.randint(8, 65)),
        "full": numbers.random() < 0.2,
        "rate": numbers.choice((Fraction(30), Fraction(25), Fraction(30000, 1001), Fraction(12))),
        "container": numbers.choice(CONTAINERS),
        "scene": numbers.choice(("moving", "fading", "cuts", "noise", "still")),
        "rotated": numbers.random() < 0.1,
        "tag": numbers.choice((None, None, None, "avc3")),
    }


def write(path, combination, seed):
    """Writes the video, and returns `False` if x264 refuses the combination."""
    width, height = combination["size"]
    extension, container = combination["container"]
    parameters = ":".join(f"{name}={value}" for name, value in combination["options"].items())
    options = {"threads": "1", "profile": combination["profile"], "x264-params": parameters}
    paint = functools.partial(
        scene, combination["scene"], width, height, np.random.default_rng(seed)
    )
    try:
        with av.open(str(path), "w", options=container) as video:
            stream = video.add_stream("libx264", rate=combination["rate"], options=options)
            if combination["tag"]:
                stream.codec_context.codec_tag = combination["tag"]
            stream.width, stream.height = width, height
            stream.pix_fmt = "yuvj420p" if combination["full"] else "yuv420p"
            for index in range(FRAMES):
                for packet in stream.encode(
                    av.VideoFrame.from_ndarray(paint(index), format="rgb24")
                ):
                    video.mux(packet)
            for packet in stream.encode():
                video.mux(packet)
    except av.error.FFmpegError:
        path.unlink(missing_ok=True)
        return False
    if combination["rotated"]:
        rotate(path)
    return True


def scene(kind, width, height, numbers, index):
    time = index / 90
    if kind == "cuts":
        time = index // 5 * 0.37
    image = videos.image(width, height, 0.4 if kind in ("still", "fading") else time).astype(
        np.int64
    )
    if kind == "fading":
        image = image * (FRAMES - index) // FRAMES
    if kind == "noise":
        image = image + numbers.integers(-40, 40, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8)


def rotate(path):
    """Changes the matrix in the track header to a rotation by 90 degrees, as phones write it."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd")
    matrix = at + 4 + (40 if data[at + 4] == 0 else 52)
    data[matrix : matrix + 36] = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
    path.write_bytes(data)


def judge(path, record, planes_hash):
    """Returns the outcome, or `None` if a frame differs."""
    if "video" not in record:
        [warning] = record["warnings"] or [record["error"]]
        is_named = warning["code"] == "unsupported-video" and any(
            it in warning["message"] for it in REFUSED
        )
        return warning["message"] if is_named else None
    with av.open(str(path)) as video:
        expected = [planes_hash(frame) for frame in video.decode(video=0)]
    given = [(it["hex"], it["quality"]) for it in record["video"]["vpdq"]]
    return "equal" if given == expected else None
