//! What stands outside of threads.

use super::super::ast::{
    Declaration, Expression, Item, Node, Preference, Quantifier, RaceProgram, Sort, Spelling,
    Start, Target, Topic,
};
use super::super::diagnostic::{Diagnostic, MOST_DIAGNOSTICS};
use super::super::lexer::{TokenKind, tokens};
use super::super::source::SourceFile;
use super::cursor::{Parsed, Parser, is_reserved};

/// The largest source, in bytes.
pub const MOST_BYTES: usize = 1 << 20;

/// Words that begin an item, besides topics and quantifiers.
pub(super) const BEGINNINGS: [&str; 13] = [
    "param",
    "shared",
    "mutex",
    "rwlock",
    "condition",
    "semaphore",
    "barrier",
    "spurious",
    "threads",
    "thread",
    "show",
    "expect",
    "goal",
];

/// Reads a source.
///
/// # Errors
///
/// Returns what is wrong with it, in order of the places, at most ten diagnostics.
pub fn parse(source: &SourceFile) -> Result<RaceProgram, Vec<Diagnostic>> {
    read(source, |parser| Ok(parser.program()))
}

/// Reads what a claim can speak of, such as `paid == 160` or `deadlock`, standing alone.
///
/// # Errors
///
/// Returns what is wrong with it, at most ten diagnostics.
pub fn parse_target(source: &SourceFile) -> Result<Node<Target<Expression>>, Vec<Diagnostic>> {
    read(source, |parser| {
        parser.skip_ends();
        let target = parser.target()?;
        parser.skip_ends();
        match parser.peek().kind {
            TokenKind::End => Ok(target),
            _ => Err(parser.unexpected("the end of the condition")),
        }
    })
}

/// Reads a source by a rule; returns what it gives, or all errors.
fn read<'a, T>(
    source: &'a SourceFile,
    rule: impl FnOnce(&mut Parser<'a>) -> Parsed<T>,
) -> Result<T, Vec<Diagnostic>> {
    let text = source.text();
    let size = text.len();
    if size > MOST_BYTES {
        let error =
            format!("the program is too large: {size} bytes, and at most {MOST_BYTES} are read");
        return Err(vec![*Diagnostic::nowhere(error)]);
    }
    let (tokens, errors) = tokens(text);
    let lexical = errors.len();
    let mut parser = Parser::new(text, tokens, errors);
    let result = rule(&mut parser);
    let mut errors = parser.errors;
    match result {
        Ok(result) if errors.is_empty() => return Ok(result),
        Ok(_) => {}
        Err(error) => errors.push(*error),
    }
    // A line with a piece that is wrong in itself gives rise to more errors, which say nothing new.
    let (mut at, mut wrong) = (0, Vec::new());
    errors.retain(|error| {
        let line = error.span.map(|span| source.line_number(span));
        let is_new = !wrong.contains(&line);
        if at < lexical {
            wrong.push(line);
        }
        at += 1;
        is_new
    });
    errors.sort_by_key(|error| error.span);
    errors.truncate(MOST_DIAGNOSTICS);
    Err(errors)
}

impl Parser<'_> {
    fn program(&mut self) -> RaceProgram {
        let mut items = Vec::new();
        loop {
            self.skip_ends();
            if self.peek().kind == TokenKind::End {
                return RaceProgram { items };
            }
            let item = self.item().and_then(|item| {
                self.end_of_statement()?;
                Ok(item)
            });
            match item {
                Ok(item) => items.push(item),
                Err(error) => {
                    self.open.clear();
                    self.recover(*error);
                }
            }
        }
    }

    fn item(&mut self) -> Parsed<Node<Item>> {
        let start = self.span();
        if self.take_sign("}") {
            return Err(Diagnostic::new(start, "unmatched '}'"));
        }
        let Some(word) = self.peek_word() else {
            return Err(self.unexpected("a declaration or a thread"));
        };
        if matches!(word, "thread" | "threads") {
            return self.threads();
        }
        self.advance();
        let value = match word {
            "param" => {
                let name = self.name("the name of a parameter")?;
                self.expect_sign("=", "and a number")?;
                Item::Parameter(name, self.expression()?)
            }
            "shared" => Item::Shared(self.list(Self::declaration)?),
            "mutex" => Item::Objects(Sort::Mutex, self.list(Self::declaration)?),
            "semaphore" => Item::Objects(Sort::Semaphore, self.list(Self::declaration)?),
            "barrier" => Item::Objects(Sort::Barrier, self.list(Self::declaration)?),
            "rwlock" => {
                let declared = self.list(Self::declaration)?;
                Item::Objects(Sort::RwLock(self.preference()?), declared)
            }
            "condition" => {
                let declared = self.list(Self::declaration)?;
                if !self.take_word("on") {
                    return Err(self.unexpected("'on' and the name of a mutex"));
                }
                let mutex = self.name("the name of a mutex")?;
                Item::Objects(Sort::Condition(mutex), declared)
            }
            "spurious" if self.take_word("on") => Item::Spurious,
            "spurious" => return Err(self.unexpected("'on'")),
            "show" => Item::Show(self.list(Self::expression)?),
            "expect" => Item::Expect(self.condition()?),
            "goal" => {
                let target = self.target()?;
                Item::Goal(target, self.quoted("the goal in words, in double quotes")?)
            }
            _ => match (Topic::spelt(word), Quantifier::spelt(word)) {
                (Some(topic), _) => Item::Topic(topic, self.quoted("a text in double quotes")?),
                (_, Some(quantifier)) => {
                    let target = self.target()?;
                    let under = self.take_word("under");
                    if under && !self.take_word("tso") {
                        return Err(self.unexpected("'tso'"));
                    }
                    Item::Claim(quantifier, target, under)
                }
                _ => {
                    self.retreat();
                    return Err(self.not_an_item(word));
                }
            },
        };
        let span = start.to(self.last_span());
        Ok(Node { value, span })
    }

    fn not_an_item(&mut self, word: &str) -> Box<Diagnostic> {
        if is_reserved(word) || matches!(self.peek_second(), TokenKind::Sign(_)) {
            let error = Diagnostic::new(self.span(), "a statement outside of threads");
            return error
                .label("belongs in 'thread NAME { }' or 'threads N { }'")
                .note(match word {
                    "assert" => "'expect CONDITION' says what is to hold when all threads are done",
                    _ => "'shared x = 0' sets the initial value of a shared variable",
                });
        }
        let topics = Topic::ALL.iter().map(|one| one.spelling());
        let quantifiers = Quantifier::ALL.iter().map(|one| one.spelling());
        let known: Vec<_> = BEGINNINGS
            .into_iter()
            .chain(topics)
            .chain(quantifiers)
            .collect();
        self.unknown_word("a declaration or a thread", &known)
    }

    fn threads(&mut self) -> Parsed<Node<Item>> {
        let start = self.span();
        let (name, count) = if self.take_word("threads") {
            (None, Some(self.expression()?))
        } else if self.peek_second() == &TokenKind::Sign("{") {
            self.advance();
            (None, None)
        } else {
            self.advance();
            let name = self.name("the name of a thread")?;
            let is_many = self.take_sign("*");
            let count = is_many.then(|| self.expression()).transpose()?;
            (Some(name), count)
        };
        let span = start.to(self.last_span());
        let body = self.body("the thread")?;
        Ok(Node::new(Item::Threads { name, count, body }, span))
    }

    fn declaration(&mut self) -> Parsed<Declaration> {
        let name = self.name("a name")?;
        let is_array = self.is_sign("[");
        let length = is_array.then(|| self.between("[", "]", Self::expression));
        let length = length.transpose()?;
        let start = if !self.take_sign("=") {
            None
        } else if self.is_sign("[") {
            let opened = self.span();
            let value = self.between("[", "]", |parser| parser.list(Self::expression))?;
            let span = opened.to(self.last_span());
            Some(Start::Each(Node { value, span }))
        } else {
            Some(Start::All(self.expression()?))
        };
        Ok(Declaration {
            name,
            length,
            start,
        })
    }

    fn preference(&mut self) -> Parsed<Preference> {
        let preference = match self.peek_word() {
            Some("writers") => Preference::WritersFirst,
            Some("readers") => Preference::ReadersFirst,
            _ => return Ok(Preference::WritersFirst),
        };
        self.advance();
        if self.take_sign("-") && self.take_word("first") {
            return Ok(preference);
        }
        Err(self.unexpected("'writers-first' or 'readers-first'"))
    }

    fn target(&mut self) -> Parsed<Node<Target<Expression>>> {
        let start = self.span();
        let value = match self.peek_word() {
            Some("deadlock") => Target::Deadlock,
            Some("livelock") => Target::Livelock,
            Some("assertion") => Target::Assertion,
            Some("fault") => Target::Fault,
            _ => {
                let condition = self.condition()?;
                let span = condition.span;
                return Ok(Node::new(Target::Values(condition), span));
            }
        };
        self.advance();
        Ok(Node { value, span: start })
    }

    fn quoted(&mut self, what: &str) -> Parsed<Spelling> {
        let span = self.span();
        let TokenKind::Text(value) = self.peek().kind.clone() else {
            return Err(self.unexpected(what));
        };
        self.advance();
        Ok(Node { value, span })
    }
}
