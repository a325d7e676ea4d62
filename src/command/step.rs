//! `step`: the screen on which a person is the scheduler, and its puzzles.

use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::order::Order;
use super::picture::{self, Picture};
use super::progress_file::ProgressFile;
use super::sink::Sink;
use super::{forcing, output, program, work};
use crate::cli::{OutputArgs, StepArgs, echoed, of_gallery, quoted};
use crate::error::{Error, Exit};
use crate::game::puzzle::{self, Score, Scores};
use crate::game::{Game, MOST_STEPS};
use crate::language;
use crate::model::{Completion, Ending, Machine, Schedule, ScheduleRun, System};
use crate::page::{grouped, plural};
use crate::plan::Subject;
use crate::strategy::lock;
use crate::term::Tone;
use crate::tui::{self, App, ExitReason, GameInfo, Host, PuzzleInfo, Screen, ScreenTheme};

pub(super) fn run(typed: &StepArgs, output: &OutputArgs) -> Result<Exit, Error> {
    if typed.reset {
        let reset = ProgressFile::reset(ProgressFile::place());
        reset.map_err(|trouble| Error::Machine(trouble.to_string()))?;
        return output::hand_out("Progress forgotten: no puzzle is solved.\n", output);
    }
    if typed.puzzles {
        let (progress, trouble) = ProgressFile::open(ProgressFile::place());
        output::hand_out(&list(&progress.scores, output)?, output)?;
        if let Some(trouble) = trouble {
            output::warn(&format!("warning: {trouble}"));
        }
        return Ok(Exit::Done);
    }
    if !output.format.is_text() {
        return Err(Error::Usage(
            "step is a screen, not a report; leave out --format".into(),
        ));
    }
    let subject = match (typed.subject(&program::read)?, &typed.puzzle) {
        (Some(subject), _) => subject,
        (None, Some(asked)) => of_gallery(puzzle::ALL[asked_for(asked)?])?,
        (None, None) => {
            return Err(Error::Usage(
                "nothing to play; try 'miscount step unsynced' or a puzzle: 'miscount step \
                 --puzzle 1'"
                    .into(),
            ));
        }
    };
    let system = subject.system()?;
    let begin = match typed.schedule.as_deref() {
        Some(typed) => {
            let order = Order::typed(typed)?.of(&subject, &system)?;
            beginning(&system, &order)?
        }
        None => Schedule::new(),
    };
    if !has_keys(typed) || !io::stdout().is_terminal() || is_dumb() {
        return Err(Error::Machine(
            "step needs a terminal; 'miscount replay STRATEGY --schedule TOKEN --steps' does not"
                .into(),
        ));
    }
    picture::refuse_same(&typed.picture, output)?;
    let drawing = picture::open(&typed.picture)?;
    on_screen(subject, begin, drawing, output)
}

/// Returns whether there is a keyboard: if standard input has the schedule, it is the keyboard of the terminal
/// the program was started from.
fn has_keys(typed: &StepArgs) -> bool {
    let is_read = typed.schedule.as_deref() == Some("-");
    io::stdin().is_terminal() || is_read && File::open("/dev/tty").is_ok()
}

pub(super) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

fn asked_for(asked: &str) -> Result<usize, Error> {
    if asked == "next" {
        return Ok(ProgressFile::open(ProgressFile::place()).0.scores.next());
    }
    puzzle::find(asked).ok_or_else(|| {
        Error::Usage(format!(
            "--puzzle {}: no such puzzle; 'miscount step --puzzles' lists 1 to {}",
            echoed(asked),
            puzzle::ALL.len()
        ))
    })
}

/// Returns the steps to begin with, which can be taken.
fn beginning(system: &System, order: &Order) -> Result<Schedule, Error> {
    let too_many = || {
        Error::Usage(format!(
            "--schedule: step begins with at most {} steps; shorten the schedule, or force it \
             with 'miscount replay'",
            grouped(MOST_STEPS)
        ))
    };
    let refuse = |error| Error::Usage(format!("--schedule: {error}"));
    let begin = match order {
        Order::Token(token) if token.segments().count() as u64 > MOST_STEPS => {
            return Err(too_many());
        }
        Order::Token(token) => token.schedule(),
        // To the end of all threads, however far that is.
        Order::Named(_) if !Machine::new(system).ends_within(MOST_STEPS) => {
            return Err(too_many());
        }
        Order::Named(named) => {
            let mut plan = ScheduleRun::new(system, named.source(system), Completion::Serial);
            let schedule = plan.collect_schedule(usize::MAX).map_err(refuse)?;
            schedule.unwrap_or_default()
        }
    };
    if !Game::new(system).begin(&begin) {
        return Err(too_many());
    }
    if let Order::Token(token) = order {
        let mut plan = ScheduleRun::new(system, order.source(system), Completion::Serial);
        for _ in token.segments() {
            plan.next().transpose().map_err(refuse)?;
        }
    }
    Ok(begin)
}

/// Returns the index of the built-in puzzle that the subject is, if it is one. With other parameters
/// it is a puzzle too, and none whose score is kept.
fn puzzle_of(subject: &Subject) -> Option<usize> {
    let is_built_in = subject.goal().is_some() && subject.flags.is_empty();
    let index = puzzle::ALL.iter().position(|name| *name == subject.name);
    index.filter(|_| is_built_in)
}

/// Plays until the screen is left; then says what was played.
fn on_screen(
    subject: Subject,
    begin: Schedule,
    drawing: Option<Picture>,
    output: &OutputArgs,
) -> Result<Exit, Error> {
    // A file for the token does not make the screen a file.
    let on_terminal = OutputArgs {
        output: None,
        ..output.clone()
    };
    let theme = ScreenTheme::new(output::is_coloured(&on_terminal), output.ascii);
    let path = output.output.as_deref();
    let sink = path.map(|_| output::open(output)).transpose()?;
    let kept = Arc::new(Mutex::new(Kept {
        sink,
        ..Kept::default()
    }));
    let file = path.filter(|path| *path != Path::new("-"));
    let token_file = file.map(|file| quoted(&file.to_string_lossy()));
    let hung_up = Arc::clone(&kept);
    work::on_hang_up(move || {
        tui::leave();
        // There may be nobody to tell that it failed.
        let _ = Kept::write(&hung_up);
    })
    .map_err(failed)?;
    let mut screen = Screen::open().map_err(failed)?;
    let token_file = token_file.as_deref();
    let played = play(&mut screen, subject, begin, &theme, &kept, token_file)?;
    drop(screen);
    // First what is to be kept: the rest may go to a pipe that is closed.
    let written = Kept::write(&kept);
    output::print(&played.text)?;
    written?;
    if let (Some(drawing), Some((subject, schedule))) = (drawing, played.last) {
        let (system, source) = (subject.system()?, schedule.segments().iter());
        drawing.draw_schedule(&subject, &system, source, Completion::Strict)?;
    }
    // On the screen a key wipes it away, and there may have been no room for all of it.
    for trouble in played.troubles {
        output::warn(&format!("warning: {trouble}"));
    }
    Ok(match played.left? {
        ExitReason::Quit | ExitReason::Next => Exit::Done,
        ExitReason::Interrupted => Exit::Interrupted,
    })
}

/// Returns the error of a terminal that fails.
#[expect(clippy::needless_pass_by_value, reason = "map_err passes it")]
pub(super) fn failed(error: io::Error) -> Error {
    Error::Machine(format!("the terminal fails: {error}"))
}

/// What was played on a screen.
pub(super) struct Played {
    /// What is printed about it.
    pub(super) text: String,
    /// What could not be kept, and why.
    pub(super) troubles: Vec<String>,
    /// The last game, if a step was taken in any.
    last: Option<(Subject, Schedule)>,
    /// How the screen was left.
    pub(super) left: Result<ExitReason, Error>,
}

/// Plays on an open screen until it is left, from puzzle to puzzle.
pub(super) fn play(
    screen: &mut Screen,
    mut subject: Subject,
    mut begin: Schedule,
    theme: &ScreenTheme,
    kept: &Mutex<Kept>,
    token_file: Option<&str>,
) -> Result<Played, Error> {
    let (mut progress, mut trouble) = match puzzle_of(&subject) {
        Some(_) => ProgressFile::open(ProgressFile::place()),
        None => (ProgressFile::default(), None),
    };
    let mut text = String::new();
    let mut troubles = Vec::new();
    let mut last = None;
    let left = loop {
        let system = subject.system()?;
        let puzzle = puzzle_of(&subject);
        let mut app = App::new(&system, info(&subject, &progress.scores), subject.goal());
        // Short, so that it can be typed.
        app.set_seed(RandomState::new().hash_one(0) % 1_000_000);
        app.begin(&begin);
        app.token_file = token_file.map(String::from);
        if let Some(trouble) = trouble.take() {
            app.message = Some((Tone::Lost, trouble.to_string()));
            troubles.push(trouble.to_string());
        }
        let mut backend = Here {
            system: &system,
            puzzle: puzzle.map(|index| puzzle::ALL[index]),
            progress: &mut progress,
            troubles: &mut troubles,
            kept,
        };
        let left = tui::play(screen, &mut app, theme, &mut backend).map_err(failed);
        backend.played(&app.game);
        lock(kept).go_on();
        text += &farewell(&app);
        if app.game.steps() > 0 {
            last = Some((subject.clone(), app.game.schedule()));
        }
        let next = puzzle.and_then(|index| puzzle::ALL.get(index + 1));
        match (left, next) {
            (Ok(ExitReason::Next), Some(next)) => subject = of_gallery(next)?,
            (left, _) => break left,
        }
        begin = Schedule::new();
    };
    Ok(Played {
        text,
        troubles,
        last,
        left,
    })
}

/// Returns what the screen tells about a subject.
fn info(subject: &Subject, scores: &Scores) -> GameInfo {
    let all = puzzle::ALL.len();
    let puzzle = puzzle_of(subject);
    let size = subject.shape().map_or_else(String::new, |shape| {
        let threads = plural(shape.threads() as u64, "thread");
        format!(
            ": {threads}, {} each",
            plural(shape.increments(), "increment")
        )
    });
    GameInfo {
        title: match (puzzle, &*subject.words.title) {
            (Some(index), title) => format!("Puzzle {} of {all}: {title}", index + 1),
            (None, title) if subject.race().is_some() && !title.is_empty() => {
                format!("{subject}: {title}")
            }
            (None, _) => format!("{subject}{size}"),
        },
        story: subject.words.story.to_string(),
        correct: subject.correct(),
        arguments: subject.arguments(),
        source: subject.race().map_or_else(Vec::new, lines),
        puzzle: subject.goal().map(|_| PuzzleInfo {
            lesson: subject.words.why.to_string(),
            before: puzzle.and_then(|index| scores.of(puzzle::ALL[index])),
            has_next: puzzle.is_some_and(|index| index + 1 < all),
        }),
    }
}

/// Returns the lines of a race program.
fn lines(race: &language::Race) -> Vec<String> {
    let numbers = 1..=race.source.text().lines().count();
    numbers
        .map(|number| race.source.line(number).to_owned())
        .collect()
}

/// Returns what was played, to be kept, forced, or looked at again.
fn farewell(app: &App<'_>) -> String {
    if app.game.steps() == 0 {
        return String::new();
    }
    let mut lines = vec![app.info.title.clone(), format!("Played: {}", app.token())];
    lines.extend(app.commands());
    lines.extend(app.commands_note());
    lines.join("\n") + "\n"
}

/// The schedule that goes to a file in the end, also if that is a hang-up, which another thread notices.
#[derive(Default)]
pub(super) struct Kept {
    sink: Option<Sink>,
    /// What is being played, and what was played before it, where that was anything.
    current: Option<Schedule>,
    last: Option<Schedule>,
}

impl Kept {
    /// Leaves the game for another.
    fn go_on(&mut self) {
        self.last = self.current.take().or(self.last.take());
    }

    /// Writes the schedule to the file, once.
    fn write(kept: &Mutex<Self>) -> Result<(), Error> {
        let mut kept = lock(kept);
        kept.go_on();
        match (kept.sink.take(), &kept.last) {
            (Some(sink), Some(schedule)) => sink.finish(&format!("{schedule}\n")),
            _ => Ok(()),
        }
    }
}

/// What the screen asks to be done for it.
struct Here<'a> {
    system: &'a System,
    puzzle: Option<&'static str>,
    progress: &'a mut ProgressFile,
    troubles: &'a mut Vec<String>,
    kept: &'a Mutex<Kept>,
}

impl Host for Here<'_> {
    fn force(
        &mut self,
        schedule: &Schedule,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Ending, String> {
        forcing::force(self.system, schedule, go_on)
    }

    fn played(&mut self, game: &Game<'_>) {
        let mut kept = lock(self.kept);
        if kept.sink.is_some() {
            kept.current = (game.steps() > 0).then(|| game.schedule());
        }
    }

    fn save(&mut self, score: Score) -> Option<String> {
        let kept = self.progress.record(self.puzzle?, score);
        let trouble = kept.err()?.to_string();
        self.troubles.push(trouble.clone());
        Some(trouble)
    }
}

/// Returns the puzzles, a line each.
fn list(progress: &Scores, output: &OutputArgs) -> Result<String, Error> {
    let theme = ScreenTheme::new(false, output.ascii);
    let mut text = String::new();
    for (index, name) in puzzle::ALL.iter().enumerate() {
        let stars = progress.of(name).map_or(0, |score| score.stars);
        let (place, stars) = (index + 1, theme.stars(stars));
        let title = of_gallery(name)?.words.title;
        text += &format!("{place:>2} {stars}  {name:<19}  {title}\n");
    }
    let (stars, all) = progress.stars();
    let next = puzzle::ALL[progress.next()];
    let end = format!("\n{stars} of {all} stars. Play: miscount step --puzzle {next}\n");
    Ok(text + &end)
}
