import { describe, expect, test } from 'vitest';
import { EXAMPLE } from '../../../src/http/handover-body.ts';
import { createMetrics } from '../../../src/http/metrics.ts';
import { createServer, listen, MAX_BODY } from '../../../src/http/server.ts';
import { createLog } from '../../../src/log.ts';
import { PATH, problem, startServer } from './harness.ts';

describe('bad requests', () => {
  const paths = [PATH, '/api/messages'];

  test.each(paths)('malformed JSON to %s is 400 and quotes nothing', async (path) => {
    const server = await startServer();
    const response = await server.post('{"person": Margaret', {}, path);
    expect(response.status).toBe(400);
    const answer = await problem(response);
    expect(answer.code).toBe('malformed-json');
    expect(JSON.stringify(answer) + server.log()).not.toContain('Margaret');
  });

  test.each(paths)('a body over 256 KB to %s is 413', async (path) => {
    const server = await startServer();
    const response = await server.post(JSON.stringify({ text: 'x'.repeat(MAX_BODY) }), {}, path);
    expect(response.status).toBe(413);
    expect((await problem(response)).code).toBe('too-large');
  });

  test.each(paths)('bytes that are not UTF-8 to %s are 400', async (path) => {
    const server = await startServer();
    const response = await server.post(Uint8Array.of(0x22, 0xff, 0x22), {}, path);
    expect(response.status).toBe(400);
    expect((await problem(response)).code).toBe('not-utf8');
  });

  test.each(['[]', '"x"', 'null', '7'])(
    'an activity that is %s is 400 and does not reach the bot',
    async (body) => {
      let heard = 0;
      const server = await startServer({
        teamsHandler: (_request, response) => {
          heard += 1;
          response.end();
        },
      });
      const response = await server.post(body, {}, '/api/messages');
      expect(response.status).toBe(400);
      expect(heard).toBe(0);
    },
  );

  test('another Content-Type is 415 at the intake', async () => {
    const server = await startServer();
    const response = await server.post(EXAMPLE, { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
    expect(server.offered).toEqual([]);
  });

  test.each(['/', '/api', '/api/pathways/x', '/schemas/other.json', '/%E0%A4%A'])(
    'GET %s is not here, and the answer holds no path of ours',
    async (path) => {
      const server = await startServer();
      const response = await fetch(`${server.url}${path}`);
      expect([400, 404]).toContain(response.status);
      const body = JSON.stringify(await problem(response));
      expect(body).not.toMatch(/node_modules|\.[tj]s\b|Error/);
    },
  );

  test('no answer says what it is made with', async () => {
    const server = await startServer();
    const response = await fetch(`${server.url}/healthz`);
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('health', () => {
  test('/healthz answers while the process does', async () => {
    const server = await startServer();
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });

  test('/readyz is 200 while every check holds, and names each that does not', async () => {
    let wrong: string | undefined;
    const server = await startServer({
      checks: [{ name: 'store', check: async () => wrong }],
    });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    wrong = 'the store does not answer; check its address';
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ status: 'not ready', checks: { store: wrong } });
  });

  test('/readyz/traffic leaves out what is an alert: a stuck timer must not close the door to every press', async () => {
    const server = await startServer({
      checks: [
        { name: 'store', check: async () => undefined },
        { name: 'watchdog', check: async () => 'one timer is stuck', traffic: false },
      ],
    });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    const response = await fetch(`${server.url}/readyz/traffic`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ready', checks: { store: 'good' } });
  });

  test('a check that throws does not hold, and what it threw is not told', async () => {
    const check = async () => Promise.reject(new Error('secret of the database'));
    const server = await startServer({ checks: [{ name: 'ticker', check }] });
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(503);
    expect(await response.text()).not.toContain('secret');
  });
});

describe('metrics', () => {
  test('count requests by route and status, never by the address that was asked', async () => {
    const server = await startServer({
      gauges: async () => [
        {
          name: 'baton_handovers_open',
          help: 'Open.',
          labels: { pathway: 'p"1', provider: 'hospice' },
          value: 3,
        },
        {
          name: 'baton_handovers_open',
          help: 'Open.',
          labels: { pathway: 'p2', provider: 'prime' },
          value: 0,
        },
      ],
    });
    await server.post(EXAMPLE);
    await fetch(`${server.url}/Margaret`);
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain(
      'baton_http_requests_total{method="POST",route="/api/pathways/:pathwayId/handovers",status="201"} 1',
    );
    expect(text).toContain('baton_http_requests_total{method="GET",route="none",status="404"} 1');
    expect(text).toContain('baton_handovers_open{pathway="p\\"1",provider="hospice"} 3');
    expect(text.match(/# TYPE baton_handovers_open gauge/g)).toHaveLength(1);
    expect(text).toContain('baton_figures_up 1');
    expect(text).not.toContain('Margaret');
  });

  test('a histogram is cumulative and ends in +Inf', async () => {
    const metrics = createMetrics();
    for (const seconds of [0.001, 0.03, 99]) metrics.time('t', 'T.', seconds, { route: 'x' });
    const text = await metrics.render();
    expect(text).toContain('t_bucket{route="x",le="0.005"} 1');
    expect(text).toContain('t_bucket{route="x",le="0.05"} 2');
    expect(text).toContain('t_bucket{route="x",le="10"} 2');
    expect(text).toContain('t_bucket{route="x",le="+Inf"} 3');
    expect(text).toContain('t_count{route="x"} 3');
  });

  test('figures that cannot be read say so and leave the rest', async () => {
    const metrics = createMetrics(async () => Promise.reject(new Error('away')));
    metrics.count('c_total', 'C.');
    const text = await metrics.render();
    expect(text).toContain('c_total 1');
    expect(text).toContain('baton_figures_up 0');
  });
});

test('a port in use is told in one line with the remedy', async () => {
  const options = {
    teamsHandler: () => undefined,
    offer: async () => Promise.reject(new Error('not asked')),
    receiveList: async () => Promise.reject(new Error('not asked')),
    dataDir: '.',
    intakeKeys: [],
    checks: [],
    metrics: createMetrics(),
    log: createLog('silent'),
  };
  const first = await listen(createServer(options), 0);
  const port = Number(new URL(first.url).port);
  await expect(listen(createServer(options), port)).rejects.toThrow(
    `Port ${port} is in use. End what is using it, or set PORT to another.`,
  );
  await first.close(0);
});
