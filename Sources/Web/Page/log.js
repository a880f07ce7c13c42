// What happened: the last events, and the passes.

import { element, Limited, Pool, put, setSign, show, sign, write, writeExact } from "./dom.js";
import { count, counted, delay, instant, measured, moment, share, span, words } from "./words.js";

const quiet = ["daemon", "link", "frame_reject", "packet_reject", "frame_sync", "codeblock_reject", "parameter", "clock", "log", "config", "client", "replay"];
const gaps = ["frame_gap", "packet_gap"];
const capacity = 200;
const signs = { error: "critical", warning: "warning", notice: "note", info: "note", debug: "note" };

/** The newest events first. */
export class EventList {
  constructor(panel) {
    this.limited = new Limited(panel.querySelector(".more"), 14, "events");
    this.limited.changed = () => this.draw();
    this.withGaps = panel.querySelector("#gaps");
    this.withGaps.addEventListener("change", () => {
      this.forget();
      this.changed?.();
    });
    this.pool = new Pool(panel.querySelector(".events"), eventRow, (parts, run) => this.fill(parts, run));
    this.forget();
  }

  forget() {
    this.events = [];
    this.newest = 0;
  }

  /** Asks for what is new; `note` is told of every event that was not known. */
  async ask(feed, note) {
    const types = this.withGaps.checked ? [...quiet, ...gaps] : quiet;
    const answer = await feed.ask("events", { type: types.join(","), n: this.newest === 0 ? capacity : 60 });
    const news = (answer?.events ?? []).filter(({ seq }) => seq > this.newest);
    if (news.length === 0 && this.events.length > 0) return;
    for (const event of news) {
      this.newest = Math.max(this.newest, event.seq);
      note(event);
    }
    this.events = [...news.reverse(), ...this.events].slice(0, capacity);
    this.now = feed.now;
    this.draw();
  }

  draw() {
    this.pool.show(this.limited.pick(runs(this.events)));
  }

  fill(parts, { event, length }) {
    setSign(parts.sign, signs[event.severity] ?? "note");
    put(parts.node, "data-severity", signs[event.severity] ?? "note");
    write(parts.time, moment(instant(event.timestamp), this.now));
    put(parts.time, "title", event.timestamp);
    write(parts.severity, event.severity);
    write(parts.link, event.link ?? "daemon");
    write(parts.text, length > 1 ? `${sentence(event)} · ${length} in a row` : sentence(event));
  }
}

/** Events of one kind that follow each other, told once. */
function runs(events) {
  const found = [];
  for (const event of events) {
    const kind = `${event.link} ${event.event_type} ${event.severity} ${event[event.event_type]?.name ?? event[event.event_type]?.reason}`;
    const last = found.at(-1);
    if (last?.kind === kind) last.length += 1;
    else found.push({ kind, event, length: 1 });
  }
  return found;
}

function eventRow() {
  const parts = { sign: sign("note"), time: element("time"), severity: element("span", { class: "severity" }), link: element("span", { class: "link" }), text: element("span", { class: "text" }) };
  return { ...parts, node: element("li", {}, parts.time, parts.sign, parts.severity, parts.link, parts.text) };
}

/** An event in words. */
function sentence(event) {
  const body = event[event.event_type === "link" ? "link_state" : event.event_type] ?? {};
  const channel = event.scid === undefined ? "" : ` on ${event.scid}${event.vcid === undefined ? "" : `:${event.vcid}`}`;
  switch (event.event_type) {
    case "link": return `${words(body.action)}: ${body.reason}`;
    case "frame_reject": return `${counted(body.count, "frame")} rejected: ${words(body.reason)}`;
    case "packet_reject": return `packets not put together, ${counted(body.count, "time")}: ${words(body.reason)}`;
    case "codeblock_reject": return `${counted(body.count, "codeblock")} lost: ${words(body.reason)}`;
    case "frame_gap":
      return body.discontinuity ? `counter jumped${channel}: ${body.expected} was expected, ${body.received} came` : `${counted(body.missing, "frame")} missing${channel}`;
    case "packet_gap": return `${counted(body.missing, "packet")} missing${channel}, APID ${event.apid}`;
    case "frame_sync": return body.action === "skipped" ? `${counted(body.count, "byte")} in no unit` : `lock ${body.action}, ${counted(body.skipped_bytes, "byte")} skipped`;
    case "parameter":
      return `${body.name} is ${typeof body.value === "number" ? measured(body.value) : body.value ?? "without value"}${body.unit ? ` ${body.unit}` : ""}: ${body.limit_level === "normal" ? "within limits again" : body.limit_level}`;
    case "clock": return `clock ${words(body.action)}${body.delta_seconds === undefined ? "" : ` by ${delay(Math.abs(body.delta_seconds))}`}`;
    default: return `${words(event.event_type)} ${members(body)}`;
  }
}

const members = (body) =>
  Object.entries(body).map(([key, value]) => (key === "action" ? words(value) : `${words(key)} ${typeof value === "object" ? JSON.stringify(value) : value}`)).join(", ");

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
    const passes = reports.length > 0 ? reports.map(fromReport) : link.passes.map((pass, index) => fromLink(pass, index, link));
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
      if (pass.path) writeExact(parts[name], `${pass.path}.${name}`, pass[name], count(pass[name]));
      else write(parts[name], count(pass[name]));
    }
    write(parts.complete, share(pass.frames, pass.frames + pass.missing));
    write(parts.losses, pass.losses);
    put(parts.report, "href", pass.id && `/api/v1/passes?${new URLSearchParams({ id: pass.id })}`);
    show(parts.report, pass.id !== undefined);
  }
}

function fromLink(pass, index, link) {
  const isRunning = index === link.passes.length - 1 && link.state === "receiving";
  const seconds = (instant(pass.end) - instant(pass.start)) / 1000;
  return { start: instant(pass.start), seconds, frames: pass.frames, missing: pass.missing, state: isRunning ? "running" : "", losses: "", path: `passes.${index}` };
}

function fromReport(report) {
  const { space_link: space = 0, host = 0, unknown = 0 } = report.losses ?? {};
  const losses = [space && `${count(space)} on the way`, host && `${count(host)} in this host`, unknown && `${count(unknown)} unknown`];
  return {
    id: report.id, start: instant(report.aos ?? report.announced?.start), seconds: report.duration_seconds ?? NaN,
    frames: report.good_frames ?? 0, missing: report.missing_frames ?? 0, losses: losses.filter(Boolean).join(", "),
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
