import type { Instant } from '../core/clock.ts';

/** What must hold in every simulated world, whatever goes wrong in it. */
export const INVARIANTS = {
  held: 'every case is held: by the sender’s side until an offer is accepted, by the receiver while it is',
  timer: 'every offer that waits for an answer has exactly one timer, due when the answer is, until it fired',
  'overdue-once': 'that nobody answered in time is raised once for a time to answer',
  'overdue-early': 'and not before that time',
  'overdue-late':
    'and not later than a poll after it, or a lease and a poll after the worker that held it died',
  'notice-ends':
    'every notice ends: sent, dropped because it no longer matters, or given up and somebody told',
  'told-once':
    'a message goes once, and again only after an unknown outcome and marked; more often only the card of a channel',
  copies: 'every copy of a card comes to show the present state',
  'in-time': 'nothing is sent after it stopped mattering',
  entitled: 'only people who are entitled at that time read what names somebody; no conversation ever does',
  'one-acceptance': 'an offer is accepted once, and is decided again only after that was undone',
  'one-effect': 'the same click twice has one effect, and only a decision raises the revision',
  dataset: 'what is accepted has the minimum dataset, or a recorded reason',
  'taken-once': 'an offer that was answered is there once, as it was answered',
  climbs: 'whatever nobody answered in time climbs, and every need that is open past its time',
  'answer-ends': 'what is answered stops climbing in the same commit',
  'ladder-timer': 'an escalation has one timer, due at what comes next; one that ended has none',
  'rung-once': 'each rung raises its prompt once a cycle, numbered one after another',
  'rung-early': 'and not before its time on the agreed clock, nor without what leads to it',
  'rung-late':
    'and not later than a poll after it, or a lease and a poll after the worker that held it died; later it says so',
  prompted: 'everybody who is asked has a prompt, and whoever holds the case is told at every rung',
  hushed: 'nothing is asked or told about what ended, or by a prompt that was passed on',
  'ladder-kept': 'an escalation keeps the ladder that it began with',
  'on-it': '“I’m on it” outlasts neither the need nor the duty of whoever said it',
  asked: 'who is asked is on duty and reached, and who is on duty for a rung is asked',
  skipped: 'a rung is passed over only where nobody is on duty',
  beside: 'one prompt at a time waits on the climb; what runs beside it never runs instead',
  paged:
    'every prompt that wakes people calls the paging service there is, by one reference, and no other prompt does',
  'paged-again':
    'a paging service is called again only after it put the call off, or once and marked after an unknown outcome',
  'page-in-time': 'and never about a prompt that is over',
  'page-told':
    'what a paging service took is recorded; what it did not take is told to whoever holds the case',
  'page-bare': 'a page is signed, and holds a reference and a number to ring and nothing else',
  owned:
    'every case of a list is held, or listed as nobody’s while it climbs: alone, or as one with its list',
  'taken-by-one': 'a case that nobody holds is taken once, by somebody who may, and stays taken',
  'taking-ends': 'what climbs for a list ends when the last of its cases is held',
  'one-case': 'each line of a list makes one case, however often it comes and wherever an import died',
  places: 'cases and actions stand on the lists that they say, and on no others',
  'action-once': 'an action is decided once by a press, and nothing follows on its end',
  'action-timer': 'an open action has one timer, for its reminder or its climb, and it fires in time',
  'action-overdue': 'an action is said to be overdue once for a day, after it, when its owner is open again',
  'reminded-once': 'a reminder of an action is said once for a day, and not before its time',
  'one-result': 'a run has one result, and the calendar compares a week once, after it was due',
  'figures-add-up': 'the figures of a run add up: by partner, by kind, and to the cases there are',
  'mismatch-once': 'each mismatch stands once at its provider, and waits until it is settled or gone',
  'settled-stays': 'a settled mismatch waits again only when it says something else',
  'mismatch-climbs':
    'what a run found for a provider has one timer, climbs once its time is up, and is over with its last mismatch',
  'one-digest': 'each week has one digest, whoever is down: not before it is due, and soon after',
  'digest-adds-up': 'the parts of a digest are the counts of its moment',
  'digest-card': 'a digest goes once to the channel of each provider',
  'pair-once': 'a pair of cases stands once, and on the lists of those who decide it while it waits for them',
  'pair-stays':
    'what people decided of a pair stands until one of them takes it back, or the records say another person',
  'merge-agreed': 'two cases are made one only when every provider that answers for one of them said so',
  'sides-agree': 'what was decided of a pair stands at both its cases, soon after, and nothing else does',
  'merged-counts-not':
    'a case that was made one with another is on no list of cases, and nothing of it waits',
  'concern-once': 'a concern that was sent is there once, as it was sent',
  'concern-hidden':
    'nothing of a concern reaches somebody whom it may be about, who manages them, or who does not answer for it, nor a channel',
  'concern-asks': 'one step after another is asked, each once, in its time and with whoever it wakes',
  'concern-timer': 'a concern that nobody has acknowledged has one timer, due at what comes next',
  'concern-late':
    'what is due for a concern comes not later than a poll after it, or a lease and a poll after the worker that held it died; later it says so',
  'concern-told': 'whoever raised a concern that nobody has seen is told to ring, once and in time',
  'concern-ends': 'a concern is acknowledged once, and nobody is asked about it after that',
  chain: 'the chain of events holds after every commit',
  anchors: 'chains and daily anchors hold when they are verified',
  lease: 'one worker at a time sends for a pathway, and each epoch of the lease has one holder',
  parts: 'what is listed open by provider adds up to the whole',
  answers: 'every click is answered with a card or with words, never with a mistake',
} as const;
export type Invariant = keyof typeof INVARIANTS;

/** An invariant that did not hold, where and when. */
export interface Broken {
  readonly invariant: Invariant;
  readonly says: string;
  readonly at: Instant;
  readonly caseId: string | undefined;
}

/** Told by whoever watches; the first ends the run. */
export type Break = (invariant: Invariant, says: string, caseId?: string) => void;
