/** Every verb that a button of the rota's cards carries. Each has a route, and each a button. */
export const VERBS = [
  'rota.view',
  'rota.on',
  'rota.on.send',
  'rota.shift',
  'rota.shift.send',
  'rota.off',
  'rota.off.send',
  'rota.swap',
  'rota.swap.choose',
  'rota.swap.send',
  'rota.away',
  'rota.away.send',
  'rota.away.undo',
] as const;
export type Verb = (typeof VERBS)[number];
