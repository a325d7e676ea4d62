//! The walk itself, with experiments and visitors made up for it.

use std::collections::VecDeque;
use std::io;

use miscount::error::Error;
use miscount::record::{TourEnd, TourRecord};
use miscount::term::Page;
use miscount::tour::{
    Chapter, Experiments, Form, Grade, Guide, Question, Reply, Scale, Seen, Visitor,
};
use serde_json::Value;

use super::records::replay;
use crate::support::page;

const TEN: Form = Form::Number(Scale {
    least: 0.0,
    most: 10.0,
    unit: "things",
    grade: Grade::Near,
});

static NUMBER: Chapter = Chapter {
    name: "number",
    title: "A number",
    text: &["Some words."],
    question: Question {
        ask: "How many?",
        form: TEN,
        wrong: &[(8.0, "Eight is one too many.")],
    },
    experiments: &["seven"],
    on_one_core: &[],
    answer: |records| Some(records.replay()?.actual? as f64),
    why: |records| {
        Some(vec![format!(
            "Because it is {}.",
            records.replay()?.actual?
        )])
    },
    further: &["more"],
};

const CHOICE: Chapter = Chapter {
    name: "choice",
    title: "A choice",
    text: &["Other words."],
    question: Question {
        ask: "Which?",
        form: Form::Choice(&["this", "that"]),
        wrong: &[(1.0, "This is not it.")],
    },
    experiments: &["seven", "unknown"],
    on_one_core: &[],
    answer: |_| Some(2.0),
    why: |_| Some(vec!["Because.".into()]),
    further: &[],
};

static CHAPTERS: &[&Chapter] = &[&NUMBER, &CHOICE];

static LONG: Chapter = Chapter {
    question: Question {
        ask: "Which?",
        form: Form::Choice(&["this, which is long", "that"]),
        wrong: &[],
    },
    experiments: &["seven"],
    on_one_core: &[],
    answer: |_| None,
    ..CHOICE
};

/// Knows one command, and may be interrupted after some.
struct Fake {
    commands: Vec<String>,
    interrupted_after: usize,
    cores: Option<usize>,
    /// The lines that an audience was given time to read.
    rested: usize,
}

impl Fake {
    fn new(interrupted_after: usize) -> Self {
        Self {
            commands: Vec::new(),
            interrupted_after,
            cores: Some(2),
            rested: 0,
        }
    }
}

impl Experiments for Fake {
    fn carry_out(&mut self, command: &str) -> Result<Seen, Error> {
        self.commands.push(command.into());
        match command {
            "long" => Ok(Seen {
                text: "A line.\n".repeat(20),
                record: replay(7).into(),
            }),
            "seven" => Ok(Seen {
                text: "It is seven.\n".into(),
                record: replay(7).into(),
            }),
            _ => Err(Error::Machine("out of order".into())),
        }
    }

    fn cores(&self) -> Option<usize> {
        self.cores
    }

    fn rest(&mut self, lines: usize) {
        self.rested += lines;
    }

    fn is_interrupted(&self) -> bool {
        self.commands.len() >= self.interrupted_after
    }
}

struct Lines {
    typed: VecDeque<&'static str>,
    /// Lines that were typed too early.
    early: Vec<String>,
    /// Lines of the terminal where they are typed.
    screen: Option<usize>,
}

impl Visitor for Lines {
    fn forget(&mut self) -> Vec<String> {
        std::mem::take(&mut self.early)
    }

    fn reply(&mut self) -> Reply {
        match self.typed.pop_front() {
            Some("^C") => Reply::Interrupted,
            Some(line) => Reply::Line(line.into()),
            None => Reply::End,
        }
    }

    fn screen(&self) -> Option<usize> {
        self.screen
    }
}

/// A tour with these answers from a file, or without questions.
fn walk(answers: Option<&[&'static str]>, interrupted_after: usize) -> (TourRecord, String) {
    walk_with(answers, interrupted_after, None)
}

/// A tour with these answers, typed at a terminal with `screen` lines if there is one, or without
/// questions.
fn walk_with(
    answers: Option<&[&'static str]>,
    interrupted_after: usize,
    screen: Option<usize>,
) -> (TourRecord, String) {
    let mut out = Vec::new();
    let mut visitor = answers.map(|lines| Lines {
        typed: lines.iter().copied().collect(),
        early: Vec::new(),
        screen,
    });
    let mut experiments = Fake::new(interrupted_after);
    let page = page(60, false, false);
    let mut guide = Guide::new(
        page,
        &mut out,
        &mut experiments,
        visitor.as_mut().map(|lines| lines as &mut dyn Visitor),
    );
    let (tour, written) = guide.lead(CHAPTERS, 0);
    written.unwrap();
    (tour, String::from_utf8(out).unwrap())
}

fn points(tour: &TourRecord) -> Vec<Option<u32>> {
    let chapters = tour.chapters.iter().flatten();
    chapters.map(|chapter| chapter.points).collect()
}

#[test]
fn a_walk_reads_like_this() {
    let (_, text) = walk(Some(&["8", "nonsense", "", "11", "1"]), usize::MAX);
    insta::assert_snapshot!(text);
}

#[test]
fn nobody_is_asked_on_an_automatic_tour() {
    let (tour, text) = walk(None, usize::MAX);
    assert!(!text.contains(")>") && !text.contains("Score"), "{text}");
    assert!(text.contains("Because it is 7."), "{text}");
    assert_eq!(points(&tour), [None, None]);
    assert_eq!((tour.points, tour.out_of), (None, None));
}

#[test]
fn an_experiment_that_fails_is_told_and_not_held_against_the_visitor() {
    let (tour, text) = walk(Some(&["7", "2"]), usize::MAX);
    assert!(text.contains("out of order"), "{text}");
    assert_eq!(points(&tour), [Some(3), None]);
    assert_eq!((tour.points, tour.out_of), (Some(3), Some(3)));
    assert_eq!(tour.chapters.unwrap()[1].answer, None);
}

#[test]
fn no_prediction_earns_nothing() {
    let (tour, _) = walk(Some(&["s", "1"]), usize::MAX);
    assert_eq!(points(&tour)[0], Some(0));
    assert_eq!(tour.chapters.unwrap()[0].prediction, None);
}

#[test]
fn a_tour_ends_politely_wherever_it_is_left() {
    for (answers, interrupted_after, ended, seen) in [
        (&[][..], usize::MAX, TourEnd::Left, 0),
        (&["7"], usize::MAX, TourEnd::Left, 1),
        (&["7", "q"], usize::MAX, TourEnd::Left, 1),
        (&["rubbish", "Q"], usize::MAX, TourEnd::Left, 0),
        (&["7", "^C"], usize::MAX, TourEnd::Interrupted, 1),
        // In the middle of an experiment, which then is none.
        (&["7", "1"], 1, TourEnd::Interrupted, 0),
    ] {
        let (tour, text) = walk(Some(answers), interrupted_after);
        assert_eq!(tour.ended, ended, "{answers:?}");
        assert_eq!(points(&tour).len(), seen, "{answers:?}");
        assert!(
            text.contains(&format!("after {seen} of 2 chapters")),
            "{text}"
        );
        assert_eq!(text.contains("Score: 3 of 3 points"), seen > 0, "{text}");
    }
}

#[test]
fn rubbish_is_asked_about_again() {
    let (tour, text) = walk(Some(&["\u{1b}[2J", "1", "7"]), usize::MAX);
    assert!(!text.contains('\u{1b}'), "{text:?}");
    // The first line was no number, the second was the answer.
    assert_eq!(points(&tour)[0], Some(0));
    assert_eq!(tour.chapters.unwrap()[0].prediction, Some(1.0));
}

/// A writer with room for this many bytes.
struct Full(usize);

impl io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(bytes.len())
            .ok_or(io::ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_cannot_be_written_is_an_error() {
    for room in [0, 10, 200] {
        let mut experiments = Fake::new(usize::MAX);
        let page = page(60, false, false);
        let mut out = Full(room);
        let mut guide = Guide::new(page, &mut out, &mut experiments, None);
        let (_, written) = guide.lead(CHAPTERS, 0);
        assert_eq!(written.unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}

#[test]
fn a_record_is_null_where_nothing_is_known() {
    let (tour, _) = walk(Some(&["s", "2"]), usize::MAX);
    let record: Value = serde_json::to_value(&tour).unwrap();
    assert_eq!(record["chapters"][0]["prediction"], Value::Null);
    assert_eq!(record["chapters"][0]["answer"], 7);
    assert_eq!(record["chapters"][1]["prediction"], 2);
    assert_eq!(record["chapters"][1]["points"], Value::Null);
}

/// The points of a prediction are kept although the output is closed.
#[test]
fn what_was_predicted_survives_a_reader_that_goes() {
    let mut experiments = Fake::new(usize::MAX);
    let mut visitor = Lines {
        typed: ["7"].into(),
        early: Vec::new(),
        screen: None,
    };
    let room = "1 of 2: A number\n================\n\nSome words.\n\nHow many?\n\
        Your prediction (0 to 10; s: skip, b: back, q: leave)> 7\n\n$ miscount seven\nIt is seven.\n";
    let page = page(60, false, false);
    let mut out = Full(room.len());
    let mut guide = Guide::new(page, &mut out, &mut experiments, Some(&mut visitor));
    let (tour, written) = guide.lead(CHAPTERS, 0);
    assert!(written.is_err());
    assert_eq!(points(&tour), [Some(3)]);
    assert_eq!(tour.ended, TourEnd::Left);
}

#[test]
fn at_a_terminal_each_chapter_waits_to_be_read() {
    // Enter turns the page and nothing else, however often it is pressed.
    let answers = ["", "", "7", "", "", "1", ""];
    let (tour, text) = walk_with(Some(&answers), usize::MAX, Some(1_000));
    assert_eq!(text.matches("Type a number from").count(), 3, "{text}");
    assert_eq!(text.matches("the next chapter").count(), 1, "{text}");
    let predictions = tour.visited().iter().map(|chapter| chapter.prediction);
    assert_eq!(predictions.collect::<Vec<_>>(), [Some(7.0), Some(1.0)]);
    for (last, ended) in [
        (Some("Q"), TourEnd::Left),
        (None, TourEnd::Left),
        (Some("^C"), TourEnd::Interrupted),
    ] {
        let answers: Vec<&str> = ["7"].into_iter().chain(last).collect();
        let (tour, text) = walk_with(Some(&answers), usize::MAX, Some(1_000));
        assert_eq!((tour.ended, points(&tour).len()), (ended, 1), "{text}");
        assert!(!text.contains("2 of 2"), "{text}");
        assert!(text.contains("Score: 3 of 3 points"), "{text}");
    }
}

#[test]
fn endless_rubbish_comes_to_an_end() {
    let (tour, text) = walk(Some(&["rubbish"; 1_000]), usize::MAX);
    assert_eq!(tour.ended, TourEnd::Left);
    assert_eq!(text.matches("is not a number").count(), 10, "{text}");
    assert!(text.contains("after 0 of 2 chapters"), "{text}");
    // A person may take as long as it takes.
    let mut answers = vec!["rubbish"; 30];
    answers.push("7");
    let (tour, _) = walk_with(Some(&answers), usize::MAX, Some(1_000));
    assert_eq!(points(&tour), [Some(3)]);
}

/// The words of an option stay below each other.
#[test]
fn options_are_indented_on_a_narrow_page() {
    let mut out = Vec::new();
    let mut experiments = Fake::new(usize::MAX);
    let page = Page {
        quiet: true,
        ..page(20, false, false)
    };
    let mut guide = Guide::new(page, &mut out, &mut experiments, None);
    guide.lead(&[&LONG], 0).1.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.contains("  1) this, which is\n     long\n  2) that\n"),
        "{text}"
    );
}

/// Presses Enter where a page waits, and skips the questions.
struct Reader {
    screen: usize,
    /// What was written since the last reply is looked at by its end.
    prompts: std::rc::Rc<std::cell::RefCell<Vec<u8>>>,
}

impl Visitor for Reader {
    fn reply(&mut self) -> Reply {
        let written = self.prompts.borrow();
        let asks = written.ends_with(b"s: skip, b: back, q: leave)> ");
        Reply::Line(if asks { "s" } else { "" }.into())
    }

    fn screen(&self) -> Option<usize> {
        Some(self.screen)
    }
}

/// A writer that others can look at.
struct Shared(std::rc::Rc<std::cell::RefCell<Vec<u8>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_page_is_longer_than_the_terminal_and_reports_follow_their_commands() {
    for lines in 5..=12 {
        let written = std::rc::Rc::default();
        let mut visitor = Reader {
            screen: lines,
            prompts: std::rc::Rc::clone(&written),
        };
        let (mut out, mut experiments) = (Shared(written), Fake::new(usize::MAX));
        let page = page(60, false, false);
        let mut guide = Guide::new(page, &mut out, &mut experiments, Some(&mut visitor));
        let (tour, told) = guide.lead(CHAPTERS, 0);
        told.unwrap();
        assert_eq!(tour.ended, TourEnd::Completed);
        assert_eq!(tour.visited().len(), 2);
        let text = String::from_utf8(out.0.borrow().clone()).unwrap();
        assert!(text.contains("It is seven."), "{text}");
        // The score comes at once, as the last page of all.
        let (pages, _) = text.rsplit_once("leave)> ").unwrap();
        for page in pages.split("leave)> ") {
            assert!(page.lines().count() <= lines, "{lines}: {page}");
            let is_alone =
                page.contains("It is seven.") && !page.contains("$ miscount seven\nIt is");
            assert!(!is_alone, "{lines}: {page}");
        }
    }
}

#[test]
fn typed_text_is_not_dropped_in_silence() {
    let mut visitor = Lines {
        typed: ["7", "8", "", "s", ""].into(),
        early: vec!["\n".into(), "six\n".into()],
        screen: Some(1_000),
    };
    let (mut out, mut experiments) = (Vec::new(), Fake::new(usize::MAX));
    let mut guide = Guide::new(
        page(60, false, false),
        &mut out,
        &mut experiments,
        Some(&mut visitor),
    );
    let (tour, _) = guide.lead(CHAPTERS, 0);
    let text = String::from_utf8(out).unwrap();
    // Before the first question, and in place of Enter.
    assert_eq!(text.matches("before you were asked").count(), 1, "{text}");
    assert_eq!(text.matches("press Enter to go on").count(), 1, "{text}");
    assert_eq!(points(&tour), [Some(3), None]);
}

#[test]
fn there_is_a_way_back() {
    // From the second question to the first chapter, which is told again but not asked again.
    let answers = ["7", "", "b", "", "1", ""];
    let (tour, text) = walk_with(Some(&answers), usize::MAX, Some(1_000));
    assert_eq!(text.matches("1 of 2: A number").count(), 2, "{text}");
    assert_eq!(text.matches("2 of 2: A choice").count(), 2, "{text}");
    assert_eq!(text.matches("It is seven.").count(), 3, "{text}");
    assert!(text.contains("Your prediction: 7\n"), "{text}");
    assert_eq!(tour.ended, TourEnd::Completed);
    assert_eq!(tour.visited().len(), 2);
    // From the end of a chapter to its beginning, from there to the chapter before it, and on.
    let answers = ["7", "", "1", "b", "b", "", "", "q"];
    let (tour, text) = walk_with(Some(&answers), usize::MAX, Some(1_000));
    assert_eq!(text.matches("1 of 2: A number").count(), 2, "{text}");
    assert_eq!(text.matches("2 of 2: A choice").count(), 3, "{text}");
    assert_eq!(tour.visited().len(), 2);
    // Before the first chapter there is none; without a terminal it works, too, and comes to an end.
    let (tour, text) = walk(Some(&["b", "7", "b", "1"]), usize::MAX);
    assert_eq!(text.matches("1 of 2: A number").count(), 3, "{text}");
    assert_eq!(points(&tour), [Some(3), None]);
    let (tour, _) = walk(Some(&["b"; 1_000]), usize::MAX);
    assert_eq!(tour.ended, TourEnd::Left);
    // In the middle of a long report: the rest is not shown, and nothing is lost.
    let answers = [
        "7", "b", "", "", "", "", "", "", "", "", "", "s", "", "", "", "", "", "",
    ];
    let (tour, text) = walk_with(Some(&answers), usize::MAX, Some(10));
    assert!(text.matches("1 of 2: A number").count() > 1, "{text}");
    assert_eq!(points(&tour)[0], Some(3), "{text}");
}

/// An audience has time for every line; a visitor turns the pages.
#[test]
fn an_automatic_tour_has_a_pace() {
    for (visitor, rests) in [(false, true), (true, false)] {
        let mut lines = Lines {
            typed: ["7", "1"].into(),
            early: Vec::new(),
            screen: None,
        };
        let visitor = visitor.then_some(&mut lines as &mut dyn Visitor);
        let (mut out, mut experiments) = (Vec::new(), Fake::new(usize::MAX));
        let mut guide = Guide::new(page(60, false, false), &mut out, &mut experiments, visitor);
        guide.lead(CHAPTERS, 0).1.unwrap();
        assert_eq!(experiments.rested > 20, rests, "{}", experiments.rested);
    }
}

/// A prediction counts once the experiments are done, even if the visitor then leaves.
#[test]
fn who_leaves_before_all_of_an_experiment_is_read_keeps_the_points() {
    static LENGTHY: Chapter = Chapter {
        question: Question {
            ask: "How many?",
            form: TEN,
            wrong: &[],
        },
        experiments: &["long"],
        answer: NUMBER.answer,
        ..CHOICE
    };
    let chapters: &[&'static Chapter] = &[&LENGTHY];
    let mut visitor = Lines {
        typed: ["7", "q"].into(),
        early: Vec::new(),
        screen: Some(10),
    };
    let (mut out, mut experiments) = (Vec::new(), Fake::new(usize::MAX));
    let page = page(60, false, false);
    let mut guide = Guide::new(page, &mut out, &mut experiments, Some(&mut visitor));
    let (tour, written) = guide.lead(chapters, 0);
    written.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.matches("A line.").count() < 20, "{text}");
    assert_eq!((tour.ended, points(&tour)), (TourEnd::Left, vec![Some(3)]));
}

#[test]
fn on_one_core_races_get_help() {
    static HELPED: Chapter = Chapter {
        on_one_core: &["seven", "seven"],
        ..CHOICE
    };
    for (cores, commands) in [(Some(1), 2), (Some(2), 1), (None, 1)] {
        let mut out = Vec::new();
        let mut experiments = Fake::new(usize::MAX);
        experiments.cores = cores;
        let page = Page {
            quiet: true,
            ..page(60, false, false)
        };
        let helped: &[&'static Chapter] = &[&HELPED];
        let first = Guide::new(page, &mut out, &mut experiments, None).lead(helped, 0);
        first.1.unwrap();
        let typed = experiments
            .commands
            .iter()
            .filter(|typed| *typed == "seven");
        assert_eq!(typed.count(), commands, "{cores:?}");
    }
}
