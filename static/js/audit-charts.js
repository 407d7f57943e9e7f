// Draws a run's statistics: estimate, 95 % interval, and the range that chance alone gives.
// The page's table holds the same numbers, so the charts add no information.

import { init } from "../vendor/echarts/echarts.js";

const ROW = 62; // pixels per row
const FOOT = 34;
const charts = JSON.parse(document.getElementById("audit-charts").textContent);
const number = (value) => value.toFixed(3);

function colours() {
  // A token names a colour by day and one by night; an element's own colour is the one that holds.
  const probe = document.body.appendChild(document.createElement("i"));
  const get = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const [text, quiet, line, panel] = ["--words", "--words-quiet", "--hairline", "--panel"].map(get);
  const [mark, band, other] = ["--mark", "--band", "--other"].map(get);
  probe.remove();
  return { text, quiet, line, panel, mark, band, other };
}

function words(row) {
  const lines = [`${row.attribute}: ${row.label}`];
  if (row.measure) lines.push(row.measure);
  lines.push(`estimate ${number(row.estimate)}`);
  if (row.low !== null) lines.push(`95 % interval ${number(row.low)} to ${number(row.high)}`);
  if (row.null) lines.push(`chance alone ${number(row.null.low)} to ${number(row.null.high)}`);
  if (row.viewers !== null) lines.push(`${row.viewers} viewers`);
  lines.push(row.margin ? `${row.verdict} (${row.margin})` : row.verdict);
  if (row.other?.estimate != null) lines.push(`compared run ${number(row.other.estimate)}`);
  return lines.join("\n");
}

// Where the margin of a judged row begins and ends; none of a row that is described.
function margins(chart, row) {
  return row.margin && chart.centre !== null ? [chart.centre - row.margin, chart.centre + row.margin] : [];
}

function range(chart) {
  const values = chart.centre === null ? [] : [chart.centre];
  for (const row of chart.rows) {
    for (const from of [row, row.null ?? {}, row.other ?? {}]) values.push(from.estimate, from.low, from.high);
    values.push(...margins(chart, row));
  }
  const known = values.filter((value) => value != null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = Math.max((high - low) * 0.08, 0.004); // so that a small range does not look like a large difference
  return { min: low - room, max: high + room };
}

// One row: the null's band behind, the margin's ends, the interval's whisker, the estimate's dot, the other run's diamond.
function draw(chart, colour) {
  return (_, api) => {
    const row = chart.rows[api.value(1)];
    const at = (value) => api.coord([value, api.value(1)]);
    const [x, y] = at(row.estimate);
    const children = [];
    const bar = (low, high, dy, half, fill) => children.push({
      type: "rect", shape: { x: at(low)[0], y: y + dy - half, width: Math.max(at(high)[0] - at(low)[0], 1), height: 2 * half, r: Math.min(half, 3) }, style: { fill },
    });
    if (row.null) bar(row.null.low, row.null.high, 0, 11, colour.band);
    for (const end of margins(chart, row)) {
      children.push({ type: "line", shape: { x1: at(end)[0], x2: at(end)[0], y1: y - 17, y2: y + 17 }, style: { stroke: colour.quiet, lineWidth: 2 } });
    }
    if (row.low !== null) bar(row.low, row.high, 0, 1.5, colour.mark);
    children.push({ type: "circle", shape: { cx: x, cy: y, r: 6 }, style: { fill: colour.mark, stroke: colour.panel, lineWidth: 2 } });
    if (row.other?.estimate != null) {
      if (row.other.low !== null) bar(row.other.low, row.other.high, 14, 1, colour.other);
      const [ox] = at(row.other.estimate);
      children.push({ type: "rect", shape: { x: -4, y: -4, width: 8, height: 8 }, x: ox, y: y + 14, rotation: Math.PI / 4, style: { fill: colour.other } });
    }
    return { type: "group", children };
  };
}

function options(chart, colour, narrow) {
  const names = chart.rows.map((row, at) => `${at}`);
  const name = (at) => {
    const row = chart.rows[at];
    const first = row.measure || row.label;
    const second = row.measure ? `${row.attribute}, ${row.label.toLowerCase()}` : row.attribute;
    const verdict = row.verdict[0].toUpperCase() + row.verdict.slice(1);
    return `{name|${first}}\n{group|${second}}\n{${row.margin ? "judged" : "group"}|${verdict}}`;
  };
  const wide = narrow ? 118 : 250;
  return {
    animation: false,
    aria: { enabled: false }, // the element's own label says what it shows
    grid: { left: wide + 12, right: 18, top: 6, bottom: FOOT },
    tooltip: {
      renderMode: "richText", trigger: "item", formatter: ({ dataIndex }) => words(chart.rows[dataIndex]),
      backgroundColor: colour.panel, borderColor: colour.quiet, textStyle: { color: colour.text, fontFamily: "Hanken Grotesk" },
    },
    xAxis: {
      type: "value", ...range(chart), splitNumber: narrow ? 3 : 6,
      axisLabel: { color: colour.quiet, fontFamily: "Hanken Grotesk", formatter: (value) => String(Math.round(value * 1000) / 1000), showMinLabel: false, showMaxLabel: false },
      splitLine: { lineStyle: { color: colour.line } },
    },
    yAxis: {
      type: "category", data: names, inverse: true, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: {
        formatter: name, width: wide, overflow: "break", align: "left", margin: wide + 8, interval: 0,
        rich: {
          name: { color: colour.text, fontWeight: 600, fontFamily: "Hanken Grotesk", fontSize: narrow ? 12 : 13, lineHeight: 17, width: wide, overflow: "truncate" },
          judged: { color: colour.text, fontFamily: "Hanken Grotesk", fontSize: 12, lineHeight: 16, width: wide, overflow: "truncate" },
          group: { color: colour.quiet, fontFamily: "Hanken Grotesk", fontSize: 12, lineHeight: 16, width: wide, overflow: "truncate" },
        },
      },
    },
    series: [
      { type: "custom", renderItem: draw(chart, colour), data: chart.rows.map((row, at) => [row.estimate, at]), encode: { x: 0, y: 1 }, clip: true },
      ...(chart.centre === null ? [] : [{
        type: "custom", silent: true, z: 1, data: [[chart.centre, 0]],
        renderItem: (params, api) => ({
          type: "line",
          shape: { x1: api.coord([chart.centre, 0])[0], x2: api.coord([chart.centre, 0])[0], y1: params.coordSys.y, y2: params.coordSys.y + params.coordSys.height },
          style: { stroke: colour.quiet, lineWidth: 1.5, lineDash: [4, 4] },
        }),
      }]),
    ],
  };
}

function show(chart) {
  const place = document.querySelector(`[data-chart="${chart.name}"]`);
  place.style.height = `${chart.rows.length * ROW + FOOT + 6}px`;
  const drawn = init(place, null, { renderer: "svg" });
  const paint = () => drawn.setOption(options(chart, colours(), place.clientWidth < 560), true);
  paint();
  new ResizeObserver(() => { drawn.resize(); paint(); }).observe(place);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
}

charts.filter((chart) => chart.rows.length).forEach(show);
