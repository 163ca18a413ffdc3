/** Every verb that a button of this feature's cards carries. Each has a route, and each a button. */
export const VERBS = [
  'escalation.acknowledge',
  'escalation.step-up',
  'escalation.step-up.send',
  'escalation.resolve',
  'escalation.resolve.send',
  'escalation.view',
  'escalation.page',
  'escalation.why',
] as const;
export type Verb = (typeof VERBS)[number];
