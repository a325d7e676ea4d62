//! `live`: the race on a screen that never stops.

use clap::Args;

use super::strategy::without_waiting;
use super::subject::{ReadProgram, SizeArgs, SubjectArg, SubjectParser};
use super::values;
use crate::error::Error;
use crate::plan::{LivePlan, LiveSubject, Pinning, StartLine};
use crate::strategy::{ALL, Settings};

/// Watch the race on a full screen, and turn its knobs.
///
/// Choose a strategy or program on the left; see its totals, its lost updates and its cost grow. Press ?
/// for the keys. Quitting prints the command.
///
/// 'miscount' alone does the same on a terminal.
#[derive(Args, Clone, Debug)]
#[command(mut_args(without_waiting))]
#[command(mut_arg("increments", |increments| increments.help("Increments of each thread [default: 100]")))]
pub struct LiveArgs {
    /// A strategy or race program (name or file)
    #[arg(id = "subject", value_name = "STRATEGY|PROGRAM", value_parser = SubjectParser(&[]), hide_possible_values = true, help_heading = None)]
    named: Option<SubjectArg>,
    /// Its size and its settings.
    #[command(flatten)]
    sized: SizeArgs,
    /// How the threads start together
    #[arg(long, value_enum, value_name = "LINE", default_value_t)]
    start: StartLine,
    /// Which cores the threads run on
    #[arg(long, value_enum, value_name = "HOW", default_value_t)]
    pin: Pinning,
    /// Runs per meeting at the start line
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = values::within(1..=65_536_usize))]
    stride: Option<usize>,
}

impl LiveArgs {
    /// Returns what is to race first.
    ///
    /// # Errors
    ///
    /// As [`SizeArgs::subject`]; [`Error::Usage`] for a program on standard input, where keys come from.
    pub fn plan(&self, read: ReadProgram<'_>) -> Result<LivePlan, Error> {
        if matches!(&self.named, Some(SubjectArg::File(path)) if path == "-") {
            return Err(Error::Usage(
                "- is standard input, which live needs for the keys; write the program to a file"
                    .into(),
            ));
        }
        let unsynced = SubjectArg::Strategy(ALL[0]);
        let named = self.named.as_ref().unwrap_or(&unsynced);
        let (subject, settings) = match named {
            SubjectArg::Strategy(kind) => {
                self.sized
                    .settings
                    .check(&[kind], super::strategy::NO_WAITING)?;
                let settings = self.sized.settings.or(Settings::default());
                (LiveSubject::Strategy(kind), settings)
            }
            named => {
                let subject = self.sized.subject(named, 0, None, read)?;
                (LiveSubject::Program(subject.into()), Settings::default())
            }
        };
        let default = LivePlan::new(subject);
        let plan = LivePlan {
            threads: self.sized.threads.unwrap_or(default.threads),
            increments: self.sized.increments.unwrap_or(default.increments),
            settings,
            start: self.start,
            pinning: self.pin,
            stride: self.stride,
            ..default
        };
        plan.counting()?;
        Ok(plan)
    }

    /// Returns whether the window was typed, and so stays as it is.
    pub fn has_window(&self) -> bool {
        let mut typed = self.sized.settings.typed();
        typed.any(|setting| setting == crate::strategy::Setting::Window)
    }
}
