import { type Agreement, roleOf } from './agreement.ts';
import { same } from './same.ts';

/** What changes in the training that is asked for, of whom, and when they are reminded. */
export function trainingChanges(before: Agreement, after: Agreement): string[] {
  const find = (terms: Agreement, id: string) => terms.training.courses.find((one) => one.id === id);
  const gone = before.training.courses.filter(({ id }) => !find(after, id));
  return [
    ...after.training.courses.flatMap((course) => {
      const old = find(before, course.id);
      const whose = rolesOf(after, course.roles);
      if (!old) return [`The training ${course.name} is asked of ${whose}.`];
      return [
        ...(old.name === course.name ? [] : [`The training ${old.name} is now called ${course.name}.`]),
        ...(same(old.roles, course.roles)
          ? []
          : [
              `The training ${course.name} is asked of ${whose} where it was asked of ${rolesOf(before, old.roles)}.`,
            ]),
        ...(old.remind === course.remind
          ? []
          : [
              `The reminder of ${course.name} changes from ${old.remind} to ${course.remind} before it lapses.`,
            ]),
      ];
    }),
    ...gone.map(({ name }) => `The training ${name} is no longer asked for.`),
  ];
}

const rolesOf = (terms: Agreement, roles: readonly string[]): string =>
  roles.map((role) => roleOf(terms, role)?.name ?? role).join(', ');
