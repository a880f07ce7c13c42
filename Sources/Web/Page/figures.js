// The figures of the last hour: what came, how fast, how well, and how late.

import { Chart, Cursor, fromZero } from "./chart.js";
import { put, show, write } from "./dom.js";
import { count, delay, rounded, scaled, span } from "./words.js";

/** Four figures with one cursor; that of the code is there where there is a code. */
export class HourFigures {
  constructor(panel) {
    this.place = panel.querySelector(".charts");
    this.cursor = new Cursor();
    this.cursor.changed = () => this.show(this.history, this.link);
    this.hasFrames = true;
    this.figures = [this.rate(), this.bits(), this.corrections(), this.latency()].map((options) => ({
      options, chart: new Chart(this.place, options, this.cursor),
    }));
  }

  show(history, link) {
    Object.assign(this, { history, link });
    this.hasFrames = link === undefined || link.totals.frames > 0 || link.totals.packets === 0;
    write(this.figures[0].chart.title, this.hasFrames ? "Frames per second" : "Packets per second");
    let visibleCount = 0;
    for (const { options, chart } of this.figures) {
      const isThere = options.needs === undefined || link?.coding?.[options.needs] !== undefined;
      show(chart.node, isThere);
      visibleCount += isThere ? 1 : 0;
      if (isThere && history) chart.show(history);
    }
    put(this.place, "data-count", visibleCount);
  }

  rate() {
    return {
      title: "Frames per second", format: (value) => scaled(value, ""), tick: rounded, ticks: (largest) => fromZero(largest, 10),
      series: [{ className: "rate", isArea: true, value: (history, distance) => history.frameRate(distance) }],
      marks: { value: (history, distance) => history.value("missing", distance) },
      note: (history, distance) => (this.hasFrames ? this.sum(history, "missing", "missing", distance) : ""),
    };
  }

  bits() {
    return {
      title: "Bit rate", format: (value) => scaled(value, "bit/s"), tick: rounded, ticks: (largest) => fromZero(largest, 1000),
      series: [{ className: "rate", isArea: true, value: (history, distance) => history.value("bits", distance) }],
      marks: { value: (history, distance) => history.value("dropped", distance) },
      note: (history, distance) => this.sum(history, "dropped", "dropped by the kernel", distance),
    };
  }

  corrections() {
    return {
      title: "Corrected symbols", needs: "margin",
      format: (value) => `${scaled(value, "")} per frame`, tick: rounded, ticks: (largest) => fromZero(largest, 1),
      series: [{
        className: "margin", isArea: true,
        value: (history, distance) => history.value("corrected", distance) / history.value("frames", distance),
      }],
      note: () => {
        const margin = this.cursor.distance === undefined ? this.link?.coding?.margin : undefined;
        return margin?.margin_symbols === undefined ? "" : `margin ${margin.margin_symbols} of ${margin.correctable} symbols in the last minute`;
      },
    };
  }

  latency() {
    return {
      title: "Latency, 99 %", format: delay, tick: delay, ticks: () => [0.00005, 0.001, 0.01, 0.1, 1], isLogarithmic: true,
      series: [{ className: "latency", value: (history, distance) => history.value("latency", distance) }],
      note: () => "kernel's time stamp to decoded frame",
    };
  }

  /** How much of something there was at the cursor, or in all that is known of the hour. */
  sum(history, name, text, distance) {
    if (distance !== undefined && this.cursor.distance !== undefined) return `${count(history.value(name, distance) || 0)} ${text}`;
    const { sum, seconds } = history.total(name);
    const time = seconds >= 3590 ? "the hour" : span(seconds);
    return Number.isNaN(seconds) ? "" : sum > 0 ? `${count(sum)} ${text} in ${time}` : `none ${text} in ${time}`;
  }
}
