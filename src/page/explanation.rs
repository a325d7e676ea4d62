//! A strategy explained.

use super::document::{Block, Document, Section};
use super::map::{see_for_yourself, strong};
use super::numbers::{abbreviated, grouped};
use super::text::Text;
use crate::record::{Breaking, Counted, ExplanationRecord, Listing, typed};

/// Counts with more digits than this are abbreviated.
const DIGITS: usize = 15;

/// Returns the page of a strategy.
pub fn explanation(record: &ExplanationRecord) -> Document<'_> {
    let opening = Section::untitled(vec![
        Block::words(format!("{}.", record.summary)),
        Block::words(format!("Look at: {}.", record.look_at)),
    ]);
    let mut code = vec![Block::Code("rust", record.code.into())];
    code.extend(record.note.map(Block::words));
    let mut sections = vec![opening, Section::new(strong("The code, in essence"), code)];
    sections.extend(record.listing.as_ref().map(machine_steps));
    if let Some(reason) = &record.not_modelled {
        let words = vec![Block::words(format!("{reason}."))];
        sections.push(Section::new(strong("Its machine steps"), words));
    }
    sections.push(why(record));
    sections.extend(record.breaking.as_ref().map(interleaving));
    sections.extend(record.counted.as_ref().map(every_schedule));
    let costs = vec![Block::words(record.costs)];
    sections.push(Section::new(strong("What it costs"), costs));
    sections.push(elsewhere(record));
    sections.push(see_for_yourself(record.commands.clone()));
    Document {
        title: strong(typed(record.strategy, &record.flags)),
        sections,
        ..Document::default()
    }
}

/// The program, with its steps marked.
fn machine_steps(listing: &Listing) -> Section<'static> {
    let lines = listing.instructions.iter().map(|instruction| {
        let mark = if instruction.step { "▸" } else { " " };
        format!("{:>2} {mark} {}\n", instruction.at, instruction.instruction)
    });
    let whose = match listing.programs {
        1 => "",
        _ => " This is A's program; the other threads have their own, alike but for the variable.",
    };
    let words = format!(
        "For {} increments. Those marked ▸ are steps: they go to memory or to a lock, and \
         between any two of them other threads may take theirs. The rest stays in a thread's own \
         registers.{whose}",
        grouped(listing.increments),
    );
    let code = Block::Code("text", lines.collect::<String>().trim_end().into());
    Section::new(strong("Its machine steps"), vec![code, Block::words(words)])
}

fn why(record: &ExplanationRecord) -> Section<'static> {
    let heading = if record.correct {
        "Why it is right"
    } else {
        "Why it is wrong"
    };
    let race = record.race.map(Block::words);
    let words = [Block::words(record.why)].into_iter().chain(race);
    Section::new(strong(heading), words.collect())
}

fn interleaving(breaking: &Breaking) -> Section<'_> {
    let end = match breaking.total {
        Some(total) => format!("ends with {total} instead of {}", breaking.expected),
        None => "ends in a deadlock".into(),
    };
    let words = format!(
        "Schedule `{}` {end}. (`A` is one step of thread A, `A3` are three, `B-` is all that B has \
         left.)",
        breaking.schedule
    );
    Section::new(
        strong("The interleaving that breaks it"),
        vec![
            Block::words(Text::marked(&words)),
            Block::Steps(&breaking.interleaving, breaking.threads),
        ],
    )
}

/// How all schedules end, in a sentence.
fn every_schedule(counted: &Counted) -> Section<'static> {
    let number = |digits: &str| abbreviated(digits, DIGITS);
    let size = format!(
        "schedules of {} threads × {} increments",
        counted.threads, counted.increments,
    );
    let correct = Some(counted.expected);
    let words = match counted.outcomes.as_slice() {
        [only] if only.total == correct => {
            let all = match counted.schedules.as_str() {
                "2" => "Both".into(),
                schedules => format!("All {}", number(schedules)),
            };
            format!(
                "{all} {size} end with {}: none breaks it.",
                counted.expected
            )
        }
        outcomes => {
            let ends = outcomes.iter().map(|outcome| {
                let how = match outcome.total {
                    None => "in a deadlock".into(),
                    total if total == correct => format!("with the correct {}", counted.expected),
                    total => format!("with {}", total.unwrap_or_default()),
                };
                format!("{} end {how}", number(&outcome.schedules))
            });
            let ends: Vec<String> = ends.collect();
            let all = number(&counted.schedules);
            format!("Of all {all} {size}, {}.", ends.join(", "))
        }
    };
    Section::new(
        strong("Every schedule, counted just now"),
        vec![Block::words(words)],
    )
}

fn elsewhere(record: &ExplanationRecord) -> Section<'static> {
    let names = [
        ("Go", record.elsewhere.go),
        ("Java", record.elsewhere.java),
        ("C++", record.elsewhere.cpp),
        ("Python", record.elsewhere.python),
    ];
    let rows = names.map(|(language, name)| vec![strong(language), name.into()]);
    let rows = Block::Entries(vec!["language", "its name there"], rows.into());
    Section::new(strong("Elsewhere"), vec![rows])
}
