//! GitHub's search syntax: words, phrases, qualifiers, and in the advanced form `AND`, `OR`, `NOT` and parentheses.
//!
//! Source: docs "Understanding the search syntax" and "Searching issues and pull requests".

use super::Syntax;
use crate::world::Refusal;

/// Qualifiers that GitHub's docs name. What looks like one and isn't is a text (inferred).
const QUALIFIERS: [&str; 41] = [
    "app",
    "archived",
    "assignee",
    "author",
    "base",
    "closed",
    "commenter",
    "comments",
    "created",
    "draft",
    "fork",
    "has",
    "head",
    "in",
    "interactions",
    "involves",
    "is",
    "label",
    "language",
    "linked",
    "mentions",
    "merged",
    "milestone",
    "no",
    "org",
    "owner",
    "parent-issue",
    "project",
    "reactions",
    "reason",
    "repo",
    "review",
    "review-requested",
    "reviewed-by",
    "state",
    "status",
    "sub-issue",
    "team",
    "type",
    "updated",
    "user",
];

/// A text, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) expression: Expression,
    pub(super) sort: Sort,
    pub(super) descending: bool,
}

/// What the results are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Created,
    Updated,
    Comments,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Term(Term),
}

/// A condition without parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// A word or a phrase.
    Text(String),
    /// `name:value`; `in` is left to who looks at texts.
    Qualified { name: String, value: String },
}

impl Expression {
    /// Whether it holds, given what holds of its terms.
    pub(super) fn evaluate(
        &self,
        holds: &mut dyn FnMut(&Term) -> Result<bool, Refusal>,
    ) -> Result<bool, Refusal> {
        match self {
            Self::All(parts) => {
                for part in parts {
                    if !part.evaluate(holds)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Any(parts) => {
                for part in parts {
                    if part.evaluate(holds)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(part) => Ok(!part.evaluate(holds)?),
            Self::Term(term) => holds(term),
        }
    }

    /// Values of a qualifier anywhere in it.
    pub(super) fn values_of<'e>(&'e self, wanted: &str, found: &mut Vec<&'e str>) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.values_of(wanted, found);
                }
            }
            Self::Not(part) => part.values_of(wanted, found),
            Self::Term(Term::Qualified { name, value }) if name == wanted => found.push(value),
            Self::Term(_) => {}
        }
    }
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    /// A piece, whether it begins with a minus, and whether it was quoted from its first letter on.
    Piece {
        text: String,
        negated: bool,
        quoted: bool,
    },
}

/// Reads a text.
pub(super) fn parse(text: &str, syntax: Syntax) -> Result<Query, Refusal> {
    let mut query = Query { expression: Expression::All(Vec::new()), sort: Sort::Created, descending: true };
    let mut tokens = Vec::new();
    for token in tokenize(text, syntax) {
        match &token {
            Token::Piece { text, negated: false, quoted: false } if text.starts_with("sort:") => {
                query.order(text.strip_prefix("sort:").unwrap_or_default())?;
            }
            // GitHub: `-has:parent` was observed to be accepted and to do nothing.
            Token::Piece { text, quoted: false, .. } if text.starts_with("has:") => {}
            Token::Piece { .. } | Token::Open | Token::Close => tokens.push(token),
        }
    }
    let mut parser = Parser { tokens: tokens.into_iter().peekable(), syntax };
    query.expression = parser.any();
    if syntax == Syntax::Plain {
        query.expression = widen(query.expression);
    }
    Ok(query)
}

/// A qualifier that GitHub knows and the sandbox does not, or that nobody knows: never passed over in silence.
pub(super) fn unknown(name: &str) -> Refusal {
    Refusal::not_modelled(format!("search qualifier {name}:"))
}

impl Query {
    fn order(&mut self, asked: &str) -> Result<(), Refusal> {
        let (field, direction) = asked.split_once('-').unwrap_or((asked, "desc"));
        self.descending = direction != "asc";
        self.sort = match field {
            "created" | "relevance" | "best" => Sort::Created,
            "updated" => Sort::Updated,
            "comments" => Sort::Comments,
            other => return Err(unknown(&format!("sort:{other}"))),
        };
        Ok(())
    }
}

fn tokenize(text: &str, syntax: Syntax) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            space if space.is_whitespace() => {}
            '(' if syntax == Syntax::Advanced => tokens.push(Token::Open),
            ')' if syntax == Syntax::Advanced => tokens.push(Token::Close),
            first => {
                let negated = first == '-' && letters.peek().is_some_and(|next| !next.is_whitespace());
                let mut piece = String::new();
                let mut in_quotes = false;
                let mut quoted = false;
                let mut next = if negated { letters.next() } else { Some(first) };
                while let Some(letter) = next {
                    if letter == '"' {
                        quoted |= piece.is_empty() && !in_quotes;
                        in_quotes = !in_quotes;
                    } else {
                        piece.push(letter);
                    }
                    let ends = |next: &char| {
                        !in_quotes && (next.is_whitespace() || (syntax == Syntax::Advanced && *next == ')'))
                    };
                    if letters.peek().is_none_or(ends) {
                        break;
                    }
                    next = letters.next();
                }
                tokens.push(Token::Piece { text: piece, negated, quoted });
            }
        }
    }
    tokens
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    syntax: Syntax,
}

impl Parser {
    fn any(&mut self) -> Expression {
        let mut parts = vec![self.all()];
        while self.word("OR") {
            parts.push(self.all());
        }
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            Some(last) => {
                parts.push(last);
                Expression::Any(parts)
            }
            None => Expression::All(Vec::new()),
        }
    }

    fn all(&mut self) -> Expression {
        let mut parts = Vec::new();
        loop {
            if self.word("AND") {
                continue;
            }
            let not = self.word("NOT");
            let part = match self.tokens.peek() {
                None | Some(Token::Close) => break,
                Some(Token::Piece { text, quoted: false, .. })
                    if text == "OR" && self.syntax == Syntax::Advanced =>
                {
                    break;
                }
                Some(Token::Open) => {
                    self.tokens.next();
                    let inner = self.any();
                    self.tokens.next_if_eq(&Token::Close);
                    inner
                }
                Some(Token::Piece { .. }) => match self.tokens.next() {
                    Some(Token::Piece { text, negated, quoted }) => {
                        let term = Expression::Term(term(text, quoted));
                        if negated { Expression::Not(Box::new(term)) } else { term }
                    }
                    Some(Token::Open | Token::Close) | None => break,
                },
            };
            parts.push(if not { Expression::Not(Box::new(part)) } else { part });
        }
        Expression::All(parts)
    }

    /// Takes an operator. GitHub: `NOT` is known to the plain form too.
    fn word(&mut self, operator: &str) -> bool {
        if self.syntax == Syntax::Plain && operator != "NOT" {
            return false;
        }
        let same = |token: &Token| matches!(token, Token::Piece { text, negated: false, quoted: false } if text == operator);
        self.tokens.next_if(same).is_some()
    }
}

fn term(text: String, quoted: bool) -> Term {
    match text.split_once(':') {
        Some((name, value))
            if !quoted && !value.is_empty() && QUALIFIERS.contains(&name.to_lowercase().as_str()) =>
        {
            Term::Qualified { name: name.to_lowercase(), value: value.to_owned() }
        }
        Some(_) | None => Term::Text(text),
    }
}

/// In the plain form several places are alternatives. GitHub: docs of the advanced search: there, and only there,
/// `repo:a repo:b` finds nothing.
fn widen(expression: Expression) -> Expression {
    let Expression::All(parts) = expression else { return expression };
    let is_place = |part: &Expression| matches!(part, Expression::Term(Term::Qualified { name, .. }) if matches!(name.as_str(), "repo" | "user" | "org" | "owner"));
    let (places, mut rest): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_place);
    if !places.is_empty() {
        rest.insert(0, Expression::Any(places));
    }
    Expression::All(rest)
}

#[cfg(test)]
mod tests {
    use super::super::Syntax;
    use super::{Expression, Sort, Term, parse};

    fn check(text: &str, syntax: Syntax, expected: &str) {
        let query = parse(text, syntax).unwrap();
        assert_eq!(show(&query.expression), expected, "{text}");
    }

    fn show(expression: &Expression) -> String {
        let join = |parts: &[Expression], with: &str| {
            let shown: Vec<String> = parts.iter().map(show).collect();
            format!("({})", shown.join(with))
        };
        match expression {
            Expression::All(parts) => join(parts, " & "),
            Expression::Any(parts) => join(parts, " | "),
            Expression::Not(part) => format!("!{}", show(part)),
            Expression::Term(Term::Text(text)) => format!("'{text}'"),
            Expression::Term(Term::Qualified { name, value }) => format!("{name}={value}"),
        }
    }

    #[test]
    fn texts_are_read() {
        check(
            r#"is:open "two words" -label:"help wanted" x"#,
            Syntax::Plain,
            "(is=open & 'two words' & !label=help wanted & 'x')",
        );
        check("repo:a/b crash repo:a/c", Syntax::Plain, "((repo=a/b | repo=a/c) & 'crash')");
        check("repo:a/b repo:a/c", Syntax::Advanced, "(repo=a/b & repo=a/c)");
        check(
            "is:open (label:bug OR label:\"big bug\") NOT x",
            Syntax::Advanced,
            "(is=open & ((label=bug) | (label=big bug)) & !'x')",
        );
        check("a OR b (c)", Syntax::Plain, "('a' & 'OR' & 'b' & '(c)')");
        check("\"is:open\" http://x key:a -", Syntax::Plain, "('is:open' & 'http://x' & 'key:a' & '-')");
        check("((", Syntax::Advanced, "((()))");
    }

    #[test]
    fn an_order_is_no_condition() {
        let query = parse("a sort:updated-asc", Syntax::Plain).unwrap();
        assert_eq!((query.sort, query.descending), (Sort::Updated, false));
        assert_eq!(show(&query.expression), "('a')");
        assert!(parse("sort:reactions", Syntax::Plain).is_err());
    }
}
