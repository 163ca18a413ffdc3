import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** How long a person would wait for what they pressed, in milliseconds; two cores may be busy elsewhere. */
const PATIENCE = 30_000;
/** Beside the list of conversations on a narrow screen, where nothing is pressed. */
const NARROW_EDGE = { x: 356, y: 892 };
/** As much of a conversation's name as Chromium needs to find it. */
export type Conversation =
  | 'Personal Chat'
  | 'Riverside partners'
  | 'General'
  | "St Anne's Hospice"
  | 'Fell Therapy Partners';
/** Those with one box at the foot of all messages; a channel has one for each thread. */
const CHATS: readonly Conversation[] = ['Personal Chat', 'Riverside partners'];

/** What the demo plays, where it is not the usual: a folder of agreements, and who and where the Playground is. */
export interface DemoWorld {
  readonly agreements: string;
  readonly playground: string;
}

/** `npm start` on ports and data of its own. */
export interface Demo {
  readonly botUrl: string;
  readonly playgroundUrl: string;
  /** Starts it, on the data of the last time; returns what it printed. */
  start(): Promise<string>;
  /** Takes the power away: every process of it ends at once, with no time to tidy up. */
  cutPower(): Promise<void>;
  /** Says something as another person of the demo, as `npm run as` does. */
  as(person: string, text: string): Promise<string>;
  /** Runs one of Baton's own commands on its data, beside it; returns what it printed. */
  baton(...args: string[]): Promise<string>;
  /** Ends it and removes its data. */
  end(): Promise<void>;
}

/** With no `world`: the one that `npm start` opens. */
export async function createDemo(world?: DemoWorld): Promise<Demo> {
  const dataDir = mkdtempSync(join(tmpdir(), 'baton-playground-'));
  const [bot, playground] = await freePorts(2);
  const env = {
    ...process.env,
    PORT: String(bot),
    PLAYGROUND_PORT: String(playground),
    BATON_DATA_DIR: dataDir,
    ...(world && {
      BATON_AGREEMENTS: world.agreements,
      M365_AGENTS_PLAYGROUND_CONFIG_PATH: world.playground,
    }),
  };
  let running: ChildProcess | undefined;

  async function stop(signal: NodeJS.Signals): Promise<void> {
    const child = running;
    running = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // Its own process group: SIGKILL must reach the bot and the Playground too.
    process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
    await gone;
  }

  return {
    botUrl: `http://localhost:${bot}`,
    playgroundUrl: `http://localhost:${playground}`,
    async start() {
      const child = spawn(process.execPath, [join(ROOT, 'infra/demo/start.js')], {
        cwd: ROOT,
        env,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      running = child;
      return printed(child, 'Only this machine may talk', 'only this machine may talk');
    },
    async cutPower() {
      await stop('SIGKILL');
      // Its children end with it, a moment later.
      for (const port of [bot, playground]) while (await answersAt(port)) await sleep(50);
    },
    async as(person, text) {
      const child = spawn(process.execPath, [join(ROOT, 'infra/demo/as.js'), person, text], {
        cwd: ROOT,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return printed(child, 'The answer shows');
    },
    async baton(...args) {
      const child = spawn(process.execPath, [join(ROOT, 'src/baton.js'), ...args], {
        cwd: ROOT,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return ended(child);
    },
    async end() {
      await stop('SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** What a process prints, once it has said one of `words`; rejects with all of it if it ends before. */
function printed(child: ChildProcess, ...words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (words.some((word) => said.includes(word))) resolve(said);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  });
}

/** What a process prints until it ends; rejects with all of it if it ends otherwise than well. */
function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(said) : reject(new Error(`it ended with ${code}: ${said}`)),
    );
  });
}

/** Does anything listen there? */
const answersAt = (port: number | undefined): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port: port ?? 0, host: 'localhost' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer().once('error', reject);
          server.listen(0, () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port was given');
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** The Playground's page, used as the person who is signed in there uses it. */
export interface Client {
  readonly page: Page;
  /** Buttons pressed on cards and characters typed, since it was opened. */
  readonly effort: { presses: number; characters: number };
  /** Opens a conversation. */
  goes(to: Conversation): Promise<void>;
  /** Types a message here; in a channel as a new post. */
  says(text: string): Promise<void>;
  /** Types a message here after @Baton. */
  mentions(text: string): Promise<void>;
  /** Opens what a message extension's action fetches, from the box for a message here. */
  extension(command: string): Promise<Locator>;
  /**
   * Sends an activity of the Playground's own making: what Teams would pass on and the Playground keeps back,
   * such as a text in a channel without a mention.
   */
  activity(activity: object): Promise<void>;
  /** The newest card here that shows all of `words`; waits until there is one. */
  card(...words: (string | RegExp)[]): Promise<Locator>;
  /** Waits until these words are to be read here. */
  sees(words: string | RegExp): Promise<void>;
  presses(card: Locator, button: string): Promise<void>;
  /** Types into the input with this label. */
  types(card: Locator, label: string, text: string): Promise<void>;
  /** Chooses an answer of those that are shown, or of a drop-down list. */
  chooses(card: Locator, label: string, answer: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the Playground in Chromium, `width` CSS pixels wide, with a profile that nobody used. */
export async function openClient(url: string, width: number): Promise<Client> {
  const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('No Chromium found. Install it, or set CHROMIUM.');
  const profile = mkdtempSync(join(tmpdir(), 'baton-chromium-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width, height: 900 },
    args: FLAGS,
    timezoneId: 'Europe/London',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(PATIENCE);
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url);
  // The log takes a third of the screen, and on a phone all of it.
  await page.getByTitle('Hide log panel').click();
  const narrow = width < 700;
  const toggle = page.getByTitle('Toggle app bar and conversation window');
  const effort = { presses: 0, characters: 0 };
  let here: Conversation = 'Personal Chat';
  const isChat = (): boolean => CHATS.includes(here);

  const cards = (): Locator => page.locator('.ac-adaptiveCard');
  async function post(write: () => Promise<void>): Promise<void> {
    const boxes = page.getByRole('textbox');
    // A channel begins with the box for a new post and has one more in each thread.
    const box = isChat() ? boxes.last() : boxes.first();
    await box.click();
    await write();
    if (isChat()) await page.keyboard.press('Enter');
    else await page.getByRole('button', { name: 'Post', exact: true }).click();
  }
  async function foldsAway(item: Locator): Promise<void> {
    const until = performance.now() + PATIENCE;
    while (((await item.boundingBox())?.x ?? -1) >= 0) {
      if (performance.now() > until) throw new Error('the list of conversations stays in front');
      await page.waitForTimeout(50);
    }
  }
  async function keys(text: string): Promise<void> {
    effort.characters += text.length;
    await page.keyboard.type(text);
  }

  return {
    page,
    effort,
    async goes(to) {
      const item = page.getByRole('treeitem', { name: to });
      // On a phone the list of conversations opens over the cards, and a press beside it folds it away.
      if (narrow && ((await item.boundingBox())?.x ?? -1) < 0) await toggle.click();
      await item.click();
      if (narrow) {
        await page.mouse.click(NARROW_EDGE.x, NARROW_EDGE.y);
        await foldsAway(item);
      }
      here = to;
    },
    says: (text) => post(() => keys(text)),
    mentions: (text) =>
      post(async () => {
        await page.keyboard.type('@');
        await page
          .getByRole('menuitem', { name: 'Baton' })
          .or(page.getByRole('option', { name: 'Baton' }))
          .first()
          .click();
        await keys(` ${text}`);
      }),
    async extension(command) {
      const triggers = page.getByRole('button', { name: 'Trigger Message Extension App' });
      await (isChat() ? triggers.last() : triggers.first()).click();
      await page.getByRole('menuitem', { name: 'Action Command' }).click();
      await page.getByPlaceholder('Input command id').fill(command);
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      const dialog = page.getByRole('dialog').filter({ has: cards() });
      await dialog.waitFor();
      return dialog;
    },
    async activity(activity) {
      await page.getByRole('button', { name: 'Mock an Activity' }).click();
      await page.getByRole('menuitem', { name: 'Custom activity' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('"recipient"').click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText(JSON.stringify(activity));
      // The editor closes of itself the brackets that it saw opened.
      await page.keyboard.press('Shift+End');
      await page.keyboard.press('Delete');
      await dialog.getByRole('button', { name: 'Send activity' }).click();
      await dialog.waitFor({ state: 'detached' });
    },
    async card(...words) {
      const found = words.reduce<Locator>((left, text) => left.filter({ hasText: text }), cards());
      await found.first().waitFor();
      // New posts come first in a channel, new messages last in a chat.
      const card = isChat() ? found.last() : found.first();
      await card.scrollIntoViewIfNeeded();
      return card;
    },
    sees: (words) => page.getByText(words).last().waitFor(),
    async presses(card, button) {
      effort.presses += 1;
      await card.getByRole('button', { name: button, exact: true }).click();
    },
    async types(card, label, text) {
      effort.characters += text.length;
      await card.getByLabel(label).first().fill(text);
    },
    async chooses(card, label, answer) {
      effort.presses += 1;
      const list = card.getByRole('combobox', { name: label });
      if ((await list.count()) === 0) {
        const group = card.getByRole('radiogroup', { name: label });
        return group.getByRole('radio', { name: answer, exact: true }).check();
      }
      await list.first().click();
      await page.getByRole('option', { name: answer, exact: true }).click();
      await page.getByRole('listbox').waitFor({ state: 'detached' });
    },
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
