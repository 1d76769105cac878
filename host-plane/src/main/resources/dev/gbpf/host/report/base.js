// What all charts use: the data, elements, figures as people read them, colours and the box that shows values.
const data = JSON.parse(document.getElementById("data").textContent);
const SVG = "http://www.w3.org/2000/svg";
const redraws = [];

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") {
      node.addEventListener(name, value);
    } else if (value !== null) {
      node.setAttribute(name, String(value));
    }
  }
  node.append(...children);
  return node;
}

function el(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

function digits(value) {
  return value.toPrecision(3).includes("e") ? String(Math.round(value)) : value.toPrecision(3);
}

function duration(ns) {
  const size = Math.abs(ns);
  if (size === 0) {
    return "0";
  }
  if (size < 999.5) {
    return digits(ns) + " ns";
  }
  if (size < 999500) {
    return digits(ns / 1e3) + " µs";
  }
  return size < 999500000 ? digits(ns / 1e6) + " ms" : digits(ns / 1e9) + " s";
}

// A tick of an axis: no more digits than it needs.
function briefly(ns) {
  const size = Math.abs(ns);
  const [unit, name] = size < 1e3 ? [1, "ns"] : size < 1e6 ? [1e3, "µs"] : size < 1e9 ? [1e6, "ms"] : [1e9, "s"];
  return size === 0 ? "0" : Number((ns / unit).toPrecision(6)) + " " + name;
}

function seconds(ns) {
  return Number((ns / 1e9).toFixed(6)) + " s";
}

function percent(part) {
  return (100 * part).toFixed(1).replace(/\.0$/, "") + " %";
}

function tenantColour(index) {
  const base = "var(--t" + (index % 8) + ")";
  const round = Math.floor(index / 8);
  return round === 0 ? base : "color-mix(in srgb, " + base + " " + Math.max(30, 100 - 16 * round) + "%, var(--ink))";
}

function seriesColour(index) {
  return "var(--p" + (index % 6) + ")";
}

function dashes(index) {
  return ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4"][(index + Math.floor(index / 6)) % 6];
}

// What a colour of the style sheet is at this moment, for the canvas.
const probe = el("span", { hidden: "hidden" });
document.body.append(probe);
function resolved(colour) {
  probe.style.color = colour;
  return getComputedStyle(probe).color;
}

const tip = el("div", { class: "tip", role: "status", hidden: "hidden" });
document.body.append(tip);

// Shows a title and rows of [colour, name, value] beside the pointer.
function showTip(event, title, rows) {
  const lines = rows.map(([colour, name, value]) => {
    const key = el("span", { class: "key" });
    key.style.background = colour;
    return el("tr", {}, el("td", {}, key, name), el("td", {}, value));
  });
  tip.replaceChildren(el("b", {}, title), el("table", {}, el("tbody", {}, ...lines)));
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const right = event.clientX + 16 + box.width > innerWidth;
  tip.style.left = Math.max(4, right ? event.clientX - 16 - box.width : event.clientX + 16) + "px";
  tip.style.top = clamp(event.clientY + 14, 4, Math.max(4, innerHeight - box.height - 4)) + "px";
}

function hideTip() {
  tip.hidden = true;
}

// Buttons of which one is pressed.
function choice(labels, pressed, onChange) {
  const buttons = labels.map((label, index) => el("button", {
    type: "button",
    title: label,
    "aria-pressed": index === pressed,
    click: () => {
      buttons.forEach((b, i) => b.setAttribute("aria-pressed", String(i === index)));
      onChange(index);
    },
  }, label));
  return buttons;
}

// Draws now, and again whenever the width changes.
function whenSized(container, draw) {
  let width = 0;
  const redraw = () => {
    const now = Math.floor(container.clientWidth);
    if (now > 0) {
      width = now;
      draw(now);
    }
  };
  new ResizeObserver(() => {
    if (Math.floor(container.clientWidth) !== width) {
      redraw();
    }
  }).observe(container);
  redraws.push(redraw);
  redraw();
  return redraw;
}
