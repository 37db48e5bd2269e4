/**
 * Prints the names of skipped suites, and then the run's last line on stdout, for tools to read:
 * "N passed, N failed, N skipped". A suite that cannot start counts as a failure.
 */
module.exports = class SummaryReporter {
  onRunComplete(_contexts, results) {
    for (const suite of results.testResults) {
      const skipped = suite.testResults.filter((test) => test.status === "pending");
      const titles = new Set(skipped.map((test) => test.ancestorTitles[0] ?? test.title));
      for (const title of titles) process.stdout.write(`skipped: ${title}\n`);
    }
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
  }
};
