"""Measures public implementations with the conformance kit, and prints docs/ports.md.

`cargo xtask ports` builds the programs first.
"""

import argparse
import datetime
import pathlib
import sys

KIT = pathlib.Path(__file__).resolve().parent.parent / "kit"
ADAPTERS = KIT / "adapters"
sys.path.insert(0, str(KIT))

import kit  # noqa: E402

PYTHON, GO, RUST, NODE, OURS = "Python", "Go", "Rust", "JavaScript", "ownprint"

PDQHASH, IMAGEHASH = "PyPI `pdqhash` 0.2.8", "PyPI `ImageHash` 4.3.2"
PDQHASH_RS = "crate `pdqhash` 0.1.1"
GOIMAGEHASH = "module `corona10/goimagehash` 1.1.0"
IMAGE_HASHER = "crate `image_hasher` 3.1.1"
BLOCKHASH = "npm `blockhash-core` 0.1.0"
COMMAND_LINE = "ownprint, command line"

PORTS = [
    (PDQHASH, PYTHON, "pdq", "the reference of the vectors"),
    (f"{PDQHASH_RS}, `generate_pdq_full_size`", RUST, "pdq", ""),
    (f"{PDQHASH_RS}, `generate_pdq`", RUST, "pdq-512", "scales large images in its own way"),
    (IMAGEHASH, PYTHON, "phash", "the reference of the vectors"),
    (GOIMAGEHASH, GO, "ahash", "calls itself inspired by ImageHash; promises no equal bits"),
    (GOIMAGEHASH, GO, "dhash", "as above"),
    (GOIMAGEHASH, GO, "phash", "as above"),
    (
        IMAGE_HASHER,
        RUST,
        "img-hash-mean:8x8",
        "successor of img_hash, with other bits except in blockhash",
    ),
    (IMAGE_HASHER, RUST, "img-hash-gradient:8x8", "as above"),
    (IMAGE_HASHER, RUST, "img-hash-mean:8x8:dct", "as above"),
    (IMAGE_HASHER, RUST, "blockhash:16x16", ""),
    (BLOCKHASH, NODE, "blockhash:16x16", "as blockhash.io: pixels are shared among blocks"),
    *((COMMAND_LINE, OURS, name, "") for name in ("pdq", "pdq-512", "ahash", "dhash", "phash")),
    *((COMMAND_LINE, OURS, name, "") for name in ("img-hash-mean:8x8", "blockhash:16x16")),
]

ABOUT = """# Public implementations, measured with the conformance kit

`cargo xtask ports` prints this page. It runs each implementation on the images of the [conformance
kit](../conformance/kit/README.md), whose hashes are those of PyPI `pdqhash` 0.2.8, PyPI `ImageHash`
4.3.2 and the crate `img_hash` 3.2.0. Run on DATE.

* *exact*: the share of images with the same hash. *median* and *maximum*: the differing bits.
* *ordinary*: ORDINARY photographs, screens and noise. *all*: also small, flat, symmetric and
  striped images, other colour types and rotations. Hashes of flat and symmetric images are decided
  by rounding and are no use for matching; a difference there harms nobody.
* A different hash is a defect only if an implementation promises the bits of another one. It
  matters if your hashes meet those of others: PDQ matches at a distance of 31 or less of 256 bits.

| implementation | algorithm | ordinary: exact | median | maximum | all: exact | median | maximum | note |
|---|---|---|---|---|---|---|---|---|
"""

NOT_MEASURED = """
Not measured, because the machine had no way to install them by their package manager: npm
`pdq-wasm` (Meta's C++ in WebAssembly), and the Go modules `go-perceptual/pdq`, `MatthewSH/pdq`,
`haileyok/gopdq` and `ajdnik/imghash`. The kit needs no change for them: write an adapter of a few
lines, as in `conformance/kit/adapters`, and send the result.

Is a row wrong, or has a newer version other results? Open an issue; the maintainers of an
implementation have the last word on its note.
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--go", required=True)
    parser.add_argument("--rust", required=True)
    parser.add_argument("--ownprint", required=True)
    options = parser.parse_args()
    ordinary = sum(image["class"] == "ordinary" for image in kit.vectors()["images"])
    today = datetime.date.today().isoformat()
    print(ABOUT.replace("DATE", today).replace("ORDINARY", str(ordinary)), end="")
    for name, language, algorithm, note in PORTS:
        counts = kit.run(algorithm, command(options, name, language, algorithm))
        cells = " | ".join(figures(part) for part in (counts["classes"]["ordinary"], counts["all"]))
        print(f"| {name} | `{algorithm}` | {cells} | {note} |", flush=True)
    print(NOT_MEASURED, end="")


def command(options, name, language, algorithm):
    """Returns the command line of an adapter."""
    if language == PYTHON:
        script = "pdqhash_python.py" if "pdqhash" in name else "imagehash_python.py"
        return [sys.executable, str(ADAPTERS / script), algorithm]
    if language == RUST:
        return [options.rust, name.split("`")[1], algorithm]
    if language == GO:
        return [options.go, algorithm]
    if language == NODE:
        return ["node", str(ADAPTERS / "node/blockhash.mjs"), algorithm]
    return [sys.executable, str(ADAPTERS / "ownprint_cli.py"), options.ownprint, algorithm]


def figures(counts):
    share = f"{100 * counts['exact'] / counts['images']:.0f} %"
    median = "-" if counts["median"] is None else f"{counts['median']:g}"
    return f"{share} | {median} | {'-' if counts['maximum'] is None else counts['maximum']}"


if __name__ == "__main__":
    main()
