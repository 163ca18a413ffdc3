import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { partnerName } from './agreement/agreement.ts';
import type { Clock } from './core/clock.ts';
import { Invalid, type Problem } from './core/errors.ts';
import { readTime } from './core/local-time.ts';
import { dateTime } from './core/wording.ts';
import type { Wired } from './wire.ts';

/** What was said at the command line about a list to be imported. */
export interface ListRequest {
  readonly pathway: string;
  readonly provider: string;
  readonly file: string;
  /** When the list was true, in the pathway's zone or with an offset; as `readTime` reads it. */
  readonly asOf?: string;
  readonly allOrNothing?: boolean;
  /** It was held, and is right. */
  readonly confirm?: boolean;
  readonly progress?: (done: number) => void;
}

/**
 * Imports the caseload list in a CSV file. Gives the lines to print, and what is wrong with lines that did not go
 * in; neither names anybody. Errors: `Invalid` where nothing went in; `Refused` and those of the store as
 * `importList` says.
 */
export async function importListFile(
  { lists, agreements }: Pick<Wired, 'lists' | 'agreements'>,
  clock: Pick<Clock, 'now'>,
  { pathway, provider, file, asOf, allOrNothing = false, confirm = false, progress }: ListRequest,
): Promise<{ readonly lines: readonly string[]; readonly problems: readonly Problem[] }> {
  const isFile = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  // It is read twice, which a pipe cannot be.
  if (!isFile)
    throw new Invalid(`The list ${basename(file)} is no file that can be read. Check its path.`, []);
  const terms = (await agreements.inForce(pathway))?.terms;
  const now = clock.now();
  const when = asOf === undefined ? undefined : readTime(asOf, terms?.zone ?? 'Europe/London');
  if (when?.wrong !== undefined) {
    throw new Invalid('The list was not read.', [{ field: 'as-of', message: when.wrong }]);
  }
  const imported = await lists.importList(
    pathway,
    { kind: 'system', job: 'operator' },
    {
      provider,
      ...(when && { asOf: when.at }),
      allOrNothing,
      confirmed: confirm,
      bytes: () => createReadStream(file),
      ...(progress && { progress }),
    },
    now,
  );
  const { list, baseline, lines, fresh, updated, same, unowned, wrong } = imported;
  const name = terms ? partnerName(terms, provider) : provider;
  const changed = fresh + updated;
  const unnamed = wrong.values - wrong.first.length;
  return {
    lines: [
      `List ${list.id} of ${name}, true ${dateTime(list.asOf, terms?.zone ?? 'Europe/London', now)}. Good lines: ${lines}.`,
      ...(baseline && changed > 0 ? ['It is the first list of this provider: the baseline.'] : []),
      changed === 0
        ? 'Nothing changes: all of this was in.'
        : `Cases: ${fresh} new, ${updated} brought up to date, ${same} as they were.`,
      ...(unowned > 0 ? [`New cases that nobody holds: ${unowned}. They are alerted, and on /unowned.`] : []),
      ...(wrong.lines > 0
        ? [`Lines that did not go in: ${wrong.lines}. Put them right and import the list again.`]
        : []),
      ...(unnamed > 0 ? [`${unnamed} more values are wrong than are named.`] : []),
    ],
    problems: wrong.first,
  };
}
