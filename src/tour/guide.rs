//! The walk through the chapters.

use std::io::{self, Write};

use super::chapter::{Chapter, Experiments, Seen};
use super::question::{Form, MOST_POINTS};
use super::records::Records;
use super::verdict::verdict;
use super::visitor::Visitor;
use crate::page::{self, Block};
use crate::record::{CommandRecord, TourEnd, TourRecord, Visited};
use crate::render::{blocks, wrap};
use crate::term::{Page, Tone};

/// What to do after the tour: a purpose, and the command.
const NEXT: [(&str, &str); 3] = [
    ("Schedule threads yourself, in puzzles", "step --puzzle 1"),
    ("Write your own race", "programs bank > my.race"),
    ("Look up a symptom", "explain symptoms"),
];

/// Leads through chapters: text, question, experiment, answer, reasons.
pub struct Guide<'a> {
    pub(super) page: Page,
    pub(super) out: &'a mut dyn Write,
    pub(super) experiments: &'a mut dyn Experiments,
    pub(super) visitor: Option<&'a mut dyn Visitor>,
    /// Lines written since the visitor last pressed a key.
    pub(super) unread: usize,
    /// Unreadable lines since the last readable one.
    pub(super) rubbish: u32,
    /// The text of the present chapter, to be shown again to a visitor who goes back.
    pub(super) told: String,
    /// Whether the question of the present chapter has been answered.
    pub(super) answered: bool,
    /// Whether the visitor goes back: what is left of an answered chapter is not shown now.
    pub(super) going_back: bool,
}

/// The reason why a chapter is not told to its end.
pub(super) enum Stop {
    /// The visitor goes back.
    Back,
    /// The visitor leaves.
    Ended(TourEnd),
    /// Nothing more can be written.
    Failed(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

impl<'a> Guide<'a> {
    /// Returns a guide that writes pages to `out` and shows real experiments. The visitor predicts;
    /// without a visitor, nothing is asked.
    pub fn new(
        page: Page,
        out: &'a mut dyn Write,
        experiments: &'a mut dyn Experiments,
        visitor: Option<&'a mut dyn Visitor>,
    ) -> Self {
        Self {
            page,
            out,
            experiments,
            visitor,
            unread: 0,
            rubbish: 0,
            told: String::new(),
            answered: false,
            going_back: false,
        }
    }

    /// Leads through the chapters of `all`, from the one at `first` to the last.
    ///
    /// The tour ends if writing fails; the part before that is returned nevertheless. If an
    /// experiment fails, the error is shown and the tour goes on.
    pub fn lead(&mut self, all: &[&'static Chapter], first: usize) -> (TourRecord, io::Result<()>) {
        let mut visited = Vec::new();
        let (ended, failed) = match self.walk(all, first, &mut visited) {
            Ok(()) => (TourEnd::Completed, None),
            Err(Stop::Ended(end)) => (end, None),
            Err(Stop::Failed(error)) => (TourEnd::Left, Some(error)),
            Err(Stop::Back) => (TourEnd::Left, None),
        };
        let chapters = all.get(first..).unwrap_or_default();
        let tour = TourRecord::new(visited, chapters.len(), ended);
        let written = failed.map_or_else(|| self.score(&tour, chapters), Err);
        (tour, written)
    }

    fn walk(
        &mut self,
        all: &[&'static Chapter],
        first: usize,
        visited: &mut Vec<Visited>,
    ) -> Result<(), Stop> {
        let mut told: Vec<String> = Vec::new();
        let mut place = first;
        let mut is_begun = false;
        while let Some(chapter) = all.get(place) {
            if is_begun {
                self.show("\n")?;
            }
            is_begun = true;
            let is_last = place + 1 == all.len();
            let next = if is_last {
                "the score"
            } else {
                "the next chapter"
            };
            let walked = if let Some(text) = told.get(place - first) {
                self.again(text)
            } else {
                let heading = self.heading(chapter, place + 1, all.len());
                let walked = self.chapter(&heading, chapter, visited);
                if walked.is_ok() {
                    told.push(std::mem::take(&mut self.told));
                }
                walked
            };
            match walked.and_then(|()| self.pause(next)) {
                Ok(()) if self.going_back => self.going_back = false,
                Ok(()) => place += 1,
                Err(Stop::Back) => place = place.saturating_sub(1).max(first),
                // Nothing is missed by leaving now.
                Err(Stop::Ended(TourEnd::Left)) if is_last && told.len() == all.len() - first => {
                    return Ok(());
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    fn score(&mut self, tour: &TourRecord, chapters: &[&Chapter]) -> io::Result<()> {
        let mut score = blocks(&page::tour_score(tour), &self.page);
        if !self.page.quiet {
            if !score.is_empty() {
                score.push('\n');
            }
            score += &blocks(&[Block::Commands(next(tour, chapters))], &self.page);
        }
        if !score.is_empty() {
            writeln!(self.out, "\n{}", score.trim_end())?;
        }
        self.out.flush()
    }

    fn heading(&self, chapter: &Chapter, number: usize, of: usize) -> String {
        let heading = format!("{number} of {of}: {}", chapter.title);
        let rule = "=".repeat(heading.len().min(self.page.width));
        let text = wrap(&self.page, &heading) + &rule;
        let strong = |line| self.page.palette.paint(Tone::Strong, line) + "\n";
        text.lines().map(strong).collect()
    }

    /// Leads through one chapter, which counts as visited once its experiments are done.
    fn chapter(
        &mut self,
        heading: &str,
        chapter: &'static Chapter,
        visited: &mut Vec<Visited>,
    ) -> Result<(), Stop> {
        self.told.clear();
        self.answered = false;
        self.show(heading)?;
        if !self.page.quiet {
            self.paragraphs(chapter.text)?;
        }
        let prediction = self.ask(&chapter.question)?;
        self.answered = true;
        let experiments = chapter.experiments(self.experiments.cores());
        let mut records = Vec::new();
        let made = self.experiment(experiments, &mut records);
        let complete = records.len() == experiments.len();
        let made = match made {
            // A visitor who leaves after the last experiment has seen them all.
            Err(stop) if !complete => return Err(stop),
            made => made,
        };
        let records = Records(records.into_iter().map(|seen| seen.record).collect());
        let answer = complete.then(|| (chapter.answer)(&records)).flatten();
        let points = prediction
            .zip(answer)
            .map(|(prediction, answer)| chapter.question.form.points(prediction, answer));
        // A visitor who was asked and gave no prediction earns nothing.
        let points = points.or_else(|| (self.visitor.is_some() && answer.is_some()).then_some(0));
        visited.push(Visited {
            chapter: chapter.name.into(),
            title: chapter.title.into(),
            question: chapter.question.ask.into(),
            options: match chapter.question.form {
                Form::Choice(options) => {
                    Some(options.iter().map(|&option| option.into()).collect())
                }
                Form::Number(_) => None,
            },
            prediction,
            answer,
            unit: chapter.question.form.unit().into(),
            points,
            out_of: MOST_POINTS,
            experiments: experiments.iter().map(|command| typed(command)).collect(),
            records: records.0.clone(),
        });
        made?;
        let verdict = verdict(&chapter.question, prediction, answer, points);
        self.show(&format!("\n{}", blocks(&verdict, &self.page)))?;
        if complete && !self.page.quiet {
            self.paragraphs(&(chapter.why)(&records).unwrap_or_default())?;
            self.show(&self.further(chapter))?;
        }
        Ok(())
    }

    /// Carries out the experiments and shows their reports.
    fn experiment(&mut self, experiments: &[&str], all: &mut Vec<Seen>) -> Result<(), Stop> {
        for command in experiments {
            let typed = self.page.palette.paint(Tone::Command, &typed(command));
            let typed = format!("\n$ {typed}\n");
            self.show(&typed)?;
            self.out.flush()?;
            let seen = self.experiments.carry_out(command);
            let is_interrupted = self.experiments.is_interrupted();
            let written = match seen {
                Ok(seen) => {
                    let written = self.report(&typed, &seen.text);
                    if !is_interrupted {
                        all.push(seen);
                    }
                    written
                }
                Err(error) => self.paragraphs(&[format!("This cannot be shown here: {error}.")]),
            };
            if is_interrupted {
                return Err(Stop::Ended(TourEnd::Interrupted));
            }
            written?;
        }
        Ok(())
    }

    /// Returns the list of commands to go on with.
    fn further(&self, chapter: &Chapter) -> String {
        if chapter.further.is_empty() {
            return String::new();
        }
        let commands = chapter.further.iter().map(|command| {
            let command = self.page.palette.paint(Tone::Command, &typed(command));
            format!("  {command}\n")
        });
        let commands: String = commands.collect();
        format!("\nTry it:\n{commands}")
    }
}

/// Returns what to do after a tour: to go on where it was left, or to look again at the first chapter
/// with a wrong prediction, and beyond the tour.
fn next(tour: &TourRecord, chapters: &[&Chapter]) -> Vec<CommandRecord> {
    let visited = tour.visited();
    let left = chapters.get(visited.len()).map(|next| ("Go on", next.name));
    let mut wrong = visited.iter().zip(chapters);
    let wrong =
        wrong.find(|(chapter, _)| chapter.prediction.is_some() && chapter.points == Some(0));
    let again = wrong.map(|(_, chapter)| ("See again what surprised you", chapter.name));
    let chapters = left.or(again).into_iter();
    let chapters = chapters.map(|(purpose, name)| (purpose, format!("tour {name}")));
    let beyond = NEXT.map(|(purpose, command)| (purpose, command.to_string()));
    let all = chapters.chain(beyond);
    all.map(|(purpose, command)| CommandRecord::new(purpose, typed(&command)))
        .collect()
}

/// Returns a command as it is typed.
fn typed(command: &str) -> String {
    format!("miscount {command}")
}
