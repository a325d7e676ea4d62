//! Requests as they go: a bar for each on a terminal, a line for each step elsewhere; on standard
//! error.

use std::io::{self, BufWriter, IsTerminal, Stderr, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, MultiProgress, ProgressBar, ProgressStyle};
use textwrap::core::display_width;

use super::margin;
use super::progress::Wanted;
use super::screen::{cut, padded};
use crate::requests::{Event, Observer, Outcome, Reason, Tree};

/// The most requests that have a bar each: more do not fit on a screen.
const MOST_BARS: usize = 16;

/// On narrower terminals a row has no room for a name, a bar and words.
const LEAST_WIDTH: usize = 40;

/// The most of a row that a name takes: one part in so many.
const NAME_SHARE: usize = 4;

/// How often the bars are drawn, at the most. Many events come at the same moment.
const REDRAW: Duration = Duration::from_millis(50);

/// Shows what happens.
#[derive(Debug)]
pub struct Live<'a> {
    tree: &'a Tree,
    face: Face,
}

/// What there is to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// It takes its time, and a person watches: without a terminal, in lines.
    Watched,
    /// It takes its time; what counts is the result.
    Aside,
    /// It takes no time.
    Played,
}

#[derive(Debug)]
enum Face {
    /// Nothing is shown.
    None,
    /// Bars, of which some may have to be drawn anew, and when that was last done.
    Bars(Bars, bool, Option<Instant>),
    /// Line after line.
    Lines(BufWriter<Stderr>),
}

impl<'a> Live<'a> {
    /// A view of the requests of this tree.
    pub fn new(tree: &'a Tree, wanted: Wanted, pace: Pace, ascii: bool) -> Self {
        let terminal = io::stderr().is_terminal();
        let face = match (wanted, pace) {
            (Wanted::Never, _) | (Wanted::Auto, Pace::Played) => Face::None,
            (_, Pace::Watched | Pace::Aside) if terminal => {
                Face::Bars(Bars::new(tree, ascii), true, None)
            }
            (Wanted::Auto, Pace::Aside) => Face::None,
            _ => Face::Lines(BufWriter::new(io::stderr())),
        };
        Self { tree, face }
    }

    /// Takes the bars off the screen.
    pub fn clear(mut self) {
        match &mut self.face {
            Face::None => {}
            Face::Bars(Bars::Each(rows), ..) => drop(rows.all.clear()),
            Face::Bars(Bars::All(all), ..) => all.bar.finish_and_clear(),
            Face::Lines(lines) => drop(lines.flush()),
        }
    }
}

impl Observer for Live<'_> {
    fn observe(&mut self, event: &Event) {
        let tree = self.tree;
        match (&mut self.face, event) {
            (Face::None, _) => {}
            (Face::Bars(bars, changed, drawn), Event::Waiting) => {
                if *changed && drawn.is_none_or(|drawn| drawn.elapsed() >= REDRAW) {
                    bars.draw();
                    *changed = false;
                    *drawn = Some(Instant::now());
                }
            }
            (Face::Bars(bars, changed, _), event) => {
                bars.note(event);
                *changed = true;
            }
            (Face::Lines(lines), Event::Waiting) => drop(lines.flush()),
            // Nobody is there to be told if a line cannot be written.
            (Face::Lines(lines), event) => drop(writeln!(lines, "{}", line(tree, event))),
        }
    }
}

/// What is drawn on a terminal.
#[derive(Debug)]
enum Bars {
    /// A bar for each request.
    Each(Rows),
    /// One bar for all.
    All(All),
}

/// A row for each request, the first is that of node 1.
#[derive(Debug)]
struct Rows {
    all: MultiProgress,
    rows: Vec<Row>,
}

/// A request, how far it is, and its bar.
#[derive(Debug)]
struct Row {
    name: String,
    steps: u64,
    /// Nothing before the first step.
    items: Option<u64>,
    /// How it ended.
    ended: Option<&'static str>,
    bar: ProgressBar,
}

/// How far all are together.
#[derive(Debug)]
struct All {
    steps: u64,
    ended: u64,
    bar: ProgressBar,
}

impl Bars {
    fn new(tree: &Tree, ascii: bool) -> Self {
        let count = tree.requests().len();
        let (width, height) = terminal();
        if count > MOST_BARS || count >= height || width < LEAST_WIDTH {
            Self::All(All::new(count as u64, ascii))
        } else {
            Self::Each(Rows::new(tree, ascii))
        }
    }

    /// Remembers what has happened, to be drawn with the rest.
    fn note(&mut self, event: &Event) {
        match self {
            Self::Each(rows) => rows.note(event),
            Self::All(all) => all.note(event),
        }
    }

    fn draw(&self) {
        match self {
            Self::Each(rows) => rows.draw(),
            Self::All(all) => all.draw(),
        }
    }
}

impl Rows {
    fn new(tree: &Tree, ascii: bool) -> Self {
        let all = MultiProgress::with_draw_target(margin::stderr());
        let rows = tree.requests().map(|node| {
            let bar = ProgressBar::new(1).with_style(style("{prefix} {wide_bar} {msg}", ascii));
            Row {
                name: tree.name(node).into(),
                steps: 0,
                items: None,
                ended: None,
                bar: all.add(bar),
            }
        });
        let rows = rows.collect();
        Self { all, rows }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Step {
                request,
                step,
                items,
                ..
            } => {
                let row = &mut self.rows[request - 1];
                (row.steps, row.items) = (*step, Some(*items));
            }
            Event::Ended { request, outcome } => {
                let row = &mut self.rows[request - 1];
                (row.steps, row.items) = (outcome.steps, Some(outcome.items));
                row.ended = Some(word(outcome));
            }
            Event::Waiting => {}
        }
    }

    /// Draws all rows, bars below bars. What is too long for the terminal is cut.
    fn draw(&self) {
        let (width, _) = terminal();
        let most = width / NAME_SHARE;
        let names: Vec<_> = self.rows.iter().map(|row| cut(&row.name, most)).collect();
        let name_width = widest(&names);
        let most = width.saturating_sub(name_width + 3);
        let words: Vec<_> = self
            .rows
            .iter()
            .map(|row| cut(&row.words(), most))
            .collect();
        let words_width = widest(&words);
        for ((row, name), words) in self.rows.iter().zip(&names).zip(&words) {
            row.bar.set_prefix(padded(name, name_width));
            row.bar.set_length(row.items.unwrap_or(1));
            row.bar.set_position(row.steps);
            row.bar.set_message(padded(words, words_width));
        }
        // Whatever was asked for too soon after the last drawing has been left out until now.
        if let Some(row) = self.rows.last() {
            row.bar.force_draw();
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

impl All {
    fn new(count: u64, ascii: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(count), margin::stderr())
            .with_style(style("{wide_bar} {msg}", ascii));
        Self {
            steps: 0,
            ended: 0,
            bar,
        }
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Step { .. } => self.steps += 1,
            Event::Ended { .. } => self.ended += 1,
            Event::Waiting => {}
        }
    }

    fn draw(&self) {
        let (width, _) = terminal();
        let words = format!(
            "{} steps, {} of {} ended",
            HumanCount(self.steps),
            HumanCount(self.ended),
            HumanCount(self.bar.length().unwrap_or(0))
        );
        self.bar.set_position(self.ended);
        self.bar.set_message(cut(&words, width.saturating_sub(2)));
        self.bar.force_draw();
    }
}

/// The columns and lines of standard error.
fn terminal() -> (usize, usize) {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or((80, 24), |(width, height)| {
        (width.0.into(), height.0.into())
    })
}

fn widest(texts: &[String]) -> usize {
    texts
        .iter()
        .map(|text| display_width(text))
        .max()
        .unwrap_or(0)
}

fn style(template: &str, ascii: bool) -> ProgressStyle {
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    if ascii {
        style.progress_chars("#>.")
    } else {
        style
    }
}

fn line(tree: &Tree, event: &Event) -> String {
    match event {
        Event::Step {
            request,
            step,
            items,
            ..
        } => format!("request {}: step {step} of {items}", tree.name(*request)),
        Event::Ended { request, outcome } => {
            let through = outcome
                .reason
                .signal()
                .map(|signal| tree.name(signal.through));
            let through = through.map_or_else(String::new, |name| format!(" through {name}"));
            format!(
                "request {}: {}{through}",
                tree.name(*request),
                word(outcome)
            )
        }
        Event::Waiting => String::new(),
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome.reason {
        Reason::Finished => "finished",
        Reason::Canceled(_) => "canceled",
        Reason::DeadlineExceeded(_) => "deadline exceeded",
    }
}
