import type { Agreement } from './agreement.ts';
import { peopleInRole, roleOf } from './agreement.ts';
import { type Finding, finding, twice, unknownProvider, unknownRole } from './finding.ts';
import { same } from './same.ts';

/** A concern that would reach nobody, or somebody who could not answer it. */
export function checkSafeguarding(terms: Agreement): Finding[] {
  const { safeguarding, providers, people } = terms;
  if (!safeguarding) return [];
  const known = (key: string): boolean => people.some((person) => person.key === key);
  return [
    ...safeguarding.ask.flatMap(({ provider, role, as }, at): Finding[] => {
      const path = ['safeguarding', 'ask', at];
      if (!providers.some(({ id }) => id === provider))
        return [unknownProvider([...path, 'provider'], provider)];
      const found = roleOf(terms, role);
      if (!found) return [unknownRole([...path, 'role'], role)];
      if (!found.can.includes('safeguard'))
        return [
          finding(
            [...path, 'role'],
            `${found.name} cannot answer for safeguarding concerns`,
            'add safeguard to what the role can, or name another role',
          ),
        ];
      if (as === 'lead' && peopleInRole(terms, provider, role).length === 0)
        return [
          finding(
            [...path, 'role'],
            `nobody is ${found.name} there`,
            'add the safeguarding lead to the people',
          ),
        ];
      return [];
    }),
    ...(safeguarding.ask.some(({ as }) => as === 'lead')
      ? []
      : [
          finding(
            ['safeguarding', 'ask'],
            'no step asks the safeguarding lead',
            'write as: lead at the step that asks them',
          ),
        ]),
    ...twice(
      safeguarding.map.map(({ id }) => id),
      (at) => ['safeguarding', 'map', at, 'id'],
      'the contact',
    ),
    ...safeguarding.manages.flatMap(({ manager, of }, at) =>
      [manager, ...of]
        .filter((key) => !known(key))
        .map((key) =>
          finding(
            ['safeguarding', 'manages', at],
            `the person ${key} is not in this agreement`,
            'write the key of somebody under people',
          ),
        ),
    ),
  ];
}

/** What changes in who is asked about concerns, and in whom to ring. */
export function safeguardingChanges(before: Agreement, after: Agreement): string[] {
  const [old, now] = [before.safeguarding, after.safeguarding];
  if (same(old, now)) return [];
  if (!old) return ['Who is asked about safeguarding concerns is agreed.'];
  if (!now) return ['What was agreed about safeguarding concerns ends.'];
  return [
    ...(same(old.ask, now.ask) ? [] : ['Who is asked about safeguarding concerns, or how soon, changes.']),
    ...(same(old.outside, now.outside) ? [] : ['The outside contact for safeguarding concerns changes.']),
    ...(same(old.map, now.map) ? [] : ['The safeguarding map changes.']),
    ...(same(old.manages, now.manages) ? [] : ['Who manages whom changes.']),
    ...(same(old.retention, now.retention)
      ? []
      : ['How long closed safeguarding concerns are kept changes.']),
    ...(same(old.chase, now.chase) ? [] : ['When an authority that was told is chased changes.']),
  ];
}
