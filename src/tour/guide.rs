//! The walk through the chapters.

use std::io::{self, Write};

use super::chapter::{Chapter, Experiments, Seen};
use super::question::{Answer, Form, MOST_POINTS, Question};
use super::records::Records;
use super::verdict::verdict;
use super::visitor::{Reply, Visitor};
use crate::page;
use crate::record::{TourEnd, TourRecord, Visited};
use crate::render::{blocks, hang, wrap};
use crate::term::{Page, Tone};

/// The tour ends after this many unreadable lines in a row, unless a person types them: a file or
/// another program may have no end of them.
const MOST_RUBBISH: u32 = 10;

/// The indentation of an option's continuation lines.
const OPTION: usize = 5;

/// Leads through chapters: text, question, experiment, answer, reasons.
pub struct Guide<'a> {
    page: Page,
    out: &'a mut dyn Write,
    experiments: &'a mut dyn Experiments,
    visitor: Option<&'a mut dyn Visitor>,
    /// Lines written since the visitor last pressed a key.
    unread: usize,
}

/// The reason why a tour ends early.
enum Stop {
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
        }
    }

    /// Leads through the chapters of `all`, from the one at `first` to the last.
    ///
    /// The tour ends if writing fails; the part before that is returned nevertheless. If an
    /// experiment fails, the error is shown and the tour goes on.
    pub fn lead(&mut self, all: &[&'static Chapter], first: usize) -> (TourRecord, io::Result<()>) {
        let chapters = all.get(first..).unwrap_or_default();
        let mut visited = Vec::new();
        let (ended, failed) = match self.walk(all, first, &mut visited) {
            Ok(()) => (TourEnd::Completed, None),
            Err(Stop::Ended(end)) => (end, None),
            Err(Stop::Failed(error)) => (TourEnd::Left, Some(error)),
        };
        let tour = TourRecord::new(visited, chapters.len(), ended);
        let written = failed.map_or_else(|| self.score(&tour), Err);
        (tour, written)
    }

    fn walk(
        &mut self,
        all: &[&'static Chapter],
        first: usize,
        visited: &mut Vec<Visited>,
    ) -> Result<(), Stop> {
        for (place, chapter) in all.iter().enumerate().skip(first) {
            if place > first {
                self.pause("the next chapter")?;
                self.show("\n")?;
            }
            self.show(&self.heading(chapter, place + 1, all.len()))?;
            self.chapter(chapter, visited)?;
        }
        Ok(())
    }

    fn score(&mut self, tour: &TourRecord) -> io::Result<()> {
        let score = blocks(&page::tour_score(tour), &self.page);
        if !score.is_empty() {
            writeln!(self.out, "\n{}", score.trim_end())?;
        }
        self.out.flush()
    }

    /// Returns the number of lines of the terminal, if there is a visitor who reads there.
    fn screen(&self) -> Option<usize> {
        self.visitor
            .as_deref()
            .filter(|_| !self.page.quiet)?
            .screen()
    }

    /// Writes lines, and pauses at a terminal before lines scroll away unread.
    fn show(&mut self, text: &str) -> Result<(), Stop> {
        let lines: Vec<_> = text.split_inclusive('\n').collect();
        // Two lines stay free: an empty one, and the prompt to go on.
        let room = self.screen().map(|lines| lines.saturating_sub(2).max(1));
        // A text that the end of this page would split begins on a new page, if it fits on one.
        let torn = |room| lines.len() <= room && self.unread + lines.len() > room;
        if self.unread > 0 && room.is_some_and(torn) {
            self.pause("go on")?;
        }
        for line in lines {
            if room.is_some_and(|room| self.unread >= room) {
                self.pause("go on")?;
            }
            self.out.write_all(line.as_bytes())?;
            self.unread += 1;
        }
        Ok(())
    }

    /// Waits until a visitor at a terminal has read everything so far.
    fn pause(&mut self, what: &str) -> Result<(), Stop> {
        if self.screen().is_some() {
            self.prompt(&format!("\n(Enter: {what}, q: leave)> "))?;
        }
        Ok(())
    }

    /// Returns the line with which the visitor replies to a prompt, and whether the visitor is at a
    /// terminal, which echoes it; `None` if there is no visitor.
    fn prompt(&mut self, prompt: &str) -> Result<Option<(String, bool)>, Stop> {
        let Some(visitor) = &mut self.visitor else {
            return Ok(None);
        };
        visitor.forget();
        write!(self.out, "{prompt}")?;
        self.out.flush()?;
        let end = match visitor.reply() {
            Reply::Line(line) => {
                self.unread = 0;
                let at_terminal = visitor.screen().is_some();
                if !is_farewell(&line) {
                    return Ok(Some((line, at_terminal)));
                }
                if !at_terminal {
                    writeln!(self.out, "q")?;
                }
                return Err(Stop::Ended(TourEnd::Left));
            }
            Reply::End => TourEnd::Left,
            Reply::Interrupted => TourEnd::Interrupted,
        };
        writeln!(self.out)?;
        Err(Stop::Ended(end))
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
        chapter: &'static Chapter,
        visited: &mut Vec<Visited>,
    ) -> Result<(), Stop> {
        if !self.page.quiet {
            self.paragraphs(chapter.text)?;
        }
        let prediction = self.ask(&chapter.question)?;
        let experiments = chapter.experiments(self.experiments.cores());
        let mut seen = Vec::new();
        let made = self.experiment(experiments, &mut seen);
        let complete = seen.len() == experiments.len();
        let made = match made {
            // A visitor who leaves after the last experiment has seen them all.
            Err(stop) if !complete => return Err(stop),
            made => made,
        };
        let seen = seen.into_iter().map(|seen| (seen.text, seen.record));
        let (shown, records): (String, Vec<_>) = seen.unzip();
        let records = Records(records);
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
                _ => None,
            },
            prediction: prediction.map(Answer::number),
            answer: answer.map(Answer::number),
            points,
            out_of: MOST_POINTS,
            experiments: experiments.iter().map(|command| typed(command)).collect(),
            records: records.0.clone(),
        });
        made?;
        let explains = complete && !self.page.quiet;
        if explains {
            let legend = chapter.legend.iter();
            let legend = legend.filter(|(word, _)| shown.contains(word));
            let legend: Vec<&str> = legend.map(|&(_, meaning)| meaning).collect();
            if !legend.is_empty() {
                self.paragraphs(&[format!("How to read it: {}", legend.join(" "))])?;
            }
        }
        let verdict = verdict(&self.page, &chapter.question, prediction, answer, points);
        self.show(&verdict)?;
        if explains {
            self.paragraphs(&(chapter.why)(&records).unwrap_or_default())?;
            self.show(&self.further(chapter))?;
        }
        Ok(())
    }

    /// Carries out the experiments and shows their reports.
    fn experiment(&mut self, experiments: &[&str], all: &mut Vec<Seen>) -> Result<(), Stop> {
        for command in experiments {
            let typed = self.page.palette.paint(Tone::Command, &typed(command));
            self.show(&format!("\n$ {typed}\n"))?;
            self.out.flush()?;
            let seen = self.experiments.carry_out(command);
            let is_interrupted = self.experiments.is_interrupted();
            let written = match seen {
                Ok(seen) => {
                    let written = self.show(&seen.text);
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

    /// Asks the question until a prediction can be read; an empty line is none.
    fn ask(&mut self, question: &Question) -> Result<Option<Answer>, Stop> {
        let strong = |line: &str, indent| {
            let line = hang(&self.page, line, indent);
            self.page.palette.paint(Tone::Strong, line.trim_end()) + "\n"
        };
        let mut text = format!("\n{}", strong(question.ask, 0));
        if let Form::Choice(options) = question.form {
            for (number, option) in (1..).zip(options) {
                text += &strong(&format!("  {number}) {option}"), OPTION);
            }
        }
        self.show(&text)?;
        let hint = question.form.hint();
        let prompt = format!("Your prediction ({hint}; Enter: none, q: leave)> ");
        let mut rubbish = 0;
        while let Some((line, at_terminal)) = self.prompt(&prompt)? {
            let line = line.trim();
            let read = (!line.is_empty()).then(|| question.form.read(line));
            if !at_terminal {
                // The complaint quotes an unreadable line.
                let is_echoed = matches!(read, Some(Ok(_)));
                writeln!(self.out, "{}", if is_echoed { line } else { "" })?;
            }
            match read.transpose() {
                Ok(prediction) => return Ok(prediction),
                Err(complaint) => {
                    let complaint = wrap(&self.page, &format!("{complaint}."));
                    self.out.write_all(complaint.as_bytes())?;
                    self.unread += complaint.lines().count();
                }
            }
            rubbish += 1;
            if rubbish == MOST_RUBBISH && !at_terminal {
                let farewell =
                    format!("Those were {MOST_RUBBISH} lines in a row that are no prediction.");
                write!(self.out, "{}", wrap(&self.page, &farewell))?;
                return Err(Stop::Ended(TourEnd::Left));
            }
        }
        Ok(None)
    }

    fn paragraphs(&mut self, paragraphs: &[impl AsRef<str>]) -> Result<(), Stop> {
        for paragraph in paragraphs {
            self.show(&format!("\n{}", wrap(&self.page, paragraph.as_ref())))?;
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

/// Whether a line asks to leave the tour.
fn is_farewell(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    ["q", "quit", "exit"].contains(&&*line)
}

/// Returns a command as it is typed.
fn typed(command: &str) -> String {
    format!("miscount {command}")
}
