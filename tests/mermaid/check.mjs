// Every Mermaid diagram of plan.md, read by Mermaid's own parser: those of the manifests in config/ and of generated
// ones, from one issue to ten thousand, with titles that try to be syntax.
//
//     node tests/mermaid/check.mjs SPECTRA_PLAN NODE_MODULES FOLDER
//
// SPECTRA_PLAN is the program, NODE_MODULES holds mermaid and jsdom, FOLDER is written to.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [program, modules, folder] = process.argv.slice(2).map((argument) => path.resolve(argument));
const require = createRequire(path.join(modules, "x.js"));

// Mermaid cleans labels with DOMPurify, which works on a document.
const { window } = new (require("jsdom").JSDOM)("");
Object.assign(globalThis, { window, document: window.document });
const entry = require.resolve("mermaid");
const { default: mermaid } = await import(pathToFileURL(entry));
mermaid.initialize({ startOnLoad: false });

// What GitHub refuses: docs "Creating diagrams", and the defaults of Mermaid's maxTextSize and maxEdges.
const MAX_TEXT = 50_000;
const MAX_EDGES = 500;
const SIZES = [1, 10, 100, 1_000, 10_000];

const HOSTILE = [
  "end", "End of the graph end", "subgraph a", "graph TD", "flowchart LR", "click a1 call alert()",
  "click a1 \"https://evil.test\"", "style a1 fill:#f00;", "style x:#f00; y #34;", "classDef a:#123;", "linkStyle 0 x",
  "direction TB", "x direction\u00a0 LR y", "default", "%% a comment", "%%{init: {\"theme\": \"dark\"}}%%", "---", "--- title: x ---",
  "a \"quoted\" title", "it's 'quoted'", "`code`", "\"`markdown **string**`\"", "```", "~~~", "semi;colon;", "a --> b",
  "a[b](c){d}>e]", "[[x]]", "((x))", "{{x}}", "[/x\\]", "a|b|c", "A & B", "a:::b", "a@{ shape: rect }", "#quot;", "#35;",
  "&quot;&amp;&#35;", "<b>bold</b>", "<br/>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
  "javascript:alert(1)", "$$x^2$$", "\\n \\u0022", "100 % done, 50%", "Überprüfung – «naïve» „Zitat“", "日本語の題名", "שלום עולם",
  "🚀 emoji 👩‍👩‍👧", "“smart” ‘quotes’", "a\u00a0b\u200bc\u2028d", "\u202eright to left", "ﬂ°°34¶ß", "o", "x", "v1.2.3", "-1", "1e9",
  "accTitle: x", "section x", "title x", "2026-01-01, 3d", "a :done, b, 2026-01-01, 1d", "dateFormat YYYY", "todayMarker off",
  "x".repeat(256), "\"".repeat(200), "#".repeat(200),
];

function manifest(id, activities, tasks, { initiative, planned }) {
  let used = 0;
  const title = (number) => {
    const hostile = [...HOSTILE[used++ % HOSTILE.length]].slice(0, 240).join("");
    return JSON.stringify(number === undefined ? hostile : `${hostile} ${number}`);
  };
  const lines = [
    "schemaVersion: 1", `id: ${id}`, "owner: {type: org, slug: acme}", "repository: acme/demo",
  ];
  if (planned) {
    lines.push("milestones:");
    HOSTILE.forEach((one, n) => {
      const day = String(1 + (n % 28)).padStart(2, "0");
      lines.push(`  - {title: ${JSON.stringify(`${one.slice(0, 200)} ${n}`)}, dueOn: 2026-03-${day}}`);
    });
  }
  lines.push("projects:", `  - id: ${id}`, "    projectProvisioning:", `      title: ${title()}`);
  if (planned) {
    lines.push("      fields:",
      "        - {name: Iteration, type: iteration, start: 2026-01-05, duration: 14, count: 9}",
      `        - {name: "end; :x", type: iteration, start: 2026-01-05, duration: 1, count: 3}`);
  }
  if (initiative) {
    lines.push(`    initiative: {id: top, title: ${title()}}`);
  }
  lines.push("    activities:");
  for (let a = 0; a < activities; a++) {
    // Two siblings may not share a title, so each has a number.
    lines.push(`      - id: a${a}`, `        title: ${title(a)}`);
    if (tasks > 0) {
      lines.push("        tasks:");
    }
    for (let t = 0; t < tasks; t++) {
      lines.push(`          - {id: t${t}, title: ${title(t)}}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

// The folders of the plans that came of a manifest; null where this version refuses it.
function plan(manifest, out) {
  try {
    const said = execFileSync(program, [manifest, "--out", out, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 28 });
    return JSON.parse(said).plans.map((one) => one.path);
  } catch (error) {
    if (error.status !== 65) {
      throw error;
    }
    const [first] = JSON.parse(error.stdout).diagnostics.filter((one) => one.severity === "error");
    console.error(`  refused: ${first.code} ${first.message}`);
    return null;
  }
}

function blocks(page) {
  return [...page.matchAll(/^```mermaid\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
}

// A label as a reader sees it. While it parses, Mermaid spells character references in a way of its own; what it
// keeps is HTML.
function decoded(label) {
  const area = window.document.createElement("textarea");
  area.innerHTML = label.replaceAll(/ﬂ°°(\d+)¶ß/g, "&#$1;").replaceAll(/ﬂ°(\w+)¶ß/g, "&$1;");
  return area.value;
}

function words(text) {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\s]+/gu, " ").trim();
}

// What a flowchart shows must be titles of the plan: nothing of them may have become syntax.
async function flowchart(text, titles) {
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
  const vertices = [...diagram.db.getVertices().values()];
  for (const { text: label } of vertices) {
    const shown = words(decoded(label.split(/<br\/?>/)[0]));
    const known = titles.has(shown) || /^\d+ more activities$/.test(shown)
      || (shown.endsWith("…") && [...titles].some((title) => title.startsWith(shown.slice(0, -1).trimEnd())));
    if (!known) {
      throw new Error(`the label ${JSON.stringify(label)} is no title of the plan`);
    }
  }
  const edges = diagram.db.getEdges().length;
  if (edges > MAX_EDGES) {
    throw new Error(`${edges} edges, and GitHub draws ${MAX_EDGES}`);
  }
  const lines = text.trim().split("\n").length - 1;
  if (vertices.length < lines || diagram.db.getSubGraphs().length > 0) {
    throw new Error(`${lines} lines gave ${vertices.length} boxes`);
  }
  return `${vertices.length} boxes, ${edges} edges`;
}

// A Gantt's bars are named by titles and names of the plan too, and each line is a bar, a section or a setting.
async function gantt(text, titles) {
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
  const tasks = diagram.db.getTasks();
  for (const { task } of tasks) {
    const shown = words(decoded(task));
    if (![...titles].some((title) => shown === title || (shown.endsWith("…") && title.startsWith(shown.slice(0, -1).trimEnd())))) {
      throw new Error(`the bar ${JSON.stringify(task)} is no title of the plan`);
    }
  }
  const bars = text.trim().split("\n").filter((line) => /:\s*[^:]*\d{4}-\d\d-\d\d[^:]*$/.test(line));
  if (tasks.length !== bars.length) {
    throw new Error(`${bars.length} lines gave ${tasks.length} bars`);
  }
  return `${tasks.length} bars`;
}

// Every `title` and `name` of a plan.
function named(value, into = new Set()) {
  for (const [key, inner] of Object.entries(value ?? {})) {
    if (typeof inner === "string" && (key === "title" || key === "name")) {
      into.add(words(inner));
    } else if (typeof inner === "object" && key !== "operations") {
      named(inner, into);
    }
  }
  return into;
}

const KINDS = { flowchart, gantt };

let checked = 0;
let failed = 0;

async function check(folder) {
  const page = readFileSync(path.join(folder, "plan.md"), "utf8");
  const plan = JSON.parse(readFileSync(path.join(folder, "plan.json"), "utf8"));
  const { issues } = plan;
  const titles = named(plan);
  const found = blocks(page);
  const name = path.basename(folder);
  if (found.length === 0) {
    console.log(`  ${name}: no diagram (${issues.length} issues)`);
  }
  for (const text of found) {
    checked += 1;
    const kind = text.trim().split(/\s/, 1)[0];
    try {
      if (text.length > MAX_TEXT) {
        throw new Error(`${text.length} characters, and GitHub draws ${MAX_TEXT}`);
      }
      await mermaid.parse(text);
      const what = KINDS[kind] ? await KINDS[kind](text, titles) : `${text.trim().split("\n").length} lines`;
      console.log(`  ${name}: ${kind}, ${what} (${issues.length} issues)`);
    } catch (error) {
      failed += 1;
      console.error(`  ${name}: ${kind} FAILED: ${error.message}\n${text.slice(0, 1_000)}`);
    }
  }
  return found.length;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

console.log("manifests of this repository");
const shipped = readdirSync("config/projects").filter((name) => /\.ya?ml$/.test(name));
for (const name of shipped) {
  for (const one of plan(path.join("config/projects", name), path.join(folder, "out")) ?? []) {
    failed += (await check(one)) > 0 ? 0 : 1;
  }
}

console.log("generated manifests, hostile titles");
for (const size of SIZES) {
  const shapes = [
    // Few activities with many tasks, below an initiative; and nothing but activities.
    { id: `deep-${size}`, tasks: Math.min(99, size - 1), initiative: size > 1, planned: false },
    { id: `flat-${size}`, tasks: 0, initiative: false, planned: false },
    { id: `planned-${size}`, tasks: 9, initiative: false, planned: true },
  ];
  for (const { id, tasks, initiative, planned } of shapes) {
    const activities = Math.max(1, Math.floor(size / (tasks + 1)));
    const file = path.join(folder, `${id}.yml`);
    writeFileSync(file, manifest(id, activities, tasks, { initiative, planned }));
    const plans = plan(file, path.join(folder, "out"));
    if (plans === null) {
      console.error(`!!!! NOT CHECKED: ${id}: this version of spectra-plan refuses it`);
      failed += planned ? 0 : 1;
      continue;
    }
    for (const one of plans) {
      await check(one);
    }
  }
}

console.log(`${checked} diagrams parsed by Mermaid, ${failed} failures`);
process.exit(failed === 0 && checked > 0 ? 0 : 1);
