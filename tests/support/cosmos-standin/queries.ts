import { type Container, charges, type Item, type KeyText, sizeOf } from './data.ts';
import { Refusal } from './rules.ts';

export interface QuerySpec {
  readonly query: string;
  readonly parameters?: readonly { readonly name: string; readonly value: unknown }[];
}

interface Comparison {
  readonly path: readonly string[];
  readonly operator: '=' | '>' | '>=' | '<' | '<=';
  readonly value: unknown;
}

interface Shape {
  readonly top?: number;
  readonly count: boolean;
  readonly where: readonly Comparison[];
  readonly orderBy?: readonly string[];
  /** As the client sends it to one range after it has the plan. */
  readonly rewritten: boolean;
  readonly source: { readonly where: string; readonly orderBy: string };
}

const PATH = String.raw`c\.lists\["(?:[^"\\]|\\.)*"\]|c\.pathwayId|c\.id`;
const QUERY = new RegExp(
  String.raw`^SELECT (?:TOP (\d+) )?(\*|VALUE COUNT\(1\)|VALUE \[\{"item": COUNT\(1\)\}\]|` +
    String.raw`c\._rid, \[\{"item": (?:${PATH})\}\] AS orderByItems, c AS payload) FROM c` +
    ` WHERE (.+?)(?: ORDER BY (${PATH}))?$`,
);
const COMPARISON = new RegExp(String.raw`^(${PATH}) (=|>=|>|<=|<) (@\w+)$`);
/** The client puts its own condition here, or `true`. */
const FILTER = '{documentdb-formattableorderbyquery-filter}';

/** Reads a query in one of the shapes that the store sends. Errors: unknownShape. */
function parse({ query, parameters = [] }: QuerySpec): Shape {
  const [, top, select = '', written = '', orderBy] = QUERY.exec(query) ?? [];
  if (!select) throw new Refusal('unknownShape', query);
  const rewritten = select.startsWith('c._rid') || select.startsWith('VALUE [');
  const where = written.replace(/^\((.*)\) AND \(true\)$/, '$1');
  const comparisons = where.split(' AND ').map((text): Comparison => {
    const [, path = '', operator = '', name] = COMPARISON.exec(text) ?? [];
    const parameter = parameters.find((each) => each.name === name);
    if (!parameter) throw new Refusal('unknownShape', query);
    return { path: steps(path), operator: operator as Comparison['operator'], value: parameter.value };
  });
  return {
    ...(top !== undefined && { top: Number(top) }),
    count: select.includes('COUNT'),
    where: comparisons,
    ...(orderBy !== undefined && { orderBy: steps(orderBy) }),
    rewritten,
    source: { where, orderBy: orderBy ?? '' },
  };
}

/** `c.lists["a"]` → lists, a. */
function steps(path: string): string[] {
  if (!path.startsWith('c.lists[')) return [path.slice('c.'.length)];
  return ['lists', JSON.parse(path.slice('c.lists['.length, -1))];
}

/**
 * The plan that the gateway gives a client for a cross-partition query: how to rewrite it for each range,
 * and how to put the answers together again.
 */
export function planOf(spec: QuerySpec): object {
  const shape = parse(spec);
  const { where, orderBy } = shape.source;
  const top = shape.top === undefined ? '' : `TOP ${shape.top} `;
  const rewrittenQuery = shape.orderBy
    ? `SELECT ${top}c._rid, [{"item": ${orderBy}}] AS orderByItems, c AS payload FROM c ` +
      `WHERE (${where}) AND (${FILTER}) ORDER BY ${orderBy}`
    : shape.count
      ? `SELECT VALUE [{"item": COUNT(1)}] FROM c WHERE ${where}`
      : '';
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: 'None',
      top: shape.top ?? null,
      offset: null,
      limit: null,
      orderBy: shape.orderBy ? ['Ascending'] : [],
      orderByExpressions: shape.orderBy ? [orderBy] : [],
      groupByExpressions: [],
      groupByAliases: [],
      aggregates: shape.count ? ['Count'] : [],
      groupByAliasToAggregateType: {},
      rewrittenQuery,
      hasSelectValue: shape.count,
      hasNonStreamingOrderBy: false,
    },
    queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
  };
}

export interface QueryRequest {
  readonly spec: QuerySpec;
  /** The physical partition, or the logical one, that the request names; neither for the gateway to choose. */
  readonly range?: string;
  readonly key?: KeyText;
  readonly pageSize: number;
  readonly continuation?: string;
}

export interface QueryAnswer {
  readonly documents: unknown[];
  readonly continuation?: string;
  readonly charge: number;
}

/** One page of a query. Errors: the rules on indexed paths and on queries that need the plan. */
export function runQuery(container: Container, request: QueryRequest): QueryAnswer {
  const shape = parse(request.spec);
  checkIndexed(container, shape);
  const targeted = request.range !== undefined || request.key !== undefined;
  if (!targeted && (shape.orderBy || shape.count || shape.top !== undefined)) {
    throw new Refusal('crossPartitionWithoutPlan', '', {
      additionalErrorInfo: JSON.stringify(planOf(request.spec)),
    });
  }
  const found = container
    .items(request)
    .filter((item) => shape.where.every((comparison) => holds(item, comparison)))
    .map((item) => ({ item, sort: sortKey(item, shape) }))
    .sort((a, b) => (a.sort < b.sort ? -1 : 1))
    .slice(0, shape.count ? Number.POSITIVE_INFINITY : shape.top);
  if (shape.count) {
    const documents = [shape.rewritten ? [{ item: found.length }] : found.length];
    return { documents, charge: charges.query(0) };
  }
  const after = Buffer.from(request.continuation ?? '', 'base64url').toString('utf8');
  const rest = found.filter(({ sort }) => sort > after);
  const page = rest.slice(0, request.pageSize);
  const last = page.at(-1);
  const documents = page.map(({ item }) => (shape.rewritten ? payload(item, shape) : item));
  return {
    documents,
    ...(page.length < rest.length && {
      continuation: Buffer.from(last?.sort ?? after, 'utf8').toString('base64url'),
    }),
    charge: charges.query(page.length === 0 ? 0 : sizeOf(documents)),
  };
}

function checkIndexed(container: Container, shape: Shape): void {
  if (shape.orderBy && !container.isIndexed(`/${shape.orderBy.join('/')}/?`)) {
    throw new Refusal('orderByUnindexed', `/${shape.orderBy.join('/')}`);
  }
  for (const { path } of shape.where) {
    const isKey = container.definition.partitionKey.paths.includes(`/${path.join('/')}`);
    if (!isKey && !container.isIndexed(`/${path.join('/')}/?`)) {
      throw new Refusal('filterUnindexed', `/${path.join('/')}`);
    }
  }
}

function valueAt(item: Item, path: readonly string[]): unknown {
  let value: unknown = item;
  for (const step of path) value = (value as Record<string, unknown> | undefined)?.[step];
  return value;
}

/** A comparison of values of different types, or of what is not there, is undefined and so not true. */
function holds(item: Item, { path, operator, value }: Comparison): boolean {
  const own = valueAt(item, path);
  if (typeof own !== 'string' || typeof value !== 'string') return false;
  switch (operator) {
    case '=':
      return own === value;
    case '>':
      return own > value;
    case '>=':
      return own >= value;
    case '<':
      return own < value;
    case '<=':
      return own <= value;
  }
}

const sortKey = (item: Item, { orderBy }: Shape): string =>
  `${orderBy ? valueAt(item, orderBy) : ''}\u0000${item._rid}`;

const payload = (item: Item, { orderBy = [] }: Shape): object => ({
  _rid: item._rid,
  orderByItems: [{ item: valueAt(item, orderBy) }],
  payload: item,
});
