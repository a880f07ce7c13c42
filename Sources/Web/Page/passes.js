// The passes of a link, with what they brought.

import { element, Pool, put, show, write, writeExact } from "./dom.js";
import { count, instant, moment, share, span } from "./words.js";

/** The last passes of a link, the newest first: from the reports of the daemon where it keeps some, else from the link. */
export class PassTable {
  constructor(panel) {
    this.panel = panel;
    this.of = panel.querySelector(".of");
    this.nothing = panel.querySelector(".nothing");
    this.pool = new Pool(panel.querySelector("tbody"), passRow, (parts, pass) => this.fill(parts, pass));
    this.reports = new Map();
  }

  /** Takes the reports of a link. */
  recall(name, answer) {
    this.reports = new Map([[name, answer?.passes ?? []]]);
  }

  show(link, now) {
    this.now = now;
    const reports = this.reports.get(link.name) ?? [];
    // What is under way is of the same moment as all else that is said of the link.
    const current = link.pass ? [{ ...fromReport(link.pass), path: "pass" }] : [];
    const kept = reports.filter(({ id, state }) => state !== "running" && id !== link.pass?.id).map(fromReport);
    const passes = current.length + kept.length > 0 ? [...current, ...kept] : link.passes.map((pass, index) => fromLink(pass, index, link));
    write(this.of, `of ${link.name}`);
    show(this.panel, link.totals.frames > 0 || link.totals.packets === 0);
    show(this.nothing, passes.length === 0);
    this.pool.show(passes.sort((one, other) => other.start - one.start).slice(0, 8));
  }

  fill(parts, pass) {
    write(parts.start, moment(pass.start, this.now));
    write(parts.state, pass.state);
    put(parts.state, "class", pass.state === "running" ? "pass running" : "pass");
    write(parts.duration, Number.isFinite(pass.seconds) ? span(pass.seconds) : "–");
    for (const name of ["frames", "missing"]) {
      writeExact(parts[name], pass.path && `${pass.path}.${members[name]}`, pass.path && pass[name], count(pass[name]));
    }
    write(parts.complete, pass.completeness === undefined ? share(pass.frames, pass.frames + pass.missing) : share(pass.completeness, 1));
    write(parts.losses, pass.losses);
    put(parts.report, "href", pass.id && `/api/v1/passes?${new URLSearchParams({ id: pass.id })}`);
    show(parts.report, pass.id !== undefined);
  }
}

/** What the numbers of a pass are called in the document of a link. */
const members = { frames: "good_frames", missing: "missing_frames" };

/** A stretch of reception, where no reports are kept. */
function fromLink(pass, index, link) {
  const isRunning = index === link.passes.length - 1 && link.state === "receiving";
  const seconds = (instant(pass.end) - instant(pass.start)) / 1000;
  return { start: instant(pass.start), seconds, frames: pass.frames, missing: pass.missing, state: isRunning ? "running" : "", losses: "" };
}

function fromReport(report) {
  const { space_link: space = 0, host = 0, unknown = 0 } = report.losses ?? {};
  const losses = [space && `${count(space)} on the way`, host && `${count(host)} in this host`, unknown && `${count(unknown)} unknown`];
  return {
    id: report.id, start: instant(report.aos ?? report.announced?.start), seconds: report.duration_seconds ?? NaN,
    frames: report.good_frames ?? 0, missing: report.missing_frames ?? 0, losses: losses.filter(Boolean).join(", "),
    completeness: report.completeness,
    // An announced one in which nothing came is the worst of all.
    state: { running: "running", silent: "expected, but silent" }[report.state] ?? "",
  };
}

function passRow() {
  const parts = {};
  for (const name of ["start", "duration", "frames", "missing", "complete"]) parts[name] = element("span");
  parts.state = element("em");
  parts.losses = element("span", { class: "losses" });
  parts.report = element("a", {}, "report");
  parts.node = element("tr", {}, element("th", { scope: "row" }, parts.start, " ", parts.state), element("td", {}, parts.duration),
    element("td", { class: "number" }, parts.frames), element("td", { class: "number" }, parts.missing), element("td", {}, parts.complete, " ", parts.losses, " ", parts.report));
  return parts;
}
