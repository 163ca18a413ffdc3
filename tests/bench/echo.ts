// What a turn costs without Baton: botbuilder's adapter behind express, one reply to each message.
import type { AddressInfo } from 'node:net';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import express from 'express';
import { answering } from './part.ts';

const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
const app = express();
app.use(express.json());
app.post('/api/messages', (request, response) =>
  adapter.process(request, response, async (turn) => {
    if (turn.activity.type === 'message') await turn.sendActivity(`You said: ${turn.activity.text}`);
  }),
);
const server = app.listen(0, '127.0.0.1');

answering({
  url: async () => {
    if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  },
});
