import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/;
const OWN_NAME = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * Does the request come from this machine itself? A request that went through a proxy does not, wherever
 * its last hop was; nor does one made to another name (a web page that had its name pointed here).
 */
export function isFromThisMachine(request: IncomingMessage): boolean {
  const { headers, socket } = request;
  return (
    LOOPBACK.test(socket.remoteAddress ?? '') &&
    headers.forwarded === undefined &&
    headers['x-forwarded-for'] === undefined &&
    OWN_NAME.test(headers.host ?? '')
  );
}
