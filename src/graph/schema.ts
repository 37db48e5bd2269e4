import { buildSubgraphSchema } from "@apollo/subgraph";
import { printSchemaWithDirectives } from "@graphql-tools/utils";
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  isUnionType,
  lexicographicSortSchema,
  parse,
  print,
  type UnionTypeDefinitionNode,
} from "graphql";
import { buildSchema, createResolversMap, type NonEmptyArray } from "type-graphql";
import { AmendAppointmentResolver } from "./appointment/amend-appointment.resolver.js";
import { AppointmentResolver, resolveAppointmentReference } from "./appointment/appointment.resolver.js";
import { AppointmentDetailsResolver } from "./appointment/appointment-details.resolver.js";
import { AppointmentServiceResolver } from "./appointment/appointment-service.resolver.js";
import { BookAppointmentResolver } from "./appointment/book-appointment.resolver.js";
import { BookingOutcomeResolver } from "./appointment/booking-outcome.resolver.js";
import { CancelAppointmentResolver } from "./appointment/cancel-appointment.resolver.js";
import { PatientAppointmentsResolver } from "./appointment/patient-appointments.resolver.js";
import { RegisterPatientResolver } from "./appointment/register-patient.resolver.js";
import { setEntitiesResolver } from "./entities.js";
import { readGettersDirectly } from "./getter-fields.js";
import { resolvePatientReference } from "./patient/patient.reference.js";
import { PatientResolver } from "./patient/patient.resolver.js";
import { PatientChargeableStatusResolver } from "./patient/patient-chargeable-status.resolver.js";
import { PatientPracticeResolver } from "./patient/patient-practice.resolver.js";
import { PatientPreferredBranchResolver } from "./patient/patient-preferred-branch.resolver.js";
import { PatientTraceCandidateResolver, TracePatientResolver } from "./patient/trace-patient.resolver.js";
import { guardReference, guardSchema } from "./permissions/guard-schema.js";
import { withScopeDirectives } from "./permissions/scope-directives.js";
import { resolvePracticeReference } from "./practice/practice.reference.js";
import { PracticeResolver } from "./practice/practice.resolver.js";
import { PracticeCapabilitiesResolver } from "./practice/practice-capabilities.resolver.js";
import { PracticeDetailsResolver } from "./practice/practice-details.resolver.js";
import { PracticeEndpointResolver } from "./practice/practice-endpoint.resolver.js";
import { PracticeSlotsResolver } from "./slot/practice-slots.resolver.js";

/** Every resolver class. A missing one would keep its fields in the schema without their code. */
const RESOLVERS: NonEmptyArray<new () => object> = [
  AmendAppointmentResolver,
  AppointmentDetailsResolver,
  AppointmentResolver,
  AppointmentServiceResolver,
  BookAppointmentResolver,
  BookingOutcomeResolver,
  CancelAppointmentResolver,
  PatientAppointmentsResolver,
  PatientChargeableStatusResolver,
  PatientPracticeResolver,
  PatientPreferredBranchResolver,
  PatientResolver,
  PatientTraceCandidateResolver,
  PracticeCapabilitiesResolver,
  PracticeDetailsResolver,
  PracticeEndpointResolver,
  PracticeSlotsResolver,
  PracticeResolver,
  RegisterPatientResolver,
  TracePatientResolver,
];

const FEDERATION = `directive @contact(
  """Who is responsible for the subgraph."""
  name: String!
  """Where they are found."""
  url: String
  """What to turn to them with."""
  description: String
) on SCHEMA

extend schema
  @contact(name: "The team that runs spine-graph", description: "Questions about the schema, access and incidents.")
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@cost", "@listSize", "@requiresScopes", "@shareable", "@tag"])`;

export interface SubgraphSchema {
  readonly schema: GraphQLSchema;
  /** The text of `schema.graphql`, directives included. */
  readonly sdl: string;
}

const QUERY =
  "Reads from the NHS Spine and from general practices. A field makes its calls only when it is selected, each call once for an operation, and a field that fails is null with an error that says why.";
const MUTATION =
  "Commands to general practices. Each gives a result for every outcome that a caller must act on, and an outcome that is not known is never given as a failure.";

function describe(type: GraphQLObjectType | null | undefined, description: string): void {
  if (!type) throw new Error("the schema lacks a root type");
  type.description = description;
}

/**
 * Tags a union, which a decorator does not reach. A contract that leaves out the members of a union needs the tag on the
 * union as well, or composition keeps it with unknown members.
 */
function tagUnion(schema: GraphQLSchema, name: string, tag: string): void {
  const type = schema.getType(name);
  if (!isUnionType(type)) throw new Error(`the schema lacks the union ${name}`);
  const { definitions } = parse(`union ${name} @tag(name: "${tag}")`);
  type.astNode = definitions[0] as UnionTypeDefinitionNode;
}

/** The Federation 2 subgraph, built from the classes. */
export async function createSubgraphSchema(): Promise<SubgraphSchema> {
  // The server library validates the final schema when it starts. Once is enough: it takes a tenth of a start.
  const raw = await buildSchema({ resolvers: RESOLVERS, validate: false, skipCheck: true });
  describe(raw.getQueryType(), QUERY);
  describe(raw.getMutationType(), MUTATION);
  tagUnion(raw, "PatientTraceResult", "staff");
  const text = `${FEDERATION}\n\n${printSchemaWithDirectives(lexicographicSortSchema(raw))}`;
  const document = withScopeDirectives(parse(text, { noLocation: true }));
  const sdl = `${print(document)}\n`;
  const resolvers = createResolversMap(raw) as Record<string, object>;
  readGettersDirectly(resolvers);
  const schema = buildSubgraphSchema([{ typeDefs: document, resolvers: resolvers as never }]);
  setEntitiesResolver(schema, {
    Appointment: guardReference("Appointment", resolveAppointmentReference),
    Patient: guardReference("Patient", resolvePatientReference),
    Practice: guardReference("Practice", resolvePracticeReference),
  });
  guardSchema(schema);
  return { schema, sdl };
}
