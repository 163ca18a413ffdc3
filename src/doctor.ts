import { basename } from 'node:path';
import type { Agreement } from './agreement/agreement.ts';
import { createAgreements } from './agreement/current.ts';
import { agreementFilesIn, readAgreementFile } from './agreement-files.ts';
import type { Config, TeamsConfig } from './config.ts';
import type { Clock, Instant } from './core/clock.ts';
import { BadConfiguration, Invalid, Unavailable } from './core/errors.ts';
import { HOLIDAYS_KNOWN_UNTIL } from './core/holidays.ts';
import { KEY_REMEDY, providersWithoutKey } from './paging/keys.ts';
import { type Store, SYSTEM } from './store/store.ts';

/** One thing looked at; `wrong` says what is wrong and what to do, and is absent where all is well. */
export interface Finding {
  readonly what: string;
  readonly wrong?: string;
}

export interface DoctorDeps {
  readonly config: Config;
  readonly clock: Clock;
  openStore(): Promise<Store>;
  /** Throws `Invalid` or an error that says what is wrong with an agreement file. */
  checkAgreement(file: string): Promise<unknown>;
  /** Asks Microsoft Entra for a token, as the bot will; throws where it gets none. */
  signIn(teams: Extract<TeamsConfig, { kind: 'signed' }>): Promise<void>;
}

/** Looks at everything that Baton depends on, each by itself, so that one fault does not hide another. */
export async function examine(deps: DoctorDeps): Promise<Finding[]> {
  const { config, clock } = deps;
  return [
    { what: 'settings: all can be read' },
    await look(`store: ${config.store.kind}`, () => storeAnswers(deps)),
    await look('Teams credentials', () => credentialsWork(deps)),
    ...(await agreementsHold(deps)),
    await look('keys of paging services', () => pagersHaveKeys(deps)),
    await look('clock and time zone', async () => clockIsPlausible(clock.now())),
    await look('calendar of bank holidays', async () => calendarReaches(clock.now())),
  ];
}

async function look(what: string, check: () => Promise<string | undefined>): Promise<Finding> {
  try {
    const wrong = await check();
    return wrong === undefined ? { what } : { what, wrong };
  } catch (error) {
    return { what, wrong: told(error) };
  }
}

/** Our own errors say what to do; of others only the name is safe to show. */
function told(error: unknown): string {
  if (error instanceof Invalid) {
    return [error.message, ...error.problems.map(({ field, message }) => `${field}: ${message}`)].join('; ');
  }
  if (error instanceof BadConfiguration || error instanceof Unavailable) return error.message;
  const { name, code } = error as { name?: unknown; code?: unknown };
  return `failed (${String(code ?? name ?? 'unknown')}); the log of serve has more`;
}

async function storeAnswers({ openStore }: DoctorDeps): Promise<undefined> {
  const store = await openStore();
  try {
    await store.count(SYSTEM, 'pathways');
  } finally {
    await store.close();
  }
}

async function credentialsWork({ config, signIn }: DoctorDeps): Promise<undefined> {
  if (config.teams.kind === 'signed') await signIn(config.teams);
}

async function agreementsHold({ config, checkAgreement }: DoctorDeps): Promise<Finding[]> {
  const folder = config.agreements;
  if (folder === undefined)
    return [{ what: 'agreements: BATON_AGREEMENTS names no folder; the store’s are used' }];
  let files: string[] = [];
  const found = await look('folder of agreements', async () => {
    files = await agreementFilesIn(folder);
    return undefined;
  });
  if (found.wrong !== undefined) return [found];
  return Promise.all(
    files.map((file) =>
      look(`agreement ${basename(file)}`, async () => {
        await checkAgreement(file);
        return undefined;
      }),
    ),
  );
}

/** Looks at the files and at what is in force; that either cannot be read is a finding of its own. */
async function pagersHaveKeys(deps: DoctorDeps): Promise<string | undefined> {
  const { config } = deps;
  const filed =
    config.agreements === undefined ? [] : await agreementFilesIn(config.agreements).catch(() => []);
  const read = await Promise.all(filed.map((file) => readAgreementFile(file).catch(() => undefined)));
  const inForce = await agreementsInForce(deps).catch(() => []);
  const agreements = [...read, ...inForce].filter((terms) => terms !== undefined);
  const providers = providersWithoutKey(agreements, config.pagingKeys);
  return providers.length === 0
    ? undefined
    : `nobody can be paged at ${providers.join(' and ')}: ${KEY_REMEDY}`;
}

async function agreementsInForce({ clock, openStore }: DoctorDeps): Promise<(Agreement | undefined)[]> {
  const store = await openStore();
  try {
    const agreements = createAgreements(store, clock);
    const pathways = await agreements.pathways();
    return await Promise.all(pathways.map(async (id) => (await agreements.inForce(id))?.terms));
  } finally {
    await store.close();
  }
}

/** A clock that is years out, or a Node without zone data, puts every deadline wrong. */
function clockIsPlausible(now: Instant): string | undefined {
  if (now < '2026-01-01') return `it reads ${now.slice(0, 10)}, which has passed; set the machine’s clock`;
  const summer = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/London',
    hour: '2-digit',
    hour12: false,
  });
  return summer.format(Date.parse('2026-07-01T12:00:00Z')) === '13'
    ? undefined
    : 'this Node has no data about time zones; use one with full ICU';
}

const CALENDAR_NOTICE_DAYS = 180;

function calendarReaches(now: Instant): string | undefined {
  const left = Math.floor((Date.parse(HOLIDAYS_KNOWN_UNTIL) - Date.parse(now)) / 86_400_000);
  return left >= CALENDAR_NOTICE_DAYS
    ? undefined
    : `it ends on ${HOLIDAYS_KNOWN_UNTIL}; update Baton, or later deadlines will not skip bank holidays`;
}
