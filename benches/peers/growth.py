"""Measures how time and memory grow with the input, and writes the table of the section "Growth" of
docs/benchmarks.md. `cargo xtask bench-growth` calls it, and draws docs/growth.svg.

Arguments: FOLDER (with the command line and the timing programs) and the series to measure; all by
default. Rows of other series stay. Times are processor times of whole processes, except for pixels
and queries, which the programs measure themselves.
"""

import json
import math
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path += [str(ROOT / "conformance/python"), str(ROOT / "docs")]
import videos  # noqa: E402
from plot_growth import HEADER, PAGE, rows  # noqa: E402

MEGAPIXELS = (0.1, 1, 12, 50, 200)
FILES = (1, 10, 100, 1_000, 10_000, 100_000)
HASHES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
SECONDS = (1, 10, 60, 300)
RUNS = 5
RATE = 25
MIB = 1 << 20


def main():
    programs = Path(sys.argv[1])
    measured = {name: list(map(list, found)) for name, found in rows(PAGE.read_text()).items()}
    with tempfile.TemporaryDirectory() as folder:
        for name in sys.argv[2:] or SERIES:
            function, unit = SERIES[name]
            print(f"{name}: {unit}", flush=True)
            measured[name] = []
            for size, milliseconds, bytes_ in function(programs, Path(folder)):
                cells = [f"{size:,}", three_digits(milliseconds), three_digits(bytes_ / MIB)]
                print(*cells, flush=True)
                measured[name].append([unit, *cells])
    write(measured)


def three_digits(number):
    """Returns a number with three significant digits, and without an exponent."""
    return f"{number:,.{max(0, 2 - math.floor(math.log10(number)))}f}"


def write(measured):
    """Replaces the table of the page."""
    before, after = PAGE.read_text().split(HEADER + "\n")
    lines = after.splitlines()
    rest = next(at for at, line in enumerate(lines) if not line.startswith("|"))
    table = ["|---|---|---|---|---|"]
    for name in SERIES:
        table += [f"| {' | '.join([name, *cells])} |" for cells in measured.get(name, [])]
    PAGE.write_text("\n".join([before + HEADER, *table, *lines[rest:], ""]))


def sides(megapixels):
    """Returns the width and height of an image of 4:3."""
    width = round((megapixels * 1e6 * 4 / 3) ** 0.5)
    return width, round(megapixels * 1e6 / width)


def pixels(programs, folder):
    """Yields the time of PDQ of decoded pixels, the fastest run, and the memory in addition to the
    pixels.
    """
    for megapixels in MEGAPIXELS:
        printed = run([programs / "time-pdq", *map(str, sides(megapixels)), str(RUNS)])[2]
        *times, memory = printed.split("\n")[:-1]
        yield megapixels, min(map(float, times)), int(memory.split()[1]) * 1024


def images(programs, folder):
    """Yields the cost of JPEG files, enlarged from an example."""
    hills = Image.open(ROOT / "examples/images/hills.jpg").convert("RGB")
    for megapixels in MEGAPIXELS:
        path = folder / "image.jpg"
        hills.resize(sides(megapixels), Image.Resampling.BICUBIC).save(path, quality=90)
        yield megapixels, *cost(programs, ["-a", "pdq", path])


def files(programs, folder):
    """Yields the cost of folders of small files, each with other noise."""
    source = random.Random(1)
    folder = folder / "files"
    folder.mkdir()
    for number in range(FILES[-1] + 1):
        if number in FILES:
            yield number, *cost(programs, ["-r", folder], runs=3 if number < 10_000 else 1)
        below = folder / str(number // 1000)
        below.mkdir(exist_ok=True)
        (below / f"{number}.pgm").write_bytes(b"P5 24 24 255\n" + source.randbytes(24 * 24))
    shutil.rmtree(folder)


def hashes(programs, folder):
    """Yields the median time of a query within 31 bits, and the memory of the index."""
    for count in HASHES:
        run([programs / "time-index", "make", folder, str(count), "400", "random"])
        _, _, printed = run([programs / "time-index", "run", folder, "31"])
        lines = printed.splitlines()
        memory = next(int(line.split()[1]) for line in lines if line.startswith("memory "))
        times = [float(line) for line in lines if line[0].isdigit()]
        yield count, statistics.median(times) / 1e3, memory * count


def video(programs, folder):
    """Yields the cost of vPDQ of videos with H.264, 640x360, that repeat the same seconds."""
    path, part = folder / "video.mp4", folder / "part.mp4"
    for seconds in SECONDS:
        encoded = min(seconds, 10)
        videos.write(part, 640, 360, encoded * RATE, Fraction(RATE), codec="libx264")
        repeat(part, path, encoded, seconds // encoded)
        yield seconds, *cost(programs, ["-a", "vpdq", path])


def repeat(source, target, seconds, times):
    """Writes a video several times in a row, without encoding it again."""
    with av.open(source) as video, av.open(target, "w") as repeated:
        stream = video.streams.video[0]
        written = repeated.add_stream_from_template(stream)
        for number in range(times):
            video.seek(0)
            offset = round(number * seconds / stream.time_base)
            for packet in video.demux(stream):
                if packet.dts is not None:
                    packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                    packet.stream = written
                    repeated.mux(packet)


def cost(programs, arguments, runs=RUNS):
    """Returns the median processor time in milliseconds, and the peak memory in bytes."""
    command = [programs / "ownprint", "hash", "--threads", "1", "-f", "jsonl"]
    found = [run([*command, *arguments]) for _ in range(runs)]
    for line in found[0][2].splitlines():
        if "error" in json.loads(line):
            raise SystemExit(line)
    return statistics.median(it[0] for it in found), max(it[1] for it in found)


def run(command):
    """Returns the processor time in milliseconds, the peak memory in bytes, and the output."""
    ran = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCH, *map(str, command)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, kibibytes = map(float, ran.stderr.splitlines()[-1].split())
    return seconds * 1e3, int(kibibytes) * 1024, ran.stdout


# A process counts the memory of the one that it was forked from. So a small one starts the program.
LAUNCH = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(child.pid, 0)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=sys.stderr)
sys.exit(status != 0)
"""

# Function and unit of each series.
SERIES = {
    "PDQ of pixels": (pixels, "megapixels"),
    "JPEG file to PDQ": (images, "megapixels"),
    "folder of small files": (files, "files"),
    "query of an index": (hashes, "hashes"),
    "video to vPDQ": (video, "seconds"),
}

if __name__ == "__main__":
    main()
