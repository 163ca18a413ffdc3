/** Every verb that a button of this feature's cards carries. Each has a route, and each a button. */
export const VERBS = [
  'handover.accept',
  'handover.accept.gap',
  'handover.reject',
  'handover.reject.send',
  'handover.ask',
  'handover.ask.send',
  'handover.answer',
  'handover.answer.send',
  'handover.view',
  'handover.undo',
  'handover.withdraw',
  'handover.offer-another',
  'handover.form.open',
  'handover.form.next',
  'handover.form.back',
  'handover.form.send',
  'handover.flag',
  'list.page',
] as const;
export type Verb = (typeof VERBS)[number];
