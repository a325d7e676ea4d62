//! Comparisons, and for how many rounds they come out the same way.

use crate::model::language::operation::Relation;

/// Where a number comes from, up to a constant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// It is a constant.
    Constant,
    /// A register at the beginning of the round.
    Register(usize),
    /// A variable at the beginning of the round.
    Variable(usize),
    /// It may be anything.
    Unknown,
}

/// A comparison in a round: each side's origin and value, and how they were compared.
pub(crate) struct Condition {
    pub(crate) sides: [(Origin, u64); 2],
    pub(crate) relation: Relation,
}

impl Condition {
    /// Returns in how many rounds, this one included, the comparison comes out as in this one, and
    /// neither side wraps round; `None` if a side's change is unknown.
    pub(crate) fn lasts(&self, step_of: impl Fn(Origin) -> Option<u64>) -> Option<u64> {
        let mut rounds = u64::MAX;
        let mut sides = [(0_i128, 0_i128); 2];
        for (side, &(origin, value)) in sides.iter_mut().zip(&self.sides) {
            let step = step_of(origin)?.cast_signed();
            let value = value.cast_signed();
            let limit = if step < 0 { i64::MIN } else { i64::MAX };
            let room = value.abs_diff(limit);
            if let Some(fitting) = room.checked_div(step.unsigned_abs()) {
                rounds = rounds.min(fitting.saturating_add(1));
            }
            *side = (i128::from(value), i128::from(step));
        }
        let [(left, by_left), (right, by_right)] = sides;
        // A relation that changes at 0, or just above.
        let above = matches!(self.relation, Relation::Greater | Relation::AtMost);
        let (difference, step) = (left - right - i128::from(above), by_left - by_right);
        if step == 0 {
            return Some(rounds);
        }
        let is_less = !matches!(self.relation, Relation::Equal | Relation::NotEqual);
        let until = if !is_less && difference == 0 {
            1
        } else if !is_less {
            // Until the difference is exactly 0, if it ever is.
            let is_hit = difference % step == 0 && (difference < 0) != (step < 0);
            if is_hit {
                -difference / step
            } else {
                i128::MAX
            }
        } else if difference < 0 && step > 0 {
            (-difference + step - 1) / step
        } else if difference >= 0 && step < 0 {
            difference / -step + 1
        } else {
            i128::MAX
        };
        Some(rounds.min(u64::try_from(until).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lasts(left: (u64, u64), relation: Relation, right: (u64, u64)) -> u64 {
        let condition = Condition {
            sides: [
                (Origin::Register(0), left.0),
                (Origin::Register(1), right.0),
            ],
            relation,
        };
        let steps = [left.1, right.1];
        let step_of = |origin| match origin {
            Origin::Register(index) => Some(steps[index]),
            _ => None,
        };
        condition.lasts(step_of).unwrap()
    }

    #[test]
    fn comparisons_last_as_long_as_counting_says() {
        let relations = [
            Relation::Equal,
            Relation::NotEqual,
            Relation::Less,
            Relation::AtLeast,
            Relation::Greater,
            Relation::AtMost,
        ];
        let steps = [-3_i64, -2, -1, 0, 1, 2, 5].map(i64::cast_unsigned);
        for relation in relations {
            for (left, right) in (40..60).flat_map(|a| (40..60).map(move |b| (a, b))) {
                for (by_left, by_right) in steps.iter().flat_map(|a| steps.map(|b| (*a, b))) {
                    let foreseen = lasts((left, by_left), relation, (right, by_right));
                    let at = |round: u64| {
                        let value =
                            |start: u64, by: u64| start.wrapping_add(by.wrapping_mul(round));
                        relation.holds(value(left, by_left), value(right, by_right))
                    };
                    // Small numbers wrap below 0 first, after 13 rounds at least.
                    let same = (0..13).take_while(|&round| at(round) == at(0)).count() as u64;
                    assert_eq!(foreseen.min(13), same, "{left} {relation} {right}");
                }
            }
        }
    }
}
