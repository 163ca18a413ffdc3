/** Every verb that a button of the reconciliation's cards carries. Each has a route, and each a button. */
export const VERBS = ['mismatch.list', 'mismatch.settle', 'mismatch.settle.send'] as const;
export type Verb = (typeof VERBS)[number];
