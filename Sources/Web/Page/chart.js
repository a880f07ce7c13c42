// A line over the last hour, with a cursor that goes by pointer and by keyboard.

import { element, onWidth, put, Scene, svg, write } from "./dom.js";
import { stepCount, stepSeconds } from "./history.js";
import { clock } from "./words.js";

const left = 52;
const right = 8;
const top = 8;
const bottom = 20;

/**
 * One figure.
 *
 * - title, note: what it shows, and a word about it.
 * - series: `{ label, className, value(history, distance), isArea }`; the first is what the big figure says.
 * - format: a value in words. ticks(largest): where the lines of the grid are, the highest last; a logarithmic scale has `range`.
 * - marks: `{ value(history, distance), label(value) }`, ticks above the time axis.
 */
export class Chart {
  constructor(parent, options, cursor) {
    Object.assign(this, { options, cursor, width: 0, height: 132 });
    this.now = element("span", { class: "now" });
    this.note = element("span", { class: "note" });
    // To the keyboard it is what a slider is: a value, and arrows to others.
    this.drawing = svg("svg", {
      class: "plot", role: "slider", tabindex: "0", "aria-orientation": "horizontal", "aria-valuemin": -(stepCount - 1) * stepSeconds, "aria-valuemax": 0,
    });
    this.title = element("h3", {}, options.title);
    const caption = element("figcaption", {}, this.title, this.now, this.note);
    this.node = element("figure", { class: "chart" }, caption, this.drawing);
    parent.append(this.node);
    this.scene = new Scene(this.drawing, ["grid", "lines", "marks", "cursor"]);
    onWidth(this.node, (width) => {
      this.width = width;
      this.draw();
    });
    this.drawing.addEventListener("pointermove", (event) => cursor.set(this.distance((event.offsetX * this.width) / this.drawing.clientWidth)));
    this.drawing.addEventListener("pointerleave", () => cursor.set(undefined));
    this.drawing.addEventListener("blur", () => cursor.set(undefined));
    this.drawing.addEventListener("keydown", (event) => this.key(event));
  }

  show(history) {
    this.history = history;
    this.draw();
  }

  // Where things are

  x(distance) {
    return Math.round((left + ((stepCount - 0.5 - distance) / stepCount) * (this.width - left - right)) * 10) / 10;
  }

  distance(x) {
    const distance = Math.round(stepCount - 0.5 - ((x - left) / (this.width - left - right)) * stepCount);
    return Math.min(stepCount - 1, Math.max(0, distance));
  }

  y(value, scale) {
    const portion = scale.isLogarithmic
      ? Math.log(Math.max(value, scale.lowest) / scale.lowest) / Math.log(scale.highest / scale.lowest)
      : value / scale.highest;
    return Math.round((this.height - bottom - Math.min(1, portion) * (this.height - top - bottom)) * 10) / 10;
  }

  key(event) {
    const by = { ArrowLeft: 1, ArrowRight: -1, PageUp: 30, PageDown: -30 }[event.key];
    if (by !== undefined) this.cursor.set(Math.min(stepCount - 1, Math.max(0, (this.cursor.distance ?? 0) + by)));
    else if (event.key === "Home") this.cursor.set(stepCount - 1);
    else if (event.key === "End") this.cursor.set(0);
    else if (event.key === "Escape") this.cursor.set(undefined);
    else return;
    event.preventDefault();
  }

  // What is drawn

  draw() {
    const { history, options } = this;
    if (!history || this.width === 0) return;
    put(this.drawing, "viewBox", `0 0 ${this.width} ${this.height}`);
    const known = Number.isFinite(history.last);
    const rows = options.series.map((series) => Array.from({ length: stepCount }, (_, distance) => (known ? series.value(history, distance) : NaN)));
    const largest = Math.max(...rows.flat().filter(Number.isFinite), 0);
    const ticks = options.ticks(largest);
    const scale = { highest: ticks.at(-1), lowest: ticks[0], isLogarithmic: options.isLogarithmic };
    this.scene.begin();
    ticks.forEach((value, number) => {
      const y = this.y(value, scale);
      this.scene.part("grid", "path", `line ${number}`, { d: `M${left} ${y}H${this.width - right}` });
      this.scene.part("grid", "text", `tick ${number}`, { x: left - 6, y: y + 4, "text-anchor": "end" }, options.tick(value));
    });
    this.times(history);
    options.series.forEach((series, number) => this.line(series, rows[number], scale, number));
    this.marks(history, known);
    this.readout(history, rows, scale);
    this.scene.end();
  }

  line(series, row, scale, number) {
    let [path, area, began] = ["", "", -1];
    const base = this.height - bottom;
    const end = (distance) => {
      if (began >= 0) area += `L${this.x(distance + 1)} ${base}Z`;
      began = -1;
    };
    for (let distance = stepCount - 1; distance >= 0; distance--) {
      if (!Number.isFinite(row[distance])) {
        end(distance);
        continue;
      }
      const point = `${this.x(distance)} ${this.y(row[distance], scale)}`;
      if (began < 0) {
        // A point alone is a dot.
        path += `M${point}h0`;
        area += `M${this.x(distance)} ${base}L${point}`;
        began = distance;
      } else {
        path += `L${point}`;
        area += `L${point}`;
      }
    }
    end(-1);
    if (series.isArea) this.scene.part("lines", "path", `area ${number}`, { d: area, class: `area ${series.className}` });
    this.scene.part("lines", "path", `line ${number}`, { d: path, class: `line ${series.className}` });
  }

  marks(history, known) {
    const { marks } = this.options;
    if (!marks) return;
    let path = "";
    for (let distance = 0; known && distance < stepCount; distance++) {
      const value = marks.value(history, distance);
      if (value > 0) path += `M${this.x(distance)} ${this.height - bottom}v${-4 - Math.min(16, 4 * Math.log10(value))}`;
    }
    this.scene.part("marks", "path", "marks", { d: path });
  }

  times(history) {
    const y = this.height - 5;
    if (!Number.isFinite(history.last)) return;
    const quarter = (this.width > 420 ? 10 : 20) * 60;
    const newest = history.last * stepSeconds;
    for (let time = Math.floor(newest / quarter) * quarter; time > newest - stepCount * stepSeconds; time -= quarter) {
      const x = this.x((newest - time) / stepSeconds);
      if (x < left + 4) continue;
      this.scene.part("grid", "path", `time ${time % 14400}`, { d: `M${x} ${top}V${this.height - bottom}`, class: "time" });
      if (x < this.width - 20) {
        this.scene.part("grid", "text", `at ${time % 14400}`, { x, y, "text-anchor": "middle" }, clock(time * 1000).slice(0, 5));
      }
    }
  }

  readout(history, rows, scale) {
    const { options, cursor } = this;
    const at = cursor.distance;
    const newest = rows[0].findIndex(Number.isFinite);
    const distance = at ?? (newest >= 0 && newest < 6 ? newest : -1);
    const value = distance >= 0 ? rows[0][distance] : NaN;
    write(this.now, Number.isFinite(value) ? options.format(value) : "–");
    let note = options.note?.(history, distance >= 0 ? distance : undefined) ?? "";
    if (at !== undefined && Number.isFinite(history.last)) {
      note = `at ${clock((history.last - at) * stepSeconds * 1000)} ${note && `· ${note}`}`;
      const x = this.x(at);
      this.scene.part("cursor", "path", "line", { d: `M${x} ${top}V${this.height - bottom}` });
      if (Number.isFinite(value)) this.scene.part("cursor", "circle", "dot", { cx: x, cy: this.y(value, scale), r: 3.5 });
    }
    write(this.note, note);
    put(this.drawing, "aria-label", `${this.title.textContent}, last hour`);
    put(this.drawing, "aria-valuenow", -(at ?? 0) * stepSeconds);
    put(this.drawing, "aria-valuetext", `${this.now.textContent}, ${note}`);
  }
}

/** Where all figures show their values: so many steps ago, or nowhere. */
export class Cursor {
  set(distance) {
    if (distance === this.distance) return;
    this.distance = distance;
    this.changed?.();
  }
}

/** Lines of a grid from zero to a round number that is not below the largest value. */
export function fromZero(largest, least) {
  const wanted = Math.max(largest, least);
  const unit = 10 ** Math.floor(Math.log10(wanted));
  const highest = [1, 1.2, 1.6, 2, 3, 4, 6, 8, 10].map((factor) => factor * unit).find((value) => value >= wanted * 0.999);
  return [0, highest / 2, highest];
}
