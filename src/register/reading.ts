import { createHash } from 'node:crypto';
import type { AgreementInForce } from '../agreement/agreement.ts';
import type { ListTerms } from '../agreement/lists.ts';
import type { Instant } from '../core/clock.ts';
import { csvRecords } from '../core/csv.ts';
import { Invalid, type Problem } from '../core/errors.ts';
import { localDateOf } from '../core/wording.ts';
import { createDays, type Line, readHeader, readLine } from './line.ts';
import { createSample } from './sample.ts';
import { createWrong, type Wrong } from './wrong.ts';

/** So many ids of a list are looked up, to see whose they are. */
const MOST_SAMPLED = 500;

/** A list to be imported. It is read twice: once to be checked, once to be entered. */
export interface ListFile {
  readonly provider: string;
  /** When it was true; absent: now, or for a list that came before what was said then. */
  readonly asOf?: Instant;
  /** It was held, looked at and found right. */
  readonly confirmed?: boolean;
  /** Nothing goes in when a line is wrong. */
  readonly allOrNothing?: boolean;
  bytes(): AsyncIterable<Uint8Array>;
  /** Asked when it was read and nothing is wrong with it, before anything is kept; what it throws ends the import. */
  begins?(): Promise<void>;
  readonly progress?: (done: number) => void;
}

/** What stands in a list. */
export interface Survey {
  readonly hash: string;
  readonly lines: number;
  readonly wrong: Wrong;
  /** Ids of lines that are good, open, and held by nobody. */
  readonly nobodys: readonly string[];
  /** Some of its ids, spread over the whole list. */
  readonly sample: readonly string[];
}

/** What it takes to read a list. */
export interface Reading {
  bytes(): AsyncIterable<Uint8Array>;
  readonly agreement: AgreementInForce;
  readonly list: ListTerms;
  readonly now: Instant;
}

/** Reads the good lines of a list, and tells of the others. Errors: `Invalid` for what is no such list at all. */
export async function* readList(
  { bytes, agreement: { terms }, list, now }: Reading,
  tell: (problems: readonly Problem[]) => void,
  seen: (bytes: Uint8Array) => void = () => undefined,
): AsyncGenerator<Line> {
  const against = { terms, list, today: localDateOf(now, terms.zone), dayOf: createDays() };
  const records = csvRecords(watched(bytes(), seen));
  const first = await records.next();
  if (first.done) throw new Invalid('The list is empty: its first line names the columns.', []);
  const header = readHeader(first.value, list);
  if ('problems' in header)
    throw new Invalid('The columns of the list do not fit the agreement.', header.problems);
  const width = first.value.values.length;
  const lines = new Map<string, number>();
  for await (const record of records) {
    const line = readLine(record, header.columns, width, against);
    if (!('id' in line)) {
      tell(line);
      continue;
    }
    const earlier = lines.get(line.id);
    lines.set(line.id, earlier ?? line.line);
    if (earlier === undefined) yield line;
    else {
      const field = `line ${line.line}, ${header.columns.get('id')?.name ?? 'id'}`;
      tell([{ field, message: `the same number stands on line ${earlier}: one line a case` }]);
    }
  }
}

async function* watched(
  bytes: AsyncIterable<Uint8Array>,
  seen: (bytes: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    seen(chunk);
    yield chunk;
  }
}

/** What a list holds, before anything of it is entered. Errors: as `readList`, and `Invalid` for a list without lines. */
export async function survey(reading: Reading): Promise<Survey> {
  const wrong = createWrong();
  const nobodys: string[] = [];
  const sample = createSample<string>(MOST_SAMPLED);
  const hash = createHash('sha256');
  let lines = 0;
  for await (const line of readList(reading, wrong.add, (bytes) => void hash.update(bytes))) {
    lines += 1;
    sample.add(line.id);
    if (line.holder === undefined && line.status !== 'closed') nobodys.push(line.id);
  }
  if (lines === 0 && wrong.sum().lines === 0) {
    throw new Invalid('The list has no lines: write one a case under the first line.', []);
  }
  return { hash: hash.digest('hex'), lines, wrong: wrong.sum(), nobodys, sample: sample.kept() };
}
