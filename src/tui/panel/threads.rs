//! A thread: its program, its position, its registers, and what it waits for.

use ratatui::Frame;
use ratatui::layout::Constraint::{Fill, Length};
use ratatui::layout::{Layout, Rect};
use ratatui::text::{Line, Text};

use super::super::words;
use super::view::View;
use crate::model::{Label, Machine, Mode, Status, Wait};
use crate::term::Tone;

/// A line of a program: an instruction, or a folded increment.
struct ProgramLine {
    /// The index of its first instruction.
    from: usize,
    text: String,
    /// Whether the thread is there, and a note if it is in the middle.
    is_here: bool,
    half_done: &'static str,
    /// Whether it is a step of its own.
    is_visible: bool,
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
        let title = theme.cut(&format!("{}: {name}", Label(thread)), room);
        let state = Line::from(theme.paint(tone, format!(" {state} ")));
        let mut block = theme.block(&title, thread == self.app.selected);
        block = block.title_top(state.right_aligned());
        let inner = block.inner(area);
        let [lines, wait, values] = Layout::vertical([Fill(1), Length(1), Length(1)]).areas(inner);
        let (part, program) = self.listing(thread, lines);
        if let Some(part) = part {
            block = block.title_bottom(Line::from(format!(" {part} ")).right_aligned());
        }
        frame.render_widget(block, area);
        frame.render_widget(Text::from(program), lines);
        if let Status::Blocked(blocked) = status {
            let text = waiting(machine, blocked);
            frame.render_widget(theme.line(Tone::Lost, &text, inner.width.into()), wait);
        }
        let registers = match registers(machine, thread).join("  ") {
            none if none.is_empty() => "no registers in use".into(),
            registers => registers,
        };
        frame.render_widget(Line::from(registers), values);
    }

    /// Returns a thread as one line.
    pub(super) fn brief_thread(self, thread: usize, width: usize) -> Line<'static> {
        let (theme, machine) = (self.theme, self.app.game.machine());
        let selected = thread == self.app.selected;
        let mark = if selected { theme.signs.switch } else { " " };
        let label = theme.paint(Tone::Strong, format!("{mark}{} ", Label(thread)));
        let here = self.program(thread).into_iter().find(|line| line.is_here);
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

    /// Returns the whole program of a thread; a folded increment is one line.
    fn program(self, thread: usize) -> Vec<ProgramLine> {
        let system = self.app.game.system();
        let code = system.program(thread).code();
        let current = self.app.game.machine().at(thread);
        let folds = self.app.folds(thread);
        let mut lines = Vec::new();
        let mut at = 0;
        while at < code.len() {
            let fold = folds.iter().find(|fold| fold.from == at);
            let past = fold.map_or(at + 1, |fold| fold.past);
            let is_here = current.is_some_and(|current| (at..past).contains(&current));
            let is_inside = is_here && current != Some(at);
            lines.push(ProgramLine {
                from: at,
                text: match fold {
                    Some(fold) => fold.text(system),
                    None => system.text(thread, at).unwrap_or_default(),
                },
                is_here,
                half_done: if is_inside { " (half done)" } else { "" },
                is_visible: fold.is_some() || code[at].is_visible(),
            });
            at = past;
        }
        lines
    }

    /// Returns the lines of a program around the one where the thread is, and which these are
    /// unless they are all.
    fn listing(self, thread: usize, area: Rect) -> (Option<String>, Vec<Line<'static>>) {
        let (theme, height) = (self.theme, usize::from(area.height));
        let is_blocked = matches!(self.app.game.machine().status(thread), Status::Blocked(_));
        let all = self.program(thread);
        let here = all.iter().position(|line| line.is_here);
        let first = here.unwrap_or(all.len()).saturating_sub(height / 2);
        let first = first.min(all.len().saturating_sub(height));
        let part = format!("{} to {} of {}", first + 1, first + height, all.len());
        let part = (all.len() > height).then_some(part);
        let lines = all.iter().skip(first).take(height).map(|line| {
            let mark = if line.is_here {
                theme.signs.switch
            } else {
                " "
            };
            // A dot marks an instruction that is no step of its own.
            let sign = if line.is_visible { ' ' } else { '.' };
            let text = format!("{:>2}{sign}{}", line.from, line.text);
            // "half done" matters more than the end of a long instruction.
            let room = usize::from(area.width).saturating_sub(1 + line.half_done.len());
            let tone = match (line.is_here, line.is_visible) {
                (true, _) if is_blocked => Tone::Lost,
                (true, _) => Tone::Strong,
                (false, true) => Tone::Plain,
                (false, false) => Tone::Faint,
            };
            let text = format!("{mark}{}{}", theme.cut(&text, room), line.half_done);
            Line::from(theme.paint(tone, text))
        });
        (part, lines.collect())
    }
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
    }
}

/// Returns the registers that are in use, with their values.
fn registers(machine: &Machine<'_>, thread: usize) -> Vec<String> {
    let program = machine.system().program(thread);
    let named = program.registers().iter().zip(program.register_ids());
    let used = named.filter_map(|(name, register)| {
        let value = machine.register(thread, register)?;
        Some(format!("{name} = {value}"))
    });
    used.collect()
}
