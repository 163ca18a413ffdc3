import { crc32, deflateRawSync } from 'node:zlib';

/** One file of an archive: its name and what is in it. */
export interface ZipEntry {
  readonly name: string;
  readonly data: Buffer;
}

/** Version 2.0 of the format: what an archive with deflate needs. */
const VERSION = 20;
const DEFLATE = 8;
/** 1 January 1980, the first day the format knows: the same files always give the same archive. */
const DOS_DATE = 0x21;

/**
 * Packs files into a zip archive (PKWARE APPNOTE 6.3): deflate, no encryption, no zip64. Names are
 * ASCII, and everything together stays under 4 GB, as an app package does.
 */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of entries) {
    const packed = deflateRawSync(data);
    const path = Buffer.from(name, 'ascii');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(DEFLATE, 4);
    common.writeUInt16LE(DOS_DATE, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(path.length, 22);
    files.push(signed(0x04034b50), common, path, packed);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(VERSION, 0);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(signed(0x02014b50), madeBy, common, rest, path);
    offset += 4 + common.length + path.length + packed.length;
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listing.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...files, listing, signed(0x06054b50), end]);
}

function signed(signature: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(signature, 0);
  return bytes;
}
