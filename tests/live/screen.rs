//! What the screen shows, and what keys and the mouse do.

use insta::assert_snapshot;
use miscount::plan::{Knob, LiveSubject};
use miscount::record::LiveReading;
use miscount::strategy::{Setting, Window};
use miscount::tui::ScreenTheme;
use miscount::tui::live::{LIVE_KEYS, LiveApp, LiveRequest, click, draw, summary};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Rect;

use super::{app, reading, totals};

fn shown(app: &mut LiveApp, (width, height): (u16, u16), ascii: bool) -> String {
    app.area = Rect::new(0, 0, width, height);
    let theme = ScreenTheme::new(false, ascii);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal.draw(|frame| draw(frame, app, &theme)).unwrap();
    terminal.backend().to_string()
}

fn press(app: &mut LiveApp, code: KeyCode) -> LiveRequest {
    app.key(&KeyEvent::new(code, KeyModifiers::NONE))
}

fn type_in(app: &mut LiveApp, letters: &str) -> LiveRequest {
    let pressed = letters.chars().map(|letter| match letter {
        '\r' => press(app, KeyCode::Enter),
        letter => press(app, KeyCode::Char(letter)),
    });
    pressed.last().unwrap()
}

/// A screen on which three strategies were looked at.
fn walked() -> LiveApp {
    let mut app = app();
    app.update(reading(&app.plan, totals(), 2));
    for ns in [40, 3] {
        assert_eq!(press(&mut app, KeyCode::Down), LiveRequest::Race);
        app.update(reading(&app.plan, vec![200; 500], ns));
    }
    press(&mut app, KeyCode::Home);
    app.update(reading(&app.plan, totals(), 2));
    app
}

#[test]
fn a_race_at_every_size() {
    let mut app = walked();
    assert_snapshot!("race_80x24", shown(&mut app, (80, 24), false));
    assert_snapshot!("race_120x40", shown(&mut app, (120, 40), false));
    assert_snapshot!("race_40x12", shown(&mut app, (40, 12), false));
    assert_snapshot!("race_80x24_ascii", shown(&mut app, (80, 24), true));
    assert!(shown(&mut app, (80, 24), true).is_ascii());
    assert!(shown(&mut app, (39, 12), false).contains("live needs 40"));
    type_in(&mut app, "+");
    assert_snapshot!("race_80x24_big", shown(&mut app, (80, 24), false));
}

#[test]
fn before_the_first_run_and_without_a_loss() {
    let mut app = app();
    assert!(shown(&mut app, (80, 24), false).contains("The first run is under way"));
    app.update(reading(&app.plan, vec![200; 300], 2));
    let screen = shown(&mut app, (80, 24), false);
    assert!(screen.contains("No run has lost an update"), "{screen}");
    assert!(screen.contains("at most 1%"), "{screen}");
    app.update(LiveReading::Failed("cannot start 9 threads".into()));
    assert!(shown(&mut app, (80, 24), false).contains("cannot start 9 threads"));
}

#[test]
fn on_one_core_the_window_opens_by_itself_and_is_marked() {
    let fresh = app();
    let mut app = LiveApp::new(fresh.items, 0, fresh.plan, true);
    assert_eq!(app.plan.settings.window, Window::Yield);
    app.update(reading(&app.plan, totals(), 2));
    let screen = shown(&mut app, (80, 24), false);
    assert!(screen.contains("yield 1 core"), "{screen}");
    assert!(
        screen.contains("One core, so --window yield is on."),
        "{screen}"
    );
}

#[test]
fn keys_turn_the_knobs_and_digits_set_them() {
    let mut app = app();
    assert_eq!(press(&mut app, KeyCode::Right), LiveRequest::Race);
    assert_eq!(app.plan.threads, 3);
    press(&mut app, KeyCode::Tab);
    type_in(&mut app, "5000");
    assert!(shown(&mut app, (80, 24), false).contains("increments 5000_"));
    assert_eq!(app.plan.increments, 100, "not yet");
    assert_eq!(press(&mut app, KeyCode::Enter), LiveRequest::Race);
    assert_eq!(app.plan.increments, 5000);
    // What was typed is forgotten with Esc, and refused where it does not fit.
    type_in(&mut app, "7");
    press(&mut app, KeyCode::Esc);
    assert_eq!(
        type_in(&mut app, "9999999999999999999\r"),
        LiveRequest::Nothing
    );
    assert!(app.message.as_ref().unwrap().1.contains("64 bits"));
    assert_eq!(app.plan.increments, 5000);
    // The same knob stays chosen where there is one.
    assert_eq!(press(&mut app, KeyCode::Down), LiveRequest::Race);
    assert_eq!(app.plan.knobs()[app.knob], Knob::Increments);
    assert!(!app.plan.knobs().contains(&Knob::Setting(Setting::Window)));
    // Programs have knobs of their own.
    press(&mut app, KeyCode::End);
    assert!(matches!(app.plan.subject, LiveSubject::Program(_)));
    assert!(!app.plan.knobs().contains(&Knob::Threads));
}

#[test]
fn enter_freezes_and_explains_the_last_lost_run() {
    let mut app = walked();
    let asked = press(&mut app, KeyCode::Enter);
    assert_eq!(
        asked,
        LiveRequest::Report("trace unsynced -t 2 -i 100".into())
    );
    app.reported(Ok("The explanation.\n".into()));
    let screen = shown(&mut app, (80, 24), false);
    assert!(
        screen.contains("Run 914 ended at 150 and lost 50 updates"),
        "{screen}"
    );
    assert!(
        screen.contains("The explanation.") && screen.contains("frozen"),
        "{screen}"
    );
    assert_eq!(press(&mut app, KeyCode::Enter), LiveRequest::Pause(false));
    // Without a lost run there is nothing to explain.
    press(&mut app, KeyCode::Down);
    app.update(reading(&app.plan, vec![200; 5], 40));
    assert_eq!(press(&mut app, KeyCode::Enter), LiveRequest::Nothing);
    assert!(
        app.message
            .as_ref()
            .unwrap()
            .1
            .contains("has lost no update")
    );
}

#[test]
fn every_other_key_asks_for_what_its_help_says() {
    let mut app = walked();
    for (letter, asked) in [
        (
            't',
            LiveRequest::Report("trace unsynced -t 2 -i 100".into()),
        ),
        ('c', LiveRequest::Report("compare -t 2 -i 100".into())),
        ('e', LiveRequest::Report("explain unsynced".into())),
        ('s', LiveRequest::Step),
        ('p', LiveRequest::Pause(true)),
        ('p', LiveRequest::Pause(false)),
        ('r', LiveRequest::Race),
        ('q', LiveRequest::Quit),
    ] {
        assert_eq!(press(&mut app, KeyCode::Char(letter)), asked, "{letter}");
        press(&mut app, KeyCode::Esc);
    }
    type_in(&mut app, "w");
    assert_eq!(
        app.message.as_ref().unwrap().1,
        "miscount unsynced -t 2 -i 100 --for 5s"
    );
    type_in(&mut app, "?");
    let help = shown(&mut app, (80, 60), false);
    for binding in LIVE_KEYS {
        let words = binding.help.split_whitespace().next().unwrap();
        assert!(help.contains(words), "{words} is not in {help}");
    }
}

#[test]
fn the_summary_repeats_what_was_on_the_screen() {
    let mut app = walked();
    type_in(&mut app, "w");
    assert_eq!(
        summary(&app),
        "unsynced -t 2 -i 100: 902 of 914 runs lost updates (98.7%), 2.00 ns/increment\n\
         mutex-per-op -t 2 -i 100: 0 of 500 runs lost updates (0%), 40.0 ns/increment\n\
         mutex-per-batch -t 2 -i 100: 0 of 500 runs lost updates (0%), 3.00 ns/increment\n\
         Again: miscount unsynced -t 2 -i 100 --for 5s\n\
         On the screen: miscount live unsynced -t 2 -i 100\n"
    );
}

#[test]
fn a_click_chooses_and_the_wheel_turns() {
    let mut app = walked();
    let area = Rect::new(0, 0, 80, 24);
    let at = |kind, column, row| MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    };
    let down = MouseEventKind::Down(MouseButton::Left);
    assert_eq!(click(at(down, 4, 3), area, &mut app), LiveRequest::Race);
    assert_eq!(app.at, 1);
    let screen = shown(&mut app, (80, 24), false);
    let row = screen.lines().position(|line| line.contains("increments"));
    let row = u16::try_from(row.unwrap()).unwrap();
    assert_eq!(
        click(at(MouseEventKind::ScrollUp, 4, row), area, &mut app),
        LiveRequest::Race
    );
    assert_eq!(app.plan.increments, 200);
}

const CODES: [KeyCode; 14] = [
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Backspace,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::F(1),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Ten thousand keys, clicks and resizes in all, at any size.
    #[test]
    fn no_key_and_no_size_makes_it_panic(
        events in prop::collection::vec((0_usize..60, 0_u16..150, 0_u16..50), 500),
    ) {
        let mut app = app();
        let letters: Vec<char> = "0123456789hjklstecwpr+-=? qxz".chars().collect();
        for (event, x, y) in events {
            let area = app.area;
            match event {
                0..14 => drop(press(&mut app, CODES[event])),
                14..43 => drop(press(&mut app, KeyCode::Char(letters[event - 14]))),
                43..47 => {
                    let kinds = [
                        MouseEventKind::Down(MouseButton::Left),
                        MouseEventKind::Down(MouseButton::Right),
                        MouseEventKind::ScrollUp,
                        MouseEventKind::ScrollDown,
                    ];
                    let kind = kinds[event - 43];
                    let modifiers = KeyModifiers::NONE;
                    click(MouseEvent { kind, column: x, row: y, modifiers }, area, &mut app);
                }
                47..50 => app.reported(Ok("a line\n".repeat(usize::from(y)))),
                50..54 => {
                    if let Ok(Some(plan)) = app.plan.counting()
                        && plan.shape.expected() <= 1 << 20
                    {
                        let expected = plan.shape.expected();
                        let actuals = vec![expected, expected / 2, expected - expected / 3];
                        app.update(reading(&app.plan, actuals, 2));
                    }
                }
                _ => drop(shown(&mut app, (x.max(1), y.max(1)), event % 2 == 0)),
            }
        }
        shown(&mut app, (80, 24), false);
    }
}
