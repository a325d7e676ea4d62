//! `step`: the game, the screen, the puzzles, and the program in a terminal.

mod bounds;
mod game;
mod keys;
mod large;
mod outlook;
mod program;
mod puzzles;
mod screen;
mod terminal;

use miscount::game::puzzle;
use miscount::model::{Completeness, EndCondition, System};
use miscount::plan::Subject;
use miscount::strategy::{self, Settings, Shape};
use miscount::tui::{App, GameInfo, PuzzleInfo, ScreenTheme, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The most threads there may be. A state of theirs takes so much memory that a few thousand are too
/// many, which are visited in less time than half a million of a few threads.
const MANY_THREADS: usize = 1024;

fn strategy(name: &str, threads: usize, increments: u64, settings: &Settings) -> System {
    let kind = strategy::named(name).unwrap();
    let shape = Shape::new(threads, increments).unwrap();
    kind.build(settings).unwrap().system(shape).unwrap()
}

fn plain(name: &str, threads: usize, increments: u64) -> System {
    strategy(name, threads, increments, &Settings::default())
}

/// A screen on which a strategy is played, with everything counted.
fn app<'s>(system: &'s System, name: &str, correct: u64) -> App<'s> {
    let about = GameInfo {
        title: name.into(),
        story: "A story.".into(),
        correct: Some(EndCondition::total(correct)),
        arguments: format!("{name} -t 2 -i 2"),
        ..GameInfo::default()
    };
    let mut app = App::new(system, about, None);
    settle(&mut app);
    app
}

/// What the screen tells about a program of the gallery, as the program tells it.
fn told(name: &str) -> GameInfo {
    let subject = gallery(name);
    let race = subject.race().unwrap();
    let index = puzzle::find(name);
    GameInfo {
        title: match index {
            Some(index) => {
                let (number, all) = (index + 1, puzzle::ALL.len());
                format!("Puzzle {number} of {all}: {}", subject.words.title)
            }
            None => format!("{name}: {}", subject.words.title),
        },
        story: subject.words.story.to_string(),
        correct: subject.correct(),
        arguments: subject.arguments(),
        source: race.source.text().lines().map(String::from).collect(),
        puzzle: subject.goal().map(|_| PuzzleInfo {
            lesson: subject.words.why.to_string(),
            before: None,
            has_next: true,
        }),
    }
}

/// A program of the gallery as it is played, its story read.
fn race_app<'s>(name: &str, system: &'s System) -> App<'s> {
    let goal = gallery(name).goal();
    let is_puzzle = goal.is_some();
    let mut app = App::new(system, told(name), goal);
    settle(&mut app);
    if is_puzzle {
        press(&mut app, "Enter");
    }
    app
}

/// A program of the gallery.
fn gallery(name: &str) -> Subject {
    let named = miscount::language::in_gallery(name).unwrap();
    miscount::cli::of_gallery(named.name).unwrap()
}

/// Its system.
fn system_of(name: &str) -> System {
    gallery(name).system().unwrap()
}

fn settle(app: &mut App<'_>) {
    while app.think(1 << 16) {}
    assert!(!matches!(app.game.extent(), Completeness::Growing(_)));
}

/// The event of a key as it is written in the tests: a letter, or a name.
fn key(name: &str) -> KeyEvent {
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "End" => KeyCode::End,
        "Home" => KeyCode::Home,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        letter => {
            let letter = letter.chars().next().unwrap();
            let shift = if letter.is_uppercase() {
                KeyModifiers::SHIFT
            } else {
                KeyModifiers::NONE
            };
            return KeyEvent::new(KeyCode::Char(letter), shift);
        }
    };
    KeyEvent::new(code, KeyModifiers::NONE)
}

fn press(app: &mut App<'_>, keys: &str) {
    for name in keys.split(' ') {
        app.key(&key(name));
        settle(app);
    }
}

/// The screen as text.
fn picture(app: &App<'_>, width: u16, height: u16, theme: &ScreenTheme) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, app, theme)).unwrap();
    let buffer = terminal.backend().buffer();
    let rows = buffer.content().chunks(usize::from(width));
    let rows = rows.map(|row| {
        let text: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        text.trim_end().to_owned() + "\n"
    });
    rows.collect()
}
