// Scales and axes.
function linear(from, to, low, high) {
  const scale = (value) => low + (value - from) / (to - from || 1) * (high - low);
  scale.invert = (place) => from + (place - low) / (high - low || 1) * (to - from);
  return scale;
}

// Round values that divide a range into about so many parts.
function niceSteps(from, to, parts) {
  const raw = (to - from) / Math.max(1, parts);
  if (!(raw > 0)) {
    return [from];
  }
  const power = Math.pow(10, Math.floor(Math.log10(raw)));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw * 0.999);
  const steps = [];
  for (let value = Math.ceil(from / step - 1e-9) * step; value <= to + step * 1e-9; value += step) {
    steps.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  }
  return steps;
}

// Decades, and some values between them where there is room for so many.
function logSteps(from, to, most) {
  const all = (marks) => {
    const steps = [];
    for (let power = Math.floor(Math.log10(from)); power <= Math.ceil(Math.log10(to)); power++) {
      steps.push(...marks.map((m) => m * Math.pow(10, power)));
    }
    return steps.filter((value) => value >= from * 0.999 && value <= to * 1.001);
  };
  const choices = [[1, 2, 5], [1, 3], [1]].map(all);
  return choices.find((steps) => steps.length <= most) || choices[2];
}

function line(x1, y1, x2, y2, kind) {
  return svg("line", { x1: x1, y1: y1, x2: x2, y2: y2, class: kind });
}

function label(x, y, text, anchor, kind) {
  return svg("text", { x: x, y: y, "text-anchor": anchor || "start", class: kind || null }, text);
}

function axisX(plot, scale, steps, top, bottom, format) {
  let last = -Infinity;
  for (const value of steps) {
    const x = scale(value);
    plot.append(line(x, top, x, bottom, "grid"));
    const text = format(value);
    if (x - last > text.length * 7 + 10) {
      plot.append(label(x, bottom + 17, text, "middle"));
      last = x;
    }
  }
  plot.append(line(scale.low, bottom, scale.high, bottom, "rule"));
}

function axisY(plot, scale, steps, left, right, format) {
  for (const value of steps) {
    const y = scale(value);
    plot.append(line(left, y, right, y, "grid"), label(left - 8, y + 4, format(value), "end"));
  }
}

function legend(entries) {
  return el("ul", { class: "legend" }, ...entries.map(([colour, name, dash]) => {
    const sample = svg("svg", { width: 24, height: 10 });
    if (dash === null) {
      sample.append(svg("rect", { width: 14, height: 10, x: 5, rx: 2, style: "fill:" + colour }));
    } else {
      sample.append(svg("line", { x1: 0, x2: 24, y1: 5, y2: 5, "stroke-width": 2.5, "stroke-dasharray": dash, style: "stroke:" + colour }));
    }
    return el("li", {}, sample, name);
  }));
}

// The part of the run that the charts over time show; all of them together.
const view = { from: 0, to: data.runs[0].duration, charts: [] };

function zoomTo(from, to) {
  const full = data.runs[0].duration;
  const least = full / 2000;
  view.from = clamp(from, 0, full - least);
  view.to = clamp(Math.max(to, view.from + least), view.from + least, full);
  view.charts.forEach((chart) => chart());
}

// Lets a chart over time be zoomed by dragging, and shows values under the pointer.
function timePointer(plot, area, scale, height, describe) {
  const cursor = line(0, area.top, 0, area.bottom, "rule");
  cursor.setAttribute("visibility", "hidden");
  const band = svg("rect", { y: area.top, height: height, style: "fill:var(--accent)", opacity: 0.15, visibility: "hidden" });
  const cover = svg("rect", { x: area.left, y: area.top, width: area.right - area.left, height: height, fill: "transparent" });
  let start = null;
  const place = (event) => clamp(event.clientX - cover.getBoundingClientRect().left + area.left, area.left, area.right);
  cover.addEventListener("pointerdown", (event) => {
    start = place(event);
    cover.setPointerCapture(event.pointerId);
  });
  cover.addEventListener("pointermove", (event) => {
    const x = place(event);
    cursor.setAttribute("x1", x);
    cursor.setAttribute("x2", x);
    cursor.setAttribute("visibility", "visible");
    if (start !== null) {
      band.setAttribute("x", Math.min(start, x));
      band.setAttribute("width", Math.abs(x - start));
      band.setAttribute("visibility", "visible");
    }
    describe(event, scale.invert(x));
  });
  cover.addEventListener("pointerup", (event) => {
    const from = start;
    const x = place(event);
    start = null;
    band.setAttribute("visibility", "hidden");
    if (from !== null && Math.abs(x - from) > 5) {
      zoomTo(scale.invert(Math.min(from, x)), scale.invert(Math.max(from, x)));
    }
  });
  cover.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    hideTip();
  });
  cover.addEventListener("dblclick", () => zoomTo(0, data.runs[0].duration));
  plot.append(band, cursor, cover);
}

// Names of the policies above a chart over time, and a line at each change.
function phaseMarks(plot, run, scale, area, named) {
  run.phases.forEach((phase, index) => {
    const from = Math.max(area.left, scale(phase.from));
    const to = Math.min(area.right, scale(phase.to));
    if (to <= area.left || from >= area.right) {
      return;
    }
    if (index > 0 && scale(phase.from) >= area.left) {
      plot.append(line(from, area.top - (named ? 16 : 0), from, area.bottom, "swapmark"));
    }
    const room = Math.floor((to - from - 10) / 7.2);
    if (named && room >= 3) {
      const name = phase.policy.length > room ? phase.policy.slice(0, room - 1) + "…" : phase.policy;
      plot.append(label(from + 5, area.top - 6, name, "start", "strong"));
    }
  });
}
