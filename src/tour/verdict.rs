//! The line that compares a prediction with the answer.

use super::question::{Answer, Form, Question};
use crate::page::{decimal, plural, short};
use crate::render::wrap;
use crate::term::{Page, Tone};

/// Returns the answer, the prediction, and the points.
pub(super) fn verdict(
    page: &Page,
    question: &Question,
    prediction: Option<Answer>,
    answer: Option<Answer>,
    points: Option<u32>,
) -> String {
    let Some(answer) = answer else {
        let none = wrap(page, "No answer this time.");
        return format!("\n{none}");
    };
    let (tone, verdict) = words(question.form, prediction, answer, points);
    let verdict = wrap(page, &verdict);
    let verdict = page.palette.paint(tone, verdict.trim_end());
    format!("\n{verdict}\n")
}

/// Returns the answer, the prediction, and the points, in words and with their tone.
pub(super) fn words(
    form: Form,
    prediction: Option<Answer>,
    answer: Answer,
    points: Option<u32>,
) -> (Tone, String) {
    let in_words = |answer| match (answer, form) {
        (Answer::Choice(option), Form::Choice(options)) => {
            let text = options.get(option.wrapping_sub(1));
            format!("{option}) {}", text.copied().unwrap_or_default())
        }
        (Answer::Number(times), Form::Times) if times.fract() > 0.0 => {
            format!("{} times", short(times))
        }
        (answer, Form::Times) => format!("{} times", decimal(answer.number())),
        (answer, _) => decimal(answer.number()),
    };
    let mut verdict = format!("Answer: {}.", in_words(answer));
    if let Some(prediction) = prediction {
        verdict += &format!(" You said {}.", in_words(prediction));
    }
    let tone = match points {
        None | Some(1..) => Tone::Good,
        Some(0) => Tone::Lost,
    };
    if let Some(points) = points.filter(|_| prediction.is_some()) {
        verdict += &format!(" {}.", plural(points.into(), "point"));
    }
    (tone, verdict)
}
