/**
 * How a record of a person may be marked by whoever tells of it, the least first: shared with few, or of somebody whose
 * identity was changed, whom an earlier name could put in danger.
 */
export const MARKS = ['restricted', 'changed-identity'] as const;
export type Mark = (typeof MARKS)[number];

/** The one that asks for most care; undefined where there is none. */
export function strongest(...marks: readonly (Mark | undefined)[]): Mark | undefined {
  return MARKS.findLast((mark) => marks.includes(mark));
}

/** How the record of a case is marked: once marked it stays so, whatever is told later of the person. */
export const markOf = ({
  marked,
  person,
}: {
  readonly marked?: Mark | undefined;
  readonly person: { readonly marked?: Mark | undefined };
}): Mark | undefined => strongest(marked, person.marked);

/** The mark that a word means, in any case and with a space for the hyphen; undefined for another word. */
export const readMark = (word: string): Mark | undefined =>
  MARKS.find((mark) => mark === word.trim().toLowerCase().replace(/\s+/g, '-'));
