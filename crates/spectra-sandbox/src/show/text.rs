//! Text for terminals: cut and wrapped by the columns that it takes there.

/// The text on one line, without anything that a terminal would act on.
pub(super) fn plain(text: &str) -> String {
    let is_hidden = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|letter| if is_hidden(letter) { ' ' } else { letter }).collect()
}

/// The text, cut with an ellipsis where it is wider.
pub(super) fn clip(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.trim_end().to_owned();
    }
    let mut taken = 0;
    let mut cut = String::new();
    for letter in text.chars() {
        taken += wide(letter);
        if taken >= width {
            break;
        }
        cut.push(letter);
    }
    cut.push('…');
    cut
}

/// The parts side by side, as many on a line as fit.
pub(super) fn wrap(parts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let part = clip(part, width);
        match lines.last_mut() {
            Some(line) if columns(line) + 2 + columns(&part) <= width => {
                line.push_str("; ");
                line.push_str(&part);
            }
            Some(_) | None => lines.push(part),
        }
    }
    lines
}

/// How many columns the text takes.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(wide).sum()
}

/// How many columns a letter takes: none for what combines, two for East Asian letters and pictures. Unicode's tables
/// are finer; where they differ from this a line is a column off.
fn wide(letter: char) -> usize {
    match letter {
        '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}
