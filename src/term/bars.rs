//! The bars of requests: how far they are, and how that is drawn on a terminal.

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressStyle};
use textwrap::core::display_width;

use super::margin;
use super::screen::{cut, fitting, padded};
use crate::requests::{Event, Tree};

/// The most requests that have a bar each: more do not fit on a screen.
const MOST_BARS: usize = 16;

/// On narrower terminals a row has no room for a name, a bar and words.
const LEAST_WIDTH: usize = 36;

/// The most of a row that a name takes: one part in so many.
const NAME_SHARE: usize = 4;

/// How far the requests are.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// Each by itself, the first is that of node 1; nobody, where they are too many for a screen.
    each: Vec<Row>,
    /// All together.
    all: All,
}

/// A request, and how far it is.
#[derive(Clone, Debug)]
pub(super) struct Row {
    name: String,
    steps: u64,
    /// Nothing before the first step.
    items: Option<u64>,
    /// How it ended.
    ended: Option<&'static str>,
}

/// How far all are together.
#[derive(Clone, Debug)]
pub(super) struct All {
    requests: u64,
    steps: u64,
    ended: u64,
    /// The steps that there will be, unless somebody stops them.
    to_do: u64,
}

impl Standing {
    /// The requests of this tree, which will do so many steps: each, where the terminal has room
    /// for that.
    pub(super) fn new(tree: &Tree, to_do: u64) -> Self {
        let row = |node| Row {
            name: tree.name(node).into(),
            steps: 0,
            items: None,
            ended: None,
        };
        let mut standing = Self::all(tree, to_do);
        if tree.requests().len() <= MOST_BARS {
            standing.each = tree.requests().map(row).collect();
        }
        standing
    }

    /// The same, but always all together.
    pub(super) fn all(tree: &Tree, to_do: u64) -> Self {
        let all = All {
            requests: tree.requests().len() as u64,
            steps: 0,
            ended: 0,
            to_do,
        };
        let each = Vec::new();
        Self { each, all }
    }

    /// Whether each has a bar on a terminal of so many columns and lines.
    fn is_each(&self, (width, height): (usize, usize)) -> bool {
        !self.each.is_empty() && self.each.len() < height && width >= LEAST_WIDTH
    }

    /// Takes note of an event.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Step {
                request,
                step,
                items,
                ..
            } => {
                self.all.steps += 1;
                if let Some(row) = self.each.get_mut(request - 1) {
                    (row.steps, row.items) = (*step, Some(*items));
                }
            }
            Event::Ended { request, outcome } => {
                self.all.ended += 1;
                if let Some(row) = self.each.get_mut(request - 1) {
                    (row.steps, row.items) = (outcome.steps, Some(outcome.items));
                    row.ended = Some(outcome.reason.name());
                }
            }
        }
    }
}

impl Row {
    fn words(&self) -> String {
        let Some(items) = self.items else {
            return "no step yet".into();
        };
        match self.ended {
            None => format!("step {} of {items}", self.steps),
            Some(ended) => format!("{} of {items}, {ended}", self.steps),
        }
    }
}

/// What is drawn on the terminal.
#[derive(Debug)]
pub(super) struct Bars {
    ascii: bool,
    /// That of the terminal, when they were drawn.
    size: (usize, usize),
    all: MultiProgress,
    drawn: Vec<ProgressBar>,
}

impl Bars {
    /// Bars for requests, of which none is drawn yet.
    pub(super) fn new(ascii: bool) -> Self {
        Self {
            ascii,
            size: margin::size(),
            all: MultiProgress::with_draw_target(margin::stderr()),
            drawn: Vec::new(),
        }
    }

    /// Whether the terminal is no longer as it was when they were drawn.
    pub(super) fn is_resized(&self) -> bool {
        self.size != margin::size()
    }

    /// Draws them, bars below bars. What is too long for the terminal is cut.
    pub(super) fn draw(&mut self, standing: &Standing) {
        self.size = margin::size();
        let is_each = standing.is_each(self.size);
        self.provide(if is_each { standing.each.len() } else { 1 });
        let (width, _) = self.size;
        if is_each {
            self.draw_each(&standing.each, width);
        } else {
            self.draw_all(&standing.all);
        }
        // Whatever was asked for too soon after the last drawing has been left out until now.
        if let Some(bar) = self.drawn.last() {
            bar.force_draw();
        }
    }

    /// Provides so many bars, in place of those that are there.
    fn provide(&mut self, count: usize) {
        if self.drawn.len() == count {
            return;
        }
        self.clear();
        for bar in self.drawn.drain(..) {
            self.all.remove(&bar);
        }
        let bar = || ProgressBar::new(1).with_style(style(self.ascii));
        self.drawn.extend((0..count).map(|_| self.all.add(bar())));
    }

    fn draw_each(&self, rows: &[Row], width: usize) {
        let most = width / NAME_SHARE;
        let names: Vec<_> = rows.iter().map(|row| cut(&row.name, most)).collect();
        let name_width = widest(&names);
        let most = width.saturating_sub(name_width + 3);
        let words: Vec<_> = rows.iter().map(|row| cut(&row.words(), most)).collect();
        let words_width = widest(&words);
        for (((bar, row), name), words) in self.drawn.iter().zip(rows).zip(&names).zip(&words) {
            bar.set_prefix(padded(name, name_width) + " ");
            bar.set_length(row.items.unwrap_or(1));
            bar.set_position(row.steps);
            bar.set_message(padded(words, words_width));
        }
    }

    fn draw_all(&self, all: &All) {
        let steps = format!("{} steps", HumanCount(all.steps));
        let (ended, requests) = (HumanCount(all.ended), HumanCount(all.requests));
        let words = [steps, format!("{ended} of {requests} ended")];
        for bar in &self.drawn {
            bar.set_prefix("");
            bar.set_length(all.to_do);
            bar.set_position(all.steps);
            bar.set_message(fitting(&words, margin::room()));
        }
    }

    /// Takes them off the screen.
    pub(super) fn clear(&self) {
        // Nobody is there to be told if that fails.
        let _ = self.all.clear();
    }
}

fn widest(texts: &[String]) -> usize {
    let widths = texts.iter().map(|text| display_width(text));
    widths.max().unwrap_or(0)
}

fn style(ascii: bool) -> ProgressStyle {
    let style = ProgressStyle::with_template("{prefix}{wide_bar} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    if ascii {
        style.progress_chars("#>.")
    } else {
        style
    }
}
