//! A race that is not about a counter, as the reader can write it down.

use super::{Answer, Chapter, Form, Question};
use crate::page::grouped;

pub(super) static CHAPTER: Chapter = Chapter {
    name: "your-own-race",
    title: "Your own race",
    text: &[
        "A race does not have to be about a counter. Two tellers each want to pay out 80 from an \
         account that holds 100. Each checks whether there is enough. If there is, the teller takes \
         80 from the account, with a load and a store, and adds 80 to the amount paid, in one \
         atomic step.",
        "Such a race is a text file of a dozen lines; 'miscount programs bank' prints this one. \
         miscount can count every schedule of it, as it does for a counter.",
    ],
    question: Question {
        ask: "The final balance and the amount paid make an outcome. How many different outcomes \
              are possible?",
        form: Form::Exactly,
    },
    experiments: &["explore bank", "replay bank --schedule A,B-,A-"],
    on_one_core: &[],
    legend: &[
        ("share", "The share weighs every schedule alike."),
        (
            "fair share",
            "The fair share is the chance of that outcome when each step goes to a thread drawn \
             evenly among those that can move.",
        ),
    ],
    answer: |records| Some(Answer::whole(records.census()?.outcomes.len() as u64)),
    why: |records| {
        let census = records.census()?;
        let outcomes = grouped(census.outcomes.len() as u64);
        let wrong = grouped(census.wrong().count() as u64);
        Some(vec![
            format!(
                "{wrong} of the {outcomes} outcomes are wrong: both tellers check before either \
                 has paid, and so both pay. If each then sees the other's store, the balance is \
                 -60. If both load 100, one of the two stores is lost as well, and 20 is left \
                 although 160 has been paid."
            ),
            "The check and the payment must be one critical section, as in bank-fixed. Now bring \
             your own race: 'miscount programs bank > my.race', change the file, and type \
             'miscount explore my.race'."
                .into(),
        ])
    },
    further: &["programs", "explain bank", "explore bank-fixed"],
};
