"""Changes the structure of valid videos, and measures what each costs the library.

libFuzzer changes bytes; this script changes H.264 units (duplicated, removed, spliced from another
video, fields of parameter sets and slice headers), sample tables and boxes. Each file is opened by
a process of its own. A panic, more memory than allowed, or more processor time than allowed is a
finding, and the file is kept.

    python fuzz/mutate_videos.py --program target/release/ownprint --seconds 600 --kept found/

It needs PyAV and numpy.
"""

import argparse
import ast
import collections
import functools
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import av

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "conformance/python"))
import video_matrix
import videos

MEMORY = 64 << 20
"""Bytes in addition to those of a process that opens an unchanged video."""

SECONDS = 1.0
"""Processor time of a file. The videos have 18 frames of up to 130x130 pixels."""

NUMBERS = (0, 1, 2, 3, 15, 16, 17, 31, 32, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 2)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True)
    parser.add_argument("--seconds", type=float, default=60, help="processor time of all files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", type=pathlib.Path, default=pathlib.Path("found"))
    arguments = parser.parse_args()
    av.logging.set_level(av.logging.PANIC)
    numbers = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="ownprint-mutants-") as folder:
        folder = pathlib.Path(folder)
        made = list(seeds(folder, numbers))
        plain = folder / "plain.mp4"
        plain.write_bytes(videos.mux(*made[0]))
        base = measured(arguments.program, plain)
        outcomes, worst, spent, count = collections.Counter(), {}, 0.0, 0
        while spent < arguments.seconds:
            path = folder / "changed.mp4"
            path.write_bytes(changed(made, numbers))
            outcome, memory, seconds = measured(arguments.program, path)
            memory -= base[1] + path.stat().st_size
            outcomes[outcome] += 1
            spent, count = spent + seconds, count + 1
            for name, value in (("memory", memory), ("seconds", seconds)):
                worst[name] = max(worst.get(name, (0, "")), (value, outcome))
            if memory > MEMORY or seconds > SECONDS or outcome.startswith("panic"):
                arguments.kept.mkdir(parents=True, exist_ok=True)
                kept = arguments.kept / f"{arguments.seed}-{count}.mp4"
                kept.write_bytes(path.read_bytes())
                print(f"{kept}: {outcome}, {memory >> 20} MiB, {seconds:.2f} s", flush=True)
    print(f"{count} videos in {spent:.0f} s of processor time; the most: {worst}")
    print(dict(outcomes.most_common()))


def seeds(folder, numbers):
    """Yields parameter sets and samples of videos with various options of x264."""
    for index in range(24):
        combination = video_matrix.choose(numbers)
        combination.update(container=("mp4", {}), tag=None)
        combination["options"]["repeat-headers"] = 0
        path = folder / f"{index}.mp4"
        if video_matrix.write(path, combination, index):
            yield videos.units_of(path)


def changed(made, numbers):
    sets, samples = numbers.choice(made)
    sets, samples = list(sets), [list(sample) for sample in samples]
    for _ in range(numbers.randint(0, 4)):
        change_units(sets, samples, numbers.choice(made), numbers)
    data = videos.mux(sets, samples)
    for _ in range(numbers.choice((0, 0, 1, 2))):
        data = change_boxes(data, numbers)
    return data


def change_units(sets, samples, other, numbers):
    """Changes one unit, or a list of units."""
    sample = numbers.choice(samples) if samples else sets
    place = lambda units: numbers.randrange(len(units) + 1)
    donor = numbers.choice(other[1] + [other[0]])
    match numbers.randrange(10):
        case 0:
            samples.insert(place(samples), list(sample))
        case 1 if len(samples) > 1:
            del samples[numbers.randrange(len(samples))]
        case 2:
            sample.insert(place(sample), numbers.choice(donor))
        case 3 if sample:
            sample.insert(place(sample), numbers.choice(sample))
        case 4:
            sample.insert(place(sample), numbers.choice(other[0] + sets + [b"\x09\x10"]))
        case 5 if sample:
            at = numbers.randrange(len(sample))
            sample[at] = bytes([numbers.choice((0x61, 0x41, 0x01, 0x65, 0x25, 0x67, 0x68, 0x6E, 0x0E, 0x02))]) + sample[at][1:]
        case 6:
            at = numbers.randrange(len(sets))
            sets[at] = field_changed(sets[at], numbers)
        case 7:
            sets[0] = sequence_set(numbers)
        case _ if sample:
            at = numbers.randrange(len(sample))
            sample[at] = field_changed(sample[at], numbers)


def field_changed(unit, numbers):
    """Replaces, removes or inserts bits, often an Exp-Golomb number, near the start of the unit."""
    bits = "".join(f"{byte:08b}" for byte in unit[1:])
    at = numbers.randrange(min(len(bits), numbers.choice((24, 80, 4000))) + 1)
    inserted = numbers.choice((golomb(numbers.choice(NUMBERS)), golomb(numbers.randrange(64)), f"{numbers.randrange(256):08b}", "0", "1", ""))
    removed = numbers.choice((0, len(inserted), numbers.randrange(24)))
    bits = bits[:at] + inserted + bits[at + removed :]
    bits += "0" * (-len(bits) % 8)
    payload = bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits), 8))
    return unit[:1] + escaped(payload)


def golomb(number):
    bits = f"{number + 1:b}"
    return "0" * (len(bits) - 1) + bits


def escaped(payload):
    """Adds emulation prevention bytes, unless the payload still has those of the original."""
    result, zeros = bytearray(), 0
    for byte in payload:
        if zeros >= 2 and byte < 3:
            result.append(3)
            zeros = 0
        result.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes(result)


def sequence_set(numbers):
    """Returns a sequence parameter set of mostly valid numbers."""
    often = lambda usual, *others: numbers.choice((usual,) * 6 + others)
    profile = numbers.choice((66, 77, 100))
    bits = f"{profile:08b}" + "0" * 8 + f"{often(30, 255):08b}" + golomb(often(0, 1, 31, 32))
    if profile == 100:
        bits += golomb(often(1, 0, 3, 4)) + golomb(often(0, 2, 7)) + golomb(often(0, 6)) + often("0", "1") + "0"
    bits += golomb(often(0, 4, 12, 13))
    order = numbers.randrange(3)
    bits += golomb(order)
    if order == 0:
        bits += golomb(often(2, 12, 13))
    if order == 1:
        bits += "0" + golomb(1) + golomb(2) + golomb(often(1, 255, 256)) + golomb(1)
    bits += golomb(often(4, *range(18), 2**31)) + often("0", "1")
    side = lambda: often(numbers.randrange(8), 20, 60, 300, 5000, 2**28, 2**31)
    bits += golomb(side()) + golomb(side())
    bits += often("1", "00", "01") + "1"
    bits += often("0", "1" + "".join(golomb(often(0, 1, 8, 2**31, 2**32 - 2, 2**30)) for _ in range(4)))
    bits += often("0", "1" + "0" * 20) + "1"
    bits += "0" * (-len(bits) % 8)
    return b"\x67" + escaped(bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)))


def change_boxes(data, numbers):
    """Changes a word of a table, or copies, removes or cuts a box."""
    kinds = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", b"avc1", b"avcC", b"stts", b"stsc", b"stsz", b"stco", b"mdhd", b"mdat"]
    start = data.rfind(numbers.choice(kinds)) - 4
    if start < 0:
        return data
    end = min(start + max(int.from_bytes(data[start : start + 4]), 8), len(data))
    body = data[start:end]
    match numbers.randrange(6):
        case 0:
            return data[:end] + body + data[end:]
        case 1:
            return data[:start] + data[end:]
        case 2:
            return data[: numbers.randint(start, end)]
        case 3:
            return data[:start] + struct.pack(">I", numbers.choice(NUMBERS)) + data[start + 4 :]
        case _:
            at = start + 8 + 4 * numbers.randrange(max((end - start) // 4 - 2, 1))
            return data[:at] + struct.pack(">I", numbers.choice(NUMBERS)) + data[at + 4 :]


RUNNER = """
import os, sys, tempfile
for line in sys.stdin:
    program, path = line.rstrip().split(chr(9))
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as complaints:
        child = os.fork()
        if child == 0:
            os.dup2(printed.fileno(), 1)
            os.dup2(complaints.fileno(), 2)
            os.environ["RUST_BACKTRACE"] = "0"
            os.execl(program, program, "hash", "--algorithms", "vpdq,md5", "--seconds-per-hash", "0", "--format", "jsonl", path)
        _, status, usage = os.wait4(child, 0)
        printed.seek(0)
        complaints.seek(0)
        answer = (printed.read(), complaints.read(), os.waitstatus_to_exitcode(status), usage.ru_maxrss << 10, usage.ru_utime + usage.ru_stime)
    print(repr(answer), flush=True)
"""


@functools.cache
def runner():
    """Starts a small process that starts the program: the peak memory of a process includes that of
    the process it was forked from.
    """
    return subprocess.Popen([sys.executable, "-S", "-c", RUNNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def measured(program, path):
    """Returns the outcome, the peak memory in bytes, and the processor time in seconds."""
    process = runner()
    process.stdin.write(f"{program}\t{path}\n")
    process.stdin.flush()
    text, complaint, status, memory, seconds = ast.literal_eval(process.stdout.readline())
    if b"panicked" in complaint or status not in (0, 1, 2):
        outcome = "panic: " + " ".join(complaint.decode(errors="replace").splitlines()[:3])[:200]
    elif b'"vpdq"' in text:
        outcome = "hashed"
    else:
        outcome = text.partition(b'"code":"')[2].partition(b'"')[0].decode() or "other"
    return outcome, memory, seconds


if __name__ == "__main__":
    sys.exit(main())
