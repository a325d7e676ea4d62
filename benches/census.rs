//! What a census costs, on one core and on two.
#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

#[path = "../tests/model/programs.rs"]
#[expect(
    dead_code,
    clippy::expect_used,
    reason = "only some of the programs are measured, and they are those of the tests"
)]
mod programs;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use miscount::model::{Options, System, census, count_chains, worst};

fn options(witnesses: bool) -> Options<'static> {
    Options {
        witnesses,
        ..Options::default()
    }
}

fn pool(cores: usize) -> rayon::ThreadPool {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(cores).build();
    pool.expect("a few threads can start")
}

fn one_core(criterion: &mut Criterion) {
    let pool = pool(1);
    for witnesses in [true, false] {
        let name = if witnesses {
            "census+witnesses"
        } else {
            "census"
        };
        let mut group = criterion.benchmark_group(name);
        group.sample_size(20);
        for (threads, increments) in [(2, 4), (2, 5), (2, 10), (2, 20), (3, 2), (3, 5), (4, 3)] {
            let system = programs::unsynced(threads, increments).expect("a sound program");
            let id = BenchmarkId::from_parameter(format!("{threads}x{increments}"));
            group.bench_with_input(id, &system, |bencher, system: &System| {
                let count = || census(system, &options(witnesses));
                bencher.iter(|| black_box(pool.install(count)));
            });
        }
        group.finish();
    }
}

fn two_cores(criterion: &mut Criterion) {
    let system = programs::unsynced(2, 30).expect("a sound program");
    for witnesses in [true, false] {
        let name = if witnesses { "2x30+witnesses" } else { "2x30" };
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        for cores in [1, 2] {
            let pool = pool(cores);
            group.bench_function(BenchmarkId::new("cores", cores), |bencher| {
                let count = || census(&system, &options(witnesses));
                bencher.iter(|| black_box(pool.install(count)));
            });
        }
        group.finish();
    }
}

fn recurrence(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("recurrence");
    group.sample_size(10);
    for (threads, increments) in [(2, 40), (2, 100), (3, 20), (4, 10)] {
        let system = programs::unsynced(threads, increments).expect("a sound program");
        let id = BenchmarkId::from_parameter(format!("{threads}x{increments}"));
        group.bench_with_input(id, &system, |bencher, system: &System| {
            bencher.iter(|| black_box(count_chains(system, &options(true))));
        });
    }
    group.finish();
}

fn named(criterion: &mut Criterion) {
    let system = programs::unsynced(3, 1_000_000).expect("a sound program");
    let mut group = criterion.benchmark_group("worst");
    group.sample_size(10);
    group.bench_function("3x1000000", |bencher| {
        bencher.iter(|| black_box(worst(&system)));
    });
    group.finish();
}

criterion_group!(benches, one_core, two_cores, recurrence, named);
criterion_main!(benches);
