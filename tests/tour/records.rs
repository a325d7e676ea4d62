//! Made-up records: each function takes the numbers that a chapter reads, and fills in the rest.

use miscount::record::{
    Allowed, CensusRecord, CensusVerdict, ClockKind, ComparisonRecord, CountingRecord, EndKind,
    EndRecord, Ended, EntryRecord, Environment, OutcomeRecord, Quartiles, RaceRecord, RacedOutcome,
    ReadRecord, ReplayRecord, RequestRecord, RequestsRecord, RequestsSummary, Spread, StopReason,
    StrategyRecord, SubjectName, SubjectRecord, Summary, WaitGroupRecord,
};

fn environment(cores: usize) -> Environment {
    Environment {
        version: "0.0.0".into(),
        os: "linux".into(),
        arch: "x86_64".into(),
        cpu: None,
        cores: Some(cores),
        pinned: true,
        start_line: "timebase".into(),
        command: None,
        date: None,
    }
}

/// Runs of 3 x 5,000 increments on this number of cores, some of which lost updates.
pub(super) fn counting(cores: usize, runs: u64, runs_lost: u64) -> CountingRecord {
    CountingRecord {
        strategy: named("unsynced"),
        threads: 3,
        increments: 5_000,
        expected: 15_000,
        runs_requested: Some(runs),
        runs_completed: runs,
        stopped: StopReason::Completed,
        runs: None,
        runs_omitted: true,
        summary: Summary {
            runs_lost,
            runs_correct: runs - runs_lost,
            runs_lost_share: None,
            runs_lost_interval: None,
            actual: Spread::default(),
            lost: Spread::default(),
            lost_share: None,
            elapsed_ns: Spread::default(),
            ns_per_increment: None,
            runs_per_second: None,
        },
        distribution: Vec::new(),
        readers: None,
        pinning_failed: false,
        window_added: false,
        runs_repeated: 0,
        environment: environment(cores),
    }
}

/// Strategies with these median times of an increment, in nanoseconds, on this number of cores.
pub(super) fn comparison(cores: usize, times: &[(&'static str, f64)]) -> ComparisonRecord {
    let correct = times.iter().filter(|(strategy, _)| *strategy != "unsynced");
    let cheapest = correct.map(|&(_, ns)| ns).fold(f64::INFINITY, f64::min);
    let middle = |median| {
        Some(Quartiles {
            min: median * 0.8,
            lower_quartile: median * 0.9,
            median,
            upper_quartile: median * 1.1,
            max: median * 1.2,
        })
    };
    let entry = |&(strategy, ns): &(&'static str, f64)| EntryRecord {
        strategy: named(strategy),
        threads: 3,
        increments: 5_000,
        expected: 15_000,
        correct: strategy != "unsynced",
        runs_completed: 51,
        runs_lost: 0,
        runs_lost_share: None,
        runs_lost_interval: None,
        lost_share: None,
        elapsed_ns: middle(ns * 15_000.0),
        ns_per_increment: middle(ns),
        ratio: middle(ns / cheapest),
        cheapest: ns <= cheapest && strategy != "unsynced",
    };
    ComparisonRecord {
        threads: vec![3],
        increments: 5_000,
        runs_requested: 51,
        runs_completed: 51,
        stopped: StopReason::Completed,
        entries: times.iter().map(entry).collect(),
        pinning_failed: false,
        runs_repeated: 0,
        environment: environment(cores),
    }
}

/// A strategy without flags.
fn named(name: &'static str) -> StrategyRecord {
    StrategyRecord {
        name: name.into(),
        flags: String::new(),
    }
}

/// `unsynced` with two threads.
fn subject(increments: u64) -> SubjectRecord {
    SubjectRecord {
        name: SubjectName {
            strategy: Some("unsynced".into()),
            program: None,
            flags: String::new(),
            text: None,
        },
        threads: 2,
        thread_names: Vec::new(),
        increments: Some(increments),
        expected: Some(2 * increments),
        expect: None,
    }
}

/// All schedules of 2 x 2 increments, which end with this total.
pub(super) fn census(total: u64) -> CensusRecord {
    CensusRecord {
        condition: None,
        subject: subject(2),
        verdict: CensusVerdict::Exhausted,
        stopped: None,
        states: 1,
        states_estimated: None,
        layers: 1,
        widest_layer: 1,
        schedules: None,
        outcomes: vec![OutcomeRecord {
            satisfies: None,
            end: EndRecord {
                kind: EndKind::Finished,
                total: Some(total),
                values: None,
                deadlock: None,
                thread: None,
                line: None,
                problem: None,
                correct: Some(total == 4),
            },
            outcome: None,
            schedules: Some("1".into()),
            share: None,
            fair_share: None,
            witness: None,
            switches: None,
        }],
        recurrence: false,
        room: None,
        memory: "sc".into(),
        endless: false,
        circle: None,
        claims: Vec::new(),
        reachable: None,
        smallest: None,
        totals: None,
        reach: None,
        closest: None,
        memory_bytes: 0,
        elapsed_ns: 0,
    }
}

/// A forced schedule that ended with this total.
pub(super) fn replay(total: u64) -> ReplayRecord {
    ReplayRecord {
        subject: subject(10),
        schedule: "A,B,A-,B-".into(),
        on: "threads".into(),
        predicted: Some(total),
        actual: Some(total),
        deadlock: None,
        end: None,
        lost: Some(20 - total),
        agree: Some(true),
        steps: 4,
        switches: 3,
        completed_steps: 0,
        stopped: StopReason::Completed,
        elapsed_ns: None,
        interleaving: None,
    }
}

/// Ten runs of a wait group, some of which were read too early without waiting.
pub(super) fn wait_group(runs_early: u64) -> WaitGroupRecord {
    let read = |runs_early| ReadRecord {
        runs_early,
        runs_early_share: None,
        runs_early_interval: None,
        actual: Spread::default(),
        missing: Spread::default(),
        missing_share: None,
        distribution: Vec::new(),
    };
    WaitGroupRecord {
        mistake: None,
        threads: 3,
        increments: 5_000,
        expected: 15_000,
        runs_requested: Some(10),
        runs_completed: 10,
        stopped: StopReason::Completed,
        runs: None,
        runs_omitted: true,
        without_waiting: read(runs_early),
        after_waiting: read(0),
        runs_misused: None,
        elapsed_ns: Spread::default(),
        runs_per_second: None,
        unfinished: None,
        environment: environment(2),
    }
}

/// A request that was cancelled after this many steps.
pub(super) fn requests(steps: u64) -> RequestsRecord {
    RequestsRecord {
        flags: String::new(),
        clock: ClockKind::Virtual,
        stopped: StopReason::Completed,
        requests: vec![RequestRecord {
            request: "A".into(),
            parent: "root".into(),
            depth: 0,
            items: 10,
            pause_ns: 250_000_000,
            deadline_ns: None,
            steps,
            outcome: Ended::Canceled,
            through: None,
            signal_ns: None,
            ended_ns: 1_100_000_000,
            latency_ns: None,
        }],
        summary: RequestsSummary {
            requests: 1,
            finished: 0,
            canceled: 1,
            deadline_exceeded: 0,
            steps,
            ended_ns: 1_100_000_000,
            latency_ns: None,
        },
    }
}

/// The end of `store-buffering` at which the left thread loaded this value, and the right one 0.
fn loaded(left: i64) -> EndRecord {
    let values = [("left.r".into(), left), ("right.r".into(), 0)];
    EndRecord {
        kind: EndKind::Finished,
        total: None,
        values: Some(values.into()),
        deadlock: None,
        thread: None,
        line: None,
        problem: None,
        correct: Some(left != 0),
    }
}

/// A schedule of `store-buffering` that ends with both loads 0 if `zero`.
pub(super) fn buffered(zero: bool) -> ReplayRecord {
    ReplayRecord {
        end: Some(loaded(i64::from(!zero))),
        ..replay(4)
    }
}

/// A thousand runs of `store-buffering` on this number of cores, and how many ended with both loads 0.
pub(super) fn raced(cores: usize, memory: Option<&'static str>, zeros: u64) -> RaceRecord {
    let outcome = |left, runs| RacedOutcome {
        end: loaded(left),
        runs,
        runs_share: None,
        runs_interval: None,
        first_run: None,
        allowed: Allowed {
            sc: Some(left != 0),
            tso: Some(true),
        },
        schedules: None,
        share: None,
        fair_share: None,
        witness: None,
        switches: None,
    };
    RaceRecord {
        subject: subject(1),
        runs_requested: Some(1_000),
        runs_completed: 1_000,
        stopped: StopReason::Completed,
        runs_wrong: zeros,
        runs_correct: 1_000 - zeros,
        runs_wrong_share: None,
        runs_wrong_interval: None,
        runs_per_second: None,
        stride: 1,
        meetings_repeated: 0,
        outcomes: vec![outcome(0, zeros), outcome(1, 1_000 - zeros)],
        model: None,
        model_tso: None,
        memory: memory.map(Into::into),
        pinning_failed: false,
        environment: environment(cores),
    }
}
