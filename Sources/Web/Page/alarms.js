// The parameters that are out of limits, and what limits say about a value.

import { element, Limited, Pool, put, setSign, show, sign, write } from "./dom.js";
import { count, counted, instant, measured, moment, span } from "./words.js";

/** How many names are remembered at most. */
export const namesKept = 1000;
const ranks = { severe: 0, critical: 1, distress: 2, warning: 3, watch: 4, normal: 5 };
/** What stands for a level of limits. */
export const signs = { severe: "critical", critical: "critical", distress: "critical", warning: "warning", watch: "warning", normal: "ok" };

/** Monitored ones first, the worst of them at the top. */
export const rank = (row) => (row.limit_level === undefined ? 6 : ranks[row.limit_level] ?? 3);

/** A value as it is read. */
export function valueText(row) {
  if (row.value === undefined) return row.count > 0 ? "no value" : "–";
  if (typeof row.value === "number") return measured(row.value);
  if (typeof row.value === "boolean") return row.label ?? String(row.value);
  return String(row.value);
}

/** The parameters that are out of limits now. */
export class AlarmList {
  constructor(panel) {
    this.panel = panel;
    this.tally = panel.querySelector(".tally");
    this.nothing = panel.querySelector(".nothing");
    this.limited = new Limited(panel.querySelector(".more"), 8, "alarms");
    this.limited.changed = () => this.draw();
    this.pool = new Pool(panel.querySelector(".alarms"), alarmRow, (parts, row) => this.fill(parts, row));
    this.forget();
  }

  forget() {
    this.since = new Map();
    this.rows = [];
  }

  /** Since when which parameter is out of limits, as events tell. */
  note(event) {
    const { name, limit_level: level, since } = event.parameter;
    const key = `${event.link} ${name}`;
    this.since.delete(key);
    if (level === "normal") return;
    if (this.since.size >= namesKept) this.since.delete(this.since.keys().next().value);
    this.since.set(key, instant(since ?? event.timestamp));
  }

  show(rows, now, about) {
    Object.assign(this, { now, about });
    this.rows = rows.filter((row) => row.limit_level !== undefined && row.limit_level !== "normal").sort((one, other) => rank(one) - rank(other));
    this.draw();
  }

  draw() {
    write(this.tally, this.rows.length === 0 ? `none of ${counted(this.about?.monitored ?? 0, "monitored parameter")}` : `${this.rows.length} of ${counted(this.about.monitored, "monitored parameter")}`);
    put(this.panel, "data-worst", this.rows.length === 0 ? "ok" : signs[this.rows[0].limit_level]);
    show(this.nothing, this.rows.length === 0);
    this.pool.show(this.limited.pick(this.rows, 200));
  }

  fill(parts, row) {
    setSign(parts.sign, signs[row.limit_level] ?? "warning");
    put(parts.node, "data-severity", signs[row.limit_level] ?? "warning");
    write(parts.level, row.limit_level);
    write(parts.name, row.name);
    write(parts.value, `${valueText(row)}${row.unit ? ` ${row.unit}` : ""}`);
    const since = this.since.get(`${row.link} ${row.name}`);
    write(parts.since, since === undefined ? "" : `since ${moment(since, this.now)}, ${span((this.now - since) / 1000)}`);
  }
}

function alarmRow() {
  const parts = { sign: sign("warning") };
  for (const name of ["level", "name", "value", "since"]) parts[name] = element("span", { class: name });
  parts.node = element("li", {}, parts.sign, parts.level, parts.name, parts.value, parts.since);
  return parts;
}
