import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { zip } from './zip.ts';

/** What an installation fills into the manifest. */
export interface Installation {
  /** The Microsoft app id of the bot (MICROSOFT_APP_ID), a GUID. */
  readonly appId: string;
  /** The host that Teams reaches the bot at, such as baton.example.nhs.uk. */
  readonly domain: string;
  /** Who offers the app to its users, and where they say more about it. */
  readonly publisher: string;
  readonly website: string;
  readonly privacy: string;
  readonly terms: string;
  readonly version: string;
}

const USAGE = `Write the Teams app package to appPackage/build/baton.zip.

  npm run package -- --app-id GUID --domain HOST --publisher NAME --website URL [--privacy URL] [--terms URL]

  --app-id     the bot's Microsoft app id (MICROSOFT_APP_ID)
  --domain     the host that Teams reaches the bot at, such as baton.example.nhs.uk
  --publisher  who offers the app, as its users see it
  --website    their page about the app; --privacy and --terms default to it
`;

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HOST = /^(?=.{1,253}$)[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i;
const PLACE = /\$\{\{(\w+)\}\}/g;

const here = (name: string): URL => new URL(name, import.meta.url);

/**
 * The manifest of one installation, as JSON text. Throws an Error that says what to do when a value
 * cannot be right or the template asks for something that is not there.
 */
export function manifestFor(installation: Installation): string {
  if (!GUID.test(installation.appId)) throw new Error('--app-id: give the Microsoft app id, a GUID');
  if (!HOST.test(installation.domain)) throw new Error('--domain: give a host alone, without https://');
  if (installation.publisher.trim() === '' || installation.publisher.length > 32)
    throw new Error('--publisher: give a name of 1 to 32 characters');
  for (const link of ['website', 'privacy', 'terms'] as const)
    if (!/^https:\/\/\S+$/.test(installation[link])) throw new Error(`--${link}: give an https:// address`);
  const values: Readonly<Record<string, string>> = {
    APP_ID: installation.appId.toLowerCase(),
    DOMAIN: installation.domain.toLowerCase(),
    PUBLISHER: installation.publisher,
    WEBSITE: installation.website,
    PRIVACY: installation.privacy,
    TERMS: installation.terms,
    VERSION: installation.version,
  };
  return readFileSync(here('manifest.json'), 'utf8').replace(PLACE, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`manifest.json asks for ${name}, which nobody fills in`);
    return JSON.stringify(value).slice(1, -1);
  });
}

/** The app package of one installation: a zip with the manifest and both icons at its top. */
export function appPackage(installation: Installation): Buffer {
  return zip([
    { name: 'manifest.json', data: Buffer.from(manifestFor(installation)) },
    { name: 'color.png', data: readFileSync(here('color.png')) },
    { name: 'outline.png', data: readFileSync(here('outline.png')) },
  ]);
}

/** Runs the script: returns the exit code, 0 good, 64 bad usage. */
export function run(args: readonly string[], say: (line: string) => void): number {
  const string = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        'app-id': string,
        domain: string,
        publisher: string,
        website: string,
        privacy: string,
        terms: string,
        help: { type: 'boolean' },
      },
    });
    if (values.help) {
      say(USAGE);
      return 0;
    }
    const website = values.website ?? '';
    const about = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string };
    const archive = appPackage({
      appId: values['app-id'] ?? '',
      domain: values.domain ?? '',
      publisher: values.publisher ?? '',
      website,
      privacy: values.privacy ?? website,
      terms: values.terms ?? website,
      version: about.version,
    });
    mkdirSync(here('build/'), { recursive: true });
    const target = here('build/baton.zip');
    writeFileSync(target, archive);
    say(
      `${fileURLToPath(target)} (${archive.length} bytes): upload it in Teams under Apps, Manage your apps.`,
    );
    return 0;
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 64;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  process.exitCode = run(process.argv.slice(2), console.log);
