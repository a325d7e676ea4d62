//! Steps of several threads, as tables with a column for each thread.

use maud::{Markup, html};

use super::blocks::words;
use super::table::framed;
use crate::page::{LaneRow, Lanes, grouped, left_out, signed, step_remark, waits_at_end};
use crate::record::{Happening, StepRecord, WaitingRecord, label};

/// The most threads that have a column each; more would not fit on paper.
const MOST_COLUMNS: usize = 6;

/// Returns a schedule step by step.
pub(super) fn steps(happenings: &[Happening], threads: usize, waiting: &[WaitingRecord]) -> Markup {
    let columns = (threads <= MOST_COLUMNS).then_some(threads);
    let labels = (0..threads).map(label).collect::<Vec<_>>();
    let labels = columns.map(|_| labels.as_slice());
    let remarks = happenings
        .iter()
        .any(|happening| matches!(happening, Happening::Step(step) if step_remark(step).is_some()));
    framed(&html! {
        table class="steps" {
            (heading("step", labels, remarks))
            tbody {
                @for happening in happenings {
                    @match happening {
                        Happening::Step(step) => (step_row(step, columns, remarks)),
                        Happening::Gap(gap) => (gap_row(&format!("… {} …", left_out(gap)), columns, remarks)),
                    }
                }
                @for thread in waiting {
                    (waiting_row(thread, waiting, columns, remarks))
                }
            }
        }
    })
}

/// Returns the head of a table of steps; without labels, one column names the thread.
fn heading(first: &str, labels: Option<&[String]>, remarks: bool) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" class="number" { (first) }
                @match labels {
                    Some(labels) => @for label in labels { th scope="col" { (label) } },
                    None => { th scope="col" { "thread" } th scope="col" { "what it does" } },
                }
                @if remarks { th scope="col" { "remark" } }
            }
        }
    }
}

/// Returns the row of a step: its words in the column of its thread.
fn row(
    number: &str,
    columns: Option<usize>,
    place: Option<usize>,
    thread: &str,
    step: &Markup,
    remark: Option<&Markup>,
) -> Markup {
    html! {
        tr {
            th scope="row" class="number" { (number) }
            @match (columns, place) {
                (Some(columns), Some(place)) => @for column in 0..columns {
                    td { @if column == place { (step) } }
                },
                (Some(columns), None) => td colspan=(columns.max(1)) { (thread) ": " (step) },
                (None, _) => { td { (thread) } td { (step) } },
            }
            @if let Some(remark) = remark { td { (remark) } }
        }
    }
}

fn step_row(step: &StepRecord, columns: Option<usize>, remarks: bool) -> Markup {
    let value = match (step.replaced, step.value) {
        (Some(before), Some(after)) => format!(" ({} → {})", signed(before), signed(after)),
        (_, Some(value)) => format!(" ({})", signed(value)),
        (_, None) => String::new(),
    };
    let words = html! { code { (step.instruction) } (value) };
    let remark = html! {
        @if let Some(remark) = step_remark(step) { span class="lost" { (remark) } }
    };
    row(
        &grouped(step.step),
        columns,
        Some(step.column()),
        &step.thread,
        &words,
        remarks.then_some(&remark),
    )
}

/// Returns the row of a thread that waits for ever, which is no step.
fn waiting_row(
    thread: &WaitingRecord,
    all: &[WaitingRecord],
    columns: Option<usize>,
    remarks: bool,
) -> Markup {
    let words = html! { span class="lost" { (waits_at_end(thread, all)) } };
    let remark = remarks.then(|| html! {});
    let place = Some(thread.column());
    row("–", columns, place, &thread.thread, &words, remark.as_ref())
}

fn gap_row(words: &str, columns: Option<usize>, remarks: bool) -> Markup {
    html! {
        tr class="gap" { td colspan=(columns.unwrap_or(2) + 1 + usize::from(remarks)) { (words) } }
    }
}

/// Returns a recorded run step by step.
pub(super) fn lanes(of: &Lanes) -> Markup {
    let columns = (of.threads.len() <= MOST_COLUMNS).then_some(of.threads.len());
    framed(&html! {
        table class="steps" {
            (heading("time", columns.map(|_| of.threads.as_slice()), true))
            tbody {
                @for lane in &of.rows {
                    @match lane {
                        LaneRow::Step { time, thread, step, remark } => {
                            @let place = of.threads.iter().position(|name| name == thread);
                            (row(time, columns, place, thread, &words(step), Some(&html! { (remark) })))
                        },
                        LaneRow::Gap(words) => (gap_row(words, columns, true)),
                    }
                }
            }
        }
    })
}
