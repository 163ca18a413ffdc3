import { parseSpan } from '../core/working-time.ts';
import { type Agreement, roleOf } from './agreement.ts';
import { type Finding, finding, twice, unknownRole } from './finding.ts';

/** Courses for roles that are not there, two of one name, and reminders that are no whole days. */
export function checkTraining(terms: Agreement): Finding[] {
  const { courses } = terms.training;
  const path = (at: number, field: string) => ['training', 'courses', at, field] as const;
  return [
    ...twice(
      courses.map(({ id }) => id),
      (at) => path(at, 'id'),
      'the course',
    ),
    ...twice(
      courses.map(({ name }) => name.toLowerCase()),
      (at) => path(at, 'name'),
      'the course called',
    ),
    ...courses.flatMap(({ roles, remind }, at) => [
      ...roles.flatMap((role, nth) =>
        roleOf(terms, role) ? [] : [unknownRole([...path(at, 'roles'), nth], role)],
      ),
      ...twice(roles, (nth) => [...path(at, 'roles'), nth], 'the role'),
      ...wholeDays(remind, path(at, 'remind')),
    ]),
  ];
}

/** Courses have days and no hours. */
function wholeDays(remind: string, path: Finding['path']): Finding[] {
  const span = parseSpan(remind);
  if (span && span.minutes === 0 && span.days <= 366) return [];
  return [finding(path, `${remind} is no number of days`, 'write whole days up to 366d, such as 30d')];
}
