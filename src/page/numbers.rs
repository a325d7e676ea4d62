//! Numbers as people read them.

use std::time::Duration;

use indicatif::{HumanCount, HumanFloatCount};

/// Returns a whole number, grouped by thousands.
pub fn grouped(number: u64) -> String {
    HumanCount(number).to_string()
}

/// Returns a number that may be negative, grouped by thousands.
pub fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// Returns a time as it is typed: `1m40s`.
pub fn typed_duration(time: Duration) -> String {
    let words = humantime::format_duration(time).to_string();
    words.replace(' ', "")
}

/// Returns a number of things.
pub fn plural(count: u64, noun: &str) -> String {
    format!("{} {}", grouped(count), self::noun(count, noun))
}

/// Returns a noun as it stands behind this number.
pub(super) fn noun(count: u64, noun: &str) -> String {
    let ending = match count {
        1 => "",
        _ if noun.ends_with("ch") => "es",
        _ => "s",
    };
    format!("{noun}{ending}")
}

/// Returns the verb that stands behind a number of things.
pub fn were(count: u64) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

/// Returns a number, grouped, with one digit behind the point unless that is a zero.
pub fn decimal(number: f64) -> String {
    let tenths = (number * 10.0).round();
    let is_whole = tenths % 10.0 == 0.0;
    HumanFloatCount(if is_whole {
        number.round()
    } else {
        tenths / 10.0
    })
    .to_string()
}

/// Returns a number to three digits, or to all that it has before the point.
pub fn short(number: f64) -> String {
    match three_digits(number) {
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => decimal(number.round()),
    }
}

/// Returns a number rounded to three digits. A format must be chosen after rounding, or 9.996 would
/// be printed with four.
fn three_digits(number: f64) -> f64 {
    format!("{number:.2e}").parse().unwrap_or(number)
}

/// Returns a whole number, of which these are the digits: grouped, or as `1.38e11` if it has more
/// than `most` digits, which are fewer than 20.
pub fn abbreviated(digits: &str, most: usize) -> String {
    if digits.len() <= most {
        return digits.parse().map_or_else(|_| digits.into(), grouped);
    }
    // The first four digits round to three; 9995 carries into a further one.
    let leading: u32 = digits.get(..4).and_then(|d| d.parse().ok()).unwrap_or(0);
    let rounded = (leading + 5) / 10;
    let (mantissa, exponent) = match rounded {
        1000 => (100, digits.len()),
        _ => (rounded, digits.len() - 1),
    };
    format!("{}.{:02}e{exponent}", mantissa / 100, mantissa % 100)
}

/// Returns the two ends of an interval of shares, if they are known.
pub(super) fn known_interval(ends: Option<[f64; 2]>) -> String {
    ends.map_or_else(String::new, |[low, high]| interval(low, high))
}

/// Returns a share in percent, or as `1 in 23k` if it is too small for that.
pub(super) fn fine_share(share: f64) -> String {
    if share <= 0.0 || share >= 1e-4 {
        return percent(share);
    }
    format!("1 in {}", magnitude(1.0 / share))
}

/// Returns a large number to two digits, with the suffixes that numbers are typed with, or as
/// `4.1e15` if no suffix is large enough.
fn magnitude(number: f64) -> String {
    // Rounded first: 999,600 is 1.0M and not 1000k.
    let rounded = format!("{number:.1e}");
    let (digits, exponent) = rounded.split_once('e').unwrap_or((&rounded, "0"));
    let exponent: usize = exponent.parse().unwrap_or(0);
    let Some(suffix) = ["", "k", "M", "G"].get(exponent / 3) else {
        return rounded;
    };
    match exponent % 3 {
        0 => format!("{digits}{suffix}"),
        places => digits.replace('.', "") + &"0".repeat(places - 1) + suffix,
    }
}

/// Returns an amount of memory.
pub(super) fn bytes(bytes: u64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB"];
    let mut amount = bytes as f64;
    let mut unit = 0;
    while amount >= 1024.0 && unit + 1 < units.len() {
        amount /= 1024.0;
        unit += 1;
    }
    let digits = usize::from(unit > 0 && amount < 10.0);
    format!("{amount:.digits$} {}", units[unit])
}

/// Returns a share in percent, never rounded to 0 or 100 unless it is exactly that.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.01 {
        return "under 0.01%".into();
    } else if percent > 99.99 && percent < 100.0 {
        return "over 99.99%".into();
    }
    let digits = if (1.0..=99.0).contains(&percent) {
        1
    } else {
        2
    };
    let text = format!("{percent:.digits$}");
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Returns a share in percent, in at most eight columns.
pub fn short_percent(share: f64) -> String {
    match share * 100.0 {
        tiny if tiny > 0.0 && tiny < 0.01 => "<0.01%".into(),
        all_but if all_but > 99.99 && all_but < 100.0 => ">99.99%".into(),
        _ => percent(share),
    }
}

/// Returns an interval of shares, with enough digits to tell its ends apart.
pub fn interval(low: f64, high: f64) -> String {
    let ends = |digits: usize| [low, high].map(|end| format!("{:.digits$}", end * 100.0));
    let usual = [percent(low), percent(high)];
    if usual[0] != usual[1] {
        return usual.join(" to ");
    }
    let mut precise = (1..5).map(ends);
    let [low, high] = precise.find(|[l, h]| l != h).unwrap_or(ends(5));
    format!("{low}% to {high}%")
}

/// Returns a duration to three digits, in the unit that suits it.
pub fn duration(nanoseconds: f64) -> String {
    let units = [(1.0, "ns"), (1e3, "µs"), (1e6, "ms"), (1e9, "s")];
    let fits = |(scale, _): &&(f64, _)| three_digits(nanoseconds) >= *scale;
    let (scale, unit) = units.iter().rfind(fits).unwrap_or(&units[0]);
    format!("{} {unit}", short(nanoseconds / scale))
}

/// Returns a duration read from a clock: in whole nanoseconds below a microsecond.
pub fn nanoseconds(nanoseconds: u64) -> String {
    match nanoseconds {
        ..1000 => format!("{nanoseconds} ns"),
        _ => duration(nanoseconds as f64),
    }
}

/// Returns a share that is known to about a percent.
pub(super) fn roughly(share: f64) -> String {
    match share * 100.0 {
        tiny if tiny > 0.0 && tiny < 1.0 => "under 1%".into(),
        percent => format!("{percent:.0}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_never_rounded_to_certainty() {
        for (share, text) in [
            (0.0, "0%"),
            (1.0, "100%"),
            (0.346, "34.6%"),
            (0.5, "50%"),
            (0.000_01, "under 0.01%"),
            (0.999_999, "over 99.99%"),
            (0.999_5, "99.95%"),
            (0.003, "0.3%"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn a_narrow_interval_shows_its_width() {
        assert_eq!(interval(0.722, 1.0), "72.2% to 100%");
        assert_eq!(interval(0.022_68, 0.023_27), "2.27% to 2.33%");
        assert_eq!(interval(0.5, 0.5), "50.00000% to 50.00000%");
    }

    #[test]
    fn durations_take_the_unit_that_suits() {
        for (nanoseconds, text) in [
            (0.9, "0.90 ns"),
            (1.1, "1.10 ns"),
            (12_345.0, "12.3 µs"),
            (999_000.0, "999 µs"),
            (1_500_000_000.0, "1.50 s"),
            (3_600e9, "3,600 s"),
            (0.0, "0.00 ns"),
            // Rounding may lead to the next unit, or to a digit more before the point.
            (9.996, "10.0 ns"),
            (99.96, "100 ns"),
            (999.6, "1.00 µs"),
            (999_600.0, "1.00 ms"),
            (9_994_000.0, "9.99 ms"),
        ] {
            assert_eq!(duration(nanoseconds), text);
        }
    }

    #[test]
    fn huge_numbers_are_abbreviated_and_small_shares_are_not_lost() {
        for (digits, text) in [
            ("8", "8"),
            ("184756", "184,756"),
            ("137846528820", "137,846,528,820"),
            ("1378465288200", "1.38e12"),
            ("9994999999999", "9.99e12"),
            ("9995000000000", "1.00e13"),
        ] {
            assert_eq!(abbreviated(digits, 12), text);
        }
        for (share, text) in [
            (0.0, "0%"),
            (0.000_1, "0.01%"),
            (0.000_099_93, "1 in 10k"),
            (0.000_043_3, "1 in 23k"),
            (0.000_004_3, "1 in 230k"),
            (0.000_001_000_4, "1 in 1.0M"),
            (0.000_000_000_6, "1 in 1.7G"),
            (1e-11, "1 in 100G"),
            (2.44e-16, "1 in 4.1e15"),
            (0.5, "50%"),
            (1.0, "100%"),
        ] {
            assert_eq!(fine_share(share), text);
        }
        for (amount, text) in [
            (0, "0 bytes"),
            (1_536, "1.5 KiB"),
            (31_433, "31 KiB"),
            (2 << 30, "2.0 GiB"),
            (1 << 50, "1048576 GiB"),
        ] {
            assert_eq!(bytes(amount), text);
        }
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!(plural(0, "run"), "0 runs");
        assert_eq!(plural(1, "run"), "1 run");
        assert_eq!(plural(12_345_678, "run"), "12,345,678 runs");
        assert_eq!(plural(1, "switch"), "1 switch");
        assert_eq!(plural(2, "switch"), "2 switches");
    }

    #[test]
    fn a_number_has_a_digit_behind_the_point_unless_it_is_a_zero() {
        assert_eq!(decimal(1234.56), "1,234.6");
        assert_eq!(decimal(1234.0), "1,234");
    }
}
