/**
 * Who may import whom. Type imports count: a type of the Bot Framework in a feature would tie the feature
 * to it just as well. Every rule has a planted violation in tests/architecture/dependencies.test.ts.
 */
const FEATURES =
  'register|reconciliation|duplicates|actions|handovers|rota|escalations|safeguarding|digests|visits|governance|training';

/** What each feature offers to everybody else: what it is, never how it works. Add the file with its feature. */
const THINGS = [
  '^src/actions/action[.]ts$',
  '^src/duplicates/pair[.]ts$',
  '^src/handovers/handover[.]ts$',
  '^src/rota/rota[.]ts$',
  '^src/training/training[.]ts$',
  '^src/escalations/escalation[.]ts$',
  '^src/register/case[.]ts$',
  '^src/register/list[.]ts$',
  '^src/register/person[.]ts$',
  '^src/digests/digest[.]ts$',
  '^src/reconciliation/reconciliation[.]ts$',
  '^src/reconciliation/mismatch[.]ts$',
  '^src/handovers/waiting[.]ts$',
  '^src/handovers/arrivals[.]ts$',
  '^src/safeguarding/concern[.]ts$',
  '^src/safeguarding/who[.]ts$',
];

/** The files of a feature that decide: by any of these names, in whatever feature. */
const DECIDING =
  'rules|wanted|move|raise|answers|draft|climb|information|facts|absence|entry|lists|offer|retrace|times|figures|suppress';

/** They wire the parts, or run all of them, and so see everything. */
const WIRING = '^src/(compose|main|wire|wire-again|dry-run)[.]ts$|^src/simulation/';

module.exports = {
  forbidden: [
    {
      name: 'core-and-linkage-stand-alone',
      comment: 'core is what everybody speaks, linkage is pure: neither knows anything else of ours',
      severity: 'error',
      from: { path: '^src/(core|linkage)/' },
      to: { path: '^src/', pathNot: '^src/$1/' },
    },
    {
      name: 'core-and-linkage-use-few-packages',
      comment: 'of the outside they use zod, the calendar arithmetic of Temporal, and hashing',
      severity: 'error',
      from: { path: '^src/(core|linkage)/' },
      to: {
        pathNot: ['^src/', 'node_modules/zod/', 'node_modules/temporal-polyfill/', '^(node:)?crypto$'],
      },
    },
    {
      name: 'rules-are-pure',
      comment:
        'what decides is tested without any double: it sees core, the agreement, its own folder except what ' +
        'runs it, and what the things of other features are',
      severity: 'error',
      from: { path: `^src/(${FEATURES})/(${DECIDING})[.]ts$` },
      to: {
        path: '^src/$1/(commands|press|routes|presenter|grounds)|^(?!src/(core|agreement)/|src/$1/|node_modules/zod/)',
        pathNot: THINGS,
      },
    },
    {
      name: 'features-offer-their-thing',
      comment: 'of another feature only the file that says what its thing is may be seen',
      severity: 'error',
      from: { path: `^src/(${FEATURES})/` },
      to: { path: `^src/(${FEATURES})/`, pathNot: ['^src/$1/', ...THINGS] },
    },
    {
      name: 'rooms-know-no-feature',
      comment: 'teams, http, jobs, store, fhir and agreement are handed what features offer as plain data',
      severity: 'error',
      from: { path: '^src/', pathNot: [`^src/(${FEATURES})/`, WIRING] },
      to: { path: `^src/(${FEATURES})/`, pathNot: THINGS },
    },
    {
      name: 'only-compose-imports-teams',
      comment: 'replacing the Teams library must stay a change to one folder',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/teams/|^src/compose[.]ts$' },
      to: { path: '^src/teams/' },
    },
    {
      name: 'only-teams-imports-the-bot-framework',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/teams/' },
      to: { path: 'node_modules/(@microsoft/teams-|botbuilder|botframework-)' },
    },
    {
      name: 'only-the-cosmos-store-imports-cosmos',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/cosmos[a-z-]*[.]ts$' },
      to: { path: 'node_modules/@azure/cosmos/' },
    },
    {
      name: 'only-the-embedded-store-imports-sqlite',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/embedded[a-z-]*[.]ts$' },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'source-does-not-know-tests-or-the-demo',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tests|infra)/' },
    },
    { name: 'no-cycles', severity: 'error', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'every-import-resolves',
      comment: 'a module that cannot be found is not checked by the rules above',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^tests/', '^infra/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
