// Ajv in its strict mode on the published schemas. Each line of stdin is `fits` or `differs`, a schema's name and a file.
const { readFileSync } = require("node:fs");
const Ajv = require("ajv/dist/2020");
const addFormats = require("ajv-formats");

const NAMES = ["manifest", "fragment", "fields", "config", "plan", "diff", "evidence"];

const json = (path) => JSON.parse(readFileSync(path, "utf8"));

// A key that one of two forms needs is defined beside them, which `strictRequired` does not see.
const ajv = new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true });
addFormats(ajv);
const validators = new Map(NAMES.map((name) => [name, ajv.compile(json(`schemas/${name}.schema.json`))]));

let failed = 0;
let count = 0;
for (const line of readFileSync(0, "utf8").trim().split("\n")) {
  const [wanted, schema, path] = line.split(" ");
  const validate = validators.get(schema);
  const fits = validate(json(path));
  count += 1;
  if (fits !== (wanted === "fits")) {
    failed += 1;
    console.error(`${path}: ajv says it ${fits ? "fits" : "differs"}`, validate.errors ?? "");
  }
}
console.log(`ajv: ${NAMES.length} schemas compiled in strict mode, ${count} files, ${failed} failures`);
process.exit(failed === 0 && count > 0 ? 0 : 1);
