//! The whole command line, and the error messages when it is wrong.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Args, Command, FromArgMatches, Subcommand, ValueHint};
use shlex::Quoter;
use textwrap::Options;

use super::compare::CompareArgs;
use super::count::CountArgs;
use super::examples::{brief, taught};
use super::explain::ExplainArgs;
use super::explore::ExploreArgs;
use super::live::LiveArgs;
use super::machine::MachineArgs;
use super::output::OutputArgs;
use super::programs::ProgramsArgs;
use super::repeat::RepeatArgs;
use super::replay::ReplayArgs;
use super::requests::RequestsArgs;
use super::run::RunArgs;
use super::step::StepArgs;
use super::strategy::{setting, takers};
use super::tour::TourArgs;
use super::trace::TraceArgs;
use super::waitgroup::WaitGroupArgs;
use crate::error::Error;
use crate::language::in_gallery;

/// A command line that makes sense.
#[derive(Args, Clone, Debug)]
pub struct CommandLine {
    /// How to show the result.
    #[command(flatten)]
    pub output: OutputArgs,
    /// The subcommand.
    #[command(subcommand)]
    pub command: CommandArgs,
}

/// A subcommand, as typed.
#[derive(Subcommand, Clone, Debug)]
#[expect(missing_docs, reason = "their arguments say in the help what they do")]
pub enum CommandArgs {
    #[command(flatten)]
    Count(CountArgs),
    Compare(CompareArgs),
    Explain(ExplainArgs),
    Trace(TraceArgs),
    Explore(ExploreArgs),
    Replay(ReplayArgs),
    Step(StepArgs),
    Live(LiveArgs),
    Tour(TourArgs),
    Programs(ProgramsArgs),
    Run(RunArgs),
    #[command(name = "waitgroup")]
    WaitGroup(WaitGroupArgs),
    Requests(RequestsArgs),
    Repeat(RepeatArgs),
    #[command(flatten)]
    Machine(MachineArgs),
}

/// The headings of the help, each with the first subcommand below it.
const HEADINGS: [(&str, &str); 6] = [
    ("Counting", "unsynced"),
    ("Understanding", "explain"),
    ("Your own race", "programs"),
    ("The rest of the toolbox", "waitgroup"),
    ("Any program", "repeat"),
    ("The machine and the shell", "doctor"),
];

/// Returns the subcommands, under the headings of the help.
pub fn groups(root: &Command) -> Vec<(&'static str, Vec<&Command>)> {
    let mut groups: Vec<(_, Vec<_>)> = Vec::new();
    for command in root.get_subcommands() {
        let begins = |(_, first): &&(_, &str)| *first == command.get_name();
        if let Some(&(heading, _)) = HEADINGS.iter().find(begins) {
            groups.push((heading, Vec::new()));
        }
        if let Some((_, group)) = groups.last_mut() {
            group.push(command);
        }
    }
    groups
}

/// The command line as clap knows it.
pub fn command() -> Command {
    let root = CommandLine::augment_args(Command::new("miscount"));
    let help: String = groups(&root)
        .into_iter()
        .map(|(title, commands)| group(title, &commands))
        .collect();
    root.version(env!("CARGO_PKG_VERSION"))
        .about(
            "A race-condition laboratory: make a lost update show up every time, see why it\n\
             happened, and what each fix costs.",
        )
        .arg_required_else_help(false)
        .disable_help_subcommand(true)
        .help_template(format!(
            "{{about}}\n\n{{usage-heading}} miscount <COMMAND> [FLAGS]\n\n{help}{{options}}\n\n\
             Begin with 'miscount unsynced', or 'miscount tour' for the whole lesson.\n\
             'miscount COMMAND --help' tells more."
        ))
        .mut_subcommands(|subcommand| taught(subcommand.mut_args(hinted)))
        .mut_args(|flag| brief(hinted(flag)))
}

/// Returns the command line with the help of `-h`: the names alone, on a small screen.
pub fn brief_command() -> Command {
    let root = command();
    let groups = groups(&root).into_iter().map(|(title, commands)| {
        let names: Vec<_> = commands.into_iter().map(Command::get_name).collect();
        let line = format!("{title}: {}", names.join(" "));
        textwrap::fill(&line, Options::new(80).subsequent_indent("  ")) + "\n"
    });
    let names: String = groups.collect();
    root.help_template(format!(
        "{{about}}\n\n{{usage-heading}} miscount <COMMAND> [FLAGS]\n\n{names}\n{{options}}\n\n\
         Begin with 'miscount unsynced', or 'miscount tour' for the whole lesson.\n\
         'miscount --help' says what each command does."
    ))
}

/// Returns the flag with a hint for shells, which otherwise offer the files of the folder as the
/// value of any flag. Flags that take a path have their own hint.
fn hinted(flag: Arg) -> Arg {
    if flag.get_action().takes_values() && flag.get_value_hint() == ValueHint::Unknown {
        flag.value_hint(ValueHint::Other)
    } else {
        flag
    }
}

/// Returns a group of subcommands as the help lists it, a line each.
fn group(title: &str, commands: &[&Command]) -> String {
    let lines: String = commands
        .iter()
        .map(|command| {
            let about = command.get_about().map(ToString::to_string);
            format!(
                "  {:<18}{}\n",
                command.get_name(),
                about.unwrap_or_default()
            )
        })
        .collect();
    format!("{title}:\n{lines}\n")
}

/// Reads a command line, program name first.
///
/// # Errors
///
/// clap's errors, among them those for `--help` and `--version`, which are to be printed.
pub fn parse(words: impl IntoIterator<Item = OsString>) -> Result<CommandLine, clap::Error> {
    let mut words: Vec<OsString> = words.into_iter().collect();
    // `help COMMAND` is what people try first.
    if words.get(1).is_some_and(|word| word == "help") {
        words.remove(1);
        words.truncate(2);
        words.push("--help".into());
    }
    let is_brief = words.get(1).is_some_and(|word| word == "-h");
    let mut command = if is_brief { brief_command() } else { command() };
    let matches = command.try_get_matches_from_mut(&words);
    let matches = matches.map_err(|error| tidy(error, help(&command, &words)))?;
    CommandLine::from_arg_matches(&matches)
}

/// Reads a command line of this program, which begins with the subcommand and is quoted as for a shell.
///
/// # Errors
///
/// [`Error::Usage`] if there is no such command.
pub fn typed(line: &str) -> Result<CommandLine, Error> {
    let words = ["miscount".into()].into_iter().chain(words(line));
    parse(words.map(Into::into)).map_err(|error| Error::Usage(sentence(&error)))
}

/// Returns the command that shows the help of the subcommand among the words, or of the program.
fn help(command: &Command, words: &[OsString]) -> String {
    let mut typed = words.iter().skip(1).filter_map(|word| word.to_str());
    let subcommand = typed.find(|word| command.find_subcommand(word).is_some());
    let subcommand = subcommand.map_or_else(String::new, |name| format!(" {name}"));
    format!("miscount{subcommand} --help")
}

/// Adds the command that shows help to the error, and escapes the control characters in what it
/// quotes of the command line, which would disturb the terminal.
fn tidy(mut error: clap::Error, help: String) -> clap::Error {
    error.insert(ContextKind::Custom, ContextValue::String(help));
    for kind in [
        ContextKind::InvalidArg,
        ContextKind::InvalidSubcommand,
        ContextKind::InvalidValue,
    ] {
        if let Some(ContextValue::String(typed)) = error.get(kind) {
            let shown = ContextValue::String(echoed(typed));
            error.insert(kind, shown);
        }
    }
    error
}

/// The most characters of a word that an error repeats.
const MOST_ECHOED: usize = 60;

/// Returns a word of the input as errors repeat it: cut where it is long, and escaped.
pub fn echoed(word: &str) -> String {
    match word.char_indices().nth(MOST_ECHOED) {
        Some((end, _)) => escaped(&word[..end]) + "...",
        None => escaped(word),
    }
}

/// Returns a word quoted for a shell where it needs quotes.
pub fn quoted(word: &str) -> String {
    let quoted = Quoter::new().allow_nul(true).quote(word);
    quoted.map_or_else(|_| word.to_string(), Cow::into_owned)
}

/// Returns the words of a line, which may be quoted as for a shell.
pub(super) fn words(line: &str) -> impl Iterator<Item = String> + use<> {
    shlex::split(line).unwrap_or_default().into_iter()
}

/// Returns a text with its control characters escaped, and those that change the direction of a text;
/// letters of any alphabet stay.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            c if c.is_control() => escaped.extend(c.escape_debug()),
            '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                escaped.extend(c.escape_unicode());
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// The most slips of the keyboard in a name that may still have been meant.
const MOST_SLIPS: usize = 2;

/// Returns whether `name` may have been meant by `typed`: what clap calls similar may have nothing to
/// do with it.
fn is_near(typed: &str, name: &str) -> bool {
    !typed.is_empty() && name.starts_with(typed)
        || strsim::damerau_levenshtein(typed, name) <= MOST_SLIPS
}

/// Returns the name that was most likely meant, if one is near enough to what was typed.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = names.into_iter().filter(|name| is_near(typed, name));
    near.min_by_key(|name| strsim::damerau_levenshtein(typed, name))
}

/// Returns what to type where a race program stands in the place of a command or of a strategy.
fn of_program(error: &clap::Error) -> Option<String> {
    let (kind, command) = match error.kind() {
        ErrorKind::InvalidSubcommand => (ContextKind::InvalidSubcommand, "explore NAME"),
        ErrorKind::InvalidValue => (ContextKind::InvalidValue, "replay NAME --steps"),
        _ => return None,
    };
    let Some(ContextValue::String(typed)) = error.get(kind) else {
        return None;
    };
    let of_strategies = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(names)) => names.iter().any(|name| name == "unsynced"),
        _ => kind == ContextKind::InvalidSubcommand,
    };
    let is_program = in_gallery(typed).is_some() || is_race_file(typed);
    let command = command.replace("NAME", &quoted(typed));
    (of_strategies && is_program).then(|| format!("it is a race program: 'miscount {command}'"))
}

/// Returns whether a file is called as race programs are.
pub fn is_race_file(path: &str) -> bool {
    Path::new(path).extension() == Some(OsStr::new("race"))
}

/// The longest list of possible values that an error shows, in bytes.
const MOST_VALUES: usize = 400;

/// Returns clap's complaint as one lower-case sentence that names the flag and the way out.
pub fn sentence(error: &clap::Error) -> String {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let help = text(ContextKind::Custom).unwrap_or_else(|| "miscount --help".into());
    let argument = text(ContextKind::InvalidArg);
    let name = argument.as_deref().and_then(|a| a.split(' ').next());
    if error.kind() == ErrorKind::UnknownArgument
        && let Some(name) = name
        && let Some(setting) = setting(name.trim_start_matches('-'))
    {
        let takers = takers(setting).join(" and ");
        return format!("{name} belongs to {takers}; leave it out");
    }
    if error.kind() == ErrorKind::MissingRequiredArgument {
        let missing = argument.as_deref().unwrap_or("an argument");
        return format!("{missing} is missing; see '{help}'");
    }
    if error.kind() == ErrorKind::ArgumentConflict
        && let (Some(argument), Some(others)) = (&argument, text(ContextKind::PriorArg))
        && *argument != others
    {
        return format!("{argument} cannot be combined with {others}; leave one out");
    }
    let suggested = match error.kind() {
        ErrorKind::InvalidSubcommand => Some((
            ContextKind::InvalidSubcommand,
            ContextKind::SuggestedSubcommand,
        )),
        ErrorKind::InvalidValue => Some((ContextKind::InvalidValue, ContextKind::ValidValue)),
        _ => None,
    };
    let meant = suggested.and_then(|(typed, names)| {
        let Some(ContextValue::Strings(names)) = error.get(names) else {
            return None;
        };
        // The beginning of a name may be that of others too.
        let typed = text(typed)?;
        // In a short word a slip leaves too little to tell what was meant.
        let most = MOST_SLIPS.min(typed.chars().count() / 4);
        let is_slip = |name: &&str| strsim::damerau_levenshtein(&typed, name) <= most;
        nearest(&typed, names.iter().map(String::as_str)).filter(is_slip)
    });
    // clap's own words: the complaint in its first line, advice in lines that begin with "tip:".
    let rendered = error.render().to_string();
    let mut lines = rendered.lines().map(str::trim);
    let complaint = lines.next().unwrap_or_default();
    let complaint = complaint.strip_prefix("error: ").unwrap_or(complaint);
    let complaint = complaint.replacen("unrecognized subcommand", "unknown command", 1);
    if let Some(instead) = of_program(error) {
        return format!("{complaint}; {instead}");
    }
    if let Some(meant) = meant {
        let more = match error.kind() {
            ErrorKind::InvalidSubcommand => format!(" see '{help}'"),
            _ => String::new(),
        };
        return format!("{complaint}; did you mean '{meant}'?{more}");
    }
    let similar = text(ContextKind::SuggestedArg);
    let is_far = name
        .zip(similar)
        .is_some_and(|(name, similar)| !is_near(name, &similar));
    let tips = lines.filter_map(|line| {
        // It does not help that a flag could be meant as a value, nor does a flag that has little in
        // common with what was typed.
        let tip = line.strip_prefix("tip: ");
        let tip = tip.filter(|tip| !tip.starts_with("to pass "));
        let tip = tip.filter(|tip| !(is_far && tip.starts_with("a similar argument")));
        tip.or_else(|| {
            line.starts_with("[possible values")
                .then(|| line.trim_matches(['[', ']']))
        })
    });
    let advice: Vec<_> = tips.collect();
    if error.kind() == ErrorKind::InvalidSubcommand {
        format!("{complaint}; see '{help}'")
    } else if advice.iter().any(|values| values.len() > MOST_VALUES) {
        format!("{complaint}; 'miscount programs' lists them")
    } else if !advice.is_empty() {
        format!("{complaint}; {}", advice.join("; "))
    } else if complaint.starts_with("invalid value") {
        complaint
    } else {
        format!("{complaint}; see '{help}'")
    }
}
