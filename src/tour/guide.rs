//! The walk through the chapters.

use std::io::{self, Write};

use super::chapter::{Chapter, Experiments};
use super::question::{Answer, Form, MOST_POINTS, Question};
use crate::report::{Report, Tour, TourEnd, Visited, decimal, hang, short, wrap};
use crate::term::{Page, Tone};

/// So many lines in a row that cannot be read are a mistake, unless somebody types them: a file or
/// another program has no end of them.
const MOST_RUBBISH: u32 = 10;

/// How far the words of an option are indented.
const OPTION: usize = 5;

/// Who is asked for predictions.
pub trait Visitor {
    /// Forgets what was said before there was a question.
    fn forget(&mut self) {}

    /// What the visitor says next.
    fn reply(&mut self) -> Reply;

    /// Whether the visitor sits at a terminal: what is typed is on the screen already, and there is
    /// somebody who wants to read in peace.
    fn is_at_terminal(&self) -> bool;
}

/// What a visitor says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// A line, without its end.
    Line(String),
    /// Nothing more.
    End,
    /// Ctrl-C.
    Interrupted,
}

/// Leads through chapters: text, question, experiment, answer, why.
pub struct Guide<'a> {
    /// The page that is written on.
    pub page: Page,
    /// Where it is written.
    pub out: &'a mut dyn Write,
    /// The real thing.
    pub experiments: &'a mut dyn Experiments,
    /// Who predicts; nobody: no questions.
    pub visitor: Option<&'a mut dyn Visitor>,
}

/// What became of a question.
enum Asked {
    /// A prediction, or none.
    Predicted(Option<Answer>),
    /// The visitor goes.
    Gone(TourEnd),
}

impl Guide<'_> {
    /// Goes through the last chapters of `all`, beginning with the one at `first`.
    ///
    /// The tour as far as it went comes back even where writing has failed, which ends it. What
    /// experiments fail with is told, and the tour goes on.
    pub fn lead(&mut self, all: &[&'static Chapter], first: usize) -> (Tour, io::Result<()>) {
        let chapters = all.get(first..).unwrap_or_default();
        let mut visited = Vec::new();
        let walked = self.walk(chapters, first, all.len(), &mut visited);
        let ended = *walked.as_ref().unwrap_or(&TourEnd::Left);
        let tour = Tour::new(visited, chapters.len(), ended);
        let written = walked.and_then(|_| self.score(&tour));
        (tour, written)
    }

    fn walk(
        &mut self,
        chapters: &[&'static Chapter],
        first: usize,
        of: usize,
        visited: &mut Vec<Visited>,
    ) -> io::Result<TourEnd> {
        for (place, chapter) in chapters.iter().enumerate() {
            if place > 0 {
                if let Some(end) = self.pause()? {
                    return Ok(end);
                }
                writeln!(self.out)?;
            }
            self.heading(chapter, first + place + 1, of)?;
            if let Some(end) = self.chapter(chapter, visited)? {
                return Ok(end);
            }
        }
        Ok(TourEnd::Completed)
    }

    fn score(&mut self, tour: &Tour) -> io::Result<()> {
        let score = tour.text(&self.page);
        if !score.is_empty() {
            writeln!(self.out, "\n{}", score.trim_end())?;
        }
        self.out.flush()
    }

    /// Lets whoever sits at a terminal read to the end before the next chapter scrolls it away.
    fn pause(&mut self) -> io::Result<Option<TourEnd>> {
        let visitor = self.visitor.as_deref_mut();
        let Some(visitor) = visitor.filter(|visitor| visitor.is_at_terminal()) else {
            return Ok(None);
        };
        if self.page.quiet {
            return Ok(None);
        }
        visitor.forget();
        write!(self.out, "\n(Enter: the next chapter, q: leave)> ")?;
        self.out.flush()?;
        let end = match visitor.reply() {
            Reply::Line(line) if is_farewell(&line) => return Ok(Some(TourEnd::Left)),
            Reply::Line(_) => return Ok(None),
            Reply::End => TourEnd::Left,
            Reply::Interrupted => TourEnd::Interrupted,
        };
        writeln!(self.out)?;
        Ok(Some(end))
    }

    fn heading(&mut self, chapter: &Chapter, number: usize, of: usize) -> io::Result<()> {
        let heading = format!("{number} of {of}: {}", chapter.title);
        let rule = "=".repeat(heading.len().min(self.page.width));
        for line in wrap(&self.page, &heading).lines().chain([rule.as_str()]) {
            writeln!(self.out, "{}", self.page.palette.paint(Tone::Strong, line))?;
        }
        Ok(())
    }

    /// One chapter, which counts as visited once its experiments are done; or how the tour ends
    /// within it.
    fn chapter(
        &mut self,
        chapter: &'static Chapter,
        visited: &mut Vec<Visited>,
    ) -> io::Result<Option<TourEnd>> {
        if !self.page.quiet {
            self.paragraphs(chapter.text)?;
        }
        let prediction = match self.ask(&chapter.question)? {
            Asked::Predicted(prediction) => prediction,
            Asked::Gone(end) => return Ok(Some(end)),
        };
        let (mut records, mut shown) = (Vec::new(), String::new());
        for command in chapter.experiments {
            let typed = format!("miscount {command}");
            let typed = self.page.palette.paint(Tone::Command, &typed);
            writeln!(self.out, "\n$ {typed}")?;
            self.out.flush()?;
            match self.experiments.carry_out(command) {
                Ok(seen) => {
                    self.out.write_all(seen.text.as_bytes())?;
                    records.push(seen.record);
                    shown += &seen.text;
                }
                Err(error) => {
                    let sorry = format!("That cannot be seen here: {error}.");
                    self.paragraphs(&[sorry])?;
                }
            }
            if self.experiments.is_interrupted() {
                return Ok(Some(TourEnd::Interrupted));
            }
        }
        let complete = records.len() == chapter.experiments.len();
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
            experiments: chapter
                .experiments
                .iter()
                .map(|command| format!("miscount {command}"))
                .collect(),
        });
        let explains = complete && !self.page.quiet;
        if explains {
            let legend = chapter.legend.iter();
            let legend = legend.filter(|(word, _)| shown.contains(word));
            let legend: Vec<&str> = legend.map(|&(_, meaning)| meaning).collect();
            if !legend.is_empty() {
                self.paragraphs(&[format!("How to read it: {}", legend.join(" "))])?;
            }
        }
        self.verdict(&chapter.question, prediction, answer, points)?;
        if explains {
            self.paragraphs(&(chapter.why)(&records))?;
            self.further(chapter)?;
        }
        Ok(None)
    }

    /// Puts the question, until there is an answer that can be read.
    fn ask(&mut self, question: &Question) -> io::Result<Asked> {
        let mut text = vec![question.ask.to_string()];
        if let Form::Choice(options) = question.form {
            let options = options.iter().enumerate();
            text.extend(options.map(|(place, option)| format!("  {}) {option}", place + 1)));
        }
        writeln!(self.out)?;
        for (place, line) in text.iter().enumerate() {
            let indent = if place > 0 { OPTION } else { 0 };
            let line = hang(&self.page, line, indent);
            write!(
                self.out,
                "{}",
                self.page.palette.paint(Tone::Strong, line.trim_end())
            )?;
            writeln!(self.out)?;
        }
        let Some(visitor) = &mut self.visitor else {
            return Ok(Asked::Predicted(None));
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
                    return Ok(Asked::Gone(if end == Reply::Interrupted {
                        TourEnd::Interrupted
                    } else {
                        TourEnd::Left
                    }));
                }
            };
            let line = line.trim();
            if is_farewell(line) {
                if !visitor.is_at_terminal() {
                    writeln!(self.out, "q")?;
                }
                return Ok(Asked::Gone(TourEnd::Left));
            }
            let read = (!line.is_empty()).then(|| question.form.read(line));
            if !visitor.is_at_terminal() {
                let echo = match &read {
                    Some(Ok(_)) => line,
                    // Rubbish is quoted by its complaint.
                    None | Some(Err(_)) => "",
                };
                writeln!(self.out, "{echo}")?;
            }
            match read.transpose() {
                Ok(prediction) => return Ok(Asked::Predicted(prediction)),
                Err(complaint) => {
                    write!(self.out, "{}", wrap(&self.page, &format!("{complaint}.")))?;
                }
            }
            rubbish += 1;
            if rubbish == MOST_RUBBISH && !visitor.is_at_terminal() {
                let farewell =
                    format!("Those were {MOST_RUBBISH} lines in a row that are no prediction.");
                write!(self.out, "{}", wrap(&self.page, &farewell))?;
                return Ok(Asked::Gone(TourEnd::Left));
            }
        }
    }

    /// What came out, against what was predicted.
    fn verdict(
        &mut self,
        question: &Question,
        prediction: Option<Answer>,
        answer: Option<Answer>,
        points: Option<u32>,
    ) -> io::Result<()> {
        let Some(answer) = answer else {
            return self.paragraphs(&["So there is no answer this time."]);
        };
        let in_words = |answer| match (answer, question.form) {
            (Answer::Choice(option), Form::Choice(options)) => {
                let text = options.get(option - 1).copied().unwrap_or_default();
                format!("{option}) {text}")
            }
            (answer, Form::Times) if answer.number().fract() > 0.0 => {
                format!("{} times", short(answer.number()))
            }
            (answer, Form::Times) => format!("{} times", decimal(answer.number())),
            (answer, _) => decimal(answer.number()),
        };
        let mut verdict = format!("Answer: {}.", in_words(answer));
        if let Some(prediction) = prediction {
            verdict += &format!(" You said {}.", in_words(prediction));
        }
        let tone = match points {
            None | Some(1..) => Tone::Good,
            Some(0) => Tone::Lost,
        };
        if let Some(points) = points.filter(|_| prediction.is_some()) {
            verdict += &match points {
                1 => " 1 point.".to_string(),
                points => format!(" {points} points."),
            };
        }
        let verdict = wrap(&self.page, &verdict);
        let verdict = self.page.palette.paint(tone, verdict.trim_end());
        writeln!(self.out, "\n{verdict}")
    }

    fn paragraphs(&mut self, paragraphs: &[impl AsRef<str>]) -> io::Result<()> {
        for paragraph in paragraphs {
            write!(self.out, "\n{}", wrap(&self.page, paragraph.as_ref()))?;
        }
        Ok(())
    }

    /// Commands to go on with.
    fn further(&mut self, chapter: &Chapter) -> io::Result<()> {
        if chapter.further.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "\nSee for yourself:")?;
        for command in chapter.further {
            let command = format!("miscount {command}");
            let command = self.page.palette.paint(Tone::Command, &command);
            writeln!(self.out, "  {command}")?;
        }
        Ok(())
    }
}

/// Whether the visitor wants to leave.
fn is_farewell(line: &str) -> bool {
    ["q", "quit", "exit"]
        .iter()
        .any(|word| line.trim().eq_ignore_ascii_case(word))
}
