//! A thread: its program, where it is, its registers, and what it waits for.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::super::app::App;
use super::super::fold::increments;
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
    frame.render_widget(block, area);
    let [lines, wait, values] = Layout::vertical([
        Constraint::Fill(1),
        Constraint::Length(1),
        Constraint::Length(1),
    ])
    .areas(inner);
    frame.render_widget(Paragraph::new(program(app, look, thread, lines)), lines);
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

/// The lines of a thread's program; folded, an increment is one.
fn listing(app: &App<'_>, thread: usize) -> Vec<Shown> {
    let system = app.game.system();
    let code = system.program(thread).code();
    let folds = if app.folded {
        increments(system, thread)
    } else {
        Vec::new()
    };
    let counter = system.total_variables().first();
    let counter = counter.and_then(|v| system.variables().get(v.index()));
    let mut lines = Vec::new();
    let mut at = 0;
    while at < code.len() {
        let fold = folds.iter().find(|&&(from, _)| from == at);
        let (text, past, visible) = if let Some(&(_, past)) = fold {
            let name = counter.map_or("counter", String::as_str);
            (format!("add 1 to {name}"), past, true)
        } else {
            let text = system.text(thread, at).unwrap_or_default();
            (text, at + 1, code[at].is_visible())
        };
        lines.push(Shown {
            text,
            from: at,
            past,
            visible,
        });
        at = past;
    }
    lines
}

fn program(app: &App<'_>, look: &Look, thread: usize, area: Rect) -> Vec<Line<'static>> {
    let at = app.game.machine().at(thread);
    let listing = listing(app, thread);
    let here = |line: &Shown| at.is_some_and(|at| (line.from..line.past).contains(&at));
    let current = listing.iter().position(here).unwrap_or(listing.len());
    let height = usize::from(area.height);
    let last_first = listing.len().saturating_sub(height);
    let first = current.saturating_sub(height / 2).min(last_first);
    let width = usize::from(area.width);
    let blocked = matches!(app.game.machine().status(thread), Status::Blocked(_));
    listing
        .iter()
        .enumerate()
        .skip(first)
        .take(height)
        .map(|(index, line)| {
            let is_here = index == current;
            let inside = is_here && at != Some(line.from);
            let mark = if is_here { look.signs.switch } else { " " };
            let half = if inside { " (half done)" } else { "" };
            let text = format!("{:>2} {}", line.from, line.text);
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
        })
        .collect()
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
            let text = machine.system().text(thread, at).unwrap_or_default();
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
