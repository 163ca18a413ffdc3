import { createRequire } from 'node:module';

/** What of Microsoft's renderer is used in tests: reading a card and saying what is wrong with it. */
interface Renderer {
  SerializationContext: new () => {
    readonly eventCount: number;
    getEventAt(at: number): { readonly message: string };
  };
  AdaptiveCard: new () => {
    parse(card: object, context: object): void;
    validateProperties(): { readonly validationEvents: readonly { readonly message: string }[] };
  };
}
// Its own types are sources that this project's compiler settings refuse.
const { AdaptiveCard, SerializationContext } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as Renderer;

/** What the client's own parser says is wrong with a card; nothing for a good one. */
export function complaintsAbout(card: object): string[] {
  const context = new SerializationContext();
  const parsed = new AdaptiveCard();
  parsed.parse(card, context);
  const read = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  const all = [...read, ...parsed.validateProperties().validationEvents.map((event) => event.message)];
  // Charts are Teams' own; this parser takes what stands in for them.
  return all.filter((message) => !/^Unknown element type "Chart[.]VerticalBar"/.test(message));
}
