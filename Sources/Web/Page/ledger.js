// The loss ledger as a flow: what came in at every level, and where each unit of it ended.

import { onWidth, put, Scene, svg, write, writeExact } from "./dom.js";
import { count, meanings, words } from "./words.js";

/**
 * The levels of a link's ledger: what came in, the one way on, and every branch.
 *
 * A branch is `next` (goes on), `done` (delivered), `idle` (fill, nothing lost), `held` (not decided yet) or `lost`.
 * What stands in `beside` is not of the sum: it never came in.
 *
 * @param applicationProcesses Those of the link, where they do not fit into its document.
 */
export function levels(link, applicationProcesses = link.apids) {
  const ledger = link.ledger;
  const path = (...names) => ["ledger", ...names].join(".");
  const level = (name, title, unit, received, branches, beside = []) => {
    const all = branches.filter(({ value, kind }) => value > 0 || kind === "next" || kind === "done");
    const sum = branches.reduce((total, { value }) => total + value, 0);
    return { name, title, unit, received, path: path(...name.split("."), "received"), branches: all, sum, beside: beside.filter(({ value }) => value > 0) };
  };
  const way = (kind, value, label, at, meaning = meanings[at.split(".").pop()]) => ({ kind, value, label, path: path(...at.split(".")), meaning });
  const lost = (tally, at) =>
    Object.entries(tally)
      .sort((one, other) => other[1] - one[1])
      .map(([reason, value]) => way("lost", value, words(reason), `${at}.${reason}`, meanings[reason]));
  const { datagrams, stream_bytes: stream, codeblocks, frames, zone_bytes: zone, packets, service_data_units: units } = ledger;
  const found = [];
  if (datagrams.received + datagrams.kernel_dropped > 0 || link.transport !== "tcp") {
    found.push(level("datagrams", "Datagrams", "datagrams", datagrams.received, [
      way("next", datagrams.accepted, "accepted", "datagrams.accepted"), ...lost(datagrams.rejected, "datagrams.rejected"),
    ], [way("lost", datagrams.kernel_dropped, "dropped by the kernel", "datagrams.kernel_dropped")]));
  }
  if (stream.received > 0 || link.coding?.lock_state) {
    found.push(level("stream_bytes", "Stream bytes", "bytes", stream.received, [
      way("next", stream.framed, "in units", "stream_bytes.framed"), way("lost", stream.skipped, "skipped", "stream_bytes.skipped"),
      way("held", stream.pending, "pending", "stream_bytes.pending"),
    ]));
  }
  if (codeblocks.received > 0) {
    found.push(level("codeblocks", "Codeblocks", "codeblocks", codeblocks.received, [
      way("next", codeblocks.decoded, "decoded", "codeblocks.decoded"),
      way("lost", codeblocks.uncorrectable, "uncorrectable", "codeblocks.uncorrectable"),
      way("lost", codeblocks.refused, "refused", "codeblocks.refused"),
    ]));
  }
  if (frames.received > 0 || packets.completed === 0) {
    found.push(level("frames", "Frames", "frames", frames.received, [
      way("next", frames.delivered, "delivered", "frames.delivered"), way("idle", frames.idle, "idle", "frames.idle"),
      way("held", frames.pending, "pending", "frames.pending"), way("lost", frames.unlisted, "unlisted", "frames.unlisted"),
      ...lost(frames.rejected, "frames.rejected"),
    ], [{ kind: "lost", value: link.totals.missing, label: "missing by count", path: "totals.missing", meaning: meanings.missing }]));
  }
  found.push(level("zone_bytes", "Packet bytes", "bytes", zone.received, [
    way("next", zone.packets, "in packets", "zone_bytes.packets"), way("idle", zone.idle_packets, "idle packets", "zone_bytes.idle_packets"),
    way("held", zone.pending, "pending", "zone_bytes.pending"), ...lost(zone.discarded, "zone_bytes.discarded"),
  ]));
  const abandoned = Object.values(packets.abandoned).reduce((sum, value) => sum + value, 0);
  found.push({
    ...level("packets", "Packets", "packets", packets.completed, [
      way("done", packets.delivered, "delivered", "packets.delivered"), way("idle", packets.idle, "idle", "packets.idle"),
      ...lost(packets.rejected, "packets.rejected"),
    ], [
      { kind: "lost", value: abandoned, label: "unfinished", meaning: meanings.abandoned },
      { kind: "lost", value: applicationProcesses.reduce((sum, { missing }) => sum + missing, 0), label: "missing by count", meaning: meanings.missing_packets },
    ]),
    path: path("packets", "completed"),
  });
  if (units.bytes.received > 0) {
    found.push({
      ...level("service_data_units.bytes", "Service data", "bytes", units.bytes.received, [
        way("done", units.bytes.delivered, "delivered", "service_data_units.bytes.delivered"),
        way("idle", units.bytes.fill, "fill", "service_data_units.bytes.fill"),
        way("held", units.bytes.pending, "pending", "service_data_units.bytes.pending"),
        ...lost(units.bytes.discarded, "service_data_units.bytes.discarded"),
      ]),
      isApart: true,
    });
  }
  return found;
}

/** The sums of a ledger in words, and whether they all agree. */
export function balance(all) {
  const wrong = all.filter(({ received, sum }) => received !== sum);
  if (wrong.length === 0) return { isBalanced: true, text: "It balances: everything that came in is in exactly one place." };
  const parts = wrong.map(({ title, received, sum }) => `${title.toLowerCase()}: ${count(received)} came in, ${count(sum)} are accounted for`);
  return { isBalanced: false, text: `It does not balance. ${parts.join("; ")}.` };
}

/** Width of so many units: with their logarithm, so that 2 beside 10 million are still seen. */
const thickness = (value) => (value > 0 ? 3 + 4.6 * Math.log10(value) : 0);

const marks = { next: "", done: "✓ ", idle: "○ ", held: "… ", lost: "✕ " };

/** Draws levels into an `svg` that is as wide as what it stands in: from left to right, or downwards where that is narrow. */
export class LedgerFlow {
  constructor(drawing) {
    this.drawing = drawing;
    this.scene = new Scene(drawing, ["ribbons", "bars", "labels"]);
    this.width = 0;
    onWidth(drawing.parentNode, (width) => {
      this.width = width;
      if (this.levels) this.show(this.levels);
    });
  }

  show(all) {
    this.levels = all;
    if (this.width === 0) return;
    this.scene.begin();
    const height = this.width / all.length >= 138 ? this.across(all) : this.downwards(all);
    this.scene.end();
    put(this.drawing, "viewBox", `0 0 ${this.width} ${height}`);
  }

  // From left to right

  across(all) {
    const column = this.width / all.length;
    const [top, row, bar] = [64, 36, 10];
    const run = column < 190 ? 14 : 26;
    let bottom = 0;
    all.forEach((level, index) => {
      const x = Math.round(index * column) + 2;
      this.heading(level, x, 15);
      const [ahead, ...others] = inOrder(level.branches);
      const widths = [ahead, ...others].map(({ value }) => thickness(value));
      const height = Math.max(2, widths.reduce((sum, width) => sum + width, 0));
      this.bar(level, x, top, bar, height);
      let y = top + widths[0];
      this.ahead(level, ahead, all[index + 1], x + bar, top, widths[0], Math.round((index + 1) * column) + 2, column);
      // The branches leave the bar one below the other, and end in rows that have room for their words.
      let rowTop = top + Math.max(widths[0] + (this.hasRoom(ahead, widths[0], column) ? 12 : 28), 30);
      others.forEach((branch, number) => {
        const width = widths[number + 1];
        const end = rowTop + (row - 6 - width) / 2;
        this.ribbon(level, branch, x + bar, y, x + bar + run, end, width);
        this.label(level, branch, x + bar + run + 6, rowTop + 13);
        y += width;
        rowTop += Math.max(row, width + 6);
      });
      for (const branch of level.beside) {
        this.beside(level, branch, x + bar + 3, rowTop, run - 3);
        this.label(level, branch, x + bar + run + 6, rowTop + 13);
        rowTop += row;
      }
      bottom = Math.max(bottom, rowTop, top + height + 8);
    });
    return Math.ceil(bottom + 2);
  }

  /** What goes on to the next level, or is delivered. */
  ahead(level, branch, next, x, y, width, end, column) {
    if (!branch) return;
    const name = `${level.name} ${branch.label}`;
    const goesOn = branch.kind === "next" && next !== undefined && !next.isApart;
    if (width > 0) {
      const total = goesOn ? Math.max(2, next.branches.reduce((sum, { value }) => sum + thickness(value), 0)) : width;
      const into = goesOn ? Math.min(total, Math.max(width, thickness(next.received))) : width;
      const [from, to] = [x, goesOn ? end : end - 14];
      const middle = (from + to) / 2;
      const shape = `M${from} ${y}H${to}V${y + into}C${middle} ${y + into} ${middle} ${y + width} ${from} ${y + width}Z`;
      this.scene.part("ribbons", "path", name, { d: shape, class: `ribbon ${branch.kind}` });
    }
    const count = this.label(level, branch, x + 9, y + (width >= 19 ? width / 2 + 5.5 : width + 15));
    put(count.reason, "class", `reason ${branch.kind} ahead`);
    // Beside the number where there is room, below it where there is not.
    if (this.hasRoom(branch, width, column)) {
      put(count.reason, "x", x + 15 + digitWidth * count.number.textContent.length);
      put(count.reason, "y", count.number.getAttribute("y"));
    } else if (width >= 19) {
      put(count.reason, "y", y + width + 14);
    }
  }

  /** Whether the words about what goes on fit into its ribbon. */
  hasRoom(branch, width, column) {
    return width >= 19 && 24 + digitWidth * count(branch.value).length + 7 * (branch.label.length + 2) < column;
  }

  ribbon(level, branch, x, y, end, endY, width) {
    if (width <= 0) return;
    const middle = (x + end) / 2;
    const shape =
      `M${x} ${r(y)}C${middle} ${r(y)} ${middle} ${r(endY)} ${end} ${r(endY)}V${r(endY + width)}` +
      `C${middle} ${r(endY + width)} ${middle} ${r(y + width)} ${x} ${r(y + width)}Z`;
    this.scene.part("ribbons", "path", `${level.name} ${branch.label}`, { d: shape, class: `ribbon ${branch.kind}` });
  }

  /** What never came in has no part of the bar. */
  beside(level, branch, x, y, length) {
    const width = thickness(branch.value);
    const middle = y + 15 - width / 2;
    this.scene.part("ribbons", "rect", `${level.name} beside ${branch.label}`, { x, y: r(middle), width: length, height: r(width), class: "ribbon beside" });
  }

  // Downwards

  downwards(all) {
    const [left, row, bar] = [2, 26, 8];
    let y = 0;
    all.forEach((level, index) => {
      const [ahead, ...others] = inOrder(level.branches);
      const trunk = ahead ? thickness(ahead.value) : 0;
      this.heading(level, 62, y + 15, true);
      const barTop = y + 26;
      const widths = others.map(({ value }) => thickness(value));
      const total = Math.max(2, trunk + widths.reduce((sum, width) => sum + width, 0));
      const scale = Math.min(1, 54 / total);
      this.bar(level, left, barTop, total * scale, bar);
      let rowTop = barTop + bar + 2;
      // The first row belongs to the branch at the far end, so that none crosses another.
      let x = left + total * scale;
      const aheadRow = rowTop;
      if (ahead) {
        this.label(level, ahead, 70, rowTop + 17, true);
        rowTop += row;
      }
      others.forEach((branch, number) => {
        const width = widths[number] * scale;
        const end = rowTop + (row - width) / 2;
        x -= width;
        if (width > 0) {
          const shape = `M${r(x + width)} ${barTop + bar}V${r(end - 4)}Q${r(x + width)} ${r(end)} ${r(x + width + 4)} ${r(end)}H64V${r(end + width)}` +
            `H${r(x + 4)}Q${r(x)} ${r(end + width)} ${r(x)} ${r(end + width - 4)}V${barTop + bar}Z`;
          this.scene.part("ribbons", "path", `${level.name} ${branch.label}`, { d: shape, class: `ribbon ${branch.kind}` });
        }
        this.label(level, branch, 70, rowTop + 17, true);
        rowTop += row;
      });
      for (const branch of level.beside) {
        const width = thickness(branch.value) * scale;
        this.scene.part("ribbons", "rect", `${level.name} beside ${branch.label}`,
          { x: 46, y: r(rowTop + (row - width) / 2), width: 16, height: r(width), class: "ribbon beside" });
        this.label(level, branch, 70, rowTop + 17, true);
        rowTop += row;
      }
      y = rowTop + 14;
      const goesOn = ahead?.kind === "next" && all[index + 1] !== undefined && !all[index + 1].isApart;
      if (trunk > 0) {
        const end = goesOn ? y + 26 : aheadRow + row - 6;
        this.scene.part("ribbons", "path", `${level.name} trunk`,
          { d: `M${left} ${barTop + bar}H${r(left + trunk * scale)}V${end}H${left}Z`, class: `ribbon ${ahead.kind}` });
      }
    });
    return Math.ceil(y);
  }

  // Parts of both

  /** Where numbers end that stand in a column: near their words, however wide it is. */
  get end() {
    return Math.min(this.width - 2, 480);
  }

  heading(level, x, y, isOneLine = false) {
    const agrees = level.received === level.sum;
    this.scene.part("labels", "text", `${level.name} title`, { x, y, class: "title" }, level.title);
    const number = this.scene.part("labels", "text", `${level.name} received`,
      isOneLine ? { x: this.end, y, class: "received", "text-anchor": "end" } : { x, y: y + 22, class: "received" });
    writeExact(number, level.path, level.received, count(level.received));
    this.scene.part("labels", "text", `${level.name} sum`,
      isOneLine ? { x: x + 100, y, class: agrees ? "sum" : "sum wrong" } : { x, y: y + 39, class: agrees ? "sum" : "sum wrong" },
      agrees ? "= all below" : `✕ ${count(Math.abs(level.received - level.sum))} unaccounted`);
  }

  bar(level, x, y, width, height) {
    this.scene.part("bars", "rect", `${level.name} bar`, { x, y, width: r(width), height: r(height), class: "bar" });
  }

  label(level, branch, x, y, isOneLine = false) {
    const name = `${level.name} ${level.beside.includes(branch) ? "beside " : ""}${branch.label}`;
    const kind = level.beside.includes(branch) ? "beside" : branch.kind;
    const number = this.scene.part("labels", "text", `${name} count`, isOneLine
      ? { x: this.end, y, class: `count ${kind}`, "text-anchor": "end" } : { x, y, class: `count ${kind}` });
    if (branch.path) writeExact(number, branch.path, branch.value, count(branch.value));
    else write(number, count(branch.value));
    const text = this.scene.part("labels", "text", `${name} reason`,
      { x, y: isOneLine ? y : y + 15, class: `reason ${kind}` }, (kind === "beside" ? "⌀ " : marks[branch.kind]) + branch.label);
    if (branch.meaning && text.childNodes.length < 2) {
      const hint = svg("title");
      hint.append(branch.meaning);
      text.append(hint);
    }
    return { number, reason: text };
  }
}

/** A digit of the number of a branch, with what is between digits. */
const digitWidth = 8.8;

const r = (value) => Math.round(value * 10) / 10;

/** The way on first, then fill, what is held, and the losses. */
function inOrder(branches) {
  const place = { next: 0, done: 0, idle: 1, held: 2, lost: 3 };
  return [...branches].sort((one, other) => place[one.kind] - place[other.kind]);
}
