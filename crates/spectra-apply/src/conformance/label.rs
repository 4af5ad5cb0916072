//! Labels: names, lengths, duplicates in both APIs.

use serde_json::{Value, json};
use spectra_github::Method;

use super::answer::{Answer, Checked, Trouble, Verdict};
use super::bench::Bench;
use super::documents;
use super::table::{Check, check, question};

pub(super) const CHECKS: &[Check] = &[
    check!(
        "label/create",
        "A label keeps its name, its description, and its colour of six hex digits",
        "documented: GitHub's schema, CreateLabelInput",
        create
    ),
    question!(
        "label/duplicate",
        "What createLabel answers for a name that is taken",
        "documented for REST: GitHub docs, troubleshooting",
        duplicate
    ),
    question!(
        "label/name-case",
        "Whether two labels may differ in case only, and whether label(name:) minds the case",
        "inferred: labels are unique without regard to case",
        name_case
    ),
    check!(
        "label/name-50",
        "A name of 50 characters is taken, one of 51 refused",
        "observed: github/docs#32156",
        name_50
    ),
    check!(
        "label/description-100",
        "A description of 100 characters is taken over REST, one of 101 refused",
        "documented: GitHub's OpenAPI description",
        description_100
    ),
    check!(
        "label/rest-duplicate",
        "REST refuses a second label with 422 and the code already_exists",
        "documented: GitHub docs, \"Troubleshooting the REST API\"",
        rest_duplicate
    ),
];

async fn make(bench: &mut Bench, name: &str, description: Option<&str>) -> Result<Answer, Trouble> {
    let input = json!({
        "repositoryId": bench.repository.id, "name": name, "color": "5319E7", "description": description,
    });
    bench.ask(documents::CREATE_LABEL, json!({ "input": input })).await
}

async fn create(bench: &mut Bench) -> Checked {
    let name = bench.label("Type: a");
    let made = make(bench, &name, Some("What it is for")).await?.done("createLabel")?;
    let at = |member: &str| made.text(&format!("/data/createLabel/label/{member}"));
    let is_so = at("name") == name
        && at("description") == "What it is for"
        && at("color").eq_ignore_ascii_case("5319E7");
    Ok(Verdict::expect(is_so, format!("{name}, 5319E7"), made.shown())
        .noting(format!("5319E7 becomes {}", at("color"))))
}

async fn duplicate(bench: &mut Bench) -> Checked {
    let name = bench.label("twin");
    make(bench, &name, None).await?.done("createLabel")?;
    Ok(make(bench, &name, None).await?.outcome("both can be made"))
}

async fn name_case(bench: &mut Bench) -> Checked {
    let name = bench.label("case");
    let made = make(bench, &name, None).await?.done("createLabel")?;
    let id = made.need("/data/createLabel/label/id")?;
    let upper = name.to_uppercase();
    let second = make(bench, &upper, None).await?;
    let outcome = if second.is_refused() { second.refusal() } else { "both can be made".to_owned() };
    let variables = json!({ "repository": bench.repository.id, "name": upper });
    let found = bench.ask(documents::LABEL_BY_NAME, variables).await?;
    let lookup =
        if found.text("/data/node/label/id") == id { "finds it in upper case" } else { "minds the case" };
    Ok(Verdict::Answer(format!("{outcome}; label(name:) {lookup}")))
}

async fn name_50(bench: &mut Bench) -> Checked {
    let name = bench.label("");
    let filled = |length: usize| format!("{name}{}", "n".repeat(length.saturating_sub(name.len())));
    let fits = make(bench, &filled(50), None).await?;
    let over = make(bench, &filled(51), None).await?;
    Ok(Verdict::expect(!fits.is_refused(), "50 characters are taken", fits.shown())
        .and(|| over.refuses("51 characters are refused")))
}

async fn description_100(bench: &mut Bench) -> Checked {
    let path = bench.repository_path("/labels");
    let mut answers = Vec::new();
    for length in [100, 101] {
        let body =
            json!({ "name": bench.label("long"), "color": "ededed", "description": "d".repeat(length) });
        answers.push(bench.rest(Method::Post, &path, Some(&body), 1).await?);
    }
    let [fits, over] = answers.as_slice() else {
        return Ok(Verdict::Skipped("nothing was asked".to_owned()));
    };
    Ok(Verdict::expect(fits.status == 201, "100 characters are taken", fits.shown())
        .and(|| Verdict::expect(over.status == 422, "101 characters are refused with 422", over.shown())))
}

async fn rest_duplicate(bench: &mut Bench) -> Checked {
    let path = bench.repository_path("/labels");
    let body = json!({ "name": bench.label("rest"), "color": "ededed" });
    let made = bench.rest(Method::Post, &path, Some(&body), 1).await?;
    let again = bench.rest(Method::Post, &path, Some(&body), 1).await?;
    let codes: Vec<&Value> = again.errors().iter().filter_map(|error| error.get("code")).collect();
    let is_so = again.status == 422 && codes.contains(&&json!("already_exists"));
    Ok(Verdict::expect(made.status == 201, "201", made.shown())
        .and(|| Verdict::expect(is_so, "422, already_exists", again.shown())))
}
