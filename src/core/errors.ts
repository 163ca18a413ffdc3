/**
 * What the system says when it does not do what was asked. The message of each is written for the
 * person or system that asked: what is wrong, and what to do instead. It never holds a name, an
 * NHS number or free text of a case.
 */

/** A rule says no. Nothing was stored. `code` is stable, for tests and partners' systems. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
  }
}

/** One thing wrong with what was sent: where (a dotted path), and what to do about it. */
export interface Problem {
  readonly field: string;
  readonly message: string;
}

/** What was sent cannot be what it says it is: one entry for each field that is wrong. */
export class Invalid extends Error {
  readonly problems: readonly Problem[];
  constructor(message: string, problems: readonly Problem[]) {
    super(message);
    this.name = 'Invalid';
    this.problems = problems;
  }
}

/** Another writer was faster, or the id is taken. Load again and decide again. */
export class Conflict extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Conflict';
  }
}

/**
 * The store or a service did not answer. `took` says whether the request can have taken effect:
 * `no` it surely did not; `unknown` it may have.
 */
export class Unavailable extends Error {
  readonly took: 'no' | 'unknown';
  /** How long the service asked to be left alone, in milliseconds, if it said so. */
  readonly retryAfterMs: number | undefined;
  constructor(message: string, took: 'no' | 'unknown', options?: ErrorOptions & { retryAfterMs?: number }) {
    super(message, options);
    this.name = 'Unavailable';
    this.took = took;
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Bad configuration: every bad value with its remedy. The process exits 78. */
export class BadConfiguration extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.field}: ${problem.message}`).join('\n'));
    this.name = 'BadConfiguration';
    this.problems = problems;
  }
}
