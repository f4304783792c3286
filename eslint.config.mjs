// Lint rules for the whole workspace. The layers (core <- compute <- adapter <- pipeline <- app)
// are tags in each project.json; tools/lint proves on deliberately bad files that they bite.
import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

const CORE_AND_COMPUTE = [
  'errors',
  'volume',
  'preprocessing',
  'inference',
  'postprocessing',
  'features',
  'clinical',
  'survival',
  'metrics',
];
const SOURCE_OF_CORE_AND_COMPUTE = CORE_AND_COMPUTE.map((name) => `libs/${name}/src/**/*.ts`);
// Specs, and the worker programs they start.
const SPECS = ['**/*.spec.ts', 'libs/*/fixtures/**/*.ts', '**/src/fixtures/**/*.ts'];

const NODE_REMEDY =
  'core and compute libraries run without Node: take the data (or a callback) as a parameter and ' +
  'let an adapter library such as image-io, case-io or runtime do the reading.';
const ONNX_REMEDY =
  "onnxruntime-node is imported by libs/onnx only: use openModel from '@hecktor/onnx', or take a Predictor.";
const IMAGE_REMEDY =
  "Image formats live in libs/image-io only: use readVolume and writeVolume from '@hecktor/image-io'.";

const NODE_PATTERN = {
  regex: `^(node:.+|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')}))$`,
  message: NODE_REMEDY,
};
const ONNX_PATTERN = { regex: '^onnxruntime-(node|web)(/|$)', message: ONNX_REMEDY };
const KOFFI_PATTERN = {
  regex: '^koffi(/|$)',
  message: "C functions are called by libs/openvino only: use openVino from '@hecktor/openvino'.",
};
const IMAGE_PATTERN = {
  regex: '^(itk-wasm|@itk-wasm/.*|nifti-reader-js)(/|$)',
  message: IMAGE_REMEDY,
};

/** The same bans for `import`, `export from` and `import()`. */
function bans(...patterns) {
  return {
    'no-restricted-imports': ['error', { patterns }],
    'no-restricted-syntax': [
      'error',
      ...patterns.map(({ regex, message }) => ({
        selector: `ImportExpression > Literal[value=/${regex.replaceAll('/', '\\/')}/]`,
        message,
      })),
    ],
  };
}

const LAYERS = {
  core: ['core'],
  compute: ['core', 'compute'],
  adapter: ['core', 'compute', 'adapter'],
  pipeline: ['core', 'compute', 'adapter', 'pipeline'],
  app: ['core', 'compute', 'adapter', 'pipeline'],
  testing: ['core', 'compute', 'adapter'],
  tools: ['core', 'compute', 'adapter', 'pipeline', 'testing', 'tools'],
};

function boundaries({ spec }) {
  const tag = (layer) => `layer:${layer}`;
  return [
    'error',
    {
      banTransitiveDependencies: true,
      // A library's specs use libs/testing, which is itself built on the library.
      ignoredCircularDependencies: [['testing', '!testing']],
      depConstraints: Object.entries(LAYERS).map(([layer, below]) => ({
        sourceTag: tag(layer),
        onlyDependOnLibsWithTags: (spec ? [...below, 'testing'] : below).map(tag),
      })),
    },
  ];
}

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/**',
      '**/dist/**',
      '**/coverage/**',
      '**/golden/**',
      '.nx/**',
      'tmp/**',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', URL: 'readonly', Buffer: 'readonly' },
    },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        module: 'writable',
        require: 'readonly',
        globalThis: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strict],
    plugins: { '@nx': nx },
    // One program for the workspace: a program per project takes twice the time.
    languageOptions: {
      parserOptions: { project: './tsconfig.workspace.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-restricted-properties': [
        'error',
        { object: 'it', property: 'only', message: 'A focused test hides all the others.' },
        { object: 'describe', property: 'only', message: 'A focused test hides all the others.' },
      ],
      eqeqeq: 'error',
      // Voxel loops index within bounds they have computed; noUncheckedIndexedAccess makes `!` the
      // way to say so without paying for a check per voxel.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@nx/enforce-module-boundaries': boundaries({ spec: false }),
      ...bans(ONNX_PATTERN, KOFFI_PATTERN, IMAGE_PATTERN),
    },
  },
  {
    // Runs in a browser, so it has other types.
    files: ['tools/viewer/src/page/**/*.ts'],
    languageOptions: { parserOptions: { project: './tools/viewer/src/page/tsconfig.json' } },
  },
  { files: ['libs/onnx/**/*.ts'], rules: bans(KOFFI_PATTERN, IMAGE_PATTERN) },
  { files: ['libs/openvino/**/*.ts'], rules: bans(ONNX_PATTERN, IMAGE_PATTERN) },
  { files: ['libs/image-io/**/*.ts'], rules: bans(ONNX_PATTERN, KOFFI_PATTERN) },
  {
    files: SOURCE_OF_CORE_AND_COMPUTE,
    ignores: SPECS,
    rules: {
      ...bans(NODE_PATTERN, ONNX_PATTERN, KOFFI_PATTERN, IMAGE_PATTERN),
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'require', '__dirname', '__filename'].map((name) => ({
          name,
          message: NODE_REMEDY,
        })),
      ],
    },
  },
  {
    files: SPECS,
    rules: {
      '@nx/enforce-module-boundaries': boundaries({ spec: true }),
    },
  },
);
