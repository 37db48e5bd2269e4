import { gcmsiv } from "@noble/ciphers/aes";
import { z } from "zod";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { OdsCode } from "../../domain/ods-code.js";
import { type Keyrings, lastingKeyring } from "../crypto/keyring.js";

/** Which appointment of whom, at which practice. */
export interface AppointmentReference {
  readonly odsCode: OdsCode;
  /** Logical id at that practice's server. */
  readonly appointmentId: string;
  readonly nhsNumber: NhsNumber;
}

const PARTS = z.tuple([z.string(), z.string(), z.string()]);
const FIXED_NONCE = new Uint8Array(12);
const FORM = /^a1\.([\w-]{24,})$/;

/** Makes and reads appointment ids: `a1.<ciphertext>`. */
export interface AppointmentIds {
  /** The same id for the same appointment, always. */
  encode(appointment: AppointmentReference): string;
  /** @returns undefined for anything that we did not make, or that was altered. */
  decode(id: string): AppointmentReference | undefined;
}

/**
 * An appointment id holds an NHS number, so it is encrypted; and it is an entity's key, so the same appointment
 * must give the same id. AES-GCM-SIV (RFC 8452) under one fixed nonce is both deterministic and authenticated:
 * all that a repeated nonce shows is that two texts are equal, which is what an id is for.
 *
 * @param keyrings the last one makes every id, so that a new secret in front leaves the ids as they are; each of them
 *   reads.
 */
export function createAppointmentIds(...keyrings: Keyrings): AppointmentIds {
  const keys = keyrings.map((keyring) => keyring.derive("appointment ids"));
  const lasting = lastingKeyring(keyrings).derive("appointment ids");
  const cipher = (key: Uint8Array) => gcmsiv(key, FIXED_NONCE, Buffer.from("a1"));
  return {
    encode({ odsCode, appointmentId, nhsNumber }) {
      const plain = Buffer.from(JSON.stringify([odsCode, appointmentId, nhsNumber]));
      return `a1.${Buffer.from(cipher(lasting).encrypt(plain)).toString("base64url")}`;
    },
    decode(id) {
      const sealed = bytesOf(FORM.exec(id)?.[1]);
      const plain = sealed && keys.map((key) => open(key, sealed)).find((text) => text !== undefined);
      if (plain === undefined) return undefined;
      const [odsCode, appointmentId, nhsNumber] = PARTS.parse(JSON.parse(plain));
      return { odsCode: odsCode as OdsCode, appointmentId, nhsNumber: nhsNumber as NhsNumber };
    },
  };

  function open(key: Uint8Array, sealed: Buffer): string | undefined {
    try {
      return Buffer.from(cipher(key).decrypt(sealed)).toString("utf8");
    } catch {
      return undefined; // altered, foreign or cut short: the tag does not fit
    }
  }
}

/** One text has one id: the bits of the last character that base64 leaves over must be those that we write. */
function bytesOf(text: string | undefined): Buffer | undefined {
  const bytes = Buffer.from(text ?? "", "base64url");
  return bytes.length > 0 && bytes.toString("base64url") === text ? bytes : undefined;
}
