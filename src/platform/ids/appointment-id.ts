import { gcmsiv } from "@noble/ciphers/aes";
import { z } from "zod";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { OdsCode } from "../../domain/ods-code.js";
import type { Keyring } from "./keyring.js";

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
 */
export function createAppointmentIds(keyring: Keyring): AppointmentIds {
  const key = keyring.derive("appointment ids");
  const cipher = () => gcmsiv(key, FIXED_NONCE, Buffer.from("a1"));
  return {
    encode({ odsCode, appointmentId, nhsNumber }) {
      const plain = Buffer.from(JSON.stringify([odsCode, appointmentId, nhsNumber]));
      return `a1.${Buffer.from(cipher().encrypt(plain)).toString("base64url")}`;
    },
    decode(id) {
      const sealed = FORM.exec(id)?.[1];
      if (sealed === undefined) return undefined;
      const plain = open(Buffer.from(sealed, "base64url"));
      if (plain === undefined) return undefined;
      const [odsCode, appointmentId, nhsNumber] = PARTS.parse(JSON.parse(plain));
      return { odsCode: odsCode as OdsCode, appointmentId, nhsNumber: nhsNumber as NhsNumber };
    },
  };

  function open(sealed: Buffer): string | undefined {
    try {
      return Buffer.from(cipher().decrypt(sealed)).toString("utf8");
    } catch {
      return undefined; // altered, foreign or cut short: the tag does not fit
    }
  }
}
