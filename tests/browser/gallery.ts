/**
 * Renders every card with each of its samples in Chromium, as Teams shows it: wide and on a phone, light and
 * dark. Writes .gallery/*.png and .gallery/index.html; fails if it rendered none, or if a card was not valid.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Template } from 'adaptivecards-templating';
import { chromium } from 'playwright-core';
import { hostConfig, THEMES, type Theme } from './gallery-host.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const out = join(root, '.gallery');
const WIDTHS = [720, 360] as const;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const samples = globSync('**/*.sample.json', { cwd: join(root, 'cards') })
  .map((file) => file.replaceAll('\\', '/').replace('.sample.json', ''))
  .sort();

const executablePath = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
if (executablePath === undefined) {
  console.error('No Chromium found. Install it, or set CHROMIUM to its path.');
  process.exit(69);
}

/** The card that the sample makes, as Teams gets it. */
function cardOf(sample: string): object {
  const read = (path: string): object => JSON.parse(readFileSync(join(root, 'cards', path), 'utf8'));
  const template = new Template(read(`${sample.replace(/\..*$/, '')}.json`));
  return template.expand({ $root: read(`${sample}.sample.json`) });
}

const pageOf = (theme: Theme): string => `<!doctype html><html lang="en-GB"><head><meta charset="utf-8">
<style>${readFileSync(join(root, 'node_modules/adaptivecards/dist/adaptivecards.css'), 'utf8')}${THEMES[theme].css}</style>
</head><body><main id="card"></main></body></html>`;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath,
  args: [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
let rendered = 0;
const faults: string[] = [];
try {
  for (const theme of ['light', 'dark'] as const) {
    for (const width of WIDTHS) {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      await page.setContent(pageOf(theme));
      await page.addScriptTag({ path: join(root, 'node_modules/adaptivecards/dist/adaptivecards.min.js') });
      for (const sample of samples) {
        const found = await page.evaluate(renderInPage, { card: cardOf(sample), host: hostConfig(theme) });
        faults.push(...found.map((fault) => `${sample} at ${width}: ${fault}`));
        const file = `${sample.replaceAll('/', '-')}.${theme}.${width}.png`;
        await page.locator('#card').screenshot({ path: join(out, file) });
        rendered += 1;
      }
      await page.close();
    }
  }
} finally {
  await browser.close();
}
writeFileSync(join(out, 'index.html'), indexPage());
console.log(`${rendered} pictures of ${samples.length} samples in .gallery/index.html`);
for (const fault of faults) console.error(fault);
if (rendered === 0 || faults.length > 0) process.exit(1);

/** Runs in the page: shows the card, answers what is wrong with it, and what stands out of its frame. */
function renderInPage({ card, host }: { card: object; host: object }): string[] {
  const scope = globalThis as unknown as { AdaptiveCards: AdaptiveCardsInPage; document: DocumentInPage };
  const { AdaptiveCards, document } = scope;
  const context = new AdaptiveCards.SerializationContext();
  const shown = new AdaptiveCards.AdaptiveCard();
  shown.hostConfig = new AdaptiveCards.HostConfig(host);
  shown.parse(card, context);
  const faults = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  const place = document.getElementById('card');
  place.replaceChildren(shown.render());
  if (place.scrollWidth > place.clientWidth + 1) {
    faults.push(`wider than its frame: ${place.scrollWidth} pixels`);
  }
  return faults;
}

interface AdaptiveCardsInPage {
  SerializationContext: new () => { eventCount: number; getEventAt(at: number): { message: string } };
  HostConfig: new (config: object) => object;
  AdaptiveCard: new () => {
    hostConfig: object;
    parse(card: object, context: object): void;
    render(): object;
  };
}
interface DocumentInPage {
  getElementById(id: string): {
    replaceChildren(child: object): void;
    readonly scrollWidth: number;
    readonly clientWidth: number;
  };
}

function indexPage(): string {
  const picture = (sample: string, theme: Theme, width: number): string => {
    const file = `${sample.replaceAll('/', '-')}.${theme}.${width}.png`;
    return `<img src="${file}" alt="${sample}, ${theme}, ${width} pixels" loading="lazy">`;
  };
  const rows = samples.map(
    (sample) =>
      `<h2>${sample}</h2><p>${WIDTHS.flatMap((width) => [picture(sample, 'light', width), picture(sample, 'dark', width)]).join(' ')}</p>`,
  );
  return `<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Cards</title>
<style>body{font:16px sans-serif;margin:2rem;background:#888}img{vertical-align:top;margin:4px}</style>
<h1>Cards</h1>${rows.join('\n')}</html>
`;
}
