//! Texts in files of their own: bodies and readmes.

use spectra_model::Setting;

use super::folder::{BOARD, HEAD, manifest};
use super::*;
use crate::Refusal;
use crate::limits::TEXT_BYTES;

fn issue(with: &str) -> String {
    format!("{HEAD}{BOARD}    initiative: {{id: top, title: Top, {with}}}\n")
}

#[test]
fn a_file_gives_the_text_as_if_it_stood_there() {
    let inline = issue("body: \"one\\ntwo\\n\\nthree\"");
    let body = |text: &[u8]| {
        let folder = Folder::of(&[("m.yml", &issue("bodyFile: texts/b.md"))]).with("texts/b.md", text);
        folder.planned(&["m.yml"])[0].plan.issues[0].body.text().to_owned()
    };
    let written =
        Folder::of(&[("m.yml", &inline)]).planned(&["m.yml"])[0].plan.issues[0].body.text().to_owned();
    for text in [
        "one\ntwo\n\nthree\n",
        "one\r\ntwo\r\n\r\nthree\r\n",
        "one\rtwo\r\rthree",
        "\u{feff}one\ntwo\n\nthree\n\n",
    ] {
        assert_eq!(body(text.as_bytes()), written, "{text:?}");
    }
    assert_eq!(body(b""), "");
}

#[test]
fn a_body_that_is_not_written_is_not_managed_and_null_empties_it() {
    let body = |with: &str| {
        Folder::of(&[("m.yml", &issue(with))]).planned(&["m.yml"])[0].plan.issues[0].body.clone()
    };
    assert_eq!(body(""), Setting::Unmanaged);
    assert_eq!(body("body: null"), Setting::Clear);
    assert_eq!(body("body: Text"), Setting::Set("Text".to_owned()));
}

#[test]
fn paths_are_relative_to_the_file_that_names_them() {
    let folder = Folder::of(&[
        (
            "config/m.yml",
            &manifest("includes: [parts/f.yml]")
                .replace("title: Board", "title: Board, readmeFile: ../README.md"),
        ),
        (
            "config/parts/f.yml",
            "projects: [{id: board, activities: [{id: a, title: A, bodyFile: a.md, tasks: [{id: t, title: T, bodyFile: ./x/../t.md}]}]}]",
        ),
        ("README.md", "The board."),
        ("config/parts/a.md", "of a"),
        ("config/parts/t.md", "of t"),
    ]);
    let plan = &folder.planned(&["config/m.yml"])[0].plan;
    assert_eq!(plan.project.readme.value().map(String::as_str), Some("The board."));
    assert_eq!(plan.issues.iter().map(|issue| issue.body.text()).collect::<Vec<_>>(), ["of a", "of t"]);
    let files: Vec<&str> = plan.source.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        files,
        ["README.md", "config/m.yml", "config/parts/a.md", "config/parts/f.yml", "config/parts/t.md"]
    );
}

#[test]
fn a_text_can_be_given_once() {
    let folder = Folder::of(&[("m.yml", &issue("body: x, bodyFile: b.md")), ("b.md", "")]);
    folder.says(
        "SP069 m.yml:8:48",
        "`body` and `bodyFile` both give one text",
        "`body` stands in line 8; keep one of them",
    );
    let apart = Folder::of(&[
        ("m.yml", &format!("includes: [f.yml]\n{}", issue("body: null"))),
        ("f.yml", "projects: [{id: board, initiative: {bodyFile: gone.md}}]\n"),
    ]);
    apart.says(
        "SP069 f.yml:1:37",
        "`body` and `bodyFile` both give one text",
        "`body` stands in line 9 of m.yml; keep one of them",
    );
    let readme = manifest("").replace("{title: Board}", "{title: B, readme: x, readmeFile: y}");
    assert_eq!(Folder::of(&[("m.yml", &readme)]).mistake(&["m.yml"]).0, "SP069 m.yml:8:48");
}

#[test]
fn what_is_wrong_with_the_text_is_told_at_the_key_that_names_its_file() {
    let with = |text: String| Folder::of(&[("m.yml", &issue("bodyFile: b.md"))]).with("b.md", text);
    assert_eq!(with("x".repeat(65_600)).mistake(&["m.yml"]).0, "SP027 m.yml:8:39");
    assert_eq!(with("a <!-- spectra:end --> b".to_owned()).mistake(&["m.yml"]).0, "SP030 m.yml:8:39");
    assert_eq!(with("x".repeat(60_000)).planned(&["m.yml"]).len(), 1);
}

#[test]
fn what_cannot_be_a_text_is_told_and_nothing_else() {
    let folder = || Folder::of(&[("m.yml", &issue("bodyFile: b.md"))]);
    for (folder, place, message) in [
        (folder(), "SP062 m.yml:8:49", "there is no file `b.md`"),
        (folder().with("b.md", b"ok\nb\xff"), "SP001 b.md:2:2", "this is not UTF-8 text"),
        (folder().with("b.md", b"a\0"), "SP001 b.md:1:2", "a NUL character stands here"),
        (folder().with("b.md", b"\xff\xfea\0"), "SP001 b.md:1:1", "this is UTF-16, and only UTF-8 is read"),
        (folder().refusing("b.md", Refusal::NotAFile("a folder")), "SP065 m.yml:8:49", "`b.md` is a folder"),
        (
            folder().refusing("b.md", Refusal::Outside),
            "SP064 m.yml:8:49",
            "`b.md` is a symbolic link that leads out of the root",
        ),
        (
            folder().with("b.md", vec![b'x'; usize::try_from(TEXT_BYTES).unwrap() + 1]),
            "SP067 m.yml:8:49",
            "`b.md` has more than 1048576 bytes",
        ),
    ] {
        let found = folder.mistake(&["m.yml"]);
        assert_eq!((found.0.as_str(), found.1.as_str()), (place, message));
        assert!(!found.2.is_empty());
    }
    let near = folder().with("c.md", "x");
    assert_eq!(near.mistake(&["m.yml"]).2, "did you mean `c.md`?");
    // At the limit it is read, and then it is GitHub's limit that it passes.
    let full = folder().with("b.md", vec![b'x'; usize::try_from(TEXT_BYTES).unwrap()]);
    assert_eq!(full.mistake(&["m.yml"]).0, "SP027 m.yml:8:39");
    let bad = Folder::of(&[("m.yml", &issue("bodyFile: [b.md]"))]);
    assert_eq!(bad.mistake(&["m.yml"]).0, "SP005 m.yml:8:49");
    // A field may have such a name.
    let field = issue("fields: {bodyFile: x}")
        .replace("{title: Board}", "{title: B, fields: [{name: bodyFile, type: text}]}");
    assert_eq!(Folder::of(&[("m.yml", &field)]).planned(&["m.yml"]).len(), 1);
}
