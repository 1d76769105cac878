// Colours the keys of the tables, draws the charts, and changes between light and dark.
for (const key of document.querySelectorAll(".key[data-tenant]")) {
  key.style.background = tenantColour(Number(key.dataset.tenant));
}
const draw = { stack: drawStack, stacks: drawStacks, queues: drawQueues, lanes: drawLanes, curves: drawCurves, overlay: drawOverlay };
for (const chart of document.querySelectorAll(".chart")) {
  draw[chart.dataset.chart](chart);
}
document.getElementById("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  redraws.forEach((redraw) => redraw());
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraws.forEach((redraw) => redraw()));
