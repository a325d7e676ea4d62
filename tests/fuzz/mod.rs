//! Random input for whatever reads some. Each case is made from its number alone, so what fails is
//! found again; `MISCOUNT_FUZZ` multiplies how many are tried, see CONTRIBUTING.md.

#[cfg(unix)]
mod command_lines;
#[cfg(unix)]
mod files;
mod records;
mod texts;

use std::path::Path;
use std::sync::Mutex;

use fastrand::Rng;

/// Returns a source of chance for each case of a usual number of cases, or of a multiple of it.
fn cases(usual: u64) -> impl Iterator<Item = (u64, Rng)> {
    let factor = std::env::var("MISCOUNT_FUZZ").ok();
    let factor = factor.map_or(1, |factor| factor.parse().expect("a whole number"));
    (0..usual * factor).map(|case| (case, Rng::with_seed(case)))
}

/// Tries the cases on all cores, each core in a folder of its own.
fn side_by_side(
    cases: impl Iterator<Item = (u64, Rng)> + Send,
    furnish: impl Fn(&Path) + Sync,
    attempt: impl Fn(&Path, u64, &mut Rng) + Sync,
) {
    let cases = Mutex::new(cases);
    let worker = || {
        let folder = tempfile::tempdir().unwrap();
        furnish(folder.path());
        let next = || cases.lock().unwrap().next();
        while let Some((case, mut random)) = next() {
            attempt(folder.path(), case, &mut random);
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(worker);
        }
    });
}

/// Returns one of them.
fn one_of<'a, T: ?Sized>(random: &mut Rng, all: &[&'a T]) -> &'a T {
    all[random.usize(..all.len())]
}

/// Changes a text in a few places: cuts, repeats and puts in.
fn damage(random: &mut Rng, text: &mut String, pieces: &[&str]) {
    for _ in 0..=random.usize(..3) {
        let at = text.floor_char_boundary(random.usize(..=text.len()));
        let to = text.floor_char_boundary((at + random.usize(..9)).min(text.len()));
        let piece = match random.u8(..4) {
            0 => String::new(),
            1 => text[at..to].repeat(2),
            _ => one_of(random, pieces).to_owned(),
        };
        text.replace_range(at..to, &piece);
    }
}
