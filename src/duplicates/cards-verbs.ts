/** Every verb that a button of these cards carries. Each has a route, and each a button. */
export const VERBS = ['duplicate.view', 'duplicate.page', 'duplicate.apart', 'duplicate.apart.send'] as const;
export type Verb = (typeof VERBS)[number];
