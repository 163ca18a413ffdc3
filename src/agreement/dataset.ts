/**
 * The catalogue of what a handover can be required to carry. An agreement names its minimum dataset
 * from here; a path leads into the handover's content. After SBAR, the BaRS referral and the minimum
 * dataset that community pathways agree: docs/minimum-dataset.md has the sources.
 */
export const DATASET = {
  'person.given': 'First name',
  'person.surname': 'Surname',
  'person.dob': 'Date of birth',
  'person.nhsNumber': 'NHS number',
  'person.address': 'Address',
  'person.phone': 'Telephone number of the person',
  'person.safeContact': 'Safe way to contact the person',
  'person.language': 'Preferred language',
  'person.communication': 'Communication needs',
  'ask.what': 'What is asked',
  'ask.urgency': 'How urgent it is',
  'ask.neededBy': 'By when it is needed',
  'ask.service': 'Receiving service',
  'sbar.situation': 'Situation',
  'sbar.background': 'Background',
  'sbar.assessment': 'Assessment',
  'risk.status': 'Risk status',
  'risk.detail': 'Risks',
  'safeguarding.status': 'Safeguarding status',
  'consent.status': 'Consent, or the reason to share without it',
  contacts: 'Contacts in order, one with a telephone number',
  'plan.interim': 'Interim plan',
  'plan.nextReview': 'Next review date',
  adjustments: 'Reasonable adjustments',
  sceneSafety: 'Scene safety for home visits',
  allergies: 'Allergies',
  'author.name': 'Who wrote it',
  'author.role': 'Role of who wrote it',
  'author.phone': 'Number to ring about it',
} as const;

export type DatasetField = keyof typeof DATASET;
export const DATASET_FIELDS = Object.keys(DATASET) as [DatasetField, ...DatasetField[]];
