// Charts over time: who had the device, and how many jobs waited.
const LEFT = 56;

// A series with so many buckets put together that each is wide enough to be seen; finer when zoomed in.
function binned(rows, bucket, width, pixels) {
  const shown = (view.to - view.from) / bucket;
  const group = Math.max(1, Math.ceil(shown * pixels / (width - LEFT - 12)));
  const merged = rows.map((row) => {
    const out = [];
    for (let i = 0; i < row.length; i += group) {
      const part = row.slice(i, i + group);
      out.push(part.reduce((sum, value) => sum + value, 0) / part.length);
    }
    return out;
  });
  return { rows: merged, bucket: bucket * group };
}

// Points of a stepped line through the buckets of a series.
function steps(values, bucket, x, y) {
  const points = [];
  const first = Math.max(0, Math.floor(view.from / bucket));
  const last = Math.min(values.length - 1, Math.ceil(view.to / bucket));
  for (let i = first; i <= last; i++) {
    const height = y(values[i]).toFixed(1);
    points.push([clamp(x(i * bucket), x.low, x.high).toFixed(1), height]);
    points.push([clamp(x((i + 1) * bucket), x.low, x.high).toFixed(1), height]);
  }
  return points;
}

function timeScale(width) {
  const x = linear(view.from, view.to, LEFT, width - 12);
  x.low = LEFT;
  x.high = width - 12;
  return x;
}

function timeAxis(plot, x, area, width) {
  axisX(plot, x, niceSteps(view.from, view.to, width / 110), area.top, area.bottom, seconds);
}

function stackChart(container, run, allRows, height, named) {
  const width = Math.floor(container.clientWidth);
  const { rows, bucket } = binned(allRows, run.series.bucket, width, 7);
  const area = { left: LEFT, right: width - 12, top: named ? 22 : 8, bottom: height - 26 };
  const x = timeScale(width);
  const y = linear(0, 1000, area.bottom, area.top);
  const plot = svg("svg", { width: width, height: height, role: "img", "aria-label": "Part of the device per tenant over time" });
  axisY(plot, y, [0, 250, 500, 750, 1000], area.left, area.right, (v) => v / 10 + " %");
  let below = rows[0].map(() => 0);
  rows.forEach((row, tenant) => {
    const above = row.map((value, i) => below[i] + value);
    const upper = steps(above, bucket, x, y);
    const lower = steps(below, bucket, x, y).reverse();
    plot.append(svg("path", { d: "M" + upper.concat(lower).map((p) => p.join(" ")).join("L") + "Z", style: "fill:" + tenantColour(tenant) }));
    below = above;
  });
  timeAxis(plot, x, area, width);
  phaseMarks(plot, run, x, area, named);
  timePointer(plot, area, x, area.bottom - area.top, (event, time) => {
    const at = clamp(Math.floor(time / bucket), 0, rows[0].length - 1);
    const lines = run.tenants.map((t, i) => [tenantColour(i), t.name, percent(rows[i][at] / 1000), rows[i][at]]);
    const total = lines.reduce((sum, l) => sum + l[3], 0);
    const shown = lines.filter((l) => l[3] > 0).sort((a, b) => b[3] - a[3]).slice(0, 12);
    showTip(event, seconds(at * bucket) + " to " + seconds(Math.min(run.duration, (at + 1) * bucket)), shown.concat([["transparent", "together", percent(total / 1000)]]));
  });
  return plot;
}

function drawStack(container) {
  const run = data.runs[0];
  let rows = run.series.sm;
  const holder = el("div", {});
  const reset = el("button", { type: "button", click: () => zoomTo(0, run.duration) }, "Show all");
  const tools = el("div", { class: "tools" });
  container.replaceChildren(tools, legend(run.tenants.map((t, i) => [tenantColour(i), t.name, null])), holder);
  const redraw = whenSized(holder, () => {
    reset.hidden = view.from === 0 && view.to === run.duration;
    holder.replaceChildren(stackChart(holder, run, rows, 270, true));
  });
  tools.append(...choice(["SMs in use", "Share of device time"], 0, (index) => {
    rows = index === 0 ? run.series.sm : run.series.share;
    redraw();
  }), el("span", { class: "end" }, reset));
  view.charts.push(redraw);
}

function drawStacks(container) {
  const first = data.runs[0];
  container.replaceChildren(legend(first.tenants.map((t, i) => [tenantColour(i), t.name, null])));
  for (const run of data.runs) {
    const holder = el("div", {});
    container.append(el("h3", {}, run.label), holder);
    view.charts.push(whenSized(holder, () => holder.replaceChildren(stackChart(holder, run, run.series.sm, 170, false))));
  }
}

function drawQueues(container) {
  const run = data.runs[0];
  let log = false;
  const holder = el("div", {});
  const tools = el("div", { class: "tools" });
  container.replaceChildren(tools, holder);
  const redraw = whenSized(holder, (width) => {
    const height = 230;
    const area = { left: LEFT, right: width - 12, top: 20, bottom: height - 26 };
    const { rows, bucket } = binned(run.series.waiting, run.series.bucket, width, 3);
    const first = Math.floor(view.from / bucket);
    const last = Math.ceil(view.to / bucket);
    const most = Math.max(1, ...rows.map((row) => Math.max(...row.slice(first, last + 1))));
    const x = timeScale(width);
    const shape = log ? (v) => Math.log10(1 + v) : (v) => v;
    const plain = linear(0, shape(most) * 1.05, area.bottom, area.top);
    const y = (value) => plain(shape(value));
    const plot = svg("svg", { width: width, height: height, role: "img", "aria-label": "Waiting jobs per tenant over time" });
    const marks = log ? [0].concat(logSteps(1, Math.max(10, most), 6).filter((v) => v <= most * 1.05)) : niceSteps(0, most * 1.05, 4);
    axisY(plot, y, marks, area.left, area.right, (v) => Number(v.toPrecision(3)).toLocaleString("en"));
    timeAxis(plot, x, area, width);
    plot.append(label(LEFT - 8, 11, "jobs", "end"));
    rows.forEach((row, tenant) => plot.append(svg("polyline", {
      points: steps(row, bucket, x, y).map((p) => p.join(",")).join(" "),
      fill: "none", "stroke-width": 1.8, "stroke-linejoin": "round", style: "stroke:" + tenantColour(tenant),
    })));
    phaseMarks(plot, run, x, area, false);
    timePointer(plot, area, x, area.bottom - area.top, (event, time) => {
      const at = clamp(Math.floor(time / bucket), 0, rows[0].length - 1);
      const lines = run.tenants.map((t, i) => [tenantColour(i), t.name, rows[i][at]]);
      const shown = lines.sort((a, b) => b[2] - a[2]).slice(0, 12).map(([c, n, v]) => [c, n, Number(v.toPrecision(3)) + " jobs"]);
      showTip(event, seconds(at * bucket) + " to " + seconds(Math.min(run.duration, (at + 1) * bucket)), shown);
    });
    holder.replaceChildren(plot);
  });
  tools.append(...choice(["Linear", "Logarithmic"], 0, (index) => {
    log = index === 1;
    redraw();
  }));
  view.charts.push(redraw);
}
