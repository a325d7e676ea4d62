//! A race that is not about a counter, as the reader can write it down.

use super::{Chapter, Form, Grade, Question, Scale};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "your-own-race",
    title: "Your own program",
    text: &[
        "An account holds 100, and two tellers each try to pay out 80. A teller checks that there \
         is enough, takes 80 from the account (a load and a store), and adds 80 to the amount paid \
         (one atomic step).",
        "You could write this yourself in a dozen lines: 'miscount programs bank' prints them.",
    ],
    question: Question {
        ask: "The final balance and the amount paid make an outcome. How many outcomes are \
              possible?",
        form: Form::Number(Scale {
            least: 1.0,
            most: 10.0,
            unit: "outcomes",
            grade: Grade::Exact,
        }),
        wrong: &[
            (
                1.0,
                "It is 1 if the tellers work one after the other. But both can check before either \
                 has paid.",
            ),
            (
                2.0,
                "Right, one or both can pay. But if both do, there are two possible balances.",
            ),
            (
                4.0,
                "If only one teller pays, the balance is always 20: its load and store are not \
                 disturbed.",
            ),
        ],
    },
    experiments: &["explore bank"],
    on_one_core: &[],
    answer: |records| Some(records.census()?.outcomes.len() as f64),
    why: |records| {
        let census = records.census()?;
        Some(vec![
            format!(
                "{} of the {} outcomes are wrong: both tellers check before either has paid. If one \
                 then loads what the other stored, the balance is -60. If both load 100, a store is \
                 lost, and 20 is left although 160 was paid. Make check and payment one critical \
                 section, as in bank-fixed.",
                grouped(census.wrong().count() as u64),
                grouped(census.outcomes.len() as u64)
            ),
            "Now yours. 'miscount programs bank > my.race', edit the file, 'miscount explore \
             my.race'. A finished program in any language: 'miscount repeat -- ./program' runs it \
             again and again and counts how it ends."
                .into(),
        ])
    },
    further: &["run bank", "explain bank", "explore bank-fixed", "programs"],
};
