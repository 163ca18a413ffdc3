/** `SW1A1AA`: area, district, sector and unit (Royal Mail; BS 7666). */
const FULL = /^[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}$/;
const DISTRICT = /^[A-Z]{1,2}\d[A-Z\d]?$/;
const LONGEST = 10;

/**
 * A postcode as it is compared: capitals and digits; empty for what is none, and for the pseudo postcodes
 * (ZZ99…: no fixed abode, not known, overseas) that many people share. Takes any text.
 */
export function plainPostcode(text: string): string {
  const plain = text.toUpperCase().replace(/[^A-Z\d]/g, '');
  if (!/\d/.test(plain) || plain.startsWith('ZZ99') || /^(.)\1*$/.test(plain)) return '';
  return plain.slice(0, LONGEST);
}

/** The district of a plain British postcode (SW1A of SW1A1AA); empty for any other. */
export function districtOf(postcode: string): string {
  if (FULL.test(postcode)) return postcode.slice(0, -3);
  return DISTRICT.test(postcode) ? postcode : '';
}
