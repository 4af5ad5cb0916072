//! What is wrong with a text that is no document, in GitHub's words.
//!
//! GitHub runs graphql-ruby, whose recursive parser words its refusals as `Expected NAME, actual: (none) ("") at [1, 12]`;
//! the same sentences are reported from GitHub. This is a reader of executable documents that looks for the first such
//! place and builds nothing. It knows nothing of schemas, and is asked only about what the engine's parser refuses.

mod token;

use self::token::{Token, tokens};

/// The first place where a text stops being a document.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unexpected {
    pub(super) message: String,
    /// Line and column, from 1; nothing for a text without any token.
    pub(super) place: Option<(usize, usize)>,
}

/// The first place; nothing where this reader objects to nothing.
pub(super) fn find(text: &str) -> Option<Unexpected> {
    let (tokens, trailing) = tokens(text);
    if tokens.is_empty() {
        return Some(Unexpected { message: "Unexpected end of document".to_owned(), place: None });
    }
    let mut reader = Reader { tokens: &tokens, trailing, next: 0 };
    while reader.next < tokens.len() {
        if let Err(unexpected) = reader.definition() {
            return Some(unexpected);
        }
    }
    None
}

type Read = Result<(), Unexpected>;

struct Reader<'t> {
    tokens: &'t [Token<'t>],
    /// What is ignored behind the last token.
    trailing: &'t str,
    next: usize,
}

/// What a name may be written with beside an identifier.
const NAMES: [&str; 20] = [
    "IDENTIFIER",
    "SCHEMA",
    "SCALAR",
    "IMPLEMENTS",
    "INTERFACE",
    "UNION",
    "ENUM",
    "INPUT",
    "DIRECTIVE",
    "TYPE",
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "TRUE",
    "FALSE",
    "FRAGMENT",
    "REPEATABLE",
    "NULL",
    "EXTEND",
    "ON",
];

impl Reader<'_> {
    /// The kind of the token ahead, empty at the end.
    fn kind(&self) -> &'static str {
        self.tokens.get(self.next).map_or("", |token| token.kind)
    }

    fn is(&self, kind: &str) -> bool {
        self.kind() == kind
    }

    /// Goes past a token if it is there.
    fn skip(&mut self, kind: &str) -> bool {
        let there = self.is(kind);
        if there {
            self.next += 1;
        }
        there
    }

    fn expect(&mut self, kind: &str) -> Read {
        if self.skip(kind) { Ok(()) } else { Err(self.unexpected(&format!("Expected {kind}"), "(none)")) }
    }

    fn unexpected(&self, expected: &str, nothing: &str) -> Unexpected {
        let token = self.tokens.get(self.next);
        // At the end the place is that of the last token, and the value what was ignored behind it.
        let (kind, value) = token.map_or((nothing, self.trailing), |token| (token.kind, token.text));
        let place = token.or(self.tokens.last()).map_or((1, 1), |token| (token.line, token.column));
        let (line, column) = place;
        let message = format!("{expected}, actual: {kind} ({}) at [{line}, {column}]", inspected(value));
        Unexpected { message, place: Some(place) }
    }

    fn definition(&mut self) -> Read {
        match self.kind() {
            "FRAGMENT" => {
                self.next += 1;
                if !self.is("ON") {
                    self.name()?;
                }
                self.expect("ON")?;
                self.name()?;
                self.directives()?;
                self.selections()
            }
            "QUERY" | "MUTATION" | "SUBSCRIPTION" | "LCURLY" => {
                if !self.is("LCURLY") {
                    self.next += 1;
                }
                if self.is("IDENTIFIER") {
                    self.next += 1;
                }
                if self.skip("LPAREN") {
                    while !self.is("RPAREN") {
                        self.expect("VAR_SIGN")?;
                        self.name()?;
                        self.expect("COLON")?;
                        self.kind_of_value()?;
                        if self.skip("EQUALS") {
                            self.value()?;
                        }
                        self.directives()?;
                    }
                    self.next += 1;
                }
                self.directives()?;
                self.selections()
            }
            // Definitions of a schema are no part of a request; the engine says so.
            _ => Err(self.unexpected(
                "Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE",
                "NOTHING",
            )),
        }
    }

    fn kind_of_value(&mut self) -> Read {
        if self.skip("LBRACKET") {
            self.kind_of_value()?;
            self.expect("RBRACKET")?;
        } else {
            self.name()?;
        }
        self.skip("BANG");
        Ok(())
    }

    fn selections(&mut self) -> Read {
        self.expect("LCURLY")?;
        while !self.is("RCURLY") {
            if self.skip("ELLIPSIS") {
                match self.kind() {
                    "ON" | "DIR_SIGN" | "LCURLY" => {
                        if self.skip("ON") {
                            self.name()?;
                        }
                        self.directives()?;
                        self.selections()?;
                    }
                    _ => {
                        self.name()?;
                        self.directives()?;
                    }
                }
                continue;
            }
            self.name()?;
            if self.skip("COLON") {
                self.name()?;
            }
            self.arguments()?;
            self.directives()?;
            if self.is("LCURLY") {
                self.selections()?;
            }
        }
        self.expect("RCURLY")
    }

    fn name(&mut self) -> Read {
        if NAMES.contains(&self.kind()) {
            self.next += 1;
            return Ok(());
        }
        self.expect("NAME")
    }

    fn directives(&mut self) -> Read {
        while self.skip("DIR_SIGN") {
            self.name()?;
            self.arguments()?;
        }
        Ok(())
    }

    fn arguments(&mut self) -> Read {
        if !self.skip("LPAREN") {
            return Ok(());
        }
        if self.is("RPAREN") {
            return self.expect("ARGUMENT_NAME");
        }
        while !self.is("RPAREN") {
            self.name()?;
            self.expect("COLON")?;
            self.value()?;
        }
        self.expect("RPAREN")
    }

    fn value(&mut self) -> Read {
        match self.kind() {
            "INT" | "FLOAT" | "STRING" | "TRUE" | "FALSE" | "NULL" | "IDENTIFIER" => {
                self.next += 1;
                Ok(())
            }
            "LBRACKET" => {
                self.next += 1;
                while !self.is("RBRACKET") {
                    self.value()?;
                }
                self.expect("RBRACKET")
            }
            "LCURLY" => {
                self.next += 1;
                while !self.is("RCURLY") {
                    self.name()?;
                    self.expect("COLON")?;
                    self.value()?;
                }
                self.expect("RCURLY")
            }
            "VAR_SIGN" => {
                self.next += 1;
                self.name()
            }
            _ => self.expect("VALUE"),
        }
    }
}

/// A text as Ruby's `inspect` writes it.
fn inspected(text: &str) -> String {
    let mut shown = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => shown.push_str("\\\""),
            '\\' => shown.push_str("\\\\"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            _ => shown.push(letter),
        }
    }
    shown.push('"');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, message: &str) {
        assert_eq!(find(text).map(|found| found.message).as_deref(), Some(message), "{text}");
    }

    #[test]
    fn what_is_not_expected_is_said_as_by_github() {
        // Reported from GitHub, or named by graphql-ruby's own tests.
        check("{", "Expected NAME, actual: (none) (\"\") at [1, 1]");
        check(" { ", "Expected NAME, actual: (none) (\" \") at [1, 2]");
        check(
            "query InvalidSyntax { card(id: 1) { name }",
            "Expected NAME, actual: (none) (\"\") at [1, 42]",
        );
        check("{ items { id, name }", "Expected NAME, actual: (none) (\"\") at [1, 20]");
        check(
            "{ }}",
            "Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: RCURLY (\"}\") at [1, 4]",
        );
        check("{ a(b: }) }", "Expected VALUE, actual: RCURLY (\"}\") at [1, 8]");
        check("{ a() }", "Expected ARGUMENT_NAME, actual: RPAREN (\")\") at [1, 5]");
        check("{ a(b 1) }", "Expected COLON, actual: INT (\"1\") at [1, 7]");
        check("{\n  a-b\n}", "Expected NAME, actual: UNKNOWN_CHAR (\"-\") at [2, 4]");
        check("query($a) { b }", "Expected COLON, actual: RPAREN (\")\") at [1, 9]");
        check(
            "hello",
            "Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: IDENTIFIER (\"hello\") at [1, 1]",
        );
        check("# nothing\n", "Unexpected end of document");
    }

    #[test]
    fn documents_pass() {
        for text in [
            "{ viewer { login } }",
            "query Q($a: [ID!]! = [\"x\"], $b: Int) @d(if: true) { n: node(id: $a) { ... on User { login } ...F ... @skip(if: $b) { id } } } fragment F on User { id }",
            "mutation { a(input: {type: null, on: \"\"\"block \" text\"\"\", f: -1.5e3, e: RED}) { query } }",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
