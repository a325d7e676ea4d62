//! What is wrong with a program, and how it is shown beside the source.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::source::{SourceFile, Span};

/// The most diagnostics that are given at once.
pub(super) const MOST_DIAGNOSTICS: usize = 10;

/// The longest line that is shown whole, in bytes; of a longer one, this much on either side.
const LONGEST_LINE: usize = 1000;

/// The width that lines of the source are cut to, in columns.
const WIDTH: usize = 80;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong: begins with a small letter, without a full stop.
    pub message: String,
    /// Where; `None` if it is not in the source.
    pub span: Option<Span>,
    /// What is said at that place; may be empty.
    pub label: String,
    /// Other places that have to do with it, and what is said there.
    pub related: Vec<(Span, String)>,
    /// Why it is wrong.
    pub notes: Vec<String>,
    /// What would be right.
    pub suggestion: Option<String>,
}

/// A diagnostic on its way out of a function.
pub(super) type Failure = Box<Diagnostic>;

impl Diagnostic {
    pub(super) fn new(span: Span, message: impl Into<String>) -> Failure {
        let mut diagnostic = Self::nowhere(message);
        diagnostic.span = Some(span);
        diagnostic
    }

    pub(super) fn nowhere(message: impl Into<String>) -> Failure {
        Box::new(Self {
            message: message.into(),
            span: None,
            label: String::new(),
            related: Vec::new(),
            notes: Vec::new(),
            suggestion: None,
        })
    }

    pub(super) fn label(mut self: Failure, label: impl Into<String>) -> Failure {
        self.label = label.into();
        self
    }

    pub(super) fn related(mut self: Failure, span: Span, label: impl Into<String>) -> Failure {
        self.related.push((span, label.into()));
        self
    }

    pub(super) fn note(mut self: Failure, note: impl Into<String>) -> Failure {
        self.notes.push(note.into());
        self
    }

    pub(super) fn suggest(mut self: Failure, suggestion: impl Into<Option<String>>) -> Failure {
        self.suggestion = suggestion.into().or(self.suggestion);
        self
    }

    /// Returns it as text in plain ASCII, beside the lines of the source that it speaks of.
    pub fn render(&self, source: &SourceFile) -> String {
        let excerpt = Excerpt::new(source, self);
        let name = source.name().escape_debug().to_string();
        let mut snippet = Snippet::source(&*excerpt.text)
            .path(name.clone())
            .line_start(excerpt.first_line);
        if let Some(span) = self.span {
            let primary = AnnotationKind::Primary.span(excerpt.place(span).range());
            snippet = snippet.annotation(primary.label(&*self.label));
        }
        for (span, label) in &self.related {
            let context = AnnotationKind::Context.span(excerpt.place(*span).range());
            snippet = snippet.annotation(context.label(&**label));
        }
        let title = Level::ERROR.primary_title(&*self.message);
        let group = Group::with_title(title);
        let group = if self.span.is_some() {
            group.element(snippet)
        } else {
            group.element(Origin::path(name))
        };
        let notes = self.notes.iter().map(|note| Level::NOTE.message(&**note));
        let suggestion = self.suggestion.iter();
        let suggestion = suggestion.map(|suggestion| Level::HELP.message(&**suggestion));
        let group = group.elements(notes.chain(suggestion));
        let renderer = Renderer::plain().decor_style(DecorStyle::Ascii);
        renderer.term_width(WIDTH).render(&[group])
    }
}

/// The diagnostics so far: no more than are shown, so that a program wrong in each of its hundred
/// thousand lines costs no more than one wrong in ten.
#[derive(Debug, Default)]
pub(super) struct Errors {
    kept: Vec<Diagnostic>,
}

impl Errors {
    pub(super) fn push(&mut self, error: Diagnostic) {
        if !self.is_full() {
            self.kept.push(error);
        }
    }

    /// Keeps the error of a result, and returns its value.
    pub(super) fn check<T>(&mut self, result: Result<T, Failure>) -> Option<T> {
        result.map_err(|error| self.push(*error)).ok()
    }

    pub(super) fn is_full(&self) -> bool {
        self.kept.len() >= MOST_DIAGNOSTICS
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// Returns all, in order of their places.
    pub(super) fn sorted(mut self) -> Vec<Diagnostic> {
        self.kept.sort_by_key(|error| error.span);
        self.kept
    }
}

/// Returns diagnostics as text, one below the other.
pub fn render(diagnostics: &[Diagnostic], source: &SourceFile) -> String {
    let each = diagnostics.iter();
    let texts: Vec<_> = each.map(|diagnostic| diagnostic.render(source)).collect();
    texts.join("\n\n")
}

/// The part of a source that a diagnostic speaks of. A renderer given a source of one mebibyte for
/// one underlined word would read all of it.
struct Excerpt {
    text: String,
    /// Where the text begins in the source.
    start: usize,
    first_line: usize,
}

impl Excerpt {
    fn new(source: &SourceFile, diagnostic: &Diagnostic) -> Self {
        let text = source.text();
        let spans = diagnostic.related.iter().map(|(span, _)| *span);
        let all = diagnostic.span.into_iter().chain(spans);
        let all = all.reduce(Span::to).unwrap_or_default();
        let start = text[..all.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[all.end..]
            .find('\n')
            .map_or(text.len(), |at| all.end + at);
        let end = text[..end].strip_suffix('\r').map_or(end, str::len);
        let end = end.max(all.end);
        let start = text.floor_char_boundary(start.max(all.start.saturating_sub(LONGEST_LINE)));
        let end = text.ceil_char_boundary(end.min(all.end + LONGEST_LINE));
        // The renderer spells other control characters; a dot has as many bytes as these.
        let steers = |c| ('\u{80}'..='\u{9f}').contains(&c);
        Self {
            text: text[start..end].replace(steers, "\u{b7}"),
            start,
            first_line: source.line_number(all),
        }
    }

    fn place(&self, span: Span) -> Span {
        Span {
            start: span.start - self.start,
            end: span.end - self.start,
        }
    }
}

/// Returns the candidate that is spelt most like a word, quoted in a question; `None` if none is
/// near.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let near = known.into_iter().map(|candidate| {
        let likeness = strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase());
        (likeness, candidate)
    });
    let best = near
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, candidate)| format!("did you mean '{candidate}'?"))
}

/// Returns a word as it fits into a sentence.
pub(super) fn shortened(word: &str) -> String {
    const MOST: usize = 30;
    if word.chars().count() <= MOST {
        return word.into();
    }
    word.chars().take(MOST).chain(['.', '.', '.']).collect()
}
