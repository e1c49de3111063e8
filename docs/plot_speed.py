"""Draws docs/speed.svg from the tables of docs/benchmarks.md: python3 docs/plot_speed.py"""

import pathlib

FOLDER = pathlib.Path(__file__).parent
# Section of the page, the rows to draw (None: all), the label's prefix, the other program.
SECTIONS = [
    ("PDQ", ["4000x3000"], "pdq", "PyPI pdqhash"),
    ("ImageHash", None, "", "PyPI ImageHash"),
    ("img_hash", ["img-hash-mean", "img-hash-gradient", "blockhash"], "", "image_hasher"),
]
COLOURS = ["#1f6fb2", "#c2571a", "#3a7d44"]
WIDTH, LEFT, BAR, GAP, TOP = 720, 250, 18, 6, 34


def rows(page, section):
    """Yields the first cell and the first ratio (a cell like `4.3x`) of each row in the table of a
    section.
    """
    text = page.split(f"\n## {section}\n")[1].split("\n## ")[0]
    for line in text.splitlines():
        cells = [cell.strip(" `") for cell in line.strip("|").split("|")]
        ratio = next((cell for cell in cells[1:] if cell.endswith("x") and cell[:-1].replace(".", "").isdigit()), None)
        if ratio:
            yield cells[0], float(ratio[:-1])


def bars(page):
    for (section, wanted, prefix, other), colour in zip(SECTIONS, COLOURS):
        for name, ratio in rows(page, section):
            if wanted is None or name in wanted:
                yield f"{prefix or name} / {other}", ratio, colour


def draw(drawn):
    most = max(ratio for _, ratio, _ in drawn)
    height = TOP + len(drawn) * (BAR + GAP) + 4
    style = 'font-family="sans-serif" font-size="13"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {style}>'
    yield "<title>Speed compared with other implementations, 4000x3000 pixels, one thread</title>"
    yield f'<rect width="{WIDTH}" height="{height}" fill="white"/>'
    yield '<text x="8" y="20" font-weight="bold">Times as fast as another implementation: 4000x3000 pixels, one thread</text>'
    for index, (label, ratio, colour) in enumerate(drawn):
        y = TOP + index * (BAR + GAP)
        length = (WIDTH - LEFT - 60) * ratio / most
        yield f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{label}</text>'
        yield f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>'
        yield f'<text x="{LEFT + length + 6:.1f}" y="{y + 14}">{ratio:g}x</text>'
    yield "</svg>"


drawn = list(bars((FOLDER / "benchmarks.md").read_text()))
(FOLDER / "speed.svg").write_text("\n".join([*draw(drawn), ""]))
