import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { readConfig } from '../../src/config.ts';
import { INDEXING, KEY_PATHS } from '../../src/store/cosmos-item.ts';

const FOLDER = new URL('../../infra/', import.meta.url);
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.bicep'),
);

await Parser.init();
const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
const parser = new Parser();
parser.setLanguage(await Language.load(grammar));

function parse(source: string): Node {
  const tree = parser.parse(source);
  if (!tree) throw new Error('the parser gave no tree');
  return tree.rootNode;
}
const parsed = FILES.map((name) => ({ name, root: parse(readFileSync(new URL(name, FOLDER), 'utf8')) }));

/** What a piece of Bicep says: literals as values, everything that is computed as its text. */
type Value = string | number | boolean | Value[] | { [key: string]: Value };
function literal(node: Node): Value {
  const parts = node.namedChildren.filter((part) => part.type !== 'comment');
  if (node.type === 'string') return node.text.slice(1, -1);
  if (node.type === 'number') return Number(node.text);
  if (node.type === 'boolean') return node.text === 'true';
  if (node.type === 'array') return parts.map(literal);
  if (node.type !== 'object') return node.text;
  return Object.fromEntries(
    parts.map((property) => {
      const [key, value] = property.namedChildren.filter((part) => part.type !== 'comment');
      if (!key || !value) throw new Error(`a property without a value: ${property.text}`);
      return [key.type === 'string' ? key.text.slice(1, -1) : key.text, literal(value)];
    }),
  );
}

interface Declared {
  readonly type: string;
  readonly node: Node;
  readonly body: Value;
}
const resources = parsed.flatMap(({ root }) =>
  root.descendantsOfType('resource_declaration').map((node): Declared => {
    const type = node.namedChildren.find((part) => part.type === 'string')?.text.slice(1, -1) ?? '';
    const body = node.namedChildren.find((part) => part.type === 'object');
    if (!body) throw new Error(`${type} has no body`);
    return { type: type.split('@')[0] ?? '', node, body: literal(body) };
  }),
);

/** The one resource of a type. */
function the(type: string): Declared {
  const [found, ...others] = resources.filter((one) => one.type === type);
  if (!found || others.length > 0) throw new Error(`expected one ${type}`);
  return found;
}
/** A part of a resource by its dotted path. */
const at = (type: string, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => Reflect.get(Object(value), key), the(type).body);

const ACCOUNT = 'Microsoft.DocumentDB/databaseAccounts';
const CONTAINER = 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers';
const APP = 'Microsoft.App/containerApps';
const BOT = 'Microsoft.BotService/botServices';

describe('the infrastructure', () => {
  it('is Bicep without an error', () => {
    console.log(`Parsed ${FILES.length} Bicep files with ${resources.length} resources`);
    expect(FILES).toContain('main.bicep');
    expect(resources.length).toBeGreaterThan(5);
    for (const { name, root } of parsed) {
      const wrong = root.hasError
        ? root.descendantsOfType('ERROR').map((node) => node.startPosition.row + 1)
        : [];
      expect([name, root.hasError, wrong]).toEqual([name, false, []]);
    }
  });

  it('would be found wrong by the same parser', () => {
    expect(parse("resource x 'A/b@2024-01-01' = {\n  name: 'n'\n  properties: {\n").hasError).toBe(true);
    expect(parse('param = \n').hasError).toBe(true);
  });

  it('refers to nothing that it does not declare', () => {
    const main = parsed.find((one) => one.name === 'main.bicep')?.root;
    const kinds = [
      'parameter_declaration',
      'variable_declaration',
      'resource_declaration',
      'module_declaration',
    ];
    const declared = new Set(main?.descendantsOfType(kinds).map((node) => node.namedChildren[0]?.text));
    const used = (main?.descendantsOfType('member_expression') ?? [])
      .map((node) => node.namedChildren[0])
      .filter((node) => node?.type === 'identifier')
      .map((node) => node?.text);
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((name) => !declared.has(name))).toEqual([]);
  });
});

describe('the database', () => {
  it("has the store's hierarchical key", () => {
    expect(at(CONTAINER, 'properties.resource.partitionKey')).toEqual({
      paths: KEY_PATHS,
      kind: 'MultiHash',
      version: 2,
    });
  });

  it('indexes what the store queries and nothing else', () => {
    expect(at(CONTAINER, 'properties.resource.indexingPolicy')).toEqual(INDEXING);
  });

  it('gives strong reads, keeps backups, and knows no keys: the identity alone may write', () => {
    expect(at(ACCOUNT, 'properties.consistencyPolicy.defaultConsistencyLevel')).toBe('Strong');
    expect(at(ACCOUNT, 'properties.backupPolicy.type')).toBe('Continuous');
    expect(at(ACCOUNT, 'properties.disableLocalAuth')).toBe(true);
    const access = at(`${ACCOUNT}/sqlRoleAssignments`, 'properties.principalId');
    expect(access).toBe('identity.properties.principalId');
  });
});

describe('the app', () => {
  const containers = (): { env: string; probes: Record<string, Value>[] }[] =>
    at(APP, 'properties.template.containers') as never;

  it('runs twice, and is asked for its health and readiness', () => {
    expect(at(APP, 'properties.template.scale.minReplicas')).toBeGreaterThanOrEqual(2);
    const probes = containers()[0]?.probes ?? [];
    expect(probes.map((probe) => [probe.type, Reflect.get(Object(probe.httpGet), 'path')])).toEqual([
      ['Startup', '/readyz/traffic'],
      ['Liveness', '/healthz'],
      ['Readiness', '/readyz/traffic'],
    ]);
  });

  it('gets settings that the configuration accepts', () => {
    const given = the(APP)
      .node.descendantsOfType('object')
      .map((node) => literal(node) as { [key: string]: Value })
      .filter((one) => typeof one.name === 'string' && /^[A-Z][A-Z_]+$/.test(one.name))
      .map((one) => [String(one.name), String(one.value)]);
    expect(given.length).toBeGreaterThan(5);
    const guid = '00000000-0000-4000-8000-000000000001';
    const deployed: Record<string, string> = {
      'string(port)': '3978',
      logLevel: 'info',
      databaseName: 'baton',
      'account.properties.documentEndpoint': 'https://baton.documents.azure.com:443/',
      'identity.properties.clientId': guid,
      'tenant().tenantId': guid,
    };
    const environment = Object.fromEntries(
      given.map(([name, value = '']) => [name, deployed[value] ?? value]),
    );
    expect(readConfig(environment)).toMatchObject({
      port: 3978,
      store: { kind: 'cosmos', key: undefined, database: 'baton' },
      teams: { kind: 'signed', appType: 'UserAssignedMSI', appId: guid, password: undefined },
    });
  });

  it('is what the bot registration points Teams to, as the same identity', () => {
    expect(at(BOT, 'properties.endpoint')).toMatch(/^https:\/\/\$\{app\..*\}\/api\/messages$/);
    expect(at(BOT, 'properties.msaAppId')).toBe('identity.properties.clientId');
    expect(at(`${BOT}/channels`, 'name')).toBe('MsTeamsChannel');
  });

  it('holds no secret in the file: what is secret comes in as a secure parameter', () => {
    const main = parsed.find((one) => one.name === 'main.bicep')?.root.text ?? '';
    expect(main).toMatch(/@secure\(\)\nparam intakeKeys string\n/);
    expect(main).toMatch(/@secure\(\)\nparam pagingKeys string\n/);
    expect(main).not.toMatch(/AccountKey=|COSMOS_KEY|MICROSOFT_APP_PASSWORD/);
  });
});
