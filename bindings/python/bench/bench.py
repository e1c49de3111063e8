"""Compares the package with PyPI pdqhash, ImageHash and threatexchange, in this environment.

    python bench.py [--rounds N] [TABLE]...

Tables: `pixels`, `files`, `imagehash`, `index`. The programs run in turn, round by round, so that
other work on the machine meets all of them; each figure is the median of the rounds. Inputs are an
image of 4000x3000 pixels, scaled from examples/images/hills.jpg, and random hashes.
"""

import argparse
import hashlib
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path

import imagehash
import numpy as np
import pdqhash
from PIL import Image
from threatexchange.signal_type.pdq.pdq_index import PDQIndex as StockIndex

import ownprint
from ownprint.compat import imagehash as ours_imagehash
from ownprint.threatexchange import PDQIndex

HILLS = Path(__file__).resolve().parents[3] / "examples" / "images" / "hills.jpg"
PACKAGES = ["ownprint", "pdqhash", "ImageHash", "threatexchange", "faiss-cpu", "numpy", "pillow"]


def large() -> Image.Image:
    """Return an image of 12 megapixels."""
    return Image.open(HILLS).convert("RGB").resize((4000, 3000), Image.Resampling.LANCZOS)


def medians(
    rounds: int, calls: dict[str, Callable[[], object]], clock: Callable[[], float]
) -> dict[str, float]:
    """Return the median of the seconds of each call; the calls take turns."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    for _ in range(rounds):
        for name, call in calls.items():
            start = clock()
            call()
            seconds[name].append(clock() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def threads(count: int, work: Callable[[], object], each: int) -> Callable[[], object]:
    """Return a call that does the work `each` times on every one of `count` threads."""

    def call() -> None:
        with ThreadPoolExecutor(count) as pool:
            for future in [pool.submit(work) for _ in range(count * each)]:
                future.result()

    return call


def compared(
    rounds: int, what: str, ours: Callable[[], object], theirs: Callable[[], object], name: str
) -> None:
    """Print the processor time of an image, and how much more two threads do than one.

    A digest of hashlib, which releases the GIL, is the control: it shows what two threads can reach
    on this machine at this time.
    """
    data = bytes(36_000_000)
    control = lambda: hashlib.sha256(data).digest()  # noqa: E731
    rows = {"ownprint": (ours, 4), name: (theirs, 1), "control: SHA-256": (control, 4)}
    cpu = medians(rounds, {row: work for row, (work, _) in rows.items()}, time.process_time)
    calls = {
        (row, count): threads(count, work, each)
        for row, (work, each) in rows.items()
        for count in (1, 2)
    }
    wall = medians(rounds, calls, time.perf_counter)
    print(f"| {what} | processor, ms | one thread, images/s | two threads, images/s | times |")
    print("|---|---|---|---|---|")
    for row, (_, each) in rows.items():
        one, two = each / wall[row, 1], 2 * each / wall[row, 2]
        print(f"| {row} | {cpu[row] * 1e3:.1f} | {one:.1f} | {two:.1f} | {two / one:.2f} |")
    print(f"| ratio | {cpu[name] / cpu['ownprint']:.1f} | | | |\n")


def pixels(rounds: int) -> None:
    """PDQ of an array of 12 megapixels."""
    array = np.asarray(large())
    compared(
        rounds,
        "PDQ of an array, 4000x3000",
        lambda: ownprint.pdq(array),
        lambda: pdqhash.compute(array),
        "pdqhash",
    )
    bgr = np.ascontiguousarray(array[..., ::-1])
    planes = np.ascontiguousarray(array.transpose(2, 0, 1)).transpose(1, 2, 0)
    views = {
        "RGB": lambda: ownprint.pdq(array),
        "BGR": lambda: ownprint.pdq(bgr, format="bgr"),
        "rows reversed": lambda: ownprint.pdq(array[::-1]),
        "every second column": lambda: ownprint.pdq(array[:, ::2]),
        "planes": lambda: ownprint.pdq(planes),
    }
    print("| layout | processor, ms |\n|---|---|")
    for name, seconds in medians(rounds * 3, views, time.process_time).items():
        print(f"| {name} | {seconds * 1e3:.1f} |")
    print()


def files(rounds: int) -> None:
    """PDQ of a JPEG file of 12 megapixels."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        large().save(path, quality=90)
        size = path.stat().st_size / 1e6
        fingerprinter = ownprint.Fingerprinter(hashes=["pdq"], digests=[])
        compared(
            rounds,
            f"PDQ of a JPEG file, 4000x3000, {size:.1f} MB",
            lambda: fingerprinter.fingerprint(path),
            lambda: pdqhash.compute(np.asarray(Image.open(path).convert("RGB"))),
            "Pillow, pdqhash",
        )


def imagehashes(rounds: int) -> None:
    """Compare the functions of ImageHash, on 12 megapixels."""
    image = large()
    print("| function, 4000x3000, processor time | ImageHash, ms | ownprint, ms | ratio |")
    print("|---|---|---|---|")
    names = ["average_hash", "phash", "dhash", "whash", "colorhash", "crop_resistant_hash"]
    for name in names:
        found = medians(
            rounds,
            {
                "theirs": lambda name=name: getattr(imagehash, name)(image),
                "ours": lambda name=name: getattr(ours_imagehash, name)(image),
            },
            time.process_time,
        )
        theirs, ours = found["theirs"], found["ours"]
        print(f"| `{name}` | {theirs * 1e3:.0f} | {ours * 1e3:.0f} | {theirs / ours:.1f} |")
    print()


def index(rounds: int) -> None:
    """Compare the index with the stock index of python-threatexchange."""
    source = random.Random(1)
    count = 200_000
    entries = [(f"{source.getrandbits(256):064x}", at) for at in range(count)]
    queries = [hash for hash, _ in source.sample(entries, 500)]
    rows = []
    memory = {}
    for name, kind in (("ownprint", PDQIndex), ("stock (faiss)", StockIndex)):
        command = [sys.executable, __file__, "--memory", kind.__module__, str(count)]
        memory[name] = int(subprocess.run(command, capture_output=True, check=True).stdout)
        start = time.process_time()
        built = kind.build(entries)
        rows.append((name, built, time.process_time() - start))
    calls = {
        name: lambda built=built: [built.query(query) for query in queries]
        for name, built, _ in rows
    }
    found = medians(rounds, calls, time.process_time)
    print(f"| index of {count} hashes | build, s | queries/s of processor time | bytes a hash |")
    print("|---|---|---|---|")
    for name, _, seconds in rows:
        speed = len(queries) / found[name]
        print(f"| {name} | {seconds:.1f} | {speed:.0f} | {memory[name] / count:.0f} |")
    ratio = found["stock (faiss)"] / found["ownprint"]
    print(f"| ratio | | {ratio:.0f} | {memory['ownprint'] / memory['stock (faiss)']:.2f} |\n")


def resident() -> int:
    """Return the memory of this process in bytes (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def print_memory(module: str, count: int) -> None:
    """Print what an index takes in a new process, with its entries: small numbers."""
    source = random.Random(1)
    kind = PDQIndex if module == PDQIndex.__module__ else StockIndex
    kind.build([(f"{source.getrandbits(256):064x}", 0)])
    before = resident()
    built = kind()
    for _ in range(10):
        built.add_all([(f"{source.getrandbits(256):064x}", at) for at in range(count // 10)])
    built.query("0" * 64)
    print(resident() - before)


TABLES = {"pixels": pixels, "files": files, "imagehash": imagehashes, "index": index}


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tables", nargs="*", choices=[[], *TABLES], metavar="TABLE")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--memory", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory:
        print_memory(arguments.memory[0], int(arguments.memory[1]))
        return
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    processors = f"{os.cpu_count()} processors, load {load}"
    print(f"Python {platform.python_version()}, {packages}; {processors}\n")
    for name in arguments.tables or TABLES:
        TABLES[name](arguments.rounds)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
