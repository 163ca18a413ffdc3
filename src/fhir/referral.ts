import { type Instant, plusMs } from '../core/clock.ts';
import { MAX_TEXT } from '../core/text.ts';
import { Content } from '../handovers/handover.ts';
import { hasCode, type Message, type Resource, readBundle } from './bundle.ts';
import {
  type Flags,
  readAllergies,
  readAsk,
  readConsent,
  readFlags,
  readRisks,
  readSbar,
} from './clinical.ts';
import { type Organisation, organisation, readAuthor, readReceiver, readService } from './parties.ts';
import { type Keep, readPerson } from './person.ts';

/** A referral in the handover's words. What the message lacks is missing here too; nothing is made up. */
export interface Referral {
  readonly kind: 'referral';
  readonly content: Content;
  /** The service asked for, by its name in the message. */
  readonly service?: string;
  /** routine, urgent, asap or stat; which urgency of an agreement that is, the partners decide. */
  readonly priority?: string;
  readonly flags: Flags;
  /** Bundle.id: the response must name it. */
  readonly messageId: string;
  readonly sentAt?: Instant;
  readonly sender: Organisation;
  readonly receiver: Organisation;
  /** The sender's own number of the case. */
  readonly senderCase?: string;
  /** What the reader left out or had to understand, without a name or a value. */
  readonly notes: readonly string[];
}

export type RefusalCode =
  | 'unreadable'
  | 'not-a-message'
  | 'booking'
  | 'response'
  | 'cancellation'
  | 'update'
  | 'validation'
  | 'not-a-referral'
  | 'not-active'
  | 'which-request'
  | 'which-person'
  | 'no-id';

/** Why a message is not offered as a handover, and what to do instead. */
export interface RefusedMessage {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly message: string;
}

const refused = (code: RefusalCode, message: string): RefusedMessage => ({ kind: 'refused', code, message });

/**
 * Reads a new referral request of the NHS Booking and Referral Standard (FHIR R4: a Bundle of type
 * message, event servicerequest-request, reason new, category referral).
 *
 * `json` is the parsed message. Times may have any offset and come out in UTC. Missing or invalid
 * identifiers never refuse a referral. It never throws: whatever cannot be offered, or cannot be told
 * whom it is about, is refused with a message that names nobody.
 */
export function readReferral(json: unknown): Referral | RefusedMessage {
  const read = readBundle(json);
  if ('unreadable' in read) {
    const places = read.unreadable.filter(Boolean).slice(0, 5).join('; ');
    return refused(
      'unreadable',
      `This is no FHIR message that can be read${places ? ` (${places})` : ''}. Send a FHIR R4 Bundle as JSON.`,
    );
  }
  const { message } = read;
  const [header, ...others] = message.all('MessageHeader');
  if (message.type !== 'message' || !header || others.length > 0)
    return refused('not-a-message', 'Send one Bundle of type message with exactly one MessageHeader.');
  const requests = message.all('ServiceRequest');
  const focus = header.focus?.map((one) => message.find('ServiceRequest', one)).find(Boolean);
  const request = focus ?? (requests.length === 1 ? requests[0] : undefined);
  const other = otherKind(header, request);
  if (other) return other;
  if (!request || (requests.length > 1 && !focus))
    return refused(
      'which-request',
      'Send exactly one ServiceRequest, and let the MessageHeader point to it.',
    );
  if (request.status !== undefined && request.status !== 'active')
    return refused(
      'not-active',
      'This request is not active. Send a referral whose ServiceRequest is active.',
    );
  const patients = message.all('Patient');
  const [patient] = patients;
  if (!patient || patients.length > 1)
    return refused(
      'which-person',
      `This message is about ${patients.length === 0 ? 'nobody' : 'several people'}. Send one Patient a message.`,
    );
  if (!message.id)
    return refused('no-id', 'Give the Bundle an id, so that the answer can name the message it answers.');
  return assemble(message, message.id, header, request, patient);
}

/** Is it one of the standard's other messages? */
function otherKind(
  header: Resource<'MessageHeader'>,
  request: Resource<'ServiceRequest'> | undefined,
): RefusedMessage | undefined {
  const event = header.eventCoding?.code ?? '';
  if (event.startsWith('booking-'))
    return refused(
      'booking',
      'This is a booking, not a referral. Send bookings to the diary of the service.',
    );
  if (event === 'servicerequest-response')
    return refused('response', 'This is the answer to a referral, not a referral. Answers are not read yet.');
  if (event !== 'servicerequest-request')
    return refused('not-a-referral', 'This message is not a referral request (servicerequest-request).');
  if (
    hasCode(header.reason, 'delete') ||
    request?.status === 'revoked' ||
    request?.status === 'entered-in-error' ||
    header.definition?.endsWith('-cancelled')
  )
    return refused(
      'cancellation',
      'This takes back a referral. Cancellations are not read yet: ring the service that has the referral.',
    );
  if (!hasCode(header.reason, 'new'))
    return refused(
      'update',
      'This is not a new referral. Changes are not read yet: ring the service that has the referral.',
    );
  const categories = request?.category ?? [];
  if (categories.some((category) => hasCode(category, 'validation')))
    return refused(
      'validation',
      'This asks for a validation, not for a handover of care. Validation requests are not read yet.',
    );
  if (request && !categories.some((category) => hasCode(category, 'referral')))
    return refused('not-a-referral', 'This request is not of the category referral.');
  return undefined;
}

function assemble(
  message: Message,
  messageId: string,
  header: Resource<'MessageHeader'>,
  request: Resource<'ServiceRequest'>,
  patient: Resource<'Patient'>,
): Referral {
  const notes: string[] = [];
  const keep: Keep = (value, max, field) => {
    if (!value) return undefined;
    if (value.length <= max) return value;
    notes.push(`The ${field} is longer than ${max} characters and was left out.`);
    return undefined;
  };
  // Words may be cut where an identifier may not; a cut is visible to whoever reads them.
  const cut = (value: string | undefined, max: number, field: string): string | undefined => {
    if (!value || value.length <= max) return value || undefined;
    notes.push(`The ${field} is longer than ${max} characters; its end was left out.`);
    // Half of a surrogate pair is no character, and the intake would refuse the whole.
    const kept = value.slice(0, max - 30).replace(/[\uD800-\uDBFF]$/, '');
    return `${kept.trimEnd()} … (cut; see the referral)`;
  };
  const flags = readFlags(message, notes);
  const service = readService(message, request);
  const sbar = readSbar(request, patient, message, flags);
  const consent = readConsent(message, notes);
  const concern = flags.safeguarding.length > 0;
  const written: unknown = {
    ...readPerson(patient, keep, notes),
    ask: {
      what: cut(readAsk(request, message), 500, 'words on what is asked'),
      neededBy: readNeededBy(request, notes),
      service: keep(service, 100, 'name of the service'),
    },
    sbar: {
      situation: cut(sbar.situation, MAX_TEXT, 'situation'),
      background: cut(sbar.background, MAX_TEXT, 'background'),
      assessment: cut(sbar.assessment, MAX_TEXT, 'assessment'),
      recommendation: cut(sbar.recommendation, MAX_TEXT, 'recommendation'),
    },
    risk: { detail: cut(readRisks(message, flags), MAX_TEXT, 'risks') },
    safeguarding: concern
      ? { status: 'concern', detail: cut(flags.safeguarding.join('\n'), MAX_TEXT, 'safeguarding flags') }
      : {},
    consent: { ...consent, reason: cut(consent.reason, 500, 'consent') },
    adjustments: cut(flags.adjustments.join('\n'), 1_000, 'reasonable adjustments'),
    sceneSafety: cut(flags.sceneSafety.join('\n'), 1_000, 'scene safety'),
    allergies: cut(readAllergies(message, patient, notes), 1_000, 'allergies'),
    author: readAuthor(message, header, request, keep),
  };
  const content = withoutWhatIsWrong(written, notes);
  const caseNumbers = message.all('Encounter').flatMap((one) => one.identifier ?? []);
  const senderCase = keep(caseNumbers[0]?.value, 100, "sender's number of the case");
  const sentAt = instant(message.timestamp);
  return {
    kind: 'referral',
    content,
    ...(service ? { service } : {}),
    ...(request.priority ? { priority: request.priority } : {}),
    flags,
    messageId,
    ...(sentAt ? { sentAt } : {}),
    sender: organisation(message.find('Organization', header.sender)),
    receiver: readReceiver(message, header, request),
    ...(senderCase ? { senderCase } : {}),
    notes,
  };
}

/** The content as the schema has it; a field it refuses (30 February) is left out and noted, not passed on. */
function withoutWhatIsWrong(written: unknown, notes: string[]): Content {
  const copy: unknown = JSON.parse(JSON.stringify(written));
  const parsed = Content.safeParse(copy);
  if (parsed.success) return parsed.data;
  for (const { path } of parsed.error.issues) {
    const field = path.at(-1);
    const within = path.slice(0, -1).reduce<unknown>((at, key) => Reflect.get(Object(at), key), copy);
    if (field === undefined) continue;
    Reflect.deleteProperty(Object(within), field);
    notes.push(`${path.join('.')} cannot be what it says and was left out.`);
  }
  return Content.parse(copy);
}

/** A time with its offset, in UTC; undefined if it is a date alone or no time. */
function instant(time: string | undefined): Instant | undefined {
  const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
  if (!time || !whole.test(time) || Number.isNaN(Date.parse(time))) return undefined;
  return plusMs(time, 0);
}

function readNeededBy(request: Resource<'ServiceRequest'>, notes: string[]): Instant | undefined {
  const { start, end } = request.occurrencePeriod ?? {};
  const stated = request.occurrenceDateTime ?? end ?? start;
  const neededBy = instant(stated);
  if (stated && !neededBy)
    notes.push('The time by which it is needed has no hour or offset and was left out.');
  // The earlier of two readings is the safer one: the service is to happen from then on.
  if (neededBy && stated === start && !end && !request.occurrenceDateTime)
    notes.push('The request has a start and no end; the start stands as the time by which it is needed.');
  return neededBy;
}
