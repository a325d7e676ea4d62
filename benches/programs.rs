//! What it costs to execute a race program freely on real threads: an instruction that only touches
//! registers, and runs per second. The figures are medians of several experiments, because other
//! programs may be using the machine.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up may as well stop, and its figures are its output"
)]

use std::time::{Duration, Instant};

use miscount::lab::{FreeRuns, run_freely};
use miscount::language::{self, SourceFile};
use miscount::plan::{Pinning, RacePlan, StartLine, Subject};
use miscount::sync::{Context, Observer};

/// How often each figure is measured.
const ROUNDS: usize = 7;

/// The length of one experiment.
const BUDGET: Duration = Duration::from_millis(300);

fn race(text: &str, set: &[(String, i64)]) -> Subject {
    let race = language::read(SourceFile::new("bench.race", text), set, None);
    Subject::of_race("bench", &[], race.unwrap())
}

/// What an experiment came to.
#[derive(Default)]
struct Counts {
    runs: u64,
    wrong: u64,
    seconds: f64,
}

struct Counting<'r>(&'r Subject, Counts);

impl Observer<FreeRuns> for Counting<'_> {
    fn observe(&mut self, event: &FreeRuns) {
        let endings = event.endings.iter();
        let wrong: Vec<bool> = endings
            .map(|end| self.0.is_correct(end) == Some(false))
            .collect();
        let ends = event.runs.actuals.iter();
        self.1.runs += event.runs.count();
        self.1.wrong += ends
            .filter(|&&end| wrong[usize::try_from(end).unwrap()])
            .count() as u64;
    }
}

fn run(
    subject: &Subject,
    runs: Option<u64>,
    budget: Option<Duration>,
    stride: Option<usize>,
) -> Counts {
    let plan = RacePlan {
        subject: subject.clone(),
        runs,
        budget,
        until: None,
        start: StartLine::default(),
        pinning: Pinning::default(),
        stride,
    };
    let system = subject.system().unwrap();
    let mut counting = Counting(subject, Counts::default());
    let began = Instant::now();
    run_freely(&system, &plan, &Context::background(), &mut counting).unwrap();
    counting.1.seconds = began.elapsed().as_secs_f64();
    counting.1
}

fn median(mut figures: Vec<f64>) -> (f64, f64, f64) {
    figures.sort_by(f64::total_cmp);
    (
        figures[figures.len() / 2],
        figures[0],
        figures[figures.len() - 1],
    )
}

fn measure(what: &str, figure: impl Fn() -> f64) {
    let (median, least, most) = median((0..ROUNDS).map(|_| figure()).collect());
    println!("{what:52} median {median:12.2}   least {least:12.2}   most {most:12.2}");
}

/// The time of an instruction: the difference between a long loop and none, over its instructions.
fn ns_per_local() -> f64 {
    const LOOPS: f64 = 2_000_000.0;
    // Ten additions, and two instructions of the loop.
    let text = "param n = 0\nshared x\nthread { local a; local b = 1\nwhile a < n { \
                repeat 20000 { b = b + a; b = b - 3; b = b + a; b = b + a; b = b - 5; b = b + a; \
                b = b + a; b = b - 7; b = b + a; b = b + a }\na += 1; x = a }\nx = b }";
    let timed = |rounds: i64| {
        let race = race(text, &[("n".into(), rounds)]);
        run(&race, Some(1), None, None).seconds
    };
    let rounds = 100;
    (timed(rounds) - timed(0)) * 1e9 / (LOOPS * 12.0)
}

fn per_second(text: &str, stride: Option<usize>) -> f64 {
    let counts = run(&race(text, &[]), None, Some(BUDGET), stride);
    counts.runs as f64 / counts.seconds
}

fn main() {
    measure("ns for a local instruction (wanted: 5)", ns_per_local);
    let four = "shared x, y\nthreads 2 { x += 1; y += 1 }";
    let million = |text, stride| per_second(text, stride) / 1e6;
    measure("2 threads x 4 steps, million a second (wanted: 3)", || {
        million(four, None)
    });
    measure("the same, one to a meeting", || million(four, Some(1)));
    let buffering = include_str!("../programs/store-buffering.race");
    measure("store buffering, million a second", || {
        million(buffering, None)
    });
    for name in ["philosophers", "lost-wakeup", "naive-flags"] {
        let text = std::fs::read_to_string(format!("programs/{name}.race")).unwrap();
        measure(&format!("{name}, thousand a second"), || {
            per_second(&text, None) / 1e3
        });
    }
    let counter = include_str!("../programs/counter.race");
    let hundred = race(counter, &[("increments".into(), 100)]);
    for stride in [None, Some(1)] {
        let what = format!("counter 2 x 100, stride {stride:?}, % lost (wanted: 95)");
        measure(&what, || {
            let counts = run(&hundred, Some(100_000), Some(BUDGET), stride);
            100.0 * counts.wrong as f64 / counts.runs as f64
        });
    }
}
