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

function drawLanes(container) {
  const run = data.runs[0];
  if (run.windows.length === 0 || run.lanes.length === 0) {
    container.replaceChildren(el("p", { class: "quiet" }, "Nothing ran around the changes of the policy."));
    return;
  }
  const rowHeight = run.lanes.length > 16 ? 15 : 24;
  const top = 8;
  const bottom = top + run.lanes.length * (rowHeight + 4);
  const canvas = el("canvas", { tabindex: 0, role: "img", "aria-label": "Timeline of what ran in each lane" });
  const note = el("p", { class: "caption" });
  const tools = el("div", { class: "tools" });
  const holder = el("div", {}, canvas);
  container.replaceChildren(tools, legend(run.tenants.map((t, i) => [tenantColour(i), t.name, null])), holder, note);
  let current = run.windows[Math.min(1, run.windows.length - 1)];
  let spans = [];
  let from = 0;
  let to = 1;
  let width = 0;
  const left = Math.min(170, 26 + 7 * Math.max(...run.lanes.map((name) => name.length)));
  const scale = () => linear(from, to, left, width - 8);

  function select(index) {
    current = run.windows[index];
    spans = spansOf(current);
    const length = current.to - current.from;
    const middle = current.at - current.from;
    const shown = length * 0.3;
    from = middle <= 0 ? 0 : clamp(middle - shown / 2, 0, length - shown);
    to = from + shown;
    note.textContent = current.at === 0 ? "Time from the start of the run." : "Time from the swap at " + seconds(current.at) + ".";
    draw();
  }

  function draw() {
    const ratio = window.devicePixelRatio || 1;
    const height = bottom + 30;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.height = height + "px";
    const g = canvas.getContext("2d");
    g.scale(ratio, ratio);
    g.font = "12px " + getComputedStyle(document.body).fontFamily;
    g.textBaseline = "middle";
    const x = scale();
    const colours = { quiet: resolved("var(--quiet)"), grid: resolved("var(--grid)"), mark: resolved("var(--mark)"), card: resolved("var(--card)") };
    drawGrid(g, x, colours);
    drawSpans(g, x, colours);
    drawMark(g, x, colours);
  }

  function drawGrid(g, x, colours) {
    const zero = current.at - current.from;
    g.lineWidth = 1;
    for (const step of niceSteps(from - zero, to - zero, (width - left) / 110)) {
      const at = x(step + zero);
      g.strokeStyle = colours.grid;
      g.beginPath();
      g.moveTo(at, top);
      g.lineTo(at, bottom);
      g.stroke();
      g.fillStyle = colours.quiet;
      g.textAlign = "center";
      g.fillText((step > 0 ? "+" : "") + briefly(step), clamp(at, left + 20, width - 30), bottom + 14);
    }
    g.textAlign = "right";
    run.lanes.forEach((name, lane) => {
      g.fillStyle = colours.quiet;
      g.fillText(name.length > 22 ? name.slice(0, 21) + "…" : name, left - 10, top + lane * (rowHeight + 4) + rowHeight / 2);
    });
  }

  function drawSpans(g, x, colours) {
    const fills = run.tenants.map((t, i) => resolved(tenantColour(i)));
    g.save();
    g.beginPath();
    g.rect(left, 0, width - 8 - left, bottom);
    g.clip();
    g.textAlign = "left";
    for (const span of spans) {
      if (span.end < from || span.start > to) {
        continue;
      }
      const row = top + span.lane * (rowHeight + 4);
      const begin = x(span.start);
      const length = Math.max(1, x(span.end) - begin);
      const y = row + rowHeight * (1 - span.high / 1000);
      const tall = rowHeight * (span.high - span.low) / 1000;
      g.fillStyle = fills[span.tenant];
      g.fillRect(begin, y, length > 3 ? length - 1 : length, tall);
      const seen = Math.min(begin + length, width - 8) - Math.max(begin, left);
      if (seen > 46 && tall > 12) {
        g.fillStyle = colours.card;
        const name = run.tenants[span.tenant].name;
        const room = Math.floor((seen - 10) / 6.8);
        g.fillText(name.length > room ? name.slice(0, room - 1) + "…" : name, Math.max(begin, left) + 5, y + tall / 2 + 1);
      }
    }
    g.restore();
  }

  function drawMark(g, x, colours) {
    const at = x(current.at - current.from);
    if (current.at > 0 && at >= left && at <= width - 8) {
      g.strokeStyle = colours.mark;
      g.lineWidth = 2;
      g.setLineDash([5, 4]);
      g.beginPath();
      g.moveTo(at, 0);
      g.lineTo(at, bottom);
      g.stroke();
      g.setLineDash([]);
    }
  }

  function move(newFrom, newTo) {
    const full = current.to - current.from;
    const length = clamp(newTo - newFrom, Math.max(1, full / 5000), full);
    from = clamp(newFrom, 0, full - length);
    to = from + length;
    draw();
  }

  function zoom(factor, around) {
    move(around - (around - from) * factor, around + (to - around) * factor);
  }

  function hover(event) {
    const box = canvas.getBoundingClientRect();
    const time = scale().invert(event.clientX - box.left);
    const y = event.clientY - box.top;
    const hit = spans.find((s) => {
      const row = top + s.lane * (rowHeight + 4);
      const low = row + rowHeight * (1 - s.high / 1000);
      return time >= s.start && time <= s.end && y >= low && y <= low + rowHeight * (s.high - s.low) / 1000;
    });
    if (!hit || event.clientX - box.left < left) {
      hideTip();
      return;
    }
    const rows = [["transparent", "lane", run.lanes[hit.lane]], ["transparent", "for", duration(hit.end - hit.start)]];
    rows.push(["transparent", "from", seconds(current.from + hit.start)]);
    if (hit.jobs > 1 || hit.high - hit.low < 1000) {
      rows.push(["transparent", "in a batch", hit.jobs + (hit.jobs === 1 ? " job" : " jobs")]);
    }
    showTip(event, run.tenants[hit.tenant].name, rows);
  }

  let grabbed = null;
  canvas.addEventListener("pointerdown", (event) => {
    grabbed = { x: event.clientX, from: from, to: to };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (grabbed) {
      const shift = (grabbed.x - event.clientX) / (width - 8 - left) * (grabbed.to - grabbed.from);
      hideTip();
      move(grabbed.from + shift, grabbed.to + shift);
    } else {
      hover(event);
    }
  });
  canvas.addEventListener("pointerup", () => { grabbed = null; });
  canvas.addEventListener("pointerleave", hideTip);
  canvas.addEventListener("wheel", (event) => {
    // The page scrolls as usual until somebody turns to this chart.
    if (event.ctrlKey || document.activeElement === canvas) {
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.25 : 0.8, scale().invert(event.clientX - canvas.getBoundingClientRect().left));
    }
  }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const length = to - from;
    const keys = { ArrowLeft: [-0.2, 0], ArrowRight: [0.2, 0], "+": [0, 0.7], "=": [0, 0.7], "-": [0, 1.4] };
    const key = keys[event.key];
    if (key) {
      event.preventDefault();
      if (key[1] === 0) {
        move(from + key[0] * length, to + key[0] * length);
      } else {
        zoom(key[1], (from + to) / 2);
      }
    }
  });
  const button = (text, name, action) => el("button", { type: "button", title: name, "aria-label": name, click: action }, text);
  tools.append(...choice(run.windows.map((w) => w.title), run.windows.indexOf(current), select), el("span", { class: "end" },
    button("−", "Zoom out", () => zoom(1.6, (from + to) / 2)),
    button("+", "Zoom in", () => zoom(0.625, (from + to) / 2)),
    button("All", "Show the whole window", () => move(0, current.to - current.from))));
  whenSized(holder, (now) => {
    const first = width === 0;
    width = now;
    if (first) {
      select(run.windows.indexOf(current));
    } else {
      draw();
    }
  });
}
