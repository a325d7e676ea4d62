//! How soon requests notice that they are cancelled, whether all of them do, and how fast virtual
//! time is played. Measured by hand: each repetition is a scenario of its own.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark that cannot be set up may as well stop, and its figures are its output"
)]

use std::time::{Duration, Instant};

use miscount::record::Quartiles;
use miscount::requests::{
    Event, Reason, RequestOutcome, Scenario, Tree, in_real_time, in_virtual_time,
};
use miscount::sync::{Context, Observer};

/// Keeps how requests ended.
#[derive(Default)]
struct Outcomes(Vec<RequestOutcome>);

impl Observer<Event> for Outcomes {
    fn observe(&mut self, event: &Event) {
        if let Event::Ended { outcome, .. } = event {
            self.0.push(outcome.clone());
        }
    }
}

fn scenario(requests: usize, items: u64, pause: Duration) -> Scenario {
    let names = (0..requests).map(|name| name.to_string());
    Scenario::new(Tree::flat(names), items, pause)
}

fn run(scenario: &Scenario) -> Vec<RequestOutcome> {
    let mut outcomes = Outcomes::default();
    in_real_time(scenario, &Context::background(), &mut outcomes).unwrap();
    outcomes.0
}

/// The latencies in microseconds: median and greatest.
fn latencies(outcomes: &[RequestOutcome]) -> [f64; 2] {
    let latencies = outcomes.iter().filter_map(RequestOutcome::latency);
    let spread = Quartiles::of(latencies.map(|latency| latency.as_secs_f64() * 1e6)).unwrap();
    [spread.median, spread.max]
}

/// The median and the greatest latency of each repetition, over all of them.
fn latency(requests: usize) {
    let mut scenario = scenario(requests, u64::MAX, Duration::from_millis(250));
    scenario.cancel(0, Duration::from_millis(330));
    let all: Vec<_> = (0..20).map(|_| latencies(&run(&scenario))).collect();
    for (what, place) in [("median", 0), ("greatest", 1)] {
        let spread = Quartiles::of(all.iter().map(|latencies| latencies[place])).unwrap();
        println!(
            "{requests} requests, {what} latency of 20 repetitions: \
             {:.0} µs (least {:.0}, median, most {:.0})",
            spread.median, spread.min, spread.max
        );
    }
}

/// Cancels at random moments, in the thick of short steps.
fn none_is_missed() {
    const REPETITIONS: u32 = 1000;
    let mut random = 1_u64;
    let mut canceled = 0;
    for _ in 0..REPETITIONS {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let at = Duration::from_nanos((random >> 33) % 3_000_000);
        let mut scenario = scenario(20, u64::MAX, Duration::from_micros((random >> 40) % 200));
        scenario.cancel(0, at);
        let outcomes = run(&scenario);
        assert_eq!(outcomes.len(), 20);
        for outcome in outcomes {
            assert!(matches!(outcome.reason, Reason::Canceled(signal) if signal.through == 0));
            canceled += 1;
        }
    }
    println!("{REPETITIONS} repetitions of 20 requests, cancelled at random: {canceled} noticed");
}

fn virtual_time(requests: usize, items: u64) {
    let scenario = scenario(requests, items, Duration::from_millis(250));
    let began = Instant::now();
    let mut outcomes = Outcomes::default();
    in_virtual_time(&scenario, true, &Context::background(), &mut outcomes);
    assert_eq!(outcomes.0.len(), requests);
    println!(
        "{requests} requests of {items} steps in virtual time: {:?}",
        began.elapsed()
    );
}

fn main() {
    latency(3);
    latency(1000);
    latency(100_000);
    none_is_missed();
    virtual_time(1000, 1000);
    virtual_time(100_000, 10);
}
