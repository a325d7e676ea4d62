//! A thread: its program, where it is, its registers, and what it waits for.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::fold::{Fold, increments};
use super::super::look::Look;
use crate::model::{Label, Machine, Mode, Status, Wait};
use crate::term::Tone;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    app: &App<'_>,
    look: &Look,
    thread: usize,
    roomy: bool,
) {
    let chosen = thread == app.chosen;
    if !roomy {
        frame.render_widget(brief(app, look, thread, area.width), area);
        return;
    }
    let machine = app.game.machine();
    let (tone, state) = state(machine, thread);
    let title = format!(
        "{}: {}",
        Label(thread),
        machine.system().program(thread).name()
    );
    let width = usize::from(area.width.saturating_sub(4));
    let room = width.saturating_sub(state.chars().count() + 2);
    let block = look.block(&look.cut(&title, room), chosen);
    let block = block.title_top(Line::from(look.paint(tone, format!(" {state} "))).right_aligned());
    let inner = block.inner(area);
    let [lines, wait, values] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(inner);
    let listing = Listing::new(app, thread, usize::from(lines.height));
    let block = match listing.part() {
        Some(part) => block.title_bottom(Line::from(format!(" {part} ")).right_aligned()),
        None => block,
    };
    frame.render_widget(block, area);
    let program = listing.lines(app, look, usize::from(lines.width));
    frame.render_widget(Paragraph::new(program), lines);
    let width = usize::from(inner.width);
    frame.render_widget(waiting(machine, look, thread, width), wait);
    frame.render_widget(registers(machine, thread), values);
}

/// Whether it can move, in a word or two.
fn state(machine: &Machine<'_>, thread: usize) -> (Tone, String) {
    match machine.status(thread) {
        Status::Ready => (Tone::Good, "ready".into()),
        Status::Done => (Tone::Faint, "done".into()),
        Status::Blocked(_) => (Tone::Lost, "blocked".into()),
    }
}

/// What it waits for, and who has it.
fn waiting(machine: &Machine<'_>, look: &Look, thread: usize, width: usize) -> Line<'static> {
    match machine.status(thread) {
        Status::Blocked(wait) => {
            let text = match wait {
                Wait::Lock { lock, mode } => {
                    let holders: Vec<_> = machine.holders(lock);
                    let holders: Vec<_> = holders
                        .iter()
                        .map(|(holder, _)| Label(*holder).to_string())
                        .collect();
                    let name = &machine.system().locks()[lock.index()];
                    let to = if mode == Mode::Shared { " to read" } else { "" };
                    format!("waits{to}: {name} ({})", holders.join(", "))
                }
                Wait::Variable {
                    variable,
                    until,
                    value,
                } => {
                    let name = &machine.system().variables()[variable.index()];
                    format!("waits until {name} {until} {value}")
                }
            };
            Line::from(look.paint(Tone::Lost, look.cut(&text, width)))
        }
        _ => Line::default(),
    }
}

/// The registers that still matter.
fn registers(machine: &Machine<'_>, thread: usize) -> Line<'static> {
    let values = values(machine, thread);
    Line::from(if values.is_empty() {
        "no registers in use".into()
    } else {
        values.join("  ")
    })
}

fn values(machine: &Machine<'_>, thread: usize) -> Vec<String> {
    let program = machine.system().program(thread);
    let named = program.registers().iter().zip(program.register_ids());
    named
        .filter_map(|(name, register)| {
            machine
                .register(thread, register)
                .map(|value| format!("{name} = {value}"))
        })
        .collect()
}

/// A line of a program as it is shown, and the instructions it stands for.
struct Shown {
    text: String,
    from: usize,
    past: usize,
    visible: bool,
}

/// A thread's program, as much as there is room for; folded, an increment is one line.
struct Listing {
    thread: usize,
    all: Vec<Shown>,
    /// The line where the thread is; behind the last where it is done.
    current: usize,
    first: usize,
    height: usize,
}

impl Listing {
    fn new(app: &App<'_>, thread: usize, height: usize) -> Self {
        let system = app.game.system();
        let code = system.program(thread).code();
        let folds = folds(app, thread);
        let mut all = Vec::new();
        let mut at = 0;
        while at < code.len() {
            let fold = folds.iter().find(|fold| fold.from == at);
            let (text, past, visible) = if let Some(fold) = fold {
                (fold.text(system), fold.past, true)
            } else {
                let text = system.text(thread, at).unwrap_or_default();
                (text, at + 1, code[at].is_visible())
            };
            all.push(Shown {
                text,
                from: at,
                past,
                visible,
            });
            at = past;
        }
        let at = app.game.machine().at(thread);
        let here = |line: &Shown| at.is_some_and(|at| (line.from..line.past).contains(&at));
        let current = all.iter().position(here).unwrap_or(all.len());
        let last_first = all.len().saturating_sub(height);
        Self {
            thread,
            first: current.saturating_sub(height / 2).min(last_first),
            all,
            current,
            height,
        }
    }

    /// Which lines these are, where they are not all.
    fn part(&self) -> Option<String> {
        let (first, last) = (self.first + 1, self.first + self.height);
        (self.all.len() > self.height).then(|| format!("{first} to {last} of {}", self.all.len()))
    }

    fn lines(&self, app: &App<'_>, look: &Look, width: usize) -> Vec<Line<'static>> {
        let machine = app.game.machine();
        let at = machine.at(self.thread);
        let blocked = matches!(machine.status(self.thread), Status::Blocked(_));
        let lines = self.all.iter().enumerate();
        let lines = lines.skip(self.first).take(self.height);
        let line = |(index, line): (usize, &Shown)| {
            let is_here = index == self.current;
            let inside = is_here && at != Some(line.from);
            let mark = if is_here { look.signs.switch } else { " " };
            let half = if inside { " (half done)" } else { "" };
            // What is no step of its own has a dot.
            let sign = if line.visible { ' ' } else { '.' };
            let text = format!("{:>2}{sign}{}", line.from, line.text);
            // That it is half done matters more than the end of its name.
            let room = width.saturating_sub(1 + half.len());
            let tone = match (is_here, line.visible) {
                (true, _) if blocked => Tone::Lost,
                (true, _) => Tone::Strong,
                (false, true) => Tone::Plain,
                (false, false) => Tone::Faint,
            };
            Line::from(vec![
                look.paint(tone, mark),
                look.paint(tone, look.cut(&text, room) + half),
            ])
        };
        lines.map(line).collect()
    }
}

/// The increments of a thread, where they are folded.
fn folds(app: &App<'_>, thread: usize) -> Vec<Fold> {
    if app.folded {
        increments(app.game.system(), thread)
    } else {
        Vec::new()
    }
}

/// All of a thread in one line.
fn brief(app: &App<'_>, look: &Look, thread: usize, width: u16) -> Line<'static> {
    let machine = app.game.machine();
    let mark = if thread == app.chosen {
        look.signs.switch
    } else {
        " "
    };
    let label = look.paint(Tone::Strong, format!("{mark}{} ", Label(thread)));
    let (tone, text) = match (machine.status(thread), machine.at(thread)) {
        (Status::Done, _) | (_, None) => (Tone::Faint, "done".to_owned()),
        (status, Some(at)) => {
            let system = machine.system();
            let folds = folds(app, thread);
            let text = match folds.iter().find(|fold| fold.holds(at)) {
                Some(fold) if fold.from == at => fold.text(system),
                Some(fold) => fold.text(system) + " (half done)",
                None => system.text(thread, at).unwrap_or_default(),
            };
            match status {
                Status::Blocked(_) => (Tone::Lost, format!("blocked: {text}")),
                _ => (Tone::Plain, text),
            }
        }
    };
    let values = values(machine, thread).join(" ").replace(" = ", "=");
    let room = usize::from(width).saturating_sub(label.content.chars().count());
    let text = if values.is_empty() {
        text
    } else {
        format!("{text}  {values}")
    };
    Line::from(vec![
        label,
        Span::styled(look.cut(&text, room), look.style(tone)),
    ])
}
