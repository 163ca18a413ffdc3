import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod/v4';
import { personOf } from '../../../src/agreement/agreement.ts';
import { riverside } from './demo.ts';

const User = z.object({ name: z.string(), aadObjectId: z.string(), userPrincipleName: z.string() });
const Playground = z.object({
  tenantId: z.string(),
  currentUser: User,
  users: z.array(User).length(5),
  team: z.object({ id: z.string(), channels: z.array(z.object({ id: z.string() })).max(1) }),
});

it('the people and channels of the Playground are those of the demo agreement', () => {
  const file = new URL('../../../infra/demo/.m365agentsplayground.yml', import.meta.url);
  const { tenantId, currentUser, users, team } = Playground.parse(parse(readFileSync(file, 'utf8')));
  const terms = riverside();
  const everybody = [currentUser, ...users];
  expect(everybody.map((user) => personOf(terms, tenantId, user.aadObjectId)?.name)).toEqual(
    everybody.map((user) => user.name),
  );
  expect(terms.people).toHaveLength(everybody.length);
  expect(terms.channels.map((channel) => [channel.tenant, channel.conversation])).toEqual(
    [team.id, ...team.channels.map((channel) => channel.id)].map((id) => [tenantId, id]),
  );
  expect(personOf(terms, tenantId, currentUser.aadObjectId)?.positions).toEqual([
    { provider: 'northside', role: 'coordinator' },
    { provider: 'st-annes', role: 'clinician' },
    { provider: 'northside', role: 'safeguarding-lead' },
  ]);
});
