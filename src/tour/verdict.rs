//! The comparison of a prediction with the answer.

use super::question::{Form, Grade, MOST_POINTS, Question, Scale, is_same};
use crate::page::{Bar, Block, Column, Table, Text, decimal, short};
use crate::term::Tone;

/// Returns the answer, the prediction on the same scale, the points, and why the prediction is wrong.
pub(super) fn verdict(
    question: &Question,
    prediction: Option<f64>,
    answer: Option<f64>,
    points: Option<u32>,
) -> Vec<Block<'static>> {
    let Some(answer) = answer else {
        return vec![Block::words("No answer this time.")];
    };
    let mut words = format!("Answer: {}.", in_words(question.form, answer));
    let Some((said, points)) = prediction.zip(points) else {
        return vec![Block::words(Text::toned(Tone::Good, words))];
    };
    if is_same(said, answer) {
        words += " You said so.";
    } else if let Form::Choice(_) = question.form {
        words += &format!(" You said {}.", in_words(question.form, said));
    }
    let rule = match question.form {
        Form::Number(scale) if scale.grade == Grade::Near => " (3 within 10% of the scale)",
        Form::Number(scale) if scale.grade == Grade::Magnitude => " (3 within a factor of 10)",
        Form::Number(_) | Form::Choice(_) => "",
    };
    words += &format!(" {points} of {MOST_POINTS} points{rule}.");
    let tone = if points > 0 { Tone::Good } else { Tone::Lost };
    let mut blocks = vec![Block::words(Text::toned(tone, words))];
    if let Form::Number(scale) = question.form {
        blocks.push(Block::Table(side_by_side(scale, said, answer)));
    }
    let why = question.why_wrong(said).filter(|_| points < MOST_POINTS);
    blocks.extend(
        why.into_iter()
            .flat_map(|why| [Block::Gap, Block::words(why)]),
    );
    blocks
}

/// Returns the prediction and the answer as bars.
fn side_by_side(scale: Scale, said: f64, answer: f64) -> Table<'static> {
    let rows = [("you said", said), ("it is", answer)];
    let range = match scale.grade {
        Grade::Magnitude => "each power of ten is one fifth of the bar".into(),
        Grade::Exact | Grade::Near => format!("of {}", decimal(scale.most)),
    };
    Table {
        columns: vec![
            Column::of("", &rows, |row| row.0).flush_left(),
            Column::of("", &rows, |row| number(row.1)),
        ],
        bars: rows.map(|row| Bar::Whole(scale.place(row.1))).into(),
        words: Some(Column::new("", [range, String::new()])),
        ..Table::default()
    }
}

/// Returns an answer in words.
fn in_words(form: Form, answer: f64) -> String {
    match form {
        Form::Choice(options) => {
            let named = (1..)
                .zip(options)
                .find(|(place, _)| is_same(f64::from(*place), answer));
            named.map_or_else(String::new, |(place, option)| format!("{place}) {option}"))
        }
        Form::Number(scale) if scale.grade == Grade::Magnitude => {
            format!("about {} {}", number(answer), scale.unit)
        }
        Form::Number(_) => number(answer),
    }
}

/// Returns a number, to three digits if it has a fraction.
fn number(number: f64) -> String {
    if number.fract() > 0.0 {
        short(number)
    } else {
        decimal(number)
    }
}
