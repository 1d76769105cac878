// Latency curves: one panel per tenant, one line per phase or policy. The lower half of the scale holds 0 to 90 %, the upper
// half each further nine.
function height01(quantile) {
  return quantile <= 90 ? 0.5 * quantile / 90 : 0.5 + 0.5 * Math.min(1, (-Math.log10(1 - Math.min(quantile, 99.99) / 100) - 1) / 3);
}

function curvePanel(tenant, lines, domain, width) {
  const size = 250;
  const area = { left: 58, right: width - 14, top: 10, bottom: size - 28 };
  const x = linear(Math.log10(domain[0]), Math.log10(domain[1]), area.left, area.right);
  const placeX = (us) => x(Math.log10(us));
  placeX.low = area.left;
  placeX.high = area.right;
  const y = linear(0, 1, area.bottom, area.top);
  const plot = svg("svg", { width: width, height: size, role: "img", "aria-label": "Latency of " + tenant.name });
  axisY(plot, (q) => y(height01(q)), [0, 25, 50, 75, 90, 99, 99.9, 99.99], area.left, area.right, (q) => q + " %");
  axisX(plot, placeX, logSteps(domain[0], domain[1], (width - 72) / 62), area.top, area.bottom, (us) => briefly(us * 1e3));
  if (tenant.sloNs > 0 && tenant.sloNs / 1e3 > domain[0] && tenant.sloNs / 1e3 < domain[1]) {
    const at = placeX(tenant.sloNs / 1e3);
    const beyond = at > (area.left + area.right) / 2;
    const objective = label(at + (beyond ? -5 : 5), area.top + 11, "objective " + briefly(tenant.sloNs), beyond ? "end" : "start");
    plot.append(line(at, area.top, at, area.bottom, "swapmark"), objective);
  }
  for (const entry of lines) {
    const points = entry.curve.map((us, i) => placeX(Math.max(us, domain[0])).toFixed(1) + "," + y(height01(data.quantiles[i])).toFixed(1));
    plot.append(svg("polyline", {
      points: points.join(" "), fill: "none", "stroke-width": 2.2, "stroke-linejoin": "round",
      "stroke-dasharray": dashes(entry.index), style: "stroke:" + seriesColour(entry.index),
    }));
  }
  const guide = line(area.left, 0, area.right, 0, "rule");
  const dots = lines.map((entry) => svg("circle", { r: 4, style: "fill:" + seriesColour(entry.index) }));
  [guide, ...dots].forEach((node) => node.setAttribute("visibility", "hidden"));
  const cover = svg("rect", { x: area.left, y: area.top, width: area.right - area.left, height: area.bottom - area.top, fill: "transparent" });
  const visible = (state) => [guide, ...dots].forEach((node) => node.setAttribute("visibility", state));
  cover.addEventListener("pointermove", (event) => {
    const inside = area.top + event.clientY - cover.getBoundingClientRect().top;
    const aim = y.invert(inside);
    const at = data.quantiles.reduce((best, q, i) =>
      Math.abs(height01(q) - aim) < Math.abs(height01(data.quantiles[best]) - aim) ? i : best, 0);
    const row = y(height01(data.quantiles[at]));
    guide.setAttribute("y1", row);
    guide.setAttribute("y2", row);
    lines.forEach((entry, i) => {
      dots[i].setAttribute("cx", placeX(Math.max(entry.curve[at], domain[0])));
      dots[i].setAttribute("cy", row);
    });
    visible("visible");
    const title = tenant.name + ": " + data.quantiles[at] + " % ended within";
    showTip(event, title, lines.map((entry) => [seriesColour(entry.index), entry.name, duration(entry.curve[at] * 1e3)]));
  });
  cover.addEventListener("pointerleave", () => {
    visible("hidden");
    hideTip();
  });
  plot.append(guide, ...dots, cover);
  return plot;
}

function curvePanels(container, tenants, names, curvesOf) {
  const all = tenants.map((t, i) => names.map((name, index) => ({ name: name, index: index, curve: curvesOf(index, i) }))
    .filter((entry) => entry.curve.length > 0));
  const values = all.flat().flatMap((entry) => [Math.max(0.1, entry.curve[2]), entry.curve[entry.curve.length - 1]]);
  const domain = [Math.min(...values) * 0.9, Math.max(...values) * 1.1];
  const used = names.map((name, i) => [seriesColour(i), name, dashes(i)]);
  const panels = el("div", { class: "panels" });
  container.replaceChildren(legend(used), panels);
  const show = (tenant) => {
    const holder = el("div", {});
    const key = el("span", { class: "key" });
    key.style.background = tenantColour(tenant);
    panels.append(el("div", { class: "panel" }, el("h3", {}, key, tenants[tenant].name), holder));
    if (all[tenant].length === 0) {
      holder.append(el("p", { class: "quiet" }, "None of its jobs ended."));
      return;
    }
    whenSized(holder, (width) => holder.replaceChildren(curvePanel(tenants[tenant], all[tenant], domain, width)));
  };
  const most = 9;
  tenants.forEach((t, i) => i < most ? show(i) : null);
  if (tenants.length > most) {
    const more = el("button", { type: "button", click: () => {
      more.remove();
      tenants.forEach((t, i) => i >= most ? show(i) : null);
    } }, "Show " + (tenants.length - most) + " more tenants");
    container.append(more);
  }
}

function drawCurves(container) {
  const run = data.runs[0];
  const names = run.phases.slice(0, run.curves.length).map((p, i) => run.phases.length > 1 ? (i + 1) + " " + p.policy : p.policy);
  curvePanels(container, run.tenants, names, (phase, tenant) => run.curves[phase][tenant]);
  if (run.curves.length < run.phases.length) {
    container.append(el("p", { class: "quiet" }, "The first " + run.curves.length + " of " + run.phases.length + " phases are drawn."));
  }
}

function drawOverlay(container) {
  curvePanels(container, data.runs[0].tenants, data.runs.map((r) => r.label), (run, tenant) => data.runs[run].total[tenant]);
}
