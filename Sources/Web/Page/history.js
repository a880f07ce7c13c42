// The last hour of every link, in steps of ten seconds: a bounded ring each, whatever the page has been through.

export const stepSeconds = 10;
export const stepCount = 360;

const names = ["seconds", "frames", "bits", "missing", "corrected", "dropped", "latency"];

/** What one link did in each of the last 360 steps. Not a number where nothing is known. */
export class History {
  constructor() {
    this.last = NaN;
    this.rows = Object.fromEntries(names.map((name) => [name, new Float64Array(stepCount).fill(NaN)]));
  }

  /** The step of a time in milliseconds since 1970. */
  static step(time) {
    return Math.floor(time / (1000 * stepSeconds));
  }

  /** The value of a step, by its distance from the newest one: 0 is the newest. */
  value(name, distance) {
    return this.rows[name][(((this.last - distance) % stepCount) + stepCount) % stepCount];
  }

  /** Takes the summary of a link, which says what was counted up to now. */
  observe(link) {
    const time = Date.parse(link.as_of);
    const now = counters(link, time);
    const before = this.before;
    if (before !== undefined && time <= before.time) return;
    this.before = now;
    this.advance(History.step(time));
    const index = this.last % stepCount;
    // Over a silence of the page nothing can be said about single steps.
    if (before === undefined || time - before.time > 30000) return;
    for (const name of ["frames", "missing", "corrected", "dropped"]) {
      this.rows[name][index] = fallback(this.rows[name][index], 0) + Math.max(0, now[name] - before[name]);
    }
    this.rows.seconds[index] = fallback(this.rows.seconds[index], 0) + (time - before.time) / 1000;
    // Frames of now, as long as those of the last minute were.
    const { frames_per_second: frames = 0, bits_per_second: bits = NaN } = link.rates?.last1min ?? {};
    this.rows.bits[index] = frames > 0 ? (this.frameRate(0) * bits) / frames : bits;
    now.buckets.forEach((bucket, number) => {
      this.delays[number].count += Math.max(0, bucket.count - (before.buckets[number]?.count ?? 0));
    });
    this.rows.latency[index] = percentile(this.delays, 0.99);
  }

  /** Takes what the daemon remembers: finished steps, which are whole where those of the page may not be. */
  recall(document) {
    if (document.step_seconds !== stepSeconds) return;
    // A link of packets without frames: the page counts packets, and the daemon's steps are of frames.
    const hasFrames = document.steps.some(({ frames }) => frames > 0);
    for (const step of document.steps) {
      const number = History.step(Date.parse(step.start));
      if (Number.isNaN(this.last)) this.advance(number);
      // The one under way is the page's own.
      if (number > this.last) this.advance(number);
      else if (number <= this.last - stepCount || number === this.last && this.before !== undefined) continue;
      const known = {
        seconds: stepSeconds, frames: hasFrames || !this.before?.hasPackets ? step.frames : NaN, bits: step.bits / stepSeconds, missing: step.missing,
        corrected: step.corrected_symbols, dropped: step.kernel_dropped, latency: step.latency_p99_seconds ?? NaN,
      };
      for (const name of names) this.rows[name][number % stepCount] = known[name];
    }
  }

  /** Frames of a step in a second; the rate of the step that has just begun is that of its seconds. */
  frameRate(distance) {
    return this.value("frames", distance) / this.value("seconds", distance);
  }

  /** How much there was in the steps that are known, and how long ago the first of them began. */
  total(name) {
    let [sum, seconds] = [0, NaN];
    for (let distance = 0; distance < stepCount; distance++) {
      const value = this.value(name, distance);
      if (Number.isNaN(value)) continue;
      sum += value;
      seconds = (distance + 1) * stepSeconds;
    }
    return { sum, seconds };
  }

  /** Moves on to a step; those in between are not known. */
  advance(step) {
    if (step === this.last) return;
    const from = Number.isFinite(this.last) ? Math.max(this.last + 1, step - stepCount + 1) : step;
    for (let next = from; next <= step; next++) {
      for (const name of names) this.rows[name][next % stepCount] = NaN;
    }
    this.last = step;
    this.delays = (this.before?.buckets ?? []).map((bucket) => ({ le: bucket.le_seconds, count: 0 }));
  }
}

const fallback = (value, other) => (Number.isNaN(value) ? other : value);

function counters(link, time) {
  const errors = link.coding?.symbol_errors?.histogram ?? [];
  return {
    time,
    frames: link.totals.frames || link.totals.packets,
    hasPackets: link.totals.frames === 0 && link.totals.packets > 0,
    missing: link.totals.missing,
    corrected: errors.reduce((sum, codewords, symbols) => sum + symbols * codewords, 0),
    dropped: link.totals.kernel_dropped,
    buckets: link.latency.buckets,
  };
}

/** What a share of all delays stayed below. Within a bucket they are taken to lie evenly. */
function percentile(delays, portion) {
  const wanted = portion * delays.reduce((sum, { count }) => sum + count, 0);
  let [below, start] = [0, 0];
  for (const { le, count } of delays) {
    if (count > 0 && below + count >= wanted) return le === undefined ? start : start + ((le - start) * (wanted - below)) / count;
    below += count;
    start = le ?? start;
  }
  return NaN;
}

/** When something was missing: how much in each half minute of the last hour. */
export class GapMarks {
  static seconds = 30;
  static count = 120;

  constructor() {
    this.last = NaN;
    this.marks = new Uint32Array(GapMarks.count);
    this.present = new Uint8Array(GapMarks.count);
  }

  static slot(time) {
    return Math.floor(time / (1000 * GapMarks.seconds));
  }

  advance(slot) {
    if (slot <= this.last) return;
    const from = Number.isFinite(this.last) ? Math.max(this.last + 1, slot - GapMarks.count + 1) : slot;
    for (let next = from; next <= slot; next++) {
      this.marks[next % GapMarks.count] = 0;
      this.present[next % GapMarks.count] = 0;
    }
    this.last = slot;
  }

  /** Adds what was missing at a time in the last hour. */
  add(time, missing) {
    const slot = GapMarks.slot(time);
    if (slot > this.last || Number.isNaN(this.last)) this.advance(slot);
    if (slot > this.last - GapMarks.count) this.marks[slot % GapMarks.count] += missing;
  }

  /** Notes that something came. */
  see(time) {
    this.advance(GapMarks.slot(time));
    this.present[this.last % GapMarks.count] = 1;
  }
}
