//! Laws over files: a manifest cut into fragments is the same manifest, and no bytes anywhere do harm.

use proptest::prelude::*;

use super::folder::{HEAD, manifest};
use super::*;

/// A board with activities, each with its tasks, in as many files as there are numbers.
fn cut(places: &[u8]) -> Folder {
    let head = format!("{HEAD}labels: [{{name: one, color: ededed}}, {{name: two, color: ededed}}]\n");
    let board = "projects:\n  - id: board\n    projectProvisioning:\n      title: Board\n      fields: [{name: A, type: text}]\n    activities:\n";
    let mut files = std::collections::BTreeMap::from([(
        "m.yml".to_owned(),
        format!("{head}includes: ['f/*.yml']\n{board}"),
    )]);
    let mut whole = format!("{head}{board}");
    for (number, place) in places.iter().enumerate() {
        // In the order of the files, so that the whole has the activities in the order in which they are joined.
        let activity = format!(
            "      - id: a{number}\n        title: A{number}\n        labels: [one, two]\n        tasks:\n          - {{id: t, title: T, fields: {{A: x}}}}\n"
        );
        whole.push_str(&activity);
        let path = format!("f/{number:03}-{place}.yml");
        files.insert(path, format!("projects:\n  - id: board\n    activities:\n{activity}"));
    }
    files.insert(
        "whole.yml".to_owned(),
        if places.is_empty() { whole.replace("    activities:\n", "") } else { whole },
    );
    let main = files["m.yml"].replace("    activities:\n", "");
    files.insert("m.yml".to_owned(), main);
    files.into_iter().fold(Folder::default(), |folder, (path, text)| folder.with(&path, text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_manifest_in_pieces_is_the_manifest(places in proptest::collection::vec(any::<u8>(), 1..12)) {
        let folder = cut(&places);
        let without_source = |path: &str| {
            let mut plan = folder.planned(&[path]).remove(0).plan;
            plan.source.files.clear();
            plan.source.manifest.clear();
            plan
        };
        prop_assert_eq!(without_source("m.yml"), without_source("whole.yml"));
    }

    #[test]
    fn any_bytes_in_any_file_end_in_an_answer(
        bytes in proptest::collection::vec(any::<u8>(), 0..120),
        text in "([a-c\\[\\]{}:,#&*!|\"? \n\té=-]|includes: |projects:\n|- |id: |board|activities:\n|  ){0,40}",
    ) {
        let text = manifest("includes: [a.yml]").replace("{title: Board}", "{title: B, readmeFile: r.md, fields: [{use: a/b}]}")
            .replace("includes: [a.yml]", &format!("includes: [a.yml, b.yml] # {}", text.replace(['\n', '\r'], " ")));
        let folder = Folder::of(&[("m.yml", &text)])
            .with("a.yml", bytes.clone())
            .with("b.yml", text.clone())
            .with("r.md", bytes.clone())
            .with("config/projects/schemas/a/fields.json", bytes.clone())
            .configured(&String::from_utf8_lossy(&bytes));
        let answer = || folder.refused(&["m.yml"]);
        prop_assert_eq!(answer(), answer());
    }
}
