/** Every verb that a button of the concerns' cards carries. Each has a route, and each a button. */
export const VERBS = ['concern.view', 'concern.acknowledge', 'concern.list'] as const;
export type Verb = (typeof VERBS)[number];
