//! Reading on a real file system: what manifests name, where it may lie, and what is never waited for.

use super::*;

const MANIFEST: &str = "config/projects/m.yml";
const OUT: &str = ".spectra/output/project/one";

/// The sound manifest with more at its top.
fn with(line: &str) -> String {
    SOUND.replacen("id: demo\n", &format!("id: demo\n{line}\n"), 1)
}

impl Place {
    fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

#[test]
fn what_a_manifest_names_is_read_and_recorded() {
    let place = Place::with(&[(
        MANIFEST,
        &with("includes: [parts/*.yml]").replace("title: Top", "title: Top, bodyFile: ../../texts/top.md"),
    )]);
    place.put("config/projects/parts/a.yml", "labels: [{name: a, color: ededed}]\n");
    place.put("config/projects/parts/.hidden.yml", "not: read\n");
    place.put("texts/top.md", "of top\r\n");
    place.put("spectra.toml", "[manifests.demo]\nprojectNumber = 7\n");
    let ran = plan_in(&place.root, MANIFEST);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan: serde_json::Value = serde_json::from_str(&place.read(&format!("{OUT}/plan.json"))).unwrap();
    assert_eq!(plan["project"]["number"], 7);
    assert_eq!(plan["issues"][0]["body"], "of top");
    let files: Vec<&str> = plan["source"]["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["path"].as_str().unwrap())
        .collect();
    assert_eq!(
        files,
        ["config/projects/m.yml", "config/projects/parts/a.yml", "spectra.toml", "texts/top.md"]
    );
    assert_eq!(plan["source"]["files"][3]["sha256"], spectra_model::json::sha256(b"of top\r\n"));
}

#[test]
fn a_mistake_in_a_fragment_is_shown_with_its_line() {
    let place = Place::with(&[(MANIFEST, &with("includes: [f.yml]"))]);
    place.put("config/projects/f.yml", "\u{feff}labels:\r  - {name: a,\r     colour: ededed}\r");
    let ran = plan_in(&place.root, MANIFEST);
    assert_eq!(ran.code, 65);
    assert_eq!(
        ran.stderr,
        "error[SP004]: unknown key `colour`
 --> config/projects/f.yml:3:6
  |
3 |      colour: ededed}
  |      ^^^^^^
  |
  = help: did you mean `color`?

1 error; nothing was written. Each code has a page: docs/diagnostics/
"
    );
}

#[test]
fn the_configuration_may_be_named() {
    let place = Place::with(&[(MANIFEST, SOUND)]);
    place.put("spectra.toml", "broken");
    place.put("settings/staging.toml", "[manifests.demo]\nrepository = \"acme/staging\"\n");
    assert_eq!(plan_in(&place.root, MANIFEST).code, 65);
    let ran = plan_in(&place.root, &format!("{MANIFEST} --config settings/staging.toml"));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan = place.read(&format!("{OUT}/plan.json"));
    assert!(plan.contains("acme/staging") && plan.contains("\"settings/staging.toml\""), "{plan}");
    for (config, said) in [
        ("nowhere.toml", "can't be read"),
        ("settings", "this is a folder"),
        ("/dev/zero", "this is a pipe or a device"),
    ] {
        let ran = plan_in(&place.root, &format!("{MANIFEST} --config {config}"));
        assert_eq!(ran.code, 74);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    // From elsewhere only its name is recorded.
    let elsewhere = Place::with(&[]);
    elsewhere.put("other.toml", "[manifests.demo]\nrepository = \"acme/other\"\n");
    let ran = plan_in(&place.root, &format!("{MANIFEST} --config {}", elsewhere.root.join("other.toml")));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(place.read(&format!("{OUT}/plan.json")).contains("\"path\": \"other.toml\""));
}

#[test]
fn one_bad_fragment_and_nothing_is_written_for_any_manifest() {
    let other = SOUND.replace("id: one", "id: two").replace("id: demo\n", "id: other\nincludes: [f.yml]\n");
    let place = Place::with(&[(MANIFEST, SOUND), ("config/projects/n.yml", &other)]);
    place.put("config/projects/f.yml", "labels: 5\n");
    let ran = plan_in(&place.root, &format!("{MANIFEST} config/projects/n.yml"));
    assert_eq!((ran.code, place.has(".spectra")), (65, false), "{}", ran.stderr);
    place.put("config/projects/f.yml", "labels: []\n");
    assert_eq!(plan_in(&place.root, &format!("{MANIFEST} config/projects/n.yml")).code, 0);
}

#[test]
fn roots_may_have_files_of_one_path() {
    let place = Place::with(&[]);
    for (folder, slug) in [("a", "one"), ("b", "two")] {
        let text = with("includes: [f.yml]")
            .replace("id: one", &format!("id: {slug}"))
            .replace("id: demo", &format!("id: {slug}"));
        place.put(&format!("{folder}/m.yml"), text);
        place.put(&format!("{folder}/spectra.toml"), "");
        place.put(&format!("{folder}/f.yml"), "labels: []\n");
    }
    assert_eq!(plan_in(&place.root, "a/m.yml b/m.yml").code, 0);
    place.put("b/f.yml", "label: []\n");
    let ran = plan_in(&place.root, "a/m.yml b/m.yml");
    assert_eq!(ran.code, 65);
    assert!(
        ran.stderr.contains(&format!("{}/b/f.yml:1:1", place.root)) && ran.stderr.contains("| label: []"),
        "{}",
        ran.stderr
    );
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    fn pipe(place: &Place, path: &str) {
        let path = place.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(Command::new("mkfifo").arg(path.as_str()).status().unwrap().success());
    }

    #[test]
    fn no_pipe_is_waited_for() {
        let place = Place::with(&[(MANIFEST, &with("includes: [pipe]"))]);
        pipe(&place, "config/projects/pipe");
        place.put("config/projects/body.yml", SOUND.replace("title: Top", "title: Top, bodyFile: pipe"));
        place.put("config/projects/readme.yml", SOUND.replace("title: One", "title: One, readmeFile: pipe"));
        place.put(
            "config/projects/template.yml",
            SOUND.replace("title: One", "title: One, fields: [{use: a/b}]"),
        );
        pipe(&place, "config/projects/schemas/a/fields.json");
        for manifest in ["m", "body", "readme", "template"] {
            let ran = plan_in(&place.root, &format!("config/projects/{manifest}.yml"));
            assert_eq!(ran.code, 65, "{manifest}");
            assert!(
                ran.stderr.starts_with("error[SP065]") && ran.stderr.contains("1 error;"),
                "{}",
                ran.stderr
            );
        }
        for args in ["config/projects/pipe".to_owned(), format!("{MANIFEST} --config config/projects/pipe")] {
            assert_eq!(plan_in(&place.root, &args).code, 74, "{args}");
        }
        pipe(&place, "spectra.toml");
        place.put(MANIFEST, SOUND);
        let ran = plan_in(&place.root, MANIFEST);
        assert_eq!(ran.code, 65);
        assert!(ran.stderr.contains("`spectra.toml` is a pipe or a device"), "{}", ran.stderr);
    }

    #[test]
    fn symbolic_links_lead_nowhere_out_of_the_root() {
        let outside = Place::with(&[]);
        outside.put("f.yml", "labels: []\n");
        let place = Place::with(&[]);
        place.put("config/projects/real/f.yml", "includes: [g.yml]\n");
        place.put("config/projects/real/g.yml", "labels: [{name: a, color: ededed}]\n");
        let link = |to: &str, path: &str| symlink(to, place.root.join("config/projects").join(path)).unwrap();
        link(outside.root.join("f.yml").as_str(), "out.yml");
        link(outside.root.as_str(), "outside");
        link("/dev/zero", "zero");
        link("loop", "loop");
        link("real/f.yml", "in.yml");
        link("real", "inside");
        link("..", "real/up");
        for (includes, code) in [
            ("out.yml", "SP064"),
            ("outside/f.yml", "SP064"),
            ("'outside/*.yml'", "SP064"),
            ("zero", "SP064"),
            ("loop", "SP066"),
            // Two ways to one file, which finds its own neighbours.
            ("in.yml, inside/f.yml, real/up/real/f.yml", ""),
            ("'**/g.yml', 'real/up/real/*.yml'", ""),
        ] {
            place.put(MANIFEST, with(&format!("includes: [{includes}]")));
            let ran = plan_in(&place.root, MANIFEST);
            assert_eq!(ran.code, if code.is_empty() { 0 } else { 65 }, "{includes}: {}", ran.stderr);
            assert!(ran.stderr.contains(code), "{includes}: {}", ran.stderr);
            assert!(code.is_empty() || ran.stderr.contains("\n1 error;"), "{}", ran.stderr);
        }
    }

    #[test]
    fn what_may_not_be_read_is_told() {
        let place = Place::with(&[(MANIFEST, &with("includes: [f.yml]"))]);
        place.put("config/projects/f.yml", "labels: []\n");
        let locked = place.root.join("config/projects/f.yml");
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
        if fs::read(&locked).is_ok() {
            // Whoever may read everything can't be refused anything.
            return;
        }
        let ran = plan_in(&place.root, MANIFEST);
        assert_eq!(ran.code, 65);
        assert!(ran.stderr.starts_with("error[SP066]: `f.yml` can't be read"), "{}", ran.stderr);
        assert_eq!(plan_in(&place.root, "config/projects/f.yml").code, 74);
    }
}
