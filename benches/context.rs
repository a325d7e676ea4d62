//! What a context costs: to look at, and to end with a hundred thousand others.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, SamplingMode};
use miscount::sync::{Canceler, Context};

const CONTEXTS: usize = 100_000;

/// A tree to be cancelled. All its contexts are held, as they would be by those who work with
/// them.
type Tree = (Canceler, Vec<Context>);

/// One root, and all the others its children.
fn wide(make: impl Fn(&Context) -> Context) -> Tree {
    let (root, canceler) = Context::background().with_cancel();
    let contexts = (0..CONTEXTS).map(|_| make(&root)).collect();
    (canceler, contexts)
}

/// Each the child of the one before.
fn deep(make: impl Fn(&Context) -> Context) -> Tree {
    let (root, canceler) = Context::background().with_cancel();
    let mut contexts = vec![root];
    for above in 0..CONTEXTS {
        contexts.push(make(&contexts[above]));
    }
    (canceler, contexts)
}

fn with_cancel(parent: &Context) -> Context {
    parent.with_cancel().0
}

fn with_timeout(parent: &Context) -> Context {
    parent.with_timeout(Duration::from_hours(1)).0
}

fn looking(criterion: &mut Criterion) {
    let (running, _canceler) = Context::background().with_timeout(Duration::from_hours(1));
    let (ended, canceler) = Context::background().with_cancel();
    canceler.cancel();
    let mut group = criterion.benchmark_group("look");
    group.bench_function("running", |bencher| {
        bencher.iter(|| black_box(&running).is_done());
    });
    group.bench_function("ended", |bencher| {
        bencher.iter(|| black_box(&ended).is_done());
    });
    group.finish();
}

fn making(criterion: &mut Criterion) {
    let (root, _canceler) = Context::background().with_cancel();
    let mut group = criterion.benchmark_group("make and drop");
    group.bench_function("with_cancel", |bencher| bencher.iter(|| with_cancel(&root)));
    group.bench_function("with_timeout", |bencher| {
        bencher.iter(|| with_timeout(&root));
    });
    group.finish();
}

fn cancelling(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cancel 100,000");
    group.sample_size(20).sampling_mode(SamplingMode::Flat);
    let mut bench = |name, plant: &dyn Fn() -> Tree| {
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                plant,
                |tree| {
                    tree.0.cancel();
                    tree // dropped outside the measurement
                },
                BatchSize::PerIteration,
            );
        });
    };
    bench("wide", &|| wide(with_cancel));
    bench("deep", &|| deep(with_cancel));
    bench("wide, each with a deadline", &|| wide(with_timeout));
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    looking(&mut criterion);
    making(&mut criterion);
    cancelling(&mut criterion);
    criterion.final_summary();
}
