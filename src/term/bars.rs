//! The bars of requests: how far they are, and how that is drawn on a terminal.

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressStyle};
use textwrap::core::display_width;

use super::margin;
use super::screen::{cut, padded};
use crate::requests::{Event, Tree};

/// The most requests that have a bar each: more do not fit on a screen.
const MOST_BARS: usize = 16;

/// On narrower terminals a row has no room for a name, a bar and words.
const LEAST_WIDTH: usize = 36;

/// The most of a row that a name takes: one part in so many.
const NAME_SHARE: usize = 4;

/// How far the requests are.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    /// Each by itself; the first is that of node 1.
    Each(Vec<Row>),
    /// All together.
    All(All),
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
    /// The steps that there will be, where that is known.
    to_do: Option<u64>,
}

impl Standing {
    /// The requests of this tree: each, where the terminal has room for that.
    pub(super) fn new(tree: &Tree) -> Self {
        let count = tree.requests().len();
        let (width, height) = margin::size();
        if count > MOST_BARS || count >= height || width < LEAST_WIDTH {
            return Self::all(tree, None);
        }
        let row = |node| Row {
            name: tree.name(node).into(),
            steps: 0,
            items: None,
            ended: None,
        };
        Self::Each(tree.requests().map(row).collect())
    }

    /// The requests of this tree, all together, with the steps that there will be.
    pub(super) fn all(tree: &Tree, to_do: Option<u64>) -> Self {
        Self::All(All {
            requests: tree.requests().len() as u64,
            steps: 0,
            ended: 0,
            to_do,
        })
    }

    /// Remembers what has happened.
    pub(super) fn note(&mut self, event: &Event) {
        match (self, event) {
            (_, Event::Waiting) => {}
            (Self::All(all), Event::Step { .. }) => all.steps += 1,
            (Self::All(all), Event::Ended { .. }) => all.ended += 1,
            (
                Self::Each(rows),
                Event::Step {
                    request,
                    step,
                    items,
                    ..
                },
            ) => {
                let row = &mut rows[request - 1];
                (row.steps, row.items) = (*step, Some(*items));
            }
            (Self::Each(rows), Event::Ended { request, outcome }) => {
                let row = &mut rows[request - 1];
                (row.steps, row.items) = (outcome.steps, Some(outcome.items));
                row.ended = Some(outcome.reason.name());
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
    all: MultiProgress,
    bars: Vec<ProgressBar>,
}

impl Bars {
    /// Bars for these requests.
    pub(super) fn new(standing: &Standing, ascii: bool) -> Self {
        let all = MultiProgress::with_draw_target(margin::stderr());
        let bar = || all.add(ProgressBar::new(1).with_style(style(ascii)));
        let bars = match standing {
            Standing::Each(rows) => rows.iter().map(|_| bar()).collect(),
            Standing::All(_) => vec![bar()],
        };
        Self { all, bars }
    }

    /// Draws them, bars below bars. What is too long for the terminal is cut.
    pub(super) fn draw(&self, standing: &Standing) {
        let (width, _) = margin::size();
        match standing {
            Standing::Each(rows) => self.draw_each(rows, width),
            Standing::All(all) => self.draw_all(all, width),
        }
        // Whatever was asked for too soon after the last drawing has been left out until now.
        if let Some(bar) = self.bars.last() {
            bar.force_draw();
        }
    }

    fn draw_each(&self, rows: &[Row], width: usize) {
        let most = width / NAME_SHARE;
        let names: Vec<_> = rows.iter().map(|row| cut(&row.name, most)).collect();
        let name_width = widest(&names);
        let most = width.saturating_sub(name_width + 3);
        let words: Vec<_> = rows.iter().map(|row| cut(&row.words(), most)).collect();
        let words_width = widest(&words);
        for (((bar, row), name), words) in self.bars.iter().zip(rows).zip(&names).zip(&words) {
            bar.set_prefix(padded(name, name_width) + " ");
            bar.set_length(row.items.unwrap_or(1));
            bar.set_position(row.steps);
            bar.set_message(padded(words, words_width));
        }
    }

    fn draw_all(&self, all: &All, width: usize) {
        let words = format!(
            "{} steps, {} of {} ended",
            HumanCount(all.steps),
            HumanCount(all.ended),
            HumanCount(all.requests)
        );
        for bar in &self.bars {
            bar.set_length(all.to_do.unwrap_or(all.requests));
            bar.set_position(all.to_do.map_or(all.ended, |_| all.steps));
            bar.set_message(cut(&words, width.saturating_sub(2)));
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
