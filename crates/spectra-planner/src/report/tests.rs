//! What is one mistake, how it is told, and how many are kept.

use super::*;

const LABELS: Scope = (Code::UnknownLabel, None);

fn report() -> Report {
    Report::new(Rc::new(vec!["m.yml".to_owned(), "f.yml".to_owned()]))
}

fn at(file: usize, line: usize) -> Span {
    Span { file: FileId(file), line, column: 1, end_line: line, end_column: 2 }
}

fn unknown(scope: Scope, name: &str, span: Span) -> Unknown<'_> {
    Unknown { scope, name, span, message: format!("unknown `{name}`"), otherwise: "declare it" }
}

fn told(report: Report) -> Vec<(usize, String, String)> {
    let told = report.into_diagnostics().0.into_iter();
    told.map(|one| (one.span.line, one.message, one.help.unwrap_or_default())).collect()
}

#[test]
fn an_undeclared_name_is_one_mistake_at_its_first_place() {
    let mut report = report();
    for line in (1..=9).rev() {
        report.unknown(unknown(LABELS, "a", at(0, line)), []);
        report.unknown(unknown(LABELS, if line > 5 { "B" } else { "b" }, at(line % 2, line)), []);
        // The same is said for each issue of a level.
        report.unknown(unknown(LABELS, "a", at(0, line)), []);
    }
    report.unknown(unknown((Code::UnknownStage, None), "a", at(0, 20)), []);
    let declare = "declare it".to_owned();
    assert_eq!(
        told(report),
        [
            (1, "unknown `a`".to_owned(), format!("{declare} (used in lines 2, 3, 4, 5, 6 and 3 more too)")),
            (
                2,
                "unknown `b`".to_owned(),
                format!("{declare} (used in lines 4, 6, 8, line 1 of f.yml, line 3 of f.yml and 3 more too)")
            ),
            (20, "unknown `a`".to_owned(), declare),
        ]
    );
}

#[test]
fn a_near_name_that_nothing_refers_to_may_be_the_mistyped_one() {
    let declared = [("colour", Some(at(1, 7))), ("size", Some(at(0, 9)))];
    let hint = "(nothing refers to `colour` in line 7 of f.yml: is that what is mistyped?)";
    for (used, help) in [
        ("size", format!("did you mean `colour`? {hint} (used in line 3 too)")),
        ("Colour", "did you mean `colour`? (used in line 3 too)".to_owned()),
    ] {
        let mut report = report();
        let say = |report: &mut Report| {
            for line in [2, 3] {
                report.unknown(unknown(LABELS, "color", at(0, line)), declared);
            }
            report.refers(LABELS, used);
        };
        say(&mut report);
        assert!(report.look_again());
        say(&mut report);
        assert_eq!(told(report), [(2, "unknown `color`".to_owned(), help)]);
    }
    // Of two it can't be told which.
    let mut report = report();
    let two = [("cola", Some(at(0, 7))), ("cole", Some(at(0, 8)))];
    report.unknown(unknown(LABELS, "colo", at(0, 1)), two);
    report.look_again();
    report.unknown(unknown(LABELS, "colo", at(0, 1)), two);
    assert_eq!(told(report)[0].2, "did you mean `cola`?");
}

#[test]
fn a_type_that_no_value_fits_is_one_mistake() {
    let scope = (Code::WrongValue, Some(at(0, 1)));
    for (fits, many) in [(false, 1), (true, 3)] {
        let mut report = report();
        let say = |report: &mut Report| {
            for (line, value) in [(5, "High"), (6, "Low"), (7, "high"), (8, "Middle")] {
                let message = format!("this is `{value}`");
                report.of_several_places(scope, value, at(0, line), message, |_| {
                    ("write a number".to_owned(), Vec::new())
                });
            }
            if fits {
                report.refers(scope, "");
            }
        };
        say(&mut report);
        report.look_again();
        say(&mut report);
        let told = told(report);
        assert_eq!(told.len(), many, "{told:?}");
        if !fits {
            let help = "write a number, or correct the field's type (line 1): no value is of it (used in lines 6, 7, 8 too)";
            assert_eq!(told[0].2, help);
        }
    }
}

#[test]
fn a_place_in_another_file_is_told_with_its_file() {
    let report = report();
    assert_eq!(report.line(at(0, 3), at(0, 9)), "line 3");
    assert_eq!(report.line(at(1, 3), at(0, 9)), "line 3 of f.yml");
}

#[test]
fn what_comes_of_one_template_is_one_mistake() {
    let mut report = report();
    for stage in ["stage:A", "stage:B", "stage:C", "stage:B"] {
        report.unknown(unknown(LABELS, stage, at(0, 3)), []);
    }
    let told = told(report);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].2, "declare it (2 more that come from here are unknown too)");
}

#[test]
fn so_many_are_kept_and_all_are_counted() {
    let mut report = report();
    for line in (1..=MISTAKES).rev() {
        report.say(Code::BadId, at(0, line), "bad", "");
        report.say(Code::BadId, at(0, line), "bad", "said twice");
    }
    let (found, omitted) = report.into_diagnostics();
    assert_eq!((found.len(), omitted), (MISTAKES, Omitted::default()));

    let mut report = report_of_many();
    // What was let go is not counted once more.
    report.unknown(unknown(LABELS, "l90", at(0, 3 * MISTAKES)), []);
    let (found, omitted) = report.into_diagnostics();
    assert_eq!((found.len(), omitted), (MISTAKES, Omitted { errors: MISTAKES + 5, warnings: 1 }));
    assert!(found.iter().all(|one| one.span.line <= MISTAKES));
}

/// Twice as many errors as are kept and five more, and a warning at the end.
fn report_of_many() -> Report {
    let mut report = report();
    report.say(Code::RepeatedDependency, at(0, 5 * MISTAKES), "twice", "");
    for line in 1..=2 * MISTAKES {
        report.say(Code::BadId, at(0, line), "bad", "");
    }
    for line in 0..5 {
        report
            .unknown(unknown(LABELS, ["l90", "m", "n", "o", "p"][line], at(0, 2 * MISTAKES + 1 + line)), []);
    }
    report
}

#[test]
fn the_nearest_name_is_offered_and_a_far_one_is_not() {
    let mut report = report();
    let names = ["title", "tasks", "labels"];
    assert_eq!(report.did_you_mean("titel", names, ""), "did you mean `title`?");
    assert_eq!(report.did_you_mean("colour", names, "no"), "no");
}

#[test]
fn a_message_is_as_long_as_a_person_reads() {
    let mut report = report();
    report.say(Code::BadId, at(0, 1), format!("id `{}` is long", "é".repeat(3_000)), "");
    let message = &report.into_diagnostics().0[0].message;
    assert_eq!(message.chars().count(), MAX_CHARACTERS);
    assert!(message.starts_with("id `é") && message.contains("é…é") && message.ends_with("` is long"));
    assert_eq!(cut("é".repeat(MAX_CHARACTERS)), "é".repeat(MAX_CHARACTERS));
}

#[test]
fn names_are_listed_as_in_a_sentence() {
    assert_eq!(one_of(["a"]), "`a`");
    assert_eq!(one_of(["a", "b", "c"]), "`a`, `b` or `c`");
}
