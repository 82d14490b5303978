//! Wanted changes of cells ↔ messages.

use jiff::Timestamp;
use tonic::Status;
use zhurnal_proto::grading::v1 as pb;

use super::{attendance, control_kind, timestamp};
use crate::domain::{
    attendance::{Attendance, LONGEST_LATENESS},
    cell::MOST_SLOTS,
    control_kind::ControlKind,
    operation::{Change, Operation},
};

/// An instant of a request, to the microsecond; nonsense is none: it is evidence only.
fn client_time(at: Option<prost_types::Timestamp>) -> Option<Timestamp> {
    let at = at?;
    let instant = Timestamp::new(at.seconds, at.nanos).ok()?;
    Some(chassis::db::from_micros(chassis::db::micros(instant)))
}

/// A wanted change. `at` is the path of the operation, for violations.
pub fn operation(operation: pb::MarkOperation, at: &str) -> Result<Operation, Status> {
    let wrong = |field: &str, message: &str| {
        chassis::status::invalid_field(&format!("{at}{field}"), "INVALID", message)
    };
    let lesson = operation
        .lesson_id
        .parse()
        .map_err(|_| wrong("lesson_id", "Нужен урок"))?;
    let pupil = operation
        .pupil_id
        .parse()
        .map_err(|_| wrong("pupil_id", "Нужен ученик"))?;
    // Slot 0 is what a client says that knows of one mark only.
    let slot = u8::try_from(operation.slot.max(1))
        .ok()
        .filter(|slot| *slot <= MOST_SLOTS);
    let slot = slot.ok_or_else(|| wrong("slot", "В клетке не больше 8 отметок"))?;
    let kind = |number: i32| {
        ControlKind::from_number(number).ok_or_else(|| wrong("kind", "Неизвестный вид работы"))
    };
    let change = match operation.action {
        None => return Err(wrong("action", "Не сказано, что сделать")),
        Some(pb::mark_operation::Action::SetMark(set)) => Change::SetMark {
            slot,
            value: set.value,
            kind: kind(set.kind)?,
            comment: set.comment.trim().to_owned(),
        },
        Some(pb::mark_operation::Action::ClearMark(_)) => Change::ClearMark { slot },
        Some(pb::mark_operation::Action::ClearAttendance(_)) => Change::ClearAttendance,
        Some(pb::mark_operation::Action::SetAttendance(set)) => {
            let minutes = u16::try_from(set.late_minutes)
                .unwrap_or(LONGEST_LATENESS)
                .min(LONGEST_LATENESS);
            let attendance = match set.attendance() {
                pb::Attendance::Unspecified => {
                    return Err(wrong("attendance", "Неизвестная посещаемость"));
                }
                pb::Attendance::Absent => Attendance::Absent,
                pb::Attendance::Ill => Attendance::Ill,
                pb::Attendance::Excused => Attendance::Excused,
                pb::Attendance::Late => Attendance::Late { minutes },
            };
            Change::SetAttendance {
                attendance,
                comment: set.comment.trim().to_owned(),
            }
        }
    };
    let client_time = client_time(operation.client_time);
    Ok(Operation {
        lesson,
        pupil,
        change,
        base_revision: operation.base_revision,
        client_time,
    })
}

/// A wanted change as a message.
pub fn operation_message(operation: &Operation) -> pb::MarkOperation {
    use pb::mark_operation::Action;
    let action = match &operation.change {
        Change::SetMark {
            value,
            kind,
            comment,
            ..
        } => Action::SetMark(pb::SetMark {
            value: value.clone(),
            kind: control_kind(*kind),
            comment: comment.clone(),
        }),
        Change::ClearMark { .. } => Action::ClearMark(pb::ClearMark {}),
        Change::SetAttendance {
            attendance: set,
            comment,
        } => Action::SetAttendance(pb::SetAttendance {
            attendance: attendance(Some(*set)).into(),
            late_minutes: u32::from(set.late_minutes()),
            comment: comment.clone(),
        }),
        Change::ClearAttendance => Action::ClearAttendance(pb::ClearAttendance {}),
    };
    pb::MarkOperation {
        lesson_id: operation.lesson.to_string(),
        pupil_id: operation.pupil.to_string(),
        slot: u32::try_from(operation.change.part().number()).unwrap_or(0),
        action: Some(action),
        base_revision: operation.base_revision,
        client_time: operation.client_time.map(timestamp),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_keeps_its_microseconds() {
        let at: Timestamp = "2026-09-01T07:00:00.123456Z".parse().unwrap();
        assert_eq!(client_time(Some(timestamp(at))), Some(at));
        assert_eq!(
            client_time(Some(prost_types::Timestamp {
                seconds: i64::MAX,
                nanos: 0
            })),
            None
        );
    }
}
