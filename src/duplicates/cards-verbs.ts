/** Every verb that a button of these cards carries. Each has a route, and each a button. */
export const VERBS = [
  'duplicate.view',
  'duplicate.page',
  'duplicate.apart',
  'duplicate.apart.send',
  'duplicate.same',
  'duplicate.same.send',
  'duplicate.agree',
  'duplicate.disagree',
  'duplicate.disagree.send',
  'duplicate.undo',
] as const;
export type Verb = (typeof VERBS)[number];
