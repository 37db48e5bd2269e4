import { createPractice, type Practice } from "../personas/practices.js";

const FIRST_CODE = 90_000;
const MOST_PRACTICES = 6_250;
const NAMES = [
  "Ashwell",
  "Bramley",
  "Coppice",
  "Deansgate",
  "Eastfield",
  "Fernhill",
  "Glebe",
  "Highmoor",
  "Kingsway",
];
const KINDS = ["Surgery", "Medical Centre", "Health Centre", "Practice"];

/** Practices `T90000` and following. Each is created from its number when it is needed. */
export class GeneratedPractices {
  /** @throws RangeError for more than 6,250 practices */
  constructor(readonly count: number) {
    if (!Number.isInteger(count) || count < 0 || count > MOST_PRACTICES)
      throw new RangeError(`The number of practices must be from 0 to ${MOST_PRACTICES}`);
  }

  /** The ODS code of the practice with this number. */
  codeAt(index: number): string {
    return `T${FIRST_CODE + index}`;
  }

  byCode(odsCode: string): Practice | undefined {
    if (!/^T9\d{4}$/.test(odsCode)) return undefined;
    const index = Number(odsCode.slice(1)) - FIRST_CODE;
    if (index >= this.count) return undefined;
    const name = `${NAMES[index % NAMES.length]} ${KINDS[Math.floor(index / NAMES.length) % KINDS.length]} ${index}`;
    return createPractice(odsCode, name, "plain", "Generated");
  }

  /** ASIDs end with the digits of the ODS code. */
  byAsid(asid: string): Practice | undefined {
    const practice = this.byCode(`T${asid.slice(-5)}`);
    return practice?.asid === asid ? practice : undefined;
  }
}
