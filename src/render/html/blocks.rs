//! The blocks of a document.

use maud::{Markup, PreEscaped, html};

use super::player::player;
use super::steps::{lanes, steps};
use super::table::{entries, table};
use crate::page::{BARS, Block, Text};
use crate::record::CommandRecord;
use crate::term::Tone;

/// A script, with its style sheet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) code: &'static str,
    pub(super) style: &'static str,
}

/// The state of a page that is being written.
pub(super) struct Writer {
    quiet: bool,
    /// The scripts that the blocks so far need, each once.
    scripts: Vec<Script>,
    /// The number of ids that have been given.
    ids: usize,
}

impl Writer {
    pub(super) fn new(quiet: bool) -> Self {
        Self {
            quiet,
            scripts: Vec::new(),
            ids: 0,
        }
    }

    /// Returns the scripts that the page needs, in the order of the blocks that need them.
    pub(super) fn scripts(&self) -> &[Script] {
        &self.scripts
    }

    /// Puts a script into the page; the same script only once.
    pub(super) fn needs(&mut self, script: Script) {
        if !self.scripts.contains(&script) {
            self.scripts.push(script);
        }
    }

    /// Returns an id that nothing else on the page has.
    pub(super) fn id(&mut self, name: &str) -> String {
        self.ids += 1;
        format!("{name}-{}", self.ids)
    }

    pub(super) fn blocks(&mut self, blocks: &[Block<'_>]) -> Markup {
        html! {
            @for block in blocks { (self.block(block)) }
        }
    }

    fn block(&mut self, block: &Block<'_>) -> Markup {
        match block {
            Block::Words(text) if text.is_empty() => PreEscaped(String::new()),
            Block::Words(text) => html! { p { (words(text)) } },
            Block::Table(of) => table(of, self),
            Block::Facts(facts) => html! {
                dl {
                    @for (name, fact) in facts {
                        div { dt { (name) } dd { (words(fact)) } }
                    }
                }
            },
            Block::Entries(headings, rows) => entries(headings, rows),
            Block::Code(language, code) => html! {
                pre tabindex="0" { code class={ "language-" (language) } { (code) } }
            },
            Block::Steps(happenings, threads) => steps(happenings, *threads),
            Block::Lanes(of) => lanes(of),
            Block::Strip(_) => PreEscaped(String::new()),
            Block::Command(purpose, command) => html! {
                p { (words(purpose)) ": " code class="command" { (command) } }
            },
            Block::Commands(of) => commands(of),
            // Every column is shown, and bars are explained only where there are any.
            Block::Glossary(terms) => html! {
                p class="glossary" {
                    @for (_, sentence) in terms.iter().filter(|(term, _)| *term != BARS) {
                        (words(sentence)) " "
                    }
                }
            },
            Block::Advice(_) if self.quiet => PreEscaped(String::new()),
            Block::Advice(blocks) => self.blocks(blocks),
            Block::Player(of) => player(of, self),
            Block::Gap => PreEscaped(String::new()),
        }
    }
}

fn commands(commands: &[CommandRecord]) -> Markup {
    html! {
        dl class="commands" {
            @for typed in commands {
                div { dt { (typed.purpose) } dd { code class="command" { (typed.command) } } }
            }
        }
    }
}

/// Returns words, each piece with its tone.
pub(super) fn words(text: &Text) -> Markup {
    html! {
        @for (tone, words) in text.pieces() { (toned(tone, words)) }
    }
}

/// Returns words in a tone.
pub(super) fn toned(tone: Tone, words: &str) -> Markup {
    html! {
        @match tone {
            Tone::Plain => (words),
            Tone::Strong => strong { (words) },
            Tone::Code => code { (words) },
            Tone::Command => code class="command" { (words) },
            Tone::Name => code class="name" { (words) },
            Tone::Good | Tone::Lost | Tone::Faint => @if !words.is_empty() {
                span class=(class(tone)) { (words) }
            },
        }
    }
}

/// Returns the class of what has this tone.
pub(super) fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "good",
        Tone::Lost => "lost",
        Tone::Faint => "faint",
        Tone::Strong | Tone::Name => "strong",
        Tone::Plain | Tone::Code | Tone::Command => "plain",
    }
}
