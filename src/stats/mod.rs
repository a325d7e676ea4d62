//! Summaries, intervals and distributions: arithmetic on numbers and nothing else.

mod distribution;
mod fold;
mod moments;
mod proportion;
mod quantile;

pub use distribution::{Bucket, Distribution};
pub use fold::fold;
pub use moments::Moments;
pub use proportion::{rule_of_three, wilson};
pub use quantile::quantile;
