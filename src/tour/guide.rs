//! The walk through the chapters.

use std::io::{self, Write};

use serde_json::Value;

use super::chapter::{Chapter, Experiments};
use super::question::{Answer, Form, MOST_POINTS, Question};
use super::verdict::verdict;
use super::visitor::{Reply, Visitor};
use crate::report::{Report, TourEnd, TourRecord, Visited, hang, wrap};
use crate::term::{Page, Tone};

/// So many lines in a row that cannot be read are a mistake, unless somebody types them: a file or
/// another program has no end of them.
const MOST_RUBBISH: u32 = 10;

/// How far the words of an option are indented.
const OPTION: usize = 5;

/// Leads through chapters: text, question, experiment, answer, why.
pub struct Guide<'a> {
    page: Page,
    out: &'a mut dyn Write,
    experiments: &'a mut dyn Experiments,
    visitor: Option<&'a mut dyn Visitor>,
    /// Lines written since the visitor last pressed a key.
    unread: usize,
}

/// Why a tour goes no further.
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
    /// A guide who writes such pages there and shows the real thing. The visitor predicts; without
    /// one there are no questions.
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

    /// Goes through the last chapters of `all`, beginning with the one at `first`.
    ///
    /// The tour as far as it went comes back even where writing has failed, which ends it. What
    /// experiments fail with is told, and the tour goes on.
    pub fn lead(&mut self, all: &[&'static Chapter], first: usize) -> (TourRecord, io::Result<()>) {
        let chapters = all.get(first..).unwrap_or_default();
        let mut visited = Vec::new();
        let (ended, failed) = match self.walk(chapters, first, all.len(), &mut visited) {
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
        chapters: &[&'static Chapter],
        first: usize,
        of: usize,
        visited: &mut Vec<Visited>,
    ) -> Result<(), Stop> {
        for (place, chapter) in chapters.iter().enumerate() {
            if place > 0 {
                self.pause("the next chapter")?;
                self.show("\n")?;
            }
            self.show(&self.heading(chapter, first + place + 1, of))?;
            self.chapter(chapter, visited)?;
        }
        Ok(())
    }

    fn score(&mut self, tour: &TourRecord) -> io::Result<()> {
        let score = tour.text(&self.page);
        if !score.is_empty() {
            writeln!(self.out, "\n{}", score.trim_end())?;
        }
        self.out.flush()
    }

    /// The lines of the terminal, where somebody sits there who reads.
    fn screen(&self) -> Option<usize> {
        let visitor = self.visitor.as_deref().filter(|_| !self.page.quiet)?;
        visitor.screen()
    }

    /// Writes lines, and lets whoever sits at a terminal read them before others scroll them away.
    fn show(&mut self, text: &str) -> Result<(), Stop> {
        let lines: Vec<_> = text.split_inclusive('\n').collect();
        // Two stay free: an empty line, and the question whether to go on.
        let room = self.screen().map(|lines| lines.saturating_sub(2).max(1));
        // What would have to be torn apart comes on a new page, if it fits on one.
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

    /// Waits until whoever sits at a terminal has read so far.
    fn pause(&mut self, what: &str) -> Result<(), Stop> {
        if self.screen().is_none() {
            return Ok(());
        }
        let Some(visitor) = self.visitor.as_deref_mut() else {
            return Ok(());
        };
        visitor.forget();
        write!(self.out, "\n(Enter: {what}, q: leave)> ")?;
        self.out.flush()?;
        self.unread = 0;
        let end = match visitor.reply() {
            Reply::Line(line) if is_farewell(&line) => return Err(Stop::Ended(TourEnd::Left)),
            Reply::Line(_) => return Ok(()),
            Reply::End => TourEnd::Left,
            Reply::Interrupted => TourEnd::Interrupted,
        };
        writeln!(self.out)?;
        Err(Stop::Ended(end))
    }

    fn heading(&self, chapter: &Chapter, number: usize, of: usize) -> String {
        let heading = format!("{number} of {of}: {}", chapter.title);
        let rule = "=".repeat(heading.len().min(self.page.width));
        let mut text = String::new();
        for line in wrap(&self.page, &heading).lines().chain([rule.as_str()]) {
            text += &format!("{}\n", self.page.palette.paint(Tone::Strong, line));
        }
        text
    }

    /// One chapter, which counts as visited once its experiments are done.
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
        let (mut records, mut shown) = (Vec::new(), String::new());
        let made = self.experiment(experiments, &mut records, &mut shown);
        let complete = records.len() == experiments.len();
        let made = match made {
            // Who leaves then has seen all there was to see.
            Err(stop) if !complete => return Err(stop),
            made => made,
        };
        let answer = complete.then(|| (chapter.answer)(&records)).flatten();
        let points = prediction
            .zip(answer)
            .map(|(prediction, answer)| chapter.question.form.points(prediction, answer));
        // Somebody who was asked and said nothing earns nothing.
        let points = points.or_else(|| (self.visitor.is_some() && answer.is_some()).then_some(0));
        visited.push(Visited {
            chapter: chapter.name,
            title: chapter.title,
            question: chapter.question.ask,
            options: match chapter.question.form {
                Form::Choice(options) => Some(options.to_vec()),
                _ => None,
            },
            prediction: prediction.map(Answer::number),
            answer: answer.map(Answer::number),
            points,
            out_of: MOST_POINTS,
            experiments: experiments
                .iter()
                .map(|command| format!("miscount {command}"))
                .collect(),
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
            self.paragraphs(&(chapter.why)(&records))?;
            self.show(&self.further(chapter))?;
        }
        Ok(())
    }

    /// Carries out the experiments, and shows them.
    fn experiment(
        &mut self,
        experiments: &[&str],
        records: &mut Vec<Value>,
        shown: &mut String,
    ) -> Result<(), Stop> {
        for command in experiments {
            let typed = format!("miscount {command}");
            let typed = self.page.palette.paint(Tone::Command, &typed);
            self.show(&format!("\n$ {typed}\n"))?;
            self.out.flush()?;
            let seen = self.experiments.carry_out(command);
            let is_interrupted = self.experiments.is_interrupted();
            let written = match seen {
                Ok(seen) => {
                    let written = self.show(&seen.text);
                    if !is_interrupted {
                        records.push(seen.record);
                    }
                    *shown += &seen.text;
                    written
                }
                Err(error) => {
                    let sorry = format!("That cannot be seen here: {error}.");
                    self.paragraphs(&[sorry])
                }
            };
            if is_interrupted {
                return Err(Stop::Ended(TourEnd::Interrupted));
            }
            written?;
        }
        Ok(())
    }

    /// Puts the question, until there is an answer that can be read.
    fn ask(&mut self, question: &Question) -> Result<Option<Answer>, Stop> {
        let mut lines = vec![question.ask.to_string()];
        if let Form::Choice(options) = question.form {
            let options = options.iter().enumerate();
            lines.extend(options.map(|(place, option)| format!("  {}) {option}", place + 1)));
        }
        let mut text = String::from("\n");
        for (place, line) in lines.iter().enumerate() {
            let indent = if place > 0 { OPTION } else { 0 };
            let line = hang(&self.page, line, indent);
            text += &format!(
                "{}\n",
                self.page.palette.paint(Tone::Strong, line.trim_end())
            );
        }
        self.show(&text)?;
        let Some(visitor) = &mut self.visitor else {
            return Ok(None);
        };
        let hint = question.form.hint();
        let mut rubbish = 0;
        loop {
            visitor.forget();
            write!(
                self.out,
                "Your prediction ({hint}; Enter: none, q: leave)> "
            )?;
            self.out.flush()?;
            let line = match visitor.reply() {
                Reply::Line(line) => line,
                end => {
                    writeln!(self.out)?;
                    return Err(Stop::Ended(if end == Reply::Interrupted {
                        TourEnd::Interrupted
                    } else {
                        TourEnd::Left
                    }));
                }
            };
            self.unread = 0;
            let at_terminal = visitor.screen().is_some();
            let line = line.trim();
            if is_farewell(line) {
                if !at_terminal {
                    writeln!(self.out, "q")?;
                }
                return Err(Stop::Ended(TourEnd::Left));
            }
            let read = (!line.is_empty()).then(|| question.form.read(line));
            if !at_terminal {
                let echo = match &read {
                    Some(Ok(_)) => line,
                    // Rubbish is quoted by its complaint.
                    None | Some(Err(_)) => "",
                };
                writeln!(self.out, "{echo}")?;
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
    }

    fn paragraphs(&mut self, paragraphs: &[impl AsRef<str>]) -> Result<(), Stop> {
        for paragraph in paragraphs {
            self.show(&format!("\n{}", wrap(&self.page, paragraph.as_ref())))?;
        }
        Ok(())
    }

    /// Commands to go on with.
    fn further(&self, chapter: &Chapter) -> String {
        let mut text = String::new();
        if !chapter.further.is_empty() {
            text += "\nSee for yourself:\n";
        }
        for command in chapter.further {
            let command = format!("miscount {command}");
            let command = self.page.palette.paint(Tone::Command, &command);
            text += &format!("  {command}\n");
        }
        text
    }
}

/// Whether the visitor wants to leave.
fn is_farewell(line: &str) -> bool {
    ["q", "quit", "exit"]
        .iter()
        .any(|word| line.trim().eq_ignore_ascii_case(word))
}
