//! Every panel and everything that lies over them, as it looks.

use miscount::model::Goal;
use miscount::puzzle::{self, Solved};
use miscount::strategy::Settings;
use miscount::tui::{About, AboutPuzzle, App, Look, Overlay, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;

use super::{app, picture, plain, press, settle, strategy};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 12)];

/// Holds the picture at every size to its snapshots.
fn shown(name: &str, app: &App<'_>) {
    for (width, height) in SIZES {
        let picture = picture(app, width, height, &Look::new(false, false));
        insta::assert_snapshot!(format!("{name}_{width}x{height}"), picture);
    }
}

#[test]
fn the_start() {
    let system = plain("unsynced", 2, 2);
    shown("start", &app(&system, "unsynced", 4));
}

#[test]
fn an_overwrite() {
    let system = plain("unsynced", 3, 2);
    let mut app = app(&system, "unsynced", 6);
    press(&mut app, "a B c a");
    shown("overwrite", &app);
}

#[test]
fn waiting_at_a_lock() {
    let system = plain("mutex-per-op", 3, 2);
    let mut app = app(&system, "mutex-per-op", 6);
    press(&mut app, "a a b");
    shown("waiting", &app);
}

#[test]
fn readers_and_a_writer_that_waits() {
    let split = Settings {
        split: true,
        ..Settings::default()
    };
    let system = strategy("rwlock", 3, 1, &split);
    let mut app = app(&system, "rwlock --split", 3);
    press(&mut app, "a b a a c c a");
    shown("readers", &app);
}

#[test]
fn waiting_for_a_variable_and_more_threads_than_fit() {
    let system = plain("spinlock", 7, 1);
    let mut app = app(&system, "spinlock", 7);
    press(&mut app, "6 7");
    shown("crowd", &app);
}

#[test]
fn folded_increments() {
    let system = plain("mutex-per-op", 2, 2);
    let mut app = app(&system, "mutex-per-op", 4);
    press(&mut app, "a x a b");
    shown("folded", &app);
}

#[test]
fn goals() {
    let system = plain("mutex-per-op", 2, 2);
    let mut app = app(&system, "mutex-per-op", 4);
    press(&mut app, "g Down");
    shown("goals", &app);
    press(&mut app, "Enter h");
    shown("impossible", &app);
}

#[test]
fn a_goal_out_of_reach() {
    let system = plain("unsynced", 2, 3);
    let mut app = app(&system, "unsynced", 6);
    app.game.pursue(Some(Goal::Total(2)));
    press(&mut app, "A");
    shown("lost", &app);
    press(&mut app, "u h");
    shown("hint", &app);
}

#[test]
fn the_end() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    press(&mut app, "a B A");
    shown("end", &app);
    press(&mut app, "t");
    shown("token", &app);
    app.forced(Ok(2));
    shown("forced", &app);
    app.forced(Err("the threads cannot start".into()));
    shown("not_forced", &app);
    app.overlay = None;
    press(&mut app, "p");
    shown("play", &app);
    press(&mut app, "Esc ?");
    shown("help", &app);
}

#[test]
fn too_many_states() {
    let system = plain("unsynced", 5, 6);
    let mut app = app(&system, "unsynced", 30);
    press(&mut app, "A");
    shown("many", &app);
}

fn puzzle_about(number: usize) -> About {
    let puzzle = puzzle::ALL[number - 1];
    About {
        title: format!("Puzzle {number} of {}: {}", puzzle::ALL.len(), puzzle.title),
        story: puzzle.story.into(),
        correct: puzzle.correct,
        replay: None,
        puzzle: Some(AboutPuzzle {
            lesson: puzzle.lesson,
            before: Some(Solved {
                stars: 2,
                switches: 7,
            }),
            has_next: true,
        }),
    }
}

#[test]
fn a_puzzle_from_its_story_to_its_lesson() {
    let (index, puzzle) = puzzle::find("peterson").unwrap();
    let system = (puzzle.build)().unwrap();
    let mut app = App::new(&system, puzzle_about(index + 1), Some(puzzle.goal));
    settle(&mut app);
    shown("puzzle", &app);
    press(&mut app, "Enter A B");
    shown("puzzle_lost", &app);
    press(&mut app, "u u");
    while !matches!(app.overlay, Some(Overlay::Solved(_))) {
        let thread = app.game.hint().unwrap();
        press(&mut app, ["a", "b"][thread]);
    }
    shown("puzzle_solved", &app);
    press(&mut app, "Enter t");
    shown("puzzle_token", &app);
}

#[test]
fn a_deadlock() {
    let (index, puzzle) = puzzle::find("philosophers").unwrap();
    let system = (puzzle.build)().unwrap();
    let mut app = App::new(&system, puzzle_about(index + 1), Some(puzzle.goal));
    settle(&mut app);
    press(&mut app, "Enter a b c Enter");
    shown("deadlock", &app);
}

#[test]
fn a_screen_that_is_too_small_says_so() {
    let system = plain("unsynced", 2, 2);
    let app = app(&system, "unsynced", 4);
    for (width, height) in [(39, 24), (80, 11), (20, 5), (1, 1)] {
        let picture = picture(&app, width, height, &Look::new(false, false));
        let words = picture.split_whitespace().collect::<Vec<_>>().join(" ");
        if width >= 20 && height >= 5 {
            assert!(words.contains("step needs 40 × 12"), "{picture}");
        }
        assert!(!picture.contains("load"), "{picture}");
    }
}

#[test]
fn ascii_is_ascii() {
    for keys in ["a b A", "g", "p", "t", "?", "i", "x a"] {
        let system = plain("mutex-per-op", 3, 2);
        let mut app = app(&system, "mutex-per-op", 6);
        press(&mut app, keys);
        for (width, height) in SIZES {
            let picture = picture(&app, width, height, &Look::new(true, true));
            assert!(picture.is_ascii(), "{picture}");
        }
    }
    let (index, puzzle) = puzzle::find("lost-update").unwrap();
    let system = (puzzle.build)().unwrap();
    let mut app = App::new(&system, puzzle_about(index + 1), Some(puzzle.goal));
    press(&mut app, "Enter a B A");
    let picture = picture(&app, 80, 24, &Look::new(true, true));
    assert!(picture.is_ascii() && picture.contains("***"), "{picture}");
}

#[test]
fn colours_are_blue_and_orange_or_none() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    press(&mut app, "a B a");
    let colours = |coloured| {
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        let look = Look::new(coloured, false);
        terminal.draw(|frame| draw(frame, &app, &look)).unwrap();
        let cells = terminal.backend().buffer().content().iter();
        let mut found: Vec<_> = cells.map(|cell| format!("{:?}", cell.fg)).collect();
        found.sort();
        found.dedup();
        found
    };
    let named = |colours: &[Color]| colours.iter().map(|c| format!("{c:?}")).collect::<Vec<_>>();
    assert_eq!(colours(false), named(&[Color::Reset]));
    assert_eq!(
        colours(true),
        named(&[Color::LightBlue, Color::Reset, Color::Yellow])
    );
}
