//! `--svg`: a picture beside the report.

use std::path::Path;

use super::sink::{self, Sink};
use super::watch;
use crate::cli::{OutputArgs, PictureArgs};
use crate::error::Error;
use crate::model::{Completion, Ending, Schedule, ScheduleRun, Scheduler, Story, System};
use crate::page::{self, grouped};
use crate::picture::schedule;
use crate::plan::{Subject, Theme};
use crate::record::{EndRecord, SubjectRecord, interleaving};

/// A picture to be drawn: where it goes, and its colours.
pub(super) struct Picture {
    sink: Sink,
    theme: Theme,
}

/// Opens the file of a picture, if one was asked for, which must not be that of the report.
pub(super) fn open(typed: &PictureArgs, output: &OutputArgs) -> Result<Option<Picture>, Error> {
    let Some(svg) = &typed.svg else {
        return Ok(None);
    };
    match &output.output {
        Some(other) if sink::same(svg, other) => {
            return Err(Error::Usage(
                "--svg and --output name the same file; name two".into(),
            ));
        }
        None if sink::same(svg, Path::new("-")) => {
            return Err(Error::Usage(
                "--svg names standard output, where the report goes; name a file, or send the \
                 report elsewhere with --output"
                    .into(),
            ));
        }
        _ => {}
    }
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
            match completion {
                Completion::Serial => Some(ended.unwrap_or_else(|| machine.finished())),
                Completion::Strict => ended,
            }
        });
        let story = interleaving(&story.finish());
        let told = ending.map_or_else(
            || ("goes on".into(), true),
            |ending| end(subject, system, &ending),
        );
        let record = SubjectRecord::new(subject, system);
        let title = page::subject_title(&record, "", &[]).plain();
        self.draw(|theme| schedule(&title, (&told.0, told.1), &story, system.threads(), theme))
    }
}

/// Returns how a schedule ends, in words, and whether that is as it should be.
fn end(subject: &Subject, system: &System, ending: &Ending) -> (String, bool) {
    let good = subject.is_correct(ending) != Some(false);
    let words = match (ending.total(), subject.expected) {
        (Some(total), Some(expected)) if total != expected => {
            format!(
                "ends with {} instead of {}",
                grouped(total),
                grouped(expected)
            )
        }
        (Some(total), _) => format!("ends with {}", grouped(total)),
        (None, _) => page::end_label(&EndRecord::new(subject, system, ending, None)),
    };
    (words, good)
}

/// Returns a schedule from its token, which a record has.
pub(super) fn of_token(token: &str) -> Option<Schedule> {
    token.parse().ok()
}
