//! Performance figures by the published formulas of Сетевой Город:
//! % успеваемости = (отл + хор + уд)·100 / N, % качества = (отл + хор)·100 / N,
//! СОУ = (5·100 + 4·64 + 3·36 + 2·16 + н/а·7, each times its count) / N,
//! N = pupils − exempt − without a mark; not attested (н/а) stay in N (R148).
//!
//! Invariant: figures are exact fractions, rounded only when shown.

use std::fmt;
use std::ops::AddAssign;

use num_rational::Ratio;

/// How many results of each kind there are. A «1» counts as a «2»: the formulas
/// know no lower one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// «5».
    pub fives: u32,
    /// «4».
    pub fours: u32,
    /// «3».
    pub threes: u32,
    /// «2» and below.
    pub twos: u32,
    /// «н/а».
    pub not_attested: u32,
}

impl Outcomes {
    /// Counts one result.
    pub fn count(&mut self, mark: u8) {
        match mark {
            5.. => self.fives += 1,
            4 => self.fours += 1,
            3 => self.threes += 1,
            ..=2 => self.twos += 1,
        }
    }

    /// N of the formulas.
    pub fn counted(self) -> u32 {
        self.fives + self.fours + self.threes + self.twos + self.not_attested
    }

    /// % успеваемости; `None` when there is nothing to count.
    pub fn success(self) -> Option<Percent> {
        Percent::of(
            100 * (self.fives + self.fours + self.threes),
            self.counted(),
        )
    }

    /// % качества.
    pub fn quality(self) -> Option<Percent> {
        Percent::of(100 * (self.fives + self.fours), self.counted())
    }

    /// СОУ, степень обученности учащихся, %.
    pub fn degree(self) -> Option<Percent> {
        let weighted = 100 * self.fives
            + 64 * self.fours
            + 36 * self.threes
            + 16 * self.twos
            + 7 * self.not_attested;
        Percent::of(weighted, self.counted())
    }
}

impl AddAssign for Outcomes {
    fn add_assign(&mut self, other: Self) {
        self.fives += other.fives;
        self.fours += other.fours;
        self.threes += other.threes;
        self.twos += other.twos;
        self.not_attested += other.not_attested;
    }
}

/// An exact percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent(Ratio<u64>);

impl Percent {
    fn of(hundredfold: u32, count: u32) -> Option<Self> {
        (count > 0).then(|| Self(Ratio::new(hundredfold.into(), count.into())))
    }

    /// Tenths of a percent, half up: what is printed.
    pub fn tenths(self) -> u64 {
        (self.0 * 10 + Ratio::new(1, 2)).to_integer()
    }
}

impl fmt::Display for Percent {
    /// One decimal and a comma: `71,4`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.tenths();
        write!(f, "{},{}", tenths / 10, tenths % 10)
    }
}

/// How pupils stand by their worst result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Only «5».
    pub excellent: u32,
    /// «4» and «5».
    pub good: u32,
    /// At least one «3», no «2».
    pub passing: u32,
    /// At least one «2».
    pub failing: u32,
    /// No result yet.
    pub without: u32,
}

impl Standing {
    /// Counts a pupil by the worst of the results.
    pub fn count(&mut self, worst: Option<u8>) {
        match worst {
            None => self.without += 1,
            Some(5..) => self.excellent += 1,
            Some(4) => self.good += 1,
            Some(3) => self.passing += 1,
            Some(..=2) => self.failing += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the published help page, counted by hand.
    fn outcomes() -> Outcomes {
        Outcomes {
            fives: 5,
            fours: 10,
            threes: 8,
            twos: 1,
            not_attested: 1,
        }
    }

    #[test]
    fn the_formulas_give_what_a_calculator_gives() {
        assert_eq!(outcomes().success().unwrap().to_string(), "92,0");
        assert_eq!(outcomes().quality().unwrap().to_string(), "60,0");
        // (500 + 640 + 288 + 16 + 7) / 25 = 58,04
        assert_eq!(outcomes().degree().unwrap().to_string(), "58,0");
    }

    #[test]
    fn a_percentage_is_rounded_half_up() {
        let third = Outcomes {
            fives: 1,
            twos: 2,
            ..Default::default()
        };
        assert_eq!(third.quality().unwrap().to_string(), "33,3");
        let eighth = Outcomes {
            fives: 1,
            twos: 15,
            ..Default::default()
        };
        assert_eq!(eighth.quality().unwrap().to_string(), "6,3", "6,25 goes up");
    }

    #[test]
    fn not_attested_stay_in_the_count_and_nobody_gives_no_figure() {
        let two = Outcomes {
            fives: 1,
            not_attested: 1,
            ..Default::default()
        };
        assert_eq!(two.success().unwrap().to_string(), "50,0");
        assert_eq!(Outcomes::default().success(), None);
    }

    #[test]
    fn a_one_counts_as_a_two() {
        let mut outcomes = Outcomes::default();
        (1..=5).for_each(|mark| outcomes.count(mark));
        assert_eq!(
            outcomes,
            Outcomes {
                fives: 1,
                fours: 1,
                threes: 1,
                twos: 2,
                not_attested: 0
            }
        );
    }

    #[test]
    fn a_pupil_stands_by_the_worst_result() {
        let mut standing = Standing::default();
        for worst in [Some(5), Some(4), Some(3), Some(2), Some(1), None] {
            standing.count(worst);
        }
        assert_eq!(
            standing,
            Standing {
                excellent: 1,
                good: 1,
                passing: 1,
                failing: 2,
                without: 1
            }
        );
    }
}
