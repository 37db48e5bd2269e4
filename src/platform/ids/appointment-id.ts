import { gcmsiv } from "@noble/ciphers/aes";
import { z } from "zod";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { OdsCode } from "../../domain/ods-code.js";
import { type Keyrings, lastingKeyring } from "../crypto/keyring.js";

/** An appointment of a patient at a practice. */
export interface AppointmentReference {
  readonly odsCode: OdsCode;
  /** Logical id at that practice's server. */
  readonly appointmentId: string;
  readonly nhsNumber: NhsNumber;
  /**
   * Logical id of the patient at that practice, with which each later response about the appointment is compared. Ids made
   * before it was carried do not have it.
   */
  readonly patientId?: string | undefined;
}

const PARTS = z.tuple([z.string(), z.string(), z.string(), z.string().optional()]);
const FIXED_NONCE = new Uint8Array(12);
const FORM = /^a1\.([\w-]{24,})$/;

/** Creates and reads appointment ids: `a1.<ciphertext>`. */
export interface AppointmentIds {
  /** Always the same id for the same appointment. */
  encode(appointment: AppointmentReference): string;
  /** @returns undefined for an id that we did not create, or that was changed. */
  decode(id: string): AppointmentReference | undefined;
}

/**
 * An appointment id contains an NHS number, so it is encrypted. It is also an entity key, so the same appointment must
 * always have the same id. AES-GCM-SIV (RFC 8452) with a fixed nonce is both deterministic and authenticated: a repeated
 * nonce only shows that two texts are equal, which is the purpose of an id.
 *
 * @param keyrings the last creates every id, so a new secret in front changes no id. Each of them reads.
 */
export function createAppointmentIds(...keyrings: Keyrings): AppointmentIds {
  const keys = keyrings.map((keyring) => keyring.derive("appointment ids"));
  const lasting = lastingKeyring(keyrings).derive("appointment ids");
  const cipher = (key: Uint8Array) => gcmsiv(key, FIXED_NONCE, Buffer.from("a1"));
  return {
    encode({ odsCode, appointmentId, nhsNumber, patientId }) {
      const parts = [odsCode, appointmentId, nhsNumber, ...(patientId === undefined ? [] : [patientId])];
      const plain = Buffer.from(JSON.stringify(parts));
      return `a1.${Buffer.from(cipher(lasting).encrypt(plain)).toString("base64url")}`;
    },
    decode(id) {
      const encrypted = bytesOf(FORM.exec(id)?.[1]);
      const plain = encrypted && keys.map((key) => open(key, encrypted)).find((text) => text !== undefined);
      if (plain === undefined) return undefined;
      const [odsCode, appointmentId, nhsNumber, patientId] = PARTS.parse(JSON.parse(plain));
      return {
        odsCode: odsCode as OdsCode,
        appointmentId,
        nhsNumber: nhsNumber as NhsNumber,
        ...(patientId !== undefined && { patientId }),
      };
    },
  };

  function open(key: Uint8Array, encrypted: Buffer): string | undefined {
    try {
      return Buffer.from(cipher(key).decrypt(encrypted)).toString("utf8");
    } catch {
      return undefined; // changed, foreign or truncated: the tag does not match
    }
  }
}

/** Accepts one spelling of an id only: the unused bits of the last base64 character must be those that we write. */
function bytesOf(text: string | undefined): Buffer | undefined {
  const bytes = Buffer.from(text ?? "", "base64url");
  return bytes.length > 0 && bytes.toString("base64url") === text ? bytes : undefined;
}
