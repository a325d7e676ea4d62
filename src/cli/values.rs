//! How values are written: numbers with suffixes, sizes, durations, windows.

use std::fmt::Display;
use std::num::NonZeroU64;
use std::ops::RangeInclusive;
use std::time::Duration;

use crate::error::Error;
use crate::plan::MOST_THREADS;
use crate::plan::MemoryModel;
use crate::strategy::{Shape, Window};

/// Reads a whole number: `_` may stand between digits, and the suffix k, M or G behind them.
pub(super) fn number(text: &str) -> Result<u64, String> {
    let (digits, factor) = match text.as_bytes().last() {
        Some(b'k' | b'K') => (&text[..text.len() - 1], 1_000),
        Some(b'M') => (&text[..text.len() - 1], 1_000_000),
        Some(b'G') => (&text[..text.len() - 1], 1_000_000_000),
        _ => (text, 1),
    };
    let well_formed = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '_');
    if !well_formed {
        return Err("write a whole number such as 5000, 5_000 or 5k (k, M, G)".into());
    }
    digits
        .replace('_', "")
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor))
        .ok_or_else(|| format!("the largest number is {}", u64::MAX))
}

/// Reads a whole number that is not 0.
pub(super) fn positive(text: &str) -> Result<u64, String> {
    non_zero(text).map(NonZeroU64::get)
}

/// Reads the name of a memory model.
pub(super) fn memory_model(text: &str) -> Result<MemoryModel, String> {
    text.parse().map_err(str::to_owned)
}

/// Reads an amount of memory in bytes, with one of the suffixes KiB, MiB, GiB, k, M, G or none.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let units = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1_u64 << 30)];
    let unit = |&(unit, bytes)| Some((text.strip_suffix(unit)?, bytes));
    let (amount, unit) = units.iter().find_map(unit).unwrap_or((text, 1));
    let amount = number(amount)
        .map_err(|_| "write a size such as 512MiB or 4GiB (KiB, MiB, GiB)".to_string())?;
    match amount.checked_mul(unit) {
        Some(0) => Err("it must be more than 0".into()),
        Some(size) => Ok(size),
        None => Err(format!("the largest size is {} bytes", u64::MAX)),
    }
}

/// Reads a whole number that is not 0, for settings whose type says so.
pub(super) fn non_zero(text: &str) -> Result<NonZeroU64, String> {
    NonZeroU64::new(number(text)?).ok_or_else(|| "it must be at least 1".into())
}

/// Returns the default number of threads: one for each core that may be used, at least 2 and at most 4.
/// A thread without a core of its own waits until the others are done, and hardly races with them.
pub(super) fn usual_threads() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get().clamp(2, 4))
}

/// Reads the number of threads that count.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    within(1..=MOST_THREADS)(text)
}

/// Returns a parser of whole numbers in a range.
pub(super) fn within<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String> + Clone
where
    T: TryFrom<u64> + PartialOrd + Display + Clone,
{
    move |text| {
        let number = T::try_from(number(text)?).ok();
        let number = number.filter(|number| range.contains(number));
        number.ok_or_else(|| format!("it must be {} to {}", range.start(), range.end()))
    }
}

/// Reads a duration such as `250ms`, `2s` or `1m30s`. Its nanoseconds fit in 64 bits.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text)
        .map_err(|_| "write a duration such as 250ms, 2s or 1m30s".to_string())?;
    if u64::try_from(duration.as_nanos()).is_err() {
        return Err("the longest duration is 2^64 nanoseconds, which is 584 years".into());
    }
    Ok(duration)
}

/// Reads a speed in steps a second: `2/s`, `0.5` or `0`.
pub(super) fn speed(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix("/s").unwrap_or(text);
    let speed = number.parse().ok();
    speed
        .filter(|speed| (0.0..=1000.0).contains(speed) && (*speed == 0.0 || *speed >= 0.01))
        .ok_or_else(|| "write steps a second, from 0.01/s to 1000/s, or 0".to_string())
}

/// Reads a duration that is not 0.
pub(super) fn some_time(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("it must be longer than 0".into()),
        time => Ok(time),
    }
}

/// Returns the size of a run, if the product of threads and increments has room.
pub(super) fn shape(threads: usize, increments: u64) -> Result<Shape, Error> {
    Shape::new(threads, increments).ok_or_else(|| {
        Error::Usage(format!(
            "--threads {threads} times --increments {increments} does not fit in 64 bits; use \
             fewer increments"
        ))
    })
}

/// Reads what happens between load and store.
pub(super) fn window(text: &str) -> Result<Window, String> {
    match text.split_once(':') {
        None if text == "none" => Ok(Window::None),
        None if text == "yield" => Ok(Window::Yield),
        Some(("spin", spins)) => {
            let spins = u32::try_from(number(spins)?)
                .map_err(|_| format!("the most spins are {}", u32::MAX))?;
            Ok(Window::Spin(spins))
        }
        Some(("sleep", time)) => Ok(Window::Sleep(duration(time)?)),
        _ => Err("write none, yield, spin:N or sleep:DURATION".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_take_underscores_and_suffixes() {
        for (text, value) in [
            ("0", 0),
            ("5000", 5_000),
            ("5_000", 5_000),
            ("5k", 5_000),
            ("5K", 5_000),
            ("2M", 2_000_000),
            ("3G", 3_000_000_000),
            ("18446744073709551615", u64::MAX),
        ] {
            assert_eq!(number(text), Ok(value), "{text}");
        }
        for text in [
            "", "k", "_", "_5", "-1", "+1", "x", "5kk", "1.5k", "5 k", "5m", "٣",
        ] {
            assert!(number(text).unwrap_err().contains("whole number"), "{text}");
        }
        for text in [
            "18446744073709551616",
            "99999999999999999999k",
            "18446744073709552k",
        ] {
            assert!(number(text).unwrap_err().contains("largest"), "{text}");
        }
    }

    #[test]
    fn windows_are_written_in_one_word() {
        assert_eq!(window("none"), Ok(Window::None));
        assert_eq!(window("yield"), Ok(Window::Yield));
        assert_eq!(window("spin:1k"), Ok(Window::Spin(1000)));
        assert_eq!(
            window("sleep:1m30s"),
            Ok(Window::Sleep(Duration::from_secs(90)))
        );
        for text in [
            "", "spin", "spin:", "spin:-1", "spin:5G", "sleep", "sleep:x", "yield:3",
        ] {
            assert!(window(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_take_binary_units_and_the_usual_suffixes() {
        for (text, bytes) in [
            ("1", 1),
            ("4KiB", 4 << 10),
            ("512MiB", 512 << 20),
            ("2GiB", 2 << 30),
            ("2G", 2_000_000_000),
        ] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "GiB", "x", "-1", "0", "0MiB", "1TiB", "99999999999GiB"] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_window_is_printed_as_it_is_typed() {
        for text in ["none", "yield", "spin:10", "sleep:1m30s", "sleep:250us"] {
            assert_eq!(window(text).unwrap().to_string(), text);
        }
    }
}
