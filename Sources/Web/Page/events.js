// What happened: the last events.

import { element, Limited, Pool, put, setSign, sign, write } from "./dom.js";
import { clock, count, counted, delay, instant, measured, moment, reasonWords, span, words } from "./words.js";

// Too many to be read, and on the time axes of their channels.
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
    const types = feed.eventTypes.filter((type) => type !== "stats" && (this.withGaps.checked || !gaps.includes(type)));
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
export function sentence(event) {
  const body = event[event.event_type === "link" ? "link_state" : event.event_type] ?? {};
  const channel = event.scid === undefined ? "" : ` on ${event.scid}${event.vcid === undefined ? "" : `:${event.vcid}`}`;
  switch (event.event_type) {
    case "link": return `${words(body.action)}: ${body.reason}`;
    case "frame_reject": return `${counted(body.count, "frame")} rejected: ${reasonWords(body.reason)}`;
    case "packet_reject": return `packets not put together, ${counted(body.count, "time")}: ${reasonWords(body.reason)}`;
    case "codeblock_reject": return `${counted(body.count, "codeblock")} lost: ${reasonWords(body.reason)}`;
    case "frame_gap":
      return body.discontinuity ? `counter jumped${channel}: ${body.expected} was expected, ${body.received} came` : `${counted(body.missing, "frame")} missing${channel}`;
    case "packet_gap": return `${counted(body.missing, "packet")} missing${channel}, APID ${event.apid}`;
    case "frame_sync": return body.action === "skipped" ? `${counted(body.count, "byte")} in no unit` : `lock ${body.action}, ${counted(body.skipped_bytes, "byte")} skipped`;
    case "parameter":
      return `${body.name} is ${typeof body.value === "number" ? measured(body.value) : body.value ?? "without value"}${body.unit ? ` ${body.unit}` : ""}: ${body.limit_level === "normal" ? "within limits again" : body.limit_level}`;
    case "clock": return `clock ${words(body.action)}${body.delta_seconds === undefined ? "" : ` by ${delay(Math.abs(body.delta_seconds))}`}`;
    case "pass": return passSentence(body);
    default: return `${words(event.event_type)} ${members(body)}`;
  }
}

/** What a pass has come to. */
function passSentence(pass) {
  const name = `pass${pass.label ? ` ‘${pass.label}’` : ""}`;
  switch (pass.action) {
    case "aos": return `${name}: signal acquired${pass.announced_start ? ", as announced" : ""}`;
    case "los": {
      const missing = pass.missing_frames > 0 ? `, ${count(pass.missing_frames)} missing` : ", none missing";
      const duration = pass.duration_seconds === undefined ? "" : ` after ${span(pass.duration_seconds)}`;
      return `${name}: over${duration}, ${counted(pass.good_frames, "frame")}${missing}`;
    }
    case "silent": return `${name}: expected from ${clock(instant(pass.announced_start))} to ${clock(instant(pass.announced_end))}, but silent`;
    default: return `pass ${members(pass)}`;
  }
}

/** Whatever else an event says, lists of more than texts left out. */
const members = (body) =>
  Object.entries(body)
    .filter(([, value]) => typeof value !== "object" || (Array.isArray(value) && value.every((item) => typeof item === "string")))
    .map(([key, value]) => (key === "action" ? words(value) : `${words(key)} ${Array.isArray(value) ? value.join(", ") : value}`))
    .join(", ");
