/** As the README has it for servers that are at work. The `graphql` package looks when it is loaded, so import this first. */
process.env.NODE_ENV ??= "production";
