/** Every verb that a button of the actions' cards carries. Each has a route, and each a button. */
export const VERBS = [
  'action.view',
  'action.form',
  'action.set.send',
  'action.done',
  'action.done.send',
  'action.reopen',
  'action.move',
  'action.move.send',
  'action.cancel',
  'action.cancel.send',
  'action.page',
] as const;
export type Verb = (typeof VERBS)[number];
