import { composeSchemaContract } from "@theguild/federation-composition";
import { buildASTSchema, type GraphQLSchema, isObjectType, parse } from "graphql";
import { describeNeeding } from "../support/needs.js";
import {
  composeWithApollo,
  composeWithGuild,
  SPINE_SDL,
  type SubgraphText,
  withoutScopes,
} from "./support/composition.js";
import { CARE_SDL, REFERRALS_SDL } from "./support/subgraphs.js";

const spine: SubgraphText = { name: "spine", url: "http://spine.example/graphql", sdl: SPINE_SDL };
const care: SubgraphText = { name: "care", url: "http://care.example/graphql", sdl: CARE_SDL };
const referrals: SubgraphText = {
  name: "referrals",
  url: "http://referrals.example/graphql",
  sdl: REFERRALS_SDL,
};

const COMPANIES: [string, SubgraphText[]][] = [
  ["alone", [spine]],
  ["with a subgraph that extends patients and practices", [spine, care]],
  ["with a subgraph that only refers to entities", [spine, referrals]],
  ["with both", [spine, care, referrals]],
];

describe("composition by the library of The Guild", () => {
  test.each(COMPANIES)("the schema composes %s", (_company, subgraphs) => {
    const { errors, supergraphSdl } = composeWithGuild(subgraphs);

    expect(errors).toEqual([]);
    expect(supergraphSdl).toContain('@join__graph(name: "spine"');
  });

  test("a field that another subgraph defines as well is refused", () => {
    const sdl = CARE_SDL.replace("preferredLanguage: String", "preferredLanguage: String  gender: String");

    expect(composeWithGuild([spine, { ...care, sdl }]).errors.join()).toContain("Patient.gender");
  });
});

describeNeeding("gateways", "composition by the library of Apollo", () => {
  test.each(COMPANIES)("the schema composes %s, without a hint", (_company, subgraphs) => {
    const { errors, hints, supergraphSdl } = composeWithApollo(subgraphs);

    expect(errors).toEqual([]);
    expect(hints).toEqual([]);
    expect(supergraphSdl).toContain('@join__graph(name: "spine"');
  });

  test("a field that another subgraph defines as well is refused", () => {
    const sdl = CARE_SDL.replace("preferredLanguage: String", "preferredLanguage: String  gender: String");

    expect(composeWithApollo([spine, { ...care, sdl }]).errors.join()).toContain("Patient.gender");
  });

  test("the authorisation directives are taken out completely for Apollo Gateway", () => {
    const { errors, supergraphSdl } = composeWithApollo([{ ...spine, sdl: withoutScopes(SPINE_SDL) }]);

    expect(errors).toEqual([]);
    expect(supergraphSdl).not.toContain("requiresScopes");
  });
});

describe("contracts by tag", () => {
  const contract = (...exclude: string[]) => coordinatesOf(publicSchema({ exclude }));
  const complete = coordinatesOf(publicSchema({ exclude: [] }));
  const missingFrom = (coordinates: ReadonlySet<string>) =>
    [...complete].filter((coordinate) => !coordinates.has(coordinate)).sort();

  test("the contract for operators is the complete schema", () => {
    expect(complete).toContain("Practice.endpoint");
    expect(complete).toContain("Query.tracePatient");
  });

  test("the contract for staff lacks the technical directory entries and nothing else", () => {
    expect(missingFrom(contract("operator"))).toEqual([
      "Practice.endpoint",
      "PracticeEndpoint.asid",
      "PracticeEndpoint.partyKey",
      "PracticeEndpoint.serviceRootUrl",
    ]);
  });

  test("the contract for patients lacks what is tagged staff or operator, and nothing else", () => {
    const missing = missingFrom(contract("staff", "operator"));

    expect([...new Set(missing.map((coordinate) => coordinate.split(".")[0]))]).toEqual([
      "Mutation",
      "PatientRegistered",
      "PatientTraceCandidate",
      "PatientTraceCandidates",
      "PatientTraceNoMatch",
      "PatientTraceTooManyMatches",
      "Practice",
      "PracticeEndpoint",
      "Query",
    ]);
    expect(missing).toEqual(
      expect.arrayContaining(["Mutation.registerPatient", "Practice.endpoint", "Query.tracePatient"]),
    );
    expect(missing.filter((coordinate) => /^(Mutation|Query)\./.test(coordinate))).toHaveLength(2);
  });
});

/** What clients of a contract see. */
function publicSchema({ exclude }: { readonly exclude: readonly string[] }): GraphQLSchema {
  const services = [{ name: spine.name, url: spine.url, typeDefs: parse(spine.sdl) }];
  const filter = { include: new Set<string>(), exclude: new Set(exclude) };
  const result = composeSchemaContract(services, filter, true);
  if (result.publicSdl === undefined)
    throw new Error(result.errors?.map(({ message }) => message).join("\n"));
  return buildASTSchema(parse(result.publicSdl), { assumeValidSDL: true });
}

function coordinatesOf(schema: GraphQLSchema): Set<string> {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith("__"));
  return new Set(
    types
      .filter(isObjectType)
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`)),
  );
}
