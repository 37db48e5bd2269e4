import type { OdsCode } from "../../../src/domain/ods-code.js";
import {
  type Directory,
  type DirectoryQuery,
  type DirectoryResult,
  GP_CONNECT_DIRECTORY_INTERACTION,
} from "../../../src/upstreams/sds/index.js";
import {
  type PracticeKind,
  practiceAsid,
  practiceCode,
  practiceCodes,
  practiceKey,
  practiceUrl,
  SPINE,
  STRUCTURED,
  TIED,
  VISITORS,
} from "../../fixtures/sds/directory-seed.js";
import { testContext } from "../../support/call-context.js";

/** A client of the seeded directory, whatever the protocol. */
export interface DirectoryUnderTest {
  readonly directory: Directory;
  stop(): Promise<void>;
}

export const practice = (odsCode: string, facts: Partial<DirectoryQuery> = {}): DirectoryQuery => ({
  odsCode: odsCode as OdsCode,
  interaction: GP_CONNECT_DIRECTORY_INTERACTION,
  ...facts,
});

const national = (service: { odsCode: string; partyKey: string }, facts: Partial<DirectoryQuery> = {}) =>
  practice(service.odsCode, { interaction: VISITORS, partyKey: service.partyKey, ...facts });

/** The entry of the n-th practice of a kind, by its n-th supplier. */
export const entryOf = (kind: PracticeKind, number: number, which = 1): DirectoryResult => ({
  kind: "entry",
  entry: {
    odsCode: practiceCode(kind, number) as OdsCode,
    asid: practiceAsid(kind, number, which),
    partyKey: practiceKey(kind, number, which),
    serviceRootUrl: practiceUrl(kind, number, which),
  },
});

const none = { kind: "none" };
const fault = (code: string, reason: string) => ({
  kind: "fault",
  error: { service: "SDS", code, reason, retryable: false },
});
const ambiguous = fault("UPSTREAM_BAD_RESPONSE", "AMBIGUOUS_DIRECTORY_ENTRY");
const incomplete = fault("UPSTREAM_REFUSED", "DIRECTORY_ENTRY_INCOMPLETE");
const malformed = fault("UPSTREAM_REFUSED", "MALFORMED_DIRECTORY_QUERY");

/** What every client of the directory must make of the seeded records (SDS notes, section 5.5). */
export function describeDirectory(name: string, start: () => Promise<DirectoryUnderTest>): void {
  describe(`the directory ${name}`, () => {
    let under: DirectoryUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under?.stop());

    const lookUp = (...queries: DirectoryQuery[]) => under.directory.lookUp(queries, testContext());

    const kinds: [PracticeKind, string, (number: number) => object][] = [
      ["ordinary", "one address and one system", (n) => entryOf("ordinary", n)],
      ["withConsumer", "a consumer's system beside the provider's", (n) => entryOf("withConsumer", n)],
      ["consumerOnly", "a consumer's system only", () => none],
      ["withoutSystem", "an address whose key has systems elsewhere only", () => incomplete],
      ["ambiguous", "two addresses and two systems", () => ambiguous],
      ["moving", "two suppliers' addresses, one system", (n) => entryOf("moving", n, 2)],
      [
        "movedWithBothSystems",
        "two suppliers' systems, one with the interaction",
        (n) => entryOf("movedWithBothSystems", n, 2),
      ],
      [
        "twoSystemsOneKey",
        "two systems under one key, one with the interaction",
        (n) => ({
          kind: "entry",
          entry: {
            asid: practiceAsid("twoSystemsOneKey", n, 2),
            partyKey: practiceKey("twoSystemsOneKey", n),
          },
        }),
      ],
      [
        "twoOwners",
        "two systems under one key, one of them used by the practice itself",
        (n) => ({ kind: "entry", entry: { asid: practiceAsid("twoOwners", n, 2) } }),
      ],
    ];

    it.each(kinds)("%s: %s", async (kind, _what, expected) => {
      const codes = practiceCodes(kind);
      const answers = await lookUp(...codes.map((code) => practice(code)));
      expect(answers).toMatchObject(codes.map((_code, index) => expected(index + 1)));
    });

    it("answers all kinds together, each in its own place", async () => {
      const asked = Array.from({ length: 15 }, (_, index) => index + 1).flatMap((number) =>
        kinds.map(([kind, _what, expected]) => ({
          query: practice(practiceCode(kind, number)),
          expected: expected(number),
        })),
      );
      const answers = await lookUp(...asked.map(({ query }) => query));
      expect(answers).toMatchObject(asked.map(({ expected }) => expected));
    });

    it("has nothing of a code that is unknown, or registered in small letters", async () => {
      expect(await lookUp(practice("Z99999"), practice("B1001"))).toEqual([none, none]);
    });

    it("refuses malformed queries, and answers the others beside them", async () => {
      const answers = await lookUp(
        practice("a1001"),
        practice("A1001"),
        practice("A1*"),
        practice("A1002", { interaction: "urn:nhs:names:services:*" }),
        practice("YES", { partyKey: "YES-0000806)(a=*" }),
        practice("A1001"),
      );
      const found = entryOf("ordinary", 1);
      expect(answers).toMatchObject([malformed, found, malformed, malformed, malformed, found]);
    });

    it("finds another capability of one practice under its own address", async () => {
      const code = practiceCode("withConsumer", 3);
      const [slots, records] = await lookUp(practice(code), practice(code, { interaction: STRUCTURED }));
      expect(slots).toEqual(entryOf("withConsumer", 3));
      expect(records).toMatchObject({
        entry: {
          asid: practiceAsid("withConsumer", 3),
          serviceRootUrl: `https://records.example/${code}`,
        },
      });
    });

    it.each([SPINE.partyKey, SPINE.partyKey.toLowerCase()])(
      "finds a national service by its party key %s, beside practices",
      async (partyKey) => {
        const [first, spine, last] = await lookUp(
          practice("A1001"),
          national({ ...SPINE, partyKey }),
          practice("A1002"),
        );
        const { odsCode, asid, url } = SPINE;
        expect(spine).toEqual({
          kind: "entry",
          entry: { odsCode, asid, partyKey: SPINE.partyKey, serviceRootUrl: url },
        });
        expect([first, last]).toEqual([entryOf("ordinary", 1), entryOf("ordinary", 2)]);
      },
    );

    it("keeps a national service and its organisation's own records apart", async () => {
      const [spine, slots] = await lookUp(national(SPINE), practice("YES"));
      expect(spine).toMatchObject({ entry: { asid: SPINE.asid } });
      expect(slots).toEqual(none);
    });

    it("finds no national service under another organisation's code or key", async () => {
      const answers = await lookUp(
        national({ ...SPINE, odsCode: "A3001" }),
        national({ ...SPINE, partyKey: "YES-0000807" }),
      );
      expect(answers).toEqual([none, none]);
    });

    it("lets the settings decide between two systems of a national service", async () => {
      const [undecided, decided] = await lookUp(
        national(TIED),
        national(TIED, { preferredAsid: TIED.asids[1] }),
      );
      expect(undecided).toMatchObject(ambiguous);
      expect(decided).toMatchObject({ entry: { asid: TIED.asids[1], serviceRootUrl: TIED.url } });
    });

    it("asks nothing of nothing", async () => {
      expect(await lookUp()).toEqual([]);
    });
  });
}
