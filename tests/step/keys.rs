//! The keys of the help are the keys that work.

use std::collections::HashSet;

use miscount::tui::{App, Command, KEYS, Look, MENU_KEYS, Overlay, Stroke, Want, click, command};
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Rect;

use super::{app, key, picture, plain, press};

/// Every key that a stroke stands for, and the thread it names.
fn events(stroke: Stroke) -> Vec<(KeyEvent, Option<usize>)> {
    let of = |first: u8, many: usize, modifiers| {
        let keys = (0..many).map(move |index| {
            let letter = char::from(first + u8::try_from(index).unwrap());
            (KeyEvent::new(KeyCode::Char(letter), modifiers), Some(index))
        });
        keys.collect()
    };
    match stroke {
        Stroke::Key(code) => vec![(KeyEvent::new(code, KeyModifiers::NONE), None)],
        Stroke::Ctrl(letter) => {
            let code = KeyCode::Char(letter);
            vec![(KeyEvent::new(code, KeyModifiers::CONTROL), None)]
        }
        Stroke::Letter { shift: false } => of(b'a', 5, KeyModifiers::NONE),
        Stroke::Letter { shift: true } => of(b'A', 5, KeyModifiers::SHIFT),
        Stroke::Digit { alt: false } => of(b'1', 9, KeyModifiers::NONE),
        Stroke::Digit { alt: true } => of(b'1', 9, KeyModifiers::ALT),
    }
}

#[test]
fn no_key_hides_another() {
    for table in [KEYS, MENU_KEYS] {
        let mut seen = HashSet::new();
        for binding in table {
            for (event, thread) in binding.strokes.iter().flat_map(|&stroke| events(stroke)) {
                assert_eq!(
                    command(table, &event),
                    Some((binding.command, thread)),
                    "{event:?}"
                );
                assert!(seen.insert((event.code, event.modifiers)), "{event:?}");
            }
        }
    }
}

#[test]
fn the_help_lists_every_key_and_names_it_as_it_is() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    press(&mut app, "?");
    let help = picture(&app, 120, 40, &Look::new(false, false));
    for binding in KEYS {
        assert!(help.contains(binding.help), "{}\n{help}", binding.help);
        assert!(help.contains(binding.shown), "{}\n{help}", binding.shown);
        // What is shown names the first key.
        let first = binding.strokes[0];
        let named = match first {
            Stroke::Key(KeyCode::Char(letter)) => letter.to_string(),
            Stroke::Key(code) => format!("{code:?}"),
            Stroke::Ctrl(letter) => format!("Ctrl-{}", letter.to_ascii_uppercase()),
            Stroke::Letter { shift: false } => "a-e".into(),
            Stroke::Letter { shift: true } => "A-E".into(),
            Stroke::Digit { .. } => unreachable!("digits come second"),
        };
        assert_eq!(binding.shown.split(' ').next(), Some(named.as_str()));
    }
    // At the smallest size all of it can be reached by scrolling.
    let mut seen = String::new();
    for _ in 0..60 {
        seen += &picture(&app, 40, 12, &Look::new(false, false));
        app.key(&key("Down"));
    }
    for binding in KEYS {
        assert!(seen.contains(binding.shown), "{}", binding.shown);
    }
}

/// What a command visibly does; for each line of the table.
fn changes(binding: Command) {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    press(&mut app, "a b");
    if binding == Command::Redo {
        press(&mut app, "u");
    }
    if binding == Command::ChooseRight {
        press(&mut app, "Left");
    }
    let look = Look::new(false, false);
    let before = picture(&app, 80, 24, &look);
    let want = app.command(binding, None);
    let after = picture(&app, 80, 24, &look);
    let expected = match binding {
        Command::Quit => Want::Quit,
        Command::Suspend => Want::Suspend,
        Command::Interrupt => Want::Interrupt,
        Command::Force => Want::Force,
        _ => {
            assert_ne!(before, after, "{binding:?}");
            Want::Nothing
        }
    };
    assert_eq!(want, expected, "{binding:?}");
}

#[test]
fn every_key_does_something() {
    for binding in KEYS {
        changes(binding.command);
    }
}

#[test]
fn keys_that_are_none_say_where_the_keys_are() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    app.key(&key("z"));
    assert!(app.message.as_ref().unwrap().1.contains('?'));
    // Letters of threads that are not there say so; key releases do nothing.
    press(&mut app, "c");
    assert!(app.message.as_ref().unwrap().1.contains("2 threads"));
    let mut release = key("a");
    release.kind = KeyEventKind::Release;
    app.key(&release);
    assert_eq!(app.game.steps(), 0);
}

#[test]
fn arrows_choose_and_step() {
    let system = plain("unsynced", 12, 1);
    let mut app = app(&system, "unsynced", 12);
    for _ in 0..20 {
        app.key(&key("Right"));
    }
    assert_eq!(app.chosen, 11);
    app.key(&key("Down"));
    app.key(&key("Left"));
    app.key(&key("End"));
    app.key(&KeyEvent::new(KeyCode::Char('9'), KeyModifiers::ALT));
    assert_eq!(app.game.schedule().to_string(), "L,K-,I-");
    app.key(&key("Up"));
    app.key(&key("-"));
    assert_eq!(app.game.schedule().to_string(), "L,K-");
    assert_eq!(app.chosen, 10);
}

fn mouse(app: &mut App<'_>, kind: MouseEventKind, column: u16, row: u16) {
    let event = MouseEvent {
        kind,
        column,
        row,
        modifiers: KeyModifiers::NONE,
    };
    click(event, Rect::new(0, 0, 80, 24), app);
}

#[test]
fn the_mouse_steps_runs_undoes_and_picks() {
    let left = MouseEventKind::Down(MouseButton::Left);
    let right = MouseEventKind::Down(MouseButton::Right);
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    mouse(&mut app, left, 10, 5);
    mouse(&mut app, right, 60, 5);
    assert_eq!(app.game.schedule().to_string(), "A,B-");
    mouse(&mut app, MouseEventKind::ScrollUp, 10, 5);
    assert_eq!(app.game.schedule().to_string(), "A");
    mouse(&mut app, MouseEventKind::ScrollDown, 10, 5);
    assert_eq!(app.game.schedule().to_string(), "A,B-");
    // A click beside every panel does nothing.
    mouse(&mut app, left, 10, 0);
    assert_eq!(app.game.steps(), 5);
    // In a menu, on its second line.
    press(&mut app, "g");
    let menu = picture(&app, 80, 24, &Look::new(false, false));
    let row = menu
        .lines()
        .position(|line| line.contains("end with 2"))
        .unwrap();
    let column = menu.lines().nth(row).unwrap();
    let column = column.chars().position(|c| c == 'w').unwrap();
    let place = |at: usize| u16::try_from(at).unwrap();
    mouse(&mut app, left, place(column), place(row));
    assert_eq!(app.game.goal().unwrap().to_string(), "end with 2");
    // A click beside a menu closes it and changes nothing.
    press(&mut app, "g Down");
    mouse(&mut app, left, 1, 1);
    assert_eq!(app.overlay, None);
    assert_eq!(app.game.goal().unwrap().to_string(), "end with 2");
    press(&mut app, "?");
    mouse(&mut app, MouseEventKind::ScrollDown, 1, 1);
    assert_eq!(app.overlay, Some(Overlay::Help(1)));
    mouse(&mut app, left, 1, 1);
    assert_eq!(app.overlay, None);
}
