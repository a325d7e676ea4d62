//! The blocks of a document.

use maud::{Markup, PreEscaped, html};

use super::player::player;
use super::steps::{lanes, steps};
use super::table::{entries, table};
use crate::page::{Block, Document, Section, Text};
use crate::picture;
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
    /// The level of the heading of the report that is being written.
    level: usize,
    /// The scripts that the blocks so far need, each once.
    scripts: Vec<Script>,
    /// The number of ids that have been given.
    ids: usize,
}

impl Writer {
    pub(super) fn new(quiet: bool) -> Self {
        Self {
            quiet,
            level: 1,
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

    /// Returns a whole report under a heading of the present level.
    pub(super) fn report(&mut self, document: &Document<'_>) -> Markup {
        html! {
            (heading(self.level, &words(&document.title)))
            (self.blocks(&document.lead))
            @for section in &document.sections { (self.section(section)) }
            @if !document.made.is_empty() {
                footer {
                    dl {
                        @for (name, fact) in &document.made {
                            div { dt { (name) } dd { (words(fact)) } }
                        }
                    }
                }
            }
        }
    }

    /// Returns a section, unless nothing of it is shown.
    fn section(&mut self, section: &Section<'_>) -> Markup {
        self.level += 1;
        let blocks = self.blocks(&section.blocks);
        self.level -= 1;
        let title = section.heading.as_ref().filter(|title| !title.is_empty());
        html! {
            @if !blocks.0.is_empty() {
                @if let Some(title) = title {
                    section { (heading(self.level + 1, &words(title))) (blocks) }
                } @else {
                    div class="part" { (blocks) }
                }
            }
        }
    }

    fn block(&mut self, block: &Block<'_>) -> Markup {
        match block {
            Block::Words(text) if text.is_empty() => PreEscaped(String::new()),
            Block::Words(text) => html! { p { (words(text)) } },
            Block::Table(of) => table(of),
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
            Block::Strip(run) => figure(&picture::strip(run)),
            Block::Curves(of) => figure(&picture::curves(of)),
            Block::Folded(instead, blocks) => html! {
                details { summary { (words(instead)) } (self.blocks(blocks)) }
            },
            Block::Report(of) => {
                self.level += 1;
                let report = html! { article { (self.report(of)) } };
                self.level -= 1;
                report
            }
            Block::Command(purpose, command) => html! {
                p { (words(purpose)) ": " code class="command" { (command) } }
            },
            Block::Commands(of) => commands(of),
            // Every column is shown.
            Block::Glossary(terms) => html! {
                p class="glossary" {
                    @for (_, sentence) in terms {
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

/// Returns a picture in a frame that scrolls where the page is too narrow for its letters.
fn figure(svg: &str) -> Markup {
    html! {
        figure class="scroll" tabindex="0" role="group" aria-label="Picture" { (PreEscaped(svg)) }
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

/// Returns a heading of this level, without the colon that it may end with at a terminal.
fn heading(level: usize, title: &Markup) -> Markup {
    let text = title.0.trim_end();
    let (text, end) = match text.rfind("</") {
        Some(end) if text.ends_with('>') => text.split_at(end),
        _ => (text, ""),
    };
    let title = PreEscaped(format!("{}{end}", text.trim_end_matches(':')));
    html! {
        @match level {
            1 => h1 { (title) },
            2 => h2 { (title) },
            3 => h3 { (title) },
            4 => h4 { (title) },
            5 => h5 { (title) },
            _ => h6 { (title) },
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
