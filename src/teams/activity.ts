import { z } from 'zod/v4';
import type { Instant } from '../core/clock.ts';
import type { Problem } from '../core/errors.ts';
import type { Reach } from '../core/messenger.ts';
import type { Place } from '../core/routes.ts';

const Id = z.string().min(1).max(2_000);

/** The part of a Bot Framework activity that Baton reads; the rest passes by. */
const Activity = z
  .object({
    type: z.string().min(1).max(100),
    id: Id.optional(),
    name: z.string().max(200).optional(),
    channelId: Id,
    serviceUrl: z.url({ protocol: /^https?$/ }),
    from: z.object({ id: Id, name: z.string().optional(), aadObjectId: z.string().optional() }).loose(),
    recipient: z.object({ id: Id }).loose(),
    conversation: z
      .object({
        id: Id,
        conversationType: z.string().optional(),
        isGroup: z.boolean().optional(),
        tenantId: z.string().optional(),
      })
      .loose(),
    channelData: z
      .object({
        tenant: z.object({ id: z.string().optional() }).loose().optional(),
        team: z.object({ id: z.string().optional() }).loose().nullish(),
      })
      .loose()
      .nullish(),
    text: z.string().nullish(),
    value: z.unknown().optional(),
    action: z.string().optional(),
    entities: z.array(z.object({ type: z.string().optional() }).loose()).nullish(),
    membersAdded: z.array(z.object({ id: z.string() }).loose()).nullish(),
  })
  .loose();

const Mention = z.object({
  type: z.literal('mention'),
  text: z.string().min(1),
  mentioned: z.object({ id: z.string(), name: z.string().optional() }).loose(),
});

/** An Entra account, as the activity says it; never as a card says it. */
export interface Account {
  readonly tenant: string;
  readonly objectId: string;
}

/** An activity as Baton understands it. */
export interface Heard {
  readonly type: string;
  readonly name: string;
  /** `add`, `remove` and their like of an installationUpdate. */
  readonly action: string;
  /** Undefined where the activity names no tenant or no Entra account. */
  readonly account: Account | undefined;
  readonly place: Omit<Place, 'provider'>;
  readonly reach: Reach;
  /** The team whose channel it was said in. */
  readonly team: string | undefined;
  /** The root message of the thread it was said in. */
  readonly thread: string | undefined;
  /** What was typed, without the mention of Baton. */
  readonly text: string;
  readonly mentioned: boolean;
  /** Baton itself is among the members that were added. */
  readonly joined: boolean;
  readonly value: unknown;
}

/**
 * Reads a request's body as an activity. `problems`: what of it is missing or is not what it must be,
 * without repeating any of it.
 */
export function hear(
  body: unknown,
  now: Instant,
): { readonly heard: Heard } | { readonly problems: readonly Problem[] } {
  const parsed = Activity.safeParse(body);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map((issue) => ({
        field: issue.path.map(String).join('.') || 'body',
        message: issue.code === 'invalid_type' ? `give a value of type ${issue.expected}` : issue.message,
      })),
    };
  }
  const activity = parsed.data;
  const { conversation, from, recipient } = activity;
  const [conversationId = conversation.id, thread] = conversation.id.split(';messageid=');
  const tenant = conversation.tenantId || activity.channelData?.tenant?.id;
  const scope = scopeOf(conversation);
  const said = withoutMention(activity.text ?? '', activity.entities ?? [], recipient.id);
  return {
    heard: {
      type: activity.type,
      name: activity.name ?? '',
      action: activity.action ?? '',
      account: tenant && from.aadObjectId ? { tenant, objectId: from.aadObjectId } : undefined,
      place: { scope, conversationId },
      reach: { serviceUrl: activity.serviceUrl, conversationId, tenant: tenant ?? '', scope, seenAt: now },
      team: activity.channelData?.team?.id,
      thread,
      ...said,
      joined: (activity.membersAdded ?? []).some((member) => member.id === recipient.id),
      value: activity.value,
    },
  };
}

/** A conversation of an unknown kind counts as shared: nothing private is said where others may read it. */
function scopeOf(conversation: z.infer<typeof Activity>['conversation']): Place['scope'] {
  const { conversationType, isGroup, id } = conversation;
  if (conversationType === 'personal') return 'personal';
  if (conversationType === 'channel') return 'channel';
  if (conversationType !== undefined) return 'groupChat';
  return isGroup || id.startsWith('19:') ? 'groupChat' : 'personal';
}

/** Takes out the mention of Baton and leaves other people's names as words. */
function withoutMention(
  text: string,
  entities: readonly object[],
  bot: string,
): { text: string; mentioned: boolean } {
  let left = text;
  let mentioned = false;
  for (const entity of entities) {
    const mention = Mention.safeParse(entity);
    if (!mention.success) continue;
    const own = mention.data.mentioned.id === bot;
    mentioned ||= own;
    left = left.replace(mention.data.text, () => (own ? ' ' : (mention.data.mentioned.name ?? ' ')));
  }
  return { text: left.replaceAll('&nbsp;', ' ').replace(/\s+/g, ' ').trim(), mentioned };
}
