import { z } from 'zod/v4';
import type { Actor, PersonActor, Position } from '../core/actors.ts';
import type { Doc, Head } from '../core/change.ts';
import type { Instant } from '../core/clock.ts';
import { isPagingAddress } from '../core/page.ts';
import { ABILITIES, type Ability } from '../core/permissions.ts';
import { DATASET_FIELDS } from './dataset.ts';
import { DigestTerms } from './digest.ts';
import { Ladder, RUNG_KINDS, Step } from './ladder.ts';
import { ListTerms, RegisterTerms } from './lists.ts';
import { ClockName, Duration, Label, Phone, Slug, TimeOfDay } from './parts.ts';
import { SafeguardingTerms } from './safeguarding.ts';
import { TrainingTerms } from './training.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const Hours = z.object({ open: TimeOfDay, close: TimeOfDay }).strict();

const Provider = z
  .object({
    id: Slug,
    name: Label,
    kind: z.enum(['prime', 'subcontractor', 'hospice', 'charity', 'trust', 'council', 'practice']),
    /** National organisation code, where there is one. */
    ods: z
      .string()
      .regex(/^[A-Z0-9]{3,10}$/, 'write the ODS code in capitals, such as RX1')
      .optional(),
    phone: Phone,
    /** The role that holds the provider's cases when no person took one by name. */
    holdsAs: Slug,
    /** Opening hours by day; a day that is missing is closed. Absent: open at all times. */
    hours: z.partialRecord(z.enum(DAYS), Hours).optional(),
    closedOnBankHolidays: z.boolean().default(false),
    /** The organisation's paging or SMS service, which Baton calls for rungs that wake people. */
    paging: z
      .object({
        url: z
          .string()
          .refine(
            isPagingAddress,
            'write an https address without a name and password, such as https://paging.example.nhs.uk/baton (http on this machine only)',
          ),
      })
      .strict()
      .optional(),
  })
  .strict();

const Role = z.object({ id: Slug, name: Label, can: z.array(z.enum(ABILITIES)) }).strict();

const Account = z
  .object({
    tenant: z.string().min(1, 'write the tenant id'),
    objectId: z.string().min(1, 'write the Entra object id'),
  })
  .strict();

const Person = z
  .object({
    key: Slug,
    name: Label,
    accounts: z.array(Account).min(1, 'give at least one account (tenant and objectId)'),
    positions: z
      .array(z.object({ provider: Slug, role: Slug }).strict())
      .min(1, 'give at least one provider and role'),
  })
  .strict();

const Channel = z
  .object({
    provider: Slug,
    tenant: z.string().min(1),
    conversation: z.string().min(1, 'write the channel id'),
  })
  .strict();

const Urgency = z
  .object({
    id: Slug,
    name: Label,
    /** The need must be met within this, elapsed, unless the sender gives a time. */
    need: Duration,
    /** An offer must be answered within this, on this clock of the receiver. */
    answer: z.object({ within: Duration, clock: ClockName }).strict(),
    /** Roles that may accept; a role of the receiver. */
    accept: z.array(Slug).min(1, 'name at least one role that may accept'),
  })
  .strict();

const RejectionReason = z
  .object({
    code: Slug,
    text: Label,
    /** The need itself is answered (a duplicate, say). False: the sender must still find somebody. */
    closes: z.boolean(),
    /** The kind of rung that an escalation of the rejected need starts at. */
    firstRung: z.enum(RUNG_KINDS),
    /** The national an2 code where this is one of the three; local reasons have none. */
    national: z.enum(['01', '02', '03']).optional(),
  })
  .strict();

const OutsideSender = z
  .object({
    id: Slug,
    name: Label,
    ods: z
      .string()
      .regex(/^[A-Z0-9]{3,10}$/, 'write the ODS code in capitals')
      .optional(),
    phone: Phone,
    /** Who keeps its cases until somebody accepts: a provider and a role of the pathway. */
    keptBy: z.object({ provider: Slug, role: Slug }).strict(),
  })
  .strict();

/** One pathway's agreement as the partners write it. */
export const Agreement = z
  .object({
    pathway: Slug,
    name: Label,
    zone: z.string().default('Europe/London'),
    initialsOnCards: z.boolean().default(true),
    providers: z.array(Provider).min(2, 'a shared pathway has at least two providers'),
    roles: z.array(Role).min(1, 'name at least one role'),
    people: z.array(Person).min(1, 'name at least one person'),
    channels: z.array(Channel).default([]),
    /** Fields without which a handover is not offered; the catalogue is in dataset.ts. */
    dataset: z.array(z.enum(DATASET_FIELDS)).min(1, 'name the fields of the minimum dataset'),
    urgencies: z.array(Urgency).min(1, 'name at least one urgency'),
    rejection: z.array(RejectionReason).min(1, 'name at least one reason for rejection'),
    /** Why a handover may be accepted although something of the dataset is missing. */
    acceptWithGap: z.array(z.object({ code: Slug, text: Label }).strict()).min(1, 'name at least one reason'),
    outside: z.array(OutsideSender).default([]),
    /** Who is asked when nobody answers. */
    ladder: Ladder,
    /** Who does what at each step of the pathway. */
    raci: z.array(Step).default([]),
    /** How each provider's weekly caseload list is read. */
    lists: z.array(ListTerms).default([]),
    /** Who may take a case that nobody holds, and how soon somebody is to. */
    register: RegisterTerms.default(RegisterTerms.parse({})),
    /** When the weekly digest is made, and where it goes. */
    digest: DigestTerms.default(DigestTerms.parse({})),
    /** The training that roles need, and when people are reminded of it. */
    training: TrainingTerms.default(TrainingTerms.parse({})),
    /** Who is asked about safeguarding concerns, and whom to ring; without it concerns cannot be raised here. */
    safeguarding: SafeguardingTerms.optional(),
    /** Days closed beside England's bank holidays, `2027-05-07`. */
    extraHolidays: z.array(z.iso.date()).default([]),
  })
  .strict();
export type Agreement = z.infer<typeof Agreement>;
export type ProviderTerms = z.infer<typeof Provider>;
export type UrgencyTerms = z.infer<typeof Urgency>;
export type RejectionTerms = z.infer<typeof RejectionReason>;
export type RoleTerms = z.infer<typeof Role>;
export type OutsideTerms = z.infer<typeof OutsideSender>;

/** An agreement in force: what was agreed, and which version it is. */
export interface AgreementInForce {
  readonly version: number;
  readonly since: Instant;
  readonly terms: Agreement;
}

/** The head of `_agreement`: the version in force, whole. Older ones stand beside it as `agreement:<n>`. */
export interface AgreementDoc extends Head {
  readonly kind: 'agreement';
  readonly version: number;
  readonly since: Instant;
  readonly terms: Agreement;
}
export interface AgreementVersionDoc extends Doc {
  readonly kind: 'agreement-version';
  readonly version: number;
  readonly since: Instant;
  readonly terms: Agreement;
}

export const AGREEMENT_CASE = '_agreement';
export const AGREEMENT_HEAD = 'agreement';
export const agreementVersionId = (version: number): string => `agreement:${version}`;

/** The people, providers and words of an agreement, found by their ids. Unknown ids give undefined. */
export const providerOf = (terms: Agreement, id: string): ProviderTerms | undefined =>
  terms.providers.find((provider) => provider.id === id);
/** The provider that people mean by these words: its id, ODS code or name, in any case. */
export function providerNamed({ providers }: Agreement, words: string): ProviderTerms | undefined {
  const said = words.trim().toLowerCase();
  return providers.find(({ id, ods, name }) => [id, ods, name].some((one) => one?.toLowerCase() === said));
}
export const roleOf = (terms: Agreement, id: string): RoleTerms | undefined =>
  terms.roles.find((role) => role.id === id);
export const urgencyOf = (terms: Agreement, id: string): UrgencyTerms | undefined =>
  terms.urgencies.find((urgency) => urgency.id === id);
export const rejectionOf = (terms: Agreement, code: string): RejectionTerms | undefined =>
  terms.rejection.find((reason) => reason.code === code);
export const outsideOf = (terms: Agreement, id: string): OutsideTerms | undefined =>
  terms.outside.find((sender) => sender.id === id);

/** The name people know a provider or outside sender by. */
export const partnerName = (terms: Agreement, id: string): string =>
  providerOf(terms, id)?.name ?? outsideOf(terms, id)?.name ?? 'a former partner';

/** Does this position's role have the ability? */
export function positionCan(terms: Agreement, position: Position, ability: Ability): boolean {
  return roleOf(terms, position.role)?.can.includes(ability) ?? false;
}

/** The actor's positions that have the ability, at `provider` if it is given. */
export function positionsThatCan(
  terms: Agreement,
  actor: Actor,
  ability: Ability,
  provider?: string,
): Position[] {
  if (actor.kind !== 'person') return [];
  return actor.positions.filter(
    (position) =>
      (provider === undefined || position.provider === provider) && positionCan(terms, position, ability),
  );
}

/** The person with this account, as today's agreement has them; undefined if they are not on the pathway. */
export function personOf(terms: Agreement, tenant: string, objectId: string): PersonActor | undefined {
  const person = terms.people.find((one) =>
    one.accounts.some((account) => account.tenant === tenant && account.objectId === objectId),
  );
  return person && { kind: 'person', person: person.key, name: person.name, positions: person.positions };
}

/** Keys of the people at a provider whose role has the ability. */
export function peopleWho(terms: Agreement, provider: string, ability: Ability): string[] {
  return terms.people
    .filter((person) =>
      person.positions.some((at) => at.provider === provider && positionCan(terms, at, ability)),
    )
    .map((person) => person.key);
}

/** Keys of the people in a role at a provider. */
export function peopleInRole(terms: Agreement, provider: string, role: string): string[] {
  return terms.people
    .filter((person) => person.positions.some((at) => at.provider === provider && at.role === role))
    .map((person) => person.key);
}

/** The provider that answers for the pathway as a whole. */
export function primeOf(terms: Agreement): ProviderTerms {
  const prime = terms.providers.find((provider) => provider.kind === 'prime');
  if (!prime) throw new Error('an agreement in force has a prime provider');
  return prime;
}

/** The name of a member of staff by key, as the agreement has it. */
export const staffName = (key: string, terms: Agreement): string =>
  terms.people.find((person) => person.key === key)?.name ?? 'a former colleague';
