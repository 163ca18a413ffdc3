import { expect, test } from 'vitest';
import { Refused } from '../../src/core/errors.ts';
import { createLog } from '../../src/log.ts';

/** What a log wrote while `write` used it. */
function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = [];
  write(createLog('info', { write: (line) => void lines.push(line) }));
  return lines.join('');
}

const leak = () =>
  new SyntaxError('Unexpected token, "Margaret Example" is not JSON\n    at Margaret (Example.ts:1:1)', {
    cause: new Error('Margaret again'),
  });

test.each<[string, (log: ReturnType<typeof createLog>) => void]>([
  ['as the only argument', (log) => log.error(leak())],
  ['before words', (log) => log.error(leak(), 'a request failed')],
  ['among fields', (log) => log.error({ err: leak(), route: 'x' }, 'a request failed')],
  ['among fields without words', (log) => log.error({ err: leak() })],
])('an error %s is logged by name and place, without the message that may quote a case', (_name, write) => {
  const line = logged(write);
  expect(line).toContain('SyntaxError');
  expect(line).toContain('log.test.ts');
  expect(line).not.toContain('Margaret');
});

test('our own errors keep their words and code', () => {
  const line = logged((log) => log.warn({ err: new Refused('not-yours', 'Offer as yourself.') }, 'refused'));
  expect(JSON.parse(line)).toMatchObject({
    err: { name: 'Refused', code: 'not-yours', message: 'Offer as yourself.' },
    msg: 'refused',
  });
});
