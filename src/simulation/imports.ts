import { Refused, Unavailable } from '../core/errors.ts';
import type { Imported } from '../register/list.ts';
import type { Happening } from './happening.ts';
import { PATHWAY } from './pathway.ts';
import { type Identity, personOfLine } from './people.ts';
import { diceOf } from './seeded.ts';
import type { VirtualTime } from './time.ts';
import type { Worker } from './worker.ts';

/** A line of a simulated caseload list; an empty holder: nobody holds the case. */
export interface ListLine {
  readonly id: string;
  readonly holder: string;
  readonly status: 'open' | 'closed';
  readonly outcome: string;
  readonly person: Identity;
}

/** Lines that nobody holds, in a list that brings more than get a card each. */
const MANY = 22;

/** One edition of a provider's list. Every edition has the lines of the one before, and some more. */
export function linesOf(seed: number, provider: string, edition: number): readonly ListLine[] {
  const lines: ListLine[] = [];
  for (let one = 1; one <= edition; one++) {
    const dice = diceOf(seed, 'list', provider, one);
    const usual = dice.between(3, 7);
    const many = dice.happens(0.22) ? MANY : 0;
    for (let k = 1; k <= usual + many; k++) {
      const nobodys = k > usual || dice.happens(0.3);
      const id = `${provider}-${one}-${k}`;
      const held = nobodys ? '' : provider;
      lines.push({
        id,
        holder: held,
        status: 'open',
        outcome: 'Visit',
        person: personOfLine(id),
        ...turned(seed, id, held, edition - one),
      });
    }
  }
  return lines;
}

/** What a list says of a case that it had before: closed, without an outcome, or with another holder; mostly nothing. */
function turned(seed: number, id: string, holder: string, editions: number): Partial<ListLine> {
  const dice = diceOf(seed, 'turned', id, editions);
  if (editions === 0 || holder === '' || dice.happens(0.55)) return {};
  if (dice.happens(0.3)) return { holder: dice.pick(['prime', 'hospice', 'rapid', 'charity']) };
  return { status: 'closed', ...(dice.happens(0.6) && { outcome: '' }) };
}

function csvOf(lines: readonly ListLine[]): string {
  const rows = lines.map(
    ({ id, holder, status, outcome, person: { given, surname, dob = '' } }) =>
      `${id},${given},${surname},${dob},${holder},${status},${outcome}`,
  );
  return ['Ref,First,Surname,Born,Held by,Status,Outcome', ...rows].join('\n');
}

export interface ImportDeps {
  readonly seed: number;
  readonly time: VirtualTime;
  readonly workers: readonly Worker[];
  readonly met: (what: string) => void;
  readonly note: (who: string, what: string) => void;
  /** Told what came of an import that went through. */
  readonly imported: (provider: string, lines: readonly ListLine[], done: Imported) => void;
}

type ListHappening = Extract<Happening, { kind: 'list' }>;

/** Somebody imports a list at the command line, again after each failure, unless they give it up. Errors: what nobody expected. */
export async function importByOperator(
  deps: ImportDeps,
  happening: ListHappening,
  operator = 1,
): Promise<void> {
  const { seed, time, workers, met, note } = deps;
  const { provider, edition, at, crash, givesUp } = happening;
  const dice = diceOf(seed, 'import', provider, at, operator);
  const lines = linesOf(seed, provider, edition);
  const bytes = new TextEncoder().encode(csvOf(lines));
  let confirmed = false;
  for (let tries = 0; tries < 20; tries++) {
    const up = workers.filter(({ life }) => life.alive);
    const worker = up.length === 0 ? undefined : dice.pick(up);
    if (worker && crash && tries === 0) dies(deps, worker, dice.between(2, 90));
    const answer = await worker
      ?.ask(({ lists }) =>
        lists.importList(
          PATHWAY,
          { kind: 'system', job: 'operator' },
          { provider, bytes: () => once(bytes), confirmed },
          time.now(),
        ),
      )
      .catch((error: unknown) => {
        if (error instanceof Unavailable) return 'lost' as const;
        if (error instanceof Refused) return error;
        throw error;
      });
    if (answer instanceof Refused) {
      met(`import refused ${answer.code}`);
      if (answer.code !== 'list-held' || confirmed || dice.happens(0.4)) return;
      confirmed = true;
      continue;
    }
    if (answer !== undefined && answer !== 'lost') {
      const { done } = answer;
      met(done.fresh + done.updated === 0 ? 'import changed nothing' : 'import went in');
      if (tries > 0) met('import went in after a failure');
      note('operator', `list ${done.list.id} of ${provider}: ${done.fresh} new, ${done.unowned} unowned`);
      deps.imported(provider, lines, done);
      return;
    }
    met('import failed');
    if (givesUp) return met('import given up');
    await new Promise<void>((resolve) => time.at(time.ms + dice.between(20_000, 900_000), resolve));
  }
}

function dies({ time }: ImportDeps, worker: Worker, inMs: number): void {
  const { life } = worker;
  time.at(time.ms + inMs, () => {
    if (worker.life === life) worker.crash('an import');
  });
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
