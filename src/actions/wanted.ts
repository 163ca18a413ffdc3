import { type Agreement, positionCan, providerOf } from '../agreement/agreement.ts';
import type { Actor, PersonActor, Position } from '../core/actors.ts';
import type { Instant } from '../core/clock.ts';
import { Invalid, type Problem, Refused } from '../core/errors.ts';
import { rule } from '../core/permissions.ts';
import { readRegisterId } from '../core/register-id.ts';
import { hasText } from '../core/text.ts';
import { readDate } from '../core/wording.ts';
import { type CaseDoc, mergedText } from '../register/case.ts';
import { type From, ORIGINS, ORIGINS_WITH_CASE, type Owner } from './action.ts';
import { dayProblem } from './due.ts';
import { requiredText } from './facts.ts';

/** What was typed into a form about an action, by the id of the input. */
export interface Inputs {
  readonly what?: string | undefined;
  readonly owner?: string | undefined;
  readonly due?: string | undefined;
  readonly from?: string | undefined;
  readonly caseId?: string | undefined;
  /** For which of their providers the person sets it. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly proof?: string | undefined;
}

/** An action as somebody wants it, read and found good. */
export interface Wanted {
  readonly what: string;
  readonly owner: Owner;
  readonly due: string;
  readonly from: From;
  readonly position: Position;
}

/** Finds a case by its id. */
type FindCase = (caseId: string) => Promise<Pick<CaseDoc, 'mergedInto'> | undefined>;

/** The longest texts, in characters: what is to be done; and its proof, or why it changes or is not needed. */
export const MAX_WHAT = 1_000;
export const MAX_PROOF = 2_000;

/** An owner as one value of a choice: `hospice||`, `hospice|nurse|`, `hospice||sam`. */
export const ownerValue = ({ provider, role = '', person = '' }: Owner): string =>
  [provider, role, person].join('|');

/** The owner that a choice means, if today's agreement still has it. */
export function readOwner(value: string, today: Agreement): Owner | undefined {
  const [provider = '', role = '', person = ''] = value.split('|');
  if (!providerOf(today, provider)) return undefined;
  if (person === '' && role === '') return { provider };
  const held = today.people.some(
    ({ key, positions }) =>
      (person === '' || key === person) &&
      positions.some((at) => at.provider === provider && (role === '' || at.role === role)),
  );
  if (!held || (person !== '' && role !== '')) return undefined;
  return person === '' ? { provider, role } : { provider, person };
}

/** The positions in which somebody may set an action. Errors: `Refused` `role` where there is none. */
export function settingPositions(actor: Actor, today: Agreement): readonly Position[] {
  const ruling = rule('action.set', actor, {}, (position, ability) => positionCan(today, position, ability));
  if (ruling.allowed && ruling.positions.length > 0) return ruling.positions;
  throw new Refused(
    'role',
    'Setting an action is not part of your role. Ask a colleague, or your coordinator.',
  );
}

/** A day as it was typed. `problem`: what is wrong with it. */
export function readDay(
  typed: string | undefined,
  zone: string,
  now: Instant,
): { readonly day: string; readonly problem?: undefined } | { readonly problem: string } {
  const day = readDate(typed ?? '');
  if (day === undefined) return { problem: 'Choose the day by which it is to be done.' };
  const problem = dayProblem(day, zone, now);
  return problem === undefined ? { day } : { problem };
}

/**
 * Reads the form of a new action. `caseOf`: the case of the register with this id, if there is one. Errors: `Invalid` with one
 * problem for each field that is wrong; `Refused` as `settingPositions`.
 */
export async function readWanted(
  inputs: Inputs,
  actor: PersonActor,
  today: Agreement,
  now: Instant,
  caseOf: FindCase,
): Promise<Wanted> {
  const positions = settingPositions(actor, today);
  const providers = new Set(positions.map(({ provider }) => provider));
  const position = positions.find(({ provider }) => providers.size === 1 || provider === inputs.by);
  const what = inputs.what ?? '';
  const owner = readOwner(inputs.owner ?? '', today);
  const day = readDay(inputs.due, today.zone, now);
  const from = await readFrom(inputs, caseOf);
  const problems: Problem[] = [
    ...(position ? [] : [{ field: 'by', message: 'Choose for which provider you set it.' }]),
    ...requiredText('what', what, 'Write what is to be done.', MAX_WHAT),
    ...(owner ? [] : [{ field: 'owner', message: 'Choose whose it is.' }]),
    ...(day.problem === undefined ? [] : [{ field: 'due', message: day.problem }]),
    ...from.problems,
  ];
  if (problems.length > 0 || !position || !owner || day.problem !== undefined || !from.read) {
    throw new Invalid('Not set yet.', problems);
  }
  return { what: what.trim(), owner, due: day.day, from: from.read, position };
}

async function readFrom(
  { from, caseId: typed = '' }: Inputs,
  caseOf: FindCase,
): Promise<{ readonly read?: From; readonly problems: readonly Problem[] }> {
  const kind = ORIGINS.find((one) => one === from);
  const caseId = hasText(typed) ? readRegisterId(typed) : undefined;
  const known = caseId === undefined ? undefined : await caseOf(caseId);
  const problems: Problem[] = [];
  if (kind === undefined) problems.push({ field: 'from', message: 'Choose what it came out of.' });
  if (hasText(typed) && !known) {
    const message = 'There is no such case on this pathway. Check the case number, such as 7K2-M4Z.';
    problems.push({ field: 'caseId', message });
  } else if (known?.mergedInto !== undefined) {
    problems.push({ field: 'caseId', message: mergedText(known.mergedInto) });
  } else if (!known && kind !== undefined && ORIGINS_WITH_CASE.includes(kind)) {
    problems.push({ field: 'caseId', message: 'Write the case number that is on its card.' });
  }
  if (kind === undefined || problems.length > 0) return { problems };
  return { read: { kind, ...(caseId !== undefined && { caseId }) }, problems };
}
