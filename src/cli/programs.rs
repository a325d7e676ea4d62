//! `programs`: the gallery of race programs.

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::language::GALLERY;

/// List the built-in race programs, or print the source of one
///
/// Each shows one race, or its repaired form. Copy one and change it: 'miscount programs bank >
/// my.race', then 'miscount explore my.race'. With --format, NAME is explained, as by 'miscount explain
/// NAME'. docs/language.md describes the language.
#[derive(Args, Clone, Debug)]
pub struct ProgramsArgs {
    /// The program to print [default: list all]
    #[arg(value_name = "NAME", value_parser = PossibleValuesParser::new(GALLERY.iter().map(|program| program.name)), hide_possible_values = true)]
    pub name: Option<String>,
}
