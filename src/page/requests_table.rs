//! The table of requests: a row for each, and as many columns as a page has room for.

use super::counting::MOST_LINES;
use super::document::Block;
use super::numbers::{grouped, nanoseconds};
use super::shares::share;
use super::table::{Bar, Column, Elastic, Layout, Table};
use crate::record::{Ended, RequestRecord, RequestsRecord};
use crate::term::Tone;

/// The width of a name. Longer names would leave no room for the other columns; cut to fewer than 12
/// characters, many names look the same.
const NAMES: Elastic = Elastic {
    part: 4,
    usual: 12,
    least: 7,
};

/// Deeper names are not indented any further, and a column shows the parents.
const MOST_INDENTED: usize = 5;

/// The places of the columns; names and outcomes have two each.
const INDENTED: usize = 0;
const NAME: usize = 1;
const BELOW: usize = 2;
const STEPS: usize = 3;
const ENDED: usize = 4;
const BRIEFLY: usize = 5;
const THROUGH: usize = 6;
const AT: usize = 7;
const LATENCY: usize = 8;

/// The columns of a wide page: the last is the first to be left out.
const ROOMY: [usize; 7] = [INDENTED, BELOW, STEPS, ENDED, THROUGH, AT, LATENCY];

/// The columns beside the names on a narrow page.
const TIGHT: [&[usize]; 3] = [
    &[BELOW, STEPS, BRIEFLY, THROUGH],
    &[BRIEFLY, THROUGH],
    &[BRIEFLY],
];

/// Returns a row for each request; children are indented.
pub(super) fn table(record: &RequestsRecord) -> Vec<Block<'static>> {
    let shown = shown(record);
    let deepest = record.requests.iter().map(|request| request.depth).max();
    let is_deep = deepest > Some(MOST_INDENTED + 1);
    let column = |heading, cell: &dyn Fn(&RequestRecord) -> String| {
        Column::of(heading, &shown, |r| (cell(r), tone(r)))
    };
    let words = |heading, cell| column(heading, cell).flush_left();
    let names = |heading, cell| Column {
        elastic: Some(NAMES),
        ..words(heading, cell)
    };
    let unknown = || "-".into();
    let columns = vec![
        names("request", &|r| {
            let indent = r.depth.saturating_sub(1).min(MOST_INDENTED);
            "  ".repeat(indent) + &r.request
        }),
        names("request", &|r| r.request.clone()),
        // A column without any text takes no room.
        names(if is_deep { "below" } else { "" }, &|r| {
            (if is_deep { &r.parent } else { "" }).into()
        }),
        column("steps", &|r| {
            format!("{} of {}", grouped(r.steps), grouped(r.items))
        }),
        words("ended", &|r| r.outcome.name().into()),
        words("ended", &|r| r.outcome.short_name().into()),
        names("through", &|r| r.through.clone().unwrap_or_else(unknown)),
        column("at", &|r| seconds(r.ended_ns, record)),
        column("latency", &|r| {
            r.latency_ns.map_or_else(unknown, nanoseconds)
        }),
    ];
    let bars = shown.iter().map(|r| Bar::Whole(share(r.steps, r.items)));
    let mut blocks = vec![Block::Table(Table {
        columns,
        bars: bars.collect(),
        layouts: layouts(),
        ..Table::default()
    })];
    let more = record.requests.len() - shown.len();
    if more > 0 {
        let more = grouped(more as u64);
        let summary = &record.summary;
        let order = match summary.finished {
            0 => "",
            finished if finished == summary.requests => "",
            _ => " Stopped requests come first.",
        };
        blocks.push(Block::words(format!(
            "... and {more} more (--format csv lists all).{order}"
        )));
    }
    blocks
}

/// Returns the layouts, the widest first. If none of the wide ones fits, outcomes are abbreviated;
/// then names are not indented and are shortened as far as needed.
fn layouts() -> Vec<Layout> {
    let layout = |columns: Vec<usize>, shrinks| Layout {
        columns,
        shrinks,
        ..Layout::default()
    };
    let roomy = (5..=ROOMY.len()).rev();
    let roomy = roomy.map(|columns| layout(ROOMY[..columns].to_vec(), false));
    let tight = TIGHT.into_iter().flat_map(|beside| {
        [(INDENTED, false), (NAME, true)]
            .map(|(name, shrinks)| layout([&[name], beside].concat(), shrinks))
    });
    roomy.chain(tight).collect()
}

/// Returns the requests that there is room for, in the order of the tree; if not all fit, those that
/// were stopped come first.
fn shown(record: &RequestsRecord) -> Vec<&RequestRecord> {
    let mut shown: Vec<_> = record.requests.iter().collect();
    if shown.len() > MOST_LINES {
        shown.sort_by_key(|request| request.outcome == Ended::Finished);
        shown.truncate(MOST_LINES);
    }
    shown
}

fn tone(request: &RequestRecord) -> Tone {
    match request.outcome {
        Ended::Finished => Tone::Good,
        Ended::Canceled | Ended::DeadlineExceeded => Tone::Lost,
    }
}

/// Returns a time from the start in seconds, unless all digits would be zeros: to the microsecond
/// or, if all times of the record are whole milliseconds, to the millisecond.
fn seconds(ns: u64, record: &RequestsRecord) -> String {
    let whole = |request: &RequestRecord| request.ended_ns.is_multiple_of(1_000_000);
    let (seconds, rest) = (grouped(ns / 1_000_000_000), ns % 1_000_000_000);
    match ns {
        0 => return "0 s".into(),
        1..1000 => return format!("{ns} ns"),
        _ => {}
    }
    if record.requests.iter().all(whole) {
        format!("{seconds}.{:03} s", rest / 1_000_000)
    } else {
        format!("{seconds}.{:06} s", rest / 1000)
    }
}
