/**
 * Import this before a suite: its sandbox then has practices like the NHS demonstrator. `npm test` thereby runs the
 * suites that change appointments over two profiles, the strict one and this one. `npm run verify:long -- profiles` runs
 * all whole-server suites over all profiles.
 */
process.env.SANDBOX_PROFILE = "demonstrator-like";
