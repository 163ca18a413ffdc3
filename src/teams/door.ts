import type { IncomingMessage } from 'node:http';
import { isFromThisMachine } from '../http/loopback.ts';

/** Why an unsigned activity is not let in, in the words of what to do; undefined when it is. */
export function refusalOfUnsigned(request: IncomingMessage, serviceUrl: string): string | undefined {
  if (!isFromThisMachine(request)) {
    return 'Without MICROSOFT_APP_ID Baton hears this machine only, and nothing that came through a proxy. Set MICROSOFT_APP_ID to hear Teams.';
  }
  if (!isLoopbackUrl(serviceUrl)) {
    return 'Without MICROSOFT_APP_ID Baton answers to this machine only. Give a serviceUrl on localhost.';
  }
  return undefined;
}

/** Does the address lead to this machine, by a name that cannot be pointed elsewhere? */
export function isLoopbackUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
