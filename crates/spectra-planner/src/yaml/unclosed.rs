//! Brackets and quotes that are not closed, in text that isn't YAML.
//!
//! A reader of YAML notices such a mistake where it can go on no longer, which may be many lines below it. This looks at
//! the brackets, quotes, comments and blocks of text alone, once the reader has refused a file, and tells where it
//! began. It does not know whether text is YAML.

/// What is not closed, with the line and the column of its beginning, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unclosed {
    /// A bracket that is closed by none or by one of the other kind.
    Bracket(char, (usize, usize)),
    /// A quote after whose end, in a later line, its text goes on: there another one was to begin.
    Quote(char, (usize, usize)),
}

impl Unclosed {
    /// Where it begins.
    pub(super) fn place(self) -> (usize, usize) {
        match self {
            Self::Bracket(_, place) | Self::Quote(_, place) => place,
        }
    }

    /// What is wrong.
    pub(super) fn message(self) -> String {
        match self {
            Self::Bracket(bracket, _) => format!("this `{bracket}` is not closed"),
            Self::Quote(quote, _) => {
                format!("this {quote} is not closed in its line, and a later one doesn't end it")
            }
        }
    }
}

/// The first that is found.
pub(super) fn unclosed(text: &str) -> Option<Unclosed> {
    let mut scan = Scan { open: Vec::new(), quote: None, block: None };
    for (line, number) in text.split('\n').zip(1..) {
        let found = scan.line(line.trim_end_matches('\r'), number);
        if found.is_some() {
            return found;
        }
    }
    scan.open.first().map(|(bracket, place)| Unclosed::Bracket(*bracket, *place))
}

struct Scan {
    /// Brackets that are open, outermost first.
    open: Vec<(char, (usize, usize))>,
    /// The quote that the text is in.
    quote: Option<(char, (usize, usize))>,
    /// The column, from 0, beyond which lines belong to a block of text.
    block: Option<usize>,
}

impl Scan {
    fn line(&mut self, line: &str, number: usize) -> Option<Unclosed> {
        let indentation = line.chars().take_while(|c| *c == ' ').count();
        if let Some(column) = self.block {
            if indentation > column || line.trim().is_empty() {
                return None;
            }
            self.block = None;
        }
        let mut rest = line.chars().zip(1_usize..).peekable();
        // Whether a value may begin here, and what stood before.
        let mut begins = true;
        let mut before = ' ';
        while let Some((character, column)) = rest.next() {
            if let Some((quote, place)) = self.quote {
                let next = rest.peek().map(|(next, _)| *next);
                if (quote == '"' && character == '\\')
                    || (character == '\'' && quote == '\'' && next == Some('\''))
                {
                    rest.next();
                } else if character == quote {
                    self.quote = None;
                    (begins, before) = (false, quote);
                    let goes_on = next.is_some_and(|next| !next.is_whitespace() && !",]}:".contains(next));
                    if place.0 < number && goes_on {
                        return Some(Unclosed::Quote(quote, place));
                    }
                }
                continue;
            }
            let is_last = rest.peek().is_none_or(|(next, _)| next.is_whitespace());
            match character {
                '#' if before.is_whitespace() => break,
                '"' | '\'' if begins => self.quote = Some((character, (number, column))),
                '[' | '{' if begins => self.open.push((character, (number, column))),
                ']' | '}' if !self.open.is_empty() => {
                    let (bracket, place) = self.open.pop()?;
                    if (bracket == '[') != (character == ']') {
                        return Some(Unclosed::Bracket(bracket, place));
                    }
                    begins = false;
                }
                ',' if !self.open.is_empty() => begins = true,
                ':' if is_last || before == '"' || before == '\'' => begins = true,
                '-' | '?' if begins && is_last => {}
                '&' | '!' if begins => {
                    // The value is what follows the anchor or the tag.
                    while rest
                        .next_if(|(next, _)| !next.is_whitespace() && !",[]{}".contains(*next))
                        .is_some()
                    {}
                }
                '|' | '>' if begins && self.open.is_empty() => {
                    self.block = Some(column_of_block(line, indentation));
                    break;
                }
                other if other.is_whitespace() => {}
                _ => begins = false,
            }
            before = character;
        }
        None
    }
}

/// The column, from 0, beyond which a block of text stands that is announced in this line: that of its key, else that
/// of the last dash before it.
fn column_of_block(line: &str, indentation: usize) -> usize {
    let mut column = indentation;
    let mut dash = indentation;
    let mut rest = line.trim_start_matches(' ');
    while let Some(after) = rest.strip_prefix('-').filter(|after| after.starts_with(' ')) {
        dash = column;
        let text = after.trim_start_matches(' ');
        column += rest.chars().count() - text.chars().count();
        rest = text;
    }
    if rest.starts_with(['|', '>']) { dash } else { column }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_closed_is_found_where_it_begins() {
        for (text, bracket, place) in [
            ("a:\n  - {b: c\n  - {b: d}\ne: [f]\n", '{', (2, 5)),
            ("a: [b, c\nd: {e: f}\n", '[', (1, 4)),
            ("a: [{b: c}, {d: e]\n", '{', (1, 13)),
            ("a: !x [b\n", '[', (1, 7)),
            ("a: |\n  {\nb: {\n", '{', (3, 4)),
            ("- a: >\n   [\n  b: [\n", '[', (3, 6)),
            ("- |\n  [\n- [\n", '[', (3, 3)),
            ("a: b # {\nc: [d # ]\n", '[', (2, 4)),
            ("a: b[\nc: 'it''s ['\nd: \"\\\"[\"\ne: [1\n", '[', (4, 4)),
        ] {
            assert_eq!(unclosed(text), Some(Unclosed::Bracket(bracket, place)), "{text}");
        }
        let quote = unclosed("a: \"b\nc: d\ne: \"f:g\"\n");
        assert_eq!(quote, Some(Unclosed::Quote('"', (1, 4))));
        assert_eq!(unclosed("a: 'b\nc: don't\n"), Some(Unclosed::Quote('\'', (1, 4))));
    }

    #[test]
    fn what_is_closed_is_not_found() {
        for text in [
            "a: [b, {c: d},\n  e]\nf: \"g\n  h\"\n",
            "{\"a\":{\"b\":[]},\n\"c\":\"]\"}\n",
            "a: see [1, and {2\nb: it's\n",
            "a: |\n  [\n\n  {\nb: c\n",
            "a: b ]\n",
        ] {
            assert_eq!(unclosed(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_harms_it(text in "([a-c\\[\\]{}:,'\"\\\\ \n\té0-9#|>&!?-]){0,60}") {
            if let Some(found) = unclosed(&text) {
                let (line, column) = found.place();
                prop_assert!(text.split('\n').nth(line - 1).unwrap().chars().nth(column - 1).is_some());
            }
        }
    }
}
