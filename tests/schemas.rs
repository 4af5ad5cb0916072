//! The published schemas: sound by themselves, of one mind with the types, and true of what the programs write.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use spectra_model::evidence::Evidence;
use spectra_model::plan::Plan;
use spectra_planner::PlanDiff;
use spectra_sandbox::Clock;
use spectra_tests::agreement::{Documents, read_as};
use spectra_tests::github::START;
use spectra_tests::repository::root;
use spectra_tests::run::{self, Around};

const NAMES: [&str; 7] = ["manifest", "fragment", "fields", "config", "plan", "diff", "evidence"];

fn json(path: impl AsRef<Path>) -> Value {
    let path = root().join(path);
    serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap()
}

fn schema(name: &str) -> Value {
    json(format!("schemas/{name}.schema.json"))
}

fn nothing_of(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn each_is_a_schema_of_the_draft_that_it_names() {
    for name in NAMES {
        let schema = schema(name);
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{name}");
        let id = format!("https://github.com/SPECTRADataSolutions/spectra/schemas/{name}.schema.json");
        assert_eq!(schema["$id"], id);
        assert!(schema["title"].is_string() && schema["description"].is_string(), "{name}");
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{name}: {}: {error}", error.instance_path());
        }
    }
}

#[test]
fn each_refers_to_itself_only_and_leaves_no_definition_unused() {
    for name in NAMES {
        let text = fs::read_to_string(root().join(format!("schemas/{name}.schema.json"))).unwrap();
        let schema = schema(name);
        for target in text.split("\"$ref\":").skip(1).map(|rest| rest.split('"').nth(1).unwrap()) {
            let place = target.strip_prefix('#').unwrap_or_else(|| panic!("{name} refers to {target}"));
            assert!(schema.pointer(place).is_some(), "{name} refers to {target}");
        }
        for definition in schema["$defs"].as_object().unwrap().keys() {
            assert!(
                text.contains(&format!("\"#/$defs/{definition}\"")),
                "{name} defines {definition} for nothing"
            );
        }
    }
}

/// Every property says what it is, by itself or by what it refers to.
fn undescribed(says: &Value, root: &Value, place: &str, wrong: &mut Vec<String>) {
    match says {
        Value::Object(members) => {
            for (key, inner) in members {
                let inside = format!("{place}/{key}");
                if key == "properties" {
                    for (property, says) in inner.as_object().unwrap() {
                        let target =
                            says.get("$ref").and_then(Value::as_str).and_then(|to| root.pointer(&to[1..]));
                        let described = [Some(says), target]
                            .into_iter()
                            .flatten()
                            .any(|it| it["description"].is_string());
                        if !described {
                            wrong.push(format!("{inside}/{property} has no description"));
                        }
                    }
                }
                if key != "examples" && key != "default" {
                    undescribed(inner, root, &inside, wrong);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| undescribed(item, root, place, wrong)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_property_is_described() {
    let mut wrong = Vec::new();
    for name in NAMES {
        let schema = schema(name);
        undescribed(&schema, &schema, name, &mut wrong);
    }
    nothing_of(&wrong);
}

/// The pieces of a schema that have examples or a default, as JSON pointers.
fn exemplified(says: &Value, place: &str, found: &mut Vec<(String, Vec<Value>)>) {
    if let Value::Object(members) = says {
        let mut given: Vec<Value> =
            members.get("examples").and_then(Value::as_array).cloned().unwrap_or_default();
        given.extend(members.get("default").cloned());
        if !given.is_empty() && !place.ends_with("/properties") {
            found.push((place.to_owned(), given));
        }
        for (key, inner) in members.iter().filter(|(key, _)| *key != "examples" && *key != "default") {
            exemplified(inner, &format!("{place}/{}", key.replace('/', "~1")), found);
        }
    } else if let Value::Array(items) = says {
        for (index, item) in items.iter().enumerate() {
            exemplified(item, &format!("{place}/{index}"), found);
        }
    }
}

#[test]
fn the_examples_and_defaults_in_them_are_what_they_describe() {
    let mut wrong = Vec::new();
    for name in NAMES {
        let schema = schema(name);
        let mut found = Vec::new();
        exemplified(&schema, "", &mut found);
        assert!(!found.is_empty(), "{name} has no examples");
        for (place, given) in found {
            // The piece stands inside of the schema, so what it refers to is found.
            let mut piece = schema.clone();
            let members = piece.as_object_mut().unwrap();
            members.retain(|key, _| key == "$defs");
            members.insert("allOf".to_owned(), serde_json::json!([schema.pointer(&place).unwrap()]));
            let documents = Documents::of(&piece, "").unwrap();
            for value in given {
                wrong.extend(
                    documents.refusals(&value).into_iter().map(|why| format!("{name}{place}: {why}")),
                );
            }
        }
    }
    nothing_of(&wrong);
}

#[test]
fn the_plans_schema_says_what_the_type_says() {
    let examples = [json("tests/schemas/plan.json")];
    nothing_of(&Documents::of(&schema("plan"), "").unwrap().disagreements(&examples, read_as::<Plan>));
}

#[test]
fn a_comparisons_schema_says_what_the_type_says() {
    let examples = [json("tests/schemas/diff.json")];
    nothing_of(&Documents::of(&schema("diff"), "").unwrap().disagreements(&examples, read_as::<PlanDiff>));
}

#[test]
fn every_schema_in_the_folder_is_one_of_these_and_is_printed() {
    let mut files: Vec<String> = fs::read_dir(root().join("schemas"))
        .unwrap()
        .filter_map(|entry| {
            Some(entry.unwrap().file_name().to_str()?.strip_suffix(".schema.json")?.to_owned())
        })
        .collect();
    files.sort();
    let mut names = NAMES;
    names.sort_unstable();
    assert_eq!(files, names);
    let command = spectra_plan::spectra_command();
    let schema = command.find_subcommand("schema").unwrap();
    let argument = schema.get_arguments().find(|argument| argument.get_id() == "name").unwrap();
    let printed: Vec<String> =
        argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    assert_eq!(printed, NAMES);
}

#[test]
fn evidences_schema_says_what_the_type_says() {
    let examples = [json("tests/schemas/evidence.json")];
    let documents = Documents::of(&schema("evidence"), "/$defs/run").unwrap();
    nothing_of(&documents.disagreements(&examples, read_as::<Evidence>));
}

/// Every file below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn what_the_programs_write_is_as_the_schemas_say() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    fs::copy(root().join("config/projects/alana.yml"), place.join("alana.yml")).unwrap();
    fs::copy(root().join("tests/cases/manifest.yml"), place.join("case.yml")).unwrap();
    let clock = Clock::fixed(START);
    for (manifest, number) in [("alana.yml", 1), ("case.yml", 2)] {
        let planned = run::plan(place, &[manifest, "--out", &format!("plans-{number}")]);
        assert_eq!(planned.code, 0, "{}", planned.stderr);
        for flag in ["--dry-run", "--apply"] {
            let plan = format!("plans-{number}/voice");
            let ended =
                run::apply(place, &[plan.as_str(), flag, "--sandbox"], Around::nothing(number, &clock));
            assert_eq!(ended.code, 0, "{}", ended.stderr);
        }
    }
    // One more iteration: a rewrite of a field with values, which an apply keeps a copy of.
    let manifest = fs::read_to_string(place.join("alana.yml")).unwrap();
    let longer = manifest.replace("duration: 42, count: 5", "duration: 42, count: 6");
    assert_ne!(manifest, longer);
    fs::write(place.join("alana.yml"), longer).unwrap();
    let args = ["alana.yml", "--out", "longer", "--baseline", "plans-1/voice/plan.json"];
    assert_eq!(run::plan(place, &args).code, 0);
    let ended = run::apply(place, &["longer/voice", "--apply", "--sandbox"], Around::nothing(3, &clock));
    assert_eq!(ended.code, 0, "{}", ended.stderr);

    // What is lost of every kind: a field's values, a view, issues and drafts, the board itself.
    for (step, number) in [("first", 4), ("regrouped", 5), ("dropped", 6), ("destroyed", 7)] {
        let manifest = fs::read_to_string(place.join("case.yml")).unwrap();
        let grouped = if step == "first" { "Status" } else { "Priority" };
        let views = format!(
            "      views: [{{name: Plan, layout: table, groupBy: {grouped}, sortBy: [{{field: Estimate, direction: asc}}]}}]\n\
             \x20     issues:\n        onRemove: delete\n"
        );
        let mut richer = manifest.replacen("      issues:\n", &views, 1);
        richer.push_str("          - {id: name, title: Find a name, draft: true, fields: {Priority: Low}}\n");
        if number < 6 {
            richer.push_str(
                "          - {id: colour, title: Find a colour, draft: true, fields: {Priority: Low}}\n",
            );
        } else {
            richer = richer.replace("Low", "Least");
        }
        assert_ne!(manifest, richer);
        fs::write(place.join("richer.yml"), richer).unwrap();
        assert_eq!(run::plan(place, &["richer.yml", "--out", step]).code, 0);
        let folder = format!("{step}/voice");
        let mode: &[&str] =
            if step == "destroyed" { &["--destroy", "--confirm", "voice"] } else { &["--apply"] };
        let arguments = [&[folder.as_str(), "--sandbox", "--allow-destructive"], mode].concat();
        let ended = run::apply(place, &arguments, Around::nothing(number, &clock));
        assert_eq!(ended.code, 0, "{}", ended.told());
    }

    let mut written = Vec::new();
    files(place, &mut written);
    let documents = |end: &str| -> Vec<Value> {
        written.iter().filter(|path| path.to_string_lossy().ends_with(end)).map(json).collect()
    };
    let plans = documents("/plan.json");
    assert_eq!(plans.len(), 7);
    let plan = Documents::of(&schema("plan"), "").unwrap();
    for it in &plans {
        nothing_of(&plan.refusals(it));
    }

    let diffs = documents("/plan.diff.json");
    assert_eq!(diffs.len(), 1);
    nothing_of(&Documents::of(&schema("diff"), "").unwrap().refusals(&diffs[0]));

    let evidence = schema("evidence");
    let any = Documents::of(&evidence, "").unwrap();
    let mut runs = 0;
    for path in written.iter().filter(|path| path.to_string_lossy().contains("project-provisioning")) {
        if path.extension().is_some_and(|extension| extension == "json") {
            runs += 1;
            nothing_of(&any.refusals(&json(path)));
        }
    }
    assert!(runs >= 9, "two boards, a dry run with its review and an apply each, one more apply, …: {runs}");
    // No type writes these forms, so what is written is what holds the schema.
    for (piece, end) in [
        ("/$defs/review", ".review.json"),
        ("/$defs/recovery", ".recovery.json"),
        ("/$defs/latest", "latest.json"),
    ] {
        let form = Documents::of(&evidence, piece).unwrap();
        let found = documents(end);
        assert!(!found.is_empty(), "{end}");
        for it in &found {
            nothing_of(&form.refusals(it));
        }
        let unseen: Vec<String> =
            form.unseen(&found).into_iter().map(|it| format!("nothing written has {it}")).collect();
        nothing_of(&unseen);
    }
}
