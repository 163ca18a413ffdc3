import type { Content } from '../handovers/handover.ts';
import { type Message, type Reference, type Resource, wording } from './bundle.ts';
import { firstPhone, fullName, type Keep, odsCode } from './person.ts';

export interface Organisation {
  readonly ods?: string;
  readonly name?: string;
}

/** The name of the service that is asked, where the message leaves no doubt which. */
export function readService(message: Message, request: Resource<'ServiceRequest'>): string | undefined {
  const services = message.all('HealthcareService');
  const asked = request.performer?.map((one) => message.find('HealthcareService', one)).find(Boolean);
  return (asked ?? (services.length === 1 ? services[0] : undefined))?.name;
}

/** The organisation that is asked: of the performers, their services or the destination, the first with a code. */
export function readReceiver(
  message: Message,
  header: Resource<'MessageHeader'>,
  request: Resource<'ServiceRequest'>,
): Organisation {
  const performers = request.performer ?? [];
  const references: (Reference | undefined)[] = [
    ...performers,
    ...performers.map((one) => message.find('HealthcareService', one)?.providedBy),
    ...(header.destination ?? []).map((one) => one.receiver),
  ];
  const found = references.map((one) => message.find('Organization', one)).filter((one) => one !== undefined);
  return organisation(found.find((one) => odsCode(one)) ?? found[0]);
}

/** An organisation by its code and name, as far as the message has them. */
export function organisation(found: Resource<'Organization'> | undefined): Organisation {
  const ods = odsCode(found);
  return { ...(ods ? { ods } : {}), ...(found?.name ? { name: found.name } : {}) };
}

/** Who wrote it: the requester, as a practitioner or in a role; the message's own number to ring if they have none. */
export function readAuthor(
  message: Message,
  header: Resource<'MessageHeader'>,
  request: Resource<'ServiceRequest'>,
  keep: Keep,
): Content['author'] {
  const direct = message.find('Practitioner', request.requester);
  const role =
    message.find('PractitionerRole', request.requester) ??
    message
      .all('PractitionerRole')
      .find((one) => direct && message.find('Practitioner', one.practitioner) === direct);
  const practitioner = direct ?? message.find('Practitioner', role?.practitioner);
  const contact = header.source?.contact;
  return {
    name: keep(fullName(practitioner?.name), 100, "author's name"),
    role: keep(role?.code?.map(wording).filter(Boolean).join(', '), 100, "author's role"),
    phone: keep(
      firstPhone(practitioner?.telecom) ?? firstPhone(role?.telecom) ?? firstPhone(contact && [contact]),
      40,
      "author's telephone number",
    ),
  };
}
