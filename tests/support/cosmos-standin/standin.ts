import { type BatchOperation, Container, type ContainerDefinition, charges, RANGES, sizeOf } from './data.ts';
import { FaultPlan, type Mishap, type Operation } from './faults.ts';
import { planOf, type QuerySpec, runQuery } from './queries.ts';
import { Refusal, type Rule } from './rules.ts';

export interface StandinRequest {
  readonly method: string;
  /** Path of the URL, still percent-encoded. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface StandinAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** What to do with the connection: answer, break it, or leave it without an answer. */
export type Outcome = StandinAnswer | 'reset' | 'hang';

export interface StandinOptions {
  /** A page of a query holds at most so many documents, whatever was asked for. Default 7. */
  readonly pageSize?: number;
  /** Every so many pages an empty one with a continuation comes first, as the service may do. Default 3. */
  readonly emptyEvery?: number;
  /** Fields of the account's own description, for an account that is set up otherwise. */
  readonly account?: Readonly<Record<string, unknown>>;
}

interface Call {
  readonly operation: Operation | 'manage';
  run(): { status: number; body?: unknown; headers?: Record<string, string>; charge?: number };
}

/**
 * The REST protocol of Azure Cosmos DB for NoSQL, as far as the store uses it, over data in memory with two
 * physical partitions. It is strict where the service is: each refusal cites the documented rule.
 * It is always consistent and knows no throughput: what the service adds by itself (throttling, lost
 * answers) comes from the fault plan only.
 */
export class Standin {
  readonly faults = new FaultPlan();
  /** Request units of the last call of an operation, and of all together. */
  readonly units = { last: new Map<string, number>(), total: 0 };
  readonly calls = new Map<string, number>();
  readonly refusals = new Map<Rule, number>();
  private readonly databases = new Map<string, Map<string, Container>>();
  private readonly pageSize: number;
  private readonly emptyEvery: number;
  private readonly described: Readonly<Record<string, unknown>>;
  private pages = 0;

  constructor({ pageSize = 7, emptyEvery = 3, account = {} }: StandinOptions = {}) {
    this.described = account;
    this.pageSize = pageSize;
    this.emptyEvery = emptyEvery;
  }

  /** Serves one request, or has the planned mishap. */
  handle(request: StandinRequest, origin: string): Outcome {
    let call: Call;
    try {
      call = this.route(request, origin);
    } catch (error) {
      return this.refuse(error);
    }
    this.calls.set(call.operation, (this.calls.get(call.operation) ?? 0) + 1);
    const mishap = call.operation === 'manage' ? undefined : this.faults.next(call.operation);
    if (mishap?.moment === 'before') return fail(mishap, request);
    const answer = this.serve(call);
    return mishap ? fail(mishap, request) : answer;
  }

  /** How many items lie in a physical partition. */
  itemsIn(database: string, container: string, range: string): number {
    return this.container(database, container).items({ range }).length;
  }

  private serve(call: Call): StandinAnswer {
    try {
      const { status, body, headers = {}, charge = 0 } = call.run();
      this.units.last.set(call.operation, charge);
      this.units.total += charge;
      return answerOf(status, body, { 'x-ms-request-charge': String(charge), ...headers });
    } catch (error) {
      return this.refuse(error);
    }
  }

  private refuse(error: unknown): StandinAnswer {
    if (!(error instanceof Refusal)) throw error;
    this.refusals.set(error.rule, (this.refusals.get(error.rule) ?? 0) + 1);
    return answerOf(error.status, { code: error.rule, message: error.message, ...error.extra });
  }

  private route(request: StandinRequest, origin: string): Call {
    if (!request.headers.authorization) throw new Refusal('unauthorised');
    const steps = request.path.split('/').filter(Boolean).map(decodeURIComponent);
    const [dbs, database, colls, container, kind, id, ...more] = steps;
    const { method } = request;
    if (steps.length === 0 && method === 'GET') return this.account(origin);
    const known = dbs === 'dbs' && (colls ?? 'colls') === 'colls' && more.length === 0;
    if (!known) throw new Refusal('unknownRoute', `${method} ${request.path}`);
    if (container === undefined) return this.manage(request, database, colls !== undefined);
    if (kind === undefined && method === 'GET') return this.definition(database, container);
    if (kind === 'pkranges' && method === 'GET') return this.ranges(database, container);
    if (kind === 'docs' && id !== undefined && method === 'GET') {
      return this.read(request, this.container(database, container), id);
    }
    if (kind === 'docs' && id === undefined && method === 'POST') {
      return this.post(request, this.container(database, container));
    }
    throw new Refusal('unknownRoute', `${method} ${request.path}`);
  }

  private account(origin: string): Call {
    const locations = [{ name: 'Here', databaseAccountEndpoint: origin }];
    const body = {
      id: 'standin',
      _rid: 'standin',
      writableLocations: locations,
      readableLocations: locations,
      enableMultipleWriteLocations: false,
      userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
      queryEngineConfiguration: '{}',
      ...this.described,
    };
    return { operation: 'account', run: () => ({ status: 200, body }) };
  }

  private manage(request: StandinRequest, database: string | undefined, inDatabase: boolean): Call {
    return {
      operation: 'manage',
      run: () => {
        if (request.method === 'GET' && database !== undefined && !inDatabase) {
          if (!this.databases.has(database)) throw new Refusal('noSuchResource');
          return { status: 200, body: { id: database, _rid: 'db' } };
        }
        if (request.method !== 'POST') throw new Refusal('unknownRoute', request.path);
        const made = JSON.parse(request.body) as ContainerDefinition;
        if (database === undefined) {
          if (this.databases.has(made.id)) throw new Refusal('taken');
          this.databases.set(made.id, new Map());
        } else {
          const containers = this.databases.get(database);
          if (!containers) throw new Refusal('noSuchResource');
          if (containers.has(made.id)) throw new Refusal('taken');
          containers.set(made.id, new Container(made));
        }
        return { status: 201, body: { ...made, _rid: 'made' } };
      },
    };
  }

  private container(database = '', id = ''): Container {
    const container = this.databases.get(database)?.get(id);
    if (!container) throw new Refusal('noSuchResource');
    return container;
  }

  private definition(database: string | undefined, id: string): Call {
    return {
      operation: 'container',
      run: () => {
        const { definition, rid } = this.container(database, id);
        return { status: 200, body: { ...definition, _rid: rid } };
      },
    };
  }

  private ranges(database: string | undefined, id: string): Call {
    return {
      operation: 'ranges',
      run: () => ({
        status: 200,
        body: { _rid: this.container(database, id).rid, PartitionKeyRanges: RANGES, _count: RANGES.length },
      }),
    };
  }

  private read({ headers }: StandinRequest, container: Container, id: string): Call {
    return {
      operation: 'read',
      run: () => {
        const item = container.read(container.fullKey(headers['x-ms-documentdb-partitionkey']), id);
        return { status: 200, body: item, headers: { etag: item._etag }, charge: charges.read(sizeOf(item)) };
      },
    };
  }

  private post(request: StandinRequest, container: Container): Call {
    const { headers } = request;
    if (isTrue(headers['x-ms-cosmos-is-query-plan-request'])) {
      const spec = JSON.parse(request.body) as QuerySpec;
      return { operation: 'plan', run: () => ({ status: 200, body: planOf(spec) }) };
    }
    if (isTrue(headers['x-ms-documentdb-isquery'])) {
      return { operation: 'query', run: () => this.query(request, container) };
    }
    if (isTrue(headers['x-ms-cosmos-is-batch-request']) && isTrue(headers['x-ms-cosmos-batch-atomic'])) {
      return { operation: 'batch', run: () => this.batch(request, container) };
    }
    throw new Refusal('unknownRoute', 'a POST to docs that is no query and no atomic batch');
  }

  private query({ headers, body }: StandinRequest, container: Container): ReturnType<Call['run']> {
    const spec = JSON.parse(body) as QuerySpec;
    const range = headers['x-ms-documentdb-partitionkeyrangeid'];
    const key = headers['x-ms-documentdb-partitionkey'];
    const asked = Number(headers['x-ms-max-item-count'] ?? 100);
    const held = headers['x-ms-continuation'];
    // The marker keeps an empty page from being followed by another one for ever.
    const isEmpty =
      held === undefined && ++this.pages % this.emptyEvery === 0 && !spec.query.includes('COUNT');
    const page = runQuery(container, {
      spec,
      ...(range !== undefined && { range }),
      ...(key !== undefined && { key: container.fullKey(key) }),
      ...(held !== undefined && held !== AFTER_EMPTY && { continuation: held }),
      pageSize: isEmpty ? 0 : Math.min(asked < 1 ? 100 : asked, this.pageSize),
    });
    const continuation = isEmpty ? AFTER_EMPTY : page.continuation;
    return {
      status: 200,
      body: { _rid: container.rid, Documents: page.documents, _count: page.documents.length },
      headers: {
        ...(continuation !== undefined && { 'x-ms-continuation': continuation }),
        'x-ms-item-count': String(page.documents.length),
      },
      charge: page.charge,
    };
  }

  private batch({ headers, body }: StandinRequest, container: Container): ReturnType<Call['run']> {
    if (Buffer.byteLength(body) > 2 * 1024 * 1024) throw new Refusal('tooLarge');
    const key = container.fullKey(headers['x-ms-documentdb-partitionkey']);
    const { done, results } = container.batch(key, JSON.parse(body) as BatchOperation[]);
    const charge = results.reduce((sum, each) => sum + each.requestCharge, 0);
    return { status: done ? 200 : 207, body: results, charge };
  }
}

const AFTER_EMPTY = 'after-empty';
const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === 'true';

function answerOf(status: number, body: unknown, headers: Record<string, string> = {}): StandinAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-ms-activity-id': 'standin', ...headers },
    body: body === undefined ? '' : JSON.stringify(body),
  };
}

/** The answer of a mishap. A batch's own conflicts come inside a 207, everything else as the status. */
function fail({ answer, retryAfterMs }: Mishap, { headers, body }: StandinRequest): Outcome {
  if (typeof answer === 'string') return answer;
  if (isTrue(headers['x-ms-cosmos-is-batch-request']) && [404, 409, 412, 449].includes(answer)) {
    const operations = JSON.parse(body) as unknown[];
    const results = operations.map((_, index) => ({
      statusCode: index === 0 ? answer : 424,
      requestCharge: 1,
    }));
    return answerOf(207, results);
  }
  return answerOf(
    answer,
    { code: String(answer), message: 'injected' },
    retryAfterMs === undefined ? {} : { 'x-ms-retry-after-ms': String(retryAfterMs) },
  );
}
