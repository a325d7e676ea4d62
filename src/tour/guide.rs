//! The walk through the chapters.

use std::io::{self, Write};

use super::chapter::{Chapter, Experiments};
use super::question::{Answer, Form, MOST_POINTS, Question};
use crate::report::{Report, Tour, TourEnd, Visited, decimal, wrap};
use crate::term::{Page, Tone};

/// Who is asked for predictions.
pub trait Visitor {
    /// What the visitor says next.
    fn reply(&mut self) -> Reply;

    /// Whether what the visitor types is on the screen already.
    fn is_seen(&self) -> bool;
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
    /// # Errors
    ///
    /// Where writing fails. What experiments fail with is told, and the tour goes on.
    pub fn lead(&mut self, all: &[&'static Chapter], first: usize) -> io::Result<Tour> {
        let mut visited = Vec::new();
        let chapters = all.get(first..).unwrap_or_default();
        let mut ended = TourEnd::Completed;
        for (place, chapter) in chapters.iter().enumerate() {
            if place > 0 {
                writeln!(self.out)?;
            }
            self.heading(chapter, first + place + 1, all.len())?;
            match self.chapter(chapter)? {
                Ok(seen) => visited.push(seen),
                Err(end) => {
                    ended = end;
                    break;
                }
            }
        }
        let tour = Tour::new(visited, chapters.len(), ended);
        let score = tour.text(&self.page);
        if !score.is_empty() {
            writeln!(self.out, "\n{}", score.trim_end())?;
        }
        self.out.flush()?;
        Ok(tour)
    }

    fn heading(&mut self, chapter: &Chapter, number: usize, of: usize) -> io::Result<()> {
        let heading = format!("{number} of {of}: {}", chapter.title);
        let rule = "=".repeat(heading.len().min(self.page.width));
        for line in wrap(&self.page, &heading).lines().chain([rule.as_str()]) {
            writeln!(self.out, "{}", self.page.palette.paint(Tone::Strong, line))?;
        }
        Ok(())
    }

    /// One chapter, or why the tour ends within it.
    fn chapter(&mut self, chapter: &'static Chapter) -> io::Result<Result<Visited, TourEnd>> {
        if !self.page.quiet {
            self.paragraphs(chapter.text)?;
        }
        let prediction = match self.ask(&chapter.question)? {
            Asked::Predicted(prediction) => prediction,
            Asked::Gone(end) => return Ok(Err(end)),
        };
        let mut records = Vec::new();
        for command in chapter.experiments {
            let typed = format!("miscount {command}");
            let typed = self.page.palette.paint(Tone::Command, &typed);
            writeln!(self.out, "\n$ {typed}")?;
            self.out.flush()?;
            match self.experiments.carry_out(command) {
                Ok(seen) => {
                    self.out.write_all(seen.text.as_bytes())?;
                    records.push(seen.record);
                }
                Err(error) => {
                    let sorry = format!("That cannot be seen here: {error}.");
                    self.paragraphs(&[sorry])?;
                }
            }
            if self.experiments.is_interrupted() {
                return Ok(Err(TourEnd::Interrupted));
            }
        }
        let complete = records.len() == chapter.experiments.len();
        let answer = complete.then(|| (chapter.answer)(&records)).flatten();
        let points = prediction
            .zip(answer)
            .map(|(prediction, answer)| chapter.question.form.points(prediction, answer));
        // Somebody who was asked and said nothing earns nothing.
        let points = points.or_else(|| (self.visitor.is_some() && answer.is_some()).then_some(0));
        self.verdict(&chapter.question, prediction, answer, points)?;
        if complete && !self.page.quiet {
            self.paragraphs(&(chapter.why)(&records))?;
            self.further(chapter)?;
        }
        Ok(Ok(Visited {
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
        }))
    }

    /// Puts the question, until there is an answer that can be read.
    fn ask(&mut self, question: &Question) -> io::Result<Asked> {
        let mut text = vec![question.ask.to_string()];
        if let Form::Choice(options) = question.form {
            let options = options.iter().enumerate();
            text.extend(options.map(|(place, option)| format!("  {}) {option}", place + 1)));
        }
        writeln!(self.out)?;
        for line in text {
            let line = wrap(&self.page, &line);
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
        loop {
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
            if line.eq_ignore_ascii_case("q") {
                if !visitor.is_seen() {
                    writeln!(self.out, "q")?;
                }
                return Ok(Asked::Gone(TourEnd::Left));
            }
            let read = (!line.is_empty()).then(|| question.form.read(line));
            if !visitor.is_seen() {
                let echo = match &read {
                    Some(Ok(_)) => line,
                    // Rubbish is quoted by its complaint.
                    None | Some(Err(_)) => "",
                };
                writeln!(self.out, "{echo}")?;
            }
            match read.transpose() {
                Ok(prediction) => return Ok(Asked::Predicted(prediction)),
                Err(complaint) => writeln!(self.out, "{complaint}.")?,
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
