//! Random input for whatever reads some. Each case is made from its number alone, so what fails is
//! found again; `MISCOUNT_FUZZ` multiplies how many are tried, see CONTRIBUTING.md.

mod texts;

use fastrand::Rng;

/// Returns a source of chance for each case of a usual number of cases, or of a multiple of it.
fn cases(usual: u64) -> impl Iterator<Item = (u64, Rng)> {
    let factor = std::env::var("MISCOUNT_FUZZ").ok();
    let factor = factor.map_or(1, |factor| factor.parse().expect("a whole number"));
    (0..usual * factor).map(|case| (case, Rng::with_seed(case)))
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
