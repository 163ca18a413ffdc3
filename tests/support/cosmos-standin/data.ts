import { createHash, randomUUID } from 'node:crypto';
import { Refusal } from './rules.ts';

/** What a client sends as a container's definition, as far as the stand-in reads it. */
export interface ContainerDefinition {
  readonly id: string;
  readonly partitionKey: { readonly paths: readonly string[]; readonly kind?: string };
  readonly indexingPolicy?: {
    readonly includedPaths?: readonly { readonly path: string }[];
    readonly excludedPaths?: readonly { readonly path: string }[];
  };
}

export type Item = { readonly [field: string]: unknown; readonly id: string; readonly _etag: string };

export interface BatchOperation {
  readonly operationType: string;
  readonly id?: string;
  readonly ifMatch?: string;
  readonly resourceBody?: { readonly [field: string]: unknown; readonly id: string };
}

export interface OperationResult {
  readonly statusCode: number;
  readonly requestCharge: number;
  readonly eTag?: string;
  readonly resourceBody?: unknown;
}

/** The two physical partitions of every container; each case falls into one by the hash of its key. */
export const RANGES = [
  { id: '0', minInclusive: '', maxExclusive: '80' },
  { id: '1', minInclusive: '80', maxExclusive: 'FF' },
] as const;

/**
 * Request units as the stand-in counts them, after the service's published figures: a point read of 1 KB
 * is 1 and of 100 KB 10; an insert of 1 KB without indexed paths 5.5, and half a unit for each indexed
 * value; a delete costs what the insert did and a replace costs both; a query 2.5 for each
 * physical partition and page, and 0.3 for each KB that it gives back.
 */
export const charges = {
  read: (bytes: number): number => bySize(bytes),
  insert: (bytes: number, indexed: number): number => 5.5 * bySize(bytes) + 0.5 * indexed,
  query: (bytes: number): number => 2.5 + 0.3 * (bytes / 1024),
};

const bySize = (bytes: number): number => 1 + 0.09 * Math.max(0, Math.ceil(bytes / 1024) - 1);
export const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** JSON text of a partition key, which names a logical partition. */
export type KeyText = string;

/** One container: logical partitions of items, written in atomic batches. */
export class Container {
  readonly definition: ContainerDefinition;
  readonly rid = randomUUID().slice(0, 8);
  private readonly partitions = new Map<KeyText, Map<string, Item>>();
  private lastRid = 0;

  constructor(definition: ContainerDefinition) {
    this.definition = definition;
  }

  /** The key's values if they name one logical partition. Errors: partialKey. */
  fullKey(header: string | undefined): KeyText {
    const values: unknown = header === undefined ? [] : JSON.parse(header);
    const levels = this.definition.partitionKey.paths.length;
    if (!Array.isArray(values) || values.length !== levels) {
      throw new Refusal('partialKey', `${Array.isArray(values) ? values.length : 0} of ${levels} levels`);
    }
    return JSON.stringify(values);
  }

  read(key: KeyText, id: string): Item {
    const item = this.partitions.get(key)?.get(id);
    if (!item) throw new Refusal('noSuchResource');
    return item;
  }

  /** All items of a range, or of one logical partition. */
  items(within: { readonly range?: string; readonly key?: KeyText }): Item[] {
    if (within.key !== undefined) return [...(this.partitions.get(within.key)?.values() ?? [])];
    return [...this.partitions]
      .filter(([key]) => within.range === undefined || rangeOf(key) === within.range)
      .flatMap(([, items]) => [...items.values()]);
  }

  /**
   * Whether a path such as `/lists/due/?` is indexed: the longest matching path of the policy decides, and
   * `id` always is (azure/cosmos-db/index-policy).
   */
  isIndexed(path: string): boolean {
    if (path === '/id/?') return true;
    const { includedPaths = [{ path: '/*' }], excludedPaths = [] } = this.definition.indexingPolicy ?? {};
    const longest = (paths: readonly { readonly path: string }[]): number =>
      Math.max(-1, ...paths.filter((each) => matches(each.path, path)).map((each) => each.path.length));
    return longest(includedPaths) > longest(excludedPaths);
  }

  /** Applies all operations or none; the results, one for each operation, and whether it took effect. */
  batch(key: KeyText, operations: readonly BatchOperation[]): { done: boolean; results: OperationResult[] } {
    if (operations.length > 100) throw new Refusal('tooManyOperations', `${operations.length}`);
    const draft = new Map(this.partitions.get(key));
    const results: OperationResult[] = [];
    for (const operation of operations) {
      try {
        results.push(this.apply(key, draft, operation));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const failed = operations.map(() => ({ statusCode: 424, requestCharge: 0 }));
        failed[results.length] = { statusCode: error.status, requestCharge: 1 };
        return { done: false, results: failed };
      }
    }
    this.partitions.set(key, draft);
    return { done: true, results };
  }

  private apply(key: KeyText, draft: Map<string, Item>, operation: BatchOperation): OperationResult {
    const { operationType, resourceBody, ifMatch } = operation;
    const id = operation.id ?? resourceBody?.id ?? '';
    checkId(id);
    const before = draft.get(id);
    if (operationType === 'Create' && before) throw new Refusal('taken');
    if ((operationType === 'Replace' || operationType === 'Delete') && !before) {
      throw new Refusal('noSuchResource');
    }
    if (ifMatch !== undefined && before?._etag !== ifMatch) throw new Refusal('etagMoved');
    const removed = before ? charges.insert(sizeOf(before), this.indexedValues(before)) : 0;
    if (operationType === 'Delete') {
      draft.delete(id);
      return { statusCode: 204, requestCharge: removed };
    }
    if (!['Create', 'Replace', 'Upsert'].includes(operationType) || !resourceBody) {
      throw new Refusal('unknownShape', `batch operation ${operationType}`);
    }
    const own = this.definition.partitionKey.paths.map((path) => resourceBody[path.slice(1)]);
    if (JSON.stringify(own) !== key) throw new Refusal('keyMismatch');
    const item: Item = {
      ...resourceBody,
      _rid: (before?._rid as string | undefined) ?? `rid${String(++this.lastRid).padStart(9, '0')}`,
      _self: 'dbs/db/colls/coll/docs/doc/',
      _etag: `"${randomUUID()}"`,
      _attachments: 'attachments/',
      _ts: 1,
    };
    if (sizeOf(item) > 2 * 1024 * 1024) throw new Refusal('tooLarge');
    draft.set(id, item);
    return {
      statusCode: before ? 200 : 201,
      requestCharge: removed + charges.insert(sizeOf(item), this.indexedValues(item)),
      eTag: item._etag,
    };
  }

  private indexedValues(item: Item): number {
    let values = 0;
    for (const [field, value] of Object.entries(item)) {
      if (field.startsWith('_') || field === 'id') continue;
      const names = typeof value === 'object' && value !== null ? Object.keys(value) : [''];
      for (const name of names) if (this.isIndexed(name ? `/${field}/${name}/?` : `/${field}/?`)) values++;
    }
    return values;
  }
}

/** Which physical partition a logical one lies in: by hash, so that a pathway spreads over both. */
const rangeOf = (key: KeyText): string => {
  const place = createHash('sha256').update(key).digest('hex').slice(0, 2).toUpperCase();
  return place < RANGES[1].minInclusive ? RANGES[0].id : RANGES[1].id;
};

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}

function checkId(id: string): void {
  if (id === '' || Buffer.byteLength(id) > 1023 || /[/\\?#]/.test(id)) throw new Refusal('badId');
}
