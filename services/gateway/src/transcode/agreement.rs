//! The transcoder agrees with prost-reflect, message by message of the contract:
//! on what is written, on what is read, and on what is refused.

use proptest::prelude::*;
use prost_reflect::prost_types::Timestamp;
use prost_reflect::{
    DeserializeOptions, DynamicMessage, FieldDescriptor, Kind, MapKey, MessageDescriptor, Value,
};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value as Json, json};

use super::from_json;
use super::layout::{Layout, Layouts};
use super::route::Routes;
use super::to_json::Encoded;

const TEXTS: [&str; 7] = [
    "",
    "а",
    "Ёжиков \"О.\"\n\\ /",
    "\u{0}\u{7f}\u{2028}",
    "😀 5 «а»",
    "per_1",
    "3",
];
const NUMBERS: [i64; 8] = [
    0,
    1,
    -1,
    127,
    128,
    i32::MAX as i64,
    i32::MIN as i64,
    u32::MAX as i64,
];

/// Every message that travels as JSON.
fn messages() -> Vec<(MessageDescriptor, Layout)> {
    let routes = Routes::from_pool(zhurnal_proto::descriptor_pool()).unwrap();
    routes
        .iter()
        .flat_map(|r| [r.input.clone(), r.output.clone()])
        .filter_map(|m| routes.layout(m.full_name()).map(|layout| (m, layout)))
        .collect()
}

fn any_message(of: &MessageDescriptor, random: &mut StdRng, depth: u8) -> DynamicMessage {
    let mut message = DynamicMessage::new(of.clone());
    for field in of.fields() {
        if random.random_ratio(1, 3) {
            continue;
        }
        if field.is_map() {
            let entries = (0..random.random_range(0..3))
                .map(|n| (MapKey::String(format!("k{n}")), any_text(random)))
                .collect();
            message.set_field(&field, Value::Map(entries));
        } else if field.is_list() {
            let values = (0..random.random_range(0..4))
                .filter_map(|_| any_value(&field, random, depth))
                .collect();
            message.set_field(&field, Value::List(values));
        } else if let Some(value) = any_value(&field, random, depth) {
            message.set_field(&field, value);
        }
    }
    // As it comes from a service: defaults are not on the wire.
    DynamicMessage::decode(of.clone(), encoded(&message).as_slice()).unwrap()
}

fn any_value(field: &FieldDescriptor, random: &mut StdRng, depth: u8) -> Option<Value> {
    let number = *NUMBERS.choose(random).unwrap();
    Some(match field.kind() {
        Kind::Bool => Value::Bool(random.random()),
        Kind::Int32 => Value::I32(number as i32),
        Kind::Uint32 => Value::U32(number as u32),
        Kind::Int64 => Value::I64(if random.random_ratio(1, 4) {
            random.random()
        } else {
            number
        }),
        Kind::String => any_text(random),
        Kind::Bytes => Value::Bytes(random.random::<[u8; 7]>().to_vec().into()),
        Kind::Enum(values) => {
            let known: Vec<i32> = values.values().map(|v| v.number()).chain([77]).collect();
            Value::EnumNumber(*known.choose(random).unwrap())
        }
        Kind::Message(inner) if inner.full_name() == "google.protobuf.Timestamp" => {
            let at = Timestamp {
                seconds: random.random_range(-62_135_596_800..253_402_300_800),
                nanos: *[0, 5_000_000, 123_456_000, 1].choose(random).unwrap(),
            };
            let mut value = DynamicMessage::new(inner);
            value.transcode_from(&at).unwrap();
            Value::Message(value)
        }
        Kind::Message(_) if depth == 0 => return None,
        Kind::Message(inner) => Value::Message(any_message(&inner, random, depth - 1)),
        other => panic!("{other:?}"),
    })
}

fn any_text(random: &mut StdRng) -> Value {
    Value::String((*TEXTS.choose(random).unwrap()).to_owned())
}

fn encoded(message: &DynamicMessage) -> Vec<u8> {
    prost::Message::encode_to_vec(message)
}

/// Puts something else into one place of a document.
fn damage(document: &mut Json, random: &mut StdRng) {
    let inner: Vec<&mut Json> = match document {
        Json::Array(items) if !items.is_empty() => items.iter_mut().collect(),
        Json::Object(members) if !members.is_empty() => members.values_mut().collect(),
        _ => Vec::new(),
    };
    if !inner.is_empty() && random.random_ratio(5, 6) {
        let at = random.random_range(0..inner.len());
        if let Some(inner) = inner.into_iter().nth(at) {
            return damage(inner, random);
        }
    }
    let other = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(4_294_967_296_i64),
        json!(2.0),
        json!(2.5),
        json!("7"),
        json!("-400"),
        json!("x"),
        json!("QUJD"),
        json!("2026-09-01T08:00:00+03:00"),
        json!("2026-02-30T08:00:00Z"),
        json!([]),
        json!({}),
        json!({"nonesuch": 1}),
        json!([1, "a"]),
    ];
    *document = other.choose(random).unwrap().clone();
}

fn reference(of: &MessageDescriptor, json: &str) -> Result<DynamicMessage, serde_json::Error> {
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let mut text = serde_json::Deserializer::from_str(json);
    DynamicMessage::deserialize_with_options(of.clone(), &mut text, &options)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_it_writes_and_reads_is_what_prost_reflect_does(seed: u64) {
        let mut random = StdRng::seed_from_u64(seed);
        for (of, layout) in messages() {
            let message = any_message(&of, &mut random, 3);
            let bytes = encoded(&message);
            let written: Json =
                serde_json::to_value(Encoded::new(&layout, &bytes)).unwrap();
            let expected = serde_json::to_value(&message).unwrap();
            prop_assert_eq!(&written, &expected, "{}", of.full_name());

            let read = from_json::read(&layout, expected.to_string().as_bytes());
            let read = read.map_err(|e| TestCaseError::fail(format!("{of:?}: {e:?}")))?;
            let read = DynamicMessage::decode(of.clone(), read.as_slice()).unwrap();
            prop_assert_eq!(&read, &message, "{}", of.full_name());
        }
    }

    #[test]
    fn what_it_refuses_is_what_prost_reflect_refuses(seed: u64) {
        let mut random = StdRng::seed_from_u64(seed);
        for (of, layout) in messages() {
            let mut json = serde_json::to_value(any_message(&of, &mut random, 3)).unwrap();
            damage(&mut json, &mut random);
            let text = json.to_string();
            match (from_json::read(&layout, text.as_bytes()), reference(&of, &text)) {
                (Ok(read), Ok(expected)) => {
                    let read = DynamicMessage::decode(of.clone(), read.as_slice()).unwrap();
                    let (read, expected) = (json!(read), json!(expected));
                    prop_assert_eq!(read, expected, "{} {}", of.full_name(), text);
                }
                (Err(_), Err(_)) => {}
                (ours, theirs) => {
                    let message = format!("{} {text}: {ours:?} but {theirs:?}", of.full_name());
                    return Err(TestCaseError::fail(message));
                }
            }
        }
    }

    #[test]
    fn bytes_that_are_no_message_are_an_error_and_never_a_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..80)
    ) {
        for (of, layout) in messages() {
            let ours = serde_json::to_value(Encoded::new(&layout, &bytes));
            if let Ok(theirs) = DynamicMessage::decode(of.clone(), bytes.as_slice())
                && let Ok(theirs) = serde_json::to_value(&theirs)
            {
                prop_assert_eq!(ours.unwrap(), theirs, "{}", of.full_name());
            }
        }
    }
}

fn violation(json: &str) -> (String, String) {
    let name = "zhurnal.grading.v1.RecordMarksRequest";
    let of = zhurnal_proto::descriptor_pool()
        .get_message_by_name(name)
        .unwrap();
    let layout = Layouts::of([of]).unwrap().get(name).unwrap();
    let refused = from_json::read(&layout, json.as_bytes()).unwrap_err();
    let violation = chassis::status::violations(&refused).remove(0);
    (violation.field, violation.reason)
}

#[test]
fn a_refusal_names_the_field_and_the_rule() {
    for (json, field, rule) in [
        (
            r#"{"operations":[{},{"slot":"x"}]}"#,
            "operations[1].slot",
            "INVALID_VALUE",
        ),
        (
            r#"{"operations":[{"slot":-1}]}"#,
            "operations[0].slot",
            "INVALID_VALUE",
        ),
        (
            r#"{"operations":[{"setMark":{"walue":"5"}}]}"#,
            "operations[0].setMark.walue",
            "UNKNOWN_FIELD",
        ),
        (
            r#"{"operations":[{"setMark":{},"clearMark":{}}]}"#,
            "operations[0].clearMark",
            "ONEOF_CONFLICT",
        ),
        (r#"{"operations":[null]}"#, "operations[0]", "INVALID_VALUE"),
        (r#"{"operations":{}}"#, "operations", "INVALID_VALUE"),
        (
            r#"{"schoolId":"a","schoolId":"b"}"#,
            "schoolId",
            "DUPLICATE_FIELD",
        ),
        (
            r#"{"schoolId":"a","school_id":"b"}"#,
            "schoolId",
            "DUPLICATE_FIELD",
        ),
        (
            r#"{"operations":[{"clientTime":"вчера"}]}"#,
            "operations[0].clientTime",
            "INVALID_VALUE",
        ),
        (r#"[]"#, "body", "INVALID_VALUE"),
        (r#"{"schoolId":"#, "body", "INVALID_JSON"),
        (r#"{} {}"#, "body", "INVALID_JSON"),
    ] {
        assert_eq!(
            violation(json),
            (field.to_owned(), rule.to_owned()),
            "{json}"
        );
    }
}
