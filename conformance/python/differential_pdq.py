"""Compares ownprint with PyPI pdqhash, live, on the same RGB pixels.

Over generated pictures (seeds that no committed vector has) and, where OWNPRINT_CORPUS names a folder, over every
picture there that Pillow decodes. Every `pdq` of a picture with sides of 64 and more and a quality above 0 must be
equal, and every `pdq-512`; the dihedral sets likewise. Where there is nothing to recognise, pdqhash rounds luma in
64 bits instead of 32 and decides bits by chance: those are counted apart, and the Rust tests compare them with the
readable oracle.

    python conformance/python/differential_pdq.py --programs target/release [--command-line target/release/ownprint]
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy
from PIL import Image

from reference_pdq import read_pixmap, reference, write_pixmap

FIRST_SEED = 10_000
GENERATED = 600
BATCH = 50
"""Pictures on disk at a time."""

ALGORITHMS = ["pdq", "pdq-512", "pdq-dihedral", "pdq-512-dihedral"]
COMMAND_LINE = ["hash", "--algorithms", ",".join(ALGORITHMS), "--format", "jsonl", "--rgb-md5", "--pixels", "stored"]


def main():
    options = arguments()
    programs = pathlib.Path(options.programs)
    hashers = {"pixels": [str(programs / "hash-raw")]}
    if options.command_line:
        hashers["command line"] = [options.command_line, *COMMAND_LINE]
    sources = {"generated": lambda folder: generated(programs, folder, options.generated)}
    for corpus in filter(None, [os.environ.get("OWNPRINT_CORPUS"), *options.pictures]):
        sources[pathlib.Path(corpus).name] = lambda folder, corpus=corpus: decoded(corpus, folder)
    if len(sources) == 1:
        print("OWNPRINT_CORPUS is not set: generated pictures only")
    tallies = {}
    for source, pixmaps in sources.items():
        with tempfile.TemporaryDirectory(prefix="ownprint-differential-") as folder:
            for batch in pixmaps(folder):
                compare(source, batch, hashers, tallies)
    return report(tallies)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True, help="the folder with `paint` and `hash-raw`")
    parser.add_argument("--command-line", help="the `ownprint` program, to be compared as well")
    parser.add_argument("--generated", type=int, default=GENERATED, help="how many generated pictures")
    parser.add_argument("pictures", nargs="*", help="further folders of pictures")
    return parser.parse_args()


def generated(programs, folder, count):
    """Batches of (name, path) of generated pictures."""
    for first in range(FIRST_SEED, FIRST_SEED + count, BATCH):
        size = min(BATCH, FIRST_SEED + count - first)
        subprocess.run([programs / "paint", folder, "more", str(first), str(size)], check=True)
        paths = sorted(pathlib.Path(folder).glob("*.ppm"))
        yield [(path.stem, path) for path in paths]
        for path in paths:
            path.unlink()


def decoded(corpus, folder):
    """Batches of (name, path) of what Pillow decodes of a folder, as stored, alpha dropped."""
    corpus = pathlib.Path(corpus)
    for index, picture in enumerate(sorted(path for path in corpus.rglob("*") if path.is_file())):
        rgb = pixels_of(picture)
        if rgb is None:
            continue
        path = pathlib.Path(folder) / f"{index}.ppm"
        write_pixmap(path, rgb)
        yield [(str(picture.relative_to(corpus)), path)]
        path.unlink()


def pixels_of(picture):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(picture) as image:
                return numpy.ascontiguousarray(numpy.asarray(image.convert("RGB")))
    # Whatever Pillow objects to, damaged and strange files among them, is no material for this comparison.
    except Exception:
        return None


def compare(source, batch, hashers, tallies):
    expected = {str(path): reference(read_pixmap(path)) for _, path in batch}
    names = {str(path): name for name, path in batch}
    for hasher, command in hashers.items():
        lines = subprocess.run([*command, *expected], stdout=subprocess.PIPE, check=True).stdout.splitlines()
        ours = {record["path"]: record for record in map(json.loads, lines)}
        for path, theirs in expected.items():
            for algorithm in ALGORITHMS:
                tally = tallies.setdefault((source, hasher, algorithm), Tally())
                tally.take(names[path], ours[path], theirs, algorithm)


class Tally:
    """What came of one algorithm over one source."""

    def __init__(self):
        self.pictures = self.compared = self.exact = self.worst = self.plain_exact = 0
        self.failures = []

    def take(self, name, ours, theirs, algorithm):
        self.pictures += 1
        if ours.get("rgb_md5") != theirs["rgb_md5"]:
            self.failures.append(f"{name}: not the same pixels: {ours}")
            return
        mine, reference_hash = ours["hashes"][algorithm], theirs["hashes"][algorithm]
        is_equal = mine["hex"] == reference_hash["hex"] and mine["quality"] == reference_hash["quality"]
        if is_plain(theirs, reference_hash, algorithm):
            self.plain_exact += is_equal
            return
        self.compared += 1
        self.exact += is_equal
        distance = farthest(mine["hex"], reference_hash["hex"])
        self.worst = max(self.worst, distance)
        if not is_equal:
            qualities = f"quality {mine['quality']} for {reference_hash['quality']}"
            self.failures.append(f"{name}, {algorithm}: distance {distance}, {qualities}")


def is_plain(picture, reference_hash, algorithm):
    """Whether there is nothing to recognise: see the top of this file."""
    is_small = min(picture["width"], picture["height"]) < 64
    # Above 512 the reduced picture is 512x512, whatever the picture was.
    is_reduced = "512" in algorithm and max(picture["width"], picture["height"]) > 512
    return reference_hash["quality"] == 0 or (is_small and not is_reduced)


def farthest(a, b):
    pairs = zip(a, b) if isinstance(a, list) else [(a, b)]
    return max((int(left, 16) ^ int(right, 16)).bit_count() for left, right in pairs)


def report(tallies):
    row = "{:14} {:13} {:17} {:>8} {:>8} {:>8} {:>6} {:>12}"
    print(row.format("source", "door", "algorithm", "pictures", "compared", "exact", "worst", "plain, exact"))
    for (source, hasher, algorithm), tally in tallies.items():
        plain = f"{tally.pictures - tally.compared}, {tally.plain_exact}"
        print(row.format(source, hasher, algorithm, tally.pictures, tally.compared, tally.exact, tally.worst, plain))
    failures = [failure for tally in tallies.values() for failure in tally.failures]
    for failure in failures[:20]:
        print(f"FAILED {failure}")
    passed = sum(tally.compared for tally in tallies.values()) - len(failures)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
