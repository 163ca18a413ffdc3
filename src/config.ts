import { z } from 'zod/v4';
import { BadConfiguration, type Problem } from './core/errors.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where everything is kept: one machine's file, or Azure Cosmos DB (no key: managed identity). */
export type StoreConfig =
  | { readonly kind: 'embedded'; readonly dataDir: string }
  | {
      readonly kind: 'cosmos';
      readonly endpoint: string;
      readonly key: string | undefined;
      readonly database: string;
    };

/** How the bot knows Teams: by an app registration, or, on one machine, not at all. */
export type TeamsConfig =
  | { readonly kind: 'unsigned' }
  | {
      readonly kind: 'signed';
      readonly appId: string;
      readonly appType: 'MultiTenant' | 'SingleTenant' | 'UserAssignedMSI';
      readonly tenantId: string | undefined;
      /** Undefined with a managed identity only. */
      readonly password: string | undefined;
    };

/** A partner's key to the intake, as the SHA-256 of it in lower-case hex; the key itself is never here. */
export interface IntakeKey {
  readonly partner: string;
  readonly sha256: string;
}

/** What Baton signs its calls to a provider's paging service with, kept by both sides. */
export interface PagingKey {
  readonly provider: string;
  readonly secret: string;
}

export interface Config {
  /** 0 takes any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** Folder of agreement files to apply at start; undefined where there is none. */
  readonly agreements: string | undefined;
  readonly store: StoreConfig;
  readonly teams: TeamsConfig;
  /** Empty: the intake answers loopback only. */
  readonly intakeKeys: readonly IntakeKey[];
  readonly pagingKeys: readonly PagingKey[];
  readonly logLevel: LogLevel;
}

/** The environment as given to a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

const Guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const APP_TYPES = ['MultiTenant', 'SingleTenant', 'UserAssignedMSI'] as const;

const Port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .pipe(z.number().max(65_535));

/** An https address, or http to this machine (the emulator). */
const Endpoint = z.url({ protocol: /^https?$/ }).refine((address) => {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || hostname === 'localhost' || hostname === '127.0.0.1';
});

/**
 * Reads the settings, each with its default. Values are trimmed, and an empty one counts as not set.
 * Errors: `BadConfiguration` with one entry for every bad value, and never the value of a secret.
 */
export function readConfig(env: Environment): Config {
  const problems: Problem[] = [];
  const wrong = (field: string, message: string): undefined => {
    problems.push({ field, message });
    return undefined;
  };
  const value = (name: string): string | undefined => env[name]?.trim() || undefined;
  const oneOf = <T extends string>(name: string, allowed: readonly T[], otherwise: T): T => {
    const given = value(name);
    if (given === undefined) return otherwise;
    const found = allowed.find((one) => one.toLowerCase() === given.toLowerCase());
    if (!found) wrong(name, `set it to one of ${allowed.join(', ')}`);
    return found ?? otherwise;
  };

  const port = Port.safeParse(value('PORT') ?? '3978');
  if (!port.success) wrong('PORT', 'set it to a port number from 1 to 65535, such as 3978');
  const dataDir = value('BATON_DATA_DIR') ?? './data';
  const config: Config = {
    port: port.data ?? 0,
    dataDir,
    agreements: value('BATON_AGREEMENTS'),
    store: readStore(),
    teams: readTeams(),
    intakeKeys: readIntakeKeys(),
    pagingKeys: readPagingKeys(),
    logLevel: oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  if (problems.length > 0) throw new BadConfiguration(problems);
  return config;

  function readStore(): StoreConfig {
    const kind = oneOf('BATON_STORE', ['embedded', 'cosmos'], 'embedded');
    if (kind === 'embedded') return { kind, dataDir };
    const endpoint = value('COSMOS_ENDPOINT');
    if (!endpoint) {
      wrong('COSMOS_ENDPOINT', 'set it to the address of the account, or BATON_STORE to embedded');
    } else if (!Endpoint.safeParse(endpoint).success) {
      wrong('COSMOS_ENDPOINT', 'set it to an https address such as https://NAME.documents.azure.com/');
    }
    const key = value('COSMOS_KEY');
    if (key && !/^[A-Za-z0-9+/]{20,}={0,2}$/.test(key)) {
      wrong('COSMOS_KEY', 'copy the whole key of the account, or leave it empty to use a managed identity');
    }
    const database = value('COSMOS_DATABASE') ?? 'baton';
    if (!/^[^/\\#?]{1,255}$/.test(database)) {
      wrong('COSMOS_DATABASE', 'use a name without / \\ # or ?, such as baton');
    }
    return { kind, endpoint: endpoint ?? '', key, database };
  }

  function readTeams(): TeamsConfig {
    const appId = value('MICROSOFT_APP_ID');
    const appType = oneOf('MICROSOFT_APP_TYPE', APP_TYPES, 'MultiTenant');
    const tenantId = value('MICROSOFT_APP_TENANT_ID');
    const password = value('MICROSOFT_APP_PASSWORD');
    if (!appId) {
      // Half a registration would quietly run the bot without any check of who is asking.
      if (tenantId) wrong('MICROSOFT_APP_TENANT_ID', 'set MICROSOFT_APP_ID as well, or leave this empty');
      if (password) wrong('MICROSOFT_APP_PASSWORD', 'set MICROSOFT_APP_ID as well, or leave this empty');
      return { kind: 'unsigned' };
    }
    if (!Guid.test(appId)) {
      wrong('MICROSOFT_APP_ID', 'copy the application (client) id of the registration, a GUID');
    }
    if (tenantId && !Guid.test(tenantId)) {
      wrong('MICROSOFT_APP_TENANT_ID', 'copy the directory (tenant) id of the registration, a GUID');
    }
    if (!tenantId && appType !== 'MultiTenant') {
      wrong('MICROSOFT_APP_TENANT_ID', `set it to the directory (tenant) id; ${appType} needs it`);
    }
    if (!password && appType !== 'UserAssignedMSI') {
      wrong(
        'MICROSOFT_APP_PASSWORD',
        'set it to the client secret, or MICROSOFT_APP_TYPE to UserAssignedMSI to use a managed identity',
      );
    }
    return { kind: 'signed', appId, appType, tenantId, password };
  }

  function readIntakeKeys(): IntakeKey[] {
    const entries = (value('BATON_INTAKE_KEYS') ?? '').split(',').filter((entry) => entry.trim() !== '');
    const keys = entries.flatMap((entry, index) => {
      const [, partner, sha256] = /^\s*([a-z0-9-]{1,40})=([0-9a-f]{64})\s*$/i.exec(entry) ?? [];
      if (!partner || !sha256) {
        wrong(
          'BATON_INTAKE_KEYS',
          `write entry ${index + 1} as partner=HASH, where HASH is the SHA-256 of the key in 64 hex digits`,
        );
        return [];
      }
      return [{ partner: partner.toLowerCase(), sha256: sha256.toLowerCase() }];
    });
    if (new Set(keys.map((key) => key.sha256)).size < keys.length) {
      wrong('BATON_INTAKE_KEYS', 'give every partner a key of its own; two entries have the same hash');
    }
    return keys;
  }

  function readPagingKeys(): PagingKey[] {
    const entries = (value('BATON_PAGING_KEYS') ?? '').split(',').filter((entry) => entry.trim() !== '');
    const keys = entries.flatMap((entry, index) => {
      const [, provider, secret] = /^\s*([a-z0-9-]{1,40})=([!-~]{32,256})\s*$/i.exec(entry) ?? [];
      if (!provider || !secret) {
        wrong(
          'BATON_PAGING_KEYS',
          `write entry ${index + 1} as provider=SECRET, where SECRET is 32 to 256 letters, digits and signs without comma or space`,
        );
        return [];
      }
      return [{ provider: provider.toLowerCase(), secret }];
    });
    if (new Set(keys.map((key) => key.provider)).size < keys.length) {
      wrong('BATON_PAGING_KEYS', 'give every provider one entry; a provider is there twice');
    }
    if (new Set(keys.map((key) => key.secret)).size < keys.length) {
      wrong('BATON_PAGING_KEYS', 'give every provider a secret of its own; two entries have the same');
    }
    return keys;
  }
}
