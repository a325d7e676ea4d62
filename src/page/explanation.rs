//! The page that explains a strategy or a race program.

use super::census_words::end;
use super::document::{Block, Document, Section};
use super::map::{see_for_yourself, strong};
use super::numbers::{abbreviated, plural};
use super::player::of_breaking;
use super::sentences::token_legend;
use super::text::Text;
use crate::record::{
    Breaking, Counted, ElsewhereRecord, ExplanationRecord, InstructionRecord, Listing, SubjectName,
};

/// Counts with more digits than this are abbreviated.
const DIGITS: usize = 15;

/// Returns the page of a strategy.
pub fn explanation(record: &ExplanationRecord) -> Document<'_> {
    let mut opening = vec![Block::words(format!("{}.", record.summary))];
    opening.extend(record.story.as_deref().map(Block::words));
    let mut sections = vec![Section::untitled(opening)];
    sections.extend(record.code.as_deref().map(|code| {
        let mut code = vec![Block::Code("rust", code.into())];
        code.extend(record.note.as_ref().map(Block::words));
        Section::new(strong("The code, in essence"), code)
    }));
    sections.extend(record.listing.as_ref().map(machine_steps));
    if let Some(reason) = &record.not_modelled {
        let words = Block::words(format!("{reason}."));
        sections.push(Section::new(strong("The machine steps"), [words]));
    }
    sections.push(why(record));
    sections.extend(
        record
            .breaking
            .as_ref()
            .map(|breaking| interleaving(&record.subject, breaking)),
    );
    sections.extend(record.counted.as_ref().map(every_schedule));
    let costs = record.costs.as_ref().map(Block::words);
    sections.extend(costs.map(|costs| Section::new(strong("What it costs"), [costs])));
    sections.extend(record.elsewhere.as_ref().map(elsewhere));
    sections.push(see_for_yourself(record.commands.clone()));
    Document::new(strong(record.subject.to_string()), sections)
}

/// Returns the program, with its steps marked.
fn machine_steps(listing: &Listing) -> Section<'static> {
    let mut blocks = vec![code(&listing.instructions)];
    for program in &listing.others {
        blocks.push(Block::words(format!("{}:", program.thread)));
        blocks.push(code(&program.instructions));
    }
    if !listing.others.is_empty() {
        blocks.insert(0, Block::words("A:"));
    }
    let whose = match (listing.programs, listing.others.is_empty()) {
        (1, _) | (_, false) => "",
        _ => " The other threads differ only in the variable.",
    };
    blocks.push(Block::words(format!(
        "▸ marks a step; other threads can run between any two. The rest touches only registers.{whose}"
    )));
    Section::new(strong("The machine steps"), blocks)
}

fn code(instructions: &[InstructionRecord]) -> Block<'static> {
    let lines = instructions.iter().map(|instruction| {
        let mark = if instruction.step { "▸" } else { " " };
        format!("{:>2} {mark} {}\n", instruction.at, instruction.instruction)
    });
    Block::Code("text", lines.collect::<String>().trim_end().into())
}

fn why(record: &ExplanationRecord) -> Section<'static> {
    let heading = match record.correct {
        Some(true) => "Why it is right",
        Some(false) => "Why it is wrong",
        None => "What it shows",
    };
    let race = record.race.as_ref().map(Block::words);
    let words = [Block::words(record.why.to_string())]
        .into_iter()
        .chain(race);
    Section::new(strong(heading), words.collect::<Vec<_>>())
}

fn interleaving<'a>(subject: &SubjectName, breaking: &'a Breaking) -> Section<'a> {
    let end = match (breaking.total, breaking.expected) {
        (Some(total), Some(expected)) => format!("ends with {total} instead of {expected}"),
        (Some(total), None) => format!("ends with {total}"),
        (None, _) => "ends in a deadlock".into(),
    };
    // The smallest size at which it breaks is not the one that was spoken of before.
    let size = breaking.increments;
    let size = size.map_or_else(String::new, |size| {
        format!(", with {} each", plural(size, "increment"))
    });
    let words = format!(
        "Schedule `{}` {end}{size}. {}",
        breaking.schedule,
        token_legend(&breaking.schedule)
    );
    let words = Block::words(Text::marked(&words));
    let steps = Block::Steps(&breaking.interleaving, breaking.threads, &[]);
    let player = of_breaking(subject, breaking);
    Section::new(
        strong("The interleaving that breaks it"),
        [words, steps, player],
    )
}

/// Returns how all schedules end, in a sentence.
fn every_schedule(counted: &Counted) -> Section<'static> {
    let number = |digits: &str| abbreviated(digits, DIGITS);
    let size = counted.increments;
    let size = size.map(|increments| format!(" × {increments} increments"));
    let size = size.unwrap_or_default();
    let size = format!("schedules of {} threads{size}", counted.threads);
    let correct = counted.expected;
    let words = match (counted.outcomes.as_slice(), correct) {
        ([only], Some(correct)) if only.total == Some(correct) => {
            let all = match counted.schedules.as_str() {
                "2" => "Both".into(),
                schedules => format!("All {}", number(schedules)),
            };
            format!("{all} {size} end with {correct}.")
        }
        (outcomes, _) => {
            let ends = outcomes.iter().map(|outcome| {
                let how = match outcome.total {
                    None => "in a deadlock".into(),
                    Some(total) if Some(total) == correct => format!("with the correct {total}"),
                    Some(total) => format!("with {total}"),
                };
                let schedules = &outcome.schedules;
                format!("{} {} {how}", number(schedules), end(schedules))
            });
            let ends: Vec<String> = ends.collect();
            let all = number(&counted.schedules);
            format!("Of all {all} {size}, {}.", ends.join(", "))
        }
    };
    let heading = strong("Every schedule, counted");
    Section::new(heading, [Block::words(words)])
}

fn elsewhere(names: &ElsewhereRecord) -> Section<'static> {
    let names = [
        ("Go", &names.go),
        ("Java", &names.java),
        ("C++", &names.cpp),
        ("Python", &names.python),
    ];
    let rows = names.map(|(language, name)| vec![strong(language), name.into()]);
    let rows = Block::Entries(vec!["language", "its name there"], rows.into());
    Section::new(strong("Elsewhere"), [rows])
}
