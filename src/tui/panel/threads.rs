//! A thread: its program, its position, its registers, and what it waits for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Text};

use super::super::words;
use super::view::View;
use crate::model::{Ending, Label, Machine, Mode, Status, Wait};
use crate::term::Tone;

/// A line of a thread's panel: of the source, an instruction, or a folded increment.
struct ProgramLine {
    /// Its number.
    head: String,
    text: String,
    /// Whether the thread is there, and a note if it is in the middle.
    is_here: bool,
    half_done: &'static str,
    /// Whether it is the source of the next step.
    is_current: bool,
    tone: Tone,
}

impl View<'_, '_> {
    /// Draws the panel of a thread.
    pub(super) fn thread(self, frame: &mut Frame<'_>, area: Rect, thread: usize) {
        let (theme, machine) = (self.theme, self.app.game.machine());
        let status = machine.status(thread);
        let (tone, state) = match status {
            Status::Ready => (Tone::Good, "ready"),
            Status::Done => (Tone::Faint, "done"),
            Status::Blocked(_) => (Tone::Lost, "blocked"),
            Status::Failed(_) => (Tone::Lost, "failed"),
            Status::Halted => (Tone::Faint, "ended"),
        };
        let name = machine.system().program(thread).name();
        let room = usize::from(area.width).saturating_sub(4 + state.len() + 2);
        let label = Label(thread);
        // A thread whose locals are shown has a name of its own in the model.
        let name = name.strip_suffix(&format!(" {label}")).unwrap_or(name);
        let own = if self.has_self(thread) {
            format!("{label} (self {thread})")
        } else {
            label.to_string()
        };
        let title = match name {
            // A thread without a name.
            "thread" => own,
            name => theme.cut(&format!("{own}: {name}"), room),
        };
        let state = Line::from(theme.paint(tone, format!(" {state} ")));
        let mut block = theme.block(&title, thread == self.app.selected);
        block = block.title_top(state.right_aligned());
        let inner = block.inner(area);
        let [lines, values] = Layout::vertical([Fill(1), Length(1)]).areas(inner);
        let (part, program) = self.listing(thread, lines);
        if let Some(part) = part {
            block = block.title_bottom(Line::from(format!(" {part} ")).right_aligned());
        }
        frame.render_widget(block, area);
        frame.render_widget(Text::from(program), lines);
        let trouble = match status {
            Status::Blocked(blocked) => Some(waiting(machine, blocked)),
            Status::Failed(failure) => Some(Ending::Failed(thread, failure).text(machine.system())),
            Status::Ready | Status::Done | Status::Halted => None,
        };
        let registers = match registers(machine, thread).join("  ") {
            none if none.is_empty() && trouble.is_none() => "no registers in use".into(),
            registers => registers,
        };
        let mut line = Line::default();
        if let Some(text) = trouble {
            line.push_span(
                theme
                    .line(Tone::Lost, &text, inner.width.into())
                    .to_string(),
            );
            line = line.style(theme.style(Tone::Lost));
            line.push_span("  ");
        }
        line.push_span(registers);
        frame.render_widget(line, values);
    }

    /// Returns whether the source of a thread speaks of its own number.
    fn has_self(self, thread: usize) -> bool {
        let lines = self.source_lines(thread).unwrap_or_default();
        let words = |line: &str| {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.any(|word| word == "self")
        };
        self.app.info.source[lines].iter().any(|line| words(line))
    }

    /// Returns the indices of the lines of a thread's source, if it has any.
    fn source_lines(self, thread: usize) -> Option<Range<usize>> {
        let program = self.app.game.system().program(thread);
        let lines = || (0..program.code().len()).filter_map(|at| program.line(at));
        let (first, last) = lines().min().zip(lines().max())?;
        let last = (last as usize).min(self.app.info.source.len());
        Some((first as usize - 1).min(last)..last)
    }

    /// Returns a thread as one line.
    pub(super) fn brief_thread(self, thread: usize, width: usize) -> Line<'static> {
        let (theme, machine) = (self.theme, self.app.game.machine());
        let selected = thread == self.app.selected;
        let mark = if selected { theme.signs.switch } else { " " };
        let label = theme.paint(Tone::Strong, format!("{mark}{} ", Label(thread)));
        let here = self.instructions(thread).into_iter();
        let here = here.map(|(_, line)| line).find(|line| line.is_here);
        let here = here.map(|line| line.text + line.half_done);
        let (tone, text) = match (here, machine.status(thread)) {
            (None, _) => (Tone::Faint, "done".into()),
            (Some(text), Status::Blocked(_)) => (Tone::Lost, format!("blocked: {text}")),
            (Some(text), _) => (Tone::Plain, text),
        };
        let values = registers(machine, thread).join(" ").replace(" = ", "=");
        let text = format!("{text}  {values}");
        let room = width.saturating_sub(label.content.chars().count());
        let text = theme.paint(tone, theme.cut(text.trim_end(), room));
        Line::from(vec![label, text])
    }

    /// Returns the instructions of a thread, each with its index; a folded increment is one line.
    fn instructions(self, thread: usize) -> Vec<(usize, ProgramLine)> {
        let machine = self.app.game.machine();
        let system = self.app.game.system();
        let code = system.program(thread).code();
        let current = machine.at(thread);
        let is_blocked = matches!(machine.status(thread), Status::Blocked(_));
        let folds = self.app.folds(thread);
        let mut lines = Vec::new();
        let mut at = 0;
        while at < code.len() {
            let fold = folds.iter().find(|fold| fold.from == at);
            let past = fold.map_or(at + 1, |fold| fold.past);
            let is_here = current.is_some_and(|current| (at..past).contains(&current));
            let is_inside = is_here && current != Some(at);
            let is_visible = fold.is_some() || code[at].is_visible();
            // A dot marks an instruction that is no step of its own.
            let sign = if is_visible { ' ' } else { '.' };
            let text = match fold {
                Some(fold) => fold.text(system),
                None if is_here => machine.next_text(thread).unwrap_or_default(),
                None => system.text(thread, at).unwrap_or_default(),
            };
            let line = ProgramLine {
                head: format!("{at:>2}{sign}"),
                text,
                is_here,
                half_done: if is_inside { " (half done)" } else { "" },
                is_current: false,
                tone: match (is_here, is_visible) {
                    (true, _) if is_blocked => Tone::Lost,
                    (true, _) => Tone::Strong,
                    (false, true) => Tone::Plain,
                    (false, false) => Tone::Faint,
                },
            };
            lines.push((at, line));
            at = past;
        }
        lines
    }

    /// Returns the whole program of a thread. Of a race program these are the lines of the source, each
    /// followed by its instructions; where there is no room for all, only the lines nearest to the one
    /// where the thread is.
    fn program(self, thread: usize, width: usize, height: usize) -> Vec<ProgramLine> {
        let source = &self.app.info.source;
        let instructions = self.instructions(thread);
        let program = self.app.game.system().program(thread);
        let line_of = |at: usize| program.line(at).map(|line| line as usize);
        let Some(lines) = self.source_lines(thread) else {
            return instructions.into_iter().map(|(_, line)| line).collect();
        };
        let (first, shown) = (lines.start + 1, &source[lines]);
        let here = instructions.iter().find(|(_, line)| line.is_here);
        let here = here.and_then(|(at, _)| line_of(*at));
        let indents = shown.iter().filter(|line| !line.trim().is_empty());
        let indent = indents
            .map(|line| line.len() - line.trim_start().len())
            .min();
        let mut of_lines: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (at, instruction) in instructions {
            of_lines.entry(line_of(at)).or_default().push(instruction);
        }
        let mut room = height.saturating_sub(shown.len());
        let mut nearest: Vec<_> = (first..first + shown.len()).collect();
        nearest.sort_by_key(|number| number.abs_diff(here.unwrap_or(first)));
        let has_room = |number: &usize| {
            let needed = of_lines.get(&Some(*number)).map_or(0, Vec::len);
            let fits = room >= needed || here == Some(*number);
            room = room.saturating_sub(needed);
            fits
        };
        let opened: BTreeSet<_> = nearest.into_iter().take_while(has_room).collect();
        let mut all = Vec::new();
        for (number, text) in (first..).zip(shown) {
            let is_current = here == Some(number);
            let text = text.get(indent.unwrap_or(0)..).unwrap_or_default();
            let text = format!("{number:>2} {}", fitting(text, width.saturating_sub(4)));
            all.push(ProgramLine {
                head: String::new(),
                text,
                is_here: false,
                half_done: "",
                is_current,
                tone: if is_current {
                    Tone::Strong
                } else {
                    Tone::Plain
                },
            });
            if opened.contains(&number) {
                let of_line = of_lines.remove(&Some(number)).into_iter().flatten();
                all.extend(of_line.map(|line| ProgramLine {
                    head: format!("    {}", line.head),
                    tone: match line.tone {
                        Tone::Plain => Tone::Faint,
                        tone => tone,
                    },
                    ..line
                }));
            }
        }
        all
    }

    /// Returns the lines of a program around the one where the thread is, and which these are
    /// unless they are all. The instruction and the source of the next step are wrapped, and all others
    /// where there is room for all.
    fn listing(self, thread: usize, area: Rect) -> (Option<String>, Vec<Line<'static>>) {
        let (width, height) = (usize::from(area.width), usize::from(area.height));
        let program = self.program(thread, width, height);
        let rows = |wraps: fn(&ProgramLine) -> bool| {
            let lines = program.iter();
            let rows = lines.flat_map(|line| {
                self.rows(line, width, wraps(line))
                    .map(move |row| (line, row))
            });
            rows.collect::<Vec<_>>()
        };
        let mut all = rows(|_| true);
        if all.len() > height {
            all = rows(|line| line.is_here || line.is_current);
        }
        let here = all.iter().position(|(line, _)| line.is_here);
        let middle = here.unwrap_or(all.len()).saturating_sub(height / 2);
        // The source line of the next step is shown with it, if there is room for both.
        let end = all.iter().rposition(|(line, _)| line.is_here);
        let line = all.iter().position(|(line, _)| line.is_current);
        let line = line.filter(|line| end.is_some_and(|end| end - line < height));
        let first = line.map_or(middle, |line| line.min(middle));
        let first = first.max(end.map_or(0, |end| (end + 1).saturating_sub(height)));
        let first = first.min(all.len().saturating_sub(height));
        let part = format!("{} to {} of {}", first + 1, first + height, all.len());
        let part = (all.len() > height).then_some(part);
        let rows = all.into_iter().skip(first).take(height);
        (part, rows.map(|(_, row)| row).collect())
    }

    /// Returns a line of a program as it is shown: wrapped, or else cut.
    fn rows(
        self,
        line: &ProgramLine,
        width: usize,
        wraps: bool,
    ) -> impl Iterator<Item = Line<'static>> + use<> {
        let theme = self.theme;
        let mark = if line.is_here {
            theme.signs.switch
        } else {
            " "
        };
        let text = format!("{mark}{}{}", line.head, line.text);
        let parts = if wraps {
            let indent = " ".repeat(line.head.chars().count().max(5) + 3);
            let options = textwrap::Options::new(width.max(1))
                .subsequent_indent(&indent)
                .word_separator(textwrap::WordSeparator::AsciiSpace);
            let text = text + line.half_done;
            let parts = textwrap::wrap(&text, options).into_iter();
            parts.map(String::from).collect()
        } else {
            // "half done" matters more than the end of a long instruction.
            vec![theme.cut(&text, width.saturating_sub(line.half_done.len())) + line.half_done]
        };
        let style = theme.style(line.tone);
        parts.into_iter().map(move |part| Line::styled(part, style))
    }
}

/// Returns a line of the source without its comment, if it is too wide with it.
fn fitting(line: &str, width: usize) -> String {
    let line = line.trim_end().replace('\t', "    ");
    if line.chars().count() <= width {
        return line;
    }
    // What threads do has no texts, in which these signs could stand for themselves.
    let comment = ["#", "//"].iter().filter_map(|sign| line.find(sign)).min();
    line[..comment.unwrap_or(line.len())].trim_end().to_owned()
}

fn waiting(machine: &Machine<'_>, wait: Wait) -> String {
    let system = machine.system();
    match wait {
        Wait::Lock { lock, mode } => {
            let holders = machine.holders(lock).into_iter();
            let holders = words::labels(holders.map(|(holder, _)| holder));
            let to = if mode == Mode::Shared { " to read" } else { "" };
            format!("waits{to}: {} ({holders})", system.locks()[lock.index()])
        }
        Wait::Variable {
            variable,
            until,
            value,
        } => {
            let name = &system.variables()[variable.index()];
            format!("waits until {name} {until} {}", value.cast_signed())
        }
        Wait::Change { variable } => {
            format!("waits: {}", system.variables()[variable.index()])
        }
        Wait::Queue { queue } => format!("waits: {}", system.queues()[queue.index()]),
        Wait::Buffer => "waits: its store buffer".into(),
    }
}

/// Returns the registers that are in use, with their values.
fn registers(machine: &Machine<'_>, thread: usize) -> Vec<String> {
    let program = machine.system().program(thread);
    let named = program.registers().iter().zip(program.register_ids());
    let used = named.filter_map(|(name, register)| {
        let value = machine.register(thread, register)?;
        Some(format!("{name} = {}", value.cast_signed()))
    });
    used.collect()
}
