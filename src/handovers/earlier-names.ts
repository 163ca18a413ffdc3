import type { CaseDoc, Person } from '../register/case.ts';
import { asNow, isChanged, isIdentifying, namesBeside } from '../register/person.ts';
import type { Inputs } from './form.ts';
import type { Content, Handover } from './handover.ts';

/**
 * Of somebody whose identity was changed, everything that a handover says reads as it would today: under their present
 * name, and where a text has an earlier one, with `[name]` in its place.
 */

type Of = Pick<CaseDoc, 'marked' | 'person' | 'earlierNames'>;
const INSTEAD = '[name]';
/** Shorter parts of a name are words of every text. */
const SHORTEST_PART = 3;

/** What a handover says of the person of this case, as it reads today. */
export function asToday(content: Content, caseDoc: Of): Content {
  if (!isChanged(caseDoc)) return content;
  const clean = cleaner(caseDoc, content.person);
  const { ask, sbar, risk, safeguarding, consent, contacts, plan, ...rest } = content;
  return {
    ...texts(rest, clean, 'adjustments', 'sceneSafety', 'allergies'),
    person: texts(asNow(content.person, caseDoc.person), clean, 'safeContact', 'communication', 'address'),
    ask: texts(ask, clean, 'what', 'service'),
    sbar: texts(sbar, clean, 'situation', 'background', 'assessment', 'recommendation'),
    risk: texts(risk, clean, 'detail'),
    safeguarding: texts(safeguarding, clean, 'detail'),
    consent: texts(consent, clean, 'reason'),
    // A contact's own name is theirs; how they are related is told of the person.
    contacts: contacts.map((contact) => texts(contact, clean, 'relation')),
    plan: texts(plan, clean, 'interim'),
  };
}

/** A handover of this case as it reads today: what it says, what was asked and answered, what to do next. */
export function handoverAsToday<H extends Handover>(handover: H, caseDoc: Of): H {
  if (!isChanged(caseDoc)) return handover;
  const clean = cleaner(caseDoc, handover.content.person);
  const questions = handover.questions.map((one) => texts(one, clean, 'asked', 'answer'));
  const whole = { ...handover, content: asToday(handover.content, caseDoc), questions };
  return 'next' in whole ? texts(whole, clean, 'next' as keyof typeof whole) : whole;
}

/** What stands in a form about this case, as it reads today, unless the form itself says that the identity changed. */
export function inputsAsToday(inputs: Inputs, caseDoc: Of): Inputs {
  if (!isChanged(caseDoc) || inputs['person.marked'] === 'changed-identity') return inputs;
  const { 'person.given': given, 'person.surname': surname } = inputs;
  const clean = cleaner(caseDoc, { ...(given && { given }), ...(surname && { surname }) });
  const read = (id: string, text: string): readonly (readonly [string, string])[] => {
    const field = id.replace(/^person\./, '');
    if (field === id || !isIdentifying(field)) return [[id, clean(text)]];
    const now = caseDoc.person[field as keyof Person];
    return now === undefined ? [] : [[id, now]];
  };
  return Object.fromEntries(Object.entries(inputs).flatMap(([id, text]) => read(id, text)));
}

/** Takes the earlier names of this person out of a text, those that were told beside it among them. */
function cleaner({ person, earlierNames = [] }: Of, told: Person): (text: string) => string {
  const names = [...earlierNames, ...namesBeside(told, person)];
  const now = namesBeside(person, {}).flatMap(partsOf);
  const parts = [...new Set(names.flatMap(partsOf))].filter((part) => !now.includes(part));
  if (parts.length === 0) return (text) => text;
  const any = parts
    .sort((one, other) => other.length - one.length)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}])(?:${any})(?![\\p{L}\\p{M}\\p{N}])`, 'giu');
  // Will and May are names, will and may are not.
  return (text) => text.replace(pattern, (word) => (word === word.toLowerCase() ? word : INSTEAD));
}

/** A name with its parts, in small letters: `Ann-Marie` is also told as Ann, or as Marie. */
function partsOf(name: string): string[] {
  const whole = name.trim().toLowerCase();
  const parts = whole.split(/[\s'’-]+/).filter((part) => part.length >= SHORTEST_PART);
  return [...(whole.length > 1 ? [whole] : []), ...parts];
}

/** The group with some of its fields, where they are there, made clean. */
function texts<G extends object>(group: G, clean: (text: string) => string, ...fields: (keyof G)[]): G {
  const cleaned = fields.flatMap((field) => {
    const text = group[field];
    return typeof text === 'string' ? [[field, clean(text)] as const] : [];
  });
  return { ...group, ...Object.fromEntries(cleaned) };
}
