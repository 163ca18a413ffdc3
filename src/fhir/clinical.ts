import type { Content } from '../handovers/handover.ts';
import { type Concept, hasCode, type Message, QuestionnaireItem, type Resource, wording } from './bundle.ts';
import { isAbout, oneLine } from './person.ts';

/** How deep questions below questions are read. */
const MAX_DEPTH = 8;

/** Flags of a referral by what they warn of, in the words they came with. */
export interface Flags {
  readonly safeguarding: readonly string[];
  readonly adjustments: readonly string[];
  readonly sceneSafety: readonly string[];
  /** Why other services were not chosen. */
  readonly rejectedServices: readonly string[];
  /** Of any other category, `Behaviour: Do not visit alone`. */
  readonly other: readonly string[];
}

const LEFT_OUT = ['entered-in-error', 'inactive', 'resolved', 'refuted'];
const isLeftOut = (...statuses: (Concept | undefined)[]): boolean =>
  statuses.some((status) => hasCode(status, ...LEFT_OUT));
const said = (values: readonly (string | undefined)[]): string[] =>
  values.filter((value): value is string => Boolean(value));

/**
 * Flags that are active, by their BaRS category: SG safeguarding, RA reasonable adjustment, SS scene
 * safety, RS rejected services. The period of a flag is not weighed: a concern that has run out on paper is still shown.
 */
export function readFlags(message: Message, notes: string[]): Flags {
  const all = message.all('Flag');
  const active = all.filter((flag) => flag.status === undefined || flag.status === 'active');
  if (active.length < all.length) notes.push(`${all.length - active.length} flags are not active.`);
  const of = (...codes: string[]): string[] =>
    active
      .filter((flag) => flag.category?.some((category) => hasCode(category, ...codes)))
      .map((flag) => wording(flag.code) ?? 'not specified');
  const known = ['SG', 'RA', 'SS', 'RS'];
  return {
    safeguarding: of('SG'),
    adjustments: of('RA'),
    sceneSafety: of('SS'),
    rejectedServices: of('RS'),
    other: active
      .filter((flag) => !flag.category?.some((category) => hasCode(category, ...known)))
      .map((flag) => said([wording(flag.category?.[0]), wording(flag.code)]).join(': '))
      .filter((line) => line !== ''),
  };
}

/**
 * Consent as the message states it. Implied consent for direct care is consent given, and says so.
 * A refusal, or a form of consent that is not known here, fills in no status: somebody must look.
 */
export function readConsent(message: Message, notes: string[]): Content['consent'] {
  const consents = message.all('Consent').filter((consent) => consent.status === 'active');
  const denied = consents.some(
    (consent) =>
      consent.provision?.type === 'deny' || hasCode(consent.policyRule, 'OPTOUT', 'OPTOUTE', 'NOPP'),
  );
  if (denied) {
    notes.push('The message carries a refusal of consent; somebody must decide why it is shared.');
    return { reason: 'The message says that the person refused consent.' };
  }
  const given = consents.find((consent) =>
    hasCode(consent.policyRule, 'IMPLIED', 'IMPLIEDD', 'OPTIN', 'OPTINR'),
  );
  if (!given) return {};
  const kind = hasCode(given.policyRule, 'IMPLIED', 'IMPLIEDD') ? 'Implied consent' : 'Consent given';
  const purpose = wording(given.category?.[0]);
  return {
    status: 'given',
    reason: `${kind}${purpose ? `, for: ${purpose}` : ''} (as the referral states it)`,
  };
}

/** Allergies with their reactions, one a line; those refuted, resolved or entered in error are left out. */
export function readAllergies(
  message: Message,
  patient: Resource<'Patient'>,
  notes: string[],
): string | undefined {
  const lines: string[] = [];
  for (const allergy of message.all('AllergyIntolerance')) {
    if (isLeftOut(allergy.clinicalStatus, allergy.verificationStatus)) continue;
    if (!isAbout(message, patient, allergy.patient)) {
      notes.push('An allergy of somebody else was left out.');
      continue;
    }
    const reactions = (allergy.reaction ?? []).map((reaction) =>
      said([...(reaction.manifestation ?? []).map(wording), reaction.severity]).join(', '),
    );
    const more = said([...reactions, allergy.criticality && `criticality ${allergy.criticality}`]);
    const substance = wording(allergy.code) ?? 'Substance not stated';
    lines.push(more.length > 0 ? `${substance} (${more.join('; ')})` : substance);
  }
  return lines.join('\n') || undefined;
}

/** Risks in words: special patient notes, and flags of a kind that has no place of its own. */
export function readRisks(message: Message, flags: Flags): string | undefined {
  return [...specialNotes(message), ...flags.other].join('\n') || undefined;
}

/** What is asked for: the request's own words, else the disposition that the assessment came to. */
export function readAsk(request: Resource<'ServiceRequest'>, message: Message): string | undefined {
  const disposition = outcomes(message)
    .filter((outcome) => outcome.coding?.some((coding) => /-dx-codes$/.test(coding.system ?? '')))
    .map(wording);
  const own = said([
    wording(request.code),
    ...(request.category ?? []).map((category) => category.text),
    ...(request.note ?? []).map((note) => note.text),
  ]);
  return (own.length > 0 ? own : said(disposition)).join('\n') || undefined;
}

/** Situation, background, assessment and recommendation from what the message carries. */
export function readSbar(
  request: Resource<'ServiceRequest'>,
  patient: Resource<'Patient'>,
  message: Message,
  flags: Flags,
): Content['sbar'] {
  const conditions = message
    .all('Condition')
    .filter(
      (one) =>
        !isLeftOut(one.clinicalStatus, one.verificationStatus) && isAbout(message, patient, one.subject),
    );
  // 33962009 is SNOMED CT's "presenting complaint".
  const presents = (condition: Resource<'Condition'>): boolean =>
    condition.category?.some((category) => hasCode(category, '33962009')) ?? false;
  const labelled = outcomes(message).map((outcome) => ({
    complaint: /presenting|chief complaint/i.test(outcome.text ?? '') || coded(outcome, /-sg-codes$/),
    line: outcome.coding?.length
      ? said([outcome.text, wording(outcome)])
          .filter((part, index, parts) => parts.indexOf(part) === index)
          .join(': ')
      : outcome.text,
  }));
  const situation = said([
    deceased(patient) ? 'The referral says that the person has died.' : undefined,
    ...(request.reasonCode ?? []).map(wording),
    ...conditions.filter(presents).map((one) => wording(one.code)),
    ...labelled.filter((one) => one.complaint).map((one) => one.line),
    ...message
      .all('Procedure')
      .filter(happening)
      .map((one) => prefixed(`Procedure (${one.status ?? 'status not stated'})`, wording(one.code))),
    ...message
      .all('Communication')
      .filter(happening)
      .flatMap((one) => (one.payload ?? []).map((part) => part.contentString)),
    ...(request.locationReference ?? []).map((reference) => place(message.find('Location', reference))),
  ]);
  const background = said([
    prefixed('Kind of referral', useCase(request)),
    prefixed(
      'Practice',
      patient.generalPractitioner?.map((one) => message.find('Organization', one)?.name).find(Boolean),
    ),
    ...conditions.filter((one) => !presents(one)).map((one) => prefixed('Condition', wording(one.code))),
    ...message
      .all('MedicationStatement')
      .filter((one) => happening(one) && isAbout(message, patient, one.subject))
      .map((one) =>
        prefixed(
          'Medicine',
          said([wording(one.medicationCodeableConcept), ...(one.dosage ?? []).map((dose) => dose.text)]).join(
            ', ',
          ),
        ),
      ),
    ...message.all('Observation').filter(happening).map(observed),
    ...flags.rejectedServices.map((one) => prefixed('Other services not chosen', one)),
    ...questions(message),
  ]);
  const assessment = said([
    ...message.all('CarePlan').map((plan) => plan.description),
    ...labelled.filter((one) => !one.complaint).map((one) => one.line),
  ]);
  return {
    situation: lines(situation),
    background: lines(background),
    assessment: lines(assessment),
    recommendation: lines(said([request.patientInstruction])),
  };
}

/** Some systems write a line break as `/n` before blanks. */
const lines = (parts: readonly string[]): string | undefined =>
  parts.join('\n').replace(/[ \t]*\/n\s+/g, '\n') || undefined;
const prefixed = (label: string, value: string | undefined): string | undefined =>
  value ? `${label}: ${value}` : undefined;
const happening = (one: { status?: string | undefined }): boolean =>
  !['entered-in-error', 'cancelled', 'not-taken', 'not-done'].includes(one.status ?? '');
const coded = (outcome: Concept, system: RegExp): boolean =>
  outcome.coding?.some((coding) => system.test(coding.system ?? '')) ?? false;
const deceased = (patient: Resource<'Patient'>): boolean =>
  patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined;
const outcomes = (message: Message): Concept[] =>
  message
    .all('CarePlan')
    .flatMap((plan) => (plan.activity ?? []).flatMap((activity) => activity.outcomeCodeableConcept ?? []));

/** `111 to ED`: which of the standard's uses this is. */
function useCase(request: Resource<'ServiceRequest'>): string | undefined {
  const coding = (request.category ?? [])
    .flatMap((category) => category.coding ?? [])
    .find((one) => /\/usecases-categories-bars$/.test(one.system ?? ''));
  return coding?.display ?? coding?.code;
}

function observed(observation: Resource<'Observation'>): string | undefined {
  const value = observation.valueString ?? wording(observation.valueCodeableConcept);
  return prefixed('Observed', said([wording(observation.code), value]).join(': '));
}

function place(location: Resource<'Location'> | undefined): string | undefined {
  const where = said([location?.name, oneLine(location?.address), location?.address?.postalCode]).join(', ');
  return prefixed(wording(location?.type?.[0]) ?? 'Place', where);
}

interface Answered {
  readonly linkId: string;
  readonly line: string;
  readonly value: string;
}

function answers(items: readonly unknown[], depth = 0): Answered[] {
  if (depth > MAX_DEPTH) return [];
  return items.flatMap((one) => {
    const read = QuestionnaireItem.safeParse(one);
    if (!read.success) return [];
    const { linkId = '', text, answer = [], item = [] } = read.data;
    const value = answer
      .map((each) => {
        const { valueCoding, ...plain } = each;
        const first = Object.values(plain).find((part) => part !== undefined);
        return valueCoding ? (valueCoding.display ?? valueCoding.code) : first?.toString();
      })
      .filter(Boolean)
      .join(', ');
    const own = value ? [{ linkId, value, line: said([text ?? linkId, value]).join(': ') }] : [];
    return [...own, ...answers(item, depth + 1)];
  });
}

const completed = (message: Message): Answered[] =>
  message
    .all('QuestionnaireResponse')
    .filter(happening)
    .flatMap((response) => answers(response.item ?? []));

/** Special patient notes (SPN): warnings that another system holds about visiting the person. */
const specialNotes = (message: Message): string[] =>
  completed(message)
    .filter((answer) => /^SPN(Title|Detail)$/.test(answer.linkId))
    .map((answer) => answer.value);
const questions = (message: Message): string[] =>
  completed(message)
    .filter((answer) => !/^SPN(Title|Detail)$/.test(answer.linkId))
    .map((answer) => answer.line);
