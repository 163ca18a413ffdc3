/** Every verb that a button of the register's cards carries. Each has a route, and each a button. */
export const VERBS = ['case.take', 'unowned.list'] as const;
export type Verb = (typeof VERBS)[number];
