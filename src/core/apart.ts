/**
 * Partitions that are kept apart: what is told about somebody's safety. Whatever counts, lists, names or exports
 * partitions leaves them out for everybody but those entitled, and what is shown beside them must not differ for there
 * being any. All their names begin with `concern` or `_concern`; no case's id and no partition of another feature does.
 */
const APART = /^_?concern/;

/** Is this the partition of a concern, or of something about concerns? */
export const isApart = (caseId: string): boolean => APART.test(caseId);
