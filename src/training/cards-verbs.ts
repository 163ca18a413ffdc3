/** Every verb that a button of the training card carries. Each has a route, and each a button. */
export const VERBS = ['training.view'] as const;
export type Verb = (typeof VERBS)[number];
