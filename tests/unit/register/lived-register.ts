import type { Agreement } from '../../../src/agreement/agreement.ts';
import { applyAgreement } from '../../../src/agreement/apply.ts';
import { systemChance } from '../../../src/core/chance.ts';
import type { TimerDoc } from '../../../src/core/change.ts';
import type { Clock } from '../../../src/core/clock.ts';
import { Invalid, Refused } from '../../../src/core/errors.ts';
import type { Escalation } from '../../../src/escalations/escalation.ts';
import type { CaseDoc } from '../../../src/register/case.ts';
import { type Imported, listIn } from '../../../src/register/list.ts';
import type { ListFile } from '../../../src/register/reading.ts';
import { openEmbedded } from '../../../src/store/embedded.ts';
import type { Store } from '../../../src/store/store.ts';
import { wire } from '../../../src/wire.ts';
import { riverside } from '../agreement/demo.ts';

export const NOW = '2026-11-23T09:00:00.000Z';
export const PATHWAY = 'riverside';
/** The columns of Harbour's list, the shortest. */
export const HEADER = 'Ref,Name,Born,NHS,Held by,Status';
export const operator = { kind: 'system', job: 'operator' } as const;

const SYLLABLES =
  'ash brad cliff dale east field gar hill kel lang mar nor oak pres red stan thorn wake'.split(' ');
/** A line of Harbour's list about somebody who is like nobody of another number. */
export function row(id: string, holder = 'harbour'): string {
  const n = Number(id.replace(/\D/g, ''));
  const part = (at: number): string => SYLLABLES[at % SYLLABLES.length] ?? '';
  const two = (at: number): string => String(at).padStart(2, '0');
  const born = `${1920 + ((n * 7) % 80)}-${two(1 + ((n * 5) % 12))}-${two(1 + ((n * 11) % 28))}`;
  return `${id},${part(n)}${part(Math.floor(n / SYLLABLES.length) + n * 5)},${born},,${holder},open`;
}

const bytesOf = (text: string) =>
  async function* (): AsyncGenerator<Uint8Array> {
    const whole = new TextEncoder().encode(text);
    for (let at = 0; at < whole.length; at += 50) yield whole.subarray(at, at + 50);
  };

/** A register over a store in memory, with the demo's agreement in force; the store may be wrapped. */
export async function livedRegister(
  around: (store: Store) => Store = (store) => store,
  random: () => number = systemChance.random,
) {
  const inner = openEmbedded({ path: ':memory:' });
  const store = around(inner);
  let now = NOW;
  const clock: Clock = { now: () => now, sleep: async () => undefined };
  const wired = wire({ store, clock, chance: { ...systemChance, random }, channel: async () => undefined });
  const terms = riverside();
  await applyAgreement({ store: inner, run: wired.run }, terms, { system: 'operator' }, { yes: true });
  const cases = async (): Promise<CaseDoc[]> => {
    const found: CaseDoc[] = [];
    for await (const { doc } of inner.everything(PATHWAY))
      if (doc.kind === 'case') found.push(doc as CaseDoc);
    return found.sort((a, b) => ((a.aliases.harbour ?? '') < (b.aliases.harbour ?? '') ? -1 : 1));
  };
  return {
    store: inner,
    now: NOW,
    /** The clock stands at another time. */
    passes: (to: string): void => {
      now = to;
    },
    terms,
    wired,
    cases,
    /** Imports Harbour's list of these lines. */
    imports: (lines: readonly string[], more: Partial<ListFile> = {}): Promise<Imported> =>
      wired.lists.importList(
        PATHWAY,
        operator,
        { provider: 'harbour', bytes: bytesOf([HEADER, ...lines].join('\n')), ...more },
        now,
      ),
    /** As `imports`; a list that is held is looked at and confirmed. */
    async insists(lines: readonly string[], more: Partial<ListFile> = {}): Promise<Imported> {
      const held = await this.imports(lines, more).catch((error: unknown) => error);
      if (!(held instanceof Refused) || held.code !== 'list-held') {
        if (held instanceof Error) throw held;
        return held as Imported;
      }
      return this.imports(lines, { ...more, confirmed: true });
    },
    bytesOf,
    /** Puts changed terms in force. */
    async agrees(change: (terms: Agreement) => void): Promise<void> {
      const next = structuredClone(terms);
      change(next);
      const deps = { store: inner, run: wired.run, agreements: wired.agreements };
      await applyAgreement(deps, next, { system: 'operator' }, { yes: true });
    },
    /** Fires every timer of cases that were taken from a list, and of lists that another one followed, as the ticker would. */
    async settles(): Promise<void> {
      const due = await inner.page<TimerDoc>(PATHWAY, 'due', { limit: 1_000 });
      for (const { doc, key } of due) {
        const { fires, subject } = doc;
        if (fires === 'register.taken') await wired.register.taken(PATHWAY, key.caseId);
        if (fires === 'register.look') await wired.register.look(PATHWAY, 'harbour', listIn(subject));
      }
    },
    /** Everything held about the pathway but its agreement and its secret. */
    async kept(): Promise<string[]> {
      const all: string[] = [];
      for await (const { key, doc } of inner.everything(PATHWAY))
        all.push(`${key.caseId} ${JSON.stringify(doc)}`);
      return all.sort();
    },
    /** Escalations that run with a timer of their own, by partition and subject. */
    async climbing(): Promise<string[]> {
      const timers = new Set<string>();
      const running: string[] = [];
      for await (const { key, doc } of inner.everything(PATHWAY)) {
        if (doc.kind === 'timer')
          timers.add(`${key.caseId} ${(doc as unknown as { subject: string }).subject}`);
        if (doc.kind === 'escalation' && (doc as Escalation).state === 'running')
          running.push(`${key.caseId} ${doc.id}`);
      }
      return running.filter((one) => timers.has(one)).sort();
    },
    /** What a refused import told. */
    async told(lines: readonly string[], more: Partial<ListFile> = {}): Promise<string> {
      const error = await this.imports(lines, more).then(
        () => undefined,
        (refused: Error) => refused,
      );
      if (!error) return 'it went in';
      const problems = error instanceof Invalid ? error.problems : [];
      return [error.message, ...problems.map(({ field, message }) => `${field}: ${message}`)].join('\n');
    },
  };
}
