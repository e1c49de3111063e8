"""Generates videos of every codec and container with PyAV's encoders, and compares vPDQ of each
with PyAV (ffmpeg's decoders) and PyPI pdqhash.

Every frame must have the hash of ffmpeg's planes, the rate must be ffmpeg's, and the times must
follow, or the video must be refused by name. `differential_video.py` calls it.
"""

import collections
import functools
import os
import random
from fractions import Fraction

import av
import numpy as np

import videos
from video_matrix import rotate, scene

FRAMES = 20

SIZES = ((64, 64), (66, 50), (98, 74), (130, 98), (176, 144), (200, 120), (258, 146), (34, 100))

RATES = (
    Fraction(30),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(12),
    Fraction(24000, 1001),
    Fraction(60),
)

# Without `cu-lossless`: ffmpeg's chroma then differs from the checksum that x265 writes with
# `hash=1`, which ours equals.
X265 = {
    "keyint": (1, 3, 8, 250),
    "bframes": (0, 1, 3, 4),
    "open-gop": (0, 1),
    "ref": (1, 3, 5),
    "b-pyramid": (0, 1),
    "weightp": (0, 1),
    "weightb": (0, 1),
    "ctu": (16, 32, 64),
    "min-cu-size": (8, 16),
    "amp": (0, 1),
    "rect": (0, 1),
    "sao": (0, 1),
    "deblock": (0, 1, "-3,2"),
    "wpp": (0, 1),
    "slices": (1, 2, 3),
    "temporal-layers": (0, 1, 3),
    "scaling-list": ("off", "default"),
    "tskip": (0, 1),
    "strong-intra-smoothing": (0, 1),
    "constrained-intra": (0, 1),
    "signhide": (0, 1),
    "qp": (10, 26, 40, 51),
    "aud": (0, 1),
    "repeat-headers": (0, 1),
    "range": ("limited", "full"),
    "hrd": (0, 1),
    "idr-recovery-sei": (0, 1),
    "radl": (0, 2),
    "max-merge": (1, 3, 5),
    "tu-inter-depth": (1, 3),
    "field": (0,),
}

X264 = {
    "bframes": (0, 2, 4),
    "ref": (1, 3, 6),
    "keyint": (1, 4, 250),
    "b-pyramid": ("none", "normal"),
    "weightp": (0, 2),
    "cabac": (0, 1),
    "slices": (1, 3),
    "open-gop": (0, 1),
    "repeat-headers": (0, 1),
}

VP9 = {
    "deadline": ("realtime", "good"),
    "cpu-used": ("0", "2", "5", "8"),
    "g": ("1", "5", "999"),
    "auto-alt-ref": ("0", "1", "2", "6"),
    "lag-in-frames": ("0", "4", "16", "25"),
    "arnr-maxframes": ("0", "7"),
    "tile-columns": ("0", "1", "2"),
    "tile-rows": ("0", "1"),
    "frame-parallel": ("0", "1"),
    "error-resilient": ("0", "default"),
    "aq-mode": ("0", "1", "2", "3"),
    "row-mt": ("0", "1"),
    "lossless": ("0", "0", "0", "1"),
    "b": ("0", "50k", "500k", "4M"),
    "sharpness": ("0", "7"),
}

VP8 = {
    "deadline": ("realtime", "good"),
    "cpu-used": ("0", "4", "8"),
    "g": ("1", "5", "999"),
    "auto-alt-ref": ("0", "1"),
    "lag-in-frames": ("0", "8", "16"),
    "slices": ("1", "2", "4", "8"),
    "error-resilient": ("0", "default", "partitions"),
    "sharpness": ("0", "3", "7"),
    "noise-sensitivity": ("0", "3"),
    "b": ("50k", "500k", "4M"),
}

AV1 = {
    "preset": ("8", "11"),
    "g": ("1", "8", "999"),
    "crf": ("20", "50"),
    "svtav1-params": ("", "film-grain=8", "tile-columns=1", "pred-struct=1", "enable-overlays=1"),
}

ENCODERS = {
    "libx264": ("h264", X264, ("yuv420p", "yuv420p", "yuvj420p")),
    "libx265": ("hevc", X265, ("yuv420p", "yuv420p", "yuvj420p", "yuv420p10le")),
    "libvpx-vp9": ("vp9", VP9, ("yuv420p",)),
    "libvpx": ("vp8", VP8, ("yuv420p",)),
    "libsvtav1": ("av1", AV1, ("yuv420p", "yuv420p10le")),
}
WEIGHTS = (2, 5, 3, 3, 2)
"""How often an encoder is taken. AV1 takes longest to write."""

FRAGMENTS = (
    "frag_keyframe+empty_moov",
    "frag_keyframe",
    "frag_keyframe+empty_moov+default_base_moof",
    "frag_every_frame+empty_moov",
    "frag_keyframe+empty_moov+omit_tfhd_offset",
    "frag_keyframe+empty_moov+negative_cts_offsets",
    "frag_keyframe+delay_moov",
    "dash+frag_keyframe",
    "cmaf+frag_keyframe",
)

MP4 = (
    ("mp4", {}),
    ("mp4", {"movflags": "faststart"}),
    ("mp4", {"movflags": "negative_cts_offsets"}),
    ("mp4", {"use_editlist": "0"}),
    ("mp4", {"video_track_timescale": "90000"}),
    *(("mp4", {"movflags": flags}) for flags in FRAGMENTS),
)
MOV = (("mov", {}), ("m4v", {}), ("mov", {"movflags": "faststart"}))
MKV = (
    ("mkv", {}),
    ("mkv", {"live": "1"}),
    ("mkv", {"cluster_time_limit": "100"}),
    ("mkv", {"reserve_index_space": "4096"}),
    ("mkv", {"cues_to_front": "1", "write_crc32": "0"}),
)
WEBM = tuple(("webm", options) for _, options in MKV)

CONTAINERS = {
    "h264": (*MP4, *MOV, *MKV, ("3gp", {})),
    "hevc": (*MP4, ("mov", {}), ("mov", {"movflags": "faststart"}), *MKV),
    "vp9": (*MP4, *MKV, *WEBM, *WEBM),
    "vp8": (*MKV, *WEBM, *WEBM),
    "av1": (*MP4, *MKV, *WEBM),
}

REFUSED = {
    "constrained intra prediction with the 8x8 transform",
    "slices that begin inside a row, with the 8x8 transform",
}
"""What may be refused, because the decoder's frames were not those of ffmpeg."""


def compare(program_hashes, folder, count, seed, planes_hash):
    """Compares `count` videos. `program_hashes` returns the records of files, `planes_hash` PDQ of
    a frame.
    """
    numbers = random.Random(seed)
    outcomes = collections.Counter()
    frames = 0
    different = []
    for start in range(0, count, 20):
        made = {}
        for index in range(start, min(start + 20, count)):
            combination = choose(numbers)
            path = folder / f"codec-{index}.{combination['container'][0]}"
            name = combination["encoder"]
            if in_a_child(functools.partial(write, path, combination, index)):
                made[path] = combination
            else:
                outcomes[name, "not written"] += 1
        for path, record in zip(made, program_hashes(list(made)), strict=True):
            combination = made[path]
            outcome, count_of_frames = judge(path, record, planes_hash, combination)
            if outcome is None:
                reasons = record.get("warnings"), record.get("error")
                different.append((path.name, combination, *reasons))
                print(f"{path.name} differs: {combination}", *reasons, flush=True)
            else:
                path.unlink()
            outcomes[combination["encoder"], outcome or "different"] += 1
            frames += count_of_frames
    for (name, outcome), videos_ in sorted(outcomes.items()):
        print(f"  {name}: {outcome}: {videos_}")
    print(
        f"{count} combinations of codecs and containers, {frames} frames, "
        f"{len(different)} different"
    )
    assert not different


def choose(numbers):
    """Returns a random combination. Half of the options keep the encoder's default."""
    encoder = numbers.choices(tuple(ENCODERS), WEIGHTS)[0]
    codec, options, pixels = ENCODERS[encoder]
    options = {
        name: numbers.choice(values) for name, values in options.items() if numbers.random() < 0.5
    }
    container = numbers.choice(CONTAINERS[codec])
    size = numbers.choice(SIZES)
    # With sound, ffmpeg writes some frames of this kind with the time of another one.
    is_silent = "frag_every_frame" in container[1].get("movflags", "")
    if encoder == "libx265" and size[1] < options.get("slices", 1) * 64:
        # It would write slices without blocks.
        options.pop("slices", None)
    return {
        "encoder": encoder,
        "codec": codec,
        "options": options,
        "pixels": numbers.choice(pixels),
        "size": size,
        "rate": numbers.choice(RATES),
        "container": container,
        "scene": numbers.choice(("moving", "fading", "cuts", "noise", "still")),
        "rotated": container[0] in ("mp4", "mov") and numbers.random() < 0.1,
        "frames": numbers.choice((1, 2, FRAMES, FRAMES, FRAMES, FRAMES)),
        "tag": numbers.choice((None, None, "hvc1")) if codec == "hevc" else None,
        "sound": numbers.random() < 0.2 and container[0] in ("mp4", "mov", "mkv") and not is_silent,
    }


def in_a_child(function):
    """Returns what `function` returns, or `False` if it ends the process, as some combinations of
    options make encoders do.
    """
    child = os.fork()
    if child == 0:
        # The encoder of AV1 logs every video.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os._exit(0 if function() else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def encoder_options(combination):
    name, options = combination["encoder"], dict(combination["options"])
    joined = ":".join(f"{key}={value}" for key, value in options.items())
    if name == "libx264":
        return {"threads": "1", "x264-params": joined}
    if name == "libx265":
        quiet = ["log-level=none", "pools=1", "frame-threads=1"]
        return {"x265-params": ":".join(filter(None, [*quiet, joined]))}
    return {"threads": "1"} | {key: value for key, value in options.items() if value}


def write(path, combination, seed):
    """Writes the video, and returns `False` if the encoder or muxer refuses the combination."""
    width, height = combination["size"]
    extension, container = combination["container"]
    source = np.random.default_rng(seed)
    paint = functools.partial(scene, combination["scene"], width, height, source)
    try:
        with av.open(str(path), "w", options=container) as video:
            stream = video.add_stream(
                combination["encoder"],
                rate=combination["rate"],
                options=encoder_options(combination),
            )
            if combination["tag"]:
                stream.codec_context.codec_tag = combination["tag"]
            stream.width, stream.height, stream.pix_fmt = width, height, combination["pixels"]
            sound = video.add_stream("aac", rate=44100) if combination["sound"] else None
            for index in range(combination["frames"]):
                frame = av.VideoFrame.from_ndarray(paint(index), format="rgb24")
                video.mux(stream.encode(frame))
                if sound:
                    samples = av.AudioFrame.from_ndarray(
                        np.zeros((2, 1024), np.float32), format="fltp", layout="stereo"
                    )
                    samples.sample_rate, samples.pts = 44100, index * 1024
                    video.mux(sound.encode(samples))
            video.mux(stream.encode())
            if sound:
                video.mux(sound.encode())
    except (av.error.FFmpegError, ValueError):
        path.unlink(missing_ok=True)
        return False
    if combination["rotated"]:
        rotate(path)
    return True


def judge(path, record, planes_hash, combination):
    """Returns the outcome, or `None` if a frame or the rate differs, and the number of frames."""
    if "video" not in record:
        [warning] = record["warnings"] or [record["error"]]
        reasons = [reason for reason in REFUSED if reason in warning["message"]]
        return (reasons[0] if warning["code"] == "unsupported-video" and reasons else None), 0
    with av.open(str(path)) as video:
        rate = video.streams.video[0].average_rate
        expected = [planes_hash(frame) for frame in video.decode(video=0)]
    ours = record["video"]
    given = [(it["hex"], it["quality"]) for it in ours["vpdq"]]
    has_rate = rate is None or Fraction(ours["frame_rate"]) == rate
    is_equal = given == expected and ours["codec"] == combination["codec"]
    if is_equal and not has_rate:
        about = [combination[name] for name in ("container", "rate", "frames")]
        print(f"    rate {ours['frame_rate']} {rate}", *about)
        # Without a stated rate, ffmpeg estimates it by the first frames; see docs/vpdq.md.
        return ("equal frames, another rate", len(given))
    return ("equal" if is_equal else None), len(given)
