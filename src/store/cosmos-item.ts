import type { Doc, Key } from '../core/change.ts';
import type { Page } from './store.ts';

/**
 * How a document lies in Cosmos DB: whole and as given under `doc`, so that Cosmos's own fields never mix
 * with it and an event's hash can be checked over what is stored. Around it the key, the lists (the only
 * indexed paths) with the pathway in front of each place, and on one document of each commit its stamp.
 */
export interface CosmosItem {
  readonly id: string;
  readonly pathwayId: string;
  readonly caseId: string;
  readonly lists?: Readonly<Record<string, string>>;
  /** Names the commit that wrote it; read to settle whether a commit without an answer took effect. */
  readonly stamp?: string;
  readonly doc: Doc;
}

export function itemOf({ pathwayId, caseId }: Key, doc: Doc, stamp?: string): CosmosItem {
  return {
    id: cosmosId(doc.id),
    pathwayId,
    caseId,
    ...(doc.lists && {
      lists: Object.fromEntries(
        Object.entries(doc.lists).map(([list, place]) => [list, indexed(pathwayId, place)]),
      ),
    }),
    ...(stamp !== undefined && { stamp }),
    doc,
  };
}

/**
 * A document's id as Cosmos DB allows it: `/`, `\`, `?` and `#` are forbidden there, a space at the end is
 * lost, and `%` is not safe in every client. `~` and two hexadecimal digits stand for each of them, so that
 * different ids stay different.
 */
export const cosmosId = (id: string): string =>
  id.replace(
    /[~/\\?#%\p{Cc}]| $/gu,
    (each) => `~${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

/** A query's text with its parameters. */
export interface CosmosQuery {
  readonly query: string;
  readonly parameters: { readonly name: string; readonly value: string }[];
}

/** The place on a list, whatever characters the list's name holds. */
const placeOn = (list: string): string => `c.lists[${JSON.stringify(list)}]`;

export function pageQuery(pathwayId: string, list: string, { after, upTo, limit }: Page): CosmosQuery {
  const { query, parameters } = onList(pathwayId, list, after, upTo);
  return { query: `SELECT TOP ${limit} * FROM c WHERE ${query} ORDER BY ${placeOn(list)}`, parameters };
}

export function countQuery(pathwayId: string, list: string, upTo?: string): CosmosQuery {
  const { query, parameters } = onList(pathwayId, list, '', upTo);
  return { query: `SELECT VALUE COUNT(1) FROM c WHERE ${query}`, parameters };
}

/** The events of the partition that the request names; by id, so that no list can hide one. */
export const historyQuery: CosmosQuery = {
  query: 'SELECT * FROM c WHERE c.id >= @from AND c.id < @to',
  parameters: [
    { name: '@from', value: 'event:' },
    { name: '@to', value: 'event;' },
  ],
};

export const everythingQuery = (pathwayId: string): CosmosQuery => ({
  query: 'SELECT * FROM c WHERE c.pathwayId = @pathway',
  parameters: [{ name: '@pathway', value: pathwayId }],
});

/**
 * A place as it is indexed. A partition key is not in the index by itself (azure/cosmos-db/index-policy), and
 * many pathways share a physical partition: the pathway in front lets a query read its own documents only.
 */
const indexed = (pathwayId: string, place: string): string => `${pathwayId}|${place}`;
/** After every place of a pathway: the character that follows `|`. */
const afterAll = (pathwayId: string): string => `${pathwayId}}`;

function onList(pathwayId: string, list: string, after = '', upTo?: string): CosmosQuery {
  const place = placeOn(list);
  const end =
    upTo === undefined
      ? { operator: '<', value: afterAll(pathwayId) }
      : { operator: '<=', value: indexed(pathwayId, upTo) };
  return {
    query: `c.pathwayId = @pathway AND ${place} > @after AND ${place} ${end.operator} @end`,
    parameters: [
      { name: '@pathway', value: pathwayId },
      { name: '@after', value: indexed(pathwayId, after) },
      { name: '@end', value: end.value },
    ],
  };
}

/** The levels of the hierarchical partition key: each case is a logical partition of its own. */
export const KEY_PATHS = ['/pathwayId', '/caseId'];

/** Only the lists are indexed; an insert of 1 KB then costs about half of what full indexing costs. */
export const INDEXING = {
  indexingMode: 'consistent' as const,
  automatic: true,
  includedPaths: [{ path: '/lists/*' }],
  excludedPaths: [{ path: '/*' }],
};
