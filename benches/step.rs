//! How long a key takes until its effect is on the screen, everything that can still come of it
//! included: what the key changes, and drawing it on a terminal in memory. A goal is pursued, so
//! that each step is also judged.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up may as well stop, and its figures are its output"
)]

use std::time::{Duration, Instant};

use miscount::model::{EndCondition, Goal};
use miscount::strategy::{self, Settings, Shape};
use miscount::tui::{App, GameInfo, ScreenTheme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What a person might press: steps mostly, with everything else in between.
const SCRIPT: &str = "abcabUuabcaauubcxabxABuuhhcaabgu\rhahbhcuuuurabcCuabc?\rt\rp\rqaabbcc";

/// How often the script is played.
const ROUNDS: usize = 40;

fn main() {
    for (name, threads, increments) in [
        ("unsynced", 2, 10),
        ("unsynced", 3, 4),
        ("mutex-per-op", 3, 4),
    ] {
        for (width, height) in [(80, 24), (120, 40)] {
            session(name, threads, increments, width, height);
        }
    }
    undoing();
    for increments in [5_000, 1_000_000] {
        after_a_long_go(increments);
    }
}

fn key(letter: char) -> KeyEvent {
    let code = match letter {
        '\r' => KeyCode::Enter,
        letter => KeyCode::Char(letter),
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn session(name: &str, threads: usize, increments: u64, width: u16, height: u16) {
    let shape = Shape::new(threads, increments).unwrap();
    let kind = strategy::named(name).unwrap();
    let system = kind.build(&Settings::default()).unwrap().system(shape);
    let system = system.unwrap();
    let about = GameInfo {
        correct: Some(EndCondition::total(shape.expected())),
        ..GameInfo::default()
    };
    let theme = ScreenTheme::new(true, false);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let began = Instant::now();
    let mut app = App::new(&system, about, Some(Goal::total(2)));
    while app.think(1 << 13) {}
    terminal.draw(|frame| draw(frame, &app, &theme)).unwrap();
    let first = began.elapsed();
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..ROUNDS {
        for letter in SCRIPT.chars() {
            let began = Instant::now();
            app.key(&key(letter));
            app.tick();
            terminal.draw(|frame| draw(frame, &app, &theme)).unwrap();
            times.push(began.elapsed());
            assert!(app.game.chances().is_some(), "the totals belong to it");
            // As the screen does between two keys.
            while app.think(1 << 13) {}
            assert!(!app.game.is_solving(), "the goal is judged");
        }
    }
    times.sort_unstable();
    println!(
        "{name} {threads} x {increments} at {width} x {height}: {} keys, median {:?}, 99 % {:?}, \
         slowest {:?}; all counted after {first:?}",
        times.len(),
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1],
    );
}

/// Keys that have to do with all that was played, after half a million steps of lockstep at a size
/// beyond counting: choosing a goal, the token, a step that is judged, undo and redo of the lot.
fn after_a_long_go(increments: u64) {
    let shape = Shape::new(2, increments).unwrap();
    let kind = strategy::named("unsynced").unwrap();
    let system = kind.build(&Settings::default()).unwrap().system(shape);
    let system = system.unwrap();
    let about = GameInfo {
        correct: Some(EndCondition::total(shape.expected())),
        arguments: "unsynced".into(),
        ..GameInfo::default()
    };
    let theme = ScreenTheme::new(true, false);
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut app = App::new(&system, about, None);
    let mut slowest_thought = Duration::ZERO;
    let mut think = |app: &mut App<'_>| {
        loop {
            let began = Instant::now();
            let more = app.think(1 << 13);
            slowest_thought = slowest_thought.max(began.elapsed());
            if !more {
                break;
            }
        }
    };
    think(&mut app);
    for letter in "pj\r".chars() {
        app.key(&key(letter));
    }
    let mut slowest_tick = Duration::ZERO;
    while app.auto.is_some() {
        let began = Instant::now();
        app.tick();
        slowest_tick = slowest_tick.max(began.elapsed());
    }
    let steps = app.game.steps();
    let mut slowest = (Duration::ZERO, ' ');
    for letter in "g\rhg\rt\rau\r?\ruUuUrU".chars() {
        let began = Instant::now();
        app.key(&key(letter));
        terminal.draw(|frame| draw(frame, &app, &theme)).unwrap();
        slowest = slowest.max((began.elapsed(), letter));
        think(&mut app);
    }
    println!(
        "unsynced 2 x {increments}, after {steps} steps: slowest key {:?} ({:?}), slowest thought \
         between two keys {slowest_thought:?}, slowest tick {slowest_tick:?}",
        slowest.0, slowest.1,
    );
}

/// A thousand undos in a row: does the last take longer than the first?
fn undoing() {
    const UNDOS: usize = 1_000;
    let shape = Shape::new(2, 600).unwrap();
    let kind = strategy::named("atomic").unwrap();
    let system = kind.build(&Settings::default()).unwrap().system(shape);
    let system = system.unwrap();
    let theme = ScreenTheme::new(true, false);
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut app = App::new(&system, GameInfo::default(), None);
    while app.think(1 << 13) {}
    for step in 0..UNDOS {
        app.key(&key(['a', 'b'][step % 2]));
    }
    let mut times = Vec::new();
    for _ in 0..UNDOS {
        let began = Instant::now();
        app.key(&key('u'));
        terminal.draw(|frame| draw(frame, &app, &theme)).unwrap();
        times.push(began.elapsed());
    }
    assert_eq!(app.game.steps(), 0);
    let median = |times: &mut [Duration]| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    println!(
        "{UNDOS} undos: median of the first hundred {:?}, of the last hundred {:?}",
        median(&mut times[..100]),
        median(&mut times[UNDOS - 100..]),
    );
}
