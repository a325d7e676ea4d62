// The rules of eslint's own "recommended" set that matter for a script without modules, and a few more.
const rules = [
  "array-callback-return",
  "eqeqeq",
  "no-const-assign",
  "no-dupe-keys",
  "no-empty",
  "no-fallthrough",
  "no-implied-eval",
  "no-redeclare",
  "no-shadow",
  "no-undef",
  "no-unreachable",
  "no-unused-vars",
  "no-use-before-define",
  "no-var",
  "prefer-const",
  "use-isnan",
  "valid-typeof",
];

export default [
  {
    languageOptions: {
      sourceType: "script",
      globals: {
        clearTimeout: "readonly",
        document: "readonly",
        setTimeout: "readonly",
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: Object.fromEntries(rules.map((rule) => [rule, "error"])),
  },
];
