//! `programs`: the gallery of race programs.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::language::GALLERY;

/// The race programs that are built in, or the source of one
///
/// Each shows one race, or the repaired form of one. The source is yours to change: 'miscount
/// programs bank > my.race', then 'miscount explore my.race'. docs/language.md is the language.
#[derive(Args, Clone, Debug)]
pub struct ProgramsArgs {
    /// The program whose source is printed [default: list all]
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(GALLERY.iter().map(|program| program.name)), hide_possible_values = true)]
    pub name: Option<String>,
}
