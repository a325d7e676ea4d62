//! Statistics of recorded runs, against exact fractions.

use std::cmp::Ordering;

use miscount::record::Quartiles;
use miscount::stats::quantile;
use num_bigint::BigInt;
use serde_json::Value;

use crate::support::{miscount, output};

/// A fraction, whose denominator is positive.
#[derive(Clone)]
struct Exact(BigInt, BigInt);

impl Exact {
    /// Returns exactly what a float stands for.
    fn of(number: f64) -> Self {
        let (mut number, mut below) = (number, BigInt::from(1));
        while number.fract() != 0.0 {
            number *= 2.0;
            below *= 2;
        }
        Self(format!("{number:.0}").parse().unwrap(), below)
    }

    fn whole(number: u64) -> Self {
        Self(number.into(), 1.into())
    }

    fn over(&self, other: &Self) -> Self {
        Self(&self.0 * &other.1, &self.1 * &other.0)
    }

    fn times(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0, &self.1 * &other.1)
    }

    fn minus(&self, other: &Self) -> Self {
        Self(&self.0 * &other.1 - &other.0 * &self.1, &self.1 * &other.1)
    }

    fn plus(&self, other: &Self) -> Self {
        Self(&self.0 * &other.1 + &other.0 * &self.1, &self.1 * &other.1)
    }

    fn cmp(&self, other: &Self) -> Ordering {
        (&self.0 * &other.1).cmp(&(&other.0 * &self.1))
    }

    /// Whether a float is this, but for a rounding error of a few digits at the end.
    fn is_near(&self, float: f64) -> bool {
        let float = Self::of(float);
        let far = self.minus(&float);
        let far = Self(BigInt::from(far.0.magnitude().clone()), far.1);
        far.cmp(&Self(
            BigInt::from(self.0.magnitude().clone()),
            &self.1 * 1_000_000_000_000_u64,
        )) != Ordering::Greater
    }
}

fn sum(values: &[u64]) -> Exact {
    Exact(
        values.iter().map(|&value| BigInt::from(value)).sum(),
        1.into(),
    )
}

/// Holds the summary of some values to what these values have.
fn check(summary: &Value, values: &[u64], what: &str) {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let count = Exact::whole(values.len() as u64);
    let mean = sum(values).over(&count);
    assert_eq!(summary["min"], sorted[0], "{what}");
    assert_eq!(summary["max"], sorted[sorted.len() - 1], "{what}");
    assert!(
        mean.is_near(summary["mean"].as_f64().unwrap()),
        "{what}: {summary}"
    );
    let middle = [sorted[(sorted.len() - 1) / 2], sorted[sorted.len() / 2]];
    let median = sum(&middle).over(&Exact::whole(2));
    assert!(
        median.is_near(summary["median"].as_f64().unwrap()),
        "{what}: {summary}"
    );
    // The square of the deviation is compared, which is a fraction.
    let squares = values.iter().map(|&value| Exact::whole(value).minus(&mean));
    let squares = squares.fold(Exact::whole(0), |sum, far| sum.plus(&far.times(&far)));
    let variance = squares.over(&Exact::whole(values.len() as u64 - 1));
    let deviation = Exact::of(summary["stddev"].as_f64().unwrap());
    let [low, high] = [0.999_999_999, 1.000_000_001]
        .map(|scale| deviation.times(&deviation).times(&Exact::of(scale)));
    let within =
        low.cmp(&variance) != Ordering::Greater && variance.cmp(&high) != Ordering::Greater;
    assert!(within, "{what}: {summary}");
}

/// Wilson's interval has the probabilities p for which `(hits / trials - p)^2 = z^2 p (1 - p) / trials`. Returns
/// the left side minus the right one.
fn score(hits: u64, trials: u64, p: &Exact) -> Exact {
    let z = Exact::of(1.959_963_984_540_054);
    let far = Exact(hits.into(), trials.into()).minus(p);
    let spread = p
        .times(&Exact::whole(1).minus(p))
        .over(&Exact::whole(trials));
    far.times(&far).minus(&z.times(&z).times(&spread))
}

fn check_interval(hits: u64, trials: u64, interval: [f64; 2]) {
    let zero = Exact::whole(0);
    let share = Exact(hits.into(), trials.into());
    for (end, sign) in interval.into_iter().zip([-1.0, 1.0]) {
        let (side, last) = match sign {
            ..0.0 => (Ordering::Less, 0),
            _ => (Ordering::Greater, trials),
        };
        if [0.0, 1.0].contains(&end) {
            assert_eq!(hits, last, "{trials}: {interval:?}");
            continue;
        }
        let what = format!("{hits} of {trials}: {interval:?}");
        assert_eq!(Exact::of(end).cmp(&share), side, "{what}");
        // A little outside the interval the difference is positive, a little inside it is negative.
        let little = (end.min(1.0 - end) * 1e-9).max(end * 4.0 * f64::EPSILON);
        let outside = score(hits, trials, &Exact::of(end + sign * little)).cmp(&zero);
        let inside = score(hits, trials, &Exact::of(end - sign * little)).cmp(&zero);
        assert_eq!(
            [outside, inside],
            [Ordering::Greater, Ordering::Less],
            "{what}"
        );
    }
}

#[test]
fn recorded_runs_have_the_statistics_that_are_told() {
    for words in [
        "unsynced -t 2 -i 1k -r 41 --format json",
        "unsynced -t 3 -i 500 -r 100 --format json",
        "atomic -t 2 -i 1 -r 2 --format json",
        "rwlock --split -i 50 -r 20 --format json",
    ] {
        let done = output(miscount().args(words.split(' ')));
        let record: Value = serde_json::from_slice(&done.stdout).unwrap();
        let runs = record["runs"].as_array().unwrap();
        let summary = &record["summary"];
        for field in ["actual", "lost", "elapsed_ns"] {
            let values: Vec<u64> = runs
                .iter()
                .map(|run| run[field].as_u64().unwrap())
                .collect();
            check(&summary[field], &values, &format!("{words}: {field}"));
        }
        let (expected, trials) = (record["expected"].as_u64().unwrap(), runs.len() as u64);
        let lost: Vec<u64> = runs
            .iter()
            .map(|run| run["lost"].as_u64().unwrap())
            .collect();
        let share = sum(&lost).over(&Exact::whole(expected * trials));
        assert!(
            share.is_near(summary["lost_share"].as_f64().unwrap()),
            "{words}: {summary}"
        );
        let hits = lost.iter().filter(|&&lost| lost > 0).count() as u64;
        assert_eq!(summary["runs_lost"], hits, "{words}");
        let interval = [0, 1].map(|end| summary["runs_lost_interval"][end].as_f64().unwrap());
        check_interval(hits, trials, interval);
    }
}

#[test]
fn intervals_solve_their_equation() {
    for trials in [1, 2, 3, 10, 41, 100, 1_000, 1_000_000, 10_000_000_000] {
        for hits in [0, 1, trials / 3, trials / 2, trials - 1, trials] {
            check_interval(hits, trials, miscount::stats::wilson(hits, trials).unwrap());
        }
    }
}

/// What jcstress publishes of two threads of five increments each: every total from 2 to 10 occurs, and none
/// else; 25% of its runs end with 10, and 0.1% with 2. How often depends on the machine and on the start line.
#[test]
fn five_increments_each_end_with_two_to_ten() {
    for words in [
        "--start none",
        "--start spin --stride 64",
        "--window yield",
        "--window spin:20",
    ] {
        let words = format!("unsynced -t 2 -i 5 -r 200 {words} --format json");
        let done = output(miscount().args(words.split(' ')));
        let record: Value = serde_json::from_slice(&done.stdout).unwrap();
        let mut totals = record["distribution"].as_array().unwrap().iter();
        let is_known = |total: &Value| (2..=10).contains(&total["actual"].as_u64().unwrap());
        assert!(totals.all(is_known), "{words}: {}", record["distribution"]);
    }
}

#[test]
fn quantiles_have_exactly_their_rank() {
    let mut random = fastrand::Rng::with_seed(20);
    for length in 1..=120 {
        let mut values: Vec<u64> = (0..length).map(|_| random.u64(0..1000)).collect();
        values.sort_unstable();
        for percent in 0..=100 {
            let covers = |value: u64| {
                let covered = values.iter().filter(|&&other| other <= value).count();
                covered * 100 >= percent * length
            };
            let least = values.iter().copied().find(|&value| covers(value));
            let found = quantile(&values, percent);
            assert_eq!(found, least, "{percent}% of {length} values");
        }
        let found = Quartiles::of(values.iter().map(|&value| value as f64)).unwrap();
        let found = [found.lower_quartile, found.median, found.upper_quartile];
        for (quarters, found) in (1..).zip(found) {
            // Type 7 of Hyndman and Fan: the place (n - 1) q, and linear between two values.
            let (place, rest) = ((length - 1) * quarters / 4, (length - 1) * quarters % 4);
            let [low, high] = [place, (place + 1).min(length - 1)].map(|at| values[at]);
            let exact = BigInt::from(low) * (4 - rest) + BigInt::from(high) * rest;
            assert!(
                Exact(exact, 4.into()).is_near(found),
                "{quarters} of {values:?}"
            );
        }
    }
}
