//! `--svg`: a picture beside the report.

use std::path::Path;

use super::sink::{self, Sink};
use super::watch;
use crate::cli::{OutputArgs, PictureArgs};
use crate::error::Error;
use crate::model::{Completion, Schedule, ScheduleRun, Scheduler, Story, System};
use crate::page::{self, grouped};
use crate::picture::schedule;
use crate::plan::{Subject, Theme};
use crate::record::{EndRecord, SubjectRecord, interleaving};

/// A picture to be drawn: where it goes, and its colours.
pub(super) struct Picture {
    sink: Sink,
    theme: Theme,
}

/// Refuses a picture in the file of the report. To be called before either is opened.
pub(super) fn refuse_same(typed: &PictureArgs, output: &OutputArgs) -> Result<(), Error> {
    let words = match (&typed.svg, &output.output) {
        (Some(svg), Some(other)) if sink::same(svg, other) => {
            "--svg and --output name the same file; name two"
        }
        (Some(svg), None) if sink::same(svg, Path::new("-")) => {
            "--svg names standard output, where the report goes; name a file, or send the report \
             elsewhere with --output"
        }
        _ => return Ok(()),
    };
    Err(Error::Usage(words.into()))
}

/// Opens the file of a picture, if one was asked for.
pub(super) fn open(typed: &PictureArgs) -> Result<Option<Picture>, Error> {
    let Some(svg) = &typed.svg else {
        return Ok(None);
    };
    let sink = Sink::open_file("name another file with --svg", svg, false)?;
    let theme = typed.theme;
    Ok(Some(Picture { sink, theme }))
}

impl Picture {
    /// Writes the picture that is drawn in these colours.
    pub(super) fn draw(self, drawn: impl FnOnce(Theme) -> String) -> Result<(), Error> {
        let picture = watch::report(|| drawn(self.theme));
        self.sink.finish(&picture)
    }

    /// Draws a schedule, to the end of all threads or only as far as it goes.
    pub(super) fn draw_schedule(
        self,
        subject: &Subject,
        system: &System,
        source: impl Scheduler,
        completion: Completion,
    ) -> Result<(), Error> {
        let mut story = Story::default();
        let mut plan = ScheduleRun::new(system, source, completion);
        let ending = watch::blind("followed the schedule for the picture", || {
            // What cannot be executed has been refused before, and a schedule that is only followed as far
            // as it goes ends with an error.
            while let Some(Ok(_)) = plan.next_move(&mut |step, machine| story.step(step, machine)) {
            }
            let machine = plan.machine();
            let ended = machine.ending();
            let ended = match completion {
                Completion::Serial => Some(ended.unwrap_or_else(|| machine.finished())),
                Completion::Strict => ended,
            };
            ended.map(|end| EndRecord::new(subject, system, &end, Some(machine)))
        });
        let story = interleaving(&story.finish());
        let (told, good) = ending.as_ref().map_or_else(
            || ("goes on".into(), true),
            |ending| (end(subject, ending), ending.correct != Some(false)),
        );
        let waiting = ending.as_ref().and_then(|end| end.deadlock.as_deref());
        let waiting = waiting.unwrap_or_default();
        let record = SubjectRecord::new(subject, system);
        let title = page::subject_title(&record, "", &[]).plain();
        let threads = system.threads();
        self.draw(|theme| schedule(&title, (&told, good), &story, waiting, threads, theme))
    }
}

/// Returns how a schedule ends, in words.
fn end(subject: &Subject, ending: &EndRecord) -> String {
    match (ending.total, subject.expected) {
        (Some(total), Some(expected)) if total != expected => {
            format!(
                "ends with {} instead of {}",
                grouped(total),
                grouped(expected)
            )
        }
        (Some(total), _) => format!("ends with {}", grouped(total)),
        (None, _) => page::end_label(ending),
    }
}

/// Returns a schedule from its token, which a record has.
pub(super) fn of_token(token: &str) -> Option<Schedule> {
    token.parse().ok()
}
