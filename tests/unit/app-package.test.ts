import { readFileSync } from 'node:fs';
import { crc32, inflateRawSync, inflateSync } from 'node:zlib';
import { AppManifestUtils } from '@microsoft/app-manifest';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { colourIcon, outlineIcon } from '../../appPackage/icons.ts';
import { appPackage, type Installation, manifestFor, run } from '../../appPackage/package.ts';
import { zip } from '../../appPackage/zip.ts';

const INSTALLATION: Installation = {
  appId: '00000000-0000-4000-8000-000000000001',
  domain: 'baton.example.org',
  publisher: 'A "quoted" partner',
  website: 'https://example.org/baton',
  privacy: 'https://example.org/privacy',
  terms: 'https://example.org/terms',
  version: '0.1.0',
};

/** The typed commands of this version; the routes have the same. */
const COMMANDS = [
  '/action',
  '/actions',
  '/bind',
  '/case',
  '/concern',
  '/digest',
  '/duplicates',
  '/escalations',
  '/handover',
  '/handovers',
  '/help',
  '/ladder',
  '/mine',
  '/oncall',
  '/people',
  '/raci',
  '/reconcile',
  '/take',
  '/training',
  '/unowned',
  '/why',
];

interface Manifest {
  id: string;
  description: { short: string; full: string };
  manifestVersion: string;
  bots: {
    botId: string;
    scopes: string[];
    commandLists: { scopes: string[]; commands: { title: string; description: string }[] }[];
  }[];
  composeExtensions: { commands: { title: string; type: string; context: string[]; fetchTask: boolean }[] }[];
  authorization: { permissions: { resourceSpecific: { name: string; type: string }[] } };
  webApplicationInfo: { id: string };
  supportsChannelFeatures: string;
}
const manifest = (): Manifest => JSON.parse(manifestFor(INSTALLATION));

/** Reads an archive by its central directory, as an unpacker does, and checks every sum. */
function unzip(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from('504b0506', 'hex'));
  expect(end).toBe(archive.length - 22);
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  expect(at + archive.readUInt32LE(end + 12)).toBe(end);
  for (let n = archive.readUInt16LE(end + 10); n > 0; n -= 1) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [sum, packed, size] = [16, 20, 24].map((offset) => archive.readUInt32LE(at + offset));
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('ascii', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    expect(archive.toString('ascii', local + 30, local + 30 + nameLength)).toBe(name);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const data = inflateRawSync(archive.subarray(start, start + (packed ?? 0)));
    expect([name, data.length, crc32(data)]).toEqual([name, size, sum]);
    files.set(name, data);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return files;
}

/** A PNG's size and its pixels as [red, green, blue, alpha]. */
function readPng(png: Buffer) {
  expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([...png.subarray(24, 29)]).toEqual([8, 6, 0, 0, 0]);
  const data = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  const pixels = Array.from({ length: width * height }, (_, index) => {
    const start = Math.floor(index / width) * (width * 4 + 1) + 1 + (index % width) * 4;
    return [...data.subarray(start, start + 4)] as [number, number, number, number];
  });
  return { width, height, pixels };
}

describe('the manifest', () => {
  it("passes Microsoft's own validator", async () => {
    const problems = await AppManifestUtils.validateAgainstSchema(JSON.parse(manifestFor(INSTALLATION)));
    expect(problems).toEqual([]);
  });

  it('would not pass it with a thirteenth command', async () => {
    const broken = manifest();
    broken.bots[0]?.commandLists[0]?.commands.push(
      ...Array.from({ length: 13 }, (_, n) => ({ title: `/extra${n}`, description: 'one too many' })),
    );
    const problems = await AppManifestUtils.validateAgainstSchema(JSON.parse(JSON.stringify(broken)));
    expect(problems).not.toEqual([]);
  });

  it('is of a version that knows shared channels, and asks for them', () => {
    const [major = 0, minor = 0] = manifest().manifestVersion.split('.').map(Number);
    expect(major * 1_000 + minor).toBeGreaterThanOrEqual(1_025);
    expect(manifest().supportsChannelFeatures).toBe('tier1');
  });

  it('lists the typed commands of this version and no other, twelve at most', () => {
    const lists = manifest().bots[0]?.commandLists ?? [];
    expect(lists.length).toBeGreaterThan(0);
    expect([...new Set(lists.flatMap((list) => list.commands.map((one) => one.title)))].sort()).toEqual(
      COMMANDS,
    );
    for (const { commands } of lists) expect(commands.length).toBeLessThanOrEqual(12);
    expect(lists.flatMap((list) => list.scopes).sort()).toEqual(['groupChat', 'personal', 'team']);
    expect(manifest().bots[0]?.scopes.toSorted()).toEqual(['groupChat', 'personal', 'team']);
  });

  it('says the same of a command in each list', () => {
    const all = manifest().bots[0]?.commandLists.flatMap((list) => list.commands) ?? [];
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(COMMANDS.length);
  });

  it('offers a handover and raises a concern from the message box and the command box, as a dialog', () => {
    expect(manifest().composeExtensions[0]?.commands).toEqual([
      expect.objectContaining({
        id: 'offerHandover',
        title: 'Offer a handover',
        type: 'action',
        fetchTask: true,
        context: ['compose', 'commandBox', 'message'],
      }),
      // Never from a message: what others wrote is no part of a concern.
      expect.objectContaining({
        id: 'raiseConcern',
        title: 'Raise a concern',
        type: 'action',
        fetchTask: true,
        context: ['compose', 'commandBox'],
      }),
    ]);
  });

  it('asks to hear what is typed in the channels and chats it is added to, and nothing wider', () => {
    expect(manifest().authorization.permissions.resourceSpecific).toEqual([
      { name: 'ChannelMessage.Read.Group', type: 'Application' },
      { name: 'ChatMessage.Read.Chat', type: 'Application' },
    ]);
    expect(manifest().webApplicationInfo.id).toBe(INSTALLATION.appId);
  });

  it('says that it is no emergency route and no clinical record', () => {
    expect(manifest().description.full).toMatch(/not a clinical record and not an emergency route.*ring 999/);
  });

  it('has no place left open', () => {
    expect(manifestFor(INSTALLATION)).not.toContain('${');
  });

  test.each([
    ['appId', 'not-a-guid', /--app-id/],
    ['domain', 'https://baton.example.org', /--domain/],
    ['publisher', '  ', /--publisher/],
    ['website', 'http://example.org', /--website/],
    ['privacy', '', /--privacy/],
    ['terms', 'soon', /--terms/],
  ])('is not made with a wrong %s', (field, value, message) => {
    expect(() => manifestFor({ ...INSTALLATION, [field]: value })).toThrow(message);
  });
});

describe('the app package', () => {
  it('holds the manifest and both icons at its top', () => {
    const files = unzip(appPackage(INSTALLATION));
    expect([...files.keys()]).toEqual(['manifest.json', 'color.png', 'outline.png']);
    expect(files.get('manifest.json')?.toString()).toBe(manifestFor(INSTALLATION));
  });

  it('any files come out of an archive as they went in', () => {
    const name = fc.stringMatching(/^[a-z0-9/]{1,20}\.png$/);
    const files = fc.uniqueArray(fc.record({ name, data: fc.uint8Array({ maxLength: 500 }) }), {
      selector: (file) => file.name,
    });
    fc.assert(
      fc.property(files, (all) => {
        const archive = zip(all.map((one) => ({ name: one.name, data: Buffer.from(one.data) })));
        const out = [...unzip(archive)].map(([path, data]) => [path, data.toString('hex')]);
        expect(out).toEqual(all.map((one) => [one.name, Buffer.from(one.data).toString('hex')]));
      }),
      { numRuns: 50 },
    );
  });

  it('is not written without its values; the script says what it needs', () => {
    const said: string[] = [];
    expect(run([], (line) => said.push(line))).toBe(64);
    expect(run(['--nonsense'], (line) => said.push(line))).toBe(64);
    expect(run(['--help'], (line) => said.push(line))).toBe(0);
    expect(said).toHaveLength(3);
    for (const line of said) expect(line).toContain('npm run package -- --app-id GUID');
  });
});

describe('the icons', () => {
  const icon = (name: string): Buffer => readFileSync(new URL(`../../appPackage/${name}`, import.meta.url));

  it('are the ones that the drawing makes', () => {
    expect(readPng(icon('color.png')).pixels).toEqual(readPng(colourIcon()).pixels);
    expect(readPng(icon('outline.png')).pixels).toEqual(readPng(outlineIcon()).pixels);
  });

  it('the colour icon is 192 by 192 and filled to its edges', () => {
    const { width, height, pixels } = readPng(icon('color.png'));
    expect([width, height]).toEqual([192, 192]);
    expect(pixels.filter(([, , , alpha]) => alpha !== 255)).toEqual([]);
  });

  it('the outline icon is 32 by 32, white alone on clear, so that it stands on light and dark', () => {
    const { width, height, pixels } = readPng(icon('outline.png'));
    expect([width, height]).toEqual([32, 32]);
    expect(pixels.filter(([red, green, blue]) => red + green + blue !== 765)).toEqual([]);
    const drawn = pixels.filter(([, , , alpha]) => alpha > 128).length / pixels.length;
    expect(drawn).toBeGreaterThan(0.1);
    expect(drawn).toBeLessThan(0.5);
  });
});
