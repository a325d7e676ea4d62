//! Questions, predictions, and the points of a prediction.

use crate::page::decimal;

/// The most points that a prediction earns.
pub(super) const MOST_POINTS: u32 = 3;

/// The question that a chapter asks before its experiment.
#[derive(Debug)]
pub struct Question {
    /// Its words.
    pub ask: &'static str,
    /// The kind of its answer.
    pub form: Form,
    /// Wrong answers, each with the reason why it is wrong. An option is the number of the option,
    /// counted from 1.
    pub wrong: &'static [(f64, &'static str)],
}

/// The kinds of answers.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// One of these options; right or wrong.
    Choice(&'static [&'static str]),
    /// A number.
    Number(Scale),
}

/// The numbers that can be predicted.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// The least of them.
    pub least: f64,
    /// The greatest.
    pub most: f64,
    /// What they count.
    pub unit: &'static str,
    /// How a prediction is graded.
    pub grade: Grade,
}

/// How a prediction is graded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// The answer can be known: right or wrong.
    Exact,
    /// The answer is measured: 3 points within 10% of the scale, 2 within 20%, 1 within 40%.
    Near,
    /// The answer is measured, and another on each machine: 3 points within a factor of 10, 2 within
    /// 30, 1 within 100.
    Magnitude,
}

impl Question {
    /// Returns the reason why this prediction is wrong, if there is one.
    pub fn why_wrong(&self, prediction: f64) -> Option<&'static str> {
        let mut wrong = self.wrong.iter();
        let known = wrong.find(|(answer, _)| is_same(*answer, prediction));
        known.map(|&(_, reason)| reason)
    }
}

impl Form {
    /// Returns the range of what may be typed.
    pub fn range(self) -> String {
        match self {
            Self::Choice(options) => format!("1 to {}", options.len()),
            Self::Number(Scale { least, most, .. }) => {
                format!("{} to {}", decimal(least), decimal(most))
            }
        }
    }

    /// Returns what a number counts.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Choice(_) => "option",
            Self::Number(scale) => scale.unit,
        }
    }

    /// Reads a typed prediction. Digits may be grouped (`15,000`, `15_000`), and end in k, M or G. A
    /// comma that cannot group is a decimal point (`1,5`, `0,125`).
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it, without its full stop.
    pub fn read(self, typed: &str) -> Result<f64, String> {
        let typed = typed.trim();
        let (shown, range) = (shown(typed), self.range());
        let number = match self {
            Self::Choice(_) => typed
                .trim_end_matches([')', '.'])
                .parse()
                .ok()
                .map(|option: u32| option.into()),
            Self::Number(_) => number(typed),
        };
        let number =
            number.ok_or_else(|| format!("'{shown}' is not a number; type one from {range}"))?;
        let (least, most, is_whole) = match self {
            Self::Choice(options) => (1.0, options.len() as f64, true),
            Self::Number(scale) => (scale.least, scale.most, scale.grade == Grade::Exact),
        };
        if !(least..=most).contains(&number) {
            return Err(format!(
                "{shown} is not possible; type a number from {range}"
            ));
        }
        if is_whole && number.fract() > 0.0 {
            return Err(format!(
                "'{shown}' is not a whole number; type one from {range}"
            ));
        }
        Ok(number)
    }

    /// Returns the points that a prediction earns, 0 to 3.
    pub fn points(self, said: f64, is: f64) -> u32 {
        let by_steps = |distance: f64, steps: [f64; 3]| {
            let missed = steps.iter().filter(|&&step| distance > step).count();
            MOST_POINTS - u32::try_from(missed).unwrap_or(MOST_POINTS)
        };
        if is_same(said, is) {
            return MOST_POINTS;
        }
        match self {
            Self::Number(scale) => match scale.grade {
                Grade::Exact => 0,
                Grade::Near => by_steps((said - is).abs() / scale.most, [0.1, 0.2, 0.4]),
                Grade::Magnitude => by_steps((said / is).max(is / said), [10.0, 30.0, 100.0]),
            },
            Self::Choice(_) => 0,
        }
    }
}

impl Scale {
    /// Returns where a number lies on the scale, from 0 to 1. An order of magnitude has the same
    /// length everywhere.
    pub fn place(&self, number: f64) -> f64 {
        let place = match self.grade {
            Grade::Magnitude => (number / self.least).log10() / (self.most / self.least).log10(),
            Grade::Exact | Grade::Near => number / self.most,
        };
        place.clamp(0.0, 1.0)
    }
}

/// Whether two answers are the same.
pub(super) fn is_same(one: f64, other: f64) -> bool {
    (one - other).abs() < f64::EPSILON
}

/// Reads a number as people write it.
fn number(typed: &str) -> Option<f64> {
    let digits = typed.replace(['_', ' ', '\''], "");
    let digits = digits.trim_end_matches(['x', '×']);
    let (digits, unit) = match digits.char_indices().next_back() {
        Some((end, 'k' | 'K')) => (&digits[..end], 1e3),
        Some((end, 'm' | 'M')) => (&digits[..end], 1e6),
        Some((end, 'g' | 'G')) => (&digits[..end], 1e9),
        _ => (digits, 1.0),
    };
    let digits = without_commas(digits);
    // The parser of numbers also accepts "inf" and "nan".
    let is_plain = digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number: f64 = digits.parse().ok()?;
    is_plain.then_some(number * unit)
}

/// Returns digits without the commas that group them by thousands, or with a decimal point for a
/// single comma that cannot. Other commas stay.
fn without_commas(digits: &str) -> String {
    let whole = digits.split('.').next().unwrap_or_default();
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    if (1..=3).contains(&first.len()) && first != "0" && groups.all(|group| group.len() == 3) {
        return whole.replace(',', "") + &digits[whole.len()..];
    }
    match digits.split_once(',') {
        Some((whole, rest)) if !rest.contains([',', '.']) => format!("{whole}.{rest}"),
        _ => digits.into(),
    }
}

/// Returns typed text, shortened, and without control characters.
fn shown(typed: &str) -> String {
    const MOST: usize = 20;
    let shown = typed.chars().take(MOST).flat_map(char::escape_debug);
    let dots = typed.chars().nth(MOST).map_or("", |_| "...");
    shown.collect::<String>() + dots
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Form = Form::Choice(&["yes", "no"]);

    fn scale(most: f64, grade: Grade) -> Form {
        Form::Number(Scale {
            least: if grade == Grade::Magnitude { 0.1 } else { 0.0 },
            most,
            unit: "things",
            grade,
        })
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        for (typed, number) in [
            ("15000", 15_000.0),
            (" 15,000 ", 15_000.0),
            ("15_000", 15_000.0),
            ("15k", 15_000.0),
            ("1.5K", 1_500.0),
            ("2x", 2.0),
            ("0.5", 0.5),
            ("0,5", 0.5),
            ("1,5", 1.5),
            ("1,25x", 1.25),
            ("0,125", 0.125),
            ("1,5k", 1_500.0),
            ("1,234,567.5", 1_234_567.5),
            ("3M", 3e6),
        ] {
            let read = scale(1e9, Grade::Near).read(typed);
            assert_eq!(read, Ok(number), "{typed}");
        }
        for typed in [
            "",
            "many",
            "-3",
            "inf",
            "nan",
            "1e3",
            "0x10",
            "k",
            ".",
            ",",
            "1,2,3",
            "1,000,00",
            "1.5,5",
            "99999999999999999999",
            "\u{1b}[31m",
        ] {
            assert!(scale(1e9, Grade::Near).read(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn an_impossible_number_is_refused_with_the_range() {
        let error = scale(15_000.0, Grade::Near).read("20,000").unwrap_err();
        let expected = "20,000 is not possible; type a number from 0 to 15,000";
        assert_eq!(error, expected);
        assert!(scale(10.0, Grade::Exact).read("2.5").is_err());
        assert_eq!(scale(10.0, Grade::Magnitude).read("0.1"), Ok(0.1));
        assert!(scale(10.0, Grade::Magnitude).read("0").is_err());
    }

    #[test]
    fn a_choice_is_one_of_its_options() {
        assert_eq!(TWO.read("2"), Ok(2.0));
        assert_eq!(TWO.read("1)"), Ok(1.0));
        for typed in ["0", "3", "", "yes", "-1", "1.5"] {
            assert!(TWO.read(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn rubbish_does_not_disturb_the_terminal() {
        let error = TWO.read(&"\u{1b}[2J".repeat(50)).unwrap_err();
        assert!(!error.contains('\u{1b}') && error.len() < 200, "{error}");
    }

    #[test]
    fn points_are_for_being_near() {
        for (grade, said, is, points) in [
            (Grade::Exact, 2.0, 2.0, 3),
            (Grade::Exact, 3.0, 2.0, 0),
            (Grade::Near, 110.0, 100.0, 3),
            (Grade::Near, 80.0, 100.0, 2),
            (Grade::Near, 140.0, 100.0, 1),
            (Grade::Near, 150.0, 100.0, 0),
            (Grade::Near, 0.0, 0.0, 3),
            (Grade::Magnitude, 10.0, 2.9, 3),
            (Grade::Magnitude, 10.0, 28.5, 3),
            (Grade::Magnitude, 2.0, 50.0, 2),
            (Grade::Magnitude, 1.0, 50.0, 1),
            (Grade::Magnitude, 0.1, 50.0, 0),
        ] {
            let earned = scale(100.0, grade).points(said, is);
            assert_eq!(earned, points, "{grade:?} {said} {is}");
        }
        assert_eq!(TWO.points(1.0, 1.0), 3);
        assert_eq!(TWO.points(1.0, 2.0), 0);
    }

    #[test]
    fn a_scale_puts_prediction_and_answer_side_by_side() {
        let place = |grade, number| {
            let Form::Number(scale) = scale(1_000.0, grade) else {
                return -1.0;
            };
            scale.place(number)
        };
        for (grade, number, at) in [
            (Grade::Near, 250.0, 0.25),
            (Grade::Exact, 1_000.0, 1.0),
            (Grade::Magnitude, 0.1, 0.0),
            (Grade::Magnitude, 10.0, 0.5),
            (Grade::Magnitude, 1e9, 1.0),
        ] {
            assert!(
                (place(grade, number) - at).abs() < 1e-9,
                "{grade:?} {number}"
            );
        }
    }
}
