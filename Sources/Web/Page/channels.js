// Virtual channels and application processes: how complete they are, and when something was missing.

import { element, Limited, Pool, put, svg, write, writeExact } from "./dom.js";
import { GapMarks } from "./history.js";
import { count, counted, instant, share, trusts } from "./words.js";

/** One table of counters, with a bar for completeness and gaps on the time axis of the last hour. */
class CounterTable {
  /**
   * @param options `name(row)` and `place(row)` in words, `received` and `last` as the members are called,
   *   `limit` how many rows stand there at first, `path` where the numbers are in the status document.
   */
  constructor(panel, options) {
    Object.assign(this, options, { panel });
    this.of = panel.querySelector(".of");
    this.limited = new Limited(panel.querySelector(".more"), options.limit, options.noun);
    this.limited.changed = () => this.draw();
    this.pool = new Pool(panel.querySelector("tbody"), (index) => this.row(index), (parts, row) => this.fill(parts, row));
    this.forget();
  }

  /** Another link, or another run of the daemon: gaps of before are those of others. */
  forget() {
    this.marks = new Map();
    this.before = new Map();
    this.time = NaN;
    this.rows = [];
    this.total = 0;
  }

  /** Takes the rows of a moment; `seed(marks, row)` says what is known of a row that is new here. */
  show(rows, time, { omitted = 0, seed = () => {} } = {}) {
    const isFresh = time - this.time < 30000;
    if (time === this.time) return this.draw();
    for (const row of rows) {
      const key = this.key(row);
      let marks = this.marks.get(key);
      if (marks === undefined) {
        marks = new GapMarks();
        marks.advance(GapMarks.slot(time));
        seed(marks, row);
        this.marks.set(key, marks);
      }
      const before = this.before.get(key);
      if (before !== undefined && row[this.received] > before[this.received]) marks.see(time);
      if (before !== undefined && isFresh && row.missing > before.missing) marks.add(time, row.missing - before.missing);
      marks.advance(GapMarks.slot(time));
      this.before.set(key, row);
    }
    // Rows never go while a ledger lasts; should they, nothing of them is kept.
    if (this.marks.size > rows.length) {
      const keys = new Set(rows.map((row) => this.key(row)));
      for (const key of [...this.marks.keys()].filter((key) => !keys.has(key))) {
        this.marks.delete(key);
        this.before.delete(key);
      }
    }
    Object.assign(this, { time, rows, total: rows.length + omitted });
    this.draw();
  }

  draw() {
    const missing = this.rows.reduce((sum, row) => sum + row.missing, 0);
    write(this.of, this.total === 0 ? "none yet" : `${count(this.total)}, ${missing === 0 ? "nothing missing" : `${count(missing)} missing`}`);
    this.pool.show(this.limited.pick(this.order(this.rows), 400, this.total));
  }

  key(row) {
    return `${row.scid} ${row.vcid} ${row.apid ?? ""} ${row.replay ?? ""} ${row.expedited ?? ""}`;
  }

  row(index) {
    const parts = { index };
    for (const name of ["name", "place", "received", "missing", "complete"]) parts[name] = element("span");
    parts.trust = element("em", { class: "trust" });
    parts.bar = element("span", { class: "bar", "aria-hidden": "true" });
    parts.fill = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none" });
    parts.whole = parts.fill.appendChild(svg("rect", { height: "10", class: "whole" }));
    parts.part = parts.fill.appendChild(svg("rect", { height: "10", class: "part" }));
    parts.bar.append(parts.fill);
    parts.strip = svg("svg", { class: "strip", viewBox: `0 0 ${GapMarks.count} 20`, preserveAspectRatio: "none", role: "img" });
    parts.title = parts.strip.appendChild(svg("title"));
    parts.present = parts.strip.appendChild(svg("path", { class: "present" }));
    parts.gaps = parts.strip.appendChild(svg("path", { class: "gaps" }));
    parts.node = element("tr", {},
      element("th", { scope: "row" }, parts.name, " ", parts.trust), element("td", { class: this.placeClass ?? "" }, parts.place),
      element("td", { class: "number" }, parts.received), element("td", { class: "number missing" }, parts.missing),
      element("td", { class: "complete" }, parts.bar, parts.complete), element("td", { class: "hour" }, parts.strip));
    return parts;
  }

  fill(parts, row) {
    const received = row[this.received];
    const path = this.path(row);
    write(parts.name, this.name(row));
    write(parts.place, this.place(row));
    writeExact(parts.received, `${path}.${this.received}`, received, count(received));
    const most = row.missing_at_most;
    writeExact(parts.missing, `${path}.missing`, row.missing, most > row.missing ? `${count(row.missing)}–${count(most)}` : count(row.missing));
    const says = row.trust !== "frozen" && row.trust !== "uncounted";
    write(parts.trust, row.trust === "trusted" ? "" : row.trust);
    put(parts.trust, "title", trusts[row.trust]);
    const expected = received + row.missing;
    write(parts.complete, says ? share(received, expected) : "not known");
    put(parts.node, "data-missing", says && row.missing > 0 ? "true" : undefined);
    // What is lost is seen, however little it is.
    const lost = says && row.missing > 0 ? Math.max(4, (100 * row.missing) / expected) : 0;
    put(parts.whole, "width", says && expected > 0 ? 100 - lost : 0);
    put(parts.part, "x", 100 - lost);
    put(parts.part, "width", lost);
    const marks = this.marks.get(this.key(row));
    if (marks) this.drawStrip(parts, marks, row);
  }

  drawStrip(parts, marks, row) {
    let [present, gaps, times, sum] = ["", "", 0, 0];
    for (let at = 0; at < GapMarks.count; at++) {
      const slot = marks.last - GapMarks.count + 1 + at;
      const index = ((slot % GapMarks.count) + GapMarks.count) % GapMarks.count;
      if (marks.present[index]) present += `M${at} 18h1v2h-1z`;
      const missing = marks.marks[index];
      if (missing === 0) continue;
      times += 1;
      sum += missing;
      const height = Math.min(17, 5 + 4 * Math.log10(missing));
      gaps += `M${at} ${(17 - height).toFixed(1)}h.8V17h-.8z`;
    }
    put(parts.present, "d", present);
    put(parts.gaps, "d", gaps);
    write(parts.title, times === 0 ? "no gap seen in the last hour"
      : `${count(sum)} missing in the last hour, in ${counted(times, "half minute")}; ${row.gaps} gaps in all`);
  }
}

/** The virtual channels of a link, with the gaps that the daemon remembers. */
export const virtualChannels = (panel) =>
  new CounterTable(panel, {
    noun: "channels", limit: 12, received: "frames",
    order: (rows) => (rows.length <= 12 ? rows : [...rows].sort((one, other) => other.missing - one.missing || other.frames - one.frames)),
    placeClass: "wide",
    name: (row) => `${row.scid}:${row.vcid}${row.name ? ` ${row.name}` : ""}${variant(row)}`,
    place: (row) => row.service,
    path: (row) => `virtual_channels.${row.scid}:${row.vcid}${variant(row)}`,
  });

/** The application processes of a link, those with the most missing packets first. */
export const applicationProcesses = (panel) =>
  new CounterTable(panel, {
    noun: "application processes", limit: 12, received: "packets",
    order: (rows) => [...rows].sort((one, other) => other.missing - one.missing || other.packets - one.packets),
    name: (row) => `${row.apid}`,
    place: (row) => `${row.scid}:${row.vcid}${variant(row)}`,
    path: (row) => `apids.${row.scid}:${row.vcid}:${row.apid}${variant(row)}`,
  });

const variant = (row) => `${row.replay ? " replay" : ""}${row.expedited ? " expedited" : ""}`;

/** What a link's passes tell of a virtual channel: its gaps, and from when to when there were frames. */
export function seedFromPasses(passes) {
  return (marks, row) => {
    const newest = marks.last;
    const first = newest - GapMarks.count + 1;
    for (const pass of passes) {
      const from = Math.max(first, GapMarks.slot(Math.max(instant(pass.start), instant(row.first_frame))));
      // Where gaps are left out, nothing is known after the last that is there.
      const known = pass.gaps_omitted > 0 ? instant(pass.gaps.at(-1)?.time) : Infinity;
      const to = Math.min(newest, GapMarks.slot(Math.min(instant(pass.end), instant(row.last_frame), known)));
      for (let slot = from; slot <= to; slot++) marks.present[slot % GapMarks.count] = 1;
      for (const gap of pass.gaps) {
        if (gap.scid === row.scid && gap.vcid === row.vcid && gap.time) marks.add(instant(gap.time), gap.missing);
      }
    }
  };
}
