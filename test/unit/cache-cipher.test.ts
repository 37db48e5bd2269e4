import { createCipher } from "../../src/platform/crypto/cipher.js";

const OLD = "an old secret of thirty-two characters or more";
const NEW = "a new secret of thirty-two characters or more!";
const PLAIN = JSON.stringify({ nhsNumber: "9000000009", family: "Ashcombe", note: "Ünïcode 🦉" });

const bytesOf = (sealed: string) => Buffer.from(sealed.split(".")[2] ?? "", "base64url");

test("opens what it sealed for the same place", () => {
  const cipher = createCipher([OLD]);
  expect(cipher.open(cipher.seal(PLAIN, "here"), "here")).toBe(PLAIN);
  expect(cipher.open(cipher.seal("", "here"), "here")).toBe("");
});

test("the same text sealed twice has only the key id in common", () => {
  const cipher = createCipher([OLD]);
  const [one, other] = [cipher.seal(PLAIN, "here"), cipher.seal(PLAIN, "here")];
  expect(one).toMatch(/^e1\.[\w-]{8}\.[\w-]+$/);
  expect(bytesOf(one).subarray(0, 12)).not.toEqual(bytesOf(other).subarray(0, 12));
  expect(bytesOf(one).subarray(12)).not.toEqual(bytesOf(other).subarray(12));
});

test("opens nothing that was sealed for another place", () => {
  const cipher = createCipher([OLD]);
  expect(cipher.open(cipher.seal(PLAIN, "here"), "there")).toBeUndefined();
});

test("a new key in front seals, and the old one still opens", () => {
  const before = createCipher([OLD]);
  const during = createCipher([NEW, OLD]);
  const after = createCipher([NEW]);
  const sealedBefore = before.seal(PLAIN, "here");
  const sealedDuring = during.seal(PLAIN, "here");
  expect(during.open(sealedBefore, "here")).toBe(PLAIN);
  expect(after.open(sealedDuring, "here")).toBe(PLAIN);
  expect(after.open(sealedBefore, "here")).toBeUndefined();
  expect(before.open(sealedDuring, "here")).toBeUndefined();
});

test("opens nothing with a changed byte", () => {
  const cipher = createCipher([OLD]);
  const sealed = cipher.seal("short", "here");
  const [version, id] = sealed.split(".");
  const bytes = bytesOf(sealed);
  for (let index = 0; index < bytes.length; index++) {
    const altered = Buffer.from(bytes);
    altered[index] = (altered[index] ?? 0) ^ 1;
    expect(cipher.open(`${version}.${id}.${altered.toString("base64url")}`, "here")).toBeUndefined();
  }
});

test("opens nothing under another key's id, even when we have that key", () => {
  const cipher = createCipher([NEW, OLD]);
  const [newer = "", older = ""] = [cipher.seal(PLAIN, "here"), createCipher([OLD]).seal(PLAIN, "here")];
  const swapped = newer.replace(newer.split(".")[1] ?? "", older.split(".")[1] ?? "");
  expect(cipher.open(swapped, "here")).toBeUndefined();
});

test.each([
  "",
  "e1",
  "e1..",
  "plain text",
  '{"value":1}',
  "e2.AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "e1.AAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
])("opens no garbage: %j", (garbage) => {
  expect(createCipher([OLD]).open(garbage, "here")).toBeUndefined();
});

test("opens nothing that was truncated", () => {
  const cipher = createCipher([OLD]);
  const sealed = cipher.seal(PLAIN, "here");
  for (let length = 0; length < sealed.length; length++) {
    expect(cipher.open(sealed.slice(0, length), "here")).toBeUndefined();
  }
});

test("a cipher needs a secret", () => {
  expect(() => createCipher([])).toThrow("at least one secret");
});
