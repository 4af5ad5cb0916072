//! `spectra.toml`: what it replaces, and what is wrong in it.

use super::folder::{HEAD, manifest};
use super::*;

const STAGING: &str = "[manifests.demo]
owner = {type = \"user\", slug = \"octocat\"}
repository = \"octocat/staging\"
projectNumber = 7

[manifests.other]
repository = \"acme/other\"
";

fn with(config: &str) -> Folder {
    Folder::of(&[(
        "m.yml",
        &manifest("").replace("{title: Board}", "{title: B}\n    initiative: {id: top, title: Top}"),
    )])
    .configured(config)
}

#[test]
fn settings_take_the_place_of_the_manifests_own() {
    let plan = &with(STAGING).planned(&["m.yml"])[0].plan;
    let project = serde_json::to_value(&plan.project).unwrap();
    assert_eq!(project["owner"], serde_json::json!({"type": "user", "slug": "octocat"}));
    assert_eq!(project["number"], 7);
    assert_eq!(plan.issues[0].repository.to_string(), "octocat/staging");
    let files: Vec<&str> = plan.source.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(files, ["m.yml", "spectra.toml"]);
    // They may give what the manifest leaves out.
    let bare = manifest("").replace("owner: {type: org, slug: acme}\nrepository: acme/demo\n", "");
    assert_eq!(Folder::of(&[("m.yml", &bare)]).configured(STAGING).planned(&["m.yml"]).len(), 1);
    assert_eq!(with("").planned(&["m.yml"])[0].plan.issues[0].repository.to_string(), "acme/demo");
}

#[test]
fn mistakes_in_it_are_told_in_their_place_and_nothing_that_follows() {
    let bare = manifest("")
        .replace("owner: {type: org, slug: acme}\nrepository: acme/demo\n", "")
        .replace("{title: Board}", "{title: B}\n    initiative: {id: top, title: Top}");
    for (config, place, message, help) in [
        (
            "[manifest.demo]\n",
            "SP004 spectra.toml:1:2",
            "unknown key `manifest`",
            "did you mean `manifests`?",
        ),
        (
            "[manifests.demo]\nowner = {type = \"org\", slug = \"a\"}\nrepositry = \"a/b\"\n",
            "SP004 spectra.toml:3:1",
            "unknown key `repositry`",
            "did you mean `repository`?",
        ),
        (
            "[manifests]\nowner = {type = \"org\", slug = \"a\"}\nrepository = \"a/b\"\n",
            "SP004 spectra.toml:2:1",
            "`owner` belongs into the table of a manifest",
            "write `[manifests.<id>]` above it, with the manifest's id",
        ),
        (
            "[manifests.demo]\nowner = \"acme\"\nrepository = \"a/b\"\n",
            "SP005 spectra.toml:2:9",
            "`owner` must be a mapping, and `acme` is text",
            "write a mapping here",
        ),
        (
            "[manifests.demo]\nowner = {type = \"team\", slug = \"a\"}\nrepository = \"a/b\"\n",
            "SP007 spectra.toml:2:17",
            "`type` can't be `team`",
            "write `org` or `user`",
        ),
        (
            "[manifests.demo]\nowner = {slug = \"a\"}\nrepository = \"a/b\"\n",
            "SP006 spectra.toml:2:9",
            "`owner` needs the key `type`",
            "add `type:`",
        ),
        (
            "[manifests.demo]\nowner = {type = \"org\", slug = \"a\"}\nrepository = \"b\"\n",
            "SP012 spectra.toml:3:14",
            "`b` is not a repository",
            "write `owner/name`",
        ),
        (
            "[manifests.demo]\nowner = {type = \"org\", slug = \"a\"}\nrepository = 'é\n",
            "SP072 spectra.toml:3:16",
            "invalid literal string, expected `'`",
            "correct the TOML here or just before",
        ),
        (
            "[manifests]\nDemo_1 = {}\ndemo = {repository = \"a/b\", owner = {type = \"org\", slug = \"a\"}}",
            "SP010 spectra.toml:2:1",
            "`Demo_1` is not an id",
            "use lower-case letters and digits, joined by single hyphens, such as demo-1",
        ),
    ] {
        let found = Folder::of(&[("m.yml", &bare)]).configured(config).mistake(&["m.yml"]);
        assert_eq!((found.0.as_str(), found.1.as_str(), found.2.as_str()), (place, message, help));
    }
}

#[test]
fn a_number_names_one_board() {
    for (number, message) in [
        ("0", "`projectNumber` is `0`, and the least is 1"),
        ("-1", "`projectNumber` is `-1`, and the least is 1"),
        ("1.5", "`projectNumber` must be a whole number, and `1.5` is a number with a point or an exponent"),
        ("\"7\"", "`projectNumber` must be a whole number, and `7` is text"),
        ("2147483648", "`projectNumber` is larger than any number on GitHub"),
        ("99999999999999999999999", "invalid integer number, value is out of range"),
    ] {
        let found = with(&format!("[manifests.demo]\nprojectNumber = {number}\n")).refused(&["m.yml"]);
        let [one] = found.as_slice() else { panic!("{number}: {found:#?}") };
        assert_eq!((one.file.as_str(), one.span.line, one.span.column), ("spectra.toml", 2, 17), "{number}");
        assert!(one.message == message || number.len() > 12, "{}", one.message);
    }
    let largest = with("[manifests.demo]\nprojectNumber = 2147483647\n").planned(&["m.yml"]);
    assert_eq!(serde_json::to_value(&largest[0].plan.project).unwrap()["number"], 2_147_483_647_u64);
    let board = |id: &str| format!("  - id: {id}\n    projectProvisioning: {{title: {id}}}\n");
    let two = Folder::of(&[("m.yml", &format!("{HEAD}projects:\n{}{}", board("one"), board("two")))]);
    two.configured("[manifests.demo]\nprojectNumber = 7\n").says(
        "SP073 spectra.toml:2:17",
        "`projectNumber` names one board, and the manifest makes 2",
        "split the manifest, or leave the number out",
    );
}

#[test]
fn an_owner_is_not_replaced_without_the_repository() {
    let owner = |slug: &str| format!("[manifests.demo]\nowner = {{type = \"org\", slug = \"{slug}\"}}\n");
    with(&owner("others")).says(
        "SP008 spectra.toml:2:31",
        "the board goes to `others`, and the manifest's issues stay in `acme/demo`",
        "write `repository` beside `owner`: one of the new owner's, or the manifest's own if that is meant",
    );
    for sound in [owner("Acme"), format!("{}repository = \"acme/demo\"\n", owner("others"))] {
        assert_eq!(with(&sound).planned(&["m.yml"])[0].plan.issues[0].repository.to_string(), "acme/demo");
    }
}
