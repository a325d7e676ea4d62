//! Every puzzle can be solved, at its par and not below; and what has been solved is kept.

use std::collections::BTreeSet;
use std::fs;

use miscount::command::{ProgressError, ProgressFile};
use miscount::game::puzzle::{self, Score};
use miscount::model::{
    Actor, Completeness, Completion, Ending, Goal, Machine, Options, Outlook, Route, Schedule,
    ScheduleRun, Steps, System, census,
};
use miscount::tui::App;

use super::{app, gallery, plain, press, system_of, told};

/// The outlook that a goal is solved in, finished.
pub(crate) fn finished<'s>(system: &'s System, goal: &Goal) -> Outlook<'s> {
    let mut outlook = Outlook::new(system, &goal.names());
    let extent = outlook.advance(usize::MAX);
    assert!(matches!(extent, Completeness::Known(_)), "{extent:?}");
    outlook
}

/// The schedule that a route leads along until the goal is reached.
fn followed(system: &System, outlook: &Outlook<'_>, goal: &Goal) -> Schedule {
    let route = Route::new(outlook, goal);
    let mut machine = Machine::new(system);
    let (mut schedule, mut last) = (Schedule::new(), None);
    while !goal.is_reached(&machine) {
        let left = route.switches(outlook, &machine, last).unwrap();
        let thread = route.next(outlook, &machine, last).unwrap();
        machine.step(thread).unwrap();
        let switch = u64::from(last.is_some_and(|last| last != thread));
        last = Some(thread);
        assert_eq!(route.switches(outlook, &machine, last), Some(left - switch));
        schedule.push(thread, Steps::Count(1));
    }
    schedule
}

/// Whether a goal is reached with at most this many switches: every such schedule is tried.
fn is_reachable(machine: &Machine<'_>, goal: &Goal, last: Option<Actor>, switches: u64) -> bool {
    goal.is_reached(machine)
        || machine.ready().any(|thread| {
            let switch = u64::from(last.is_some_and(|last| last != thread));
            let mut next = machine.clone();
            next.step(thread).unwrap();
            switch <= switches && is_reachable(&next, goal, Some(thread), switches - switch)
        })
}

#[test]
fn every_puzzle_is_solved_at_its_par() {
    for name in puzzle::ALL {
        let (subject, system) = (gallery(name), system_of(name));
        let goal = subject.goal().unwrap();
        let outlook = finished(&system, &goal);
        let start = Machine::new(&system);
        let par = Route::new(&outlook, &goal).switches(&outlook, &start, None);
        let par = par.unwrap_or_else(|| panic!("{name} has no solution"));
        let schedule = followed(&system, &outlook, &goal);
        assert_eq!(schedule.switches() as u64, par, "{name}");
        let naive = (0..10).find(|&switches| is_reachable(&start, &goal, None, switches));
        assert_eq!(naive, Some(par), "{name}");
        // It is no solution to let one thread run after the other, but where that is the lesson.
        let serial = ScheduleRun::new(&system, [].iter(), Completion::Serial);
        let serial = { serial }.finish(&mut |_, _| {}).unwrap();
        let meant = ["luck", "locked"].contains(name);
        assert_eq!(goal.accepts(&serial), meant, "{name}");
        // Whatever is told fits on the smallest screen.
        let words = &subject.words;
        assert!(words.title.len() <= 40, "{name}");
        for text in [&words.story, &words.why] {
            assert!(text.len() <= 340, "{name}: {}", text.len());
        }
    }
}

#[test]
fn puzzles_are_the_programs_with_a_goal() {
    let all: BTreeSet<_> = puzzle::ALL.iter().copied().collect();
    let programs = miscount::language::GALLERY
        .iter()
        .map(|program| program.name);
    let with_goal = programs.filter(|name| gallery(name).goal().is_some());
    assert_eq!(all, with_goal.collect());
    assert_eq!(all.len(), puzzle::ALL.len());
}

/// The pars that the puzzles had before they were programs. Waiting takes more: it is an end now, and
/// not a state on the way.
#[test]
fn pars_stay_the_same() {
    let mut others = Vec::new();
    for (name, par) in [
        ("lost-update", 2),
        ("luck", 1),
        ("single-instruction", 2),
        ("three", 3),
        ("wait", 3),
        ("locked", 1),
        ("forgotten-lock", 2),
        ("minimum", 5),
        ("split-lock", 2),
        ("bank", 2),
        ("audit", 2),
        ("retry", 3),
        ("two-locks", 1),
        ("flag-first", 2),
        ("philosophers", 2),
        ("lost-wakeup", 2),
        ("naive-lock", 3),
        ("if-instead-of-while", 3),
        ("impatient-peterson", 2),
        ("aba", 2),
        ("minimum-of-three", 3),
    ] {
        let (goal, system) = (gallery(name).goal().unwrap(), system_of(name));
        let outlook = finished(&system, &goal);
        let found = Route::new(&outlook, &goal).switches(&outlook, &Machine::new(&system), None);
        if found != Some(par) {
            others.push((name, found));
        }
    }
    assert_eq!(others, []);
}

#[test]
fn pars_are_the_switches_of_the_witnesses() {
    for name in puzzle::ALL {
        let system = system_of(name);
        let counted = census(&system, &Options::default()).unwrap();
        let mut known: Vec<(Goal, u64)> = Vec::new();
        for outcome in &counted.outcomes {
            let goal = Goal::ending(&outcome.end, &system);
            let fewest = outcome.switches.unwrap();
            match known.iter_mut().find(|(known, _)| *known == goal) {
                Some((_, known)) => *known = fewest.min(*known),
                None => known.push((goal, fewest)),
            }
        }
        for (goal, fewest) in known {
            let outlook = finished(&system, &goal);
            let par = Route::new(&outlook, &goal).switches(&outlook, &Machine::new(&system), None);
            assert_eq!(par, Some(fewest), "{name}: {goal}");
        }
    }
}

#[test]
fn goals_that_cannot_be_reached_are_recognised() {
    for name in puzzle::ALL {
        let system = system_of(name);
        let counted = census(&system, &Options::default()).unwrap();
        let mut ends = counted.outcomes.iter().map(|outcome| &outcome.end);
        let deadlocks = ends.any(|end| matches!(end, Ending::Deadlock(_)));
        let outlook = finished(&system, &Goal::deadlock());
        let start = Machine::new(&system);
        let values = vec![77; system.shown().len()];
        let goal = Goal::ending(&Ending::Values(values.into()), &system);
        let route = Route::new(&outlook, &goal);
        assert_eq!(route.switches(&outlook, &start, None), None);
        assert_eq!(route.next(&outlook, &start, None), None);
        let route = Route::new(&outlook, &Goal::deadlock());
        let found = route.switches(&outlook, &start, None);
        assert_eq!(found.is_some(), deadlocks, "{name}");
    }
}

/// Scores under former names are those of the programs that took their place.
#[test]
fn scores_of_renamed_puzzles_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("puzzles.json");
    let former = r#"{"schema":"miscount.puzzles/1","solved":{"publish":{"stars":3,"switches":2},
        "deadlock":{"stars":1,"switches":9},"bank":{"stars":3,"switches":2}}}"#;
    fs::write(&path, former).unwrap();
    let (mut progress, trouble) = ProgressFile::open(Some(path.clone()));
    assert_eq!(trouble, None);
    progress.record("two-locks", WELL).unwrap();
    let (read, _) = ProgressFile::open(Some(path));
    for name in ["flag-first", "two-locks", "bank"] {
        assert_eq!(read.scores.of(name), Some(WELL), "{name}");
    }
    assert_eq!(read.scores.iter().count(), 3);
}

const WELL: Score = Score {
    stars: 3,
    switches: 2,
};
const BADLY: Score = Score {
    stars: 1,
    switches: 9,
};

#[test]
fn the_better_solution_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/er/puzzles.json");
    let (mut progress, trouble) = ProgressFile::open(Some(path.clone()));
    assert_eq!(trouble, None);
    assert_eq!(progress.scores.next(), 0);
    progress.record("lost-update", BADLY).unwrap();
    progress.record("lost-update", WELL).unwrap();
    progress.record("lost-update", BADLY).unwrap();
    // Another session does not wipe it out.
    let (mut other, _) = ProgressFile::open(Some(path.clone()));
    other.record("luck", BADLY).unwrap();
    progress.record("three", WELL).unwrap();
    let (read, trouble) = ProgressFile::open(Some(path.clone()));
    assert_eq!(trouble, None);
    assert_eq!(read.scores.of("lost-update"), Some(WELL));
    assert_eq!(read.scores.of("luck"), Some(BADLY));
    assert_eq!(read.scores.stars(), (7, 3 * puzzle::ALL.len()));
    assert_eq!(read.scores.next(), 2);
    for name in puzzle::ALL.iter().filter(|name| **name != "luck") {
        progress.record(name, WELL).unwrap();
    }
    // All are solved, and one could be solved better.
    let (mut read, _) = ProgressFile::open(Some(path.clone()));
    assert_eq!(read.scores.next(), 1);
    read.record("luck", WELL).unwrap();
    assert_eq!(read.scores.next(), 0);
    ProgressFile::reset(Some(path.clone())).unwrap();
    ProgressFile::reset(Some(path.clone())).unwrap();
    assert_eq!(ProgressFile::open(Some(path)).0.scores.stars().0, 0);
}

#[test]
fn a_damaged_file_is_said_so_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("puzzles.json");
    for damaged in [
        "",
        "{",
        "[]",
        "\u{0}\u{1}",
        r#"{"schema":"miscount.puzzles/2","solved":{}}"#,
        r#"{"schema":"miscount.puzzles/1","solved":{"luck":{"stars":200,"switches":1}}}"#,
        r#"{"schema":"miscount.puzzles/1","solved":{"luck":{"stars":4,"switches":1}}}"#,
    ] {
        fs::write(&path, damaged).unwrap();
        let (mut progress, trouble) = ProgressFile::open(Some(path.clone()));
        assert_eq!(
            trouble,
            Some(ProgressError::Damaged(path.clone())),
            "{damaged}"
        );
        progress.record("luck", WELL).unwrap();
        assert_eq!(progress.scores.of("luck"), Some(WELL));
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
    }
}

#[test]
fn a_place_that_cannot_be_written_is_said_so_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    // A file where a folder should be: refused even to root.
    let (mut progress, trouble) = ProgressFile::open(Some(file.join("puzzles.json")));
    assert!(
        matches!(trouble, Some(ProgressError::Refused(..))),
        "{trouble:?}"
    );
    assert_eq!(progress.record("luck", WELL), Ok(()));
    // A folder that turns into a file behind the program's back.
    let inner = folder.path().join("inner");
    let (mut progress, trouble) = ProgressFile::open(Some(inner.join("puzzles.json")));
    assert_eq!(trouble, None);
    fs::write(&inner, "").unwrap();
    assert!(progress.record("luck", WELL).is_err());
    assert_eq!(progress.scores.of("luck"), Some(WELL));
    assert_eq!(ProgressFile::open(None).1, Some(ProgressError::NoFolder));
}

/// The third thread of `minimum-of-three` may run entirely between the two stale stores, as its
/// lesson says.
#[test]
fn the_third_thread_only_has_to_be_done_before_the_last_stale_store() {
    let system = system_of("minimum-of-three");
    let end = |token: &str| {
        let schedule: Schedule = token.parse().unwrap();
        let segments = schedule.segments();
        ScheduleRun::new(&system, segments.iter(), Completion::Serial)
            .finish(&mut |_, _| {})
            .unwrap()
    };
    assert_eq!(end("A,B2,A,B,A-,C-,B-"), Ending::Values([2].into()));
    assert_eq!(end("A,B2,C-,A,B,A-,B-"), Ending::Values([2].into()));
    assert_ne!(end("A,B2,A,B,A-,B-,C-"), Ending::Values([2].into()));
}

#[test]
fn sessions_at_once_do_not_wipe_each_other_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("puzzles.json");
    std::thread::scope(|scope| {
        for name in puzzle::ALL {
            let path = path.clone();
            scope.spawn(move || {
                let (mut progress, _) = ProgressFile::open(Some(path));
                progress.record(name, WELL).unwrap();
            });
        }
    });
    let (progress, trouble) = ProgressFile::open(Some(path));
    assert_eq!(trouble, None);
    assert_eq!(
        progress.scores.stars(),
        (3 * puzzle::ALL.len(), 3 * puzzle::ALL.len())
    );
}

/// An older session does not write back the scores that a newer one has reset.
#[test]
fn a_reset_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("puzzles.json");
    let (mut progress, _) = ProgressFile::open(Some(path.clone()));
    progress.record("lost-update", WELL).unwrap();
    ProgressFile::reset(Some(path.clone())).unwrap();
    progress.record("luck", WELL).unwrap();
    let (read, _) = ProgressFile::open(Some(path));
    assert_eq!(
        (read.scores.of("lost-update"), read.scores.of("luck")),
        (None, Some(WELL))
    );
}

/// What the lessons say besides the goal.
#[test]
fn lessons_are_true() {
    let ends = |name| {
        let system = system_of(name);
        let counted = census(&system, &Options::default()).unwrap();
        let ends = counted
            .outcomes
            .iter()
            .map(|outcome| outcome.end.text(&system));
        ends.collect::<Vec<_>>()
    };
    assert_eq!(ends("audit"), ["B.sum = 6", "B.sum = 10", "B.sum = 14"]);
    assert_eq!(ends("locked"), ["counter = 4"]);
    // At par the third thread loads what the second has stored.
    let (three, goal) = (system_of("three"), gallery("three").goal().unwrap());
    let outlook = finished(&three, &goal);
    let schedule = followed(&three, &outlook, &goal);
    assert_eq!(schedule.to_string(), "A,B2,C2,A");
    // The minimum is 2 from two increments each on, and 1 with one.
    assert_eq!(ends("minimum")[0], "counter = 2");
    assert_eq!(ends("minimum-of-three")[0], "counter = 2");
    assert_eq!(ends("three")[0], "counter = 1");
}

/// What is missing from a total was lost; of a race program, `expect` says what is wrong.
#[test]
fn an_end_is_judged_by_what_is_known_of_it() {
    for (name, keys, ending) in [
        ("lost-update", "a b A B", "counter = 1, which is wrong."),
        ("flag-first", "a b B A", "B.got = 0, which is wrong."),
        ("bank", "A B", "account = 20, paid = 80, which is correct."),
    ] {
        let system = system_of(name);
        let mut app = App::new(&system, told(name), None);
        press(&mut app, "Enter");
        press(&mut app, keys);
        let said = &app.message.as_ref().unwrap().1;
        assert!(said.contains(ending), "{name}: {said}");
    }
    let system = plain("unsynced", 2, 1);
    let mut app = app(&system, "unsynced", 2);
    press(&mut app, "a b A B");
    let said = &app.message.as_ref().unwrap().1;
    assert!(said.contains("1 instead of 2; 1 lost"), "{said}");
}
