// What is wrong, in words.

import { element, Limited, Pool, put, setSign, show, sign, write } from "./dom.js";
import { counted, instant, moment, span } from "./words.js";

const severities = { critical: 0, warning: 1 };

/** What is wrong, what it means, and what to do. */
export class ProblemList {
  constructor(panel) {
    this.tally = panel.querySelector(".tally");
    this.nothing = panel.querySelector(".nothing");
    this.panel = panel;
    this.limited = new Limited(panel.querySelector(".more"), 5, "problems");
    this.limited.changed = () => this.show(...this.shown);
    this.pool = new Pool(panel.querySelector(".problems"), problemRow, (parts, problem) => this.fill(parts, problem));
  }

  show(problems, total, now) {
    this.shown = [problems, total, now];
    this.now = now;
    const ordered = [...problems].sort((one, other) => severities[one.severity] - severities[other.severity]);
    const critical = problems.filter(({ severity }) => severity === "critical").length;
    write(this.tally, total > 0 ? [critical && `${critical} critical`, total > critical && counted(total - critical, "warning")].filter(Boolean).join(", ") : "");
    show(this.nothing, total === 0);
    put(this.panel, "data-worst", total === 0 ? "ok" : critical ? "critical" : "warning");
    this.pool.show(this.limited.pick(ordered, 200, total));
  }

  fill(parts, problem) {
    setSign(parts.sign, problem.severity);
    put(parts.node, "data-severity", problem.severity);
    write(parts.severity, problem.severity);
    write(parts.link, problem.link ?? "daemon");
    const since = instant(problem.since);
    write(parts.since, Number.isFinite(since) ? `since ${moment(since, this.now)}, ${span((this.now - since) / 1000)}` : "");
    write(parts.message, problem.message);
    write(parts.meaning, problem.meaning);
    write(parts.hint, problem.hint);
  }
}

function problemRow() {
  const parts = { sign: sign("warning") };
  for (const name of ["severity", "link", "since", "message", "meaning", "hint"]) parts[name] = element("span", { class: name });
  const head = element("p", { class: "head" }, parts.sign, parts.severity, " ", parts.link, " ", parts.since);
  const body = element("p", {}, parts.message, ": ", parts.meaning, ".");
  return { ...parts, node: element("li", {}, head, body, element("p", { class: "do" }, element("b", {}, "Do: "), parts.hint)) };
}
