import { fileURLToPath } from "node:url";
import graphql from "@graphql-eslint/eslint-plugin";

/** graphql-eslint's recommended rules for schemas, over what clients see. Run by graphql-eslint.test.ts. */
export default [
  {
    files: ["**/*.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: {
        graphQLConfig: {
          schema:
            process.env.SCHEMA ?? fileURLToPath(new URL("../../schema.client.graphql", import.meta.url)),
        },
      },
    },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-recommended"].rules,
      // It wants an id on every type. Values (a name, an address) and results of commands have no identity, and an
      // invented id would make caches merge what is not the same. Entities have keys: see schema.test.ts.
      "@graphql-eslint/strict-id-in-types": "off",
    },
  },
];
