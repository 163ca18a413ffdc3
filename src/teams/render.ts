import { readdirSync, readFileSync } from 'node:fs';
import { Template } from 'adaptivecards-templating';
import type { Json } from '../core/change.ts';
import type { CardView } from '../core/routes.ts';

/** The largest card that every Teams client takes, in bytes of UTF-8. */
export const MAX_CARD_BYTES = 28 * 1024;

/** Stands for `${` of the data while the template's own are looked for: a code point that is no character. */
const AS_TYPED = '\uFDD0{';

export interface RenderOptions {
  /** A dialog knows Action.Submit only. */
  readonly dialog?: boolean;
}

/** A card as Teams takes it. */
export type Card = { [key: string]: Json };

/**
 * Cards from the templates under `folder`, `<feature>/<card>.json`, each compiled at its first use.
 * `render` gives the Adaptive Card of a view: user text as typed (also `${…}`), an Action.Submit behind every
 * Action.Execute for clients that know no other, the summary where a client shows no cards.
 * Errors: for a card that is not there, a template field without data, or a card over `MAX_CARD_BYTES`;
 * they name the card and the field, never the data.
 */
export function createRenderer(folder: URL): { render(view: CardView, options?: RenderOptions): Card } {
  const files = new Map<string, URL>();
  for (const feature of readdirSync(folder, { withFileTypes: true })) {
    if (!feature.isDirectory()) continue;
    const inside = new URL(`${feature.name}/`, folder);
    for (const file of readdirSync(inside)) {
      if (!file.endsWith('.json') || file.endsWith('.sample.json')) continue;
      files.set(`${feature.name}/${file.slice(0, -'.json'.length)}`, new URL(file, inside));
    }
  }
  const compiled = new Map<string, Template>();

  function templateOf(name: string): Template {
    const known = compiled.get(name);
    if (known) return known;
    const file = files.get(name);
    if (!file) throw new Error(`there is no card ${name} among the templates`);
    const template = new Template(JSON.parse(readFileSync(file, 'utf8')));
    compiled.set(name, template);
    return template;
  }

  return {
    render(view, options = {}) {
      const data = JSON.stringify(view.data);
      const guarded: object = data.includes('${') ? JSON.parse(data.replaceAll('${', AS_TYPED)) : view.data;
      const expanded = templateOf(view.card).expand({ $root: guarded }) as Card;
      const dressed = withFallbacks(expanded, options) as Card;
      if (dressed.fallbackText === undefined) {
        dressed.fallbackText = view.summary.replaceAll('${', AS_TYPED);
      }
      const text = JSON.stringify(dressed);
      const left = /\$\{[^}"]{0,60}/.exec(text);
      if (left) throw new Error(`card ${view.card}: no data for ${left[0]}}`);
      const shown = text.replaceAll(AS_TYPED, '${');
      const bytes = Buffer.byteLength(shown);
      if (bytes > MAX_CARD_BYTES) {
        throw new Error(`card ${view.card} is ${bytes} bytes; Teams takes ${MAX_CARD_BYTES}. Page it.`);
      }
      return shown === text ? dressed : (JSON.parse(shown) as Card);
    },
  };
}

/** Gives every Action.Execute its Action.Submit with the same data, or turns it into one in a dialog. */
function withFallbacks(node: Json, options: RenderOptions): Json {
  if (Array.isArray(node)) return node.map((each: Json) => withFallbacks(each, options));
  if (typeof node !== 'object' || node === null) return node;
  const copy: Card = {};
  for (const [key, value] of Object.entries(node)) {
    // Data is what a button carries, not what a card is made of.
    copy[key] = key === 'data' ? value : withFallbacks(value, options);
  }
  if (copy.type !== 'Action.Execute') return copy;
  const { verb = '', fallback: given, data, ...rest } = copy;
  const submit: Card = { ...rest, type: 'Action.Submit', data: { ...asObject(data), verb } };
  if (options.dialog) return submit;
  const { id: _, ...without } = submit;
  return { ...copy, fallback: given ?? without };
}

const asObject = (data: Json | undefined): Card =>
  typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...(data as Card) } : {};
