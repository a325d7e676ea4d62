//! Every puzzle can be solved, at its par and not below; and what has been solved is kept.

use std::fs;

use miscount::command::{ProgressError, ProgressFile};
use miscount::game::puzzle::{self, Score};
use miscount::model::{
    Completeness, Completion, Ending, Goal, Machine, Options, Outlook, Route, Schedule,
    ScheduleRun, Steps, System, census,
};
use miscount::tui::{App, GameInfo};

use super::press;

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

#[test]
fn every_puzzle_is_solved_at_its_par() {
    for puzzle in puzzle::ALL {
        let system = (puzzle.build)().unwrap();
        let outlook = finished(&system, &puzzle.goal);
        let start = Machine::new(&system);
        let par = Route::new(&outlook, &puzzle.goal).switches(&outlook, &start, None);
        let par = par.unwrap_or_else(|| panic!("{} has no solution", puzzle.name));
        let schedule = followed(&system, &outlook, &puzzle.goal);
        assert_eq!(schedule.switches() as u64, par, "{}", puzzle.name);
        // It is no solution to let one thread run after the other, but where that is the lesson.
        let serial =
            ScheduleRun::new(&system, [].iter(), Completion::Serial).finish(&mut |_, _| {});
        let trivial = Goal::Total(serial.unwrap().total().unwrap());
        let meant = ["luck", "locked"].contains(&puzzle.name);
        assert_eq!(puzzle.goal == trivial, meant, "{}", puzzle.name);
        // Whatever is told fits on the smallest screen.
        assert!(puzzle.title.len() <= 40, "{}", puzzle.name);
        for text in [puzzle.story, puzzle.lesson] {
            assert!(text.len() <= 320, "{}: {}", puzzle.name, text.len());
        }
    }
}

#[test]
fn pars_are_the_switches_of_the_witnesses() {
    for puzzle in puzzle::ALL {
        let system = (puzzle.build)().unwrap();
        let counted = census(&system, &Options::default()).unwrap();
        let mut known = std::collections::BTreeMap::new();
        for outcome in &counted.outcomes {
            let goal = match outcome.end {
                Ending::Total(total) => (Some(total), Goal::Total(total)),
                _ => (None, Goal::Deadlock),
            };
            let fewest = known.entry(goal.0).or_insert((goal.1, u64::MAX));
            fewest.1 = fewest.1.min(outcome.switches.unwrap());
        }
        for (goal, fewest) in known.into_values() {
            let outlook = finished(&system, &goal);
            let par = Route::new(&outlook, &goal).switches(&outlook, &Machine::new(&system), None);
            assert_eq!(par, Some(fewest), "{}: {goal}", puzzle.name);
        }
    }
}

#[test]
fn goals_that_cannot_be_reached_are_recognised() {
    for puzzle in puzzle::ALL {
        let system = (puzzle.build)().unwrap();
        let counted = census(&system, &Options::default()).unwrap();
        let deadlocks = counted
            .outcomes
            .iter()
            .any(|o| matches!(o.end, Ending::Deadlock(_)));
        let outlook = finished(&system, &Goal::Deadlock);
        for total in (0..=200).filter(|&total| counted.total(total).is_none()) {
            let goal = Goal::Total(total);
            let route = Route::new(&outlook, &goal);
            let start = Machine::new(&system);
            assert_eq!(route.switches(&outlook, &start, None), None);
            assert_eq!(route.next(&outlook, &start, None), None);
        }
        let route = Route::new(&outlook, &Goal::Deadlock);
        let found = route.switches(&outlook, &Machine::new(&system), None);
        assert_eq!(found.is_some(), deadlocks, "{}", puzzle.name);
    }
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
    for puzzle in puzzle::ALL.iter().filter(|puzzle| puzzle.name != "luck") {
        progress.record(puzzle.name, WELL).unwrap();
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
    let system = (puzzle::find("minimum-of-three").unwrap().1.build)().unwrap();
    let end = |token: &str| {
        let schedule: Schedule = token.parse().unwrap();
        let segments = schedule.segments();
        ScheduleRun::new(&system, segments.iter(), Completion::Serial)
            .finish(&mut |_, _| {})
            .unwrap()
    };
    assert_eq!(end("A,B2,A,B,A-,C-,B-"), miscount::model::Ending::Total(2));
    assert_eq!(end("A,B2,C-,A,B,A-,B-"), miscount::model::Ending::Total(2));
    assert_ne!(end("A,B2,A,B,A-,B-,C-"), miscount::model::Ending::Total(2));
}

#[test]
fn sessions_at_once_do_not_wipe_each_other_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("puzzles.json");
    std::thread::scope(|scope| {
        for puzzle in puzzle::ALL {
            let path = path.clone();
            scope.spawn(move || {
                let (mut progress, _) = ProgressFile::open(Some(path));
                progress.record(puzzle.name, WELL).unwrap();
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
    let system = |name| (puzzle::find(name).unwrap().1.build)().unwrap();
    let totals = |name| {
        let counted = census(&system(name), &Options::default()).unwrap();
        let totals = counted
            .outcomes
            .iter()
            .filter_map(|outcome| outcome.end.total());
        totals.collect::<Vec<_>>()
    };
    assert_eq!(totals("audit"), [6, 10, 14]);
    assert_eq!(totals("locked"), [4]);
    // But other goals can be reached.
    let locked = system("locked");
    let waiting = Goal::Wait {
        thread: 0,
        holder: Some(1),
    };
    let outlook = finished(&locked, &waiting);
    let route = Route::new(&outlook, &waiting);
    assert!(
        route
            .switches(&outlook, &Machine::new(&locked), None)
            .is_some()
    );
    // At par the third thread loads what the second has stored.
    let three = system("three");
    let outlook = finished(&three, &Goal::Total(1));
    let schedule = followed(&three, &outlook, &Goal::Total(1));
    assert_eq!(schedule.to_string(), "A,B2,C2,A");
    // The minimum is 2 from two increments each on, and 1 with one.
    assert_eq!(totals("minimum")[0], 2);
    assert_eq!(totals("minimum-of-three")[0], 2);
    assert_eq!(totals("three")[0], 1);
}

/// A smaller total means lost updates only if it counts increments.
#[test]
fn what_is_missing_was_lost_only_where_increments_are_counted() {
    for (name, keys, ending) in [
        ("lost-update", "a b A B", "1 instead of 2; 1 lost"),
        ("publish", "a b B A", "0 instead of 42."),
    ] {
        let (_, puzzle) = puzzle::find(name).unwrap();
        let system = (puzzle.build)().unwrap();
        let about = GameInfo {
            correct: puzzle.correct,
            counts: puzzle.counts,
            ..GameInfo::default()
        };
        let mut app = App::new(&system, about, None);
        press(&mut app, keys);
        let said = &app.message.as_ref().unwrap().1;
        assert!(said.contains(ending), "{name}: {said}");
    }
}
