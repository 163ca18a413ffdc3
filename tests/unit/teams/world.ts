import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import express from 'express';
import { z } from 'zod/v4';
import { systemClock } from '../../../src/core/clock.ts';
import { Invalid, Refused, Unavailable } from '../../../src/core/errors.ts';
import type { Reach } from '../../../src/core/messenger.ts';
import type { Asking, Reply } from '../../../src/core/routes.ts';
import { createLog } from '../../../src/log.ts';
import { createTeams, type Features, type Registration, type Teams } from '../../../src/teams/bot.ts';
import { type Connector, type Person, startConnector } from '../../support/connector.ts';

export const TENANT = 'tenant-1';
export const CHANNEL = '19:hospice@thread.tacv2';

const button = (title: string, verb: string) => ({
  type: 'Action.Execute',
  title,
  verb,
  data: { ref: 'r1' },
});

/** A folder of small templates, laid out as under cards/. */
export function cardFolder(cards: Readonly<Record<string, object>>): URL {
  const folder = mkdtempSync(join(tmpdir(), 'cards-'));
  for (const [name, card] of Object.entries(cards)) {
    const [feature = ''] = name.split('/');
    mkdirSync(join(folder, feature), { recursive: true });
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(card));
  }
  return pathToFileURL(`${folder}/`);
}

export const CARDS = {
  'things/one': {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '${words}' }] },
      { type: 'Input.Text', id: 'reason', label: 'Reason' },
    ],
    actions: ['Do', 'Refuse', 'Break', 'Secret', 'Unsure', 'Spell'].map((title) =>
      button(title, `thing.${title.toLowerCase()}`),
    ),
  },
};

export const one = (words: string): Reply => ({
  kind: 'card',
  view: { card: 'things/one', data: { words }, summary: 'A thing' },
});

/** What ran, with what, for whom. */
export interface Ran {
  readonly what: string;
  readonly asking: Asking;
  readonly input: unknown;
}

export interface World {
  readonly teams: Teams;
  readonly connector: Connector;
  readonly botUrl: string;
  readonly ran: Ran[];
  readonly seen: { readonly reach: Reach; readonly objectId: string | undefined }[];
  readonly installed: string[];
  readonly logged: string[];
  person(name: string): Person;
  close(): Promise<void>;
}

const ON_BOTH = 'rosa';
/** On the pathways by their object id; `rosa` is on two, `nobody` on none. */
const PATHWAYS: Readonly<Record<string, readonly string[]>> = {
  alex: ['palliative'],
  sam: ['palliative'],
  [ON_BOTH]: ['palliative', 'wounds'],
  walter: ['wounds'],
};

/** A bot with a few verbs and commands that record what they were asked, over real HTTP. */
export async function startWorld(config: Registration = {}): Promise<World> {
  const connector = await startConnector();
  const ran: Ran[] = [];
  const seen: { reach: Reach; objectId: string | undefined }[] = [];
  const installed: string[] = [];
  const logged: string[] = [];
  const reached = new Map<string, Reach>();
  const log = createLog('info', { write: (line: string) => void logged.push(line) });

  const verb = (name: string, answer: () => Reply | Promise<Reply>) => ({
    verb: name,
    input: z.object({ ref: z.string().max(5), reason: z.string().max(50).optional() }).strict(),
    run: async (asking: Asking, input: unknown) => {
      ran.push({ what: name, asking, input });
      return answer();
    },
  });
  const features: Features = {
    verbs: [
      verb('thing.do', () => one('done')),
      verb('thing.refuse', () => {
        throw new Refused('gone', 'This has moved on. Nothing for you to do.');
      }),
      verb('thing.break', () => {
        throw new Error('Margaret Example 943 476 5919');
      }),
      verb('thing.secret', () => ({ ...one('Margaret Example'), private: true })),
      verb('thing.unsure', () => {
        throw new Unavailable('store', 'no');
      }),
      verb('thing.spell', () => {
        throw new Invalid('Not stored.', [{ field: 'reason', message: 'write a reason' }]);
      }),
      { ...verb('thing.form', () => one('the form')), input: z.object({}).strict() },
    ],
    typed: ['help', 'handovers', 'handover', 'case'].map((name) => ({
      command: `/${name}`,
      usage: '',
      help: `about ${name}`,
      ...(name === 'case' && { personalOnly: true as const }),
      ...(name === 'handover' && { unrepeated: true as const }),
      run: async (asking: Asking, args: string): Promise<Reply> => {
        ran.push({ what: `/${name}`, asking, input: args });
        return { kind: 'text', text: `answer to ${name}` };
      },
    })),
    dialogs: { offer: { verb: 'thing.form', title: 'Offer a thing' } },
  };

  const teams = await createTeams({
    config,
    features,
    people: {
      find: async (tenant, objectId) =>
        tenant === TENANT
          ? (PATHWAYS[objectId] ?? []).map((pathwayId) => ({
              pathwayId,
              actor: { kind: 'person' as const, person: objectId, name: objectId, positions: [] },
            }))
          : [],
      channel: async (tenant, conversationId) =>
        tenant === TENANT && conversationId === CHANNEL
          ? { pathwayId: 'palliative', provider: 'hospice' }
          : undefined,
    },
    reach: {
      seen: async (reach, account) => {
        seen.push({ reach, objectId: account?.objectId });
        if (account) reached.set(account.objectId, reach);
      },
      find: async (_pathway, route) => (route.to === 'person' ? reached.get(route.person) : undefined),
      installed: async (pathwayId, at) => {
        installed.push(`${pathwayId} ${at.to === 'channel' ? at.provider : at.person}`);
      },
    },
    clock: systemClock,
    log,
    cards: cardFolder(CARDS),
    attemptMs: 300,
  });

  const app = express();
  app.post('/api/messages', express.json(), (request, response) => teams.process(request, response));
  const server: Server = await new Promise((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  const botUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`;
  return {
    teams,
    connector,
    botUrl,
    ran,
    seen,
    installed,
    logged,
    person: (name) => connector.person({ name, tenant: TENANT, objectId: name }, botUrl),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await connector.close();
    },
  };
}
