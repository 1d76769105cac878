// Who ran where, when: a canvas that can be zoomed and panned, with one row per lane.
function spansOf(window) {
  const spans = [];
  for (let i = 0; i < window.spans.length; i += 4) {
    const [lane, tenant, start, end] = window.spans.slice(i, i + 4);
    spans.push({ lane: lane, tenant: tenant, start: start, end: end, jobs: 1, low: 0, high: 1000 });
  }
  for (let i = 0; i < window.parts.length; i += 7) {
    const [lane, tenant, start, end, jobs, low, high] = window.parts.slice(i, i + 7);
    spans.push({ lane: lane, tenant: tenant, start: start, end: end, jobs: jobs, low: low, high: high });
  }
  return spans;
}

function shortened(text, room) {
  return text.length > room ? text.slice(0, Math.max(0, room - 1)) + "…" : text;
}

class Lanes {
  constructor(run, canvas, note) {
    this.run = run;
    this.canvas = canvas;
    this.note = note;
    this.width = 0;
    this.rowHeight = run.lanes.length > 16 ? 15 : 24;
    this.top = 8;
    this.bottom = this.top + run.lanes.length * (this.rowHeight + 4);
    this.left = Math.min(170, 26 + 7 * Math.max(...run.lanes.map((name) => name.length)));
    this.select(Math.min(1, run.windows.length - 1));
  }

  // Shows another window: its middle third around what happened there.
  select(index) {
    this.index = index;
    this.window = this.run.windows[index];
    this.spans = spansOf(this.window);
    const length = this.window.to - this.window.from;
    const middle = this.window.at - this.window.from;
    const shown = length * 0.3;
    this.from = middle <= 0 ? 0 : clamp(middle - shown / 2, 0, length - shown);
    this.to = this.from + shown;
    this.note.textContent = this.window.at === 0 ? "Time from the start of the run." : "Time from the swap at " + seconds(this.window.at) + ".";
    this.draw();
  }

  get right() {
    return this.width - 8;
  }

  scale() {
    return linear(this.from, this.to, this.left, this.right);
  }

  rowOf(lane) {
    return this.top + lane * (this.rowHeight + 4);
  }

  // Upper edge and height of a span: a part of a batch has a part of its row.
  boxOf(span) {
    const y = this.rowOf(span.lane) + this.rowHeight * (1 - span.high / 1000);
    return [y, this.rowHeight * (span.high - span.low) / 1000];
  }

  resize(width) {
    this.width = width;
    this.draw();
  }

  draw() {
    if (this.width === 0) {
      return;
    }
    const ratio = window.devicePixelRatio || 1;
    const height = this.bottom + 30;
    this.canvas.width = Math.round(this.width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.height = height + "px";
    const g = this.canvas.getContext("2d");
    g.scale(ratio, ratio);
    g.font = "12px " + getComputedStyle(document.body).fontFamily;
    g.textBaseline = "middle";
    const x = this.scale();
    this.drawGrid(g, x);
    this.drawSpans(g, x);
    this.drawMark(g, x);
  }

  drawGrid(g, x) {
    const zero = this.window.at - this.window.from;
    const quiet = resolved("var(--quiet)");
    g.lineWidth = 1;
    g.strokeStyle = resolved("var(--grid)");
    g.fillStyle = quiet;
    g.textAlign = "center";
    for (const step of niceSteps(this.from - zero, this.to - zero, (this.width - this.left) / 110)) {
      const at = x(step + zero);
      g.beginPath();
      g.moveTo(at, this.top);
      g.lineTo(at, this.bottom);
      g.stroke();
      g.fillText((step > 0 ? "+" : "") + briefly(step), clamp(at, this.left + 20, this.width - 30), this.bottom + 14);
    }
    g.textAlign = "right";
    this.run.lanes.forEach((name, lane) => {
      g.fillText(shortened(name, 22), this.left - 10, this.rowOf(lane) + this.rowHeight / 2);
    });
  }

  drawSpans(g, x) {
    const fills = this.run.tenants.map((t, i) => resolved(tenantColour(i)));
    const paper = resolved("var(--card)");
    g.save();
    g.beginPath();
    g.rect(this.left, 0, this.right - this.left, this.bottom);
    g.clip();
    g.textAlign = "left";
    for (const span of this.spans) {
      if (span.end < this.from || span.start > this.to) {
        continue;
      }
      const begin = x(span.start);
      const length = Math.max(1, x(span.end) - begin);
      const [y, tall] = this.boxOf(span);
      g.fillStyle = fills[span.tenant];
      g.fillRect(begin, y, length > 3 ? length - 1 : length, tall);
      const seen = Math.min(begin + length, this.right) - Math.max(begin, this.left);
      if (seen > 46 && tall > 12) {
        g.fillStyle = paper;
        const name = shortened(this.run.tenants[span.tenant].name, Math.floor((seen - 10) / 6.8));
        g.fillText(name, Math.max(begin, this.left) + 5, y + tall / 2 + 1);
      }
    }
    g.restore();
  }

  drawMark(g, x) {
    const at = x(this.window.at - this.window.from);
    if (this.window.at > 0 && at >= this.left && at <= this.right) {
      g.strokeStyle = resolved("var(--mark)");
      g.lineWidth = 2;
      g.setLineDash([5, 4]);
      g.beginPath();
      g.moveTo(at, 0);
      g.lineTo(at, this.bottom);
      g.stroke();
      g.setLineDash([]);
    }
  }

  move(from, to) {
    const full = this.window.to - this.window.from;
    const length = clamp(to - from, Math.max(1, full / 5000), full);
    this.from = clamp(from, 0, full - length);
    this.to = this.from + length;
    this.draw();
  }

  pan(part) {
    const shift = part * (this.to - this.from);
    this.move(this.from + shift, this.to + shift);
  }

  zoom(factor, around) {
    const middle = around === undefined ? (this.from + this.to) / 2 : around;
    this.move(middle - (middle - this.from) * factor, middle + (this.to - middle) * factor);
  }

  all() {
    this.move(0, this.window.to - this.window.from);
  }

  timeAt(event) {
    return this.scale().invert(event.clientX - this.canvas.getBoundingClientRect().left);
  }

  hover(event) {
    const box = this.canvas.getBoundingClientRect();
    const time = this.timeAt(event);
    const y = event.clientY - box.top;
    const hit = event.clientX - box.left < this.left ? undefined : this.spans.find((span) => {
      const [low, tall] = this.boxOf(span);
      return time >= span.start && time <= span.end && y >= low && y <= low + tall;
    });
    if (!hit) {
      hideTip();
      return;
    }
    const rows = [
      ["transparent", "lane", this.run.lanes[hit.lane]],
      ["transparent", "for", duration(hit.end - hit.start)],
      ["transparent", "from", seconds(this.window.from + hit.start)],
    ];
    if (hit.jobs > 1 || hit.high - hit.low < 1000) {
      rows.push(["transparent", "in a batch", hit.jobs + (hit.jobs === 1 ? " job" : " jobs")]);
    }
    showTip(event, this.run.tenants[hit.tenant].name, rows);
  }
}

// Mouse, wheel and keys.
function steer(lanes, canvas) {
  let grabbed = null;
  canvas.addEventListener("pointerdown", (event) => {
    grabbed = { x: event.clientX, from: lanes.from, to: lanes.to };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (grabbed) {
      const shift = (grabbed.x - event.clientX) / (lanes.right - lanes.left) * (grabbed.to - grabbed.from);
      hideTip();
      lanes.move(grabbed.from + shift, grabbed.to + shift);
    } else {
      lanes.hover(event);
    }
  });
  canvas.addEventListener("pointerup", () => { grabbed = null; });
  canvas.addEventListener("pointerleave", hideTip);
  canvas.addEventListener("wheel", (event) => {
    // The page scrolls as usual until somebody turns to this chart.
    if (event.ctrlKey || document.activeElement === canvas) {
      event.preventDefault();
      lanes.zoom(event.deltaY > 0 ? 1.25 : 0.8, lanes.timeAt(event));
    }
  }, { passive: false });
  const keys = {
    ArrowLeft: () => lanes.pan(-0.2),
    ArrowRight: () => lanes.pan(0.2),
    "+": () => lanes.zoom(0.7),
    "=": () => lanes.zoom(0.7),
    "-": () => lanes.zoom(1.4),
  };
  canvas.addEventListener("keydown", (event) => {
    if (keys[event.key]) {
      event.preventDefault();
      keys[event.key]();
    }
  });
}

function drawLanes(container) {
  const run = data.runs[0];
  if (run.windows.length === 0 || run.lanes.length === 0) {
    container.replaceChildren(el("p", { class: "quiet" }, "Nothing ran around the changes of the policy."));
    return;
  }
  const canvas = el("canvas", { tabindex: 0, role: "img", "aria-label": "Timeline of what ran in each lane" });
  const note = el("p", { class: "caption" });
  const holder = el("div", {}, canvas);
  const lanes = new Lanes(run, canvas, note);
  const button = (text, name, action) => el("button", { type: "button", title: name, "aria-label": name, click: action }, text);
  const tools = el("div", { class: "tools" },
    ...choice(run.windows.map((w) => w.title), lanes.index, (index) => lanes.select(index)),
    el("span", { class: "end" },
      button("−", "Zoom out", () => lanes.zoom(1.6)),
      button("+", "Zoom in", () => lanes.zoom(0.625)),
      button("All", "Show the whole window", () => lanes.all())));
  container.replaceChildren(tools, legend(run.tenants.map((t, i) => [tenantColour(i), t.name, null])), holder, note);
  steer(lanes, canvas);
  whenSized(holder, (width) => lanes.resize(width));
}
