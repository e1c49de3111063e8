"""Draws docs/growth.svg from the table of the section "Growth" in docs/benchmarks.md, and prints
the exponents: python3 docs/plot_growth.py
"""

import math
import pathlib

FOLDER = pathlib.Path(__file__).parent
PAGE = FOLDER / "benchmarks.md"
HEADER = "| series | unit | size | time, ms | memory, MiB |"
PANEL, GAP, LEFT, TOP = 210, 62, 66, 54
LINES = (("time, ms", 1, "#1f6fb2"), ("memory, MiB", 2, "#c2571a"))
# The exponent is fitted to the largest sizes: below, the cost of starting a process dominates.
FITTED = 3


def rows(page):
    """Returns the cells of each series after its name."""
    found = {}
    for line in page.split(HEADER + "\n")[1].splitlines()[1:]:
        if not line.startswith("|"):
            break
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        found.setdefault(name, []).append(cells)
    return found


def exponent(points):
    """Returns the slope of the least-squares line through the logarithms of the largest sizes."""
    points = [(math.log(x), math.log(y)) for x, y in points[-FITTED:]]
    x, y = (sum(point[axis] for point in points) / len(points) for axis in (0, 1))
    return sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)


def panel(name, cells, left):
    """Yields the elements of one series, and the row of its exponents."""
    numbers = [[float(cell.replace(",", "")) for cell in row[1:]] for row in cells]
    low, high = math.log10(numbers[0][0]), math.log10(numbers[-1][0])
    values = [math.log10(row[axis]) for row in numbers for axis in (1, 2)]
    bottom, top = math.floor(min(values)), math.ceil(max(values))

    def place(x, y):
        return (
            left + (math.log10(x) - low) / (high - low) * PANEL,
            TOP + PANEL - (math.log10(y) - bottom) / (top - bottom) * PANEL,
        )

    yield f'<text x="{left}" y="{TOP - 26}" font-weight="bold">{name}</text>'
    for power in range(bottom, top + 1):
        _, y = place(numbers[0][0], 10**power)
        yield f'<line x1="{left}" y1="{y:.1f}" x2="{left + PANEL}" y2="{y:.1f}" stroke="#ddd"/>'
        yield f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10**power:,g}</text>'
    for at in (0, len(numbers) - 1):
        x, _ = place(numbers[at][0], 10**bottom)
        anchor = "start" if at == 0 else "end"
        text = f"{cells[at][1]} {cells[at][0]}" if at else cells[at][1]
        yield f'<text x="{x:.1f}" y="{TOP + PANEL + 18}" text-anchor="{anchor}">{text}</text>'
    for number, (label, axis, colour) in enumerate(LINES):
        points = [(row[0], row[axis]) for row in numbers]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*point) for point in points))
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        text = f"{label}: n^{exponent(points):.2f}"
        x = left + number * 116
        yield f'<text x="{x}" y="{TOP - 9}" fill="{colour}">{text}</text>'


def draw(found):
    width = LEFT + len(found) * (PANEL + GAP)
    height = TOP + PANEL + 30
    style = 'font-family="sans-serif" font-size="12"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {style}>'
    yield "<title>Growth of time and memory with the input, logarithmic axes</title>"
    yield f'<rect width="{width}" height="{height}" fill="white"/>'
    for number, (name, cells) in enumerate(found.items()):
        yield from panel(name, cells, LEFT + number * (PANEL + GAP))
    yield "</svg>"


def main():
    found = rows(PAGE.read_text())
    (FOLDER / "growth.svg").write_text("\n".join([*draw(found), ""]))
    print("| series | exponent of time | exponent of memory |\n|---|---|---|")
    for name, cells in found.items():
        numbers = [[float(cell.replace(",", "")) for cell in row[1:]] for row in cells]
        time, memory = (exponent([(row[0], row[axis]) for row in numbers]) for axis in (1, 2))
        print(f"| {name} | {time:.2f} | {memory:.2f} |")


if __name__ == "__main__":
    main()
