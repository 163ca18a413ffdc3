/** Every verb that a button of the digest's cards carries, beside those of the lines that it lists. */
export const VERBS = ['digest.show', 'digest.more', 'digest.send'] as const;
export type Verb = (typeof VERBS)[number];
