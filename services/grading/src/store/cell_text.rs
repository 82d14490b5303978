//! A cell as texts: the columns `marks` and `attendance`.
//!
//! What is empty, ordinary or equal to its neighbour is left out.

use sea_orm::DbErr;
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zhurnal_proto::id::PersonId;

use super::{corrupt, instant, micros};
use crate::domain::{
    attendance::Attendance,
    cell::{Cell, Slot, Stamp, Taken},
    control_kind::ControlKind,
    mark::MarkValue,
};

#[derive(Serialize, Deserialize)]
struct PartText {
    #[serde(default, skip_serializing_if = "is_default")]
    slot: u8,
    /// Empty: cleared.
    value: String,
    #[serde(default, skip_serializing_if = "is_default")]
    kind: i16,
    #[serde(default, skip_serializing_if = "is_default")]
    comment: String,
    revision: i64,
    set_us: i64,
    set_by: Uuid,
    /// Left out: the same as `set_us`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_us: Option<i64>,
    #[serde(default, skip_serializing_if = "is_default")]
    late: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    before: String,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl PartText {
    fn new(slot: u8, value: String, kind: i16, comment: &str, stamp: &Stamp) -> PartText {
        PartText {
            slot,
            value,
            kind,
            comment: comment.to_owned(),
            revision: stamp.revision,
            set_us: micros(stamp.set_at),
            set_by: stamp.set_by.uuid(),
            first_us: (stamp.first_at != stamp.set_at).then(|| micros(stamp.first_at)),
            late: stamp.late,
            before: stamp.before.clone(),
        }
    }

    fn stamp(&self) -> Stamp {
        Stamp {
            revision: self.revision,
            set_at: instant(self.set_us),
            set_by: PersonId::from_uuid(self.set_by),
            first_at: instant(self.first_us.unwrap_or(self.set_us)),
            late: self.late,
            before: self.before.clone(),
        }
    }

    fn into_slot(self) -> Option<Slot> {
        let value = match self.value.as_str() {
            "" => None,
            text => Some(MarkValue::stored(text).ok()?),
        };
        let kind = ControlKind::from_number(i32::from(self.kind))?;
        let stamp = self.stamp();
        Some(Slot {
            slot: self.slot,
            value,
            kind,
            comment: self.comment,
            stamp,
        })
    }

    fn into_taken(self) -> Option<Taken> {
        let attendance = match self.value.as_str() {
            "" => None,
            text => Some(Attendance::stored(text).ok()?),
        };
        let stamp = self.stamp();
        Some(Taken {
            attendance,
            comment: self.comment,
            stamp,
        })
    }
}

/// The columns `marks` and `attendance` of a cell.
pub fn write(cell: &Cell) -> Result<(String, String), DbErr> {
    let slots = cell.slots.iter().map(|slot| {
        let value = slot
            .value
            .map(|value| value.to_string())
            .unwrap_or_default();
        PartText::new(
            slot.slot,
            value,
            slot.kind.number(),
            &slot.comment,
            &slot.stamp,
        )
    });
    let taken = cell.taken.as_ref().map(|taken| {
        let value = taken
            .attendance
            .map(|attendance| attendance.to_string())
            .unwrap_or_default();
        PartText::new(0, value, 0, &taken.comment, &taken.stamp)
    });
    let json = |error: serde_json::Error| DbErr::Custom(error.to_string());
    let marks = serde_json::to_string(&slots.collect::<Vec<_>>()).map_err(json)?;
    let attendance = taken
        .map(|taken| serde_json::to_string(&taken))
        .transpose()
        .map_err(json)?;
    Ok((marks, attendance.unwrap_or_default()))
}

/// Back from the columns. `key` names the row in the error of a corrupt one.
pub fn read(
    revision: i64,
    marks: &str,
    attendance: &str,
    key: impl Fn() -> String,
) -> Result<Cell, DbErr> {
    let wrong = |what: &str| corrupt("cell", key(), what);
    let parts: Vec<PartText> = serde_json::from_str(marks).map_err(|_| wrong("marks"))?;
    let slots: Option<Vec<Slot>> = parts.into_iter().map(PartText::into_slot).collect();
    let taken = match attendance {
        "" => None,
        text => {
            let part: PartText = serde_json::from_str(text).map_err(|_| wrong("attendance"))?;
            Some(part.into_taken().ok_or_else(|| wrong("attendance"))?)
        }
    };
    Ok(Cell {
        revision,
        slots: slots.ok_or_else(|| wrong("marks"))?,
        taken,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{attendance::tests::any_attendance, mark::tests::any_value};

    prop_compose! {
        fn any_stamp()(revision in 1i64..1_000, set in 0i64..i64::from(i32::MAX), earlier in prop::option::of(0i64..1_000), by in any::<u128>(), late: bool, before in "[2-5]?") -> Stamp {
            Stamp {
                revision,
                set_at: instant(set),
                set_by: PersonId::from_uuid(Uuid::from_u128(by)),
                first_at: instant(set - earlier.unwrap_or(0)),
                late,
                before,
            }
        }
    }

    prop_compose! {
        fn any_slot()(value in prop::option::of(any_value()), kind in 0i32..8, comment in ".{0,20}", stamp in any_stamp()) -> Slot {
            Slot { slot: 1, value, kind: ControlKind::from_number(kind).unwrap(), comment, stamp }
        }
    }

    prop_compose! {
        fn any_taken()(attendance in prop::option::of(any_attendance()), comment in ".{0,20}", stamp in any_stamp()) -> Taken {
            Taken { attendance, comment, stamp }
        }
    }

    proptest! {
        #[test]
        fn a_cell_is_read_back_from_its_texts(slots in prop::collection::vec(any_slot(), 0..4), taken in prop::option::of(any_taken())) {
            let slots = slots.into_iter().zip(1u8..).map(|(slot, number)| Slot { slot: number, ..slot }).collect();
            let cell = Cell { revision: 5, slots, taken };
            let (marks, attendance) = write(&cell).unwrap();
            prop_assert_eq!(read(5, &marks, &attendance, String::new).unwrap(), cell);
        }
    }

    #[test]
    fn a_corrupt_row_is_named() {
        for (marks, attendance) in [
            ("", ""),
            ("{}", ""),
            ("[{}]", ""),
            ("[]", "[]"),
            ("[]", "{\"value\":\"н\"}"),
        ] {
            let error = read(1, marks, attendance, || "les_1/per_1".to_owned()).unwrap_err();
            assert!(error.to_string().contains("les_1/per_1"), "{error}");
        }
        let nine = r#"[{"slot":1,"value":"9","revision":1,"set_us":1,"set_by":"00000000-0000-0000-0000-000000000001"}]"#;
        assert!(read(1, nine, "", String::new).is_err());
    }
}
