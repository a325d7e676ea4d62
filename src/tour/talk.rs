//! What a guide says to a visitor, a page at a time, and what the visitor replies.

use std::io;

use super::guide::{Guide, Stop};
use super::question::{Form, Question};
use super::visitor::{Reply, Visitor};
use crate::record::TourEnd;
use crate::render::{hang, wrap};
use crate::term::Tone;

/// The tour ends after this many unreadable lines in a row, unless a person types them: a file or
/// another program may have no end of them.
const MOST_RUBBISH: u32 = 10;

/// The indentation of an option's continuation lines.
const OPTION: usize = 5;

impl Guide<'_> {
    /// Returns the height of the terminal in lines; `None` unless a visitor reads at one.
    fn screen(&self) -> Option<usize> {
        self.visitor
            .as_deref()
            .filter(|_| !self.page.quiet)?
            .screen()
    }

    /// Returns how many lines fit on a page: two stay free, an empty one and the prompt to go on.
    fn room(&self) -> Option<usize> {
        self.screen().map(|lines| lines.saturating_sub(2).max(1))
    }

    /// Returns whether the end of this page would split a text of this many lines that fits on one page.
    fn is_torn(&self, lines: usize) -> bool {
        let is_torn = |room| lines <= room && self.unread + lines > room;
        self.unread > 0 && self.room().is_some_and(is_torn)
    }

    /// Shows a report below its command, which was the last to be shown. If the rest of the page has no room for
    /// the report, the next page begins with the command once more.
    pub(super) fn report(&mut self, command: &str, text: &str) -> Result<(), Stop> {
        if self.is_torn(text.lines().count()) {
            self.pause("its report")?;
            if !self.going_back {
                self.out.write_all(command.as_bytes())?;
                self.unread += command.lines().count();
            }
        }
        self.parts(text)
    }

    /// Shows a text part by part, so that a page ends between two of them.
    fn parts(&mut self, text: &str) -> Result<(), Stop> {
        let mut parts = text.split_inclusive("\n\n");
        parts.try_for_each(|part| self.show(part))
    }

    /// Writes lines, and pauses at a terminal before lines scroll away unread.
    pub(super) fn show(&mut self, text: &str) -> Result<(), Stop> {
        self.told += text;
        let lines: Vec<_> = text.split_inclusive('\n').collect();
        if self.is_torn(lines.len()) {
            self.pause("go on")?;
        }
        let room = self.room();
        for line in &lines {
            if room.is_some_and(|room| self.unread >= room) {
                self.pause("go on")?;
            }
            if self.going_back {
                return Ok(());
            }
            self.out.write_all(line.as_bytes())?;
            self.unread += 1;
        }
        if self.visitor.is_none() && !text.trim().is_empty() {
            self.out.flush()?;
            self.experiments.rest(lines.len());
            if self.experiments.is_interrupted() {
                return Err(Stop::Ended(TourEnd::Interrupted));
            }
        }
        Ok(())
    }

    /// Shows a chapter that was told before.
    pub(super) fn again(&mut self, text: &str) -> Result<(), Stop> {
        self.answered = false;
        self.parts(text)
    }

    /// Waits until a visitor at a terminal has read everything so far: Enter turns the page.
    pub(super) fn pause(&mut self, what: &str) -> Result<(), Stop> {
        if self.screen().is_none() || self.going_back {
            return Ok(());
        }
        let prompt = format!("\n(Enter: {what}, b: back, q: leave)> ");
        while let Some((line, _)) = self.prompt(&prompt)? {
            match line.trim() {
                "" => break,
                "b" | "B" if self.answered => {
                    self.going_back = true;
                    break;
                }
                "b" | "B" => return Err(Stop::Back),
                _ => self.complain("Nothing was asked here; press Enter to go on")?,
            }
        }
        Ok(())
    }

    /// Returns the line with which the visitor replies to a prompt, and whether the visitor is at a
    /// terminal, which echoes it; `None` if there is no visitor.
    fn prompt(&mut self, prompt: &str) -> Result<Option<(String, bool)>, Stop> {
        let Some(visitor) = &mut self.visitor else {
            return Ok(None);
        };
        let early = visitor.forget();
        if early.iter().any(|line| !line.trim().is_empty()) {
            self.complain("\nWhat you typed before you were asked was not used")?;
        }
        write!(self.out, "{prompt}")?;
        self.out.flush()?;
        let Some(visitor) = &mut self.visitor else {
            return Ok(None);
        };
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

    /// Tells the visitor what is wrong with a line.
    pub(super) fn complain(&mut self, complaint: &str) -> io::Result<()> {
        let complaint = wrap(&self.page, &format!("{complaint}."));
        self.unread += complaint.lines().count();
        self.out.write_all(complaint.as_bytes())
    }

    /// Asks the question until a prediction can be read, or the visitor skips it.
    pub(super) fn ask(&mut self, question: &Question) -> Result<Option<f64>, Stop> {
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
        let range = question.form.range();
        let prompt = format!("Your prediction ({range}; s: skip, b: back, q: leave)> ");
        while let Some((line, at_terminal)) = self.prompt(&prompt)? {
            let line = line.trim();
            let read = match line {
                "" => Err(format!("Type a number from {range}")),
                "s" | "S" | "b" | "B" => Ok(None),
                _ => question.form.read(line).map(Some),
            };
            if !at_terminal {
                // The complaint quotes an unreadable line.
                writeln!(self.out, "{}", if read.is_ok() { line } else { "" })?;
            }
            match read {
                Ok(None) if line.eq_ignore_ascii_case("b") => {
                    self.rubbish()?;
                    return Err(Stop::Back);
                }
                Ok(prediction) => {
                    self.rubbish = 0;
                    self.told += &format!("Your prediction: {line}\n");
                    return Ok(prediction);
                }
                Err(complaint) => self.complain(&format!("{complaint}, or s, b or q"))?,
            }
            if !at_terminal {
                self.rubbish()?;
            }
        }
        Ok(None)
    }

    /// Counts a line that is no prediction; ends the tour if there have been too many.
    fn rubbish(&mut self) -> Result<(), Stop> {
        self.rubbish += 1;
        let at_terminal = self.visitor.as_deref().and_then(Visitor::screen).is_some();
        if self.rubbish < MOST_RUBBISH || at_terminal {
            return Ok(());
        }
        self.complain(&format!("{MOST_RUBBISH} lines in a row were no prediction"))?;
        Err(Stop::Ended(TourEnd::Left))
    }

    pub(super) fn paragraphs(&mut self, paragraphs: &[impl AsRef<str>]) -> Result<(), Stop> {
        for paragraph in paragraphs {
            self.show(&format!("\n{}", wrap(&self.page, paragraph.as_ref())))?;
        }
        Ok(())
    }
}

/// Whether a line asks to leave the tour.
fn is_farewell(line: &str) -> bool {
    let line = line.trim().to_ascii_lowercase();
    ["q", "quit", "exit"].contains(&&*line)
}
