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
    /// In how many blocks that are folded away it is.
    folded: usize,
    /// The headings so far, but for the title and for those that are folded away.
    contents: Vec<Entry>,
    /// The scripts that the blocks so far need, each once.
    scripts: Vec<Script>,
    /// The number of ids that have been given.
    ids: usize,
}

/// A heading in the contents.
struct Entry {
    level: usize,
    id: String,
    title: String,
}

/// A page with fewer parts needs no contents.
const FEW_PARTS: usize = 8;

/// Returns links to the parts of a long page.
fn contents(parts: &[Entry]) -> Markup {
    html! {
        @if parts.len() >= FEW_PARTS {
            nav aria-label="Contents" {
                ul {
                    @for chapter in parts.chunk_by(|_, next| next.level > 2) {
                        li {
                            a href={ "#" (chapter[0].id) } { (chapter[0].title) }
                            @if chapter.len() > 1 {
                                ul {
                                    @for part in &chapter[1..] {
                                        li { a href={ "#" (part.id) } { (part.title) } }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Writer {
    pub(super) fn new(quiet: bool) -> Self {
        Self {
            quiet,
            level: 1,
            folded: 0,
            contents: Vec::new(),
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

    /// Returns a heading of this level, without the colon that it may end with at a terminal.
    fn heading(&mut self, level: usize, title: &Text) -> Markup {
        let id = self.id("part");
        let words = words(title);
        let text = words.0.trim_end();
        let (text, end) = match text.rfind("</") {
            Some(end) if text.ends_with('>') => text.split_at(end),
            _ => (text, ""),
        };
        let shown = PreEscaped(format!("{}{end}", text.trim_end_matches(':')));
        if self.folded == 0 && (2..=3).contains(&level) {
            let title = title.plain().trim_end_matches(':').to_owned();
            let id = id.clone();
            self.contents.push(Entry { level, id, title });
        }
        html! {
            @match level {
                1 => h1 id=(id) { (shown) },
                2 => h2 id=(id) { (shown) },
                3 => h3 id=(id) { (shown) },
                4 => h4 id=(id) { (shown) },
                5 => h5 id=(id) { (shown) },
                _ => h6 id=(id) { (shown) },
            }
        }
    }

    /// Returns a whole report under a heading of the present level.
    pub(super) fn report(&mut self, document: &Document<'_>) -> Markup {
        let title = self.heading(self.level, &document.title);
        let report = html! {
            (self.blocks(&document.lead))
            @for section in &document.sections { (self.section(section)) }
        };
        html! {
            (title)
            @if self.level == 1 { (contents(&self.contents)) }
            (report)
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
        let title = section.heading.as_ref().filter(|title| !title.is_empty());
        self.level += usize::from(title.is_some());
        let known = self.contents.len();
        let heading = title.map(|title| self.heading(self.level, title));
        let blocks = self.blocks(&section.blocks);
        self.level -= usize::from(title.is_some());
        if blocks.0.is_empty() {
            self.contents.truncate(known);
        }
        html! {
            @if !blocks.0.is_empty() {
                @if let Some(heading) = heading {
                    section { (heading) (blocks) }
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
            Block::Steps(happenings, threads, waiting) => steps(happenings, *threads, waiting),
            Block::Lanes(of) => lanes(of),
            Block::Strip(run) => figure(&picture::strip(run)),
            Block::Curves(of) => figure(&picture::curves(of)),
            Block::Folded(instead, blocks) => {
                self.folded += 1;
                let blocks = self.blocks(blocks);
                self.folded -= 1;
                html! { details { summary { (words(instead)) } (blocks) } }
            }
            Block::Reports(of) => {
                self.level += 1;
                let reports = html! {
                    div class="reports" {
                        @for (place, report) in of.iter().enumerate() {
                            // The contents name the first; the others belong to it.
                            @let folded = self.folded;
                            @let () = self.folded += usize::from(place > 0);
                            article { (self.report(report)) }
                            @let () = self.folded = folded;
                        }
                    }
                };
                self.level -= 1;
                reports
            }
            Block::Command(purpose, command) => html! {
                p { (words(purpose)) ": " code class="command" { (command) } }
            },
            Block::Commands(of) => commands(of),
            // Every column is shown.
            Block::Glossary(terms) => html! {
                details class="glossary" {
                    summary { "What the columns mean" }
                    p {
                        @for (_, sentence) in terms {
                            (words(sentence)) " "
                        }
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
            Tone::Plain => (plain(words)),
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

/// Returns plain words; what stands between backticks is code.
fn plain(words: &str) -> Markup {
    let pieces: Vec<_> = words.split('`').collect();
    let is_code = |place: usize| place % 2 == 1 && place + 1 < pieces.len();
    html! {
        @for (place, piece) in pieces.iter().enumerate() {
            @if is_code(place) {
                code { (piece) }
            } @else {
                @if place % 2 == 1 { "`" }
                (piece)
            }
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
