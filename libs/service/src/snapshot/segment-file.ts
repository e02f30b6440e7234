import { hash, randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { z } from 'zod';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * The content of a segment: the facts after `after`, up to and including `position`, of the log with this seal there.
 */
const stampSchema = z.strictObject({
  /** The versions of the file, of the engine and of the stored events. */
  versions: z.string(),
  categories: z.array(z.string()),
  after: z.string().regex(/^\d+$/).transform(BigInt),
  position: z.string().regex(/^\d+$/).transform(BigInt),
  seal: z.string(),
  /** The number of facts in it. */
  facts: z.int().min(0),
  /** The latest instant of the log up to `position`. */
  known: z.string(),
  /** The first and the last date in the facts up to `position`. */
  from: z.string(),
  to: z.string(),
});
export type Stamp = z.output<typeof stampSchema>;
export interface Segment {
  readonly stamp: Stamp;
  /** The bytes of `packedFacts`. */
  readonly facts: Uint8Array;
}

/** The file exists but cannot be used, for this reason. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
}

const MAGIC = Buffer.from('attain facts 1\n\0', 'latin1');
const CHECKSUM = 32;
/** Bytes that are unpacked at once; the default of 16 KiB makes hundreds of parts of a segment. */
const CHUNK = 4 * 2 ** 20;

/**
 * Writes a segment to a temporary file, waits until the disk has stored it, and renames it, so a file with its name is
 * always complete. Layout: the magic, the length of the stamp, the stamp as JSON, the compressed facts, and SHA-256 of
 * all these.
 */
export async function writeSegment(path: string, { stamp, facts }: Segment): Promise<void> {
  const text = Buffer.from(
    JSON.stringify({ ...stamp, after: String(stamp.after), position: String(stamp.position) }),
    'utf8',
  );
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.byteLength);
  const content = Buffer.concat([MAGIC, length, text, await compress(facts)]);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.writeFile(checksumOf(content));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
}

/** Undefined without a file; throws Unusable if it is incomplete. */
export async function readSegment(path: string): Promise<Segment | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new Unusable(`it cannot be read (${error.code ?? error.message})`);
  });
  if (bytes === undefined) return undefined;
  const begin = MAGIC.byteLength + 4;
  if (bytes.byteLength < begin + CHECKSUM || !bytes.subarray(0, MAGIC.byteLength).equals(MAGIC))
    throw new Unusable('it is cut off, or it is no file of facts of this format');
  const content = bytes.subarray(0, -CHECKSUM);
  if (!checksumOf(content).equals(bytes.subarray(-CHECKSUM)))
    throw new Unusable('its checksum differs from its content: it is damaged or cut off');
  const end = begin + bytes.readUInt32LE(MAGIC.byteLength);
  const stamp = stampSchema.safeParse(JSON.parse(content.toString('utf8', begin, end)));
  if (!stamp.success) throw new Unusable('its stamp is one of another version');
  return { stamp: stamp.data, facts: await decompress(content.subarray(end), { chunkSize: CHUNK }) };
}

function checksumOf(content: Uint8Array): Buffer {
  return hash('sha256', content, 'buffer');
}
