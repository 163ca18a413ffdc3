import { type Agreement, partnerName, roleOf } from './agreement.ts';
import type { RegisterTerms } from './lists.ts';
import { takingRoles } from './register.ts';
import { same } from './same.ts';

/** What changes in how lists are read, and in who may take a case that nobody holds. */
export function listChanges(before: Agreement, after: Agreement): string[] {
  const providers = [...new Set([...after.lists, ...before.lists].map(({ provider }) => provider))];
  const lists = providers.flatMap((provider) => {
    const of = (terms: Agreement) => terms.lists.find((one) => one.provider === provider);
    const [old, now] = [of(before), of(after)];
    if (same(old, now)) return [];
    const name = partnerName(now ? after : before, provider);
    if (!old) return [`The list of ${name} can be imported.`];
    return [
      now ? `The columns of the list of ${name} change.` : `The list of ${name} is no longer imported.`,
    ];
  });
  const roles = (terms: Agreement): string =>
    takingRoles(terms)
      .map((role) => roleOf(terms, role)?.name ?? role)
      .join(', ');
  return [
    ...lists,
    ...(same(takingRoles(before), takingRoles(after))
      ? []
      : [`Who may take a case that nobody holds changes from ${roles(before)} to ${roles(after)}.`]),
    ...(before.register.markedRecords === after.register.markedRecords
      ? []
      : [`Who is asked about marked records changes from ${markedRole(before)} to ${markedRole(after)}.`]),
    ...TIMES.flatMap(([what, time]) =>
      time(before.register) === time(after.register)
        ? []
        : [`${what} changes from ${time(before.register)} to ${time(after.register)}.`],
    ),
  ];
}

const markedRole = (terms: Agreement): string => {
  const { markedRecords: role } = terms.register;
  return role === undefined ? 'nobody' : (roleOf(terms, role)?.name ?? role);
};

const TIMES: readonly (readonly [string, (register: RegisterTerms) => string])[] = [
  ['The time to take a case that nobody holds', ({ unowned }) => `${unowned.within} ${unowned.clock}`],
  ['The time to settle a mismatch', ({ mismatch }) => `${mismatch.within} ${mismatch.clock}`],
  ['What is a long wait', ({ longWait }) => longWait],
  ['What received means', ({ definitions }) => `“${definitions.received}”`],
  ['What first contact means', ({ definitions }) => `“${definitions.firstContact}”`],
  ['What discharged means', ({ definitions }) => `“${definitions.discharged}”`],
];
