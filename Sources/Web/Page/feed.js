// What the daemon says, and how old it is.

const quickest = 1000;
const slowest = 15000;

/**
 * Asks the daemon and listens to it, and goes on by itself when it was away.
 *
 * One stream tells of the chosen link every second, and questions are asked in rounds, never two rounds at once. While
 * the page is hidden nothing is asked, and the stream is closed. Handlers:
 *
 *   links(links), link(document), health(document), version(document): what came;
 *   began(): what is asked once of a run of the daemon;
 *   restarted(): another run of the daemon answers, and what was known is of the one before;
 *   round(ask, count): more questions of the same round.
 */
export class Feed {
  constructor(handlers) {
    this.handlers = handlers;
    this.chosen = undefined;
    this.failures = 0;
    this.rounds = 0;
    this.answeredAt = NaN;
    this.changedAt = NaN;
    this.restMilliseconds = quickest;
    this.nextTryAt = 0;
    this.asOf = "";
    this.commands = new Set();
    this.eventTypes = [];
    document.addEventListener("visibilitychange", () => (document.hidden ? this.pause() : this.resume()));
    addEventListener("online", () => this.resume());
  }

  start() {
    this.resume();
  }

  /** Whether the daemon has answered lately. */
  get isConnected() {
    return this.failures === 0 && Number.isFinite(this.answeredAt);
  }

  /** Seconds since the newest data were new; not a number before the first. */
  get age() {
    return (performance.now() - this.changedAt) / 1000;
  }

  /** Seconds until the next try after a failure. */
  get retryIn() {
    return Math.max(0, (this.nextTryAt - performance.now()) / 1000);
  }

  /** The link to hear of every second. */
  choose(link) {
    if (link === this.chosen) return;
    this.chosen = link;
    this.listen();
  }

  /** Notes how new the data are; the time of the daemon in them has to move on. */
  note(asOf) {
    if (!asOf || asOf === this.asOf) return;
    const back = Date.parse(this.asOf) - Date.parse(asOf);
    // Links are not all of the same moment. Where the clock of the daemon was set back, all that is known is of another time.
    if (back > 0 && back < 5000) return;
    if (back > 0) this.handlers.restarted();
    this.asOf = asOf;
    this.changedAt = performance.now();
  }

  /** The time at the daemon now, in milliseconds since 1970, as far as its last message tells. */
  get now() {
    return Date.parse(this.asOf) + performance.now() - this.changedAt;
  }

  pause() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.close();
  }

  resume() {
    if (document.hidden) return;
    clearTimeout(this.timer);
    this.failures = Math.min(this.failures, 1);
    this.round();
    this.listen();
  }

  // Questions

  async round() {
    if (this.isAsking) return;
    this.isAsking = true;
    clearTimeout(this.timer);
    try {
      await this.questions();
      this.failures = 0;
    } catch (error) {
      if (!(error instanceof Unreachable)) console.error(error);
      this.failures += 1;
      this.close();
      this.handlers.lost?.();
    }
    this.isAsking = false;
    if (document.hidden) return;
    // A second later, and ever later while there is no answer; not all pages of a control room at the same moment.
    const pause = this.failures === 0 ? this.restMilliseconds : Math.min(slowest, quickest * 2 ** (this.failures - 1));
    const wait = this.failures === 0 ? pause : pause * (0.75 + Math.random() / 2);
    this.nextTryAt = performance.now() + wait;
    this.timer = setTimeout(() => this.round(), wait);
  }

  async questions() {
    const turn = this.rounds++;
    // Who answers comes first: of another run, all that is known is out of date.
    if (turn % 2 === 0 || this.failures > 0) {
      const version = await this.ask("version");
      if (this.runID !== undefined && version.run_id !== this.runID) {
        this.asOf = "";
        this.handlers.restarted();
        this.close();
      }
      if (version.run_id !== this.runID) {
        this.runID = version.run_id;
        const schema = await this.ask("schema");
        this.commands = new Set(schema.commands.map(({ name }) => name));
        this.eventTypes = schema.event_types;
        await this.handlers.began();
      }
      this.handlers.version(version);
    }
    const links = await this.pages("links", "links");
    this.answeredAt = performance.now();
    for (const link of links) this.note(link.as_of);
    // Many links make long answers.
    this.restMilliseconds = links.length > 16 ? 3 * quickest : quickest;
    this.handlers.links(links);
    if (turn % 2 === 0) this.handlers.health(await this.ask("health"));
    await this.handlers.round(turn);
    if (!this.source) this.listen();
  }

  /** The answer to one question. Where the daemon has no such command, or nothing to say, `undefined`. */
  async ask(command, parameters = {}) {
    const query = new URLSearchParams(parameters).toString();
    let answer;
    try {
      answer = await fetch(`/api/v1/${command}${query && `?${query}`}`, { cache: "no-store", signal: AbortSignal.timeout(10000) });
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw new Unreachable(`${command}: ${answer.status}`);
      return await answer.json();
    } catch (error) {
      throw error instanceof Unreachable ? error : new Unreachable(`${command}: ${error.message}`);
    }
  }

  /** All rows of an answer that comes in pages, up to `bound`. */
  async pages(command, member, parameters = {}, bound = 65536) {
    const rows = [];
    let cursor;
    do {
      const page = await this.ask(command, cursor === undefined ? parameters : { ...parameters, cursor });
      if (page === undefined) break;
      rows.push(...page[member]);
      cursor = page.cursor;
    } while (cursor !== undefined && rows.length < bound);
    return rows;
  }

  // The stream

  listen() {
    this.close();
    if (this.chosen === undefined || document.hidden || this.failures > 0) return;
    const query = new URLSearchParams({ types: "stats", links: this.chosen, stats_interval_seconds: "1" });
    const source = new EventSource(`/api/v1/watch?${query}`);
    this.source = source;
    const ifCurrent = (handle) => (message) => {
      if (source === this.source) handle(message);
    };
    source.addEventListener("stats", ifCurrent((message) => {
      const document = JSON.parse(message.data);
      if (document.link !== this.chosen) return;
      this.note(document.as_of);
      this.handlers.link(document);
    }));
    // Whoever says goodbye, or is gone, is asked again with the next round.
    source.addEventListener("bye", ifCurrent(() => this.close()));
    source.addEventListener("error", ifCurrent(() => this.close()));
  }

  close() {
    this.source?.close();
    this.source = undefined;
  }
}

/** There is no answer, or none that helps. */
class Unreachable extends Error {}
