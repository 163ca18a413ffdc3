import { z } from 'zod/v4';

/**
 * The parts of FHIR R4 resources that a referral is read from, as the Booking and Referral Standard
 * (BaRS) fills them. Everything is optional and whatever else a resource carries is ignored, so that a
 * new element of the standard never stops a referral; what is there must have the type FHIR gives it.
 */
const text = z.string().trim();
const Coding = z.object({ system: text.optional(), code: text.optional(), display: text.optional() });
const Concept = z.object({ coding: z.array(Coding).optional(), text: text.optional() });
const Reference = z.object({ reference: text.optional(), display: text.optional() });
const Identifier = z.object({ system: text.optional(), value: text.optional() });
const Period = z.object({ start: text.optional(), end: text.optional() });
const Name = z.object({
  use: text.optional(),
  text: text.optional(),
  family: text.optional(),
  given: z.array(text).optional(),
});
const Telecom = z.object({ system: text.optional(), value: text.optional(), rank: z.number().optional() });
const Address = z.object({
  use: text.optional(),
  text: text.optional(),
  line: z.array(text).optional(),
  city: text.optional(),
  district: text.optional(),
  postalCode: text.optional(),
});
const Extension = z.object({
  url: z.string(),
  valuePositiveInt: z.number().optional(),
  valueBoolean: z.boolean().optional(),
});

const MessageHeader = z.object({
  eventCoding: Coding.optional(),
  reason: Concept.optional(),
  definition: text.optional(),
  focus: z.array(Reference).optional(),
  sender: Reference.optional(),
  destination: z.array(z.object({ receiver: Reference.optional() })).optional(),
  source: z.object({ contact: Telecom.optional() }).optional(),
});
const ServiceRequest = z.object({
  status: text.optional(),
  priority: text.optional(),
  category: z.array(Concept).optional(),
  code: Concept.optional(),
  reasonCode: z.array(Concept).optional(),
  subject: Reference.optional(),
  occurrenceDateTime: text.optional(),
  occurrencePeriod: Period.optional(),
  requester: Reference.optional(),
  performer: z.array(Reference).optional(),
  locationReference: z.array(Reference).optional(),
  patientInstruction: text.optional(),
  note: z.array(z.object({ text: text.optional() })).optional(),
});
const Patient = z.object({
  identifier: z.array(Identifier).optional(),
  name: z.array(Name).optional(),
  birthDate: text.optional(),
  deceasedBoolean: z.boolean().optional(),
  deceasedDateTime: text.optional(),
  address: z.array(Address).optional(),
  telecom: z.array(Telecom).optional(),
  contact: z
    .array(
      z.object({
        extension: z.array(Extension).optional(),
        relationship: z.array(Concept).optional(),
        name: Name.optional(),
        telecom: z.array(Telecom).optional(),
      }),
    )
    .optional(),
  communication: z
    .array(
      z.object({
        extension: z.array(Extension).optional(),
        language: Concept.optional(),
        preferred: z.boolean().optional(),
      }),
    )
    .optional(),
  generalPractitioner: z.array(Reference).optional(),
  extension: z.array(Extension).optional(),
});
const Organization = z.object({ identifier: z.array(Identifier).optional(), name: text.optional() });
const HealthcareService = z.object({ name: text.optional(), providedBy: Reference.optional() });
const Practitioner = z.object({ name: z.array(Name).optional(), telecom: z.array(Telecom).optional() });
const PractitionerRole = z.object({
  practitioner: Reference.optional(),
  code: z.array(Concept).optional(),
  telecom: z.array(Telecom).optional(),
});
const Encounter = z.object({ identifier: z.array(Identifier).optional() });
const CarePlan = z.object({
  description: text.optional(),
  activity: z.array(z.object({ outcomeCodeableConcept: z.array(Concept).optional() })).optional(),
});
const Consent = z.object({
  status: text.optional(),
  category: z.array(Concept).optional(),
  policyRule: Concept.optional(),
  provision: z.object({ type: text.optional() }).optional(),
});
const Flag = z.object({
  status: text.optional(),
  category: z.array(Concept).optional(),
  code: Concept.optional(),
});
const Condition = z.object({
  clinicalStatus: Concept.optional(),
  verificationStatus: Concept.optional(),
  category: z.array(Concept).optional(),
  code: Concept.optional(),
  subject: Reference.optional(),
});
const AllergyIntolerance = z.object({
  clinicalStatus: Concept.optional(),
  verificationStatus: Concept.optional(),
  criticality: text.optional(),
  code: Concept.optional(),
  patient: Reference.optional(),
  reaction: z
    .array(z.object({ manifestation: z.array(Concept).optional(), severity: text.optional() }))
    .optional(),
});
const MedicationStatement = z.object({
  status: text.optional(),
  medicationCodeableConcept: Concept.optional(),
  dosage: z.array(z.object({ text: text.optional() })).optional(),
  subject: Reference.optional(),
});
const Observation = z.object({
  status: text.optional(),
  code: Concept.optional(),
  valueString: text.optional(),
  valueCodeableConcept: Concept.optional(),
});
const Procedure = z.object({ status: text.optional(), code: Concept.optional() });
const Communication = z.object({
  status: text.optional(),
  payload: z.array(z.object({ contentString: text.optional() })).optional(),
});
const Location = z.object({
  name: text.optional(),
  type: z.array(Concept).optional(),
  address: Address.optional(),
});

const Answer = z.object({
  valueString: text.optional(),
  valueBoolean: z.boolean().optional(),
  valueInteger: z.number().optional(),
  valueDecimal: z.number().optional(),
  valueDate: text.optional(),
  valueDateTime: text.optional(),
  valueUri: text.optional(),
  valueCoding: Coding.optional(),
});
/** One question with its answers. The questions below it are read one level at a time, to a bounded depth. */
export const QuestionnaireItem = z.object({
  linkId: text.optional(),
  text: text.optional(),
  answer: z.array(Answer).optional(),
  item: z.array(z.unknown()).optional(),
});
const QuestionnaireResponse = z.object({
  status: text.optional(),
  item: z.array(QuestionnaireItem).optional(),
});

const RESOURCES = {
  MessageHeader,
  ServiceRequest,
  Patient,
  Organization,
  HealthcareService,
  Practitioner,
  PractitionerRole,
  Encounter,
  CarePlan,
  Consent,
  Flag,
  Condition,
  AllergyIntolerance,
  MedicationStatement,
  Observation,
  Procedure,
  Communication,
  Location,
  QuestionnaireResponse,
};
type Kind = keyof typeof RESOURCES;
export type Resource<K extends Kind> = z.infer<(typeof RESOURCES)[K]>;
export type Concept = z.infer<typeof Concept>;
export type Reference = z.infer<typeof Reference>;
export type Name = z.infer<typeof Name>;
export type Telecom = z.infer<typeof Telecom>;
export type Address = z.infer<typeof Address>;
export type QuestionnaireItem = z.infer<typeof QuestionnaireItem>;

const Bundle = z.object({
  resourceType: z.literal('Bundle'),
  id: text.optional(),
  type: text.optional(),
  timestamp: text.optional(),
  entry: z
    .array(z.object({ fullUrl: text.optional(), resource: z.looseObject({ resourceType: z.string() }) }))
    .default([]),
});

interface Entry {
  readonly kind: Kind;
  readonly names: readonly string[];
  readonly resource: unknown;
}

/** A message whose resources can be found by their kind and by reference. */
export interface Message {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly timestamp: string | undefined;
  /** Everything of one kind, in the order of the message. */
  all<K extends Kind>(kind: K): Resource<K>[];
  /** What a reference leads to, if it is in the message and of that kind. */
  find<K extends Kind>(kind: K, reference: Reference | undefined): Resource<K> | undefined;
}

const isKind = (name: string): name is Kind => Object.hasOwn(RESOURCES, name);

/**
 * Reads a FHIR R4 Bundle. Gives the places of what cannot be read (`entry 3, Patient.birthDate`), never
 * the values: they may name somebody.
 */
export function readBundle(json: unknown): { message: Message } | { unreadable: string[] } {
  const bundle = Bundle.safeParse(json);
  if (!bundle.success) return { unreadable: bundle.error.issues.map((issue) => issue.path.join('.')) };
  const entries: Entry[] = [];
  const unreadable: string[] = [];
  bundle.data.entry.forEach(({ fullUrl, resource }, index) => {
    const kind = resource.resourceType;
    if (!isKind(kind)) return;
    const read = RESOURCES[kind].safeParse(resource);
    if (!read.success) {
      for (const issue of read.error.issues)
        unreadable.push(`entry ${index + 1}, ${[kind, ...issue.path].join('.')}`);
      return;
    }
    const id = typeof resource.id === 'string' ? [`${kind}/${resource.id}`] : [];
    entries.push({ kind, names: fullUrl ? [fullUrl, ...id] : id, resource: read.data });
  });
  if (unreadable.length > 0) return { unreadable };
  const { id, type, timestamp } = bundle.data;
  return {
    message: {
      id,
      type,
      timestamp,
      all: <K extends Kind>(kind: K) =>
        entries.filter((entry) => entry.kind === kind).map((entry) => entry.resource as Resource<K>),
      find: <K extends Kind>(kind: K, reference: Reference | undefined) => {
        const name = reference?.reference;
        if (!name) return undefined;
        const entry = entries.find((one) => one.kind === kind && one.names.includes(name));
        return entry && (entry.resource as Resource<K>);
      },
    },
  };
}

/** Has the concept this code, in whichever system? */
export const hasCode = (concept: Concept | undefined, ...codes: string[]): boolean =>
  concept?.coding?.some((coding) => coding.code !== undefined && codes.includes(coding.code)) ?? false;

/** What a concept says to a reader: its display, else its text, else the code as it came. */
export function wording(concept: Concept | undefined): string | undefined {
  const coding = concept?.coding?.find((one) => one.display) ?? concept?.coding?.[0];
  return coding?.display || concept?.text || coding?.code || undefined;
}
