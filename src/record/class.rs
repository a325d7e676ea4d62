//! The record of the predictions of a class: `miscount.class/1`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::data::Record;
use super::schema::Versioned;
use super::tour::short;

/// If more numbers than this differ, they are counted in ranges.
const MOST_BARS: usize = 10;

/// The predictions that `tour --save` has collected.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClassRecord {
    /// The number of tours, each with a name or a time of its own.
    pub tours: usize,
    /// The questions, in the order in which they first occur.
    pub questions: Vec<ClassQuestion>,
}

/// The predictions for a question.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClassQuestion {
    /// The name of its chapter.
    pub chapter: Cow<'static, str>,
    /// The question; null if this version has no such chapter.
    pub question: Option<Cow<'static, str>>,
    /// What the numbers count.
    pub unit: Option<String>,
    /// The number of predictions.
    pub predictions: u64,
    /// How many skipped the question.
    pub skipped: u64,
    /// The points of a prediction on average, of 3.
    pub points_mean: Option<f64>,
    /// The least answer that a machine gave; null if none did.
    #[serde(serialize_with = "short")]
    pub answer_min: Option<f64>,
    /// The greatest.
    #[serde(serialize_with = "short")]
    pub answer_max: Option<f64>,
    /// How many predicted what.
    pub histogram: Vec<ClassBar>,
}

/// How many predicted a number, or a number in a range.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct ClassBar {
    /// The option that the number stands for; null if it is none.
    pub option: Option<Cow<'static, str>>,
    /// The least number of the range.
    pub from: f64,
    /// The greatest number of the range, which belongs to it.
    pub to: f64,
    /// The number of predictions.
    pub predictions: u64,
    /// Whether the answer of a machine lies here.
    pub is_answer: bool,
}

/// A row that `tour --save` has written.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SavedPrediction {
    /// When the tour ended, which the rows of a tour have in common.
    pub ended: String,
    /// The name of the person; may be empty.
    #[serde(default)]
    pub name: String,
    /// The chapter.
    pub chapter: String,
    /// The prediction, if there is one.
    pub prediction: Option<f64>,
    /// The answer, if there is one.
    pub answer: Option<f64>,
    /// What they count.
    #[serde(default)]
    pub unit: Option<String>,
    /// The points, if any were given.
    pub points: Option<u32>,
}

/// The words of a question, and its options if there are any.
pub type Asked = (&'static str, &'static [&'static str]);

/// The row that counts for each name, or for each tour without one.
type Rows<'a> = BTreeMap<(&'a str, &'a str), &'a SavedPrediction>;

/// A line of JSON lines: each bar, then the whole record.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ClassLine<'a> {
    /// How many predicted a number.
    Bar {
        /// The chapter.
        chapter: &'a str,
        /// The bar.
        #[serde(flatten)]
        bar: &'a ClassBar,
    },
    /// The last line: the whole record.
    Summary(Versioned<ClassRecord>),
}

impl ClassRecord {
    /// Returns the record of these rows. Of a person with a name the first prediction for each
    /// question counts: later ones are made by someone who has seen the answer.
    pub fn of(rows: &[SavedPrediction], asked: impl Fn(&str) -> Option<Asked>) -> Self {
        let mut chapters: Vec<(&str, Rows<'_>)> = Vec::new();
        let mut tours = std::collections::BTreeSet::new();
        for row in rows {
            let who = match &*row.name {
                "" => ("", &*row.ended),
                name => (name, ""),
            };
            tours.insert(who);
            let place = chapters.iter().position(|(name, _)| *name == row.chapter);
            let place = place.unwrap_or_else(|| {
                chapters.push((&row.chapter, BTreeMap::new()));
                chapters.len() - 1
            });
            chapters[place].1.entry(who).or_insert(row);
        }
        let questions = chapters.iter().map(|(name, rows)| {
            let rows: Vec<_> = rows.values().copied().collect();
            ClassQuestion::of(name, &rows, asked(name))
        });
        Self {
            tours: tours.len(),
            questions: questions.collect(),
        }
    }
}

impl ClassQuestion {
    fn of(chapter: &str, rows: &[&SavedPrediction], asked: Option<Asked>) -> Self {
        let said: Vec<f64> = rows.iter().filter_map(|row| row.prediction).collect();
        let answers: Vec<f64> = rows.iter().filter_map(|row| row.answer).collect();
        let predicted = rows.iter().filter(|row| row.prediction.is_some());
        let points: Vec<u32> = predicted.filter_map(|row| row.points).collect();
        let points_mean = (!points.is_empty())
            .then(|| f64::from(points.iter().sum::<u32>()) / points.len() as f64);
        let options = asked.map_or(&[][..], |(_, options)| options);
        let mut histogram: Vec<_> = match options {
            [] => ranges(&said, &answers).into_iter().map(bar).collect(),
            options => {
                let places = (1_u32..).zip(options).map(|(place, _)| f64::from(place));
                places.map(|place| bar((place, place))).collect()
            }
        };
        for (place, bar) in histogram.iter_mut().enumerate() {
            let is_inside = |number: &&f64| (bar.from..=bar.to).contains(*number);
            bar.predictions = said.iter().filter(is_inside).count() as u64;
            bar.is_answer = answers.iter().any(|answer| is_inside(&answer));
            bar.option = options.get(place).map(|&option| option.into());
        }
        Self {
            chapter: chapter.to_owned().into(),
            question: asked.map(|(question, _)| question.into()),
            unit: rows.iter().find_map(|row| row.unit.clone()),
            predictions: said.len() as u64,
            skipped: (rows.len() - said.len()) as u64,
            points_mean,
            answer_min: answers.iter().copied().reduce(f64::min),
            answer_max: answers.iter().copied().reduce(f64::max),
            histogram,
        }
    }
}

/// Returns an empty bar.
fn bar((from, to): (f64, f64)) -> ClassBar {
    ClassBar {
        option: None,
        from,
        to,
        predictions: 0,
        is_answer: false,
    }
}

/// Returns the ranges in which numbers are counted: each number by itself if they are few and there is
/// one answer; else powers of ten if they differ by more than two of them, and round ranges of the same
/// width if not.
fn ranges(said: &[f64], answers: &[f64]) -> Vec<(f64, f64)> {
    let sorted = |numbers: &[f64]| {
        let mut numbers = numbers.to_vec();
        numbers.sort_by(f64::total_cmp);
        numbers.dedup();
        numbers
    };
    let numbers = sorted(&[said, answers].concat());
    let (Some(&least), Some(&most)) = (numbers.first(), numbers.last()) else {
        return Vec::new();
    };
    if numbers.len() <= MOST_BARS && sorted(answers).len() <= 1 {
        return numbers.iter().map(|&number| (number, number)).collect();
    }
    let power = |number: f64| 10_f64.powf(number.log10().floor());
    let starts: Vec<f64> = if least > 0.0 && most / least > 100.0 {
        let powers = std::iter::successors(Some(power(least)), |power| Some(power * 10.0));
        powers.take_while(|&power| power <= most).collect()
    } else {
        let wanted = ((most - least) / (MOST_BARS - 1) as f64).max(1.0);
        let round = [1.0, 2.0, 5.0].map(|digit| digit * power(wanted));
        let round = round.into_iter().find(|&width| width >= wanted);
        let width = round.unwrap_or_else(|| 10.0 * power(wanted));
        let first = (least / width).floor() * width;
        let starts = std::iter::successors(Some(first), |start| Some(start + width));
        starts.take_while(|&start| start <= most).collect()
    };
    // A range ends with the greatest number before the next one begins.
    let is_whole = numbers.iter().all(|number| number.fract() == 0.0);
    let before = |start: &f64| {
        if is_whole {
            start - 1.0
        } else {
            start.next_down()
        }
    };
    let ends: Vec<_> = starts.iter().skip(1).map(before).chain([most]).collect();
    starts.into_iter().zip(ends).collect()
}

impl Record for ClassRecord {
    type Line<'a> = ClassLine<'a>;

    fn columns(&self) -> &'static str {
        "chapter,option,from,to,predictions,is_answer"
    }

    fn items(&self) -> impl Iterator<Item = Self::Line<'_>> {
        self.questions.iter().flat_map(|question| {
            let bars = question.histogram.iter();
            bars.map(|bar| ClassLine::Bar {
                chapter: &question.chapter,
                bar,
            })
        })
    }

    fn summary(&self) -> Option<Self::Line<'_>> {
        Some(ClassLine::Summary(Versioned::new(self.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_numbers_stand_by_themselves_and_many_in_round_ranges() {
        let few = ranges(&[5.0, 4.0, 5.0], &[5.0]);
        assert_eq!(few, [(4.0, 4.0), (5.0, 5.0)]);
        assert_eq!(ranges(&[], &[]), []);
        // Answers that differ by machine are no numbers to be listed one by one.
        let by_machine = ranges(&[7_500.0, 10_000.0], &[5_210.0, 5_644.0]);
        assert_eq!(by_machine.first(), Some(&(5_000.0, 5_999.0)));
        assert_eq!(by_machine.last(), Some(&(10_000.0, 10_000.0)));
        let factors: Vec<f64> = (1..20).map(|n| f64::from(n * n * n)).collect();
        let powers = ranges(&factors, &[2.5]);
        assert_eq!(powers.len(), 4);
        assert_eq!((powers[1].0, powers[3].1), (10.0, 6_859.0));
        // Every number is in exactly one range.
        for numbers in [&factors, &vec![0.5; 3], &vec![1.0, 1.1, 1.2]] {
            for number in numbers {
                let ranges = ranges(numbers, &[2.0, 3.0]);
                let inside = ranges
                    .iter()
                    .filter(|(from, to)| (from..=to).contains(&number));
                assert_eq!(inside.count(), 1, "{number} in {ranges:?}");
            }
        }
    }
}
