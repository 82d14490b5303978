//! Which group of a year a group of the year before has become (R118). Roster names the groups
//! of the next year by this rule, `rollover::passing`; a group that was renamed has none.

use std::collections::HashMap;

use zhurnal_proto::id::GroupId;

/// A group of a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearGroup {
    /// Group.
    pub id: GroupId,
    /// Title.
    pub title: String,
    /// Title of its class; `None` when of several.
    pub class_title: Option<String>,
    /// Grade.
    pub grade: u8,
}

impl YearGroup {
    /// Title of the class and of the group a year later.
    fn next(&self) -> Option<(Option<String>, String)> {
        let Some(class) = &self.class_title else {
            return Some((None, self.title.clone()));
        };
        let letter = class.strip_prefix(&self.grade.to_string())?;
        let next = format!("{}{letter}", self.grade + 1);
        let title = match self.title.strip_prefix(class.as_str()) {
            Some(rest) => format!("{next}{rest}"),
            None => self.title.clone(),
        };
        Some((Some(next), title))
    }
}

/// The groups of a year that those of the year before have become.
pub fn successors(before: &[YearGroup], now: &[YearGroup]) -> HashMap<GroupId, GroupId> {
    let by_name: HashMap<(Option<&str>, &str), GroupId> = now
        .iter()
        .map(|group| {
            (
                (group.class_title.as_deref(), group.title.as_str()),
                group.id,
            )
        })
        .collect();
    let pair = |group: &YearGroup| {
        let (class, title) = group.next()?;
        let next = by_name.get(&(class.as_deref(), title.as_str()))?;
        Some((group.id, *next))
    };
    before.iter().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn group(id: u128, title: &str, class: Option<&str>, grade: u8) -> YearGroup {
        YearGroup {
            id: GroupId::from_uuid(Uuid::from_u128(id)),
            title: title.into(),
            class_title: class.map(str::to_owned),
            grade,
        }
    }

    #[test]
    fn a_group_goes_on_with_its_class_and_one_of_several_classes_by_its_title() {
        let before = [
            group(1, "5-А", Some("5-А"), 5),
            group(2, "5-А Английский гр.1", Some("5-А"), 5),
            group(3, "Шахматы", None, 5),
            group(4, "5-Б", Some("5-Б"), 5),
            group(5, "9-А", Some("9-А"), 9),
            group(6, "Лицейская группа", Some("5-А"), 5),
        ];
        let now = [
            group(11, "6-А", Some("6-А"), 6),
            group(12, "6-А Английский гр.1", Some("6-А"), 6),
            group(13, "Шахматы", None, 6),
            group(14, "5-Б", Some("5-Б"), 5),
            group(15, "10-А", Some("10-А"), 10),
            group(16, "Лицейская группа", Some("6-А"), 6),
        ];
        let found = successors(&before, &now);
        let of = |at: usize| found.get(&before[at].id).map(|id| id.uuid().as_u128());
        assert_eq!(
            [0, 1, 2, 3, 4, 5].map(of),
            [Some(11), Some(12), Some(13), None, Some(15), Some(16)]
        );
    }
}
