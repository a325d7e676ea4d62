//! What the chapters say, against what the program is and does.

use miscount::cli;
use miscount::tour::{ALL, Form};

/// Everything that chapters tell people to type.
fn commands() -> impl Iterator<Item = &'static str> {
    ALL.iter()
        .flat_map(|chapter| [chapter.experiments, chapter.on_one_core, chapter.further].concat())
}

#[test]
fn commands_can_be_typed() {
    for command in commands() {
        let words = command.split(' ').map(|word| word.trim_matches('\''));
        let words = ["miscount"].into_iter().chain(words).map(Into::into);
        if let Err(error) = cli::parse(words) {
            panic!("miscount {command}: {}", cli::sentence(&error));
        }
    }
}

#[test]
fn names_can_be_typed_and_differ() {
    let mut names: Vec<&str> = ALL.iter().map(|chapter| chapter.name).collect();
    for name in &names {
        assert!(
            name.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
            "{name}"
        );
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), ALL.len());
}

#[test]
fn every_chapter_has_words_and_an_experiment() {
    for chapter in ALL {
        assert!(!chapter.text.is_empty(), "{}", chapter.name);
        assert!(!chapter.experiments.is_empty(), "{}", chapter.name);
        assert!(chapter.question.ask.ends_with('?'), "{}", chapter.name);
        let wrong = chapter.question.wrong;
        match chapter.question.form {
            Form::Choice(options) => {
                assert!(options.len() > 1, "{}", chapter.name);
                // Whoever is wrong is told why: at most one option is right always.
                assert!(wrong.len() + 1 >= options.len(), "{}", chapter.name);
            }
            Form::Number(scale) => {
                assert!(scale.least < scale.most, "{}", chapter.name);
                assert!(
                    !scale.unit.is_empty() && !wrong.is_empty(),
                    "{}",
                    chapter.name
                );
            }
        }
        for (answer, _) in wrong {
            let typed = chapter.question.form.read(&answer.to_string());
            assert_eq!(typed, Ok(*answer), "{}", chapter.name);
        }
    }
}

/// A chapter is a few lines, not a lecture.
#[test]
fn nobody_has_to_read_for_long() {
    for chapter in ALL {
        let letters: usize = chapter.text.iter().map(|text| text.len()).sum();
        assert!((80..450).contains(&letters), "{}: {letters}", chapter.name);
    }
}
