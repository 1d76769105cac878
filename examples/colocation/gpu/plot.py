"""Draws what measure.py and operate.py measured, as SVG, with nothing but the standard library.

    python3 plot.py cdf WINDOWS.jsonl OUT.svg "TITLE"      # distribution of latencies, a line for each arrangement
    python3 plot.py swap SWAP.json OUT.svg "TITLE"         # latency of each request over time, with the moments of swaps
"""

import json
import math
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 420, 60, 230, 40, 50
COLOURS = {
    "alone": "#222222", "time slicing": "#c0392b", "MPS": "#e67e22", "MPS, 75 %": "#b7950b",
    "gBPF latency_first": "#2e86c1", "gBPF colocate": "#1e8449", "gBPF stand_aside over MPS": "#8e44ad", "gBPF, alone": "#999999",
}  # fmt: skip


class Chart:
    """Axes, and marks in their units. Both scales are logarithmic where lo > 0 is asked for with log."""

    def __init__(self, title, x, y, x_label, y_label, log_x=False, log_y=False):
        self.x, self.y, self.log = x, y, (log_x, log_y)
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            f'<text x="{LEFT}" y="22" font-size="15">{escape(title)}</text>',
            f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(x_label)}</text>',
            f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">{escape(y_label)}</text>',
        ]
        self.rows = 0

    @staticmethod
    def part(value, bounds, log):
        lo, hi = bounds
        value = min(max(value, lo), hi)
        return (math.log(value / lo) / math.log(hi / lo)) if log else (value - lo) / (hi - lo)

    def at_x(self, v):
        return LEFT + self.part(v, self.x, self.log[0]) * (WIDTH - LEFT - RIGHT)

    def at_y(self, v):
        return HEIGHT - BOTTOM - self.part(v, self.y, self.log[1]) * (HEIGHT - TOP - BOTTOM)

    def ticks_x(self, values):
        for v in values:
            x = self.at_x(v)
            self.parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#e5e5e5"/>')
            self.parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{v:g}</text>')

    def ticks_y(self, values):
        for v in values:
            y = self.at_y(v)
            self.parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e5e5e5"/>')
            self.parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{v:g}</text>')

    def line(self, points, colour):
        path = " ".join(f"{self.at_x(x):.1f},{self.at_y(y):.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"/>')

    def dots(self, points, colour):
        for x, y in points:
            self.parts.append(f'<circle cx="{self.at_x(x):.1f}" cy="{self.at_y(y):.1f}" r="1.6" fill="{colour}"/>')

    def moment(self, x, text, row):
        self.parts.append(
            f'<line x1="{self.at_x(x):.1f}" x2="{self.at_x(x):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#555" stroke-dasharray="4 3"/>')
        self.parts.append(f'<text x="{self.at_x(x) + 4:.1f}" y="{TOP + 14 + 14 * row}" fill="#555">{escape(text)}</text>')

    def key(self, text, colour):
        y = TOP + 14 + 20 * self.rows
        self.rows += 1
        x = WIDTH - RIGHT + 16
        self.parts.append(f'<line x1="{x}" x2="{x + 22}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="3"/>')
        self.parts.append(f'<text x="{x + 28}" y="{y}">{escape(text)}</text>')

    def write(self, path):
        with open(path, "w") as out:
            out.write("\n".join([*self.parts, "</svg>\n"]))


def cdf(source, path, title):
    latencies = {}
    with open(source) as lines:
        for line in lines:
            window = json.loads(line)
            latencies.setdefault(window["arrangement"], []).extend(window.get("latencies_ms", []))
    latencies = {a: sorted(latencies[a]) for a in COLOURS if latencies.get(a)}
    lo = min(v[0] for v in latencies.values()) * 0.9
    hi = max(v[min(len(v) - 1, int(0.999 * len(v)))] for v in latencies.values()) * 1.1
    chart = Chart(title, (lo, hi), (0, 1), "latency, ms", "part of requests that took no longer", log_x=True)
    chart.ticks_x([t for t in (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20) if lo <= t <= hi])
    chart.ticks_y((0, 0.25, 0.5, 0.75, 0.9, 0.99))
    for arrangement, values in latencies.items():
        steps = [i / 400 for i in range(401)]
        chart.line([(values[min(len(values) - 1, int(q * len(values)))], q) for q in steps], COLOURS[arrangement])
        chart.key(f"{arrangement}: P99 {values[min(len(values) - 1, int(0.99 * len(values)))]:.2f}", COLOURS[arrangement])
    chart.write(path)


def swap(source, path, title):
    with open(source) as file:
        measured = json.load(file)
    stamps, values = measured["service"]["stamps"], measured["service"]["latencies_ms"]
    begin = stamps[0]
    hi = max(values) * 1.2
    chart = Chart(title, (0, stamps[-1] - begin), (min(values) * 0.8, hi), "time, s", "latency of a request, ms", log_y=True)
    chart.ticks_x([i / 2 for i in range(int(2 * (stamps[-1] - begin)) + 1)])
    chart.ticks_y([t for t in (0.3, 0.5, 1, 2, 5, 10, 20) if min(values) * 0.8 <= t <= hi])
    chart.dots([(t - begin, v) for t, v in zip(stamps, values)], "#2e86c1")
    for row, (policy, _, after, _) in enumerate(measured["moments"]):
        chart.moment(after - begin, policy, row % 2)
    chart.key("a request", "#2e86c1")
    chart.write(path)


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in ("cdf", "swap"):
        sys.exit(__doc__)
    {"cdf": cdf, "swap": swap}[sys.argv[1]](*sys.argv[2:])
