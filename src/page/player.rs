//! Schedules that a page can play, step by step.

use crate::record::{
    Breaking, BreakingRun, CensusRecord, EndKind, EndRecord, OutcomeRecord, PlayerRecord,
    RaceRecord, ReplayRecord, SubjectName, SubjectRecord,
};

use super::document::{Block, Section};
use super::map::strong;
use super::numbers::grouped;
use super::sentences::label_among;

/// The most schedules that a page plays.
const MOST_SCHEDULES: usize = 24;

/// Schedules of a system, which a page can play.
///
/// A report asks for them by their tokens; the model makes the data of the player.
#[derive(Clone, Debug)]
pub struct Player {
    /// The arguments that name the system: `unsynced -t 2 -i 5`.
    pub arguments: String,
    /// The text of a race program that is not of the gallery.
    pub text: Option<String>,
    /// The schedules: what each shows, and its token or its name.
    pub schedules: Vec<(String, String)>,
    /// Whether readers may choose for themselves which thread moves.
    pub free: bool,
    /// Whether the model is still to be asked for the data.
    pub pending: bool,
    /// What the page needs to play them; `None` unless the model has made it.
    pub data: Option<Box<PlayerRecord>>,
    /// What the page cannot play, in sentences.
    pub notes: Vec<String>,
}

impl Player {
    /// Returns a player of these schedules of a system.
    pub fn new(
        arguments: String,
        text: Option<&String>,
        mut schedules: Vec<(String, String)>,
        free: bool,
    ) -> Self {
        let mut notes = Vec::new();
        if schedules.len() > MOST_SCHEDULES {
            let left_out = schedules.len() - MOST_SCHEDULES;
            schedules.truncate(MOST_SCHEDULES);
            notes.push(format!(
                "The player has {MOST_SCHEDULES} of the schedules; {} more are in the table.",
                grouped(left_out as u64)
            ));
        }
        Self {
            arguments,
            text: text.cloned(),
            schedules,
            free,
            pending: true,
            data: None,
            notes,
        }
    }

    /// Returns its section; none if it has nothing to play.
    pub fn section(self) -> Option<Section<'static>> {
        section([self])
    }
}

/// Returns the section of players; none if they have nothing to play.
fn section(players: impl IntoIterator<Item = Player>) -> Option<Section<'static>> {
    let players = players.into_iter();
    let blocks: Vec<_> = players
        .filter(|player| player.free || !player.schedules.is_empty())
        .map(Block::Player)
        .collect();
    (!blocks.is_empty()).then(|| Section::new(strong("Play it"), blocks))
}

/// Returns the player of a forced schedule.
pub(super) fn of_replay(record: &ReplayRecord) -> Option<Section<'static>> {
    let schedules = match record.schedule.as_str() {
        "" => Vec::new(),
        schedule => vec![("The schedule".to_string(), schedule.to_string())],
    };
    Player::new(
        record.subject.arguments(),
        record.subject.name.text.as_ref(),
        schedules,
        true,
    )
    .section()
}

/// Returns the player of the witnesses of a census, wrong ends first.
pub(super) fn of_census(record: &CensusRecord) -> Option<Section<'static>> {
    let asked = record.reach.as_ref().and_then(|reach| {
        let what = match (reach.total, &reach.condition) {
            (Some(total), _) => grouped(total),
            (None, condition) => condition.clone().unwrap_or_default(),
        };
        Some((format!("Ends with {what}"), reach.witness.clone()?))
    });
    let smallest = record.smallest.as_ref();
    let smallest = smallest.map(|one| {
        (
            format!("Ends with {}", grouped(one.total)),
            one.witness.clone(),
        )
    });
    let witnesses = record.outcomes.iter().filter(|_| record.reach.is_none());
    let mut witnesses: Vec<_> = witnesses.collect();
    witnesses.sort_by_key(|outcome| outcome.end.correct);
    let mut schedules: Vec<_> = asked.into_iter().collect();
    schedules.extend(
        witnesses
            .into_iter()
            .filter_map(|outcome| witness(record, outcome)),
    );
    schedules.extend(smallest.filter(|_| record.outcomes.is_empty()));
    players(record, schedules)
}

/// Returns the players of a census: one of these schedules, and one of those that claims about another memory
/// model name.
fn players(
    record: &CensusRecord,
    mut schedules: Vec<(String, String)>,
) -> Option<Section<'static>> {
    let mut others = Vec::new();
    for claim in &record.claims {
        let verdict = match claim.holds {
            Some(true) => "holds",
            Some(false) => "does not hold",
            None => "is not decided",
        };
        let Some(token) = &claim.witness else {
            continue;
        };
        let shown = (format!("{} {verdict}", claim.text), token.clone());
        if claim.memory != record.memory {
            others.push(shown);
        } else if !schedules.iter().any(|(_, known)| known == token) {
            schedules.push(shown);
        }
    }
    both(&record.subject, schedules, others)
}

/// Returns the players of a subject: of these schedules, and of others that need store buffers.
fn both(
    subject: &SubjectRecord,
    schedules: Vec<(String, String)>,
    others: Vec<(String, String)>,
) -> Option<Section<'static>> {
    let name = subject.arguments();
    let free = !others.is_empty();
    let text = subject.name.text.as_ref();
    section([
        Player::new(name.clone(), text, schedules, true),
        Player::new(format!("{name} --memory tso"), text, others, free),
    ])
}

/// Returns the witness of an outcome, and what it shows.
fn witness(census: &CensusRecord, outcome: &OutcomeRecord) -> Option<(String, String)> {
    let is_livelock = outcome.end.kind == EndKind::Livelock;
    let schedule = outcome.witness.clone().filter(|_| !is_livelock)?;
    Some((caption(&outcome.end, ends_of(census)), schedule))
}

/// Returns the ends of a census.
fn ends_of(census: &CensusRecord) -> impl Iterator<Item = &EndRecord> {
    census.outcomes.iter().map(|outcome| &outcome.end)
}

/// Returns what a schedule shows, whose end is one of these. The verdict stands first: a list that is narrow cuts the rest.
fn caption<'a>(end: &EndRecord, all: impl IntoIterator<Item = &'a EndRecord>) -> String {
    let label = label_among(end, all);
    match (end.kind, end.correct) {
        (EndKind::Finished, Some(true)) => format!("Correct: {label}"),
        (EndKind::Finished, Some(false)) => format!("Wrong: {label}"),
        (EndKind::Finished, None) => format!("Ends with {label}"),
        _ => format!("Ends in: {label}"),
    }
}

/// Returns the player of the outcomes that real threads had.
pub(super) fn of_race(record: &RaceRecord) -> Option<Section<'static>> {
    let mut outcomes: Vec<_> = record.outcomes.iter().collect();
    outcomes.sort_by_key(|outcome| (outcome.end.correct, outcome.runs == 0));
    let is_played = |kind| kind != EndKind::Livelock;
    let outcomes = outcomes
        .iter()
        .filter(|outcome| is_played(outcome.end.kind));
    let (mut schedules, mut others) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        let seen = match outcome.runs {
            0 => "no run showed it".into(),
            1 => "1 run".into(),
            runs => format!("{} runs", grouped(runs)),
        };
        let shown = if outcome.is_buffered() {
            &mut others
        } else {
            &mut schedules
        };
        let all = record.outcomes.iter().map(|outcome| &outcome.end);
        let caption = format!("{}, {seen}", caption(&outcome.end, all));
        shown.extend(outcome.witness.clone().map(|token| (caption, token)));
    }
    both(&record.subject, schedules, others)
}

/// Returns the player of a strategy's schedule that ends wrongly.
pub(super) fn of_breaking(subject: &SubjectName, breaking: &Breaking) -> Block<'static> {
    let end = breaking.total.map_or_else(
        || "Ends in a deadlock".to_string(),
        |total| format!("Ends with {}", grouped(total)),
    );
    let schedules = vec![(end, breaking.schedule.clone())];
    let arguments = match breaking.increments {
        Some(increments) => format!("{subject} -t {} -i {increments}", breaking.threads),
        None => subject.to_string(),
    };
    Block::Player(Player::new(
        arguments,
        subject.text.as_ref(),
        schedules,
        true,
    ))
}

/// Returns the player of a race program: the schedule that breaks it, then the other ends.
pub(super) fn of_program(
    breaking: Option<&BreakingRun>,
    census: &CensusRecord,
) -> Option<Section<'static>> {
    let first = breaking.map(|run| (caption(&run.end, ends_of(census)), run.schedule.clone()));
    let mut schedules: Vec<_> = first.into_iter().collect();
    let known = |token: &str| breaking.is_some_and(|run| run.schedule == token);
    let others = census.outcomes.iter();
    let others = others.filter_map(|outcome| witness(census, outcome));
    schedules.extend(others.filter(|(_, token)| !known(token)));
    players(census, schedules)
}
