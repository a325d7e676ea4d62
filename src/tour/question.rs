//! Questions, predictions, and the points of a prediction.

/// The most points that a prediction earns.
pub(super) const MOST_POINTS: u32 = 3;

/// The largest number that a prediction may be: not far beyond it, a float no longer holds every
/// digit.
const LARGEST: f64 = 1e15;

/// The question that a chapter asks before its experiment.
#[derive(Debug)]
pub struct Question {
    /// Its words.
    pub ask: &'static str,
    /// The kind of its answer.
    pub form: Form,
}

/// The kinds of answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One of these options; right or wrong.
    Choice(&'static [&'static str]),
    /// A number that can be known; right or wrong.
    Exactly,
    /// A number that is measured: 3 points within 5% of it, 2 within 15%, 1 within 30%.
    Nearly,
    /// A ratio that is measured: 3 points within a factor of 1.5, 2 within 3, 1 within 10.
    Times,
}

/// A prediction, or the true answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Answer {
    /// The option of this number, counted from 1.
    Choice(usize),
    /// A number.
    Number(f64),
}

impl Answer {
    /// Returns a whole number as an answer.
    pub fn whole(number: u64) -> Self {
        Self::Number(number as f64)
    }

    /// Returns the answer to a question of this form that a record holds as a number.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number of an option is small; what is none is cut to one that does not exist"
    )]
    pub fn of(form: Form, number: f64) -> Self {
        match form {
            Form::Choice(_) => Self::Choice(number as usize),
            _ => Self::Number(number),
        }
    }

    /// Returns it as a number, as records hold it; for an option, the number of the option.
    pub fn number(self) -> f64 {
        match self {
            Self::Choice(option) => option as f64,
            Self::Number(number) => number,
        }
    }
}

impl Form {
    /// Returns a hint at what may be typed.
    pub fn hint(self) -> String {
        match self {
            Self::Choice(options) => format!("1 to {}", options.len()),
            Self::Exactly | Self::Nearly => "a number".into(),
            Self::Times => "a number of times".into(),
        }
    }

    /// Reads a typed prediction. Digits may be grouped (`15,000`, `15_000`), and end in k, M or G. A
    /// comma that cannot group is a decimal point (`1,5`, `0,125`).
    ///
    /// # Errors
    ///
    /// A phrase that says what is wrong with it.
    pub fn read(self, typed: &str) -> Result<Answer, String> {
        let typed = typed.trim();
        let shown = shown(typed);
        if let Self::Choice(options) = self {
            let option = typed.trim_end_matches([')', '.']).parse();
            return match option {
                Ok(option) if (1..=options.len()).contains(&option) => Ok(Answer::Choice(option)),
                _ => Err(format!("'{shown}' is none of 1 to {}", options.len())),
            };
        }
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
        match digits.parse::<f64>() {
            Ok(number) if is_plain && number * unit <= LARGEST => Ok(Answer::Number(number * unit)),
            _ => Err(format!("'{shown}' is no number such as 12, 0.5 or 15k")),
        }
    }

    /// Returns the points that a prediction earns, 0 to 3.
    pub fn points(self, prediction: Answer, answer: Answer) -> u32 {
        let (said, is) = (prediction.number(), answer.number());
        let by_steps = |distance: f64, steps: [f64; 3]| {
            let missed = steps.iter().filter(|&&step| distance > step).count();
            MOST_POINTS - u32::try_from(missed).unwrap_or(MOST_POINTS)
        };
        if (said - is).abs() < f64::EPSILON {
            return MOST_POINTS;
        }
        match self {
            Self::Nearly => by_steps((said - is).abs() / is.abs(), [0.05, 0.15, 0.3]),
            Self::Times if said > 0.0 && is > 0.0 => {
                by_steps((said / is).max(is / said), [1.5, 3.0, 10.0])
            }
            Self::Choice(_) | Self::Exactly | Self::Times => 0,
        }
    }
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
            let read = Form::Nearly.read(typed);
            assert_eq!(read, Ok(Answer::Number(number)), "{typed}");
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
            assert!(Form::Nearly.read(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_choice_is_one_of_its_options() {
        assert_eq!(TWO.read("2"), Ok(Answer::Choice(2)));
        assert_eq!(TWO.read("1)"), Ok(Answer::Choice(1)));
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
        for (form, said, is, points) in [
            (Form::Exactly, 2.0, 2.0, 3),
            (Form::Exactly, 3.0, 2.0, 0),
            (Form::Nearly, 104.0, 100.0, 3),
            (Form::Nearly, 90.0, 100.0, 2),
            (Form::Nearly, 125.0, 100.0, 1),
            (Form::Nearly, 200.0, 100.0, 0),
            (Form::Nearly, 0.0, 0.0, 3),
            (Form::Nearly, 1.0, 0.0, 0),
            (Form::Times, 40.0, 50.0, 3),
            (Form::Times, 20.0, 50.0, 2),
            (Form::Times, 400.0, 50.0, 1),
            (Form::Times, 1.0, 50.0, 0),
            (Form::Times, 0.0, 50.0, 0),
        ] {
            let earned = form.points(Answer::Number(said), Answer::Number(is));
            assert_eq!(earned, points, "{form:?} {said} {is}");
        }
        assert_eq!(TWO.points(Answer::Choice(1), Answer::Choice(1)), 3);
        assert_eq!(TWO.points(Answer::Choice(1), Answer::Choice(2)), 0);
    }
}
