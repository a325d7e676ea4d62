//! Summaries, intervals and distributions: arithmetic on numbers and nothing else.

mod distribution;
mod fold;
mod moments;
mod proportion;
mod quantile;
mod tally;

pub use distribution::{Bucket, Distribution};
pub use fold::fold;
pub use moments::Moments;
pub use proportion::{rule_of_three, runs_to_show, whole, wilson};
pub use quantile::quantile;
pub use tally::Tally;
