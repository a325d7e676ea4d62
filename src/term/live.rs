//! The state of requests, to be shown while they go on: one thread notes their events, another shows
//! the state, see [`LiveDisplay`](super::LiveDisplay).

use std::mem;

use indicatif::HumanCount;
use textwrap::core::display_width;

use super::margin;
use super::screen::{cut, fitting, padded};
use crate::requests::{Event, Tree};

/// The most requests that have a bar each: more do not fit on a screen.
const MOST_BARS: usize = 16;

/// On narrower terminals a row has no room for a name, a bar and words.
const LEAST_WIDTH: usize = 36;

/// A name takes at most this part of a row: a quarter.
const NAME_SHARE: usize = 4;

/// The most bytes of lines that wait to be written. More are left out.
const MOST_UNWRITTEN: usize = 8 << 20;

/// What there is to see.
#[derive(Clone, Debug)]
pub struct LiveState(pub(super) View);

#[derive(Clone, Debug)]
pub(super) enum View {
    Bars(Standing),
    Lines(Lines),
}

impl LiveState {
    /// Returns a state with a bar for each request, if the terminal has room for that, else with
    /// one for all; all requests together will do this number of steps.
    pub fn bars(tree: &Tree, steps: u64) -> Self {
        let row = |node| Row {
            name: tree.name(node).into(),
            steps: 0,
            items: None,
            ended: None,
        };
        let mut standing = Standing::new(tree, steps);
        if tree.requests().len() <= MOST_BARS {
            standing.each = tree.requests().map(row).collect();
        }
        Self(View::Bars(standing))
    }

    /// Returns a state with one bar for all requests, which will do this number of steps.
    pub fn one_bar(tree: &Tree, steps: u64) -> Self {
        Self(View::Bars(Standing::new(tree, steps)))
    }

    /// Returns a state that is shown line after line.
    pub fn lines() -> Self {
        Self(View::Lines(Lines::default()))
    }

    /// Whether it consists of lines, which are all to be shown; of bars, only the latest state is.
    pub fn is_lines(&self) -> bool {
        matches!(self.0, View::Lines(_))
    }

    /// Takes note of an event.
    pub fn note(&mut self, tree: &Tree, event: &Event) {
        match &mut self.0 {
            View::Bars(bars) => bars.note(event),
            View::Lines(lines) => lines.note(tree, event),
        }
    }

    /// Returns what is to be shown now. Lines are returned once.
    #[must_use]
    pub fn take(&mut self) -> Self {
        Self(match &mut self.0 {
            View::Bars(bars) => View::Bars(bars.clone()),
            View::Lines(lines) => View::Lines(mem::take(lines)),
        })
    }
}

/// How far the requests are.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    /// Each request, the first being node 1; empty if they share a bar.
    each: Vec<Row>,
    requests: u64,
    /// The steps of all requests so far.
    steps: u64,
    /// The requests that have ended.
    ended: u64,
    /// The steps of all requests unless some are stopped.
    to_do: u64,
}

/// A request, and how far it is.
#[derive(Clone, Debug)]
struct Row {
    name: String,
    steps: u64,
    /// `None` before the first step.
    items: Option<u64>,
    /// How it ended.
    ended: Option<&'static str>,
}

/// A bar, with texts to its left and right.
pub(super) struct Bar {
    pub(super) prefix: String,
    pub(super) position: u64,
    pub(super) length: u64,
    pub(super) message: String,
}

impl Standing {
    fn new(tree: &Tree, to_do: u64) -> Self {
        Self {
            each: Vec::new(),
            requests: tree.requests().len() as u64,
            steps: 0,
            ended: 0,
            to_do,
        }
    }

    fn note(&mut self, event: &Event) {
        let (request, steps, items, ended) = match event {
            Event::Step {
                request,
                step,
                items,
                ..
            } => (request, *step, *items, None),
            Event::Ended { request, outcome } => {
                let ended = Some(outcome.reason.name());
                (request, outcome.steps, outcome.items, ended)
            }
        };
        match ended {
            None => self.steps += 1,
            Some(_) => self.ended += 1,
        }
        if let Some(row) = self.each.get_mut(request - 1) {
            (row.steps, row.items, row.ended) = (steps, Some(items), ended);
        }
    }

    /// Returns the bars that fit on a terminal of this many columns and lines: one for each request,
    /// else one for all. Texts that are too long are cut.
    pub(super) fn bars(&self, (width, height): (usize, usize)) -> Vec<Bar> {
        if self.each.is_empty() || self.each.len() >= height || width < LEAST_WIDTH {
            return vec![self.one_bar()];
        }
        let rows = self.each.iter();
        let names = in_a_column(rows.clone().map(|row| &*row.name), width / NAME_SHARE);
        let room = width.saturating_sub(names.first().map_or(0, |name| display_width(name)) + 3);
        let words: Vec<_> = rows.clone().map(Row::words).collect();
        let words = in_a_column(words.iter().map(|words| &**words), room);
        let bars = rows.zip(names).zip(words);
        bars.map(|((row, name), message)| Bar {
            prefix: name + " ",
            position: row.steps,
            length: row.items.unwrap_or(1),
            message,
        })
        .collect()
    }

    fn one_bar(&self) -> Bar {
        let steps = format!("{} steps", HumanCount(self.steps));
        let (ended, requests) = (HumanCount(self.ended), HumanCount(self.requests));
        let words = [steps, format!("{ended} of {requests} ended")];
        Bar {
            prefix: String::new(),
            position: self.steps,
            length: self.to_do,
            message: fitting(&words, margin::room()),
        }
    }
}

impl Row {
    fn words(&self) -> String {
        match (self.items, self.ended) {
            (None, _) => "no step yet".into(),
            (Some(items), None) => format!("step {} of {items}", self.steps),
            (Some(items), Some(ended)) => format!("{} of {items}, {ended}", self.steps),
        }
    }
}

/// Returns the texts, cut to at most `most` columns and padded to the same width.
fn in_a_column<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> Vec<String> {
    let texts: Vec<_> = texts.map(|text| cut(text, most)).collect();
    let width = texts.iter().map(|text| display_width(text)).max();
    let texts = texts.iter().map(|text| padded(text, width.unwrap_or(0)));
    texts.collect()
}

/// Lines that have not been written yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Lines {
    text: String,
    left_out: u64,
}

impl Lines {
    fn note(&mut self, tree: &Tree, event: &Event) {
        if self.text.len() < MOST_UNWRITTEN {
            self.text += &live_line(tree, event);
        } else {
            self.left_out += 1;
        }
    }

    pub(super) fn into_text(mut self) -> String {
        if self.left_out > 0 {
            self.text += &format!("... {} lines that nobody has read\n", self.left_out);
        }
        self.text
    }
}

/// Returns an event as a line.
pub fn live_line(tree: &Tree, event: &Event) -> String {
    match event {
        Event::Step {
            request,
            step,
            items,
            ..
        } => format!("request {}: step {step} of {items}\n", tree.name(*request)),
        Event::Ended { request, outcome } => {
            let signal = outcome.reason.signal();
            let through = signal.map(|signal| format!(" through {}", tree.name(signal.through)));
            let ended = outcome.reason.name();
            let through = through.unwrap_or_default();
            format!("request {}: {ended}{through}\n", tree.name(*request))
        }
    }
}
