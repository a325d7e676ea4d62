//! What a page plays: the model makes the data of its players.

use super::order::Order;
use super::watch::blind;
use crate::cli::subject_of;
use crate::error::Error;
use crate::page::{Block, Document, Player};
use crate::plan::Subject;
use crate::record::{PlayerBuilder, PlayerRecord};
use crate::render::Format;

/// Makes the data of the players of a document, if it is to become a page that can play.
pub(super) fn playable(mut document: Document<'_>, format: Format) -> Document<'_> {
    if format == Format::Html {
        let mut players = Vec::new();
        of_document(&mut document, &mut players);
        let all = players.len();
        for player in players {
            blind("played its schedules", || fill(player, all));
        }
    }
    document
}

/// Collects the players that have no data yet.
fn of_document<'p>(document: &'p mut Document<'_>, players: &mut Vec<&'p mut Player>) {
    of_blocks(&mut document.lead, players);
    for section in &mut document.sections {
        of_blocks(&mut section.blocks, players);
    }
}

fn of_blocks<'p>(blocks: &'p mut [Block<'_>], players: &mut Vec<&'p mut Player>) {
    for block in blocks {
        match block {
            Block::Player(player) if player.pending => players.push(player),
            Block::Advice(blocks) | Block::Folded(_, blocks) => of_blocks(blocks, players),
            Block::Reports(reports) => {
                for report in reports {
                    of_document(report, players);
                }
            }
            _ => {}
        }
    }
}

/// Makes the data of a player on a page with `players`; where that is not possible, a sentence says so.
fn fill(player: &mut Player, players: usize) {
    player.pending = false;
    let Some(subject) = subject_of(&player.arguments, player.text.as_deref()) else {
        let note = format!("The page cannot play {}.", player.arguments);
        player.notes.push(note);
        return;
    };
    match made(player, &subject, players) {
        Ok(record) => player.data = record.map(Box::new),
        Err(problem) => player.notes.push(problem),
    }
}

/// Returns the data of a player; `None` if there is nothing that a page can play.
fn made(
    player: &mut Player,
    subject: &Subject,
    players: usize,
) -> Result<Option<PlayerRecord>, String> {
    let sentence = |error: Error| format!("The page cannot play this: {error}.");
    let system = subject.system().map_err(sentence)?;
    let mut builder =
        PlayerBuilder::new(subject, &system, players * player.schedules.len()).map_err(sentence)?;
    let arguments = &player.arguments;
    let notes = &mut player.notes;
    for (caption, schedule) in &player.schedules {
        let order = Order::read(schedule.clone());
        let order = order
            .and_then(|order| order.of(subject, &system))
            .map_err(sentence)?;
        let (caption, token) = (caption.clone(), schedule.clone());
        match builder.schedule(caption, token, || order.source(&system)) {
            Ok(true) => {}
            Ok(false) => notes.push(format!(
                "A schedule is too long for the page. In a terminal: `miscount replay {arguments} \
                 --schedule {} --steps`.",
                shortened(schedule)
            )),
            Err(error) => notes.push(format!("A schedule cannot be played: {error}.")),
        }
    }
    if player.free && builder.states(players).is_err() {
        notes.push(format!(
            "This system has too many states to be played freely in a page. In a terminal you choose \
             who moves: `miscount step {arguments}`."
        ));
    }
    let record = builder.finish();
    let is_empty = record.schedules.is_empty() && record.states.is_none();
    Ok((!is_empty).then_some(record))
}

/// Returns a token that is short enough to be typed, or what stands for it.
fn shortened(schedule: &str) -> &str {
    const TYPED: usize = 400;
    if schedule.len() > TYPED {
        "TOKEN"
    } else {
        schedule
    }
}
