//! Input that is meant to do harm, through the whole command: each ends soon, with one clear error in its place.

use serde_json::Value;

use super::*;

const MANIFEST: &str = "config/projects/m.yml";

/// The code, its line and column, and the message of each error.
fn told(bytes: &[u8]) -> Vec<(String, u64, u64, String)> {
    let place = Place::with(&[]);
    fs::write(place.root.join(MANIFEST), bytes).unwrap();
    told_in(&place, MANIFEST)
}

fn told_in(place: &Place, args: &str) -> Vec<(String, u64, u64, String)> {
    let ran = plan_in(&place.root, &format!("{args} --format json"));
    assert!([0, 65].contains(&ran.code), "{ran:?}");
    assert_eq!(place.has(".spectra"), ran.code == 0);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    let one = |it: &Value| {
        let text = |key: &str| it[key].as_str().unwrap().to_owned();
        let number = |key: &str| it[key].as_u64().unwrap();
        (text("code"), number("line"), number("column"), text("message"))
    };
    json["diagnostics"].as_array().unwrap().iter().map(one).collect()
}

/// One error of this code in this place, whose message holds these words.
#[track_caller]
fn check(name: &str, bytes: &[u8], (code, line, column): (&str, u64, u64), words: &str) {
    let found = told(bytes);
    let [(its_code, its_line, its_column, message)] = found.as_slice() else { panic!("{name}: {found:?}") };
    assert_eq!((its_code.as_str(), *its_line, *its_column), (code, line, column), "{name}: {message}");
    assert!(message.contains(words), "{name}: {message}");
}

#[test]
fn what_is_not_the_text_of_one_document() {
    let with = |from: &str, to: &str| SOUND.replacen(from, to, 1).into_bytes();
    let mut bad = SOUND.replace("title: Top", "title: Tép").into_bytes();
    let at = bad.windows(2).position(|two| two == "é".as_bytes()).unwrap();
    bad[at + 1] = b'x';
    for (name, bytes, place, words) in [
        ("half a character", bad, ("SP001", 8, 35), "not UTF-8"),
        ("NUL", with("Top", "T\0p"), ("SP001", 8, 35), "NUL"),
        ("a mark inside", with("repository", "\u{feff}repository"), ("SP002", 4, 1), "BOM"),
        ("empty", Vec::new(), ("SP005", 1, 1), "this is empty"),
        ("comments", b"# a\n\n# b\n".to_vec(), ("SP005", 1, 1), "this is empty"),
        (
            "two documents",
            format!("{SOUND}---\n{SOUND}").into_bytes(),
            ("SP002", 9, 1),
            "second YAML document",
        ),
        (
            "after the end",
            format!("{SOUND}...\nx: 1\n").into_bytes(),
            ("SP002", 10, 1),
            "second YAML document",
        ),
        ("merge key", with("{title: One}", "{<<: {title: One}}"), ("SP002", 7, 27), "merge keys"),
        ("own tag", with("title: Top", "title: !foo Top"), ("SP002", 8, 34), "`!foo`"),
        ("binary", with("title: Top", "title: !!binary VG9w"), ("SP002", 8, 34), "!!binary"),
        ("a set", with("title: Top", "title: !!set {a}"), ("SP002", 8, 34), "!!set"),
        ("a tab", with("  - id: one", "\t- id: one"), ("SP002", 6, 1), "tab"),
        (
            "a long key",
            format!("{}: 1\n{SOUND}", "k".repeat(30_000)).into_bytes(),
            ("SP002", 1, 30_001),
            "1024",
        ),
        ("emoji", with("title: Top", "title: \"🚀👩‍👩‍👧\", titel: x"), ("SP004", 8, 44), "titel"),
    ] {
        check(name, &bytes, place, words);
    }
    for (name, bytes) in [
        ("a mark", format!("\u{feff}{SOUND}")),
        ("CR LF", SOUND.replace('\n', "\r\n")),
        ("CR", SOUND.replace('\n', "\r")),
        ("an end", format!("---\n{SOUND}...\n")),
        ("an anchor", SOUND.replace("slug: acme", "slug: &o acme").replace("title: Top", "title: *o")),
        ("a tag that says what it is", SOUND.replace("title: Top", "title: !!str Top")),
    ] {
        assert_eq!(told(bytes.as_bytes()), [], "{name}");
    }
}

#[test]
fn what_is_very_deep_or_very_much() {
    let deep = 100_000;
    let bomb = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
        text + &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", "))
    });
    for (name, text, place, words) in [
        ("lists", "[".repeat(deep), ("SP067", 1, 41), "nested more than 40 deep"),
        ("mappings", format!("x: {}", "{a: ".repeat(deep)), ("SP067", 1, 160), "nested more than 40 deep"),
        ("dashes", "- ".repeat(deep), ("SP067", 1, 81), "nested more than 40 deep"),
        (
            "blocks",
            (0..1_000).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n"),
            ("SP067", 41, 41),
            "nested more than 40 deep",
        ),
        ("a bomb", bomb, ("SP067", 6, 10), "100000 values"),
        (
            "anchors",
            (0..20_000).fold(String::new(), |text, n| text + &format!("a{n}: &a{n} x\n")),
            ("SP067", 10_001, 17),
            "10000 anchors",
        ),
    ] {
        check(name, text.as_bytes(), place, words);
    }
    // A line of thirty million characters is a line.
    let line = format!("{SOUND}x: {}\n", "x".repeat(30_000_000));
    check("a long line", line.as_bytes(), ("SP004", 9, 1), "unknown key `x`");
}

#[test]
fn a_file_of_a_hundred_million_bytes_is_not_read() {
    let place =
        Place::with(&[(MANIFEST, &SOUND.replacen("id: demo\n", "id: demo\nincludes: [big.yml]\n", 1))]);
    let big = fs::File::create(place.root.join("config/projects/big.yml")).unwrap();
    big.set_len(100_000_000).unwrap();
    let found = told_in(&place, MANIFEST);
    assert_eq!(found[0], ("SP067".to_owned(), 3, 12, "`big.yml` has more than 33554432 bytes".to_owned()));
    let ran = plan_in(&place.root, "config/projects/big.yml");
    assert_eq!((ran.code, ran.stdout.as_str()), (74, ""));
    assert!(ran.stderr.ends_with("more than 33554432 bytes, and no more are read\n"), "{}", ran.stderr);
    // One byte less is read, and isn't text.
    for (length, code) in [(33_554_432, 65), (33_554_433, 74)] {
        big.set_len(length).unwrap();
        assert_eq!(plan_in(&place.root, "config/projects/big.yml").code, code, "{length}");
    }
}

#[test]
fn a_flood_of_mistakes_is_told_in_part_and_counted() {
    let flood = |count: usize| (0..count).fold(SOUND.to_owned(), |text, n| text + &format!("key{n}: 1\n"));
    let place = Place::with(&[(MANIFEST, &flood(1_000))]);
    let said = |args: &str| plan_in(&place.root, &format!("{MANIFEST}{args}"));
    assert!(!said("").stderr.contains('…'));
    for (count, more, errors) in [
        (1_001, "… and 1 more; --format json has them all\n\n", "1001 errors;"),
        (12_000, "… and 11000 more; --format json has the next 9000\n\n", "12000 errors;"),
    ] {
        fs::write(place.root.join(MANIFEST), flood(count)).unwrap();
        let text = said("");
        assert_eq!(text.code, 65);
        assert_eq!(text.stderr.matches("error[SP004]").count(), 1_000);
        assert!(
            text.stderr.contains(&format!("{more}{errors} nothing was written")),
            "{}",
            &text.stderr[..500]
        );
        let json: Value = serde_json::from_str(&said(" --format json").stdout).unwrap();
        assert_eq!(json["diagnostics"].as_array().unwrap().len(), count.min(10_000));
        let omitted = (count > 10_000).then(|| serde_json::json!({"errors": count - 10_000, "warnings": 0}));
        assert_eq!(json.get("omitted"), omitted.as_ref());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_read_is_told_by_who_names_it() {
    // A regular file that opens and whose first byte nobody can read, whoever runs this.
    let memory = "/proc/self/mem";
    let place = Place::with(&[]);
    assert_eq!(plan_in(&place.root, memory).code, 74);
    let up = "../".repeat(place.root.components().count() + 1);
    let includes = format!("id: demo\nincludes: [{up}proc/self/mem]\n");
    fs::write(place.root.join(MANIFEST), SOUND.replacen("id: demo\n", &includes, 1)).unwrap();
    let found = told_in(&place, &format!("{MANIFEST} --root /"));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].0 == "SP066" && found[0].3.contains("can't be read"), "{found:?}");
}

#[cfg(unix)]
#[test]
fn links_and_folders_lead_nowhere_for_ever() {
    use std::os::unix::fs::symlink;

    let place = Place::with(&[]);
    let folder = place.root.join("config/projects");
    symlink(".", folder.join("self")).unwrap();
    fs::create_dir_all(folder.join("parts")).unwrap();
    fs::write(folder.join("parts/a.yml"), "labels: []\n").unwrap();
    let includes = |what: &str| {
        let text = SOUND.replacen("id: demo\n", &format!("id: demo\nincludes: [{what}]\n"), 1);
        fs::write(place.root.join(MANIFEST), text).unwrap();
        fs::remove_dir_all(place.root.join(".spectra")).unwrap_or_default();
        told_in(&place, MANIFEST)
    };
    assert_eq!(includes("self/self/self/parts/a.yml, '**/a.yml'"), []);
    assert_eq!(includes("parts")[0].0, "SP065");
    let many = folder.join("many");
    fs::create_dir_all(&many).unwrap();
    let fill = |range: std::ops::Range<usize>| {
        range.for_each(|n| fs::write(many.join(format!("{n}.txt")), "").unwrap());
    };
    fill(0..9_999);
    fs::write(many.join("f.yml"), "labels: []\n").unwrap();
    assert_eq!(includes("'many/*.yml'"), []);
    fill(9_999..10_000);
    let found = includes("'many/*.yml'");
    assert_eq!(found.len(), 1);
    assert!(found[0].0 == "SP067" && found[0].3.contains("more than 10000 entries"), "{found:?}");
}
