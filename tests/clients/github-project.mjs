// The npm package github-project, through @octokit/core, against a sandbox.
//
//   node github-project.mjs URL MODULES
//
// URL of a sandbox with the organisation acme and its repository roadmap, MODULES the folder that holds the packages.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [, , baseUrl, modules] = process.argv;
const load = async (name, entry) => import(pathToFileURL(join(modules, name, entry)).href);
const { version } = createRequire(import.meta.url)(join(modules, "github-project", "package.json"));
const { default: GitHubProject } = await load("github-project", "index.js");
const { Octokit } = await load("@octokit/core", "dist-src/index.js");

const octokit = new Octokit({ baseUrl, auth: "any-token" });

// A board with fields, and two issues, by plain GraphQL.
const { organization, repository } = await octokit.graphql(
  `{ organization(login: "acme") { id } repository(owner: "acme", name: "roadmap") { id } }`,
);
const { createProjectV2 } = await octokit.graphql(
  `mutation($owner: ID!) { createProjectV2(input: {ownerId: $owner, title: "Board"}) { projectV2 { id number } } }`,
  { owner: organization.id },
);
const board = createProjectV2.projectV2;
const field = (input) =>
  octokit.graphql(
    `mutation($input: CreateProjectV2FieldInput!) { createProjectV2Field(input: $input) { clientMutationId } }`,
    { input: { projectId: board.id, ...input } },
  );
await field({ name: "Notes", dataType: "TEXT" });
await field({ name: "Estimate", dataType: "NUMBER" });
await field({ name: "Due", dataType: "DATE" });
const option = (name) => ({ name, color: "GRAY", description: "" });
await field({ name: "Size", dataType: "SINGLE_SELECT", singleSelectOptions: ["S", "M", "L"].map(option) });
const issues = [];
for (const title of ["One", "Two"]) {
  const { createIssue } = await octokit.graphql(
    `mutation($repository: ID!, $title: String!) {
      createIssue(input: {repositoryId: $repository, title: $title}) { issue { id number } } }`,
    { repository: repository.id, title },
  );
  issues.push(createIssue.issue);
}

let assertions = 0;
const same = (found, expected, what) => {
  assert.deepEqual(found, expected, what);
  assertions += 1;
};

const project = new GitHubProject({
  owner: "acme",
  number: board.number,
  octokit,
  // In lower case: the package compares without regard to it.
  fields: { notes: "notes", estimate: "Estimate", due: "Due", size: "Size", missing: { name: "Missing", optional: true } },
});

const properties = await project.getProperties();
same([properties.id, properties.title], [board.id, "Board"], "getProperties");

same(await project.items.list(), [], "an empty board");
const added = await project.items.add(issues[0].id, { notes: "a note", size: "M" });
same([added.fields.notes, added.fields.size, added.content.title], ["a note", "M", "One"], "add with fields");
const again = await project.items.add(issues[0].id);
same(again.id, added.id, "add again gives the same item");
await project.items.add(issues[1].id);
const draft = await project.items.addDraft({ title: "Draft", body: "Later" }, { estimate: "3" });
same([draft.type, draft.content.title, draft.fields.estimate], ["DRAFT_ISSUE", "Draft", "3"], "addDraft");

const listed = await project.items.list();
same(listed.map((item) => item.content.title).sort(), ["Draft", "One", "Two"], "list");
same(listed.find((item) => item.content.title === "One").fields.notes, "a note", "values in the list");

const updated = await project.items.update(added.id, { due: "2030-02-28", estimate: "2.5", size: "L" });
same([updated.fields.due, updated.fields.estimate, updated.fields.size], ["2030-02-28", "2.5", "L"], "update");
const byContent = await project.items.updateByContentId(issues[1].id, { notes: "by content" });
same(byContent.fields.notes, "by content", "updateByContentId");
const byNumber = await project.items.updateByContentRepositoryAndNumber("roadmap", issues[1].number, { size: "S" });
same(byNumber.fields.size, "S", "updateByContentRepositoryAndNumber");
const cleared = await project.items.update(added.id, { notes: null });
same(cleared.fields.notes, null, "null clears");
await assert.rejects(
  project.items.update(added.id, { size: "XL" }),
  { name: "GitHubProjectUnknownFieldOptionError" },
  "an unknown option",
);
await assert.rejects(
  project.items.update(added.id, { notes: "t".repeat(1025) }),
  /Column value must be a valid value for text column/,
  "a text of 1025 characters",
);
assertions += 2;

same((await project.items.get(added.id)).content.title, "One", "get");
same((await project.items.getByContentId(issues[1].id)).content.title, "Two", "getByContentId");
same(
  (await project.items.getByContentRepositoryAndNumber("roadmap", issues[0].number)).id,
  added.id,
  "getByContentRepositoryAndNumber",
);
same(await project.items.get("PVTI_lADONoSuchItem"), undefined, "get of no such item");

const archived = await project.items.archive(added.id);
same([archived.id, archived.isArchived], [added.id, true], "archive");
same((await project.items.list()).map((item) => item.content.title).sort(), ["Draft", "Two"], "list without archived");
const removed = await project.items.removeByContentId(issues[1].id);
same(removed.content.title, "Two", "removeByContentId");
await project.items.remove(draft.id);
same(await project.items.list(), [], "remove");

// More than a page: the package follows the cursors by itself.
const many = 250;
for (let made = 0; made < many; made += 50) {
  const aliases = Array.from(
    { length: 50 },
    (_, index) => `d${index}: addProjectV2DraftIssue(input: {projectId: $board, title: "Draft ${made + index}"}) { clientMutationId }`,
  );
  await octokit.graphql(`mutation($board: ID!) { ${aliases.join(" ")} }`, { board: board.id });
}
const titles = (await project.items.list()).map((item) => item.content.title);
same([titles.length, new Set(titles).size, titles.at(-1)], [many, many, `Draft ${many - 1}`], "every page of a list");

const missing = new GitHubProject({ owner: "acme", number: 4711, octokit });
await assert.rejects(missing.getProperties(), { name: "GitHubProjectNotFoundError" }, "a board that is not there");
const wrong = new GitHubProject({ owner: "acme", number: board.number, octokit, fields: { none: "No such field" } });
await assert.rejects(wrong.items.list(), { name: "GitHubProjectUnknownFieldError" }, "a field that is not there");
assertions += 2;

console.log(`github-project ${version}: ${assertions} assertions hold`);
