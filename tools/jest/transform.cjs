'use strict';
// TypeScript by SWC. jest runs test files in a context of their own, where each look-up of a global is
// slow; in a loop over voxels it takes most of the time. So modules get those of arithmetic as constants.
const { createTransformer } = require('@swc/jest');

const GLOBALS = ['Math', 'Number', 'Infinity', 'NaN', 'Float32Array', 'Float64Array'];
const swc = createTransformer({
  jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  module: { type: 'es6' },
  sourceMaps: 'inline',
});

const withConstants = (source) => {
  const used = GLOBALS.filter((name) => new RegExp(`\\b${name}\\b`).test(source));
  return used.length === 0 ? source : `const { ${used.join(', ')} } = globalThis; ${source}`;
};

module.exports = {
  ...swc,
  process: (source, ...rest) => swc.process(withConstants(source), ...rest),
  processAsync: (source, ...rest) => swc.processAsync(withConstants(source), ...rest),
  getCacheKey: (source, ...rest) => swc.getCacheKey(withConstants(source), ...rest),
};
