"""How nablab's speed changes with the size of network, batch, population and with threads: writes docs/scaling.md and its
picture. `python3 bench/scaling.py [--quick]`; see README.md."""
import argparse
import math

from run import ALL, ROOT, WORK, build, cpu, peak, products, seconds, versions

WIDE = [784, 512, 256, 10]
WIDTHS = [2**k for k in range(2, 12)]
BATCHES = [2**k for k in range(13)]
POPULATIONS = [2**k for k in range(9)]
STEPS = 1500  # of each network of a population
BLUE, LIGHT, GREEN, GREY = "#1f77b4", "#7fb8e0", "#2ca02c", "#888"


def train(who, sizes, batch, threads, scale):
    """GFLOP/s of the matrix products of a training, of as many steps as take a fraction of a second."""
    work = products(sizes, batch)
    steps = max(2, min(3000, round(scale * 1e10 / work)))
    time = seconds(who, f"NET/{'-'.join(map(str, sizes))}/{batch}/{steps}-f32", threads, 3)
    return work * steps / time / 1e9


def predict(batch):
    """GFLOP/s of a prediction."""
    return 2 * batch * sum(a * b for a, b in zip(WIDE, WIDE[1:])) / seconds("nablab", f"PREDICT/{batch}-f32", 1, 20) / 1e9


def population(who, networks, threads, scale):
    """Networks trained in a second."""
    steps = round(scale * STEPS)
    return scale * networks / seconds(who, f"W6/{steps}/{networks}-f32", threads, 3)


def panels(scale):
    """Of each panel: title, axes, curves of points by name and colour, and a level that a product of matrices reaches."""
    curve = lambda name, color, points, of: (name, color, [(n, of(n)) for n in points])
    top = peak("f32", 1)
    wide = lambda who, batch: train(who, WIDE, batch, 1, scale)
    yield "width: 64-n-n-10, batch of 256, one thread", "units n of a hidden layer", "GFLOP/s", [
        curve("nablab", BLUE, WIDTHS, lambda n: train("nablab", [64, n, n, 10], 256, 1, scale)),
        curve("JAX", GREEN, WIDTHS, lambda n: train("jax", [64, n, n, 10], 256, 1, scale)),
    ], [(WIDTHS[0], top), (WIDTHS[-1], top)]
    yield "batch: 784-512-256-10, one thread", "examples in a batch", "GFLOP/s", [
        curve("nablab", BLUE, BATCHES, lambda n: wide("nablab", n)),
        curve("JAX", GREEN, BATCHES, lambda n: wide("jax", n)),
        curve("nablab's prediction", LIGHT, BATCHES, predict),
    ], [(BATCHES[0], top), (BATCHES[-1], top)]
    threads = sorted({2**k for k in range(ALL.bit_length())} | {ALL})
    yield "threads: 784-512-256-10, batch of 1024", "threads", "GFLOP/s", [
        curve("nablab", BLUE, threads, lambda n: train("nablab", WIDE, 1024, n, 2 * scale)),
        curve("JAX", GREEN, threads, lambda n: train("jax", WIDE, 1024, n, 2 * scale)),
    ], [(n, n * top) for n in threads]
    yield f"population: 2-10-5-1, 300 examples, {STEPS} steps each", "networks", "networks per second", [
        curve("nablab, one thread", LIGHT, POPULATIONS, lambda n: population("nablab", n, 1, scale)),
        curve(f"nablab, {ALL} threads", BLUE, POPULATIONS, lambda n: population("nablab", n, ALL, scale)),
        curve(f"JAX, {ALL} threads", GREEN, POPULATIONS, lambda n: population("jax", n, ALL, scale)),
    ], []


def ticks(low, high):
    """Of a logarithmic axis: 1, 2 and 5 of each decade, or its 1 alone where there are many."""
    digits = [1, 2, 5] if high / low < 500 else [1]
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [d * 10.0**k for k in decades for d in digits if low <= d * 10.0**k <= high]


def text(x, y, what, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{what}</text>'


def draw(panel, left, top, width=330, height=190):
    """A panel with logarithmic axes; the level is dashed."""
    title, x_name, y_name, curves, level = panel
    xs = [x for _, _, points in curves for x, _ in points]
    ys = [y for _, _, points in curves for _, y in points] + [y for _, y in level]
    (x0, x1), (y0, y1) = (min(xs), max(max(xs), 2 * min(xs))), (min(ys) / 1.5, max(ys) * 1.5)
    x = lambda v: left + width * math.log(v / x0) / math.log(x1 / x0)
    y = lambda v: top + height - height * math.log(v / y0) / math.log(y1 / y0)
    line = lambda points, style: f'<polyline fill="none" points="{" ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in points)}" {style}/>'
    out = [text(left, top - 26, f"Against {title}", "start", 'font-weight="bold"')]
    for v in ticks(y0, y1):
        out.append(f'<path d="M{left} {y(v):.1f}h{width}" stroke="#8884"/>' + text(left - 5, y(v) + 3.5, f"{v:g}", "end"))
    marks = sorted(set(xs))
    for i, v in enumerate(marks):
        out.append(f'<path d="M{x(v):.1f} {top + height}v4" stroke="#888"/>')
        if len(marks) < 11 or i % 2 == 0:
            out.append(text(x(v), top + height + 15, f"{v}"))
    out.append(f'<path d="M{left} {top}v{height}h{width}" fill="none" stroke="#888"/>')
    out.append(text(left + width / 2, top + height + 31, x_name))
    out.append(text(0, 0, y_name, more=f'transform="translate({left - 38} {top + height / 2}) rotate(-90)"'))
    key = left
    for name, color, points in curves:
        out.append(line(points, f'stroke="{color}" stroke-width="1.8"'))
        out += [f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="2.4" fill="{color}"/>' for a, b in points]
        out.append(f'<circle cx="{key + 4}" cy="{top - 13.5}" r="3.5" fill="{color}"/>' + text(key + 11, top - 10, name, "start"))
        key += 24 + 5 * len(name)
    if level:
        out.append(line(level, f'stroke="{GREY}" stroke-dasharray="5 4"'))
        out.append(f'<path d="M{key} {top - 13.5}h16" stroke="{GREY}" stroke-dasharray="5 4"/>' + text(key + 21, top - 10, "a large product", "start"))
    return "".join(out)


def picture(drawn):
    places = [(50 + 400 * (i % 2), 50 + 290 * (i // 2)) for i in range(4)]
    return ('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 580" font-family="sans-serif" font-size="10" fill="#555">'
            + "\n".join(draw(panel, *place) for panel, place in zip(drawn, places)) + "</svg>\n")


def table(panel):
    title, x_name, y_name, curves, _ = panel
    rows = zip(*(points for _, _, points in curves))
    return ["", f"## Against {title}", "", f"| {x_name} | " + " | ".join(f"{name}, {y_name}" for name, _, _ in curves) + " |",
            "| " + " | ".join(["---"] * (1 + len(curves))) + " |"] + [f"| {row[0][0]} | " + " | ".join(f"{y:.3g}" for _, y in row) + " |" for row in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a tenth of the steps, into target/bench")
    options = parser.parse_args()
    build()
    drawn = []
    for panel in panels(0.1 if options.quick else 1):
        drawn.append(panel)
        print(*table(panel), sep="\n", flush=True)
    one = seconds("nablab", "PREDICT1-f64", 1, 5) * 100
    lines = [
        "# Scaling",
        "",
        "Made by `python3 bench/scaling.py`. Single precision; GFLOP/s count the floating-point operations of the matrix",
        "products of a training by gradient descent, and nothing else that a step does. Dashed: what PyTorch's library reaches",
        "in one product of two 2048 × 2048 matrices on one core, times the threads.",
        "",
        f"Machine: {cpu()}. {versions()}",
        "",
        "![Speed against width, batch, threads and population](images/scaling.svg)",
        "",
        f"A prediction of one row by 2-10-5-1 in double precision takes {one:.2g} µs.",
    ]
    lines += [line for panel in drawn for line in table(panel)]
    docs = WORK if options.quick else ROOT / "docs"
    (docs / "images").mkdir(exist_ok=True)
    (docs / "scaling.md").write_text("\n".join(lines) + "\n")
    (docs / "images/scaling.svg").write_text(picture(drawn))


if __name__ == "__main__":
    main()
