/** As much of DER (X.690) as certificates need. */

export function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), length(body.length), body]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.from([bytes]);
  if (bytes < 0x100) return Buffer.from([0x81, bytes]);
  return Buffer.from([0x82, bytes >> 8, bytes & 0xff]);
}

export const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);

export const tagged = (number: number, content: Buffer): Buffer => der(0xa0 + number, content);

/** @param value a small number, or the bytes of a positive one. */
export const integer = (value: number | Buffer): Buffer =>
  der(0x02, typeof value === "number" ? Buffer.from([value]) : value);

export const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]));

export const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, "utf8"));

export const bits = (content: Buffer, unused = 0): Buffer => der(0x03, Buffer.from([unused]), content);

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

/** To the second; before 2050 with two digits for the year, as RFC 5280 wants it. */
export function time(moment: Date): Buffer {
  const text = `${moment.toISOString().replace(/[-:T]|\.\d+/g, "")}`;
  const early = moment.getUTCFullYear() < 2050;
  return der(early ? 0x17 : 0x18, Buffer.from(early ? text.slice(2) : text, "ascii"));
}

export function toPem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
