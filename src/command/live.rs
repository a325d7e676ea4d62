//! `live`: the race on a screen that never stops. `racer.rs` makes the runs.

use std::io::{self, IsTerminal};
use std::sync::Mutex;

use super::racer::Racer;
use super::step::{self, Kept, failed};
use super::{output, program, work};
use crate::cli::{LiveArgs, OutputArgs, of_gallery};
use crate::error::{Error, Exit};
use crate::language::in_gallery;
use crate::model::Schedule;
use crate::plan::{LivePlan, LiveSubject, Subject};
use crate::record::GalleryRecord;
use crate::strategy::ALL;
use crate::term::{Page, Palette, Tone};
use crate::tui::live::{LiveApp, LiveExit, LiveHost, LiveItem, race, summary};
use crate::tui::{self, ExitReason, Screen, ScreenTheme};

/// Returns whether there is a terminal to draw on, with a keyboard.
pub(super) fn has_terminal() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal() && !step::is_dumb()
}

pub(super) fn run(typed: &LiveArgs, output: &OutputArgs) -> Result<Exit, Error> {
    if !output.format.is_text() {
        return Err(Error::Usage(
            "--format is for reports, and live has a screen; leave it out".into(),
        ));
    }
    let mut plan = typed.plan(&program::read)?;
    if !has_terminal() {
        return Err(Error::Machine(
            "live needs a terminal to draw on; 'miscount unsynced' needs none".into(),
        ));
    }
    let (items, at) = items(&plan)?;
    let one_core = work::one_core();
    if one_core && !typed.has_window() {
        plan.open_window();
    }
    let app = LiveApp::new(items, at, plan, one_core);
    on_screen(app, output)
}

/// Returns the list, and the place of what is to race first.
fn items(plan: &LivePlan) -> Result<(Vec<LiveItem>, usize), Error> {
    let strategy = |kind: &&'static _| LiveItem {
        subject: LiveSubject::Strategy(kind),
        theme: "Strategies".into(),
    };
    let mut items: Vec<LiveItem> = ALL.iter().map(strategy).collect();
    for entry in GalleryRecord::new()?.programs {
        let Some(program) = in_gallery(&entry.program) else {
            continue;
        };
        items.push(LiveItem {
            subject: LiveSubject::Program(of_gallery(program.name)?.into()),
            theme: entry.theme,
        });
    }
    let name = plan.subject.name();
    let known = match &plan.subject {
        LiveSubject::Program(_) if in_gallery(name).is_none() => None,
        _ => items.iter().position(|item| item.subject.name() == name),
    };
    if known.is_none() {
        items.push(LiveItem {
            subject: plan.subject.clone(),
            theme: "Your own".into(),
        });
    }
    let at = known.unwrap_or(items.len() - 1);
    Ok((items, at))
}

/// Races until the screen is left; then says what was seen.
fn on_screen(mut app: LiveApp, output: &OutputArgs) -> Result<Exit, Error> {
    // A file for the summary does not make the screen a file.
    let on_terminal = OutputArgs {
        output: None,
        ..output.clone()
    };
    let theme = ScreenTheme::new(output::is_coloured(&on_terminal), output.ascii);
    let page = Page {
        palette: Palette::new(false),
        ..output::page(&on_terminal)
    };
    let sink = output::open(output)?;
    work::on_hang_up(tui::leave).map_err(failed)?;
    let mut racer = Racer::new(page);
    // It races before the first picture.
    racer.race(&app.plan);
    let mut screen = Screen::open().map_err(failed)?;
    let mut played = String::new();
    let left = loop {
        match race(&mut screen, &mut app, &theme, &mut racer).map_err(failed) {
            Ok(LiveExit::Step) => {}
            Ok(LiveExit::Quit) => break Ok(Exit::Done),
            Ok(LiveExit::Interrupted) => break Ok(Exit::Interrupted),
            Err(error) => break Err(error),
        }
        racer.stop();
        match step(&mut screen, &app.plan, &theme) {
            Ok((text, reason)) => {
                played += &text;
                if reason == ExitReason::Interrupted {
                    break Ok(Exit::Interrupted);
                }
            }
            Err(error) => app.message = Some((Tone::Lost, error.to_string())),
        }
        racer.race(&app.plan);
        app.paused = false;
    };
    drop(screen);
    racer.stop();
    sink.finish(&(played + &summary(&app)))?;
    left
}

/// Plays the same race step by step. Returns what was played, and how the screen was left.
fn step(
    screen: &mut Screen,
    plan: &LivePlan,
    theme: &ScreenTheme,
) -> Result<(String, ExitReason), Error> {
    let subject = match &plan.subject {
        LiveSubject::Program(subject) => (**subject).clone(),
        LiveSubject::Strategy(_) => {
            let Some(counting) = plan.counting()? else {
                return Err(Error::Usage("there is nothing to play".into()));
            };
            Subject::of_strategy(counting.strategy, counting.shape)
        }
    };
    let kept = Mutex::new(Kept::default());
    let played = step::play(screen, subject, Schedule::new(), theme, &kept, None)?;
    Ok((played.text, played.left?))
}
