//! The keys of the help are the keys that work.

use std::collections::HashSet;

use miscount::tui::{
    App, AppRequest, Binding, Command, KEYS, KeyPattern, OVERLAY_KEYS, Overlay, ScreenTheme, click,
    command,
};
use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Rect;

use super::{app, key, picture, plain, press};

/// Every key that a pattern stands for, and the thread it names.
fn events(pattern: KeyPattern) -> Vec<(KeyEvent, Option<usize>)> {
    let of = |first: u8, many: usize, modifiers| {
        let keys = (0..many).map(move |index| {
            let letter = char::from(first + u8::try_from(index).unwrap());
            (KeyEvent::new(KeyCode::Char(letter), modifiers), Some(index))
        });
        keys.collect()
    };
    match pattern {
        KeyPattern::Key(code) => vec![(KeyEvent::new(code, KeyModifiers::NONE), None)],
        KeyPattern::Ctrl(letter) => {
            let code = KeyCode::Char(letter);
            vec![(KeyEvent::new(code, KeyModifiers::CONTROL), None)]
        }
        KeyPattern::Letter { shift: false } => of(b'a', 5, KeyModifiers::NONE),
        KeyPattern::Letter { shift: true } => of(b'A', 5, KeyModifiers::SHIFT),
        KeyPattern::Digit { alt: false } => of(b'1', 9, KeyModifiers::NONE),
        KeyPattern::Digit { alt: true } => of(b'1', 9, KeyModifiers::ALT),
        KeyPattern::Number => of(b'0', 10, KeyModifiers::NONE),
    }
}

#[test]
fn no_key_hides_another() {
    fn check<C: Copy + PartialEq + std::fmt::Debug>(table: &[Binding<C>]) {
        let mut seen = HashSet::new();
        for binding in table {
            for (event, thread) in binding.keys.iter().flat_map(|&pattern| events(pattern)) {
                assert_eq!(
                    command(table, &event),
                    Some((binding.command, thread)),
                    "{event:?}"
                );
                assert!(seen.insert((event.code, event.modifiers)), "{event:?}");
            }
        }
    }
    check(KEYS);
    check(OVERLAY_KEYS);
    check(miscount::tui::live::LIVE_KEYS);
}

#[test]
fn the_help_lists_every_key_and_names_it_as_it_is() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    press(&mut app, "?");
    let help = picture(&app, 120, 40, &ScreenTheme::new(false, false));
    for binding in KEYS {
        assert!(help.contains(binding.help), "{}\n{help}", binding.help);
        let shown = binding.shown(2);
        assert!(help.contains(&shown), "{shown}\n{help}");
    }
    let of = |command, threads| {
        let mut found = KEYS.iter().filter(|b| b.command == command);
        found.next().unwrap().shown(threads)
    };
    assert_eq!(of(Command::Undo, 2), "u Up Backspace");
    assert_eq!(of(Command::Help, 2), "? F1");
    assert_eq!(of(Command::Interrupt, 2), "Ctrl-C");
    // No key of a thread that is not there.
    let steps = [1, 2, 5, 7, 20].map(|threads| of(Command::Step, threads));
    assert_eq!(steps, ["a 1", "a-b 1-2", "a-e 1-5", "a-e 1-7", "a-e 1-9"]);
    assert_eq!(of(Command::Run, 7), "A-E Alt+1-7");
}

/// At the smallest size all of an overlay can be reached by scrolling, and no further.
#[test]
fn overlays_scroll_to_their_end_and_back() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    press(&mut app, "?");
    let theme = ScreenTheme::new(false, false);
    let top = picture(&app, 40, 12, &theme);
    let (mut seen, mut downs) = (top.clone(), 0);
    for _ in 0..100 {
        let before = app.scroll.get();
        app.key(&key("Down"));
        seen += &picture(&app, 40, 12, &theme);
        downs += usize::from(app.scroll.get() > before);
    }
    for binding in KEYS {
        assert!(seen.contains(&binding.shown(2)), "{}", binding.shown(2));
    }
    assert!(seen.contains("store."), "{seen}");
    for _ in 0..downs {
        app.key(&key("Up"));
    }
    assert_eq!(picture(&app, 40, 12, &theme), top);
    // The next overlay begins at its top.
    app.key(&key("Down"));
    press(&mut app, "Esc");
    press(&mut app, "?");
    assert_eq!(picture(&app, 40, 12, &theme), top);
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
    let theme = ScreenTheme::new(false, false);
    let before = picture(&app, 80, 24, &theme);
    let want = app.command(binding, None);
    let after = picture(&app, 80, 24, &theme);
    let expected = match binding {
        Command::Quit => AppRequest::Quit,
        Command::Suspend => AppRequest::Suspend,
        Command::Interrupt => AppRequest::Interrupt,
        Command::Force => AppRequest::Force,
        _ => {
            assert_ne!(before, after, "{binding:?}");
            AppRequest::Nothing
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
    assert_eq!(app.selected, 11);
    app.key(&key("Down"));
    app.key(&key("Left"));
    app.key(&key("End"));
    app.key(&KeyEvent::new(KeyCode::Char('9'), KeyModifiers::ALT));
    assert_eq!(app.game.schedule().to_string(), "L,K-,I-");
    app.key(&key("Up"));
    app.key(&key("-"));
    assert_eq!(app.game.schedule().to_string(), "L,K-");
    assert_eq!(app.selected, 10);
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
    let menu = picture(&app, 80, 24, &ScreenTheme::new(false, false));
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
    assert_eq!(app.overlay, Some(Overlay::Help));
    assert_eq!(app.scroll.get(), 1);
    mouse(&mut app, left, 1, 1);
    assert_eq!(app.overlay, None);
}

#[test]
fn overlays_have_pages_and_are_closed_by_what_opened_them() {
    let system = plain("unsynced", 2, 10);
    let mut app = app(&system, "unsynced", 20);
    let theme = ScreenTheme::new(false, false);
    press(&mut app, "?");
    let top = picture(&app, 40, 12, &theme);
    press(&mut app, "End");
    let end = picture(&app, 40, 12, &theme);
    assert_ne!(end, top);
    press(&mut app, "PageDown");
    assert_eq!(picture(&app, 40, 12, &theme), end);
    press(&mut app, "PageUp");
    assert_ne!(picture(&app, 40, 12, &theme), end);
    press(&mut app, "Home");
    assert_eq!(picture(&app, 40, 12, &theme), top);
    for opener in ["?", "i", "t", "g", "p"] {
        app.overlay = None;
        press(&mut app, opener);
        assert!(app.overlay.is_some(), "{opener}");
        press(&mut app, "x");
        assert!(app.overlay.is_some(), "{opener}");
        press(&mut app, opener);
        assert_eq!(app.overlay, None, "{opener}");
    }
    press(&mut app, "g End");
    let Some(Overlay::Menu(menu)) = &app.overlay else {
        panic!("a menu");
    };
    assert_eq!(menu.at, menu.lines.len() - 1);
    press(&mut app, "PageUp Enter");
    assert!(app.game.goal().is_some());
}

#[test]
fn where_nothing_can_be_shown_keys_only_leave() {
    let system = plain("unsynced", 2, 2);
    let mut app = app(&system, "unsynced", 4);
    for name in ["a", "B", "r", "p", "?", "f"] {
        assert_eq!(app.blind_key(&key(name)), AppRequest::Nothing, "{name}");
    }
    assert_eq!((app.game.steps(), &app.overlay), (0, &None));
    assert_eq!(app.blind_key(&key("q")), AppRequest::Quit);
}

#[test]
fn an_ending_is_told_however_one_comes_to_it() {
    let system = plain("unsynced", 2, 1);
    let mut app = app(&system, "unsynced", 2);
    press(&mut app, "A B");
    let told = app.message.clone();
    assert!(told.as_ref().unwrap().1.contains("All threads are done"));
    press(&mut app, "u");
    assert_ne!(app.message, told);
    press(&mut app, "U");
    assert_eq!(app.message, told);
}
