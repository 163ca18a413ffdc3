import type { Agreement } from './agreement.ts';
import type { ListTerms } from './lists.ts';

/** How a provider's list is read; undefined where the partners did not agree it. */
export const listOf = ({ lists }: Agreement, provider: string): ListTerms | undefined =>
  lists.find((one) => one.provider === provider);

/** The roles that may take a case that nobody holds: those named, or else those that coordinate. */
export const takingRoles = ({ register, roles }: Agreement): readonly string[] =>
  register.take ?? roles.filter(({ can }) => can.includes('coordinate')).map(({ id }) => id);
