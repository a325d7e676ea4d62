//! What recording costs an increment over the plain kernel, with one thread; and how long lineage,
//! report and token take. Kernels are timed in turn, so that a drifting machine is fair to both.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up may as well stop, and its figures are its output"
)]

use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use miscount::lab::{self, Recorded};
use miscount::plan::CountingPlan;
use miscount::record::Explained;
use miscount::strategy::{self, Counters, Settings, Shape, Work};
use miscount::sync::Context;

const INCREMENTS: u64 = 1_000_000;

/// How often each pair is timed for its difference.
const PAIRS: usize = 41;

fn main() {
    let mut criterion = Criterion::default()
        .configure_from_args()
        .sample_size(20)
        .measurement_time(Duration::from_secs(2));
    recording(&mut criterion);
    explaining(&mut criterion);
    criterion.final_summary();
    differences();
    runs_that_lose();
}

/// The plain and the recording kernel of a strategy, for one thread.
fn kernels(name: &str) -> [Box<dyn Fn()>; 2] {
    let shape = Shape::new(1, INCREMENTS).unwrap();
    let strategy = strategy::named(name).unwrap().build(&Settings {
        readers: 0,
        ..Settings::default()
    });
    let strategy = strategy.unwrap();
    let plain = strategy.counters(shape, 1, true);
    let mut recording = strategy.recorded(shape).unwrap();
    recording.make_logs().unwrap();
    let context = Context::background();
    let count = move |counters: &dyn Counters| {
        let work = Work {
            increments: INCREMENTS,
            context: &context,
        };
        counters.count(0..1, 0, work);
    };
    let other = count.clone();
    [
        Box::new(move || count(&*plain)),
        Box::new(move || other(&*recording)),
    ]
}

const TRACED: [&str; 3] = ["unsynced", "mutex-per-op", "atomic"];

fn recording(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("recording");
    group.throughput(Throughput::Elements(INCREMENTS));
    for name in TRACED {
        let [plain, recorded] = kernels(name);
        group.bench_function(format!("{name}, plain"), |bencher| bencher.iter(&plain));
        group.bench_function(format!("{name}, recorded"), |b| b.iter(&recorded));
    }
    group.finish();
}

fn plan(threads: usize, increments: u64) -> CountingPlan {
    let unsynced = strategy::named("unsynced").unwrap();
    CountingPlan::new(
        unsynced.build(&Settings::default()).unwrap(),
        Shape::new(threads, increments).unwrap(),
        1,
    )
}

fn recorded(plan: &CountingPlan) -> Recorded {
    let (recorded, _) = lab::record(plan, &Context::background(), &mut (), 0).unwrap();
    recorded.unwrap()
}

fn explaining(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explaining");
    for (threads, increments) in [(3, 5_000), (3, 1_000_000)] {
        let recorded = recorded(&plan(threads, increments));
        group.sample_size(10);
        group.bench_function(format!("lineage of {threads} x {increments}"), |bencher| {
            bencher.iter(|| Explained::of(recorded.clone()).unwrap());
        });
    }
    let plan = plan(2, 5_000);
    let run = Explained::of(recorded(&plan)).unwrap();
    let system = plan.strategy.system(plan.shape).unwrap();
    group.bench_function("token of 2 x 5000", |bencher| {
        bencher.iter(|| run.token(&system).unwrap().to_string());
    });
    group.finish();
}

/// The medians of kernels that take turns, and what recording adds.
fn differences() {
    for name in TRACED {
        let kernels = kernels(name);
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..PAIRS {
            for (kernel, times) in kernels.iter().zip(&mut times) {
                let began = Instant::now();
                kernel();
                times.push(began.elapsed().as_nanos() as f64 / INCREMENTS as f64);
            }
        }
        let [plain, recorded] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        });
        println!(
            "{name}: {plain:.2} ns an increment, {recorded:.2} ns recorded: {:.2} ns more",
            recorded - plain
        );
    }
}

fn runs_that_lose() {
    const RUNS: u32 = 500;
    let plan = plan(3, 5_000);
    let lost = (0..RUNS)
        .filter(|_| strategy::count_in(recorded(&plan).last) < plan.shape.expected())
        .count();
    println!("3 x 5000: {lost} of {RUNS} traced runs lost updates");
}
