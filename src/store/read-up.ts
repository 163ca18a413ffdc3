import type { Doc, Json } from '../core/change.ts';

/** A document of an older version: its fields are known to the step that reads it up, and to nobody else. */
export type OlderDoc = Doc & { readonly [field: string]: Json | undefined };

/** Kind → version → the pure function that makes the next version of it. The version is raised for it. */
export type ReadUpSteps = Readonly<Record<string, Readonly<Record<number, (older: OlderDoc) => object>>>>;

export type ReadUp = <T extends Doc>(stored: Doc) => T;

/** The store was written by a newer Baton than this one, which would lose what it does not know. */
export class WrittenByNewer extends Error {
  constructor(kind: string, schema: number, known: number) {
    super(
      `a ${kind} document has version ${schema}, and this Baton knows versions up to ${known}: ` +
        'run the newer Baton that wrote it',
    );
    this.name = 'WrittenByNewer';
  }
}

/**
 * Reads documents up to the present version of their kind, one step a version; a kind without steps is at
 * version 1. Used by both stores on `get` and `page`. Ids, kinds and lists are the store's: a step cannot
 * change them, since the index still holds what was stored.
 * Errors: `WrittenByNewer`; an `Error` when a step between is missing.
 */
export function readUpWith(steps: ReadUpSteps): ReadUp {
  const present = new Map(
    Object.entries(steps).map(([kind, of]) => [kind, 1 + Math.max(0, ...Object.keys(of).map(Number))]),
  );
  return <T extends Doc>(stored: Doc): T => {
    const target = present.get(stored.kind) ?? 1;
    if (stored.schema > target) throw new WrittenByNewer(stored.kind, stored.schema, target);
    let doc: Doc = stored;
    while (doc.schema < target) {
      const step = steps[doc.kind]?.[doc.schema];
      if (!step) throw new Error(`no step reads a ${doc.kind} document up from version ${doc.schema}`);
      const { id, kind, schema, lists } = doc;
      const { lists: _, ...fields } = step(doc as OlderDoc) as Doc;
      doc = { ...fields, id, kind, schema: schema + 1, ...(lists && { lists }) };
    }
    return doc as T;
  };
}

/** Every kind is at its first version. */
export const readNothingUp: ReadUp = readUpWith({});
