/** Every verb that a button of the concerns' cards carries. Each has a route, and each a button. */
export const VERBS = [
  'concern.view',
  'concern.acknowledge',
  'concern.list',
  'concern.form.open',
  'concern.form.anew',
  'concern.form.next',
  'concern.form.back',
  'concern.form.send',
  'concern.decide',
  'concern.decide.send',
  'concern.answered',
  'concern.answered.send',
  'concern.close',
  'concern.close.send',
  'concern.reopen',
  'concern.reopen.send',
  'concern.more',
  'concern.about',
  'concern.about.send',
] as const;
export type Verb = (typeof VERBS)[number];
