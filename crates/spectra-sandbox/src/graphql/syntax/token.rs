//! Tokens of a document, named as graphql-ruby names them.

/// A token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token<'t> {
    /// Its name.
    pub(super) kind: &'static str,
    /// As it stands in the text.
    pub(super) text: &'t str,
    /// From 1.
    pub(super) line: usize,
    /// From 1, in characters.
    pub(super) column: usize,
}

/// Words with a name of their own.
const KEYWORDS: [(&str, &str); 19] = [
    ("on", "ON"),
    ("fragment", "FRAGMENT"),
    ("true", "TRUE"),
    ("false", "FALSE"),
    ("null", "NULL"),
    ("query", "QUERY"),
    ("mutation", "MUTATION"),
    ("subscription", "SUBSCRIPTION"),
    ("schema", "SCHEMA"),
    ("scalar", "SCALAR"),
    ("type", "TYPE"),
    ("extend", "EXTEND"),
    ("implements", "IMPLEMENTS"),
    ("interface", "INTERFACE"),
    ("union", "UNION"),
    ("enum", "ENUM"),
    ("input", "INPUT"),
    ("directive", "DIRECTIVE"),
    ("repeatable", "REPEATABLE"),
];

const MARKS: [(&str, &str); 15] = [
    ("...", "ELLIPSIS"),
    ("{", "LCURLY"),
    ("}", "RCURLY"),
    ("(", "LPAREN"),
    (")", "RPAREN"),
    ("[", "LBRACKET"),
    ("]", "RBRACKET"),
    (":", "COLON"),
    ("$", "VAR_SIGN"),
    ("@", "DIR_SIGN"),
    ("=", "EQUALS"),
    ("!", "BANG"),
    ("|", "PIPE"),
    ("&", "AMP"),
    ("\u{feff}", "UNKNOWN_CHAR"),
];

/// All tokens, and what is ignored behind the last one.
pub(super) fn tokens(text: &str) -> (Vec<Token<'_>>, &str) {
    let mut found = Vec::new();
    let mut rest = text;
    let (mut line, mut column) = (1, 1);
    loop {
        let ignored = ignored(rest);
        let (before, after) = rest.split_at(ignored);
        advance(before, &mut line, &mut column);
        if after.is_empty() {
            return (found, before);
        }
        let (kind, length) = first(after);
        let (token, behind) = after.split_at(length);
        found.push(Token { kind, text: token, line, column });
        advance(token, &mut line, &mut column);
        rest = behind;
    }
}

fn advance(text: &str, line: &mut usize, column: &mut usize) {
    for letter in text.chars() {
        if letter == '\n' {
            *line += 1;
            *column = 1;
        } else {
            *column += 1;
        }
    }
}

/// How many bytes at the start mean nothing.
fn ignored(text: &str) -> usize {
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start_matches([' ', ',', '\t', '\r', '\n']);
        let after = match trimmed.strip_prefix('#') {
            Some(comment) => comment.find('\n').map_or("", |end| comment.get(end..).unwrap_or_default()),
            None => trimmed,
        };
        if after.len() == rest.len() {
            return text.len() - rest.len();
        }
        rest = after;
    }
}

/// Name and bytes of the token at the start of a text that is not empty.
fn first(text: &str) -> (&'static str, usize) {
    let head = text.chars().next().unwrap_or_default();
    if let Some((mark, kind)) = MARKS.iter().find(|(mark, _)| text.starts_with(mark)) {
        return (kind, mark.len());
    }
    if head.is_ascii_alphabetic() || head == '_' {
        let length = run(text, |letter| letter.is_ascii_alphanumeric() || letter == '_');
        let word = text.get(..length).unwrap_or_default();
        let keyword = KEYWORDS.iter().find(|(known, _)| *known == word);
        return (keyword.map_or("IDENTIFIER", |(_, kind)| kind), length);
    }
    let digits = text.trim_start_matches('-');
    if digits.len() + 1 >= text.len() && digits.starts_with(|letter: char| letter.is_ascii_digit()) {
        return number(text, text.len() - digits.len());
    }
    if head == '"' {
        return string(text);
    }
    ("UNKNOWN_CHAR", head.len_utf8())
}

fn number(text: &str, sign: usize) -> (&'static str, usize) {
    let behind = |place: usize| text.get(place..).unwrap_or_default();
    let digits = |place: usize| run(behind(place), |letter| letter.is_ascii_digit());
    let mut length = sign + digits(sign);
    let mut kind = "INT";
    if behind(length).starts_with('.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
        kind = "FLOAT";
    }
    if behind(length).starts_with(['e', 'E']) {
        let signed = length + 1 + usize::from(behind(length + 1).starts_with(['+', '-']));
        if digits(signed) > 0 {
            length = signed + digits(signed);
            kind = "FLOAT";
        }
    }
    (kind, length)
}

fn string(text: &str) -> (&'static str, usize) {
    if let Some(body) = text.strip_prefix("\"\"\"") {
        let mut from = 0;
        while let Some(end) = body.get(from..).and_then(|rest| rest.find("\"\"\"")) {
            let end = from + end;
            if !body.get(..end).unwrap_or_default().ends_with('\\') {
                return ("STRING", end + 6);
            }
            from = end + 3;
        }
        return ("UNKNOWN_CHAR", 1);
    }
    let mut escaped = false;
    for (place, letter) in text.char_indices().skip(1) {
        match letter {
            '\n' => break,
            '"' if !escaped => return ("STRING", place + 1),
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    ("UNKNOWN_CHAR", 1)
}

fn run(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !fits(letter)).unwrap_or(text.len())
}
