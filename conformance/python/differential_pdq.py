"""Compares ownprint with PyPI pdqhash, live, on the same RGB pixels.

Over generated pictures (seeds that no committed vector has) and, where OWNPRINT_CORPUS names a folder, over every
picture there that Pillow decodes, of whatever size and quality.

pdqhash computes luma in 64 bits and rounds once; the C++ and Java references, and ownprint, compute it in 32. Where a
picture's coefficients are zero but for rounding (flat, symmetric, striped pictures) that decides bits. No picture is
left out for it: one that differs must be the readable oracle's to the bit, and pdqhash's value must be the same oracle's
with luma rounded once, so that the difference is luma's rounding and nothing else. The table counts them.

    python conformance/python/differential_pdq.py --programs target/release [--command-line target/release/ownprint]
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from pictures import decoded, painted
from reference_pdq import read_pixmap, reference

FIRST_SEED = 10_000
GENERATED = 600

ALGORITHMS = ["pdq", "pdq-512", "pdq-dihedral", "pdq-512-dihedral"]
COMMAND_LINE = ["hash", "--algorithms", ",".join(ALGORITHMS), "--format", "jsonl", "--rgb-md5", "--pixels", "stored"]


def main():
    options = arguments()
    programs = pathlib.Path(options.programs)
    hashers = {"pixels": [str(programs / "hash-raw")]}
    if options.command_line:
        hashers["command line"] = [options.command_line, *COMMAND_LINE]
    sources = {"generated": lambda folder: painted(programs, folder, "more", FIRST_SEED, options.generated)}
    for corpus in filter(None, [os.environ.get("OWNPRINT_CORPUS"), *options.pictures]):
        sources[pathlib.Path(corpus).name] = lambda folder, corpus=corpus: decoded(corpus, folder)
    if len(sources) == 1:
        print("OWNPRINT_CORPUS is not set: generated pictures only")
    oracle = [str(programs / "hash-raw"), "--oracle"]
    tallies = {}
    for source, pixmaps in sources.items():
        with tempfile.TemporaryDirectory(prefix="ownprint-differential-") as folder:
            for batch in pixmaps(folder):
                compare(source, batch, hashers, oracle, tallies)
    return report(tallies)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", required=True, help="the folder with `paint` and `hash-raw`")
    parser.add_argument("--command-line", help="the `ownprint` program, to be compared as well")
    parser.add_argument("--generated", type=int, default=GENERATED, help="how many generated pictures")
    parser.add_argument("pictures", nargs="*", help="further folders of pictures")
    return parser.parse_args()


def compare(source, batch, hashers, oracle, tallies):
    expected = {str(path): reference(read_pixmap(path)) for _, path in batch}
    names = {str(path): name for name, path in batch}
    for hasher, command in hashers.items():
        ours = records([*command, *expected])
        differing = [path for path, theirs in expected.items() if any(differs(ours[path], theirs, a) for a in ALGORITHMS)]
        explained = records([*oracle, *differing]) if differing else {}
        for path, theirs in expected.items():
            for algorithm in ALGORITHMS:
                tally = tallies.setdefault((source, hasher, algorithm), Tally())
                tally.take(names[path], ours[path], theirs, explained.get(path), algorithm)


def records(command):
    """What a program printed, a JSON object a line, by path."""
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.splitlines()
    return {record["path"]: record for record in map(json.loads, lines)}


def differs(ours, theirs, algorithm):
    return "hashes" not in ours or ours["hashes"][algorithm] != {
        key: theirs["hashes"][algorithm][key] for key in ("hex", "quality")
    }


class Tally:
    """What came of one algorithm over one source."""

    def __init__(self):
        self.pictures = self.exact = self.recognisable = self.recognisable_exact = 0
        self.failures = []

    def take(self, name, ours, theirs, explained, algorithm):
        self.pictures += 1
        if ours.get("rgb_md5") != theirs["rgb_md5"]:
            self.failures.append(f"{name}: not the same pixels: {ours}")
            return
        is_recognisable = min(theirs["width"], theirs["height"]) >= 64 and theirs["hashes"][algorithm]["quality"] > 0
        self.recognisable += is_recognisable
        if not differs(ours, theirs, algorithm):
            self.exact += 1
            self.recognisable_exact += is_recognisable
            return
        is_ours = ours["hashes"][algorithm] == explained["hashes"][algorithm]
        is_theirs = not differs({"hashes": explained["rounded_once"]}, theirs, algorithm)
        if not (is_ours and is_theirs):
            mine, reference_hash = ours["hashes"][algorithm], theirs["hashes"][algorithm]
            distance = farthest(mine["hex"], reference_hash["hex"])
            qualities = f"quality {mine['quality']} for {reference_hash['quality']}"
            self.failures.append(f"{name}, {algorithm}: distance {distance}, {qualities}, and not for luma's rounding")


def farthest(a, b):
    pairs = zip(a, b) if isinstance(a, list) else [(a, b)]
    return max((int(left, 16) ^ int(right, 16)).bit_count() for left, right in pairs)


def report(tallies):
    row = "{:14} {:13} {:17} {:>8} {:>8} {:>8} {:>8} {:>18}"
    print(row.format("source", "door", "algorithm", "pictures", "exact", "by luma", "other", ">=64, q>0: exact"))
    for (source, hasher, algorithm), tally in tallies.items():
        by_luma = tally.pictures - tally.exact - len(tally.failures)
        recognisable = f"{tally.recognisable_exact} of {tally.recognisable}"
        counts = (tally.pictures, tally.exact, by_luma, len(tally.failures), recognisable)
        print(row.format(source, hasher, algorithm, *counts))
    failures = [failure for tally in tallies.values() for failure in tally.failures]
    for failure in failures[:20]:
        print(f"FAILED {failure}")
    passed = sum(tally.pictures for tally in tallies.values()) - len(failures)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
