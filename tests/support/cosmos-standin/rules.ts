/**
 * The documented rules of the service that the stand-in keeps to. A refusal names the page under
 * https://learn.microsoft.com/azure/cosmos-db/ or /rest/api/cosmos-db/ that states the rule.
 */
export const RULES = {
  unauthorised: {
    status: 401,
    page: 'rest/api/cosmos-db/access-control-on-cosmosdb-resources',
    says: 'every request carries an authorization token',
  },
  noSuchResource: {
    status: 404,
    page: 'rest/api/cosmos-db/http-status-codes-for-cosmosdb',
    says: 'the database, container or document does not exist',
  },
  taken: {
    status: 409,
    page: 'rest/api/cosmos-db/create-a-document',
    says: 'an id is unique within its logical partition',
  },
  etagMoved: {
    status: 412,
    page: 'azure/cosmos-db/nosql/database-transactions-optimistic-concurrency',
    says: 'a write with if-match needs the present _etag',
  },
  failedDependency: {
    status: 424,
    page: 'azure/cosmos-db/nosql/transactional-batch',
    says: 'an operation of a batch fails with the batch',
  },
  partialKey: {
    status: 400,
    page: 'azure/cosmos-db/hierarchical-partition-keys',
    says: 'point reads and writes need the value of every level of the partition key',
  },
  keyMismatch: {
    status: 400,
    page: 'azure/cosmos-db/nosql/transactional-batch',
    says: "all operations of a batch share the partition key of the request, and a document's own must match",
  },
  tooManyOperations: {
    status: 400,
    page: 'azure/cosmos-db/concepts-limits',
    says: 'a transactional batch has at most 100 operations',
  },
  tooLarge: {
    status: 413,
    page: 'azure/cosmos-db/concepts-limits',
    says: 'a request, and so a batch or a document, has at most 2 MB',
  },
  badId: {
    status: 400,
    page: 'azure/cosmos-db/concepts-limits',
    says: 'an id has at most 1,023 bytes and none of / \\ ? #',
  },
  orderByUnindexed: {
    status: 400,
    page: 'azure/cosmos-db/index-policy',
    says: 'ORDER BY needs a range index on its path, and this path is excluded from indexing',
  },
  filterUnindexed: {
    status: 400,
    page: 'azure/cosmos-db/index-policy',
    says: 'a filter on a path excluded from indexing is a scan; it is allowed here for the partition key only',
  },
  crossPartitionWithoutPlan: {
    status: 400,
    page: 'rest/api/cosmos-db/querying-cosmosdb-resources-using-the-rest-api',
    says:
      'the gateway serves cross-partition queries with projections and filters only; TOP, ORDER BY and ' +
      'aggregates need the query plan and one request for each partition key range',
  },
  unknownShape: {
    status: 400,
    page: 'none: a limit of the stand-in',
    says: 'the stand-in answers only the queries that the store sends; teach it this one',
  },
  unknownRoute: {
    status: 400,
    page: 'none: a limit of the stand-in',
    says: 'the stand-in serves only the routes that the store uses',
  },
} as const;

export type Rule = keyof typeof RULES;

/** The service says no; `message` cites the rule. */
export class Refusal extends Error {
  readonly status: number;
  readonly rule: Rule;
  readonly extra: Readonly<Record<string, unknown>>;
  constructor(rule: Rule, detail = '', extra: Readonly<Record<string, unknown>> = {}) {
    const { status, page, says } = RULES[rule];
    super(`${says}${detail ? ` (${detail})` : ''} [learn.microsoft.com/${page}]`);
    this.name = 'Refusal';
    this.status = status;
    this.rule = rule;
    this.extra = extra;
  }
}
