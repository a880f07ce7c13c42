// The links with their state.

import { element, Limited, Pool, put, setSign, sign, svg, write, writeExact } from "./dom.js";
import { count, counted, instant, scaled, span } from "./words.js";

const states = { down: 2, receiving: 3, quiet: 4, disabled: 5 };

/** The list of links: one of them is chosen, and everything else on the page is about that one. */
export class LinkList {
  constructor(panel, choose) {
    this.list = panel.querySelector(".links");
    this.choose = choose;
    this.limited = new Limited(panel.querySelector(".more"), 12, "links");
    this.limited.changed = () => this.show(...this.shown);
    this.pool = new Pool(this.list, () => this.card(), (card, link) => this.fill(card, link));
    this.list.addEventListener("keydown", (event) => this.key(event));
  }

  show(links, histories, chosen, problems) {
    this.shown = [links, histories, chosen, problems];
    Object.assign(this, { histories, chosen });
    this.worst = new Map();
    for (const { link, severity } of problems) {
      const worst = this.worst.get(link) ?? { critical: 0, warning: 0 };
      worst[severity] += 1;
      this.worst.set(link, worst);
    }
    // A few keep the order of the configuration. Of many, those that need somebody come first.
    const rank = (link) => (link.name === chosen ? -1 : this.worst.get(link.name)?.critical ? 0 : this.worst.has(link.name) ? 1 : states[link.state] ?? 6);
    const ordered = links.length <= this.limited.limit ? links : [...links].sort((one, other) => rank(one) - rank(other));
    const visible = this.limited.pick(ordered);
    this.names = visible.map(({ name }) => name);
    put(this.list, "data-dense", links.length > this.limited.limit ? "true" : undefined);
    this.pool.show(visible);
  }

  card() {
    const parts = {
      sign: sign("unknown"), name: element("b", { class: "name" }), state: element("span", { class: "state" }),
      rates: element("span", { class: "rates" }), last: element("span", { class: "last" }), problems: element("span", { class: "count" }),
    };
    parts.spark = svg("svg", { class: "spark", viewBox: "0 0 90 24", preserveAspectRatio: "none", "aria-hidden": "true" });
    parts.line = parts.spark.appendChild(svg("path"));
    parts.button = element("button", { type: "button", class: "link" },
      parts.sign, element("span", { class: "head" }, parts.name, parts.state), parts.rates, parts.spark, parts.last, parts.problems);
    parts.button.addEventListener("click", () => this.choose(parts.link));
    return Object.assign(parts, { node: element("li", {}, parts.button) });
  }

  fill(parts, link) {
    parts.link = link.name;
    setSign(parts.sign, link.state);
    write(parts.name, link.name);
    write(parts.state, link.state);
    put(parts.button, "aria-current", link.name === this.chosen ? "true" : undefined);
    put(parts.button, "data-state", link.state);
    const rate = link.rates?.last1min;
    const frames = rate && rate.frames_per_second > 0 ? `${scaled(rate.frames_per_second, "")} frames/s · ` : "";
    writeExact(parts.rates, `${link.name}.totals.frames`, link.totals.frames, rate ? `${frames}${scaled(rate.bits_per_second, "bit/s")}` : "no rate yet");
    put(parts.rates, "title", `${counted(link.totals.frames, "frame")} since ${link.since}; rates of the last minute`);
    put(parts.rates, "data-as-of", link.as_of);
    const silence = (instant(link.as_of) - instant(link.last_frame)) / 1000;
    write(parts.last, link.state === "down" && link.connection ? connectionWords(link.connection) : link.last_frame === undefined ? (link.totals.datagrams > 0 ? `${count(link.totals.packets)} packets` : "nothing received yet")
      : silence < 2 ? "frames arrive" : `last frame ${span(silence)} ago`);
    const { critical = 0, warning = 0 } = this.worst.get(link.name) ?? {};
    write(parts.problems, [critical && `${critical} critical`, warning && counted(warning, "warning")].filter(Boolean).join(", "));
    put(parts.problems, "class", critical ? "count critical" : "count warning");
    put(parts.line, "d", sparkline(this.histories.get(link.name)));
  }

  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = this.pool.children.findIndex(({ button }) => button === document.activeElement);
    if (by === undefined || at < 0) return;
    this.pool.children[at + by]?.button.focus();
    event.preventDefault();
  }

  /** The link beside the chosen one, in the order of the list. */
  beside(by) {
    const at = this.names.indexOf(this.chosen);
    return this.names[(at + by + this.names.length) % this.names.length];
  }
}

/** What is done about a connection that is not there. */
function connectionWords(connection) {
  return connection.state === "waiting" ? `next try in ${span(connection.retry_in_seconds ?? 0)}` : connection.state;
}

/** The frame rate of the last quarter of an hour, for a drawing 90 wide and 24 high. */
function sparkline(history) {
  if (!history) return "";
  const rates = Array.from({ length: 90 }, (_, at) => history.frameRate(89 - at));
  const highest = Math.max(...rates.filter(Number.isFinite), 1e-9);
  let path = "";
  rates.forEach((rate, at) => {
    if (!Number.isFinite(rate)) return;
    path += `${at > 0 && Number.isFinite(rates[at - 1]) ? "L" : "M"}${at} ${(22.5 - 20 * (rate / highest)).toFixed(1)}`;
  });
  return path;
}
