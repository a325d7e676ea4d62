//! A thread: its program, its position, its registers, and what it waits for.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::theme::ScreenTheme;
use super::super::words;
use crate::model::{Label, Machine, Mode, Status, Wait};
use crate::term::Tone;

pub(super) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    app: &App<'_>,
    theme: &ScreenTheme,
    thread: usize,
    roomy: bool,
) {
    let selected = thread == app.selected;
    if !roomy {
        frame.render_widget(brief(app, theme, thread, area.width), area);
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
    let block = theme.block(&theme.cut(&title, room), selected);
    let block =
        block.title_top(Line::from(theme.paint(tone, format!(" {state} "))).right_aligned());
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
    let program = listing.lines(app, theme, usize::from(lines.width));
    frame.render_widget(Paragraph::new(program), lines);
    let width = usize::from(inner.width);
    frame.render_widget(waiting(machine, theme, thread, width), wait);
    frame.render_widget(registers(machine, thread), values);
}

/// Returns whether it can move, in a word.
fn state(machine: &Machine<'_>, thread: usize) -> (Tone, String) {
    match machine.status(thread) {
        Status::Ready => (Tone::Good, "ready".into()),
        Status::Done => (Tone::Faint, "done".into()),
        Status::Blocked(_) => (Tone::Lost, "blocked".into()),
    }
}

/// Returns what it waits for, and the holders.
fn waiting(
    machine: &Machine<'_>,
    theme: &ScreenTheme,
    thread: usize,
    width: usize,
) -> Line<'static> {
    match machine.status(thread) {
        Status::Blocked(wait) => {
            let text = match wait {
                Wait::Lock { lock, mode } => {
                    let holders = machine.holders(lock).into_iter();
                    let holders: Vec<_> = holders.map(|(holder, _)| holder).collect();
                    let name = &machine.system().locks()[lock.index()];
                    let to = if mode == Mode::Shared { " to read" } else { "" };
                    format!("waits{to}: {name} ({})", words::labels(&holders))
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
            Line::from(theme.paint(Tone::Lost, theme.cut(&text, width)))
        }
        _ => Line::default(),
    }
}

/// Returns the registers that are in use.
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

/// A shown line of a program, and the instructions it stands for.
struct Shown {
    text: String,
    from: usize,
    past: usize,
    visible: bool,
}

/// A thread's program, as much of it as there is room for; a folded increment is one line.
struct Listing {
    thread: usize,
    all: Vec<Shown>,
    /// The line where the thread is; after the last one if it is done.
    current: usize,
    first: usize,
    height: usize,
}

impl Listing {
    fn new(app: &App<'_>, thread: usize, height: usize) -> Self {
        let system = app.game.system();
        let code = system.program(thread).code();
        let folds = app.folds(thread);
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

    /// Says which lines are shown, unless all are.
    fn part(&self) -> Option<String> {
        let (first, last) = (self.first + 1, self.first + self.height);
        (self.all.len() > self.height).then(|| format!("{first} to {last} of {}", self.all.len()))
    }

    fn lines(&self, app: &App<'_>, theme: &ScreenTheme, width: usize) -> Vec<Line<'static>> {
        let machine = app.game.machine();
        let at = machine.at(self.thread);
        let blocked = matches!(machine.status(self.thread), Status::Blocked(_));
        let lines = self.all.iter().enumerate();
        let lines = lines.skip(self.first).take(self.height);
        let line = |(index, line): (usize, &Shown)| {
            let is_here = index == self.current;
            let inside = is_here && at != Some(line.from);
            let mark = if is_here { theme.signs.switch } else { " " };
            let half = if inside { " (half done)" } else { "" };
            // A dot marks an instruction that is no step of its own.
            let sign = if line.visible { ' ' } else { '.' };
            let text = format!("{:>2}{sign}{}", line.from, line.text);
            // "half done" matters more than the end of a long instruction.
            let room = width.saturating_sub(1 + half.len());
            let tone = match (is_here, line.visible) {
                (true, _) if blocked => Tone::Lost,
                (true, _) => Tone::Strong,
                (false, true) => Tone::Plain,
                (false, false) => Tone::Faint,
            };
            Line::from(vec![
                theme.paint(tone, mark),
                theme.paint(tone, theme.cut(&text, room) + half),
            ])
        };
        lines.map(line).collect()
    }
}

/// Returns a thread as one line.
fn brief(app: &App<'_>, theme: &ScreenTheme, thread: usize, width: u16) -> Line<'static> {
    let machine = app.game.machine();
    let mark = if thread == app.selected {
        theme.signs.switch
    } else {
        " "
    };
    let label = theme.paint(Tone::Strong, format!("{mark}{} ", Label(thread)));
    let (tone, text) = match (machine.status(thread), machine.at(thread)) {
        (Status::Done, _) | (_, None) => (Tone::Faint, "done".to_owned()),
        (status, Some(at)) => {
            let system = machine.system();
            let folds = app.folds(thread);
            let text = match folds.iter().find(|fold| fold.contains(at)) {
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
        Span::styled(theme.cut(&text, room), theme.style(tone)),
    ])
}
