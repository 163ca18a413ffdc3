import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

/**
 * Draws the app's two icons: a baton that goes from one hand to another. Shapes are signed distances
 * in a square of side 1 (negative inside), so that both sizes come from the same drawing.
 */
type Point = readonly [x: number, y: number];
type Shape = (at: Point) => number;
type Colour = readonly [red: number, green: number, blue: number, alpha: number];

const DEEP: Colour = [7, 60, 76, 255];
const TEAL: Colour = [14, 124, 134, 255];
const GIVER: Colour = [255, 255, 255, 255];
const TAKER: Colour = [255, 202, 99, 255];
const BATON: Colour = [222, 243, 240, 255];
const WHITE: Colour = [255, 255, 255, 255];
const CLEAR: Colour = [255, 255, 255, 0];

/** Along the baton, from the giver's end to the taker's, and across it. */
const AXIS: Point = [Math.cos(-0.62), Math.sin(-0.62)];
const ACROSS: Point = [-AXIS[1], AXIS[0]];
const on = (along: number, across = 0): Point => [
  0.5 + AXIS[0] * along + ACROSS[0] * across,
  0.5 + AXIS[1] * along + ACROSS[1] * across,
];

const capsule =
  (a: Point, b: Point, radius: number): Shape =>
  ([x, y]) => {
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const length = dx * dx + dy * dy || 1;
    const t = Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / length));
    return Math.hypot(x - a[0] - t * dx, y - a[1] - t * dy) - radius;
  };
const union =
  (...shapes: readonly Shape[]): Shape =>
  (at) =>
    Math.min(...shapes.map((shape) => shape(at)));
const without =
  (shape: Shape, hole: Shape, gap: number): Shape =>
  (at) =>
    Math.max(shape(at), gap - hole(at));

/** A hand: fingers round the baton, side by side, and the arm it belongs to. `side` is 1 below, -1 above. */
function hand(centre: number, side: 1 | -1, fingers: number, width: number, gap: number) {
  const radius = (width - gap) / 2;
  const grip = Array.from({ length: fingers }, (_, finger) => {
    const along = centre + (finger - (fingers - 1) / 2) * width;
    return capsule(on(along, -0.105 * side), on(along, 0.105 * side), radius);
  });
  const half = (fingers * width) / 2;
  const wrist = on(centre - 0.035 * side, 0.2 * side);
  const arm = capsule(wrist, on(centre - 0.22 * side, 0.62 * side), half * 0.74);
  return { grip: union(...grip), arm };
}

interface Layer {
  readonly shape: Shape;
  readonly colour: Colour;
}

/** Paints layers over a background; every pixel is the mean of `FINE` × `FINE` samples. */
const FINE = 4;
function paint(size: number, background: (at: Point) => Colour, layers: readonly Layer[]): Buffer {
  const pixels = Buffer.alloc(size * size * 4);
  for (let y = 0; y < size; y += 1)
    for (let x = 0; x < size; x += 1) {
      const sum = [0, 0, 0, 0];
      for (let sample = 0; sample < FINE * FINE; sample += 1) {
        const at: Point = [
          (x + ((sample % FINE) + 0.5) / FINE) / size,
          (y + (Math.floor(sample / FINE) + 0.5) / FINE) / size,
        ];
        const top = layers.findLast((layer) => layer.shape(at) < 0);
        (top?.colour ?? background(at)).forEach((part, index) => {
          sum[index] = (sum[index] ?? 0) + part;
        });
      }
      sum.forEach((total, index) => {
        pixels[(y * size + x) * 4 + index] = Math.round(total / (FINE * FINE));
      });
    }
  return png(size, pixels);
}

/** A PNG (RFC 2083) of 8-bit RGBA pixels, row by row. */
function png(size: number, pixels: Buffer): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y += 1)
    pixels.copy(rows, y * (size * 4 + 1) + 1, y * size * 4, (y + 1) * size * 4);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The colour icon, 192 by 192 pixels, filled to its edges as Teams asks. */
export function colourIcon(): Buffer {
  const giver = hand(-0.155, 1, 4, 0.062, 0.012);
  const taker = hand(0.155, -1, 4, 0.062, 0.012);
  const fade = ([x, y]: Point): Colour => {
    const t = Math.min(1, Math.max(0, (x + y) / 2));
    return [0, 1, 2, 3].map((part) =>
      Math.round((TEAL[part] ?? 0) + ((DEEP[part] ?? 0) - (TEAL[part] ?? 0)) * t),
    ) as unknown as Colour;
  };
  return paint(192, fade, [
    { shape: giver.arm, colour: GIVER },
    { shape: taker.arm, colour: TAKER },
    { shape: capsule(on(-0.4), on(0.4), 0.068), colour: DEEP },
    { shape: capsule(on(-0.4), on(0.4), 0.05), colour: BATON },
    { shape: (at) => giver.grip(at) - 0.016, colour: DEEP },
    { shape: (at) => taker.grip(at) - 0.016, colour: DEEP },
    { shape: giver.grip, colour: GIVER },
    { shape: taker.grip, colour: TAKER },
  ]);
}

/** The outline icon, 32 by 32 pixels: white alone on clear, so that it stands on light and dark. */
export function outlineIcon(): Buffer {
  const giver = hand(-0.17, 1, 2, 0.14, 0.04);
  const taker = hand(0.17, -1, 2, 0.14, 0.04);
  const grips = union(giver.grip, taker.grip);
  const baton = capsule(on(-0.44), on(0.44), 0.06);
  const arms = without(union(giver.arm, taker.arm), union(grips, baton), 0.04);
  return paint(32, () => CLEAR, [{ shape: union(grips, without(baton, grips, 0.04), arms), colour: WHITE }]);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(new URL('color.png', import.meta.url), colourIcon());
  writeFileSync(new URL('outline.png', import.meta.url), outlineIcon());
}
