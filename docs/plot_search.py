"""Draws docs/search.svg from the table of the crossover in docs/benchmarks.md: python3 docs/plot_search.py"""

import math
import pathlib

FOLDER = pathlib.Path(__file__).parent
HEADER = "| hashes | radius | scan, µs | lookup, µs | chosen, µs |"
# Radius and the colour of its lines.
RADII = {"9": "#3a7d44", "31": "#1f6fb2", "39": "#c2571a"}
WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 720, 420, 70, 40, 50, 150


def rows(page):
    """Yields the cells of each row of the table."""
    lines = page.split(HEADER + "\n")[1].splitlines()[1:]
    for line in lines:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def lines(page):
    """Returns the points of each line: by radius and method, the sizes and microseconds."""
    found = {}
    for hashes, radius, scan, lookup, _ in rows(page):
        for method, time in (("scan", scan), ("lookup", lookup)):
            if time != "-":
                found.setdefault((radius, method), []).append((float(hashes), float(time)))
    return found


def draw(found):
    points = [point for line in found.values() for point in line]
    limits = [[function(math.log10(point[axis]) for point in points) for function in (min, max)] for axis in (0, 1)]
    (left, right), (low, high) = limits
    low, high = math.floor(low), math.ceil(high)

    def place(point):
        x, y = (math.log10(value) for value in point)
        return (
            LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT),
            HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM),
        )

    style = 'font-family="sans-serif" font-size="13"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {style}>'
    yield "<title>Time of a query by a scan and by a lookup of slots</title>"
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    yield '<text x="8" y="20" font-weight="bold">Microseconds of one query, by the number of hashes</text>'
    for power in range(low, high + 1):
        _, y = place((10**left, 10**power))
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:,}</text>'
    for power in range(math.ceil(left), math.floor(right) + 1):
        x, _ = place((10**power, 10**low))
        yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{10**power:,}</text>'
    for (radius, method), line in found.items():
        colour = RADII[radius]
        dashes = ' stroke-dasharray="6 4"' if method == "scan" else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, line))
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>'
    for number, ((radius, method), _) in enumerate(sorted(found.items())):
        y = TOP + 14 + 20 * number
        dashes = ' stroke-dasharray="6 4"' if method == "scan" else ""
        x = WIDTH - RIGHT + 12
        yield f'<line x1="{x}" y1="{y - 4}" x2="{x + 24}" y2="{y - 4}" stroke="{RADII[radius]}" stroke-width="2"{dashes}/>'
        yield f'<text x="{x + 30}" y="{y}">radius {radius}, {method}</text>'
    yield "</svg>"


found = lines((FOLDER / "benchmarks.md").read_text())
(FOLDER / "search.svg").write_text("\n".join([*draw(found), ""]))
