//! A traced run in text and as a picture, from a fixed recording.

use miscount::lab::{CountingOutcome, Recorded, Setup, Stopped};
use miscount::page;
use miscount::picture::picture;
use miscount::plan::{CountingPlan, StartLine, Theme};
use miscount::record::{Explained, TraceRecord, TracedRun};
use miscount::render::document;
use miscount::strategy::{self, Settings, Shape};
use miscount::term::Page;

use crate::support::{fits, page};

/// A recording by a memory that lets threads go in bursts, loading at the beginning of a burst and
/// storing at its end what the burst before has loaded.
fn recorded(threads: u64, increments: u64, seed: u64) -> Recorded {
    let total = usize::try_from(threads * increments).unwrap();
    let mut loaded = vec![0; total];
    let mut times_ns = vec![0; total];
    let mut steps = vec![0; usize::try_from(threads).unwrap()];
    let (mut holds, mut now, mut state) = (0_u64, 100, seed);
    while steps.iter().any(|&step| step < 2 * increments) {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        let thread = (state >> 33) % threads;
        for _ in 0..=((state >> 40) % 9) {
            let step = &mut steps[usize::try_from(thread).unwrap()];
            if *step == 2 * increments {
                break;
            }
            let increment = thread * increments + *step / 2;
            let place = usize::try_from(increment).unwrap();
            if step.is_multiple_of(2) {
                loaded[place] = holds;
            } else {
                holds = ((loaded[place] >> 32) + 1) << 32 | (increment + 1);
                times_ns[place] = now;
            }
            *step += 1;
            now += 7;
        }
    }
    Recorded {
        run: 2,
        elapsed_ns: now,
        shape: Shape::new(usize::try_from(threads).unwrap(), increments).unwrap(),
        loaded,
        looks_ns: looks(&times_ns, usize::try_from(increments).unwrap()),
        clock_every: 16,
        last: holds,
    }
}

/// What the threads see that look at the clock at every sixteenth of their increments.
fn looks(times_ns: &[u64], increments: usize) -> Vec<Vec<u64>> {
    let threads = times_ns.chunks(increments.max(1));
    let looks = threads.map(|times| {
        let regular = times.iter().step_by(16);
        regular.chain(times.last()).copied().collect()
    });
    looks.collect()
}

struct Told {
    plan: CountingPlan,
    record: TraceRecord,
    run: Explained,
}

fn told(strategy: &str, recorded: Recorded) -> Told {
    let kind = strategy::named(strategy).unwrap();
    let plan = CountingPlan::new(
        kind.build(&Settings::default()).unwrap(),
        recorded.shape,
        1000,
    );
    let run = Explained::of(recorded).unwrap();
    let lost = run.lineage.actual() < run.lineage.expected();
    let outcome = CountingOutcome {
        runs: run.run,
        stopped: if lost {
            Stopped::Found
        } else {
            Stopped::Completed
        },
        readings: None,
        setup: Setup {
            cpu: Some("a processor".into()),
            cores: Some(2),
            pinned: true,
            start: StartLine::default(),
            repeated: 0,
        },
    };
    let record = TraceRecord::new(&plan, &outcome, Some(&run));
    Told { plan, record, run }
}

fn text(told: Told, page: Page) -> String {
    let traced = TracedRun {
        record: told.record,
        explained: Some(told.run),
        fates: false,
    };
    document(&page::trace(&traced, &told.plan.strategy, false), &page)
}

/// Ends of lines made visible, and what begins a colour.
fn visible(text: &str) -> String {
    let text = text.replace('\u{1b}', "␛");
    text.lines().map(|line| format!("{line}|\n")).collect()
}

#[test]
fn text_is_as_it_was() {
    for (name, width, ascii, coloured, recorded) in [
        ("three_threads", 80, false, false, recorded(3, 500, 1)),
        ("in_colour", 100, false, true, recorded(2, 100, 2)),
        ("narrow_ascii", 30, true, false, recorded(3, 40, 3)),
        ("two_of_one", 80, false, false, recorded(2, 1, 11)),
    ] {
        let text = text(told("unsynced", recorded), page(width, coloured, !ascii));
        insta::assert_snapshot!(name, visible(&text));
    }
    let single = text(told("unsynced", recorded(1, 100, 1)), page(80, false, true));
    insta::assert_snapshot!("nothing_lost", visible(&single));
}

#[test]
fn nothing_is_wider_than_the_page() {
    for (threads, increments) in [(1, 0), (2, 1), (3, 500), (40, 30), (700, 3)] {
        for width in [20, 33, 80, 200] {
            for ascii in [false, true] {
                let recorded = recorded(threads, increments, 5);
                let text = text(told("unsynced", recorded), page(width, false, !ascii));
                for line in text.lines() {
                    assert!(fits(line, width), "{threads} on {width}: {line:?}");
                }
                assert!(!ascii || text.is_ascii(), "{text}");
            }
        }
    }
}

/// The times of a table's steps, in nanoseconds.
fn times(text: &str) -> Vec<f64> {
    let (_, steps) = text.split_once("step by step:").unwrap();
    let (steps, _) = steps.split_once("\n\n").unwrap();
    let time = |line: &str| {
        let (number, rest) = line.trim().trim_start_matches('≈').split_once(' ')?;
        let unit = match rest.split(' ').next() {
            Some("ns") => 1.0,
            Some("µs") => 1000.0,
            _ => return None,
        };
        Some(number.parse::<f64>().unwrap() * unit)
    };
    steps.lines().filter_map(time).collect()
}

#[test]
fn times_never_run_backwards() {
    let mut most = 0;
    for seed in 1..60 {
        for (threads, increments) in [(2, 1), (3, 100)] {
            let mut recorded = recorded(threads, increments, seed);
            // Every second look was made when the thread came back from an interruption.
            for looks in &mut recorded.looks_ns {
                for place in (0..looks.len() - 1).step_by(2) {
                    looks[place] = looks[place + 1];
                }
            }
            let told = told("unsynced", recorded);
            if told.record.lost == Some(0) {
                continue;
            }
            let text = text(told, page(80, false, true));
            let times = times(&text);
            assert!(times.is_sorted(), "{times:?}\n{text}");
            most = most.max(times.len());
        }
    }
    assert!(most >= 3, "{most}");
}

/// A recording of two threads, of which the first is off its core for most of the run, and then
/// stores over all that the other has counted meanwhile.
fn paused() -> Recorded {
    const EACH: u64 = 160;
    let store = |count: u64, mark: u64| count << 32 | mark;
    let first = (0..EACH).map(|before| store(before, before));
    let second =
        (0..EACH).map(|before| store(80 + before, if before == 0 { 80 } else { EACH + before }));
    let times: Vec<_> = (0..80)
        .chain(2880 + 80..2880 + EACH)
        .chain((0..EACH).map(|place| 200 + 10 * place))
        .collect();
    Recorded {
        run: 1,
        elapsed_ns: 3100,
        shape: Shape::new(2, EACH).unwrap(),
        loaded: first.chain(second).collect(),
        looks_ns: looks(&times, 160),
        clock_every: 16,
        last: store(EACH, EACH),
    }
}

#[test]
fn how_a_value_that_was_counted_on_from_is_lost_is_told() {
    // B has counted from A's 80 to 240 when A stores 81.
    let shown = text(told("unsynced", paused()), page(200, false, true));
    let words = "B and A both load 80, so both store 81: two increments raise the counter by \
                 one. From B's 81 the counter goes on to 240; then A, which had loaded 80 before, \
                 stores 81 over the 240: B's increment 1 is lost, and 159 other increments with it.";
    assert!(shown.replace('\n', " ").contains(words), "{shown}");
    let row = |step: &str| {
        let row = shown.lines().find(|line| line.contains(step));
        row.unwrap_or_else(|| panic!("{step}: {shown}"))
    };
    assert!(row("store 240").starts_with("1.79 µs"));
    assert!(row("time  A").ends_with('B'));
    assert!(row("over 240: B's is lost").contains("store 81"));
    assert!(shown.contains("(158 increments in between)"), "{shown}");
}

#[test]
fn a_store_of_the_same_count_is_no_change_of_the_counter() {
    // A and B both count from 0 to 3, and A's 3 is stored over B's.
    let word = |mark: u64| {
        if mark == 0 {
            0
        } else {
            ((mark - 1) % 3 + 1) << 32 | mark
        }
    };
    let recorded = Recorded {
        run: 1,
        elapsed_ns: 10,
        shape: Shape::new(2, 3).unwrap(),
        loaded: [0, 1, 2, 0, 4, 5].map(word).to_vec(),
        looks_ns: vec![vec![1, 2, 9, 9], vec![4, 5, 6, 6]],
        clock_every: 1,
        last: word(3),
    };
    let shown = text(told("unsynced", recorded), page(200, false, true));
    let words = "The worst store: after 9.00 ns, thread A stored a stale 3 over 3, and wiped out 3 \
                 increments.";
    assert!(shown.contains(words), "{shown}");
}

#[test]
fn a_thread_off_its_core_is_not_drawn_busy() {
    let shown = text(told("unsynced", paused()), page(80, false, true));
    let strip = |name: &str| {
        let (_, strips) = shown.split_once("a column:").unwrap();
        let line = strips.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().trim_start().to_string()
    };
    let of = |strip: &str, sign: char| strip.matches(sign).count();
    let waits = strip("A ");
    assert!(of(&waits, '·') > 65 && of(&waits, '█') > 2, "{shown}");
    assert_eq!(of(&waits, '·') + of(&waits, '█'), waits.chars().count());
    // The other came regularly, if slowly.
    let busy = strip("B ");
    assert_eq!(of(&busy, '░'), busy.chars().count(), "{shown}");
    assert!(
        shown.contains("\n█ survived  ░ lost  · waits, or is off its core\n"),
        "{shown}"
    );
    let told = told("unsynced", paused());
    let drawn = picture(&told.record, &told.run, Theme::Light);
    assert!(drawn.contains("off its core"), "{drawn}");
}

#[test]
fn nothing_counted_is_nothing_lost() {
    let text = text(told("unsynced", recorded(2, 0, 1)), page(80, false, true));
    assert!(!text.contains(['█', '░']), "{text}");
}

#[test]
fn of_many_threads_those_are_listed_that_lost_most() {
    let told = told("unsynced", recorded(60, 20, 4));
    let mut lost: Vec<_> = told.run.per_thread().iter().map(|fate| fate.1).collect();
    lost.sort_unstable();
    let most = lost.last().copied().unwrap_or(0);
    let text = text(told, page(80, false, true));
    let (_, table) = text.split_once("thread  ").unwrap();
    let first: Vec<_> = table.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(first[2], most.to_string(), "{text}");
    assert!(text.contains("that lost no more"), "{text}");
}

#[test]
fn pictures_are_as_they_were() {
    let short = told("unsynced", recorded(2, 10, 2));
    insta::assert_snapshot!(
        "short_svg",
        picture(&short.record, &short.run, Theme::Light)
    );
    let long = told("unsynced", recorded(3, 100, 1));
    insta::assert_snapshot!("long_svg", picture(&long.record, &long.run, Theme::Dark));
}

#[test]
fn lanes_that_stand_for_several_threads_stand_for_as_many_each() {
    let folded = told("unsynced", recorded(40, 20, 4));
    let shown = picture(&folded.record, &folded.run, Theme::Light);
    let names = elements(
        &shown,
        "text",
        &["text-anchor=\"end\"", "font-weight=\"bold\""],
    );
    let above = names.iter().filter(|name| number(name, "y") < 400.0);
    assert_eq!(above.count(), 14, "{shown}");
    for name in [">\nA–C\n<", ">\nAK–AM\n<", ">\nAN\n<"] {
        assert!(shown.contains(name), "{name}: {shown}");
    }
    let shown = text(folded, page(80, false, true));
    let (_, strips) = shown.split_once("a column:\n").unwrap();
    let names = strips
        .lines()
        .take(20)
        .map(|line| line.split_whitespace().next().unwrap());
    let names: Vec<_> = names.collect();
    assert_eq!(names[..3], ["A–B", "C–D", "E–F"]);
    assert_eq!(names[19], "AM–AN");
}

/// The elements of a picture with this name that have all these attributes.
fn elements<'a>(picture: &'a str, name: &str, having: &[&str]) -> Vec<&'a str> {
    let begin = format!("<{name} ");
    let elements = picture.lines().filter(|line| line.starts_with(&begin));
    let has = |line: &&str| having.iter().all(|attribute| line.contains(attribute));
    elements.filter(has).collect()
}

fn number(element: &str, attribute: &str) -> f64 {
    let (_, rest) = element.split_once(&format!(" {attribute}=\"")).unwrap();
    rest.split_once('"').unwrap().0.parse().unwrap()
}

#[test]
fn no_store_has_its_count_twice() {
    // The worst overwriter is also the last store.
    let both_load_0 = Recorded {
        run: 1,
        elapsed_ns: 10,
        shape: Shape::new(2, 1).unwrap(),
        loaded: vec![0, 0],
        looks_ns: vec![vec![5, 5], vec![7, 7]],
        clock_every: 16,
        last: 1 << 32 | 2,
    };
    let told = told("unsynced", both_load_0);
    let picture = picture(&told.record, &told.run, Theme::Light);
    let large = ["font-size=\"44\"", "text-anchor=\"middle\""];
    let counts = elements(&picture, "text", &large);
    let halos = counts.iter().filter(|text| text.contains("aria-hidden"));
    assert_eq!((counts.len(), halos.count()), (4, 2), "{picture}");
}

#[test]
fn the_lineage_goes_on_at_the_gap_and_at_the_edges() {
    let told = told("unsynced", recorded(3, 100, 1));
    let picture = picture(&told.record, &told.run, Theme::Light);
    let gap = elements(&picture, "line", &["stroke-dasharray=\"2 10\""]);
    let gap = number(gap.first().expect("a gap"), "x1");
    let lineage = elements(
        &picture,
        "line",
        &["stroke=\"#16181d\"", "stroke-width=\"4\""],
    );
    let ends = |attribute: &str, at: f64| {
        let ends = lineage.iter().map(|line| number(line, attribute));
        ends.filter(|&x| (x - at).abs() < 0.2).count()
    };
    assert!(ends("x2", gap) > 0 && ends("x1", gap) > 0, "{picture}");
    assert!(ends("x2", 1550.0) > 0, "{picture}");
}

#[test]
fn the_band_is_behind_what_one_store_has_overwritten_and_nothing_else() {
    let told = told("unsynced", paused());
    let picture = picture(&told.record, &told.run, Theme::Light);
    let bands = elements(&picture, "rect", &["opacity=\"0.18\""]);
    // B's lane, on both sides of the gap, and the legend.
    let lower_lane = |band: &&&str| number(band, "y") > 650.0 && number(band, "y") < 700.0;
    assert_eq!(bands.iter().filter(lower_lane).count(), 1, "{bands:?}");
    assert_eq!(bands.len(), 2, "{bands:?}");
}

#[test]
fn pictures_stay_small() {
    for (threads, increments) in [(1, 0), (1, 1), (2, 50), (3, 5000), (1024, 3), (40, 2000)] {
        let told = told("unsynced", recorded(threads, increments, 9));
        let picture = picture(&told.record, &told.run, Theme::Light);
        assert!(picture.len() < 1 << 18, "{threads}: {}", picture.len());
        assert!(
            !picture.contains("NaN") && !picture.contains("inf"),
            "{picture}"
        );
    }
}

/// The same words as of counted runs, with the reason and the command of a trace.
#[test]
fn that_nothing_was_lost_has_its_reason() {
    let mut told = told("unsynced", recorded(2, 1, 11));
    assert_eq!(told.record.lost, Some(0));
    told.record.environment.cores = Some(1);
    let text = text(told, page(200, false, true));
    for part in [
        "luck",
        "With one core",
        "This is the last of 2 runs.",
        "miscount trace unsynced -t 2 -i 1 --window yield",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
