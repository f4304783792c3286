'use strict';
// Writes each project's test counts to dist/test-results/<project root>.json. Nx keeps that file
// with the cached result, so test.sh can add up the counts of tests that did not have to run again.
const { mkdirSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');

const workspace = join(__dirname, '../..');

module.exports = class {
  constructor({ rootDir }) {
    this.project = relative(workspace, rootDir);
  }

  onRunComplete(_contexts, results) {
    const file = join(workspace, 'dist/test-results', `${this.project}.json`);
    mkdirSync(dirname(file), { recursive: true });
    const counts = {
      project: this.project,
      passed: results.numPassedTests,
      // A suite that could not even be loaded counts as one failed test.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(file, `${JSON.stringify(counts)}\n`);
  }
};
