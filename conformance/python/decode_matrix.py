"""What the matrices of image files have in common: they are written by other programs with every
combination of their options, decoded by ownprint, and compared with a reference decoder.
"""

import argparse
import hashlib
import io
import itertools
import subprocess
import tempfile
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy

BATCH = 500
"""Files that are written before they are decoded together."""


class Case(NamedTuple):
    rows: tuple
    """The rows of the table in which the file is counted."""
    name: str
    """The name of the file, of all options."""
    writer: object
    """Writes the file to a path. It raises an exception if its program refuses the options."""
    detail: object = None
    """What `compare` needs."""


def run(description, cases, compare):
    """Prints the table and returns the exit status.

    `cases` yields the cases for a temporary folder. `compare` gets the path of a file, the detail
    of its case, and the pixels or the error of ownprint; it returns the kind of the result, which
    is "DIFFERENT" for a failure, and a description.
    """
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    table, files, wrong = {}, 0, []
    with tempfile.TemporaryDirectory() as folder:
        chosen = itertools.islice(shuffled(cases(Path(folder))), 0, None, options.every)
        for batch in batched(chosen):
            written = [(case, path) for case in batch if (path := write(case, Path(folder)))]
            results = decode_all(options.programs / "decode-rgb", [path for _, path in written])
            for (case, path), ours in zip(written, results, strict=True):
                kind, detail = compare(path, case.detail, ours)
                files += 1
                for row in case.rows:
                    counts = table.setdefault(row, {})
                    counts[kind] = counts.get(kind, 0) + 1
                if kind == "DIFFERENT":
                    wrong.append(f"{case.name}\t{detail}")
                path.unlink()
    print("| Files with | result: number of files |\n|---|---|")
    for row, counts in sorted(table.items()):
        print(
            f"| {row} | "
            + "; ".join(f"{kind}: {count}" for kind, count in sorted(counts.items()))
            + " |"
        )
    print("\n".join(wrong))
    print(f"{files} files, {len(wrong)} different")
    return 1 if wrong or files == 0 else 0


def shuffled(cases):
    """Orders the cases by a hash of their names, so that a sample covers every option."""
    return iter(sorted(cases, key=lambda case: hashlib.md5(case.name.encode()).digest()))


def batched(cases):
    while batch := list(itertools.islice(cases, BATCH)):
        yield batch


def write(case, folder):
    """Returns the path, or `None` if the program of the case refuses its options."""
    path = folder / hashlib.md5(case.name.encode()).hexdigest()
    try:
        case.writer(path)
    except Exception:  # Programs refuse options with many types of exceptions.
        path.unlink(missing_ok=True)
        return None
    return path


def decode_all(program, paths):
    """Yields the pixels of each path, or the text of an error."""
    lines = "".join(f"{path}\n" for path in paths).encode()
    run = subprocess.run(
        [program], input=lines, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
    )
    output = io.BytesIO(run.stdout)
    for _ in paths:
        kind, *words = output.readline().decode().split()
        if kind == "error":
            yield " ".join(words)
        else:
            width, height = map(int, words)
            yield numpy.frombuffer(output.read(width * height * 3), numpy.uint8).reshape(
                height, width, 3
            )


def refused(error):
    """Returns the result for an error: a refusal must name the feature."""
    if not error.startswith("unsupported-feature"):
        return "DIFFERENT", error
    return "refused, " + error.split("feature: ")[-1].split(";")[0], error
