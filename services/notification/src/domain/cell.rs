//! What a family is told of a cell: its marks by slot and whether the pupil was away.

use std::collections::BTreeMap;

/// As far as a notice may say: the reason of an absence is restricted data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// н, б or у.
    Away,
    /// оп.
    Late,
}

/// A cell as its family knows it or will know it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// Values by slot.
    pub marks: BTreeMap<u32, String>,
    /// Absence.
    pub absence: Option<Absence>,
}

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A mark with this value.
    Mark(String),
    /// An absence.
    Absence(Absence),
}

impl Known {
    /// Takes what the cell says now and gives what of it is news, in the order of the
    /// slots. What was told and is gone stays known: set again, it is no news.
    pub fn learn(&mut self, now: Known) -> Vec<News> {
        let mut news = Vec::new();
        for (slot, value) in now.marks {
            if self.marks.get(&slot) != Some(&value) {
                news.push(News::Mark(value.clone()));
                self.marks.insert(slot, value);
            }
        }
        if let Some(absence) = now.absence
            && self.absence != now.absence
        {
            news.push(News::Absence(absence));
            self.absence = now.absence;
        }
        news
    }

    /// The marks as stored: `1=5;2=4/5`.
    pub fn marks_text(&self) -> String {
        let marks: Vec<String> = self.marks.iter().map(|(s, v)| format!("{s}={v}")).collect();
        marks.join(";")
    }

    /// The absence as stored: 0 none, 1 away, 2 late.
    pub fn absence_number(&self) -> i16 {
        match self.absence {
            None => 0,
            Some(Absence::Away) => 1,
            Some(Absence::Late) => 2,
        }
    }

    /// Back from what was stored.
    pub fn stored(marks: &str, absence: i16) -> Self {
        let mark = |text: &str| {
            let (slot, value) = text.split_once('=')?;
            Some((slot.parse().ok()?, value.to_owned()))
        };
        Self {
            marks: marks.split(';').filter_map(mark).collect(),
            absence: match absence {
                1 => Some(Absence::Away),
                2 => Some(Absence::Late),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(marks: &[(u32, &str)], absence: Option<Absence>) -> Known {
        Known {
            marks: marks.iter().map(|(s, v)| (*s, (*v).to_owned())).collect(),
            absence,
        }
    }

    #[test]
    fn what_is_stored_comes_back() {
        for state in [
            known(&[], None),
            known(&[(1, "5")], Some(Absence::Late)),
            known(&[(1, "4/5"), (3, "зач")], Some(Absence::Away)),
        ] {
            let back = Known::stored(&state.marks_text(), state.absence_number());
            assert_eq!(back, state);
        }
    }

    #[test]
    fn only_what_differs_is_news_and_what_is_gone_stays_known() {
        let mut told = Known::default();
        let both = known(&[(1, "5"), (2, "3")], Some(Absence::Away));
        assert_eq!(
            told.learn(both.clone()),
            [
                News::Mark("5".into()),
                News::Mark("3".into()),
                News::Absence(Absence::Away)
            ]
        );
        assert_eq!(told.learn(known(&[(1, "5")], None)), []);
        assert_eq!(told.learn(both), [], "set again");
        assert_eq!(
            told.learn(known(&[(2, "4")], Some(Absence::Late))),
            [News::Mark("4".into()), News::Absence(Absence::Late)]
        );
    }
}
