import type { Content } from '../handovers/handover.ts';
import {
  type Address,
  hasCode,
  type Message,
  type Name,
  type Reference,
  type Resource,
  type Telecom,
  wording,
} from './bundle.ts';

/** The fullest date that FHIR's birthDate can be; a year or a month alone is no date of birth. */
const WHOLE_DATE = /^\d{4}-\d{2}-\d{2}$/;
const MAX_CONTACTS = 5;

/** Takes what must stay whole (an identifier, a telephone number): too long means left out, and noted. */
export type Keep = (value: string | undefined, max: number, field: string) => string | undefined;

/** The name in use: the official one, else the first that is not a former one. */
function nameInUse(names: readonly Name[] | undefined): Name | undefined {
  return names?.find((name) => name.use === 'official') ?? names?.find((name) => name.use !== 'old');
}

/** A name as one writes it, `Julie Jones`; the message's own text where it has no parts. */
export function fullName(names: readonly Name[] | undefined): string | undefined {
  const name = nameInUse(names);
  return [...(name?.given ?? []), name?.family].filter(Boolean).join(' ') || name?.text || undefined;
}

/** The telephone number ranked first; those without a rank come last, in the order of the message. */
export function firstPhone(telecoms: readonly Telecom[] | undefined): string | undefined {
  return telecoms
    ?.filter((telecom) => telecom.system === 'phone' && telecom.value)
    .sort((a, b) => (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER))[0]?.value;
}

/** An address on one line, without its postcode if it has parts. */
export function oneLine(address: Address | undefined): string | undefined {
  const parts = [...(address?.line ?? []), address?.city, address?.district].filter(
    (part, index, all): part is string => Boolean(part) && all.indexOf(part) === index,
  );
  return parts.join(', ') || address?.text || undefined;
}

/** An organisation's ODS code, in capitals; the system is seen with `Id` and `id`, http and https. */
export function odsCode(organization: Resource<'Organization'> | undefined): string | undefined {
  return organization?.identifier
    ?.find((one) => /\/id\/ods-organization-code$/i.test(one.system ?? ''))
    ?.value?.toUpperCase();
}

/** Who the message is about, in the handover's words. The NHS number is kept as it came, valid or not. */
export function readPerson(
  patient: Resource<'Patient'>,
  keep: Keep,
  notes: string[],
): Pick<Content, 'person' | 'contacts'> {
  const name = nameInUse(patient.name);
  const home =
    patient.address?.find((address) => address.use === 'home') ??
    patient.address?.find((address) => address.use !== 'old');
  const self = patient.contact?.find((contact) =>
    contact.relationship?.some((relationship) => hasCode(relationship, 'ONESELF')),
  );
  const spoken =
    patient.communication?.find((one) => one.preferred) ??
    (patient.communication?.length === 1 ? patient.communication[0] : undefined);
  if (patient.birthDate && !WHOLE_DATE.test(patient.birthDate))
    notes.push('The date of birth is not a whole date and was left out.');
  if (!name?.family && !name?.given?.length && name?.text)
    notes.push('The name came in one piece and stands in the place of the surname.');
  const interpreter = [...(patient.extension ?? []), ...(spoken?.extension ?? [])].some(
    (extension) => /interpreterRequired$/i.test(extension.url) && extension.valueBoolean,
  );
  return {
    person: {
      given: keep(name?.given?.join(' '), 100, 'first name'),
      surname: keep(name?.family ?? (name?.given?.length ? undefined : name?.text), 100, 'surname'),
      dob: WHOLE_DATE.test(patient.birthDate ?? '') ? patient.birthDate : undefined,
      nhsNumber: keep(nhsNumber(patient), 20, 'NHS number'),
      address: keep(oneLine(home), 300, 'address'),
      postcode: keep(home?.postalCode, 10, 'postcode'),
      phone: keep(firstPhone(patient.telecom) ?? firstPhone(self?.telecom), 40, 'telephone number'),
      language: keep(wording(spoken?.language), 100, 'language'),
      communication: interpreter ? 'An interpreter is needed' : undefined,
    },
    contacts: readContacts(
      patient.contact?.filter((contact) => contact !== self),
      keep,
      notes,
    ),
  };
}

function nhsNumber(patient: Resource<'Patient'>): string | undefined {
  return patient.identifier
    ?.find((one) => /\/id\/nhs-number$/i.test(one.system ?? ''))
    ?.value?.replace(/[\s-]/g, '');
}

/** Contacts by the rank the message gives them, then in its order; five at most. */
function readContacts(
  contacts: Resource<'Patient'>['contact'],
  keep: Keep,
  notes: string[],
): Content['contacts'] {
  const ranked = (contacts ?? [])
    .map((contact) => ({
      rank:
        contact.extension?.find((one) => /UKCore-ContactRank$/i.test(one.url))?.valuePositiveInt ??
        Number.MAX_SAFE_INTEGER,
      entry: {
        name: keep(fullName(contact.name && [contact.name]), 100, 'name of a contact'),
        relation: keep(relation(contact.relationship), 100, 'relation of a contact'),
        phone: keep(firstPhone(contact.telecom), 40, 'telephone number of a contact'),
      },
    }))
    .filter(({ entry }) => entry.name || entry.phone)
    .sort((a, b) => a.rank - b.rank);
  if (ranked.length > MAX_CONTACTS)
    notes.push(`${ranked.length - MAX_CONTACTS} contacts after the fifth were left out.`);
  return ranked.slice(0, MAX_CONTACTS).map(({ entry }) => entry);
}

/** `Emergency Contact`; a bare code such as NEPHEW is shown in small letters. */
function relation(relationships: readonly Parameters<typeof wording>[0][] | undefined): string | undefined {
  const said = relationships?.map(wording).filter((one) => one !== undefined);
  return said?.map((one) => (/^[A-Z]{3,}$/.test(one) ? one.toLowerCase() : one)).join(', ') || undefined;
}

/** Is the reference absent, or does it lead to the person the message is about? */
export function isAbout(
  message: Message,
  patient: Resource<'Patient'>,
  reference: Reference | undefined,
): boolean {
  return !reference?.reference || message.find('Patient', reference) === patient;
}
