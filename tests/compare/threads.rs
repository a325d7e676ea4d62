//! The rounds, on real threads.

use miscount::lab::{Comparer, Lab, RoundRun, Stopped};
use miscount::plan::{Comparison, StartLine};
use miscount::record::StopReason;
use miscount::strategy::ALL;
use miscount::sync::{Canceler, Context, Observer};

use super::{comparison, record};

/// Every strategy, on real threads.
#[test]
fn on_real_threads_every_correct_strategy_is_correct() {
    let names: Vec<_> = ALL.iter().map(|kind| kind.name).collect();
    for start in [StartLine::Timebase, StartLine::None] {
        let plan = Comparison {
            start,
            ..comparison(&names, &[1, 2, 5], 200, 4)
        };
        let record = record(&plan, &Lab);
        assert_eq!(record.stopped, StopReason::Completed);
        assert_eq!(record.entries.len(), 3 * ALL.len());
        for entry in &record.entries {
            assert_eq!(entry.runs_completed, 4, "{entry:?}");
            assert_eq!(entry.correct, entry.strategy.name != "unsynced");
            if entry.correct || entry.threads == 1 {
                assert_eq!(entry.runs_lost, 0, "{entry:?}");
            }
        }
        for threads in [1, 2, 5] {
            let same = record.entries.iter().filter(|e| e.threads == threads);
            assert_eq!(same.filter(|entry| entry.cheapest).count(), 1);
        }
    }
}

#[test]
fn runs_finished_before_an_interruption_are_told_of() {
    struct Impatient(Vec<RoundRun>, Canceler);
    impl Observer<RoundRun> for Impatient {
        fn observe(&mut self, run: &RoundRun) {
            self.0.push(*run);
            if self.0.len() == 5 {
                self.1.cancel();
            }
        }
    }
    let plan = comparison(&["atomic", "sharded"], &[2], 100, 50);
    let (context, canceler) = Context::background().with_cancel();
    let mut impatient = Impatient(Vec::new(), canceler);
    let outcome = Lab.compare(&plan, &context, &mut impatient).unwrap();
    assert_eq!(outcome.stopped, Stopped::Interrupted);
    let places: Vec<_> = impatient.0.iter().map(|run| run.entry).collect();
    assert_eq!(places, [0, 1, 1, 0, 1]);
}
