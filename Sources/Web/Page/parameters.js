// Parameters with their limits, and how they went.

import { namesKept, rank, signs, valueText } from "./alarms.js";
import { element, Limited, Pool, put, setSign, show, sign, svg, write } from "./dom.js";
import { bands, limitWords } from "./limits.js";
import { counted, instant, span } from "./words.js";

const sampleCount = 150;

/** The last five minutes of a value, one sample for each time it was asked for. */
class Samples {
  constructor() {
    this.values = new Float64Array(sampleCount).fill(NaN);
    this.isOut = new Uint8Array(sampleCount);
    this.next = 0;
  }

  add(value, isOut) {
    this.values[this.next % sampleCount] = value;
    this.isOut[this.next % sampleCount] = isOut ? 1 : 0;
    this.next += 1;
  }

  /** A line 150 wide and 24 high, the times out of limits below it, and the bands of limits behind it. */
  paths(limits) {
    let [low, high] = [Infinity, -Infinity];
    for (const value of this.values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const view = low <= high ? bands(limits, low, high) : { low: 0, high: 1, bands: [] };
    const y = (value) => 20 - (19 * (value - view.low)) / (view.high - view.low);
    let [line, out, isDrawing] = ["", "", false];
    for (let at = 0; at < sampleCount; at++) {
      const index = (this.next + at) % sampleCount;
      const value = this.values[index];
      if (this.isOut[index]) out += `M${at} 21h1v3h-1z`;
      const isKnown = Number.isFinite(value);
      if (isKnown) line += `${isDrawing ? "L" : "M"}${at} ${y(value).toFixed(1)}`;
      isDrawing = isKnown;
    }
    const areas = { warning: "", critical: "" };
    const edges = { warning: "", critical: "" };
    for (const { from, to, level } of view.bands) {
      const kind = signs[level] === "critical" ? "critical" : "warning";
      const [top, bottom] = [Math.max(1, y(to)), Math.min(20, y(from))];
      areas[kind] += `M0 ${top.toFixed(1)}H${sampleCount}V${bottom.toFixed(1)}H0Z`;
      for (const edge of [top, bottom]) {
        if (edge > 1 && edge < 20) edges[kind] += `M0 ${edge.toFixed(1)}H${sampleCount}`;
      }
    }
    return { line, out, areas, edges };
  }
}

/** Of a parameter that was never asked for. */
const nothing = { line: "", out: "", areas: { warning: "", critical: "" }, edges: { warning: "", critical: "" } };

export class ParameterTable {
  constructor(panel, alarms) {
    Object.assign(this, { panel, alarms });
    this.of = panel.querySelector(".of");
    this.nothing = panel.querySelector(".nothing");
    this.filter = panel.querySelector("input");
    this.limited = new Limited(panel.querySelector(".more"), 16, "parameters");
    this.limited.changed = () => this.draw();
    this.pool = new Pool(panel.querySelector("tbody"), parameterRow, (parts, row) => this.fill(parts, row));
    this.filter.addEventListener("input", () => this.filterChanged?.());
    this.forget();
  }

  forget() {
    this.samples = new Map();
    this.rows = [];
    this.alarms.forget();
  }

  /** Asks for the parameters of a link, those that the filter is for; for all of them, where some may be out of limits. */
  async ask(feed, link, turn) {
    const about = link?.parameters;
    show(this.panel, about !== undefined);
    show(this.alarms.panel, about !== undefined && about.monitored > 0);
    if (about === undefined) return;
    const text = this.filter.value.trim();
    const glob = text === "" ? {} : { glob: /[*?]/.test(text) ? text : `*${text}*` };
    const many = about.parameters > 500;
    const page = await feed.ask("parameters", { link: link.name, ...glob, limit: many && text === "" ? 200 : 1000 });
    if (page === undefined || text !== this.filter.value.trim()) return;
    this.now = instant(page.as_of);
    this.rest = page.cursor === undefined ? 0 : Math.max(0, about.parameters - page.parameters.length);
    this.rows = page.parameters.filter(({ count }) => count > 0 || text !== "");
    this.sample();
    write(this.of, `of ${link.name}, database ${about.database}, ${counted(about.parameters, "parameter")}`);
    this.draw();
    // Which are out of limits may stand on any page.
    const isWhole = text === "" && page.cursor === undefined;
    if (isWhole) this.alarms.show(this.rows, this.now, about);
    else if (turn % 10 === 0) this.alarms.show(await feed.pages("parameters", "parameters", { link: link.name, limit: 2000 }, 20000), this.now, about);
  }

  sample() {
    for (const row of this.rows) {
      const key = `${row.link} ${row.name}`;
      let samples = this.samples.get(key);
      if (samples === undefined) {
        if (this.samples.size >= namesKept) this.samples.delete(this.samples.keys().next().value);
        this.samples.set(key, (samples = new Samples()));
      }
      samples.add(typeof row.value === "number" ? row.value : NaN, (row.limit_level ?? "normal") !== "normal");
    }
  }

  draw() {
    const ordered = this.filter.value === ""
      ? [...this.rows].sort((one, other) => rank(one) - rank(other)) : this.rows;
    show(this.nothing, this.rows.length === 0);
    this.pool.show(this.limited.pick(ordered, 400, this.rows.length + (this.rest ?? 0)));
  }

  fill(parts, row) {
    write(parts.name, row.name);
    put(parts.name, "title", row.name);
    const value = valueText(row);
    write(parts.value, value);
    put(parts.value, "title", row.raw === undefined ? value : `${value}, raw ${row.raw}`);
    write(parts.unit, row.unit ? ` ${row.unit}` : "");
    const level = row.limit_level;
    setSign(parts.sign, level === undefined ? "unknown" : signs[level] ?? "warning");
    show(parts.sign, level !== undefined);
    write(parts.level, level === undefined ? "no limits" : level === "normal" ? "within" : level);
    put(parts.node, "data-level", level ?? "none");
    write(parts.suspect, [row.validity && row.validity !== "valid" && row.validity.replaceAll("_", " "), row.suspect && "suspect"].filter(Boolean).join(", "));
    put(parts.level, "title", limitWords(row.limits) || undefined);
    const paths = this.samples.get(`${row.link} ${row.name}`)?.paths(row.limits) ?? nothing;
    put(parts.line, "d", paths.line);
    put(parts.out, "d", paths.out);
    for (const kind of ["warning", "critical"]) {
      put(parts[`${kind}Area`], "d", paths.areas[kind]);
      put(parts[`${kind}Edge`], "d", paths.edges[kind]);
    }
    write(parts.age, row.received ? span((this.now - instant(row.received)) / 1000) : "never");
  }
}

function parameterRow() {
  const parts = { sign: sign("unknown") };
  for (const name of ["name", "value", "unit", "level", "suspect", "age"]) parts[name] = element("span", { class: name });
  parts.spark = svg("svg", { class: "spark", viewBox: `0 0 ${sampleCount} 24`, preserveAspectRatio: "none", "aria-hidden": "true" });
  for (const [name, form] of [["Area", "band"], ["Edge", "edge"]]) {
    for (const kind of ["warning", "critical"]) parts[kind + name] = parts.spark.appendChild(svg("path", { class: `${form} ${kind}` }));
  }
  parts.line = parts.spark.appendChild(svg("path", { class: "line" }));
  parts.out = parts.spark.appendChild(svg("path", { class: "out" }));
  parts.node = element("tr", {},
    element("th", { scope: "row" }, parts.name), element("td", { class: "number" }, parts.value, parts.unit),
    element("td", { class: "limits" }, parts.sign, parts.level, " ", parts.suspect), element("td", { class: "spark" }, parts.spark),
    element("td", { class: "number wide" }, parts.age));
  return parts;
}
