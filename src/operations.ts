import { existsSync } from 'node:fs';
import type { Agreement } from './agreement/agreement.ts';
import type { Config } from './config.ts';
import { systemClock } from './core/clock.ts';
import type { Problem } from './core/errors.ts';
import type { DigestFiles } from './digest-file.ts';
import type { Finding } from './doctor.ts';
import type { DryRunOptions } from './dry-run.ts';
import type { LinkOptions } from './link-file.ts';
import type { OfferRequest } from './offer-file.ts';
import type { ListRequest } from './register-file.ts';
import type { SimulateOptions } from './simulation/simulate.ts';
import type { Store } from './store/store.ts';

/** The running whole: it listens, and ends what is under way before it closes. */
export interface App {
  listen(): Promise<{ url: string }>;
  close(): Promise<void>;
}

/** What a command found: whether the thing checked holds, and the lines to print. */
export interface Found {
  readonly good: boolean;
  readonly lines: readonly string[];
}

/** What stands behind the commands that end by themselves; each loads only what it needs. */
export interface Operations {
  /** With settings: also how the file differs from what is in force in their store, if that is there. */
  checkAgreement(file: string, config?: Config): Promise<Found>;
  /** As `checkAgreement`, with what the recorded handovers would have done under the file's ladder. */
  replayAgreement(config: Config, file: string, options: DryRunOptions): Promise<Found & { json: object }>;
  applyAgreement(config: Config, file: string, yes: boolean): Promise<Found>;
  importRota(config: Config, pathway: string, file: string): Promise<Found>;
  importTraining(config: Config, pathway: string, file: string): Promise<Found>;
  importList(
    config: Config,
    request: ListRequest,
  ): Promise<{ readonly lines: readonly string[]; readonly problems: readonly Problem[] }>;
  /** The figures of the escalations that began on these days, both included. */
  escalations(
    config: Config,
    pathway: string,
    days: { readonly from: string; readonly to: string },
  ): Promise<Found & { json: object }>;
  /** The register compared with the partners' lists, now. */
  reconcile(
    config: Config,
    pathway: string,
    progress?: (done: number) => void,
  ): Promise<Found & { json: object }>;
  /** What is open now between all partners, into files or to be printed. */
  digest(config: Config, pathway: string, files: DigestFiles): Promise<Found>;
  /** A month's published figures about concerns, printed and into a file. */
  safeguarding(config: Config, pathway: string, month: string, csv?: string): Promise<Found>;
  /** `safeguarding`: says how much is kept apart, and which concern's chain is broken. */
  verify(config: Config, pathway: string, safeguarding: boolean): Promise<Found & { json: object }>;
  /** The open record; or, with `safeguarding`, what is kept apart from it, recorded in each concern's own chain. */
  exportTo(config: Config, pathway: string, folder: string, safeguarding: boolean): Promise<Found>;
  doctor(config: Config): Promise<readonly Finding[]>;
  offer(request: OfferRequest): Promise<Found>;
  /** The duplicates in a CSV file. */
  link(file: string, options: LinkOptions): Promise<Found>;
  simulate(options: SimulateOptions): Promise<Found & { json: object }>;
}

/** The time a sign-in may take before it counts as failed. */
const SIGN_IN_MS = 10_000;

async function withStore<T>(config: Config, use: (store: Store) => Promise<T>): Promise<T> {
  const { openStore } = await import('./open-store.ts');
  const store = await openStore(config);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** A command that only reads makes no store. */
async function storeIsThere({ store }: Config): Promise<boolean> {
  const { embeddedPath } = await import('./store/embedded-file.ts');
  return store.kind !== 'embedded' || existsSync(embeddedPath(store.dataDir));
}

/** Each concern's chain says that its words left the store, before they do. */
async function recordExport(store: Store, pathway: string): Promise<void> {
  const { systemChance } = await import('./core/chance.ts');
  const { wire } = await import('./wire.ts');
  const { concerns } = wire({
    store,
    clock: systemClock,
    chance: systemChance,
    channel: async () => undefined,
  });
  await concerns.exported(pathway);
}

/** How an agreement differs from the one in force, as lines; none where there is no store to compare with. */
async function differences(config: Config, terms: Agreement): Promise<string[]> {
  if (!(await storeIsThere(config))) return [];
  const { readInForce } = await import('./agreement/current.ts');
  const { diffAgreements } = await import('./agreement/diff.ts');
  return withStore(config, async (store) => {
    const inForce = await readInForce(store, terms.pathway);
    if (!inForce) return ['No version of this pathway is in force yet.'];
    const changes = diffAgreements(inForce.terms, terms);
    return changes.length === 0
      ? [`Nothing differs from version ${inForce.version}, which is in force.`]
      : [`Against version ${inForce.version}, which is in force:`, ...changes.map((line) => `  ${line}`)];
  });
}

export const operations: Operations = {
  async checkAgreement(file, config) {
    const { checkAgreementFile } = await import('./agreement-files.ts');
    const { agreement: terms, warnings } = await checkAgreementFile(file);
    const { name, providers, people } = terms;
    return {
      good: true,
      lines: [
        `${name}: good, ${providers.length} providers and ${people.length} people.`,
        ...(config ? await differences(config, terms) : []),
        ...warnings.map((line) => `warning: ${line}`),
      ],
    };
  },

  async replayAgreement(config, file, options) {
    const { readAgreementFile } = await import('./agreement-files.ts');
    const { nothing, replay } = await import('./dry-run.ts');
    const checked = await operations.checkAgreement(file, config);
    const terms = await readAgreementFile(file);
    const { lines, json } = (await storeIsThere(config))
      ? await withStore(config, (store) => replay(store, systemClock, terms, options))
      : nothing(terms.pathway);
    return { good: checked.good, lines: [...checked.lines, '', ...lines], json };
  },

  async applyAgreement(config, file, yes) {
    const { appliedLines, readAgreementFile } = await import('./agreement-files.ts');
    const { applyAgreement } = await import('./agreement/apply.ts');
    const { createTurns } = await import('./store/turn.ts');
    const agreement = await readAgreementFile(file);
    return withStore(config, async (store) => {
      const run = createTurns(store, systemClock);
      const applied = await applyAgreement({ store, run }, agreement, { system: 'operator' }, { yes });
      return { good: applied.kind !== 'would-undo', lines: appliedLines(applied) };
    });
  },

  async importRota(config, pathway, file) {
    const { importRotaFile } = await import('./rota-file.ts');
    const { systemChance } = await import('./core/chance.ts');
    const { wire } = await import('./wire.ts');
    return withStore(config, async (store) => {
      const nowhere = async () => undefined;
      const wired = wire({ store, clock: systemClock, chance: systemChance, channel: nowhere });
      return { good: true, lines: await importRotaFile(wired, pathway, file) };
    });
  },

  async importTraining(config, pathway, file) {
    const { importTrainingFile } = await import('./training-file.ts');
    const { systemChance } = await import('./core/chance.ts');
    const { wire } = await import('./wire.ts');
    return withStore(config, async (store) => {
      const nowhere = async () => undefined;
      const wired = wire({ store, clock: systemClock, chance: systemChance, channel: nowhere });
      return { good: true, lines: await importTrainingFile(wired, pathway, file) };
    });
  },

  async importList(config, request) {
    const { importListFile } = await import('./register-file.ts');
    const { systemChance } = await import('./core/chance.ts');
    const { wire } = await import('./wire.ts');
    return withStore(config, async (store) => {
      const nowhere = async () => undefined;
      const wired = wire({ store, clock: systemClock, chance: systemChance, channel: nowhere });
      return importListFile(wired, systemClock, request);
    });
  },

  async escalations(config, pathway, days) {
    const { systemChance } = await import('./core/chance.ts');
    const { wire } = await import('./wire.ts');
    return withStore(config, async (store) => {
      const nowhere = async () => undefined;
      const wired = wire({ store, clock: systemClock, chance: systemChance, channel: nowhere });
      const { figures, lines } = await wired.figures(pathway, days);
      return { good: true, lines, json: { pathway, ...days, ...figures } };
    });
  },

  async digest(config, pathway, files) {
    const { writeDigest } = await import('./digest-file.ts');
    const { systemChance } = await import('./core/chance.ts');
    const { wire } = await import('./wire.ts');
    return withStore(config, async (store) => {
      const nowhere = async () => undefined;
      const wired = wire({ store, clock: systemClock, chance: systemChance, channel: nowhere });
      return { good: true, lines: await writeDigest(wired, pathway, files, systemClock.now()) };
    });
  },

  async safeguarding(config, pathway, month, csv) {
    const { writeSafeguarding } = await import('./safeguarding-file.ts');
    const { systemChance } = await import('./core/chance.ts');
    const { wire } = await import('./wire.ts');
    return withStore(config, async (store) => {
      const nowhere = async () => undefined;
      const wired = wire({ store, clock: systemClock, chance: systemChance, channel: nowhere });
      return { good: true, lines: await writeSafeguarding(wired, pathway, month, csv) };
    });
  },

  async reconcile(config, pathway, progress) {
    const { systemChance } = await import('./core/chance.ts');
    const { wire } = await import('./wire.ts');
    return withStore(config, async (store) => {
      const nowhere = async () => undefined;
      const wired = wire({ store, clock: systemClock, chance: systemChance, channel: nowhere });
      return { good: true, ...(await wired.reconcile(pathway, progress)) };
    });
  },

  async verify(config, pathway, safeguarding) {
    const { verified } = await import('./verified.ts');
    const { verifyPathway } = await import('./store/verify.ts');
    return withStore(config, async (store) => verified(await verifyPathway(store, pathway), safeguarding));
  },

  async exportTo(config, pathway, folder, safeguarding) {
    const { exportPathway } = await import('./store/export.ts');
    return withStore(config, async (store) => {
      if (safeguarding) await recordExport(store, pathway);
      const part = safeguarding ? 'apart' : 'open';
      const { documents, files, anchor } = await exportPathway(
        store,
        pathway,
        folder,
        systemClock.now(),
        part,
      );
      const nothing = safeguarding
        ? `Nothing is kept apart on ${pathway}.`
        : `Nothing is held of ${pathway}. Check the pathway's id.`;
      return {
        good: documents > 0,
        lines: [
          ...files.map((one) => `${one.file}: ${one.documents}`),
          documents > 0 ? `${documents} documents in ${folder}` : nothing,
          ...(anchor ? [`newest anchor: ${anchor.day} ${anchor.hash}`] : []),
        ],
      };
    });
  },

  async doctor(config) {
    const { examine } = await import('./doctor.ts');
    const { openStore } = await import('./open-store.ts');
    return examine({
      config,
      clock: systemClock,
      openStore: () => openStore(config),
      checkAgreement: (file) => operations.checkAgreement(file),
      async signIn(teams) {
        const { ClientSecretCredential, ManagedIdentityCredential } = await import('@azure/identity');
        const credential =
          teams.password === undefined
            ? new ManagedIdentityCredential({ clientId: teams.appId })
            : new ClientSecretCredential(teams.tenantId ?? 'botframework.com', teams.appId, teams.password);
        await credential.getToken('https://api.botframework.com/.default', {
          abortSignal: AbortSignal.timeout(SIGN_IN_MS),
        });
      },
    });
  },

  async simulate(options) {
    const { simulate, simulatedLines } = await import('./simulation/simulate.ts');
    const found = await simulate(options);
    const good = found.broken === undefined && found.unmet.length === 0;
    return { good, lines: simulatedLines(found), json: found };
  },

  async offer(request) {
    const { offerFile } = await import('./offer-file.ts');
    return { good: true, lines: await offerFile(request) };
  },
  async link(file, options) {
    const { linkFile } = await import('./link-file.ts');
    return { good: true, lines: await linkFile(file, options) };
  },
};
