import { randomUUID } from 'node:crypto';
import {
  type Container,
  CosmosClient,
  type CosmosClientOptions,
  type FeedOptions,
  type ItemDefinition,
  type OperationInput,
  PartitionKeyDefinitionVersion,
  PartitionKeyKind,
} from '@azure/cosmos';
import type { Doc, EventDoc, Key } from '../core/change.ts';
import type { Clock } from '../core/clock.ts';
import { BadConfiguration } from '../core/errors.ts';
import { readFailure, verdictOfBatch, verdictOfThrown } from './cosmos-answer.ts';
import { batchOf, commitSettled, type Verdict } from './cosmos-commit.ts';
import {
  type CosmosItem,
  type CosmosQuery,
  cosmosId,
  countQuery,
  everythingQuery,
  historyQuery,
  INDEXING,
  KEY_PATHS,
  pageQuery,
} from './cosmos-item.ts';
import { type ReadUp, readNothingUp } from './read-up.ts';
import { checkBatch, checkPage, type Held, type Listed, type Page, type Store } from './store.ts';

/** A point read or a batch, with all that the client tries again by itself: a turn has 8 s in all. */
const CALL_MS = 2_500;
/** One request of a query: the service works on a page for up to 5 s before it answers. */
const REQUEST_MS = 10_000;
/** A query with all its pages. */
const QUERY_MS = 15_000;
/** Documents read at a time by `everything`. */
const PORTION = 500;

export interface CosmosOptions {
  readonly endpoint: string;
  /** The account's key; without it `credential` is used. */
  readonly key?: string;
  /** A managed identity or other Entra credential with the data contributor role. */
  readonly credential?: NonNullable<CosmosClientOptions['aadCredentials']>;
  readonly database: string;
  /** `records` unless given. */
  readonly container?: string;
  readonly clock: Clock;
  readonly readUp?: ReadUp;
  /** The transport under the client's own retries. */
  readonly httpClient?: NonNullable<CosmosClientOptions['httpClient']>;
  /** A point read or a commit without an answer for so many milliseconds is taken as lost; 2,500. */
  readonly timeoutMs?: number;
}

type Read = CosmosItem & ItemDefinition & { readonly _etag: string };

/**
 * The store in Azure Cosmos DB for NoSQL: hierarchical key, transactional batches fenced by ETags, point
 * reads, and only the lists indexed. Database and container are there already (the infrastructure or
 * `ensureCosmos` makes them).
 * Errors: `BadConfiguration` when the account or the container cannot hold the record safely;
 * `Unavailable` when the account does not answer; then as `Store` says.
 */
export async function openCosmos(options: CosmosOptions): Promise<Store> {
  const { clock, readUp = readNothingUp, timeoutMs = CALL_MS } = options;
  const client = clientOf(options);
  const container = client.database(options.database).container(options.container ?? 'records');
  try {
    await checkAccount(client, container);
  } catch (error) {
    client.dispose();
    throw error instanceof BadConfiguration ? error : readFailure(error);
  }

  async function read(key: Key, id: string): Promise<Read | undefined> {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    return (await container.item(id, keyOf(key)).read<Read>({ abortSignal })).resource;
  }

  async function send(key: Key, operations: OperationInput[]): Promise<Verdict> {
    try {
      const abortSignal = AbortSignal.timeout(timeoutMs);
      const answer = await container.items.batch(operations, keyOf(key), { abortSignal });
      return verdictOfBatch(answer.result);
    } catch (error) {
      return verdictOfThrown(error);
    }
  }

  /** The documents of a query, portion by portion: pages of the service come short, and even empty. */
  async function* portions<T>(query: CosmosQuery, options: FeedOptions): AsyncGenerator<T[]> {
    const iterator = container.items.query<T>(query, options);
    while (iterator.hasMoreResults()) {
      try {
        yield (await iterator.fetchNext()).resources ?? [];
      } catch (error) {
        throw readFailure(error);
      }
    }
  }

  /** Over several physical partitions order and counts need the client's query plan: it is asked for at once. */
  const acrossPartitions = (maxItemCount: number): FeedOptions => ({
    forceQueryPlan: true,
    maxItemCount,
    abortSignal: AbortSignal.timeout(QUERY_MS),
  });

  return {
    async get<T extends Doc>(key: Key, id: string) {
      const item = await read(key, cosmosId(id)).catch((error: unknown) => {
        throw readFailure(error);
      });
      return item && { doc: readUp<T>(item.doc), etag: item._etag };
    },

    async commit(key, writes) {
      checkBatch(writes);
      const batch = batchOf(key, structuredClone(writes), randomUUID());
      const operations = batch.operations as unknown as OperationInput[];
      await commitSettled(batch, {
        clock,
        send: () => send(key, operations),
        readWitness: (id) => read(key, id),
      });
    },

    async history(key) {
      const events: EventDoc[] = [];
      const options = { partitionKey: keyOf(key), abortSignal: AbortSignal.timeout(QUERY_MS) };
      for await (const items of portions<Read>(historyQuery, options)) {
        for (const { doc } of items) events.push(doc as EventDoc);
      }
      return events.sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    async page<T extends Doc>(pathwayId: string, list: string, page: Page) {
      checkPage(page);
      const found: Listed<T>[] = [];
      const query = pageQuery(pathwayId, list, page);
      for await (const items of portions<Read>(query, acrossPartitions(page.limit))) {
        for (const { caseId, doc, _etag } of items) {
          const place = doc.lists?.[list] ?? '';
          found.push({ key: { pathwayId, caseId }, place, doc: readUp<T>(doc), etag: _etag });
        }
        if (found.length >= page.limit) break;
      }
      return found;
    },

    async count(pathwayId, list, upTo) {
      let count = 0;
      const query = countQuery(pathwayId, list, upTo);
      for await (const counts of portions<number>(query, acrossPartitions(1))) {
        for (const each of counts) count += each;
      }
      return count;
    },

    async *everything(pathwayId): AsyncGenerator<Held> {
      // The pathway's id is not indexed: a scan, which is right for what reads everything anyway.
      const options = { maxItemCount: PORTION, enableScanInQuery: true };
      for await (const items of portions<Read>(everythingQuery(pathwayId), options)) {
        for (const { caseId, doc } of items) yield { key: { pathwayId, caseId }, doc };
      }
    },

    async close() {
      client.dispose();
    },
  };
}

/**
 * Makes the database and the container where they are missing, as the infrastructure does for production:
 * hierarchical key, and nothing indexed but the lists. Errors: as `openCosmos`.
 */
export async function ensureCosmos(options: CosmosOptions): Promise<void> {
  const client = clientOf(options);
  try {
    const { database } = await client.databases.createIfNotExists({ id: options.database });
    await database.containers.createIfNotExists({
      id: options.container ?? 'records',
      partitionKey: {
        paths: KEY_PATHS,
        kind: PartitionKeyKind.MultiHash,
        version: PartitionKeyDefinitionVersion.V2,
      },
      indexingPolicy: INDEXING,
    });
  } catch (error) {
    throw readFailure(error);
  } finally {
    client.dispose();
  }
}

/** All levels: with fewer the client would send a batch that the service refuses. */
const keyOf = ({ pathwayId, caseId }: Key): string[] => [pathwayId, caseId];

function clientOf({ endpoint, key, credential, httpClient }: CosmosOptions): CosmosClient {
  const url = URL.parse(endpoint);
  const isLoopback = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url?.protocol !== 'https:' && !(isLoopback && url.protocol === 'http:')) {
    throw unfit('COSMOS_ENDPOINT', 'give the https address of the account (http only on this machine)');
  }
  if (key === undefined && credential === undefined) {
    throw unfit('COSMOS_KEY', 'give the key of the account, or run with a managed identity');
  }
  return new CosmosClient({
    endpoint,
    ...(key === undefined ? credential && { aadCredentials: credential } : { key }),
    ...(httpClient && { httpClient }),
    userAgentSuffix: 'baton',
    connectionPolicy: {
      requestTimeout: REQUEST_MS,
      // What runs on this machine (an emulator) names addresses that only its own container knows.
      enableEndpointDiscovery: !isLoopback,
      // One region writes, or two of them could each let a change to the same case win.
      useMultipleWriteLocations: false,
      retryOptions: {
        maxRetryAttemptCount: 3,
        fixedRetryIntervalInMilliseconds: 0,
        maxWaitTimeInSeconds: 2,
      },
    },
  });
}

async function checkAccount(client: CosmosClient, container: Container): Promise<void> {
  const abortSignal = AbortSignal.timeout(QUERY_MS);
  const { resource: account } = await client.getDatabaseAccount({ abortSignal });
  if (account?.enableMultipleWritableLocations) {
    throw unfit(
      'COSMOS_ENDPOINT',
      'turn multi-region writes off: two regions could both accept one handover',
    );
  }
  if (['Eventual', 'ConsistentPrefix'].includes(String(account?.consistencyPolicy))) {
    throw unfit('COSMOS_ENDPOINT', 'set the default consistency of the account to Session or stronger');
  }
  const { resource: definition } = await container.read({ abortSignal }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 404) throw error;
    throw unfit('COSMOS_DATABASE', `there is no container ${container.id}: deploy the infrastructure first`);
  });
  if (definition?.partitionKey?.paths.join() !== KEY_PATHS.join()) {
    const remedy = `the container ${container.id} needs the hierarchical key ${KEY_PATHS.join(', ')}`;
    throw unfit('COSMOS_DATABASE', remedy);
  }
}

const unfit = (field: string, message: string): BadConfiguration =>
  new BadConfiguration([{ field, message }]);
