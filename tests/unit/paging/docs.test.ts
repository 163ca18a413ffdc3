import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createPaging } from '../../../src/paging/client.ts';

const PAGE = readFileSync(new URL('../../../docs/paging.md', import.meta.url), 'utf8');
const block = (language: string): string => {
  const found = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(PAGE)?.[1];
  if (found === undefined) throw new Error(`docs/paging.md has no ${language}`);
  return found;
};
const [head = '', body = ''] = block('http').trimEnd().split('\n\n');
const documented = Object.fromEntries(
  head
    .split('\n')
    .slice(1)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
);
const secret = /with the secret `([^`]+)`/.exec(PAGE)?.[1] ?? '';
const seconds = Number(documented['baton-timestamp']);

/** The request that Baton makes for the page in docs/paging.md. */
async function sent(): Promise<{ headers: IncomingHttpHeaders; body: string }> {
  let got: { headers: IncomingHttpHeaders; body: string } | undefined;
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      got = { headers: request.headers, body: text };
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const call = createPaging({
    keys: [{ provider: 'st-annes', secret }],
    clock: { now: () => new Date(seconds * 1000).toISOString(), sleep: async () => undefined },
    log: { warn: () => undefined },
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/baton`;
  await call(url, 'st-annes', JSON.parse(body));
  if (!got) throw new Error('no request came');
  return got;
}

test('the documented request is what Baton sends, byte for byte', async () => {
  const got = await sent();
  expect(Object.keys(documented)).toHaveLength(4);
  expect(got.headers).toMatchObject(documented);
  expect(got.body).toBe(body);
});

test('the documented check takes that request, and no other', async () => {
  const example = await import(`data:text/javascript,${encodeURIComponent(block('js'))}`);
  const isFromBaton = example.isFromBaton as (
    headers: object,
    body: string,
    secret: string,
    now?: number,
  ) => boolean;
  const got = await sent();
  expect(isFromBaton(got.headers, got.body, secret, seconds + 299)).toBe(true);
  const timestamp = String(seconds + 1);
  for (const [what, taken] of [
    ['late', isFromBaton(got.headers, got.body, secret, seconds + 301)],
    ['early', isFromBaton(got.headers, got.body, secret, seconds - 301)],
    ['another secret', isFromBaton(got.headers, got.body, `${secret}x`, seconds)],
    ['another body', isFromBaton(got.headers, got.body.replace('0300', '0900'), secret, seconds)],
    [
      'another time',
      isFromBaton({ ...got.headers, 'baton-timestamp': timestamp }, got.body, secret, seconds),
    ],
    ['no signature', isFromBaton({ 'baton-timestamp': String(seconds) }, got.body, secret, seconds)],
    ['nothing', isFromBaton({}, '', secret, seconds)],
  ] as const) {
    expect([what, taken]).toEqual([what, false]);
  }
});
