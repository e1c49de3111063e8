"""Measures what sets of variants find, and selects the sets: the figures of docs/coverage.md.

The images are those of OWNPRINT_CORPUS and of other folders (`coverage_copies.py`). Images whose
pixels have an even checksum are used for the selection, the others for the measurement. Every image
is edited by three generators of three authors: the project's list (`coverage_edits.py`), AugLy
(`coverage_augly.py`) and Albumentations (`coverage_albumentations.py`). The copies are hashed with
`pdq`, as on a service. A copy counts as found if one of its hashes is within 31 bits of a hash of
the set. Hashes with a quality below 50 count on neither side.

The headline is the mean over the generators of the recall of a set that was selected without the
generator that measures it.

    cargo xtask coverage FOLDER…
"""

import argparse
import pathlib
import tempfile

import numpy
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

import coverage_copies
import coverage_edits as edits
from coverage_candidates import DIHEDRAL, candidates
from coverage_plot import plot

THRESHOLD = 31
NEAR = 6
"""`VariantSet::DEFAULT_MIN_DISTANCE`."""

LISTS = ["fixed", "augly", "albumentations"]
TITLES = {
    "fixed": "the project's list",
    "augly": "AugLy",
    "albumentations": "Albumentations",
    "composite": "composites",
}
SINGLE_WEIGHT = 3
"""The weight of the single random edits in the selection; every list has the weight 1."""

QUERIES = {
    "": "the copy's hash",
    "query": "the copy's set `query`",
    "query-wide": "the copy's set `query-wide`",
}
"""What is looked up."""

PRESETS = {"compact": 8, "standard": 16, "wide": 32}
LONGEST = 64


def main():
    options = arguments()
    programs = coverage_copies.Programs(options)
    names = ["original"] + candidates()
    with tempfile.TemporaryDirectory(prefix="ownprint-coverage-") as folder:
        folder = options.kept or pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        images = coverage_copies.photographs(options, programs, folder)
        coverage_copies.every_copy(options, programs, folder, images)
        (folder / "names").write_text("".join(f"{name}\n" for name in names))
        for image in images:
            image["variants"] = programs.cached_variants(folder / "names", image)
        measured = [it for it in images if it["half"] == 1]
        others = impostors(programs, folder, measured)
    chosen = [it for it in images if it["half"] == 0]
    listed = programs.sets()
    choosing = Half(names, chosen, coverage_copies.CHOSEN, {"": ["original"]})
    queries = {name: listed.get(name, ["original"]) for name in QUERIES}
    measuring = Half(names, measured, coverage_copies.MEASURED, queries)
    print(f"{len(images)} images: {len(chosen)} for selection, {len(measured)} for measurement;")
    counts = [f"{TITLES[kind]} {len(set(measuring.edits[kind]))}" for kind in LISTS]
    print(f"edits: {', '.join(counts)}; {edits.COMPOSITES} composites per image;")
    print(f"{len(names)} candidates\n")
    orders = {kind: greedy(choosing, LONGEST, kind) for kind in LISTS}
    everything = greedy(choosing, LONGEST, None)
    if options.choose:
        print("\n".join(f'    "{it}",' for it in everything[: max(PRESETS.values())]) + "\n")
    sets = {name: [it for it in listed[name] if it != "trim"] for name in PRESETS}
    rows = rows_of(sets, everything, names)
    recalls(measuring, rows, orders)
    by_edit(measuring, rows)
    false_matches(measuring, rows, others)
    if options.plot:
        plot(options.plot, curves(measuring, orders), PRESETS.values())


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--programs",
        type=pathlib.Path,
        required=True,
        help="the folder with `ownprint` and `hash-variants`",
    )
    parser.add_argument("--augly", required=True, help="the Python interpreter of AugLy")
    parser.add_argument(
        "--albumentations", required=True, help="the Python interpreter of Albumentations"
    )
    parser.add_argument(
        "--plot", type=pathlib.Path, help="file for a plot of recall against the number of hashes"
    )
    parser.add_argument(
        "--kept", type=pathlib.Path, help="folder in which images and hashes are cached"
    )
    parser.add_argument(
        "--most", type=int, default=110, help="the maximum number of images of each half"
    )
    parser.add_argument(
        "--threads", type=int, default=2, help="the number of generators that run at once"
    )
    parser.add_argument(
        "--choose",
        action="store_true",
        help="print the variants that are selected from all generators",
    )
    parser.add_argument(
        "folders",
        nargs="*",
        type=pathlib.Path,
        help="folders of images, in addition to OWNPRINT_CORPUS",
    )
    return parser.parse_args()


def impostors(programs, folder, measured):
    """Returns hashes of images that are not copies of any image, by kind."""
    images = [Image.open(it["path"]).convert("RGB") for it in measured]
    kinds = {"pages of text": [page(seed) for seed in range(40)]}
    kinds["blurred"] = [it.filter(ImageFilter.GaussianBlur(max(it.size) / 25)) for it in images]
    kinds["dark"] = [ImageEnhance.Brightness(it).enhance(0.15) for it in images]
    kinds["nearly flat"] = [ImageEnhance.Contrast(it).enhance(0.06) for it in images]
    hashes = {}
    for kind, made in kinds.items():
        paths = [folder / f"{kind} {index}.png" for index in range(len(made))]
        for path, image in zip(paths, made):
            image.save(path, compress_level=1)
        hashes[kind] = programs.hash_queries(paths)
    return hashes


def page(seed):
    """Paints a page of text."""
    dice = numpy.random.default_rng(seed)
    image = Image.new("RGB", (600, 840), "white")
    draw = ImageDraw.Draw(image)
    top = 50
    while top < 780:
        left = 50
        while left < 500 and dice.random() > 0.04:
            width = int(dice.integers(12, 70))
            draw.text((left, top), "etaoinshrdlu"[: max(2, width // 7)], "black", edits.font(13))
            left += width + 8
        top += 18 if dice.random() > 0.1 else 40
    return image


# Selection and measurement


class Half:
    """One half of the images, with the copies that each variant finds."""

    def __init__(self, names, images, kinds, queries):
        self.names, self.images = names, images
        self.queries = {query: set(variants) for query, variants in queries.items()}
        self.places = {name: place for place, name in enumerate(names)}
        self.is_sound = numpy.array([[name in it["variants"] for name in names] for it in images])
        self.hashes = [
            bits([it["variants"].get(name, {"hex": "0" * 64})["hex"] for name in names])
            for it in images
        ]
        self.edits = {
            kind: [copy["edit"] for it in images for copy in it["copies"][kind]] for kind in kinds
        }
        # For each kind and query one row per copy, one column per variant.
        self.found = {(kind, query): [] for kind in kinds for query in queries}
        for kind in kinds:
            for index, image in enumerate(images):
                for copy in image["copies"][kind]:
                    self.add(kind, index, copy)
        self.found = {key: numpy.array(rows) for key, rows in self.found.items()}

    def add(self, kind, index, copy):
        """Adds which variants of an image find a copy, for each set that is looked up."""
        variants, hashes = hashes_of([copy])
        is_near = distances(hashes, self.hashes[index]) <= THRESHOLD
        for query, members in self.queries.items():
            rows = [variant in members for variant in variants]
            self.found[kind, query].append(is_near[rows].any(axis=0) & self.is_sound[index])

    def recall(self, kind, chosen, query=""):
        """Returns for each copy of a generator whether the set finds it."""
        return self.found[kind, query][:, [self.places[name] for name in chosen]].any(axis=1)

    def score(self, kind, chosen, query=""):
        return self.recall(kind, chosen, query).mean()

    def kept(self, chosen):
        """Yields for each image the variants that are not too similar to a previous variant."""
        for index, own in enumerate(self.hashes):
            stay = []
            for name in chosen:
                place = self.places[name]
                if self.is_sound[index, place] and (
                    not stay or distances(own[[place]], own[stay]).min() >= NEAR
                ):
                    stay.append(place)
            yield stay


def bits(hexes):
    words = [numpy.frombuffer(bytes.fromhex(hex), dtype=numpy.uint64) for hex in hexes]
    return numpy.array(words, dtype=numpy.uint64).reshape(-1, 4)


def distances(some, others):
    total = numpy.zeros((len(some), len(others)), dtype=numpy.uint16)
    for word in range(4):
        total += numpy.bitwise_count(some[:, None, word] ^ others[None, :, word])
    return total


def greedy(half, count, without):
    """Selects variants: each finds most of the copies that the previous ones miss. The copies of
    the generator `without` are not used.
    """
    weights = {kind: 1 for kind in LISTS if kind != without} | {"single": SINGLE_WEIGHT}
    found = numpy.concatenate([half.found[kind, ""] for kind in weights]).astype(numpy.float32)
    each = [
        numpy.full(len(half.edits[kind]), part / len(half.edits[kind]))
        for kind, part in weights.items()
    ]
    weight = numpy.concatenate(each).astype(numpy.float32)
    chosen = ["original"]
    missing = found[:, half.places["original"]] == 0
    while len(chosen) < count:
        gains = (weight * missing) @ found
        best = int(gains.argmax())
        if gains[best] <= 0:
            break
        chosen.append(half.names[best])
        missing &= found[:, best] == 0
    return chosen


def curves(half, orders):
    """Returns for each generator and query the recall for 1, 2, … hashes selected without the
    generator.
    """
    return {
        (TITLES[kind], query): [
            half.score(kind, order[: count + 1], query) for count in range(len(order))
        ]
        for query in QUERIES
        for kind, order in orders.items()
    }


# Results


def rows_of(sets, everything, names):
    rows = {
        "1 (the original)": ["original"],
        "8 (rotations and mirror images)": ["original", *DIHEDRAL],
    }
    rows |= {f"{len(it)} ({name})": it for name, it in sets.items()}
    return rows | {
        f"{LONGEST} (the selection continued)": everything,
        f"{len(names)} (all candidates)": names,
    }


def table(*titles):
    print("\n| " + " | ".join(titles) + " |\n" + "|---" * len(titles) + "|")


def recalls(half, rows, orders):
    titles = [*(TITLES[kind] for kind in LISTS), "mean"]
    for query, title in QUERIES.items():
        print(f"\nSelected without the generator that measures; {title}:")
        table("hashes", *titles)
        for count in [1, *PRESETS.values(), LONGEST]:
            shares = [half.score(kind, orders[kind][:count], query) for kind in LISTS]
            row(count, [f"{it:.1%}" for it in [*shares, numpy.mean(shares)]])
        print(f"\nThe sets of the library; {title}:")
        table("hashes", *titles, TITLES["composite"])
        for name, chosen in rows.items():
            shares = [half.score(kind, chosen, query) for kind in LISTS]
            shares += [numpy.mean(shares), half.score("composite", chosen, query)]
            row(name, [f"{it:.1%}" for it in shares])
    copies = [copy for it in half.images for kind in LISTS for copy in it["copies"][kind]]
    for query, variants in half.queries.items():
        counts = [len(variants & copy["query"].keys()) for copy in copies]
        print(f"\nmean number of hashes that are looked up, {query}: {numpy.mean(counts):.1f}")


def row(name, cells):
    print(f"| {name} | " + " | ".join(cells) + " |")


def by_edit(half, rows):
    """Prints the recall of each edit, and in the last columns that of `wide` with the sets of the
    copy.
    """
    for kind in LISTS:
        queries = [query for query in QUERIES if query]
        table(f"edit of {TITLES[kind]}", *rows, *(f"wide, {query}" for query in queries))
        found = [half.recall(kind, chosen) for chosen in rows.values()]
        wide = next(it for name, it in rows.items() if "wide" in name)
        found += [half.recall(kind, wide, query) for query in queries]
        for edit in dict.fromkeys(half.edits[kind]):
            here = numpy.array([it == edit for it in half.edits[kind]])
            row(edit, [f"{rate[here].mean():.0%}" for rate in found])


def false_matches(half, rows, others):
    table("hashes", "mean number of hashes", "other images", "comparisons", "within 31", "closest")
    for name, chosen in rows.items():
        if len(chosen) < LONGEST:
            for cells in comparisons(half, chosen, others):
                row(name, cells)


def comparisons(half, chosen, others):
    """Compares copies of other images, and images that are not copies, with the set of every image.
    Hashes with a quality below 50 are left out.
    """
    kept = list(half.kept(chosen))
    sets = [own[stay] for own, stay in zip(half.hashes, kept)]
    listed = numpy.concatenate(sets)
    owners = numpy.repeat(numpy.arange(len(sets)), [len(it) for it in sets])
    mean = len(listed) / len(sets)
    copies = [[it for kind in LISTS for it in image["copies"][kind]] for image in half.images]
    kinds = {"copies of other images": list(enumerate(copies))}
    for kind, images in others.items():
        is_made_of = len(images) == len(sets)
        kinds[kind] = [(index if is_made_of else None, [it]) for index, it in enumerate(images)]
    for kind, queries in kinds.items():
        # For each query the nearest distance, the number of comparisons, and of matches.
        counts = {query: [256, 0, 0] for query in half.queries}
        for owner, it in queries:
            variants, hashes = hashes_of(it)
            if variants:
                found = distances(hashes, listed[owners != owner])
                nearest, near = found.min(axis=1), (found <= THRESHOLD).sum(axis=1)
                for query, members in half.queries.items():
                    rows = [variant in members for variant in variants]
                    least, count, within = counts[query]
                    counts[query] = [
                        min(least, int(nearest[rows].min())),
                        count + sum(rows) * found.shape[1],
                        within + int(near[rows].sum()),
                    ]
        for query, (least, count, within) in counts.items():
            yield [
                f"{mean:.1f}",
                f"{kind}, {QUERIES[query]}",
                f"{count:,}",
                str(within),
                str(least),
            ]


def hashes_of(copies):
    """Returns the variants of copies that have a quality of 50 or more, and their hashes."""
    reliable = [it for it in copies if it["quality"] >= 50]
    hashes = [it.get("query", {"original": it["hex"]}) for it in reliable]
    pairs = [pair for it in hashes for pair in it.items()]
    return [variant for variant, _ in pairs], bits([hex for _, hex in pairs])


if __name__ == "__main__":
    main()
