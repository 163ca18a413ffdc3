import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Agreement } from '../../src/agreement/agreement.ts';
import { readAgreementFile } from '../../src/agreement-files.ts';
import { compose } from '../../src/compose.ts';
import type { Config } from '../../src/config.ts';
import type { Doc, TimerDoc } from '../../src/core/change.ts';
import type { WaitingNotice } from '../../src/jobs/presenter.ts';
import { createLog } from '../../src/log.ts';
import type { App } from '../../src/operations.ts';
import { CASE_HEAD, type CaseDoc } from '../../src/register/case.ts';
import { openEmbedded } from '../../src/store/embedded.ts';
import { embeddedPath } from '../../src/store/embedded-file.ts';
import { type Held, type Store, SYSTEM } from '../../src/store/store.ts';
import { type JourneyClock, startClock } from './clock.ts';
import { type Answer, type Connector, type Person, startConnector } from './connector.ts';
import type { Placed } from './posts.ts';

/** The pathways of a journey: the demo's, and one with other partners, roles, reasons, dataset and hours. */
export const PATHWAYS = ['riverside', 'moorland'] as const;
export type PathwayId = (typeof PATHWAYS)[number];

const FILES = {
  riverside: fileURLToPath(new URL('../../infra/demo/agreements/riverside.yaml', import.meta.url)),
  moorland: fileURLToPath(new URL('./agreements/moorland.yaml', import.meta.url)),
};
export const TERMS: Readonly<Record<PathwayId, Agreement>> = {
  riverside: await readAgreementFile(FILES.riverside),
  moorland: await readAgreementFile(FILES.moorland),
};

/** A Tuesday morning when everybody is open. */
export const START = '2026-11-24T10:00:00.000Z';

/** What the intake answered. */
export interface Intake {
  readonly status: number;
  readonly type: string;
  readonly body: {
    readonly caseId: string;
    readonly handoverId: string;
    readonly status: string;
    readonly missing: readonly string[];
    readonly code?: string;
    readonly detail?: string;
    readonly errors?: readonly { readonly field: string; readonly message: string }[];
  };
  readonly text: string;
}

/** A whole Baton in this process: real HTTP, the agreements of both pathways, and Teams played by the connector. */
export interface World {
  readonly url: string;
  readonly connector: Connector;
  readonly clock: JourneyClock;
  readonly store: Store;
  readonly folder: string;
  /** Everything logged so far. */
  logged(): string;
  /** Somebody of an agreement at a Teams client, by key; `account` counts from 0. */
  person(pathway: PathwayId, key: string, account?: number): Person;
  /** Somebody in no agreement. */
  stranger(name: string, tenant?: string): Person;
  /** The channel of a provider, as its agreement's file binds it. */
  channel(pathway: PathwayId, provider: string): Placed;
  /** A partner's system offers, with a key of its own unless one is given. */
  offers(pathway: string, body: unknown, key?: string): Promise<Intake>;
  /** Baton is installed in these places, and says so there: a channel's standing card, or a greeting. */
  reaches(...places: readonly (readonly [Person, Placed?])[]): Promise<void>;
  /** The calendar wakes, as it does every few minutes in life. */
  wakes(): Promise<void>;
  /** Which provider holds a case. */
  holder(pathway: PathwayId, caseId: string): Promise<string | undefined>;
  /** What happened to a case, by the events' types. */
  events(pathway: PathwayId, caseId: string): Promise<string[]>;
  /**
   * Every document but those about where conversations can be reached and who sends. Waits until nothing
   * is under way, so that two of them differ only by what was done between.
   */
  kept(): Promise<string[]>;
  close(): Promise<void>;
}

export interface Start {
  /** In memory when absent; `file` keeps it in `folder`. */
  readonly store?: Store | 'file';
  readonly connector?: Connector;
  readonly clock?: JourneyClock;
  readonly folder?: string;
  /** Puts more into an agreement's file, or other words. */
  readonly agreed?: Partial<Record<PathwayId, (text: string) => string>>;
  /** What calls to paging services are signed with; none when absent. */
  readonly pagingKeys?: Config['pagingKeys'];
  /** The weekly digest is made, which comes into whatever journey passes a Monday. */
  readonly digests?: boolean;
}

let keys = 0;

export async function startWorld(start: Start = {}): Promise<World> {
  const connector = start.connector ?? (await startConnector());
  const clock = start.clock ?? startClock(START);
  const folder = start.folder ?? mkdtempSync(join(tmpdir(), 'baton-journey-'));
  mkdirSync(join(folder, 'agreements'), { recursive: true });
  for (const pathway of PATHWAYS) {
    const text = readFileSync(FILES[pathway], 'utf8');
    writeFileSync(join(folder, 'agreements', `${pathway}.yaml`), start.agreed?.[pathway]?.(text) ?? text);
  }
  const lines: string[] = [];
  const config: Config = {
    port: 0,
    dataDir: folder,
    agreements: join(folder, 'agreements'),
    store:
      typeof start.store === 'object'
        ? { kind: 'cosmos', endpoint: 'https://in.process/', key: 'any', database: 'baton' }
        : { kind: 'embedded', dataDir: folder },
    teams: { kind: 'unsigned' },
    intakeKeys: [],
    pagingKeys: start.pagingKeys ?? [],
    logLevel: 'trace',
  };
  const store =
    typeof start.store === 'object' ? start.store : openEmbedded({ path: pathIn(folder, start.store) });
  const jobs: (() => Promise<void>)[] = [];
  const app: App = await compose(config, createLog('trace', { write: (line) => void lines.push(line) }), {
    ...(start.store !== 'file' && { store }),
    clock,
    pollMs: 50,
    digests: start.digests ?? false,
    schedule: (_, job) => {
      jobs.push(job);
      return { stop: () => undefined };
    },
  });
  const { url } = await app.listen();
  const botUrl = `${url}/api/messages`;

  const offers = async (pathway: string, body: unknown, key = `journey-${++keys}`): Promise<Intake> => {
    const response = await fetch(`${url}/api/pathways/${pathway}/handovers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: JSON.parse(text),
      text,
    };
  };

  return {
    url,
    connector,
    clock,
    store,
    folder,
    logged: () => lines.join(''),
    person(pathway, key, account = 0) {
      const found = TERMS[pathway].people.find((one) => one.key === key);
      const at = found?.accounts[account];
      if (!found || !at) throw new Error(`nobody is ${key} on ${pathway}`);
      return connector.person({ name: found.name, ...at }, botUrl);
    },
    stranger: (name, tenant = 'tenant-elsewhere') =>
      connector.person({ name, tenant, objectId: `object-of-${name.toLowerCase()}` }, botUrl),
    channel(pathway, provider) {
      const found = TERMS[pathway].channels.find((one) => one.provider === provider);
      if (!found) throw new Error(`${provider} has no channel on ${pathway}`);
      return connector.channel(found.conversation, found.tenant);
    },
    offers,
    async reaches(...places) {
      for (const [person, place] of places) {
        await person.installs(place);
        await connector.expect(place ?? person.chat, place ? 'offer a handover.' : 'this is Baton');
      }
    },
    async wakes() {
      for (const job of jobs) await job();
    },
    holder: async (pathwayId, caseId) =>
      (await store.get<CaseDoc>({ pathwayId, caseId }, CASE_HEAD))?.doc.holder?.provider,
    events: async (pathwayId, caseId) => (await store.history({ pathwayId, caseId })).map(({ type }) => type),
    async kept() {
      const end = performance.now() + 5_000;
      for (;;) {
        const found: Held[] = [];
        for (const pathway of [...PATHWAYS, SYSTEM]) {
          for await (const held of store.everything(pathway)) {
            if (!ASIDE.has(held.key.caseId)) found.push(held);
          }
        }
        if (!found.some(({ doc }) => isUnderWay(doc))) return found.map(shown).sort();
        if (performance.now() > end) throw new Error('messages are still under way');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async close() {
      await app.close();
      if (start.store === 'file') await store.close();
      if (!start.connector) await connector.close();
      if (!start.folder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ASIDE = new Set(['_reach', '_lease', '_pathways', '_secret']);
/** A message to be sent (one that has gone to others instead waits for somebody to be there), or a look at once. */
const isUnderWay = (doc: Doc): boolean =>
  (doc.kind === 'notice' && !(doc as WaitingNotice).fellBack) ||
  (doc.kind === 'timer' && (doc as TimerDoc).fires.startsWith('duplicates.'));

const shown = ({ key, doc }: Held): string =>
  `${key.pathwayId} ${key.caseId} ${doc.id} ${JSON.stringify(doc)}`;

const pathIn = (folder: string, store: Start['store']): string =>
  store === 'file' ? embeddedPath(folder) : ':memory:';

/** The words of an answer or of a card, as the person reads them. */
export const read = (answer: Pick<Answer, 'card' | 'text'>): string =>
  answer.text ?? JSON.stringify(answer.card ?? {});
