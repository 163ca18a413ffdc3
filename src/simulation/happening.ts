import type { DatasetField } from '../agreement/dataset.ts';
import type { PagerFault } from './pagers.ts';
import type { Rates } from './weather.ts';

/** Something that befalls the world at a time, in milliseconds after its beginning. */
export type Happening = { readonly at: number } & (
  | {
      readonly kind: 'offer';
      readonly n: number;
      readonly by: 'system' | 'person';
      readonly from: string;
      readonly to: string;
      readonly urgency: string;
      readonly omit: readonly DatasetField[];
    }
  | { readonly kind: 'storm'; readonly ms: number; readonly rates: Partial<Rates> }
  | { readonly kind: 'crash'; readonly worker: number; readonly ms: number }
  | { readonly kind: 'pause'; readonly worker: number; readonly ms: number }
  | { readonly kind: 'outage'; readonly ms: number }
  | { readonly kind: 'edit'; readonly edit: string }
  | {
      readonly kind: 'pager';
      readonly provider: string;
      readonly fault: PagerFault;
      readonly ms: number;
      /** Whoever notices takes the service out of the agreement. */
      readonly removed: boolean;
    }
  | { readonly kind: 'bind'; readonly provider: string }
  | { readonly kind: 'uninstall'; readonly person: string; readonly ms: number }
  | { readonly kind: 'roster'; readonly week: number }
  | { readonly kind: 'duty'; readonly act: DutyAct; readonly person: string }
  | {
      readonly kind: 'concern';
      readonly n: number;
      readonly person: string;
      readonly urgent: boolean;
      /** About somebody of a partner: nobody, picked, their name typed, or not known. */
      readonly about: 'nobody' | 'picked' | 'typed' | 'unknown';
      /** Who that is; empty for nobody, and for one whom whoever raises it does not know. */
      readonly who: string;
    }
  | { readonly kind: 'delete' }
  | { readonly kind: 'type'; readonly person: string; readonly command: string }
  /** Somebody types it in person and goes on from what they are answered. */
  | { readonly kind: 'ask'; readonly person: string; readonly command: string }
  | {
      readonly kind: 'list';
      readonly provider: string;
      /** Each has the lines of the one before, and more. */
      readonly edition: number;
      /** The worker that imports it dies over it. */
      readonly crash: boolean;
      /** Two import it at the same time. */
      readonly twice: boolean;
      /** Nobody tries again after a failure. */
      readonly givesUp: boolean;
    }
);

/** What somebody says about their own duty in mid-week. */
export const DUTY_ACTS = ['on', 'off', 'swap', 'away', 'back'] as const;
export type DutyAct = (typeof DUTY_ACTS)[number];
