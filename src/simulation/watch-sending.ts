import type { Action } from '../actions/action.ts';
import { type EventDoc, type Key, type NoticeDoc, type NoticeDraft, routeName } from '../core/change.ts';
import { promptSubject } from '../escalations/escalation.ts';
import type { Handover } from '../handovers/handover.ts';
import type { LeaseDoc } from '../jobs/lease.ts';
import { AGAIN, type KeptCopy } from '../jobs/presenter.ts';
import type { Write } from '../store/store.ts';
import {
  type About,
  aboutIn,
  actionIn,
  isAbout,
  isAny,
  promptIn,
  type Ref,
  refIn,
  taskIn,
} from './card-ref.ts';
import { concernAt } from './concern-knows.ts';
import { mayReadAction } from './entitled.ts';
import type { Break } from './invariants.ts';
import { askedWithin } from './lateness.ts';
import type { MemoryStore } from './memory-store.ts';
import { ownerOf, PATHWAY } from './pathway.ts';
import { MARK } from './people.ts';
import { standingIn } from './standing.ts';
import { type Call, cardOf, type TeamsWatch } from './teams.ts';
import type { Life, VirtualTime } from './time.ts';
import type { CaseWatch } from './watch-cases.ts';
import type { LadderWatch } from './watch-ladder.ts';
import type { LeaseWatch } from './watch-lease.ts';
import type { StandingWatch } from './watch-standing.ts';
import type { Weather } from './weather.ts';

/** A notice from when it was raised until it ended. */
interface Notice {
  readonly caseId: string;
  readonly draft: NoticeDraft;
  /** Tells it from the same one raised again. */
  readonly raising: string;
  readonly calls: Call[];
  /** Attempts of which a message may have arrived, as the lease marks them. */
  readonly tried: Set<string>;
  ended?: 'sent' | 'dropped' | 'replaced' | 'gave-up';
}

export interface SendingWatch extends TeamsWatch {
  committed(key: Key, writes: readonly Write[], life: Life): void;
  /** Once everything has had its time: no notice waits, and every copy shows the present. */
  settled(reached: (conversationOwner: string) => boolean): void;
}

export interface SendingWatchDeps {
  readonly time: VirtualTime;
  readonly memory: MemoryStore;
  readonly weather: Weather;
  readonly cases: CaseWatch;
  readonly ladder: LadderWatch;
  readonly lease: LeaseWatch;
  readonly standing: StandingWatch;
  /** Told of each message that is about to go. */
  readonly heard: (call: Call) => void;
  readonly broken: Break;
  readonly met: (what: string) => void;
  readonly landed: TeamsWatch['landed'];
}

const LEASE_KEY: Key = { pathwayId: PATHWAY, caseId: '_lease' };
/** Holds leases, notices and every call to Teams against what must be true of them. */
export function watchSending(deps: SendingWatchDeps): SendingWatch {
  const { time, memory, weather, cases, ladder, lease, standing, broken, met } = deps;
  const notices = new Map<string, Notice>();
  /** Posts of a card since one was recorded, by copy: another must say that it may be the second. */
  const doubts = new Map<string, number>();

  const nameOf = (caseId: string, id: string): string => `${caseId}|${id}`;

  function raised(key: Key, doc: NoticeDoc, outcomes: readonly EventDoc[]): void {
    const name = nameOf(key.caseId, doc.id);
    const stands = notices.get(name);
    const raising = `${doc.raisedAt}|${doc.raisedSeq}`;
    if (stands?.raising === raising) return;
    if (stands && !stands.ended) stands.ended = outcomeOf(stands, outcomes) ?? 'replaced';
    met(`${doc.notice.form} raised`);
    notices.set(name, { caseId: key.caseId, draft: doc.notice, raising, calls: [], tried: new Set() });
  }

  function outcomeOf({ draft }: Notice, outcomes: readonly EventDoc[]): Notice['ended'] {
    const event = outcomes.find(
      ({ data }) =>
        data.subject === draft.subject &&
        data.route === routeName(draft.route) &&
        data.form === draft.form &&
        (draft.form === 'show' || data.line === draft.line),
    );
    if (!event) return undefined;
    return event.type === 'notice.sent' ? 'sent' : 'gave-up';
  }

  function ended(key: Key, id: string, outcomes: readonly EventDoc[]): void {
    const notice = notices.get(nameOf(key.caseId, id));
    if (!notice || notice.ended) return;
    const { draft, calls, caseId } = notice;
    notice.ended = outcomeOf(notice, outcomes) ?? 'dropped';
    met(`${draft.form} ${notice.ended}`);
    if (notice.ended === 'sent' && !calls.some(({ answer }) => answer === 'sent')) {
      broken('notice-ends', `${id} is recorded as sent, and Teams never said so`, caseId);
    }
    if (notice.ended !== 'dropped') return;
    if (climbs(draft.subject)) {
      if (
        draft.form === 'tell' &&
        ladder.matters(caseId, draft.subject, draft.line, Number(draft.refs?.n)).so
      ) {
        broken('notice-ends', `${id} went without being sent, and still mattered`, caseId);
      }
      return;
    }
    const docs = memory.inside(key);
    const copied = (docs.get(`copy:${draft.subject}:${routeName(draft.route)}`)?.doc as KeptCopy | undefined)
      ?.revision;
    const task = standingIn(docs, draft.subject);
    if (task && draft.form === 'tell' && task.says(draft.line, draft.refs ?? {})) {
      broken('notice-ends', `${id} went without being sent, and still mattered`, caseId);
    }
    // What asks for nothing is not posted anew.
    if (task && draft.form === 'show' && copied !== task.revision && task.asks) {
      broken('copies', `${id} went, and its card does not show revision ${task.revision}`, caseId);
    }
    const handover = docs.get(draft.subject)?.doc as Handover | undefined;
    if (!handover || task) return;
    // What was accepted meanwhile, and undone again, is told by the line of that undo.
    if (draft.form === 'tell' && matters(draft.line, handover) && undoneSince(docs, handover, notice)) {
      met('dropped, and so again');
    } else if (draft.form === 'tell' && matters(draft.line, handover)) {
      broken('notice-ends', `${id} went without being sent, and still mattered`, caseId);
    }
    if (draft.form === 'show' && copied !== handover.revision) {
      broken('copies', `${id} went, and its card does not show revision ${handover.revision}`, caseId);
    }
  }

  /**
   * The notices that the lease says are being sent to this conversation, of the kind that the message is. An attempt
   * that was made keeps its mark until its outcome is recorded, and others may go there before that.
   */
  function marked(
    call: Call,
  ): { readonly id: string; readonly notice: Notice | undefined; readonly attempt: string }[] {
    const owner = ownerOf(call.reach.conversationId);
    const route = owner && ('provider' in owner ? `channel:${owner.provider}` : `person:${owner.person}`);
    const about = aboutOf(call);
    return lease.sending.flatMap(({ caseId, noticeId: id, raisedAt, raisedSeq, attempts }) => {
      const notice = notices.get(nameOf(caseId, id));
      const attempt = `${raisedAt}|${raisedSeq}|${attempts}`;
      if (!notice || notice.tried.has(attempt) || routeName(notice.draft.route) !== route) return [];
      const fits = about
        ? notice.draft.form === 'show' && caseId === about.caseId && isAbout(notice.draft.subject, about)
        : notice.draft.form === 'tell';
      return fits ? [{ id, notice, attempt }] : [];
    });
  }

  /** The notice that an edit is made for: edits need no mark, since they do no harm twice. */
  function edited(call: Call): Notice | undefined {
    const owner = ownerOf(call.reach.conversationId);
    const about = aboutOf(call);
    if (!owner) return undefined;
    const route = 'provider' in owner ? `channel:${owner.provider}` : `person:${owner.person}`;
    if (!about) {
      const hidden = concernAt(memory, call.activityId);
      return hidden === undefined ? undefined : notices.get(nameOf(hidden, `notice:${hidden}:show:${route}`));
    }
    const subject = isAny(about.subject) ? subjectAt(about, call.activityId) : about.subject;
    return notices.get(nameOf(about.caseId, `notice:${subject}:show:${route}`));
  }

  /** Which one of several a card is about. */
  function subjectAt({ caseId, subject }: About, activityId: string): string {
    for (const { doc } of memory.inside({ pathwayId: PATHWAY, caseId }).values()) {
      if (doc.kind === 'copy' && (doc as KeptCopy).activityId === activityId)
        return (doc as KeptCopy).subject;
    }
    return subject;
  }

  function checkMatters(call: Call, posts: readonly Notice[]): void {
    const slack = askedWithin(time, weather);
    // A worker that stood still between asking and sending could not know better.
    const known = (since: number): boolean => time.ms - Math.max(since, call.life.pausedUntil) > slack;
    const stale = (caseId: string, handoverId: string): boolean => known(cases.changedAt(caseId, handoverId));
    const ref = refOf(call);
    if (ref) {
      const key = { pathwayId: PATHWAY, caseId: ref.caseId };
      const handover = memory.inside(key).get(`handover:${ref.handoverId}`)?.doc as Handover | undefined;
      if (handover?.revision !== ref.revision && stale(ref.caseId, ref.handoverId)) {
        broken(
          'in-time',
          `a card of revision ${ref.revision} goes when it is at ${handover?.revision}`,
          ref.caseId,
        );
      }
    }
    const view = cardOf(call.message);
    const task = taskIn(view);
    if (view && task) {
      const stands = standingIn(memory.inside({ pathwayId: PATHWAY, caseId: task.caseId }), task.subject);
      const wrong = stands?.wrong(view);
      if (wrong !== undefined && known(standing.changedAt(task.caseId, task.subject))) {
        broken('in-time', `a card of ${task.subject} goes with ${wrong}`, task.caseId);
      }
    }
    const prompt = promptIn(view);
    if (view && prompt) {
      const subject = promptSubject(prompt.subject, prompt.n);
      const { so, since } = ladder.matters(prompt.caseId, subject);
      const { may } = view.data as { readonly may: { readonly acknowledge: boolean } };
      if (!so && (call.by === 'post' || may.acknowledge) && known(since)) {
        broken('hushed', `${subject} goes when it is over`, prompt.caseId);
      }
    }
    if (posts.length !== 1) return;
    for (const { draft, caseId } of posts) {
      // That it was decided is told when it is over.
      if (draft.form === 'tell' && climbs(draft.subject)) {
        if (draft.line === 'escalation.resolved') met('told of a decision');
        const { so, since } = ladder.matters(caseId, draft.subject, draft.line, Number(draft.refs?.n));
        if (!so && known(since)) {
          broken('hushed', `${draft.line} of ${draft.subject} goes when it is over`, caseId);
        }
        continue;
      }
      if (draft.form !== 'tell') continue;
      const docs = memory.inside({ pathwayId: PATHWAY, caseId });
      const stands = standingIn(docs, draft.subject);
      const late = (): boolean => known(standing.changedAt(caseId, draft.subject));
      if (stands && !stands.says(draft.line, draft.refs ?? {}) && late()) {
        broken('in-time', `${draft.line} goes when it is not so any more`, caseId);
      }
      const handover = docs.get(draft.subject)?.doc as Handover | undefined;
      if (handover && !stands && !matters(draft.line, handover) && stale(caseId, handover.handoverId)) {
        broken('in-time', `${draft.line} goes when it is ${handover.state}`, caseId);
      }
    }
  }

  /** The words of an action go to those who may read them, in their own chat. */
  function mayBeTold(call: Call): boolean {
    const owner = ownerOf(call.reach.conversationId);
    const actionId = actionIn(cardOf(call.message))?.actionId;
    const docs = memory.inside({ pathwayId: PATHWAY, caseId: `_action:${actionId}` });
    const action = docs.get('action')?.doc as Action | undefined;
    if (!action || !owner || !('person' in owner)) return false;
    return cases.termsAround(time.ms).some((terms) => mayReadAction(terms, owner.person, action));
  }

  return {
    committed(key, writes, life) {
      if (key.caseId === LEASE_KEY.caseId) {
        const doc = memory.inside(key).get('lease')?.doc as LeaseDoc | undefined;
        if (doc) lease.leased(doc, life);
        return;
      }
      const outcomes = writes.flatMap((write) =>
        write.do === 'create' &&
        /^notice[.](?:sent|failed|unknown)$/.test(String((write.doc as EventDoc).type))
          ? [write.doc as EventDoc]
          : [],
      );
      for (const write of writes) {
        if (write.do === 'remove') {
          if (write.id.startsWith('notice:')) ended(key, write.id, outcomes);
        } else if (write.doc.kind === 'notice') {
          const doc = write.doc as NoticeDoc;
          if (doc.notice.route.to !== 'pager') raised(key, doc, outcomes);
        } else if (write.doc.kind === 'copy') doubts.delete(nameOf(key.caseId, write.doc.id));
      }
    },

    calling(call) {
      deps.heard(call);
      // A card that moved is told so once and for good: that needs no lease.
      const retired = call.by === 'edit' && aboutOf(call) === undefined;
      if (!lease.holds(call.life) && !retired) {
        broken('lease', `a worker sends that does not hold the lease of epoch ${lease.epoch}`);
      }
      if (JSON.stringify(call.message).includes(MARK) && !mayBeTold(call)) {
        broken('entitled', `a message to ${call.reach.conversationId} names somebody`, aboutOf(call)?.caseId);
      }
      if (call.by === 'edit') {
        checkMatters(call, []);
        return;
      }
      const posts = marked(call);
      if (posts.length === 0) {
        broken('told-once', 'a post goes that is not marked as being sent', aboutOf(call)?.caseId);
      }
      const known = posts.flatMap(({ notice }) => notice ?? []);
      checkMatters(call, known);
      const again = saysAgain(call);
      for (const { id, notice } of posts) {
        if (!notice) continue;
        // An edit where the card stood before says nothing of a new card elsewhere.
        const before = notice.calls.filter(({ effective, by }) => effective && by === 'post');
        // The card of a channel is tried until its outcome is known, once others were told in its place.
        const { draft } = notice;
        if (before.length > 1 && draft.form === 'show' && draft.route.to === 'channel') {
          met('card tried a third time');
        } else if (before.length > 1) {
          broken('told-once', `${id} goes a third time`, notice.caseId);
        }
        if (before.length > 0 && !again)
          broken('told-once', `${id} goes again without saying so`, notice.caseId);
        const [first] = before;
        if (first?.answer === 'sent' && first.life === call.life && first.life.pausedUntil === 0) {
          broken('told-once', `${id} goes again although it is known to have arrived`, notice.caseId);
        }
        const copy = nameOf(notice.caseId, `copy:${notice.draft.subject}:${routeName(notice.draft.route)}`);
        if (notice.draft.form === 'show' && (doubts.get(copy) ?? 0) > 0 && !again) {
          broken(
            'told-once',
            `${id}: its card may have been posted before, and the new one does not say so`,
            notice.caseId,
          );
        }
        if (again) met('repeated and marked');
      }
    },

    called(call) {
      if (call.by === 'edit') {
        edited(call)?.calls.push(call);
        return;
      }
      for (const { notice, attempt } of marked(call)) {
        if (!notice) continue;
        notice.calls.push(call);
        if (call.effective) notice.tried.add(attempt);
        if (!call.effective || notice.draft.form !== 'show') continue;
        const copy = nameOf(notice.caseId, `copy:${notice.draft.subject}:${routeName(notice.draft.route)}`);
        doubts.set(copy, (doubts.get(copy) ?? 0) + 1);
      }
      if (call.message.kind === 'text' && / updates:\n/.test(call.message.text)) met('lines in one message');
    },

    landed: deps.landed,

    settled(reached) {
      for (const [name, { draft, caseId, ended: how }] of notices) {
        const { route } = draft;
        if (how || route.to === 'pager') continue;
        if (!reached(route.to === 'person' ? route.person : route.provider)) continue;
        const id = name.slice(caseId.length + 1);
        if (memory.inside({ pathwayId: PATHWAY, caseId }).has(id))
          broken('notice-ends', `${id} still waits`, caseId);
        else broken('notice-ends', `${id} went unseen`, caseId);
      }
    },
  };
}

/** Was an acceptance of the handover undone since a notice was raised? */
function undoneSince(
  docs: ReturnType<MemoryStore['inside']>,
  { handoverId }: Handover,
  { raising }: Notice,
): boolean {
  const seq = Number(raising.split('|')[1]);
  for (const { doc } of docs.values()) {
    if (doc.kind !== 'event') continue;
    const event = doc as EventDoc;
    if (event.seq > seq && event.type === 'handover.undone' && event.data.handover === handoverId)
      return true;
  }
  return false;
}

/** The states in which a line still says what is so; a line that is not here, while the offer is open. */
const TRUE_WHILE: Readonly<Record<string, readonly Handover['state'][]>> = {
  'handover.accepted': ['accepted'],
  'handover.rejected': ['rejected'],
  'handover.rejected-clinical': ['rejected'],
  'handover.second-rejection': ['rejected'],
  'handover.withdrawn': ['withdrawn'],
  'handover.information-requested': ['information-requested'],
};

function matters(line: string, handover: Handover): boolean {
  if (line === 'handover.not-delivered' && handover.delivery.deliveredAt !== undefined) return false;
  return (TRUE_WHILE[line] ?? ['offered', 'information-requested']).includes(handover.state);
}

const aboutOf = (call: Call): About | undefined => aboutIn(cardOf(call.message));

/** Is it about an escalation? */
const climbs = (subject: string): boolean => /^(?:escalation|prompt):/.test(subject);

const refOf = (call: Call): Ref | undefined => refIn(cardOf(call.message));

const saysAgain = ({ message }: Call): boolean =>
  (message.kind === 'text' ? message.text : message.view.summary).startsWith(AGAIN);
